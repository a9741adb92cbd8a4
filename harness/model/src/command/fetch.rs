//! FETCH and UID FETCH (RFC 3501 §6.4.5, RFC 7162 §3.1.4 and §3.2.6).

use std::{borrow::Cow, collections::HashSet, num::NonZeroU32};

use imap_grammar::{
    BodySection, FetchAttribute, FetchItems, FetchModifier, Flag, ImapString, MessageAttribute,
    NString, Partial, Response, Rfc5530Code, Section, SectionText, SequenceSet, Untagged, Vanished,
};

use super::Context;
use crate::mailbox::{Mailbox, Stored};
use crate::reply::Completion;
use crate::selected::Selected;

/// How many octets one command may ask for, of messages and of what is said to each: a client can
/// name the same ones again and again.
const MAX_OCTETS: usize = 1 << 28;

/// As how many of these an item of the answer counts where it has none.
const ITEM_OCTETS: usize = 64;

pub(super) fn fetch(
    context: &mut Context<'_>,
    selected: &mut Selected,
    uid: bool,
    set: &SequenceSet,
    items: &FetchItems<'_>,
    modifiers: &[FetchModifier],
) -> Completion {
    let request = Request::new(uid, items, modifiers);
    if request.vanished && !context.enabled.qresync {
        return Completion::bad("VANISHED has to be enabled with QRESYNC");
    }
    if request.asks(&FetchAttribute::ModSeq) {
        context.enable_condstore(Some(selected));
    }
    let mailbox = context.account.mailbox_mut(selected.mailbox);
    let Ok(numbers) = selected.resolve(set, uid, mailbox) else {
        return Completion::bad("There are not as many messages");
    };
    selected.announce_keywords(mailbox, context.configuration.keyword_limit, context.out);
    if let Some(since) = request.changed_since.filter(|_| request.vanished) {
        let uids = mailbox.expunged_since(since, &selected.uids(set, mailbox));
        context.out.extend(earlier(uids));
    }

    let mut expunged = false;
    let mut octets = request.repeated().saturating_mul(numbers.len());
    for number in numbers {
        let Some(stored) = selected.uid(number).and_then(|uid| mailbox.get(uid)) else {
            expunged = true;
            continue;
        };
        if request.changed_since.is_some_and(|since| stored.mod_seq <= since) {
            continue;
        }
        let message_uid = stored.uid;
        let seen = request.sets_seen && !selected.read_only && set_seen(mailbox, message_uid);
        let Some(stored) = mailbox.get(message_uid) else { continue };
        let items = request.items(selected, number, stored, &mut octets);
        let more = request.changes(seen, context.enabled.condstore);
        let more =
            more.iter().map(|item| attribute_of(item, selected, number, stored, &mut octets));
        let items: Vec<_> = items.into_iter().chain(more).collect();
        if octets > MAX_OCTETS {
            return Completion::no("That is too much at once").because(Rfc5530Code::Limit);
        }
        if tells_flags(&items, context.enabled.condstore) {
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

/// What is asked for of each message.
struct Request<'r> {
    /// Each once.
    attributes: Vec<FetchAttribute<'r>>,
    changed_since: Option<u64>,
    vanished: bool,
    /// Whether it sets `\Seen` where the mailbox can be changed.
    sets_seen: bool,
}

impl<'r> Request<'r> {
    fn new(uid: bool, items: &FetchItems<'r>, modifiers: &[FetchModifier]) -> Self {
        use FetchAttribute::{Body, Envelope, Flags, InternalDate, ModSeq, Rfc822Size, Uid};

        let changed_since = modifiers.iter().find_map(|modifier| match modifier {
            FetchModifier::ChangedSince(mod_seq) => Some(*mod_seq),
            FetchModifier::Vanished => None,
        });
        let asked = match items {
            FetchItems::Fast => &[Flags, InternalDate, Rfc822Size][..],
            FetchItems::All => &[Flags, InternalDate, Rfc822Size, Envelope],
            FetchItems::Full => &[Flags, InternalDate, Rfc822Size, Envelope, Body],
            FetchItems::Attributes(attributes) => attributes,
        };
        // A UID command tells UIDs (RFC 3501 §6.4.8), and CHANGEDSINCE asks for MODSEQ
        // (RFC 7162 §3.1.4.1).
        let uid = uid.then_some(&Uid).filter(|uid| !asked.contains(uid));
        let mod_seq = changed_since.map(|_| &ModSeq);
        let wanted = uid.into_iter().chain(asked).chain(mod_seq);
        let mut seen = HashSet::new();
        let attributes: Vec<_> =
            wanted.filter(|attribute| seen.insert(*attribute)).cloned().collect();
        Self {
            sets_seen: attributes.iter().any(sets_seen),
            attributes,
            changed_since,
            vanished: modifiers.contains(&FetchModifier::Vanished),
        }
    }

    fn asks(&self, attribute: &FetchAttribute<'_>) -> bool {
        self.attributes.contains(attribute)
    }

    /// How many octets of the answer come anew for each message: the names of what was asked for.
    fn repeated(&self) -> usize {
        let names = |attribute: &FetchAttribute<'_>| match attribute {
            FetchAttribute::BodySection { section, .. } => match &section.text {
                Some(SectionText::HeaderFields(names) | SectionText::HeaderFieldsNot(names)) => {
                    names.iter().map(|name| ITEM_OCTETS + name.as_bytes().len()).sum()
                }
                _ => 0,
            },
            _ => 0,
        };
        self.attributes.iter().map(|attribute| ITEM_OCTETS + names(attribute)).sum()
    }

    fn items(
        &self,
        selected: &Selected,
        number: NonZeroU32,
        stored: &Stored,
        octets: &mut usize,
    ) -> Vec<MessageAttribute<'static>> {
        let attributes = self.attributes.iter();
        attributes
            .map(|attribute| attribute_of(attribute, selected, number, stored, octets))
            .collect()
    }

    /// What a client has to know where the FETCH has set `\Seen`, and did not ask for.
    fn changes(&self, seen: bool, condstore: bool) -> Vec<FetchAttribute<'static>> {
        let mut changes = Vec::new();
        if seen {
            changes.push(FetchAttribute::Flags);
        }
        if seen && condstore {
            changes.extend([FetchAttribute::Uid, FetchAttribute::ModSeq]);
        }
        changes.retain(|attribute| !self.asks(attribute));
        changes
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

/// Returns whether that was a change.
fn set_seen(mailbox: &mut Mailbox, uid: NonZeroU32) -> bool {
    let Some(stored) = mailbox.get(uid) else { return false };
    let flags = [stored.flags.as_slice(), &[Flag::Seen]].concat();
    let flags = mailbox.known(&flags);
    mailbox.set_flags(uid, flags)
}

/// Whether the items tell all that a client has to know of changed flags.
fn tells_flags(items: &[MessageAttribute<'_>], condstore: bool) -> bool {
    let flags = items.iter().any(|item| matches!(item, MessageAttribute::Flags(_)));
    let mod_seq = items.iter().any(|item| matches!(item, MessageAttribute::ModSeq(_)));
    flags && (mod_seq || !condstore)
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
        // There is no NUL in it, whatever a `Message` may hold: those in mailboxes all came with
        // APPEND, as strings, which have none.
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
