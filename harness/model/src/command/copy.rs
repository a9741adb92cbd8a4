//! COPY and MOVE (RFC 3501 §6.4.7, RFC 6851): all of the messages or none.

use std::{collections::BTreeSet, num::NonZeroU32};

use imap_grammar::{Code, Extension, Mailbox, Rfc5530Code, SequenceSet};

use super::Context;
use super::append::check_room;
use crate::Lapse;
use crate::mailbox::Stored;
use crate::reply::{Completion, untagged_ok};
use crate::selected::Selected;

pub(super) fn copy(
    context: &mut Context<'_>,
    selected: &Selected,
    uid: bool,
    set: &SequenceSet,
    target: &Mailbox<'_>,
) -> Completion {
    match copy_messages(context, selected, uid, set, target) {
        Err(completion) => completion,
        Ok(copied) => {
            let completion = Completion::ok("COPY completed");
            match copied.code(context) {
                Some(code) => completion.with(code),
                None => completion,
            }
        }
    }
}

/// COPYUID comes before the messages go, in an untagged OK (RFC 6851 §4.3).
pub(super) fn move_messages(
    context: &mut Context<'_>,
    selected: &Selected,
    uid: bool,
    set: &SequenceSet,
    target: &Mailbox<'_>,
) -> Completion {
    if selected.read_only {
        return Completion::no("The mailbox is selected read-only");
    }
    match copy_messages(context, selected, uid, set, target) {
        Err(completion) => {
            if context.configuration.lapse == Some(Lapse::MoveLoses) {
                let source = context.account.mailbox(selected.mailbox);
                let numbers = selected.resolve(set, uid, source).unwrap_or_default();
                let uids = numbers.iter().filter_map(|&number| selected.uid(number));
                let lost: BTreeSet<_> = uids.collect();
                let source = context.account.mailbox_mut(selected.mailbox);
                source.expunge(|stored| lost.contains(&stored.uid));
            }
            completion
        }
        Ok(copied) => {
            if let Some(code) = copied.code(context) {
                context.out.push(untagged_ok(code, "The messages were moved"));
            }
            let moved: BTreeSet<_> = copied.source.iter().copied().collect();
            let source = context.account.mailbox_mut(selected.mailbox);
            let count = source.expunge(|stored| moved.contains(&stored.uid));
            let highest = source.highest_mod_seq();
            let completion = Completion::ok("MOVE completed");
            if count > 0 && context.has(Extension::CondStore) {
                completion.with(Code::HighestModSeq(highest))
            } else {
                completion
            }
        }
    }
}

/// The UIDs that messages have and that their copies got, in the same order.
struct Copied {
    uid_validity: NonZeroU32,
    source: Vec<NonZeroU32>,
    target: Vec<NonZeroU32>,
}

impl Copied {
    /// COPYUID; nothing where nothing was copied (RFC 4315 §3).
    fn code(&self, context: &Context<'_>) -> Option<Code<'static>> {
        let numbers = |uids: &[NonZeroU32]| SequenceSet::from_numbers(uids.iter().copied());
        let offered = context.has(Extension::UidPlus);
        let (source, target) = (numbers(&self.source)?, numbers(&self.target)?);
        let uid_validity = self.uid_validity;
        offered.then_some(Code::CopyUid { uid_validity, source, target })
    }
}

fn copy_messages(
    context: &mut Context<'_>,
    selected: &Selected,
    uid: bool,
    set: &SequenceSet,
    target: &Mailbox<'_>,
) -> Result<Copied, Completion> {
    let source = context.account.mailbox(selected.mailbox);
    let numbers = selected
        .resolve(set, uid, source)
        .map_err(|_| Completion::bad("There are not as many messages"))?;
    let uids = numbers.iter().filter_map(|&number| selected.uid(number));
    let messages: Vec<Stored> = uids.filter_map(|uid| source.get(uid).cloned()).collect();
    if !uid && messages.len() < numbers.len() {
        return Err(Completion::no("Some of the messages were expunged")
            .because(Rfc5530Code::ExpungeIssued));
    }

    let name = context.name(target);
    let target = context.account.find_target(&name);
    let target = target.map_err(|refusal| refusal.completion_for_target())?;
    let octets = messages.iter().map(|stored| stored.message.octets().len() as u64).sum();
    let flags = messages.iter().flat_map(|stored| &stored.flags);
    check_room(context, target, messages.len(), octets, flags)
        .map_err(|refusal| refusal.completion())?;

    let target = context.account.mailbox_mut(target);
    let source = messages.iter().map(|stored| stored.uid).collect();
    let copies = messages
        .into_iter()
        .map(|stored| target.append(stored.message, &stored.flags, stored.internal_date))
        .collect();
    Ok(Copied { uid_validity: target.uid_validity, source, target: copies })
}
