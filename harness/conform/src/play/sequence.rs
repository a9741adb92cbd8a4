//! Sequence sets by the numbers they mean, however they are written.

use imap_grammar::{SeqNumber, SequenceRange, SequenceSet};

/// Whether the order in which a set names its numbers says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// It does, as in COPYUID (RFC 4315 §3).
    Matters,
    /// It does not.
    Free,
}

/// The ranges of a set, those that follow each other in one. `*` is larger than any number.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NumberRanges(Vec<(u64, u64)>);

const LARGEST: u64 = u64::MAX - 1;

impl NumberRanges {
    pub(super) fn new(set: &SequenceSet, order: Order) -> Self {
        let number = |number: SeqNumber| match number {
            SeqNumber::Number(number) => u64::from(number.get()),
            SeqNumber::Largest => LARGEST,
        };
        let mut ranges: Vec<(u64, u64)> = set
            .ranges()
            .iter()
            .map(|range| match *range {
                SequenceRange::Single(single) => (number(single), number(single)),
                SequenceRange::Range(start, end) => {
                    let (start, end) = (number(start), number(end));
                    (start.min(end), start.max(end))
                }
            })
            .collect();
        if order == Order::Free {
            ranges.sort_unstable();
        }
        let mut joined: Vec<(u64, u64)> = Vec::with_capacity(ranges.len());
        for (start, end) in ranges {
            match joined.last_mut() {
                Some(last) if start == last.1 + 1 => last.1 = end,
                Some(last) if order == Order::Free && start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        Self(joined)
    }

    pub(super) fn contains(&self, number: u64) -> bool {
        self.0.iter().any(|&(start, end)| (start..=end).contains(&number))
    }

    /// Whether every number of the other is in this one. Both must be without order.
    pub(super) fn contains_all(&self, other: &Self) -> bool {
        let within = |&(start, end): &(u64, u64)| {
            self.0.iter().any(|&(from, to)| from <= start && end <= to)
        };
        other.0.iter().all(within)
    }
}
