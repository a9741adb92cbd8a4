//! Known deviations: what a user expects a server to get wrong, each with a reason.
//!
//! A deviation that is expected does not fail a run. One that is expected and does not show is
//! reported, and fails a run that is strict, so that the list never outlives the faults it excuses.

use std::{fmt::Write, fs, path::Path};

use serde::Deserialize;

use crate::{CaseReport, Finding, Source, Verdict, requirement::Catalogue};

/// The content of an expectations file.
///
/// ```
/// use imap_conform::Expectations;
/// let text = r#"
///     [[deviation]]
///     case = "rfc3501/6.3.1-select/unseen-is-given"
///     finding = "rfc3501/6.3.1-07"
///     reason = "The server looks for no unseen message."
/// "#;
/// assert!(Expectations::parse(text).is_ok());
/// let without_reason = text.replace("The server looks for no unseen message.", "");
/// assert!(Expectations::parse(&without_reason).is_err());
/// ```
#[derive(Debug, Clone, Default)]
pub struct Expectations {
    deviations: Vec<Deviation>,
}

/// One known deviation in one case.
#[derive(Debug, Clone)]
pub struct Deviation {
    /// The case in which it shows, or a folder of cases; where it is empty, any case.
    pub case: String,
    /// The requirement or invariant that is broken, or `inconclusive` where the case cannot get to
    /// its check.
    pub finding: String,
    /// Why this is known and accepted.
    pub reason: String,
    /// Where to read more.
    pub link: Option<String>,
    /// Whether it shows in some runs and in others not, by no fault of the case: the reason says
    /// why. Where it does not show, nobody is told.
    pub sometimes: bool,
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
        let File { entries } = toml::from_str(text)?;
        let deviations: Vec<_> = entries.into_iter().flat_map(Entry::deviations).collect();
        match deviations.iter().find(|deviation| deviation.reason.trim().is_empty()) {
            None => Ok(Self { deviations }),
            Some(Deviation { case, finding, .. }) => {
                Err(ExpectationsError::NoReason { case: case.clone(), finding: finding.clone() })
            }
        }
    }

    /// Marks the findings that are expected, and the report where each deviation among them is;
    /// otherwise the others alone decide. Remembers which expectations it has met.
    pub fn apply(&mut self, report: &mut CaseReport) {
        let mut own: Vec<_> =
            self.deviations.iter_mut().filter(|deviation| deviation.is_of(&report.case)).collect();
        // A case that ended early may not have got to where the deviation would have shown.
        if report.is_played_to_its_end() {
            for deviation in own.iter_mut().filter(|one| one.outcome == Outcome::NotRun) {
                deviation.outcome = Outcome::Ran;
            }
        }
        // One finding can be expected more than once: of this case and of all, or by its
        // requirement and by its invariant.
        let mut reasons = Vec::new();
        let mut expected = |is_shown: &dyn Fn(&Deviation) -> bool| {
            let mut own_reasons = Vec::new();
            for deviation in own.iter_mut().filter(|deviation| is_shown(deviation)) {
                deviation.outcome = Outcome::Shown;
                for reasons in [&mut reasons, &mut own_reasons] {
                    if !reasons.contains(&deviation.reason) {
                        reasons.push(deviation.reason.clone());
                    }
                }
            }
            (!own_reasons.is_empty()).then(|| own_reasons.join(" "))
        };
        let mut unexpected = None;
        for finding in report.findings.iter_mut().filter(|finding| is_deviation(finding)) {
            finding.known = expected(&|deviation| names(finding, &deviation.finding));
            if finding.known.is_none() {
                unexpected = unexpected.max(Some(finding.verdict));
            }
        }
        let is_cut_short = match report.verdict {
            Verdict::Inconclusive => expected(&Deviation::is_inconclusive).is_none(),
            verdict => verdict == Verdict::Fail && unexpected.is_some() && report.reason.is_some(),
        };
        if is_cut_short {
            unexpected = unexpected.max(Some(Verdict::Inconclusive));
        }
        match unexpected {
            Some(verdict) if report.verdict != Verdict::Error => report.verdict = verdict,
            None if !reasons.is_empty() => report.known = Some(reasons.join(" ")),
            _ => {}
        }
    }

    /// The text of a first file for what these reports show and nobody expected: each deviation
    /// with what was seen, and with a reason that is still to be written. Until it is, the file is
    /// refused.
    pub fn draft(reports: &[CaseReport], catalogue: &Catalogue) -> String {
        let mut text = String::from(DRAFT);
        for report in reports.iter().filter(|report| report.known.is_none()) {
            let mut done = Vec::new();
            let is_new = |finding: &&Finding| is_deviation(finding) && finding.known.is_none();
            for finding in report.findings.iter().filter(is_new) {
                let (name, requirement) = match (&finding.requirement, &finding.source) {
                    (Some(id), _) => (id.to_string(), catalogue.get(id)),
                    (None, Source::Invariant(id)) => (id.clone(), None),
                    (None, _) => continue,
                };
                if done.contains(&name) {
                    continue;
                }
                let seen = format!("expected {}, found {}", finding.expected, finding.found);
                let says = requirement.map(|requirement| &requirement.quote);
                draft_entry(&mut text, &report.case, &name, &seen, says);
                done.push(name);
            }
            // What an interrupted run did not come to deviates from nothing.
            if report.verdict == Verdict::Inconclusive && report.was_begun() {
                let seen = report.reason.as_deref().unwrap_or_default();
                draft_entry(&mut text, &report.case, INCONCLUSIVE, seen, None);
            }
        }
        text
    }

    /// The deviations whose case ran without showing them.
    pub fn unmet(&self) -> impl Iterator<Item = &Deviation> {
        let is_due = |deviation: &&Deviation| !deviation.sometimes;
        self.deviations.iter().filter(is_due).filter(|one| one.outcome == Outcome::Ran)
    }

    /// Why what comes of the case differs from run to run, where it does.
    pub fn varies(&self, case: &str) -> Option<&str> {
        let mut of_case = self.deviations.iter().filter(|deviation| deviation.is_of(case));
        of_case.find(|deviation| deviation.sometimes).map(|deviation| deviation.reason.as_str())
    }
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "deviation")]
    entries: Vec<Entry>,
}

/// A deviation as it is written: what has one cause stands there once, however many cases show it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    case: Option<String>,
    #[serde(default)]
    cases: Vec<String>,
    finding: String,
    reason: String,
    link: Option<String>,
    #[serde(default)]
    sometimes: bool,
}

impl Entry {
    fn deviations(self) -> impl Iterator<Item = Deviation> {
        let Self { case, mut cases, finding, reason, link, sometimes } = self;
        cases.extend(case);
        if cases.is_empty() {
            cases.push(String::new());
        }
        cases.into_iter().map(move |case| Deviation {
            case,
            finding: finding.clone(),
            reason: reason.clone(),
            link: link.clone(),
            sometimes,
            outcome: Outcome::NotRun,
        })
    }
}

impl Deviation {
    /// Whether it is expected in that case.
    fn is_of(&self, case: &str) -> bool {
        let rest = case.strip_prefix(&self.case);
        rest.is_some_and(|rest| self.case.is_empty() || rest.is_empty() || rest.starts_with('/'))
    }

    fn is_inconclusive(&self) -> bool {
        self.finding == INCONCLUSIVE
    }
}

/// What the finding of a case is called that could not get to its check.
const INCONCLUSIVE: &str = "inconclusive";

/// What a first file begins with.
const DRAFT: &str = "\
# Known deviations: what the server does otherwise, and why that is accepted. Write each reason; a
# file in which one is empty is refused. What is not accepted does not belong here.
";

fn draft_entry(text: &mut String, case: &str, name: &str, seen: &str, says: Option<&String>) {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let _ = writeln!(text, "\n# {}", one_line(seen));
    if let Some(says) = says {
        let _ = writeln!(text, "# \"{}\"", one_line(says));
    }
    let (case, name) = (quoted(case), quoted(name));
    let _ = writeln!(text, "[[deviation]]\ncase = {case}\nfinding = {name}\nreason = \"\"");
}

/// Text of a server within a comment: on one line, and without what TOML lets no comment have.
fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

fn is_deviation(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::Fail | Verdict::Warn)
}

fn names(finding: &Finding, name: &str) -> bool {
    let requirement = finding.requirement.as_ref().is_some_and(|id| id.to_string() == name);
    requirement || matches!(&finding.source, Source::Invariant(id) if id == name)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Transcript;

    fn report(verdict: Verdict) -> CaseReport {
        let finding = Finding {
            verdict,
            source: Source::Player,
            requirement: "rfc3501/6.1.2-01".parse().ok(),
            expected: "`OK`".to_owned(),
            found: "`NO \r\n[[deviation]]`".to_owned(),
            evidence: None,
            known: None,
        };
        CaseReport {
            case: "a/case".to_owned(),
            title: String::new(),
            requirements: Vec::new(),
            verdict,
            reason: None,
            findings: if verdict == Verdict::Pass { Vec::new() } else { vec![finding] },
            known: None,
            transcript: Transcript::default(),
            elapsed: Duration::ZERO,
            earlier: Vec::new(),
        }
    }

    #[test]
    fn a_draft_is_refused_until_its_reasons_are_written() {
        let draft = Expectations::draft(&[report(Verdict::Fail)], &Catalogue::default());
        let error = Expectations::parse(&draft).expect_err("nobody has written a reason");
        assert!(matches!(error, ExpectationsError::NoReason { .. }), "{error}");
        let written = draft.replace("reason = \"\"", "reason = \"We know.\"");
        let mut expectations = Expectations::parse(&written).expect("it has its reasons");
        let mut again = report(Verdict::Fail);
        expectations.apply(&mut again);
        assert_eq!(again.known.as_deref(), Some("We know."));
        assert_eq!(expectations.unmet().count(), 0);
    }

    #[test]
    fn a_deviation_of_several_cases_is_due_in_each_that_ran() {
        let text = r#"
            [[deviation]]
            cases = ["a/case", "another", "a/third"]
            finding = "rfc3501/6.1.2-01"
            reason = "One cause."
        "#;
        let mut expectations = Expectations::parse(text).expect("it is of the right form");
        let mut shown = report(Verdict::Fail);
        expectations.apply(&mut shown);
        assert_eq!(shown.known.as_deref(), Some("One cause."));
        expectations.apply(&mut CaseReport { case: "another".to_owned(), ..report(Verdict::Pass) });
        let unmet: Vec<_> = expectations.unmet().map(|deviation| &deviation.case).collect();
        assert_eq!(unmet, ["another"]);
    }

    #[test]
    fn each_deviation_that_names_a_finding_has_shown() {
        let text = r#"
            [[deviation]]
            finding = "rfc3501/6.1.2-01"
            reason = "General."
            [[deviation]]
            case = "a/case"
            finding = "rfc3501/6.1.2-01"
            reason = "Special."
        "#;
        let mut expectations = Expectations::parse(text).expect("it is of the right form");
        let mut shown = report(Verdict::Fail);
        expectations.apply(&mut shown);
        assert_eq!(shown.known.as_deref(), Some("General. Special."));
        assert_eq!(expectations.unmet().count(), 0);
    }

    #[test]
    fn a_known_failure_beside_a_new_warning_failed_the_case() {
        let text = r#"
            [[deviation]]
            finding = "rfc3501/6.1.2-01"
            reason = "We know."
        "#;
        let beside = |verdict, reason: Option<&str>| {
            let mut both =
                CaseReport { reason: reason.map(str::to_owned), ..report(Verdict::Fail) };
            let requirement = "rfc3501/7-02".parse().ok();
            both.findings.push(Finding { verdict, requirement, ..both.findings[0].clone() });
            Expectations::parse(text).expect("it is of the right form").apply(&mut both);
            both
        };
        let warned = beside(Verdict::Warn, None);
        assert_eq!((warned.verdict, warned.known.as_deref()), (Verdict::Warn, None));
        assert_eq!(warned.findings[0].known.as_deref(), Some("We know."));
        assert_eq!(warned.findings[1].known, None);
        assert_eq!(beside(Verdict::Fail, None).verdict, Verdict::Fail);
        assert_eq!(beside(Verdict::Warn, Some("interrupted")).verdict, Verdict::Inconclusive);
        assert_eq!(beside(Verdict::Note, None).known.as_deref(), Some("We know."));
        let draft = Expectations::draft(&[warned], &Catalogue::default());
        assert!(draft.contains("rfc3501/7-02") && !draft.contains("6.1.2-01"), "{draft}");
    }

    #[test]
    fn what_a_case_that_ended_early_did_not_come_to_stays_on_the_list() {
        let text = r#"
            [[deviation]]
            case = "a/case"
            finding = "rfc3501/7-02"
            reason = "It shows behind the other."
        "#;
        let unmet = |mut report: CaseReport| {
            let mut expectations = Expectations::parse(text).expect("it is of the right form");
            expectations.apply(&mut report);
            expectations.unmet().count()
        };
        let interrupted = Some("interrupted".to_owned());
        assert_eq!(unmet(report(Verdict::Fail)), 0);
        assert_eq!(unmet(CaseReport { reason: interrupted, ..report(Verdict::Warn) }), 0);
        let error = Some("the harness panicked".to_owned());
        assert_eq!(unmet(CaseReport { reason: error, ..report(Verdict::Error) }), 0);
        assert_eq!(unmet(report(Verdict::Warn)), 1);
        assert_eq!(unmet(report(Verdict::Pass)), 1);
    }

    #[test]
    fn a_draft_says_nothing_of_a_case_that_never_began() {
        let reason = Some("interrupted".to_owned());
        let unplayed = CaseReport { findings: Vec::new(), reason, ..report(Verdict::Inconclusive) };
        let draft = Expectations::draft(&[unplayed], &Catalogue::default());
        assert_eq!(draft, DRAFT);
    }

    #[test]
    fn what_shows_sometimes_is_missed_by_nobody() {
        let text = r#"
            [[deviation]]
            case = "a/case"
            finding = "rfc3501/6.1.2-01"
            reason = "It depends on a race within the server."
        "#;
        let unmet = |text: &str| {
            let mut expectations = Expectations::parse(text).expect("it is of the right form");
            expectations.apply(&mut report(Verdict::Pass));
            expectations.unmet().count()
        };
        assert_eq!(unmet(text), 1);
        assert_eq!(unmet(&format!("{text}\nsometimes = true")), 0);
    }
}
