//! `section`: which part of a message `BODY[…]` means (RFC 3501 §6.4.5).

use std::num::NonZeroU32;

use crate::ImapString;

/// `section`: the content of the brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Section<'a> {
    /// `section-part`: part numbers from the outside in; empty for the message itself.
    pub part: Vec<NonZeroU32>,
    /// What of that part; nothing for all of it.
    pub text: Option<SectionText<'a>>,
}

/// `section-msgtext` and `section-text`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
