//! What is true of mailboxes whichever session learns it.

use std::{collections::BTreeMap, num::NonZeroU32};

use imap_grammar::{CommandBody, Mailbox, MessageAttribute};

use super::data::static_content;

/// What all sessions share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    static_data: BTreeMap<Item, u64>,
    /// Whether some client has sent what may remove messages.
    pub(super) may_have_expunged: bool,
    /// How many commands are in progress that may make a name another mailbox's.
    replacing: usize,
    /// How many of those that take a name from a mailbox are complete.
    pub(super) replacements: usize,
}

/// What never changes: an item of a message, which the name of its mailbox, UIDVALIDITY and UID
/// identify for its user (RFC 3501 §2.3.1.1).
type Item = (Option<Vec<u8>>, Mailbox<'static>, NonZeroU32, NonZeroU32, String);

/// A message as a user's sessions all name it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identified<'m> {
    pub(super) mailbox: &'m Mailbox<'static>,
    pub(super) uid_validity: NonZeroU32,
    pub(super) uid: NonZeroU32,
}

impl Shared {
    /// A command has been sent; nothing where it is not legal, and may be anything to a server.
    pub(super) fn begun(&mut self, body: Option<&CommandBody<'_>>) {
        self.may_have_expunged |= body.is_none_or(expunges);
        self.replacing += usize::from(body.is_some_and(replaces));
    }

    /// A command is complete.
    pub(super) fn completed(&mut self, body: &CommandBody<'_>) {
        self.replacing -= usize::from(replaces(body)).min(self.replacing);
        self.replacements += usize::from(frees_a_name(body));
    }

    /// Whether a name may be becoming another mailbox's.
    pub(super) fn is_replacing(&self) -> bool {
        self.replacing > 0
    }

    /// Takes in the items of a message that never change; the names of those that have.
    pub(super) fn changed(
        &mut self,
        user: Option<&[u8]>,
        message: Identified<'_>,
        items: &[MessageAttribute<'_>],
        may_be_gone: bool,
    ) -> Vec<String> {
        let mut changed = Vec::new();
        for (name, content) in items.iter().filter_map(|item| static_content(item, may_be_gone)) {
            let Identified { mailbox, uid_validity, uid } = message;
            let key = (user.map(<[u8]>::to_vec), mailbox.clone(), uid_validity, uid, name.clone());
            if *self.static_data.entry(key).or_insert(content) != content {
                changed.push(name);
            }
        }
        changed
    }
}

fn expunges(body: &CommandBody<'_>) -> bool {
    matches!(
        body,
        CommandBody::Expunge
            | CommandBody::UidExpunge(_)
            | CommandBody::Close
            | CommandBody::Move { .. }
            | CommandBody::Delete(_)
            | CommandBody::Rename { .. }
    )
}

fn replaces(body: &CommandBody<'_>) -> bool {
    frees_a_name(body) || matches!(body, CommandBody::Create { .. })
}

/// Whether a name can be another mailbox's afterwards, whose UIDVALIDITY differs and may be lower
/// (RFC 3501 §6.3.4, §6.3.5).
fn frees_a_name(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Delete(_) | CommandBody::Rename { .. })
}
