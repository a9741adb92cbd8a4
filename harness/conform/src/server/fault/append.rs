//! Faults in APPEND and COPY: what is made of a message on its way into a mailbox.

use imap_grammar::{Code, CommandBody, ImapString, Response, Untagged};

use super::{Change, Fault, completes, no_to_ok};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "append-without-trycreate",
        requirement: "rfc3501/6.3.11-17",
        summary: "does not say TRYCREATE when the mailbox to append to is not there",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, appends) {
                tagged.text.code.take_if(|code| *code == Code::TryCreate);
            }
        }),
    },
    Fault {
        name: "append-missing-is-ok",
        requirement: "rfc3501/6.3.11-15",
        summary: "says OK to an APPEND to a mailbox that is not there",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, appends)),
    },
    Fault {
        name: "append-loses-flags",
        requirement: "rfc3501/6.3.11-08",
        summary: "forgets the flags of APPEND",
        change: Change::Command(|_, body| {
            if let CommandBody::Append { flags, .. } = body {
                *flags = None;
            }
        }),
    },
    Fault {
        name: "append-loses-date",
        requirement: "rfc3501/6.3.11-11",
        summary: "forgets the date of APPEND",
        change: Change::Command(|_, body| {
            if let CommandBody::Append { date_time, .. } = body {
                *date_time = None;
            }
        }),
    },
    Fault {
        name: "append-adds-header",
        requirement: "rfc3501/6.3.11-04",
        summary: "puts a header field of its own before the message",
        change: Change::Command(|_, body| {
            edit_message(body, |message| [b"X-Server: was here\r\n", message].concat());
        }),
    },
    Fault {
        name: "append-trims-end",
        requirement: "rfc3501/6.3.11-04",
        summary: "takes the last line end off the message",
        change: Change::Command(|_, body| {
            edit_message(body, |message| message.strip_suffix(b"\r\n").unwrap_or(message).to_vec());
        }),
    },
    Fault {
        name: "append-without-exists",
        requirement: "rfc3501/6.3.11-20",
        summary: "does not tell of a message appended to the selected mailbox",
        change: Change::Drop(|exchange, response| {
            exchange.during(appends) && matches!(response, Response::Untagged(Untagged::Exists(_)))
        }),
    },
    Fault {
        name: "append-is-case-blind",
        requirement: "rfc3501/6.3.11-04",
        summary: "stores messages in lower case",
        change: Change::Command(|_, body| edit_message(body, <[u8]>::to_ascii_lowercase)),
    },
    Fault {
        name: "copy-without-trycreate",
        requirement: "rfc3501/6.4.7-08",
        summary: "does not say TRYCREATE when the mailbox to copy to is not there",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, copies) {
                tagged.text.code.take_if(|code| *code == Code::TryCreate);
            }
        }),
    },
    Fault {
        name: "copy-missing-is-ok",
        requirement: "rfc3501/6.4.7-06",
        summary: "says OK to a COPY to a mailbox that is not there",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, copies)),
    },
    Fault {
        name: "copy-does-nothing",
        requirement: "rfc3501/6.4.7-01",
        summary: "says OK to COPY and copies nothing",
        change: Change::Command(|_, body| {
            if copies(body) {
                *body = CommandBody::Noop;
            }
        }),
    },
];

fn appends(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Append { .. })
}

fn copies(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Copy { .. })
}

fn edit_message(body: &mut CommandBody<'static>, edit: impl Fn(&[u8]) -> Vec<u8>) {
    if let CommandBody::Append { message, .. } = body
        && let Some(edited) = ImapString::new(edit(message.as_bytes()))
    {
        *message = edited;
    }
}
