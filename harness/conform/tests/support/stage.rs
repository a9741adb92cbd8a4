//! A server that tests play against.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use imap_conform::{
    CaseReport, Event,
    play::{Run, RunId, RunOptions, StartError},
    requirement::Catalogue,
    scenario::Scenario,
    target::Target,
    wire::{Connector, Limits, Timeouts},
};
use tokio::{runtime::Runtime, sync::mpsc};
use tokio_util::sync::CancellationToken;

use super::unique;

/// A target and what is needed to play against it.
pub struct Stage {
    runtime: Runtime,
    connector: Connector,
    catalogue: Catalogue,
    /// Held while a run goes on, where only one may.
    turn: Option<Mutex<()>>,
}

impl Stage {
    /// A stage in front of a target that is reached without TLS.
    pub fn new(target: Target, catalogue: Catalogue, timeouts: Timeouts) -> Self {
        let connector = Connector::new(target, timeouts, Limits::default())
            .expect("a target without TLS trusts nobody");
        let runtime = Runtime::new().expect("a runtime can be made");
        Self { runtime, connector, catalogue, turn: None }
    }

    /// Lets one run go on at a time.
    pub fn one_at_a_time(self) -> Self {
        Self { turn: Some(Mutex::default()), ..self }
    }

    /// Plays the scenarios in one run.
    pub fn play(
        &self,
        scenarios: Vec<Scenario>,
        jobs: usize,
    ) -> Result<Vec<CaseReport>, StartError> {
        // A test that panicked held the turn and nothing else.
        let _turn =
            self.turn.as_ref().map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner));
        self.runtime.block_on(async {
            let jobs = NonZeroUsize::new(jobs).unwrap_or(NonZeroUsize::MIN);
            let options = RunOptions { jobs, ..RunOptions::default() };
            let connector = self.connector.clone();
            let id = RunId::new(unique());
            let run = Run::start(connector, self.catalogue.clone(), options, &id).await?;
            let (sender, mut events) = mpsc::channel(64);
            let playing = run.play(scenarios, sender, CancellationToken::new());
            let listening = async {
                let mut reports = Vec::new();
                while let Some(event) = events.recv().await {
                    if let Event::CaseFinished(report) = event {
                        reports.push(*report);
                    }
                }
                reports
            };
            let ((), mut reports) = tokio::join!(playing, listening);
            reports.sort_by(|one, other| one.case.cmp(&other.case));
            Ok(reports)
        })
    }
}
