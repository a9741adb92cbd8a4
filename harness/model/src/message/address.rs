//! Addresses of mail (RFC 2822 §3.4, §4.4) as the structures of ENVELOPE (RFC 3501 §7.4.2).
//!
//! What the RFCs leave open:
//! - an address without a domain has an empty host, since NIL would begin a group;
//! - in the old form `address (Name)`, of which "the meaning of the information in a comment is
//!   unspecified" (RFC 2822 §3.4), the comment is the personal name, as it was meant and as
//!   servers have it;
//! - what is no address is made one as far as its words go, up to the next comma.

use std::borrow::Cow;

use imap_grammar::{Address, ImapString, NString};

use super::lexical::{Cursor, is_white_space, string};

/// The addresses in the body of a field, groups between their markers.
pub(super) fn addresses(body: &[u8]) -> Vec<Address<'_>> {
    let mut list = List::default();
    let mut cursor = Cursor::new(body);
    loop {
        let spaced = cursor.white_space();
        let Some(octet) = cursor.peek() else { break };
        match octet {
            b',' => {
                cursor.skip(1);
                list.end_address();
            }
            b';' => {
                cursor.skip(1);
                list.end_group();
            }
            b':' if !list.in_group => {
                cursor.skip(1);
                list.begin_group();
            }
            b'<' => {
                cursor.skip(1);
                let angle = words_until_angle_closes(&mut cursor);
                list.add_angle_address(&angle);
            }
            b'(' => list.comment = cursor.comment(),
            _ => list.words.push(word(&mut cursor, spaced)),
        }
    }
    list.end_group();
    list.addresses
}

/// An atom, a quoted string, a domain literal or a special character.
struct Word<'m> {
    text: Cow<'m, [u8]>,
    /// Whether it is a special character, which a quoted one is not.
    special: bool,
    /// Whether white space is before it.
    spaced: bool,
}

impl Word<'_> {
    fn is(&self, special: u8) -> bool {
        self.special && *self.text == [special]
    }
}

/// The list so far, and the address at hand.
#[derive(Default)]
struct List<'m> {
    addresses: Vec<Address<'m>>,
    in_group: bool,
    /// The words of the address at hand that belong to nothing yet.
    words: Vec<Word<'m>>,
    /// Its last comment.
    comment: Option<Cow<'m, [u8]>>,
    /// Whether the address at hand was in angle brackets, and is already in the list.
    complete: bool,
}

impl<'m> List<'m> {
    /// `display-name ":"`
    fn begin_group(&mut self) {
        let name = phrase(&self.words).unwrap_or_else(|| string(&b""[..]));
        self.addresses.push(Address { mailbox: Some(name), ..Address::default() });
        self.in_group = true;
        self.begin_address();
    }

    /// `";"`, or the end of the field.
    fn end_group(&mut self) {
        self.end_address();
        if self.in_group {
            self.addresses.push(Address::default());
            self.in_group = false;
        }
    }

    /// `[display-name] "<" [route] addr-spec ">"`
    fn add_angle_address(&mut self, angle: &[Word<'m>]) {
        if self.complete {
            return;
        }
        // `obs-route = 1*("@" domain) ":"`, with commas between.
        let route_end = match angle.first() {
            Some(first) if first.is(b'@') => angle.iter().position(|word| word.is(b':')),
            _ => None,
        };
        let (route, addr_spec) = match route_end {
            Some(end) => (Some(string(joined(&angle[..end], Spaces::Needed))), &angle[end + 1..]),
            None => (None, angle),
        };
        let name = phrase(&self.words);
        self.push_addr_spec(addr_spec, name, route);
        self.words.clear();
        self.complete = true;
    }

    /// `","`, or what else ends an address.
    fn end_address(&mut self) {
        if !self.complete && !self.words.is_empty() {
            let words = std::mem::take(&mut self.words);
            let comment = self.comment.take().filter(|comment| !comment.trim_ascii().is_empty());
            let name = comment.map(|comment| string(comment.trim_ascii().to_vec()));
            self.push_addr_spec(&words, name, None);
        }
        self.begin_address();
    }

    fn begin_address(&mut self) {
        self.words.clear();
        self.comment = None;
        self.complete = false;
    }

    /// `local-part "@" domain`
    fn push_addr_spec(&mut self, words: &[Word<'m>], name: NString<'m>, adl: NString<'m>) {
        let at = words.iter().rposition(|word| word.is(b'@'));
        let (local_part, domain) = match at {
            Some(at) => (&words[..at], &words[at + 1..]),
            None => (words, &words[words.len()..]),
        };
        self.addresses.push(Address {
            name,
            adl,
            mailbox: Some(string(joined(local_part, Spaces::Needed))),
            host: Some(string(joined(domain, Spaces::Needed))),
        });
    }
}

/// The words of a display name, as a reader would read them; nothing where there are none.
fn phrase<'m>(words: &[Word<'m>]) -> Option<ImapString<'m>> {
    let joined = string(joined(words, Spaces::Written));
    (!joined.as_bytes().is_empty()).then_some(joined)
}

/// Which words have a space before them. Two that are no special characters always have one.
#[derive(Clone, Copy, PartialEq)]
enum Spaces {
    /// Those that are written so.
    Written,
    /// No others: around the dots of an address, white space means nothing.
    Needed,
}

/// The words as one string.
fn joined<'m>(words: &[Word<'m>], spaces: Spaces) -> Cow<'m, [u8]> {
    if let [word] = words {
        return word.text.clone();
    }
    let mut joined = Vec::new();
    let mut after_special = true;
    for (index, word) in words.iter().enumerate() {
        let written = index > 0 && word.spaced && spaces == Spaces::Written;
        if written || !(word.special || after_special) {
            joined.push(b' ');
        }
        joined.extend_from_slice(&word.text);
        after_special = word.special;
    }
    Cow::Owned(joined)
}

fn words_until_angle_closes<'m>(cursor: &mut Cursor<'m>) -> Vec<Word<'m>> {
    let mut words = Vec::new();
    loop {
        cursor.comments_and_white_space();
        if cursor.peek().is_none() || cursor.take(b'>') {
            return words;
        }
        words.push(word(cursor, false));
    }
}

/// The word at the cursor, which is neither at white space nor at a comment nor at the end.
fn word<'m>(cursor: &mut Cursor<'m>, spaced: bool) -> Word<'m> {
    let (text, special) = if let Some(quoted) = cursor.quoted() {
        (quoted, false)
    } else if let Some(literal) = cursor.domain_literal() {
        (literal, false)
    } else {
        match cursor.run(is_atom_text) {
            [] => (Cow::Borrowed(cursor.skip(1)), true),
            atom => (Cow::Borrowed(atom), false),
        }
    };
    Word { text, special, spaced }
}

/// What may stand in an atom: anything but white space and the specials of RFC 2822 §3.2.1. Octets
/// outside of US-ASCII are not legal in a header, but in use.
fn is_atom_text(octet: u8) -> bool {
    !is_white_space(octet) && !br#"()<>[]:;@\,.""#.contains(&octet)
}
