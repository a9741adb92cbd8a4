//! How a command is read: its name decides what may follow, and nothing else is tried.

use std::borrow::Cow;

use super::authenticate::AUTHENTICATE;
use super::select::select_parameters;
use crate::date::date_time;
use crate::extension::{
    Announcement, create_params, enable, id, initial_response, list_patterns, move_messages,
    return_options, search_return_options, selection_options, uid_expunge, unchanged_since,
};
use crate::fetch::{fetch_items, fetch_modifiers};
use crate::flag::{flag, flag_list};
use crate::keyword::{keywords, one_of};
use crate::lexical::{
    astring, atom, crlf, is_text_char, keyword, list_mailbox, literal, mailbox, sp, spaced, tag,
};
use crate::parse::{Context, Parsed, incomplete, unexpected, within};
use crate::search::search_key;
use crate::sequence::sequence_set;
use crate::status::status_attributes;
use crate::{Command, CommandBody, Flag, Mailbox, Production, SequenceSet, StoreAction};

const UID: Production = Production::rfc3501("uid");
const X_COMMAND: Production = Production::rfc3501("x-command");
const STORE_ATT_FLAGS: Production = Production::rfc3501("store-att-flags");
const APPEND: Production = Production::rfc3501("append");
const COPY: Production = Production::rfc3501("copy");
const CREATE: Production = Production::rfc3501("create");
const DELETE: Production = Production::rfc3501("delete");
const EXAMINE: Production = Production::rfc3501("examine");
const FETCH: Production = Production::rfc3501("fetch");
const LIST: Production = Production::rfc3501("list");
const LOGIN: Production = Production::rfc3501("login");
const LSUB: Production = Production::rfc3501("lsub");
const RENAME: Production = Production::rfc3501("rename");
const SEARCH: Production = Production::rfc3501("search");
const SELECT: Production = Production::rfc3501("select");
const STATUS: Production = Production::rfc3501("status");
const STORE: Production = Production::rfc3501("store");
const SUBSCRIBE: Production = Production::rfc3501("subscribe");
const UNSUBSCRIBE: Production = Production::rfc3501("unsubscribe");

#[derive(Clone, Copy)]
pub(crate) enum Name {
    Append,
    Authenticate,
    Capability,
    Check,
    Close,
    Copy,
    Create,
    Delete,
    Enable,
    Examine,
    Expunge,
    Fetch,
    Id,
    Idle,
    List,
    Login,
    Logout,
    Lsub,
    Move,
    Namespace,
    Noop,
    Rename,
    Search,
    Select,
    StartTls,
    Status,
    Store,
    Subscribe,
    Uid,
    Unselect,
    Unsubscribe,
}

keywords! { Name {
    Append = b"APPEND",
    Authenticate = b"AUTHENTICATE",
    Capability = b"CAPABILITY",
    Check = b"CHECK",
    Close = b"CLOSE",
    Copy = b"COPY",
    Create = b"CREATE",
    Delete = b"DELETE",
    Enable = b"ENABLE" under Enable,
    Examine = b"EXAMINE",
    Expunge = b"EXPUNGE",
    Fetch = b"FETCH",
    Id = b"ID" under Id,
    Idle = b"IDLE" under Idle,
    List = b"LIST",
    Login = b"LOGIN",
    Logout = b"LOGOUT",
    Lsub = b"LSUB",
    Move = b"MOVE" under Move,
    Namespace = b"NAMESPACE" under Namespace,
    Noop = b"NOOP",
    Rename = b"RENAME",
    Search = b"SEARCH",
    Select = b"SELECT",
    StartTls = b"STARTTLS",
    Status = b"STATUS",
    Store = b"STORE",
    Subscribe = b"SUBSCRIBE",
    Uid = b"UID",
    Unselect = b"UNSELECT" under Unselect,
    Unsubscribe = b"UNSUBSCRIBE",
} }

#[derive(Clone, Copy)]
pub(crate) enum UidName {
    Copy,
    Expunge,
    Fetch,
    Move,
    Search,
    Store,
}

keywords! { UidName {
    Copy = b"COPY",
    Expunge = b"EXPUNGE" under UidPlus,
    Fetch = b"FETCH",
    Move = b"MOVE" under Move,
    Search = b"SEARCH",
    Store = b"STORE",
} }

/// `command`
pub(crate) fn command(cx: Context, i: &[u8]) -> Parsed<'_, Command<'_>> {
    let (i, tag) = tag(i)?;
    let (i, ()) = sp(i)?;
    let (i, body) = match i.first() {
        Some(b'X' | b'x') => within(&X_COMMAND, experimental(cx, i))?,
        _ => {
            let (i, name) = one_of(cx, i, "a command")?;
            arguments(cx, name, i)?
        }
    };
    let (i, ()) = crlf(i)?;
    Ok((i, Command { tag, body }))
}

/// What follows the name of a command.
fn arguments(cx: Context, name: Name, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    match name {
        Name::Capability => Ok((i, CommandBody::Capability)),
        Name::Check => Ok((i, CommandBody::Check)),
        Name::Close => Ok((i, CommandBody::Close)),
        Name::Expunge => Ok((i, CommandBody::Expunge)),
        Name::Logout => Ok((i, CommandBody::Logout)),
        Name::Namespace => Ok((i, CommandBody::Namespace)),
        Name::Noop => Ok((i, CommandBody::Noop)),
        Name::StartTls => Ok((i, CommandBody::StartTls)),
        Name::Idle => Ok((i, CommandBody::Idle)),
        Name::Unselect => Ok((i, CommandBody::Unselect)),
        Name::Append => within(&APPEND, append(cx, i)),
        Name::Authenticate => within(&AUTHENTICATE, authenticate(cx, i)),
        Name::Copy => within(&COPY, copy(cx, false, i)),
        Name::Create => within(&CREATE, create(cx, i)),
        Name::Delete => named(cx, &DELETE, i, CommandBody::Delete),
        Name::Enable => enable(i),
        Name::Examine => within(&EXAMINE, select(cx, true, i)),
        Name::Fetch => within(&FETCH, fetch(cx, false, i)),
        Name::Id => id(cx, i).map(|(i, parameters)| (i, CommandBody::Id(parameters))),
        Name::List => within(&LIST, list(cx, i)),
        Name::Login => within(&LOGIN, login(cx, i)),
        Name::Lsub => within(&LSUB, lsub(cx, i)),
        Name::Move => move_messages(cx, false, i),
        Name::Rename => within(&RENAME, rename(cx, i)),
        Name::Search => within(&SEARCH, search(cx, false, i)),
        Name::Select => within(&SELECT, select(cx, false, i)),
        Name::Status => within(&STATUS, status(cx, i)),
        Name::Store => within(&STORE, store(cx, false, i)),
        Name::Subscribe => named(cx, &SUBSCRIBE, i, CommandBody::Subscribe),
        Name::Uid => within(&UID, uid(cx, i)),
        Name::Unsubscribe => named(cx, &UNSUBSCRIBE, i, CommandBody::Unsubscribe),
    }
}

/// What follows `UID`: another command, whose numbers are unique identifiers.
fn uid(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, ()) = sp(i)?;
    let (i, name) = one_of(cx, i, "a command that takes unique identifiers")?;
    match name {
        UidName::Copy => within(&COPY, copy(cx, true, i)),
        UidName::Expunge => uid_expunge(i),
        UidName::Fetch => within(&FETCH, fetch(cx, true, i)),
        UidName::Move => move_messages(cx, true, i),
        UidName::Search => within(&SEARCH, search(cx, true, i)),
        UidName::Store => within(&STORE, store(cx, true, i)),
    }
}

/// `SP mailbox` and nothing else.
fn named<'a>(
    cx: Context,
    production: &'static Production,
    i: &'a [u8],
    body: impl FnOnce(Mailbox<'a>) -> CommandBody<'a>,
) -> Parsed<'a, CommandBody<'a>> {
    let (i, mailbox) = within(production, sp_mailbox(cx, i))?;
    Ok((i, body(mailbox)))
}

fn sp_mailbox(cx: Context, i: &[u8]) -> Parsed<'_, Mailbox<'_>> {
    let (i, ()) = sp(i)?;
    mailbox(cx, i)
}

fn sp_sequence_set(i: &[u8]) -> Parsed<'_, SequenceSet> {
    let (i, ()) = sp(i)?;
    sequence_set(i)
}

fn authenticate(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, ()) = sp(i)?;
    let (i, mechanism) = atom(i)?;
    let (i, initial_response) = initial_response(cx, i)?;
    Ok((i, CommandBody::Authenticate { mechanism, initial_response }))
}

fn login(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, ()) = sp(i)?;
    let (i, user) = astring(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, password) = astring(cx, i)?;
    Ok((i, CommandBody::Login { user, password }))
}

fn select(cx: Context, examine: bool, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, mailbox) = sp_mailbox(cx, i)?;
    let (i, parameters) = select_parameters(cx, i)?;
    let body = if examine {
        CommandBody::Examine { mailbox, parameters }
    } else {
        CommandBody::Select { mailbox, parameters }
    };
    Ok((i, body))
}

fn create(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, mailbox) = sp_mailbox(cx, i)?;
    let (i, special_use) = create_params(cx, i)?;
    Ok((i, CommandBody::Create { mailbox, special_use }))
}

fn rename(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, from) = sp_mailbox(cx, i)?;
    let (i, to) = sp_mailbox(cx, i)?;
    Ok((i, CommandBody::Rename { from, to }))
}

fn list(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, ()) = sp(i)?;
    let (i, selection) = selection_options(cx, i)?;
    let (i, reference) = mailbox(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, patterns) = list_patterns(cx, i)?;
    let (i, returns) = return_options(cx, i)?;
    Ok((i, CommandBody::List { selection, reference, patterns, returns }))
}

fn lsub(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, reference) = sp_mailbox(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, pattern) = list_mailbox(cx, i)?;
    Ok((i, CommandBody::Lsub { reference, pattern }))
}

fn status(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, mailbox) = sp_mailbox(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, attributes) = status_attributes(cx, i)?;
    Ok((i, CommandBody::Status { mailbox, attributes }))
}

fn append(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, mailbox) = sp_mailbox(cx, i)?;
    let (mut i, ()) = sp(i)?;
    let mut flags = None;
    if i.first() == Some(&b'(') {
        let (rest, list) = flag_list(i)?;
        let (rest, ()) = sp(rest)?;
        flags = Some(list);
        i = rest;
    }
    let mut date = None;
    if i.first() == Some(&b'"') {
        let (rest, value) = date_time(i)?;
        let (rest, ()) = sp(rest)?;
        date = Some(value);
        i = rest;
    }
    let (i, message) = literal(cx, i)?;
    Ok((i, CommandBody::Append { mailbox, flags, date_time: date, message }))
}

fn search(cx: Context, uid: bool, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, ()) = sp(i)?;
    let (mut i, returns) = search_return_options(cx, i)?;
    let mut charset = None;
    // No search key begins with these letters.
    if let [b'C' | b'c', b'H' | b'h', ..] = i {
        let (rest, ()) = keyword(i, "CHARSET")?;
        let (rest, ()) = sp(rest)?;
        let (rest, name) = astring(cx, rest)?;
        let (rest, ()) = sp(rest)?;
        charset = Some(name);
        i = rest;
    }
    let (i, keys) = spaced(i, |i| search_key(cx, i))?;
    Ok((i, CommandBody::Search { uid, returns, charset, keys }))
}

fn fetch(cx: Context, uid: bool, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, sequence_set) = sp_sequence_set(i)?;
    let (i, ()) = sp(i)?;
    let (i, items) = fetch_items(cx, i)?;
    let (i, modifiers) = fetch_modifiers(cx, uid, i)?;
    Ok((i, CommandBody::Fetch { uid, sequence_set, items, modifiers }))
}

fn store(cx: Context, uid: bool, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, sequence_set) = sp_sequence_set(i)?;
    let (i, unchanged_since) = unchanged_since(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, (action, silent, flags)) = within(&STORE_ATT_FLAGS, store_att_flags(i))?;
    let body = CommandBody::Store { uid, sequence_set, unchanged_since, action, silent, flags };
    Ok((i, body))
}

fn store_att_flags(i: &[u8]) -> Parsed<'_, (StoreAction, bool, Vec<Flag<'_>>)> {
    let (i, action) = match i.split_first() {
        Some((b'+', rest)) => (rest, StoreAction::Add),
        Some((b'-', rest)) => (rest, StoreAction::Remove),
        Some((b'F' | b'f', _)) => (i, StoreAction::Replace),
        _ => return unexpected(i, "`FLAGS`, `+FLAGS` or `-FLAGS`"),
    };
    let (i, ()) = keyword(i, "FLAGS")?;
    let (i, silent) = match i.first() {
        Some(b'.') => keyword(i, ".SILENT").map(|(i, ())| (i, true))?,
        _ => (i, false),
    };
    let (i, ()) = sp(i)?;
    let (i, flags) = match i.first() {
        Some(b'(') => flag_list(i)?,
        _ => spaced(i, flag)?,
    };
    Ok((i, (action, silent, flags)))
}

fn copy(cx: Context, uid: bool, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, sequence_set) = sp_sequence_set(i)?;
    let (i, mailbox) = sp_mailbox(cx, i)?;
    Ok((i, CommandBody::Copy { uid, sequence_set, mailbox }))
}

/// `x-command`, whose arguments the RFC leaves to the experiment: here, text and literals.
fn experimental(cx: Context, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    // The X itself is one ATOM-CHAR, and an atom follows it.
    atom(&i[1..])?;
    let (i, name) = atom(i)?;
    let Some((b' ', start)) = i.split_first() else {
        return Ok((i, CommandBody::Experimental { name, arguments: None }));
    };
    let mut i = start;
    loop {
        let Some(end) = i.iter().position(|&octet| !is_text_char(octet)) else {
            return incomplete();
        };
        i = match Announcement::at_end_of(&i[..end]) {
            Some(announced) if i[end] == b'\r' => literal(cx, &i[announced.at..])?.0,
            _ => {
                let arguments = Cow::Borrowed(&start[..start.len() - i.len() + end]);
                let body = CommandBody::Experimental { name, arguments: Some(arguments) };
                return Ok((&i[end..], body));
            }
        };
    }
}
