//! Faults in FETCH.

use std::num::NonZeroU32;

use imap_grammar::{
    Body, BodySection, CommandBody, Date, DateTime, Envelope, FetchAttribute, FetchItems, Flag,
    ImapString, Media, MessageAttribute, Response, SectionText, SinglePart, Status, Untagged,
};

use super::{Change, Fault, completes, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "fetch-leaves-out-size",
        requirement: "rfc3501/6.4.5-01",
        summary: "leaves RFC822.SIZE out",
        change: Change::Edit(|_, response| {
            without(response, |item| matches!(item, MessageAttribute::Rfc822Size(_)));
        }),
    },
    Fault {
        name: "fetch-leaves-out-envelope",
        requirement: "rfc3501/6.4.5-01",
        summary: "leaves ENVELOPE out",
        change: Change::Edit(|_, response| {
            without(response, |item| matches!(item, MessageAttribute::Envelope(_)));
        }),
    },
    Fault {
        name: "fetch-full-without-body",
        requirement: "rfc3501/6.4.5-09",
        summary: "leaves BODY out of the macro FULL",
        change: Change::Edit(|_, response| {
            without(response, |item| matches!(item, MessageAttribute::Body(_)));
        }),
    },
    Fault {
        name: "size-one-less",
        requirement: "rfc3501/6.4.5-47",
        summary: "tells RFC822.SIZE one octet too small",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::Rfc822Size(size) = item {
                    *size = size.saturating_sub(1);
                }
            }
        }),
    },
    Fault {
        name: "size-with-lf",
        requirement: "rfc3501/2.3.4-01",
        summary: "counts line ends as one octet in RFC822.SIZE",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::Rfc822Size(size) = item {
                    *size -= *size / 20;
                }
            }
        }),
    },
    Fault {
        name: "internaldate-a-day-late",
        requirement: "rfc3501/6.4.5-44",
        summary: "tells an INTERNALDATE that is off by a day",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::InternalDate(date) = item {
                    *date = a_day_later(*date);
                }
            }
        }),
    },
    Fault {
        name: "internaldate-without-zone",
        requirement: "rfc3501/9-153",
        summary: "keeps the clock of INTERNALDATE and forgets its zone",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::InternalDate(date) = item
                    && let Some(utc) = DateTime::new(date.date, date.time, 0)
                {
                    *date = utc;
                }
            }
        }),
    },
    Fault {
        name: "envelope-subject-in-upper-case",
        requirement: "rfc3501/6.4.5-42",
        summary: "changes the case of the subject",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                if let Some(subject) = &mut envelope.subject
                    && let Some(upper) = ImapString::new(subject.as_bytes().to_ascii_uppercase())
                {
                    *subject = upper;
                }
            });
        }),
    },
    Fault {
        name: "envelope-without-sender",
        requirement: "rfc3501/7.4.2-51",
        summary: "says NIL for a Sender that is not in the header",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.sender.clear())
        }),
    },
    Fault {
        name: "envelope-without-reply-to",
        requirement: "rfc3501/7.4.2-51",
        summary: "says NIL for a Reply-To that is not in the header",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.reply_to.clear())
        }),
    },
    Fault {
        name: "envelope-loses-addresses",
        requirement: "rfc3501/6.4.5-42",
        summary: "tells only the first address of To",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.to.truncate(1))
        }),
    },
    Fault {
        name: "envelope-swaps-mailbox-and-host",
        requirement: "rfc3501/7.4.2-43",
        summary: "swaps mailbox and host of addresses",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                for address in &mut envelope.from {
                    std::mem::swap(&mut address.mailbox, &mut address.host);
                }
            });
        }),
    },
    Fault {
        name: "envelope-message-id-without-brackets",
        requirement: "rfc3501/6.4.5-42",
        summary: "takes the angle brackets off Message-ID",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                let bare = envelope.message_id.as_ref().map(|id| {
                    id.as_bytes()
                        .iter()
                        .copied()
                        .filter(|octet| !b"<>".contains(octet))
                        .collect::<Vec<u8>>()
                });
                envelope.message_id = bare.and_then(ImapString::new);
            });
        }),
    },
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
        name: "flags-without-seen",
        requirement: "rfc3501/6.4.5-43",
        summary: "never tells \\Seen",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::Flags(flags) = item {
                    flags.retain(|flag| *flag != Flag::Seen);
                }
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
                let is_header = matches!(
                    section.section.text,
                    Some(
                        SectionText::Header
                            | SectionText::HeaderFields(_)
                            | SectionText::HeaderFieldsNot(_)
                    )
                );
                if let (true, Some(data)) = (is_header, &mut section.data)
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
        name: "missing-part-is-no",
        requirement: "rfc3501/6.4.8-04",
        summary: "says NO to FETCH where there is nothing to tell",
        change: Change::Edit(|exchange, response| {
            let kind = |body: &CommandBody<'_>| matches!(body, CommandBody::Fetch { .. });
            let nothing_told = exchange.fetched == 0;
            if let Some(tagged) = completes(exchange, response, kind)
                && nothing_told
                && tagged.status == Status::Ok
            {
                tagged.status = Status::No;
            }
        }),
    },
    Fault {
        name: "uid-fetch-without-uid",
        requirement: "rfc3501/6.4.8-14",
        summary: "leaves UID out of the answer to UID FETCH",
        change: Change::Edit(|exchange, response| {
            let by_uid = |body: &CommandBody<'_>| {
                matches!(
                    body,
                    CommandBody::Fetch { uid: true, .. } | CommandBody::Store { uid: true, .. }
                )
            };
            if exchange.during(by_uid) {
                without(response, |item| matches!(item, MessageAttribute::Uid(_)));
            }
        }),
    },
    Fault {
        name: "uid-off-by-one",
        requirement: "rfc3501/2.3.1.1-06",
        summary: "tells another UID in FETCH than in UID FETCH",
        change: Change::Edit(|exchange, response| {
            let by_uid =
                |body: &CommandBody<'_>| matches!(body, CommandBody::Fetch { uid: true, .. });
            if !exchange.during(by_uid) {
                for item in items(response) {
                    if let MessageAttribute::Uid(uid) = item {
                        *uid = uid.saturating_add(1);
                    }
                }
            }
        }),
    },
    Fault {
        name: "uids-all-the-same",
        requirement: "rfc3501/2.3.1.1-17",
        summary: "tells UID 1 of every message",
        change: Change::Edit(|_, response| {
            for item in items(response) {
                if let MessageAttribute::Uid(uid) = item {
                    *uid = NonZeroU32::MIN;
                }
            }
        }),
    },
];

/// The items of a FETCH response; none where it is another.
fn items<'r>(response: &'r mut Response<'static>) -> &'r mut [MessageAttribute<'static>] {
    match untagged(response) {
        Some(Untagged::Fetch { items, .. }) => items,
        _ => &mut [],
    }
}

/// Leaves items out. One that has no other item is left as it is, since FETCH is never empty.
fn without(response: &mut Response<'static>, test: fn(&MessageAttribute<'_>) -> bool) {
    if let Some(Untagged::Fetch { items, .. }) = untagged(response) {
        if items.iter().all(test) {
            return;
        }
        items.retain(|item| !test(item));
    }
}

fn a_day_later(date: DateTime) -> DateTime {
    let of = |date: Date| (date.year(), date.month(), date.day());
    let (year, month, day) = of(date.date);
    let later = Date::new(year, month, day + 1).or_else(|| Date::new(year, month, day - 1));
    later.and_then(|later| DateTime::new(later, date.time, date.zone_minutes())).unwrap_or(date)
}

fn edit_envelope(response: &mut Response<'static>, edit: impl Fn(&mut Envelope<'static>)) {
    for item in items(response) {
        if let MessageAttribute::Envelope(envelope) = item {
            edit(envelope);
        }
    }
}

/// Edits every part that is not a multipart, wherever it is nested in a multipart.
fn edit_parts(response: &mut Response<'static>, edit: fn(&mut SinglePart<'static>)) {
    for item in items(response) {
        if let MessageAttribute::BodyStructure(body) | MessageAttribute::Body(body) = item {
            edit_body(body, edit);
        }
    }
}

fn edit_body(body: &mut Body<'static>, edit: fn(&mut SinglePart<'static>)) {
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
