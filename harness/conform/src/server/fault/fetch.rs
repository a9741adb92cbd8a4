//! Faults in FETCH.

use std::num::NonZeroU32;

use imap_grammar::{
    CommandBody, Date, DateTime, FetchAttribute, FetchItems, Flag, MessageAttribute, Response,
    Untagged,
};

use super::{Change, Fault, ok_to_no, untagged};

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
        requirement: "rfc3501/6.4.5-07",
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
        name: "unknown-uid-is-no",
        requirement: "rfc3501/6.4.8-04",
        summary: "says NO to UID FETCH where no message has the unique identifier",
        change: Change::Edit(|exchange, response| {
            if exchange.told == 0 {
                ok_to_no(exchange, response, |body| {
                    matches!(body, CommandBody::Fetch { uid: true, .. })
                });
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
        name: "uid-fetch-tells-flags-apart",
        requirement: "rfc3501/6.4.8-14",
        summary: "tells the flags that UID FETCH sets in a response of their own without UID",
        change: Change::Replace(|exchange, response| {
            let by_uid =
                |body: &CommandBody<'_>| matches!(body, CommandBody::Fetch { uid: true, .. });
            let is_flags = |item: &MessageAttribute<'_>| matches!(item, MessageAttribute::Flags(_));
            let during = exchange.during(by_uid);
            match response {
                Response::Untagged(Untagged::Fetch { number, items })
                    if during && items.len() > 1 && items.iter().any(is_flags) =>
                {
                    let (flags, others) = items.into_iter().partition(is_flags);
                    [others, flags]
                        .map(|items| Response::Untagged(Untagged::Fetch { number, items }))
                        .to_vec()
                }
                response => vec![response],
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
    Fault {
        name: "fetch-fast-without-size",
        requirement: "rfc3501/6.4.5-08",
        summary: "leaves RFC822.SIZE out of the macro FAST",
        change: Change::Command(|_, body| {
            expand(body, FetchItems::Fast, &[FetchAttribute::Flags, FetchAttribute::InternalDate]);
        }),
    },
    Fault {
        name: "fetch-all-is-fast",
        requirement: "rfc3501/6.4.5-07",
        summary: "takes the macro ALL for FAST",
        change: Change::Command(|_, body| {
            if let CommandBody::Fetch { items, .. } = body
                && *items == FetchItems::All
            {
                *items = FetchItems::Fast;
            }
        }),
    },
    Fault {
        name: "fetch-full-is-all",
        requirement: "rfc3501/6.4.5-09",
        summary: "takes the macro FULL for ALL",
        change: Change::Command(|_, body| {
            if let CommandBody::Fetch { items, .. } = body
                && *items == FetchItems::Full
            {
                *items = FetchItems::All;
            }
        }),
    },
    Fault {
        name: "fetch-takes-one-item",
        requirement: "rfc3501/6.4.5-01",
        summary: "answers only the first of several items",
        change: Change::Command(|_, body| {
            if let CommandBody::Fetch { items: FetchItems::Attributes(items), .. } = body {
                items.truncate(1);
            }
        }),
    },
    Fault {
        name: "fetch-is-no",
        requirement: "rfc3501/6.4.5-01",
        summary: "says NO to FETCH, although it answers",
        change: Change::Edit(|exchange, response| {
            ok_to_no(exchange, response, |body| {
                matches!(body, CommandBody::Fetch { uid: false, .. })
            });
        }),
    },
    Fault {
        name: "uid-store-without-uid",
        requirement: "rfc3501/6.4.8-16",
        summary: "leaves UID out of the answer to UID STORE",
        change: Change::Edit(|exchange, response| {
            let by_uid =
                |body: &CommandBody<'_>| matches!(body, CommandBody::Store { uid: true, .. });
            if exchange.during(by_uid) {
                without(response, |item| matches!(item, MessageAttribute::Uid(_)));
            }
        }),
    },
    Fault {
        name: "internaldate-unpadded",
        requirement: "rfc3501/9-58",
        summary: "writes a day of one digit without the space before it",
        change: Change::Octets(|_, octets| {
            replace_first(octets, b"INTERNALDATE \" ", b"INTERNALDATE \"")
        }),
    },
    Fault {
        name: "internaldate-without-quotes",
        requirement: "rfc3501/9-61",
        summary: "writes the internal date without quotes",
        change: Change::Octets(|_, octets| {
            match octets.windows(14).position(|at| at == b"INTERNALDATE \"") {
                Some(at) if octets.len() > at + 41 => {
                    let date = &octets[at + 14..at + 40];
                    [&octets[..at + 13], date, &octets[at + 41..]].concat()
                }
                _ => octets,
            }
        }),
    },
    Fault {
        name: "size-in-quotes",
        requirement: "rfc3501/9-103",
        summary: "writes RFC822.SIZE as a string",
        change: Change::Octets(|_, octets| {
            let Some(at) = octets.windows(12).position(|at| at == b"RFC822.SIZE ") else {
                return octets;
            };
            let digits =
                octets[at + 12..].iter().take_while(|octet| octet.is_ascii_digit()).count();
            let end = at + 12 + digits;
            [&octets[..at + 12], b"\"", &octets[at + 12..end], b"\"", &octets[end..]].concat()
        }),
    },
    Fault {
        name: "uid-is-zero",
        requirement: "rfc3501/9-150",
        summary: "tells UID 0 of every message",
        change: Change::Octets(|_, octets| {
            let Some(at) = octets.windows(5).position(|at| at == b"(UID ") else { return octets };
            let digits = octets[at + 5..].iter().take_while(|octet| octet.is_ascii_digit()).count();
            [&octets[..at + 5], b"0", &octets[at + 5 + digits..]].concat()
        }),
    },
    Fault {
        name: "fetch-of-message-zero",
        requirement: "rfc3501/9-96",
        summary: "counts messages from zero in FETCH",
        change: Change::Octets(|_, octets| replace_first(octets, b"* 1 FETCH ", b"* 0 FETCH ")),
    },
    Fault {
        name: "fetch-without-parentheses",
        requirement: "rfc3501/9-97",
        summary: "answers FETCH without parentheses",
        change: Change::Octets(|_, octets| {
            let at = octets.windows(8).position(|at| at == b" FETCH (");
            match (at, octets.strip_suffix(b")\r\n")) {
                (Some(at), Some(line)) => [&line[..at + 7], &line[at + 8..], b"\r\n"].concat(),
                _ => octets,
            }
        }),
    },
    Fault {
        name: "literal-with-nul",
        requirement: "rfc3501/4.3.1-04",
        summary: "sends a NUL in a literal",
        change: Change::Octets(|_, octets| {
            let at = octets.windows(3).position(|end| end == b"}\r\n");
            match at.filter(|at| octets.len() > at + 3) {
                Some(at) => [&octets[..at + 3], b"\0", &octets[at + 4..]].concat(),
                None => octets,
            }
        }),
    },
    Fault {
        name: "flags-with-commas",
        requirement: "rfc3501/4.4-01",
        summary: "puts commas between flags",
        change: Change::Octets(|_, octets| {
            match octets.windows(8).position(|at| at == b"FLAGS (\\") {
                Some(at) if octets.starts_with(b"* ") => {
                    let end = octets[at..].iter().position(|&octet| octet == b')');
                    let end = end.map_or(octets.len(), |end| at + end);
                    let list = String::from_utf8_lossy(&octets[at + 7..end]).replace(' ', ",");
                    [&octets[..at + 7], list.as_bytes(), &octets[end..]].concat()
                }
                _ => octets,
            }
        }),
    },
    Fault {
        name: "flags-are-nil",
        requirement: "rfc3501/4.4-03",
        summary: "writes NIL where no flag is set",
        change: Change::Octets(|_, octets| replace_first(octets, b"FLAGS ()", b"FLAGS NIL")),
    },
    Fault {
        name: "dates-go-by-number",
        requirement: "rfc3501/6.4.5-04",
        summary: "keeps internal dates by sequence number, so that an expunge moves them",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Fetch { number, items }) = untagged(response) {
                for item in items {
                    if let MessageAttribute::InternalDate(date) = item
                        && let Some(other) = DateTime::from_unix_timestamp(
                            i64::from(number.get()) * 86_400,
                            date.zone_minutes(),
                        )
                    {
                        *date = other;
                    }
                }
            }
        }),
    },
];

/// The items of a FETCH response; none where it is another.
pub(super) fn items<'r>(
    response: &'r mut Response<'static>,
) -> &'r mut [MessageAttribute<'static>] {
    match untagged(response) {
        Some(Untagged::Fetch { items, .. }) => items,
        _ => &mut [],
    }
}

/// Leaves items out. One that has no other item is left as it is, since FETCH is never empty.
pub(super) fn without(response: &mut Response<'static>, test: fn(&MessageAttribute<'_>) -> bool) {
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

/// Takes a macro for these items.
fn expand(
    body: &mut CommandBody<'static>,
    name: FetchItems<'static>,
    attributes: &[FetchAttribute<'static>],
) {
    if let CommandBody::Fetch { items, .. } = body
        && *items == name
    {
        *items = FetchItems::Attributes(attributes.to_vec());
    }
}

/// Replaces one sequence of octets, where it is first, in an untagged response.
fn replace_first(octets: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    match octets.windows(from.len()).position(|at| at == from) {
        Some(at) if octets.starts_with(b"* ") => {
            [&octets[..at], to, &octets[at + from.len()..]].concat()
        }
        _ => octets,
    }
}
