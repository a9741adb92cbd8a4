//! A run in the Test Anything Protocol, version 14: a line for each case, what was found as YAML.
//!
//! What is wrong and does not fail the run, a known deviation or a broken SHOULD, is still to do.

use std::{
    fmt::{self, Write},
    fs, io,
    path::PathBuf,
};

use serde_json::json;

use super::Report;
use crate::{CaseReport, Event, Verdict};

/// The TAP report.
pub struct Tap {
    path: PathBuf,
    fails_on_should: bool,
    text: String,
    number: usize,
}

impl Tap {
    /// A report to a file. `fails_on_should` says whether a broken SHOULD fails the run.
    pub fn new(path: PathBuf, fails_on_should: bool) -> Self {
        Self { path, fails_on_should, text: "TAP version 14\n".to_owned(), number: 0 }
    }

    fn case(&mut self, report: &CaseReport) -> fmt::Result {
        self.number += 1;
        let good = matches!(report.verdict, Verdict::Pass | Verdict::Note | Verdict::Skip);
        let directive = match (&report.known, report.verdict, &report.reason) {
            (Some(reason), ..) => format!(" # TODO known deviation: {}", one_line(reason)),
            (None, Verdict::Skip, Some(reason)) => format!(" # SKIP {}", one_line(reason)),
            (None, Verdict::Skip, None) => " # SKIP".to_owned(),
            (None, Verdict::Warn, _) if !self.fails_on_should => {
                " # TODO a SHOULD is broken".to_owned()
            }
            _ => String::new(),
        };
        let ok = if good { "ok" } else { "not ok" };
        writeln!(self.text, "{ok} {} - {}{directive}", self.number, report.case)?;
        if report.findings.is_empty() && (good || report.reason.is_none()) {
            return Ok(());
        }
        // JSON is YAML, and its strings need no care for what stands in them.
        writeln!(self.text, "  ---\n  verdict: {}", report.verdict)?;
        if let Some(reason) = &report.reason {
            writeln!(self.text, "  reason: {}", json!(reason))?;
        }
        for (index, finding) in report.findings.iter().enumerate() {
            if index == 0 {
                writeln!(self.text, "  findings:")?;
            }
            let mut said = json!({
                "verdict": finding.verdict,
                "requirement": finding.requirement,
                "expected": finding.expected,
                "found": finding.found,
            });
            if let Some(reason) = &finding.known {
                said["known"] = json!(reason);
            }
            writeln!(self.text, "    - {said}")?;
        }
        writeln!(self.text, "  ...")
    }
}

/// A directive ends with its line, and a `#` would begin another.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ").replace('#', "\\#")
}

impl Report for Tap {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let added = match event {
            Event::RunStarted { .. } | Event::CaseStarted { .. } => Ok(()),
            Event::CaseFinished(report) => self.case(report),
            Event::Notice(text) => writeln!(self.text, "# {}", one_line(text)),
            Event::RunFinished { cut_short: Some(why), .. } => {
                writeln!(self.text, "Bail out! {}", one_line(why))
            }
            Event::RunFinished { cut_short: None, .. } => writeln!(self.text, "1..{}", self.number),
        };
        added.map_err(io::Error::other)?;
        match event {
            Event::RunFinished { .. } => fs::write(&self.path, &self.text),
            _ => Ok(()),
        }
    }
}
