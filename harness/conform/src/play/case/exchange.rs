//! Playing an exchange: send, wait, judge.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tokio::time::Instant;

use super::{Case, Stop};
use crate::{
    Evidence, Verdict,
    play::{
        exchange::{
            Arrival, Broken, How, Outcome, awaited_tags, expects_kind, judge, needs_time, sessions,
        },
        matching::{Kind, Received},
        outgoing::Outgoing,
        session::{Ended, Sent, Session, receive_any},
    },
    scenario::{Exchange, Span},
    wire::{Frame, WireError, deadline_in},
};

/// How long a completion is waited for behind an untagged BAD that decides the exchange, because it
/// is one of the answers that are expected or one that must never come: the server cannot tell which
/// command it is about (RFC 3501 §7.1.3), so most likely none will come. Where nothing is decided
/// yet, the completion is waited for as long as any: the BAD can be of a failure within the server.
const AFTER_UNTAGGED_BAD: Duration = Duration::from_secs(2);

/// How an exchange went, beside what came.
#[derive(Default)]
struct Course {
    /// Sessions from which nothing came in time, how long that was, and how many octets of an
    /// unfinished message there are.
    silent: BTreeMap<String, (Duration, usize)>,
    /// Sessions in which not all was sent, and why.
    unsent: Vec<(String, &'static str)>,
}

impl Case<'_> {
    pub(super) async fn exchange(&mut self, exchange: &Exchange, span: &Span) -> Result<(), Stop> {
        let mut course = Course::default();
        self.send(exchange, &mut course).await?;
        self.wait(exchange, &mut course).await?;
        let concerned = self.concerned(exchange);
        let taken = |session: &mut Session| (session.name.clone(), session.take_arrived());
        let frames: Vec<(String, Vec<Frame>)> = self
            .sessions
            .iter_mut()
            .filter(|session| concerned.contains(&session.name))
            .map(taken)
            .collect();
        let outcome = judge(&exchange.expects, &arrivals(&frames), &self.bindings);
        self.take(outcome, exchange, &frames, &course, span)
    }

    fn concerned(&self, exchange: &Exchange) -> BTreeSet<String> {
        let sends = exchange.sends.iter().map(|send| send.value.session.clone());
        sends.chain(sessions(&exchange.expects).into_iter().map(str::to_owned)).collect()
    }

    async fn send(&mut self, exchange: &Exchange, course: &mut Course) -> Result<(), Stop> {
        let patience = self.patience();
        for send in &exchange.sends {
            let send = &send.value;
            let outgoing = Outgoing::new(&send.pieces, &self.bindings)
                .map_err(|no_value| Stop::Inconclusive(no_value.to_string()))?;
            let sent = self.session(&send.session)?.send(&outgoing, send.by, patience).await;
            let unsent = match sent.map_err(|error| Stop::Inconclusive(error.to_string()))? {
                Sent::All | Sent::Ended => continue,
                Sent::Refused => "the command was complete before its literal was sent",
                Sent::NotAsked => "no continuation request came for the literal",
            };
            course.unsent.push((send.session.clone(), unsent));
        }
        Ok(())
    }

    /// Takes in what comes until nothing more is waited for.
    async fn wait(&mut self, exchange: &Exchange, course: &mut Course) -> Result<(), Stop> {
        let patience = self.patience();
        let began = Instant::now();
        let expects = &exchange.expects;
        let tags = awaited_tags(expects);
        for session in sessions(expects) {
            self.session(session)?;
        }
        loop {
            let incomplete = |session: &Session| {
                tags.iter().any(|(name, tag)| *name == session.name && !session.has_completed(tag))
            };
            let waited = self.open_sessions(course, incomplete);
            if !waited.is_empty() {
                let given_up = waited.iter().all(|session| session.has_untagged_bad());
                if given_up {
                    self.drain(course).await;
                }
                let is_decided = given_up && self.is_decided(exchange);
                let waited = self.open_sessions(course, incomplete);
                let patience = if is_decided { patience.min(AFTER_UNTAGGED_BAD) } else { patience };
                // However much comes, each frame shows that the server is at work.
                receive(waited, deadline_in(patience), patience, course).await;
                continue;
            }
            let duration = exchange.wait.as_ref().map_or(patience, |wait| wait.duration);
            let missing = self.missing_without_tag(exchange, &tags);
            let waited = self.open_sessions(course, |session| missing.contains(&session.name));
            if waited.is_empty() {
                return Ok(());
            }
            let deadline = began.checked_add(duration).unwrap_or_else(|| deadline_in(duration));
            receive(waited, deadline, duration, course).await;
            self.drain(course).await;
        }
    }

    fn open_sessions(
        &mut self,
        course: &Course,
        wanted: impl Fn(&Session) -> bool,
    ) -> Vec<&mut Session> {
        let open = self.sessions.iter_mut().filter(|session| {
            session.ended().is_none()
                && !course.silent.contains_key(&session.name)
                && wanted(session)
        });
        open.collect()
    }

    /// The sessions from which something has still to come that no completion announces.
    fn missing_without_tag(
        &self,
        exchange: &Exchange,
        tags: &[(&str, Vec<u8>)],
    ) -> BTreeSet<String> {
        let mut missing = BTreeSet::new();
        let waits = |name: &str| {
            exchange
                .wait
                .as_ref()
                .is_some_and(|wait| wait.session.as_deref().is_none_or(|waited| waited == name))
        };
        let named = sessions(&exchange.expects);
        let all_complete = named.iter().all(|name| tags.iter().any(|(tagged, _)| tagged == name));
        if all_complete && exchange.wait.is_none() {
            return missing;
        }
        for name in named {
            if waits(name) && needs_time(&exchange.expects, name) {
                missing.insert(name.to_owned());
            }
        }
        let frames = self.arrived();
        let outcome = judge(&exchange.expects, &arrivals(&frames), &self.bindings);
        let has_completion = |name: &str| {
            tags.iter().any(|(session, _)| *session == name)
                || frames.iter().any(|(session, frames)| session == name && has_tagged(frames))
        };
        for Broken { session, how, .. } in outcome.broken {
            let is_missing = matches!(how, How::Missing { .. } | How::Differs { .. });
            if is_missing && (waits(&session) || !has_completion(&session)) {
                missing.insert(session);
            }
        }
        missing
    }

    /// Whether what has come so far is all that is expected, or has among it what must never come.
    fn is_decided(&self, exchange: &Exchange) -> bool {
        let outcome = judge(&exchange.expects, &arrivals(&self.arrived()), &self.bindings);
        let mut broken = outcome.broken.iter();
        outcome.broken.is_empty() || broken.any(|broken| matches!(broken.how, How::Came { .. }))
    }

    fn arrived(&self) -> Vec<(String, Vec<Frame>)> {
        let arrived = |session: &Session| (session.name.clone(), session.arrived().to_vec());
        self.sessions.iter().map(arrived).collect()
    }

    /// Takes in what is there already, so that it is judged at once and not one by one.
    async fn drain(&mut self, course: &Course) {
        loop {
            let open = self.open_sessions(course, |_| true);
            match receive_any(open, Instant::now()).await {
                Some((_, Ok(_))) => {}
                _ => return,
            }
        }
    }

    /// Turns the outcome into bindings and findings.
    fn take(
        &mut self,
        outcome: Outcome,
        exchange: &Exchange,
        frames: &[(String, Vec<Frame>)],
        course: &Course,
        span: &Span,
    ) -> Result<(), Stop> {
        let Outcome { bindings, broken, choices, undecided } = outcome;
        if undecided {
            let lines = self.written(span);
            let came: usize = frames.iter().map(|(_, frames)| frames.len()).sum();
            return Err(Stop::Inconclusive(format!(
                "there are too many ways in which the {came} responses that came could meet the \
                 lines from {lines}"
            )));
        }
        self.bindings = bindings;
        let mut decided = false;
        for broken in broken {
            decided |= self.broken(broken, exchange, frames, course)?;
        }
        for chosen in choices {
            self.chosen(chosen);
        }
        if decided { Err(Stop::Decided) } else { Ok(()) }
    }

    /// Notes a line that was not met; whether the case ends with it.
    fn broken(
        &mut self,
        broken: Broken,
        exchange: &Exchange,
        frames: &[(String, Vec<Frame>)],
        course: &Course,
    ) -> Result<bool, Stop> {
        let Broken { session, requirement, span, how } = broken;
        let mut verdict = self.verdict_of_broken(&requirement)?;
        let frame = |entry: usize| {
            let mut all = frames.iter().flat_map(|(_, frames)| frames);
            all.find(|frame| frame.entry == entry)
        };
        let response = |frame: &Frame| self.recorder.response(&frame.octets);
        let whole = |entry: usize| Some(Evidence { entry, octets: 0..0 });
        let (expected, found, evidence) = match how {
            How::Differs { expected, found, entry, octets, .. } => {
                let hides =
                    |frame: &&Frame| matches!(self.recorder.masked(&frame.octets), Cow::Owned(_));
                let (expected, found) = match frame(entry).filter(hides) {
                    // The matcher knows of no secrets, and may have cut one in two.
                    Some(frame) => {
                        (self.written(&span), self.recorder.part(&frame.octets, octets.clone()))
                    }
                    None => (expected, found),
                };
                (expected, found, Some(Evidence { entry, octets }))
            }
            How::Came { entry } => {
                let found = frame(entry).map(response).unwrap_or_default();
                (format!("never {}", self.written(&span)), found, whole(entry))
            }
            How::Unnamed { entry } => {
                let found = frame(entry).map(response).unwrap_or_default();
                ("nothing of this kind but what is listed".to_owned(), found, whole(entry))
            }
            How::Missing { .. } => {
                let own = self.sessions.iter().find(|own| own.name == session);
                let ended = own.and_then(Session::ended);
                if let Some(ended) = ended {
                    self.lost = true;
                    if !is_the_servers_fault(ended, exchange, &session) {
                        verdict = Verdict::Inconclusive;
                    }
                }
                // Who does not answer has not said what they do.
                let is_asked = exchange.sends.iter().any(|send| send.value.session == session);
                let is_silent = ended.is_some() || is_asked && course.silent.contains_key(&session);
                if verdict == Verdict::Skip && is_silent {
                    verdict = Verdict::Inconclusive;
                }
                let found = Self::absence(&session, ended.cloned().as_ref(), course);
                let last = frames.iter().find(|(name, _)| *name == session);
                let last = last.and_then(|(_, frames)| frames.last());
                (self.written(&span), found, last.and_then(|frame| whole(frame.entry)))
            }
        };
        self.unmet(verdict, requirement, &span, expected, found, evidence)
    }

    /// Why nothing came.
    fn absence(session: &str, ended: Option<&Ended>, course: &Course) -> String {
        let unsent = course.unsent.iter().find(|(name, _)| name == session);
        match (ended, unsent) {
            (Some(Ended { error, bye: Some(bye) }), _) => format!("{error}, after `{bye}`"),
            (Some(Ended { error, bye: None }), _) => error.to_string(),
            (None, Some((_, why))) => format!("no such response: {why}"),
            (None, None) => match course.silent.get(session) {
                Some((within, 0)) => format!("no such response within {within:?}"),
                Some((within, octets)) => format!(
                    "no such response within {within:?}, but {octets} octets of a message without end"
                ),
                None => "no such response".to_owned(),
            },
        }
    }
}

/// Receives from any of the sessions; who is silent is noted.
async fn receive(
    waited: Vec<&mut Session>,
    deadline: Instant,
    within: Duration,
    course: &mut Course,
) {
    let names: Vec<_> = waited.iter().map(|session| session.name.clone()).collect();
    let Some((own, Err(WireError::NoAnswer { unfinished, .. }))) =
        receive_any(waited, deadline).await
    else {
        return;
    };
    course.silent.extend(names.into_iter().map(|name| {
        let octets = if name == own { unfinished } else { 0 };
        (name, (within, octets))
    }));
}

fn arrivals(frames: &[(String, Vec<Frame>)]) -> Vec<Arrival<'_>> {
    let mut arrivals: Vec<_> = frames
        .iter()
        .flat_map(|(session, frames)| {
            frames.iter().map(move |frame| Arrival {
                session,
                entry: frame.entry,
                received: Received::new(&frame.octets),
            })
        })
        .collect();
    arrivals.sort_by_key(|arrival| arrival.entry);
    arrivals
}

fn has_tagged(frames: &[Frame]) -> bool {
    frames.iter().any(|frame| matches!(Received::new(&frame.octets).kind(), Kind::Tagged(_)))
}

/// Whether an end is one that no server may make of a session: it must say BYE first, unless it is
/// what the exchange is about (RFC 3501 §3.4, §7.1.5).
fn is_the_servers_fault(ended: &Ended, exchange: &Exchange, session: &str) -> bool {
    let bye = Kind::Untagged("BYE".to_owned());
    match (&ended.error, &ended.bye) {
        (WireError::BeyondLimit(_) | WireError::Flooded(_) | WireError::BeyondMemory(_), _) => {
            false
        }
        (_, Some(_)) => expects_kind(&exchange.expects, session, &bye),
        (_, None) => true,
    }
}
