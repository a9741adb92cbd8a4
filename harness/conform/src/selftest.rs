//! The suite held against itself: a server that is wrong must be caught, one that only does
//! otherwise what it may must be let pass.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Serialize;

use crate::{Comparison, Record, Verdict, server::Difference};

/// What the suite said of a server with a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trial {
    /// Whether the difference is a fault; else it is a variation.
    pub fault: bool,
    /// The difference's name.
    pub name: &'static str,
    /// What it does.
    pub summary: &'static str,
    /// The section that forbids or allows it.
    pub section: &'static str,
    /// The cases that got worse by it.
    pub cases: Vec<String>,
}

/// Of the faults against a section, how many are caught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Rate {
    /// Faults that some case caught.
    pub caught: usize,
    /// All faults.
    pub faults: usize,
}

/// The trials of both catalogues, as far as they can be played.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Selftest {
    /// What the suite said.
    pub trials: Vec<Trial>,
    /// Differences that the server cannot be given.
    pub not_played: Vec<&'static str>,
}

impl Trial {
    /// Holds a run against a server with the difference against one without it. Nothing for the
    /// second run says that nobody could log in.
    pub fn of(difference: Difference, without: &Record, with: Option<&Record>) -> Self {
        let fault = matches!(difference, Difference::Fault(_));
        let cases = match with {
            Some(with) => worse(fault, without, with),
            None => vec!["the login".to_owned()],
        };
        Self {
            fault,
            name: difference.name(),
            summary: difference.summary(),
            section: difference.section(),
            cases,
        }
    }

    /// Whether the suite said what it should.
    pub fn is_right(&self) -> bool {
        self.fault != self.cases.is_empty()
    }
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = match (self.fault, self.is_right()) {
            (true, true) => "caught",
            (true, false) => "MISSED",
            (false, true) => "let pass",
            (false, false) => "FALSE ALARM",
        };
        write!(f, "{said:>12} {}", self.name)?;
        match self.cases.as_slice() {
            [] if self.fault => write!(f, ": {}", self.summary),
            [] => Ok(()),
            [only] => write!(f, " by {only}"),
            [first, others @ ..] => write!(f, " by {first} and {} more", others.len()),
        }
    }
}

impl Selftest {
    /// The trials in which the suite was wrong: faults missed and false alarms.
    pub fn wrong(&self) -> impl Iterator<Item = &Trial> {
        self.trials.iter().filter(|trial| !trial.is_right())
    }

    /// How much was caught, section by section.
    pub fn rates(&self) -> BTreeMap<&'static str, Rate> {
        let mut rates: BTreeMap<_, Rate> = BTreeMap::new();
        for trial in self.trials.iter().filter(|trial| trial.fault) {
            let rate = rates.entry(trial.section).or_default();
            rate.faults += 1;
            rate.caught += usize::from(trial.is_right());
        }
        rates
    }

    /// All of it for a program.
    pub fn to_json(&self) -> serde_json::Value {
        let rates = self.rates();
        let wrong = |fault| -> Vec<&str> {
            self.wrong().filter(|trial| trial.fault == fault).map(|trial| trial.name).collect()
        };
        serde_json::json!({
            "rates": rates,
            "missed": wrong(true),
            "false-alarms": wrong(false),
            "not-played": self.not_played,
            "trials": self.trials,
        })
    }
}

/// A table of what was caught, and what the suite was wrong about.
impl fmt::Display for Selftest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<20} {:>6} {:>6}", "section", "faults", "caught")?;
        let mut all = Rate::default();
        for (section, Rate { caught, faults }) in self.rates() {
            all = Rate { caught: all.caught + caught, faults: all.faults + faults };
            writeln!(f, "{section:<20} {faults:>6} {caught:>6}")?;
        }
        let variations = self.trials.iter().filter(|trial| !trial.fault);
        let (passed, alarms): (Vec<_>, Vec<_>) = variations.partition(|trial| trial.is_right());
        writeln!(f, "{:<20} {:>6} {:>6}", "all", all.faults, all.caught)?;
        writeln!(f, "{} variations, {} false alarms", passed.len() + alarms.len(), alarms.len())?;
        for trial in self.wrong() {
            writeln!(f, "{trial}")?;
        }
        if !self.not_played.is_empty() {
            writeln!(f, "not played in front of this server: {}", self.not_played.join(", "))?;
        }
        Ok(())
    }
}

/// The cases in which something is wrong that was right without the difference. A fault is caught
/// where the suite says that something is broken; that a case does not get to its check is no
/// proof of it, but an alarm all the same.
fn worse(fault: bool, without: &Record, with: &Record) -> Vec<String> {
    let counts = |verdict| match verdict {
        Verdict::Warn | Verdict::Fail => true,
        Verdict::Inconclusive | Verdict::Error => !fault,
        Verdict::Pass | Verdict::Note | Verdict::Skip => false,
    };
    let worse = Comparison::of(without, with).worse;
    let cases = worse.into_iter().filter(|deviance| counts(deviance.verdict));
    cases.map(|deviance| deviance.case).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{Difference, differences};

    #[test]
    fn a_section_is_named_without_the_number_of_the_requirement() {
        for difference in differences() {
            let (rfc, section) = difference.section().split_once('/').unwrap();
            assert!(rfc.strip_prefix("rfc").unwrap().bytes().all(|c| c.is_ascii_digit()));
            assert!(!section.is_empty() && !section.contains('-'), "{}", difference.section());
        }
    }

    #[test]
    fn what_is_wrong_is_a_fault_that_nothing_catches_and_an_alarm_at_a_variation() {
        let same = Record::default();
        let fault = Difference::fault("uid-off-by-one").unwrap();
        let variation = Difference::variation("sparse-uids").unwrap();
        let trials = vec![
            Trial::of(fault, &same, Some(&same)),
            Trial::of(fault, &same, None),
            Trial::of(variation, &same, Some(&same)),
            Trial::of(variation, &same, None),
        ];
        let selftest = Selftest { trials, not_played: Vec::new() };
        let said: Vec<String> = selftest.wrong().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "      MISSED uid-off-by-one: tells another UID in FETCH than in UID FETCH",
                " FALSE ALARM sparse-uids by the login",
            ]
        );
        assert_eq!(selftest.rates()["rfc3501/2.3.1.1"], Rate { caught: 1, faults: 2 });
        assert_eq!(selftest.to_json()["false-alarms"], serde_json::json!(["sparse-uids"]));
    }
}
