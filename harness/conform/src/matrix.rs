//! Several runs side by side: for each requirement, which server keeps it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    CaseReport, Record, Verdict,
    requirement::{Catalogue, Level, Requirement, RequirementId},
};

/// Several runs side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// The runs, in the order in which they were given.
    pub runs: Vec<Run>,
    /// The requirements that some run has something to say about, in the order of the RFCs.
    pub rows: Vec<Row>,
}

/// One run, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What the column is called.
    pub name: String,
    /// What the server calls itself.
    pub software: String,
    /// What it advertises.
    pub capabilities: Vec<String>,
}

/// What the runs say about one requirement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The requirement.
    pub requirement: Requirement,
    /// A cell for each run.
    pub cells: Vec<Cell>,
}

/// What a run says about a requirement: nothing, where none of its cases is about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// Whether the requirement is kept.
    pub verdict: Option<Verdict>,
    /// The case that shows it.
    pub case: Option<String>,
    /// What the server chose, where the RFC leaves a choice.
    pub choices: BTreeSet<String>,
}

/// How many requirements of some levels are kept and broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Kept.
    pub kept: usize,
    /// Broken.
    pub broken: usize,
}

impl Matrix {
    /// Lays runs side by side, each under its name.
    pub fn of(runs: &[(String, Record)], catalogue: &Catalogue) -> Self {
        let columns: Vec<_> = runs.iter().map(|(_, record)| cells(record)).collect();
        let ids: BTreeSet<_> = columns.iter().flat_map(BTreeMap::keys).copied().collect();
        let row = |id: &RequirementId| {
            let cell = |column: &BTreeMap<_, Cell>| column.get(id).cloned().unwrap_or_default();
            let cells = columns.iter().map(cell).collect();
            Some(Row { requirement: catalogue.get(id)?.clone(), cells })
        };
        Self {
            runs: runs.iter().map(|(name, record)| Run::new(name, record)).collect(),
            rows: ids.into_iter().filter_map(row).collect(),
        }
    }

    /// The requirements of which the runs say different things.
    pub fn differences(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.differs())
    }

    /// How many requirements of these levels a run keeps and breaks.
    pub fn count(&self, run: usize, levels: &[Level]) -> Count {
        let rows = self.rows.iter().filter(|row| levels.contains(&row.requirement.level));
        let mut count = Count::default();
        for cell in rows.filter_map(|row| row.cells.get(run)) {
            count.kept += usize::from(cell.is_kept());
            count.broken += usize::from(cell.is_broken());
        }
        count
    }
}

impl Run {
    fn new(name: &str, record: &Record) -> Self {
        let target = record.target.clone().unwrap_or_default();
        Self { name: name.to_owned(), software: target.software, capabilities: target.capabilities }
    }
}

impl Row {
    /// Whether one run keeps it and another does not, or they chose differently.
    fn differs(&self) -> bool {
        let kept = self.cells.iter().any(Cell::is_kept);
        let not_kept = self.cells.iter().any(|cell| cell.verdict >= Some(Verdict::Warn));
        let choices: BTreeSet<_> =
            self.cells.iter().map(|cell| &cell.choices).filter(|made| !made.is_empty()).collect();
        (kept && not_kept) || choices.len() > 1
    }
}

/// What a run says, requirement by requirement. A finding decides; where there is none, a case
/// that is about the requirement and came to its end.
fn cells(record: &Record) -> BTreeMap<&RequirementId, Cell> {
    let mut cells: BTreeMap<&RequirementId, Cell> = BTreeMap::new();
    for case in &record.cases {
        for id in &case.requirements {
            cells.entry(id).or_default().take(verdict_without_finding(case, id), case);
        }
        for finding in &case.findings {
            let Some(id) = &finding.requirement else { continue };
            let cell = cells.entry(id).or_default();
            cell.take(Some(finding.verdict), case);
            if finding.verdict == Verdict::Note {
                cell.choices.insert(finding.found.clone());
            }
        }
    }
    cells
}

/// What a case says about a requirement that none of its findings names. One that ends early for
/// another reason says nothing.
fn verdict_without_finding(case: &CaseReport, id: &RequirementId) -> Option<Verdict> {
    let is_named = case.findings.iter().any(|finding| finding.requirement.as_ref() == Some(id));
    match case.verdict {
        Verdict::Warn | Verdict::Fail => case.is_played_to_its_end().then_some(Verdict::Pass),
        Verdict::Note => Some(Verdict::Pass),
        verdict => (!is_named).then_some(verdict),
    }
}

impl Cell {
    /// Whether the requirement is kept.
    pub fn is_kept(&self) -> bool {
        matches!(self.verdict, Some(Verdict::Pass | Verdict::Note))
    }

    /// Whether it is broken.
    pub fn is_broken(&self) -> bool {
        matches!(self.verdict, Some(Verdict::Warn | Verdict::Fail))
    }

    /// Takes what one more case says: a broken promise outweighs everything, a kept one what could
    /// not be tried, by whoever's fault.
    fn take(&mut self, verdict: Option<Verdict>, case: &CaseReport) {
        let weight = |verdict: Option<Verdict>| match verdict {
            None => 0,
            Some(Verdict::Skip) => 1,
            Some(Verdict::Inconclusive) => 2,
            Some(Verdict::Error) => 3,
            Some(Verdict::Pass) => 4,
            Some(Verdict::Note) => 5,
            Some(Verdict::Warn) => 6,
            Some(Verdict::Fail) => 7,
        };
        if weight(verdict) > weight(self.verdict) {
            self.verdict = verdict;
            self.case = Some(case.case.clone());
        }
    }
}
