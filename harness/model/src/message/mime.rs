//! The MIME header fields: Content-Type and its companions (RFC 2045, 2183, 3282).

use std::borrow::Cow;

use imap_grammar::{BodyLanguage, ImapString, NString};

use super::header::Header;
use super::lexical::{Cursor, is_white_space, string};

/// Parameters in their order, as they are written: RFC 2231's continuations are the client's to join.
pub(crate) type Parameters<'m> = Vec<(ImapString<'m>, ImapString<'m>)>;

/// What an entity without a Content-Type is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DefaultType {
    /// `text/plain; charset=us-ascii` (RFC 2045 §5.2).
    TextPlain,
    /// `message/rfc822`: within a `multipart/digest` (RFC 2046 §5.1.5).
    MessageRfc822,
}

/// The media type of an entity.
pub(crate) struct ContentType<'m> {
    pub(crate) media_type: ImapString<'m>,
    pub(crate) subtype: ImapString<'m>,
    pub(crate) parameters: Parameters<'m>,
}

impl<'m> ContentType<'m> {
    /// What the header says. A field that is malformed counts as `text/plain` (RFC 2045 §5.2), and
    /// so does a multipart without the boundary that it must have (RFC 2046 §5.1.1).
    pub(crate) fn of(header: Header<'m>, default: DefaultType) -> Self {
        let Some(field) = header.first("Content-Type") else {
            return match default {
                DefaultType::TextPlain => Self::text_plain(),
                DefaultType::MessageRfc822 => Self::new("MESSAGE", "RFC822"),
            };
        };
        let mut cursor = Cursor::new(field.body());
        let Some((media_type, subtype)) = media_type(&mut cursor) else {
            return Self::text_plain();
        };
        let mut parsed = Self {
            media_type: string(media_type),
            subtype: string(subtype),
            parameters: parameters(&mut cursor),
        };
        if parsed.is_multipart() && parsed.boundary().is_none() {
            return Self::text_plain();
        }
        // "The default character set, which must be assumed in the absence of a charset parameter,
        // is US-ASCII" (RFC 2046 §4.1.2, of text/plain).
        if parsed.is("TEXT", "PLAIN") && parsed.parameter("CHARSET").is_none() {
            parsed.parameters.push(us_ascii());
        }
        parsed
    }

    pub(crate) fn is(&self, media_type: &str, subtype: &str) -> bool {
        self.media_type.eq_ignore_ascii_case(media_type)
            && self.subtype.eq_ignore_ascii_case(subtype)
    }

    pub(crate) fn is_text(&self) -> bool {
        self.media_type.eq_ignore_ascii_case("TEXT")
    }

    pub(crate) fn is_multipart(&self) -> bool {
        self.media_type.eq_ignore_ascii_case("MULTIPART")
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&[u8]> {
        let mut parameters = self.parameters.iter();
        parameters
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_bytes())
    }

    /// The boundary, which cannot end with white space (RFC 2046 §5.1.1).
    pub(crate) fn boundary(&self) -> Option<&[u8]> {
        let boundary = self.parameter("BOUNDARY")?.trim_ascii_end();
        (!boundary.is_empty()).then_some(boundary)
    }

    fn text_plain() -> Self {
        Self { parameters: vec![us_ascii()], ..Self::new("TEXT", "PLAIN") }
    }

    fn new(media_type: &'static str, subtype: &'static str) -> Self {
        Self {
            media_type: string(media_type.as_bytes()),
            subtype: string(subtype.as_bytes()),
            parameters: Vec::new(),
        }
    }
}

/// The Content-Transfer-Encoding; 7BIT where there is none (RFC 2045 §6.1).
pub(crate) fn encoding<'m>(header: Header<'m>) -> ImapString<'m> {
    let field = header.first("Content-Transfer-Encoding");
    let encoding = field.and_then(|field| token(&mut Cursor::new(field.body())));
    string(encoding.unwrap_or(b"7BIT"))
}

/// The Content-Disposition with its parameters (RFC 2183 §2).
pub(crate) fn disposition<'m>(header: Header<'m>) -> Option<(ImapString<'m>, Parameters<'m>)> {
    let mut cursor = Cursor::new(header.first("Content-Disposition")?.body());
    let disposition = token(&mut cursor)?;
    Some((string(disposition), parameters(&mut cursor)))
}

/// The tags of Content-Language (RFC 3282 §2).
pub(crate) fn language<'m>(header: Header<'m>) -> BodyLanguage<'m> {
    let mut tags = Vec::new();
    if let Some(field) = header.first("Content-Language") {
        let mut cursor = Cursor::new(field.body());
        while cursor.peek().is_some() {
            match token(&mut cursor) {
                Some(tag) => tags.push(string(tag)),
                None => _ = cursor.skip(1),
            }
        }
    }
    match tags.len() {
        0 | 1 => BodyLanguage::Single(tags.pop()),
        _ => BodyLanguage::List(tags),
    }
}

/// The value of a field without structure; NIL where there is no such field.
pub(crate) fn unstructured<'m>(header: Header<'m>, name: &str) -> NString<'m> {
    header.first(name).map(|field| string(field.value()))
}

fn us_ascii<'m>() -> (ImapString<'m>, ImapString<'m>) {
    (string(&b"CHARSET"[..]), string(&b"US-ASCII"[..]))
}

/// `type "/" subtype`, before the end or a parameter.
fn media_type<'m>(cursor: &mut Cursor<'m>) -> Option<(&'m [u8], &'m [u8])> {
    let media_type = token(cursor)?;
    let subtype = cursor.take(b'/').then(|| token(cursor)).flatten()?;
    matches!(cursor.peek(), None | Some(b';')).then_some((media_type, subtype))
}

/// `*(";" parameter)`. A parameter that makes no sense is passed over: the media type, which one
/// can read, is worth more than its rejection.
fn parameters<'m>(cursor: &mut Cursor<'m>) -> Parameters<'m> {
    let mut parameters = Vec::new();
    loop {
        while cursor.peek().is_some() && !cursor.take(b';') {
            // In a quoted string a semicolon separates nothing.
            if cursor.quoted().is_none() && cursor.comment().is_none() {
                cursor.skip(1);
            }
        }
        if cursor.peek().is_none() {
            return parameters;
        }
        if let Some((name, value)) = parameter(cursor) {
            parameters.push((string(name), string(value)));
        }
    }
}

fn parameter<'m>(cursor: &mut Cursor<'m>) -> Option<(&'m [u8], Cow<'m, [u8]>)> {
    let name = token(cursor)?;
    if !cursor.take(b'=') {
        return None;
    }
    cursor.comments_and_white_space();
    if let Some(value) = cursor.quoted() {
        return Some((name, value));
    }
    // Mail is full of values that should be quoted, as `boundary=a=b/c`.
    let value = cursor.run(|octet| !is_white_space(octet) && !matches!(octet, b';' | b'(' | b'"'));
    (!value.is_empty()).then_some((name, Cow::Borrowed(value)))
}

/// `token` (RFC 2045 §5.1), with comments and white space around it.
fn token<'m>(cursor: &mut Cursor<'m>) -> Option<&'m [u8]> {
    cursor.comments_and_white_space();
    let token = cursor.run(is_token_char);
    cursor.comments_and_white_space();
    (!token.is_empty()).then_some(token)
}

/// Any US-ASCII character but space, controls and `tspecials`.
fn is_token_char(octet: u8) -> bool {
    octet.is_ascii_graphic() && !br#"()<>@,;:\"/[]?="#.contains(&octet)
}
