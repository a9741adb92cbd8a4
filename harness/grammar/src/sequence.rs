//! `sequence-set`: which messages a command is about, by number or by unique identifier.

use std::{fmt, num::NonZeroU32, ops::RangeInclusive};

use crate::Production;
use crate::encode::{Encode, Writer};
use crate::lexical::nz_number;
use crate::parse::{Parsed, incomplete, unexpected, within};

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

const SEQUENCE_SET: Production = Production::rfc3501("sequence-set");

impl SeqNumber {
    /// The number meant where the largest in use is `largest`.
    pub fn resolve(self, largest: NonZeroU32) -> NonZeroU32 {
        match self {
            Self::Number(number) => number,
            Self::Largest => largest,
        }
    }
}

impl From<NonZeroU32> for SeqNumber {
    fn from(number: NonZeroU32) -> Self {
        Self::Number(number)
    }
}

impl SequenceRange {
    /// The numbers meant where the largest in use is `largest`, from the smaller to the larger.
    pub fn resolve(self, largest: NonZeroU32) -> RangeInclusive<NonZeroU32> {
        let (start, end) = self.ends();
        let (start, end) = (start.resolve(largest), end.resolve(largest));
        start.min(end)..=start.max(end)
    }

    fn ends(self) -> (SeqNumber, SeqNumber) {
        match self {
            Self::Single(number) => (number, number),
            Self::Range(start, end) => (start, end),
        }
    }
}

impl SequenceSet {
    /// The set of these, or nothing where there are none.
    pub fn new(ranges: Vec<SequenceRange>) -> Option<Self> {
        (!ranges.is_empty()).then_some(Self(ranges))
    }

    /// The set as it is written, or nothing where that is no `sequence-set`.
    ///
    /// ```
    /// use imap_grammar::SequenceSet;
    /// assert_eq!(SequenceSet::parse(b"2,4:*").unwrap().to_string(), "2,4:*");
    /// assert_eq!(SequenceSet::parse(b"0"), None);
    /// ```
    pub fn parse(written: &[u8]) -> Option<Self> {
        // The rule ends where something else follows.
        let message = [written, b" "].concat();
        match sequence_set(&message) {
            Ok((b" ", set)) => Some(set),
            _ => None,
        }
    }

    /// The set of one number.
    pub fn single(number: impl Into<SeqNumber>) -> Self {
        SequenceRange::Single(number.into()).into()
    }

    /// The set of a range.
    pub fn range(start: impl Into<SeqNumber>, end: impl Into<SeqNumber>) -> Self {
        SequenceRange::Range(start.into(), end.into()).into()
    }

    /// The shortest set of these numbers, ascending, or nothing where there are none.
    ///
    /// ```
    /// use imap_grammar::SequenceSet;
    /// let numbers = [7, 2, 3, 4, 3].into_iter().filter_map(std::num::NonZeroU32::new);
    /// assert_eq!(SequenceSet::from_numbers(numbers).unwrap().to_string(), "2:4,7");
    /// ```
    pub fn from_numbers(numbers: impl IntoIterator<Item = NonZeroU32>) -> Option<Self> {
        let mut numbers: Vec<_> = numbers.into_iter().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let follows = |a: &NonZeroU32, b: &NonZeroU32| a.checked_add(1) == Some(*b);
        let ranges = numbers.chunk_by(follows).map(|run| match *run {
            [first, .., last] => SequenceRange::Range(first.into(), last.into()),
            _ => SequenceRange::Single(run[0].into()),
        });
        Self::new(ranges.collect())
    }

    /// The elements, in the order written.
    pub fn ranges(&self) -> &[SequenceRange] {
        &self.0
    }

    /// Whether `*` stands anywhere in the set.
    pub fn mentions_largest(&self) -> bool {
        let is_largest = |number| number == SeqNumber::Largest;
        self.0.iter().any(|range| {
            let (start, end) = range.ends();
            is_largest(start) || is_largest(end)
        })
    }

    /// Whether the number is in the set where the largest in use is `largest`.
    pub fn contains(&self, number: NonZeroU32, largest: NonZeroU32) -> bool {
        self.0.iter().any(|range| range.resolve(largest).contains(&number))
    }

    /// Every number meant where the largest in use is `largest`: element by element in the order
    /// written, ascending within a range, as often as it is written.
    ///
    /// A range may be 4294967295 numbers long, whatever `largest` is: take no more than you need.
    pub fn iter(&self, largest: NonZeroU32) -> impl Iterator<Item = NonZeroU32> {
        self.0.iter().flat_map(move |range| {
            let (start, end) = range.resolve(largest).into_inner();
            (start.get()..=end.get()).filter_map(NonZeroU32::new)
        })
    }
}

impl From<SequenceRange> for SequenceSet {
    fn from(range: SequenceRange) -> Self {
        Self(vec![range])
    }
}

/// As it is written.
impl fmt::Display for SequenceSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, range) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match range {
                SequenceRange::Single(number) => number.fmt(f)?,
                SequenceRange::Range(start, end) => write!(f, "{start}:{end}")?,
            }
        }
        Ok(())
    }
}

/// As it is written.
impl fmt::Display for SeqNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Largest => f.write_str("*"),
        }
    }
}

/// `sequence-set`
pub(crate) fn sequence_set(i: &[u8]) -> Parsed<'_, SequenceSet> {
    within(&SEQUENCE_SET, ranges(i, seq_number))
}

/// A `sequence-set` in which `*` may not stand; the RFCs call it `uid-set` and `known-uids`.
pub(crate) fn uid_set<'a>(production: &'static Production, i: &'a [u8]) -> Parsed<'a, SequenceSet> {
    let number = |i: &'a [u8]| match i.first() {
        Some(b'0'..=b'9') => nz_number(i).map(|(i, number)| (i, SeqNumber::Number(number))),
        _ => unexpected(i, "a number, and not `*`"),
    };
    within(production, ranges(i, number))
}

fn ranges<'a>(
    mut i: &'a [u8],
    number: impl Fn(&'a [u8]) -> Parsed<'a, SeqNumber>,
) -> Parsed<'a, SequenceSet> {
    let mut ranges = Vec::new();
    loop {
        let (rest, start) = number(i)?;
        let rest = match rest.split_first() {
            Some((b':', rest)) => {
                let (rest, end) = number(rest)?;
                ranges.push(SequenceRange::Range(start, end));
                rest
            }
            _ => {
                ranges.push(SequenceRange::Single(start));
                rest
            }
        };
        match rest.split_first() {
            Some((b',', rest)) => i = rest,
            Some(_) => return Ok((rest, SequenceSet(ranges))),
            None => return incomplete(),
        }
    }
}

fn seq_number(i: &[u8]) -> Parsed<'_, SeqNumber> {
    match i.split_first() {
        Some((b'*', rest)) => Ok((rest, SeqNumber::Largest)),
        Some((b'0'..=b'9', _)) => {
            let (rest, number) = nz_number(i)?;
            Ok((rest, SeqNumber::Number(number)))
        }
        _ => unexpected(i, "a number or `*`"),
    }
}

impl Encode for SequenceSet {
    fn encode(&self, out: &mut Writer) {
        for (index, range) in self.0.iter().enumerate() {
            if index > 0 {
                out.raw(",");
            }
            let (start, end) = range.ends();
            start.encode(out);
            if matches!(range, SequenceRange::Range(..)) {
                out.raw(":");
                end.encode(out);
            }
        }
    }
}

impl Encode for SeqNumber {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Number(number) => out.number(number.get()),
            Self::Largest => out.raw("*"),
        }
    }
}
