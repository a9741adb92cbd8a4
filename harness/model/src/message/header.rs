//! The header of a message or of a body part, field by field, as it stands (RFC 2822 §2.2).

use std::borrow::Cow;

use memchr::memchr;

use super::lexical::{Cursor, is_white_space};

/// A header, with the blank line that ends it where there is one.
#[derive(Clone, Copy)]
pub(crate) struct Header<'m>(&'m [u8]);

/// A header field, with the lines that continue it.
///
/// A line that is no field at all, as the `From ` line of a mailbox file, is one without a name.
#[derive(Clone, Copy)]
pub(crate) struct Field<'m> {
    octets: &'m [u8],
    name: Option<&'m [u8]>,
    body: &'m [u8],
}

impl<'m> Header<'m> {
    pub(crate) fn new(octets: &'m [u8]) -> Self {
        Self(octets)
    }

    pub(crate) fn octets(self) -> &'m [u8] {
        self.0
    }

    /// The fields in their order, without the blank line.
    pub(crate) fn fields(self) -> impl Iterator<Item = Field<'m>> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            if is_blank(rest) {
                return None;
            }
            let mut length = line_length(rest);
            while matches!(rest.get(length), Some(b' ' | b'\t')) {
                length += line_length(&rest[length..]);
            }
            let (octets, after) = rest.split_at(length);
            rest = after;
            Some(Field::new(octets))
        })
    }

    /// The fields of that name, in any case.
    pub(crate) fn named(self, name: &[u8]) -> impl Iterator<Item = Field<'m>> {
        self.fields().filter(move |field| field.is_named(name))
    }

    /// The first field of that name. RFC 2822 §4.5 leaves open what further ones mean.
    pub(crate) fn first(self, name: &str) -> Option<Field<'m>> {
        self.named(name.as_bytes()).next()
    }

    /// The line between header and body; empty where there is none.
    pub(crate) fn blank_line(self) -> &'m [u8] {
        let length = self.fields().map(|field| field.octets.len()).sum();
        &self.0[length..]
    }
}

impl<'m> Field<'m> {
    fn new(octets: &'m [u8]) -> Self {
        let named = memchr(b':', octets).and_then(|colon| {
            // White space before the colon is obsolete syntax (RFC 2822 §4.5).
            let name = octets[..colon].trim_ascii_end();
            let legal = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
            legal.then_some((name, &octets[colon + 1..]))
        });
        match named {
            Some((name, body)) => Self { octets, name: Some(name), body },
            None => Self { octets, name: None, body: octets },
        }
    }

    /// The field as it stands, with its line ends.
    pub(crate) fn octets(self) -> &'m [u8] {
        self.octets
    }

    /// The name, in the case in which it is written; nothing where this is no field at all.
    pub(crate) fn name(self) -> Option<&'m [u8]> {
        self.name
    }

    pub(crate) fn is_named(self, name: &[u8]) -> bool {
        self.name.is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// What comes after the colon, still folded.
    pub(crate) fn body(self) -> &'m [u8] {
        self.body
    }

    /// What comes after the colon, unfolded, without white space around it.
    pub(crate) fn value(self) -> Cow<'m, [u8]> {
        unfold(self.body.trim_ascii())
    }

    /// The words of the value, which white space, comments and commas separate.
    pub(crate) fn words(self) -> impl Iterator<Item = &'m [u8]> {
        let mut cursor = Cursor::new(self.body);
        std::iter::from_fn(move || {
            cursor.comments_and_white_space();
            while cursor.take(b',') {
                cursor.comments_and_white_space();
            }
            let word = cursor.run(|octet| !is_white_space(octet) && !matches!(octet, b',' | b'('));
            (!word.is_empty()).then_some(word)
        })
    }

    /// The whole field on one line.
    pub(crate) fn line(self) -> Cow<'m, [u8]> {
        unfold(self.octets.trim_ascii_end())
    }
}

/// The octets without the line ends of folding; the white space after them stays (RFC 2822 §2.2.3).
pub(super) fn unfold(folded: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'\n', folded).is_none() {
        return Cow::Borrowed(folded);
    }
    let lines = folded.split_inclusive(|&octet| octet == b'\n');
    Cow::Owned(lines.flat_map(without_line_end).copied().collect())
}

/// How long the first line is, with its end.
pub(super) fn line_length(octets: &[u8]) -> usize {
    memchr(b'\n', octets).map_or(octets.len(), |end| end + 1)
}

/// Whether there is no line, or an empty one.
pub(super) fn is_blank(octets: &[u8]) -> bool {
    matches!(octets, [] | [b'\n', ..] | [b'\r', b'\n', ..])
}

/// The octets without the CRLF or LF at their end.
pub(super) fn without_line_end(octets: &[u8]) -> &[u8] {
    match octets {
        [line @ .., b'\r', b'\n'] | [line @ .., b'\n'] => line,
        line => line,
    }
}
