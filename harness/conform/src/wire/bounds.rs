//! Bounds in time and in octets.

use std::time::Duration;

use imap_grammar::FrameLimits;
use tokio::time::Instant;

/// How long to wait. The defaults suit slow servers: some take seconds to refuse a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the name to be resolved and the connection to be accepted.
    pub connect: Duration,
    /// For TLS to be negotiated.
    pub tls: Duration,
    /// For the greeting, for an answer, and for the server to take in what is sent.
    pub response: Duration,
    /// For the answer to each step of a login.
    pub login: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            tls: Duration::from_secs(10),
            response: Duration::from_secs(30),
            login: Duration::from_secs(30),
        }
    }
}

impl Timeouts {
    /// The defaults, all scaled so that an answer may take this long: `--timeout`.
    pub fn with_response(response: Duration) -> Self {
        let default = Self::default();
        let scaled = |timeout: Duration| {
            let factor = response.as_secs_f64() / default.response.as_secs_f64();
            Duration::try_from_secs_f64(timeout.as_secs_f64() * factor).unwrap_or(Duration::MAX)
        };
        Self {
            connect: scaled(default.connect),
            tls: scaled(default.tls),
            response,
            login: scaled(default.login),
        }
    }
}

/// The instant so long from now; far in the future where that is longer than clocks reach.
pub fn deadline_in(patience: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(60 * 60 * 24 * 365);
    let now = Instant::now();
    now.checked_add(patience).unwrap_or_else(|| now + FAR)
}

/// How many octets are taken from one connection.
///
/// A connection holds at most one unfinished message within `frame`, and of finished messages
/// that nobody has asked for at most `waiting` and what one read brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In one message.
    pub frame: FrameLimits,
    /// In finished messages that wait to be received while the client is sending.
    pub waiting: usize,
    /// In all that the server ever sends on the connection.
    pub connection: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame: FrameLimits {
                line: 4 << 20,
                literal: 32 << 20,
                message: 40 << 20,
                ..FrameLimits::default()
            },
            waiting: 8 << 20,
            connection: 256 << 20,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_scaled_together() {
        let timeouts = Timeouts::with_response(Duration::from_secs(90));
        assert_eq!(timeouts.response, Duration::from_secs(90));
        assert_eq!(timeouts.connect, Duration::from_secs(30));
        assert_eq!(Timeouts::with_response(Duration::from_secs(30)), Timeouts::default());
        assert_eq!(Timeouts::with_response(Duration::MAX).response, Duration::MAX);
        assert!(deadline_in(Duration::MAX) > Instant::now());
    }
}
