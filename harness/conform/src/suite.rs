//! The suite for a server's own tests: one call that plays it, or a test for each case.

#[cfg(feature = "libtest")]
use std::sync::Arc;

use tokio::runtime::Runtime;

#[cfg(feature = "libtest")]
use crate::{
    Exit, Expectations, Tally,
    report::{Background, ShowWire, explain},
};
use crate::{
    Library, Record, SelectorError, Set, SetError,
    play::{Run, RunId, RunOptions, StartError},
    scenario::Scenario,
    target::Target,
    wire::{Connector, Limits, Timeouts, TrustError},
};

/// Scenarios and the server that is held against them.
///
/// ```
/// use imap_conform::{Exit, Suite, server::{Embedded, Options}};
///
/// // In your own tests: start your server, and name it as the target.
/// let server = Embedded::start(Options::default())?;
/// let suite = Suite::new(server.target())?.select(&["rfc3501/6.1.2"])?;
/// let record = suite.run_blocking()?;
/// assert_eq!(record.tally().exit(true), Exit::Conforms, "{}", record.to_json());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Suite {
    set: Set,
    connector: Connector,
    options: RunOptions,
}

/// A suite that cannot be made or begun.
#[derive(Debug, thiserror::Error)]
pub enum SuiteError {
    /// The scenarios cannot be used.
    #[error(transparent)]
    Set(#[from] SetError),
    /// A selector names nothing that is there.
    #[error(transparent)]
    Selector(#[from] SelectorError),
    /// The certificates that are to be believed cannot be read.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The server cannot be reached, or refuses the login.
    #[error(transparent)]
    Start(#[from] StartError),
    /// This machine gives no threads or timers.
    #[error("no runtime can be started: {0}")]
    Runtime(#[from] std::io::Error),
}

impl Suite {
    /// All scenarios that are built in, against a target.
    ///
    /// # Errors
    /// Where the certificates that the target is to be believed by cannot be read.
    pub fn new(target: Target) -> Result<Self, SuiteError> {
        Ok(Self {
            set: Set::load(&Library::BuiltIn)?,
            connector: Connector::new(target, Timeouts::default(), Limits::default())?,
            options: RunOptions::default(),
        })
    }

    /// Other scenarios than those that are built in.
    pub fn set(self, set: Set) -> Self {
        Self { set, ..self }
    }

    /// Only the cases that the selectors choose, which are those of the command line.
    ///
    /// # Errors
    /// Where a selector names nothing that is there.
    pub fn select<S: AsRef<str>>(self, selectors: &[S]) -> Result<Self, SuiteError> {
        Ok(Self { set: self.set.select(selectors)?, ..self })
    }

    /// How the run is done.
    pub fn options(self, options: RunOptions) -> Self {
        Self { options, ..self }
    }

    /// Plays the cases.
    ///
    /// # Errors
    /// Where the server cannot be reached, or refuses the login.
    pub async fn run(&self) -> Result<Record, StartError> {
        self.play(self.set.scenarios.clone()).await
    }

    /// Plays the cases, for who has no runtime.
    ///
    /// # Errors
    /// Where no runtime can be started, and as [`run`](Self::run).
    pub fn run_blocking(&self) -> Result<Record, SuiteError> {
        Ok(Runtime::new()?.block_on(self.run())?)
    }

    async fn play(&self, scenarios: Vec<Scenario>) -> Result<Record, StartError> {
        let (catalogue, id) = (self.set.catalogue.clone(), RunId::random());
        let run = Run::start(self.connector.clone(), catalogue, self.options, &id).await?;
        Ok(run.record(scenarios).await)
    }
}

#[cfg(feature = "libtest")]
impl Suite {
    /// A test for each case, for `libtest_mimic::run` in a test without the standard harness. A
    /// test fails where a MUST is broken, unless `expectations` say that this is known, and where
    /// what they say does not show.
    ///
    /// Each test is a run of its own, so that it can be chosen, ignored and run at the same time
    /// as any other.
    pub fn trials(self, expectations: &Expectations) -> Vec<libtest_mimic::Trial> {
        let suite = Arc::new(self);
        let trial = |scenario: &Scenario| {
            let (suite, scenario) = (Arc::clone(&suite), scenario.clone());
            let expectations = expectations.clone();
            libtest_mimic::Trial::test(scenario.id.clone(), move || {
                suite.test(scenario, expectations).map_err(Into::into)
            })
        };
        suite.set.scenarios.iter().map(trial).collect()
    }

    fn test(&self, scenario: Scenario, mut expectations: Expectations) -> Result<(), String> {
        let runtime = Runtime::new().map_err(|error| error.to_string())?;
        let record = runtime.block_on(self.play(vec![scenario.clone()]));
        let mut record = record.map_err(|error| error.to_string())?;
        let Some(case) = record.cases.first_mut() else {
            return Err(record.cut_short.unwrap_or_else(|| "the case was not played".to_owned()));
        };
        expectations.apply(case);
        if let Some(known) = expectations.unmet().next() {
            return Err(format!("the known deviation {} did not show", known.finding));
        }
        let mut tally = Tally::default();
        tally.add(case);
        match tally.exit(false) {
            Exit::Conforms | Exit::NothingRan => Ok(()),
            _ => {
                let catalogue = self.set.catalogue.clone();
                let background = Background::new(&[scenario], catalogue, "imap-conform".to_owned());
                let told = case
                    .findings
                    .iter()
                    .map(|finding| explain(&background, case, finding, ShowWire::All));
                let reason = case.reason.iter().cloned();
                Err(reason.chain(told).collect::<Vec<_>>().join("\n"))
            }
        }
    }
}
