//! `section`: which part of a message `BODY[…]` means (RFC 3501 §6.4.5).

use std::{fmt, num::NonZeroU32};

use crate::encode::{Encode, EncodeOptions, Writer};
use crate::lexical::{astring, keyword, list, nz_number, octet, sp};
use crate::parse::{Context, Parsed, incomplete, unexpected, within};
use crate::{ImapString, Production};

/// `section`: the content of the brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Section<'a> {
    /// `section-part`: part numbers from the outside in; empty for the message itself.
    pub part: Vec<NonZeroU32>,
    /// What of that part; nothing for all of it.
    pub text: Option<SectionText<'a>>,
}

/// `section-msgtext` and `section-text`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum SectionText<'a> {
    /// `HEADER`
    Header,
    /// `HEADER.FIELDS (…)`: never empty.
    HeaderFields(Vec<ImapString<'a>>),
    /// `HEADER.FIELDS.NOT (…)`: never empty.
    HeaderFieldsNot(Vec<ImapString<'a>>),
    /// `TEXT`
    Text,
    /// `MIME`, only behind a part number.
    Mime,
}

/// As it is written, brackets included.
impl fmt::Display for Section<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let written = Writer::message(self, EncodeOptions::default());
        f.write_str(&String::from_utf8_lossy(&written.bytes))
    }
}

const SECTION: Production = Production::rfc3501("section");
const SECTION_MSGTEXT: Production = Production::rfc3501("section-msgtext");
const SECTION_TEXT: Production = Production::rfc3501("section-text");
const HEADER_LIST: Production = Production::rfc3501("header-list");

impl Section<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Section<'static> {
        Section { part: self.part, text: self.text.map(SectionText::into_owned) }
    }
}

impl SectionText<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> SectionText<'static> {
        let owned =
            |fields: Vec<ImapString<'_>>| fields.into_iter().map(ImapString::into_owned).collect();
        match self {
            Self::Header => SectionText::Header,
            Self::HeaderFields(fields) => SectionText::HeaderFields(owned(fields)),
            Self::HeaderFieldsNot(fields) => SectionText::HeaderFieldsNot(owned(fields)),
            Self::Text => SectionText::Text,
            Self::Mime => SectionText::Mime,
        }
    }
}

/// `section`, brackets included.
pub(crate) fn section(cx: Context, i: &[u8]) -> Parsed<'_, Section<'_>> {
    within(&SECTION, bracketed(cx, i))
}

fn bracketed(cx: Context, i: &[u8]) -> Parsed<'_, Section<'_>> {
    let (i, ()) = octet(i, b'[', "`[`")?;
    let (i, section) = match i.first() {
        Some(b']') => (i, Section::default()),
        Some(b'0'..=b'9') => section_part(cx, i)?,
        Some(_) => {
            let (i, text) = within(&SECTION_MSGTEXT, section_msgtext(cx, i))?;
            (i, Section { part: Vec::new(), text: Some(text) })
        }
        None => return incomplete(),
    };
    let (i, ()) = octet(i, b']', "`]`")?;
    Ok((i, section))
}

/// `section-part ["." section-text]`
fn section_part(cx: Context, mut i: &[u8]) -> Parsed<'_, Section<'_>> {
    let mut part = Vec::new();
    loop {
        let (rest, number) = nz_number(i)?;
        part.push(number);
        match rest {
            [b'.', b'0'..=b'9', ..] => i = &rest[1..],
            [b'.'] => return incomplete(),
            [b'.', ..] => {
                let (rest, text) = within(&SECTION_TEXT, section_text(cx, &rest[1..]))?;
                return Ok((rest, Section { part, text: Some(text) }));
            }
            _ => return Ok((rest, Section { part, text: None })),
        }
    }
}

fn section_text(cx: Context, i: &[u8]) -> Parsed<'_, SectionText<'_>> {
    match i.first() {
        Some(b'M' | b'm') => keyword(i, "MIME").map(|(i, ())| (i, SectionText::Mime)),
        Some(b'H' | b'h' | b'T' | b't') => section_msgtext(cx, i),
        _ => unexpected(i, "`HEADER`, `TEXT` or `MIME`"),
    }
}

fn section_msgtext(cx: Context, i: &[u8]) -> Parsed<'_, SectionText<'_>> {
    match i.first() {
        Some(b'T' | b't') => return keyword(i, "TEXT").map(|(i, ())| (i, SectionText::Text)),
        Some(b'H' | b'h') => {}
        _ => return unexpected(i, "`HEADER` or `TEXT`"),
    }
    let (i, ()) = keyword(i, "HEADER")?;
    let Some(b'.') = i.first() else { return Ok((i, SectionText::Header)) };
    let (i, ()) = keyword(i, ".FIELDS")?;
    let (i, not) = match i.first() {
        Some(b'.') => keyword(i, ".NOT").map(|(i, ())| (i, true))?,
        _ => (i, false),
    };
    let (i, ()) = sp(i)?;
    let (i, fields) = within(&HEADER_LIST, list(i, |i| astring(cx, i)))?;
    let text =
        if not { SectionText::HeaderFieldsNot(fields) } else { SectionText::HeaderFields(fields) };
    Ok((i, text))
}

impl Encode for Section<'_> {
    /// Brackets included.
    fn encode(&self, out: &mut Writer) {
        out.raw("[");
        for (index, number) in self.part.iter().enumerate() {
            if index > 0 {
                out.raw(".");
            }
            out.number(number.get());
        }
        if let Some(text) = &self.text {
            if !self.part.is_empty() {
                out.raw(".");
            }
            text.encode(out);
        }
        out.raw("]");
    }
}

impl Encode for SectionText<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Header => out.raw("HEADER"),
            Self::HeaderFields(fields) => {
                out.raw("HEADER.FIELDS ");
                out.list(fields);
            }
            Self::HeaderFieldsNot(fields) => {
                out.raw("HEADER.FIELDS.NOT ");
                out.list(fields);
            }
            Self::Text => out.raw("TEXT"),
            Self::Mime => out.raw("MIME"),
        }
    }
}
