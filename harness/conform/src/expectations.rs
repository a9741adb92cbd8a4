//! Known deviations: what a user expects a server to get wrong, each with a reason.
//!
//! A deviation that is expected does not fail a run. One that is expected and does not show is
//! reported, so that the list never outlives the faults it excuses.

use std::{fs, path::Path};

use serde::Deserialize;

use crate::{CaseReport, Finding, Source, Verdict};

/// The content of an expectations file.
///
/// ```
/// use imap_conform::Expectations;
/// let text = r#"
///     [[deviation]]
///     case = "rfc3501/6.3.1-select/unseen-is-given"
///     finding = "rfc3501/6.3.1-07"
///     reason = "The server never says which message is the first unseen one."
/// "#;
/// assert!(Expectations::parse(text).is_ok());
/// assert!(Expectations::parse(&text.replace("The server", "").replace("never says which message is the first unseen one.", "")).is_err());
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectations {
    #[serde(default, rename = "deviation")]
    deviations: Vec<Deviation>,
}

/// One known deviation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deviation {
    /// The case in which it shows, or a folder of cases; where there is none, any case.
    #[serde(default)]
    pub case: String,
    /// The requirement or invariant that is broken, or `inconclusive` where the case cannot get to
    /// its check.
    pub finding: String,
    /// Why this is known and accepted.
    pub reason: String,
    /// Where to read more.
    pub link: Option<String>,
    #[serde(skip)]
    outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Outcome {
    #[default]
    NotRun,
    Ran,
    Shown,
}

/// An expectations file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExpectationsError {
    /// It cannot be read.
    #[error("cannot read the expectations file {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is not TOML of the right form.
    #[error("the expectations file is not understood: {0}")]
    Form(#[from] toml::de::Error),
    /// A deviation has no reason.
    #[error("the deviation of `{case}` ({finding}) has no reason; write why it is accepted")]
    NoReason {
        /// The case.
        case: String,
        /// The requirement or invariant.
        finding: String,
    },
}

impl Expectations {
    /// Reads a file.
    ///
    /// # Errors
    /// Where it cannot be read, is not of the right form, or a deviation lacks its reason.
    pub fn read(path: &Path) -> Result<Self, ExpectationsError> {
        let text = fs::read_to_string(path).map_err(|source| ExpectationsError::Read {
            path: path.display().to_string(),
            source,
        })?;
        Self::parse(&text)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// Where it is not of the right form, or a deviation lacks its reason.
    pub fn parse(text: &str) -> Result<Self, ExpectationsError> {
        let expectations: Self = toml::from_str(text)?;
        match expectations.deviations.iter().find(|deviation| deviation.reason.trim().is_empty()) {
            None => Ok(expectations),
            Some(Deviation { case, finding, .. }) => {
                Err(ExpectationsError::NoReason { case: case.clone(), finding: finding.clone() })
            }
        }
    }

    /// Marks the report as known where each deviation among its findings is expected, and
    /// remembers which expectations it has met.
    pub fn apply(&mut self, report: &mut CaseReport) {
        let mut own: Vec<_> =
            self.deviations.iter_mut().filter(|deviation| deviation.is_of(&report.case)).collect();
        if report.verdict != Verdict::Skip {
            for deviation in &mut own {
                // A case that could not get to its check has shown nothing, either way.
                let ran = report.verdict != Verdict::Inconclusive || deviation.is_inconclusive();
                if ran && deviation.outcome == Outcome::NotRun {
                    deviation.outcome = Outcome::Ran;
                }
            }
        }
        let mut reasons = Vec::new();
        let mut all_known = true;
        let mut expect = |is_shown: &dyn Fn(&Deviation) -> bool| match own
            .iter_mut()
            .find(|deviation| is_shown(deviation))
        {
            Some(deviation) => {
                deviation.outcome = Outcome::Shown;
                if !reasons.contains(&deviation.reason) {
                    reasons.push(deviation.reason.clone());
                }
            }
            None => all_known = false,
        };
        for finding in report.findings.iter().filter(|finding| is_deviation(finding)) {
            expect(&|deviation| names(finding, &deviation.finding));
        }
        if report.verdict == Verdict::Inconclusive {
            expect(&Deviation::is_inconclusive);
        }
        if all_known && !reasons.is_empty() {
            report.known = Some(reasons.join(" "));
        }
    }

    /// The deviations whose case ran without showing them.
    pub fn unmet(&self) -> impl Iterator<Item = &Deviation> {
        self.deviations.iter().filter(|deviation| deviation.outcome == Outcome::Ran)
    }
}

impl Deviation {
    /// Whether it is expected in that case.
    fn is_of(&self, case: &str) -> bool {
        let rest = case.strip_prefix(&self.case);
        rest.is_some_and(|rest| self.case.is_empty() || rest.is_empty() || rest.starts_with('/'))
    }

    fn is_inconclusive(&self) -> bool {
        self.finding == "inconclusive"
    }
}

fn is_deviation(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::Fail | Verdict::Warn)
}

fn names(finding: &Finding, name: &str) -> bool {
    let requirement = finding.requirement.as_ref().is_some_and(|id| id.to_string() == name);
    requirement || matches!(&finding.source, Source::Invariant(id) if id == name)
}
