//! `sequence-set`: which messages a command is about, by number or by unique identifier.

use std::num::NonZeroU32;

/// `seq-number`: a number, or `*` for the largest in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SeqNumber {
    /// A message sequence number or unique identifier.
    Number(NonZeroU32),
    /// `*`
    Largest,
}

/// One element of a `sequence-set`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SequenceRange {
    /// `seq-number`
    Single(SeqNumber),
    /// `seq-range`: both ends and all between, whichever is larger.
    Range(SeqNumber, SeqNumber),
}

/// `sequence-set`: never empty, in the order written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SequenceSet(Vec<SequenceRange>);
