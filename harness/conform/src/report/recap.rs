//! What a run ends with: which sentences were broken and why deviations are accepted, each once with
//! the cases that show it. One wrong line in an answer to SELECT breaks hundreds of cases.

use std::collections::{BTreeMap, BTreeSet};

use super::finding_name;
use crate::{CaseReport, Finding, Verdict, requirement::Catalogue};

/// The most broken sentences that are told.
const SENTENCES: usize = 40;

/// What was seen in all cases so far.
#[derive(Debug, Default)]
pub(super) struct Recap {
    /// Cases by what they break.
    broken: BTreeMap<(Verdict, String), BTreeSet<String>>,
    /// Cases by the reason for which their deviations are accepted.
    known: BTreeMap<String, BTreeSet<String>>,
}

impl Recap {
    /// Takes note of what the case shows.
    pub(super) fn add(&mut self, report: &CaseReport) {
        let mut reasons: BTreeSet<_> =
            report.findings.iter().filter_map(|finding| finding.known.as_ref()).collect();
        if reasons.is_empty() {
            reasons.extend(&report.known);
        }
        for reason in reasons {
            self.known.entry(reason.clone()).or_default().insert(report.case.clone());
        }
        let is_broken = |finding: &&Finding| {
            finding.known.is_none() && matches!(finding.verdict, Verdict::Warn | Verdict::Fail)
        };
        for finding in report.findings.iter().filter(is_broken) {
            let what = (finding.verdict, finding_name(report, finding));
            self.broken.entry(what).or_default().insert(report.case.clone());
        }
    }

    /// The lines, the worst last: a word, and what it is about. Where one case alone breaks anything,
    /// it has been shown just before.
    pub(super) fn lines(&self, catalogue: &Catalogue) -> Vec<(&'static str, String)> {
        let known = self.known.iter();
        let mut lines: Vec<_> =
            known.map(|(reason, cases)| ("known", format!("{}: {reason}", some(cases)))).collect();
        let bad: BTreeSet<_> = self.broken.values().flatten().collect();
        if bad.len() > 1 {
            let mut broken: Vec<_> = self.broken.iter().collect();
            broken.sort_by_key(|((verdict, _), cases)| (*verdict, cases.len()));
            let left_out = broken.len().saturating_sub(SENTENCES);
            if left_out > 0 {
                lines.push(("", format!("{left_out} more sentences are broken, in fewer cases")));
            }
            lines.extend(broken[left_out..].iter().map(|((verdict, name), cases)| {
                let requirement = name.parse().ok().and_then(|id| catalogue.get(&id));
                let sentence = requirement.map(|one| format!(": {}", one.sentence));
                let what = match (cases.contains(name), sentence) {
                    (true, _) => some(cases),
                    (false, sentence) => {
                        format!("{}{} ({name})", some(cases), sentence.unwrap_or_default())
                    }
                };
                (verdict.name(), what)
            }));
        }
        lines
    }
}

/// The first case, and how many more there are.
fn some(cases: &BTreeSet<String>) -> String {
    let first = cases.first().map(String::as_str).unwrap_or_default();
    match cases.len() {
        0 | 1 => first.to_owned(),
        more => format!("{first} and {} more", more - 1),
    }
}
