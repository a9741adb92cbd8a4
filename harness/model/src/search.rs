//! SEARCH: whether a message matches a key (RFC 3501 §6.4.4).
//!
//! Where the RFC leaves a choice:
//! - the keys on addresses look at the parsed addresses of the envelope, not at the header's text;
//! - BODY and TEXT look at what a reader sees, with transfer encodings, character sets and encoded
//!   words decoded, and leave out parts that are neither text nor messages; in US-ASCII, where
//!   decoding is not asked for, they find the octets as they stand as well;
//! - a message without a date that can be read matches none of SENTBEFORE, SENTON and SENTSINCE.

mod sent_date;
mod text;

use std::num::NonZeroU32;

use imap_grammar::{Address, DateTime, Flag, ImapString, SearchKey};

use crate::Message;
use crate::message::decode;
use crate::message::header::Header;
use text::Substring;

/// A message of a mailbox, as a session sees it, of which a key says whether it matches.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'m> {
    /// The message sequence number.
    pub number: NonZeroU32,
    /// The unique identifier.
    pub uid: NonZeroU32,
    /// The flags but `\Recent`.
    pub flags: &'m [Flag<'static>],
    /// Whether `\Recent` is set in this session.
    pub recent: bool,
    /// INTERNALDATE.
    pub internal_date: DateTime,
    /// MODSEQ (RFC 7162).
    pub mod_seq: u64,
    /// The message itself.
    pub message: &'m Message,
    /// The largest message sequence number in the mailbox: `*`.
    pub largest_number: u32,
    /// The largest unique identifier in the mailbox: `*` in a UID key.
    pub largest_uid: u32,
}

/// The character set of a search's strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// US-ASCII, also where the command names none.
    #[default]
    UsAscii,
    /// UTF-8.
    Utf8,
}

impl Charset {
    /// All that can be searched in, as BADCHARSET names them.
    pub const NAMES: [&'static str; 2] = ["US-ASCII", "UTF-8"];

    /// The character set of that name, in any case; nothing where it is none of these.
    ///
    /// ```
    /// use imap_model::Charset;
    /// assert_eq!(Charset::from_name(b"utf-8"), Some(Charset::Utf8));
    /// assert_eq!(Charset::from_name(b"KOI8-R"), None, "answered with NO [BADCHARSET]");
    /// ```
    pub fn from_name(name: &[u8]) -> Option<Self> {
        let [us_ascii, utf8] = Self::NAMES;
        if name.eq_ignore_ascii_case(us_ascii.as_bytes()) {
            Some(Self::UsAscii)
        } else if name.eq_ignore_ascii_case(utf8.as_bytes()) {
            Some(Self::Utf8)
        } else {
            None
        }
    }
}

/// Whether the message matches the key, whose strings are in that character set.
///
/// A string that is not legal in the character set is in no message.
pub fn matches(key: &SearchKey<'_>, charset: Charset, candidate: &Candidate<'_>) -> bool {
    let has = |flag: Flag<'_>| candidate.flags.contains(&flag);
    let has_keyword = |keyword: &str| {
        candidate.flags.iter().any(
            |flag| matches!(flag, Flag::Keyword(own) if own.as_str().eq_ignore_ascii_case(keyword)),
        )
    };
    let message = candidate.message;
    let internal_date = candidate.internal_date.date;
    let sent_date = || sent_date::of(header(message));
    let substring = |string: &ImapString<'_>| Substring::new(string, charset);
    let is_in = |string: &ImapString<'_>, addresses: &[Address<'_>]| {
        substring(string).is_some_and(|string| {
            addresses.iter().any(|address| string.is_in(&text::of_address(address)))
        })
    };
    match key {
        SearchKey::All => true,
        SearchKey::And(keys) => keys.iter().all(|key| matches(key, charset, candidate)),
        SearchKey::Or(one, other) => {
            matches(one, charset, candidate) || matches(other, charset, candidate)
        }
        SearchKey::Not(key) => !matches(key, charset, candidate),

        SearchKey::SequenceSet(set) => NonZeroU32::new(candidate.largest_number)
            .is_some_and(|largest| set.contains(candidate.number, largest)),
        SearchKey::Uid(set) => NonZeroU32::new(candidate.largest_uid)
            .is_some_and(|largest| set.contains(candidate.uid, largest)),

        SearchKey::Answered => has(Flag::Answered),
        SearchKey::Deleted => has(Flag::Deleted),
        SearchKey::Draft => has(Flag::Draft),
        SearchKey::Flagged => has(Flag::Flagged),
        SearchKey::Seen => has(Flag::Seen),
        SearchKey::Unanswered => !has(Flag::Answered),
        SearchKey::Undeleted => !has(Flag::Deleted),
        SearchKey::Undraft => !has(Flag::Draft),
        SearchKey::Unflagged => !has(Flag::Flagged),
        SearchKey::Unseen => !has(Flag::Seen),
        SearchKey::Keyword(keyword) => has_keyword(keyword.as_str()),
        SearchKey::Unkeyword(keyword) => !has_keyword(keyword.as_str()),
        SearchKey::Recent => candidate.recent,
        SearchKey::Old => !candidate.recent,
        SearchKey::New => candidate.recent && !has(Flag::Seen),

        SearchKey::Larger(size) => message.size() > *size,
        SearchKey::Smaller(size) => message.size() < *size,
        // Only one modification sequence is kept for all of a message's metadata, so the entry
        // "MUST" be ignored (RFC 7162 §3.1.5).
        SearchKey::ModSeq { entry: _, at_least } => candidate.mod_seq >= *at_least,

        SearchKey::Before(date) => internal_date < *date,
        SearchKey::On(date) => internal_date == *date,
        SearchKey::Since(date) => internal_date >= *date,
        SearchKey::SentBefore(date) => sent_date().is_some_and(|sent| sent < *date),
        SearchKey::SentOn(date) => sent_date().is_some_and(|sent| sent == *date),
        SearchKey::SentSince(date) => sent_date().is_some_and(|sent| sent >= *date),

        SearchKey::Bcc(string) => is_in(string, &message.envelope().bcc),
        SearchKey::Cc(string) => is_in(string, &message.envelope().cc),
        SearchKey::From(string) => is_in(string, &message.envelope().from),
        SearchKey::To(string) => is_in(string, &message.envelope().to),
        SearchKey::Subject(string) => message.envelope().subject.is_some_and(|subject| {
            let subject = decode::header_value(subject.as_bytes());
            substring(string).is_some_and(|string| string.is_in(&subject))
        }),
        SearchKey::Header { name, value } => substring(value).is_some_and(|value| {
            let mut fields = header(message).named(name.as_bytes());
            fields.any(|field| value.is_in(&decode::header_value(&field.value())))
        }),
        SearchKey::Body(string) => substring(string).is_some_and(|string| {
            let octets = message.entity().body(message.octets());
            string.is_in(&text::of_body(message))
                || (charset == Charset::UsAscii && string.is_in_octets(octets))
        }),
        SearchKey::Text(string) => substring(string).is_some_and(|string| {
            string.is_in(&text::of_message(message))
                || (charset == Charset::UsAscii && string.is_in_octets(message.octets()))
        }),
    }
}

fn header(message: &Message) -> Header<'_> {
    message.entity().header(message.octets())
}
