//! One session as its client sees it: the state it is in, and what each response means there.

use std::{collections::BTreeMap, num::NonZeroU32, ops::Range};

use imap_grammar::{
    AuthenticateData, Capability, Code, CommandBody, Continue, Error, Extensions, FetchAttribute,
    FetchItems, Grammar, GreetingKind, Mailbox, MessageAttribute, RespText, Response, Status,
    StatusAttribute, Tagged, Untagged,
};

use super::{
    client::{Client, Pending},
    data,
    invariant::{self, Invariant},
    listing::Listing,
    mailbox::View,
    shared::{Identified, Shared},
    syntax,
};
use crate::Finding;

/// What the client of a session knows.
#[derive(Debug)]
pub(super) struct Session {
    state: State,
    offered: Extensions,
    client: Client,
    /// Who has logged in, where that could be read.
    user: Option<Vec<u8>>,
    /// The mailbox that is selected, or is being selected.
    view: Option<View>,
    /// Whether the view may be behind, because commands that change it were pipelined.
    uncertain: bool,
    identities: BTreeMap<Mailbox<'static>, Identity>,
    listing: Listing,
    /// A LOGOUT was answered, or the server said BYE without one.
    over: bool,
    /// Whether no other session of the case changes mailboxes beside this one.
    is_alone: bool,
    /// Whether IMAP4rev2 is enabled, in which SELECT tells no RECENT (RFC 9051 appendix E).
    is_rev2: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The greeting has not come.
    New,
    NotAuthenticated,
    Authenticated,
    Selected,
}

/// UIDVALIDITY and UIDNEXT as last told for a mailbox's name.
#[derive(Debug, Clone, Copy, Default)]
struct Identity {
    /// How many names had been freed then.
    replacements: usize,
    uid_validity: Option<NonZeroU32>,
    uid_next: Option<NonZeroU32>,
}

/// Where a finding goes, and what is known from all sessions.
pub(super) struct Notes<'f> {
    entry: usize,
    findings: &'f mut Vec<Finding>,
    shared: &'f mut Shared,
    user: Option<Vec<u8>>,
    is_alone: bool,
}

impl Notes<'_> {
    /// Whether nothing comes into the mailbox but what the session itself puts there.
    pub(super) fn is_private(&self, mailbox: &Mailbox<'_>) -> bool {
        self.is_alone && *mailbox != Mailbox::Inbox
    }

    pub(super) fn broken(&mut self, invariant: &Invariant, found: String) {
        self.findings.push(invariant.broken(self.entry, 0..0, found));
    }

    fn broken_at(&mut self, invariant: &Invariant, octets: Range<usize>, found: String) {
        self.findings.push(invariant.broken(self.entry, octets, found));
    }

    /// The items that are not what they were, although they never change.
    pub(super) fn changed(
        &mut self,
        message: Identified<'_>,
        items: &[MessageAttribute<'_>],
    ) -> Vec<String> {
        self.shared.changed(self.user.as_deref(), message, items, !self.is_alone)
    }
}

impl Session {
    pub(super) fn new(offered: Extensions, is_alone: bool) -> Self {
        Self {
            state: State::New,
            offered,
            client: Client::new(),
            user: None,
            view: None,
            uncertain: false,
            identities: BTreeMap::new(),
            listing: Listing::default(),
            over: false,
            is_alone,
            is_rev2: false,
        }
    }

    /// A new connection: what was learned of mailboxes and messages stays true.
    pub(super) fn reconnect(&mut self, offered: Extensions) {
        let fresh = Self::new(offered, self.is_alone);
        let learned = std::mem::replace(self, fresh);
        self.identities = learned.identities;
    }

    pub(super) fn closed(&mut self) {
        self.over = true;
        self.view = None;
    }

    pub(super) fn tls_started(&mut self) {
        self.client = Client::new();
        self.listing = Listing::default();
    }

    pub(super) fn sent(&mut self, octets: &[u8], shared: &mut Shared) {
        let before = self.client.pending.len();
        self.client.sent(octets);
        for index in before..self.client.pending.len() {
            shared.begun(self.client.pending[index].body.as_ref());
            self.begun(index);
        }
        // What cannot be read may have selected another mailbox.
        self.uncertain |= !self.client.legible;
    }

    pub(super) fn user(&self) -> Option<&[u8]> {
        self.user.as_deref()
    }

    /// The view, where nothing is pending that could change it.
    pub(super) fn settled_view(&self) -> Option<&View> {
        let settled = self.state == State::Selected && !self.uncertain && !self.client.is_waiting();
        self.view.as_ref().filter(|_| settled)
    }

    /// A command has been sent in full.
    fn begun(&mut self, index: usize) {
        let alone = index == 0;
        let asks = matches!(self.client.pending[index].body, Some(CommandBody::Capability));
        self.listing.command(asks);
        if let Some(view) = &mut self.view {
            view.begun(self.client.pending[index].body.as_ref().is_none_or(changes_flags));
        }
        match &self.client.pending[index].body {
            Some(CommandBody::Select { mailbox, .. } | CommandBody::Examine { mailbox, .. }) => {
                if alone {
                    self.view = Some(View::new(mailbox.clone()));
                } else {
                    self.uncertain = true;
                }
            }
            // It may deselect, move or remove, and it is not known when.
            Some(
                CommandBody::Close
                | CommandBody::Unselect
                | CommandBody::Logout
                | CommandBody::Delete(_)
                | CommandBody::Rename { .. },
            )
            | None
                if !alone =>
            {
                self.uncertain = true;
            }
            _ => {}
        }
    }

    pub(super) fn received(
        &mut self,
        frame: &[u8],
        entry: usize,
        shared: &mut Shared,
        findings: &mut Vec<Finding>,
    ) {
        let (user, is_alone) = (self.user.clone(), self.is_alone);
        let mut notes = Notes { entry, findings, shared, user, is_alone };
        let grammar = Grammar::with(self.offered);
        if self.state == State::New {
            return self.greeting(grammar, frame, &mut notes);
        }
        match grammar.response(frame) {
            Ok(response) => self.response(response, &mut notes),
            Err(error) => {
                if !self.client.is_answered_in_kind(grammar, frame) {
                    illegal(&error, &mut notes);
                }
                // What it meant to say is not known, and neither is what holds after it.
                self.uncertain = true;
            }
        }
    }

    fn greeting(&mut self, grammar: Grammar, frame: &[u8], notes: &mut Notes<'_>) {
        self.state = State::NotAuthenticated;
        match grammar.greeting(frame) {
            Ok(greeting) => {
                match greeting.kind {
                    GreetingKind::Ok => {}
                    GreetingKind::PreAuth => self.state = State::Authenticated,
                    GreetingKind::Bye => self.over = true,
                }
                if let Some(Code::Capability(capabilities)) = &greeting.text.code {
                    self.listing.initial(capabilities, notes);
                    self.capabilities(capabilities);
                }
            }
            Err(_) if grammar.response(frame).is_ok() => {
                let found = "a response that is no greeting".to_owned();
                notes.broken(&invariant::GREETING_FIRST, found);
            }
            Err(error) => illegal(&error, notes),
        }
    }

    fn response(&mut self, response: Response<'_>, notes: &mut Notes<'_>) {
        if self.over && !self.is_logout_completion(&response) {
            notes.broken(&invariant::NOTHING_AFTER_BYE, "more after BYE".to_owned());
        }
        match response {
            Response::Continue(request) => self.continuation(&request, notes),
            Response::Tagged(tagged) => self.tagged(&tagged, notes),
            Response::Untagged(untagged) => self.untagged(untagged, notes),
        }
    }

    fn continuation(&mut self, request: &Continue<'_>, notes: &mut Notes<'_>) {
        let authenticating =
            self.client.any(|body| matches!(body, CommandBody::Authenticate { .. }));
        if !self.client.continuation() && self.client.legible {
            let found = "a continuation request".to_owned();
            notes.broken(&invariant::CONTINUATION_ASKED, found);
        } else if authenticating && !is_challenge(request) {
            let found = "a continuation request with other text".to_owned();
            notes.broken(&invariant::CHALLENGE_IS_BASE64, found);
        }
    }

    fn is_logout_completion(&self, response: &Response<'_>) -> bool {
        // A command that is not legal may be a LOGOUT all the same to a server that is not strict.
        let logging_out =
            self.client.any(|body| *body == CommandBody::Logout) || self.client.is_untaggable();
        matches!(response, Response::Tagged(_)) && logging_out
    }

    fn tagged(&mut self, tagged: &Tagged<'_>, notes: &mut Notes<'_>) {
        let opening_code = matches!(
            tagged.text.code,
            Some(Code::Capability(_) | Code::UidValidity(_) | Code::UidNext(_))
        );
        if opening_code {
            self.code(&tagged.text, notes);
        }
        let Some(Pending { body, .. }) = self.client.completed(&tagged.tag) else {
            if !self.client.is_untaggable() {
                let found = format!("the tag `{}`, with which no command is pending", tagged.tag);
                notes.broken(&invariant::TAG_KNOWN, found);
            }
            return;
        };
        if let Some(view) = self.view.as_mut().filter(|_| !self.uncertain) {
            data::settle(view, notes);
        }
        let Some(body) = body else {
            // What a lenient server has made of an illegal command is not known.
            self.uncertain |= tagged.status == Status::Ok;
            return;
        };
        notes.shared.completed(&body);
        self.completed(&body, tagged.status, notes);
        if self.client.pending.is_empty() && self.state != State::Selected {
            self.uncertain = !self.client.legible;
        }
    }

    /// A command is complete; the session may be in another state now.
    fn completed(&mut self, body: &CommandBody<'_>, status: Status, notes: &mut Notes<'_>) {
        match (body, status) {
            (CommandBody::Login { user, .. }, Status::Ok) => {
                self.state = State::Authenticated;
                self.user = Some(user.as_bytes().to_vec());
            }
            (CommandBody::Authenticate { .. }, Status::Ok) => self.state = State::Authenticated,
            (CommandBody::Select { mailbox, .. } | CommandBody::Examine { mailbox, .. }, _) => {
                self.opened(mailbox, status, notes);
            }
            (CommandBody::Close | CommandBody::Unselect, Status::Ok) => {
                self.state = State::Authenticated;
                self.view = None;
            }
            (CommandBody::Logout, Status::Ok) => self.over = true,
            (CommandBody::Store { .. }, Status::Ok) if self.client.pending.is_empty() => {
                let certain = self.is_alone && !self.uncertain;
                if let Some(view) = self.view.as_ref().filter(|_| certain) {
                    data::stored(view, body, notes);
                }
            }
            _ => {}
        }
    }

    fn opened(&mut self, mailbox: &Mailbox<'_>, status: Status, notes: &mut Notes<'_>) {
        if status != Status::Ok {
            // A SELECT that is refused as illegal is no attempt; the mailbox may stay selected.
            if status == Status::No {
                self.state = State::Authenticated;
                self.view = None;
            } else {
                self.uncertain = true;
            }
            return;
        }
        self.state = State::Selected;
        if self.uncertain {
            self.uncertain = !self.client.pending.is_empty() || !self.client.legible;
            self.view = Some(View::new(mailbox.clone().into_owned()));
            return;
        }
        let Some(view) = &mut self.view else { return };
        let mut missing = Vec::new();
        missing.extend(view.exists.is_none().then_some("EXISTS"));
        missing.extend((view.recent.is_none() && !self.is_rev2).then_some("RECENT"));
        missing.extend((!view.flags_told).then_some("FLAGS"));
        if !missing.is_empty() {
            let found = format!("OK without {}", missing.join(", "));
            notes.broken(&invariant::SELECT_DATA, found);
        }
        if view.uid_next.is_some() {
            view.old = match notes.is_private(&view.mailbox) {
                true => view.exists,
                // Mail may have arrived before or after UIDNEXT was told.
                false => view.old.min(view.exists),
            };
        }
    }

    fn untagged(&mut self, untagged: Untagged<'_>, notes: &mut Notes<'_>) {
        match untagged {
            Untagged::Status { text, .. } => {
                self.code(&text, notes);
                self.selected_code(&text, notes);
            }
            Untagged::Bye(_) => {
                let may_log_out = self.client.any(|body| *body == CommandBody::Logout)
                    || self.client.is_untaggable();
                self.over = !may_log_out;
                self.view = None;
            }
            Untagged::Capability(capabilities) => {
                self.listing.asked(&capabilities, notes);
                self.capabilities(&capabilities);
            }
            Untagged::Enabled(capabilities) => {
                self.is_rev2 |= capabilities.iter().any(|name| name.is("IMAP4rev2"));
            }
            Untagged::List(list) => self.listing.name(&list, notes),
            Untagged::MailboxStatus { mailbox, attributes } => {
                self.mailbox_status(&mailbox, &attributes, notes);
            }
            data => self.mailbox_data(data, notes),
        }
    }

    fn mailbox_data(&mut self, untagged: Untagged<'_>, notes: &mut Notes<'_>) {
        let is_message_data = matches!(
            untagged,
            Untagged::Exists(_)
                | Untagged::Recent(_)
                | Untagged::Expunge(_)
                | Untagged::Fetch { .. }
                | Untagged::Vanished(_)
        );
        let is_opening = self
            .client
            .any(|body| matches!(body, CommandBody::Select { .. } | CommandBody::Examine { .. }));
        let may_be_selected = self.state == State::Selected
            || is_opening
            || self.uncertain
            || self.client.is_untaggable();
        if is_message_data && !may_be_selected {
            let found = "message data while no mailbox is selected".to_owned();
            notes.broken(&invariant::DATA_BELONGS_TO_STATE, found);
            return;
        }
        if self.uncertain {
            return;
        }
        let Some(view) = &mut self.view else { return };
        if is_opening && self.state == State::Selected {
            // It may still be about the mailbox that was selected before (RFC 3501 §5.3).
            data::record(view, &untagged);
            return;
        }
        data::apply(view, &self.client, untagged, notes);
    }

    /// A response code that holds in any state.
    fn code(&mut self, text: &RespText<'_>, notes: &mut Notes<'_>) {
        if let Some(Code::Capability(capabilities)) = &text.code {
            self.listing.unasked(capabilities, notes);
            self.capabilities(capabilities);
        }
    }

    /// A response code about the mailbox that is selected.
    fn selected_code(&mut self, text: &RespText<'_>, notes: &mut Notes<'_>) {
        let is_opening = self
            .client
            .any(|body| matches!(body, CommandBody::Select { .. } | CommandBody::Examine { .. }));
        let Some(view) = self.view.as_mut().filter(|_| !self.uncertain) else { return };
        match text.code {
            Some(Code::UidValidity(value)) => {
                if let Some(told) = view.uid_validity.filter(|told| *told != value && !is_opening) {
                    let found = format!("UIDVALIDITY {value}, after {told} at the opening");
                    notes.broken(&invariant::UIDVALIDITY_NEVER_FALLS, found);
                }
                view.uid_validity = Some(value);
                let mailbox = view.mailbox.clone();
                self.identity(&mailbox, Some(value), None, notes);
            }
            Some(Code::PermanentFlags(ref flags)) => view.permanent_flags(flags),
            Some(Code::UidNext(value)) => {
                view.uid_next = Some(value);
                view.old = view.exists;
                let mailbox = view.mailbox.clone();
                self.identity(&mailbox, None, Some(value), notes);
            }
            _ => {}
        }
    }

    fn mailbox_status(
        &mut self,
        mailbox: &Mailbox<'_>,
        attributes: &[(StatusAttribute, u64)],
        notes: &mut Notes<'_>,
    ) {
        let value = |wanted| {
            let found = attributes.iter().find(|(attribute, _)| *attribute == wanted);
            found.and_then(|(_, value)| u32::try_from(*value).ok()).and_then(NonZeroU32::new)
        };
        let mailbox = mailbox.clone().into_owned();
        let (validity, next) =
            (value(StatusAttribute::UidValidity), value(StatusAttribute::UidNext));
        self.identity(&mailbox, validity, next, notes);
    }

    /// Remembers UIDVALIDITY and UIDNEXT of a name, and holds them against what was told before.
    fn identity(
        &mut self,
        mailbox: &Mailbox<'static>,
        uid_validity: Option<NonZeroU32>,
        uid_next: Option<NonZeroU32>,
        notes: &mut Notes<'_>,
    ) {
        // While a command that could replace the mailbox is pending, either may be told.
        let replacing = notes.shared.is_replacing();
        let replacements = notes.shared.replacements;
        let known = self.identities.entry(mailbox.clone()).or_default();
        if known.replacements != replacements {
            *known = Identity { replacements, ..Identity::default() };
        }
        if let (Some(now), Some(before)) = (uid_validity, known.uid_validity) {
            if now < before && !replacing {
                let found = format!("UIDVALIDITY {now}, after {before} for the same name");
                notes.broken(&invariant::UIDVALIDITY_NEVER_FALLS, found);
            }
            if now != before {
                known.uid_next = None;
            }
        }
        if let (Some(now), Some(before)) = (uid_next, known.uid_next)
            && now < before
            && !replacing
        {
            let found = format!("UIDNEXT {now}, after {before}");
            notes.broken(&invariant::UIDNEXT_NEVER_FALLS, found);
        }
        known.uid_validity = uid_validity.or(known.uid_validity);
        known.uid_next = uid_next.or(known.uid_next);
    }

    fn capabilities(&mut self, capabilities: &[Capability<'_>]) {
        let names = capabilities.iter().map(|capability| capability.0.as_str());
        self.offered =
            Extensions::from_capabilities(names).iter().fold(self.offered, Extensions::with);
    }
}

/// Whether the text is what the client's answers are made of: BASE64, perhaps of no octets.
fn is_challenge(request: &Continue<'_>) -> bool {
    let Some(text) = &request.text else { return true };
    let line = format!("{}\r\n", text.text);
    let data = Grammar::rfc3501().authenticate_data(line.as_bytes());
    text.code.is_none() && matches!(data, Ok(AuthenticateData::Response(_)))
}

/// Whether the command changes flags, and the client may be left to work out how.
fn changes_flags(body: &CommandBody<'_>) -> bool {
    match body {
        CommandBody::Store { .. } => true,
        CommandBody::Fetch { items: FetchItems::Attributes(attributes), .. } => {
            attributes.iter().any(|attribute| {
                matches!(
                    attribute,
                    FetchAttribute::BodySection { peek: false, .. }
                        | FetchAttribute::Rfc822
                        | FetchAttribute::Rfc822Text
                )
            })
        }
        _ => false,
    }
}

fn illegal(error: &Error, notes: &mut Notes<'_>) {
    let (octets, requirement) = match error {
        Error::Invalid(rejection) => {
            (rejection.offset..rejection.offset + 1, syntax::requirement_of(rejection))
        }
        Error::Incomplete => (0..0, None),
    };
    let requirement = requirement.unwrap_or(invariant::GRAMMAR.requirement);
    let invariant = Invariant { requirement, ..invariant::GRAMMAR };
    notes.broken_at(&invariant, octets, error.to_string());
}
