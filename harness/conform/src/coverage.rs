//! Coverage: which requirement of the catalogue is checked, and by what.
//!
//! Nothing counts but a scenario that names the requirement, an invariant of the oracle, and a
//! rule of the strict grammar, each of which was seen to fail.

mod render;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    oracle::{INVARIANTS, SYNTAX_RULES},
    requirement::{Catalogue, Level, Requirement, RequirementId},
    scenario::Scenario,
};

/// What is checked of every requirement that a client can observe.
///
/// ```
/// use imap_conform::{coverage::Coverage, requirement::Catalogue};
/// let mut catalogue = Catalogue::default();
/// catalogue.add(r#"
///     rfc = 3501
///     [[requirement]]
///     id = "9-76"
///     level = "syntax"
///     sentence = "The greeting is \"*\", a space and OK, PREAUTH or BYE."
///     quote = "greeting = \"*\" SP (resp-cond-auth / resp-cond-bye) CRLF"
/// "#)?;
/// let coverage = Coverage::of(&catalogue, &[]);
/// assert_eq!(coverage.uncovered().count(), 0, "the grammar checks it");
/// # Ok::<(), imap_conform::requirement::CatalogueError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The sections, in the order of the documents.
    pub sections: Vec<Section>,
}

/// The requirements of one section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The RFC's number.
    pub rfc: u16,
    /// The section, without the word.
    pub section: String,
    /// How many requirements no client can observe.
    pub unobservable: usize,
    /// The others.
    pub observable: Vec<Checked>,
}

/// A requirement and what checks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// The requirement.
    pub id: RequirementId,
    /// How binding it is.
    pub level: Level,
    /// What it says.
    pub sentence: String,
    /// The scenarios that name it.
    pub scenarios: BTreeSet<String>,
    /// The invariants that rest on it.
    pub invariants: BTreeSet<&'static str>,
    /// Whether the strict grammar rejects what breaks it.
    pub grammar: bool,
}

/// What one row of a table counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// All requirements.
    pub requirements: usize,
    /// Those that a client can observe.
    pub observable: usize,
    /// Those of them that something checks.
    pub covered: usize,
    /// Those that a scenario checks.
    pub scenarios: usize,
    /// Those that an invariant checks.
    pub invariants: usize,
    /// Those that the grammar checks.
    pub grammar: usize,
}

impl Coverage {
    /// What the scenarios, the invariants and the grammar check of a catalogue.
    pub fn of(catalogue: &Catalogue, scenarios: &[Scenario]) -> Self {
        let mut named: BTreeMap<&RequirementId, BTreeSet<String>> = BTreeMap::new();
        for scenario in scenarios {
            for id in scenario.requirements() {
                named.entry(id).or_default().insert(scenario.id.clone());
            }
        }
        let mut sections: Vec<Section> = Vec::new();
        for requirement in catalogue.iter() {
            let section = section_of(&mut sections, &requirement.id);
            match requirement.unobservable {
                Some(_) => section.unobservable += 1,
                None => {
                    let scenarios = named.remove(&requirement.id).unwrap_or_default();
                    section.observable.push(Checked::of(requirement, scenarios));
                }
            }
        }
        Self { sections }
    }

    /// What nothing checks.
    pub fn uncovered(&self) -> impl Iterator<Item = &Checked> {
        let checked = self.sections.iter().flat_map(|section| &section.observable);
        checked.filter(|checked| !checked.is_covered())
    }

    /// The sums of each RFC.
    pub fn totals(&self) -> BTreeMap<u16, Totals> {
        let mut totals: BTreeMap<u16, Totals> = BTreeMap::new();
        for section in &self.sections {
            totals.entry(section.rfc).or_default().add(section.totals());
        }
        totals
    }
}

/// The section of a requirement, which comes after those that are there.
fn section_of<'s>(sections: &'s mut Vec<Section>, id: &RequirementId) -> &'s mut Section {
    let is_open =
        sections.last().is_some_and(|last| last.rfc == id.rfc() && last.section == id.section());
    if !is_open {
        let section = id.section().to_owned();
        sections.push(Section { rfc: id.rfc(), section, unobservable: 0, observable: Vec::new() });
    }
    let last = sections.len() - 1;
    &mut sections[last]
}

impl Section {
    /// The sums of the section.
    pub fn totals(&self) -> Totals {
        let count = |is: fn(&Checked) -> bool| self.observable.iter().filter(|c| is(c)).count();
        Totals {
            requirements: self.observable.len() + self.unobservable,
            observable: self.observable.len(),
            covered: count(Checked::is_covered),
            scenarios: count(|checked| !checked.scenarios.is_empty()),
            invariants: count(|checked| !checked.invariants.is_empty()),
            grammar: count(|checked| checked.grammar),
        }
    }
}

impl Checked {
    fn of(requirement: &Requirement, scenarios: BTreeSet<String>) -> Self {
        let id = requirement.id.to_string();
        let rests =
            |invariant: &&crate::oracle::Invariant| invariant.requirements().any(|of| of == id);
        Self {
            id: requirement.id.clone(),
            level: requirement.level,
            sentence: requirement.sentence.clone(),
            scenarios,
            invariants: INVARIANTS.iter().filter(rests).map(|invariant| invariant.id).collect(),
            grammar: SYNTAX_RULES.iter().any(|rule| rule.requirement == id),
        }
    }

    /// Whether anything checks it.
    pub fn is_covered(&self) -> bool {
        !self.scenarios.is_empty() || !self.invariants.is_empty() || self.grammar
    }
}

impl Totals {
    fn add(&mut self, other: Self) {
        self.requirements += other.requirements;
        self.observable += other.observable;
        self.covered += other.covered;
        self.scenarios += other.scenarios;
        self.invariants += other.invariants;
        self.grammar += other.grammar;
    }
}
