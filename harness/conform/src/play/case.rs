//! One case: a scenario is played against the target, from its own mailboxes to their removal.

mod exchange;
mod findings;
mod steps;

use std::{sync::atomic::Ordering, time::Duration};

use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::{
    Bindings, given,
    isolation::{CaseMailboxes, PreparationError, Stray, prepare, remove_case, restore_inbox},
    session::Session,
    stage::Stage,
};
use crate::{
    CaseReport, Finding, Verdict, oracle,
    scenario::{Scenario, StartState},
    target::User,
    wire::{LoginError, Recorder, WireError},
};

/// What the player's own session is called in a transcript.
const SETUP: &str = "setup";

/// What became of an attempt to play a case.
#[derive(Debug)]
pub(super) enum Played {
    /// It is over.
    Over {
        report: Box<CaseReport>,
        /// Whether a connection was lost: the server may be gone.
        lost: bool,
        /// What is left on the server, as the user should know.
        left: Vec<String>,
    },
    /// The server wants no more connections at once.
    TooManyConnections {
        /// Its words.
        said: String,
        /// What is left on the server, as the user should know.
        left: Vec<String>,
    },
}

/// Why a case ends before its last step.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stop {
    /// A finding has decided it.
    Decided,
    /// The server does not do what the case is about.
    Skipped(String),
    /// It could not get as far as its check.
    Inconclusive(String),
    /// Nor could it get there without a connection, and none is to be had.
    Unreachable(String),
    /// The harness went wrong.
    Harness(String),
    /// The server wants no more connections at once.
    TooManyConnections(String),
}

/// A case that is being played.
struct Case<'p> {
    stage: &'p Stage,
    scenario: &'p Scenario,
    recorder: Recorder,
    mailboxes: CaseMailboxes,
    sessions: Vec<Session>,
    /// The player's own session, while it is open.
    setup: Option<Session>,
    /// Whether there may be mailboxes to remove.
    has_mailboxes: bool,
    bindings: Bindings,
    findings: Vec<Finding>,
    /// What it means in a preparation that something is not met; nothing outside of one.
    preparing: Option<Verdict>,
    /// Whether a connection ended that should not have.
    lost: bool,
}

/// Plays a scenario. Whatever happens, its mailboxes are removed at the end, also where it is
/// cancelled.
pub(super) async fn play(
    stage: &Stage,
    scenario: &Scenario,
    cancelled: &CancellationToken,
) -> Played {
    let began = Instant::now();
    let recorder = Recorder::new(began, &stage.connector.target().users);
    if let Some(reason) = stage.reason_to_skip(scenario) {
        return over(report(scenario, &recorder, Vec::new(), Some((Verdict::Skip, reason))));
    }
    let Some(user) = stage.user() else {
        let reason = (Verdict::Error, "the target has no user".to_owned());
        return over(report(scenario, &recorder, Vec::new(), Some(reason)));
    };
    // INBOX is there once only: who changes it does so while nobody else looks.
    let (_changing, _looking);
    if scenario.header.changes_inbox {
        _changing = stage.inbox.write().await;
    } else if given::looks_at_inbox(scenario) {
        _looking = stage.inbox.read().await;
    }
    let mailboxes = stage.root.next_case();
    let mut case = Case {
        stage,
        scenario,
        recorder: recorder.clone(),
        bindings: given::bindings(scenario, user, &mailboxes),
        mailboxes,
        sessions: Vec::new(),
        setup: None,
        has_mailboxes: false,
        findings: Vec::new(),
        preparing: None,
        lost: false,
    };
    let stop = tokio::select! {
        biased;
        () = cancelled.cancelled() => Some(Stop::Inconclusive("the run was interrupted".to_owned())),
        played = timeout(stage.case_patience, case.run(user)) => match played {
            Ok(played) => played.err(),
            Err(_) => {
                let patience = stage.case_patience;
                Some(Stop::Inconclusive(format!("the case took longer than {patience:?}")))
            }
        },
    };
    case.leave().await;
    let left = case.clean_up().await;
    let Case { mut findings, lost, .. } = case;
    let lost = lost || matches!(stop, Some(Stop::Unreachable(_)));
    findings.extend(observed(stage, &recorder));
    let stopped = match stop {
        Some(Stop::TooManyConnections(said)) => return Played::TooManyConnections { said, left },
        Some(Stop::Skipped(reason)) => Some((Verdict::Skip, reason)),
        Some(Stop::Inconclusive(reason) | Stop::Unreachable(reason)) => {
            Some((Verdict::Inconclusive, reason))
        }
        Some(Stop::Harness(reason)) => Some((Verdict::Error, reason)),
        Some(Stop::Decided) | None => None,
    };
    let report = report(scenario, &recorder, findings, stopped);
    Played::Over { report: Box::new(report), lost, left }
}

/// What the oracle notices in all sessions of the case.
fn observed(stage: &Stage, recorder: &Recorder) -> Vec<Finding> {
    let capabilities = &stage.server.after_login;
    let findings = recorder.judge(|transcript| oracle::observe(transcript, capabilities));
    let masked = findings.into_iter().map(|finding| Finding {
        expected: recorder.sentence(&finding.expected),
        found: recorder.sentence(&finding.found),
        ..finding
    });
    masked.collect()
}

fn over(report: CaseReport) -> Played {
    Played::Over { report: Box::new(report), lost: false, left: Vec::new() }
}

/// The report of a case, in which `stopped` says why it did not get to its end.
pub(super) fn report(
    scenario: &Scenario,
    recorder: &Recorder,
    findings: Vec<Finding>,
    stopped: Option<(Verdict, String)>,
) -> CaseReport {
    let worst = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Pass);
    let verdict = stopped.as_ref().map_or(worst, |(verdict, _)| worst.max(*verdict));
    let undecided = findings.iter().find(|finding| finding.verdict == Verdict::Inconclusive);
    let reason = match (stopped, undecided) {
        (Some((_, reason)), _) => Some(recorder.sentence(&reason)),
        (None, Some(finding)) if verdict == Verdict::Inconclusive => {
            Some(format!("expected {}, found {}", finding.expected, finding.found))
        }
        _ => None,
    };
    CaseReport {
        case: scenario.id.clone(),
        title: scenario.header.title.clone(),
        requirements: scenario.header.requirements.iter().map(|id| id.value.clone()).collect(),
        verdict,
        reason,
        findings,
        known: None,
        transcript: recorder.transcript(),
        elapsed: recorder.elapsed(),
        earlier: Vec::new(),
    }
}

impl Case<'_> {
    async fn run(&mut self, user: &User) -> Result<(), Stop> {
        if given::needs_mailboxes(self.scenario) {
            self.set_up(user).await?;
        }
        let names = self.scenario.header.sessions.iter().map(|name| name.value.clone());
        let mut names: Vec<_> = names.collect();
        if names.is_empty() {
            names.push(String::new());
        }
        for name in names {
            self.open(&name, self.scenario.header.state).await?;
        }
        let scenario = self.scenario;
        for step in &scenario.steps {
            self.step(step).await?;
        }
        Ok(())
    }

    /// Makes the case's mailboxes.
    async fn set_up(&mut self, user: &User) -> Result<(), Stop> {
        let mut session = log_in(self.stage, &self.recorder, user).await?;
        self.has_mailboxes = true;
        let messages = &self.scenario.messages;
        let patience = self.patience();
        let prepared = prepare(&mut session, &self.mailboxes, messages, patience).await;
        match prepared {
            Ok(()) => {}
            Err(error @ PreparationError::Fixture { .. }) => {
                return Err(Stop::Harness(error.to_string()));
            }
            Err(error) => return Err(Stop::Inconclusive(format!("in the preparation {error}"))),
        }
        if self.stage.is_frugal() {
            leave(session).await;
        } else {
            self.setup = Some(session);
        }
        Ok(())
    }

    /// Opens a session of that name, up to the state.
    async fn open(&mut self, name: &str, state: StartState) -> Result<(), Stop> {
        let connector = &self.stage.connector;
        let mut connection = connector.connect(name, &self.recorder).await.map_err(opening)?;
        if state != StartState::Connected {
            connection.greeting().await.map_err(opening)?;
            connection.secure().await.map_err(opening)?;
        }
        if matches!(state, StartState::Authenticated | StartState::Selected) {
            let user = self.stage.user().ok_or_else(no_user)?;
            connection.log_in(user).await.map_err(logging_in)?;
        }
        let mut session = Session::new(name, connection);
        if state == StartState::Selected {
            let mailbox = self.mailboxes.mailbox();
            let select = imap_grammar::CommandBody::Select {
                mailbox: imap_grammar::Mailbox::new(mailbox).ok_or_else(no_user)?,
                parameters: Vec::new(),
            };
            let completion = session.command(select, self.patience()).await.map_err(opening)?;
            if !completion.is_ok {
                let said = completion.line;
                return Err(Stop::Inconclusive(format!("the mailbox cannot be selected: {said}")));
            }
            session.take_arrived();
        }
        self.sessions.push(session);
        Ok(())
    }

    /// Closes the scenario's sessions.
    async fn leave(&mut self) {
        for session in self.sessions.drain(..) {
            leave(session).await;
        }
    }

    /// Removes what the case made, in no more time than the case had. Returns what the user should
    /// know of what is left.
    async fn clean_up(&mut self) -> Vec<String> {
        if !self.has_mailboxes {
            return Vec::new();
        }
        let mut left = Vec::new();
        let patience = self.stage.case_patience;
        let is_done = timeout(patience, self.remove_all(&mut left)).await.unwrap_or(false);
        if !is_done {
            left.push(would_not_go(&self.recorder.words(self.mailboxes.root())));
            // What a case that changes INBOX has taken along is not known then.
            let holds_mail = self.scenario.header.changes_inbox;
            self.stage.holds_mail.fetch_or(holds_mail, Ordering::Relaxed);
        }
        left
    }

    /// Removes what the case made, in the player's own session or a new one; whether it came to its
    /// end.
    async fn remove_all(&mut self, left: &mut Vec<String>) -> bool {
        let open = self.setup.take().filter(|setup| setup.ended().is_none() && !setup.is_busy());
        let session = match (open, self.stage.user()) {
            (Some(session), _) => Some(session),
            (None, Some(user)) => log_in(self.stage, &self.recorder, user).await.ok(),
            (None, None) => None,
        };
        match session {
            Some(mut session) => {
                let removed = self.remove(&mut session, left).await;
                leave(session).await;
                removed.is_ok()
            }
            None => false,
        }
    }

    /// Puts INBOX in order where the case changed it, and removes the mailboxes, unless mail of the
    /// user is in them.
    async fn remove(
        &mut self,
        session: &mut Session,
        left: &mut Vec<String>,
    ) -> Result<(), WireError> {
        let patience = self.patience();
        if self.scenario.header.changes_inbox {
            let has_uidplus = self.stage.server.has("UIDPLUS");
            let mut keeps = false;
            for stray in restore_inbox(session, &self.mailboxes, has_uidplus, patience).await? {
                left.push(match stray {
                    Stray::Own => format!(
                        "a message with `{}` in its subject may still be in INBOX",
                        session.shown(self.mailboxes.root())
                    ),
                    Stray::Foreign(name) => {
                        keeps = true;
                        format!(
                            "the mailbox {} may hold mail that came into INBOX meanwhile: it is \
                             kept, look into it before you remove it",
                            session.shown(&name)
                        )
                    }
                });
            }
            if keeps {
                self.stage.holds_mail.store(true, Ordering::Relaxed);
                return Ok(());
            }
        }
        let remaining = remove_case(session, &self.mailboxes, patience).await?;
        left.extend(remaining.iter().map(|name| would_not_go(name)));
        Ok(())
    }

    fn patience(&self) -> Duration {
        self.stage.connector.timeouts().response
    }
}

async fn log_in(stage: &Stage, recorder: &Recorder, user: &User) -> Result<Session, Stop> {
    let mut connection = stage.connector.connect(SETUP, recorder).await.map_err(opening)?;
    connection.greeting().await.map_err(opening)?;
    connection.secure().await.map_err(opening)?;
    connection.log_in(user).await.map_err(logging_in)?;
    Ok(Session::new(SETUP, connection))
}

/// What a user is told of a mailbox that is left, by its name as it can be shown.
pub(super) fn would_not_go(name: &str) -> String {
    format!("the mailbox {name} would not go: try `imap-conform clean`")
}

/// Ends a session: with LOGOUT where the server would understand it, and has not taken its leave.
pub(super) async fn leave(mut session: Session) {
    let can_log_out = session.ended().is_none() && !session.is_busy() && !session.was_told_bye();
    match session.take_connection() {
        Some(connection) if can_log_out => connection.log_out().await,
        Some(connection) => connection.close().await,
        None => {}
    }
}

fn opening(error: WireError) -> Stop {
    match error {
        WireError::TooManyConnections { said } => Stop::TooManyConnections(said),
        WireError::Unreachable { .. }
        | WireError::ConnectTimedOut { .. }
        | WireError::NoGreeting(_)
        | WireError::Closed
        | WireError::Broken(_) => Stop::Unreachable(error.to_string()),
        error => Stop::Inconclusive(error.to_string()),
    }
}

fn logging_in(error: LoginError) -> Stop {
    match error {
        LoginError::Wire(error) => opening(error),
        error => Stop::Inconclusive(error.to_string()),
    }
}

fn no_user() -> Stop {
    Stop::Harness("the target has no user".to_owned())
}
