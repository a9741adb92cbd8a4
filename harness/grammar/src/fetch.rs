//! `fetch-att`: what FETCH asks for (RFC 3501 §6.4.5).

use std::num::NonZeroU32;

use crate::Section;

/// What follows the sequence set of FETCH.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
pub struct Partial {
    /// The first octet, counted from zero.
    pub origin: u32,
    /// How many octets at most.
    pub count: NonZeroU32,
}

/// A modifier of FETCH (RFC 4466 §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FetchModifier {
    /// `CHANGEDSINCE` (RFC 7162 §3.1.4.1).
    ChangedSince(u64),
    /// `VANISHED` (RFC 7162 §3.2.6).
    Vanished,
}
