//! One finding on one screen: what was expected and where that stands, what came, the sentence of
//! the RFC, the wire around it, and how to run just this again.

use std::fmt::Write;

use super::{Background, ScenarioSource, ShowWire, wire};
use crate::{
    CaseReport, Finding, Source,
    requirement::{Level, Requirement},
    wire::printable,
};

/// How many entries before the marked one are shown, unless all are asked for.
const CONTEXT: usize = 6;

/// Explains a finding, with as much of the wire as is asked for.
pub fn explain(
    background: &Background,
    case: &CaseReport,
    finding: &Finding,
    show_wire: ShowWire,
) -> String {
    let mut out = String::new();
    let requirement = finding.requirement.as_ref().and_then(|id| background.catalogue.get(id));
    headline(&mut out, case, finding, requirement);
    match (&finding.source, background.source(&case.case)) {
        (Source::Expectation { line, span }, Some(source)) => {
            expectation(&mut out, finding, source, *line, span.start, span.end);
        }
        (_, source) => {
            if let Some(source) = source {
                let _ = writeln!(out, "  --> {}", source.path.display());
            }
            let _ = writeln!(out, "   = expected: {}", printable(&finding.expected));
        }
    }
    let _ = writeln!(out, "   = found: {}", printable(&finding.found));
    if let Some(requirement) = requirement {
        let id = &requirement.id;
        let _ = writeln!(
            out,
            "   = spec: RFC {} §{} ({}): \"{}\"",
            id.rfc(),
            id.section(),
            level_name(requirement.level),
            requirement.quote
        );
        for see in &requirement.see {
            let _ = writeln!(out, "   = see: {see}");
        }
    }
    match show_wire {
        ShowWire::Never => {}
        ShowWire::Fail => transcript(&mut out, case, finding, false),
        ShowWire::All => transcript(&mut out, case, finding, true),
    }
    let _ = writeln!(out, "   help: run just this again: {}", background.rerun(&case.case));
    out
}

/// The level as the RFCs write it.
pub(crate) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Must => "MUST",
        Level::MustNot => "MUST NOT",
        Level::Should => "SHOULD",
        Level::ShouldNot => "SHOULD NOT",
        Level::May => "MAY",
        Level::States => "states",
        Level::Syntax => "syntax",
    }
}

/// What a finding is called: the requirement, else the invariant, else the case.
pub(crate) fn finding_name(case: &CaseReport, finding: &Finding) -> String {
    match (&finding.requirement, &finding.source) {
        (Some(id), _) => id.to_string(),
        (None, Source::Invariant(id)) => id.clone(),
        (None, _) => case.case.clone(),
    }
}

fn headline(
    out: &mut String,
    case: &CaseReport,
    finding: &Finding,
    requirement: Option<&Requirement>,
) {
    let name = finding_name(case, finding);
    let sentence = requirement.map_or(case.title.as_str(), |requirement| &requirement.sentence);
    let _ = writeln!(out, "{}[{name}]: {sentence}", finding.verdict);
    if let Source::Invariant(id) = &finding.source {
        let _ = writeln!(out, "   = noticed by the invariant {id}, in {}", case.case);
    }
}

fn expectation(
    out: &mut String,
    finding: &Finding,
    source: &ScenarioSource,
    line: usize,
    start: usize,
    end: usize,
) {
    let text = source.text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let before = source.text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before[line_start..].chars().count();
    let span = source.text.get(start..end).unwrap_or_default();
    let width = span.lines().next().unwrap_or_default().chars().count().max(1);
    let gutter = line.to_string().len().max(2);
    let _ = writeln!(out, "  --> {}:{line}:{}", source.path.display(), column + 1);
    let _ = writeln!(out, "{:gutter$} |", "");
    let _ = writeln!(out, "{line:>gutter$} | {text}");
    // A line may be longer than any width of a format can be.
    let _ = writeln!(
        out,
        "{:gutter$} | {}{} expected {}",
        "",
        " ".repeat(column),
        "^".repeat(width),
        printable(&finding.expected)
    );
}

/// The wire around what the finding points at, or all of it.
fn transcript(out: &mut String, case: &CaseReport, finding: &Finding, all: bool) {
    let entries = case.transcript.entries.len();
    if entries == 0 {
        return;
    }
    let marked = finding.evidence.as_ref().map(|evidence| (evidence.entry, &evidence.octets));
    let around = marked.map_or(entries, |(entry, _)| entry + 1);
    let from = if all { 0 } else { around.saturating_sub(CONTEXT) };
    let to = if all { entries } else { (around + 2).min(entries) };
    let rest = match (from, to) {
        (0, to) if to == entries => String::new(),
        _ => format!(" (entries {} to {to} of {entries}; --show-wire all for the rest)", from + 1),
    };
    let _ = writeln!(out, "   wire{rest}:");
    for line in wire::render(&case.transcript.entries[from..to], marked, from).lines() {
        let _ = writeln!(out, "     {line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;

    #[test]
    fn a_line_of_a_scenario_may_be_longer_than_any_width_of_a_format() {
        let text = format!("{}OK", " ".repeat(70_000));
        let span = text.len() - 2..text.len();
        let finding = Finding {
            verdict: Verdict::Fail,
            source: Source::Expectation { line: 1, span: span.clone() },
            requirement: None,
            expected: "`OK`".to_owned(),
            found: "`NO`".to_owned(),
            evidence: None,
            known: None,
        };
        let source = ScenarioSource {
            path: "long.imap".into(),
            text,
            #[cfg(feature = "html")]
            needs: Vec::new(),
        };
        let mut out = String::new();
        expectation(&mut out, &finding, &source, 1, span.start, span.end);
        assert!(out.ends_with(" ^^ expected `OK`\n"));
    }
}
