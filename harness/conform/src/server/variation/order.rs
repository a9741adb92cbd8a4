//! What comes first, where the RFC does not say.

use imap_grammar::{Code, CommandBody, MessageAttribute, Response, Untagged};

use super::{Means, Variation, capabilities, fetched, permanent_flags};
use crate::server::tampering::{Change, Exchange, untagged};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "data-backwards",
        section: "rfc3501/7",
        sentence: "The client MUST be prepared to accept any response at all times.",
        summary: "sends the data that a command asks for in the opposite order",
        means: Means::Traffic(Change::Replace(backwards)),
    },
    Variation {
        name: "capabilities-backwards",
        section: "rfc3501/7.2.1",
        sentence: "The capability listing MUST include the atom \"IMAP4rev1\".",
        summary: "lists its capabilities in the opposite order",
        means: Means::Traffic(Change::Edit(|_, response| {
            capabilities(response, |capabilities| capabilities.reverse());
        })),
    },
    Variation {
        name: "flags-backwards",
        section: "rfc3501/2.3.2",
        sentence: "A list of zero or more named tokens associated with the message.",
        summary: "lists flags in the opposite order",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::Flags(flags)) = untagged(response) {
                flags.reverse();
            }
            if let Some(flags) = permanent_flags(response) {
                flags.reverse();
            }
            for item in fetched(response) {
                if let MessageAttribute::Flags(flags) = item {
                    flags.reverse();
                }
            }
        })),
    },
    Variation {
        name: "items-backwards",
        section: "rfc3501/7.4.2",
        sentence: "The data are pairs of data item names and their values in parentheses.",
        summary: "puts the items of a FETCH response in the opposite order",
        means: Means::Traffic(Change::Edit(|_, response| fetched(response).reverse())),
    },
    Variation {
        name: "status-items-backwards",
        section: "rfc3501/9",
        sentence: "status-att-list = status-att SP number *(SP status-att SP number)",
        summary: "puts the items of a STATUS response in the opposite order",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::MailboxStatus { attributes, .. }) = untagged(response) {
                attributes.reverse();
            }
        })),
    },
    Variation {
        name: "search-results-backwards",
        section: "rfc3501/7.2.5",
        sentence: "The number(s) refer to those messages that match the search criteria.",
        summary: "finds the last message first",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::Search { numbers, .. }) = untagged(response) {
                numbers.reverse();
            }
        })),
    },
    Variation {
        name: "attributes-backwards",
        section: "rfc3501/9",
        sentence: "mbx-list-flags = *(mbx-list-oflag SP) mbx-list-sflag *(SP mbx-list-oflag)",
        summary: "lists the attributes of mailboxes in the opposite order",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::List(list) | Untagged::Lsub(list)) = untagged(response) {
                list.attributes.reverse();
            }
        })),
    },
    Variation {
        name: "expunge-from-the-end",
        section: "rfc3501/7.4.1",
        sentence: "whereas a \"higher to lower server\" will send successive untagged EXPUNGE \
                   responses for message sequence numbers 9, 8, 7, 6, and 5.",
        summary: "tells of several expunged messages from the highest number down",
        means: Means::Traffic(Change::Replace(|exchange, response| {
            let removing = exchange.during(|body| {
                matches!(
                    body,
                    CommandBody::Expunge | CommandBody::UidExpunge(_) | CommandBody::Move { .. }
                )
            });
            match response {
                Response::Untagged(Untagged::Expunge(_)) if removing => {
                    exchange.held.push(response);
                    Vec::new()
                }
                response => {
                    let mut responses = downwards(&std::mem::take(&mut exchange.held));
                    responses.push(response);
                    responses
                }
            }
        })),
    },
];

/// Holds back what a single command asks for and sends it last first. What must keep its place —
/// news of the mailbox's size, and the end of a selection — ends what can be turned round.
fn backwards(exchange: &mut Exchange, response: Response<'static>) -> Vec<Response<'static>> {
    let opening = exchange
        .during(|body| matches!(body, CommandBody::Select { .. } | CommandBody::Examine { .. }));
    let alone = exchange.pending() == 1 && !exchange.during(|body| *body == CommandBody::Idle);
    let keeps_its_place = match &response {
        Response::Untagged(Untagged::Exists(_) | Untagged::Recent(_)) => !opening,
        Response::Untagged(Untagged::Expunge(_) | Untagged::Vanished(_) | Untagged::Bye(_)) => true,
        Response::Untagged(Untagged::Status { text, .. }) => text.code == Some(Code::Closed),
        Response::Untagged(_) => false,
        Response::Tagged(_) | Response::Continue(_) => true,
    };
    if alone && !keeps_its_place {
        exchange.held.push(response);
        return Vec::new();
    }
    let mut responses = std::mem::take(&mut exchange.held);
    responses.reverse();
    responses.push(response);
    responses
}

/// The same EXPUNGE responses, the highest number first.
fn downwards(expunges: &[Response<'static>]) -> Vec<Response<'static>> {
    // The numbers that the messages had before the first was gone, ascending.
    let mut gone: Vec<u32> = Vec::new();
    for response in expunges {
        let Response::Untagged(Untagged::Expunge(number)) = response else { continue };
        let mut number = number.get();
        for before in &gone {
            number += u32::from(*before <= number);
        }
        let at = gone.partition_point(|before| *before < number);
        gone.insert(at, number);
    }
    let numbers = gone.into_iter().rev().filter_map(std::num::NonZeroU32::new);
    numbers.map(|number| Response::Untagged(Untagged::Expunge(number))).collect()
}
