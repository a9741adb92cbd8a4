//! Small changes of the traffic between a server and its client: faults, which no server may have,
//! and variations, which any may have.

use std::collections::{BTreeMap, VecDeque};

use imap_grammar::{
    Command, CommandBody, EncodeOptions, Extensions, Flag, Grammar, LiteralForm, Mailbox,
    MessageAttribute, Response, Status, Tag, Tagged, Untagged,
};
use imap_model::Lapse;

/// A change of the traffic.
#[derive(Debug, Clone, Copy)]
pub enum Change {
    /// Changes the octets of what the client says before the server hears it.
    Heard(fn(&Exchange, Vec<u8>) -> Vec<u8>),
    /// Changes a command before the server sees it.
    Command(fn(&Exchange, &mut CommandBody<'static>)),
    /// Leaves out responses.
    Drop(fn(&Exchange, &Response<'static>) -> bool),
    /// Changes a response.
    Edit(fn(&Exchange, &mut Response<'static>)),
    /// Makes other responses of one.
    Replace(fn(&mut Exchange, Response<'static>) -> Vec<Response<'static>>),
    /// Changes the octets of a response.
    Octets(fn(&Exchange, Vec<u8>) -> Vec<u8>),
    /// Changes commands, and responses in return.
    Both {
        /// Changes a command before the server sees it.
        command: fn(&Exchange, &mut CommandBody<'static>),
        /// Changes a response.
        response: fn(&Exchange, &mut Response<'static>),
    },
    /// Leaves the traffic as it is, and makes the embedded server lose state.
    Lapse(Lapse),
}

/// How many commands that are complete are remembered.
const REMEMBERED: usize = 32;

/// What a change can know of the connection it stands in.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Commands without completion, oldest first.
    pending: Vec<(Tag<'static>, CommandBody<'static>)>,
    /// The latest commands that are complete, oldest first, and how they ended. APPEND is not
    /// among them, whose message may be large.
    past: VecDeque<(CommandBody<'static>, Status)>,
    /// Whether the server has said anything.
    pub(super) greeted: bool,
    /// How many messages the server last said there are.
    pub(super) exists: u32,
    /// Whether a mailbox is selected of which it is certain that there are so many.
    pub(super) selected: bool,
    /// How many responses to LIST, LSUB, FETCH and EXPUNGE came since the last command.
    pub(super) told: usize,
    /// The flags last told, by sequence number.
    pub(super) flags: BTreeMap<u32, Vec<Flag<'static>>>,
    /// How many mailboxes were selected.
    pub(super) selections: u32,
    /// What the change holds back to send later.
    pub(super) held: Vec<Response<'static>>,
}

impl Exchange {
    /// The pending command of that tag.
    pub(super) fn command(&self, tag: &Tag<'_>) -> Option<&CommandBody<'static>> {
        self.pending.iter().find(|(pending, _)| pending == tag).map(|(_, body)| body)
    }

    /// Whether a command of the given kind is pending.
    pub(super) fn during(&self, mut kind: impl FnMut(&CommandBody<'_>) -> bool) -> bool {
        self.pending.iter().any(|(_, body)| kind(body))
    }

    /// The pending command of the given kind that was sent first.
    pub(super) fn oldest(
        &self,
        kind: impl Fn(&CommandBody<'_>) -> bool,
    ) -> Option<&CommandBody<'static>> {
        self.pending.iter().map(|(_, body)| body).find(|body| kind(body))
    }

    /// How many commands are pending.
    pub(super) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// The tag of the command that is pending longest.
    pub(super) fn oldest_tag(&self) -> Option<&Tag<'static>> {
        self.pending.first().map(|(tag, _)| tag)
    }

    /// Whether a command of the given kind has ended so.
    pub(super) fn ended(&self, end: Status, kind: impl Fn(&CommandBody<'_>) -> bool) -> bool {
        self.past.iter().any(|(body, status)| *status == end && kind(body))
    }

    /// Whether the latest command that is complete is of the given kind.
    pub(super) fn follows(&self, kind: impl Fn(&CommandBody<'_>) -> bool) -> bool {
        self.past.back().is_some_and(|(body, _)| kind(body))
    }

    /// The mailbox that was opened last, and whether only to be examined.
    pub(super) fn opened(&self) -> Option<(&Mailbox<'static>, bool)> {
        self.past.iter().rev().find_map(|(body, status)| match body {
            CommandBody::Select { mailbox, .. } if *status == Status::Ok => Some((mailbox, false)),
            CommandBody::Examine { mailbox, .. } if *status == Status::Ok => Some((mailbox, true)),
            _ => None,
        })
    }

    fn complete(&mut self, tag: &Tag<'_>, status: Status) {
        let Some(index) = self.pending.iter().position(|(pending, _)| pending == tag) else {
            return;
        };
        let (_, body) = self.pending.remove(index);
        if !matches!(body, CommandBody::Append { .. }) {
            if self.past.len() == REMEMBERED {
                self.past.pop_front();
            }
            self.past.push_back((body, status));
        }
    }

    fn note_command(&mut self, tag: &Tag<'static>, body: &CommandBody<'static>) {
        self.told = 0;
        self.selections += u32::from(opens(body));
        let deselects =
            matches!(body, CommandBody::Close | CommandBody::Unselect | CommandBody::Logout);
        self.selected &= !opens(body) && !deselects;
        if opens(body) {
            self.flags.clear();
        }
        self.pending.push((tag.clone(), body.clone()));
    }

    fn note(&mut self, response: &Response<'_>) {
        match response {
            Response::Tagged(tagged) if tagged.status == Status::Ok => {
                let opened = self.command(&tagged.tag).is_some_and(opens);
                let opening = self.pending.iter().filter(|(_, body)| opens(body)).count();
                self.selected |= opened && opening == 1;
            }
            Response::Untagged(Untagged::Vanished(_) | Untagged::Bye(_)) => self.selected = false,
            Response::Untagged(Untagged::Exists(exists)) => self.exists = *exists,
            Response::Untagged(Untagged::Expunge(_)) => {
                self.exists = self.exists.saturating_sub(1);
                self.flags.clear();
                self.told += 1;
            }
            Response::Untagged(Untagged::List(_) | Untagged::Lsub(_)) => self.told += 1,
            Response::Untagged(Untagged::Fetch { number, items }) => {
                self.told += 1;
                let flags = items.iter().find_map(|item| match item {
                    MessageAttribute::Flags(flags) => Some(flags),
                    _ => None,
                });
                if let Some(flags) = flags {
                    let flags = flags.iter().cloned().map(Flag::into_owned).collect();
                    self.flags.insert(number.get(), flags);
                }
            }
            _ => {}
        }
    }
}

/// A change in one connection.
#[derive(Debug)]
pub struct Tampering {
    change: Change,
    exchange: Exchange,
}

impl Tampering {
    /// Puts the change into a connection.
    pub fn new(change: Change) -> Self {
        Self { change, exchange: Exchange::default() }
    }

    /// Takes a whole message of the client; returns what the server gets.
    pub fn client(&mut self, message: Vec<u8>) -> Vec<u8> {
        let Ok(command) = Grammar::with(Extensions::all()).command(&message) else {
            return self.heard(message);
        };
        let Command { tag, mut body } = command.into_owned();
        // A change looks at what the client asked, not at what the server is made to see.
        self.exchange.note_command(&tag, &body);
        let (Change::Command(change) | Change::Both { command: change, .. }) = self.change else {
            return self.heard(message);
        };
        let before = body.clone();
        change(&self.exchange, &mut body);
        if body == before {
            return message;
        }
        // The client has sent its literals already and waits for nobody.
        let options =
            EncodeOptions { literals: LiteralForm::NonSynchronising, ..EncodeOptions::default() };
        Command { tag, body }.encode(options).bytes
    }

    /// Takes a whole message of the server; returns what the client gets.
    pub fn server(&mut self, message: Vec<u8>) -> Vec<u8> {
        let Ok(response) = Grammar::with(Extensions::all()).response(&message) else {
            return self.octets(message);
        };
        let response = response.into_owned();
        self.exchange.note(&response);
        let completed = match &response {
            Response::Tagged(tagged) => Some((tagged.tag.clone(), tagged.status)),
            _ => None,
        };
        let out = self.changed(response, message);
        self.exchange.greeted = true;
        if let Some((tag, status)) = completed {
            self.exchange.complete(&tag, status);
        }
        out
    }

    fn changed(&mut self, response: Response<'static>, message: Vec<u8>) -> Vec<u8> {
        match self.change {
            Change::Heard(_) | Change::Command(_) | Change::Lapse(_) => message,
            Change::Octets(_) => self.octets(message),
            Change::Drop(drops) if drops(&self.exchange, &response) => Vec::new(),
            Change::Drop(_) => message,
            Change::Edit(edit) | Change::Both { response: edit, .. } => {
                let mut edited = response.clone();
                edit(&self.exchange, &mut edited);
                if edited == response { message } else { edited.to_bytes() }
            }
            Change::Replace(replace) => {
                let responses = replace(&mut self.exchange, response.clone());
                if responses == [response] {
                    return message;
                }
                responses.iter().flat_map(Response::to_bytes).collect()
            }
        }
    }

    fn heard(&self, message: Vec<u8>) -> Vec<u8> {
        match self.change {
            Change::Heard(change) => change(&self.exchange, message),
            _ => message,
        }
    }

    fn octets(&self, message: Vec<u8>) -> Vec<u8> {
        match self.change {
            Change::Octets(change) => change(&self.exchange, message),
            _ => message,
        }
    }
}

fn opens(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Select { .. } | CommandBody::Examine { .. })
}

/// A response that completes a command of the given kind.
pub(super) fn completes<'r>(
    exchange: &Exchange,
    response: &'r mut Response<'static>,
    kind: fn(&CommandBody<'_>) -> bool,
) -> Option<&'r mut Tagged<'static>> {
    match response {
        Response::Tagged(tagged) if exchange.command(&tagged.tag).is_some_and(kind) => Some(tagged),
        _ => None,
    }
}

/// Holds back what the test names, until the command that is in progress is complete.
pub(super) fn after_completion(
    exchange: &mut Exchange,
    response: Response<'static>,
    held: fn(&Untagged<'_>) -> bool,
) -> Vec<Response<'static>> {
    match response {
        Response::Untagged(ref untagged) if held(untagged) => {
            exchange.held.push(response);
            Vec::new()
        }
        Response::Tagged(_) => {
            let mut responses = vec![response];
            responses.append(&mut exchange.held);
            responses
        }
        response => vec![response],
    }
}

/// The untagged data in a response.
pub(super) fn untagged<'r>(
    response: &'r mut Response<'static>,
) -> Option<&'r mut Untagged<'static>> {
    match response {
        Response::Untagged(untagged) => Some(untagged),
        _ => None,
    }
}
