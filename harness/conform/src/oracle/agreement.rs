//! Sessions that are in step: what they must agree on.
//!
//! At a barrier each session has said NOOP and then fetched the flags of all messages, and nothing
//! has happened in between. A server may go on to show what is expunged elsewhere (RFC 2180
//! §4.1.1), so a message more or less is a failure only where nobody can have expunged one. The
//! flags themselves must be the same where they are permanent (RFC 3501 §2.3.2); that a change was
//! not told before it was asked for breaks a SHOULD (§7).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    invariant::{self, Invariant},
    mailbox::View,
    session::Session,
    shared::Shared,
};
use crate::{Finding, Verdict};

/// A session's name and what it was told.
type Named<'s> = (&'s str, &'s View);

/// Compares sessions that are in step and have the same mailbox selected.
pub(super) fn compare(
    sessions: &BTreeMap<&str, Session>,
    shared: &Shared,
    entry: usize,
    findings: &mut Vec<Finding>,
) {
    let mut notice = |invariant: &Invariant, verdict, found| {
        findings.push(Finding { verdict, ..invariant.broken(entry, 0..0, found) });
    };
    let settled: Vec<_> = sessions
        .iter()
        .filter_map(|(name, session)| Some((session.user(), (*name, session.settled_view()?))))
        .collect();
    for &(_, session) in &settled {
        if let Some(found) = untold(session) {
            notice(&invariant::CHANGES_ARE_TOLD, Verdict::Warn, found);
        }
    }
    for (index, &(user, (name, view))) in settled.iter().enumerate() {
        for &(other_user, (other_name, other)) in &settled[index + 1..] {
            let same = user == other_user
                && view.mailbox == other.mailbox
                && view.uid_validity == other.uid_validity;
            if !same || view.uid_validity.is_none() {
                continue;
            }
            let (one, other) = ((name, view), (other_name, other));
            match difference(one, other) {
                Some(found) if shared.may_have_expunged => {
                    notice(&invariant::SESSIONS_AGREE, Verdict::Warn, found);
                }
                Some(found) => notice(&invariant::NEW_MAIL_IS_TOLD, Verdict::Fail, found),
                None => {}
            }
            if let Some(found) = other_flags(one, other) {
                notice(&invariant::FLAGS_AGREE, Verdict::Fail, found);
            }
        }
    }
}

/// How many messages there are, and which UIDs they have.
fn difference((name, view): Named<'_>, (other_name, other): Named<'_>) -> Option<String> {
    if let (Some(exists), Some(other_exists)) = (view.exists, other.exists)
        && exists != other_exists
    {
        return Some(format!(
            "session {name} sees {exists} messages, session {other_name} sees {other_exists}"
        ));
    }
    view.messages.iter().find_map(|(number, message)| {
        let uid = message.uid?;
        let other_uid = other.messages.get(number)?.uid?;
        (uid != other_uid).then(|| {
            format!(
                "message {number} has UID {uid} in session {name} and {other_uid} in {other_name}"
            )
        })
    })
}

/// Flags that both sessions have asked for, and that are permanent in both.
fn other_flags((name, view): Named<'_>, (other_name, other): Named<'_>) -> Option<String> {
    let told = |view: &View| -> BTreeMap<_, _> {
        let told = view.messages.values();
        told.filter_map(|message| Some((message.uid?, message.told.clone()?))).collect()
    };
    let other_told = told(other);
    told(view).into_iter().find_map(|(uid, flags)| {
        let other_flags = other_told.get(&uid)?;
        let flag = flags
            .symmetric_difference(other_flags)
            .filter(|flag| *flag != RECENT)
            .find(|flag| view.is_permanent(flag) && other.is_permanent(flag))?;
        let (with, without) =
            if flags.contains(flag) { (name, other_name) } else { (other_name, name) };
        Some(format!("UID {uid} has {flag} in session {with} and not in {without}"))
    })
}

/// A change of flags that the session learns only because it asks.
fn untold((name, view): Named<'_>) -> Option<String> {
    let without_recent = |flags: &BTreeSet<String>| -> Vec<String> {
        flags.iter().filter(|flag| *flag != RECENT).cloned().collect()
    };
    view.messages.iter().find_map(|(number, message)| {
        let (known, now) =
            (without_recent(message.flags.as_ref()?), without_recent(message.told.as_ref()?));
        (known != now).then(|| {
            format!(
                "session {name} knew flags ({}) of message {number}, which has ({})",
                known.join(" "),
                now.join(" ")
            )
        })
    })
}

/// It is each session's own (RFC 3501 §2.3.2).
const RECENT: &str = "\\recent";
