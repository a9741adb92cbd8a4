//! What the suite finds in a server with a fault.

use std::collections::{BTreeMap, BTreeSet};

use imap_conform::{
    CaseReport, Source, Verdict,
    oracle::{INVARIANTS, Invariant},
    requirement::Catalogue,
    scenario::Scenario,
    server::{InMemory, Options, fault::Fault},
};

use crate::support::Stage;

/// What was found of one fault.
#[derive(Debug, Default)]
pub struct Observed {
    /// Where it shows: sections of the RFC, and invariants.
    pub places: BTreeSet<String>,
    /// The cases that catch it, each with the requirements that it names: those of an invariant
    /// all together, since a breach of any of them shows as a breach of the invariant.
    pub cases: BTreeMap<String, BTreeSet<String>>,
}

impl Observed {
    /// Plays the scenarios with the fault, one after the other, so that none can see what another
    /// does.
    pub fn of(fault: &Fault, scenarios: Vec<Scenario>, catalogue: &Catalogue) -> Self {
        let options = Options { change: Some(fault.change), ..Options::default() };
        let server = InMemory::new(options).expect("a certificate can be made");
        let stage = Stage::in_memory(&server, catalogue.clone());
        let mut observed = Self::default();
        let reports = stage.play(scenarios, 1);
        for report in reports.unwrap_or_else(|error| panic!("{}: {error}", fault.name)) {
            observed.take(&report);
        }
        observed
    }

    /// Takes in what else was found.
    pub fn add(&mut self, other: Self) {
        self.places.extend(other.places);
        self.cases.extend(other.cases);
    }

    fn take(&mut self, report: &CaseReport) {
        let is_broken = |verdict| matches!(verdict, Verdict::Fail | Verdict::Warn);
        assert!(report.verdict != Verdict::Error, "the harness went wrong: {:?}", report.reason);
        for finding in report.findings.iter().filter(|finding| is_broken(finding.verdict)) {
            let named = self.cases.entry(report.case.clone()).or_default();
            if let Some(requirement) = &finding.requirement {
                named.insert(requirement.to_string());
                self.places.insert(requirement.section().to_owned());
            }
            if let Source::Invariant(id) = &finding.source {
                self.places.insert(id.clone());
                let invariant = INVARIANTS.iter().find(|invariant| invariant.id == id);
                let requirements = invariant.into_iter().flat_map(Invariant::requirements);
                named.extend(requirements.map(str::to_owned));
            }
        }
    }
}
