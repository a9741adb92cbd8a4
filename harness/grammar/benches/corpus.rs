//! The messages that are measured: generated, and the same on every machine and in every run.

mod commands;
mod large;
mod random;
mod responses;

use std::fmt;

use self::random::Random;

/// Messages of one kind.
pub struct Row {
    /// What they are.
    pub name: &'static str,
    /// Who wrote them.
    pub origin: Origin,
    /// Each from its first octet to its final CRLF.
    pub messages: Vec<Vec<u8>>,
}

/// Who wrote a message, and whether it is measured as it arrives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A client.
    Client,
    /// A server.
    Server,
    /// A server; one message so large that it comes in many pieces.
    ServerInPieces,
}

impl Row {
    fn new(name: &'static str, origin: Origin, messages: Vec<Vec<u8>>) -> Self {
        Self { name, origin, messages }
    }

    /// The octets of all messages.
    pub fn octets(&self) -> usize {
        self.messages.iter().map(Vec::len).sum()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Every row.
pub fn rows() -> Vec<Row> {
    use Origin::{Client, Server, ServerInPieces};
    let many = |message: fn(&mut Random) -> Vec<u8>| {
        let random = &mut Random::new();
        (0..500).map(|_| message(random)).collect::<Vec<_>>()
    };
    let few = |message: fn(&mut Random) -> Vec<u8>| {
        let random = &mut Random::new();
        (0..20).map(|_| message(random)).collect::<Vec<_>>()
    };
    let one = |message: fn(&mut Random) -> Vec<u8>| vec![message(&mut Random::new())];
    vec![
        Row::new("commands", Client, many(commands::command)),
        Row::new("responses, mixed", Server, many(responses::mixed)),
        Row::new("FETCH FLAGS UID", Server, many(responses::flags_and_uid)),
        Row::new("FETCH ENVELOPE", Server, many(responses::envelope_only)),
        Row::new("FETCH BODYSTRUCTURE", Server, many(responses::body_structure_only)),
        Row::new("FETCH all items, literal of 0.1-4 KB", Server, many(responses::all_items)),
        Row::new("SEARCH, 1,000-5,000 numbers", Server, few(responses::long_search)),
        Row::new("LIST, STATUS, codes, tagged", Server, many(responses::short)),
        Row::new("one literal of 25 MiB", ServerInPieces, one(large::literal)),
        Row::new("SEARCH line of 1 MiB", ServerInPieces, one(large::search_line)),
        Row::new("BODYSTRUCTURE of 1 MiB", ServerInPieces, one(large::body_structure)),
        Row::new("20,000 literals of 32 octets", ServerInPieces, one(large::small_literals)),
    ]
}
