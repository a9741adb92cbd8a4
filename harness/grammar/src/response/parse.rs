//! Reading responses: the first octet, then a keyword, say which rule it is.

use super::{Continue, Greeting, GreetingKind, Response, Status, Tagged, Untagged};
use crate::capability::capability_data;
use crate::code::resp_text;
use crate::extension::{
    enable_data, esearch_response, expunged_resp, id, namespace_response, search_sort_mod_seq,
};
use crate::flag::flag_list;
use crate::keyword::{keywords, one_of};
use crate::lexical::{crlf, mailbox, number, nz_number, octet, sp, tag};
use crate::mailbox_list::mailbox_list;
use crate::message_attribute::msg_att;
use crate::parse::{Context, Parsed, within};
use crate::status::status_att_list;
use crate::{Extension, MailboxList, Production, RespText};

const GREETING: Production = Production::rfc3501("greeting");
const CONTINUE_REQ: Production = Production::rfc3501("continue-req");
const RESPONSE_DATA: Production = Production::rfc3501("response-data");
const RESPONSE_TAGGED: Production = Production::rfc3501("response-tagged");
const RESP_COND_STATE: Production = Production::rfc3501("resp-cond-state");
const RESP_COND_BYE: Production = Production::rfc3501("resp-cond-bye");
const MAILBOX_DATA: Production = Production::rfc3501("mailbox-data");
const MESSAGE_DATA: Production = Production::rfc3501("message-data");

keywords! { GreetingKind {
    Ok = b"OK",
    PreAuth = b"PREAUTH",
    Bye = b"BYE",
} }

keywords! { Status {
    Ok = b"OK",
    No = b"NO",
    Bad = b"BAD",
} }

/// What an untagged response begins with, where that is no number.
#[derive(Clone, Copy)]
pub(crate) enum Name {
    Ok,
    No,
    Bad,
    Bye,
    Capability,
    Flags,
    List,
    Lsub,
    Search,
    Status,
    Namespace,
    Id,
    Enabled,
    ESearch,
    Vanished,
}

keywords! { Name {
    Ok = b"OK",
    No = b"NO",
    Bad = b"BAD",
    Bye = b"BYE",
    Capability = b"CAPABILITY",
    Flags = b"FLAGS",
    List = b"LIST",
    Lsub = b"LSUB",
    Search = b"SEARCH",
    Status = b"STATUS",
    Namespace = b"NAMESPACE" under Namespace,
    Id = b"ID" under Id,
    Enabled = b"ENABLED" under Enable,
    ESearch = b"ESEARCH" under ESearch,
    Vanished = b"VANISHED" under QResync,
} }

/// What follows the number with which an untagged response begins.
#[derive(Clone, Copy)]
pub(crate) enum NumberedName {
    Exists,
    Recent,
    Expunge,
    Fetch,
}

keywords! { NumberedName {
    Exists = b"EXISTS",
    Recent = b"RECENT",
    Expunge = b"EXPUNGE",
    Fetch = b"FETCH",
} }

/// `greeting`
pub(crate) fn greeting(cx: Context, i: &[u8]) -> Parsed<'_, Greeting<'_>> {
    within(&GREETING, starred_greeting(cx, i))
}

fn starred_greeting(cx: Context, i: &[u8]) -> Parsed<'_, Greeting<'_>> {
    let (i, ()) = octet(i, b'*', "`*`")?;
    let (i, ()) = sp(i)?;
    let (i, kind) = one_of(cx, i, "OK, PREAUTH or BYE")?;
    let (i, text) = text_behind_sp(cx, i)?;
    let (i, ()) = crlf(i)?;
    Ok((i, Greeting { kind, text }))
}

/// One line of a `response`.
pub(crate) fn response(cx: Context, i: &[u8]) -> Parsed<'_, Response<'_>> {
    match i.first() {
        Some(b'*') => {
            let (i, data) = within(&RESPONSE_DATA, response_data(cx, i))?;
            Ok((i, Response::Untagged(data)))
        }
        Some(b'+') => {
            let (i, request) = within(&CONTINUE_REQ, continue_req(cx, i))?;
            Ok((i, Response::Continue(request)))
        }
        _ => {
            let (i, tagged) = within(&RESPONSE_TAGGED, response_tagged(cx, i))?;
            Ok((i, Response::Tagged(tagged)))
        }
    }
}

fn continue_req(cx: Context, i: &[u8]) -> Parsed<'_, Continue<'_>> {
    let (i, ()) = octet(i, b'+', "`+`")?;
    let (i, ()) = sp(i)?;
    let (i, text) = match i.first() {
        // `base64` may be of no characters.
        Some(b'\r') => (i, None),
        _ => resp_text(cx, i).map(|(i, text)| (i, Some(text)))?,
    };
    let (i, ()) = crlf(i)?;
    Ok((i, Continue { text }))
}

fn response_tagged(cx: Context, i: &[u8]) -> Parsed<'_, Tagged<'_>> {
    let (i, tag) = tag(i)?;
    let (i, ()) = sp(i)?;
    let (i, (status, text)) = within(&RESP_COND_STATE, resp_cond_state(cx, i))?;
    let (i, ()) = crlf(i)?;
    Ok((i, Tagged { tag, status, text }))
}

fn resp_cond_state(cx: Context, i: &[u8]) -> Parsed<'_, (Status, RespText<'_>)> {
    let (i, status) = one_of(cx, i, "OK, NO or BAD")?;
    let (i, text) = text_behind_sp(cx, i)?;
    Ok((i, (status, text)))
}

fn text_behind_sp(cx: Context, i: &[u8]) -> Parsed<'_, RespText<'_>> {
    let (i, ()) = sp(i)?;
    resp_text(cx, i)
}

/// `response-data`
fn response_data(cx: Context, i: &[u8]) -> Parsed<'_, Untagged<'_>> {
    let (i, ()) = octet(i, b'*', "`*`")?;
    let (i, ()) = sp(i)?;
    let (i, data) = match i.first() {
        Some(b'0'..=b'9') => numbered_data(cx, i)?,
        _ => {
            let (i, name) = one_of(cx, i, "the name of a response, or a number")?;
            named_data(cx, name, i)?
        }
    };
    let (i, ()) = crlf(i)?;
    Ok((i, data))
}

fn numbered_data(cx: Context, start: &[u8]) -> Parsed<'_, Untagged<'_>> {
    let (i, count) = number(start)?;
    let (i, ()) = sp(i)?;
    let (i, name) = one_of(cx, i, "EXISTS, RECENT, EXPUNGE or FETCH")?;
    match name {
        NumberedName::Exists => Ok((i, Untagged::Exists(count))),
        NumberedName::Recent => Ok((i, Untagged::Recent(count))),
        NumberedName::Expunge => {
            let (_, number) = within(&MESSAGE_DATA, nz_number(start))?;
            Ok((i, Untagged::Expunge(number)))
        }
        NumberedName::Fetch => {
            let (_, number) = within(&MESSAGE_DATA, nz_number(start))?;
            let (i, ()) = within(&MESSAGE_DATA, sp(i))?;
            let (i, items) = msg_att(cx, i)?;
            Ok((i, Untagged::Fetch { number, items }))
        }
    }
}

/// What follows the name.
fn named_data<'a>(cx: Context, name: Name, i: &'a [u8]) -> Parsed<'a, Untagged<'a>> {
    match name {
        Name::Ok => untagged_state(cx, Status::Ok, i),
        Name::No => untagged_state(cx, Status::No, i),
        Name::Bad => untagged_state(cx, Status::Bad, i),
        Name::Bye => {
            within(&RESP_COND_BYE, text_behind_sp(cx, i)).map(|(i, text)| (i, Untagged::Bye(text)))
        }
        Name::Capability => {
            capability_data(i).map(|(i, capabilities)| (i, Untagged::Capability(capabilities)))
        }
        Name::Flags => {
            let (i, ()) = within(&MAILBOX_DATA, sp(i))?;
            flag_list(i).map(|(i, flags)| (i, Untagged::Flags(flags)))
        }
        Name::List => list_data(cx, i).map(|(i, list)| (i, Untagged::List(list))),
        Name::Lsub => list_data(cx, i).map(|(i, list)| (i, Untagged::Lsub(list))),
        Name::Search => within(&MAILBOX_DATA, search_data(cx, i)),
        Name::Status => within(&MAILBOX_DATA, status_data(cx, i)),
        Name::Namespace => namespace_response(cx, i)
            .map(|(i, namespaces)| (i, Untagged::Namespace(Box::new(namespaces)))),
        Name::Id => id(cx, i).map(|(i, parameters)| (i, Untagged::Id(parameters))),
        Name::Enabled => {
            enable_data(i).map(|(i, capabilities)| (i, Untagged::Enabled(capabilities)))
        }
        Name::ESearch => {
            esearch_response(cx, i).map(|(i, result)| (i, Untagged::ESearch(Box::new(result))))
        }
        Name::Vanished => expunged_resp(i).map(|(i, vanished)| (i, Untagged::Vanished(vanished))),
    }
}

fn untagged_state(cx: Context, status: Status, i: &[u8]) -> Parsed<'_, Untagged<'_>> {
    let (i, text) = within(&RESP_COND_STATE, text_behind_sp(cx, i))?;
    Ok((i, Untagged::Status { status, text }))
}

fn list_data(cx: Context, i: &[u8]) -> Parsed<'_, MailboxList<'_>> {
    let (i, ()) = within(&MAILBOX_DATA, sp(i))?;
    mailbox_list(cx, i)
}

/// `*(SP nz-number)`, and `search-sort-mod-seq` where there is a number at all.
fn search_data(cx: Context, mut i: &[u8]) -> Parsed<'_, Untagged<'_>> {
    // A number and its SP are eight octets or so.
    let mut numbers = Vec::with_capacity(i.len() / 8);
    while let [b' ', rest @ ..] = i {
        if rest.first() == Some(&b'(') && !numbers.is_empty() {
            cx.require(Extension::CondStore, rest)?;
            let (i, mod_seq) = search_sort_mod_seq(rest)?;
            return Ok((i, Untagged::Search { numbers, mod_seq: Some(mod_seq) }));
        }
        let (rest, number) = nz_number(rest)?;
        numbers.push(number);
        i = rest;
    }
    Ok((i, Untagged::Search { numbers, mod_seq: None }))
}

fn status_data(cx: Context, i: &[u8]) -> Parsed<'_, Untagged<'_>> {
    let (i, ()) = sp(i)?;
    let (i, mailbox) = mailbox(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, attributes) = status_att_list(cx, i)?;
    Ok((i, Untagged::MailboxStatus { mailbox, attributes }))
}
