//! Conversations as text, in the manner of the examples of the RFCs.
//!
//! `C:` is what a client says and `S:` what the server must answer, all of it and in this order;
//! `C[b]:` and `S[b]:` belong to another session. `\r\n` within a line stands for CRLF. The text
//! for people in status responses is left out: `S: a OK [READ-WRITE]`. An `S[b]:` that answers
//! nothing is an update that an idle session gets.

use std::collections::{BTreeMap, VecDeque};

use imap_grammar::{DateTime, Error, Grammar, Response, Untagged};
use imap_model::{Configuration, Line, Now, Reply, Server, SessionId, Then, Transport, User};

/// A server and the sessions that talk to it, by name.
pub struct Conversation {
    pub server: Server,
    sessions: BTreeMap<String, Peer>,
}

/// One session.
struct Peer {
    id: SessionId,
    then: Then,
    unread: VecDeque<String>,
}

/// A server for alice and bob, with nobody connected.
pub fn server(configuration: Configuration) -> Conversation {
    let user = |name: &str| User { name: name.to_owned(), password: format!("{name}'s secret") };
    let users = vec![user("alice"), user("bob")];
    Conversation {
        server: Server::new(Configuration { users, ..configuration }),
        sessions: BTreeMap::new(),
    }
}

/// A server of the default configuration, to which alice is logged in as `a`.
pub fn alice() -> Conversation {
    let mut conversation = server(Configuration::default());
    conversation.login("a", "alice");
    conversation
}

/// The same, with alice in another session `b` as well, and both have the mailbox selected.
pub fn both_in(mailbox: &str) -> Conversation {
    let mut conversation = alice();
    conversation.login("b", "alice");
    for session in ["a", "b"] {
        conversation.say(session, &format!("x SELECT {mailbox}"));
        conversation.ignore(session);
    }
    conversation
}

/// The time of everything.
pub fn now() -> Now {
    Now(DateTime::parse(b"\"17-Jul-1996 02:44:25 -0700\"").unwrap())
}

impl Conversation {
    /// Begins a session.
    pub fn connect(&mut self, name: &str, transport: Transport) -> String {
        let (id, greeting) = self.server.connect(transport);
        let encoded = greeting.to_bytes();
        let grammar = Grammar::with(self.server.extensions());
        assert_eq!(grammar.greeting(&encoded), Ok(greeting));
        let peer = Peer { id, then: Then::Ready, unread: VecDeque::new() };
        self.sessions.insert(name.to_owned(), peer);
        String::from_utf8(encoded).unwrap()
    }

    /// Begins a session and logs in.
    pub fn login(&mut self, name: &str, user: &str) {
        self.connect(name, Transport::Tls);
        self.say(name, &format!("x LOGIN {user} \"{user}'s secret\""));
        assert!(self.ignore(name).last().is_some_and(|line| line.starts_with("x OK ")));
    }

    /// Puts a message there, as a command of session `a`.
    pub fn append(&mut self, mailbox: &str, flags: &str, message: &str) {
        let length = message.replace("\\r\\n", "\r\n").len();
        self.say("a", &format!("x APPEND {mailbox} ({flags}) {{{length}+}}\\r\\n{message}"));
        let last = self.ignore("a").pop().unwrap();
        assert!(last.starts_with("x OK "), "{last}");
    }

    /// Appends so many messages to INBOX, whose text is the number of each.
    pub fn append_numbered(&mut self, count: usize) {
        for number in 1..=count {
            self.append("INBOX", "", &format!("Subject: {number}\\r\\n\\r\\n{number}"));
        }
    }

    /// Begins TLS, as the reply to STARTTLS asked.
    pub fn start_tls(&mut self, name: &str) {
        assert_eq!(self.then(name), Then::StartTls);
        self.server.tls_started(self.sessions[name].id);
        self.sessions.get_mut(name).unwrap().then = Then::Ready;
    }

    /// What the connection does after the last reply.
    pub fn then(&self, name: &str) -> Then {
        self.sessions[name].then
    }

    /// The connection is lost.
    pub fn disconnect(&mut self, name: &str) {
        let peer = self.sessions.remove(name).unwrap();
        self.server.disconnect(peer.id);
    }

    /// Says one line, literals included, and returns the answer.
    pub fn exchange(&mut self, name: &str, line: &str) -> Vec<Response<'static>> {
        let peer = self.sessions.get_mut(name).expect("the session was begun");
        let octets = format!("{}\r\n", line.replace("\\r\\n", "\r\n")).into_bytes();
        let grammar = Grammar::with(self.server.extensions());
        let reply = say(&mut self.server, grammar, peer, &octets);
        peer.then = reply.then;
        reply.responses
    }

    /// Says one line, and keeps the answer for [`Conversation::ignore`].
    pub fn say(&mut self, name: &str, line: &str) {
        let responses = self.exchange(name, line);
        let peer = self.sessions.get_mut(name).expect("the session was begun");
        let grammar = Grammar::with(self.server.extensions());
        peer.unread.extend(responses.iter().map(|response| written(grammar, response)));
    }

    /// Takes what the server has said and returns it.
    pub fn ignore(&mut self, name: &str) -> Vec<String> {
        self.sessions.get_mut(name).unwrap().unread.drain(..).collect()
    }

    /// Plays a conversation.
    pub fn run(&mut self, conversation: &str) {
        for line in conversation.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (speaker, text) = line.split_once(':').expect("a line has a speaker");
            let text = text.strip_prefix(' ').unwrap_or(text);
            let name = match speaker.get(1..).and_then(|rest| rest.strip_prefix('[')) {
                Some(rest) => rest.trim_end_matches(']'),
                None => "a",
            };
            if speaker.starts_with('C') {
                self.expect_silence(line);
                self.say(name, text);
            } else {
                assert_eq!(self.next(name).as_deref(), Some(text), "in {conversation}");
            }
        }
        self.expect_silence("the end");
    }

    /// The next line that the server says to the session.
    fn next(&mut self, name: &str) -> Option<String> {
        let peer = self.sessions.get_mut(name).expect("the session was begun");
        if peer.unread.is_empty() {
            let grammar = Grammar::with(self.server.extensions());
            let updates = self.server.updates(peer.id);
            peer.unread.extend(updates.iter().map(|response| written(grammar, response)));
        }
        peer.unread.pop_front()
    }

    fn expect_silence(&self, before: &str) {
        for (name, peer) in &self.sessions {
            assert!(peer.unread.is_empty(), "{name} before {before}: {:#?}", peer.unread);
        }
    }
}

/// Hands octets to the server as whoever owns the connection does.
fn say(server: &mut Server, grammar: Grammar, peer: &Peer, octets: &[u8]) -> Reply {
    match peer.then {
        Then::Authenticate => {
            let line = grammar.authenticate_data(octets);
            let line = line.map_or(Line::Malformed, Line::Authenticate);
            server.continuation(peer.id, now(), line)
        }
        Then::Idle => {
            let line = grammar.idle_done(octets).map_or(Line::Malformed, |()| Line::Done);
            server.continuation(peer.id, now(), line)
        }
        _ => match grammar.command(octets) {
            Ok(command) => server.command(peer.id, now(), &command),
            Err(error @ Error::Invalid(_)) => server.unparsable(peer.id, None, &error),
            Err(Error::Incomplete) => panic!("not a whole command: {}", octets.escape_ascii()),
        },
    }
}

/// The response on one line, without the text for people. That it is legal is checked as well.
pub fn written(grammar: Grammar, response: &Response<'static>) -> String {
    let encoded = response.to_bytes();
    let parsed = grammar.response(&encoded);
    assert_eq!(parsed.as_ref(), Ok(response), "{}", encoded.escape_ascii());
    let text = match response {
        Response::Tagged(tagged) => Some(&tagged.text),
        Response::Untagged(Untagged::Status { text, .. } | Untagged::Bye(text)) => Some(text),
        Response::Continue(request) => request.text.as_ref(),
        Response::Untagged(_) => None,
    };
    let line = String::from_utf8(encoded).unwrap();
    let line = line.strip_suffix("\r\n").unwrap();
    let text = text.map_or("", |text| text.text.as_str());
    line.strip_suffix(text).unwrap().trim_end().replace("\r\n", "\\r\\n")
}
