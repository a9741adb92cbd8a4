//! Faults in APPEND: what is made of a message on its way into a mailbox.

use imap_grammar::{Code, CommandBody, DateTime, Flag, ImapString, Response, Untagged};

use imap_model::Lapse;

use super::{Change, Fault, completes, no_to_ok, ok_to_no};

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
        name: "append-sets-seen",
        requirement: "rfc3501/6.3.11-09",
        summary: "marks every message that is appended as seen",
        change: Change::Command(|_, body| {
            if let CommandBody::Append { flags, .. } = body {
                flags.get_or_insert_default().push(Flag::Seen);
            }
        }),
    },
    Fault {
        name: "append-loses-keywords",
        requirement: "rfc3501/6.3.11-08",
        summary: "forgets the keywords of APPEND",
        change: Change::Command(|_, body| {
            if let CommandBody::Append { flags: Some(flags), .. } = body {
                flags.retain(|flag| !matches!(flag, Flag::Keyword(_)));
            }
        }),
    },
    Fault {
        name: "append-forgets-the-zone",
        requirement: "rfc3501/6.3.11-11",
        summary: "takes the date of APPEND for Universal Time",
        change: Change::Command(|_, body| {
            if let CommandBody::Append { date_time: Some(date_time), .. } = body
                && let Some(utc) = DateTime::new(date_time.date, date_time.time, 0)
            {
                *date_time = utc;
            }
        }),
    },
    Fault {
        name: "append-takes-the-date-field",
        requirement: "rfc3501/6.3.11-12",
        summary: "takes the date of a message without date-time from its Date field",
        change: Change::Command(|_, body| {
            if let CommandBody::Append { date_time, message, .. } = body
                && message.as_bytes().starts_with(b"Date: Wed, 17 Jul 1996 02:44:25 -0700")
            {
                *date_time = DateTime::parse(b"\"17-Jul-1996 02:44:25 -0700\"").ok();
            }
        }),
    },
    Fault {
        name: "append-stops-at-a-dot",
        requirement: "rfc3501/6.3.11-04",
        summary: "takes a line with a dot alone for the end of the message",
        change: Change::Command(|_, body| {
            edit_message(body, |message| {
                let end = message.windows(5).position(|octets| octets == b"\r\n.\r\n");
                message[..end.map_or(message.len(), |end| end + 2)].to_vec()
            });
        }),
    },
    Fault {
        name: "append-escapes-from",
        requirement: "rfc3501/6.3.11-04",
        summary: "puts > before lines that begin with From, as in an mbox",
        change: Change::Command(|_, body| {
            edit_message(body, |message| replaced(message, b"\r\nFrom ", b"\r\n>From "));
        }),
    },
    Fault {
        name: "append-strips-8-bit",
        requirement: "rfc3501/6.3.11-06",
        summary: "drops the eighth bit of every octet",
        change: Change::Command(|_, body| {
            edit_message(body, |message| message.iter().map(|octet| octet & 0x7F).collect());
        }),
    },
    Fault {
        name: "append-ends-the-last-line",
        requirement: "rfc3501/6.3.11-04",
        summary: "ends the last line of a message that does not end it",
        change: Change::Command(|_, body| {
            edit_message(body, |message| match message.ends_with(b"\r\n") {
                true => message.to_vec(),
                false => [message, b"\r\n"].concat(),
            });
        }),
    },
    Fault {
        name: "append-trims-lines",
        requirement: "rfc3501/6.3.11-04",
        summary: "takes spaces off the ends of lines",
        change: Change::Command(|_, body| {
            edit_message(body, |message| replaced(message, b" \r\n", b"\r\n"));
        }),
    },
    Fault {
        name: "append-expands-tabs",
        requirement: "rfc3501/6.3.11-04",
        summary: "makes spaces of tabs",
        change: Change::Command(|_, body| {
            edit_message(body, |message| replaced(message, b"\t", b"        "));
        }),
    },
    Fault {
        name: "append-of-nothing-is-ok",
        requirement: "rfc3501/6.3.11-01",
        summary: "says OK to APPEND and stores nothing",
        change: Change::Command(|_, body| {
            if appends(body) {
                *body = CommandBody::Noop;
            }
        }),
    },
    Fault {
        name: "append-creates-the-mailbox",
        requirement: "rfc3501/6.3.11-16",
        summary: "creates the mailbox to append to where it is not there",
        change: Change::Lapse(Lapse::AppendCreates),
    },
    Fault {
        name: "failed-append-is-kept",
        requirement: "rfc3501/6.3.11-13",
        summary: "says NO to a message of no octets, and keeps it",
        change: Change::Edit(|exchange, response| {
            ok_to_no(exchange, response, |body| match body {
                CommandBody::Append { message, .. } => message.as_bytes().is_empty(),
                _ => false,
            });
        }),
    },
];

fn appends(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Append { .. })
}

fn edit_message(body: &mut CommandBody<'static>, edit: impl Fn(&[u8]) -> Vec<u8>) {
    if let CommandBody::Append { message, .. } = body
        && let Some(edited) = ImapString::new(edit(message.as_bytes()))
    {
        *message = edited;
    }
}

/// The octets with one sequence replaced by another, wherever it is.
fn replaced(octets: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(octets.len());
    let mut rest = octets;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        replaced.extend_from_slice(&rest[..at]);
        replaced.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    replaced.extend_from_slice(rest);
    replaced
}
