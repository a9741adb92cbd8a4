//! One connection to the embedded server, without its socket: octets in, octets out.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::{Buf, BytesMut};
use imap_grammar::{
    Atom, Code, Error, Extension, FrameError, FrameLimits, Framer, Framing, Grammar, RespText,
    Response, Status, Tag, Tagged, Text, Untagged,
};
use imap_model::{Line, Now, Reply, Server, SessionId, Then, Transport};

use super::tampering::Tampering;

/// How much of one message the server takes.
///
/// How deep lists may nest is left to the parser, whose error does not end the connection.
pub const LIMITS: FrameLimits =
    FrameLimits { line: 1 << 20, literal: 32 << 20, message: 40 << 20, nesting: u32::MAX };

/// One connection to a server.
///
/// It holds at most one unfinished message within [`LIMITS`], and what was
/// [received](Connection::receive) since [`next`](Connection::next) last returned nothing. Dropping
/// it ends its session.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use imap_conform::server::{After, Connection};
/// use imap_grammar::DateTime;
/// use imap_model::{Configuration, Now, Server, Transport};
///
/// let server = Arc::new(Mutex::new(Server::new(Configuration::default())));
/// let (mut connection, greeting) = Connection::open(server, Transport::Plain, None);
/// assert!(greeting.starts_with(b"* OK [CAPABILITY IMAP4rev1 "));
///
/// let now = Now(DateTime::from_unix_timestamp(0, 0).unwrap());
/// connection.receive(b"a NOOP\r\nb LOG");
/// let output = connection.next(now).unwrap();
/// assert_eq!((output.octets.as_slice(), output.after), (b"a OK NOOP completed\r\n".as_slice(), After::Read));
/// assert!(connection.next(now).is_none(), "the next command has not come yet");
/// ```
#[derive(Debug)]
pub struct Connection {
    server: Arc<Mutex<Server>>,
    session: SessionId,
    tampering: Option<Tampering>,
    framer: Framer,
    received: BytesMut,
    /// Whether the current message has announced a literal.
    in_literals: bool,
    then: Then,
}

/// What the server says to one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// To be sent; may be empty.
    pub octets: Vec<u8>,
    /// To be done then.
    pub after: After,
}

/// What is done with a connection after the octets are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// Reading goes on.
    Read,
    /// TLS begins; what was received ahead is forgotten (RFC 3501 §6.2.1).
    StartTls,
    /// The connection is closed.
    Close,
}

impl Connection {
    /// A connection, and the greeting to be sent on it.
    pub fn open(
        server: Arc<Mutex<Server>>,
        transport: Transport,
        tampering: Option<Tampering>,
    ) -> (Self, Vec<u8>) {
        let (session, greeting) = locked(&server).connect(transport);
        let mut connection = Self {
            server,
            session,
            tampering,
            framer: Framer::new(LIMITS),
            received: BytesMut::new(),
            in_literals: false,
            then: Then::Ready,
        };
        let greeting = connection.tampered(greeting.to_bytes());
        (connection, greeting)
    }

    /// Takes octets of the client's, to be answered by [`next`](Self::next).
    pub fn receive(&mut self, octets: &[u8]) {
        if !matches!(self.then, Then::StartTls | Then::Close) {
            self.received.extend_from_slice(octets);
        }
    }

    /// Carries out the next message among the octets received, and says what comes of it. Nothing
    /// where more octets are needed.
    pub fn next(&mut self, now: Now) -> Option<Output> {
        loop {
            let within_command = match self.then {
                Then::StartTls | Then::Close => return None,
                Then::Authenticate | Then::Idle => true,
                Then::Ready => false,
            };
            match self.framer.advance(&self.received) {
                Ok(Framing::Incomplete { .. }) => return None,
                Ok(Framing::Message { length }) => return Some(self.message(length, now)),
                // What AUTHENTICATE and IDLE wait for is one line and has no literal.
                Ok(Framing::Literal { synchronising: true, at, .. })
                | Err(FrameError::LargeLiteral { synchronising: true, offset: at, .. })
                    if within_command =>
                {
                    return Some(self.message(at, now));
                }
                Ok(Framing::Literal { synchronising, at, .. }) => {
                    if let Some(output) = self.announcement(synchronising, at) {
                        return Some(output);
                    }
                }
                Err(FrameError::LargeLiteral { synchronising: true, offset, announced, limit }) => {
                    let line = self.take(offset);
                    let text = format!("A literal may have {limit} octets, not {announced}");
                    return Some(self.too_big(tag(&line), text));
                }
                // Nothing but a lone LF ends the line, so the parser refuses it.
                Err(FrameError::LoneLf { offset }) => return Some(self.message(offset + 1, now)),
                // A literal that nobody asked for would have to be read to its end; a server may
                // also say BYE (RFC 7888 §4).
                Err(error) => return Some(self.bye(error.to_string())),
            }
        }
    }

    /// What an idle client is to be told now; empty where there is nothing, or it is not idle.
    pub fn updates(&mut self) -> Vec<u8> {
        let updates = locked(&self.server).updates(self.session);
        self.say(updates)
    }

    /// Ends the session with an untagged BYE that says why.
    pub fn bye(&mut self, why: impl Into<Cow<'static, str>>) -> Output {
        let octets = self.say(vec![Response::Untagged(Untagged::Bye(text(None, why)))]);
        self.close();
        Output { octets, after: After::Close }
    }

    /// TLS has begun, as [`After::StartTls`] asked.
    pub fn tls_started(&mut self) {
        locked(&self.server).tls_started(self.session);
        self.then = Then::Ready;
    }

    /// The first octets, as the end of a message.
    fn take(&mut self, length: usize) -> BytesMut {
        self.framer.reset();
        self.in_literals = false;
        self.received.split_to(length)
    }

    /// Carries out a message of that length.
    fn message(&mut self, length: usize, now: Now) -> Output {
        let message = self.take(length);
        let reply = match self.then {
            Then::Authenticate => {
                let data = Grammar::rfc3501().authenticate_data(&message);
                let line = data.map_or(Line::Malformed, Line::Authenticate);
                locked(&self.server).continuation(self.session, now, line)
            }
            Then::Idle => {
                let done = self.grammar().idle_done(&message);
                let line = done.map_or(Line::Malformed, |()| Line::Done);
                locked(&self.server).continuation(self.session, now, line)
            }
            Then::Ready | Then::StartTls | Then::Close => {
                let mut grammar = self.grammar();
                let mut message = Cow::Borrowed(message.chunk());
                if let Some(tampering) = &mut self.tampering {
                    let changed = tampering.client(message.to_vec());
                    if changed != *message {
                        // Its literals are the change's, and come at once.
                        grammar = Grammar::with(grammar.extensions().with(Extension::LiteralPlus));
                        message = Cow::Owned(changed);
                    }
                }
                match grammar.command(&message) {
                    Ok(command) => locked(&self.server).command(self.session, now, &command),
                    Err(error) => {
                        locked(&self.server).unparsable(self.session, tag(&message), &error)
                    }
                }
            }
        };
        self.reply(reply)
    }

    /// Answers the announcement of a literal behind `at` octets, where it needs an answer.
    ///
    /// Where the command cannot become legal any more, the client is told before it sends the
    /// octets. Only the first literal is a reason to look, lest many cost their square.
    fn announcement(&mut self, synchronising: bool, at: usize) -> Option<Output> {
        let is_first = !std::mem::replace(&mut self.in_literals, true);
        if !synchronising {
            return None;
        }
        if is_first
            && let Err(error @ Error::Invalid(_)) = self.grammar().command(&self.received[..at])
        {
            let line = self.take(at);
            let reply = locked(&self.server).unparsable(self.session, tag(&line), &error);
            return Some(self.reply(reply));
        }
        let request = imap_grammar::Continue { text: Some(text(None, "Ready for literal data")) };
        let octets = self.say(vec![Response::Continue(request)]);
        Some(Output { octets, after: After::Read })
    }

    fn reply(&mut self, reply: Reply) -> Output {
        let octets = self.say(reply.responses);
        self.then = reply.then;
        let after = match reply.then {
            Then::Ready | Then::Authenticate | Then::Idle => After::Read,
            Then::StartTls => {
                self.received.clear();
                After::StartTls
            }
            Then::Close => {
                self.close();
                After::Close
            }
        };
        Output { octets, after }
    }

    /// Refuses a literal that the client waits to send.
    fn too_big(&mut self, tag: Option<Tag<'static>>, why: String) -> Output {
        let code = Atom::new("TOOBIG").map(|name| Code::Other { name, value: None });
        let response = match tag {
            Some(tag) => {
                Response::Tagged(Tagged { tag, status: Status::No, text: text(code, why) })
            }
            None => {
                Response::Untagged(Untagged::Status { status: Status::Bad, text: text(code, why) })
            }
        };
        let octets = self.say(vec![response]);
        Output { octets, after: After::Read }
    }

    fn say(&mut self, responses: Vec<Response<'static>>) -> Vec<u8> {
        let mut octets = Vec::new();
        for response in responses {
            octets.append(&mut self.tampered(response.to_bytes()));
        }
        octets
    }

    fn tampered(&mut self, message: Vec<u8>) -> Vec<u8> {
        match &mut self.tampering {
            Some(tampering) => tampering.server(message),
            None => message,
        }
    }

    fn grammar(&self) -> Grammar {
        Grammar::with(locked(&self.server).extensions())
    }

    fn close(&mut self) {
        self.then = Then::Close;
        self.received = BytesMut::new();
        locked(&self.server).disconnect(self.session);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        locked(&self.server).disconnect(self.session);
    }
}

/// The server, even if a thread panicked that had it: each command leaves it whole or was the last
/// of its own session.
fn locked(server: &Mutex<Server>) -> MutexGuard<'_, Server> {
    server.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The tag of a command that is otherwise not legal.
fn tag(message: &[u8]) -> Option<Tag<'static>> {
    let end = message.iter().position(|octet| matches!(octet, b' ' | b'\r' | b'\n'))?;
    Tag::new(std::str::from_utf8(&message[..end]).ok()?.to_owned())
}

fn text(code: Option<Code<'static>>, words: impl Into<Cow<'static, str>>) -> RespText<'static> {
    let text = Text::new(words).expect("our own words and numbers are TEXT-CHARs");
    RespText { code, text }
}
