//! ESEARCH (RFC 4731): SEARCH that returns a minimum, a maximum, a count or a set.
//!
//! Legal under the capability `ESEARCH`.

use std::num::NonZeroU32;

use crate::encode::{Encode, Writer};
use crate::keyword::{keywords, one_of};
use crate::lexical::{keyword, list0, sp};
use crate::parse::{Context, Parsed, within};
use crate::{Extension, Production, SequenceSet, Tag};

/// `search-return-opt`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

const SEARCH_RETURN_OPTS: Production = Production::new("search-return-opts", 4466, "3");
const SEARCH_RETURN_OPT: Production = Production::new("search-return-opt", 4731, "4");

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

/// `esearch-response`
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
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
pub enum SearchReturnData {
    /// `MIN`
    Min(NonZeroU32),
    /// `MAX`
    Max(NonZeroU32),
    /// `ALL`: without `*`.
    All(SequenceSet),
    /// `COUNT`
    Count(u32),
    /// `MODSEQ` (RFC 7162 §3.1.5).
    ModSeq(u64),
}
