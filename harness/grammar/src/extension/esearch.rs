//! ESEARCH (RFC 4731): SEARCH that returns a minimum, a maximum, a count or a set.
//!
//! Legal under the capability `ESEARCH`: `RETURN` in SEARCH and the response ESEARCH.

use std::num::NonZeroU32;

use crate::encode::{Encode, Writer};
use crate::keyword::{keywords, one_of};
use crate::lexical::{close, keyword, list0, number, nz_number, open, sp, string, tag_of_string};
use crate::parse::{Context, Parsed, fail, within};
use crate::sequence::sequence_set;
use crate::{Extension, Production, SequenceSet, Tag};

use super::condstore::mod_sequence_value;

/// `search-return-opt`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum SearchReturnOption {
    /// `MIN`
    Min,
    /// `MAX`
    Max,
    /// `ALL`
    All,
    /// `COUNT`
    Count,
}

/// `esearch-response`
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ESearch<'a> {
    /// `search-correlator`: the command it answers.
    pub tag: Option<Tag<'a>>,
    /// Whether the numbers are unique identifiers.
    pub uid: bool,
    /// What was asked for, in the order sent.
    pub data: Vec<SearchReturnData>,
}

/// `search-return-data`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum SearchReturnData {
    /// `MIN`
    Min(NonZeroU32),
    /// `MAX`
    Max(NonZeroU32),
    /// `ALL`
    All(SequenceSet),
    /// `COUNT`
    Count(u32),
    /// `MODSEQ` (RFC 7162 §3.1.5).
    ModSeq(u64),
}

impl ESearch<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ESearch<'static> {
        ESearch { tag: self.tag.map(Tag::into_owned), uid: self.uid, data: self.data }
    }
}

const SEARCH_RETURN_OPTS: Production = Production::new("search-return-opts", 4466, "3");
const SEARCH_RETURN_OPT: Production = Production::new("search-return-opt", 4731, "4");

const ESEARCH_RESPONSE: Production = Production::new("esearch-response", 4466, "3");
const SEARCH_CORRELATOR: Production = Production::new("search-correlator", 4466, "3");
const TAG_STRING: Production = Production::new("tag-string", 4466, "3");
const SEARCH_RETURN_DATA: Production = Production::new("search-return-data", 4731, "4");

/// The names of `search-return-data`.
#[derive(Clone, Copy)]
pub(crate) enum DataName {
    Min,
    Max,
    All,
    Count,
    ModSeq,
}

keywords! { DataName {
    Min = b"MIN",
    Max = b"MAX",
    All = b"ALL",
    Count = b"COUNT",
    ModSeq = b"MODSEQ" under CondStore,
} }

keywords! { SearchReturnOption {
    Min = b"MIN",
    Max = b"MAX",
    All = b"ALL",
    Count = b"COUNT",
} }

/// `RETURN (…)` and the SP behind it, which may stand before the keys of SEARCH.
pub(crate) fn search_return_options(
    cx: Context,
    i: &[u8],
) -> Parsed<'_, Option<Vec<SearchReturnOption>>> {
    // No search key begins with these letters.
    match i {
        [b'R' | b'r', b'E' | b'e', b'T' | b't', ..] => within(&SEARCH_RETURN_OPTS, returned(cx, i)),
        _ => Ok((i, None)),
    }
}

fn returned(cx: Context, i: &[u8]) -> Parsed<'_, Option<Vec<SearchReturnOption>>> {
    cx.require(Extension::ESearch, i)?;
    let (i, ()) = keyword(i, "RETURN")?;
    let (i, ()) = sp(i)?;
    let option = |i| within(&SEARCH_RETURN_OPT, one_of(cx, i, "a search return option"));
    let (i, options) = list0(i, option)?;
    let (i, ()) = sp(i)?;
    Ok((i, Some(options)))
}

impl Encode for SearchReturnOption {
    fn encode(&self, out: &mut Writer) {
        out.keyword(*self);
    }
}

/// What follows `ESEARCH`.
pub(crate) fn esearch_response(cx: Context, i: &[u8]) -> Parsed<'_, ESearch<'_>> {
    within(&ESEARCH_RESPONSE, correlated_data(cx, i))
}

fn correlated_data(cx: Context, i: &[u8]) -> Parsed<'_, ESearch<'_>> {
    let (i, tag) = match i {
        [b' ', b'(', ..] => {
            let (i, tag) = within(&SEARCH_CORRELATOR, search_correlator(cx, &i[1..]))?;
            (i, Some(tag))
        }
        _ => (i, None),
    };
    // No data has a name that begins so.
    let (mut i, uid) = match i {
        [b' ', b'U' | b'u', ..] => keyword(&i[1..], "UID").map(|(i, ())| (i, true))?,
        _ => (i, false),
    };
    let mut data = Vec::new();
    while let [b' ', rest @ ..] = i {
        let (rest, value) = within(&SEARCH_RETURN_DATA, search_return_data(cx, rest))?;
        data.push(value);
        i = rest;
    }
    Ok((i, ESearch { tag, uid, data }))
}

fn search_correlator(cx: Context, i: &[u8]) -> Parsed<'_, Tag<'_>> {
    let (i, ()) = open(i)?;
    let (i, ()) = keyword(i, "TAG")?;
    let (start, ()) = sp(i)?;
    let (i, written) = string(cx, start)?;
    let Some(tag) = tag_of_string(written) else {
        return within(&TAG_STRING, fail(start, "the characters of a tag"));
    };
    let (i, ()) = close(i)?;
    Ok((i, tag))
}

fn search_return_data(cx: Context, i: &[u8]) -> Parsed<'_, SearchReturnData> {
    let (i, name) = one_of(cx, i, "search return data")?;
    let (i, ()) = sp(i)?;
    match name {
        DataName::Min => nz_number(i).map(|(i, min)| (i, SearchReturnData::Min(min))),
        DataName::Max => nz_number(i).map(|(i, max)| (i, SearchReturnData::Max(max))),
        DataName::All => sequence_set(i).map(|(i, all)| (i, SearchReturnData::All(all))),
        DataName::Count => number(i).map(|(i, count)| (i, SearchReturnData::Count(count))),
        DataName::ModSeq => {
            mod_sequence_value(i).map(|(i, mod_seq)| (i, SearchReturnData::ModSeq(mod_seq)))
        }
    }
}

impl Encode for ESearch<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("ESEARCH");
        if let Some(tag) = &self.tag {
            out.raw(" (TAG ");
            out.string(tag.as_str().as_bytes());
            out.raw(")");
        }
        if self.uid {
            out.raw(" UID");
        }
        for data in &self.data {
            out.raw(" ");
            data.encode(out);
        }
    }
}

impl Encode for SearchReturnData {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Min(number) => {
                out.raw("MIN ");
                out.number(number.get());
            }
            Self::Max(number) => {
                out.raw("MAX ");
                out.number(number.get());
            }
            Self::All(set) => {
                out.raw("ALL ");
                set.encode(out);
            }
            Self::Count(number) => {
                out.raw("COUNT ");
                out.number(*number);
            }
            Self::ModSeq(number) => {
                out.raw("MODSEQ ");
                out.number(*number);
            }
        }
    }
}
