//! A run as JUnit's XML, as continuous integration reads it: it is red where the run fails.
//!
//! A broken SHOULD, which fails a run only where that is asked for, is else skipped, as a known
//! deviation is: JUnit has no other word for what is wrong and no failure.

use std::{fs, io, path::PathBuf};

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestRerun, TestSuite};

use super::{Background, Report, ShowWire, explain};
use crate::{CaseReport, Event, Finding, Verdict};

/// The JUnit report.
pub struct Junit<'b> {
    path: PathBuf,
    background: &'b Background,
    fails_on_should: bool,
    report: quick_junit::Report,
    suite: TestSuite,
}

impl<'b> Junit<'b> {
    /// A report to a file. `fails_on_should` says whether a broken SHOULD fails the run.
    pub fn new(path: PathBuf, background: &'b Background, fails_on_should: bool) -> Self {
        Self {
            path,
            background,
            fails_on_should,
            report: quick_junit::Report::new("imap-conform"),
            suite: TestSuite::new("imap-conform"),
        }
    }

    fn case(&self, report: &CaseReport) -> TestCase {
        let mut status = match (&report.known, report.verdict) {
            (Some(reason), _) => skipped(&format!("known deviation: {reason}")),
            (None, Verdict::Pass | Verdict::Note) => TestCaseStatus::success(),
            (None, Verdict::Skip) => skipped(report.reason.as_deref().unwrap_or_default()),
            (None, Verdict::Warn) if !self.fails_on_should => {
                skipped(&format!("a SHOULD is broken: {}", message(report)))
            }
            (None, verdict) => non_success(kind(verdict), verdict, &message(report)),
        };
        // Those of a case that conforms at last are what JUnit calls flaky.
        for earlier in &report.earlier {
            let mut rerun = TestRerun::new(kind(earlier.verdict));
            rerun.set_type(earlier.verdict.to_string()).set_message(message(earlier));
            rerun.set_time(earlier.elapsed).set_system_out(self.explained(earlier));
            status.add_rerun(rerun);
        }
        let mut case = TestCase::new(&report.case, status);
        let class = report.case.rsplit_once('/').map_or("imap-conform", |(class, _)| class);
        case.set_classname(class.replace('/', ".")).set_time(report.elapsed);
        if !report.findings.is_empty() {
            case.set_system_out(self.explained(report));
        }
        case
    }

    fn explained(&self, report: &CaseReport) -> String {
        let explain = |finding| explain(self.background, report, finding, ShowWire::Fail);
        report.findings.iter().map(explain).collect::<Vec<_>>().join("\n")
    }
}

/// Whether the server is wrong, or the case never got as far.
fn kind(verdict: Verdict) -> NonSuccessKind {
    match verdict {
        Verdict::Inconclusive | Verdict::Error => NonSuccessKind::Error,
        _ => NonSuccessKind::Failure,
    }
}

/// What decided a case, in one line.
fn message(report: &CaseReport) -> String {
    let sentence =
        |finding: &Finding| format!("expected {}, found {}", finding.expected, finding.found);
    let decides = |finding: &&Finding| finding.verdict == report.verdict && finding.known.is_none();
    let first = report.findings.iter().find(decides);
    first.map(sentence).or_else(|| report.reason.clone()).unwrap_or_default()
}

fn skipped(reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(reason);
    status
}

fn non_success(kind: NonSuccessKind, verdict: Verdict, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(verdict.to_string()).set_message(message);
    status
}

impl Report for Junit<'_> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::CaseFinished(report) => {
                self.suite.add_test_case(self.case(report));
            }
            Event::RunFinished { elapsed, cut_short } => {
                let mut suite = self.suite.clone();
                if let Some(why) = cut_short {
                    let status = non_success(NonSuccessKind::Error, Verdict::Error, why);
                    suite.add_test_case(TestCase::new("the run", status));
                }
                suite.set_time(*elapsed);
                self.report.set_time(*elapsed).add_test_suite(suite);
                let file = fs::File::create(&self.path)?;
                self.report.serialize(file).map_err(io::Error::other)?;
            }
            _ => {}
        }
        Ok(())
    }
}
