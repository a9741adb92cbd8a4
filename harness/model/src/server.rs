//! The server: users, mailboxes and sessions, and the way in for what clients say.

use std::{collections::BTreeMap, fmt};

use imap_grammar::{
    AuthenticateData, Code, Command, DateTime, Extensions, Greeting, GreetingKind, Response, Tag,
};

use crate::account::Account;
use crate::reply::{Completion, resp_text};
use crate::session::{Pending, Session, State};
use crate::{Configuration, Reply, Then, Transport, command};

/// The time at which something happens: what an INTERNALDATE is when the client does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Now(pub DateTime);

/// Which session; never used again for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(u64);

/// A line that a client sends to go on with a command ([`Then::Authenticate`], [`Then::Idle`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Line<'a> {
    /// Within AUTHENTICATE.
    Authenticate(AuthenticateData<'a>),
    /// DONE, within IDLE.
    Done,
    /// Anything else.
    Malformed,
}

/// A whole server.
///
/// ```
/// use imap_grammar::{DateTime, Grammar};
/// use imap_model::{Configuration, Now, Server, Then, Transport, User};
///
/// let user = User { name: "alice".to_owned(), password: "secret".to_owned() };
/// let mut server = Server::new(Configuration { users: vec![user], ..Configuration::default() });
/// let (session, greeting) = server.connect(Transport::Plain);
/// assert!(greeting.to_bytes().starts_with(b"* OK [CAPABILITY IMAP4rev1 "));
///
/// let grammar = Grammar::with(server.extensions());
/// let now = Now(DateTime::from_unix_timestamp(837_596_665, 0).unwrap());
/// for (command, answer) in [
///     (&b"a LOGIN alice secret\r\n"[..], &b"a OK [CAPABILITY IMAP4rev1 "[..]),
///     (b"b STATUS INBOX (MESSAGES)\r\n", b"* STATUS INBOX (MESSAGES 0)\r\n"),
/// ] {
///     let reply = server.command(session, now, &grammar.command(command).unwrap());
///     assert!(reply.responses[0].to_bytes().starts_with(answer));
///     assert_eq!(reply.then, Then::Ready);
/// }
/// ```
#[derive(Debug)]
pub struct Server {
    configuration: Configuration,
    /// One for each user, in the order of the configuration.
    accounts: Vec<Account>,
    sessions: BTreeMap<SessionId, Session>,
    last_session: u64,
}

impl Server {
    /// A server where every user has an empty INBOX.
    pub fn new(configuration: Configuration) -> Self {
        let accounts = configuration.users.iter().map(|_| Account::new(&configuration)).collect();
        Self { configuration, accounts, sessions: BTreeMap::new(), last_session: 0 }
    }

    /// What the server was set up with.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Begins a session.
    pub fn connect(&mut self, transport: Transport) -> (SessionId, Greeting<'static>) {
        self.last_session += 1;
        let id = SessionId(self.last_session);
        let configuration = &self.configuration;
        let mut session = Session::new(transport);
        let is_known = configuration.preauthenticated && !self.accounts.is_empty();
        let kind = if is_known {
            session.state = State::Authenticated { account: 0 };
            GreetingKind::PreAuth
        } else {
            GreetingKind::Ok
        };
        self.sessions.insert(id, session);
        let code = Code::Capability(configuration.capabilities(transport, is_known));
        let text = resp_text(Some(code), configuration.greeting.clone());
        (id, Greeting { kind, text })
    }

    /// The extensions whose constructs are legal in every session: what a parser has to know.
    pub fn extensions(&self) -> Extensions {
        self.configuration.offered()
    }

    /// Carries out a command. A session that is over gets no response but [`Then::Close`].
    pub fn command(&mut self, session: SessionId, now: Now, command: &Command<'_>) -> Reply {
        let Some(state) = self.sessions.get_mut(&session) else { return over() };
        let reply = command::execute(&self.configuration, &mut self.accounts, state, now, command);
        if reply.then == Then::Close {
            self.disconnect(session);
        }
        reply
    }

    /// Goes on with the command that waits for a line.
    pub fn continuation(&mut self, session: SessionId, now: Now, line: Line<'_>) -> Reply {
        let Some(state) = self.sessions.get_mut(&session) else { return over() };
        command::go_on(&self.configuration, &mut self.accounts, state, now, &line)
    }

    /// Answers what is no command, with the tag where it has one; the reason goes into the text.
    pub fn unparsable(
        &mut self,
        session: SessionId,
        tag: Option<Tag<'_>>,
        reason: &dyn fmt::Display,
    ) -> Reply {
        if !self.sessions.contains_key(&session) {
            return over();
        }
        let completion = Completion::bad(reason.to_string());
        let response = match tag {
            Some(tag) => completion.into_tagged(tag.into_owned()),
            None => completion.into_untagged(),
        };
        Reply { responses: vec![response], then: Then::Ready }
    }

    /// What the session can be told now without having asked: all there is while it is idle
    /// (RFC 2177), nothing otherwise, for then it comes before the end of the next command.
    pub fn updates(&mut self, session: SessionId) -> Vec<Response<'static>> {
        match self.sessions.get_mut(&session) {
            Some(state) if matches!(state.pending, Some(Pending::Idle(_))) => {
                command::updates(&self.configuration, &mut self.accounts, state)
            }
            _ => Vec::new(),
        }
    }

    /// TLS has begun, as [`Then::StartTls`] asked.
    pub fn tls_started(&mut self, session: SessionId) {
        if let Some(session) = self.sessions.get_mut(&session) {
            session.transport = Transport::Tls;
        }
    }

    /// Ends a session, at whichever end the connection was closed.
    pub fn disconnect(&mut self, session: SessionId) {
        if let Some(mut state) = self.sessions.remove(&session) {
            state.deselect(&mut self.accounts);
        }
    }
}

/// What is said to a session that is over.
fn over() -> Reply {
    Reply { responses: Vec::new(), then: Then::Close }
}
