//! Faults in how mailboxes are made, named, listed and counted.

use imap_grammar::{
    CommandBody, ImapString, ListAttribute, ListPatterns, Mailbox, Response, StatusAttribute,
    Untagged,
};

use super::{Change, Fault, after_completion, no_to_ok, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "create-existing-is-ok",
        requirement: "rfc3501/6.3.3-04",
        summary: "says OK to the CREATE of a mailbox that is there",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, creates)),
    },
    Fault {
        name: "create-does-nothing",
        requirement: "rfc3501/6.3.3-02",
        summary: "says OK to CREATE and makes no mailbox",
        change: Change::Command(|_, body| nothing_instead(body, creates)),
    },
    Fault {
        name: "delete-missing-is-ok",
        requirement: "rfc3501/6.3.4-04",
        summary: "says OK to the DELETE of a mailbox that is not there",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, deletes)),
    },
    Fault {
        name: "delete-does-nothing",
        requirement: "rfc3501/6.3.4-02",
        summary: "says OK to DELETE and keeps the mailbox",
        change: Change::Command(|_, body| nothing_instead(body, deletes)),
    },
    Fault {
        name: "rename-missing-is-ok",
        requirement: "rfc3501/6.3.5-03",
        summary: "says OK to the RENAME of a mailbox that is not there, or to a name that is taken",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, renames)),
    },
    Fault {
        name: "rename-does-nothing",
        requirement: "rfc3501/6.3.5-02",
        summary: "says OK to RENAME and keeps the name",
        change: Change::Command(|_, body| nothing_instead(body, renames)),
    },
    Fault {
        name: "rename-is-create",
        requirement: "rfc3501/6.3.5-01",
        summary: "makes an empty mailbox of the new name and keeps the old one",
        change: Change::Command(|_, body| {
            if let CommandBody::Rename { to, .. } = body.clone() {
                *body = CommandBody::Create { mailbox: to, special_use: Vec::new() };
            }
        }),
    },
    Fault {
        name: "subscribe-does-nothing",
        requirement: "rfc3501/6.3.6-02",
        summary: "says OK to SUBSCRIBE and forgets it",
        change: Change::Command(|_, body| {
            nothing_instead(body, |body| matches!(body, CommandBody::Subscribe(_)));
        }),
    },
    Fault {
        name: "unsubscribe-does-nothing",
        requirement: "rfc3501/6.3.7-02",
        summary: "says OK to UNSUBSCRIBE and forgets it",
        change: Change::Command(|_, body| {
            nothing_instead(body, |body| matches!(body, CommandBody::Unsubscribe(_)));
        }),
    },
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
        requirement: "rfc3501/7.2.2-12",
        summary: "never says that a mailbox cannot be selected",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list) | Untagged::Lsub(list)) = untagged(response) {
                list.attributes.retain(|attribute| *attribute != ListAttribute::NoSelect);
            }
        }),
    },
    Fault {
        name: "list-wrong-delimiter",
        requirement: "rfc3501/7.2.2-08",
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
        name: "list-root-missing",
        requirement: "rfc3501/6.3.8-11",
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
        name: "status-counts-one-more",
        requirement: "rfc3501/6.3.10-07",
        summary: "counts one message too many in STATUS",
        change: Change::Edit(|_, response| {
            edit_status(response, StatusAttribute::Messages, |value| value + 1);
        }),
    },
    Fault {
        name: "status-unseen-is-all",
        requirement: "rfc3501/6.3.10-11",
        summary: "counts seen messages as unseen in STATUS",
        change: Change::Edit(|_, response| {
            edit_status(response, StatusAttribute::Unseen, |value| value + 1);
        }),
    },
    Fault {
        name: "status-uidnext-is-one",
        requirement: "rfc3501/6.3.10-09",
        summary: "always says UIDNEXT 1 in STATUS",
        change: Change::Edit(|_, response| edit_status(response, StatusAttribute::UidNext, |_| 1)),
    },
    Fault {
        name: "status-uidvalidity-differs",
        requirement: "rfc3501/6.3.10-10",
        summary: "tells another UIDVALIDITY in STATUS than in SELECT",
        change: Change::Edit(|_, response| {
            edit_status(response, StatusAttribute::UidValidity, |value| value + 1);
        }),
    },
    Fault {
        name: "status-leaves-out",
        requirement: "rfc3501/7.2.4-02",
        summary: "leaves the last thing asked for out of STATUS",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::MailboxStatus { attributes, .. }) = untagged(response) {
                attributes.pop();
            }
        }),
    },
    Fault {
        name: "status-after-ok",
        requirement: "rfc3501/2.2.1-07",
        summary: "sends STATUS after its completion",
        change: Change::Replace(|exchange, response| {
            after_completion(exchange, response, |untagged| {
                matches!(untagged, Untagged::MailboxStatus { .. })
            })
        }),
    },
    Fault {
        name: "status-missing-is-ok",
        requirement: "rfc3501/6.3.10-02",
        summary: "says OK to the STATUS of a mailbox that is not there",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| matches!(body, CommandBody::Status { .. }));
        }),
    },
];

fn creates(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Create { .. })
}

fn deletes(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Delete(_))
}

fn renames(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Rename { .. })
}

/// A command that the server forgets, and says OK to.
fn nothing_instead(body: &mut CommandBody<'static>, kind: fn(&CommandBody<'_>) -> bool) {
    if kind(body) {
        *body = CommandBody::Noop;
    }
}

fn replace_octet(string: &mut ImapString<'static>, from: u8, to: u8) {
    let octets: Vec<u8> =
        string.as_bytes().iter().map(|&octet| if octet == from { to } else { octet }).collect();
    if let Some(replaced) = ImapString::new(octets) {
        *string = replaced;
    }
}

fn edit_status(response: &mut Response<'static>, which: StatusAttribute, edit: fn(u64) -> u64) {
    if let Some(Untagged::MailboxStatus { attributes, .. }) = untagged(response) {
        for (attribute, value) in attributes {
            if *attribute == which {
                *value = edit(*value);
            }
        }
    }
}
