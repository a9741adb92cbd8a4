//! Which unique identifiers messages and mailboxes have.

use std::num::NonZeroU32;

use imap_grammar::{
    Code, CommandBody, MessageAttribute, Response, SearchKey, SearchReturnData, SelectParameter,
    SeqNumber, SequenceRange, SequenceSet, StatusAttribute, Untagged,
};

use super::{Means, Variation, fetched, status_text};
use crate::server::tampering::{Change, Exchange, untagged};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "huge-uids",
        section: "rfc3501/2.3.1.1",
        sentence: "A 32-bit value assigned to each message",
        summary: "begins to count UIDs above four milliards",
        means: Means::Traffic(uids::<1, 4_000_000_000>()),
    },
    Variation {
        name: "sparse-uids",
        section: "rfc3501/2.3.1.1",
        sentence: "Unlike message sequence numbers, unique identifiers are not necessarily \
                   contiguous.",
        summary: "leaves gaps of a thousand between UIDs, and more behind UIDNEXT",
        means: Means::Traffic(uids::<1000, 0>()),
    },
    Variation {
        name: "huge-uidvalidity",
        section: "rfc3501/9",
        sentence: "\"UIDVALIDITY\" SP nz-number",
        summary: "tells a UIDVALIDITY above 2^31",
        means: Means::Traffic(uid_validities::<2_400_000_000>()),
    },
    Variation {
        name: "small-uidvalidity",
        section: "rfc3501/9",
        sentence: "\"UIDVALIDITY\" SP nz-number",
        summary: "tells a UIDVALIDITY that is no time of the clock",
        means: Means::Traffic(uid_validities::<-1_700_000_000>()),
    },
];

/// For each UID of the server's, the client sees `FACTOR` times as much and `OFFSET` more.
const fn uids<const FACTOR: u32, const OFFSET: u32>() -> Change {
    Change::Both {
        command: |_, body| ask_for_uids(body, &Numbering { factor: FACTOR, offset: OFFSET }),
        response: |exchange, response| {
            tell_uids(exchange, response, &Numbering { factor: FACTOR, offset: OFFSET });
        },
    }
}

/// Longer ranges of a server's UIDs stay ranges: what it says of so many, nobody wants one by one.
const MAX_SPREAD: u32 = 10_000;

/// How UIDs of the server's become those of the client's.
struct Numbering {
    factor: u32,
    offset: u32,
}

impl Numbering {
    fn told(&self, uid: NonZeroU32) -> NonZeroU32 {
        let told = uid.get().saturating_mul(self.factor).saturating_add(self.offset);
        NonZeroU32::new(told).unwrap_or(uid)
    }

    /// The least that may be told as UIDNEXT.
    fn told_next(&self, next: NonZeroU32) -> NonZeroU32 {
        let last =
            NonZeroU32::new(next.get() - 1).map_or(self.offset, |last| self.told(last).get());
        NonZeroU32::MIN.saturating_add(last)
    }

    /// How many of the server's UIDs, from one up, are told as no more than that.
    fn up_to(&self, told: u32) -> u32 {
        told.saturating_sub(self.offset) / self.factor
    }

    fn told_set(&self, set: &SequenceSet) -> SequenceSet {
        let told = set.ranges().iter().flat_map(|range| self.told_range(*range));
        SequenceSet::new(told.collect()).unwrap_or_else(|| set.clone())
    }

    fn told_range(&self, range: SequenceRange) -> Vec<SequenceRange> {
        let told = |number: SeqNumber| match number {
            SeqNumber::Number(uid) => SeqNumber::Number(self.told(uid)),
            SeqNumber::Largest => SeqNumber::Largest,
        };
        match range {
            SequenceRange::Single(number) => vec![SequenceRange::Single(told(number))],
            SequenceRange::Range(SeqNumber::Number(from), SeqNumber::Number(to))
                if self.factor > 1 && from <= to && to.get() - from.get() < MAX_SPREAD =>
            {
                let uids = (from.get()..=to.get()).filter_map(NonZeroU32::new);
                uids.map(|uid| SequenceRange::Single(self.told(uid).into())).collect()
            }
            SequenceRange::Range(from, to) => vec![SequenceRange::Range(told(from), told(to))],
        }
    }

    fn asked_set(&self, set: &SequenceSet) -> SequenceSet {
        let asked = set.ranges().iter().map(|range| self.asked_range(*range));
        SequenceSet::new(asked.collect()).unwrap_or_else(|| set.clone())
    }

    /// The server's UIDs that are told as one of these; one that no message has where none is.
    fn asked_range(&self, range: SequenceRange) -> SequenceRange {
        let first = |told: NonZeroU32| NonZeroU32::MIN.saturating_add(self.up_to(told.get() - 1));
        let (from, to) = match range {
            SequenceRange::Single(SeqNumber::Number(told)) => (told, told),
            SequenceRange::Range(SeqNumber::Number(one), SeqNumber::Number(other)) => {
                (one.min(other), one.max(other))
            }
            SequenceRange::Range(SeqNumber::Number(from), SeqNumber::Largest)
            | SequenceRange::Range(SeqNumber::Largest, SeqNumber::Number(from)) => {
                return SequenceRange::Range(first(from).into(), SeqNumber::Largest);
            }
            only_largest => return only_largest,
        };
        match NonZeroU32::new(self.up_to(to.get())) {
            Some(last) if first(from) <= last => {
                SequenceRange::Range(first(from).into(), last.into())
            }
            _ => SequenceRange::Single(NonZeroU32::MAX.into()),
        }
    }
}

fn ask_for_uids(body: &mut CommandBody<'static>, numbering: &Numbering) {
    let ask = |set: &mut SequenceSet| *set = numbering.asked_set(set);
    match body {
        CommandBody::Fetch { uid: true, sequence_set, .. }
        | CommandBody::Store { uid: true, sequence_set, .. }
        | CommandBody::Copy { uid: true, sequence_set, .. }
        | CommandBody::Move { uid: true, sequence_set, .. }
        | CommandBody::UidExpunge(sequence_set) => ask(sequence_set),
        CommandBody::Search { keys, .. } => each_uid_key(keys, &ask),
        CommandBody::Select { parameters, .. } | CommandBody::Examine { parameters, .. } => {
            for parameter in parameters {
                if let SelectParameter::QResync { known_uids, sequence_match, .. } = parameter {
                    known_uids.iter_mut().for_each(ask);
                    sequence_match.iter_mut().for_each(|(_, uids)| ask(uids));
                }
            }
        }
        _ => {}
    }
}

fn each_uid_key(keys: &mut [SearchKey<'static>], ask: &impl Fn(&mut SequenceSet)) {
    for key in keys {
        match key {
            SearchKey::Uid(set) => ask(set),
            SearchKey::Not(key) => each_uid_key(std::slice::from_mut(key), ask),
            SearchKey::Or(one, other) => {
                each_uid_key(std::slice::from_mut(one), ask);
                each_uid_key(std::slice::from_mut(other), ask);
            }
            SearchKey::And(keys) => each_uid_key(keys, ask),
            _ => {}
        }
    }
}

fn tell_uids(exchange: &Exchange, response: &mut Response<'static>, numbering: &Numbering) {
    let tell = |uid: &mut NonZeroU32| *uid = numbering.told(*uid);
    let tell_set = |set: &mut SequenceSet| *set = numbering.told_set(set);
    for item in fetched(response) {
        if let MessageAttribute::Uid(uid) = item {
            tell(uid);
        }
    }
    match untagged(response) {
        Some(Untagged::Search { numbers, .. }) => {
            let search = exchange.oldest(|body| matches!(body, CommandBody::Search { .. }));
            if let Some(CommandBody::Search { uid: true, .. }) = search {
                numbers.iter_mut().for_each(tell);
            }
        }
        Some(Untagged::ESearch(result)) if result.uid => {
            for data in &mut result.data {
                match data {
                    SearchReturnData::Min(uid) | SearchReturnData::Max(uid) => tell(uid),
                    SearchReturnData::All(set) => tell_set(set),
                    SearchReturnData::Count(_) | SearchReturnData::ModSeq(_) => {}
                }
            }
        }
        Some(Untagged::MailboxStatus { attributes, .. }) => {
            for (attribute, value) in attributes {
                let next = u32::try_from(*value).ok().and_then(NonZeroU32::new);
                if let (StatusAttribute::UidNext, Some(next)) = (*attribute, next) {
                    *value = numbering.told_next(next).get().into();
                }
            }
        }
        Some(Untagged::Vanished(vanished)) => tell_set(&mut vanished.uids),
        _ => {}
    }
    let stores_by_uid =
        exchange.during(|body| matches!(body, CommandBody::Store { uid: true, .. }));
    match status_text(response).and_then(|text| text.code.as_mut()) {
        Some(Code::UidNext(next)) => *next = numbering.told_next(*next),
        Some(Code::AppendUid { uid, .. }) => tell(uid),
        Some(Code::CopyUid { source, target, .. }) => {
            tell_set(source);
            tell_set(target);
        }
        Some(Code::Modified(set)) if stores_by_uid => tell_set(set),
        _ => {}
    }
}

/// Every UIDVALIDITY that is told is `OFFSET` more than the server's, within what there can be.
const fn uid_validities<const OFFSET: i64>() -> Change {
    Change::Both {
        command: |_, body| {
            if let CommandBody::Select { parameters, .. }
            | CommandBody::Examine { parameters, .. } = body
            {
                for parameter in parameters {
                    if let SelectParameter::QResync { uid_validity, .. } = parameter {
                        *uid_validity = moved(*uid_validity, -OFFSET);
                    }
                }
            }
        },
        response: |_, response| {
            if let Some(Untagged::MailboxStatus { attributes, .. }) = untagged(response) {
                for (attribute, value) in attributes {
                    let validity = u32::try_from(*value).ok().and_then(NonZeroU32::new);
                    if let (StatusAttribute::UidValidity, Some(validity)) = (*attribute, validity) {
                        *value = moved(validity, OFFSET).get().into();
                    }
                }
            }
            if let Some(
                Code::UidValidity(uid_validity)
                | Code::AppendUid { uid_validity, .. }
                | Code::CopyUid { uid_validity, .. },
            ) = status_text(response).and_then(|text| text.code.as_mut())
            {
                *uid_validity = moved(*uid_validity, OFFSET);
            }
        },
    }
}

fn moved(uid_validity: NonZeroU32, offset: i64) -> NonZeroU32 {
    let moved = (i64::from(uid_validity.get()) + offset).clamp(1, u32::MAX.into());
    u32::try_from(moved).ok().and_then(NonZeroU32::new).unwrap_or(uid_validity)
}
