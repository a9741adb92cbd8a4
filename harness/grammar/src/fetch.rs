//! `fetch-att`: what FETCH asks for (RFC 3501 §6.4.5).

use std::num::NonZeroU32;

use crate::encode::{Encode, Writer};
use crate::extension::{mod_sequence_value, vanished_in_place};
use crate::keyword::{keywords, one_of};
use crate::lexical::{list, number, nz_number, octet, sp};
use crate::parse::{Context, Parsed, fail, within};
use crate::section::section;
use crate::{Extension, Production, Section};

/// What follows the sequence set of FETCH.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum FetchItems<'a> {
    /// `ALL`: FLAGS INTERNALDATE RFC822.SIZE ENVELOPE.
    All,
    /// `FAST`: FLAGS INTERNALDATE RFC822.SIZE.
    Fast,
    /// `FULL`: FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY.
    Full,
    /// A single item without parentheses, or a list of items with them; never empty.
    Attributes(Vec<FetchAttribute<'a>>),
}

/// `fetch-att`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum FetchAttribute<'a> {
    /// `ENVELOPE`
    Envelope,
    /// `FLAGS`
    Flags,
    /// `INTERNALDATE`
    InternalDate,
    /// `RFC822`
    Rfc822,
    /// `RFC822.HEADER`
    Rfc822Header,
    /// `RFC822.SIZE`
    Rfc822Size,
    /// `RFC822.TEXT`
    Rfc822Text,
    /// `BODY` without a section.
    Body,
    /// `BODYSTRUCTURE`
    BodyStructure,
    /// `UID`
    Uid,
    /// `BODY[…]` or `BODY.PEEK[…]`.
    BodySection {
        /// Whether it is `BODY.PEEK`, which does not set `\Seen`.
        peek: bool,
        /// The content of the brackets.
        section: Section<'a>,
        /// `<origin.count>`: only these octets.
        partial: Option<Partial>,
    },
    /// `MODSEQ` (RFC 7162 §3.1.4.1).
    ModSeq,
}

/// `"<" number "." nz-number ">"`: from which octet and how many at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Partial {
    /// The first octet, counted from zero.
    pub origin: u32,
    /// How many octets at most.
    pub count: NonZeroU32,
}

/// A modifier of FETCH (RFC 4466 §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum FetchModifier {
    /// `CHANGEDSINCE` (RFC 7162 §3.1.4.1).
    ChangedSince(u64),
    /// `VANISHED` (RFC 7162 §3.2.6).
    Vanished,
}

const FETCH: Production = Production::rfc3501("fetch");
const FETCH_ATT: Production = Production::rfc3501("fetch-att");
const FETCH_MODIFIERS: Production = Production::new("fetch-modifiers", 4466, "3");
const FETCH_MODIFIER: Production = Production::new("fetch-modifier", 7162, "7");

#[derive(Clone, Copy)]
pub(crate) enum Name {
    All,
    Fast,
    Full,
    Envelope,
    Flags,
    InternalDate,
    Rfc822,
    Rfc822Header,
    Rfc822Size,
    Rfc822Text,
    Body,
    BodyPeek,
    BodyStructure,
    Uid,
    ModSeq,
}

keywords! { Name {
    All = b"ALL",
    Fast = b"FAST",
    Full = b"FULL",
    Envelope = b"ENVELOPE",
    Flags = b"FLAGS",
    InternalDate = b"INTERNALDATE",
    Rfc822 = b"RFC822",
    Rfc822Header = b"RFC822.HEADER",
    Rfc822Size = b"RFC822.SIZE",
    Rfc822Text = b"RFC822.TEXT",
    Body = b"BODY",
    BodyPeek = b"BODY.PEEK",
    BodyStructure = b"BODYSTRUCTURE",
    Uid = b"UID",
    ModSeq = b"MODSEQ" under CondStore,
} }

#[derive(Clone, Copy)]
pub(crate) enum ModifierName {
    ChangedSince,
    Vanished,
}

keywords! { ModifierName {
    ChangedSince = b"CHANGEDSINCE" under CondStore,
    Vanished = b"VANISHED" under QResync,
} }

impl FetchItems<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> FetchItems<'static> {
        match self {
            Self::All => FetchItems::All,
            Self::Fast => FetchItems::Fast,
            Self::Full => FetchItems::Full,
            Self::Attributes(attributes) => FetchItems::Attributes(
                attributes.into_iter().map(FetchAttribute::into_owned).collect(),
            ),
        }
    }
}

impl FetchAttribute<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> FetchAttribute<'static> {
        match self {
            Self::Envelope => FetchAttribute::Envelope,
            Self::Flags => FetchAttribute::Flags,
            Self::InternalDate => FetchAttribute::InternalDate,
            Self::Rfc822 => FetchAttribute::Rfc822,
            Self::Rfc822Header => FetchAttribute::Rfc822Header,
            Self::Rfc822Size => FetchAttribute::Rfc822Size,
            Self::Rfc822Text => FetchAttribute::Rfc822Text,
            Self::Body => FetchAttribute::Body,
            Self::BodyStructure => FetchAttribute::BodyStructure,
            Self::Uid => FetchAttribute::Uid,
            Self::BodySection { peek, section, partial } => {
                FetchAttribute::BodySection { peek, section: section.into_owned(), partial }
            }
            Self::ModSeq => FetchAttribute::ModSeq,
        }
    }
}

/// What follows the sequence set of FETCH and SP: a macro, an item, or items in parentheses.
pub(crate) fn fetch_items(cx: Context, i: &[u8]) -> Parsed<'_, FetchItems<'_>> {
    if i.first() == Some(&b'(') {
        let (i, attributes) = within(&FETCH, list(i, |i| fetch_attribute(cx, i)))?;
        return Ok((i, FetchItems::Attributes(attributes)));
    }
    let (rest, name) = within(&FETCH, one_of(cx, i, "a data item, a macro or `(`"))?;
    match name {
        Name::All => Ok((rest, FetchItems::All)),
        Name::Fast => Ok((rest, FetchItems::Fast)),
        Name::Full => Ok((rest, FetchItems::Full)),
        _ => {
            let (i, attribute) = within(&FETCH_ATT, named_attribute(cx, i, rest, name))?;
            Ok((i, FetchItems::Attributes(vec![attribute])))
        }
    }
}

fn fetch_attribute(cx: Context, start: &[u8]) -> Parsed<'_, FetchAttribute<'_>> {
    let (i, name) = within(&FETCH_ATT, one_of(cx, start, "a data item"))?;
    within(&FETCH_ATT, named_attribute(cx, start, i, name))
}

fn named_attribute<'a>(
    cx: Context,
    start: &'a [u8],
    i: &'a [u8],
    name: Name,
) -> Parsed<'a, FetchAttribute<'a>> {
    let attribute = match name {
        Name::All | Name::Fast | Name::Full => {
            return fail(start, "a data item; ALL, FAST and FULL stand without parentheses");
        }
        Name::Envelope => FetchAttribute::Envelope,
        Name::Flags => FetchAttribute::Flags,
        Name::InternalDate => FetchAttribute::InternalDate,
        Name::Rfc822 => FetchAttribute::Rfc822,
        Name::Rfc822Header => FetchAttribute::Rfc822Header,
        Name::Rfc822Size => FetchAttribute::Rfc822Size,
        Name::Rfc822Text => FetchAttribute::Rfc822Text,
        Name::Body if i.first() == Some(&b'[') => return body_section(cx, false, i),
        Name::Body => FetchAttribute::Body,
        Name::BodyPeek => return body_section(cx, true, i),
        Name::BodyStructure => FetchAttribute::BodyStructure,
        Name::Uid => FetchAttribute::Uid,
        Name::ModSeq => FetchAttribute::ModSeq,
    };
    Ok((i, attribute))
}

fn body_section(cx: Context, peek: bool, i: &[u8]) -> Parsed<'_, FetchAttribute<'_>> {
    let (i, section) = section(cx, i)?;
    let (i, partial) = match i.first() {
        Some(b'<') => partial(i).map(|(i, partial)| (i, Some(partial)))?,
        _ => (i, None),
    };
    Ok((i, FetchAttribute::BodySection { peek, section, partial }))
}

fn partial(i: &[u8]) -> Parsed<'_, Partial> {
    let (i, ()) = octet(i, b'<', "`<`")?;
    let (i, origin) = number(i)?;
    let (i, ()) = octet(i, b'.', "`.`")?;
    let (i, count) = nz_number(i)?;
    let (i, ()) = octet(i, b'>', "`>`")?;
    Ok((i, Partial { origin, count }))
}

/// `[fetch-modifiers]`
pub(crate) fn fetch_modifiers(cx: Context, uid: bool, i: &[u8]) -> Parsed<'_, Vec<FetchModifier>> {
    if !cx.parameters_follow(Extension::CondStore, i)? {
        return Ok((i, Vec::new()));
    }
    let (start, ()) = sp(i)?;
    let (i, modifiers) = within(&FETCH_MODIFIERS, list(start, |i| fetch_modifier(cx, i)))?;
    vanished_in_place(start, uid, &modifiers)?;
    Ok((i, modifiers))
}

fn fetch_modifier(cx: Context, i: &[u8]) -> Parsed<'_, FetchModifier> {
    let (i, name) = within(&FETCH_MODIFIER, one_of(cx, i, "a modifier of FETCH"))?;
    match name {
        ModifierName::Vanished => Ok((i, FetchModifier::Vanished)),
        ModifierName::ChangedSince => {
            let (i, ()) = within(&FETCH_MODIFIER, sp(i))?;
            let (i, mod_seq) = mod_sequence_value(i)?;
            Ok((i, FetchModifier::ChangedSince(mod_seq)))
        }
    }
}

impl Encode for FetchItems<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::All => out.keyword(Name::All),
            Self::Fast => out.keyword(Name::Fast),
            Self::Full => out.keyword(Name::Full),
            Self::Attributes(attributes) => match attributes.as_slice() {
                [attribute] => attribute.encode(out),
                attributes => out.list(attributes),
            },
        }
    }
}

impl Encode for FetchAttribute<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Envelope => out.keyword(Name::Envelope),
            Self::Flags => out.keyword(Name::Flags),
            Self::InternalDate => out.keyword(Name::InternalDate),
            Self::Rfc822 => out.keyword(Name::Rfc822),
            Self::Rfc822Header => out.keyword(Name::Rfc822Header),
            Self::Rfc822Size => out.keyword(Name::Rfc822Size),
            Self::Rfc822Text => out.keyword(Name::Rfc822Text),
            Self::Body => out.keyword(Name::Body),
            Self::BodyStructure => out.keyword(Name::BodyStructure),
            Self::Uid => out.keyword(Name::Uid),
            Self::BodySection { peek, section, partial } => {
                out.keyword(if *peek { Name::BodyPeek } else { Name::Body });
                section.encode(out);
                if let Some(Partial { origin, count }) = *partial {
                    out.raw("<");
                    out.number(origin);
                    out.raw(".");
                    out.number(count.get());
                    out.raw(">");
                }
            }
            Self::ModSeq => out.keyword(Name::ModSeq),
        }
    }
}

impl Encode for FetchModifier {
    fn encode(&self, out: &mut Writer) {
        match *self {
            Self::ChangedSince(mod_seq) => {
                out.keyword(ModifierName::ChangedSince);
                out.raw(" ");
                out.number(mod_seq);
            }
            Self::Vanished => out.keyword(ModifierName::Vanished),
        }
    }
}
