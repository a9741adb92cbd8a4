//! EXPUNGE and UID EXPUNGE (RFC 3501 §6.4.3, RFC 4315 §2.1).

use imap_grammar::{Code, Flag, SequenceSet};

use super::Context;
use crate::reply::Completion;
use crate::selected::Selected;

/// Expunges what has `\Deleted`, and is in the set where there is one. What is gone is told at the
/// end of the command, with what others expunged.
pub(super) fn expunge(
    context: &mut Context<'_>,
    selected: &Selected,
    set: Option<&SequenceSet>,
) -> Completion {
    if selected.read_only {
        return Completion::no("The mailbox is selected read-only");
    }
    let mailbox = context.account.mailbox_mut(selected.mailbox);
    let uids = set.map(|set| selected.uids(set, mailbox));
    let count = mailbox.expunge(|stored| {
        stored.has(&Flag::Deleted) && uids.as_ref().is_none_or(|uids| uids.contains(stored.uid))
    });
    let highest = mailbox.highest_mod_seq();
    let completion = Completion::ok("EXPUNGE completed");
    if count > 0 && context.enabled.qresync {
        // RFC 7162 §3.2.7
        completion.with(Code::HighestModSeq(highest))
    } else {
        completion
    }
}
