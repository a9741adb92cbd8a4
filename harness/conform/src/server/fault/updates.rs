//! Faults in what a server tells without being asked.

use std::num::NonZeroU32;

use imap_grammar::{CommandBody, Flag, MessageAttribute, RespText, Response, Text, Untagged};

use super::{Change, Exchange, Fault};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "expunge-during-fetch",
        requirement: "rfc3501/7.4.1-09",
        summary: "sends EXPUNGE while FETCH is in progress",
        change: Change::Replace(|exchange, response| {
            expunge_before(exchange, response, |body| {
                matches!(body, CommandBody::Fetch { uid: false, .. })
            })
        }),
    },
    Fault {
        name: "expunge-during-search",
        requirement: "rfc3501/7.4.1-09",
        summary: "sends EXPUNGE while SEARCH is in progress",
        change: Change::Replace(|exchange, response| {
            expunge_before(exchange, response, |body| {
                matches!(body, CommandBody::Search { uid: false, .. })
            })
        }),
    },
    Fault {
        name: "expunge-during-store",
        requirement: "rfc3501/7.4.1-09",
        summary: "sends EXPUNGE while STORE is in progress",
        change: Change::Replace(|exchange, response| {
            expunge_before(exchange, response, |body| {
                matches!(body, CommandBody::Store { uid: false, .. })
            })
        }),
    },
    Fault {
        name: "expunge-when-idle",
        requirement: "rfc3501/7.4.1-08",
        summary: "sends EXPUNGE when no command is in progress",
        change: Change::Replace(|exchange, response| match &response {
            Response::Tagged(_) if exchange.exists > 0 => {
                vec![response, Response::Untagged(Untagged::Expunge(NonZeroU32::MIN))]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "expunge-while-a-literal-is-due",
        requirement: "rfc3501/7.4.1-11",
        summary: "sends EXPUNGE before it asks for a literal",
        change: Change::Replace(|exchange, response| match &response {
            Response::Continue(_) if exchange.exists > 0 && exchange.pending() == 0 => {
                vec![Response::Untagged(Untagged::Expunge(NonZeroU32::MIN)), response]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "exists-shrinks",
        requirement: "rfc3501/5.2-05",
        summary: "tells of an expunged message with EXISTS",
        change: Change::Replace(|exchange, response| match response {
            Response::Untagged(Untagged::Expunge(_)) => {
                vec![Response::Untagged(Untagged::Exists(exchange.exists))]
            }
            response => vec![response],
        }),
    },
    Fault {
        name: "new-mail-is-not-told",
        requirement: "rfc3501/5.2-03",
        summary: "does not tell of new messages while a mailbox is selected",
        change: Change::Drop(|exchange, response| {
            !exchange.during(opens) && matches!(response, Response::Untagged(Untagged::Exists(_)))
        }),
    },
    Fault {
        name: "fetch-past-the-end",
        requirement: "rfc3501/2.3.1.2-01",
        summary: "tells of a message that is not there",
        change: Change::Replace(|exchange, response| match &response {
            Response::Tagged(tagged)
                if exchange.exists > 0
                    && exchange.command(&tagged.tag) == Some(&CommandBody::Noop) =>
            {
                let number = NonZeroU32::MIN.saturating_add(exchange.exists);
                let items = vec![MessageAttribute::Flags(vec![Flag::Seen])];
                vec![Response::Untagged(Untagged::Fetch { number, items }), response]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "recent-too-many",
        requirement: "rfc3501/7.3.2-01",
        summary: "tells of more recent messages than there are messages",
        change: Change::Replace(|exchange, response| match response {
            Response::Untagged(Untagged::Recent(_)) => {
                vec![Response::Untagged(Untagged::Recent(exchange.exists.saturating_add(1)))]
            }
            response => vec![response],
        }),
    },
    Fault {
        name: "data-after-bye",
        requirement: "rfc3501/6.1.3-02",
        summary: "goes on after LOGOUT is complete",
        change: Change::Replace(|exchange, response| match &response {
            Response::Tagged(tagged)
                if exchange.command(&tagged.tag) == Some(&CommandBody::Logout) =>
            {
                let more = Text::new("still here").map(|text| {
                    let text = RespText { code: None, text };
                    Response::Untagged(Untagged::Status { status: imap_grammar::Status::Ok, text })
                });
                [Some(response), more].into_iter().flatten().collect()
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "data-before-selection",
        requirement: "rfc3501/7.3.1-02",
        summary: "tells of messages while no mailbox is selected",
        change: Change::Replace(|exchange, response| match &response {
            Response::Tagged(tagged)
                if exchange.selections == 0
                    && exchange.command(&tagged.tag) == Some(&CommandBody::Noop) =>
            {
                vec![Response::Untagged(Untagged::Exists(1)), response]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "flag-changes-are-not-told",
        requirement: "rfc3501/7-09",
        summary: "does not tell of flags that another session changed",
        change: Change::Drop(|exchange, response| {
            let asks = |body: &CommandBody<'_>| {
                matches!(body, CommandBody::Fetch { .. } | CommandBody::Store { .. })
            };
            !exchange.during(asks) && matches!(response, Response::Untagged(Untagged::Fetch { .. }))
        }),
    },
    Fault {
        name: "expunges-of-others-are-not-told",
        requirement: "rfc3501/7-10",
        summary: "does not tell of messages that another session expunged",
        change: Change::Drop(|exchange, response| {
            !exchange.during(|body| *body == CommandBody::Expunge)
                && matches!(response, Response::Untagged(Untagged::Expunge(_)))
        }),
    },
    Fault {
        name: "noop-tells-nothing",
        requirement: "rfc3501/6.1.2-05",
        summary: "tells nothing new at NOOP",
        change: Change::Drop(|exchange, response| {
            exchange.during(|body| *body == CommandBody::Noop)
                && matches!(
                    response,
                    Response::Untagged(
                        Untagged::Exists(_)
                            | Untagged::Recent(_)
                            | Untagged::Expunge(_)
                            | Untagged::Fetch { .. }
                    )
                )
        }),
    },
    Fault {
        name: "new-mail-without-recent",
        requirement: "rfc3501/7-08",
        summary: "tells of new messages with EXISTS alone",
        change: Change::Drop(|exchange, response| {
            !exchange.during(opens) && matches!(response, Response::Untagged(Untagged::Recent(_)))
        }),
    },
    Fault {
        name: "new-mail-counts-one-less",
        requirement: "rfc3501/7.3.1-01",
        summary: "tells of one new message less than there are",
        change: Change::Edit(|exchange, response| {
            if !exchange.during(opens)
                && let Response::Untagged(Untagged::Exists(exists)) = response
            {
                *exists = exists.saturating_sub(1);
            }
        }),
    },
    Fault {
        name: "recent-for-every-session",
        requirement: "rfc3501/2.3.2-05",
        summary: "shows every session every message as recent",
        change: Change::Edit(|_, response| {
            if let Response::Untagged(Untagged::Fetch { items, .. }) = response {
                for item in items {
                    if let MessageAttribute::Flags(flags) = item
                        && !flags.contains(&Flag::Recent)
                    {
                        flags.push(Flag::Recent);
                    }
                }
            }
        }),
    },
    Fault {
        name: "expunge-is-exists",
        requirement: "rfc3501/5.2-06",
        summary: "follows EXPUNGE with the number of messages before it",
        change: Change::Replace(|exchange, response| match response {
            Response::Untagged(Untagged::Expunge(_)) => {
                let before =
                    Response::Untagged(Untagged::Exists(exchange.exists.saturating_add(1)));
                vec![response, before]
            }
            response => vec![response],
        }),
    },
];

fn expunge_before(
    exchange: &Exchange,
    response: Response<'static>,
    kind: fn(&CommandBody<'_>) -> bool,
) -> Vec<Response<'static>> {
    let completes = match &response {
        Response::Tagged(tagged) => exchange.command(&tagged.tag).is_some_and(kind),
        _ => false,
    };
    if completes && exchange.exists > 0 {
        vec![Response::Untagged(Untagged::Expunge(NonZeroU32::MIN)), response]
    } else {
        vec![response]
    }
}

fn opens(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Select { .. } | CommandBody::Examine { .. })
}
