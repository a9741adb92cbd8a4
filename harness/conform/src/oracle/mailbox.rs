//! What a session was told of the mailbox it has selected.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
};

use imap_grammar::{Flag, FlagPerm, Mailbox, SequenceSet};

use super::{invariant, session::Session};
use crate::{Finding, Verdict};

/// The view of a selected mailbox.
#[derive(Debug)]
pub(super) struct View {
    pub(super) mailbox: Mailbox<'static>,
    pub(super) exists: Option<u32>,
    pub(super) recent: Option<u32>,
    /// The largest number of a message that was not there yet when something was said of it, and
    /// what that was.
    pub(super) beyond: Option<(u32, &'static str)>,
    /// The system flags that cannot be changed permanently.
    fleeting: BTreeSet<String>,
    pub(super) flags_told: bool,
    pub(super) uid_validity: Option<NonZeroU32>,
    /// The UIDNEXT told at the opening, and how many messages there were then.
    pub(super) uid_next: Option<NonZeroU32>,
    /// How many of the first messages were there when UIDNEXT was told.
    pub(super) old: Option<u32>,
    /// What is known of each message, by sequence number.
    pub(super) messages: BTreeMap<u32, Message>,
    /// The flags told, by sequence number, since the last command was sent alone.
    pub(super) told_flags: BTreeMap<u32, BTreeSet<String>>,
}

/// What a session was told of a message.
#[derive(Debug, Default, Clone)]
pub(super) struct Message {
    pub(super) uid: Option<NonZeroU32>,
}

impl View {
    pub(super) fn new(mailbox: Mailbox<'static>) -> Self {
        Self {
            mailbox,
            exists: None,
            recent: None,
            beyond: None,
            fleeting: BTreeSet::new(),
            flags_told: false,
            uid_validity: None,
            uid_next: None,
            old: None,
            messages: BTreeMap::new(),
            told_flags: BTreeMap::new(),
        }
    }

    /// PERMANENTFLAGS: the flags that a change sticks to (RFC 3501 §7.1).
    pub(super) fn permanent_flags(&mut self, flags: &[FlagPerm<'_>]) {
        let permanent = |flag: &Flag<'_>| {
            flags.iter().any(|known| matches!(known, FlagPerm::Flag(known) if known == flag))
        };
        let system = [Flag::Answered, Flag::Flagged, Flag::Deleted, Flag::Seen, Flag::Draft];
        self.fleeting = system.iter().filter(|flag| !permanent(flag)).map(flag_name).collect();
    }

    /// Whether a change of this flag sticks.
    pub(super) fn is_permanent(&self, flag: &Flag<'_>) -> bool {
        !self.fleeting.contains(&flag_name(flag))
    }

    /// A message is gone, and those behind it move up.
    pub(super) fn expunge(&mut self, number: u32) {
        let mut behind = self.messages.split_off(&number);
        behind.remove(&number);
        self.messages.extend(behind.into_iter().map(|(at, message)| (at - 1, message)));
        self.exists = self.exists.map(|exists| exists.saturating_sub(1));
        // They were told by numbers that mean other messages now.
        self.told_flags.clear();
        if let Some(old) = self.old.as_mut().filter(|old| number <= **old) {
            *old -= 1;
        }
    }

    /// Messages are gone by their unique identifiers. Where it is not known which numbers they
    /// had, neither are those of the rest.
    pub(super) fn vanished(&mut self, uids: &SequenceSet) {
        let gone = |uid: Option<NonZeroU32>| uid.is_some_and(|uid| uids.contains(uid, uid));
        let known = self.exists.is_some_and(|exists| {
            self.messages.len() == exists as usize
                && self.messages.values().all(|message| message.uid.is_some())
        });
        if known {
            let numbers: Vec<u32> = self
                .messages
                .iter()
                .filter(|(_, message)| gone(message.uid))
                .map(|(&number, _)| number)
                .collect();
            for number in numbers.into_iter().rev() {
                self.expunge(number);
            }
        } else {
            self.messages.clear();
            self.exists = None;
            self.old = None;
        }
    }
}

/// A flag's name in a form in which equal flags are equal.
pub(super) fn flag_name(flag: &Flag<'_>) -> String {
    flag.to_string().to_ascii_lowercase()
}

/// Compares sessions that are in step and have the same mailbox selected.
pub(super) fn compare(
    sessions: &BTreeMap<&str, Session>,
    entry: usize,
    findings: &mut Vec<Finding>,
) {
    let views: Vec<(&str, &View)> = sessions
        .iter()
        .filter_map(|(name, session)| Some((*name, session.settled_view()?)))
        .collect();
    for (index, (name, view)) in views.iter().enumerate() {
        for (other_name, other) in &views[index + 1..] {
            let same = view.mailbox == other.mailbox && view.uid_validity == other.uid_validity;
            if !same || view.uid_validity.is_none() {
                continue;
            }
            if let Some(difference) = difference((name, view), (other_name, other)) {
                // A server may go on to show what is expunged elsewhere (RFC 2180 §4.1.1), and when
                // it sees new messages is not laid down: it is worth saying, and no failure.
                let mut finding = invariant::SESSIONS_AGREE.broken(entry, 0..0, difference);
                finding.verdict = Verdict::Warn;
                findings.push(finding);
            }
        }
    }
}

fn difference((name, view): (&str, &View), (other_name, other): (&str, &View)) -> Option<String> {
    if let (Some(exists), Some(other_exists)) = (view.exists, other.exists)
        && exists != other_exists
    {
        return Some(format!(
            "session {name} sees {exists} messages, session {other_name} sees {other_exists}"
        ));
    }
    view.messages.iter().find_map(|(number, message)| {
        let uid = message.uid?;
        let other_uid = other.messages.get(number)?.uid?;
        (uid != other_uid).then(|| {
            format!(
                "message {number} has UID {uid} in session {name} and {other_uid} in {other_name}"
            )
        })
    })
}
