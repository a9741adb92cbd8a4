//! The words of structured header fields: comments, quoted strings, runs of plain characters
//! (RFC 2822 §3.2; RFC 2045 §5.1 has the same with other special characters).

use std::borrow::Cow;

use imap_grammar::ImapString;
use memchr::memchr;

use super::header::unfold;

/// A place in the value of a structured field, which may still be folded.
///
/// What is not closed by the end of the field ends there.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'m> {
    rest: &'m [u8],
}

impl<'m> Cursor<'m> {
    pub(super) fn new(value: &'m [u8]) -> Self {
        Self { rest: value }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// Takes the next octet if it is this one.
    pub(super) fn take(&mut self, octet: u8) -> bool {
        let found = self.peek() == Some(octet);
        if found {
            self.skip(1);
        }
        found
    }

    /// Takes as many octets as `class` holds for.
    pub(super) fn run(&mut self, class: impl Fn(u8) -> bool) -> &'m [u8] {
        let length = self.rest.iter().position(|&octet| !class(octet)).unwrap_or(self.rest.len());
        self.skip(length)
    }

    /// Passes white space; says whether there was any.
    pub(super) fn white_space(&mut self) -> bool {
        !self.run(is_white_space).is_empty()
    }

    /// Passes white space and comments.
    pub(super) fn comments_and_white_space(&mut self) {
        while self.white_space() || self.comment().is_some() {}
    }

    /// A comment, which may hold others: what is between its parentheses.
    pub(super) fn comment(&mut self) -> Option<Cow<'m, [u8]>> {
        let content = self.rest.strip_prefix(b"(")?;
        let mut depth = 1;
        let end = find_unquoted(content, |octet| {
            match octet {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        self.skip(end + 2);
        Some(unquote(&content[..end]))
    }

    /// A quoted string: what it stands for.
    pub(super) fn quoted(&mut self) -> Option<Cow<'m, [u8]>> {
        let content = self.rest.strip_prefix(b"\"")?;
        let end = find_unquoted(content, |octet| octet == b'"');
        self.skip(end + 2);
        Some(unquote(&content[..end]))
    }

    /// A domain literal, with its brackets.
    pub(super) fn domain_literal(&mut self) -> Option<Cow<'m, [u8]>> {
        let content = self.rest.strip_prefix(b"[")?;
        let end = find_unquoted(content, |octet| octet == b']');
        Some(unfold(self.skip(end + 2)))
    }

    /// Passes that many octets, or all that there are, and returns them.
    pub(super) fn skip(&mut self, count: usize) -> &'m [u8] {
        let (passed, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        passed
    }
}

pub(super) fn is_white_space(octet: u8) -> bool {
    matches!(octet, b' ' | b'\t' | b'\r' | b'\n')
}

/// The octets as an IMAP string, which cannot hold a NUL: NULs are left out.
pub(super) fn string<'m>(octets: impl Into<Cow<'m, [u8]>>) -> ImapString<'m> {
    let octets = octets.into();
    let octets = match memchr(0, &octets) {
        None => octets,
        Some(_) => Cow::Owned(octets.iter().copied().filter(|&octet| octet != 0).collect()),
    };
    ImapString::new(octets).expect("there is no NUL left")
}

/// Where the first octet that is not quoted by `\` and that `ends` holds for is, or the end.
fn find_unquoted(octets: &[u8], mut ends: impl FnMut(u8) -> bool) -> usize {
    let mut quoted = false;
    let end = octets.iter().position(|&octet| {
        if quoted {
            quoted = false;
            return false;
        }
        quoted = octet == b'\\';
        !quoted && ends(octet)
    });
    end.unwrap_or(octets.len())
}

/// Takes the quoting `\` out, and the line ends of folding.
fn unquote(content: &[u8]) -> Cow<'_, [u8]> {
    let unfolded = unfold(content);
    if memchr(b'\\', &unfolded).is_none() {
        return unfolded;
    }
    let mut quoted = false;
    let mut plain = unfolded.into_owned();
    plain.retain(|&octet| {
        quoted = !quoted && octet == b'\\';
        !quoted
    });
    Cow::Owned(plain)
}
