//! Each scenario is a test of its own: against the embedded server, where it must pass and the
//! conversation is a reviewed snapshot, and against a private Dovecot where that is installed.

mod support;

use std::{num::NonZeroUsize, path::Path, sync::Arc};

use imap_conform::{
    CaseReport, Event, Expectations, Verdict,
    play::{Run, RunId, RunOptions},
    requirement::Catalogue,
    scenario::{self, Scenario},
    server::{Embedded, Options},
    target::Target,
    wire::{Connector, Limits, Timeouts},
};
use libtest_mimic::{Arguments, Failed, Trial};
use support::{dovecot::Dovecot, snapshot};
use tokio::{runtime::Runtime, sync::mpsc};
use tokio_util::sync::CancellationToken;

/// What is true of Dovecot, with the sentence that says so.
const DOVECOT: &str = include_str!("../../../ci/servers/dovecot/expect.toml");

/// A server that every test of a group plays against.
struct Stage {
    runtime: Runtime,
    connector: Connector,
    catalogue: Catalogue,
}

fn main() {
    let arguments = Arguments::from_args();
    let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios"));
    let scenarios = scenario::load(directory).unwrap_or_else(|error| panic!("{error}"));
    assert!(!scenarios.is_empty(), "there are no scenarios");
    let catalogue =
        Catalogue::load(&directory.join("requirements")).unwrap_or_else(|error| panic!("{error}"));
    let runtime = || Runtime::new().expect("a runtime can be made");

    let embedded =
        Embedded::start(Options::default()).expect("the embedded server listens on a free port");
    let stage = Arc::new(Stage::new(runtime(), embedded.target(), catalogue.clone()));
    let mut trials: Vec<Trial> = scenarios
        .iter()
        .map(|scenario| trial("embedded", scenario, &stage, embedded_case))
        .collect();

    let dovecot = Dovecot::start().unwrap_or_else(|error| panic!("{error}"));
    match &dovecot {
        Some(dovecot) => {
            let stage = Arc::new(Stage::new(runtime(), dovecot.target(), catalogue));
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
        let report = stage.play(&scenario)?;
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

impl Stage {
    fn new(runtime: Runtime, target: Target, catalogue: Catalogue) -> Self {
        let connector = Connector::new(target, Timeouts::default(), Limits::default())
            .expect("a target without TLS trusts nobody");
        Self { runtime, connector, catalogue }
    }

    /// Plays one scenario in a run of its own.
    fn play(&self, scenario: &Scenario) -> Result<CaseReport, Failed> {
        self.runtime.block_on(async {
            let options = RunOptions { jobs: NonZeroUsize::MIN, ..RunOptions::default() };
            let id = RunId::new(support::unique());
            let connector = self.connector.clone();
            let run = Run::start(connector, self.catalogue.clone(), options, &id).await?;
            let (sender, mut events) = mpsc::channel(64);
            let playing = run.play(vec![scenario.clone()], sender, CancellationToken::new());
            let listening = async {
                let mut report = None;
                while let Some(event) = events.recv().await {
                    if let Event::CaseFinished(finished) = event {
                        report = Some(*finished);
                    }
                }
                report
            };
            let ((), report) = tokio::join!(playing, listening);
            report.ok_or_else(|| "the case did not finish".into())
        })
    }
}
