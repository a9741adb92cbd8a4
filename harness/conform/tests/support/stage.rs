//! A server that tests play against.

use std::{
    num::NonZeroUsize,
    sync::atomic::{AtomicU64, Ordering},
};

use imap_conform::{
    CaseReport,
    play::{Run, RunId, RunOptions, StartError},
    requirement::Catalogue,
    scenario::Scenario,
    server::InMemory,
    target::Target,
    wire::{Connector, Limits, Timeouts},
};
use tokio::runtime::{Builder, Runtime};

/// A target and what is needed to play against it.
pub struct Stage {
    runtime: Runtime,
    connector: Connector,
    catalogue: Catalogue,
}

impl Stage {
    /// A stage in front of a target.
    // Each test binary has one of the two stages.
    #[allow(dead_code)]
    pub fn new(target: Target, catalogue: Catalogue, timeouts: Timeouts) -> Self {
        let connector = Connector::new(target, timeouts, Limits::default())
            .expect("its certificate can be read");
        let runtime = Runtime::new().expect("a runtime can be made");
        Self { runtime, connector, catalogue }
    }

    /// A stage in front of a server in memory, on a clock that stands still while anybody is at
    /// work: no verdict depends on how fast this machine is, and nothing waits in vain.
    #[allow(dead_code)]
    pub fn in_memory(server: &InMemory, catalogue: Catalogue) -> Self {
        let connector = server
            .connector(Timeouts::default(), Limits::default())
            .expect("a target without TLS trusts nobody");
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .expect("a runtime can be made");
        Self { runtime, connector, catalogue }
    }

    /// Plays the scenarios in one run.
    pub fn play(
        &self,
        scenarios: Vec<Scenario>,
        jobs: usize,
    ) -> Result<Vec<CaseReport>, StartError> {
        self.runtime.block_on(async {
            let jobs = NonZeroUsize::new(jobs).unwrap_or(NonZeroUsize::MIN);
            let options = RunOptions { jobs, ..RunOptions::default() };
            let connector = self.connector.clone();
            let id = RunId::new(unique());
            let run = Run::start(connector, self.catalogue.clone(), options, &id).await?;
            let mut reports = run.record(scenarios).await.cases;
            reports.sort_by(|one, other| one.case.cmp(&other.case));
            Ok(reports)
        })
    }
}

/// A number that no other run of this machine has now.
fn unique() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    u64::from(std::process::id()) << 32 | count
}
