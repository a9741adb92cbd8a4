//! Steps other than exchanges.

use std::num::NonZeroU32;

use imap_grammar::{CommandBody, FetchAttribute, FetchItems, SeqNumber, SequenceSet};

use super::{Case, Stop, leave, logging_in, no_user};
use crate::{
    Happened, Verdict,
    play::{
        check::check,
        session::{Completion, Session},
    },
    requirement::RequirementId,
    scenario::{Check, Span, Spanned, Step},
    wire::{Fault, WireError, deadline_in},
};

impl Case<'_> {
    pub(super) async fn step(&mut self, step: &Spanned<Step>) -> Result<(), Stop> {
        let (steps, unmet) = match &step.value {
            Step::Given(steps) => (steps, Verdict::Inconclusive),
            Step::Where(steps) => (steps, Verdict::Skip),
            _ => return self.single(step).await,
        };
        self.preparing = Some(unmet);
        for step in steps {
            self.single(step).await?;
        }
        self.preparing = None;
        Ok(())
    }

    async fn single(&mut self, step: &Spanned<Step>) -> Result<(), Stop> {
        match &step.value {
            Step::Given(_) | Step::Where(_) => {
                Err(Stop::Harness("a preparation stands in another".to_owned()))
            }
            Step::Exchange(exchange) => self.exchange(exchange, &step.span).await,
            Step::Barrier => self.barrier().await,
            Step::Connect { session, state } => {
                let state = state.unwrap_or(self.scenario.header.state);
                let open = self.sessions.iter().position(|own| own.name == *session);
                if let Some(open) = open {
                    leave(self.sessions.remove(open)).await;
                }
                self.open(session, state).await
            }
            Step::Login { session, second } => self.login(session, *second).await,
            Step::StartTls { session, requirement } => {
                self.start_tls(session, requirement, &step.span).await
            }
            Step::Disconnect { session } => {
                if let Some(connection) = self.session(session)?.take_connection() {
                    connection.close().await;
                }
                self.sessions.retain(|own| own.name != *session);
                Ok(())
            }
            Step::Closes { session, requirement } => {
                self.closes(session, requirement, &step.span).await
            }
            Step::Check(line) => self.check(line, &step.span),
        }
    }

    pub(super) fn session(&mut self, name: &str) -> Result<&mut Session, Stop> {
        let session = self.sessions.iter_mut().find(|session| session.name == name);
        session.ok_or_else(|| Stop::Inconclusive(format!("the session `{name}` is not open")))
    }

    /// Brings the sessions in step: each hears with NOOP what the others did (RFC 3501 §6.1.2), and
    /// then says what it sees of the mailbox, for the oracle to compare. What comes with NOOP belongs
    /// to the next exchange.
    async fn barrier(&mut self) -> Result<(), Stop> {
        let patience = self.patience();
        let mut quiet: Vec<_> = self
            .sessions
            .iter_mut()
            .filter(|session| !session.is_busy() && session.ended().is_none())
            .collect();
        for session in &mut quiet {
            let completion = session.command(CommandBody::Noop, patience).await;
            in_step(session, completion)?;
        }
        for session in &mut quiet {
            let news = session.take_arrived();
            // It may be NO where another session has expunged some (RFC 2180 §4.1.2). It is BAD where
            // no mailbox is selected, and nothing would be compared.
            match session.command(all_flags(), patience).await {
                Ok(completion) if completion.is_bad => {
                    return Err(not_in_step(session, &completion.line));
                }
                Ok(_) => {}
                Err(error) => return Err(not_in_step(session, &error.to_string())),
            }
            session.replace_arrived(news);
        }
        self.recorder.record("", Happened::Barrier);
        Ok(())
    }

    async fn login(&mut self, name: &str, second: bool) -> Result<(), Stop> {
        let users = &self.stage.connector.target().users;
        let user = users.get(usize::from(second)).ok_or_else(no_user)?;
        let session = self.session(name)?;
        session.take_arrived();
        match session.connection() {
            Some(connection) => connection.log_in(user).await.map(drop).map_err(logging_in),
            None => Err(Stop::Inconclusive(format!("the session `{name}` is over"))),
        }
    }

    async fn start_tls(
        &mut self,
        name: &str,
        requirement: &Spanned<RequirementId>,
        span: &Span,
    ) -> Result<(), Stop> {
        let session = self.session(name)?;
        let Some(connection) = session.connection() else {
            return Err(Stop::Inconclusive(format!("the session `{name}` is over")));
        };
        match connection.start_tls().await {
            Ok(()) => Ok(()),
            Err(error) if error.fault() == Fault::Target => {
                self.find(&requirement.value, span, "TLS", error.to_string(), None)
            }
            Err(error) => Err(Stop::Inconclusive(error.to_string())),
        }
    }

    async fn closes(
        &mut self,
        name: &str,
        requirement: &Spanned<RequirementId>,
        span: &Span,
    ) -> Result<(), Stop> {
        let patience = self.patience();
        let deadline = deadline_in(patience);
        let session = self.session(name)?;
        while session.ended().is_none() {
            if let Some(Err(WireError::NoAnswer { .. })) = session.receive(deadline).await {
                let found = format!("a connection that is still open after {patience:?}");
                let expected = "the server to close the connection";
                return self.find(&requirement.value, span, expected, found, None);
            }
        }
        let error = session.ended().map(|ended| ended.error.clone());
        match error {
            Some(WireError::Closed | WireError::Broken(_)) | None => {
                self.sessions.retain(|session| session.name != name);
                Ok(())
            }
            Some(WireError::ClosedInside { octets }) => {
                let found = format!("an end inside a message, after {octets} octets of it");
                let expected = "the server to close the connection between messages";
                self.find(&requirement.value, span, expected, found, None)
            }
            Some(error) => Err(Stop::Inconclusive(error.to_string())),
        }
    }

    fn check(&mut self, line: &Check, span: &Span) -> Result<(), Stop> {
        match check(line, &self.bindings) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(difference)) => {
                let requirement = line.requirement.value.clone();
                self.find(&requirement, span, difference.expected, difference.found, None)
            }
            Err(no_value) => Err(Stop::Inconclusive(no_value.to_string())),
        }
    }
}

/// `UID FETCH 1:* (FLAGS)`, which no message that is gone can spoil.
fn all_flags() -> CommandBody<'static> {
    CommandBody::Fetch {
        uid: true,
        sequence_set: SequenceSet::range(NonZeroU32::MIN, SeqNumber::Largest),
        items: FetchItems::Attributes(vec![FetchAttribute::Flags]),
        modifiers: Vec::new(),
    }
}

fn in_step(session: &Session, completion: Result<Completion, WireError>) -> Result<(), Stop> {
    match completion {
        Ok(completion) if completion.is_ok => Ok(()),
        Ok(completion) => Err(not_in_step(session, &completion.line)),
        Err(error) => Err(not_in_step(session, &error.to_string())),
    }
}

fn not_in_step(session: &Session, why: &str) -> Stop {
    Stop::Inconclusive(format!("`{}` is not in step: {why}", session.name))
}
