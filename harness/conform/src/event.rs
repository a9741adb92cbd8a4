//! The one stream of events from which every report is made.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Finding, Source, Transcript, Verdict, requirement::RequirementId};

/// Something happened in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The target answered and the cases are known.
    RunStarted {
        /// Who answered.
        target: TargetInfo,
        /// The mailbox under which everything happens.
        root: String,
        /// How many cases will run.
        cases: usize,
    },
    /// A case has begun.
    CaseStarted {
        /// Which.
        case: String,
    },
    /// A case is over.
    CaseFinished(Box<CaseReport>),
    /// Something a person should know: fewer connections at once, a mailbox that would not go.
    Notice(String),
    /// The run is over.
    RunFinished {
        /// Whether it was cut short by a signal or the loss of the target; why.
        cut_short: Option<String>,
        /// How long it took.
        #[serde(with = "crate::transcript::seconds")]
        elapsed: Duration,
    },
}

/// What is known of a target.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TargetInfo {
    /// How it is reached: `localhost:993`, `the embedded server`.
    pub address: String,
    /// What protects the connection: `TLS 1.3`, `no TLS`.
    pub security: String,
    /// Who is logged in.
    pub user: String,
    /// What it calls itself, by its greeting or ID.
    pub software: String,
    /// What it advertises after login.
    pub capabilities: Vec<String>,
}

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseReport {
    /// The scenario's id: its path without suffix, `rfc3501/6.4.8-uid/fetch-unknown-uid`.
    pub case: String,
    /// The scenario's title.
    pub title: String,
    /// The requirements it proves.
    pub requirements: Vec<RequirementId>,
    /// The worst of its findings, or pass. Where the user's expectations name some of them and not
    /// all, the worst of the others.
    pub verdict: Verdict,
    /// Why it was skipped or is inconclusive.
    pub reason: Option<String>,
    /// What was noticed, in the order of the transcript.
    pub findings: Vec<Finding>,
    /// Why every deviation among the findings is a known one, where the user's expectations say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// What was said.
    pub transcript: Transcript,
    /// How long it took.
    #[serde(with = "crate::transcript::seconds")]
    pub elapsed: Duration,
    /// What came of it before, where it was played again because it did not conform.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<CaseReport>,
}

impl CaseReport {
    /// Whether it conforms, and did not before.
    pub fn is_flaky(&self) -> bool {
        matches!(self.verdict, Verdict::Pass | Verdict::Note) && !self.earlier.is_empty()
    }

    /// Whether every step was played, so that what it does not show is not there: neither a broken
    /// SHOULD ends a case nor what only the oracle notices.
    pub fn is_played_to_its_end(&self) -> bool {
        let goes_on = |finding: &Finding| {
            finding.verdict <= Verdict::Warn || matches!(finding.source, Source::Invariant(_))
        };
        self.reason.is_none() && self.findings.iter().all(goes_on)
    }

    /// Whether anything was said to the server: a case that could not begin shows nothing of it.
    pub(crate) fn was_begun(&self) -> bool {
        !self.transcript.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_that_is_skipped_at_last_is_not_flaky() {
        let report = |verdict, earlier| CaseReport {
            case: "a/case".to_owned(),
            title: String::new(),
            requirements: Vec::new(),
            verdict,
            reason: None,
            findings: Vec::new(),
            known: None,
            transcript: Transcript::default(),
            elapsed: Duration::ZERO,
            earlier,
        };
        let earlier = || vec![report(Verdict::Fail, Vec::new())];
        assert!(report(Verdict::Note, earlier()).is_flaky());
        assert!(!report(Verdict::Note, Vec::new()).is_flaky());
        assert!(!report(Verdict::Skip, earlier()).is_flaky());
    }
}
