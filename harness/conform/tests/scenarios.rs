//! Each scenario is a test of its own: against the embedded server, where it must pass and the
//! conversation is a reviewed snapshot, and against a private Dovecot where that is installed.

#[path = "support/expected.rs"]
mod expected;
#[path = "support/snapshot.rs"]
mod snapshot;
mod support;

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use imap_conform::{
    CaseReport, Expectations, Verdict,
    scenario::Scenario,
    server::{Embedded, Options},
    target::{Launch, LaunchError, Launched, Security, Target},
    wire::Timeouts,
};
use libtest_mimic::{Arguments, Failed, Trial};
use support::Stage;

/// What is true of Dovecot, with the sentence that says so.
const DOVECOT: &str = include_str!("../../../ci/servers/dovecot/expect.toml");

/// The servers that can be started.
const SERVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ci/servers");

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
    let names: BTreeSet<_> = scenarios.iter().map(snapshot::file_name).collect();
    trials.push(Trial::test("every_snapshot_is_of_a_scenario", move || {
        match snapshot::others("embedded", &names) {
            none if none.is_empty() => Ok(()),
            others => Err(format!("no scenario has these snapshots: {others:#?}").into()),
        }
    }));

    let dovecot = match Launch::Exec("dovecot".to_owned()).start(Path::new(SERVERS)) {
        Ok(dovecot) => Some(dovecot),
        Err(LaunchError::NotInstalled(_)) => None,
        Err(error) => panic!("{error}"),
    };
    match &dovecot {
        Some(dovecot) => {
            let lanes: Vec<_> = (0..LANES).map(|pair| lane(for_pair(dovecot, pair))).collect();
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

/// Dovecot for a pair of users of their own, who see no mail of another pair.
fn for_pair(dovecot: &Launched, pair: usize) -> Target {
    let mut target = dovecot.target(Some(Security::None)).expect("its recipe is whole");
    for user in &mut target.users {
        user.name += &pair.to_string();
    }
    target
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
        _ => Err((expected::described(&report) + &snapshot::conversation(&report)).into()),
    }
}

/// Dovecot does what the expectations say, no more and no less.
fn dovecot_case(_: &Scenario, report: CaseReport) -> Result<(), Failed> {
    let mut expectations = Expectations::parse(DOVECOT)?;
    let mut reports = [report];
    match expected::surprises(&mut expectations, &mut reports) {
        surprises if surprises.is_empty() => Ok(()),
        surprises => Err((surprises + &snapshot::conversation(&reports[0])).into()),
    }
}
