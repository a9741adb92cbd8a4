//! What each command does, by the states it is legal in (RFC 3501 §6).
//!
//! At the end of a command, before its tagged response, comes whatever else the client does not
//! know yet of the mailbox it has selected.

mod any;
mod append;
mod authenticated;
mod copy;
mod expunge;
mod fetch;
mod list;
mod not_authenticated;
mod search;
mod select;
mod store;

use imap_grammar::{
    Code, Command, CommandBody, Continue, Extension, Extensions, Flag, Mailbox, Response,
    SearchKey, Tag,
};

use crate::account::{Account, MailboxId, Refusal};
use crate::mailbox_name::MailboxName;
use crate::reply::{Completion, resp_text, untagged_ok};
use crate::selected::{Delivery, Selected};
use crate::session::{Enabled, Pending, Session, State};
use crate::{Configuration, Lapse, Line, Now, Reply, Then};

/// What a command of an authenticated client works on.
pub(crate) struct Context<'s> {
    pub configuration: &'s Configuration,
    pub offered: Extensions,
    pub account: &'s mut Account,
    pub enabled: &'s mut Enabled,
    pub now: Now,
    pub tag: &'s Tag<'s>,
    pub out: &'s mut Vec<Response<'static>>,
}

/// How far a command has come.
enum Progress {
    Complete(Completion),
    /// It is complete, and the connection goes on so.
    Then(Completion, Then),
    /// It waits for a line of the client's.
    Pending(Pending, Continue<'static>),
}

impl Context<'_> {
    pub fn has(&self, extension: Extension) -> bool {
        self.offered.contains(extension)
    }

    pub fn name(&self, mailbox: &Mailbox<'_>) -> MailboxName {
        self.account.hierarchy.name(mailbox)
    }

    /// The mailbox that a command names.
    pub fn find(&self, mailbox: &Mailbox<'_>) -> Result<MailboxId, Refusal> {
        self.account.find(&self.name(mailbox))
    }

    /// The client has shown that it understands modification sequences; the first time, it is told
    /// where the mailbox stands that it has selected (RFC 7162 §3.1).
    pub fn enable_condstore(&mut self, selected: Option<&Selected>) {
        if !std::mem::replace(&mut self.enabled.condstore, true)
            && let Some(selected) = selected
        {
            let code = Code::HighestModSeq(selected.synchronised());
            self.out.push(untagged_ok(code, "Modification sequences are told from now on"));
        }
    }
}

/// Carries out a command.
pub(crate) fn execute(
    configuration: &Configuration,
    accounts: &mut [Account],
    session: &mut Session,
    now: Now,
    command: &Command<'_>,
) -> Reply {
    let mut out = Vec::new();
    let tag = command.tag.clone().into_owned();
    if let Some(pending) = &session.pending {
        let completion = Completion::bad("Another command waits for a line");
        return Reply { responses: vec![completion.into_tagged(tag)], then: pending.then() };
    }
    let mut run = Run { configuration, accounts, session, now, out: &mut out };
    let progress = run.dispatch(command);
    let expunges = may_expunge(&command.body);
    let uid = is_uid_command(&command.body);
    match progress {
        Progress::Complete(completion) => {
            run.tell_updates(expunges, uid);
            out.push(completion.into_tagged(tag));
            Reply { responses: out, then: Then::Ready }
        }
        Progress::Then(completion, then) => {
            out.push(completion.into_tagged(tag));
            Reply { responses: out, then }
        }
        Progress::Pending(pending, request) => {
            let then = pending.then();
            run.session.pending = Some(pending);
            run.out.push(Response::Continue(request));
            run.tell_updates(expunges, uid);
            Reply { responses: out, then }
        }
    }
}

/// Goes on with the command that waits for a line.
pub(crate) fn go_on(
    configuration: &Configuration,
    accounts: &mut [Account],
    session: &mut Session,
    now: Now,
    line: &Line<'_>,
) -> Reply {
    let mut out = Vec::new();
    let pending = session.pending.take();
    let mut run = Run { configuration, accounts, session, now, out: &mut out };
    let response = match pending {
        None => Completion::bad("No command waits for a line").into_untagged(),
        Some(Pending::Authenticate(tag)) => run.authenticate_line(line).into_tagged(tag),
        Some(Pending::Idle(tag)) => {
            run.tell_updates(true, false);
            let completion = match line {
                Line::Done => Completion::ok("IDLE terminated"),
                _ => Completion::bad("IDLE is ended by DONE"),
            };
            completion.into_tagged(tag)
        }
    };
    out.push(response);
    Reply { responses: out, then: Then::Ready }
}

/// What an idle client does not know yet.
pub(crate) fn updates(
    configuration: &Configuration,
    accounts: &mut [Account],
    session: &mut Session,
) -> Vec<Response<'static>> {
    let mut out = Vec::new();
    tell_updates(configuration, accounts, session, true, false, &mut out);
    out
}

/// A command on its way.
struct Run<'s> {
    configuration: &'s Configuration,
    accounts: &'s mut [Account],
    session: &'s mut Session,
    now: Now,
    out: &'s mut Vec<Response<'static>>,
}

impl Run<'_> {
    fn dispatch(&mut self, command: &Command<'_>) -> Progress {
        match &command.body {
            CommandBody::Capability => Progress::Complete(self.capability()),
            CommandBody::Noop => Progress::Complete(Completion::ok("NOOP completed")),
            CommandBody::Id(_) => Progress::Complete(self.id()),
            CommandBody::Logout => self.logout(),
            CommandBody::Experimental { .. } => {
                Progress::Complete(Completion::bad("There are no experimental commands"))
            }
            CommandBody::StartTls
            | CommandBody::Authenticate { .. }
            | CommandBody::Login { .. } => self.not_authenticated(command),
            CommandBody::Select { mailbox, parameters } => {
                Progress::Complete(self.select(&command.tag, mailbox, parameters, false))
            }
            CommandBody::Examine { mailbox, parameters } => {
                Progress::Complete(self.select(&command.tag, mailbox, parameters, true))
            }
            CommandBody::Close => Progress::Complete(self.close(&command.tag)),
            CommandBody::Unselect => Progress::Complete(self.unselect()),
            CommandBody::Idle if self.session.account().is_some() => {
                let text = resp_text(None, "Idling");
                let tag = command.tag.clone().into_owned();
                Progress::Pending(Pending::Idle(tag), Continue { text: Some(text) })
            }
            body => Progress::Complete(self.authenticated(&command.tag, body)),
        }
    }

    /// The commands that neither begin nor end a state, in the states after authentication.
    fn authenticated(&mut self, tag: &Tag<'_>, body: &CommandBody<'_>) -> Completion {
        let Some((mut context, selected)) = self.context(tag) else {
            return Completion::bad("Log in first");
        };
        match authenticated::execute(&mut context, selected.as_deref(), body) {
            Some(completion) => completion,
            None => match selected {
                Some(selected) => execute_selected(&mut context, selected, body),
                None => Completion::bad("Select a mailbox first"),
            },
        }
    }

    /// What commands work on after authentication.
    fn context<'c>(
        &'c mut self,
        tag: &'c Tag<'c>,
    ) -> Option<(Context<'c>, Option<&'c mut Selected>)> {
        let (account, selected) = match &mut self.session.state {
            State::NotAuthenticated => return None,
            State::Authenticated { account } => (*account, None),
            State::Selected { account, selected } => (*account, Some(selected)),
        };
        let context = Context {
            configuration: self.configuration,
            offered: self.configuration.offered(),
            account: &mut self.accounts[account],
            enabled: &mut self.session.enabled,
            now: self.now,
            tag,
            out: self.out,
        };
        Some((context, selected))
    }

    fn tell_updates(&mut self, expunges: bool, uid: bool) {
        tell_updates(self.configuration, self.accounts, self.session, expunges, uid, self.out);
    }
}

fn tell_updates(
    configuration: &Configuration,
    accounts: &mut [Account],
    session: &mut Session,
    expunges: bool,
    uid: bool,
    out: &mut Vec<Response<'static>>,
) {
    if let State::Selected { account, selected } = &mut session.state {
        let mailbox = accounts[*account].mailbox_mut(selected.mailbox);
        let delivery = Delivery {
            expunges,
            uid,
            enabled: session.enabled,
            keyword_limit: configuration.keyword_limit,
        };
        selected.synchronise(mailbox, delivery, out);
    }
}

/// The commands of the selected state but those that end it.
fn execute_selected(
    context: &mut Context<'_>,
    selected: &mut Selected,
    body: &CommandBody<'_>,
) -> Completion {
    if context.configuration.lapse == Some(Lapse::ForgetsNumbers) {
        selected.forget_gone(context.account.mailbox(selected.mailbox));
    }
    if context.configuration.lapse != Some(Lapse::StoresLate) {
        return execute_now(context, selected, body);
    }
    let late = selected.late.take();
    let completion = match body {
        CommandBody::Store { silent: true, flags, .. } if !flags.contains(&Flag::Deleted) => {
            selected.late = Some(body.clone().into_owned());
            Completion::ok("STORE completed")
        }
        body => execute_now(context, selected, body),
    };
    if let Some(late) = late {
        execute_now(context, selected, &late);
    }
    completion
}

fn execute_now(
    context: &mut Context<'_>,
    selected: &mut Selected,
    body: &CommandBody<'_>,
) -> Completion {
    match body {
        CommandBody::Check => Completion::ok("CHECK completed"),
        CommandBody::Expunge => expunge::expunge(context, selected, None),
        CommandBody::UidExpunge(set) => expunge::expunge(context, selected, Some(set)),
        CommandBody::Search { uid, returns, charset, keys } => {
            search::search(context, selected, *uid, returns.as_deref(), charset.as_ref(), keys)
        }
        CommandBody::Fetch { uid, sequence_set, items, modifiers } => {
            fetch::fetch(context, selected, *uid, sequence_set, items, modifiers)
        }
        CommandBody::Store { uid, sequence_set, unchanged_since, action, silent, flags } => {
            let change = store::Change {
                unchanged_since: *unchanged_since,
                action: *action,
                silent: *silent,
                flags,
            };
            store::store(context, selected, *uid, sequence_set, &change)
        }
        CommandBody::Copy { uid, sequence_set, mailbox } => {
            copy::copy(context, selected, *uid, sequence_set, mailbox)
        }
        CommandBody::Move { uid, sequence_set, mailbox } => {
            copy::move_messages(context, selected, *uid, sequence_set, mailbox)
        }
        _ => Completion::bad("The command is not known in this state"),
    }
}

/// Whether EXPUNGE may be sent during the command: not while sequence numbers are in use
/// (RFC 3501 §7.4.1, RFC 7162 §3.2.10.2).
fn may_expunge(body: &CommandBody<'_>) -> bool {
    match body {
        CommandBody::Fetch { uid, .. } | CommandBody::Store { uid, .. } => *uid,
        CommandBody::Search { uid, keys, .. } => *uid && !keys.iter().any(names_numbers),
        _ => true,
    }
}

fn names_numbers(key: &SearchKey<'_>) -> bool {
    match key {
        SearchKey::SequenceSet(_) => true,
        SearchKey::Not(key) => names_numbers(key),
        SearchKey::Or(one, other) => names_numbers(one) || names_numbers(other),
        SearchKey::And(keys) => keys.iter().any(names_numbers),
        _ => false,
    }
}

fn is_uid_command(body: &CommandBody<'_>) -> bool {
    match body {
        CommandBody::Fetch { uid, .. }
        | CommandBody::Store { uid, .. }
        | CommandBody::Search { uid, .. }
        | CommandBody::Copy { uid, .. }
        | CommandBody::Move { uid, .. } => *uid,
        CommandBody::UidExpunge(_) => true,
        _ => false,
    }
}
