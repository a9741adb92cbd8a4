//! Faults in SEARCH as a whole: what is answered, and in which charset is searched.

use std::num::NonZeroU32;

use imap_grammar::{Code, CommandBody, Response, Status, Untagged};

use super::{Change, Fault, completes, no_to_ok, ok_to_no, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "search-loses-the-last",
        requirement: "rfc3501/6.4.4-03",
        summary: "leaves the last message found out",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Search { numbers, .. }) = untagged(response) {
                numbers.pop();
            }
        }),
    },
    Fault {
        name: "search-finds-the-first",
        requirement: "rfc3501/6.4.4-03",
        summary: "finds the first message whatever is searched",
        change: Change::Edit(|exchange, response| {
            let by_number =
                |body: &CommandBody<'_>| matches!(body, CommandBody::Search { uid: false, .. });
            if let Some(Untagged::Search { numbers, .. }) = untagged(response)
                && exchange.during(by_number)
                && exchange.exists > 0
                && !numbers.contains(&NonZeroU32::MIN)
            {
                numbers.insert(0, NonZeroU32::MIN);
            }
        }),
    },
    Fault {
        name: "search-nothing-says-nothing",
        requirement: "rfc3501/6.4.4-01",
        summary: "sends no SEARCH response where nothing is found",
        change: Change::Drop(|_, response| match response {
            Response::Untagged(Untagged::Search { numbers, .. }) => numbers.is_empty(),
            _ => false,
        }),
    },
    Fault {
        name: "search-takes-the-first-key",
        requirement: "rfc3501/6.4.4-04",
        summary: "looks only at the first of several keys",
        change: Change::Command(|_, body| {
            if let CommandBody::Search { keys, .. } = body {
                keys.truncate(1);
            }
        }),
    },
    Fault {
        name: "search-any-charset",
        requirement: "rfc3501/6.4.4-12",
        summary: "says OK to a charset it does not know",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, searches)),
    },
    Fault {
        name: "search-without-badcharset",
        requirement: "rfc3501/6.4.4-13",
        summary: "says NO to a charset without BADCHARSET",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, searches) {
                tagged.text.code.take_if(|code| matches!(code, Code::BadCharset(_)));
            }
        }),
    },
    Fault {
        name: "uid-search-tells-numbers",
        requirement: "rfc3501/6.4.8-07",
        summary: "answers UID SEARCH with message sequence numbers",
        change: Change::Command(|_, body| {
            if let CommandBody::Search { uid, .. } = body {
                *uid = false;
            }
        }),
    },
    Fault {
        name: "search-us-ascii-is-no",
        requirement: "rfc3501/6.4.4-10",
        summary: "does not know the charset US-ASCII",
        change: Change::Edit(|exchange, response| {
            ok_to_no(exchange, response, |body| match body {
                CommandBody::Search { charset: Some(charset), .. } => {
                    charset.eq_ignore_ascii_case("US-ASCII")
                }
                _ => false,
            });
        }),
    },
    Fault {
        name: "search-bad-for-charset",
        requirement: "rfc3501/6.4.4-12",
        summary: "says BAD to a charset it does not know",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, searches)
                && tagged.status == Status::No
            {
                tagged.status = Status::Bad;
            }
        }),
    },
    Fault {
        name: "search-ends-in-a-space",
        requirement: "rfc3501/9-88",
        summary: "ends SEARCH responses with a space",
        change: Change::Octets(|_, octets| match octets.strip_suffix(b"\r\n") {
            Some(line) if line.starts_with(b"* SEARCH") => [line, b" \r\n"].concat(),
            _ => octets,
        }),
    },
    Fault {
        name: "search-finds-zero",
        requirement: "rfc3501/9-88",
        summary: "tells the number 0 where nothing is found",
        change: Change::Octets(|_, octets| match octets.as_slice() {
            b"* SEARCH\r\n" => b"* SEARCH 0\r\n".to_vec(),
            _ => octets,
        }),
    },
    Fault {
        name: "search-is-tagged-data",
        requirement: "rfc3501/7-03",
        summary: "puts the tag before SEARCH data",
        change: Change::Octets(|exchange, octets| match octets.strip_prefix(b"* SEARCH") {
            Some(numbers) => match exchange.oldest_tag() {
                Some(tag) => [tag.as_str().as_bytes(), b" SEARCH", numbers].concat(),
                None => octets,
            },
            None => octets,
        }),
    },
];

fn searches(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Search { .. })
}
