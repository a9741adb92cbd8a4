//! A session: the state of one connection (RFC 3501 §3).

use imap_grammar::Tag;

use crate::Transport;

/// One connection.
#[derive(Debug)]
pub(crate) struct Session {
    pub transport: Transport,
    /// The command that waits for a line of the client's.
    pub pending: Option<Pending>,
}

/// A command that is not complete until the client says more.
#[derive(Debug)]
pub(crate) enum Pending {
    /// AUTHENTICATE PLAIN, whose response was asked for.
    Authenticate(Tag<'static>),
    /// IDLE.
    Idle(Tag<'static>),
}

impl Session {
    pub fn new(transport: Transport) -> Self {
        Self { transport, pending: None }
    }
}
