//! How what the server says comes: in which pieces, and how soon.

use std::time::Duration;

use super::{Means, Variation};

/// How octets go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How many octets are sent at once.
    pub octets: usize,
    /// How long each of the server's answers waits.
    pub delay: Duration,
}

impl Default for Pace {
    /// All at once, and at once.
    fn default() -> Self {
        Self { octets: usize::MAX, delay: Duration::ZERO }
    }
}

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "octet-by-octet",
        section: "rfc3501/2.2",
        sentence: "or is reading a sequence of octets with a known count followed by a line",
        summary: "sends every octet by itself",
        means: Means::Pace(Pace { octets: 1, delay: Duration::ZERO }),
    },
    Variation {
        name: "seven-octets-at-once",
        section: "rfc3501/2.2",
        sentence: "or is reading a sequence of octets with a known count followed by a line",
        summary: "sends seven octets at once, wherever that cuts them",
        means: Means::Pace(Pace { octets: 7, delay: Duration::ZERO }),
    },
    Variation {
        name: "slow-answers",
        section: "rfc3501/2.2.2",
        sentence: "The client MUST be prepared to accept any response at all times.",
        summary: "takes its time for every answer",
        means: Means::Pace(Pace { octets: usize::MAX, delay: Duration::from_millis(10) }),
    },
];
