//! Faults in BODY and BODYSTRUCTURE.

use imap_grammar::{
    Body, BodyExtension, BodyLanguage, Disposition, ImapString, Location, Media, MessageAttribute,
    MultiPart, Response, SinglePart,
};

use super::{Change, Fault, fetch::items};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "body-says-more",
        requirement: "rfc3501/9-24",
        summary: "gives extension data in BODY, which has none",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::Body(body) = item {
                    extend(body);
                }
            }
        }),
    },
    Fault {
        name: "bodystructure-octets-one-more",
        requirement: "rfc3501/7.4.2-32",
        summary: "counts one octet too many of each part",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| part.fields.octets += 1);
        }),
    },
    Fault {
        name: "bodystructure-lines-one-less",
        requirement: "rfc3501/7.4.2-34",
        summary: "counts one line too few of each text part",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| {
                if let Media::Text { lines, .. } = &mut part.media {
                    *lines = lines.saturating_sub(1);
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-loses-parameters",
        requirement: "rfc3501/6.4.5-41",
        summary: "leaves the parameters of parts out",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| part.fields.parameters.clear());
        }),
    },
    Fault {
        name: "bodystructure-loses-last-part",
        requirement: "rfc3501/6.4.5-41",
        summary: "does not see the last part of a multipart",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::BodyStructure(Body::Multi(multi))
                | MessageAttribute::Body(Body::Multi(multi)) = item
                    && multi.parts.len() > 1
                {
                    multi.parts.pop();
                }
            }
        }),
    },
    Fault {
        name: "bodystructure-loses-description",
        requirement: "rfc3501/7.4.2-30",
        summary: "leaves the descriptions of parts out",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| part.fields.description = None);
        }),
    },
    Fault {
        name: "bodystructure-loses-id",
        requirement: "rfc3501/7.4.2-29",
        summary: "leaves the ids of parts out",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| part.fields.id = None);
        }),
    },
    Fault {
        name: "bodystructure-text-is-data",
        requirement: "rfc3501/7.4.2-13",
        summary: "takes text for application data",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| {
                if let Media::Text { subtype, .. } = &part.media {
                    part.media = Media::Basic {
                        media_type: string("APPLICATION"),
                        subtype: subtype.clone(),
                    };
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-message-is-data",
        requirement: "rfc3501/7.4.2-33",
        summary: "does not look into an enclosed message",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| {
                if let Media::Message { .. } = &part.media {
                    part.media = Media::Basic {
                        media_type: string("APPLICATION"),
                        subtype: string("OCTET-STREAM"),
                    };
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-parameters-in-upper-case",
        requirement: "rfc3501/7.4.2-26",
        summary: "changes the case of parameter values",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| {
                for (_, value) in &mut part.fields.parameters {
                    if let Some(upper) = ImapString::new(value.as_bytes().to_ascii_uppercase()) {
                        *value = upper;
                    }
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-subtype-is-mixed",
        requirement: "rfc3501/7.4.2-16",
        summary: "says MIXED of every multipart",
        change: Change::Edit(|_, response| {
            edit_multiparts(response, |multi| multi.subtype = string("MIXED"));
        }),
    },
    Fault {
        name: "bodystructure-flattens",
        requirement: "rfc3501/7.4.2-15",
        summary: "shows the parts of a nested multipart as those of the outer one",
        change: Change::Edit(|_, response| {
            edit_multiparts(response, |multi| {
                let parts = std::mem::take(&mut multi.parts).into_iter();
                multi.parts = parts
                    .flat_map(|part| match part {
                        Body::Multi(inner) => inner.parts,
                        single => vec![single],
                    })
                    .collect();
            });
        }),
    },
    Fault {
        name: "bodystructure-loses-boundary",
        requirement: "rfc3501/7.4.2-20",
        summary: "leaves the parameters of a multipart out",
        change: Change::Edit(|_, response| {
            edit_multiparts(response, |multi| {
                if let Some(extension) = &mut multi.extension {
                    extension.parameters.clear();
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-loses-md5",
        requirement: "rfc3501/7.4.2-38",
        summary: "leaves Content-MD5 out",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| {
                if let Some(extension) = &mut part.extension {
                    extension.md5 = None;
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-loses-disposition",
        requirement: "rfc3501/7.4.2-22",
        summary: "leaves dispositions out",
        change: Change::Edit(|_, response| {
            edit_dispositions(response, |tail| tail.disposition = None);
        }),
    },
    Fault {
        name: "bodystructure-loses-language",
        requirement: "rfc3501/7.4.2-23",
        summary: "leaves languages out",
        change: Change::Edit(|_, response| {
            edit_dispositions(response, |tail| {
                if let Some(language) = &mut tail.tail {
                    language.language = BodyLanguage::Single(None);
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-loses-location",
        requirement: "rfc3501/7.4.2-24",
        summary: "leaves locations out",
        change: Change::Edit(|_, response| {
            edit_dispositions(response, |tail| {
                if let Some(Location { location, .. }) =
                    tail.tail.as_mut().and_then(|language| language.tail.as_mut())
                {
                    *location = None;
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-without-quotes",
        requirement: "rfc3501/9-95",
        summary: "writes media types without quotes",
        change: Change::Octets(|_, octets| {
            let from = b"\"TEXT\" \"PLAIN\"";
            match octets.windows(from.len()).position(|at| at == from) {
                Some(at) => [&octets[..at], b"TEXT PLAIN", &octets[at + from.len()..]].concat(),
                None => octets,
            }
        }),
    },
    Fault {
        name: "bodystructure-empty-parameters",
        requirement: "rfc3501/9-36",
        summary: "writes () for parameters that there are none of",
        change: Change::Octets(|_, octets| {
            let at = octets
                .windows(9)
                .position(|at| at == b"\" NIL NIL")
                .filter(|_| octets.windows(6).any(|at| at == b"BODY (" || at == b"TURE ("));
            match at {
                Some(at) => [&octets[..at], b"\" () NIL", &octets[at + 9..]].concat(),
                None => octets,
            }
        }),
    },
    Fault {
        name: "bodystructure-says-more-than-defined",
        requirement: "rfc3501/7.4.2-25",
        summary: "goes on with the size after the location",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| {
                let size = part.fields.octets;
                let tail = part.extension.as_mut().and_then(|extension| extension.tail.as_mut());
                let language = tail.and_then(|disposition| disposition.tail.as_mut());
                if let Some(location) = language.and_then(|language| language.tail.as_mut()) {
                    location.extensions.push(BodyExtension::Number(size));
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-mixes-up-extension-data",
        requirement: "rfc3501/7.4.2-19",
        summary: "puts the location before the disposition, and MD5 last",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| {
                if let Some(extension) = &mut part.extension
                    && let Some(disposition) = &mut extension.tail
                    && let Some(language) = &mut disposition.tail
                    && let Some(location) = &mut language.tail
                {
                    std::mem::swap(&mut extension.md5, &mut location.location);
                }
            });
        }),
    },
    Fault {
        name: "bodystructure-message-is-basic",
        requirement: "rfc3501/9-37",
        summary: "has MESSAGE/RFC822 without envelope, structure and lines",
        change: Change::Edit(|_, response| {
            edit_parts(response, |part| {
                if let Media::Message { .. } = &part.media {
                    part.media =
                        Media::Basic { media_type: string("MESSAGE"), subtype: string("RFC822") };
                }
            });
        }),
    },
];

/// Edits every part that is not a multipart, wherever it is nested in a multipart.
fn edit_parts(response: &mut Response<'static>, edit: impl Fn(&mut SinglePart<'static>)) {
    for item in items(response) {
        if let MessageAttribute::BodyStructure(body) | MessageAttribute::Body(body) = item {
            edit_body(body, &edit);
        }
    }
}

fn edit_body(body: &mut Body<'static>, edit: &impl Fn(&mut SinglePart<'static>)) {
    match body {
        Body::Single(part) => edit(part),
        Body::Multi(multi) => multi.parts.iter_mut().for_each(|part| edit_body(part, edit)),
    }
}

fn extend(body: &mut Body<'static>) {
    match body {
        Body::Single(part) => {
            part.extension = Some(imap_grammar::SinglePartExtension { md5: None, tail: None });
        }
        Body::Multi(multi) => multi.parts.iter_mut().for_each(extend),
    }
}

fn edit_multiparts(response: &mut Response<'static>, edit: fn(&mut MultiPart<'static>)) {
    for item in items(response) {
        if let MessageAttribute::BodyStructure(body) | MessageAttribute::Body(body) = item {
            edit_multipart(body, edit);
        }
    }
}

fn edit_multipart(body: &mut Body<'static>, edit: fn(&mut MultiPart<'static>)) {
    if let Body::Multi(multi) = body {
        edit(multi);
        multi.parts.iter_mut().for_each(|part| edit_multipart(part, edit));
    }
}

/// Edits the disposition, and what follows it, of every part that is not a multipart.
fn edit_dispositions(response: &mut Response<'static>, edit: impl Fn(&mut Disposition<'static>)) {
    edit_parts(response, |part| {
        if let Some(tail) = part.extension.as_mut().and_then(|extension| extension.tail.as_mut()) {
            edit(tail);
        }
    });
}

fn string(octets: &'static str) -> ImapString<'static> {
    ImapString::new(octets.as_bytes()).expect("there is no NUL in it")
}
