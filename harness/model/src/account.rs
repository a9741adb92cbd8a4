//! What a user has: names, mailboxes and subscriptions (RFC 3501 §5.1, §6.3.3 to §6.3.7).
//!
//! Where RFC 3501 leaves a choice:
//! - CREATE makes the superior names that are missing, as mailboxes; but nothing makes an INBOX
//!   where users have none, not RENAME to it either;
//! - DELETE and RENAME are allowed while sessions have the mailbox selected: the name goes at once,
//!   and they keep what they see until they leave (RFC 2180 §3.2 and §3.4);
//! - a subscription needs no mailbox, and outlives it.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use imap_grammar::{Code, Flag, Rfc5530Code, SpecialUse};

use crate::mailbox::Mailbox;
use crate::mailbox_name::{Hierarchy, MailboxName};
use crate::reply::Completion;
use crate::{Configuration, Lapse};

/// Which mailbox, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MailboxId(u64);

/// What a user has.
#[derive(Debug)]
pub(crate) struct Account {
    pub hierarchy: Hierarchy,
    /// Nothing for a name that cannot be selected.
    names: BTreeMap<MailboxName, Option<MailboxId>>,
    mailboxes: BTreeMap<MailboxId, Held>,
    subscriptions: BTreeSet<MailboxName>,
    mailbox_limit: usize,
    storage_limit: u64,
    last_id: u64,
    next_uid_validity: NonZeroU32,
    /// The UIDVALIDITY that names had which have it no more: it may only grow.
    retired: BTreeMap<MailboxName, NonZeroU32>,
    /// At least what each name had that `retired` had to forget; zero where there is none.
    retired_at_most: u32,
    lapse: Option<Lapse>,
}

/// A mailbox and how many sessions have it selected.
#[derive(Debug)]
struct Held {
    mailbox: Mailbox,
    viewers: usize,
}

/// Why something was not done with a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is none of that name.
    Nonexistent,
    /// The name cannot be selected.
    NoSelect,
    /// The name is taken.
    AlreadyExists,
    /// It cannot be done, ever.
    Cannot(&'static str),
    /// The special use is not supported.
    UseAttribute,
    /// A limit was met.
    Limit(&'static str),
    /// The user's messages are too large together.
    OverQuota,
}

impl Refusal {
    pub fn completion(self) -> Completion {
        match self {
            Self::Nonexistent => {
                Completion::no("There is no such mailbox").because(Rfc5530Code::Nonexistent)
            }
            Self::NoSelect => Completion::no("The name cannot be selected"),
            Self::AlreadyExists => {
                Completion::no("The name is taken").because(Rfc5530Code::AlreadyExists)
            }
            Self::Cannot(why) => Completion::no(why).because(Rfc5530Code::Cannot),
            Self::UseAttribute => {
                Completion::no("The special use is not supported").with(Code::UseAttr)
            }
            Self::Limit(which) => Completion::no(which).because(Rfc5530Code::Limit),
            Self::OverQuota => {
                Completion::no("There is no room for that").because(Rfc5530Code::OverQuota)
            }
        }
    }

    /// As the answer to a command that would have stored something there: with TRYCREATE, where
    /// it would help to create the mailbox (RFC 3501 §6.3.11).
    pub fn completion_for_target(self) -> Completion {
        match self {
            Self::Nonexistent | Self::NoSelect => self.completion().with(Code::TryCreate),
            _ => self.completion(),
        }
    }
}

impl Account {
    /// With an empty INBOX, where users have one.
    pub fn new(configuration: &Configuration) -> Self {
        let mut account = Self {
            hierarchy: Hierarchy {
                delimiter: configuration.delimiter,
                prefix: configuration.personal_prefix.clone().into_bytes(),
            },
            names: BTreeMap::new(),
            mailboxes: BTreeMap::new(),
            subscriptions: BTreeSet::new(),
            mailbox_limit: configuration.mailbox_limit.max(1),
            storage_limit: configuration.storage_limit,
            last_id: 0,
            next_uid_validity: configuration.first_uid_validity,
            retired: BTreeMap::new(),
            retired_at_most: 0,
            lapse: configuration.lapse,
        };
        if configuration.inbox {
            account.add(MailboxName::inbox());
        }
        account
    }

    /// All names, with whether they can be selected.
    pub fn names(&self) -> impl Iterator<Item = (&MailboxName, Option<MailboxId>)> {
        self.names.iter().map(|(name, id)| (name, *id))
    }

    /// What the name stands for; nothing where there is no such name.
    pub fn node(&self, name: &MailboxName) -> Option<Option<MailboxId>> {
        self.names.get(name).copied()
    }

    /// The mailbox of that name.
    pub fn find(&self, name: &MailboxName) -> Result<MailboxId, Refusal> {
        self.node(name).ok_or(Refusal::Nonexistent)?.ok_or(Refusal::NoSelect)
    }

    /// The mailbox of that name, to store something in.
    pub fn find_target(&self, name: &MailboxName) -> Result<MailboxId, Refusal> {
        match self.hierarchy.objection(name) {
            Some(objection) => Err(Refusal::Cannot(objection)),
            None => self.find(name),
        }
    }

    /// A mailbox that has a name or is selected.
    pub fn mailbox(&self, id: MailboxId) -> &Mailbox {
        &self
            .mailboxes
            .get(&id)
            .expect("a mailbox stays while a name or a session holds it")
            .mailbox
    }

    /// A mailbox that has a name or is selected.
    pub fn mailbox_mut(&mut self, id: MailboxId) -> &mut Mailbox {
        let held = self.mailboxes.get_mut(&id);
        &mut held.expect("a mailbox stays while a name or a session holds it").mailbox
    }

    /// A session has selected the mailbox.
    pub fn enter(&mut self, id: MailboxId) {
        if let Some(held) = self.mailboxes.get_mut(&id) {
            held.viewers += 1;
        }
    }

    /// A session has it selected no more.
    pub fn leave(&mut self, id: MailboxId, read_only: bool) {
        if let Some(held) = self.mailboxes.get_mut(&id) {
            held.viewers -= 1;
            if self.lapse == Some(Lapse::ExpungesOnLeaving) && !read_only {
                held.mailbox.expunge(|stored| stored.has(&Flag::Deleted));
            }
            if held.viewers == 0 {
                held.mailbox.left();
            }
        }
        self.drop_unheld(id);
    }

    /// Whether messages of that size altogether can be added.
    pub fn admits(&self, octets: u64) -> Result<(), Refusal> {
        let used: u64 = self.mailboxes.values().map(|held| held.mailbox.octets()).sum();
        if used.saturating_add(octets) <= self.storage_limit {
            Ok(())
        } else {
            Err(Refusal::OverQuota)
        }
    }

    pub fn create(
        &mut self,
        name: MailboxName,
        special_use: Vec<SpecialUse<'static>>,
    ) -> Result<(), Refusal> {
        let name = self.hierarchy.without_trailing_delimiter(name);
        self.check_free(&name)?;
        // Of these a server has to make something; the others are advice to clients.
        let unsupported = |special_use: &_| {
            matches!(special_use, SpecialUse::All | SpecialUse::Flagged | SpecialUse::Other(_))
        };
        if special_use.iter().any(unsupported) {
            return Err(Refusal::UseAttribute);
        }
        self.create_superiors(&name);
        let id = self.add(name);
        self.mailbox_mut(id).special_use = special_use;
        Ok(())
    }

    pub fn delete(&mut self, name: &MailboxName) -> Result<(), Refusal> {
        if name.is_inbox() {
            return Err(Refusal::Cannot("INBOX stays"));
        }
        let node = self.node(name).ok_or(Refusal::Nonexistent)?;
        let has_inferiors = self.has_inferiors(name);
        match node {
            None if has_inferiors => return Err(Refusal::Cannot("There are names below it")),
            None => {
                self.names.remove(name);
            }
            Some(id) => {
                if has_inferiors {
                    self.names.insert(name.clone(), None);
                } else {
                    self.names.remove(name);
                }
                self.retire(name.clone(), id);
                self.drop_unheld(id);
            }
        }
        Ok(())
    }

    pub fn rename(&mut self, from: &MailboxName, to: MailboxName) -> Result<(), Refusal> {
        let to = self.hierarchy.without_trailing_delimiter(to);
        let node = self.node(from).ok_or(Refusal::Nonexistent)?;
        if self.node(&to).is_some() {
            return Err(Refusal::AlreadyExists);
        }
        if to.is_inbox() {
            return Err(Refusal::Cannot("Nobody makes an INBOX"));
        }
        if from.is_inbox() {
            return self.rename_inbox(to);
        }
        if self.hierarchy.is_inferior(&to, from) {
            return Err(Refusal::Cannot("A mailbox cannot be moved below itself"));
        }
        let inferiors: Vec<_> = self
            .names()
            .filter(|(name, _)| self.hierarchy.is_inferior(name, from))
            .map(|(name, id)| (name.clone(), id))
            .collect();
        let moved: Vec<_> = std::iter::once((from.clone(), node))
            .chain(inferiors)
            .map(|(name, id)| {
                let renamed = self.hierarchy.renamed(&name, from, &to);
                (name, renamed, id)
            })
            .collect();
        for (_, renamed, _) in &moved {
            if let Some(objection) = self.hierarchy.objection(renamed) {
                return Err(Refusal::Cannot(objection));
            }
        }
        self.check_room(0, &to)?;
        self.create_superiors(&to);
        for (name, renamed, id) in moved {
            self.names.remove(&name);
            if self.lapse == Some(Lapse::RenameUnsubscribes) {
                self.subscriptions.remove(&name);
            }
            if let Some(id) = id {
                if self.lapse == Some(Lapse::RenameForgetsFlags) {
                    self.mailbox_mut(id).forget_flags();
                }
                self.retire(name, id);
                self.refresh(&renamed, id);
            }
            self.names.insert(renamed, id);
        }
        Ok(())
    }

    pub fn subscribe(&mut self, name: MailboxName) -> Result<(), Refusal> {
        if let Some(objection) = self.hierarchy.objection(&name) {
            return Err(Refusal::Cannot(objection));
        }
        if !self.subscriptions.contains(&name) && self.subscriptions.len() >= self.mailbox_limit {
            return Err(Refusal::Limit("There are too many subscriptions"));
        }
        self.subscriptions.insert(name);
        Ok(())
    }

    /// Whether there was such a subscription.
    pub fn unsubscribe(&mut self, name: &MailboxName) -> bool {
        self.subscriptions.remove(name)
    }

    pub fn subscriptions(&self) -> &BTreeSet<MailboxName> {
        &self.subscriptions
    }

    pub fn has_inferiors(&self, name: &MailboxName) -> bool {
        let first = self.hierarchy.before_inferiors(name);
        let next = first.and_then(|first| self.names.range(first..).next());
        next.is_some_and(|(next, _)| self.hierarchy.is_inferior(next, name))
    }

    /// INBOX stays, and what is below it; its messages go to a new mailbox (§6.3.5).
    fn rename_inbox(&mut self, to: MailboxName) -> Result<(), Refusal> {
        self.check_free(&to)?;
        self.create_superiors(&to);
        let target = self.add(to);
        let inbox = self.find(&MailboxName::inbox())?;
        let messages = self.mailbox_mut(inbox).take_messages();
        let target = self.mailbox_mut(target);
        for stored in messages {
            target.append(stored.message, &stored.flags, stored.internal_date);
        }
        Ok(())
    }

    /// That a mailbox of that name can be made. A name that cannot be selected can become one.
    fn check_free(&self, name: &MailboxName) -> Result<(), Refusal> {
        if let Some(Some(_)) = self.node(name) {
            return Err(Refusal::AlreadyExists);
        }
        if name.is_inbox() {
            return Err(Refusal::Cannot("Nobody makes an INBOX"));
        }
        if let Some(objection) = self.hierarchy.objection(name) {
            return Err(Refusal::Cannot(objection));
        }
        self.check_room(1, name)
    }

    /// That there may be so many more names, and the superiors of this one.
    fn check_room(&self, new: usize, name: &MailboxName) -> Result<(), Refusal> {
        let new = new + self.missing_superiors(name).len();
        if self.names.len() + new <= self.mailbox_limit {
            Ok(())
        } else {
            Err(Refusal::Limit("There are too many mailboxes"))
        }
    }

    fn create_superiors(&mut self, name: &MailboxName) {
        for superior in self.missing_superiors(name) {
            self.add(superior);
        }
    }

    /// The superiors that are no names yet, but could be made: not those above the namespace, and
    /// not INBOX.
    fn missing_superiors(&self, name: &MailboxName) -> Vec<MailboxName> {
        let missing = |superior: &MailboxName| {
            self.node(superior).is_none()
                && !superior.is_inbox()
                && self.hierarchy.objection(superior).is_none()
        };
        self.hierarchy.superiors(name).filter(missing).collect()
    }

    fn add(&mut self, name: MailboxName) -> MailboxId {
        self.last_id += 1;
        let id = MailboxId(self.last_id);
        let mailbox = Mailbox::new(self.new_uid_validity(), self.lapse);
        self.mailboxes.insert(id, Held { mailbox, viewers: 0 });
        self.retired.remove(&name);
        self.names.insert(name, Some(id));
        id
    }

    fn new_uid_validity(&mut self) -> NonZeroU32 {
        let uid_validity = self.next_uid_validity;
        self.next_uid_validity = uid_validity.saturating_add(1);
        uid_validity
    }

    /// Remembers what UIDVALIDITY the name had.
    fn retire(&mut self, name: MailboxName, id: MailboxId) {
        if self.retired.len() >= self.mailbox_limit {
            let forgotten = std::mem::take(&mut self.retired).into_values().max();
            self.retired_at_most = self.retired_at_most.max(forgotten.map_or(0, NonZeroU32::get));
        }
        let uid_validity = self.mailbox(id).uid_validity;
        self.retired.insert(name, uid_validity);
    }

    /// Gives the mailbox a new UIDVALIDITY where its new name has had one that is not less:
    /// it must grow, or the UIDs would seem to be those of before (§2.3.1.1).
    fn refresh(&mut self, name: &MailboxName, id: MailboxId) {
        let had = self.retired.remove(name).map_or(0, NonZeroU32::get).max(self.retired_at_most);
        if had >= self.mailbox(id).uid_validity.get() {
            let uid_validity = self.new_uid_validity();
            self.mailbox_mut(id).uid_validity = uid_validity;
        }
    }

    fn drop_unheld(&mut self, id: MailboxId) {
        let is_viewed = self.mailboxes.get(&id).is_some_and(|held| held.viewers > 0);
        if !is_viewed && !self.names.values().any(|named| *named == Some(id)) {
            self.mailboxes.remove(&id);
        }
    }
}
