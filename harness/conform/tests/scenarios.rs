//! Each scenario is a test of its own: against the embedded server, where it must pass and the
//! conversation is a reviewed snapshot, and against a private Dovecot where that is installed.

mod support;

use std::sync::Arc;

use imap_conform::{
    CaseReport, Expectations, Verdict,
    scenario::Scenario,
    server::{Embedded, Options},
    wire::Timeouts,
};
use libtest_mimic::{Arguments, Failed, Trial};
use support::{Stage, dovecot::Dovecot, snapshot};

/// What is true of Dovecot, with the sentence that says so.
const DOVECOT: &str = include_str!("../../../ci/servers/dovecot/expect.toml");

fn main() {
    let arguments = Arguments::from_args();
    let (scenarios, catalogue) = support::set();

    let embedded =
        Embedded::start(Options::default()).expect("the embedded server listens on a free port");
    let stage = Stage::new(embedded.target(), catalogue.clone(), Timeouts::default());
    // One run must not see the mailboxes of another in what it lists.
    let stage = Arc::new(stage.one_at_a_time());
    let mut trials: Vec<Trial> = scenarios
        .iter()
        .map(|scenario| trial("embedded", scenario, &stage, embedded_case))
        .collect();

    let dovecot = Dovecot::start().unwrap_or_else(|error| panic!("{error}"));
    match &dovecot {
        Some(dovecot) => {
            let stage = Stage::new(dovecot.target(), catalogue, Timeouts::default());
            // Mailboxes made at the same time under one root can get in each other's way there.
            let stage = Arc::new(stage.one_at_a_time());
            trials.extend(
                scenarios.iter().map(|scenario| trial("dovecot", scenario, &stage, dovecot_case)),
            );
        }
        None => {
            eprintln!("Dovecot is not installed (Debian: dovecot-imapd): its tests are skipped");
            let skipped = |scenario: &Scenario| {
                Trial::test(format!("dovecot::{}", scenario.id), || Ok(())).with_ignored_flag(true)
            };
            trials.extend(scenarios.iter().map(skipped));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    // `exit` runs no destructors.
    drop((dovecot, embedded));
    conclusion.exit();
}

fn trial(
    group: &str,
    scenario: &Scenario,
    stage: &Arc<Stage>,
    judge: fn(&Scenario, CaseReport) -> Result<(), Failed>,
) -> Trial {
    let (scenario, stage) = (scenario.clone(), Arc::clone(stage));
    Trial::test(format!("{group}::{}", scenario.id), move || {
        let report =
            stage.play(vec![scenario.clone()], 1)?.pop().ok_or("the case did not finish")?;
        judge(&scenario, report)
    })
}

/// The embedded server does everything right, whatever the scenario.
fn embedded_case(scenario: &Scenario, report: CaseReport) -> Result<(), Failed> {
    snapshot::assert(scenario, &report);
    match report.verdict {
        Verdict::Pass | Verdict::Note => Ok(()),
        verdict => Err(described(verdict, &report)),
    }
}

/// Dovecot does what the expectations say, no more and no less.
fn dovecot_case(_: &Scenario, mut report: CaseReport) -> Result<(), Failed> {
    let mut expectations = Expectations::parse(DOVECOT)?;
    expectations.apply(&mut report);
    if let Some(deviation) = expectations.unmet().next() {
        return Err(format!("the known deviation {} did not show", deviation.finding).into());
    }
    match report.verdict {
        Verdict::Pass | Verdict::Note | Verdict::Skip => Ok(()),
        _ if report.known.is_some() => Ok(()),
        verdict => Err(described(verdict, &report)),
    }
}

fn described(verdict: Verdict, report: &CaseReport) -> Failed {
    let mut text = format!("{verdict}: {}\n", report.reason.as_deref().unwrap_or(&report.title));
    for finding in &report.findings {
        let id = finding.requirement.as_ref().map(ToString::to_string).unwrap_or_default();
        text += &format!(
            "  {} {id}: expected {}, found {}\n",
            finding.verdict, finding.expected, finding.found
        );
    }
    (text + &snapshot::conversation(report)).into()
}
