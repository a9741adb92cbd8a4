//! Verdicts and findings: what a run says about a server, and what it bases that on.

use std::{fmt, ops::Range};

use serde::{Deserialize, Serialize};

use crate::requirement::{Level, RequirementId};

/// What became of one case, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The server kept every promise the case looks at.
    Pass,
    /// The RFC leaves a choice; which one the server took is recorded.
    Note,
    /// The server lacks a capability the case needs.
    Skip,
    /// A SHOULD is broken.
    Warn,
    /// The case could not get as far as its check.
    Inconclusive,
    /// A MUST is broken.
    Fail,
    /// The harness itself went wrong.
    Error,
}

impl Verdict {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Note => "note",
            Self::Skip => "skip",
            Self::Warn => "warn",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }

    /// What it means that a requirement of this level is not met.
    pub fn of_broken(level: Level) -> Self {
        match level {
            Level::Must | Level::MustNot | Level::States | Level::Syntax => Self::Fail,
            Level::Should | Level::ShouldNot => Self::Warn,
            Level::May => Self::Note,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One thing that was seen and is worth saying, with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad it is.
    pub verdict: Verdict,
    /// Who noticed.
    pub source: Source,
    /// The requirement that decides, where one does.
    pub requirement: Option<RequirementId>,
    /// What was expected, as a fragment: ``tagged `OK` ``.
    pub expected: String,
    /// What came instead, as a fragment.
    pub found: String,
    /// Which part of the transcript shows it.
    pub evidence: Option<Evidence>,
    /// Why it is accepted, where the user's expectations name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

/// Who noticed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A line of the scenario.
    Expectation {
        /// The line, counted from one.
        line: usize,
        /// Octets of the scenario file that say what was expected.
        span: Range<usize>,
    },
    /// An invariant of the oracle, by its id.
    Invariant(String),
    /// The player: the connection, a deadline, a limit.
    Player,
}

/// Where in the transcript to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Index of the transcript's entry.
    pub entry: usize,
    /// Which octets of that entry differ; all of it where empty.
    pub octets: Range<usize>,
}
