//! Faults in COPY.

use std::num::NonZeroU32;

use imap_grammar::{
    Code, CommandBody, DateTime, Flag, MessageAttribute, Response, SeqNumber, SequenceRange,
    SequenceSet, Status,
};

use super::{Change, Exchange, Fault, completes, fetch::items, no_to_ok, numbers::first, ok_to_no};

/// When copies are said to have been made.
const NOW: i64 = 1_800_000_000;

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "copy-without-trycreate",
        requirement: "rfc3501/6.4.7-08",
        summary: "does not say TRYCREATE when the mailbox to copy to is not there",
        change: Change::Edit(|exchange, response| {
            if let Some(tagged) = completes(exchange, response, copies) {
                tagged.text.code.take_if(|code| *code == Code::TryCreate);
            }
        }),
    },
    Fault {
        name: "copy-missing-is-ok",
        requirement: "rfc3501/6.4.7-06",
        summary: "says OK to a COPY to a mailbox that is not there",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, copies)),
    },
    Fault {
        name: "copy-does-nothing",
        requirement: "rfc3501/6.4.7-01",
        summary: "says OK to COPY and copies nothing",
        change: Change::Command(|_, body| {
            if copies(body) {
                *body = CommandBody::Noop;
            }
        }),
    },
    Fault {
        name: "copy-loses-flags",
        requirement: "rfc3501/6.4.7-04",
        summary: "makes copies without flags",
        change: Change::Edit(|exchange, response| {
            if shows_copies(exchange) {
                for item in items(response) {
                    if let MessageAttribute::Flags(flags) = item {
                        flags.retain(|flag| *flag == Flag::Recent);
                    }
                }
            }
        }),
    },
    Fault {
        name: "copy-loses-dates",
        requirement: "rfc3501/2.3.3-03",
        summary: "gives copies the date of the copying",
        change: Change::Edit(|exchange, response| {
            if shows_copies(exchange) {
                for item in items(response) {
                    if let MessageAttribute::InternalDate(date) = item
                        && let Some(now) = DateTime::from_unix_timestamp(NOW, 0)
                    {
                        *date = now;
                    }
                }
            }
        }),
    },
    Fault {
        name: "copies-are-not-recent",
        requirement: "rfc3501/6.4.7-05",
        summary: "makes copies that are not recent",
        change: Change::Edit(|exchange, response| {
            if shows_copies(exchange) {
                for item in items(response) {
                    if let MessageAttribute::Flags(flags) = item {
                        flags.retain(|flag| *flag != Flag::Recent);
                    }
                }
            }
        }),
    },
    Fault {
        name: "copy-moves",
        requirement: "rfc3501/6.4.7-03",
        summary: "takes the source messages away",
        change: Change::Command(|_, body| {
            if let CommandBody::Copy { uid, sequence_set, mailbox } = body.clone() {
                *body = CommandBody::Move { uid, sequence_set, mailbox };
            }
        }),
    },
    Fault {
        name: "copy-takes-the-first",
        requirement: "rfc3501/6.4.7-01",
        summary: "copies only the first message of the set",
        change: Change::Command(|_, body| {
            if let CommandBody::Copy { sequence_set, .. } = body {
                *sequence_set = first(sequence_set);
            }
        }),
    },
    Fault {
        name: "copy-ignores-numbers",
        requirement: "rfc3501/6.4.7-01",
        summary: "copies the whole mailbox",
        change: Change::Command(|_, body| {
            if let CommandBody::Copy { sequence_set, .. } = body {
                *sequence_set = SequenceSet::range(NonZeroU32::MIN, SeqNumber::Largest);
            }
        }),
    },
    Fault {
        name: "copy-is-no",
        requirement: "rfc3501/6.4.7-01",
        summary: "says NO to COPY",
        change: Change::Edit(|exchange, response| ok_to_no(exchange, response, copies)),
    },
    Fault {
        name: "copy-of-unknown-uid-is-no",
        requirement: "rfc3501/6.4.8-05",
        summary: "says NO to UID COPY where no message has the unique identifier",
        change: Change::Edit(|exchange, response| {
            let is_empty =
                matches!(response, Response::Tagged(tagged) if tagged.text.code.is_none());
            if is_empty {
                ok_to_no(exchange, response, |body| {
                    matches!(body, CommandBody::Copy { uid: true, .. })
                });
            }
        }),
    },
    Fault {
        name: "failed-copy-is-half-done",
        requirement: "rfc3501/6.4.7-10",
        summary: "says NO to a COPY of what is there and what is not, and keeps what it has copied",
        change: Change::Both {
            command: |exchange, body| {
                if let CommandBody::Copy { uid: false, sequence_set, .. } = body
                    && goes_beyond(sequence_set, exchange.exists)
                {
                    let there = |number: &NonZeroU32| number.get() <= exchange.exists;
                    let numbers = sequence_set.iter(NonZeroU32::MAX).filter(there);
                    if let Some(there) = SequenceSet::from_numbers(numbers) {
                        *sequence_set = there;
                    }
                }
            },
            response: |exchange, response| {
                if let Some(CommandBody::Copy { uid: false, sequence_set, .. }) =
                    exchange.oldest(copies)
                    && goes_beyond(sequence_set, exchange.exists)
                {
                    ok_to_no(exchange, response, copies);
                }
            },
        },
    },
];

fn copies(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Copy { .. })
}

/// Whether the set names a number that no message has.
fn goes_beyond(set: &SequenceSet, exists: u32) -> bool {
    set.ranges().iter().any(|range| match *range {
        SequenceRange::Single(number) | SequenceRange::Range(_, number) => {
            matches!(number, SeqNumber::Number(number) if number.get() > exists)
        }
    })
}

/// Whether the selected mailbox is one that was copied to.
fn shows_copies(exchange: &Exchange) -> bool {
    exchange.opened().is_some_and(|(opened, _)| {
        exchange.ended(
            Status::Ok,
            |body| matches!(body, CommandBody::Copy { mailbox, .. } if mailbox == opened),
        )
    })
}
