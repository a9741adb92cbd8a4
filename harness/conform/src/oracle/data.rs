//! What mailbox and message data say, held against what was said before.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    num::NonZeroU32,
    ops::Bound,
};

use imap_grammar::{
    Body, CommandBody, Envelope, Flag, MessageAttribute, NString, SeqNumber, SequenceRange,
    SequenceSet, StoreAction, Untagged,
};

use super::{
    client::Client,
    invariant,
    mailbox::{View, flag_name},
    session::Notes,
    shared::Identified,
    structure,
};

/// Takes untagged data into the view.
pub(super) fn apply(
    view: &mut View,
    client: &Client,
    untagged: Untagged<'_>,
    notes: &mut Notes<'_>,
) {
    match untagged {
        Untagged::Exists(exists) => {
            if let Some(before) = view.exists.filter(|before| exists < *before) {
                let found = format!("{exists} EXISTS, after {before}");
                notes.broken(&invariant::EXISTS_NEVER_SHRINKS, found);
                view.messages.clear();
            }
            view.exists = Some(exists);
        }
        Untagged::Recent(recent) => view.recent = Some(recent),
        Untagged::Flags(flags) => {
            defined(&flags, notes);
            view.flags_told = true;
        }
        Untagged::Expunge(number) => {
            if !client.is_untaggable() && client.in_progress_all(forbids_expunge) {
                let found = format!("{number} EXPUNGE");
                notes.broken(&invariant::NO_EXPUNGE_WHILE_NUMBERS_COUNT, found);
            }
            if in_range(view, number, "EXPUNGE", client, notes) {
                view.expunge(number.get());
            }
        }
        Untagged::Vanished(vanished) if !vanished.earlier => {
            if !client.is_untaggable() && client.all(forbids_expunge) {
                let found = format!("VANISHED {}", vanished.uids);
                notes.broken(&invariant::NO_EXPUNGE_WHILE_NUMBERS_COUNT, found);
            }
            let known: BTreeSet<_> =
                view.messages.values().filter_map(|message| message.uid).collect();
            let unknown = vanished.uids.iter(NonZeroU32::MAX).find(|uid| !known.contains(uid));
            if let Some(uid) = unknown.filter(|_| view.is_complete()) {
                let found = format!("VANISHED {}, and no message has UID {uid}", vanished.uids);
                notes.broken(&invariant::VANISHED_WAS_THERE, found);
            }
            view.vanished(&vanished.uids);
        }
        Untagged::Search { numbers, .. } => {
            let by_number =
                client.all(|body| matches!(body, CommandBody::Search { uid: false, .. }));
            if by_number && client.is_waiting() {
                for number in numbers {
                    if !in_range(view, number, "SEARCH", client, notes) {
                        break;
                    }
                }
            }
        }
        Untagged::Fetch { number, items } if in_range(view, number, "FETCH", client, notes) => {
            fetch(view, number, &items, notes);
        }
        _ => {}
    }
}

/// Commands during which, alone, no EXPUNGE may come; and no command at all (RFC 3501 §7.4.1).
fn forbids_expunge(body: &CommandBody<'_>) -> bool {
    matches!(
        body,
        CommandBody::Fetch { uid: false, .. }
            | CommandBody::Store { uid: false, .. }
            | CommandBody::Search { uid: false, .. }
    )
}

/// Whether the message is known to be there. One that is not may yet be told of before the command
/// is complete, in whatever order; when there is none, that is too late.
fn in_range(
    view: &mut View,
    number: NonZeroU32,
    what: &'static str,
    client: &Client,
    notes: &mut Notes<'_>,
) -> bool {
    if view.exists.is_none_or(|exists| number.get() <= exists) {
        return true;
    }
    if view.beyond.is_none_or(|(before, _)| before < number.get()) {
        view.beyond = Some((number.get(), what));
    }
    if !client.is_waiting() {
        settle(view, notes);
    }
    false
}

/// A command is complete: what was said in any order fits together now.
pub(super) fn settle(view: &mut View, notes: &mut Notes<'_>) {
    let Some(exists) = view.exists else { return };
    if let Some((number, what)) = view.beyond.take().filter(|(number, _)| *number > exists) {
        let found = format!("{what} of message {number}, of {exists}");
        notes.broken(&invariant::NUMBER_IN_RANGE, found);
    }
    if let Some(recent) = view.recent.filter(|recent| *recent > exists) {
        view.recent = None;
        let found = format!("{recent} RECENT of {exists} messages");
        notes.broken(&invariant::RECENT_AMONG_EXISTS, found);
    }
}

/// Remembers counts and flags without judging them.
pub(super) fn record(view: &mut View, untagged: &Untagged<'_>) {
    match untagged {
        Untagged::Exists(exists) => view.exists = Some(*exists),
        Untagged::Recent(recent) => view.recent = Some(*recent),
        Untagged::Flags(_) => view.flags_told = true,
        _ => {}
    }
}

fn fetch(
    view: &mut View,
    number: NonZeroU32,
    items: &[MessageAttribute<'_>],
    notes: &mut Notes<'_>,
) {
    let told = items.iter().find_map(|item| match item {
        MessageAttribute::Uid(uid) => Some(*uid),
        _ => None,
    });
    if let Some(uid) = told {
        identify(view, number.get(), uid, notes);
    }
    sizes(items, notes);
    structure::judge(items, notes);
    let uid = told.or_else(|| view.messages.get(&number.get()).and_then(|message| message.uid));
    if let (Some(uid), Some(uid_validity)) = (uid, view.uid_validity) {
        let message = Identified { mailbox: &view.mailbox, uid_validity, uid };
        for name in notes.changed(message, items) {
            let found = format!("another {name} for UID {uid} than before");
            notes.broken(&invariant::STATIC_DATA_STAYS, found);
        }
    }
    let flags = items.iter().find_map(|item| match item {
        MessageAttribute::Flags(flags) => Some(flags),
        _ => None,
    });
    if let Some(flags) = flags {
        defined(flags, notes);
        let flags: BTreeSet<String> = flags.iter().map(flag_name).collect();
        view.messages.entry(number.get()).or_default().told = Some(flags);
    }
}

/// No standard defines more system flags than RFC 3501.
fn defined(flags: &[Flag<'_>], notes: &mut Notes<'_>) {
    if let Some(name) = flags.iter().find_map(|flag| match flag {
        Flag::Extension(name) => Some(name),
        _ => None,
    }) {
        notes.broken(&invariant::SYSTEM_FLAGS_DEFINED, format!("the flag \\{name}"));
    }
}

/// Remembers which UID a number has.
fn identify(view: &mut View, number: u32, uid: NonZeroU32, notes: &mut Notes<'_>) {
    if let (Some(next), Some(old)) = (view.uid_next, view.old) {
        let is_wrong = match number <= old {
            true => uid >= next,
            // In between UIDNEXT and the news of a message more may have come.
            false => uid < next && notes.is_private(&view.mailbox),
        };
        if is_wrong {
            let found =
                format!("UID {uid} for message {number}; UIDNEXT was {next} with {old} messages");
            notes.broken(&invariant::UID_BELOW_UIDNEXT, found);
        }
    }
    let uid_of = |message: &super::mailbox::Message| message.uid;
    let known = view.messages.get(&number).and_then(uid_of);
    if let Some(before) = known.filter(|before| *before != uid) {
        let found = format!("UID {uid} for message {number}, which had {before}");
        notes.broken(&invariant::UID_STAYS, found);
    }
    let below =
        view.messages.range(..number).rev().find_map(|(at, message)| Some((*at, message.uid?)));
    let mut above = view.messages.range((Bound::Excluded(number), Bound::Unbounded));
    let above = above.find_map(|(at, message)| Some((*at, message.uid?)));
    let out_of_order = below
        .filter(|(_, other)| *other >= uid)
        .or_else(|| above.filter(|(_, other)| *other <= uid));
    if let Some((at, other)) = out_of_order.filter(|_| known.is_none_or(|known| known == uid)) {
        let found = format!("UID {uid} for message {number}, and {other} for message {at}");
        notes.broken(&invariant::UIDS_ASCEND, found);
    }
    view.messages.entry(number).or_default().uid = Some(uid);
}

/// The size that is said, and the octets that came with it.
fn sizes(items: &[MessageAttribute<'_>], notes: &mut Notes<'_>) {
    let size = items.iter().find_map(|item| match item {
        MessageAttribute::Rfc822Size(size) => Some(*size),
        _ => None,
    });
    let octets = items.iter().find_map(|item| match item {
        MessageAttribute::Rfc822(Some(octets)) => Some(octets.as_bytes().len()),
        MessageAttribute::BodySection(section)
            if section.origin.is_none()
                && section.section.part.is_empty()
                && section.section.text.is_none() =>
        {
            section.data.as_ref().map(|octets| octets.as_bytes().len())
        }
        _ => None,
    });
    if let (Some(size), Some(octets)) = (size, octets)
        && size as usize != octets
    {
        let found = format!("RFC822.SIZE {size} of a message of {octets} octets");
        notes.broken(&invariant::SIZE_IS_TRUE, found);
    }
}

/// The name of an item that never changes, and what stands for its content. What is NIL says
/// nothing: of an expunged message a server may know no more (RFC 2180 §4.1.3), and where it may
/// have been expunged neither does what is empty.
pub(super) fn static_content(
    item: &MessageAttribute<'_>,
    may_be_gone: bool,
) -> Option<(String, u64)> {
    if may_be_gone && is_empty(item) {
        return None;
    }
    Some(match item {
        MessageAttribute::Envelope(envelope) if **envelope == Envelope::default() => return None,
        MessageAttribute::Rfc822(None)
        | MessageAttribute::Rfc822Header(None)
        | MessageAttribute::Rfc822Text(None) => return None,
        MessageAttribute::BodySection(section) if section.data.is_none() => return None,
        MessageAttribute::Envelope(envelope) => ("ENVELOPE".to_owned(), digest(envelope)),
        // The same instant may be told in another zone.
        MessageAttribute::InternalDate(date) => {
            ("INTERNALDATE".to_owned(), digest(&date.unix_timestamp()))
        }
        MessageAttribute::Rfc822Size(size) => ("RFC822.SIZE".to_owned(), digest(size)),
        MessageAttribute::BodyStructure(body) => ("BODYSTRUCTURE".to_owned(), digest(body)),
        MessageAttribute::Body(body) => ("BODY".to_owned(), digest(body)),
        MessageAttribute::Rfc822(octets) => ("BODY[]".to_owned(), digest(octets)),
        MessageAttribute::Rfc822Header(octets) => ("BODY[HEADER]".to_owned(), digest(octets)),
        MessageAttribute::Rfc822Text(octets) => ("BODY[TEXT]".to_owned(), digest(octets)),
        MessageAttribute::BodySection(section) if section.origin.is_none() => {
            (format!("BODY{}", section.section), digest(&section.data))
        }
        _ => return None,
    })
}

/// Whether the item is as RFC 2180 §4.1.3 gives it for a message that is gone.
fn is_empty(item: &MessageAttribute<'_>) -> bool {
    let nothing = |data: &NString<'_>| data.as_ref().is_some_and(|data| data.as_bytes().is_empty());
    match item {
        MessageAttribute::Rfc822(data)
        | MessageAttribute::Rfc822Header(data)
        | MessageAttribute::Rfc822Text(data) => nothing(data),
        MessageAttribute::BodySection(section) => nothing(&section.data),
        MessageAttribute::Rfc822Size(size) => *size == 0,
        MessageAttribute::Body(body) | MessageAttribute::BodyStructure(body) => {
            matches!(body, Body::Single(part) if part.fields.octets == 0)
        }
        _ => false,
    }
}

fn digest(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A STORE is complete: the flags it last told of each message are what it made them.
///
/// Only where the set names the message outright, and only for system flags, since a server may
/// be unable to keep a keyword.
pub(super) fn stored(view: &View, body: &CommandBody<'_>, notes: &mut Notes<'_>) {
    let CommandBody::Store { uid, sequence_set, action, flags, unchanged_since: None, .. } = body
    else {
        return;
    };
    for (number, message) in &view.messages {
        let Some(told) = &message.told else { continue };
        let subject = match uid {
            true => message.uid,
            false => NonZeroU32::new(*number),
        };
        if !subject.is_some_and(|subject| names(sequence_set, subject)) {
            continue;
        }
        let system = |flag: &&Flag<'_>| !matches!(flag, Flag::Keyword(_) | Flag::Extension(_));
        let wanted = *action != StoreAction::Remove;
        let wrong = |flag: &&Flag<'_>| told.contains(&flag_name(flag)) != wanted;
        let kept = |flag: &&Flag<'_>| view.is_permanent(&flag_name(flag));
        if flags.iter().filter(system).filter(kept).any(|flag| wrong(&flag)) {
            let told = told.iter().cloned().collect::<Vec<_>>().join(" ");
            let found = format!("flags ({told}) of message {number} in answer to STORE");
            notes.broken(&invariant::FLAGS_ARE_TRUE, found);
        }
    }
}

/// Whether the set names the number whatever `*` stands for.
fn names(set: &SequenceSet, number: NonZeroU32) -> bool {
    let number = SeqNumber::Number(number);
    set.ranges().contains(&SequenceRange::Single(number))
}
