//! Which numbers a sequence set means, in a form that is quick to ask.

use std::{num::NonZeroU32, ops::RangeInclusive};

use imap_grammar::SequenceSet;

/// Ascending ranges with gaps between, so that a set of any length is asked in logarithmic time
/// and never counted out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbers(Vec<RangeInclusive<NonZeroU32>>);

impl Numbers {
    /// The numbers of the set where `*` is `largest`.
    pub fn new(set: &SequenceSet, largest: NonZeroU32) -> Self {
        let mut ranges: Vec<_> = set.ranges().iter().map(|range| range.resolve(largest)).collect();
        ranges.sort_unstable_by_key(|range| *range.start());
        let mut merged: Vec<RangeInclusive<NonZeroU32>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match merged.last_mut() {
                Some(last) if range.start().get() <= last.end().get().saturating_add(1) => {
                    *last = *last.start()..=*last.end().max(range.end());
                }
                _ => merged.push(range),
            }
        }
        Self(merged)
    }

    /// All numbers up to and including `largest`.
    pub fn up_to(largest: NonZeroU32) -> Self {
        Self(vec![NonZeroU32::MIN..=largest])
    }

    pub fn contains(&self, number: NonZeroU32) -> bool {
        let at = self.0.partition_point(|range| *range.end() < number);
        self.0.get(at).is_some_and(|range| range.contains(&number))
    }

    /// The largest of them.
    pub fn largest(&self) -> Option<NonZeroU32> {
        self.0.last().map(|range| *range.end())
    }
}

/// Whether each number of the set is written once, and they ascend.
pub(crate) fn ascends(set: &SequenceSet) -> bool {
    let mut previous = 0;
    set.ranges().iter().all(|range| {
        // `*` has no place in such a set, so what it means does not matter.
        let range = range.resolve(NonZeroU32::MAX);
        let ascends = previous < range.start().get();
        previous = range.end().get();
        ascends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(written: &str) -> SequenceSet {
        SequenceSet::parse(written.as_bytes()).unwrap()
    }

    #[test]
    fn numbers_are_those_of_the_set() {
        let largest = NonZeroU32::new(9).unwrap();
        for written in ["5", "*", "3:1", "7,1:2,2:3,9", "4294967295,1:4294967295", "12:*,1,1"] {
            let numbers = Numbers::new(&set(written), largest);
            for number in (1..20).chain([u32::MAX]).filter_map(NonZeroU32::new) {
                let expected = set(written).contains(number, largest);
                assert_eq!(numbers.contains(number), expected, "{number} in {written}");
            }
        }
    }

    #[test]
    fn only_an_ascending_set_ascends() {
        for written in ["1", "1:3,5,9:10", "4294967295"] {
            assert!(ascends(&set(written)), "{written}");
        }
        for written in ["2,1", "1,1", "1:3,3", "1:3,2:5", "5,1:3"] {
            assert!(!ascends(&set(written)), "{written}");
        }
    }
}
