//! Faults in LIST and LSUB.

use imap_grammar::{
    CommandBody, ImapString, ListAttribute, ListPatterns, Mailbox, MailboxList, Response, Status,
    Untagged,
};

use super::{Change, Fault, ok_to_no, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "list-percent-is-star",
        requirement: "rfc3501/6.3.8-20",
        summary: "lets % match the hierarchy delimiter",
        change: Change::Command(|_, body| {
            if let CommandBody::List { patterns: ListPatterns::Single(pattern), .. } = body {
                replace_octet(pattern, b'%', b'*');
            }
        }),
    },
    Fault {
        name: "list-star-is-percent",
        requirement: "rfc3501/6.3.8-19",
        summary: "does not let * match the hierarchy delimiter",
        change: Change::Command(|_, body| {
            if let CommandBody::List { patterns: ListPatterns::Single(pattern), .. } = body {
                replace_octet(pattern, b'*', b'%');
            }
        }),
    },
    Fault {
        name: "list-drops-attributes",
        requirement: "rfc3501/6.3.4-10",
        summary: "never says that a mailbox cannot be selected",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list) | Untagged::Lsub(list)) = untagged(response) {
                list.attributes.retain(|attribute| *attribute != ListAttribute::NoSelect);
            }
        }),
    },
    Fault {
        name: "list-wrong-delimiter",
        requirement: "rfc3501/6.3.8-11",
        summary: "tells another hierarchy delimiter in LIST than it uses",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response) {
                list.delimiter = Some(if list.delimiter == Some(b'.') { b'/' } else { b'.' });
            }
        }),
    },
    Fault {
        name: "list-without-inbox",
        requirement: "rfc3501/6.3.8-24",
        summary: "leaves INBOX out of LIST",
        change: Change::Drop(|_, response| match response {
            Response::Untagged(Untagged::List(list)) => list.mailbox == Mailbox::Inbox,
            _ => false,
        }),
    },
    Fault {
        name: "list-has-an-inbox-that-is-not-there",
        requirement: "rfc3501/6.3.8-25",
        summary: "lists an INBOX that cannot be selected",
        change: Change::Command(|_, body| {
            if let CommandBody::Select { mailbox, .. } | CommandBody::Examine { mailbox, .. } = body
                && *mailbox == Mailbox::Inbox
                && let Some(missing) = Mailbox::new(&b"not there"[..])
            {
                *mailbox = missing;
            }
        }),
    },
    Fault {
        name: "list-root-missing",
        requirement: "rfc3501/6.3.8-09",
        summary: "answers LIST with an empty pattern with OK alone",
        change: Change::Drop(|exchange, response| {
            let asks_root = |body: &CommandBody<'_>| match body {
                CommandBody::List { patterns: ListPatterns::Single(pattern), .. } => {
                    pattern.as_bytes().is_empty()
                }
                _ => false,
            };
            exchange.during(asks_root) && matches!(response, Response::Untagged(Untagged::List(_)))
        }),
    },
    Fault {
        name: "list-ignores-reference",
        requirement: "rfc3501/6.3.8-08",
        summary: "takes every reference name for the empty one",
        change: Change::Command(|_, body| {
            if let CommandBody::List { reference, .. } = body
                && let Some(empty) = Mailbox::new(&b""[..])
            {
                *reference = empty;
            }
        }),
    },
    Fault {
        name: "lsub-is-list",
        requirement: "rfc3501/6.3.9-01",
        summary: "lists mailboxes in LSUB that are not subscribed",
        change: Change::Both {
            command: |_, body| {
                if let CommandBody::Lsub { reference, pattern } = body.clone() {
                    let (selection, patterns) = (None, ListPatterns::Single(pattern));
                    *body = CommandBody::List { selection, reference, patterns, returns: None };
                }
            },
            response: |exchange, response| {
                let lsub = |body: &CommandBody<'_>| matches!(body, CommandBody::Lsub { .. });
                if let Response::Untagged(Untagged::List(list)) = response
                    && exchange.during(lsub)
                {
                    *response = Response::Untagged(Untagged::Lsub(list.clone()));
                }
            },
        },
    },
    Fault {
        name: "lsub-finds-nothing",
        requirement: "rfc3501/6.3.9-01",
        summary: "answers LSUB with OK alone",
        change: Change::Drop(|_, response| {
            matches!(response, Response::Untagged(Untagged::Lsub(_)))
        }),
    },
    Fault {
        name: "list-echoes-the-pattern",
        requirement: "rfc3501/6.3.8-02",
        summary: "lists a name that matches the pattern where there is no mailbox",
        change: Change::Replace(|exchange, response| {
            let is_list = |body: &CommandBody<'_>| matches!(body, CommandBody::List { .. });
            let completes = matches!(&response, Response::Tagged(tagged)
                if exchange.command(&tagged.tag).is_some_and(is_list));
            let mut echoed = None;
            if completes && exchange.told == 0 {
                exchange.during(|body| {
                    echoed = pattern(body).and_then(echo);
                    echoed.is_some()
                });
            }
            echoed.into_iter().chain([response]).collect()
        }),
    },
    Fault {
        name: "list-of-nothing-is-no",
        requirement: "rfc3501/6.3.8-02",
        summary: "says NO to a LIST that matches nothing",
        change: Change::Edit(|exchange, response| {
            if exchange.told == 0 {
                ok_to_no(exchange, response, |body| matches!(body, CommandBody::List { .. }));
            }
        }),
    },
    Fault {
        name: "list-stops-at-the-star",
        requirement: "rfc3501/6.3.8-07",
        summary: "ignores what follows * in a pattern",
        change: Change::Command(|_, body| {
            if let CommandBody::List { patterns: ListPatterns::Single(pattern), .. } = body
                && let Some(star) = pattern.as_bytes().iter().position(|&octet| octet == b'*')
                && let Some(cut) = ImapString::new(pattern.as_bytes()[..=star].to_vec())
            {
                *pattern = cut;
            }
        }),
    },
    Fault {
        name: "list-without-levels",
        requirement: "rfc3501/6.3.8-21",
        summary: "lists no level of hierarchy that is no mailbox",
        change: Change::Drop(|_, response| match response {
            Response::Untagged(Untagged::List(list)) => {
                list.attributes.contains(&ListAttribute::NoSelect)
                    && !list.mailbox.as_bytes().is_empty()
            }
            _ => false,
        }),
    },
    Fault {
        name: "list-without-delimiter",
        requirement: "rfc3501/6.3.8-01",
        summary: "tells no hierarchy delimiter of names that have one",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response)
                && !list.mailbox.as_bytes().is_empty()
            {
                list.delimiter = None;
            }
        }),
    },
    Fault {
        name: "list-marked-and-unmarked",
        requirement: "rfc3501/9-91",
        summary: "lists mailboxes as both \\Marked and \\Unmarked",
        change: Change::Octets(|_, octets| match octets.strip_prefix(b"* LIST (") {
            Some(rest) if !rest.starts_with(b"\\Noselect") => {
                let space: &[u8] = if rest.starts_with(b")") { b"" } else { b" " };
                [b"* LIST (\\Marked \\Unmarked", space, rest].concat()
            }
            _ => octets,
        }),
    },
    Fault {
        name: "list-names-another-case",
        requirement: "rfc3501/6.3.8-07",
        summary: "lists names in upper case",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response)
                && list.mailbox != Mailbox::Inbox
                && let Some(upper) = Mailbox::new(list.mailbox.as_bytes().to_ascii_uppercase())
            {
                list.mailbox = upper;
            }
        }),
    },
    Fault {
        name: "lsub-percent-is-star",
        requirement: "rfc3501/6.3.9-06",
        summary: "lets % in LSUB match the hierarchy delimiter",
        change: Change::Command(|_, body| {
            if let CommandBody::Lsub { pattern, .. } = body {
                replace_octet(pattern, b'%', b'*');
            }
        }),
    },
    Fault {
        name: "lsub-forgets-deleted-names",
        requirement: "rfc3501/6.3.9-08",
        summary: "drops deleted mailboxes from the subscriptions",
        change: Change::Drop(|exchange, response| {
            let Response::Untagged(Untagged::Lsub(list)) = response else { return false };
            exchange.ended(
                Status::Ok,
                |body| matches!(body, CommandBody::Delete(deleted) if *deleted == list.mailbox),
            )
        }),
    },
    Fault {
        name: "lsub-of-nothing-is-no",
        requirement: "rfc3501/6.3.9-02",
        summary: "says NO to an LSUB that matches nothing",
        change: Change::Edit(|exchange, response| {
            if exchange.told == 0 {
                ok_to_no(exchange, response, |body| matches!(body, CommandBody::Lsub { .. }));
            }
        }),
    },
    Fault {
        name: "list-children-with-another-delimiter",
        requirement: "rfc3501/5.1.1-01",
        summary: "tells another hierarchy delimiter of names below others",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response)
                && let Some(delimiter) = list.delimiter
            {
                let levels = list.mailbox.as_bytes().split(|octet| *octet == delimiter).count();
                // Below the mailboxes of a case, which stand in those of the run.
                if levels > 3 {
                    list.delimiter = Some(b'\\');
                }
            }
        }),
    },
];

fn replace_octet(string: &mut ImapString<'static>, from: u8, to: u8) {
    let octets: Vec<u8> =
        string.as_bytes().iter().map(|&octet| if octet == from { to } else { octet }).collect();
    if let Some(replaced) = ImapString::new(octets) {
        *string = replaced;
    }
}

fn pattern<'b>(body: &'b CommandBody<'_>) -> Option<&'b [u8]> {
    match body {
        CommandBody::List { patterns: ListPatterns::Single(pattern), .. } => {
            Some(pattern.as_bytes())
        }
        _ => None,
    }
}

/// A LIST response with the pattern as a name.
fn echo(pattern: &[u8]) -> Option<Response<'static>> {
    let name: Vec<u8> = pattern.iter().copied().filter(|octet| !b"%*".contains(octet)).collect();
    let list = MailboxList {
        attributes: Vec::new(),
        delimiter: Some(b'/'),
        mailbox: Mailbox::new(name)?,
        extended: Vec::new(),
    };
    Some(Response::Untagged(Untagged::List(list)))
}
