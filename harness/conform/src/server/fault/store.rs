//! Faults in STORE, EXPUNGE and what becomes of flags.

use std::num::NonZeroU32;

use imap_grammar::{CommandBody, Flag, MessageAttribute, Response, Status, StoreAction, Untagged};

use super::{Change, Fault, after_completion, ok_to_no, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "store-tells-nothing",
        requirement: "rfc3501/6.4.6-02",
        summary: "does not answer STORE with FETCH",
        change: Change::Drop(|exchange, response| {
            exchange.during(stores)
                && matches!(response, Response::Untagged(Untagged::Fetch { .. }))
        }),
    },
    Fault {
        name: "store-silent-talks",
        requirement: "rfc3501/6.4.6-04",
        summary: "answers STORE .SILENT with FETCH",
        change: Change::Command(|_, body| {
            if let CommandBody::Store { silent, .. } = body {
                *silent = false;
            }
        }),
    },
    Fault {
        name: "store-replace-adds",
        requirement: "rfc3501/6.4.6-07",
        summary: "adds flags where it should replace them",
        change: Change::Command(|_, body| action(body, StoreAction::Replace, StoreAction::Add)),
    },
    Fault {
        name: "store-add-replaces",
        requirement: "rfc3501/6.4.6-11",
        summary: "replaces flags where it should add some",
        change: Change::Command(|_, body| action(body, StoreAction::Add, StoreAction::Replace)),
    },
    Fault {
        name: "store-remove-adds",
        requirement: "rfc3501/6.4.6-13",
        summary: "adds flags where it should remove some",
        change: Change::Command(|_, body| action(body, StoreAction::Remove, StoreAction::Add)),
    },
    Fault {
        name: "store-does-nothing",
        requirement: "rfc3501/6.4.6-01",
        summary: "says OK to STORE and changes nothing",
        change: Change::Command(|_, body| {
            if stores(body) {
                *body = CommandBody::Noop;
            }
        }),
    },
    Fault {
        name: "keywords-forgotten",
        requirement: "rfc3501/7.1-14",
        summary: "forgets keywords, although PERMANENTFLAGS promises them",
        change: Change::Command(|_, body| {
            if let CommandBody::Store { flags, .. }
            | CommandBody::Append { flags: Some(flags), .. } = body
            {
                flags.retain(|flag| !matches!(flag, Flag::Keyword(_)));
            }
        }),
    },
    Fault {
        name: "draft-is-flagged",
        requirement: "rfc3501/2.3.2-03",
        summary: "tells \\Flagged for \\Draft",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Fetch { items, .. }) = untagged(response) {
                for item in items {
                    if let MessageAttribute::Flags(flags) = item {
                        flags
                            .iter_mut()
                            .filter(|flag| **flag == Flag::Draft)
                            .for_each(|flag| *flag = Flag::Flagged);
                    }
                }
            }
        }),
    },
    Fault {
        name: "expunge-tells-nothing",
        requirement: "rfc3501/6.4.3-03",
        summary: "expunges without telling which messages",
        change: Change::Drop(|_, response| {
            matches!(response, Response::Untagged(Untagged::Expunge(_)))
        }),
    },
    Fault {
        name: "expunge-numbers-do-not-move",
        requirement: "rfc3501/7.4.1-02",
        summary: "tells the numbers that messages had before the first was expunged",
        change: Change::Replace(|exchange, response| match response {
            Response::Untagged(Untagged::Expunge(number)) => {
                let before = exchange.held.len() as u32;
                exchange.held.push(response);
                vec![Response::Untagged(Untagged::Expunge(number.saturating_add(before)))]
            }
            Response::Tagged(_) => {
                exchange.held.clear();
                vec![response]
            }
            response => vec![response],
        }),
    },
    Fault {
        name: "expunge-off-by-one",
        requirement: "rfc3501/7.4.1-01",
        summary: "tells the number before that of an expunged message",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Expunge(number)) = untagged(response)
                && let Some(before) = NonZeroU32::new(number.get() - 1)
            {
                *number = before;
            }
        }),
    },
    Fault {
        name: "expunge-does-nothing",
        requirement: "rfc3501/6.4.3-01",
        summary: "says OK to EXPUNGE and keeps the messages",
        change: Change::Command(|_, body| {
            if *body == CommandBody::Expunge {
                *body = CommandBody::Noop;
            }
        }),
    },
    Fault {
        name: "store-answers-its-argument",
        requirement: "rfc3501/6.4.6-15",
        summary: "tells only the flags that STORE names",
        change: Change::Edit(|exchange, response| {
            let Some(Untagged::Fetch { items, .. }) = untagged(response) else { return };
            for item in items {
                let MessageAttribute::Flags(told) = item else { continue };
                exchange.during(|body| {
                    if let CommandBody::Store { flags, .. } = body {
                        told.retain(|flag| flags.contains(flag));
                    }
                    false
                });
            }
        }),
    },
    Fault {
        name: "store-takes-recent-away",
        requirement: "rfc3501/6.4.6-08",
        summary: "takes \\Recent away where STORE replaces flags",
        change: Change::Edit(|exchange, response| {
            let replaces = |body: &CommandBody<'_>| {
                matches!(body, CommandBody::Store { action: StoreAction::Replace, .. })
            };
            if exchange.ended(Status::Ok, replaces)
                && let Some(Untagged::Fetch { items, .. }) = untagged(response)
            {
                for item in items {
                    if let MessageAttribute::Flags(flags) = item {
                        flags.retain(|flag| *flag != Flag::Recent);
                    }
                }
            }
        }),
    },
    Fault {
        name: "store-forgets-answered",
        requirement: "rfc3501/7.1-13",
        summary: "forgets \\Answered, although PERMANENTFLAGS promises it",
        change: Change::Command(|_, body| {
            if let CommandBody::Store { flags, .. } = body {
                flags.retain(|flag| *flag != Flag::Answered);
            }
        }),
    },
    Fault {
        name: "store-silent-add-replaces",
        requirement: "rfc3501/6.4.6-12",
        summary: "replaces flags at +FLAGS.SILENT",
        change: Change::Command(|_, body| {
            if matches!(body, CommandBody::Store { silent: true, .. }) {
                action(body, StoreAction::Add, StoreAction::Replace);
            }
        }),
    },
    Fault {
        name: "store-silent-remove-replaces",
        requirement: "rfc3501/6.4.6-14",
        summary: "replaces flags at -FLAGS.SILENT",
        change: Change::Command(|_, body| {
            if matches!(body, CommandBody::Store { silent: true, .. }) {
                action(body, StoreAction::Remove, StoreAction::Replace);
            }
        }),
    },
    Fault {
        name: "store-silent-replace-adds",
        requirement: "rfc3501/6.4.6-10",
        summary: "adds flags at FLAGS.SILENT",
        change: Change::Command(|_, body| {
            if matches!(body, CommandBody::Store { silent: true, .. }) {
                action(body, StoreAction::Replace, StoreAction::Add);
            }
        }),
    },
    Fault {
        name: "flags-are-one",
        requirement: "rfc3501/6.4.5-43",
        summary: "tells only one flag of each message",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Fetch { items, .. }) = untagged(response) {
                for item in items {
                    if let MessageAttribute::Flags(flags) = item {
                        flags.truncate(1);
                    }
                }
            }
        }),
    },
    Fault {
        name: "flags-without-backslash",
        requirement: "rfc3501/2.3.2-02",
        summary: "tells system flags without the backslash",
        change: Change::Octets(|_, octets| {
            match octets.windows(8).position(|at| at == b"FLAGS (\\") {
                Some(at) if octets.starts_with(b"* ") && !octets.starts_with(b"* OK") => {
                    [&octets[..at + 7], &octets[at + 8..]].concat()
                }
                _ => octets,
            }
        }),
    },
    Fault {
        name: "expunge-after-ok",
        requirement: "rfc3501/6.4.3-03",
        summary: "tells which messages went only after EXPUNGE is complete",
        change: Change::Replace(|exchange, response| {
            after_completion(exchange, response, |untagged| {
                matches!(untagged, Untagged::Expunge(_))
            })
        }),
    },
    Fault {
        name: "expunge-of-nothing-is-no",
        requirement: "rfc3501/6.4.3-05",
        summary: "says NO to EXPUNGE where nothing is deleted",
        change: Change::Edit(|exchange, response| {
            if exchange.told == 0 && matches!(exchange.opened(), Some((_, false))) {
                ok_to_no(exchange, response, |body| *body == CommandBody::Expunge);
            }
        }),
    },
    Fault {
        name: "expunge-tells-one",
        requirement: "rfc3501/6.4.3-03",
        summary: "tells of the first message that was expunged and of no other",
        change: Change::Drop(|exchange, response| {
            exchange.told > 1 && matches!(response, Response::Untagged(Untagged::Expunge(_)))
        }),
    },
];

fn stores(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Store { .. })
}

fn action(body: &mut CommandBody<'static>, from: StoreAction, to: StoreAction) {
    if let CommandBody::Store { action, .. } = body
        && *action == from
    {
        *action = to;
    }
}
