//! What the scenarios say, and what the embedded server says to it.

use std::sync::{Arc, Mutex};

use imap_conform::{
    Library,
    scenario::{Expression, Piece, Scenario, Send, Spanned, Step},
    server::Connection,
};
use imap_grammar::{DateTime, FrameLimits, Framer, Framing};
use imap_model::{Configuration, Now, Server, Transport, User};

/// What the sessions of a scenario send, in order.
pub struct Conversation {
    sent: Vec<(u8, Vec<u8>)>,
}

/// The conversations of all scenarios.
pub fn all() -> Vec<Conversation> {
    let scenarios = Library::BuiltIn.scenarios().expect("the scenarios have no mistakes");
    scenarios.iter().map(Conversation::new).collect()
}

impl Conversation {
    fn new(scenario: &Scenario) -> Self {
        let names: Vec<&str> =
            scenario.header.sessions.iter().map(|name| name.value.as_str()).collect();
        let who = |session: &str| names.iter().position(|name| *name == session).unwrap_or(0);
        let mut sent = Vec::new();
        collect(&scenario.steps, &mut |send| {
            sent.push(((who(&send.session) % 3) as u8, octets(&send.pieces)));
        });
        Self { sent }
    }

    /// The commands, each by itself.
    pub fn commands(&self) -> Vec<Vec<u8>> {
        self.sent.iter().map(|(_, octets)| octets.clone()).collect()
    }

    /// As the target `session` takes it.
    pub fn turns(&self) -> Vec<u8> {
        let turns = self.sent.iter().map(|(who, octets)| {
            let line = octets.strip_suffix(b"\r\n").unwrap_or(octets);
            [&[*who], line].concat()
        });
        turns.collect::<Vec<_>>().join(&0xff)
    }

    /// What the embedded server answers, the greeting first.
    pub fn responses(&self) -> Vec<Vec<u8>> {
        let users = vec![User { name: "alice".to_owned(), password: "secret".to_owned() }];
        let server = Server::new(Configuration { users, ..Configuration::default() });
        let server = Arc::new(Mutex::new(server));
        let (mut connection, greeting) = Connection::open(server, Transport::Plain, None);
        let prepare: [&[u8]; 3] = [
            b"l LOGIN alice secret\r\n",
            b"p APPEND INBOX {24+}\r\nSubject: a\r\nTo: b\r\n\r\nc\r\n\r\n",
            b"s SELECT INBOX\r\n",
        ];
        let mut said = greeting;
        let sent = self.sent.iter().map(|(_, octets)| octets.as_slice());
        for octets in prepare.into_iter().chain(sent) {
            connection.receive(octets);
            while let Some(output) = connection.next(now()) {
                said.extend(output.octets);
            }
        }
        messages(&said)
    }
}

fn collect(steps: &[Spanned<Step>], found: &mut impl FnMut(&Send)) {
    for step in steps {
        match &step.value {
            Step::Exchange(exchange) => exchange.sends.iter().for_each(|send| found(&send.value)),
            Step::Given(steps) => collect(steps, found),
            _ => {}
        }
    }
}

/// What is sent, with values of our own for names; literals come at once.
fn octets(pieces: &[Piece]) -> Vec<u8> {
    let mut octets = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Octets(piece) => octets.extend_from_slice(piece),
            Piece::Value(expression, _) => octets.extend_from_slice(&value(expression)),
            Piece::Literal { content, .. } => {
                let content = self::octets(content);
                octets.extend_from_slice(format!("{{{}+}}\r\n", content.len()).as_bytes());
                octets.extend_from_slice(&content);
            }
        }
    }
    octets
}

fn value(expression: &Expression) -> Vec<u8> {
    match expression {
        Expression::Name(name) => match name.split('.').next() {
            Some("user") => b"alice".to_vec(),
            Some("password") => b"secret".to_vec(),
            Some("mailbox") if name.contains('.') => b"new".to_vec(),
            Some("mailbox") => b"INBOX".to_vec(),
            Some("root") => b"root".to_vec(),
            Some("delimiter") => b"/".to_vec(),
            Some("message") => b"Subject: a\r\n\r\nb\r\n".to_vec(),
            _ => b"1".to_vec(),
        },
        Expression::String(octets) => octets.clone(),
        _ => b"1".to_vec(),
    }
}

/// The octets, message by message.
fn messages(mut said: &[u8]) -> Vec<Vec<u8>> {
    let mut framer = Framer::new(FrameLimits::default());
    let mut messages = Vec::new();
    loop {
        match framer.advance(said) {
            Ok(Framing::Message { length }) => {
                messages.push(said[..length].to_vec());
                said = &said[length..];
            }
            Ok(Framing::Literal { .. }) => {}
            Ok(Framing::Incomplete { .. }) | Err(_) => return messages,
        }
    }
}

fn now() -> Now {
    Now(DateTime::from_unix_timestamp(846_000_000, 0).expect("a year of four digits"))
}
