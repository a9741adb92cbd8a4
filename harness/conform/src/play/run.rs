//! A run: many scenarios, some at once, and the events from which reports are made.

mod inquiry;
mod kept_out;

use std::{
    collections::{HashMap, VecDeque},
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
    time::Instant,
};
use tokio_util::sync::CancellationToken;

use super::{
    case::{self, Played},
    isolation::{self, Personal, PreparationError, Root, RunId},
    stage::{Server, Stage},
};
use crate::{
    CaseReport, Event, TargetInfo, Verdict,
    requirement::Catalogue,
    scenario::Scenario,
    wire::{Connector, LoginError, Recorder, WireError},
};

/// How often a case is tried again where the server wants no more connections, although no other
/// case is running.
const ATTEMPTS_ALONE: u32 = 3;

/// How a run is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOptions {
    /// How many cases run at once.
    pub jobs: NonZeroUsize,
    /// How long a case may take, all its deadlines together.
    pub case_patience: Duration,
}

impl Default for RunOptions {
    fn default() -> Self {
        let jobs = NonZeroUsize::new(4).expect("four is not zero");
        Self { jobs, case_patience: Duration::from_secs(300) }
    }
}

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Nobody logs in.
    #[error("no user is named: say who logs in, and how the password is found")]
    NoUser,
    /// The server cannot be reached, or refuses the login.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The server does not say where mailboxes can be made.
    #[error("no mailbox can be made: {0}")]
    Preparation(#[from] PreparationError),
}

impl From<WireError> for StartError {
    fn from(error: WireError) -> Self {
        Self::Login(error.into())
    }
}

/// A run against a target.
pub struct Run {
    stage: Arc<Stage>,
    options: RunOptions,
    /// Why no case can begin, where the server keeps everybody out by breaking a rule.
    kept_out: Option<Box<CaseReport>>,
}

impl Run {
    /// Asks the target who it is and what it can do, and finds a place for the run's mailboxes.
    /// `id` tells the run from all others.
    ///
    /// A server that lets nobody in because it breaks a rule can be played against all the same:
    /// the run has one case then, `login`, which says what is broken.
    ///
    /// # Errors
    /// Where the server cannot be reached, or refuses the login.
    pub async fn start(
        connector: Connector,
        catalogue: Catalogue,
        options: RunOptions,
        id: &RunId,
    ) -> Result<Self, StartError> {
        let users = &connector.target().users;
        let user = users.first().ok_or(StartError::NoUser)?;
        let recorder = Recorder::new(Instant::now(), users);
        let mut info = TargetInfo {
            address: connector.target().address.to_string(),
            user: user.name.clone(),
            ..TargetInfo::default()
        };
        let (server, kept_out) =
            match inquiry::inquire(&connector, user, &recorder, &mut info).await {
                Ok(server) => (server, None),
                Err(error) => {
                    let report = kept_out::report(&error, &recorder).ok_or(error)?;
                    (Server { info, ..Server::default() }, Some(Box::new(report)))
                }
            };
        let personal = server.personal.clone();
        let personal = personal.unwrap_or(Personal { prefix: Vec::new(), delimiter: None });
        let stage = Stage {
            root: Root::new(&personal, id),
            connector,
            catalogue,
            server,
            case_patience: options.case_patience,
            inbox: Mutex::new(()),
            frugal: AtomicBool::new(false),
        };
        Ok(Self { stage: Arc::new(stage), options, kept_out })
    }

    /// What is known of the target.
    pub fn target(&self) -> &TargetInfo {
        &self.stage.server.info
    }

    /// Plays the scenarios and sends the events of the run, from the first to the last. Where
    /// nobody listens any more, it goes on all the same, and cleans up.
    ///
    /// Cancelled, it begins no further case and ends those that run, their mailboxes removed.
    pub async fn play(
        self,
        scenarios: Vec<Scenario>,
        events: mpsc::Sender<Event>,
        cancelled: CancellationToken,
    ) {
        let began = Instant::now();
        let events = Events(events);
        events
            .send(Event::RunStarted {
                target: self.stage.server.info.clone(),
                root: String::from_utf8_lossy(self.stage.root.name()).into_owned(),
                cases: if self.kept_out.is_some() { 1 } else { scenarios.len() },
            })
            .await;
        if let Some(report) = self.kept_out {
            let elapsed = report.elapsed;
            events.send(Event::CaseFinished(report)).await;
            let cut_short = Some("nobody can log in, so no other case began".to_owned());
            return events.send(Event::RunFinished { cut_short, elapsed }).await;
        }
        let makes_mailboxes = scenarios.iter().any(super::given::needs_mailboxes);
        let mut cut_short = None;
        if makes_mailboxes {
            cut_short = inquiry::make_root(&self.stage).await.err().map(|error| error.to_string());
        }
        let mut schedule = Schedule {
            stage: &self.stage,
            events: &events,
            cancelled: &cancelled,
            waiting: scenarios.into_iter().map(|scenario| (Arc::new(scenario), 0)).collect(),
            running: JoinSet::new(),
            scenarios: HashMap::new(),
            at_once: self.options.jobs.get(),
            cut_short: cut_short.take(),
        };
        schedule.run().await;
        let cut_short = schedule.cut_short;
        if makes_mailboxes {
            match inquiry::remove_root(&self.stage).await {
                Ok(left) => events.would_not_go(left).await,
                Err(error) => {
                    let root = String::from_utf8_lossy(self.stage.root.name()).into_owned();
                    let notice = format!("the mailbox {root} could not be removed: {error}");
                    events.send(Event::Notice(notice)).await;
                }
            }
        }
        events.send(Event::RunFinished { cut_short, elapsed: began.elapsed() }).await;
    }
}

/// Mailboxes that were removed, and those that would not go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// Names of mailboxes that are gone.
    pub removed: Vec<String>,
    /// Names of mailboxes that are still there.
    pub left: Vec<String>,
}

/// Removes what runs that did not end in good order have left with the target's first user: only
/// mailboxes whose name no one but a run gives. A run that is still going on loses its mailboxes.
///
/// # Errors
/// Where the server cannot be reached, nobody can log in, or it does not answer.
pub async fn clean(connector: &Connector) -> Result<Cleaned, StartError> {
    let recorder = Recorder::new(Instant::now(), &connector.target().users);
    let (mut session, capabilities) = inquiry::log_in(connector, &recorder).await?;
    let has_namespace = inquiry::has_namespace(&capabilities);
    let patience = connector.timeouts().response;
    let removed = isolation::remove_leftovers(&mut session, has_namespace, patience).await;
    case::leave(session).await;
    let (removed, left) = removed?;
    Ok(Cleaned { removed, left })
}

/// Where events go.
struct Events(mpsc::Sender<Event>);

impl Events {
    async fn send(&self, event: Event) {
        // Who has stopped listening does not need the event.
        let _ = self.0.send(event).await;
    }

    async fn would_not_go(&self, left: Vec<String>) {
        for name in left {
            let notice = format!("the mailbox {name} would not go: try `imap-conform clean`");
            self.send(Event::Notice(notice)).await;
        }
    }
}

/// Which cases wait, which run.
struct Schedule<'r> {
    stage: &'r Arc<Stage>,
    events: &'r Events,
    cancelled: &'r CancellationToken,
    /// With how often each was tried while nothing else ran.
    waiting: VecDeque<(Arc<Scenario>, u32)>,
    running: JoinSet<Played>,
    scenarios: HashMap<tokio::task::Id, (Arc<Scenario>, u32)>,
    at_once: usize,
    /// Why no further case begins.
    cut_short: Option<String>,
}

impl Schedule<'_> {
    async fn run(&mut self) {
        loop {
            self.begin_cases().await;
            let Some(ended) = self.running.join_next_with_id().await else { break };
            let id = match &ended {
                Ok((id, _)) => *id,
                Err(error) => error.id(),
            };
            let Some((scenario, attempts)) = self.scenarios.remove(&id) else { continue };
            match ended {
                Ok((_, Played::Over { report, lost, left })) => {
                    self.events.would_not_go(left).await;
                    let is_sound = matches!(report.verdict, Verdict::Pass | Verdict::Note);
                    self.events.send(Event::CaseFinished(report)).await;
                    if lost && !is_sound && self.cut_short.is_none() {
                        self.cut_short = self.is_gone(&scenario).await;
                    }
                }
                Ok((_, Played::TooManyConnections(said))) => {
                    self.too_many(scenario, attempts, said).await;
                }
                Err(error) => {
                    let reason = format!("the harness panicked: {error}");
                    self.finish_unplayed(&scenario, Verdict::Error, reason).await;
                }
            }
        }
        self.give_up_the_rest().await;
    }

    async fn begin_cases(&mut self) {
        if self.cancelled.is_cancelled() && !self.waiting.is_empty() {
            self.cut_short.get_or_insert_with(|| "interrupted".to_owned());
        }
        while self.running.len() < self.at_once && self.cut_short.is_none() {
            let Some((scenario, attempts)) = self.waiting.pop_front() else { return };
            if attempts == 0 {
                self.events.send(Event::CaseStarted { case: scenario.id.clone() }).await;
            }
            let (stage, own) = (self.stage.clone(), scenario.clone());
            let cancelled = self.cancelled.clone();
            let task =
                self.running.spawn(async move { case::play(&stage, &own, &cancelled).await });
            self.scenarios.insert(task.id(), (scenario, attempts));
        }
    }

    /// Fewer cases at once from here on; the one that was refused comes again.
    async fn too_many(&mut self, scenario: Arc<Scenario>, attempts: u32, said: String) {
        let others = self.running.len();
        if others == 0 && attempts >= ATTEMPTS_ALONE {
            let reason = format!("the server wants no more connections at once: {said}");
            return self.finish_unplayed(&scenario, Verdict::Inconclusive, reason).await;
        }
        let fewer = others.max(1);
        if fewer < self.at_once {
            self.at_once = fewer;
            let notice =
                format!("the server limits connections ({said}): {fewer} cases at once from here");
            self.events.send(Event::Notice(notice)).await;
        } else if self.at_once == 1 {
            self.stage.frugal.store(true, Ordering::Relaxed);
        }
        let attempts = if others == 0 { attempts + 1 } else { attempts.max(1) };
        self.waiting.push_front((scenario, attempts));
    }

    /// Whether nobody answers any more; then why the run is cut short.
    async fn is_gone(&self, scenario: &Scenario) -> Option<String> {
        let recorder = Recorder::new(Instant::now(), []);
        match self.stage.connector.connect("probe", &recorder).await {
            Ok(connection) => {
                connection.close().await;
                None
            }
            Err(WireError::Unreachable { .. } | WireError::ConnectTimedOut { .. }) => {
                Some(format!("the server is gone since `{}`", scenario.id))
            }
            Err(_) => None,
        }
    }

    /// Reports the cases that were never begun. Of an interrupted run nobody expects them.
    async fn give_up_the_rest(&mut self) {
        let Some(reason) = self.cut_short.clone() else { return };
        if self.cancelled.is_cancelled() {
            return;
        }
        for (scenario, _) in std::mem::take(&mut self.waiting) {
            self.finish_unplayed(&scenario, Verdict::Inconclusive, reason.clone()).await;
        }
    }

    async fn finish_unplayed(&self, scenario: &Scenario, verdict: Verdict, reason: String) {
        let recorder = Recorder::new(Instant::now(), &self.stage.connector.target().users);
        let report: CaseReport =
            case::report(scenario, &recorder, Vec::new(), Some((verdict, reason)));
        self.events.send(Event::CaseFinished(Box::new(report))).await;
    }
}
