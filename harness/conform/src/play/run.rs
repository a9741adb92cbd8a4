//! A run: many scenarios, some at once, and the events from which reports are made.

mod inquiry;
mod kept_out;
mod schedule;

use std::{
    collections::{BTreeSet, HashSet},
    num::NonZeroUsize,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{RwLock, mpsc},
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    case,
    isolation::{self, Personal, PreparationError, Root, RunId},
    stage::{Server, Stage},
};
use crate::{
    CaseReport, Event, Record, TargetInfo,
    requirement::Catalogue,
    scenario::Scenario,
    wire::{Connector, LoginError, Recorder, WireError},
};
pub use kept_out::LOGIN;
use schedule::Schedule;

/// How a run is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunOptions {
    /// How many cases run at once.
    pub jobs: NonZeroUsize,
    /// How long a case may take, all its deadlines together; its clean-up, and each thing that the run
    /// asks for itself, may take as long.
    pub case_patience: Duration,
    /// How often a case that does not conform is played again.
    pub retries: u32,
}

impl Default for RunOptions {
    fn default() -> Self {
        let jobs = NonZeroUsize::new(4).expect("four is not zero");
        Self { jobs, case_patience: Duration::from_secs(300), retries: 0 }
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
    /// The server goes on and on with its answers: each that comes is reason to wait for the next.
    #[error("the answers of the server took longer than {0:?} in all")]
    TookTooLong(Duration),
}

impl From<WireError> for StartError {
    fn from(error: WireError) -> Self {
        Self::Login(error.into())
    }
}

/// A run against a target.
pub struct Run {
    /// What the cases of each of the target's lanes share.
    lanes: Vec<Arc<Stage>>,
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
        let (server, kept_out) = match in_time(
            options.case_patience,
            inquiry::inquire(&connector, user, &recorder, &mut info),
        )
        .await
        {
            Ok(server) => (server, None),
            Err(error) => {
                let report = kept_out::report(&error, &recorder).ok_or(error)?;
                (Server { info, ..Server::default() }, Some(Box::new(report)))
            }
        };
        let personal = server.personal.clone();
        let personal = personal.unwrap_or(Personal { prefix: Vec::new(), delimiter: None });
        // Who has few cases at once needs no more users for them, and where nobody logs in there is
        // but one.
        let lanes = match server.preauthenticated {
            true => 1,
            false => connector.target().lanes.min(options.jobs).get(),
        };
        let stage = |lane| Stage {
            root: Root::new(&personal, id),
            connector: connector.in_lane(lane),
            catalogue: catalogue.clone(),
            server: server.clone(),
            case_patience: options.case_patience,
            inbox: RwLock::new(()),
            holds_mail: AtomicBool::new(false),
            frugal: AtomicBool::new(false),
            appended_flags: OnceLock::new(),
        };
        let lanes = (0..lanes).map(|lane| Arc::new(stage(lane))).collect();
        Ok(Self { lanes, options, kept_out })
    }

    /// What is known of the target.
    pub fn target(&self) -> &TargetInfo {
        &self.first().server.info
    }

    /// Plays the scenarios and keeps what comes of them.
    pub async fn record(self, scenarios: Vec<Scenario>) -> Record {
        let (sender, mut events) = mpsc::channel(64);
        let playing = self.play(scenarios, sender, CancellationToken::new());
        let listening = async {
            let mut record = Record::default();
            while let Some(event) = events.recv().await {
                record.add(&event);
            }
            record
        };
        tokio::join!(playing, listening).1
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
        let events = Events::new(events);
        events
            .send(Event::RunStarted {
                target: self.target().clone(),
                root: self.first().shown_root(),
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
        let lanes = &self.lanes[..scenarios.len().clamp(1, self.lanes.len())];
        let mut cut_short = None;
        for lane in lanes.iter().filter(|_| makes_mailboxes) {
            if let Err(error) = in_time(lane.case_patience, inquiry::make_root(lane)).await {
                // Who keeps one lane waiting is not waited for once more in each of the others.
                cut_short = Some(error.to_string());
                break;
            }
        }
        if cut_short.is_none() {
            ask_for_appended_flags(lanes, &scenarios).await;
        }
        let schedule = Schedule::new(lanes, &events, &cancelled, self.options, cut_short);
        let cut_short = schedule.run(scenarios).await;
        for lane in lanes.iter().filter(|_| makes_mailboxes) {
            for notice in remove_root(lane).await {
                events.notice(notice).await;
            }
        }
        events.send(Event::RunFinished { cut_short, elapsed: began.elapsed() }).await;
    }

    fn first(&self) -> &Stage {
        &self.lanes[0]
    }
}

/// Finds out which flags of the fixtures' messages the server keeps, as it only should (RFC 3501
/// §6.3.11), so that a case whose messages lack theirs is not held against it. Where that cannot be
/// found out, each case shows it.
async fn ask_for_appended_flags(lanes: &[Arc<Stage>], scenarios: &[Scenario]) {
    let messages = scenarios.iter().flat_map(|scenario| &scenario.messages);
    let flags: BTreeSet<_> = messages.flat_map(|message| &message.flags).cloned().collect();
    if flags.is_empty() {
        return;
    }
    let asking = inquiry::appended_flags(&lanes[0], flags.into_iter().collect());
    if let Ok(Some(kept)) = in_time(lanes[0].case_patience, asking).await {
        for lane in lanes {
            lane.appended_flags.get_or_init(|| kept.clone());
        }
    }
}

/// Removes a lane's root, unless mail of the user may be in it. Returns what there is to say of it.
async fn remove_root(lane: &Stage) -> Vec<String> {
    if lane.holds_mail.load(Ordering::Relaxed) {
        let root = lane.shown_root();
        return vec![format!(
            "the mailbox {root} is kept, because mail that came into INBOX may be below it: look \
             into what is there before you run `imap-conform clean`"
        )];
    }
    match in_time(lane.case_patience, inquiry::remove_root(lane)).await {
        Ok(left) => left.iter().map(|name| case::would_not_go(name)).collect(),
        Err(error) => {
            let root = lane.shown_root();
            vec![format!("the mailbox {root} could not be removed: {error}")]
        }
    }
}

/// Asks, and gives up where the server draws its answers out.
async fn in_time<T>(
    patience: Duration,
    asking: impl Future<Output = Result<T, StartError>>,
) -> Result<T, StartError> {
    timeout(patience, asking).await.unwrap_or(Err(StartError::TookTooLong(patience)))
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
    in_time(RunOptions::default().case_patience, remove_leftovers(connector)).await
}

async fn remove_leftovers(connector: &Connector) -> Result<Cleaned, StartError> {
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
struct Events {
    sender: mpsc::Sender<Event>,
    /// The notices that were sent: what would not go after its case will not go at the end either.
    told: Mutex<HashSet<String>>,
}

impl Events {
    fn new(sender: mpsc::Sender<Event>) -> Self {
        Self { sender, told: Mutex::default() }
    }

    async fn send(&self, event: Event) {
        // Who has stopped listening does not need the event.
        let _ = self.sender.send(event).await;
    }

    /// Tells a person, once.
    async fn notice(&self, text: String) {
        let is_new = self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(text.clone());
        if is_new {
            self.send(Event::Notice(text)).await;
        }
    }
}
