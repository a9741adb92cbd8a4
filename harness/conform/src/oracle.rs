//! The oracle: rules that hold in every session, whoever wrote the scenario.
//!
//! It reads a transcript, keeps for each session what the client was told, and notices what may
//! never happen. Where the client cannot know — pipelined commands that change the mailbox, say —
//! it says nothing: a rule fires only on what no careful server could have meant.

mod agreement;
mod client;
mod data;
mod invariant;
mod listing;
mod mailbox;
mod session;
mod shared;
mod structure;
mod syntax;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use imap_grammar::Extensions;

use crate::{Finding, Happened, Transcript};

pub use invariant::{INVARIANTS, Invariant};
pub use syntax::{MessageKind, SYNTAX_RULES, SyntaxRule};

use session::Session;
use shared::Shared;

/// The most findings of one kind in a transcript: who sends nothing but nonsense breaks a rule with
/// every line.
const MAX_FINDINGS: usize = 50;

/// The player's own session, which is over when a case begins.
const PREPARATION: &str = "setup";

/// Everything the invariants notice in a transcript.
///
/// `capabilities` are those the server is known to offer after login; what each session itself is
/// told is added as it goes.
pub fn observe(transcript: &Transcript, capabilities: &[String]) -> Vec<Finding> {
    let offered = Extensions::from_capabilities(capabilities.iter().map(String::as_str));
    let names: BTreeSet<&str> =
        transcript.entries.iter().map(|entry| entry.session.as_str()).collect();
    let is_alone = names.into_iter().filter(|name| *name != PREPARATION).count() == 1;
    let unknown = unknown_from(transcript);
    let mut sessions: BTreeMap<&str, Session> = BTreeMap::new();
    let mut shared = Shared::default();
    let mut findings = Vec::new();
    for (index, entry) in transcript.entries.iter().enumerate() {
        if entry.happened == Happened::Barrier {
            agreement::compare(&sessions, &shared, index, &mut findings);
            continue;
        }
        if unknown.get(entry.session.as_str()).is_some_and(|&from| index >= from) {
            sessions.remove(entry.session.as_str());
            continue;
        }
        let session =
            sessions.entry(&entry.session).or_insert_with(|| Session::new(offered, is_alone));
        match &entry.happened {
            Happened::Connected(_) => session.reconnect(offered),
            Happened::Sent(octets) => session.sent(octets, &mut shared),
            Happened::Received(octets) => {
                session.received(octets, index, &mut shared, &mut findings);
            }
            Happened::TlsStarted(_) => session.tls_started(),
            Happened::Closed(_) | Happened::Disconnected => session.closed(),
            _ => {}
        }
    }
    bounded(findings)
}

/// Of each invariant, and each requirement that it shows broken, so many findings; the last of them
/// says how many more there were.
fn bounded(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    let mut alike: HashMap<_, (usize, usize)> = HashMap::new();
    for finding in findings {
        let what = (finding.source.clone(), finding.requirement.clone());
        let (count, last) = alike.entry(what).or_default();
        *count += 1;
        if *count <= MAX_FINDINGS {
            *last = kept.len();
            kept.push(finding);
        }
    }
    for (count, last) in alike.into_values().filter(|(count, _)| *count > MAX_FINDINGS) {
        let more = count - MAX_FINDINGS;
        kept[last].found.push_str(&format!("; and {more} more that are not shown"));
    }
    kept
}

/// From which entry on it is not known what a session heard, because not all of it was kept.
fn unknown_from(transcript: &Transcript) -> BTreeMap<&str, usize> {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unknown = BTreeMap::new();
    for (index, entry) in transcript.entries.iter().enumerate() {
        let session = entry.session.as_str();
        let before = last.insert(session, index);
        if matches!(entry.happened, Happened::Omitted(_)) {
            unknown.entry(session).or_insert(before.unwrap_or(index));
        }
    }
    unknown
}
