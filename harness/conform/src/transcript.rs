//! The transcript: every octet of every session, with its time and direction.
//!
//! Matching, the oracle and the reports look at this and at nothing else.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What was said in one case, in the order it was said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Transcript {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Since the case began.
    pub at: Duration,
    /// The session's name; empty where a scenario has only one, `setup` for the player's own.
    pub session: String,
    /// What happened.
    pub happened: Happened,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happened {
    /// A connection was opened; a person can read how.
    Connected(String),
    /// The client sent these octets, secrets already masked.
    Sent(Vec<u8>),
    /// The server sent this frame: one line with its literals.
    Received(Vec<u8>),
    /// The server sent octets that are no frame: the connection ended in the middle, or a limit
    /// was met.
    Fragment(Vec<u8>),
    /// So many octets follow that are not kept, because the record is bounded: the rest of the
    /// entry before, or more of the same kind.
    Omitted(u64),
    /// TLS was negotiated; a person can read which.
    TlsStarted(String),
    /// The server closed the connection, or it broke; a person can read how.
    Closed(String),
    /// The client closed the connection.
    Disconnected,
    /// All sessions were in step.
    Barrier,
}
