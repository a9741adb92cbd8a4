//! Each scenario is a test of its own: against the embedded server, where it must pass and the
//! conversation is a reviewed snapshot, and against a private Dovecot where that is installed.

#[path = "support/dovecot.rs"]
mod dovecot;
#[path = "support/snapshot.rs"]
mod snapshot;
mod support;

use std::sync::{Arc, Mutex, PoisonError};

use dovecot::Dovecot;
use imap_conform::{
    CaseReport, Expectations, Verdict,
    scenario::Scenario,
    server::{Embedded, Options},
    target::Target,
    wire::Timeouts,
};
use libtest_mimic::{Arguments, Failed, Trial};
use support::Stage;

/// What is true of Dovecot, with the sentence that says so.
const DOVECOT: &str = include_str!("../../../ci/servers/dovecot/expect.toml");

/// How many cases are played at once against each server, everyone with mailboxes that no other
/// sees in what it lists.
const LANES: usize = 4;

/// Where one case is played at a time.
type Lane = Arc<Mutex<Stage>>;

fn main() {
    let arguments = Arguments::from_args();
    let (scenarios, catalogue) = support::set();
    let lane = |target: Target| -> Lane {
        Arc::new(Mutex::new(Stage::new(target, catalogue.clone(), Timeouts::default())))
    };

    let embedded: Vec<_> =
        (0..LANES).map(|_| Embedded::start(Options::default()).expect("a port is free")).collect();
    let lanes: Vec<_> = embedded.iter().map(|server| lane(server.target())).collect();
    let mut trials = trials("embedded", &scenarios, &lanes, embedded_case);

    let dovecot = Dovecot::start().unwrap_or_else(|error| panic!("{error}"));
    match &dovecot {
        Some(dovecot) => {
            let lanes: Vec<_> = (0..LANES).map(|pair| lane(dovecot.target(pair))).collect();
            trials.extend(self::trials("dovecot", &scenarios, &lanes, dovecot_case));
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

fn trials(
    group: &str,
    scenarios: &[Scenario],
    lanes: &[Lane],
    judge: fn(&Scenario, CaseReport) -> Result<(), Failed>,
) -> Vec<Trial> {
    let trial = |(scenario, lane): (&Scenario, &Lane)| {
        let (scenario, lane) = (scenario.clone(), Lane::clone(lane));
        Trial::test(format!("{group}::{}", scenario.id), move || {
            // A test that panicked has left nothing in the stage.
            let stage = lane.lock().unwrap_or_else(PoisonError::into_inner);
            let mut reports = stage.play(vec![scenario.clone()], 1)?;
            drop(stage);
            judge(&scenario, reports.pop().ok_or("the case did not finish")?)
        })
    };
    scenarios.iter().zip(lanes.iter().cycle()).map(trial).collect()
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
