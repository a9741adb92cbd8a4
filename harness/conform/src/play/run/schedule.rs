//! The order of a run: which cases wait, which run, and which come again.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::{Events, RunOptions};
use crate::{
    CaseReport, Event, Verdict,
    play::{
        case::{self, Played},
        stage::Stage,
    },
    scenario::Scenario,
    wire::{Recorder, WireError},
};

/// How often a case is tried again where the server wants no more connections, although no other
/// case is running.
const ATTEMPTS_ALONE: u32 = 3;
/// How long it waits before the first of these, and twice as long before each further one: a server
/// may need a moment to notice that a connection is over.
const PAUSE: Duration = Duration::from_millis(250);

/// A case that waits or runs.
struct Turn {
    scenario: Arc<Scenario>,
    /// How often the server wanted no connection for it while nothing else ran.
    refused: u32,
    /// What came of it before, none of which conforms.
    earlier: Vec<CaseReport>,
    /// How often it was played again for `--retries`.
    retries: u32,
    has_begun: bool,
    /// The lane in which it runs, or ran last.
    lane: usize,
    /// Whether nothing else may run beside it.
    alone: bool,
}

impl Turn {
    fn new(scenario: Scenario) -> Self {
        Self {
            scenario: Arc::new(scenario),
            refused: 0,
            earlier: Vec::new(),
            retries: 0,
            has_begun: false,
            lane: 0,
            alone: false,
        }
    }
}

/// Which cases wait, which run.
pub(super) struct Schedule<'r> {
    lanes: &'r [Arc<Stage>],
    events: &'r Events,
    cancelled: &'r CancellationToken,
    waiting: VecDeque<Turn>,
    running: JoinSet<Played>,
    turns: HashMap<tokio::task::Id, Turn>,
    at_once: usize,
    retries: u32,
    /// Why no further case begins.
    cut_short: Option<String>,
}

impl<'r> Schedule<'r> {
    /// A schedule that begins no case where it is cut short from the start.
    pub(super) fn new(
        lanes: &'r [Arc<Stage>],
        events: &'r Events,
        cancelled: &'r CancellationToken,
        options: RunOptions,
        cut_short: Option<String>,
    ) -> Self {
        Self {
            lanes,
            events,
            cancelled,
            waiting: VecDeque::new(),
            running: JoinSet::new(),
            turns: HashMap::new(),
            at_once: options.jobs.get(),
            retries: options.retries,
            cut_short,
        }
    }

    /// Plays the scenarios. Returns why it was cut short, where it was.
    pub(super) async fn run(mut self, scenarios: Vec<Scenario>) -> Option<String> {
        self.waiting = scenarios.into_iter().map(Turn::new).collect();
        loop {
            self.begin_cases().await;
            let Some(ended) = self.running.join_next_with_id().await else { break };
            let id = match &ended {
                Ok((id, _)) => *id,
                Err(error) => error.id(),
            };
            let Some(turn) = self.turns.remove(&id) else { continue };
            match ended {
                Ok((_, Played::Over { report, lost, left })) => {
                    self.tell_of(left).await;
                    self.over(turn, report, lost).await;
                }
                Ok((_, Played::TooManyConnections { said, left })) => {
                    self.tell_of(left).await;
                    self.too_many(turn, said).await;
                }
                Err(error) => {
                    let reason = format!("the harness panicked: {error}");
                    self.finish_unplayed(turn, Verdict::Error, reason).await;
                }
            }
        }
        self.give_up_the_rest().await;
        self.cut_short
    }

    /// Tells a person what a case has left on the server.
    async fn tell_of(&self, left: Vec<String>) {
        for notice in left {
            self.events.notice(notice).await;
        }
    }

    async fn begin_cases(&mut self) {
        if self.cancelled.is_cancelled() && !self.waiting.is_empty() {
            self.cut_short.get_or_insert_with(|| "interrupted".to_owned());
        }
        while self.running.len() < self.at_once && self.cut_short.is_none() {
            let next_alone = self.waiting.front().is_some_and(|turn| turn.alone);
            let one_alone = self.turns.values().any(|turn| turn.alone);
            if one_alone || next_alone && !self.running.is_empty() {
                return;
            }
            let Some(mut turn) = self.waiting.pop_front() else { return };
            if !std::mem::replace(&mut turn.has_begun, true) {
                self.events.send(Event::CaseStarted { case: turn.scenario.id.clone() }).await;
            }
            turn.lane = self.emptiest_lane();
            let (stage, own) = (self.lanes[turn.lane].clone(), turn.scenario.clone());
            let cancelled = self.cancelled.clone();
            let task =
                self.running.spawn(async move { case::play(&stage, &own, &cancelled).await });
            self.turns.insert(task.id(), turn);
        }
    }

    /// The lane in which the fewest cases run.
    fn emptiest_lane(&self) -> usize {
        let running = |lane: &usize| self.turns.values().filter(|turn| turn.lane == *lane).count();
        (0..self.lanes.len()).min_by_key(running).unwrap_or_default()
    }

    /// A case that was played is reported, or comes again.
    async fn over(&mut self, mut turn: Turn, mut report: Box<CaseReport>, lost: bool) {
        let conforms = report.verdict < Verdict::Warn;
        if lost && !conforms && self.cut_short.is_none() {
            self.probe(&turn.scenario).await;
        }
        let goes_on = self.cut_short.is_none() && !self.cancelled.is_cancelled();
        if !conforms && goes_on && self.comes_again(&mut turn, &report).await {
            turn.earlier.push(*report);
            return self.waiting.push_front(turn);
        }
        report.earlier = turn.earlier;
        self.events.send(Event::CaseFinished(report)).await;
    }

    /// Whether a case that does not conform is played again.
    async fn comes_again(&self, turn: &mut Turn, report: &CaseReport) -> bool {
        if !turn.alone && self.at_once > 1 && fails_by_what_exists(report) {
            turn.alone = true;
            let case = &turn.scenario.id;
            let notice = format!(
                "the server said in `{case}`, while others ran, that a mailbox exists already; the \
                 case is played again alone"
            );
            self.events.notice(notice).await;
            return true;
        }
        turn.retries += 1;
        turn.retries <= self.retries
    }

    /// Fewer cases at once from here on; the one that was refused comes again.
    async fn too_many(&mut self, mut turn: Turn, said: String) {
        let others = self.running.len();
        if others == 0 && turn.refused >= ATTEMPTS_ALONE {
            let reason = format!("the server wants no more connections at once: {said}");
            return self.finish_unplayed(turn, Verdict::Inconclusive, reason).await;
        }
        let fewer = others.max(1);
        if fewer < self.at_once {
            self.at_once = fewer;
            let notice =
                format!("the server limits connections ({said}): {fewer} cases at once from here");
            self.events.notice(notice).await;
        } else if self.at_once == 1 {
            self.lanes.iter().for_each(|lane| lane.frugal.store(true, Ordering::Relaxed));
        }
        if others == 0 {
            let pause = PAUSE * 2u32.saturating_pow(turn.refused);
            turn.refused += 1;
            tokio::select! {
                () = self.cancelled.cancelled() => {}
                () = sleep(pause) => {}
            }
        }
        self.waiting.push_front(turn);
    }

    /// Cuts the run short where nobody answers any more. Where nobody greets, it may be for the other
    /// cases that run, so there are none from then on.
    async fn probe(&mut self, scenario: &Scenario) {
        let recorder = Recorder::new(Instant::now(), []);
        let greeted = match self.lanes[0].connector.connect("probe", &recorder).await {
            Ok(mut connection) => {
                let greeted = connection.greeting().await;
                connection.close().await;
                greeted.map(drop)
            }
            Err(error) => Err(error),
        };
        let gone = match greeted {
            Err(WireError::Unreachable { .. } | WireError::ConnectTimedOut { .. }) => "is gone",
            Err(WireError::NoGreeting(_)) if self.at_once > 1 => {
                self.at_once = 1;
                let notice = "the server does not greet: one case at a time from here";
                return self.events.notice(notice.to_owned()).await;
            }
            Err(WireError::NoGreeting(_)) if self.running.is_empty() => "greets nobody any more",
            _ => return,
        };
        self.cut_short = Some(format!("the server {gone} since `{}`", scenario.id));
    }

    /// Reports the cases that were never begun, also those of an interrupted run: what was not
    /// reached has not conformed, and is to be run again (`--rerun`).
    async fn give_up_the_rest(&mut self) {
        let Some(reason) = self.cut_short.clone() else { return };
        for turn in std::mem::take(&mut self.waiting) {
            self.finish_unplayed(turn, Verdict::Inconclusive, reason.clone()).await;
        }
    }

    async fn finish_unplayed(&self, turn: Turn, verdict: Verdict, reason: String) {
        let users = &self.lanes[turn.lane].connector.target().users;
        let recorder = Recorder::new(Instant::now(), users);
        let stopped = Some((verdict, reason));
        let report = CaseReport {
            earlier: turn.earlier,
            ..case::report(&turn.scenario, &recorder, Vec::new(), stopped)
        };
        self.events.send(Event::CaseFinished(Box::new(report))).await;
    }
}

/// Whether a case fails because a mailbox exists already. Dovecot says so of one that it is about
/// to make where another session lists mailboxes in that moment; alone the case shows what is true.
fn fails_by_what_exists(report: &CaseReport) -> bool {
    report.findings.iter().any(|finding| finding.found.contains("NO [ALREADYEXISTS]"))
}
