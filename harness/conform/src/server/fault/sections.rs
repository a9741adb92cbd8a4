//! Faults in what a FETCH of octets gives, and in the \Seen that it sets.

use std::num::NonZeroU32;

use imap_grammar::{
    BodySection, CommandBody, FetchAttribute, FetchItems, Flag, ImapString, MessageAttribute,
    Partial, Response, Section, SectionText, Untagged,
};
use memchr::memmem;

use super::{
    Change, Fault,
    fetch::{items, without},
    untagged,
};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "peek-sets-seen",
        requirement: "rfc3501/6.4.5-40",
        summary: "sets \\Seen at BODY.PEEK",
        change: Change::Command(|_, body| each_section(body, |peek| *peek = false)),
    },
    Fault {
        name: "body-does-not-set-seen",
        requirement: "rfc3501/6.4.5-38",
        summary: "does not set \\Seen at BODY[]",
        change: Change::Command(|_, body| each_section(body, |peek| *peek = true)),
    },
    Fault {
        name: "seen-is-not-told",
        requirement: "rfc3501/6.4.5-39",
        summary: "does not tell that FETCH has set \\Seen",
        change: Change::Edit(|exchange, response| {
            let asks_flags = |body: &CommandBody<'_>| match body {
                CommandBody::Fetch { items: FetchItems::Attributes(items), .. } => {
                    items.contains(&FetchAttribute::Flags)
                }
                _ => true,
            };
            if !exchange.during(asks_flags) {
                without(response, |item| matches!(item, MessageAttribute::Flags(_)));
            }
        }),
    },
    Fault {
        name: "partial-without-origin",
        requirement: "rfc3501/9-100",
        summary: "leaves the origin octet out of a partial answer",
        change: Change::Edit(|_, response| each_data(response, |section| section.origin = None)),
    },
    Fault {
        name: "partial-one-octet-more",
        requirement: "rfc3501/6.4.5-32",
        summary: "starts partial answers one octet too late",
        change: Change::Edit(|_, response| {
            each_data(response, |section| {
                if let (Some(_), Some(data)) = (section.origin, &mut section.data)
                    && let Some(later) =
                        data.as_bytes().get(1..).and_then(|rest| ImapString::new(rest.to_vec()))
                {
                    *data = later;
                }
            });
        }),
    },
    Fault {
        name: "header-fields-are-all",
        requirement: "rfc3501/6.4.5-23",
        summary: "answers HEADER.FIELDS with what it leaves out, too",
        change: Change::Edit(|_, response| {
            each_data(response, |section| {
                if let (Some(SectionText::HeaderFields(_)), Some(data)) =
                    (&section.section.text, &mut section.data)
                    && let Some(more) =
                        ImapString::new([b"X-More: yes\r\n", data.as_bytes()].concat())
                {
                    *data = more;
                }
            });
        }),
    },
    Fault {
        name: "header-without-blank-line",
        requirement: "rfc3501/6.4.5-27",
        summary: "leaves the blank line behind a header out",
        change: Change::Edit(|_, response| {
            each_data(response, |section| {
                if let (true, Some(data)) = (is_header(section), &mut section.data)
                    && let Some(cut) = data
                        .as_bytes()
                        .strip_suffix(b"\r\n")
                        .and_then(|cut| ImapString::new(cut.to_vec()))
                {
                    *data = cut;
                }
            });
        }),
    },
    Fault {
        name: "header-is-decoded",
        requirement: "rfc3501/7.4.2-10",
        summary: "decodes the encoded words of headers",
        change: Change::Edit(|_, response| {
            edit_data(response, |section| is_header(section), decoded);
        }),
    },
    Fault {
        name: "text-with-lf",
        requirement: "rfc3501/6.4.5-11",
        summary: "ends the lines of messages with LF alone",
        change: Change::Edit(|_, response| {
            each_data(response, |section| {
                if let Some(data) = &mut section.data {
                    let lf: Vec<u8> =
                        data.as_bytes().iter().copied().filter(|&octet| octet != b'\r').collect();
                    if let Some(lf) = ImapString::new(lf) {
                        *data = lf;
                    }
                }
            });
        }),
    },
    Fault {
        name: "part-one-is-nil",
        requirement: "rfc3501/6.4.5-14",
        summary: "knows no part 1 of a message that is not multipart",
        change: Change::Edit(|_, response| {
            each_data(response, |section| {
                if section.section.part == [NonZeroU32::MIN] && section.section.text.is_none() {
                    section.data = None;
                }
            });
        }),
    },
    Fault {
        name: "text-begins-with-blank-line",
        requirement: "rfc3501/6.4.5-29",
        summary: "counts the blank line behind the header to the text",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| section.section.text == Some(SectionText::Text),
                |octets| [b"\r\n", octets].concat(),
            );
        }),
    },
    Fault {
        name: "text-is-the-whole-message",
        requirement: "rfc3501/6.4.5-29",
        summary: "gives the header with BODY[TEXT]",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| {
                    section.section.text == Some(SectionText::Text)
                        && section.section.part.is_empty()
                },
                |octets| [b"Subject: all\r\n\r\n", octets].concat(),
            );
        }),
    },
    Fault {
        name: "header-is-in-lower-case",
        requirement: "rfc3501/6.4.5-22",
        summary: "writes the header anew, in lower case",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| section.section.text == Some(SectionText::Header),
                <[u8]>::to_ascii_lowercase,
            );
        }),
    },
    Fault {
        name: "header-fields-not-are-all",
        requirement: "rfc3501/6.4.5-24",
        summary: "answers HEADER.FIELDS.NOT with what it should leave out, too",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| matches!(section.section.text, Some(SectionText::HeaderFieldsNot(_))),
                |octets| [b"X-More: yes\r\n", octets].concat(),
            );
        }),
    },
    Fault {
        name: "header-fields-are-unfolded",
        requirement: "rfc3501/6.4.5-23",
        summary: "joins the lines of folded fields",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| matches!(section.section.text, Some(SectionText::HeaderFields(_))),
                |octets| {
                    let text = String::from_utf8_lossy(octets);
                    text.replace("\r\n ", " ").replace("\r\n\t", " ").into_bytes()
                },
            );
        }),
    },
    Fault {
        name: "header-fields-only-once",
        requirement: "rfc3501/6.4.5-23",
        summary: "gives only the first of several fields of one name",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| matches!(section.section.text, Some(SectionText::HeaderFields(_))),
                |octets| {
                    let text = String::from_utf8_lossy(octets);
                    let mut names = Vec::new();
                    let is_new = |line: &&str| {
                        let name = line.split(':').next().unwrap_or(line).to_ascii_lowercase();
                        let is_new = !names.contains(&name);
                        names.push(name);
                        is_new
                    };
                    text.split_inclusive("\r\n").filter(is_new).collect::<String>().into_bytes()
                },
            );
        }),
    },
    Fault {
        name: "header-fields-end-without-blank-line",
        requirement: "rfc3501/6.4.5-26",
        summary: "leaves the blank line behind a subset of the header out",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| matches!(section.section.text, Some(SectionText::HeaderFields(_))),
                |octets| octets.strip_suffix(b"\r\n").unwrap_or(octets).to_vec(),
            );
        }),
    },
    Fault {
        name: "mime-without-blank-line",
        requirement: "rfc3501/6.4.5-28",
        summary: "leaves the blank line behind the MIME header of a part out",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| section.section.text == Some(SectionText::Mime),
                |octets| octets.strip_suffix(b"\r\n").unwrap_or(octets).to_vec(),
            );
        }),
    },
    Fault {
        name: "mime-is-the-message-header",
        requirement: "rfc3501/6.4.5-28",
        summary: "gives the header of the message for MIME",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| section.section.text == Some(SectionText::Mime),
                |octets| [b"Subject: all\r\n", octets].concat(),
            );
        }),
    },
    Fault {
        name: "partial-ignores-the-length",
        requirement: "rfc3501/6.4.5-32",
        summary: "gives all the rest of the text in a partial answer",
        change: Change::Command(|_, body| {
            each_partial(body, |partial| {
                partial.count = NonZeroU32::MAX;
            });
        }),
    },
    Fault {
        name: "partial-counts-from-one",
        requirement: "rfc3501/6.4.5-33",
        summary: "counts the octets of a partial fetch from one",
        change: Change::Command(|_, body| {
            each_partial(body, |partial| partial.origin = partial.origin.saturating_sub(1));
        }),
    },
    Fault {
        name: "peek-is-answered-as-peek",
        requirement: "rfc3501/6.4.5-40",
        summary: "answers BODY.PEEK[] under that name",
        change: Change::Octets(|_, octets| match octets.windows(5).position(|at| at == b"BODY[") {
            Some(at) if octets.starts_with(b"* ") => {
                [&octets[..at], b"BODY.PEEK[", &octets[at + 5..]].concat()
            }
            _ => octets,
        }),
    },
    Fault {
        name: "section-without-name",
        requirement: "rfc3501/9-100",
        summary: "answers every section as BODY[]",
        change: Change::Edit(|_, response| {
            each_data(response, |section| {
                section.section.text = None;
                section.section.part.clear();
            });
        }),
    },
    Fault {
        name: "whole-message-is-cut",
        requirement: "rfc3501/7.4.2-07",
        summary: "gives at most 200 octets of a message",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| section.section == Section::default() && section.origin.is_none(),
                |octets| octets[..octets.len().min(200)].to_vec(),
            );
        }),
    },
    Fault {
        name: "rfc822-is-cut",
        requirement: "rfc3501/6.4.5-45",
        summary: "leaves the last line end of RFC822 out",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::Rfc822(Some(data)) = item {
                    *data = cut(data);
                }
            }
        }),
    },
    Fault {
        name: "rfc822-header-without-blank-line",
        requirement: "rfc3501/6.4.5-46",
        summary: "leaves the blank line behind RFC822.HEADER out",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::Rfc822Header(Some(data)) = item {
                    *data = cut(data);
                }
            }
        }),
    },
    Fault {
        name: "rfc822-text-is-cut",
        requirement: "rfc3501/6.4.5-48",
        summary: "leaves the last line end of RFC822.TEXT out",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::Rfc822Text(Some(data)) = item {
                    *data = cut(data);
                }
            }
        }),
    },
    Fault {
        name: "rfc822-header-sets-seen",
        requirement: "rfc3501/6.4.5-46",
        summary: "tells that RFC822.HEADER has set \\Seen",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Fetch { items, .. }) = untagged(response)
                && items.iter().any(|item| matches!(item, MessageAttribute::Rfc822Header(_)))
            {
                items.push(MessageAttribute::Flags(vec![Flag::Seen]));
            }
        }),
    },
    Fault {
        name: "parts-are-decoded",
        requirement: "rfc3501/6.4.5-11",
        summary: "takes the soft line ends off quoted-printable parts",
        change: Change::Edit(|_, response| {
            edit_data(
                response,
                |section| section.section.text.is_none(),
                |octets| String::from_utf8_lossy(octets).replace("=\r\n", "").into_bytes(),
            );
        }),
    },
    Fault {
        name: "nested-parts-are-not-found",
        requirement: "rfc3501/6.4.5-17",
        summary: "knows the parts of a message, and none within them",
        change: Change::Edit(|_, response| {
            each_data(response, |section| {
                if section.section.part.len() > 1 {
                    section.data = None;
                }
            });
        }),
    },
];

fn each_section(body: &mut CommandBody<'static>, edit: fn(&mut bool)) {
    if let CommandBody::Fetch { items: FetchItems::Attributes(items), .. } = body {
        for item in items {
            if let FetchAttribute::BodySection { peek, .. } = item {
                edit(peek);
            }
        }
    }
}

fn each_data(response: &mut Response<'static>, edit: impl Fn(&mut BodySection<'static>)) {
    for item in items(response) {
        if let MessageAttribute::BodySection(section) = item {
            edit(section);
        }
    }
}

/// Edits the octets of the sections that the test names.
fn edit_data(
    response: &mut Response<'static>,
    test: impl Fn(&BodySection<'static>) -> bool,
    edit: impl Fn(&[u8]) -> Vec<u8>,
) {
    each_data(response, |section| {
        let edited = section
            .data
            .as_ref()
            .filter(|_| test(section))
            .map(|data| ImapString::new(edit(data.as_bytes())).unwrap_or_else(|| data.clone()));
        section.data = edited.or_else(|| section.data.take());
    });
}

fn each_partial(body: &mut CommandBody<'static>, edit: fn(&mut Partial)) {
    if let CommandBody::Fetch { items: FetchItems::Attributes(items), .. } = body {
        for item in items {
            if let FetchAttribute::BodySection { partial: Some(partial), .. } = item {
                edit(partial);
            }
        }
    }
}

fn is_header(section: &BodySection<'_>) -> bool {
    use SectionText::{Header, HeaderFields, HeaderFieldsNot};
    matches!(section.section.text, Some(Header | HeaderFields(_) | HeaderFieldsNot(_)))
}

/// The header with its encoded words (RFC 2047 §4.2) as octets of UTF-8.
fn decoded(header: &[u8]) -> Vec<u8> {
    const BEGIN: &[u8] = b"=?UTF-8?Q?";
    let mut octets = Vec::with_capacity(header.len());
    let mut rest = header;
    while let Some(begin) = memmem::find(rest, BEGIN) {
        let word = &rest[begin + BEGIN.len()..];
        let Some(end) = memmem::find(word, b"?=") else { break };
        octets.extend_from_slice(&rest[..begin]);
        decode_q(&word[..end], &mut octets);
        rest = &word[end + 2..];
    }
    octets.extend_from_slice(rest);
    octets
}

/// The octets for which the text of an encoded word stands.
fn decode_q(mut text: &[u8], octets: &mut Vec<u8>) {
    while let Some((&first, after)) = text.split_first() {
        let hex = after.get(..2).and_then(|hex| str::from_utf8(hex).ok());
        let escaped =
            hex.filter(|_| first == b'=').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        octets.push(escaped.unwrap_or(if first == b'_' { b' ' } else { first }));
        text = if escaped.is_some() { &after[2..] } else { after };
    }
}

/// The string without its last line end.
fn cut(data: &ImapString<'static>) -> ImapString<'static> {
    let octets = data.as_bytes();
    let cut = octets.strip_suffix(b"\r\n").unwrap_or(octets).to_vec();
    ImapString::new(cut).unwrap_or_else(|| data.clone())
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn many_encoded_words_were_a_stack_as_deep() {
        let header = b"=?UTF-8?Q?J=C3=BCr_g?= ".repeat(200_000);
        assert_eq!(decoded(&header), "J\u{fc}r g ".as_bytes().repeat(200_000));
        assert_eq!(decoded(b"a =?UTF-8?Q?b=C3"), b"a =?UTF-8?Q?b=C3");
    }
}
