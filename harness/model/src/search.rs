//! SEARCH: whether a message matches a key (RFC 3501 §6.4.4).
//!
//! Where the RFC leaves a choice:
//! - the keys on addresses look at the parsed addresses of the envelope, not at the header's text;
//! - BODY and TEXT look at what a reader sees, with transfer encodings, character sets and encoded
//!   words decoded, and leave out parts that are neither text nor messages; in US-ASCII, where
//!   decoding is not asked for, they find the octets as they stand as well;
//! - a message without a date that can be read matches none of SENTBEFORE, SENTON and SENTSINCE;
//! - a message sequence number beyond the last one is no error, as it is in the commands that
//!   `seq-number` names, COPY, FETCH and STORE (§9): no message has it, so none matches.

mod query;
mod reading;
mod sent_date;
mod text;

use std::num::NonZeroU32;

use imap_grammar::{DateTime, Flag, SearchKey};

use crate::Message;

pub(crate) use query::Query;

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
    let key = std::slice::from_ref(key);
    Query::new(key, charset, candidate.largest_number, candidate.largest_uid).matches(candidate)
}
