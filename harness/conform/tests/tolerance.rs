//! The suite is held against servers that do otherwise what they may do otherwise: under each
//! variation of the catalogue, no verdict on the embedded server becomes worse.

mod support;

use std::sync::Arc;

use imap_conform::{
    CaseReport, Verdict,
    requirement::Catalogue,
    scenario::Scenario,
    server::{
        Embedded, Options,
        variation::{self, Variation},
    },
    wire::Timeouts,
};
use libtest_mimic::{Arguments, Failed, Trial};
use support::Stage;

/// How many cases of a run go on at once.
const JOBS: usize = 8;

fn main() {
    let arguments = Arguments::from_args();
    let set = Arc::new(support::set());
    let trials = variation::catalogue().map(|variation| {
        let set = Arc::clone(&set);
        Trial::test(variation.name, move || tolerated(variation, &set))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn tolerated(
    variation: &Variation,
    (scenarios, catalogue): &(Vec<Scenario>, Catalogue),
) -> Result<(), Failed> {
    let mut options = Options::default();
    variation.set_up(&mut options);
    let embedded = Embedded::start(options)?;
    let stage = Stage::new(embedded.target(), catalogue.clone(), Timeouts::default());
    let reports = stage.play(scenarios.clone(), JOBS)?;
    let alarms: Vec<String> = reports.iter().filter_map(false_alarm).collect();
    if alarms.is_empty() {
        return Ok(());
    }
    let Variation { summary, section, sentence, .. } = variation;
    Err(format!(
        "{} false alarms at a server that {summary}, as {section} allows (\"{sentence}\"):\n{}",
        alarms.len(),
        alarms.concat()
    )
    .into())
}

/// What is said against a server that does nothing wrong. That it lacks an extension, or takes one
/// of several ways, is nothing against it.
fn false_alarm(report: &CaseReport) -> Option<String> {
    if matches!(report.verdict, Verdict::Pass | Verdict::Note | Verdict::Skip) {
        return None;
    }
    let mut text = format!("{} {}: ", report.verdict, report.case);
    text += report.reason.as_deref().unwrap_or_default();
    for finding in report.findings.iter().filter(|finding| finding.verdict > Verdict::Note) {
        text += &format!("\n    expected {}, found {}", finding.expected, finding.found);
    }
    Some(text + "\n")
}
