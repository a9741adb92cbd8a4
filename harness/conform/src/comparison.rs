//! What changed between two runs: two versions of a server, or two servers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{CaseReport, Record, Verdict, play::LOGIN, report::finding_name};

/// What changed from one run to another, in the cases that both have.
///
/// ```
/// use imap_conform::{Comparison, Record};
/// let run = Record::default();
/// assert!(Comparison::of(&run, &run).is_equal());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    /// What is wrong in the second run alone.
    pub worse: Vec<Deviance>,
    /// What is wrong in the first run alone.
    pub mended: Vec<Deviance>,
    /// Where the RFC leaves a choice that the two runs made differently.
    pub choices: Vec<Choice>,
    /// Capabilities that only the second run had.
    pub capabilities_gained: Vec<String>,
    /// Capabilities that only the first run had.
    pub capabilities_lost: Vec<String>,
    /// Cases that were played in the first run alone: absent or skipped in the second.
    pub only_before: Vec<String>,
    /// Cases that were played in the second run alone.
    pub only_after: Vec<String>,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Deviance {
    /// The case that shows it.
    pub case: String,
    /// The requirement that is broken, or the invariant, or the case where it is neither.
    pub what: String,
    /// How bad it is.
    pub verdict: Verdict,
    /// What came instead of what was expected.
    pub found: String,
}

/// A choice that was made differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Choice {
    /// The case that records it.
    pub case: String,
    /// What was chosen in the first run, by name.
    pub before: Vec<String>,
    /// What was chosen in the second.
    pub after: Vec<String>,
}

impl Comparison {
    /// Compares two runs. A case that only one of them played is listed and not judged, but for the
    /// login: where it is no case of a run, it went well.
    pub fn of(before: &Record, after: &Record) -> Self {
        let (mut first, mut second) = (played(before), played(after));
        let logins = (first.remove(LOGIN), second.remove(LOGIN));
        let mut comparison = Self {
            capabilities_gained: only_first(capabilities(after), &capabilities(before)),
            capabilities_lost: only_first(capabilities(before), &capabilities(after)),
            only_before: only_first(first.keys().copied().collect(), &keys(&second)),
            only_after: only_first(second.keys().copied().collect(), &keys(&first)),
            ..Self::default()
        };
        let wrong = |login: Option<&CaseReport>| login.map(deviances).unwrap_or_default();
        let (was, is) = (wrong(logins.0), wrong(logins.1));
        comparison.worse = new_ones(&is, &was);
        comparison.mended = new_ones(&was, &is);
        for (case, old) in &first {
            let Some(new) = second.get(case) else { continue };
            let (was, is) = (deviances(old), deviances(new));
            comparison.worse.extend(new_ones(&is, &was));
            comparison.mended.extend(new_ones(&was, &is));
            let (before, after) = (choices(old), choices(new));
            if before != after {
                comparison.choices.push(Choice { case: (*case).to_owned(), before, after });
            }
        }
        comparison
    }

    /// Whether nothing changed at all.
    pub fn is_equal(&self) -> bool {
        *self == Self::default()
    }

    /// Whether something is wrong that was right.
    pub fn is_worse(&self) -> bool {
        !self.worse.is_empty()
    }
}

/// The cases of a run in which the server had its say, by their ids.
fn played(record: &Record) -> BTreeMap<&str, &CaseReport> {
    let was_played = |case: &&CaseReport| case.verdict != Verdict::Skip;
    record.cases.iter().filter(was_played).map(|case| (case.case.as_str(), case)).collect()
}

fn keys<'a>(cases: &BTreeMap<&'a str, &CaseReport>) -> BTreeSet<&'a str> {
    cases.keys().copied().collect()
}

fn capabilities(record: &Record) -> BTreeSet<&str> {
    let target = record.target.as_ref();
    target.into_iter().flat_map(|target| &target.capabilities).map(String::as_str).collect()
}

fn only_first(first: BTreeSet<&str>, second: &BTreeSet<&str>) -> Vec<String> {
    first.difference(second).map(|&name| name.to_owned()).collect()
}

/// What is wrong in a case. Known deviations are among it: they are wrong all the same.
fn deviances(case: &CaseReport) -> Vec<Deviance> {
    let mut found: Vec<_> = case
        .findings
        .iter()
        .filter(|finding| finding.verdict >= Verdict::Warn)
        .map(|finding| Deviance {
            case: case.case.clone(),
            what: finding_name(case, finding),
            verdict: finding.verdict,
            found: finding.found.clone(),
        })
        .collect();
    // What stopped a case is none of its findings.
    if case.verdict >= Verdict::Warn && found.iter().all(|found| found.verdict < case.verdict) {
        found.push(Deviance {
            case: case.case.clone(),
            what: case.case.clone(),
            verdict: case.verdict,
            found: case.reason.clone().unwrap_or_default(),
        });
    }
    found
}

/// Those of `these` whose like is not among `others`. What exactly came is no difference: it has
/// times and numbers in it.
fn new_ones(these: &[Deviance], others: &[Deviance]) -> Vec<Deviance> {
    let same = |a: &Deviance, b: &Deviance| a.what == b.what && a.verdict == b.verdict;
    let mut new: Vec<Deviance> = Vec::new();
    for deviance in these {
        if !others.iter().chain(&new).any(|other| same(deviance, other)) {
            new.push(deviance.clone());
        }
    }
    new
}

fn choices(case: &CaseReport) -> Vec<String> {
    let notes = case.findings.iter().filter(|finding| finding.verdict == Verdict::Note);
    let names: BTreeSet<_> = notes.map(|finding| finding.found.clone()).collect();
    names.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Finding, Source, Transcript};

    /// A run of one case, in which an invariant was broken that only should hold.
    fn run(verdict: Verdict, reason: Option<&str>) -> Record {
        let warning = Finding {
            verdict: Verdict::Warn,
            source: Source::Invariant("CHANGES_ARE_TOLD".to_owned()),
            requirement: None,
            expected: String::new(),
            found: String::new(),
            evidence: None,
            known: None,
        };
        let case = CaseReport {
            case: "a/case".to_owned(),
            title: String::new(),
            requirements: Vec::new(),
            verdict,
            reason: reason.map(str::to_owned),
            findings: vec![warning],
            known: None,
            transcript: Transcript::default(),
            elapsed: Duration::ZERO,
            earlier: Vec::new(),
        };
        let mut record = Record::default();
        record.cases = vec![case];
        record
    }

    #[test]
    fn a_case_that_no_longer_gets_to_its_check_is_worse_whatever_else_it_shows() {
        let warned = run(Verdict::Warn, None);
        let slow = run(Verdict::Inconclusive, Some("the case took longer than 300s"));
        let comparison = Comparison::of(&warned, &slow);
        let [worse] = comparison.worse.as_slice() else { panic!("{comparison:?}") };
        assert_eq!((worse.what.as_str(), worse.verdict), ("a/case", Verdict::Inconclusive));
        assert_eq!(worse.found, "the case took longer than 300s");
        assert_eq!(Comparison::of(&slow, &warned).mended, comparison.worse);
        assert!(Comparison::of(&slow, &slow).is_equal());
    }

    #[test]
    fn a_server_that_lets_nobody_in_any_more_was_no_worse() {
        let before = run(Verdict::Pass, None);
        let mut after = run(Verdict::Fail, None);
        after.cases[0].case = LOGIN.to_owned();
        after.cases[0].findings[0].verdict = Verdict::Fail;
        let comparison = Comparison::of(&before, &after);
        assert!(comparison.is_worse());
        assert_eq!(comparison.worse[0].case, LOGIN);
        assert_eq!(
            (comparison.only_before, comparison.only_after.len()),
            (vec!["a/case".to_owned()], 0)
        );
        assert_eq!(Comparison::of(&after, &before).mended, comparison.worse);
        assert!(Comparison::of(&after, &after).is_equal());
    }
}
