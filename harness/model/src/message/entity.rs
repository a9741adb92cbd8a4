//! Where the parts of a message begin and end (RFC 2046 §5.1, §5.2.1).
//!
//! One pass over the lines, with the boundaries of all multiparts around the line at hand: a
//! delimiter ends every part within its multipart, also one that lacks its own last delimiter
//! (§5.1.2).

use std::{borrow::Cow, ops::Range};

use super::header::{Header, is_blank, line_length, without_line_end};
use super::mime::{ContentType, DefaultType};

/// How deeply multiparts and messages are opened. What is nested in more is not looked into and is
/// shown as APPLICATION/OCTET-STREAM, so that no message can exhaust a stack.
pub const MAX_NESTING: usize = 50;

/// How many parts of one message are told apart; what follows counts as text after the last.
pub const MAX_ENTITIES: usize = 10_000;

/// A message or a body part (RFC 2045 §2.4), in ranges of the whole message's octets.
///
/// A body follows its header at once.
#[derive(Debug)]
pub(crate) struct Entity {
    pub(crate) header: Range<usize>,
    pub(crate) body: Range<usize>,
    pub(crate) default_type: DefaultType,
    pub(crate) content: Content,
}

/// What is in a body.
#[derive(Debug)]
pub(crate) enum Content {
    /// Text, an image or any other body that is not made of entities.
    Discrete,
    /// The parts of a multipart, at least one.
    Multipart(Vec<Entity>),
    /// The message in a message/rfc822.
    Message(Box<Entity>),
    /// A multipart or message below [`MAX_NESTING`].
    TooDeep,
}

impl Entity {
    /// The structure of a message.
    pub(crate) fn parse(octets: &[u8]) -> Self {
        let mut splitter = Splitter { octets, at: 0, boundaries: Vec::new(), entities: 0 };
        splitter.entity(DefaultType::TextPlain, 0).0
    }

    /// The header, of these octets, which are those of the whole message.
    pub(crate) fn header<'m>(&self, octets: &'m [u8]) -> Header<'m> {
        Header::new(&octets[self.header.clone()])
    }

    /// The body, of these octets, which are those of the whole message.
    pub(crate) fn body<'m>(&self, octets: &'m [u8]) -> &'m [u8] {
        &octets[self.body.clone()]
    }

    pub(crate) fn content_type<'m>(&self, octets: &'m [u8]) -> ContentType<'m> {
        ContentType::of(self.header(octets), self.default_type)
    }

    /// A part without octets, for a multipart that has none.
    fn empty(at: usize) -> Self {
        Self {
            header: at..at,
            body: at..at,
            default_type: DefaultType::TextPlain,
            content: Content::Discrete,
        }
    }
}

/// The pass over the lines of a message.
struct Splitter<'m> {
    octets: &'m [u8],
    /// Where the line at hand begins.
    at: usize,
    /// The boundaries of the multiparts around it, from the outside in.
    boundaries: Vec<Cow<'m, [u8]>>,
    entities: usize,
}

/// A line that is a boundary of a multipart around it.
#[derive(Clone, Copy)]
struct Delimiter {
    /// Whose boundary: an index of [`Splitter::boundaries`].
    level: usize,
    /// Whether it is the last one, with two hyphens behind.
    close: bool,
}

impl<'m> Splitter<'m> {
    /// The entity that begins at this line, and the delimiter that ends it, which is the line then
    /// at hand; nothing at the end of the message.
    fn entity(&mut self, default_type: DefaultType, nesting: usize) -> (Entity, Option<Delimiter>) {
        self.entities += 1;
        let start = self.at;
        let mut delimiter = self.header();
        let header_end = self.at;
        let content_type =
            ContentType::of(Header::new(&self.octets[start..header_end]), default_type);
        let boundary = content_type.is_multipart().then(|| content_type.boundary()).flatten();
        let is_message = content_type.is("MESSAGE", "RFC822");
        let mut content = Content::Discrete;
        if (boundary.is_some() || is_message) && nesting == MAX_NESTING {
            content = Content::TooDeep;
        } else if let Some(boundary) = boundary {
            let mut parts = Vec::new();
            if delimiter.is_none() {
                self.boundaries.push(Cow::Owned(boundary.to_vec()));
                let of_digest = content_type.subtype.eq_ignore_ascii_case("DIGEST");
                parts = self.parts(of_digest, nesting);
                self.boundaries.pop();
            }
            content = Content::Multipart(parts);
        } else if is_message {
            let message;
            (message, delimiter) = self.entity(DefaultType::TextPlain, nesting + 1);
            content = Content::Message(Box::new(message));
        }
        if delimiter.is_none() {
            // What is left: the body, or the epilogue of a multipart.
            delimiter = self.skip_to_delimiter();
        }

        // "The CRLF preceding the boundary delimiter line is conceptually attached to the boundary"
        // (§5.1.1).
        let end = match delimiter {
            Some(_) => without_line_end(&self.octets[..self.at]).len(),
            None => self.at,
        };
        if let Content::Multipart(parts) = &mut content
            && parts.is_empty()
        {
            parts.push(Entity::empty(end));
        }
        // Where a delimiter follows at once, this line end is that of the line before the entity.
        let header = start.min(end)..header_end.min(end);
        let body = header.end..end;
        (Entity { header, body, default_type, content }, delimiter)
    }

    /// The parts of the multipart whose boundary was added last. Afterwards the line at hand is the
    /// first of the epilogue, or a delimiter of a multipart further out.
    fn parts(&mut self, of_digest: bool, nesting: usize) -> Vec<Entity> {
        let default_type =
            if of_digest { DefaultType::MessageRfc822 } else { DefaultType::TextPlain };
        let own = self.boundaries.len() - 1;
        let mut parts = Vec::new();
        let mut delimiter = self.skip_to_delimiter();
        while let Some(Delimiter { level, close }) = delimiter
            && level == own
        {
            self.next_line();
            if close || self.entities >= MAX_ENTITIES {
                break;
            }
            let part;
            (part, delimiter) = self.entity(default_type, nesting + 1);
            parts.push(part);
        }
        parts
    }

    /// Passes a header and its blank line; stops at a delimiter.
    fn header(&mut self) -> Option<Delimiter> {
        while self.at < self.octets.len() {
            if let Some(delimiter) = self.delimiter() {
                return Some(delimiter);
            }
            let blank = is_blank(&self.octets[self.at..]);
            self.next_line();
            if blank {
                break;
            }
        }
        None
    }

    fn skip_to_delimiter(&mut self) -> Option<Delimiter> {
        while self.at < self.octets.len() {
            if let Some(delimiter) = self.delimiter() {
                return Some(delimiter);
            }
            self.next_line();
        }
        None
    }

    fn next_line(&mut self) {
        self.at += line_length(&self.octets[self.at..]);
    }

    /// Whether the line at hand is a delimiter, and whose.
    ///
    /// "An exact match of the entire candidate line is not required; it is sufficient that the
    /// boundary appear in its entirety following the CRLF" (§5.1.1). So a line can match several
    /// boundaries, one of which begins with another: then an exact match is better than one with
    /// text behind, a longer one than a shorter, an inner one than an outer.
    fn delimiter(&self) -> Option<Delimiter> {
        let line = self.octets[self.at..].strip_prefix(b"--")?;
        let line = &line[..line_length(line)];
        let candidates = self.boundaries.iter().enumerate().filter_map(|(level, boundary)| {
            let behind = line.strip_prefix(&boundary[..])?;
            let close = behind.strip_prefix(b"--");
            let exact = close.unwrap_or(behind).trim_ascii().is_empty();
            let rank = (exact, boundary.len(), level);
            Some((rank, Delimiter { level, close: close.is_some() }))
        });
        candidates.max_by_key(|&(rank, _)| rank).map(|(_, delimiter)| delimiter)
    }
}
