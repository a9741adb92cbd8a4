//! Removing what a run made, and nothing else.

use std::time::Duration;

use imap_grammar::CommandBody;

use super::{
    CaseMailboxes, Listed, Personal, Root, ask, list, mailbox, names,
    names::{is_of_a_run, pattern_of_roots},
    personal, string,
};
use crate::{
    play::{isolation::PreparationError, session::Session},
    wire::WireError,
};

/// Removes the mailboxes and subscriptions of a case. Returns the names that would not go.
pub(in crate::play) async fn remove_case(
    session: &mut Session,
    case: &CaseMailboxes,
    patience: Duration,
) -> Result<Vec<String>, WireError> {
    let pattern = [case.root(), b"*"].concat();
    let left = remove(session, &pattern, |name| case.contains(name), patience).await?;
    Ok(left.iter().map(|name| session.shown(name)).collect())
}

/// Removes the root of a run, and what cases may have left below it.
pub(in crate::play) async fn remove_root(
    session: &mut Session,
    root: &Root,
    personal: &Personal,
    patience: Duration,
) -> Result<Vec<String>, WireError> {
    let pattern = [root.name(), b"*"].concat();
    let is_own = |name: &[u8]| is_of_a_run(name, personal) && names::begins_with(name, root.name());
    let left = remove(session, &pattern, is_own, patience).await?;
    Ok(left.iter().map(|name| session.shown(name)).collect())
}

/// Removes what runs that did not end in good order have left with a user: every mailbox that
/// could only be of a run, also of one that is still going on. Returns the names of those removed
/// and of those that would not go.
pub(in crate::play) async fn remove_leftovers(
    session: &mut Session,
    has_namespace: bool,
    patience: Duration,
) -> Result<(Vec<String>, Vec<String>), PreparationError> {
    let personal = personal(session, has_namespace, patience).await?;
    let pattern = pattern_of_roots(&personal);
    let is_own = |name: &[u8]| is_of_a_run(name, &personal);
    let found = listed(session, list(&pattern), "LIST", is_own, patience).await?;
    let left = remove(session, &pattern, is_own, patience).await?;
    let gone = found.iter().map(|listed| &listed.name).filter(|name| !left.contains(name));
    let gone = gone.map(|name| session.shown(name)).collect();
    Ok((gone, left.iter().map(|name| session.shown(name)).collect()))
}

async fn remove(
    session: &mut Session,
    pattern: &[u8],
    is_own: impl Fn(&[u8]) -> bool + Copy,
    patience: Duration,
) -> Result<Vec<Vec<u8>>, WireError> {
    let lsub = CommandBody::Lsub { reference: mailbox(b""), pattern: string(pattern) };
    for subscribed in listed(session, lsub, "LSUB", is_own, patience).await? {
        ask(session, CommandBody::Unsubscribe(mailbox(&subscribed.name)), patience).await?;
    }
    let mut found = listed(session, list(pattern), "LIST", is_own, patience).await?;
    // Children first: a mailbox with children stays as a name that cannot be selected
    // (RFC 3501 §6.3.4).
    found.sort_by_key(|listed| std::cmp::Reverse(listed.name.len()));
    for listed in found {
        ask(session, CommandBody::Delete(mailbox(&listed.name)), patience).await?;
    }
    let left = listed(session, list(pattern), "LIST", is_own, patience).await?;
    Ok(left.into_iter().map(|listed| listed.name).collect())
}

/// The mailboxes of our own that exist in some way.
pub(super) async fn listed(
    session: &mut Session,
    command: CommandBody<'_>,
    keyword: &str,
    is_own: impl Fn(&[u8]) -> bool,
    patience: Duration,
) -> Result<Vec<Listed>, WireError> {
    let (_, frames) = ask(session, command, patience).await?;
    let listed = frames.iter().filter_map(|frame| Listed::read(frame, keyword));
    let exists = |listed: &Listed| {
        // RFC 5258 §3: it is listed for the sake of its children.
        !listed.attributes.iter().any(|name| name.eq_ignore_ascii_case(b"\\NonExistent"))
    };
    Ok(listed.filter(|listed| is_own(&listed.name) && exists(listed)).collect())
}
