//! Faults in SELECT, EXAMINE, CLOSE and what they tell.

use std::num::NonZeroU32;

use imap_grammar::{Code, CommandBody, RespText, Response, Status, Untagged};

use super::{Change, Fault, completes, no_to_ok, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "select-without-flags",
        requirement: "rfc3501/6.3.1-04",
        summary: "opens mailboxes without FLAGS",
        change: Change::Drop(|_, response| {
            matches!(response, Response::Untagged(Untagged::Flags(_)))
        }),
    },
    Fault {
        name: "select-without-exists",
        requirement: "rfc3501/6.3.1-05",
        summary: "opens mailboxes without EXISTS",
        change: Change::Drop(|exchange, response| {
            exchange.during(opens) && matches!(response, Response::Untagged(Untagged::Exists(_)))
        }),
    },
    Fault {
        name: "select-without-recent",
        requirement: "rfc3501/6.3.1-06",
        summary: "opens mailboxes without RECENT",
        change: Change::Drop(|_, response| {
            matches!(response, Response::Untagged(Untagged::Recent(_)))
        }),
    },
    Fault {
        name: "select-without-uidvalidity",
        requirement: "rfc3501/6.3.1-12",
        summary: "opens mailboxes without UIDVALIDITY",
        change: Change::Drop(|_, response| {
            has_code(response, |code| matches!(code, Code::UidValidity(_)))
        }),
    },
    Fault {
        name: "select-without-uidnext",
        requirement: "rfc3501/6.3.1-11",
        summary: "opens mailboxes without UIDNEXT",
        change: Change::Drop(|_, response| {
            has_code(response, |code| matches!(code, Code::UidNext(_)))
        }),
    },
    Fault {
        name: "select-without-permanentflags",
        requirement: "rfc3501/6.3.1-10",
        summary: "opens mailboxes without PERMANENTFLAGS",
        change: Change::Drop(|_, response| {
            has_code(response, |code| matches!(code, Code::PermanentFlags(_)))
        }),
    },
    Fault {
        name: "select-without-unseen",
        requirement: "rfc3501/6.3.1-07",
        summary: "never says which message is the first unseen one",
        change: Change::Drop(|_, response| {
            has_code(response, |code| matches!(code, Code::Unseen(_)))
        }),
    },
    Fault {
        name: "unseen-is-last",
        requirement: "rfc3501/6.3.1-08",
        summary: "says that the last message is the first unseen one",
        change: Change::Edit(|exchange, response| {
            if let Some(Code::Unseen(number)) = code(response)
                && let Some(last) = NonZeroU32::new(exchange.exists)
            {
                *number = last;
            }
        }),
    },
    Fault {
        name: "uidvalidity-changes",
        requirement: "rfc3501/2.3.1.1-16",
        summary: "gives another UIDVALIDITY at every opening",
        change: Change::Edit(|exchange, response| {
            if let Some(Code::UidValidity(value)) = code(response) {
                *value = value.saturating_add(exchange.selections);
            }
        }),
    },
    Fault {
        name: "uidnext-is-one",
        requirement: "rfc3501/2.3.1.1-11",
        summary: "always says UIDNEXT 1",
        change: Change::Edit(|_, response| {
            if let Some(Code::UidNext(value)) = code(response) {
                *value = NonZeroU32::MIN;
            }
        }),
    },
    Fault {
        name: "exists-one-less",
        requirement: "rfc3501/6.3.1-13",
        summary: "tells of one message less at the opening",
        change: Change::Edit(|exchange, response| {
            if exchange.during(opens)
                && let Some(Untagged::Exists(exists)) = untagged(response)
            {
                *exists = exists.saturating_sub(1);
            }
        }),
    },
    Fault {
        name: "select-without-access",
        requirement: "rfc3501/6.3.2-10",
        summary: "leaves READ-WRITE and READ-ONLY out",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, opens) {
                tagged.text.code = None;
            }
        }),
    },
    Fault {
        name: "examine-says-read-write",
        requirement: "rfc3501/6.3.2-10",
        summary: "completes EXAMINE with READ-WRITE",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, examines) {
                tagged.text.code = Some(Code::ReadWrite);
            }
        }),
    },
    Fault {
        name: "examine-is-select",
        requirement: "rfc3501/6.3.2-07",
        summary: "lets the client change a mailbox it only examines",
        change: Change::Command(|_, body| {
            if let CommandBody::Examine { mailbox, parameters } = body.clone() {
                *body = CommandBody::Select { mailbox, parameters };
            }
        }),
    },
    Fault {
        name: "select-missing-is-ok",
        requirement: "rfc3501/6.3.1-02",
        summary: "says OK to the SELECT of a mailbox that is not there",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, opens)),
    },
    Fault {
        name: "close-does-not-expunge",
        requirement: "rfc3501/6.4.2-01",
        summary: "leaves deleted messages where they are at CLOSE",
        change: Change::Command(|_, body| {
            if *body == CommandBody::Close {
                *body = CommandBody::Unselect;
            }
        }),
    },
    Fault {
        name: "close-tells-expunges",
        requirement: "rfc3501/6.4.2-04",
        summary: "sends EXPUNGE responses at CLOSE",
        change: Change::Replace(|exchange, mut response| {
            match completes(exchange, &mut response, |body| *body == CommandBody::Close) {
                Some(_) if exchange.exists > 0 => {
                    vec![Response::Untagged(Untagged::Expunge(NonZeroU32::MIN)), response]
                }
                _ => vec![response],
            }
        }),
    },
    Fault {
        name: "close-is-no",
        requirement: "rfc3501/6.4.2-03",
        summary: "says NO to CLOSE",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, |body| *body == CommandBody::Close)
            {
                tagged.status = Status::No;
            }
        }),
    },
];

fn opens(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Select { .. }) || examines(body)
}

fn examines(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Examine { .. })
}

/// The code of an untagged OK.
fn code<'r>(response: &'r mut Response<'static>) -> Option<&'r mut Code<'static>> {
    match untagged(response) {
        Some(Untagged::Status { status: Status::Ok, text: RespText { code, .. } }) => code.as_mut(),
        _ => None,
    }
}

fn has_code(response: &Response<'static>, test: fn(&Code<'_>) -> bool) -> bool {
    match response {
        Response::Untagged(Untagged::Status { status: Status::Ok, text }) => {
            text.code.as_ref().is_some_and(test)
        }
        _ => false,
    }
}
