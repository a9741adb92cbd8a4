//! A session: the state of one connection (RFC 3501 §3).

use imap_grammar::Tag;

use crate::account::Account;
use crate::selected::Selected;
use crate::{Then, Transport};

/// One connection.
#[derive(Debug)]
pub(crate) struct Session {
    pub transport: Transport,
    pub state: State,
    /// The command that waits for a line of the client's.
    pub pending: Option<Pending>,
    pub enabled: Enabled,
}

/// The four states, but for the last: a session that is over is no session.
#[derive(Debug)]
pub(crate) enum State {
    NotAuthenticated,
    Authenticated {
        /// Which of the server's accounts.
        account: usize,
    },
    Selected {
        /// Which of the server's accounts.
        account: usize,
        selected: Selected,
    },
}

/// A command that is not complete until the client says more.
#[derive(Debug)]
pub(crate) enum Pending {
    /// AUTHENTICATE PLAIN, whose response was asked for.
    Authenticate(Tag<'static>),
    /// IDLE.
    Idle(Tag<'static>),
}

/// What the client has shown that it understands, until the connection ends (RFC 7162).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Enabled {
    /// Modification sequences in FETCH (§3.1).
    pub condstore: bool,
    /// VANISHED in place of EXPUNGE (§3.2.3).
    pub qresync: bool,
}

impl Session {
    pub fn new(transport: Transport) -> Self {
        Self {
            transport,
            state: State::NotAuthenticated,
            pending: None,
            enabled: Enabled::default(),
        }
    }

    /// Which of the server's accounts, once that is known.
    pub fn account(&self) -> Option<usize> {
        match self.state {
            State::NotAuthenticated => None,
            State::Authenticated { account } | State::Selected { account, .. } => Some(account),
        }
    }

    /// Leaves the selected mailbox, if there is one, and returns whether there was.
    pub fn deselect(&mut self, accounts: &mut [Account]) -> bool {
        let State::Selected { account, selected } = &self.state else { return false };
        accounts[*account].leave(selected.mailbox, selected.read_only);
        self.state = State::Authenticated { account: *account };
        true
    }
}

impl Pending {
    /// What the connection does until the line comes.
    pub fn then(&self) -> Then {
        match self {
            Self::Authenticate(_) => Then::Authenticate,
            Self::Idle(_) => Then::Idle,
        }
    }
}
