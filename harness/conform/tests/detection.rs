//! The suite is held against broken servers: every fault of the catalogue is caught by some
//! scenario or invariant, and every scenario catches some fault.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{LazyLock, Mutex},
    thread,
    time::Duration,
};

use imap_conform::{
    Verdict,
    server::{Embedded, Options, fault},
    wire::Timeouts,
};
use support::Stage;

/// How many runs go on at once.
const RUNS: usize = 2;

/// How long an answer may take. Some faults swallow the completion of commands.
const PATIENCE: Duration = Duration::from_secs(5);

/// Scenarios that no fault of the catalogue breaks, each with the reason.
const CATCH_NOTHING: &[(&str, &str)] = &[];

/// For each fault, the cases that catch it.
static CAUGHT: LazyLock<BTreeMap<&'static str, BTreeSet<String>>> = LazyLock::new(|| {
    let (scenarios, catalogue) = support::set();
    let caught = Mutex::new(BTreeMap::new());
    let waiting = Mutex::new(fault::catalogue());
    thread::scope(|scope| {
        for _ in 0..RUNS {
            scope.spawn(|| {
                loop {
                    let Some(fault) = waiting.lock().expect("no run panics").next() else { return };
                    let options = Options { change: Some(fault.change), ..Options::default() };
                    let server = Embedded::start(options).expect("a port is free");
                    let timeouts = Timeouts::with_response(PATIENCE);
                    let stage = Stage::new(server.target(), catalogue.clone(), timeouts);
                    // A server that cannot even be logged in to is caught by that.
                    let cases = match stage.play(scenarios.clone(), 8) {
                        Ok(reports) => reports
                            .into_iter()
                            .filter(|report| {
                                matches!(report.verdict, Verdict::Fail | Verdict::Warn)
                            })
                            .map(|report| report.case)
                            .collect(),
                        Err(_) => BTreeSet::from(["the login".to_owned()]),
                    };
                    caught.lock().expect("no run panics").insert(fault.name, cases);
                }
            });
        }
    });
    caught.into_inner().expect("no run panics")
});

#[test]
fn every_fault_is_caught() {
    let missed: Vec<_> =
        CAUGHT.iter().filter(|(_, cases)| cases.is_empty()).map(|(name, _)| name).collect();
    assert!(missed.is_empty(), "nothing notices the faults {missed:#?}");
}

#[test]
fn every_scenario_catches_a_fault() {
    let (scenarios, _) = support::set();
    let catching: BTreeSet<&String> = CAUGHT.values().flatten().collect();
    let idle: Vec<_> = scenarios
        .iter()
        .map(|scenario| &scenario.id)
        .filter(|id| !catching.contains(id))
        .filter(|id| !CATCH_NOTHING.iter().any(|(known, _)| known == id))
        .collect();
    assert!(idle.is_empty(), "these scenarios catch no fault: {idle:#?}");
}
