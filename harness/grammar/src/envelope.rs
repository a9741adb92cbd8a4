//! `envelope` and `address` (RFC 3501 §7.4.2).

use crate::encode::{Encode, Writer};
use crate::lexical::{close, encode_nstring, nil, nstring, open, sp};
use crate::parse::{Context, Parsed, unexpected, within};
use crate::{ImapString, NString, Production};

/// `envelope`: the header of a message, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Envelope<'a> {
    /// `env-date`
    pub date: NString<'a>,
    /// `env-subject`
    pub subject: NString<'a>,
    /// `env-from`; empty for NIL, as in every list of addresses here.
    pub from: Vec<Address<'a>>,
    /// `env-sender`
    pub sender: Vec<Address<'a>>,
    /// `env-reply-to`
    pub reply_to: Vec<Address<'a>>,
    /// `env-to`
    pub to: Vec<Address<'a>>,
    /// `env-cc`
    pub cc: Vec<Address<'a>>,
    /// `env-bcc`
    pub bcc: Vec<Address<'a>>,
    /// `env-in-reply-to`
    pub in_reply_to: NString<'a>,
    /// `env-message-id`
    pub message_id: NString<'a>,
}

/// `address`; a group begins with one whose host is NIL and ends with one that is all NIL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Address<'a> {
    /// `addr-name`
    pub name: NString<'a>,
    /// `addr-adl`: a source route.
    pub adl: NString<'a>,
    /// `addr-mailbox`
    pub mailbox: NString<'a>,
    /// `addr-host`
    pub host: NString<'a>,
}

const ENVELOPE: Production = Production::rfc3501("envelope");
const ENV_FROM: Production = Production::rfc3501("env-from");
const ENV_SENDER: Production = Production::rfc3501("env-sender");
const ENV_REPLY_TO: Production = Production::rfc3501("env-reply-to");
const ENV_TO: Production = Production::rfc3501("env-to");
const ENV_CC: Production = Production::rfc3501("env-cc");
const ENV_BCC: Production = Production::rfc3501("env-bcc");
const ADDRESS: Production = Production::rfc3501("address");

impl Envelope<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Envelope<'static> {
        let owned =
            |addresses: Vec<Address<'_>>| addresses.into_iter().map(Address::into_owned).collect();
        Envelope {
            date: self.date.map(ImapString::into_owned),
            subject: self.subject.map(ImapString::into_owned),
            from: owned(self.from),
            sender: owned(self.sender),
            reply_to: owned(self.reply_to),
            to: owned(self.to),
            cc: owned(self.cc),
            bcc: owned(self.bcc),
            in_reply_to: self.in_reply_to.map(ImapString::into_owned),
            message_id: self.message_id.map(ImapString::into_owned),
        }
    }
}

impl Address<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Address<'static> {
        Address {
            name: self.name.map(ImapString::into_owned),
            adl: self.adl.map(ImapString::into_owned),
            mailbox: self.mailbox.map(ImapString::into_owned),
            host: self.host.map(ImapString::into_owned),
        }
    }
}

/// `envelope`
pub(crate) fn envelope(cx: Context, i: &[u8]) -> Parsed<'_, Box<Envelope<'_>>> {
    within(&ENVELOPE, parenthesised_envelope(cx, i))
}

fn parenthesised_envelope(cx: Context, i: &[u8]) -> Parsed<'_, Box<Envelope<'_>>> {
    let (i, ()) = open(i)?;
    let (i, date) = nstring(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, subject) = nstring(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, from) = within(&ENV_FROM, addresses(cx, i))?;
    let (i, ()) = sp(i)?;
    let (i, sender) = within(&ENV_SENDER, addresses(cx, i))?;
    let (i, ()) = sp(i)?;
    let (i, reply_to) = within(&ENV_REPLY_TO, addresses(cx, i))?;
    let (i, ()) = sp(i)?;
    let (i, to) = within(&ENV_TO, addresses(cx, i))?;
    let (i, ()) = sp(i)?;
    let (i, cc) = within(&ENV_CC, addresses(cx, i))?;
    let (i, ()) = sp(i)?;
    let (i, bcc) = within(&ENV_BCC, addresses(cx, i))?;
    let (i, ()) = sp(i)?;
    let (i, in_reply_to) = nstring(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, message_id) = nstring(cx, i)?;
    let (i, ()) = close(i)?;
    let envelope =
        Envelope { date, subject, from, sender, reply_to, to, cc, bcc, in_reply_to, message_id };
    Ok((i, Box::new(envelope)))
}

/// `"(" 1*address ")" / nil`
fn addresses(cx: Context, i: &[u8]) -> Parsed<'_, Vec<Address<'_>>> {
    match i.first() {
        Some(b'(') => {}
        Some(b'N' | b'n') => return nil(i).map(|(i, ())| (i, Vec::new())),
        _ => return unexpected(i, "`(` or NIL"),
    }
    let mut addresses = Vec::new();
    let mut i = &i[1..];
    loop {
        let (rest, address) = within(&ADDRESS, address(cx, i))?;
        if addresses.is_empty() && rest.first() == Some(&b')') {
            // Most headers name one, which needs no room for more.
            addresses.reserve_exact(1);
        }
        addresses.push(address);
        match rest.split_first() {
            Some((b')', rest)) => return Ok((rest, addresses)),
            Some((b'(', _)) => i = rest,
            _ => return unexpected(rest, "`(` or `)`"),
        }
    }
}

fn address(cx: Context, i: &[u8]) -> Parsed<'_, Address<'_>> {
    let (i, ()) = open(i)?;
    let (i, name) = nstring(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, adl) = nstring(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, mailbox) = nstring(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, host) = nstring(cx, i)?;
    let (i, ()) = close(i)?;
    Ok((i, Address { name, adl, mailbox, host }))
}

impl Encode for Envelope<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("(");
        encode_nstring(&self.date, out);
        out.raw(" ");
        encode_nstring(&self.subject, out);
        for addresses in [&self.from, &self.sender, &self.reply_to, &self.to, &self.cc, &self.bcc] {
            out.raw(" ");
            encode_addresses(addresses, out);
        }
        out.raw(" ");
        encode_nstring(&self.in_reply_to, out);
        out.raw(" ");
        encode_nstring(&self.message_id, out);
        out.raw(")");
    }
}

fn encode_addresses(addresses: &[Address<'_>], out: &mut Writer) {
    if addresses.is_empty() {
        return out.raw("NIL");
    }
    out.raw("(");
    for address in addresses {
        address.encode(out);
    }
    out.raw(")");
}

impl Encode for Address<'_> {
    fn encode(&self, out: &mut Writer) {
        for (before, part) in
            [("(", &self.name), (" ", &self.adl), (" ", &self.mailbox), (" ", &self.host)]
        {
            out.raw(before);
            encode_nstring(part, out);
        }
        out.raw(")");
    }
}
