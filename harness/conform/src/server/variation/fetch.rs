//! How much FETCH tells at once, and in which form.

use std::mem::discriminant;

use imap_grammar::{
    Body, CommandBody, DateTime, FetchAttribute, FetchItems, Media, MessageAttribute, Response,
    Untagged,
};

use super::{Means, Variation, fetched};
use crate::server::tampering::{Change, Exchange};

/// "Server data that was not requested" is legal (RFC 3501 §2.2.2).
const UNASKED: &str = "This includes server data that was not requested.";

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "fetch-in-pieces",
        section: "rfc3501/2.2.2",
        sentence: "A client MUST be prepared to accept any server response at all times.",
        summary: "tells every item of a message in a FETCH response of its own",
        means: Means::Traffic(Change::Replace(|_, response| in_pieces(response))),
    },
    Variation {
        name: "fetch-in-one",
        section: "rfc3501/2.2.2",
        sentence: "A client MUST be prepared to accept any server response at all times.",
        summary: "makes one FETCH response of several about the same message",
        means: Means::Traffic(Change::Replace(in_one)),
    },
    Variation {
        name: "fetch-twice",
        section: "rfc3501/2.2.2",
        sentence: UNASKED,
        summary: "sends every FETCH response twice",
        means: Means::Traffic(Change::Replace(|_, response| match &response {
            Response::Untagged(Untagged::Fetch { .. }) => vec![response.clone(), response],
            _ => vec![response],
        })),
    },
    Variation {
        name: "fetch-with-flags",
        section: "rfc3501/2.2.2",
        sentence: UNASKED,
        summary: "tells the flags whatever FETCH asks for",
        means: Means::Traffic(Change::Command(|_, body| ask_for(body, &[FetchAttribute::Flags]))),
    },
    Variation {
        name: "fetch-with-uid",
        section: "rfc3501/2.2.2",
        sentence: UNASKED,
        summary: "tells the UID whatever FETCH asks for",
        means: Means::Traffic(Change::Command(|_, body| ask_for(body, &[FetchAttribute::Uid]))),
    },
    Variation {
        name: "fetch-with-more",
        section: "rfc3501/2.2.2",
        sentence: UNASKED,
        summary: "tells envelope, structure, size and date whatever FETCH asks for",
        means: Means::Traffic(Change::Command(|_, body| {
            let more = [
                FetchAttribute::Envelope,
                FetchAttribute::BodyStructure,
                FetchAttribute::Rfc822Size,
                FetchAttribute::InternalDate,
            ];
            ask_for(body, &more);
        })),
    },
    Variation {
        name: "check-tells-flags",
        section: "rfc3501/5.2",
        sentence: "At any time, a server can send data that the client did not request.",
        summary: "tells all flags at CHECK",
        means: Means::Traffic(Change::Command(|exchange, body| {
            if *body == CommandBody::Check && exchange.selected && exchange.exists > 0 {
                *body = flags_of_all();
            }
        })),
    },
    Variation {
        name: "date-in-another-zone",
        section: "rfc3501/9",
        sentence: "Signed four-digit value of hhmm representing hours and minutes east of \
                   Greenwich",
        summary: "tells INTERNALDATE on a clock of another zone, on the same day",
        means: Means::Traffic(Change::Edit(|_, response| {
            for item in fetched(response) {
                if let MessageAttribute::InternalDate(date) = item {
                    *date = in_another_zone(*date);
                }
            }
        })),
    },
    Variation {
        name: "structure-without-extension-data",
        section: "rfc3501/7.4.2",
        sentence: "Extension data is never returned with the BODY fetch, but can be returned with \
                   a BODYSTRUCTURE fetch.",
        summary: "tells no more with BODYSTRUCTURE than with BODY",
        means: Means::Traffic(Change::Edit(|_, response| {
            for item in fetched(response) {
                if let MessageAttribute::BodyStructure(body) = item {
                    without_extension(body);
                }
            }
        })),
    },
    Variation {
        name: "structure-without-location",
        section: "rfc3501/7.4.2",
        sentence: "Extension data, if present, MUST be in the defined order.",
        summary: "ends BODYSTRUCTURE with the language",
        means: Means::Traffic(Change::Edit(|_, response| {
            for item in fetched(response) {
                if let MessageAttribute::BodyStructure(body) = item {
                    without_location(body);
                }
            }
        })),
    },
];

/// One response for each item. The UID goes with each, and the modification sequence with the
/// flags it belongs to.
fn in_pieces(response: Response<'static>) -> Vec<Response<'static>> {
    let Response::Untagged(Untagged::Fetch { number, items }) = response else {
        return vec![response];
    };
    let is_uid = |item: &MessageAttribute<'_>| matches!(item, MessageAttribute::Uid(_));
    let is_mod_seq = |item: &MessageAttribute<'_>| matches!(item, MessageAttribute::ModSeq(_));
    let uid: Vec<_> = items.iter().find(|item| is_uid(item)).cloned().into_iter().collect();
    let mod_seq = items.iter().find(|item| is_mod_seq(item)).cloned();
    let others: Vec<_> =
        items.into_iter().filter(|item| !is_uid(item) && !is_mod_seq(item)).collect();
    let mut pieces: Vec<Vec<_>> = others.into_iter().map(|item| vec![item]).collect();
    if pieces.is_empty() {
        pieces.push(Vec::new());
    }
    for piece in &mut pieces {
        piece.extend_from_slice(&uid);
    }
    let of_flags = |piece: &Vec<_>| matches!(piece.first(), Some(MessageAttribute::Flags(_)));
    let place = pieces.iter().position(of_flags).unwrap_or(0);
    pieces[place].extend(mod_seq);
    let fetch = |items| Response::Untagged(Untagged::Fetch { number, items });
    pieces.into_iter().map(fetch).collect()
}

/// Holds a FETCH response back until it is seen that no other about the same message follows.
fn in_one(exchange: &mut Exchange, response: Response<'static>) -> Vec<Response<'static>> {
    let fetching = exchange
        .during(|body| matches!(body, CommandBody::Fetch { .. } | CommandBody::Store { .. }));
    let Some(before) = exchange.held.pop() else {
        if fetching && matches!(response, Response::Untagged(Untagged::Fetch { .. })) {
            exchange.held.push(response);
            return Vec::new();
        }
        return vec![response];
    };
    match (before, response) {
        (
            Response::Untagged(Untagged::Fetch { number, items: mut all }),
            Response::Untagged(Untagged::Fetch { number: same, items }),
        ) if number == same && are_disjoint(&all, &items) => {
            all.extend(items);
            exchange.held.push(Response::Untagged(Untagged::Fetch { number, items: all }));
            Vec::new()
        }
        (before, fetch @ Response::Untagged(Untagged::Fetch { .. })) => {
            exchange.held.push(fetch);
            vec![before]
        }
        (before, response) => vec![before, response],
    }
}

/// Whether no item stands in both. Of sections there may be many.
fn are_disjoint(some: &[MessageAttribute<'_>], others: &[MessageAttribute<'_>]) -> bool {
    !some.iter().any(|one| others.iter().any(|other| discriminant(one) == discriminant(other)))
}

/// Asks for more than the client does, where it lists what it wants.
fn ask_for(body: &mut CommandBody<'static>, more: &[FetchAttribute<'static>]) {
    if let CommandBody::Fetch { items: FetchItems::Attributes(items), .. } = body {
        let missing = more.iter().filter(|item| !items.contains(item)).cloned().collect::<Vec<_>>();
        items.extend(missing);
    }
}

fn flags_of_all() -> CommandBody<'static> {
    CommandBody::Fetch {
        uid: false,
        sequence_set: imap_grammar::SequenceSet::range(
            std::num::NonZeroU32::MIN,
            imap_grammar::SeqNumber::Largest,
        ),
        items: FetchItems::Attributes(vec![FetchAttribute::Flags]),
        modifiers: Vec::new(),
    }
}

/// The same instant where the clock is half an hour ahead, or behind where it would be tomorrow.
/// SEARCH goes by the day alone (RFC 3501 §6.4.4), so that a server cannot change it.
fn in_another_zone(date: DateTime) -> DateTime {
    let zones = [date.zone_minutes() + 30, date.zone_minutes() - 30];
    let others =
        zones.iter().filter_map(|&zone| DateTime::from_unix_timestamp(date.unix_timestamp(), zone));
    others.into_iter().find(|other| other.date == date.date).unwrap_or(date)
}

fn without_extension(body: &mut Body<'static>) {
    match body {
        Body::Single(part) => {
            part.extension = None;
            if let Media::Message { body, .. } = &mut part.media {
                without_extension(body);
            }
        }
        Body::Multi(multi) => {
            multi.extension = None;
            multi.parts.iter_mut().for_each(without_extension);
        }
    }
}

fn without_location(body: &mut Body<'static>) {
    let disposition = match body {
        Body::Single(part) => {
            if let Media::Message { body, .. } = &mut part.media {
                without_location(body);
            }
            part.extension.as_mut().and_then(|extension| extension.tail.as_mut())
        }
        Body::Multi(multi) => {
            multi.parts.iter_mut().for_each(without_location);
            multi.extension.as_mut().and_then(|extension| extension.tail.as_mut())
        }
    };
    if let Some(language) = disposition.and_then(|disposition| disposition.tail.as_mut()) {
        language.tail = None;
    }
}
