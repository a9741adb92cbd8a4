//! What a session was told of the mailbox it has selected.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
};

use imap_grammar::{Flag, FlagPerm, Mailbox, SequenceSet};

/// The view of a selected mailbox.
#[derive(Debug)]
pub(super) struct View {
    pub(super) mailbox: Mailbox<'static>,
    pub(super) exists: Option<u32>,
    pub(super) recent: Option<u32>,
    /// The largest number of a message that was not there yet when something was said of it, and
    /// what that was.
    pub(super) beyond: Option<(u32, &'static str)>,
    /// The flags that can be changed permanently; nothing where all can.
    permanent: Option<BTreeSet<String>>,
    pub(super) flags_told: bool,
    pub(super) uid_validity: Option<NonZeroU32>,
    /// The UIDNEXT told at the opening, and how many messages there were then.
    pub(super) uid_next: Option<NonZeroU32>,
    /// How many of the first messages were there when UIDNEXT was told.
    pub(super) old: Option<u32>,
    /// What is known of each message, by sequence number.
    pub(super) messages: BTreeMap<u32, Message>,
}

/// What a session was told of a message.
#[derive(Debug, Default, Clone)]
pub(super) struct Message {
    pub(super) uid: Option<NonZeroU32>,
    /// The flags it had when the last command was sent, as far as the client was told.
    pub(super) flags: Option<BTreeSet<String>>,
    /// The flags told since.
    pub(super) told: Option<BTreeSet<String>>,
}

impl View {
    pub(super) fn new(mailbox: Mailbox<'static>) -> Self {
        Self {
            mailbox,
            exists: None,
            recent: None,
            beyond: None,
            permanent: None,
            flags_told: false,
            uid_validity: None,
            uid_next: None,
            old: None,
            messages: BTreeMap::new(),
        }
    }

    /// PERMANENTFLAGS: the flags that a change sticks to (RFC 3501 §7.1).
    pub(super) fn permanent_flags(&mut self, flags: &[FlagPerm<'_>]) {
        let names = flags.iter().map(|flag| match flag {
            FlagPerm::Flag(flag) => flag_name(flag),
            FlagPerm::Any => ANY_KEYWORD.to_owned(),
        });
        self.permanent = Some(names.collect());
    }

    /// Whether a change of the flag of that name sticks.
    pub(super) fn is_permanent(&self, flag: &str) -> bool {
        let is_keyword = !flag.starts_with('\\');
        self.permanent.as_ref().is_none_or(|permanent| {
            permanent.contains(flag) || (is_keyword && permanent.contains(ANY_KEYWORD))
        })
    }

    /// A command has been sent. What was told before it is known, unless the command may change the
    /// flags and leave it to the client to work out how.
    pub(super) fn begun(&mut self, changes_flags: bool) {
        for message in self.messages.values_mut() {
            let told = message.told.take();
            message.flags = told.or(message.flags.take()).filter(|_| !changes_flags);
        }
    }

    /// Whether the UID of every message is known.
    pub(super) fn is_complete(&self) -> bool {
        self.exists.is_some_and(|exists| {
            self.messages.len() == exists as usize
                && self.messages.values().all(|message| message.uid.is_some())
        })
    }

    /// A message is gone, and those behind it move up.
    pub(super) fn expunge(&mut self, number: u32) {
        let mut behind = self.messages.split_off(&number);
        behind.remove(&number);
        self.messages.extend(behind.into_iter().map(|(at, message)| (at - 1, message)));
        self.exists = self.exists.map(|exists| exists.saturating_sub(1));
        // Whether the message was a recent one is not said; RECENT need not come again.
        self.recent =
            self.recent.map(|recent| self.exists.map_or(recent, |exists| recent.min(exists)));
        if let Some(old) = self.old.as_mut().filter(|old| number <= **old) {
            *old -= 1;
        }
    }

    /// Messages are gone by their unique identifiers. Where it is not known which numbers they
    /// had, neither are those of the rest.
    pub(super) fn vanished(&mut self, uids: &SequenceSet) {
        let gone = |uid: Option<NonZeroU32>| uid.is_some_and(|uid| uids.contains(uid, uid));
        if self.is_complete() {
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

/// In PERMANENTFLAGS: keywords that are not there yet can be made.
const ANY_KEYWORD: &str = "\\*";
