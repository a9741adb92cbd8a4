//! Which flags of APPEND a server keeps, as it only should (RFC 3501 §6.3.11).

use std::{num::NonZeroU32, slice, time::Duration};

use imap_grammar::{
    CommandBody, Extensions, FetchAttribute, FetchItems, Flag, Grammar, MessageAttribute, Response,
    SearchKey, SequenceSet, Untagged,
};

use super::{CaseMailboxes, PreparationError, ask, mailbox, must_be_ok, prepare};
use crate::{play::session::Session, scenario::FixtureMessage, wire::WireError};

/// Appends a message with these flags to the case's mailbox, which it makes, and returns those that
/// the message has: FETCH tells them, or SEARCH finds it by them. Nothing where FETCH tells no flags.
pub(in crate::play) async fn appended_flags(
    session: &mut Session,
    case: &CaseMailboxes,
    flags: Vec<String>,
    patience: Duration,
) -> Result<Option<Vec<String>>, PreparationError> {
    let octets = b"Subject: flags\r\n\r\nWhich of them are kept?\r\n".to_vec();
    let message = FixtureMessage { octets, flags, date: None, envelope: None, body: None };
    prepare(session, case, slice::from_ref(&message), patience).await?;
    let name = case.mailbox();
    let select = CommandBody::Select { mailbox: mailbox(&name), parameters: Vec::new() };
    let (completion, _) = ask(session, select, patience).await?;
    must_be_ok(completion, "select a mailbox")?;
    let fetch = CommandBody::Fetch {
        uid: false,
        sequence_set: SequenceSet::from_numbers([NonZeroU32::MIN]).expect("it has a number"),
        items: FetchItems::Attributes(vec![FetchAttribute::Flags]),
        modifiers: Vec::new(),
    };
    let (_, frames) = ask(session, fetch, patience).await?;
    let mut kept = None;
    if let Some(told) = frames.iter().find_map(|frame| flags_of_message(frame)) {
        let kept = kept.insert(Vec::new());
        for flag in message.flags {
            let is_kept = told.iter().any(|told| told.eq_ignore_ascii_case(&flag))
                || has_flag(session, &flag, patience).await?;
            kept.extend(is_kept.then_some(flag));
        }
    }
    ask(session, CommandBody::Close, patience).await?;
    Ok(kept)
}

/// Whether SEARCH finds the first message by the flag.
async fn has_flag(
    session: &mut Session,
    flag: &str,
    patience: Duration,
) -> Result<bool, WireError> {
    let key = match Flag::new(flag) {
        Some(Flag::Answered) => SearchKey::Answered,
        Some(Flag::Deleted) => SearchKey::Deleted,
        Some(Flag::Draft) => SearchKey::Draft,
        Some(Flag::Flagged) => SearchKey::Flagged,
        Some(Flag::Seen) => SearchKey::Seen,
        Some(Flag::Keyword(keyword)) => SearchKey::Keyword(keyword),
        _ => return Ok(false),
    };
    let search = CommandBody::Search { uid: false, returns: None, charset: None, keys: vec![key] };
    let (_, frames) = ask(session, search, patience).await?;
    Ok(frames.iter().any(|frame| match Grammar::with(Extensions::all()).response(frame) {
        Ok(Response::Untagged(Untagged::Search { numbers, .. })) => {
            numbers.contains(&NonZeroU32::MIN)
        }
        _ => false,
    }))
}

/// The flags that a FETCH response tells.
fn flags_of_message(frame: &[u8]) -> Option<Vec<String>> {
    let Ok(Response::Untagged(Untagged::Fetch { items, .. })) =
        Grammar::with(Extensions::all()).response(frame)
    else {
        return None;
    };
    items.iter().find_map(|item| match item {
        MessageAttribute::Flags(flags) => Some(flags.iter().map(ToString::to_string).collect()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read() {
        let flags = |frame: &[u8]| flags_of_message(frame).map(|flags| flags.join(" "));
        let told = b"* 1 FETCH (UID 7 FLAGS (\\Seen \\Recent $A))\r\n";
        assert_eq!(flags(told).as_deref(), Some("\\Seen \\Recent $A"));
        assert_eq!(flags(b"* 1 FETCH (FLAGS ())\r\n").as_deref(), Some(""));
        assert_eq!(flags(b"* FLAGS (\\Seen)\r\n"), None);
        assert_eq!(flags(b"* 1 FETCH (FLAGS \\Seen)\r\n"), None);
    }
}
