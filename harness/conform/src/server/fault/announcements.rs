//! Faults in what a server announces: greetings, capabilities, response codes, challenges, flags.

use imap_grammar::{
    Atom, Capability, Code, CommandBody, Continue, Flag, FlagPerm, ImapString, Mailbox,
    MessageAttribute, RespText, Response, Status, Tagged, Text, Untagged,
};

use super::{Change, Fault, completes, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "challenge-is-text",
        requirement: "rfc3501/6.2.2-09",
        summary: "sends words instead of BASE64 as challenge",
        change: Change::Edit(|exchange, response| {
            let authenticating =
                exchange.during(|body| matches!(body, CommandBody::Authenticate { .. }));
            if let Response::Continue(request) = response
                && authenticating
            {
                *request = Continue { text: words("Who are you?") };
            }
        }),
    },
    Fault {
        name: "capabilities-differ",
        requirement: "rfc3501/7.2.1-12",
        summary: "leaves out of CAPABILITY what it has told unasked",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Capability(capabilities)) = untagged(response) {
                capabilities.retain(|capability| !capability.is("IDLE"));
            }
        }),
    },
    Fault {
        name: "imap4-is-last",
        requirement: "rfc3501/9-45",
        summary: "lists IMAP4 behind the other capabilities",
        change: Change::Edit(|_, response| {
            let imap4 = Atom::new("IMAP4").map(Capability);
            match response {
                Response::Untagged(Untagged::Capability(capabilities)) => {
                    capabilities.extend(imap4)
                }
                Response::Tagged(Tagged {
                    text: RespText { code: Some(Code::Capability(capabilities)), .. },
                    ..
                }) => capabilities.extend(imap4),
                _ => {}
            }
        }),
    },
    Fault {
        name: "idle-is-not-there",
        requirement: "rfc3501/7.2.1-06",
        summary: "does not know the IDLE that it lists",
        change: Change::Command(|_, body| {
            if *body == CommandBody::Idle {
                *body = CommandBody::Noop;
            }
        }),
    },
    Fault {
        name: "listed-mechanism-is-refused",
        requirement: "rfc3501/7.2.1-04",
        summary: "does not know the mechanisms that it lists",
        change: Change::Command(|_, body| {
            if let CommandBody::Authenticate { mechanism, .. } = body
                && let Some(unknown) = Atom::new("X-UNKNOWN")
            {
                *mechanism = unknown;
            }
        }),
    },
    Fault {
        name: "flags-without-draft",
        requirement: "rfc3501/7.2.6-02",
        summary: "leaves a system flag out of FLAGS",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Flags(flags)) = untagged(response) {
                flags.retain(|flag| *flag != Flag::Draft);
            }
        }),
    },
    Fault {
        name: "unknown-system-flag",
        requirement: "rfc3501/9-72",
        summary: "lists a system flag that no standard defines",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Flags(flags)) = untagged(response) {
                flags.extend(Atom::new("Forwarded").map(Flag::Extension));
            }
        }),
    },
    Fault {
        name: "permanentflags-with-recent",
        requirement: "rfc3501/9-75",
        summary: "lists \\Recent among the permanent flags",
        change: Change::Octets(|_, octets| {
            replaced(octets, "[PERMANENTFLAGS (", "[PERMANENTFLAGS (\\Recent ")
        }),
    },
    Fault {
        name: "permanentflags-empty",
        requirement: "rfc3501/7.1-10",
        summary: "lists no permanent flags though they can be changed",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Status { text, .. }) = untagged(response)
                && let Some(Code::PermanentFlags(flags)) = &mut text.code
            {
                flags.retain(|flag| *flag == FlagPerm::Any);
            }
        }),
    },
    Fault {
        name: "read-write-with-argument",
        requirement: "rfc3501/9-115",
        summary: "gives READ-WRITE an argument",
        change: Change::Octets(|_, octets| replaced(octets, "[READ-WRITE]", "[READ-WRITE yes]")),
    },
    Fault {
        name: "uidvalidity-with-sign",
        requirement: "rfc3501/9-116",
        summary: "writes a sign before UIDVALIDITY",
        change: Change::Octets(|_, octets| {
            replaced(octets, "* OK [UIDVALIDITY ", "* OK [UIDVALIDITY +")
        }),
    },
    Fault {
        name: "trycreate-though-it-exists",
        requirement: "rfc3501/7.1-17",
        summary: "says TRYCREATE when COPY and APPEND succeed",
        change: Change::Edit(|exchange, response| {
            let copies = |body: &CommandBody<'_>| {
                matches!(body, CommandBody::Copy { .. } | CommandBody::Append { .. })
            };
            if let Some(tagged) = completes(exchange, response, copies)
                && tagged.status == Status::Ok
            {
                tagged.text.code = Some(Code::TryCreate);
            }
        }),
    },
    Fault {
        name: "badcharset-for-us-ascii",
        requirement: "rfc3501/6.4.4-10",
        summary: "says BADCHARSET to every charset",
        change: Change::Edit(|exchange, response| {
            let names_one = |body: &CommandBody<'_>| {
                matches!(body, CommandBody::Search { charset: Some(_), .. })
            };
            if let Some(tagged) = completes(exchange, response, names_one) {
                tagged.status = Status::No;
                tagged.text.code = Some(Code::BadCharset(Vec::new()));
            }
        }),
    },
    Fault {
        name: "badcharset-lists-what-is-unknown",
        requirement: "rfc3501/7.1-06",
        summary: "lists first in BADCHARSET a charset that it does not know",
        change: Change::Edit(|_, response| {
            if let Response::Tagged(tagged) = response
                && let Some(Code::BadCharset(charsets)) = &mut tagged.text.code
                && let Some(unknown) = ImapString::new(b"X-UNHEARD-OF")
            {
                charsets.insert(0, unknown);
            }
        }),
    },
    Fault {
        name: "keyword-is-bad",
        requirement: "rfc3501/7.1-12",
        summary: "says BAD to STORE of a keyword",
        change: Change::Edit(|exchange, response| {
            let stores_one = |body: &CommandBody<'_>| match body {
                CommandBody::Store { flags, .. } => {
                    flags.iter().any(|flag| matches!(flag, Flag::Keyword(_)))
                }
                _ => false,
            };
            if let Some(tagged) = completes(exchange, response, stores_one) {
                tagged.status = Status::Bad;
            }
        }),
    },
    Fault {
        name: "failed-login-says-why",
        requirement: "rfc3501/11.2-06",
        summary: "says that there is no such user, rather than that the password is wrong",
        change: Change::Edit(|exchange, response| {
            let unknown = |body: &CommandBody<'_>| match body {
                CommandBody::Login { user, .. } => user.as_bytes().starts_with(b"imap-conform"),
                _ => false,
            };
            if let Some(tagged) = completes(exchange, response, unknown)
                && let Some(text) = Text::new("There is no such user")
            {
                tagged.text.text = text;
            }
        }),
    },
    Fault {
        name: "bye-after-selection",
        requirement: "rfc3501/5.4-01",
        summary: "logs out for inactivity as soon as a mailbox is selected",
        change: Change::Replace(|exchange, response| {
            let selects = |body: &CommandBody<'_>| matches!(body, CommandBody::Select { .. });
            let mut response = response;
            let over = completes(exchange, &mut response, selects).is_some();
            let bye = words("Autologout; idle for too long").map(Untagged::Bye);
            let bye = bye.filter(|_| over).map(Response::Untagged);
            [response].into_iter().chain(bye).collect()
        }),
    },
    Fault {
        name: "logout-without-ok",
        requirement: "rfc3501/3.4-02",
        summary: "closes the connection at LOGOUT without its completion",
        change: Change::Drop(|exchange, response| match response {
            Response::Tagged(tagged) => exchange.command(&tagged.tag) == Some(&CommandBody::Logout),
            _ => false,
        }),
    },
    Fault {
        name: "recent-is-not-told",
        requirement: "rfc3501/7-08",
        summary: "tells of new messages without RECENT",
        change: Change::Drop(|exchange, response| {
            let opens = exchange.during(|body| {
                matches!(body, CommandBody::Select { .. } | CommandBody::Examine { .. })
            });
            matches!(response, Response::Untagged(Untagged::Recent(_))) && !opens
        }),
    },
    Fault {
        name: "recent-on-no-message",
        requirement: "rfc3501/2.3.2-04",
        summary: "shows \\Recent on no message",
        change: Change::Edit(|_, response| {
            for flags in flags_of(response) {
                flags.retain(|flag| *flag != Flag::Recent);
            }
        }),
    },
    Fault {
        name: "recent-on-every-message",
        requirement: "rfc3501/2.3.2-05",
        summary: "shows \\Recent on every message in every session",
        change: Change::Edit(|_, response| {
            for flags in flags_of(response) {
                flags.retain(|flag| *flag != Flag::Recent);
                flags.push(Flag::Recent);
            }
        }),
    },
    Fault {
        name: "search-unasked",
        requirement: "rfc3501/7.2.5-01",
        summary: "sends a SEARCH response for FETCH",
        change: Change::Replace(|exchange, mut response| {
            let fetches = |body: &CommandBody<'_>| matches!(body, CommandBody::Fetch { .. });
            let unasked = completes(exchange, &mut response, fetches).is_some();
            let search =
                Response::Untagged(Untagged::Search { numbers: Vec::new(), mod_seq: None });
            unasked.then_some(search).into_iter().chain([response]).collect()
        }),
    },
    Fault {
        name: "status-of-another-name",
        requirement: "rfc3501/7.2.4-01",
        summary: "names another mailbox in STATUS than was asked for",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::MailboxStatus { mailbox, .. }) = untagged(response) {
                *mailbox = Mailbox::Inbox;
            }
        }),
    },
    Fault {
        name: "origin-unasked",
        requirement: "rfc3501/7.4.2-08",
        summary: "names an origin octet though the whole section was asked for",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Fetch { items, .. }) = untagged(response) {
                for item in items {
                    if let MessageAttribute::BodySection(section) = item {
                        section.origin = section.origin.or(Some(0));
                    }
                }
            }
        }),
    },
    Fault {
        name: "uid-is-number",
        requirement: "rfc3501/2.3.1.1-05",
        summary: "numbers the unique identifiers without gaps, as the messages",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Fetch { number, items }) = untagged(response) {
                for item in items {
                    if let MessageAttribute::Uid(uid) = item {
                        *uid = *number;
                    }
                }
            }
        }),
    },
    Fault {
        name: "literal-behind-a-space",
        requirement: "rfc3501/4.3-03",
        summary: "puts a space between the announcement of a literal and its octets",
        change: Change::Octets(|_, octets| replaced(octets, "}\r\n", "}\r\n ")),
    },
    Fault {
        name: "experimental-response-unasked",
        requirement: "rfc3501/6.5.1-04",
        summary: "tells of the load in a response of its own at NOOP",
        change: Change::Octets(|exchange, octets| {
            let noop = exchange.during(|body| *body == CommandBody::Noop);
            if noop && !octets.starts_with(b"* ") {
                [b"* X-LOAD 3\r\n".as_slice(), &octets].concat()
            } else {
                octets
            }
        }),
    },
    Fault {
        name: "text-with-nul",
        requirement: "rfc3501/9-05",
        summary: "ends the text of CHECK with NUL",
        change: Change::Octets(|exchange, octets| {
            let checks = exchange.during(|body| *body == CommandBody::Check);
            match octets.strip_suffix(b"\r\n") {
                Some(line) if checks && !line.starts_with(b"* ") => [line, b"\0\r\n"].concat(),
                _ => octets,
            }
        }),
    },
];

fn words(text: &'static str) -> Option<RespText<'static>> {
    Text::new(text).map(|text| RespText { code: None, text })
}

/// The flags of a FETCH response.
fn flags_of<'r>(
    response: &'r mut Response<'static>,
) -> impl Iterator<Item = &'r mut Vec<Flag<'static>>> {
    let items = match untagged(response) {
        Some(Untagged::Fetch { items, .. }) => items.as_mut_slice(),
        _ => &mut [],
    };
    items.iter_mut().filter_map(|item| match item {
        MessageAttribute::Flags(flags) => Some(flags),
        _ => None,
    })
}

/// The octets with the first occurrence of one text replaced by another.
fn replaced(octets: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    match octets.windows(from.len()).position(|found| found == from.as_bytes()) {
        Some(at) => [&octets[..at], to.as_bytes(), &octets[at + from.len()..]].concat(),
        None => octets,
    }
}
