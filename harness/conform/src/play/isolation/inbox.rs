//! INBOX after a case that changes it: what the case put there goes, what is the user's stays.
//!
//! A case marks its messages with `${root}` in the subject. Nothing else is ever removed, and mail
//! that a RENAME of INBOX took along, because it arrived in that moment, is copied back.

use std::{collections::BTreeSet, time::Duration};

use imap_grammar::{CommandBody, Extensions, Flag, Grammar, SearchKey, SequenceSet, StoreAction};
use memchr::memmem;

use super::{CaseMailboxes, ask, list, mailbox, removal::listed, string};
use crate::{
    play::{matching::tree, session::Session},
    wire::WireError,
};

/// More messages than a case ever puts into INBOX: a SEARCH that finds as many is not to be trusted.
const TOO_MANY: usize = 10;

/// What is in INBOX or in the case's mailboxes and should not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::play) enum Stray {
    /// A message of the case may still be in INBOX.
    Own,
    /// Mail of the user may be in this mailbox of the case.
    Foreign(Vec<u8>),
}

/// Puts INBOX in order again. Returns what could not be put right.
pub(in crate::play) async fn restore_inbox(
    session: &mut Session,
    case: &CaseMailboxes,
    has_uidplus: bool,
    patience: Duration,
) -> Result<Vec<Stray>, WireError> {
    let mut strays = Vec::new();
    let pattern = [case.root(), b"*"].concat();
    let is_own = |name: &[u8]| case.contains(name);
    for found in listed(session, list(&pattern), "LIST", is_own, patience).await? {
        // What is in the main mailbox the player put there.
        if found.name != case.mailbox()
            && !give_back(session, &found.name, case.root(), patience).await?
        {
            strays.push(Stray::Foreign(found.name));
        }
    }
    if !take_out(session, case.root(), has_uidplus, patience).await? {
        strays.push(Stray::Own);
    }
    Ok(strays)
}

/// Copies to INBOX what does not carry the mark; whether nothing of it can be lost now.
async fn give_back(
    session: &mut Session,
    name: &[u8],
    mark: &[u8],
    patience: Duration,
) -> Result<bool, WireError> {
    let Some(selected) = select(session, name, patience).await? else {
        // Nothing can be in what cannot be selected.
        return Ok(true);
    };
    let Some(seen) = subjects(session, "1:*", mark, patience).await? else { return Ok(false) };
    // What the server does not tell of, or tells of without its UID, may be the user's.
    let told: BTreeSet<u32> = seen.iter().map(|seen| seen.uid).collect();
    if exists(&selected).is_none_or(|exists| told.len() < exists) {
        return Ok(false);
    }
    let foreign: Vec<u32> =
        seen.iter().filter(|seen| !seen.is_marked).map(|seen| seen.uid).collect();
    let Some(sequence_set) = set(&foreign) else { return Ok(true) };
    let copy = CommandBody::Copy { uid: true, sequence_set, mailbox: mailbox(b"INBOX") };
    let (completion, _) = ask(session, copy, patience).await?;
    Ok(completion.is_ok)
}

/// Removes from INBOX what carries the mark; whether nothing of it is left.
async fn take_out(
    session: &mut Session,
    mark: &[u8],
    has_uidplus: bool,
    patience: Duration,
) -> Result<bool, WireError> {
    if select(session, b"INBOX", patience).await?.is_none() {
        return Ok(false);
    }
    let found = search(session, SearchKey::Subject(string(mark)), patience).await?;
    let Some(all) = set(&found) else { return Ok(true) };
    if found.len() > TOO_MANY {
        return Ok(false);
    }
    let Some(seen) = subjects(session, &all.to_string(), mark, patience).await? else {
        return Ok(false);
    };
    let marked = seen.iter().filter(|seen| seen.is_marked && found.contains(&seen.uid));
    let mut own: Vec<u32> = marked.map(|seen| seen.uid).collect();
    own.sort_unstable();
    own.dedup();
    let Some(sequence_set) = set(&own) else { return Ok(true) };
    let store = CommandBody::Store {
        uid: true,
        sequence_set: sequence_set.clone(),
        unchanged_since: None,
        action: StoreAction::Add,
        silent: true,
        flags: Flag::new("\\Deleted").into_iter().collect(),
    };
    if !ask(session, store, patience).await?.0.is_ok {
        return Ok(false);
    }
    let expunge = if has_uidplus {
        CommandBody::UidExpunge(sequence_set)
    } else {
        // EXPUNGE takes all that is marked as deleted, also what the user has marked.
        let mut deleted = search(session, SearchKey::Deleted, patience).await?;
        deleted.sort_unstable();
        if deleted != own {
            return Ok(false);
        }
        CommandBody::Expunge
    };
    let (completion, _) = ask(session, expunge, patience).await?;
    Ok(completion.is_ok)
}

/// Selects a mailbox. Returns what the server said of it; nothing where it refuses.
async fn select(
    session: &mut Session,
    name: &[u8],
    patience: Duration,
) -> Result<Option<Vec<Vec<u8>>>, WireError> {
    let select = CommandBody::Select { mailbox: mailbox(name), parameters: Vec::new() };
    let (completion, frames) = ask(session, select, patience).await?;
    Ok(completion.is_ok.then_some(frames))
}

async fn search(
    session: &mut Session,
    key: SearchKey<'_>,
    patience: Duration,
) -> Result<Vec<u32>, WireError> {
    let search = CommandBody::Search { uid: true, returns: None, charset: None, keys: vec![key] };
    let (_, frames) = ask(session, search, patience).await?;
    Ok(frames.iter().flat_map(|frame| found(frame)).collect())
}

/// A message, and whether its subject has the mark.
struct Seen {
    uid: u32,
    is_marked: bool,
}

/// The messages of those unique identifiers; nothing where the server does not tell.
async fn subjects(
    session: &mut Session,
    uids: &str,
    mark: &[u8],
    patience: Duration,
) -> Result<Option<Vec<Seen>>, WireError> {
    let line = format!("x UID FETCH {uids} (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])\r\n");
    let grammar = Grammar::with(Extensions::NONE);
    let Ok(command) = grammar.command(line.as_bytes()) else { return Ok(None) };
    let (completion, frames) = ask(session, command.body, patience).await?;
    let seen = frames.iter().filter_map(|frame| {
        let is_marked = memmem::find(frame, mark).is_some();
        Some(Seen { uid: uid(frame)?, is_marked })
    });
    Ok(completion.is_ok.then(|| seen.collect()))
}

/// How many messages are in a mailbox, by what was said where it was selected; nothing where that
/// was not said.
fn exists(frames: &[Vec<u8>]) -> Option<usize> {
    frames.iter().rev().find_map(|frame| match tree::tokens(frame).as_slice() {
        [star, count, exists] if star.is_word("*") && exists.is_word("EXISTS") => {
            usize::try_from(number(count.word()?)?).ok()
        }
        _ => None,
    })
}

/// The numbers of a SEARCH response.
fn found(frame: &[u8]) -> Vec<u32> {
    let tokens = tree::tokens(frame);
    match tokens.as_slice() {
        [star, search, numbers @ ..] if star.is_word("*") && search.is_word("SEARCH") => {
            numbers.iter().filter_map(|token| number(token.word()?)).collect()
        }
        _ => Vec::new(),
    }
}

/// The UID that a FETCH response tells.
fn uid(frame: &[u8]) -> Option<u32> {
    let tokens = tree::tokens(frame);
    let [_, _, fetch, items, ..] = tokens.as_slice() else { return None };
    let items = items.list().filter(|_| fetch.is_word("FETCH"))?;
    let at = items.iter().position(|item| item.is_word("UID"))?;
    number(items.get(at + 1)?.word()?)
}

fn number(word: &[u8]) -> Option<u32> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// A sequence set of those numbers; nothing where there are none.
fn set(numbers: &[u32]) -> Option<SequenceSet> {
    let written: Vec<String> = numbers.iter().map(u32::to_string).collect();
    SequenceSet::parse(written.join(",").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        assert_eq!(found(b"* SEARCH 3 17\r\n"), [3, 17]);
        assert!(found(b"* SEARCH\r\n").is_empty() && found(b"* 3 EXISTS\r\n").is_empty());
        let fetched =
            b"* 2 FETCH (BODY[HEADER.FIELDS (SUBJECT)] {14}\r\nSubject: x\r\n\r\n UID 9)\r\n";
        assert_eq!(uid(fetched), Some(9));
        assert_eq!(uid(b"* 2 FETCH (FLAGS (UID))\r\n"), None);
        let selected = [&b"* 2 EXISTS\r\n"[..], b"* 3 EXISTS\r\n", b"* 1 RECENT\r\n"];
        assert_eq!(exists(&selected.map(<[u8]>::to_vec)), Some(3));
        assert_eq!(exists(&[]), None);
        assert_eq!(set(&[]), None);
        assert_eq!(set(&[4, 2]).unwrap().to_string(), "4,2");
    }
}
