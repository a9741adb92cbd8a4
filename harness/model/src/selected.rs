//! What a session sees of the mailbox it has selected.
//!
//! A client knows messages by sequence number, so it must not see the mailbox change under its
//! hands: it sees the messages it was told of, until it is told otherwise (RFC 3501 §7.4.1). The
//! session therefore has its own list. [`Selected::synchronise`] compares that with the mailbox
//! and says what differs, where the command in progress allows it.
//!
//! A message that another session expunged, and this one was not told of yet, keeps its number and
//! has no data: what asks for it is answered with NO \[EXPUNGEISSUED\] (RFC 2180 §4.1.2, RFC 5530
//! §3), and a search does not find it (RFC 2180 §4.3).

use std::num::NonZeroU32;

use imap_grammar::{
    Code, CommandBody, Flag, FlagPerm, MessageAttribute, Response, SequenceSet, Untagged, Vanished,
};

use crate::account::MailboxId;
use crate::mailbox::{Mailbox, SYSTEM_FLAGS, Stored};
use crate::numbers::Numbers;
use crate::reply::untagged_ok;
use crate::session::Enabled;

/// A selected mailbox, as the client knows it.
#[derive(Debug)]
pub(crate) struct Selected {
    pub mailbox: MailboxId,
    pub read_only: bool,
    /// By message sequence number, which begins at one.
    messages: Vec<Known>,
    /// What the client was told of RECENT.
    recent: u32,
    /// How many of the mailbox's keywords the client was told of.
    keywords: usize,
    /// The modification sequence up to which the client knows everything.
    synchronised: u64,
    /// The STORE that is not yet carried out, where the server is made to be late with it.
    pub late: Option<CommandBody<'static>>,
}

/// A message that the client knows of.
#[derive(Debug)]
struct Known {
    uid: NonZeroU32,
    /// The flags that the client was told of, or would have been at the time.
    flags: Vec<Flag<'static>>,
    /// The modification sequence that they had.
    mod_seq: u64,
    recent: bool,
}

/// How the differences are to be told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivery {
    /// Whether EXPUNGE and VANISHED are allowed.
    pub expunges: bool,
    /// Whether FETCH must tell the UID, since a UID command is in progress.
    pub uid: bool,
    pub enabled: Enabled,
    /// How many keywords a mailbox may know.
    pub keyword_limit: usize,
}

/// A set of numbers went beyond the end of the mailbox (RFC 3501 §9, `seq-number`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BeyondEnd;

impl Selected {
    /// Opens the mailbox. Read-write, that takes `\Recent` from its messages.
    pub fn open(id: MailboxId, mailbox: &mut Mailbox, read_only: bool) -> Self {
        let mut selected = Self {
            mailbox: id,
            read_only,
            messages: Vec::new(),
            recent: 0,
            keywords: mailbox.keywords().len(),
            synchronised: mailbox.highest_mod_seq(),
            late: None,
        };
        selected.discover(mailbox);
        selected.recent = selected.count_recent();
        selected
    }

    pub fn exists(&self) -> u32 {
        number_of_messages(self.messages.len())
    }

    pub fn recent(&self) -> u32 {
        self.recent
    }

    /// How many of the messages that are in the mailbox still are recent to this session alone.
    pub fn recent_in(&self, mailbox: &Mailbox) -> u32 {
        let is_there = |known: &&Known| known.recent && mailbox.get(known.uid).is_some();
        number_of_messages(self.messages.iter().filter(is_there).count())
    }

    /// Up to which modification sequence the client knows everything.
    pub fn synchronised(&self) -> u64 {
        self.synchronised
    }

    /// The UID of a message, by its number.
    pub fn uid(&self, number: NonZeroU32) -> Option<NonZeroU32> {
        self.messages.get(index(number)).map(|known| known.uid)
    }

    /// The messages with their numbers.
    pub fn messages(&self) -> impl Iterator<Item = (NonZeroU32, NonZeroU32)> {
        (1..)
            .zip(&self.messages)
            .filter_map(|(number, known)| NonZeroU32::new(number).map(|number| (number, known.uid)))
    }

    pub fn largest_uid(&self) -> Option<NonZeroU32> {
        self.messages.last().map(|known| known.uid)
    }

    /// The numbers of the messages that the set means, ascending, each once.
    ///
    /// As unique identifiers, those that no message has are ignored (RFC 3501 §6.4.8).
    pub fn resolve(
        &self,
        set: &SequenceSet,
        uid: bool,
        mailbox: &Mailbox,
    ) -> Result<Vec<NonZeroU32>, BeyondEnd> {
        if uid {
            let uids = self.uids(set, mailbox);
            let meant = self.messages().filter(|(_, uid)| uids.contains(*uid));
            return Ok(meant.map(|(number, _)| number).collect());
        }
        let exists = NonZeroU32::new(self.exists()).ok_or(BeyondEnd)?;
        let numbers = Numbers::new(set, exists);
        if numbers.largest() > Some(exists) {
            return Err(BeyondEnd);
        }
        let all = self.messages().map(|(number, _)| number);
        Ok(all.filter(|&number| numbers.contains(number)).collect())
    }

    /// The unique identifiers that the set means.
    pub fn uids(&self, set: &SequenceSet, mailbox: &Mailbox) -> Numbers {
        Numbers::new(set, self.largest_uid().unwrap_or(mailbox.uid_next()))
    }

    /// Counts without the messages that are gone, which the client is not told.
    pub fn forget_gone(&mut self, mailbox: &Mailbox) {
        self.messages.retain(|known| mailbox.get(known.uid).is_some());
    }

    /// The flags of a message as this session sees them.
    pub fn flags(&self, number: NonZeroU32, stored: &Stored) -> Vec<Flag<'static>> {
        let recent = self.is_recent(number).then_some(Flag::Recent);
        stored.flags.iter().cloned().chain(recent).collect()
    }

    pub fn is_recent(&self, number: NonZeroU32) -> bool {
        self.messages.get(index(number)).is_some_and(|known| known.recent)
    }

    /// Whether the client knows the flags as they were at that modification sequence.
    pub fn knows(&self, number: NonZeroU32, mod_seq: u64) -> bool {
        self.messages.get(index(number)).is_some_and(|known| known.mod_seq >= mod_seq)
    }

    /// Whether any of these flags is set where the client believes that it is not, or the other way
    /// round.
    pub fn is_mistaken(&self, number: NonZeroU32, stored: &Stored, flags: &[Flag<'_>]) -> bool {
        self.messages.get(index(number)).is_none_or(|known| {
            flags.iter().any(|flag| known.flags.contains(flag) != stored.has(flag))
        })
    }

    /// The client has been told the flags.
    pub fn told(&mut self, number: NonZeroU32, stored: &Stored) {
        if let Some(known) = self.messages.get_mut(index(number)) {
            known.flags.clone_from(&stored.flags);
            known.mod_seq = stored.mod_seq;
        }
    }

    /// The flags that exist in the mailbox (FLAGS), and which of them can be changed
    /// (PERMANENTFLAGS).
    pub fn flag_responses(
        &self,
        mailbox: &Mailbox,
        keyword_limit: usize,
    ) -> [Response<'static>; 2] {
        let keywords = mailbox.keywords().iter().cloned().map(Flag::Keyword);
        let flags: Vec<_> = SYSTEM_FLAGS.into_iter().chain(keywords).collect();
        let permanent = if self.read_only {
            Vec::new()
        } else {
            let more = (mailbox.keywords().len() < keyword_limit).then_some(FlagPerm::Any);
            flags.iter().cloned().map(FlagPerm::Flag).chain(more).collect()
        };
        [
            Response::Untagged(Untagged::Flags(flags)),
            untagged_ok(Code::PermanentFlags(permanent), "What can be changed for good"),
        ]
    }

    /// Tells of keywords that the client does not know yet, before they come up in a FETCH.
    pub fn announce_keywords(
        &mut self,
        mailbox: &Mailbox,
        keyword_limit: usize,
        out: &mut Vec<Response<'static>>,
    ) {
        if self.keywords < mailbox.keywords().len() {
            self.keywords = mailbox.keywords().len();
            out.extend(self.flag_responses(mailbox, keyword_limit));
        }
    }

    /// Tells what has changed since, and what the delivery allows to tell.
    pub fn synchronise(
        &mut self,
        mailbox: &mut Mailbox,
        delivery: Delivery,
        out: &mut Vec<Response<'static>>,
    ) {
        if self.synchronised == mailbox.highest_mod_seq() {
            return;
        }
        let is_gone = |known: &Known| mailbox.get(known.uid).is_none();
        let gone = self.messages.iter().any(is_gone);
        if gone && delivery.expunges {
            self.tell_expunges(mailbox, delivery.enabled, out);
        }
        if self.discover(mailbox) {
            out.push(Response::Untagged(Untagged::Exists(self.exists())));
            self.recent = self.count_recent();
            out.push(Response::Untagged(Untagged::Recent(self.recent)));
        } else if self.recent != self.count_recent() {
            self.recent = self.count_recent();
            out.push(Response::Untagged(Untagged::Recent(self.recent)));
        }
        self.announce_keywords(mailbox, delivery.keyword_limit, out);
        self.tell_flags(mailbox, delivery, out);
        if !gone || delivery.expunges {
            self.synchronised = mailbox.highest_mod_seq();
        } else if delivery.enabled.qresync && out.iter().any(tells_mod_seq) {
            // The client must not take it that it knows everything up to what it was just told,
            // since expunges before that are still held back (RFC 7162 §3.2).
            out.push(untagged_ok(
                Code::HighestModSeq(self.synchronised),
                "Expunges since then are held back",
            ));
        }
    }

    /// Takes in the messages that are new, and returns whether there are any.
    fn discover(&mut self, mailbox: &mut Mailbox) -> bool {
        let last = self.largest_uid();
        let first_new = mailbox.messages().partition_point(|stored| Some(stored.uid) <= last);
        let new: Vec<_> = mailbox.messages()[first_new..]
            .iter()
            .map(|stored| Known {
                uid: stored.uid,
                flags: stored.flags.clone(),
                mod_seq: stored.mod_seq,
                recent: stored.recent,
            })
            .collect();
        for known in &new {
            if !self.read_only {
                mailbox.claim_recent(known.uid);
            }
        }
        let discovered = !new.is_empty();
        self.messages.extend(new);
        discovered
    }

    fn tell_expunges(
        &mut self,
        mailbox: &Mailbox,
        enabled: Enabled,
        out: &mut Vec<Response<'static>>,
    ) {
        let mut vanished = Vec::new();
        let mut number = NonZeroU32::MIN;
        self.messages.retain(|known| {
            let remains = mailbox.get(known.uid).is_some();
            if remains {
                number = number.saturating_add(1);
            } else if enabled.qresync {
                vanished.push(known.uid);
            } else {
                // The numbers above are counted down with each, so that the next has the same.
                out.push(Response::Untagged(Untagged::Expunge(number)));
            }
            remains
        });
        if let Some(uids) = SequenceSet::from_numbers(vanished) {
            out.push(Response::Untagged(Untagged::Vanished(Vanished { earlier: false, uids })));
        }
    }

    fn tell_flags(
        &mut self,
        mailbox: &Mailbox,
        delivery: Delivery,
        out: &mut Vec<Response<'static>>,
    ) {
        let changed: Vec<_> = self
            .messages()
            .filter_map(|(number, uid)| mailbox.get(uid).map(|stored| (number, stored)))
            .filter(|&(number, stored)| !self.knows(number, stored.mod_seq))
            .collect();
        for (number, stored) in changed {
            let mut items = Vec::new();
            if delivery.uid || delivery.enabled.condstore {
                items.push(MessageAttribute::Uid(stored.uid));
            }
            items.push(MessageAttribute::Flags(self.flags(number, stored)));
            if delivery.enabled.condstore {
                items.push(MessageAttribute::ModSeq(stored.mod_seq));
            }
            self.told(number, stored);
            out.push(Response::Untagged(Untagged::Fetch { number, items }));
        }
    }

    fn count_recent(&self) -> u32 {
        number_of_messages(self.messages.iter().filter(|known| known.recent).count())
    }
}

fn tells_mod_seq(response: &Response<'_>) -> bool {
    let is_mod_seq = |item: &MessageAttribute<'_>| matches!(item, MessageAttribute::ModSeq(_));
    matches!(response, Response::Untagged(Untagged::Fetch { items, .. }) if items.iter().any(is_mod_seq))
}

fn index(number: NonZeroU32) -> usize {
    number.get() as usize - 1
}

/// A count of messages, of which there are no more than UIDs.
fn number_of_messages(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
