//! The keys of a search, made ready to be asked of one message after the other.
//!
//! A command has room for a hundred thousand keys, and sets of as many numbers. What can be done to
//! them once is done here, not for every message: sets are sorted, strings get their lower case.

use std::num::NonZeroU32;

use imap_grammar::{Atom, Date, Flag, ImapString, SearchKey, SequenceSet};

use super::reading::{Place, Reading};
use super::text::Substring;
use super::{Candidate, Charset};
use crate::Message;
use crate::numbers::Numbers;

/// As how many octets a key counts that looks for no string.
const KEY_OCTETS: u64 = 64;

/// Keys, all of which a message has to match.
#[derive(Debug)]
pub(crate) struct Query<'k> {
    keys: Vec<Key<'k>>,
    charset: Charset,
    count: Count,
}

/// How many keys there are, with those within others.
#[derive(Debug, Default)]
struct Count {
    all: u64,
    in_headers: u64,
    in_texts: u64,
}

/// A `search-key`.
#[derive(Debug)]
enum Key<'k> {
    /// Every message matches.
    Everything,
    /// No message matches.
    Nothing,
    And(Vec<Key<'k>>),
    Or(Box<[Key<'k>; 2]>),
    Not(Box<Key<'k>>),
    Number(Numbers),
    Uid(Numbers),
    Flag(Flag<'static>),
    Keyword(&'k Atom<'k>),
    Recent,
    Larger(u32),
    Smaller(u32),
    ModSeq(u64),
    /// INTERNALDATE.
    Arrived(Days),
    /// The Date field.
    Sent(Days),
    Contains(Place, Substring),
    Header(&'k [u8], Substring),
}

/// Some of all days.
#[derive(Debug, Clone, Copy)]
enum Days {
    Before(Date),
    On(Date),
    Since(Date),
}

impl<'k> Query<'k> {
    /// The keys, whose strings are in that character set and in whose sets `*` is that number or
    /// that unique identifier; zero where there are no messages.
    pub(crate) fn new(
        keys: &'k [SearchKey<'k>],
        charset: Charset,
        largest_number: u32,
        largest_uid: u32,
    ) -> Self {
        let mut compiler =
            Compiler { charset, largest_number, largest_uid, count: Count::default() };
        let keys = compiler.keys(keys);
        Self { keys, charset, count: compiler.count }
    }

    /// How many octets the keys look through in the message, at the most.
    pub(crate) fn cost(&self, message: &Message) -> u64 {
        let header = message.entity().header.len() as u64;
        self.count.all * KEY_OCTETS
            + self.count.in_headers * header
            + self.count.in_texts * message.octets().len() as u64
    }

    /// Whether the message matches.
    pub(crate) fn matches(&self, candidate: &Candidate<'_>) -> bool {
        let reading = Reading::new(candidate.message, self.charset);
        self.keys.iter().all(|key| key.matches(candidate, &reading))
    }
}

/// What the keys mean depends on.
struct Compiler {
    charset: Charset,
    largest_number: u32,
    largest_uid: u32,
    count: Count,
}

impl Compiler {
    fn keys<'k>(&mut self, keys: &'k [SearchKey<'k>]) -> Vec<Key<'k>> {
        keys.iter().map(|key| self.key(key)).collect()
    }

    fn key<'k>(&mut self, key: &'k SearchKey<'k>) -> Key<'k> {
        let not = |key| Key::Not(Box::new(key));
        self.count.all += 1;
        match key {
            SearchKey::All => Key::Everything,
            SearchKey::And(keys) => Key::And(self.keys(keys)),
            SearchKey::Or(one, other) => Key::Or(Box::new([self.key(one), self.key(other)])),
            SearchKey::Not(key) => not(self.key(key)),

            SearchKey::SequenceSet(set) => set_of(set, self.largest_number, Key::Number),
            SearchKey::Uid(set) => set_of(set, self.largest_uid, Key::Uid),

            SearchKey::Answered => Key::Flag(Flag::Answered),
            SearchKey::Deleted => Key::Flag(Flag::Deleted),
            SearchKey::Draft => Key::Flag(Flag::Draft),
            SearchKey::Flagged => Key::Flag(Flag::Flagged),
            SearchKey::Seen => Key::Flag(Flag::Seen),
            SearchKey::Unanswered => not(Key::Flag(Flag::Answered)),
            SearchKey::Undeleted => not(Key::Flag(Flag::Deleted)),
            SearchKey::Undraft => not(Key::Flag(Flag::Draft)),
            SearchKey::Unflagged => not(Key::Flag(Flag::Flagged)),
            SearchKey::Unseen => not(Key::Flag(Flag::Seen)),
            SearchKey::Keyword(keyword) => Key::Keyword(keyword),
            SearchKey::Unkeyword(keyword) => not(Key::Keyword(keyword)),
            SearchKey::Recent => Key::Recent,
            SearchKey::Old => not(Key::Recent),
            SearchKey::New => Key::And(vec![Key::Recent, not(Key::Flag(Flag::Seen))]),

            SearchKey::Larger(size) => Key::Larger(*size),
            SearchKey::Smaller(size) => Key::Smaller(*size),
            // Only one modification sequence is kept for all of a message's metadata, so the entry
            // "MUST" be ignored (RFC 7162 §3.1.5).
            SearchKey::ModSeq { entry: _, at_least } => Key::ModSeq(*at_least),

            SearchKey::Before(date) => Key::Arrived(Days::Before(*date)),
            SearchKey::On(date) => Key::Arrived(Days::On(*date)),
            SearchKey::Since(date) => Key::Arrived(Days::Since(*date)),
            SearchKey::SentBefore(date) => Key::Sent(Days::Before(*date)),
            SearchKey::SentOn(date) => Key::Sent(Days::On(*date)),
            SearchKey::SentSince(date) => Key::Sent(Days::Since(*date)),

            SearchKey::Bcc(string) => self.contains(Place::Bcc, string),
            SearchKey::Cc(string) => self.contains(Place::Cc, string),
            SearchKey::From(string) => self.contains(Place::From, string),
            SearchKey::To(string) => self.contains(Place::To, string),
            SearchKey::Subject(string) => self.contains(Place::Subject, string),
            SearchKey::Body(string) => self.contains(Place::Body, string),
            SearchKey::Text(string) => self.contains(Place::Text, string),
            SearchKey::Header { name, value } => {
                self.count.in_headers += 1;
                self.string(value, |value| Key::Header(name.as_bytes(), value))
            }
        }
    }

    fn contains<'k>(&mut self, place: Place, string: &ImapString<'_>) -> Key<'k> {
        match place {
            Place::Body | Place::Text => self.count.in_texts += 1,
            _ => self.count.in_headers += 1,
        }
        self.string(string, |string| Key::Contains(place, string))
    }

    /// A string that is not legal in the character set is in no message.
    fn string<'k>(
        &self,
        string: &ImapString<'_>,
        key: impl FnOnce(Substring) -> Key<'k>,
    ) -> Key<'k> {
        Substring::new(string, self.charset).map_or(Key::Nothing, key)
    }
}

fn set_of<'k>(set: &SequenceSet, largest: u32, key: fn(Numbers) -> Key<'k>) -> Key<'k> {
    let largest = NonZeroU32::new(largest);
    largest.map_or(Key::Nothing, |largest| key(Numbers::new(set, largest)))
}

impl Key<'_> {
    fn matches(&self, candidate: &Candidate<'_>, reading: &Reading<'_>) -> bool {
        match self {
            Self::Everything => true,
            Self::Nothing => false,
            Self::And(keys) => keys.iter().all(|key| key.matches(candidate, reading)),
            Self::Or(keys) => keys.iter().any(|key| key.matches(candidate, reading)),
            Self::Not(key) => !key.matches(candidate, reading),
            Self::Number(numbers) => numbers.contains(candidate.number),
            Self::Uid(numbers) => numbers.contains(candidate.uid),
            Self::Flag(flag) => candidate.flags.contains(flag),
            Self::Keyword(keyword) => candidate.flags.iter().any(|flag| {
                matches!(flag, Flag::Keyword(own) if own.as_str().eq_ignore_ascii_case(keyword.as_str()))
            }),
            Self::Recent => candidate.recent,
            Self::Larger(size) => candidate.message.size() > *size,
            Self::Smaller(size) => candidate.message.size() < *size,
            Self::ModSeq(at_least) => candidate.mod_seq >= *at_least,
            Self::Arrived(days) => days.contains(candidate.internal_date.date),
            Self::Sent(days) => reading.sent().is_some_and(|day| days.contains(day)),
            Self::Contains(place, string) => reading.contains(*place, string),
            Self::Header(name, value) => reading.field_contains(name, value),
        }
    }
}

impl Days {
    fn contains(self, day: Date) -> bool {
        match self {
            Self::Before(date) => day < date,
            Self::On(date) => day == date,
            Self::Since(date) => day >= date,
        }
    }
}
