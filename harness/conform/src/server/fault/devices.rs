//! Faults that show between sessions: what others did is not told, is undone or is told wrongly;
//! IDLE, MOVE, UIDPLUS and UNSELECT.

use std::num::NonZeroU32;

use imap_grammar::{
    Code, CommandBody, Flag, MessageAttribute, Response, SeqNumber, SequenceRange, SequenceSet,
    Status, StatusAttribute, StoreAction, Untagged,
};

use imap_model::Lapse;

use super::{Change, Fault, completes, status_code, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "foreign-flags-are-not-told",
        requirement: "rfc3501/7-09",
        summary: "does not tell a session of flags that another one changed",
        change: Change::Drop(|exchange, response| {
            !exchange.during(|body| fetches(body) || stores(body))
                && matches!(response, Response::Untagged(Untagged::Fetch { .. }))
        }),
    },
    Fault {
        name: "foreign-expunges-are-not-told",
        requirement: "rfc3501/7-10",
        summary: "does not tell a session of messages that another one expunged",
        change: Change::Drop(|exchange, response| {
            !exchange.during(removes)
                && matches!(
                    response,
                    Response::Untagged(Untagged::Expunge(_) | Untagged::Vanished(_))
                )
        }),
    },
    Fault {
        name: "flags-are-written-back",
        requirement: "rfc3501/6.4.6-11",
        summary: "stores the flags that it last told together with those to add, so that what \
                  another session set is lost",
        change: Change::Command(|exchange, body| {
            if let CommandBody::Store { uid: false, sequence_set, action, flags, .. } = body
                && let Some(known) =
                    first(sequence_set).and_then(|first| exchange.flags.get(&first))
            {
                let known = known.iter().filter(|flag| **flag != Flag::Recent);
                *flags = match action {
                    StoreAction::Add => known.chain(&*flags).cloned().collect(),
                    StoreAction::Remove => {
                        known.filter(|flag| !flags.contains(flag)).cloned().collect()
                    }
                    StoreAction::Replace => return,
                };
                *action = StoreAction::Replace;
            }
        }),
    },
    Fault {
        name: "flags-are-for-one-session",
        requirement: "rfc3501/2.3.2-12",
        summary: "tells the session that stores a flag of it, and nobody else",
        change: Change::Both {
            command: |_, body| {
                if let CommandBody::Store { action: StoreAction::Add, flags, .. } = body {
                    flags.clear();
                }
            },
            response: |exchange, response| {
                let Some(CommandBody::Store { action: StoreAction::Add, flags: added, .. }) =
                    exchange.oldest(stores)
                else {
                    return;
                };
                if let Some(flags) = flags_of(response) {
                    let missing: Vec<_> =
                        added.iter().filter(|flag| !flags.contains(flag)).cloned().collect();
                    flags.extend(missing);
                }
            },
        },
    },
    Fault {
        name: "silent-store-hides-foreign-flags",
        requirement: "rfc3501/6.4.6-06",
        summary: "takes it that after .SILENT the client knows what another session has set",
        change: Change::Drop(|exchange, response| {
            exchange.during(|body| matches!(body, CommandBody::Store { silent: true, .. }))
                && matches!(response, Response::Untagged(Untagged::Fetch { .. }))
        }),
    },
    Fault {
        name: "recent-is-never-used-up",
        requirement: "rfc3501/2.3.2-05",
        summary: "shows every message as recent to every session",
        change: Change::Edit(|exchange, response| {
            if let Some(flags) = flags_of(response)
                && !flags.contains(&Flag::Recent)
            {
                flags.push(Flag::Recent);
            }
            if let Some(Untagged::Recent(recent)) = untagged(response) {
                *recent = exchange.exists;
            }
        }),
    },
    Fault {
        name: "uidvalidity-is-constant",
        requirement: "rfc3501/2.3.1.1-20",
        summary: "has UIDVALIDITY 1 for every mailbox, also for one that is created again",
        change: Change::Edit(|_, response| {
            if let Some(
                Code::UidValidity(uid_validity)
                | Code::AppendUid { uid_validity, .. }
                | Code::CopyUid { uid_validity, .. },
            ) = status_code(response)
            {
                *uid_validity = NonZeroU32::MIN;
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
        name: "uids-are-given-again",
        requirement: "rfc3501/2.3.1.1-04",
        summary: "gives the UID of the last message again once that was expunged",
        change: Change::Lapse(Lapse::ReusesUids),
    },
    Fault {
        name: "uids-are-numbered-anew",
        requirement: "rfc3501/2.3.1.1-08",
        summary: "numbers the UIDs of a mailbox anew when nobody has it selected",
        change: Change::Lapse(Lapse::RenumbersUids),
    },
    Fault {
        name: "numbers-follow-untold-expunges",
        requirement: "rfc3501/7.4.1-02",
        summary: "counts without the messages that another session expunged, and does not tell it",
        change: Change::Lapse(Lapse::ForgetsNumbers),
    },
    Fault {
        name: "leaving-expunges",
        requirement: "rfc3501/6.4.2-09",
        summary: "removes deleted messages however a session leaves the mailbox",
        change: Change::Lapse(Lapse::ExpungesOnLeaving),
    },
    Fault {
        name: "unchanged-flags-raise-modseq",
        requirement: "rfc7162/3.1-04",
        summary: "gives a message a new modification sequence for a flag that it has already",
        change: Change::Lapse(Lapse::TouchesUnchanged),
    },
    Fault {
        name: "unselect-expunges",
        requirement: "rfc3691/2-02",
        summary: "removes deleted messages at UNSELECT",
        change: Change::Command(|_, body| {
            if *body == CommandBody::Unselect {
                *body = CommandBody::Close;
            }
        }),
    },
    Fault {
        name: "idle-tells-nothing",
        requirement: "rfc3501/5.2-03",
        summary: "sends nothing while a session idles",
        change: Change::Drop(|exchange, response| {
            exchange.during(idles)
                && matches!(
                    response,
                    Response::Untagged(
                        Untagged::Exists(_)
                            | Untagged::Recent(_)
                            | Untagged::Expunge(_)
                            | Untagged::Vanished(_)
                            | Untagged::Fetch { .. }
                    )
                )
        }),
    },
    Fault {
        name: "idle-ends-with-bad",
        requirement: "rfc2177/3-03",
        summary: "takes DONE for a command that it does not know",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, idles) {
                tagged.status = Status::Bad;
            }
        }),
    },
    Fault {
        name: "move-only-copies",
        requirement: "rfc6851/3.3-01",
        summary: "leaves moved messages in their source",
        change: Change::Command(|_, body| {
            if let CommandBody::Move { uid, sequence_set, mailbox } = body.clone() {
                *body = CommandBody::Copy { uid, sequence_set, mailbox };
            }
        }),
    },
    Fault {
        name: "move-tells-deleted",
        requirement: "rfc6851/3.3-03",
        summary: "tells of \\Deleted before it tells that a moved message is gone",
        change: Change::Replace(|exchange, response| match &response {
            Response::Untagged(Untagged::Expunge(number)) if exchange.during(moves) => {
                let items = vec![MessageAttribute::Flags(vec![Flag::Deleted])];
                vec![Response::Untagged(Untagged::Fetch { number: *number, items }), response]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "failed-move-removes",
        requirement: "rfc6851/3.3-06",
        summary: "tells that messages are gone that it could not move",
        change: Change::Replace(|exchange, response| match &response {
            Response::Tagged(tagged)
                if tagged.status == Status::No
                    && exchange.command(&tagged.tag).is_some_and(moves) =>
            {
                vec![Response::Untagged(Untagged::Expunge(NonZeroU32::MIN)), response]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "move-without-copyuid",
        requirement: "rfc6851/4.3-01",
        summary: "does not tell which UIDs moved messages have got",
        change: Change::Drop(|exchange, response| {
            exchange.during(moves)
                && matches!(
                    response,
                    Response::Untagged(Untagged::Status { text, .. })
                        if matches!(text.code, Some(Code::CopyUid { .. }))
                )
        }),
    },
    Fault {
        name: "appenduid-is-the-next",
        requirement: "rfc4315/3-02",
        summary: "gives UIDNEXT as APPENDUID",
        change: Change::Edit(|_, response| {
            if let Some(Code::AppendUid { uid, .. }) = tagged_code(response) {
                *uid = uid.saturating_add(1);
            }
        }),
    },
    Fault {
        name: "appenduid-is-not-told",
        requirement: "rfc4315/3-01",
        summary: "completes APPEND without APPENDUID, and COPY without COPYUID",
        change: Change::Edit(|_, response| {
            if let Response::Tagged(tagged) = response
                && matches!(tagged.text.code, Some(Code::AppendUid { .. } | Code::CopyUid { .. }))
            {
                tagged.text.code = None;
            }
        }),
    },
    Fault {
        name: "copyuid-is-the-wrong-way-round",
        requirement: "rfc4315/3-03",
        summary: "gives the UIDs of the copies before those of their sources",
        change: Change::Edit(|_, response| {
            if let Some(Code::CopyUid { source, target, .. }) = status_code(response) {
                std::mem::swap(source, target);
            }
        }),
    },
    Fault {
        name: "copyuid-names-too-many",
        requirement: "rfc4315/3-04",
        summary: "gives the set that the client named as the sources of copies",
        change: Change::Edit(|_, response| {
            if let Some(Code::CopyUid { source, .. }) = status_code(response) {
                *source = SequenceSet::range(NonZeroU32::MIN, largest(source).saturating_add(9));
            }
        }),
    },
    Fault {
        name: "uid-expunge-expunges-all",
        requirement: "rfc4315/2.1-02",
        summary: "removes every deleted message at UID EXPUNGE",
        change: Change::Command(|_, body| {
            if matches!(body, CommandBody::UidExpunge(_)) {
                *body = CommandBody::Expunge;
            }
        }),
    },
    Fault {
        name: "silent-stores-come-late",
        requirement: "rfc3501/5.5-04",
        summary: "carries out a silent STORE only after the command behind it",
        change: Change::Lapse(Lapse::StoresLate),
    },
    Fault {
        name: "move-loses-what-it-cannot-move",
        requirement: "rfc6851/3.3-04",
        summary: "removes the messages also where it says NO to MOVE",
        change: Change::Lapse(Lapse::MoveLoses),
    },
];

fn fetches(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Fetch { .. })
}

fn stores(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Store { .. })
}

fn idles(body: &CommandBody<'_>) -> bool {
    *body == CommandBody::Idle
}

fn moves(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Move { .. })
}

fn removes(body: &CommandBody<'_>) -> bool {
    moves(body) || matches!(body, CommandBody::Expunge | CommandBody::UidExpunge(_))
}

/// The first number that the set names outright.
fn first(set: &SequenceSet) -> Option<u32> {
    set.ranges().iter().find_map(|range| match *range {
        SequenceRange::Single(SeqNumber::Number(number))
        | SequenceRange::Range(SeqNumber::Number(number), _) => Some(number.get()),
        _ => None,
    })
}

fn largest(set: &SequenceSet) -> NonZeroU32 {
    set.iter(NonZeroU32::MAX).max().unwrap_or(NonZeroU32::MIN)
}

/// The flags that a FETCH response tells.
fn flags_of<'r>(response: &'r mut Response<'static>) -> Option<&'r mut Vec<Flag<'static>>> {
    let Some(Untagged::Fetch { items, .. }) = untagged(response) else { return None };
    items.iter_mut().find_map(|item| match item {
        MessageAttribute::Flags(flags) => Some(flags),
        _ => None,
    })
}

fn tagged_code<'r>(response: &'r mut Response<'static>) -> Option<&'r mut Code<'static>> {
    match response {
        Response::Tagged(tagged) => tagged.text.code.as_mut(),
        _ => None,
    }
}
