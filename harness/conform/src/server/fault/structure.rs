//! Faults in what FETCH tells of the parts of a message: their structure, their numbers, their ends.

use imap_grammar::{
    Body, BodySection, Envelope, ImapString, Media, MessageAttribute, Response, SectionText,
    SinglePart, Untagged,
};

use super::{Change, Fault, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "multipart-of-one-is-single",
        requirement: "rfc3501/7.4.2-15",
        summary: "takes a multipart with one part for that part",
        change: Change::Edit(|_, response| each_body(response, unwrap_single)),
    },
    Fault {
        name: "message-part-is-text",
        requirement: "rfc3501/7.4.2-33",
        summary: "takes MESSAGE/RFC822 for TEXT/RFC822, without envelope and structure",
        change: Change::Edit(|_, response| {
            each_part(response, |part| {
                if let Media::Message { lines, .. } = part.media
                    && let Some(subtype) = ImapString::new(&b"RFC822"[..])
                {
                    part.media = Media::Text { subtype, lines };
                }
            });
        }),
    },
    Fault {
        name: "message-part-of-no-lines",
        requirement: "rfc3501/7.4.2-33",
        summary: "counts no lines of MESSAGE/RFC822",
        change: Change::Edit(|_, response| {
            each_part(response, |part| {
                if let Media::Message { lines, .. } = &mut part.media {
                    *lines = 0;
                }
            });
        }),
    },
    Fault {
        name: "nested-envelope-is-empty",
        requirement: "rfc3501/7.4.2-33",
        summary: "tells NIL for every member of the envelope of a message within",
        change: Change::Edit(|_, response| {
            each_part(response, |part| {
                if let Media::Message { envelope, .. } = &mut part.media {
                    **envelope = Envelope::default();
                }
            });
        }),
    },
    Fault {
        name: "encoding-is-7bit",
        requirement: "rfc3501/7.4.2-31",
        summary: "tells 7BIT as the encoding of every part",
        change: Change::Edit(|_, response| {
            each_part(response, |part| {
                if let Some(seven) = ImapString::new(&b"7BIT"[..]) {
                    part.fields.encoding = seven;
                }
            });
        }),
    },
    Fault {
        name: "encoding-7bit-is-8bit",
        requirement: "rfc3501/7.4.2-31",
        summary: "tells 8BIT for 7BIT, said or not",
        change: Change::Edit(|_, response| {
            each_part(response, |part| {
                if part.fields.encoding.as_bytes().eq_ignore_ascii_case(b"7BIT")
                    && let Some(eight) = ImapString::new(&b"8BIT"[..])
                {
                    part.fields.encoding = eight;
                }
            });
        }),
    },
    Fault {
        name: "part-id-and-description-lost",
        requirement: "rfc3501/7.4.2-29",
        summary: "tells neither Content-ID nor Content-Description",
        change: Change::Edit(|_, response| {
            each_part(response, |part| {
                part.fields.id = None;
                part.fields.description = None;
            });
        }),
    },
    Fault {
        name: "part-ends-in-boundary",
        requirement: "rfc3501/6.4.5-11",
        summary: "gives the line end before a boundary to the part",
        change: Change::Edit(|_, response| {
            each_text(response, |section| {
                let is_part = section.section.text.is_none() && !section.section.part.is_empty();
                if is_part && section.origin.is_none() {
                    section.data = longer(section, b"\r\n");
                }
            });
        }),
    },
    Fault {
        name: "mime-header-is-empty",
        requirement: "rfc3501/6.4.5-28",
        summary: "gives a blank line for the MIME header of a part",
        change: Change::Edit(|_, response| {
            each_text(response, |section| {
                if section.section.text == Some(SectionText::Mime) {
                    section.data = ImapString::new(&b"\r\n"[..]);
                }
            });
        }),
    },
    Fault {
        name: "header-of-a-part-is-doubled",
        requirement: "rfc3501/6.4.5-20",
        summary: "gives the header of a message within twice",
        change: Change::Edit(|_, response| {
            each_text(response, |section| {
                let is_header = matches!(
                    section.section.text,
                    Some(SectionText::Header | SectionText::HeaderFields(_))
                );
                if is_header
                    && !section.section.part.is_empty()
                    && let Some(header) = section.data.clone()
                {
                    section.data = longer(section, header.as_bytes());
                }
            });
        }),
    },
    Fault {
        name: "partial-of-nothing-is-nil",
        requirement: "rfc3501/6.4.5-34",
        summary: "tells NIL for a piece beyond the end",
        change: Change::Edit(|_, response| {
            each_text(response, |section| {
                let is_empty = |data: &ImapString<'_>| data.as_bytes().is_empty();
                if section.origin.is_some() && section.data.as_ref().is_some_and(is_empty) {
                    section.data = None;
                }
            });
        }),
    },
];

/// Each body structure of a FETCH response.
fn each_body(response: &mut Response<'static>, edit: impl Fn(&mut Body<'static>)) {
    if let Some(Untagged::Fetch { items, .. }) = untagged(response) {
        for item in items {
            if let MessageAttribute::BodyStructure(body) | MessageAttribute::Body(body) = item {
                edit(body);
            }
        }
    }
}

/// Each part that is no multipart, in multiparts and in messages, innermost first.
fn each_part(response: &mut Response<'static>, edit: fn(&mut SinglePart<'static>)) {
    fn within(body: &mut Body<'static>, edit: fn(&mut SinglePart<'static>)) {
        match body {
            Body::Multi(multi) => multi.parts.iter_mut().for_each(|part| within(part, edit)),
            Body::Single(part) => {
                if let Media::Message { body, .. } = &mut part.media {
                    within(body, edit);
                }
                edit(part);
            }
        }
    }
    each_body(response, |body| within(body, edit));
}

fn unwrap_single(body: &mut Body<'static>) {
    if let Body::Multi(multi) = body {
        multi.parts.iter_mut().for_each(unwrap_single);
        if let [only] = multi.parts.as_slice() {
            *body = only.clone();
        }
    }
}

/// Each text of a section in a FETCH response.
fn each_text(response: &mut Response<'static>, edit: fn(&mut BodySection<'static>)) {
    if let Some(Untagged::Fetch { items, .. }) = untagged(response) {
        for item in items {
            if let MessageAttribute::BodySection(section) = item {
                edit(section);
            }
        }
    }
}

/// The text of the section with more behind it.
fn longer(section: &BodySection<'static>, more: &[u8]) -> Option<ImapString<'static>> {
    let data = section.data.as_ref()?;
    ImapString::new([data.as_bytes(), more].concat())
}
