//! Faults in SELECT, EXAMINE, CLOSE and what they tell.

use std::num::NonZeroU32;

use imap_grammar::{
    Code, CommandBody, Flag, RespText, Response, Status, StatusAttribute, Text, Untagged,
};

use super::{Change, Fault, completes, no_to_ok, ok_to_no, untagged};

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
        name: "examine-lets-flags-be-changed",
        requirement: "rfc3501/7.1-11",
        summary: "says that no flag can be changed in a mailbox that is examined, and changes them",
        change: Change::Both {
            command: |_, body| {
                if let CommandBody::Examine { mailbox, parameters } = body.clone() {
                    *body = CommandBody::Select { mailbox, parameters };
                }
            },
            response: |exchange, response| {
                let examines = |body: &CommandBody<'_>| matches!(body, CommandBody::Examine { .. });
                if !exchange.during(examines) {
                    return;
                }
                let text = match response {
                    Response::Tagged(tagged) => &mut tagged.text,
                    Response::Untagged(Untagged::Status { text, .. }) => text,
                    _ => return,
                };
                match &mut text.code {
                    Some(Code::PermanentFlags(flags)) => flags.clear(),
                    Some(code @ Code::ReadWrite) => *code = Code::ReadOnly,
                    _ => {}
                }
            },
        },
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
            ok_to_no(exchange, response, |body| *body == CommandBody::Close);
        }),
    },
    Fault {
        name: "select-flags-without-keywords",
        requirement: "rfc3501/6.3.1-15",
        summary: "lists only system flags among the flags of a mailbox",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Flags(flags)) = untagged(response) {
                flags.retain(|flag| !matches!(flag, Flag::Keyword(_)));
            }
        }),
    },
    Fault {
        name: "select-flags-without-draft",
        requirement: "rfc3501/7.2.6-02",
        summary: "leaves a system flag out of the flags of a mailbox",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Flags(flags)) = untagged(response) {
                flags.retain(|flag| *flag != Flag::Draft);
            }
        }),
    },
    Fault {
        name: "flags-with-recent",
        requirement: "rfc3501/9-87",
        summary: "lists \\Recent among the flags of a mailbox",
        change: Change::Octets(|_, octets| match octets.strip_prefix(b"* FLAGS (") {
            Some(rest) => [b"* FLAGS (\\Recent ", rest].concat(),
            None => octets,
        }),
    },
    Fault {
        name: "select-says-read-only",
        requirement: "rfc3501/6.3.1-20",
        summary: "completes SELECT with READ-ONLY",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) =
                completes(exchange, response, |body| opens(body) && !examines(body))
                && tagged.status == Status::Ok
            {
                tagged.text.code = Some(Code::ReadOnly);
            }
        }),
    },
    Fault {
        name: "recent-is-none",
        requirement: "rfc3501/6.3.1-14",
        summary: "says that no message is recent when it opens a mailbox",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Recent(recent)) = untagged(response) {
                *recent = 0;
            }
        }),
    },
    Fault {
        name: "recent-is-all",
        requirement: "rfc3501/6.3.1-14",
        summary: "says that every message is recent when it opens a mailbox",
        change: Change::Edit(|exchange, response| {
            if let Some(Untagged::Recent(recent)) = untagged(response) {
                *recent = exchange.exists;
            }
        }),
    },
    Fault {
        name: "unseen-is-first",
        requirement: "rfc3501/6.3.1-08",
        summary: "says that the first message is the first unseen one",
        change: Change::Edit(|_, response| {
            if let Some(Code::Unseen(number)) = code(response) {
                *number = NonZeroU32::MIN;
            }
        }),
    },
    Fault {
        name: "unseen-in-any-case",
        requirement: "rfc3501/6.3.1-09",
        summary: "names a first unseen message where all are seen",
        change: Change::Replace(|exchange, response| {
            if has_code(&response, |code| matches!(code, Code::Unseen(_))) {
                exchange.held.push(response.clone());
            }
            let is_open = matches!(&response, Response::Tagged(tagged)
                if exchange.command(&tagged.tag).is_some_and(opens));
            let was_told = is_open && !std::mem::take(&mut exchange.held).is_empty();
            let last = NonZeroU32::new(exchange.exists).filter(|_| is_open && !was_told);
            let text = Text::new("It is the first").filter(|_| last.is_some());
            let told = last.zip(text).map(|(last, text)| {
                let text = RespText { code: Some(Code::Unseen(last)), text };
                Response::Untagged(Untagged::Status { status: Status::Ok, text })
            });
            told.into_iter().chain([response]).collect()
        }),
    },
    Fault {
        name: "unseen-is-zero",
        requirement: "rfc3501/6.3.1-09",
        summary: "names the number 0 where all messages are seen",
        change: Change::Octets(|exchange, octets| match exchange.during(opens) {
            true if octets.starts_with(b"* OK [UIDNEXT ") => {
                [b"* OK [UNSEEN 0] None\r\n".as_slice(), &octets].concat()
            }
            _ => octets,
        }),
    },
    Fault {
        name: "uidvalidity-is-one",
        requirement: "rfc3501/6.3.3-11",
        summary: "gives every mailbox UIDVALIDITY 1, also one that is made anew",
        change: Change::Edit(|_, response| {
            if let Some(Code::UidValidity(value)) = code(response) {
                *value = NonZeroU32::MIN;
            }
            if let Some(Untagged::MailboxStatus { attributes, .. }) = untagged(response) {
                for (attribute, value) in attributes {
                    if *attribute == StatusAttribute::UidValidity {
                        *value = 1;
                    }
                }
            }
        }),
    },
    Fault {
        name: "uidvalidity-is-zero",
        requirement: "rfc3501/6.3.1-12",
        summary: "gives UIDVALIDITY 0",
        change: Change::Octets(|_, octets| match octets.starts_with(b"* OK [UIDVALIDITY ") {
            true => b"* OK [UIDVALIDITY 0] Unique identifiers hold\r\n".to_vec(),
            false => octets,
        }),
    },
    Fault {
        name: "uidnext-is-the-last",
        requirement: "rfc3501/2.3.1.1-13",
        summary: "tells the last unique identifier for the next one",
        change: Change::Edit(|_, response| {
            if let Some(Code::UidNext(value)) = code(response)
                && let Some(last) = NonZeroU32::new(value.get() - 1)
            {
                *value = last;
            }
        }),
    },
    Fault {
        name: "select-counts-inferior-names",
        requirement: "rfc3501/6.3.1-13",
        summary: "counts the mailboxes below a name as messages",
        change: Change::Edit(|exchange, response| {
            let below = |parent: &[u8], name: &[u8]| {
                name.strip_prefix(parent).is_some_and(|rest| rest.starts_with(b"/"))
            };
            let has_inferior = exchange.during(|opened| match opened {
                CommandBody::Select { mailbox, .. } => exchange.ended(Status::Ok, |body| {
                    matches!(body, CommandBody::Create { mailbox: inferior, .. }
                        if below(mailbox.as_bytes(), inferior.as_bytes()))
                }),
                _ => false,
            });
            if let Some(Untagged::Exists(exists)) = untagged(response).filter(|_| has_inferior) {
                *exists += 1;
            }
        }),
    },
    Fault {
        name: "deleted-mailbox-comes-back",
        requirement: "rfc3501/6.3.4-09",
        summary: "shows the messages of a deleted mailbox in a new one of its name",
        change: Change::Edit(|exchange, response| {
            let is_again = exchange.during(|opened| match opened {
                CommandBody::Select { mailbox, .. } => exchange.ended(
                    Status::Ok,
                    |body| matches!(body, CommandBody::Delete(deleted) if deleted == mailbox),
                ),
                _ => false,
            });
            if let Some(Untagged::Exists(exists)) = untagged(response).filter(|_| is_again) {
                *exists += 3;
            }
        }),
    },
    Fault {
        name: "close-does-nothing",
        requirement: "rfc3501/6.4.2-03",
        summary: "says OK to CLOSE and keeps the mailbox selected",
        change: Change::Command(|_, body| {
            if *body == CommandBody::Close {
                *body = CommandBody::Noop;
            }
        }),
    },
    Fault {
        name: "close-of-examined-is-no",
        requirement: "rfc3501/6.4.2-07",
        summary: "says NO to the CLOSE of a mailbox that is only examined",
        change: Change::Edit(|exchange, response| {
            if matches!(exchange.opened(), Some((_, true))) {
                ok_to_no(exchange, response, |body| *body == CommandBody::Close);
            }
        }),
    },
    Fault {
        name: "select-again-is-no",
        requirement: "rfc3501/6.3.1-18",
        summary: "says NO to the SELECT of the mailbox that is selected",
        change: Change::Edit(|exchange, response| {
            let is_closed = exchange.follows(|body| *body == CommandBody::Close);
            let selected = exchange.opened().filter(|_| !is_closed).map(|(opened, _)| opened);
            let is_same = exchange.during(|body| match body {
                CommandBody::Select { mailbox, .. } => selected.is_some_and(|name| name == mailbox),
                _ => false,
            });
            if is_same {
                ok_to_no(exchange, response, opens);
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
