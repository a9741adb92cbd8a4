//! `msg-att`: what FETCH tells of a message (RFC 3501 §7.4.2).

use std::num::NonZeroU32;

use crate::body::body;
use crate::date::date_time;
use crate::encode::{Encode, Writer};
use crate::envelope::envelope;
use crate::extension::fetch_mod_resp;
use crate::flag::flag_fetch;
use crate::keyword::{keywords, one_of};
use crate::lexical::{encode_nstring, list, list0, nstring, number, nz_number, octet, sp};
use crate::parse::{Context, Parsed, within};
use crate::section::section;
use crate::{Body, DateTime, Envelope, Flag, ImapString, NString, Production, Section};

/// `msg-att-dynamic` and `msg-att-static`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum MessageAttribute<'a> {
    /// `FLAGS`
    Flags(Vec<Flag<'a>>),
    /// `ENVELOPE`
    Envelope(Box<Envelope<'a>>),
    /// `INTERNALDATE`
    InternalDate(DateTime),
    /// `RFC822`
    Rfc822(NString<'a>),
    /// `RFC822.HEADER`
    Rfc822Header(NString<'a>),
    /// `RFC822.TEXT`
    Rfc822Text(NString<'a>),
    /// `RFC822.SIZE`
    Rfc822Size(u32),
    /// `BODY` without a section.
    Body(Body<'a>),
    /// `BODYSTRUCTURE`
    BodyStructure(Body<'a>),
    /// `BODY[…]`
    BodySection(Box<BodySection<'a>>),
    /// `UID`
    Uid(NonZeroU32),
    /// `MODSEQ` (RFC 7162 §3.1.4.2).
    ModSeq(u64),
}

/// `"BODY" section ["<" number ">"] SP nstring`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BodySection<'a> {
    /// The content of the brackets.
    pub section: Section<'a>,
    /// The origin octet of a partial fetch.
    pub origin: Option<u32>,
    /// The octets.
    pub data: NString<'a>,
}

const MSG_ATT: Production = Production::rfc3501("msg-att");
const MSG_ATT_DYNAMIC: Production = Production::rfc3501("msg-att-dynamic");
const MSG_ATT_STATIC: Production = Production::rfc3501("msg-att-static");

/// The names of the attributes; `BODY` may be followed by a section.
#[derive(Clone, Copy)]
pub(crate) enum Name {
    Flags,
    Envelope,
    InternalDate,
    Rfc822,
    Rfc822Header,
    Rfc822Text,
    Rfc822Size,
    Body,
    BodyStructure,
    Uid,
    ModSeq,
}

keywords! { Name {
    Flags = b"FLAGS",
    Envelope = b"ENVELOPE",
    InternalDate = b"INTERNALDATE",
    Rfc822 = b"RFC822",
    Rfc822Header = b"RFC822.HEADER",
    Rfc822Text = b"RFC822.TEXT",
    Rfc822Size = b"RFC822.SIZE",
    Body = b"BODY",
    BodyStructure = b"BODYSTRUCTURE",
    Uid = b"UID",
    ModSeq = b"MODSEQ" under CondStore,
} }

impl MessageAttribute<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> MessageAttribute<'static> {
        match self {
            Self::Flags(flags) => {
                MessageAttribute::Flags(flags.into_iter().map(Flag::into_owned).collect())
            }
            Self::Envelope(envelope) => MessageAttribute::Envelope(Box::new(envelope.into_owned())),
            Self::InternalDate(date_time) => MessageAttribute::InternalDate(date_time),
            Self::Rfc822(data) => MessageAttribute::Rfc822(data.map(ImapString::into_owned)),
            Self::Rfc822Header(data) => {
                MessageAttribute::Rfc822Header(data.map(ImapString::into_owned))
            }
            Self::Rfc822Text(data) => {
                MessageAttribute::Rfc822Text(data.map(ImapString::into_owned))
            }
            Self::Rfc822Size(size) => MessageAttribute::Rfc822Size(size),
            Self::Body(body) => MessageAttribute::Body(body.into_owned()),
            Self::BodyStructure(body) => MessageAttribute::BodyStructure(body.into_owned()),
            Self::BodySection(body_section) => {
                MessageAttribute::BodySection(Box::new(body_section.into_owned()))
            }
            Self::Uid(uid) => MessageAttribute::Uid(uid),
            Self::ModSeq(mod_seq) => MessageAttribute::ModSeq(mod_seq),
        }
    }
}

impl BodySection<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> BodySection<'static> {
        BodySection {
            section: self.section.into_owned(),
            origin: self.origin,
            data: self.data.map(ImapString::into_owned),
        }
    }
}

/// `msg-att`
pub(crate) fn msg_att(cx: Context, i: &[u8]) -> Parsed<'_, Vec<MessageAttribute<'_>>> {
    within(&MSG_ATT, list(i, |i| message_attribute(cx, i)))
}

fn message_attribute(cx: Context, i: &[u8]) -> Parsed<'_, MessageAttribute<'_>> {
    let (i, name) = one_of(cx, i, "a message attribute")?;
    let production = match name {
        Name::Flags | Name::ModSeq => &MSG_ATT_DYNAMIC,
        _ => &MSG_ATT_STATIC,
    };
    let value = match name {
        Name::Body if i.first() == Some(&b'[') => body_section(cx, i),
        _ => sp(i).and_then(|(i, ())| value(cx, name, i)),
    };
    within(production, value)
}

/// The value of an attribute without section.
fn value<'a>(cx: Context, name: Name, i: &'a [u8]) -> Parsed<'a, MessageAttribute<'a>> {
    Ok(match name {
        Name::Flags => {
            list0(i, flag_fetch).map(|(i, flags)| (i, MessageAttribute::Flags(flags)))?
        }
        Name::Envelope => {
            envelope(cx, i).map(|(i, envelope)| (i, MessageAttribute::Envelope(envelope)))?
        }
        Name::InternalDate => {
            date_time(i).map(|(i, date_time)| (i, MessageAttribute::InternalDate(date_time)))?
        }
        Name::Rfc822 => nstring(cx, i).map(|(i, data)| (i, MessageAttribute::Rfc822(data)))?,
        Name::Rfc822Header => {
            nstring(cx, i).map(|(i, data)| (i, MessageAttribute::Rfc822Header(data)))?
        }
        Name::Rfc822Text => {
            nstring(cx, i).map(|(i, data)| (i, MessageAttribute::Rfc822Text(data)))?
        }
        Name::Rfc822Size => number(i).map(|(i, size)| (i, MessageAttribute::Rfc822Size(size)))?,
        Name::Body => body(cx, i).map(|(i, body)| (i, MessageAttribute::Body(body)))?,
        Name::BodyStructure => {
            body(cx, i).map(|(i, body)| (i, MessageAttribute::BodyStructure(body)))?
        }
        Name::Uid => nz_number(i).map(|(i, uid)| (i, MessageAttribute::Uid(uid)))?,
        Name::ModSeq => {
            fetch_mod_resp(i).map(|(i, mod_seq)| (i, MessageAttribute::ModSeq(mod_seq)))?
        }
    })
}

/// `section ["<" number ">"] SP nstring`
fn body_section(cx: Context, i: &[u8]) -> Parsed<'_, MessageAttribute<'_>> {
    let (i, section) = section(cx, i)?;
    let (i, origin) = match i.first() {
        Some(b'<') => {
            let (i, origin) = number(&i[1..])?;
            let (i, ()) = octet(i, b'>', "`>`")?;
            (i, Some(origin))
        }
        _ => (i, None),
    };
    let (i, ()) = sp(i)?;
    let (i, data) = nstring(cx, i)?;
    Ok((i, MessageAttribute::BodySection(Box::new(BodySection { section, origin, data }))))
}

impl Encode for MessageAttribute<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Flags(flags) => {
                out.raw("FLAGS ");
                out.list(flags);
            }
            Self::Envelope(envelope) => {
                out.raw("ENVELOPE ");
                envelope.encode(out);
            }
            Self::InternalDate(date_time) => {
                out.raw("INTERNALDATE ");
                date_time.encode(out);
            }
            Self::Rfc822(data) => {
                out.raw("RFC822 ");
                encode_nstring(data, out);
            }
            Self::Rfc822Header(data) => {
                out.raw("RFC822.HEADER ");
                encode_nstring(data, out);
            }
            Self::Rfc822Text(data) => {
                out.raw("RFC822.TEXT ");
                encode_nstring(data, out);
            }
            Self::Rfc822Size(size) => {
                out.raw("RFC822.SIZE ");
                out.number(*size);
            }
            Self::Body(body) => {
                out.raw("BODY ");
                body.encode(out);
            }
            Self::BodyStructure(body) => {
                out.raw("BODYSTRUCTURE ");
                body.encode(out);
            }
            Self::BodySection(body_section) => body_section.encode(out),
            Self::Uid(uid) => {
                out.raw("UID ");
                out.number(uid.get());
            }
            Self::ModSeq(mod_seq) => {
                out.raw("MODSEQ (");
                out.number(*mod_seq);
                out.raw(")");
            }
        }
    }
}

impl Encode for BodySection<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("BODY");
        self.section.encode(out);
        if let Some(origin) = self.origin {
            out.raw("<");
            out.number(origin);
            out.raw(">");
        }
        out.raw(" ");
        encode_nstring(&self.data, out);
    }
}
