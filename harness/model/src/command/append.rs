//! APPEND (RFC 3501 §6.3.11).

use imap_grammar::{Code, DateTime, Extension, Flag, ImapString, Mailbox};

use super::Context;
use crate::account::{MailboxId, Refusal};
use crate::reply::Completion;
use crate::{Lapse, Message};

pub(super) fn append(
    context: &mut Context<'_>,
    mailbox: &Mailbox<'_>,
    flags: &[Flag<'_>],
    date_time: Option<DateTime>,
    message: &ImapString<'_>,
) -> Completion {
    let name = context.name(mailbox);
    if context.configuration.lapse == Some(Lapse::AppendCreates) {
        // Where it is there already, or cannot be, that shows in what follows.
        let _ = context.account.create(name.clone(), Vec::new());
    }
    let target = context.account.find_target(&name).and_then(|id| {
        check_room(context, id, 1, message.as_bytes().len() as u64, flags.iter())?;
        Ok(id)
    });
    match target {
        Err(refusal) => refusal.completion_for_target(),
        Ok(id) => {
            let mailbox = context.account.mailbox_mut(id);
            let message = Message::new(message.as_bytes().to_vec());
            let uid = mailbox.append(message, flags, date_time.unwrap_or(context.now.0));
            let uid_validity = mailbox.uid_validity;
            let completion = Completion::ok("APPEND completed");
            if context.has(Extension::UidPlus) {
                completion.with(Code::AppendUid { uid_validity, uid })
            } else {
                completion
            }
        }
    }
}

/// That the mailbox can take so many messages, of that size together and with those flags.
pub(super) fn check_room<'f>(
    context: &Context<'_>,
    id: MailboxId,
    messages: usize,
    octets: u64,
    flags: impl Iterator<Item = &'f Flag<'f>>,
) -> Result<(), Refusal> {
    let mailbox = context.account.mailbox(id);
    if !mailbox.has_uids_for(messages) {
        return Err(Refusal::Limit("The mailbox has no unique identifiers left"));
    }
    if mailbox.would_exceed(context.configuration.keyword_limit, flags) {
        return Err(Refusal::Limit("The mailbox would have too many keywords"));
    }
    context.account.admits(octets)
}
