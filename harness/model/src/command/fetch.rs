//! FETCH and UID FETCH (RFC 3501 §6.4.5, RFC 7162 §3.1.4 and §3.2.6).

use std::{borrow::Cow, num::NonZeroU32};

use imap_grammar::{
    BodySection, FetchAttribute, FetchItems, FetchModifier, Flag, ImapString, MessageAttribute,
    NString, Partial, Response, Rfc5530Code, Section, SectionText, SequenceSet, Untagged, Vanished,
};

use super::Context;
use crate::mailbox::Stored;
use crate::reply::Completion;
use crate::selected::Selected;

/// How many octets of messages one command may ask for: a client can name the same ones again and
/// again.
const MAX_OCTETS: usize = 1 << 28;

pub(super) fn fetch(
    context: &mut Context<'_>,
    selected: &mut Selected,
    uid: bool,
    set: &SequenceSet,
    items: &FetchItems<'_>,
    modifiers: &[FetchModifier],
) -> Completion {
    let changed_since = modifiers.iter().find_map(|modifier| match modifier {
        FetchModifier::ChangedSince(mod_seq) => Some(*mod_seq),
        FetchModifier::Vanished => None,
    });
    let vanished = modifiers.contains(&FetchModifier::Vanished);
    if vanished && !context.enabled.qresync {
        return Completion::bad("VANISHED has to be enabled with QRESYNC");
    }
    let mut asked = attributes(items);
    if changed_since.is_some() && !asked.contains(&FetchAttribute::ModSeq) {
        asked.push(FetchAttribute::ModSeq);
    }
    if uid && !asked.contains(&FetchAttribute::Uid) {
        asked.insert(0, FetchAttribute::Uid);
    }
    if asked.contains(&FetchAttribute::ModSeq) {
        context.enable_condstore(Some(selected));
    }
    let mailbox = context.account.mailbox_mut(selected.mailbox);
    let Ok(numbers) = selected.resolve(set, uid, mailbox) else {
        return Completion::bad("There are not as many messages");
    };
    selected.announce_keywords(mailbox, context.configuration.keyword_limit, context.out);
    if let Some(since) = changed_since.filter(|_| vanished) {
        let uids = mailbox.expunged_since(since, &selected.uids(set, mailbox));
        context.out.extend(earlier(uids));
    }

    let sets_seen = !selected.read_only && asked.iter().any(sets_seen);
    let mut expunged = false;
    let mut octets = 0;
    for number in numbers {
        let Some(stored) = selected.uid(number).and_then(|uid| mailbox.get(uid)) else {
            expunged = true;
            continue;
        };
        if changed_since.is_some_and(|since| stored.mod_seq <= since) {
            continue;
        }
        let message_uid = stored.uid;
        let seen = sets_seen && {
            let flags = [stored.flags.as_slice(), &[Flag::Seen]].concat();
            let flags = mailbox.known(&flags);
            mailbox.set_flags(message_uid, flags)
        };
        let Some(stored) = mailbox.get(message_uid) else { continue };
        let mut items = Vec::new();
        for attribute in &asked {
            items.push(attribute_of(attribute, selected, number, stored, &mut octets));
        }
        if octets > MAX_OCTETS {
            return Completion::no("That is too much at once").because(Rfc5530Code::Limit);
        }
        let asks = |attribute| asked.contains(&attribute);
        if seen {
            add_changes(&mut items, asks, selected, number, stored, context.enabled.condstore);
        }
        let tells_flags = seen || asks(FetchAttribute::Flags);
        let tells_mod_seq = seen || asks(FetchAttribute::ModSeq) || !context.enabled.condstore;
        if tells_flags && tells_mod_seq {
            selected.told(number, stored);
        }
        context.out.push(Response::Untagged(Untagged::Fetch { number, items }));
    }
    if expunged && !uid {
        Completion::no("Some of the messages were expunged").because(Rfc5530Code::ExpungeIssued)
    } else {
        Completion::ok("FETCH completed")
    }
}

/// `VANISHED (EARLIER)`, if there are any.
pub(super) fn earlier(uids: Vec<NonZeroU32>) -> Option<Response<'static>> {
    let uids = SequenceSet::from_numbers(uids)?;
    Some(Response::Untagged(Untagged::Vanished(Vanished { earlier: true, uids })))
}

/// What is asked for, each once.
fn attributes<'a>(items: &FetchItems<'a>) -> Vec<FetchAttribute<'a>> {
    use FetchAttribute::{Body, Envelope, Flags, InternalDate, Rfc822Size};

    match items {
        FetchItems::Fast => vec![Flags, InternalDate, Rfc822Size],
        FetchItems::All => vec![Flags, InternalDate, Rfc822Size, Envelope],
        FetchItems::Full => vec![Flags, InternalDate, Rfc822Size, Envelope, Body],
        FetchItems::Attributes(attributes) => {
            let mut once: Vec<FetchAttribute<'a>> = Vec::new();
            for attribute in attributes {
                if !once.contains(attribute) {
                    once.push(attribute.clone());
                }
            }
            once
        }
    }
}

fn sets_seen(attribute: &FetchAttribute<'_>) -> bool {
    matches!(
        attribute,
        FetchAttribute::BodySection { peek: false, .. }
            | FetchAttribute::Rfc822
            | FetchAttribute::Rfc822Text
    )
}

/// What a client has to know where a FETCH has set `\Seen`, and did not ask for.
fn add_changes(
    items: &mut Vec<MessageAttribute<'static>>,
    asks: impl Fn(FetchAttribute<'static>) -> bool,
    selected: &Selected,
    number: NonZeroU32,
    stored: &Stored,
    condstore: bool,
) {
    if !asks(FetchAttribute::Flags) {
        items.push(MessageAttribute::Flags(selected.flags(number, stored)));
    }
    if condstore && !asks(FetchAttribute::Uid) {
        items.push(MessageAttribute::Uid(stored.uid));
    }
    if condstore && !asks(FetchAttribute::ModSeq) {
        items.push(MessageAttribute::ModSeq(stored.mod_seq));
    }
}

/// One item of the response. Adds to the octets that were taken from messages.
fn attribute_of(
    attribute: &FetchAttribute<'_>,
    selected: &Selected,
    number: NonZeroU32,
    stored: &Stored,
    octets: &mut usize,
) -> MessageAttribute<'static> {
    let message = &stored.message;
    let mut take = |section: &Section<'_>, partial: Option<Partial>| {
        let data = message.section(section).map(|data| cut(data, partial));
        *octets += data.as_ref().map_or(0, Vec::len);
        // No message has a NUL in it, for no string has.
        data.and_then(ImapString::new)
    };
    let whole = |text| Section { part: Vec::new(), text };
    match attribute {
        FetchAttribute::Flags => MessageAttribute::Flags(selected.flags(number, stored)),
        FetchAttribute::Uid => MessageAttribute::Uid(stored.uid),
        FetchAttribute::ModSeq => MessageAttribute::ModSeq(stored.mod_seq),
        FetchAttribute::InternalDate => MessageAttribute::InternalDate(stored.internal_date),
        FetchAttribute::Rfc822Size => MessageAttribute::Rfc822Size(message.size()),
        FetchAttribute::Envelope => {
            MessageAttribute::Envelope(Box::new(message.envelope().into_owned()))
        }
        FetchAttribute::Body => MessageAttribute::Body(message.body(false).into_owned()),
        FetchAttribute::BodyStructure => {
            MessageAttribute::BodyStructure(message.body(true).into_owned())
        }
        FetchAttribute::Rfc822 => MessageAttribute::Rfc822(take(&whole(None), None)),
        FetchAttribute::Rfc822Header => {
            MessageAttribute::Rfc822Header(take(&whole(Some(SectionText::Header)), None))
        }
        FetchAttribute::Rfc822Text => {
            MessageAttribute::Rfc822Text(take(&whole(Some(SectionText::Text)), None))
        }
        FetchAttribute::BodySection { section, partial, .. } => {
            let data: NString<'static> = take(section, *partial);
            let section = section.clone().into_owned();
            let origin = partial.map(|partial| partial.origin);
            MessageAttribute::BodySection(Box::new(BodySection { section, origin, data }))
        }
    }
}

/// The part of the octets that was asked for; what is beyond the end is empty.
fn cut(data: Cow<'_, [u8]>, partial: Option<Partial>) -> Vec<u8> {
    let Some(Partial { origin, count }) = partial else { return data.into_owned() };
    let start = data.len().min(origin as usize);
    let end = data.len().min(start.saturating_add(count.get() as usize));
    data[start..end].to_vec()
}
