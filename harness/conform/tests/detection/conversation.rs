//! What is said in the cases, to find out which of them a fault can show in at all.
//!
//! A case in which a fault would change no message goes as it goes without the fault, so it need
//! not be played. That saves most of the work.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use imap_conform::{
    CaseReport, Entry, Happened,
    server::{Change, LIMITS, Tampering},
};
use imap_grammar::{Framer, Framing};

/// The connections of every case, as they go without a fault.
pub struct Conversations(BTreeMap<String, Vec<Arc<Connection>>>);

/// What is said on one connection; nothing where it cannot be cut into messages.
type Connection = Option<Vec<Said>>;

/// A whole message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    ByClient(Vec<u8>),
    ByServer(Vec<u8>),
}

impl Conversations {
    /// The conversations of cases that were played without a fault.
    pub fn new(reports: &[CaseReport]) -> Self {
        // Most cases are prepared alike.
        let mut known = BTreeSet::new();
        let mut conversations = BTreeMap::new();
        for report in reports {
            let connections = connections(&report.transcript.entries).into_iter().map(|entries| {
                let connection = Arc::new(messages(&entries));
                known.get(&connection).cloned().unwrap_or_else(|| {
                    known.insert(connection.clone());
                    connection
                })
            });
            conversations.insert(report.case.clone(), connections.collect());
        }
        Self(conversations)
    }

    /// Whether the change would change a message of the case.
    pub fn touched_by(&self, change: Change, case: &str) -> bool {
        let connections = self.0.get(case);
        connections.is_none_or(|all| all.iter().any(|connection| touches(change, connection)))
    }
}

fn touches(change: Change, connection: &Connection) -> bool {
    let (Some(said), false) = (connection, matches!(change, Change::Lapse(_))) else {
        return true;
    };
    let mut tampering = Tampering::new(change);
    said.iter().any(|said| match said {
        Said::ByClient(message) => tampering.client(message.clone()) != *message,
        Said::ByServer(message) => tampering.server(message.clone()) != *message,
    })
}

/// The entries of each connection.
fn connections(entries: &[Entry]) -> Vec<Vec<&Entry>> {
    let mut connections: Vec<Vec<&Entry>> = Vec::new();
    let mut open = BTreeMap::new();
    for entry in entries {
        if matches!(entry.happened, Happened::Connected(_)) {
            open.insert(entry.session.as_str(), connections.len());
            connections.push(Vec::new());
        } else if let Some(&index) = open.get(entry.session.as_str()) {
            connections[index].push(entry);
        }
    }
    connections
}

fn messages(entries: &[&Entry]) -> Connection {
    let mut said = Vec::new();
    let mut framer = Framer::new(LIMITS);
    let mut sent = Vec::new();
    for entry in entries {
        match &entry.happened {
            Happened::Sent(octets) => {
                sent.extend_from_slice(octets);
                loop {
                    match framer.advance(&sent) {
                        Ok(Framing::Incomplete { .. }) => break,
                        Ok(Framing::Literal { .. }) => {}
                        Ok(Framing::Message { length }) => {
                            let message = sent.drain(..length).collect();
                            said.push(Said::ByClient(alike(message)));
                        }
                        Err(_) => return None,
                    }
                }
            }
            Happened::Received(octets) => {
                // A command whose literal is refused is over.
                let word =
                    |octets: &[u8]| octets.split(|&octet| octet == b' ').next().map(<[u8]>::to_vec);
                if !sent.is_empty() && word(octets) == word(&sent) {
                    sent.clear();
                    framer.reset();
                }
                said.push(Said::ByServer(alike(octets.to_vec())));
            }
            _ => {}
        }
    }
    Some(said)
}

/// The message with what differs from case to case made alike: masked secrets and long numbers,
/// which name the run's mailboxes and say how long unique identifiers hold.
fn alike(mut message: Vec<u8>) -> Vec<u8> {
    let has = |word: &[u8]| message.windows(word.len()).any(|octets| octets == word);
    if has(b" LOGIN ") || has(b" AUTHENTICATE ") {
        message.iter_mut().filter(|octet| **octet == b'*').for_each(|octet| *octet = b'A');
    }
    for digits in message.chunk_by_mut(|one, other| one.is_ascii_digit() == other.is_ascii_digit())
    {
        if digits.len() > 5 && digits[0].is_ascii_digit() {
            digits.fill(b'1');
        }
    }
    message
}
