//! ESEARCH (RFC 4731): SEARCH that returns a minimum, a maximum, a count or a set.
//!
//! Legal under the capability `ESEARCH`.

use std::num::NonZeroU32;

use crate::{SequenceSet, Tag};

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
