//! Faults in STATUS.

use imap_grammar::{CommandBody, Response, StatusAttribute, Untagged};

use super::{Change, Fault, after_completion, no_to_ok, untagged};

pub(super) const FAULTS: &[Fault] = &[
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
    Fault {
        name: "status-recent-is-all",
        requirement: "rfc3501/6.3.10-08",
        summary: "counts all messages as recent in STATUS",
        change: Change::Edit(|_, response| {
            edit_status(response, StatusAttribute::Recent, |value| value + 1)
        }),
    },
    Fault {
        name: "status-unseen-is-one",
        requirement: "rfc3501/6.3.10-11",
        summary: "tells in STATUS whether a message is unseen, not how many are",
        change: Change::Edit(|_, response| {
            edit_status(response, StatusAttribute::Unseen, |value| value.min(1));
        }),
    },
    Fault {
        name: "status-deselects",
        requirement: "rfc3501/6.3.10-03",
        summary: "forgets the selected mailbox at STATUS",
        change: Change::Command(|exchange, body| {
            let is_bound = matches!(body, CommandBody::Fetch { .. } | CommandBody::Store { .. });
            let status = |body: &CommandBody<'_>| matches!(body, CommandBody::Status { .. });
            if is_bound && exchange.follows(status) {
                *body = CommandBody::Noop;
            }
        }),
    },
];

fn edit_status(response: &mut Response<'static>, which: StatusAttribute, edit: fn(u64) -> u64) {
    if let Some(Untagged::MailboxStatus { attributes, .. }) = untagged(response) {
        for (attribute, value) in attributes {
            if *attribute == which {
                *value = edit(*value);
            }
        }
    }
}
