//! A mailbox: messages in the order of their UIDs, and what was expunged (RFC 3501 §2.3).
//!
//! Every change takes a new modification sequence (RFC 7162), which is how a session sees what it
//! has not told its client. A message has one for all its metadata. Adding a flag that is there
//! already, or removing one that is not, is no change (RFC 7162 §3.1.11).

use std::{collections::VecDeque, num::NonZeroU32};

use imap_grammar::{Atom, DateTime, Flag, SpecialUse};

use crate::numbers::Numbers;
use crate::{Lapse, Message};

/// How many expunged messages a mailbox remembers for clients that come back.
const MAX_EXPUNGED: usize = 100_000;

/// A mailbox.
#[derive(Debug)]
pub(crate) struct Mailbox {
    pub uid_validity: NonZeroU32,
    pub special_use: Vec<SpecialUse<'static>>,
    uid_next: NonZeroU32,
    highest_mod_seq: u64,
    messages: Vec<Stored>,
    octets: u64,
    keywords: Vec<Atom<'static>>,
    /// Modification sequence and UID, ascending by the former.
    expunged: VecDeque<(u64, NonZeroU32)>,
    /// The highest modification sequence of what `expunged` had to forget.
    forgotten: u64,
    lapse: Option<Lapse>,
}

/// A message in a mailbox.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub uid: NonZeroU32,
    /// Without `\Recent`; system flags first, keywords as the mailbox spells them.
    pub flags: Vec<Flag<'static>>,
    /// Whether no session has been the first to see it yet.
    pub recent: bool,
    pub internal_date: DateTime,
    pub mod_seq: u64,
    pub message: Message,
}

/// The system flags a client can set (RFC 3501 §2.3.2).
pub(crate) const SYSTEM_FLAGS: [Flag<'static>; 5] =
    [Flag::Answered, Flag::Flagged, Flag::Deleted, Flag::Seen, Flag::Draft];

impl Mailbox {
    pub fn new(uid_validity: NonZeroU32, lapse: Option<Lapse>) -> Self {
        Self {
            uid_validity,
            special_use: Vec::new(),
            uid_next: NonZeroU32::MIN,
            highest_mod_seq: 1,
            messages: Vec::new(),
            octets: 0,
            keywords: Vec::new(),
            expunged: VecDeque::new(),
            forgotten: 0,
            lapse,
        }
    }

    pub fn uid_next(&self) -> NonZeroU32 {
        self.uid_next
    }

    /// Of all changes so far; never zero.
    pub fn highest_mod_seq(&self) -> u64 {
        self.highest_mod_seq
    }

    /// Ascending by UID.
    pub fn messages(&self) -> &[Stored] {
        &self.messages
    }

    pub fn get(&self, uid: NonZeroU32) -> Option<&Stored> {
        self.position(uid).map(|at| &self.messages[at])
    }

    pub fn keywords(&self) -> &[Atom<'static>] {
        &self.keywords
    }

    /// The size of all messages together.
    pub fn octets(&self) -> u64 {
        self.octets
    }

    /// Whether there are UIDs for so many more messages.
    pub fn has_uids_for(&self, messages: usize) -> bool {
        u32::try_from(messages).is_ok_and(|count| self.uid_next.checked_add(count).is_some())
    }

    /// Whether the keywords among the flags would make it know more than so many.
    ///
    /// It looks no further than to the first that is too many, so that the time is proportional to
    /// the number of flags, which the client chooses.
    pub fn would_exceed<'f>(
        &self,
        limit: usize,
        flags: impl IntoIterator<Item = &'f Flag<'f>>,
    ) -> bool {
        let mut new: Vec<&Atom<'_>> = Vec::new();
        for flag in flags {
            if let Flag::Keyword(keyword) = flag
                && self.spelling(keyword).is_none()
                && !new.iter().any(|known| same_keyword(known, keyword))
            {
                new.push(keyword);
                if self.keywords.len() + new.len() > limit {
                    return true;
                }
            }
        }
        false
    }

    /// The flags as the mailbox keeps them, their keywords made known to it. What a client cannot
    /// set, `\Recent` and flags of `\` that nobody defined, is left out.
    pub fn learn(&mut self, flags: &[Flag<'_>]) -> Vec<Flag<'static>> {
        for flag in flags {
            if let Flag::Keyword(keyword) = flag
                && self.spelling(keyword).is_none()
            {
                self.keywords.push(keyword.clone().into_owned());
            }
        }
        self.known(flags)
    }

    /// The flags as the mailbox keeps them, without keywords it does not know.
    pub fn known(&self, flags: &[Flag<'_>]) -> Vec<Flag<'static>> {
        let system = SYSTEM_FLAGS.into_iter().filter(|flag| flags.contains(flag));
        let keywords = self.keywords.iter().filter(|known| {
            let is_known = |flag: &Flag<'_>| {
                matches!(flag, Flag::Keyword(keyword) if same_keyword(known, keyword))
            };
            flags.iter().any(is_known)
        });
        system.chain(keywords.cloned().map(Flag::Keyword)).collect()
    }

    /// Adds a message and returns its UID. The flags are made known.
    pub fn append(
        &mut self,
        message: Message,
        flags: &[Flag<'_>],
        internal_date: DateTime,
    ) -> NonZeroU32 {
        let uid = self.uid_next;
        self.uid_next = uid.saturating_add(1);
        self.octets += message.octets().len() as u64;
        let flags = self.learn(flags);
        let mod_seq = self.next_mod_seq();
        self.messages.push(Stored { uid, flags, recent: true, internal_date, mod_seq, message });
        uid
    }

    /// Sets the flags, as the mailbox keeps them, and returns whether that was a change.
    pub fn set_flags(&mut self, uid: NonZeroU32, flags: Vec<Flag<'static>>) -> bool {
        let touches = self.lapse == Some(Lapse::TouchesUnchanged);
        let changes = |at: &usize| self.messages[*at].flags != flags || touches;
        let Some(at) = self.position(uid).filter(changes) else {
            return false;
        };
        let mod_seq = self.next_mod_seq();
        let stored = &mut self.messages[at];
        stored.flags = flags;
        stored.mod_seq = mod_seq;
        true
    }

    /// Whether the message is recent, which it is for one session only.
    pub fn claim_recent(&mut self, uid: NonZeroU32) -> bool {
        let at = self.position(uid);
        at.is_some_and(|at| std::mem::take(&mut self.messages[at].recent))
    }

    /// Removes those of the messages that `condemned` holds of, and returns how many.
    pub fn expunge(&mut self, condemned: impl Fn(&Stored) -> bool) -> usize {
        let mod_seq = self.highest_mod_seq + 1;
        let before = self.messages.len();
        let (expunged, octets) = (&mut self.expunged, &mut self.octets);
        self.messages.retain(|stored| {
            let remains = !condemned(stored);
            if !remains {
                expunged.push_back((mod_seq, stored.uid));
                *octets -= stored.message.octets().len() as u64;
            }
            remains
        });
        while self.expunged.len() > MAX_EXPUNGED {
            self.forgotten = self.expunged.pop_front().map_or(0, |(mod_seq, _)| mod_seq);
        }
        let count = before - self.messages.len();
        if count > 0 {
            self.highest_mod_seq = mod_seq;
        }
        if self.lapse == Some(Lapse::ReusesUids) {
            self.uid_next = self.after_last();
        }
        count
    }

    /// The UIDs among these whose messages were expunged after that modification sequence,
    /// ascending; of all that are gone, where that is too long ago to know (RFC 7162 §3.2.6).
    pub fn expunged_since(&self, mod_seq: u64, uids: &Numbers) -> Vec<NonZeroU32> {
        if mod_seq < self.forgotten {
            let given = (1..self.uid_next.get()).filter_map(NonZeroU32::new);
            return given.filter(|&uid| uids.contains(uid) && self.get(uid).is_none()).collect();
        }
        let start = self.expunged.partition_point(|&(at, _)| at <= mod_seq);
        let since = self.expunged.range(start..).map(|&(_, uid)| uid);
        let mut expunged: Vec<_> = since.filter(|&uid| uids.contains(uid)).collect();
        expunged.sort_unstable();
        expunged
    }

    /// Takes all messages out, as an expunge does.
    pub fn take_messages(&mut self) -> Vec<Stored> {
        let messages = self.messages.clone();
        self.expunge(|_| true);
        messages
    }

    /// Takes all flags off all messages.
    pub fn forget_flags(&mut self) {
        self.messages.iter_mut().for_each(|stored| stored.flags.clear());
    }

    /// No session has it selected any more.
    pub fn left(&mut self) {
        if self.lapse == Some(Lapse::RenumbersUids) {
            let uids = (1..).filter_map(NonZeroU32::new);
            for (stored, uid) in self.messages.iter_mut().zip(uids) {
                stored.uid = uid;
            }
            self.uid_next = self.after_last();
        }
    }

    fn after_last(&self) -> NonZeroU32 {
        self.messages.last().map_or(NonZeroU32::MIN, |stored| stored.uid.saturating_add(1))
    }

    fn position(&self, uid: NonZeroU32) -> Option<usize> {
        self.messages.binary_search_by_key(&uid, |stored| stored.uid).ok()
    }

    fn spelling(&self, keyword: &Atom<'_>) -> Option<&Atom<'static>> {
        self.keywords.iter().find(|known| same_keyword(known, keyword))
    }

    fn next_mod_seq(&mut self) -> u64 {
        self.highest_mod_seq += 1;
        self.highest_mod_seq
    }
}

impl Stored {
    pub fn has(&self, flag: &Flag<'_>) -> bool {
        self.flags.contains(flag)
    }
}

fn same_keyword(one: &Atom<'_>, other: &Atom<'_>) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_expunged_too_long_ago_is_told_with_all_that_is_gone() {
        let mut mailbox = Mailbox::new(NonZeroU32::MIN, None);
        let message = Message::new(Vec::new());
        let date = DateTime::from_unix_timestamp(0, 0).unwrap();
        let count = MAX_EXPUNGED as u32 + 2;
        for _ in 0..count {
            mailbox.append(message.clone(), &[], date);
        }
        let uid = |uid| NonZeroU32::new(uid).unwrap();
        mailbox.expunge(|stored| stored.uid == uid(1));
        let then = mailbox.highest_mod_seq();
        mailbox.expunge(|stored| stored.uid == uid(2));
        let all = Numbers::up_to(uid(count));
        assert_eq!(mailbox.expunged_since(then, &all), [uid(2)]);

        mailbox.expunge(|stored| stored.uid > uid(2));
        assert_eq!(mailbox.expunged_since(then, &all).len() as u32, count, "UID 1 is forgotten");
        let now = mailbox.highest_mod_seq();
        assert_eq!(mailbox.expunged_since(now, &all), []);
    }
}
