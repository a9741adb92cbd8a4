//! The commands of the authenticated and the selected state that end neither (RFC 3501 §6.3).

use imap_grammar::{
    Atom, Capability, CommandBody, Extension, Flag, ImapString, Mailbox, Namespace, Namespaces,
    Response, StatusAttribute, Untagged,
};

use super::{Context, append, list};
use crate::account::{MailboxId, Refusal};
use crate::mailbox::Stored;
use crate::reply::Completion;
use crate::selected::Selected;

/// Carries out the command, if it is one of these.
pub(super) fn execute(
    context: &mut Context<'_>,
    selected: Option<&Selected>,
    body: &CommandBody<'_>,
) -> Option<Completion> {
    let completion = match body {
        CommandBody::Create { mailbox, special_use } => {
            let name = context.name(mailbox);
            let special_use = special_use.iter().cloned().map(|attribute| attribute.into_owned());
            let created = context.account.create(name.clone(), special_use.collect());
            if created.is_ok() && context.configuration.subscribes_on_create {
                let name = context.account.hierarchy.without_trailing_delimiter(name);
                // Where there is no room for a subscription, there is a mailbox all the same, and
                // NO would say that there is none (RFC 3501 §6.3.3).
                let _ = context.account.subscribe(name);
            }
            done(created, "CREATE completed")
        }
        CommandBody::Delete(mailbox) => {
            let name = context.name(mailbox);
            done(context.account.delete(&name), "DELETE completed")
        }
        CommandBody::Rename { from, to } => {
            let (from, to) = (context.name(from), context.name(to));
            done(context.account.rename(&from, to), "RENAME completed")
        }
        CommandBody::Subscribe(mailbox) => {
            let name = context.name(mailbox);
            done(context.account.subscribe(name), "SUBSCRIBE completed")
        }
        CommandBody::Unsubscribe(mailbox) => {
            let name = context.name(mailbox);
            if context.account.unsubscribe(&name) {
                Completion::ok("UNSUBSCRIBE completed")
            } else {
                Completion::no("There is no such subscription")
            }
        }
        CommandBody::List { selection, reference, patterns, returns } => list::list(
            context,
            selected,
            selection.as_deref(),
            reference,
            patterns,
            returns.as_deref(),
        ),
        CommandBody::Lsub { reference, pattern } => list::lsub(context, reference, pattern),
        CommandBody::Status { mailbox, attributes } => {
            status(context, selected, mailbox, attributes)
        }
        CommandBody::Append { mailbox, flags, date_time, message } => append::append(
            context,
            mailbox,
            flags.as_deref().unwrap_or_default(),
            *date_time,
            message,
        ),
        CommandBody::Namespace => namespace(context),
        CommandBody::Enable(capabilities) => enable(context, selected, capabilities),
        _ => return None,
    };
    Some(completion)
}

fn done(result: Result<(), Refusal>, text: &'static str) -> Completion {
    match result {
        Ok(()) => Completion::ok(text),
        Err(refusal) => refusal.completion(),
    }
}

fn status(
    context: &mut Context<'_>,
    selected: Option<&Selected>,
    mailbox: &Mailbox<'_>,
    attributes: &[StatusAttribute],
) -> Completion {
    match context.find(mailbox) {
        Ok(id) => {
            if attributes.contains(&StatusAttribute::HighestModSeq) {
                context.enable_condstore(selected);
            }
            let mailbox = context.name(mailbox).to_mailbox();
            let response = status_of(context, selected, id, mailbox, attributes);
            context.out.push(response);
            Completion::ok("STATUS completed")
        }
        Err(refusal) => refusal.completion(),
    }
}

/// The STATUS response about a mailbox.
pub(super) fn status_of(
    context: &Context<'_>,
    selected: Option<&Selected>,
    id: MailboxId,
    name: Mailbox<'static>,
    attributes: &[StatusAttribute],
) -> Response<'static> {
    let mailbox = context.account.mailbox(id);
    let here = selected.filter(|selected| selected.mailbox == id);
    let value = |attribute| match attribute {
        StatusAttribute::Messages => mailbox.messages().len() as u64,
        StatusAttribute::Recent => {
            let new = mailbox.messages().iter().filter(|stored| stored.recent).count() as u64;
            // What this session took the flag from is recent to it still.
            let taken =
                here.filter(|here| !here.read_only).map_or(0, |here| here.recent_in(mailbox));
            new + u64::from(taken)
        }
        StatusAttribute::UidNext => u64::from(mailbox.uid_next().get()),
        StatusAttribute::UidValidity => u64::from(mailbox.uid_validity.get()),
        StatusAttribute::Unseen => {
            let unseen = |stored: &&Stored| !stored.has(&Flag::Seen);
            mailbox.messages().iter().filter(unseen).count() as u64
        }
        StatusAttribute::HighestModSeq => mailbox.highest_mod_seq(),
    };
    let mut told: Vec<(StatusAttribute, u64)> = Vec::new();
    for &attribute in attributes {
        if !told.iter().any(|&(known, _)| known == attribute) {
            told.push((attribute, value(attribute)));
        }
    }
    Response::Untagged(Untagged::MailboxStatus { mailbox: name, attributes: told })
}

/// RFC 2342: one personal namespace, no others.
fn namespace(context: &mut Context<'_>) -> Completion {
    let hierarchy = &context.account.hierarchy;
    let personal = ImapString::new(hierarchy.prefix.clone()).map(|prefix| Namespace {
        prefix,
        delimiter: hierarchy.delimiter,
        extensions: Vec::new(),
    });
    let namespaces =
        Namespaces { personal: personal.into_iter().collect(), ..Namespaces::default() };
    context.out.push(Response::Untagged(Untagged::Namespace(Box::new(namespaces))));
    Completion::ok("NAMESPACE completed")
}

/// RFC 5161: what is not known, or needs no enabling, is ignored.
fn enable(
    context: &mut Context<'_>,
    selected: Option<&Selected>,
    capabilities: &[Capability<'_>],
) -> Completion {
    let mut enabled = Vec::new();
    for extension in [Extension::CondStore, Extension::QResync] {
        let is_asked_for = capabilities.iter().any(|asked| asked.is(extension.capability()));
        if context.has(extension) && is_asked_for {
            context.enable_condstore(selected);
            context.enabled.qresync |= extension == Extension::QResync;
            enabled.extend(Atom::new(extension.capability()).map(Capability));
        }
    }
    context.out.push(Response::Untagged(Untagged::Enabled(enabled)));
    Completion::ok("ENABLE completed")
}
