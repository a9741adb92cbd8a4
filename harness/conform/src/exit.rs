//! How a run ends for whoever called it: the exit codes, in one place.

use std::process::ExitCode;

use crate::{CaseReport, Verdict};

/// An exit code. The numbers are a promise to scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// The server conforms, as far as was asked.
    Conforms = 0,
    /// The command line makes no sense.
    Usage = 1,
    /// A scenario, fixture, catalogue or expectations file is wrong.
    BadScenario = 2,
    /// The target cannot be reached, or the login fails.
    CannotConnect = 3,
    /// No case ran.
    NothingRan = 4,
    /// A MUST is broken.
    MustFailed = 5,
    /// A SHOULD is broken, and `--fail-on should` was given.
    ShouldFailed = 6,
    /// A known deviation did not show.
    UnexpectedPass = 7,
    /// Some cases could not get as far as their check.
    Inconclusive = 8,
    /// The harness itself went wrong.
    HarnessError = 9,
    /// Of two runs, the second has something wrong that was right in the first.
    Worse = 10,
    /// The suite misses a fault, or calls wrong what is allowed.
    SuiteWrong = 11,
    /// Interrupted by a signal.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// How many cases ended how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Cases that passed.
    pub passed: usize,
    /// Cases in which a choice was recorded.
    pub noted: usize,
    /// Cases in which a SHOULD is broken.
    pub warned: usize,
    /// Cases in which a MUST is broken.
    pub failed: usize,
    /// Cases whose deviations are all known ones.
    pub known: usize,
    /// Cases that could not get as far as their check.
    pub inconclusive: usize,
    /// Cases in which the harness went wrong.
    pub errors: usize,
    /// Cases that need a capability the server lacks.
    pub skipped: usize,
    /// Among the cases that passed, or in which a choice was recorded, those that did not conform
    /// when they were played before.
    pub flaky: usize,
}

impl Tally {
    /// Counts a case.
    pub fn add(&mut self, report: &CaseReport) {
        let place = match report.verdict {
            Verdict::Pass => &mut self.passed,
            Verdict::Note => &mut self.noted,
            Verdict::Warn | Verdict::Fail | Verdict::Inconclusive if report.known.is_some() => {
                &mut self.known
            }
            Verdict::Warn => &mut self.warned,
            Verdict::Fail => &mut self.failed,
            Verdict::Inconclusive => &mut self.inconclusive,
            Verdict::Error => &mut self.errors,
            Verdict::Skip => &mut self.skipped,
        };
        *place += 1;
        self.flaky += usize::from(report.is_flaky());
    }

    /// Cases that ran, whatever came of them.
    pub fn ran(&self) -> usize {
        self.passed
            + self.noted
            + self.warned
            + self.failed
            + self.known
            + self.inconclusive
            + self.errors
    }

    /// The exit code for these cases.
    pub fn exit(&self, fail_on_should: bool) -> Exit {
        match self {
            Self { errors: 1.., .. } => Exit::HarnessError,
            Self { failed: 1.., .. } => Exit::MustFailed,
            Self { inconclusive: 1.., .. } => Exit::Inconclusive,
            Self { warned: 1.., .. } if fail_on_should => Exit::ShouldFailed,
            _ if self.ran() == 0 => Exit::NothingRan,
            _ => Exit::Conforms,
        }
    }
}
