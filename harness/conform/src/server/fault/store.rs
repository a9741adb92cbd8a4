//! Faults in STORE, EXPUNGE and what becomes of flags.

use std::num::NonZeroU32;

use imap_grammar::{CommandBody, Flag, MessageAttribute, Response, StoreAction, Untagged};

use super::{Change, Fault, untagged};

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
