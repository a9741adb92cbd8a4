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
    #[serde(with = "seconds")]
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
    Sent(#[serde(with = "octets")] Vec<u8>),
    /// The server sent this frame: one line with its literals.
    Received(#[serde(with = "octets")] Vec<u8>),
    /// The server sent octets that are no frame: the connection ended in the middle, or a limit
    /// was met.
    Fragment(#[serde(with = "octets")] Vec<u8>),
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

/// Durations as seconds, which is what a person and every other language expects.
pub(crate) mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(time.as_secs_f64())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// Octets as text of the characters U+0000 to U+00FF, one an octet: no octet is lost, and what is
/// ASCII can be read.
mod octets {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(octets: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&octets.iter().copied().map(char::from).collect::<String>())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let octet = |character| {
            u8::try_from(u32::from(character))
                .map_err(|_| D::Error::custom(format!("`{character}` is no octet")))
        };
        String::deserialize(from)?.chars().map(octet).collect()
    }
}
