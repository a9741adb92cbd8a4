//! `body`: the MIME structure of a message (RFC 3501 §7.4.2, BODY and BODYSTRUCTURE).

mod encode;
mod owned;
mod parse;

use crate::{Envelope, ImapString, NString};

pub(crate) use parse::body;

/// `body-fld-param`: names and values; empty for NIL.
pub type BodyParameters<'a> = Vec<(ImapString<'a>, ImapString<'a>)>;

/// `body`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Body<'a> {
    /// `body-type-1part`
    Single(Box<SinglePart<'a>>),
    /// `body-type-mpart`
    Multi(Box<MultiPart<'a>>),
}

/// `body-type-1part`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SinglePart<'a> {
    /// The media type and what belongs to it alone.
    pub media: Media<'a>,
    /// `body-fields`
    pub fields: BodyFields<'a>,
    /// `body-ext-1part`: absent in BODY, and where the server says no more.
    pub extension: Option<SinglePartExtension<'a>>,
}

/// The media type, with the fields that only this type has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Media<'a> {
    /// `body-type-text`
    Text {
        /// `media-subtype`
        subtype: ImapString<'a>,
        /// `body-fld-lines`
        lines: u32,
    },
    /// `body-type-msg`: MESSAGE/RFC822.
    Message {
        /// The envelope of the enclosed message.
        envelope: Box<Envelope<'a>>,
        /// Its body.
        body: Body<'a>,
        /// Its size in lines.
        lines: u32,
    },
    /// `body-type-basic`
    Basic {
        /// The type: `APPLICATION`, `AUDIO`, `IMAGE`, `MESSAGE`, `VIDEO` or any other.
        ///
        /// MESSAGE has another subtype than RFC822 here. TEXT stands here only where it was sent
        /// as a literal, since `media-text` is a quoted string.
        media_type: ImapString<'a>,
        /// `media-subtype`
        subtype: ImapString<'a>,
    },
}

/// `body-fields`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct BodyFields<'a> {
    /// `body-fld-param`; empty for NIL.
    pub parameters: BodyParameters<'a>,
    /// `body-fld-id`
    pub id: NString<'a>,
    /// `body-fld-desc`
    pub description: NString<'a>,
    /// `body-fld-enc`
    pub encoding: ImapString<'a>,
    /// `body-fld-octets`: the size in its transfer encoding.
    pub octets: u32,
}

/// `body-ext-1part`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SinglePartExtension<'a> {
    /// `body-fld-md5`
    pub md5: NString<'a>,
    /// What may follow.
    pub tail: Option<Disposition<'a>>,
}

/// `body-type-mpart`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MultiPart<'a> {
    /// The parts, at least one.
    pub parts: Vec<Body<'a>>,
    /// `media-subtype`
    pub subtype: ImapString<'a>,
    /// `body-ext-mpart`: absent in BODY, and where the server says no more.
    pub extension: Option<MultiPartExtension<'a>>,
}

/// `body-ext-mpart`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct MultiPartExtension<'a> {
    /// `body-fld-param`; empty for NIL.
    pub parameters: BodyParameters<'a>,
    /// What may follow.
    pub tail: Option<Disposition<'a>>,
}

/// `body-fld-dsp` and what may follow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Disposition<'a> {
    /// The disposition and its parameters; nothing for NIL.
    pub disposition: Option<(ImapString<'a>, BodyParameters<'a>)>,
    /// What may follow.
    pub tail: Option<Language<'a>>,
}

/// `body-fld-lang` and what may follow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Language<'a> {
    /// The languages.
    pub language: BodyLanguage<'a>,
    /// What may follow.
    pub tail: Option<Location<'a>>,
}

/// `body-fld-lang`: one and a list of one are written differently.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum BodyLanguage<'a> {
    /// `nstring`
    Single(NString<'a>),
    /// A list, at least one.
    List(Vec<ImapString<'a>>),
}

/// `body-fld-loc` and what may follow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Location<'a> {
    /// The location.
    pub location: NString<'a>,
    /// `body-extension`: for a future the RFC left open.
    pub extensions: Vec<BodyExtension<'a>>,
}

/// `body-extension`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum BodyExtension<'a> {
    /// `nstring`
    NString(NString<'a>),
    /// `number`
    Number(u32),
    /// A list, at least one.
    List(Vec<BodyExtension<'a>>),
}
