//! Faults in what a client is told that comes back: CONDSTORE, QRESYNC and ENABLE.

use std::num::NonZeroU32;

use imap_grammar::{
    Atom, Capability, Code, CommandBody, FetchModifier, MessageAttribute, Response, SearchKey,
    SelectParameter, SequenceSet, Status, StatusAttribute, Untagged, Vanished,
};

use imap_model::Lapse;

use super::{Change, Fault, completes, status_code, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "modseq-is-not-told",
        requirement: "rfc7162/3.1-06",
        summary: "tells of changed flags without the modification sequence",
        change: Change::Edit(|exchange, response| {
            if !exchange.during(fetches)
                && let Some(Untagged::Fetch { items, .. }) = untagged(response)
                && items.len() > 1
            {
                items.retain(|item| !matches!(item, MessageAttribute::ModSeq(_)));
            }
        }),
    },
    Fault {
        name: "modseq-stands-still",
        requirement: "rfc7162/3.1-03",
        summary: "leaves modification sequences as they are whatever changes",
        change: Change::Edit(|_, response| {
            if let Some(Code::HighestModSeq(value)) = status_code(response) {
                *value = 1;
            }
            match untagged(response) {
                Some(Untagged::Fetch { items, .. }) => {
                    for item in items {
                        if let MessageAttribute::ModSeq(value) = item {
                            *value = 1;
                        }
                    }
                }
                Some(Untagged::MailboxStatus { attributes, .. }) => {
                    for (attribute, value) in attributes {
                        if *attribute == StatusAttribute::HighestModSeq {
                            *value = 1;
                        }
                    }
                }
                _ => {}
            }
        }),
    },
    Fault {
        name: "highestmodseq-is-not-told",
        requirement: "rfc7162/3.1.2-01",
        summary: "opens mailboxes without HIGHESTMODSEQ or NOMODSEQ",
        change: Change::Drop(|_, response| {
            untagged_code(response, |code| matches!(code, Code::HighestModSeq(_)))
        }),
    },
    Fault {
        name: "status-highestmodseq-is-zero",
        requirement: "rfc7162/3.1.7-01",
        summary: "has modification sequences, and says in STATUS that it has none",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::MailboxStatus { attributes, .. }) = untagged(response) {
                for (attribute, value) in attributes {
                    if *attribute == StatusAttribute::HighestModSeq {
                        *value = 0;
                    }
                }
            }
        }),
    },
    Fault {
        name: "changedsince-is-ignored",
        requirement: "rfc7162/3.1.4.1-01",
        summary: "fetches also what has not changed since",
        change: Change::Command(|_, body| {
            for modifier in fetch_modifiers(body) {
                if let FetchModifier::ChangedSince(mod_seq) = modifier {
                    *mod_seq = 1;
                }
            }
        }),
    },
    Fault {
        name: "changedsince-finds-nothing",
        requirement: "rfc7162/3.1.3-06",
        summary: "stores flags without a new modification sequence, so that nothing has changed since",
        change: Change::Command(|_, body| {
            for modifier in fetch_modifiers(body) {
                if let FetchModifier::ChangedSince(mod_seq) = modifier {
                    *mod_seq = FAR;
                }
            }
        }),
    },
    Fault {
        name: "changedsince-tells-no-modseq",
        requirement: "rfc7162/3.1.4.1-02",
        summary: "answers FETCH with CHANGEDSINCE without MODSEQ",
        change: Change::Edit(|exchange, response| {
            if exchange.during(fetches)
                && let Some(Untagged::Fetch { items, .. }) = untagged(response)
            {
                items.retain(|item| !matches!(item, MessageAttribute::ModSeq(_)));
            }
        }),
    },
    Fault {
        name: "unchangedsince-is-ignored",
        requirement: "rfc7162/3.1.3-03",
        summary: "stores whatever another session has changed since",
        change: Change::Command(|_, body| {
            if let CommandBody::Store { unchanged_since: Some(mod_seq), .. } = body {
                *mod_seq = FAR;
            }
        }),
    },
    Fault {
        name: "unchangedsince-is-never-met",
        requirement: "rfc7162/3.1.3-01",
        summary: "takes every message for changed since",
        change: Change::Command(|_, body| {
            if let CommandBody::Store { unchanged_since: Some(mod_seq), .. } = body {
                *mod_seq = 0;
            }
        }),
    },
    Fault {
        name: "modified-is-not-told",
        requirement: "rfc7162/3.1.3-04",
        summary: "does not say which messages it did not store to",
        change: Change::Edit(|_, response| {
            if let Response::Tagged(tagged) = response
                && matches!(tagged.text.code, Some(Code::Modified(_)))
            {
                tagged.text.code = None;
            }
        }),
    },
    Fault {
        name: "conditional-store-is-silent",
        requirement: "rfc7162/3.1.3-02",
        summary: "tells no modification sequence where a conditional STORE is silent",
        change: Change::Drop(|exchange, response| {
            exchange.during(|body| {
                matches!(body, CommandBody::Store { silent: true, unchanged_since: Some(_), .. })
            }) && matches!(response, Response::Untagged(Untagged::Fetch { .. }))
        }),
    },
    Fault {
        name: "search-modseq-leaves-out-equals",
        requirement: "rfc7162/3.1.5-01",
        summary: "finds only messages whose modification sequence is greater",
        change: Change::Command(|_, body| {
            if let CommandBody::Search { keys, .. } = body {
                for key in keys {
                    if let SearchKey::ModSeq { at_least, .. } = key {
                        *at_least += 1;
                    }
                }
            }
        }),
    },
    Fault {
        name: "search-that-finds-nothing-tells-modseq",
        requirement: "rfc7162/3.1.6-01",
        summary: "tells a modification sequence with a SEARCH that finds nothing",
        change: Change::Octets(|exchange, octets| {
            let asks = |body: &CommandBody<'_>| match body {
                CommandBody::Search { keys, .. } => {
                    keys.iter().any(|key| matches!(key, SearchKey::ModSeq { .. }))
                }
                _ => false,
            };
            match octets.as_slice() {
                b"* SEARCH\r\n" if exchange.during(asks) => b"* SEARCH (MODSEQ 1)\r\n".to_vec(),
                _ => octets,
            }
        }),
    },
    Fault {
        name: "search-tells-no-modseq",
        requirement: "rfc7162/3.1.5-02",
        summary: "answers SEARCH MODSEQ without the highest modification sequence",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Search { mod_seq, .. }) = untagged(response) {
                *mod_seq = None;
            }
        }),
    },
    Fault {
        name: "enable-is-ignored",
        requirement: "rfc5161/3.1-03",
        summary: "says OK to ENABLE and nothing more",
        change: Change::Command(|_, body| {
            if matches!(body, CommandBody::Enable(_)) {
                *body = CommandBody::Noop;
            }
        }),
    },
    Fault {
        name: "enabled-lists-what-is-unknown",
        requirement: "rfc5161/3.2-01",
        summary: "lists whatever the client names as enabled",
        change: Change::Edit(|exchange, response| {
            if let Some(CommandBody::Enable(names)) = exchange.oldest(enables)
                && let Some(Untagged::Enabled(enabled)) = untagged(response)
            {
                *enabled = names.clone();
            }
        }),
    },
    Fault {
        name: "qresync-goes-on-with-expunge",
        requirement: "rfc7162/3.2.3-01",
        summary: "says that QRESYNC is enabled, and goes on with EXPUNGE",
        change: Change::Both {
            command: |_, body| {
                if let CommandBody::Enable(names) = body {
                    names.retain(|name| !name.is("QRESYNC"));
                    names.extend(Atom::new("CONDSTORE").map(Capability));
                }
            },
            response: |_, response| {
                if let Some(Untagged::Enabled(enabled)) = untagged(response) {
                    enabled.extend(Atom::new("QRESYNC").map(Capability));
                }
            },
        },
    },
    Fault {
        name: "vanished-is-earlier",
        requirement: "rfc7162/3.2.10-01",
        summary: "tells with EARLIER what another session expunges",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Vanished(vanished)) = untagged(response) {
                vanished.earlier = true;
            }
        }),
    },
    Fault {
        name: "vanished-is-never-earlier",
        requirement: "rfc7162/3.2.10.2-01",
        summary: "tells without EARLIER what was expunged before the mailbox was opened",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Vanished(vanished)) = untagged(response) {
                vanished.earlier = false;
            }
        }),
    },
    Fault {
        name: "vanished-names-what-never-was",
        requirement: "rfc7162/3.2.10.2-01",
        summary: "names UIDs in VANISHED that no message had",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Vanished(Vanished { earlier: false, uids })) = untagged(response)
            {
                let last = uids.iter(NonZeroU32::MAX).max().unwrap_or(NonZeroU32::MIN);
                *uids = SequenceSet::range(last, last.saturating_add(1000));
            }
        }),
    },
    Fault {
        name: "vanished-during-fetch",
        requirement: "rfc7162/3.2.10.2-02",
        summary: "sends VANISHED while FETCH, STORE or SEARCH is in progress",
        change: Change::Replace(|exchange, response| match &response {
            Response::Tagged(tagged) if exchange.command(&tagged.tag).is_some_and(by_number) => {
                let uids = SequenceSet::single(NonZeroU32::MIN);
                let vanished = Vanished { earlier: false, uids };
                vec![Response::Untagged(Untagged::Vanished(vanished)), response]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "vanished-comes-last",
        requirement: "rfc7162/3.2.6-03",
        summary: "sends VANISHED (EARLIER) behind the FETCH responses",
        change: Change::Replace(|exchange, response| match response {
            Response::Untagged(Untagged::Vanished(_)) => {
                exchange.held.push(response);
                Vec::new()
            }
            Response::Tagged(_) => {
                let mut responses = std::mem::take(&mut exchange.held);
                responses.push(response);
                responses
            }
            response => vec![response],
        }),
    },
    Fault {
        name: "expunges-are-forgotten",
        requirement: "rfc7162/3.2.5.1-02",
        summary: "does not know which messages were expunged while a client was away",
        change: Change::Drop(|_, response| {
            matches!(
                response,
                Response::Untagged(Untagged::Vanished(Vanished { earlier: true, .. }))
            )
        }),
    },
    Fault {
        name: "resync-without-flags",
        requirement: "rfc7162/3.2.5.1-01",
        summary: "does not tell which flags have changed while a client was away",
        change: Change::Drop(|exchange, response| {
            exchange.during(resynchronises)
                && matches!(response, Response::Untagged(Untagged::Fetch { .. }))
        }),
    },
    Fault {
        name: "resync-without-exists",
        requirement: "rfc7162/3.2.5-01",
        summary: "leaves out of a resynchronisation what SELECT tells otherwise",
        change: Change::Drop(|exchange, response| {
            exchange.during(resynchronises)
                && matches!(response, Response::Untagged(Untagged::Exists(_)))
        }),
    },
    Fault {
        name: "resync-ignores-known-uids",
        requirement: "rfc7162/3.2.5.1-03",
        summary: "tells also of messages that the client did not name",
        change: Change::Command(|_, body| {
            for parameter in select_parameters(body) {
                if let SelectParameter::QResync { known_uids, .. } = parameter {
                    *known_uids = None;
                }
            }
        }),
    },
    Fault {
        name: "resync-always-tells-expunges",
        requirement: "rfc7162/3.2.5-02",
        summary: "says at every resynchronisation that the first message is gone",
        change: Change::Replace(|exchange, response| match &response {
            Response::Tagged(tagged)
                if exchange.command(&tagged.tag).is_some_and(resynchronises) =>
            {
                let uids = SequenceSet::single(NonZeroU32::MIN);
                let vanished = Vanished { earlier: true, uids };
                vec![Response::Untagged(Untagged::Vanished(vanished)), response]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "resync-parameter-is-ignored",
        requirement: "rfc7162/3.2.3-02",
        summary: "opens the mailbox as if QRESYNC and VANISHED were not there",
        change: Change::Command(|_, body| {
            if let CommandBody::Select { parameters, .. }
            | CommandBody::Examine { parameters, .. } = body
            {
                parameters.clear();
            }
            if let CommandBody::Fetch { modifiers, .. } = body {
                modifiers.retain(|modifier| *modifier != FetchModifier::Vanished);
            }
        }),
    },
    Fault {
        name: "changes-tell-no-uid",
        requirement: "rfc7162/3.2.4-01",
        summary: "tells of changed flags with their modification sequence and without UID",
        change: Change::Edit(|exchange, response| {
            if exchange.during(|body| *body == CommandBody::Noop)
                && let Some(Untagged::Fetch { items, .. }) = untagged(response)
            {
                items.retain(|item| !matches!(item, MessageAttribute::Uid(_)));
            }
        }),
    },
    Fault {
        name: "expunge-tells-no-highestmodseq",
        requirement: "rfc7162/3.2.7-01",
        summary: "completes EXPUNGE and UID EXPUNGE without HIGHESTMODSEQ",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, |body| {
                matches!(body, CommandBody::Expunge | CommandBody::UidExpunge(_))
            }) {
                tagged.text.code = None;
            }
        }),
    },
    Fault {
        name: "move-tells-no-highestmodseq",
        requirement: "rfc6851/4.4-03",
        summary: "completes MOVE without HIGHESTMODSEQ",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) =
                completes(exchange, response, |body| matches!(body, CommandBody::Move { .. }))
            {
                tagged.text.code = None;
            }
        }),
    },
    Fault {
        name: "close-tells-highestmodseq",
        requirement: "rfc7162/3.2.8-01",
        summary: "completes CLOSE with HIGHESTMODSEQ",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, |body| *body == CommandBody::Close)
            {
                tagged.text.code = Some(Code::HighestModSeq(FAR));
            }
        }),
    },
    Fault {
        name: "closed-is-not-told",
        requirement: "rfc7162/3.2.11-01",
        summary: "does not say where the mailbox before ends",
        change: Change::Drop(|_, response| untagged_code(response, |code| *code == Code::Closed)),
    },
    Fault {
        name: "messages-keep-their-modseq",
        requirement: "rfc6851/4.4-02",
        summary: "raises the modification sequence of the mailbox alone, and never that of a message",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Fetch { items, .. }) = untagged(response) {
                for item in items {
                    if let MessageAttribute::ModSeq(value) = item {
                        *value = 1;
                    }
                }
            }
        }),
    },
    Fault {
        name: "vanished-needs-no-enable",
        requirement: "rfc7162/3.2.6-01",
        summary: "takes VANISHED in UID FETCH of a client that has not enabled QRESYNC",
        change: Change::Edit(|exchange, response| {
            let asks = |body: &CommandBody<'_>| match body {
                CommandBody::Fetch { modifiers, .. } => {
                    modifiers.contains(&FetchModifier::Vanished)
                }
                _ => false,
            };
            if let Some(tagged) = completes(exchange, response, asks) {
                tagged.status = Status::Ok;
            }
        }),
    },
    Fault {
        name: "vanished-comes-twice",
        requirement: "rfc7162/3.2.10.2-01",
        summary: "tells twice which messages have vanished",
        change: Change::Replace(|_, response| match response {
            Response::Untagged(Untagged::Vanished(Vanished { earlier: false, .. })) => {
                vec![response.clone(), response]
            }
            response => vec![response],
        }),
    },
    Fault {
        name: "enable-of-the-unknown-is-bad",
        requirement: "rfc5161/3.1-02",
        summary: "says BAD to ENABLE with a name that it does not know",
        change: Change::Edit(|exchange, response| {
            let unknown = |body: &CommandBody<'_>| match body {
                CommandBody::Enable(names) => {
                    names.iter().any(|name| name.0.as_str().starts_with("X-"))
                }
                _ => false,
            };
            if let Some(tagged) = completes(exchange, response, unknown) {
                tagged.status = Status::Bad;
            }
        }),
    },
    Fault {
        name: "modified-is-stored-to",
        requirement: "rfc7162/3.1.3-03",
        summary: "names in MODIFIED what another session has changed, and stores to it all the same",
        change: Change::Lapse(Lapse::StoresModified),
    },
];

/// A modification sequence beyond all that a server of tests has.
const FAR: u64 = 1 << 60;

fn fetches(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Fetch { .. })
}

fn enables(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Enable(_))
}

fn by_number(body: &CommandBody<'_>) -> bool {
    matches!(
        body,
        CommandBody::Fetch { uid: false, .. }
            | CommandBody::Store { uid: false, .. }
            | CommandBody::Search { uid: false, .. }
    )
}

fn resynchronises(body: &CommandBody<'_>) -> bool {
    match body {
        CommandBody::Select { parameters, .. } | CommandBody::Examine { parameters, .. } => {
            parameters.iter().any(|parameter| matches!(parameter, SelectParameter::QResync { .. }))
        }
        _ => false,
    }
}

fn select_parameters<'c>(body: &'c mut CommandBody<'static>) -> &'c mut [SelectParameter] {
    match body {
        CommandBody::Select { parameters, .. } | CommandBody::Examine { parameters, .. } => {
            parameters
        }
        _ => &mut [],
    }
}

fn fetch_modifiers<'c>(body: &'c mut CommandBody<'static>) -> &'c mut [FetchModifier] {
    match body {
        CommandBody::Fetch { modifiers, .. } => modifiers,
        _ => &mut [],
    }
}

fn untagged_code(response: &Response<'static>, test: fn(&Code<'_>) -> bool) -> bool {
    match response {
        Response::Untagged(Untagged::Status { text, .. }) => text.code.as_ref().is_some_and(test),
        _ => false,
    }
}
