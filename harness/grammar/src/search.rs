//! `search-key` (RFC 3501 §6.4.4).

use crate::date::date;
use crate::encode::{Encode, Writer};
use crate::extension::{encode_search_mod_seq, search_mod_seq};
use crate::keyword::{keywords, one_of};
use crate::lexical::{astring, atom, list, number, sp};
use crate::parse::{Context, Parsed, within};
use crate::sequence::sequence_set;
use crate::{Atom, Date, ImapString, ModSeqEntry, Production, SequenceSet};

/// `search-key`: a condition on messages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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

const SEARCH_KEY: Production = Production::rfc3501("search-key");

#[derive(Clone, Copy)]
pub(crate) enum Name {
    All,
    Answered,
    Bcc,
    Before,
    Body,
    Cc,
    Deleted,
    Draft,
    Flagged,
    From,
    Header,
    Keyword,
    Larger,
    ModSeq,
    New,
    Not,
    Old,
    On,
    Or,
    Recent,
    Seen,
    SentBefore,
    SentOn,
    SentSince,
    Since,
    Smaller,
    Subject,
    Text,
    To,
    Uid,
    Unanswered,
    Undeleted,
    Undraft,
    Unflagged,
    Unkeyword,
    Unseen,
}

keywords! { Name {
    All = b"ALL",
    Answered = b"ANSWERED",
    Bcc = b"BCC",
    Before = b"BEFORE",
    Body = b"BODY",
    Cc = b"CC",
    Deleted = b"DELETED",
    Draft = b"DRAFT",
    Flagged = b"FLAGGED",
    From = b"FROM",
    Header = b"HEADER",
    Keyword = b"KEYWORD",
    Larger = b"LARGER",
    ModSeq = b"MODSEQ" under CondStore,
    New = b"NEW",
    Not = b"NOT",
    Old = b"OLD",
    On = b"ON",
    Or = b"OR",
    Recent = b"RECENT",
    Seen = b"SEEN",
    SentBefore = b"SENTBEFORE",
    SentOn = b"SENTON",
    SentSince = b"SENTSINCE",
    Since = b"SINCE",
    Smaller = b"SMALLER",
    Subject = b"SUBJECT",
    Text = b"TEXT",
    To = b"TO",
    Uid = b"UID",
    Unanswered = b"UNANSWERED",
    Undeleted = b"UNDELETED",
    Undraft = b"UNDRAFT",
    Unflagged = b"UNFLAGGED",
    Unkeyword = b"UNKEYWORD",
    Unseen = b"UNSEEN",
} }

impl SearchKey<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> SearchKey<'static> {
        match self {
            Self::All => SearchKey::All,
            Self::Answered => SearchKey::Answered,
            Self::Bcc(value) => SearchKey::Bcc(value.into_owned()),
            Self::Before(date) => SearchKey::Before(date),
            Self::Body(value) => SearchKey::Body(value.into_owned()),
            Self::Cc(value) => SearchKey::Cc(value.into_owned()),
            Self::Deleted => SearchKey::Deleted,
            Self::Draft => SearchKey::Draft,
            Self::Flagged => SearchKey::Flagged,
            Self::From(value) => SearchKey::From(value.into_owned()),
            Self::Header { name, value } => {
                SearchKey::Header { name: name.into_owned(), value: value.into_owned() }
            }
            Self::Keyword(flag) => SearchKey::Keyword(flag.into_owned()),
            Self::Larger(size) => SearchKey::Larger(size),
            Self::ModSeq { entry, at_least } => {
                SearchKey::ModSeq { entry: entry.map(ModSeqEntry::into_owned), at_least }
            }
            Self::New => SearchKey::New,
            Self::Not(key) => SearchKey::Not(Box::new(key.into_owned())),
            Self::Old => SearchKey::Old,
            Self::On(date) => SearchKey::On(date),
            Self::Or(one, other) => {
                SearchKey::Or(Box::new(one.into_owned()), Box::new(other.into_owned()))
            }
            Self::Recent => SearchKey::Recent,
            Self::Seen => SearchKey::Seen,
            Self::SentBefore(date) => SearchKey::SentBefore(date),
            Self::SentOn(date) => SearchKey::SentOn(date),
            Self::SentSince(date) => SearchKey::SentSince(date),
            Self::SequenceSet(set) => SearchKey::SequenceSet(set),
            Self::Since(date) => SearchKey::Since(date),
            Self::Smaller(size) => SearchKey::Smaller(size),
            Self::Subject(value) => SearchKey::Subject(value.into_owned()),
            Self::Text(value) => SearchKey::Text(value.into_owned()),
            Self::To(value) => SearchKey::To(value.into_owned()),
            Self::Uid(set) => SearchKey::Uid(set),
            Self::Unanswered => SearchKey::Unanswered,
            Self::Undeleted => SearchKey::Undeleted,
            Self::Undraft => SearchKey::Undraft,
            Self::Unflagged => SearchKey::Unflagged,
            Self::Unkeyword(flag) => SearchKey::Unkeyword(flag.into_owned()),
            Self::Unseen => SearchKey::Unseen,
            Self::And(keys) => {
                SearchKey::And(keys.into_iter().map(SearchKey::into_owned).collect())
            }
        }
    }
}

/// `search-key`
pub(crate) fn search_key(cx: Context, i: &[u8]) -> Parsed<'_, SearchKey<'_>> {
    within(&SEARCH_KEY, any_key(cx, i))
}

fn any_key(cx: Context, i: &[u8]) -> Parsed<'_, SearchKey<'_>> {
    match i.first() {
        Some(b'0'..=b'9' | b'*') => {
            let (i, set) = sequence_set(i)?;
            Ok((i, SearchKey::SequenceSet(set)))
        }
        Some(b'(') => {
            let cx = cx.deeper(i)?;
            let (i, keys) = list(i, |i| search_key(cx, i))?;
            Ok((i, SearchKey::And(keys)))
        }
        _ => named_key(cx, i),
    }
}

fn named_key(cx: Context, start: &[u8]) -> Parsed<'_, SearchKey<'_>> {
    let (i, name) = one_of(cx, start, "a search key")?;
    let key = match name {
        Name::All => SearchKey::All,
        Name::Answered => SearchKey::Answered,
        Name::Deleted => SearchKey::Deleted,
        Name::Draft => SearchKey::Draft,
        Name::Flagged => SearchKey::Flagged,
        Name::New => SearchKey::New,
        Name::Old => SearchKey::Old,
        Name::Recent => SearchKey::Recent,
        Name::Seen => SearchKey::Seen,
        Name::Unanswered => SearchKey::Unanswered,
        Name::Undeleted => SearchKey::Undeleted,
        Name::Undraft => SearchKey::Undraft,
        Name::Unflagged => SearchKey::Unflagged,
        Name::Unseen => SearchKey::Unseen,
        Name::Bcc => return with(i, |i| astring(cx, i), SearchKey::Bcc),
        Name::Body => return with(i, |i| astring(cx, i), SearchKey::Body),
        Name::Cc => return with(i, |i| astring(cx, i), SearchKey::Cc),
        Name::From => return with(i, |i| astring(cx, i), SearchKey::From),
        Name::Subject => return with(i, |i| astring(cx, i), SearchKey::Subject),
        Name::Text => return with(i, |i| astring(cx, i), SearchKey::Text),
        Name::To => return with(i, |i| astring(cx, i), SearchKey::To),
        Name::Before => return with(i, date, SearchKey::Before),
        Name::On => return with(i, date, SearchKey::On),
        Name::SentBefore => return with(i, date, SearchKey::SentBefore),
        Name::SentOn => return with(i, date, SearchKey::SentOn),
        Name::SentSince => return with(i, date, SearchKey::SentSince),
        Name::Since => return with(i, date, SearchKey::Since),
        Name::Keyword => return with(i, atom, SearchKey::Keyword),
        Name::Unkeyword => return with(i, atom, SearchKey::Unkeyword),
        Name::Larger => return with(i, number, SearchKey::Larger),
        Name::Smaller => return with(i, number, SearchKey::Smaller),
        Name::Uid => return with(i, sequence_set, SearchKey::Uid),
        Name::ModSeq => return search_mod_seq(cx, i),
        Name::Header => {
            let (i, name) = with(i, |i| astring(cx, i), |name| name)?;
            return with(i, |i| astring(cx, i), |value| SearchKey::Header { name, value });
        }
        Name::Not => {
            let cx = cx.deeper(start)?;
            return with(i, |i| search_key(cx, i), |key| SearchKey::Not(Box::new(key)));
        }
        Name::Or => {
            let cx = cx.deeper(start)?;
            let (i, one) = with(i, |i| search_key(cx, i), Box::new)?;
            let or = |other| SearchKey::Or(one, Box::new(other));
            return with(i, |i| search_key(cx, i), or);
        }
    };
    Ok((i, key))
}

/// SP and an argument, made into a key.
fn with<'a, T, U>(
    i: &'a [u8],
    argument: impl FnOnce(&'a [u8]) -> Parsed<'a, T>,
    key: impl FnOnce(T) -> U,
) -> Parsed<'a, U> {
    let (i, ()) = sp(i)?;
    let (i, argument) = argument(i)?;
    Ok((i, key(argument)))
}

impl Encode for SearchKey<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::All => out.keyword(Name::All),
            Self::Answered => out.keyword(Name::Answered),
            Self::Bcc(value) => encode_with(Name::Bcc, value, out),
            Self::Before(date) => encode_with(Name::Before, date, out),
            Self::Body(value) => encode_with(Name::Body, value, out),
            Self::Cc(value) => encode_with(Name::Cc, value, out),
            Self::Deleted => out.keyword(Name::Deleted),
            Self::Draft => out.keyword(Name::Draft),
            Self::Flagged => out.keyword(Name::Flagged),
            Self::From(value) => encode_with(Name::From, value, out),
            Self::Header { name, value } => {
                encode_with(Name::Header, name, out);
                out.raw(" ");
                value.encode(out);
            }
            Self::Keyword(flag) => encode_with(Name::Keyword, flag, out),
            Self::Larger(size) => encode_with(Name::Larger, size, out),
            Self::ModSeq { entry, at_least } => {
                encode_search_mod_seq(entry.as_ref(), *at_least, out);
            }
            Self::New => out.keyword(Name::New),
            Self::Not(key) => encode_with(Name::Not, &**key, out),
            Self::Old => out.keyword(Name::Old),
            Self::On(date) => encode_with(Name::On, date, out),
            Self::Or(one, other) => {
                encode_with(Name::Or, &**one, out);
                out.raw(" ");
                other.encode(out);
            }
            Self::Recent => out.keyword(Name::Recent),
            Self::Seen => out.keyword(Name::Seen),
            Self::SentBefore(date) => encode_with(Name::SentBefore, date, out),
            Self::SentOn(date) => encode_with(Name::SentOn, date, out),
            Self::SentSince(date) => encode_with(Name::SentSince, date, out),
            Self::SequenceSet(set) => set.encode(out),
            Self::Since(date) => encode_with(Name::Since, date, out),
            Self::Smaller(size) => encode_with(Name::Smaller, size, out),
            Self::Subject(value) => encode_with(Name::Subject, value, out),
            Self::Text(value) => encode_with(Name::Text, value, out),
            Self::To(value) => encode_with(Name::To, value, out),
            Self::Uid(set) => encode_with(Name::Uid, set, out),
            Self::Unanswered => out.keyword(Name::Unanswered),
            Self::Undeleted => out.keyword(Name::Undeleted),
            Self::Undraft => out.keyword(Name::Undraft),
            Self::Unflagged => out.keyword(Name::Unflagged),
            Self::Unkeyword(flag) => encode_with(Name::Unkeyword, flag, out),
            Self::Unseen => out.keyword(Name::Unseen),
            Self::And(keys) => out.list(keys),
        }
    }
}

fn encode_with(name: Name, argument: &impl Encode, out: &mut Writer) {
    out.keyword(name);
    out.raw(" ");
    argument.encode(out);
}
