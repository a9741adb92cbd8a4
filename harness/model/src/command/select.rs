//! Entering and leaving the selected state: SELECT, EXAMINE, CLOSE, UNSELECT (RFC 3501 §6.3.1,
//! §6.3.2, §6.4.2, RFC 3691, RFC 7162 §3.2.5).

use std::num::NonZeroU32;

use imap_grammar::{
    Code, Extension, Flag, Mailbox as MailboxArgument, MessageAttribute, Response, SelectParameter,
    SequenceSet, Tag, Untagged,
};

use super::fetch::earlier;
use super::{Context, Run};
use crate::mailbox::{Mailbox, Stored};
use crate::numbers::{Numbers, ascends};
use crate::reply::{Completion, untagged_ok};
use crate::selected::Selected;
use crate::session::State;

/// What a client knows of a mailbox since it had it selected before: the parameter QRESYNC.
struct Remembered<'p> {
    uid_validity: NonZeroU32,
    mod_seq: u64,
    known_uids: Option<&'p SequenceSet>,
    sequence_match: Option<&'p (SequenceSet, SequenceSet)>,
}

impl Run<'_> {
    pub(super) fn select(
        &mut self,
        tag: &Tag<'_>,
        mailbox: &MailboxArgument<'_>,
        parameters: &[SelectParameter],
        read_only: bool,
    ) -> Completion {
        let Some(account) = self.session.account() else {
            return Completion::bad("Log in first");
        };
        let remembered = parameters.iter().find_map(remembered);
        if let Some(remembered) = &remembered {
            if !self.session.enabled.qresync {
                return Completion::bad("QRESYNC has to be enabled first");
            }
            if !remembered.is_valid() {
                return Completion::bad("Numbers and unique identifiers must ascend side by side");
            }
        }
        // A mailbox that was selected is so no more, whether another can be selected or not.
        if self.session.deselect(self.accounts)
            && self.configuration.offered().contains(Extension::CondStore)
        {
            self.out.push(untagged_ok(Code::Closed, "The mailbox before is closed"));
        }
        let Some((mut context, _)) = self.context(tag) else {
            return Completion::bad("Log in first");
        };
        let id = match context.find(mailbox) {
            Ok(id) => id,
            Err(refusal) => return refusal.completion(),
        };
        if !parameters.is_empty() {
            context.enable_condstore(None);
        }
        context.account.enter(id);
        let mut selected = Selected::open(id, context.account.mailbox_mut(id), read_only);
        describe(&mut context, &selected);
        if let Some(remembered) = remembered {
            resynchronise(&mut context, &mut selected, &remembered);
        }
        self.session.state = State::Selected { account, selected };
        if read_only {
            Completion::ok("EXAMINE completed").with(Code::ReadOnly)
        } else {
            Completion::ok("SELECT completed").with(Code::ReadWrite)
        }
    }

    /// Expunges without a word, unless the mailbox is selected read-only.
    pub(super) fn close(&mut self, tag: &Tag<'_>) -> Completion {
        match self.context(tag) {
            None => return Completion::bad("Log in first"),
            Some((_, None)) => return Completion::bad("Select a mailbox first"),
            Some((context, Some(selected))) => {
                if !selected.read_only {
                    let mailbox = context.account.mailbox_mut(selected.mailbox);
                    mailbox.expunge(|stored| stored.has(&Flag::Deleted));
                }
            }
        }
        self.session.deselect(self.accounts);
        Completion::ok("CLOSE completed")
    }

    pub(super) fn unselect(&mut self) -> Completion {
        if self.session.deselect(self.accounts) {
            Completion::ok("UNSELECT completed")
        } else {
            Completion::bad("Select a mailbox first")
        }
    }
}

/// What a client has to know of the mailbox (RFC 3501 §6.3.1).
fn describe(context: &mut Context<'_>, selected: &Selected) {
    let mailbox = context.account.mailbox(selected.mailbox);
    let keyword_limit = context.configuration.keyword_limit;
    let [flags, permanent_flags] = selected.flag_responses(mailbox, keyword_limit);
    let out = &mut context.out;
    out.push(flags);
    out.push(Response::Untagged(Untagged::Exists(selected.exists())));
    out.push(Response::Untagged(Untagged::Recent(selected.recent())));
    let is_unseen = |&(_, uid): &(NonZeroU32, NonZeroU32)| {
        mailbox.get(uid).is_some_and(|stored| !stored.has(&Flag::Seen))
    };
    if let Some((number, _)) = selected.messages().find(is_unseen) {
        out.push(untagged_ok(Code::Unseen(number), "The first that was not seen"));
    }
    out.push(permanent_flags);
    out.push(untagged_ok(Code::UidNext(mailbox.uid_next()), "The next unique identifier"));
    out.push(untagged_ok(Code::UidValidity(mailbox.uid_validity), "Unique identifiers hold"));
    if context.offered.contains(Extension::CondStore) {
        let code = Code::HighestModSeq(mailbox.highest_mod_seq());
        out.push(untagged_ok(code, "The highest modification sequence"));
    }
}

/// What has changed since (RFC 7162 §3.2.5.1).
fn resynchronise(context: &mut Context<'_>, selected: &mut Selected, remembered: &Remembered<'_>) {
    let mailbox = context.account.mailbox(selected.mailbox);
    let Some(largest) = NonZeroU32::new(mailbox.uid_next().get() - 1) else { return };
    if remembered.uid_validity != mailbox.uid_validity {
        return;
    }
    let uids = match remembered.known_uids {
        Some(uids) => Numbers::new(uids, largest),
        None => Numbers::up_to(largest),
    };
    let matched = remembered.matched(selected);
    let mut vanished = mailbox.expunged_since(remembered.mod_seq, &uids);
    vanished.retain(|&uid| Some(uid) > matched);
    context.out.extend(earlier(vanished));
    for (number, stored) in changed(mailbox, selected, &uids, remembered.mod_seq) {
        let items = vec![
            MessageAttribute::Uid(stored.uid),
            MessageAttribute::Flags(selected.flags(number, stored)),
            MessageAttribute::ModSeq(stored.mod_seq),
        ];
        context.out.push(Response::Untagged(Untagged::Fetch { number, items }));
    }
}

fn changed<'m>(
    mailbox: &'m Mailbox,
    selected: &Selected,
    uids: &Numbers,
    since: u64,
) -> Vec<(NonZeroU32, &'m Stored)> {
    selected
        .messages()
        .filter(|&(_, uid)| uids.contains(uid))
        .filter_map(|(number, uid)| Some((number, mailbox.get(uid)?)))
        .filter(|(_, stored)| stored.mod_seq > since)
        .collect()
}

fn remembered(parameter: &SelectParameter) -> Option<Remembered<'_>> {
    match parameter {
        SelectParameter::CondStore => None,
        SelectParameter::QResync { uid_validity, mod_seq, known_uids, sequence_match } => {
            Some(Remembered {
                uid_validity: *uid_validity,
                mod_seq: *mod_seq,
                known_uids: known_uids.as_ref(),
                sequence_match: sequence_match.as_ref(),
            })
        }
    }
}

impl Remembered<'_> {
    /// Both sets "MUST be provided in ascending order" (RFC 7162 §3.2.5.2).
    fn is_valid(&self) -> bool {
        self.sequence_match.is_none_or(|(numbers, uids)| ascends(numbers) && ascends(uids))
    }

    /// The largest UID of which the client is right about the number: it knows what was expunged
    /// up to there.
    fn matched(&self, selected: &Selected) -> Option<NonZeroU32> {
        let (numbers, uids) = self.sequence_match?;
        let exists = selected.exists();
        let pairs = numbers.iter(NonZeroU32::MAX).zip(uids.iter(NonZeroU32::MAX));
        pairs
            .take_while(|(number, _)| number.get() <= exists)
            .filter(|&(number, uid)| selected.uid(number) == Some(uid))
            .map(|(_, uid)| uid)
            .last()
    }
}
