//! The client's side of a session: which commands are pending, and what continuation they allow.

use std::borrow::Cow;

use imap_grammar::{Command, CommandBody, Extensions, FrameLimits, Framer, Framing, Grammar, Tag};

/// What the client has sent and is not yet answered.
#[derive(Debug)]
pub(super) struct Client {
    framer: Framer,
    buffer: Vec<u8>,
    /// Commands without completion, in the order sent.
    pub(super) pending: Vec<Pending>,
    /// Synchronising literals announced and not yet answered.
    literals: usize,
    /// Whether what the client sends can still be cut into commands.
    pub(super) legible: bool,
}

/// A command without completion.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) tag: Option<Tag<'static>>,
    /// What stands where a tag should, if it is none.
    no_tag: Option<Vec<u8>>,
    /// The command, where it is legal.
    pub(super) body: Option<CommandBody<'static>>,
    /// Whether the client's next line answers a continuation request within AUTHENTICATE or IDLE,
    /// and is no command.
    continued: bool,
}

impl Client {
    pub(super) fn new() -> Self {
        Self {
            framer: Framer::new(FrameLimits::default()),
            buffer: Vec::new(),
            pending: Vec::new(),
            literals: 0,
            legible: true,
        }
    }

    /// Takes what the client sent.
    pub(super) fn sent(&mut self, octets: &[u8]) {
        if !self.legible {
            return;
        }
        self.buffer.extend_from_slice(octets);
        loop {
            match self.framer.advance(&self.buffer) {
                Ok(Framing::Message { length }) => {
                    let message: Vec<u8> = self.buffer.drain(..length).collect();
                    self.message(&message);
                }
                // A client that does not wait for the request sends a literal or the next command,
                // as the server will have it (RFC 3501 §4.3).
                Ok(Framing::Literal { synchronising: true, at, .. }) if self.buffer.len() > at => {
                    self.legible = false;
                    return;
                }
                Ok(Framing::Literal { synchronising, .. }) => {
                    self.literals += usize::from(synchronising);
                }
                Ok(Framing::Incomplete { .. }) => return,
                // A scenario may send what no server can cut either.
                Err(_) => {
                    self.legible = false;
                    return;
                }
            }
        }
    }

    fn message(&mut self, message: &[u8]) {
        if let Some(asked) = self.pending.iter_mut().find(|pending| pending.continued) {
            asked.continued = false;
            return;
        }
        let grammar = Grammar::with(Extensions::all());
        let unmasked = unmasked(message);
        let pending = match grammar.command(&unmasked) {
            Ok(command) => {
                let Command { tag, body } = command.into_owned();
                Pending { tag: Some(tag), no_tag: None, body: Some(body), continued: false }
            }
            Err(_) => {
                let tag = first_word(message);
                let no_tag = tag.is_none().then(|| first_octets(message).to_vec());
                Pending { tag, no_tag, body: None, continued: false }
            }
        };
        self.pending.push(pending);
    }

    /// Takes a continuation request; whether one was due.
    pub(super) fn continuation(&mut self) -> bool {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.takes_lines()) {
            pending.continued = true;
            return true;
        }
        let due = self.literals > 0;
        self.literals = self.literals.saturating_sub(1);
        due
    }

    /// Takes the completion of a command; the command, if it was pending.
    pub(super) fn completed(&mut self, tag: &Tag<'_>) -> Option<Pending> {
        let index = self.pending.iter().position(|pending| pending.tag.as_ref() == Some(tag));
        match index {
            Some(index) => Some(self.pending.remove(index)),
            None => self.refused_in_the_middle(tag),
        }
    }

    /// A command whose literal is refused is complete before all of it was sent.
    fn refused_in_the_middle(&mut self, tag: &Tag<'_>) -> Option<Pending> {
        if first_word(&self.buffer).as_ref() != Some(tag) {
            return None;
        }
        self.buffer.clear();
        self.framer = Framer::new(FrameLimits::default());
        self.literals = 0;
        let tag = Some(tag.clone().into_owned());
        Some(Pending { tag, no_tag: None, body: None, continued: false })
    }

    /// Whether some command has been sent, or begun, that is not complete.
    pub(super) fn is_waiting(&self) -> bool {
        !self.pending.is_empty() || !self.buffer.is_empty()
    }

    /// Whether a pending command has a tag that the client got wrong, so that any tag may answer.
    pub(super) fn is_untaggable(&self) -> bool {
        !self.legible || self.pending.iter().any(|pending| pending.body.is_none())
    }

    /// Whether the line would be the completion of a pending command, if what the client put in the
    /// place of the tag were one: "a tag matching the command" (RFC 3501 §7) is no legal one then.
    pub(super) fn is_answered_in_kind(&self, grammar: Grammar, line: &[u8]) -> bool {
        self.pending.iter().filter_map(|pending| pending.no_tag.as_deref()).any(|no_tag| {
            let rest = line.strip_prefix(no_tag);
            rest.is_some_and(|rest| grammar.response(&[b"a", rest].concat()).is_ok())
        })
    }

    pub(super) fn any(&self, test: impl Fn(&CommandBody<'static>) -> bool) -> bool {
        self.pending.iter().any(|pending| pending.body.as_ref().is_some_and(&test))
    }

    /// Whether every command in progress passes. One is not in progress before all of it was sent
    /// (RFC 3501 §7.4.1).
    pub(super) fn in_progress_all(&self, test: impl Fn(&CommandBody<'static>) -> bool) -> bool {
        self.pending.iter().all(|pending| pending.body.as_ref().is_some_and(&test))
    }

    pub(super) fn all(&self, test: impl Fn(&CommandBody<'static>) -> bool) -> bool {
        self.buffer.is_empty() && self.in_progress_all(test)
    }
}

impl Pending {
    fn takes_lines(&self) -> bool {
        matches!(self.body, Some(CommandBody::Authenticate { .. } | CommandBody::Idle))
    }
}

/// A secret is recorded as asterisks, which neither an atom nor BASE64 may hold; in the arguments of
/// LOGIN, and behind the mechanism of AUTHENTICATE, any letter does as well.
fn unmasked(message: &[u8]) -> Cow<'_, [u8]> {
    let mut words = message.split(|&octet| octet == b' ');
    let name = words.nth(1).unwrap_or_default();
    let words_before = match name {
        _ if name.eq_ignore_ascii_case(b"LOGIN") => 2,
        _ if name.eq_ignore_ascii_case(b"AUTHENTICATE") => 3,
        _ => return Cow::Borrowed(message),
    };
    let mut spaces = 0;
    let unmasked = message.iter().map(|&octet| {
        spaces += usize::from(octet == b' ');
        if octet == b'*' && spaces >= words_before { b'x' } else { octet }
    });
    unmasked.collect()
}

fn first_word(message: &[u8]) -> Option<Tag<'static>> {
    Tag::new(String::from_utf8_lossy(first_octets(message)).into_owned())
}

fn first_octets(message: &[u8]) -> &[u8] {
    message.split(|octet| matches!(octet, b' ' | b'\r' | b'\n')).next().unwrap_or_default()
}
