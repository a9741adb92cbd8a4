//! `search-key` (RFC 3501 §6.4.4).

use crate::{Atom, Date, ImapString, SequenceSet};

/// `search-key`: a condition on messages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SearchKey<'a> {
    /// `ALL`
    All,
    /// `ANSWERED`
    Answered,
    /// `BCC`
    Bcc(ImapString<'a>),
    /// `BEFORE`
    Before(Date),
    /// `BODY`
    Body(ImapString<'a>),
    /// `CC`
    Cc(ImapString<'a>),
    /// `DELETED`
    Deleted,
    /// `DRAFT`
    Draft,
    /// `FLAGGED`
    Flagged,
    /// `FROM`
    From(ImapString<'a>),
    /// `HEADER`
    Header {
        /// The field's name.
        name: ImapString<'a>,
        /// What its value contains; empty for any value.
        value: ImapString<'a>,
    },
    /// `KEYWORD`
    Keyword(Atom<'a>),
    /// `LARGER`
    Larger(u32),
    /// `MODSEQ` (RFC 7162 §3.1.5).
    ModSeq {
        /// Which metadata item's modification sequence; nothing for the message's.
        entry: Option<ModSeqEntry<'a>>,
        /// The least modification sequence.
        at_least: u64,
    },
    /// `NEW`
    New,
    /// `NOT`
    Not(Box<SearchKey<'a>>),
    /// `OLD`
    Old,
    /// `ON`
    On(Date),
    /// `OR`
    Or(Box<SearchKey<'a>>, Box<SearchKey<'a>>),
    /// `RECENT`
    Recent,
    /// `SEEN`
    Seen,
    /// `SENTBEFORE`
    SentBefore(Date),
    /// `SENTON`
    SentOn(Date),
    /// `SENTSINCE`
    SentSince(Date),
    /// A set of message sequence numbers.
    SequenceSet(SequenceSet),
    /// `SINCE`
    Since(Date),
    /// `SMALLER`
    Smaller(u32),
    /// `SUBJECT`
    Subject(ImapString<'a>),
    /// `TEXT`
    Text(ImapString<'a>),
    /// `TO`
    To(ImapString<'a>),
    /// `UID`
    Uid(SequenceSet),
    /// `UNANSWERED`
    Unanswered,
    /// `UNDELETED`
    Undeleted,
    /// `UNDRAFT`
    Undraft,
    /// `UNFLAGGED`
    Unflagged,
    /// `UNKEYWORD`
    Unkeyword(Atom<'a>),
    /// `UNSEEN`
    Unseen,
    /// Keys in parentheses, all of which hold; never empty.
    And(Vec<SearchKey<'a>>),
}

/// `search-modseq-ext` (RFC 7162 §3.1.5).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModSeqEntry<'a> {
    /// `entry-flag-name`: the flag, as in `/flags/\\draft`.
    pub flag: crate::Flag<'a>,
    /// `entry-type-req`
    pub kind: EntryType,
}

/// `entry-type-req` (RFC 7162 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryType {
    /// `priv`
    Private,
    /// `shared`
    Shared,
    /// `all`
    All,
}
