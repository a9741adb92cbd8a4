//! What the page of a run shows, as the template wants it.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::{
    RequirementShown, SCRIPT, STYLE,
    chart::Chart,
    conversation::{Conversation, Line},
    script_hash,
};
use crate::{
    CaseReport, Finding, Record, Source, Verdict,
    report::{Background, finding_name, level_name},
    requirement::Level,
};

#[derive(Template)]
#[template(path = "run.html")]
pub(super) struct RunPage<'r> {
    style: &'static str,
    script: &'static str,
    script_hash: String,
    tool: &'r str,
    name: String,
    facts: Vec<(&'static str, String)>,
    cut_short: Option<&'r str>,
    notices: &'r [String],
    totals: Counts,
    tables: [Table; 2],
    levels: BTreeSet<String>,
    capabilities: BTreeSet<String>,
    cases: Vec<Case<'r>>,
}

/// How often each verdict came, in the order of the columns.
type Counts = Vec<(&'static str, usize)>;

struct Table {
    caption: &'static str,
    head: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    counts: Counts,
}

struct Case<'r> {
    id: &'r str,
    title: &'r str,
    verdict: &'static str,
    is_bad: bool,
    levels: String,
    needs: String,
    elapsed: String,
    rerun: String,
    reason: Option<&'r str>,
    known: Option<&'r str>,
    earlier: Vec<&'static str>,
    findings: Vec<FindingShown<'r>>,
    /// How many more findings there are than are shown.
    more_findings: usize,
    requirements: Vec<RequirementShown<'r>>,
    source: Vec<SourceLine<'r>>,
    chart: Option<Chart>,
    wire: Vec<Line>,
}

/// The most findings of one case that are shown: a server can do wrong in every line it sends.
const FINDINGS: usize = 200;

struct FindingShown<'r> {
    verdict: &'static str,
    known: Option<&'r str>,
    what: String,
    expected: &'r str,
    found: &'r str,
    invariant: Option<&'r str>,
    entry: Option<String>,
    requirement: Option<RequirementShown<'r>>,
}

struct SourceLine<'r> {
    number: usize,
    text: &'r str,
    is_marked: bool,
}

/// The columns, from good to bad. A known deviation has one of its own.
const COLUMNS: [&str; 8] =
    ["pass", "note", "skip", "known", "warn", "inconclusive", "fail", "error"];

fn column(case: &CaseReport) -> &'static str {
    if case.known.is_some() {
        return "known";
    }
    case.verdict.name()
}

impl<'r> RunPage<'r> {
    pub(super) fn new(record: &'r Record, background: &'r Background) -> Self {
        let mut cases: Vec<&CaseReport> = record.cases.iter().collect();
        cases.sort_by_key(|case| (numbers(&section(&case.case)), &case.case));
        let mut sections = Tally::default();
        let mut levels = Tally::default();
        let mut totals = Tally::default();
        for case in &cases {
            let (column, folder) = (column(case), section(&case.case));
            totals.add(Vec::new(), String::new(), column);
            sections.add(numbers(&folder), folder, column);
            for level in case_levels(case, background) {
                levels.add(vec![level as u32], level_name(level).to_owned(), column);
            }
        }
        let shown: Vec<&'static str> = COLUMNS
            .into_iter()
            .filter(|name| totals.0.values().any(|counts| counts.contains_key(name)))
            .collect();
        let target = record.target.clone().unwrap_or_default();
        let name = match target.software.as_str() {
            "" => target.address.clone(),
            software => software.to_owned(),
        };
        let facts = [
            ("address", target.address),
            ("protection", target.security),
            ("user", target.user),
            ("everything below", record.root.clone()),
            ("duration", format!("{:.1} s", record.elapsed.as_secs_f64())),
            ("capabilities", target.capabilities.join(" ")),
        ];
        let cases: Vec<Case> = cases.into_iter().map(|case| Case::new(case, background)).collect();
        Self {
            style: STYLE,
            script: SCRIPT,
            script_hash: script_hash(),
            tool: &record.tool,
            name: if name.is_empty() { "nobody answered".to_owned() } else { name },
            facts: facts.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
            cut_short: record.cut_short.as_deref(),
            notices: &record.notices,
            totals: totals.rows(&shown).pop().map(|row| row.counts).unwrap_or_default(),
            tables: [
                Table { caption: "by section", head: "section", rows: sections.rows(&shown) },
                Table { caption: "by level", head: "level", rows: levels.rows(&shown) },
            ],
            levels: words(cases.iter().map(|case| &case.levels)),
            capabilities: words(cases.iter().map(|case| &case.needs)),
            cases,
        }
    }
}

fn words<'a>(lists: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    lists.flat_map(|list| list.split_whitespace().map(str::to_owned)).collect()
}

/// The folder of a case: `rfc3501/6.3.1-select`.
fn section(case: &str) -> String {
    case.rsplit_once('/').map_or(case, |(folder, _)| folder).to_owned()
}

/// The numbers in the name of a folder, so that 6.3.2 stands before 6.3.10.
fn numbers(folder: &str) -> Vec<u32> {
    let number = |part: &str| part.parse().unwrap_or(u32::MAX);
    let name = |part: &str| part.split('-').next().unwrap_or_default().to_owned();
    folder
        .split('/')
        .map(name)
        .flat_map(|name| name.split('.').map(number).collect::<Vec<_>>())
        .collect()
}

/// How often each verdict came: rows by what orders them and by name.
#[derive(Default)]
struct Tally(BTreeMap<(Vec<u32>, String), BTreeMap<&'static str, usize>>);

impl Tally {
    fn add(&mut self, order: Vec<u32>, row: String, column: &'static str) {
        *self.0.entry((order, row)).or_default().entry(column).or_default() += 1;
    }

    fn rows(self, columns: &[&'static str]) -> Vec<Row> {
        let counts = |counts: BTreeMap<&str, usize>| {
            let count = |&name: &&'static str| (name, counts.get(name).copied().unwrap_or(0));
            columns.iter().map(count).collect()
        };
        self.0.into_iter().map(|((_, name), row)| Row { name, counts: counts(row) }).collect()
    }
}

fn case_levels(case: &CaseReport, background: &Background) -> BTreeSet<Level> {
    let requirements = case.requirements.iter().filter_map(|id| background.catalogue.get(id));
    requirements.map(|requirement| requirement.level).collect()
}

impl<'r> Case<'r> {
    fn new(case: &'r CaseReport, background: &'r Background) -> Self {
        let source = background.source(&case.case);
        let conversation = Conversation::of(case);
        let levels = case_levels(case, background);
        let levels = levels.into_iter().map(|level| level_name(level).replace(' ', "-"));
        Self {
            id: &case.case,
            title: &case.title,
            verdict: column(case),
            is_bad: case.verdict >= Verdict::Warn && case.known.is_none(),
            levels: levels.collect::<Vec<_>>().join(" "),
            needs: source.map(|source| source.needs.join(" ")).unwrap_or_default(),
            elapsed: format!("{:.3} s", case.elapsed.as_secs_f64()),
            rerun: background.rerun(&case.case),
            reason: case.reason.as_deref(),
            known: case.known.as_deref(),
            earlier: case.earlier.iter().map(|earlier| earlier.verdict.name()).collect(),
            findings: case
                .findings
                .iter()
                .take(FINDINGS)
                .map(|finding| FindingShown::new(case, finding, &conversation, background))
                .collect(),
            more_findings: case.findings.len().saturating_sub(FINDINGS),
            requirements: case
                .requirements
                .iter()
                .filter_map(|id| RequirementShown::of(id, background))
                .collect(),
            source: source.map(|source| source_lines(&source.text, case)).unwrap_or_default(),
            chart: Chart::of(&conversation),
            wire: conversation.lines(),
        }
    }
}

impl<'r> FindingShown<'r> {
    fn new(
        case: &CaseReport,
        finding: &'r Finding,
        conversation: &Conversation,
        background: &'r Background,
    ) -> Self {
        Self {
            verdict: if finding.known.is_some() { "known" } else { finding.verdict.name() },
            known: finding.known.as_deref(),
            what: finding_name(case, finding),
            expected: &finding.expected,
            found: &finding.found,
            invariant: match &finding.source {
                Source::Invariant(id) => Some(id),
                Source::Expectation { .. } | Source::Player => None,
            },
            entry: finding.evidence.as_ref().and_then(|evidence| conversation.link(evidence.entry)),
            requirement: finding
                .requirement
                .as_ref()
                .and_then(|id| RequirementShown::of(id, background)),
        }
    }
}

fn source_lines<'r>(text: &'r str, case: &CaseReport) -> Vec<SourceLine<'r>> {
    let marked = |number| {
        case.findings.iter().any(|finding| match &finding.source {
            Source::Expectation { line, .. } => *line == number,
            Source::Invariant(_) | Source::Player => false,
        })
    };
    text.lines()
        .enumerate()
        .map(|(index, text)| SourceLine { number: index + 1, text, is_marked: marked(index + 1) })
        .collect()
}
