//! An exchange: which of the responses that came meets which expectation, and what is left over.
//!
//! Untagged responses come in any order, so lines and responses are brought together by trying,
//! in the order of the lines, with a bound on how often. FETCH responses about the same message
//! count as one with all their items, until an EXPUNGE moves the numbers; within `in order` until an
//! item comes again; and each counts by itself where a line forbids it.

mod plan;
mod search;

use std::ops::Range;

use super::{
    Bindings,
    matching::{Kind, Received},
};
use crate::{
    Verdict,
    requirement::RequirementId,
    scenario::{Expect, Span, Spanned},
};
use plan::Choices;
use search::{Search, Solution};

/// How often a line is compared with a response before it is too often.
const MAX_ATTEMPTS: usize = 50_000;

/// How many combinations of branches are tried.
const MAX_PLANS: usize = 1_000;

/// A frame that came.
#[derive(Debug, Clone)]
pub struct Arrival<'f> {
    /// From which session.
    pub session: &'f str,
    /// Which entry of the transcript it is.
    pub entry: usize,
    /// What it says.
    pub received: Received<'f>,
}

/// What became of the expectations.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What the holes of the lines that were met captured, with what was bound before.
    pub bindings: Bindings,
    /// What was not as it should be, in the order of the lines.
    pub broken: Vec<Broken>,
    /// The branches that were met and say more than that all is well.
    pub choices: Vec<Chosen>,
    /// Whether it could not be found out with a reasonable number of attempts.
    pub undecided: bool,
}

/// An expectation that was not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// What it is about.
    pub session: String,
    /// What is broken.
    pub requirement: RequirementId,
    /// The octets of the scenario that say what was expected.
    pub span: Span,
    /// How it is broken.
    pub how: How,
}

/// How an expectation is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// No response meets the line, and none is like it.
    Missing {
        /// Whether it is the completion of a command.
        tagged: bool,
    },
    /// No response meets the line; this is how the nearest differs.
    Differs {
        /// Whether it is the completion of a command.
        tagged: bool,
        /// What was expected in the place where it differs.
        expected: String,
        /// What is there.
        found: String,
        /// The transcript's entry.
        entry: usize,
        /// The octets of the entry.
        octets: Range<usize>,
    },
    /// What must never come came.
    Came {
        /// The transcript's entry.
        entry: usize,
    },
    /// Within `exactly`, something came that no line names.
    Unnamed {
        /// The transcript's entry.
        entry: usize,
    },
}

/// A branch of `either` that was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// What it means: note or warn.
    pub grade: Verdict,
    /// What it is called.
    pub name: String,
    /// What is broken by a warning.
    pub requirement: Option<RequirementId>,
    /// Where the branch stands: its first line, or the whole `either` where it has none.
    pub span: Span,
    /// The entry that shows it.
    pub entry: Option<usize>,
}

/// Brings expectations and responses together.
pub fn judge(
    expects: &[Spanned<Expect>],
    arrivals: &[Arrival<'_>],
    bindings: &Bindings,
) -> Outcome {
    let mut search = Search::new(arrivals, bindings, MAX_ATTEMPTS);
    let mut choices = Choices::default();
    let mut best: Option<Solution<'_>> = None;
    for _ in 0..MAX_PLANS {
        let plan = choices.plan(expects);
        let solution = search.solve(plan);
        let better = best.as_ref().is_none_or(|best| solution.faults() < best.faults());
        if better {
            best = Some(solution);
        }
        let met = best.as_ref().is_some_and(|best| best.faults() == 0);
        if met || search.is_exhausted() || !choices.advance() {
            break;
        }
    }
    let undecided = search.is_exhausted();
    match best {
        Some(solution) => Outcome { undecided, ..solution.outcome(&search) },
        None => Outcome { bindings: bindings.clone(), undecided, ..Outcome::default() },
    }
}

/// The tags of the commands whose completion must come, by session.
pub(super) fn awaited_tags(expects: &[Spanned<Expect>]) -> Vec<(&str, Vec<u8>)> {
    let tags = plan::lines(expects).into_iter().filter(|line| line.is_required());
    let tags = tags.flat_map(|line| {
        line.kinds.into_iter().filter_map(move |kind| match kind {
            Kind::Tagged(tag) => Some((line.session, tag)),
            Kind::Continue | Kind::Untagged(_) => None,
        })
    });
    tags.collect()
}

/// The sessions from which something is expected to come, or not to come.
pub(super) fn sessions(expects: &[Spanned<Expect>]) -> Vec<&str> {
    let mut sessions: Vec<_> = plan::lines(expects).into_iter().map(|line| line.session).collect();
    sessions.sort_unstable();
    sessions.dedup();
    sessions
}

/// Whether only the passing of time can show that the session does what is expected: something
/// must not come, or nothing but this.
pub(super) fn needs_time(expects: &[Spanned<Expect>], session: &str) -> bool {
    let needs_time = |line: &plan::Line<'_>| line.is_forbidden() || line.exactly.is_some();
    plan::lines(expects).iter().any(|line| line.session == session && needs_time(line))
}

/// Whether a response of that kind is among what the session may say.
pub(super) fn expects_kind(expects: &[Spanned<Expect>], session: &str, kind: &Kind) -> bool {
    plan::lines(expects)
        .iter()
        .any(|line| line.session == session && !line.is_forbidden() && line.kinds.contains(kind))
}
