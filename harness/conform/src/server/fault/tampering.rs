//! One connection with a fault in the way: what has been said so far, and what is made of the rest.

use imap_grammar::{
    Command, CommandBody, EncodeOptions, Extensions, Grammar, LiteralForm, Response, Tag, Untagged,
};

use super::{Change, Fault};

/// What a fault can know of the connection it stands in.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Commands without completion, oldest first.
    pending: Vec<(Tag<'static>, CommandBody<'static>)>,
    /// How many messages the server last said there are.
    pub(super) exists: u32,
    /// How many FETCH responses came since the last command.
    pub(super) fetched: usize,
    /// How many mailboxes were selected.
    pub(super) selections: u32,
    /// What a fault holds back to send later.
    pub(super) held: Vec<Response<'static>>,
}

impl Exchange {
    /// The pending command of that tag.
    pub(super) fn command(&self, tag: &Tag<'_>) -> Option<&CommandBody<'static>> {
        self.pending.iter().find(|(pending, _)| pending == tag).map(|(_, body)| body)
    }

    /// Whether a command of the given kind is pending.
    pub(super) fn during(&self, kind: impl Fn(&CommandBody<'_>) -> bool) -> bool {
        self.pending.iter().any(|(_, body)| kind(body))
    }

    fn note(&mut self, response: &Response<'_>) {
        match response {
            Response::Untagged(Untagged::Exists(exists)) => self.exists = *exists,
            Response::Untagged(Untagged::Expunge(_)) => self.exists = self.exists.saturating_sub(1),
            Response::Untagged(Untagged::Fetch { .. }) => self.fetched += 1,
            _ => {}
        }
    }
}

/// A fault in one connection.
#[derive(Debug)]
pub struct Tampering {
    fault: &'static Fault,
    exchange: Exchange,
}

impl Tampering {
    /// Puts the fault into a connection.
    pub fn new(fault: &'static Fault) -> Self {
        Self { fault, exchange: Exchange::default() }
    }

    /// Takes a whole message of the client; returns what the server gets.
    pub fn client(&mut self, message: Vec<u8>) -> Vec<u8> {
        let Ok(command) = Grammar::with(Extensions::all()).command(&message) else {
            return message;
        };
        let Command { tag, mut body } = command.into_owned();
        self.exchange.fetched = 0;
        if matches!(body, CommandBody::Select { .. } | CommandBody::Examine { .. }) {
            self.exchange.selections += 1;
        }
        // A fault looks at what the client asked, not at what the server is made to see.
        self.exchange.pending.push((tag.clone(), body.clone()));
        let Change::Command(change) = self.fault.change else { return message };
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
            Response::Tagged(tagged) => Some(tagged.tag.clone()),
            _ => None,
        };
        let out = self.changed(response, message);
        if let Some(tag) = completed {
            self.exchange.pending.retain(|(pending, _)| *pending != tag);
        }
        out
    }

    fn changed(&mut self, response: Response<'static>, message: Vec<u8>) -> Vec<u8> {
        match self.fault.change {
            Change::Command(_) => message,
            Change::Octets(_) => self.octets(message),
            Change::Drop(drops) if drops(&self.exchange, &response) => Vec::new(),
            Change::Drop(_) => message,
            Change::Edit(edit) => {
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

    fn octets(&self, message: Vec<u8>) -> Vec<u8> {
        match self.fault.change {
            Change::Octets(change) => change(&self.exchange, message),
            _ => message,
        }
    }
}
