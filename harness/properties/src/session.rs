//! The embedded server, without its sockets: whatever clients say, it stays a correct server.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use arbitrary::{Arbitrary, Unstructured};
use imap_conform::{
    Entry, Happened, Transcript, oracle,
    server::{After, Connection, LIMITS},
};
use imap_grammar::{
    Command, DateTime, EncodeOptions, Extension, Extensions, Framer, Framing, Grammar, LiteralForm,
    StringForm,
};
use imap_model::{Configuration, Now, Server, Transport, User};

/// What separates the turns of the input; no legal command outside literals holds it.
const SEPARATOR: u8 = 0xff;

const NAMES: [&str; 3] = ["one", "two", "three"];

/// How many octets of messages the server keeps: what a single command can make it say is bounded
/// by that.
const STORAGE: u64 = 16 << 10;

/// Any conversation of up to three sessions.
///
/// The input is cut into turns. The first octet of a turn says whose it is and what the rest is:
/// octets to be sent as they are, a line, what a command is made from, or that the session begins
/// anew.
pub fn session(octets: &[u8]) {
    let mut stage = Stage::new();
    for turn in octets.split(|&octet| octet == SEPARATOR) {
        let [first, rest @ ..] = turn else { continue };
        let who = usize::from(first % 3);
        match first / 3 % 4 {
            0 => stage.say(who, &[rest, b"\r\n"].concat()),
            1 => stage.say(who, rest),
            2 => stage.say(who, &command(rest)),
            _ => stage.connect(who, rest.is_empty()),
        }
    }
    stage.finish(octets.len());
}

/// A command that the octets make, written so that its literals come at once.
fn command(octets: &[u8]) -> Vec<u8> {
    let options =
        EncodeOptions { strings: StringForm::Shortest, literals: LiteralForm::NonSynchronising };
    match Command::arbitrary(&mut Unstructured::new(octets)) {
        Ok(command) => command.encode(options).bytes,
        Err(_) => Vec::new(),
    }
}

/// The server and its clients.
struct Stage {
    server: Arc<Mutex<Server>>,
    sessions: [Option<Connection>; 3],
    transcript: Transcript,
    said: u64,
}

impl Stage {
    /// A server of one user, who has one session open.
    fn new() -> Self {
        let users = vec![User { name: "alice".to_owned(), password: "secret".to_owned() }];
        let configuration = Configuration {
            users,
            starttls: true,
            keyword_limit: 4,
            mailbox_limit: 16,
            storage_limit: STORAGE,
            ..Configuration::default()
        };
        let server = Arc::new(Mutex::new(Server::new(configuration)));
        let transcript = Transcript::default();
        let mut stage = Self { server, sessions: [None, None, None], transcript, said: 0 };
        stage.connect(0, true);
        stage
    }

    /// Begins a session anew, perhaps with INBOX selected.
    fn connect(&mut self, who: usize, selected: bool) {
        let (connection, greeting) = Connection::open(self.server.clone(), Transport::Plain, None);
        if self.sessions[who].replace(connection).is_some() {
            self.note(who, Happened::Disconnected);
        }
        self.note(who, Happened::Connected(String::new()));
        let grammar = Grammar::with(Configuration::default().extensions);
        assert!(grammar.greeting(&greeting).is_ok());
        self.note(who, Happened::Received(greeting));
        if selected {
            self.say(who, b"l LOGIN alice secret\r\n");
            self.say(who, b"s SELECT INBOX\r\n");
        }
    }

    /// Lets a session hear what the others did. Where it is in the middle of IDLE, an authentication
    /// or a literal, that takes the first NOOP; where it takes more, it is hung up.
    fn bring_in_step(&mut self, who: usize) {
        for _ in 0..4 {
            if self.sessions[who].is_none() {
                return;
            }
            let before = self.transcript.entries.len();
            self.say(who, b"in-step NOOP\r\n");
            let is_done = |entry: &Entry| match &entry.happened {
                Happened::Received(octets) => octets.starts_with(b"in-step OK "),
                _ => false,
            };
            if self.transcript.entries[before..].iter().any(is_done) {
                return;
            }
        }
        self.sessions[who] = None;
        self.note(who, Happened::Disconnected);
    }

    /// Sends octets, takes what is answered, and tells idle sessions what is new.
    fn say(&mut self, who: usize, octets: &[u8]) {
        if self.sessions[who].is_none() {
            self.connect(who, true);
        }
        self.note(who, Happened::Sent(octets.to_vec()));
        let Some(connection) = &mut self.sessions[who] else { return };
        connection.receive(octets);
        while let Some(output) = self.sessions[who].as_mut().and_then(|it| it.next(now())) {
            self.heard(who, &output.octets);
            match output.after {
                After::Read => {}
                After::StartTls => {
                    self.note(who, Happened::TlsStarted(String::new()));
                    if let Some(connection) = &mut self.sessions[who] {
                        connection.tls_started();
                    }
                }
                After::Close => {
                    self.note(who, Happened::Closed(String::new()));
                    self.sessions[who] = None;
                }
            }
        }
        for who in 0..self.sessions.len() {
            let updates = self.sessions[who].as_mut().map(Connection::updates);
            self.heard(who, &updates.unwrap_or_default());
        }
    }

    /// Takes what the server says, each response of which must be legal.
    fn heard(&mut self, who: usize, octets: &[u8]) {
        self.said += octets.len() as u64;
        let grammar = Grammar::with(Configuration::default().extensions);
        let mut framer = Framer::new(LIMITS);
        let mut rest = octets;
        while !rest.is_empty() {
            match framer.advance(rest) {
                Ok(Framing::Message { length }) => {
                    let (response, behind) = rest.split_at(length);
                    if let Err(error) = grammar.response(response) {
                        panic!("{error}: {}", response.escape_ascii());
                    }
                    self.note(who, Happened::Received(response.to_vec()));
                    rest = behind;
                }
                Ok(Framing::Literal { .. }) => {}
                other => panic!("{other:?} of {}", rest.escape_ascii()),
            }
        }
    }

    fn note(&mut self, who: usize, happened: Happened) {
        let session = NAMES[who].to_owned();
        self.transcript.entries.push(Entry { at: Duration::ZERO, session, happened });
    }

    /// Brings the sessions in step, and asks the oracle.
    fn finish(mut self, octets: usize) {
        // No command of that length makes the server say its whole store more often.
        let bound = (octets as u64 + 64) * (STORAGE + (4 << 10));
        assert!(self.said <= bound, "{} octets said for {octets}", self.said);
        for who in 0..self.sessions.len() {
            self.bring_in_step(who);
        }
        for who in 0..self.sessions.len() {
            if self.sessions[who].is_some() {
                self.say(who, b"in-step UID FETCH 1:* (FLAGS)\r\n");
            }
        }
        self.note(0, Happened::Barrier);
        let names: Vec<String> =
            Extensions::all().iter().map(|extension: Extension| extension.to_string()).collect();
        let findings = oracle::observe(&self.transcript, &names);
        assert!(findings.is_empty(), "{findings:#?}\nin {:#?}", self.transcript);
    }
}

fn now() -> Now {
    Now(DateTime::from_unix_timestamp(846_000_000, 0).expect("a year of four digits"))
}
