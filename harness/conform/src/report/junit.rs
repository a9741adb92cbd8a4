//! A run as JUnit's XML, as continuous integration reads it.

use std::{fs, io, path::PathBuf};

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{Background, Report, explain};
use crate::{CaseReport, Event, Verdict};

/// The JUnit report.
pub struct Junit<'b> {
    path: PathBuf,
    background: &'b Background,
    report: quick_junit::Report,
    suite: TestSuite,
}

impl<'b> Junit<'b> {
    /// A report to a file.
    pub fn new(path: PathBuf, background: &'b Background) -> Self {
        Self {
            path,
            background,
            report: quick_junit::Report::new("imap-conform"),
            suite: TestSuite::new("imap-conform"),
        }
    }

    fn case(&self, report: &CaseReport) -> TestCase {
        let message = || {
            let sentence = |finding: &crate::Finding| {
                format!("expected {}, found {}", finding.expected, finding.found)
            };
            let first = report.findings.iter().find(|finding| finding.verdict == report.verdict);
            first.map(sentence).or_else(|| report.reason.clone()).unwrap_or_default()
        };
        let status = match (&report.known, report.verdict) {
            (Some(reason), _) => skipped(&format!("known deviation: {reason}")),
            (None, Verdict::Pass | Verdict::Note) => TestCaseStatus::success(),
            (None, Verdict::Skip) => skipped(report.reason.as_deref().unwrap_or_default()),
            (None, Verdict::Warn | Verdict::Fail) => {
                non_success(NonSuccessKind::Failure, report.verdict, &message())
            }
            (None, Verdict::Inconclusive | Verdict::Error) => {
                non_success(NonSuccessKind::Error, report.verdict, &message())
            }
        };
        let mut case = TestCase::new(&report.case, status);
        let class = report.case.rsplit_once('/').map_or("imap-conform", |(class, _)| class);
        case.set_classname(class.replace('/', ".")).set_time(report.elapsed);
        let explained: Vec<String> = report
            .findings
            .iter()
            .map(|finding| explain(self.background, report, finding, false))
            .collect();
        if !explained.is_empty() {
            case.set_system_out(explained.join("\n"));
        }
        case
    }
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
