//! STORE and UID STORE (RFC 3501 §6.4.6, RFC 7162 §3.1.3).

use std::num::NonZeroU32;

use imap_grammar::{
    Code, Flag, MessageAttribute, Response, Rfc5530Code, SequenceSet, StoreAction, Untagged,
};

use super::Context;
use crate::Lapse;
use crate::account::Refusal;
use crate::mailbox::Stored;
use crate::reply::Completion;
use crate::selected::Selected;

/// What is to be done with the flags.
pub(super) struct Change<'c> {
    pub unchanged_since: Option<u64>,
    pub action: StoreAction,
    pub silent: bool,
    pub flags: &'c [Flag<'c>],
}

pub(super) fn store(
    context: &mut Context<'_>,
    selected: &mut Selected,
    uid: bool,
    set: &SequenceSet,
    change: &Change<'_>,
) -> Completion {
    if change.unchanged_since.is_some() {
        context.enable_condstore(Some(selected));
    }
    if selected.read_only {
        return Completion::no("The mailbox is selected read-only");
    }
    let mailbox = context.account.mailbox_mut(selected.mailbox);
    let Ok(numbers) = selected.resolve(set, uid, mailbox) else {
        return Completion::bad("There are not as many messages");
    };
    let flags = if change.action == StoreAction::Remove {
        mailbox.known(change.flags)
    } else if mailbox.would_exceed(context.configuration.keyword_limit, change.flags) {
        return Refusal::Limit("The mailbox would have too many keywords").completion();
    } else {
        mailbox.learn(change.flags)
    };
    selected.announce_keywords(mailbox, context.configuration.keyword_limit, context.out);

    let mut expunged = false;
    let mut modified = Vec::new();
    for number in numbers {
        let Some(stored) = selected.uid(number).and_then(|uid| mailbox.get(uid)) else {
            expunged = true;
            continue;
        };
        if change.conflicts(selected, number, stored, &flags) {
            modified.push(if uid { stored.uid } else { number });
            if context.configuration.lapse != Some(Lapse::StoresModified) {
                continue;
            }
        }
        let (message_uid, before) = (stored.uid, stored.mod_seq);
        let new_flags = applied(change.action, stored, &flags);
        // The flags are put in the mailbox's order again.
        let new_flags = mailbox.known(&new_flags);
        let has_changed = mailbox.set_flags(message_uid, new_flags);
        let Some(stored) = mailbox.get(message_uid) else { continue };

        let tells_mod_seq = context.enabled.condstore
            && (!change.silent || has_changed || change.unchanged_since.is_some());
        // Where it is silent, the client works out the flags by itself, unless others have
        // changed them before.
        if !change.silent || selected.knows(number, before) {
            selected.told(number, stored);
        }
        tell(context.out, selected, number, stored, !change.silent, tells_mod_seq, uid);
    }

    let expunged = expunged && !uid && !change.silent;
    let completion = if expunged {
        Completion::no("Some of the messages were expunged").because(Rfc5530Code::ExpungeIssued)
    } else {
        Completion::ok("STORE completed")
    };
    match SequenceSet::from_numbers(modified) {
        Some(modified) => completion.with(Code::Modified(modified)),
        None => completion,
    }
}

impl Change<'_> {
    /// Whether others have changed what the client wants to change only unchanged.
    ///
    /// A message has one modification sequence for all its flags. That others have set another
    /// flag is no reason to refuse, where the client was told of nothing since the time it names:
    /// then it is enough that its flags are as it believes (RFC 7162 §3.1.12).
    fn conflicts(
        &self,
        selected: &Selected,
        number: NonZeroU32,
        stored: &Stored,
        flags: &[Flag<'_>],
    ) -> bool {
        let Some(since) = self.unchanged_since.filter(|&since| stored.mod_seq > since) else {
            return false;
        };
        if since == 0 && self.action != StoreAction::Replace {
            // That asks whether there is such a flag at all, and a system flag always is: "Use of
            // UNCHANGEDSINCE with a modification sequence of 0 always fails if the metadata item
            // exists" (RFC 7162 §3.1.3).
            return flags.iter().any(|flag| !matches!(flag, Flag::Keyword(_)) || stored.has(flag));
        }
        self.action == StoreAction::Replace
            || selected.knows(number, since.saturating_add(1))
            || selected.is_mistaken(number, stored, flags)
    }
}

/// The flags of a message after the action.
fn applied(action: StoreAction, stored: &Stored, flags: &[Flag<'static>]) -> Vec<Flag<'static>> {
    let old = &stored.flags;
    match action {
        StoreAction::Replace => flags.to_vec(),
        StoreAction::Add => old.iter().chain(flags).cloned().collect(),
        StoreAction::Remove => old.iter().filter(|flag| !flags.contains(flag)).cloned().collect(),
    }
}

/// The FETCH response about a message that was stored to, if anything is to be told.
fn tell(
    out: &mut Vec<Response<'static>>,
    selected: &Selected,
    number: NonZeroU32,
    stored: &Stored,
    flags: bool,
    mod_seq: bool,
    uid: bool,
) {
    if !flags && !mod_seq {
        return;
    }
    let mut items = Vec::new();
    if uid || mod_seq {
        items.push(MessageAttribute::Uid(stored.uid));
    }
    if flags {
        items.push(MessageAttribute::Flags(selected.flags(number, stored)));
    }
    if mod_seq {
        items.push(MessageAttribute::ModSeq(stored.mod_seq));
    }
    out.push(Response::Untagged(Untagged::Fetch { number, items }));
}
