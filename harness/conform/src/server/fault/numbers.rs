//! Faults in which messages a sequence set names.

use std::num::NonZeroU32;

use imap_grammar::{
    CommandBody, MessageAttribute, SeqNumber, SequenceRange, SequenceSet, Untagged,
};

use super::{Change, Fault, ok_to_no, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "fetch-takes-the-first",
        requirement: "rfc3501/6.4.5-01",
        summary: "fetches only the first message of a set with commas",
        change: Change::Command(|_, body| {
            if let CommandBody::Fetch { sequence_set, .. } = body {
                let ranges = sequence_set.ranges()[..1].to_vec();
                *sequence_set = SequenceSet::new(ranges).unwrap_or_else(|| first(sequence_set));
            }
        }),
    },
    Fault {
        name: "store-takes-the-first",
        requirement: "rfc3501/6.4.6-01",
        summary: "stores only to the first message of the set",
        change: Change::Command(|_, body| {
            if let CommandBody::Store { sequence_set, .. } = body {
                *sequence_set = first(sequence_set);
            }
        }),
    },
    Fault {
        name: "reversed-range-is-its-end",
        requirement: "rfc3501/9-133",
        summary: "takes a range from high to low for its second number",
        change: Change::Command(|_, body| {
            each_range(body, Numbers::Sequence, |range| match range {
                SequenceRange::Range(SeqNumber::Number(from), SeqNumber::Number(to))
                    if from > to =>
                {
                    SequenceRange::Single(SeqNumber::Number(to))
                }
                other => other,
            });
        }),
    },
    Fault {
        name: "reversed-uid-range-is-its-end",
        requirement: "rfc3501/6.4.8-11",
        summary: "takes a range of UIDs from high to low for its second number",
        change: Change::Command(|_, body| {
            each_range(body, Numbers::Uid, |range| match range {
                SequenceRange::Range(SeqNumber::Number(from), SeqNumber::Number(to))
                    if from > to =>
                {
                    SequenceRange::Single(SeqNumber::Number(to))
                }
                other => other,
            });
        }),
    },
    Fault {
        name: "range-without-its-end",
        requirement: "rfc3501/9-133",
        summary: "leaves the last number of a range out",
        change: Change::Command(|_, body| {
            each_range(body, Numbers::Sequence, |range| match range {
                SequenceRange::Range(from, SeqNumber::Number(to)) if to.get() > 1 => {
                    let before = NonZeroU32::new(to.get() - 1).unwrap_or(to);
                    SequenceRange::Range(from, SeqNumber::Number(before))
                }
                other => other,
            });
        }),
    },
    Fault {
        name: "star-is-one",
        requirement: "rfc3501/9-128",
        summary: "takes * for the first message",
        change: Change::Command(|_, body| {
            each_range(body, Numbers::Sequence, |range| match range {
                SequenceRange::Single(SeqNumber::Largest) => {
                    SequenceRange::Single(SeqNumber::Number(NonZeroU32::MIN))
                }
                other => other,
            });
        }),
    },
    Fault {
        name: "uid-star-is-the-highest-number",
        requirement: "rfc3501/6.4.8-10",
        summary: "takes * among UIDs for the highest number there is",
        change: Change::Command(|_, body| {
            each_range(body, Numbers::Uid, |range| match range {
                SequenceRange::Single(SeqNumber::Largest) => SequenceRange::Single(highest()),
                SequenceRange::Range(from, SeqNumber::Largest) => {
                    SequenceRange::Range(from, highest())
                }
                other => other,
            });
        }),
    },
    Fault {
        name: "uid-range-is-its-ends",
        requirement: "rfc3501/6.4.8-09",
        summary: "takes a range of UIDs for its two ends",
        change: Change::Command(|_, body| {
            if let CommandBody::Fetch { uid: true, sequence_set, .. } = body {
                let ends = sequence_set.ranges().iter().flat_map(|range| match *range {
                    SequenceRange::Range(from, to) => {
                        vec![SequenceRange::Single(from), SequenceRange::Single(to)]
                    }
                    single => vec![single],
                });
                if let Some(ends) = SequenceSet::new(ends.collect()) {
                    *sequence_set = ends;
                }
            }
        }),
    },
    Fault {
        name: "uid-fetch-takes-numbers",
        requirement: "rfc3501/6.4.8-01",
        summary: "takes the UIDs of UID FETCH for sequence numbers",
        change: Change::Command(|_, body| {
            if let CommandBody::Fetch { uid, .. } = body {
                *uid = false;
            }
        }),
    },
    Fault {
        name: "uid-store-takes-numbers",
        requirement: "rfc3501/6.4.8-01",
        summary: "takes the UIDs of UID STORE for sequence numbers",
        change: Change::Command(|_, body| {
            if let CommandBody::Store { uid, .. } = body {
                *uid = false;
            }
        }),
    },
    Fault {
        name: "uid-copy-takes-numbers",
        requirement: "rfc3501/6.4.8-01",
        summary: "takes the UIDs of UID COPY for sequence numbers",
        change: Change::Command(|_, body| {
            if let CommandBody::Copy { uid, .. } = body {
                *uid = false;
            }
        }),
    },
    Fault {
        name: "fetch-takes-uids",
        requirement: "rfc3501/2.3.1-01",
        summary: "takes the numbers of FETCH for unique identifiers",
        change: Change::Command(|_, body| {
            if let CommandBody::Fetch { uid, .. } = body {
                *uid = true;
            }
        }),
    },
    Fault {
        name: "uid-fetch-numbers-by-uid",
        requirement: "rfc3501/6.4.8-13",
        summary: "answers UID FETCH with the UID before FETCH",
        change: Change::Edit(|exchange, response| {
            let by_uid =
                |body: &CommandBody<'_>| matches!(body, CommandBody::Fetch { uid: true, .. });
            if exchange.during(by_uid)
                && let Some(Untagged::Fetch { number, items }) = untagged(response)
            {
                let uid = items.iter().find_map(|item| match item {
                    MessageAttribute::Uid(uid) => Some(*uid),
                    _ => None,
                });
                *number = uid.unwrap_or(*number);
            }
        }),
    },
    Fault {
        name: "store-to-unknown-uid-is-no",
        requirement: "rfc3501/6.4.8-05",
        summary: "says NO to UID STORE where no message has the unique identifier",
        change: Change::Edit(|exchange, response| {
            if exchange.told == 0 {
                ok_to_no(exchange, response, |body| {
                    matches!(body, CommandBody::Store { uid: true, silent: false, .. })
                });
            }
        }),
    },
    Fault {
        name: "number-past-the-end-is-the-last",
        requirement: "rfc3501/9-131",
        summary: "takes a number past the end for the last message",
        change: Change::Command(|exchange, body| {
            let Some(last) = NonZeroU32::new(exchange.exists) else { return };
            each_range(body, Numbers::Sequence, |range| match range {
                SequenceRange::Single(SeqNumber::Number(number)) if number > last => {
                    SequenceRange::Single(SeqNumber::Number(last))
                }
                other => other,
            });
        }),
    },
];

/// What the numbers of a command are.
#[derive(Clone, Copy, PartialEq)]
enum Numbers {
    Sequence,
    Uid,
}

/// The first number of a set.
pub(super) fn first(set: &SequenceSet) -> SequenceSet {
    match set.ranges() {
        [SequenceRange::Single(number) | SequenceRange::Range(number, _), ..] => {
            SequenceSet::single(*number)
        }
        [] => set.clone(),
    }
}

fn highest() -> SeqNumber {
    SeqNumber::Number(NonZeroU32::MAX)
}

/// Edits every range of FETCH and STORE that is of such numbers.
fn each_range(
    body: &mut CommandBody<'static>,
    numbers: Numbers,
    edit: impl Fn(SequenceRange) -> SequenceRange,
) {
    if let CommandBody::Fetch { uid, sequence_set, .. }
    | CommandBody::Store { uid, sequence_set, .. } = body
        && *uid == (numbers == Numbers::Uid)
        && let Some(edited) =
            SequenceSet::new(sequence_set.ranges().iter().copied().map(edit).collect())
    {
        *sequence_set = edited;
    }
}
