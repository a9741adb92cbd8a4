//! The smallest rules: characters, atoms, strings, numbers, and the names built of them.

use std::{borrow::Cow, fmt, num::NonZeroU32};

use memchr::memchr;

use crate::Production;
use crate::encode::{Encode, Writer};
use crate::extension::non_synchronising;
use crate::parse::{Context, Parsed, fail, incomplete, unexpected, within};

const ATOM: Production = Production::rfc3501("atom");
const TAG: Production = Production::rfc3501("tag");
const TEXT: Production = Production::rfc3501("text");
const STRING: Production = Production::rfc3501("string");
const QUOTED: Production = Production::rfc3501("quoted");
const LITERAL: Production = Production::rfc3501("literal");
const NSTRING: Production = Production::rfc3501("nstring");
const ASTRING: Production = Production::rfc3501("astring");
const LIST_MAILBOX: Production = Production::rfc3501("list-mailbox");
const NUMBER: Production = Production::rfc3501("number");
const NZ_NUMBER: Production = Production::rfc3501("nz-number");

// ---- values ----

macro_rules! ascii_newtype {
    ($(#[$doc:meta])* $name:ident, $legal:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name<'a>(Cow<'a, str>);

        impl<'a> $name<'a> {
            /// The value, or nothing where the grammar does not allow these characters.
            pub fn new(value: impl Into<Cow<'a, str>>) -> Option<Self> {
                let value = value.into();
                let legal: fn(u8) -> bool = $legal;
                (!value.is_empty() && value.bytes().all(legal)).then_some(Self(value))
            }

            /// The characters.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The same value without borrowed parts.
            pub fn into_owned(self) -> $name<'static> {
                $name(Cow::Owned(self.0.into_owned()))
            }
        }

        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.as_str())
            }
        }

        impl fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Encode for $name<'_> {
            fn encode(&self, out: &mut Writer) {
                out.raw(self.as_str());
            }
        }
    };
}

ascii_newtype! {
    /// `atom`: one or more ATOM-CHAR (RFC 3501 §9).
    ///
    /// ```
    /// use imap_grammar::Atom;
    /// assert!(Atom::new("$Forwarded").is_some());
    /// assert!(Atom::new("a]").is_none(), "`]` may stand in an astring, not in an atom");
    /// ```
    Atom, is_atom_char
}
ascii_newtype! {
    /// `tag`: what a client puts before a command and the server before its completion.
    Tag, |octet| is_astring_char(octet) && octet != b'+'
}
ascii_newtype! {
    /// `text`: human-readable, one or more TEXT-CHAR.
    Text, is_text_char
}

/// `string` or `astring`: octets without NUL, whichever way they are written (RFC 3501 §4.3).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImapString<'a>(Cow<'a, [u8]>);

/// `nstring`: a string, or `NIL`, which says that there is none.
pub type NString<'a> = Option<ImapString<'a>>;

impl<'a> ImapString<'a> {
    /// The string, or nothing where there is a NUL among the octets.
    pub fn new(octets: impl Into<Cow<'a, [u8]>>) -> Option<Self> {
        let octets = octets.into();
        memchr(0, &octets).is_none().then_some(Self(octets))
    }

    /// The octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Equality that ignores the case of ASCII letters.
    pub fn eq_ignore_ascii_case(&self, other: impl AsRef<[u8]>) -> bool {
        self.0.eq_ignore_ascii_case(other.as_ref())
    }

    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ImapString<'static> {
        ImapString(Cow::Owned(self.0.into_owned()))
    }
}

impl fmt::Debug for ImapString<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// `mailbox`: a name, in which every spelling of INBOX is the same (RFC 3501 §5.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mailbox<'a> {
    /// The primary mailbox of the user.
    Inbox,
    /// Any other name, as it goes over the wire: modified UTF-7 by convention (§5.1.3).
    Other(ImapString<'a>),
}

impl<'a> Mailbox<'a> {
    /// The mailbox of that name, or nothing where there is a NUL in it.
    pub fn new(name: impl Into<Cow<'a, [u8]>>) -> Option<Self> {
        ImapString::new(name).map(Self::from)
    }

    /// The name's octets; `INBOX` for the inbox.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Inbox => b"INBOX",
            Self::Other(name) => name.as_bytes(),
        }
    }

    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Mailbox<'static> {
        match self {
            Self::Inbox => Mailbox::Inbox,
            Self::Other(name) => Mailbox::Other(name.into_owned()),
        }
    }
}

impl<'a> From<ImapString<'a>> for Mailbox<'a> {
    fn from(name: ImapString<'a>) -> Self {
        if name.eq_ignore_ascii_case("INBOX") { Self::Inbox } else { Self::Other(name) }
    }
}

// ---- character classes (RFC 3501 §9) ----

/// Whether the octet is an ATOM-CHAR.
pub const fn is_atom_char(octet: u8) -> bool {
    CLASSES[octet as usize] & ATOM_CHAR != 0
}

/// Whether the octet is an ASTRING-CHAR: an ATOM-CHAR or `]`.
pub const fn is_astring_char(octet: u8) -> bool {
    CLASSES[octet as usize] & ASTRING_CHAR != 0
}

/// Whether the octet is a list-char: an ASTRING-CHAR or a wildcard.
pub const fn is_list_char(octet: u8) -> bool {
    CLASSES[octet as usize] & LIST_CHAR != 0
}

/// Whether the octet is a TEXT-CHAR: 7-bit, neither NUL, CR nor LF.
pub const fn is_text_char(octet: u8) -> bool {
    CLASSES[octet as usize] & TEXT_CHAR != 0
}

/// Whether the octet is a QUOTED-CHAR by itself: a TEXT-CHAR that needs no `\`.
pub(crate) const fn is_quoted_char(octet: u8) -> bool {
    CLASSES[octet as usize] & QUOTED_CHAR != 0
}

const ATOM_CHAR: u8 = 1;
const ASTRING_CHAR: u8 = 2;
const LIST_CHAR: u8 = 4;
const TEXT_CHAR: u8 = 8;
const QUOTED_CHAR: u8 = 16;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut octet = 1;
    while octet < 0x80 {
        let value = octet as u8;
        if !matches!(value, b'\r' | b'\n') {
            classes[octet] |= TEXT_CHAR;
            if !matches!(value, b'"' | b'\\') {
                classes[octet] |= QUOTED_CHAR;
            }
        }
        let control = value < 0x20 || value == 0x7f;
        if !control && !matches!(value, b'(' | b')' | b'{' | b' ' | b'"' | b'\\') {
            classes[octet] |= LIST_CHAR;
            if !matches!(value, b'%' | b'*') {
                classes[octet] |= ASTRING_CHAR;
                if value != b']' {
                    classes[octet] |= ATOM_CHAR;
                }
            }
        }
        octet += 1;
    }
    classes
};

// ---- rules ----

/// One given octet; `name` is how the error calls it.
#[inline]
pub(crate) fn octet<'a>(i: &'a [u8], octet: u8, name: &'static str) -> Parsed<'a, ()> {
    match i.split_first() {
        Some((&first, rest)) if first == octet => Ok((rest, ())),
        _ => unexpected(i, name),
    }
}

#[inline]
pub(crate) fn sp(i: &[u8]) -> Parsed<'_, ()> {
    octet(i, b' ', "SP")
}

#[inline]
pub(crate) fn open(i: &[u8]) -> Parsed<'_, ()> {
    octet(i, b'(', "`(`")
}

#[inline]
pub(crate) fn close(i: &[u8]) -> Parsed<'_, ()> {
    octet(i, b')', "`)`")
}

#[inline]
pub(crate) fn crlf(i: &[u8]) -> Parsed<'_, ()> {
    match i {
        [b'\r', b'\n', rest @ ..] => Ok((rest, ())),
        [] | [b'\r'] => incomplete(),
        _ => fail(i, "CRLF"),
    }
}

/// A keyword in any case; `expected` is the keyword in upper case.
///
/// It does not look at what follows: a rule that knows an alternative beginning with the same
/// letters tries the longer one first.
#[inline]
pub(crate) fn keyword<'a>(i: &'a [u8], expected: &'static str) -> Parsed<'a, ()> {
    let length = expected.len();
    match i.get(..length) {
        Some(start) if start.eq_ignore_ascii_case(expected.as_bytes()) => Ok((&i[length..], ())),
        None if expected.as_bytes()[..i.len()].eq_ignore_ascii_case(i) => incomplete(),
        _ => fail(i, expected),
    }
}

/// One or more octets of a class. A run that reaches the end of what has come may go on.
#[inline]
pub(crate) fn run<'a>(
    i: &'a [u8],
    class: impl Fn(u8) -> bool,
    expected: &'static str,
) -> Parsed<'a, &'a str> {
    let length = match i.iter().position(|&octet| !class(octet)) {
        Some(0) => return fail(i, expected),
        Some(length) => length,
        None => return incomplete(),
    };
    let (taken, rest) = i.split_at(length);
    // Every class holds ASCII only.
    match std::str::from_utf8(taken) {
        Ok(taken) => Ok((rest, taken)),
        Err(_) => fail(i, expected),
    }
}

pub(crate) fn atom(i: &[u8]) -> Parsed<'_, Atom<'_>> {
    let (i, atom) = within(&ATOM, run(i, is_atom_char, "an ATOM-CHAR"))?;
    Ok((i, Atom(Cow::Borrowed(atom))))
}

pub(crate) fn tag(i: &[u8]) -> Parsed<'_, Tag<'_>> {
    let class = |octet| is_astring_char(octet) && octet != b'+';
    let (i, tag) = within(&TAG, run(i, class, "an ASTRING-CHAR other than `+`"))?;
    Ok((i, Tag(Cow::Borrowed(tag))))
}

/// The tag that a string says, or nothing where its characters are not those of a tag.
pub(crate) fn tag_of_string(string: ImapString<'_>) -> Option<Tag<'_>> {
    match string.0 {
        Cow::Borrowed(octets) => Tag::new(std::str::from_utf8(octets).ok()?),
        Cow::Owned(octets) => Tag::new(String::from_utf8(octets).ok()?),
    }
}

pub(crate) fn text(i: &[u8]) -> Parsed<'_, Text<'_>> {
    let (i, text) = within(&TEXT, run(i, is_text_char, "a TEXT-CHAR"))?;
    Ok((i, Text(Cow::Borrowed(text))))
}

pub(crate) fn quoted(i: &[u8]) -> Parsed<'_, ImapString<'_>> {
    within(&QUOTED, quoted_chars(i))
}

fn quoted_chars(i: &[u8]) -> Parsed<'_, ImapString<'_>> {
    let (mut rest, ()) = octet(i, b'"', "DQUOTE")?;
    let mut unescaped = None::<Vec<u8>>;
    loop {
        let Some(end) = rest.iter().position(|&octet| !is_quoted_char(octet)) else {
            return incomplete();
        };
        let (content, special) = rest.split_at(end);
        match special {
            [b'"', rest @ ..] => {
                let content = match unescaped {
                    None => Cow::Borrowed(content),
                    Some(mut before) => {
                        before.extend_from_slice(content);
                        Cow::Owned(before)
                    }
                };
                return Ok((rest, ImapString(content)));
            }
            [b'\\', escaped @ (b'"' | b'\\'), behind @ ..] => {
                let unescaped = unescaped.get_or_insert_default();
                unescaped.extend_from_slice(content);
                unescaped.push(*escaped);
                rest = behind;
            }
            [b'\\', behind @ ..] => return unexpected(behind, "DQUOTE or `\\`"),
            _ => return fail(special, "a TEXT-CHAR"),
        }
    }
}

/// `literal`; a client may announce it as `{n+}` where LITERAL+ or LITERAL- is on.
pub(crate) fn literal(cx: Context, i: &[u8]) -> Parsed<'_, ImapString<'_>> {
    within(&LITERAL, literal_octets(cx, i))
}

fn literal_octets(cx: Context, i: &[u8]) -> Parsed<'_, ImapString<'_>> {
    let (i, ()) = octet(i, b'{', "`{`")?;
    let (after_number, length) = number(i)?;
    let i = match after_number.first() {
        Some(b'+') => non_synchronising(cx, i, after_number, length)?,
        _ => after_number,
    };
    let (i, ()) = octet(i, b'}', "`}`")?;
    let (i, ()) = crlf(i)?;
    let content = &i[..i.len().min(length as usize)];
    if let Some(at) = memchr(0, content) {
        return fail(&i[at..], "a CHAR8, which is any octet but NUL");
    }
    if content.len() < length as usize {
        return incomplete();
    }
    Ok((&i[content.len()..], ImapString(Cow::Borrowed(content))))
}

pub(crate) fn string(cx: Context, i: &[u8]) -> Parsed<'_, ImapString<'_>> {
    match i.first() {
        Some(b'"') => quoted(i),
        Some(b'{') => literal(cx, i),
        _ => within(&STRING, unexpected(i, "a quoted string or a literal")),
    }
}

pub(crate) fn nstring(cx: Context, i: &[u8]) -> Parsed<'_, NString<'_>> {
    match i.first() {
        Some(b'"' | b'{') => string(cx, i).map(|(i, string)| (i, Some(string))),
        Some(b'N' | b'n') => nil(i).map(|(i, ())| (i, None)),
        _ => within(&NSTRING, unexpected(i, "a string or NIL")),
    }
}

pub(crate) fn nil(i: &[u8]) -> Parsed<'_, ()> {
    within(&NSTRING, keyword(i, "NIL"))
}

pub(crate) fn astring(cx: Context, i: &[u8]) -> Parsed<'_, ImapString<'_>> {
    bare_or_string(cx, i, &ASTRING, is_astring_char)
}

pub(crate) fn list_mailbox(cx: Context, i: &[u8]) -> Parsed<'_, ImapString<'_>> {
    bare_or_string(cx, i, &LIST_MAILBOX, is_list_char)
}

pub(crate) fn mailbox(cx: Context, i: &[u8]) -> Parsed<'_, Mailbox<'_>> {
    astring(cx, i).map(|(i, name)| (i, Mailbox::from(name)))
}

fn bare_or_string<'a>(
    cx: Context,
    i: &'a [u8],
    production: &'static Production,
    class: impl Fn(u8) -> bool,
) -> Parsed<'a, ImapString<'a>> {
    match i.first() {
        Some(b'"') => quoted(i),
        Some(b'{') => literal(cx, i),
        _ => {
            let (i, bare) = within(production, run(i, class, "an atom or a string"))?;
            Ok((i, ImapString(Cow::Borrowed(bare.as_bytes()))))
        }
    }
}

/// `number`: an unsigned 32-bit integer; zeros may lead.
pub(crate) fn number(i: &[u8]) -> Parsed<'_, u32> {
    let (rest, value) = within(&NUMBER, digits(i, NUMBER_MAX, "a number below 4294967296"))?;
    Ok((rest, value as u32))
}

/// `nz-number`: an unsigned 32-bit integer that does not begin with a zero.
#[inline]
pub(crate) fn nz_number(i: &[u8]) -> Parsed<'_, NonZeroU32> {
    match digits(i, NUMBER_MAX, "a number from 1 to 4294967295") {
        Ok((rest, value)) if i[0] != b'0' => match NonZeroU32::new(value as u32) {
            Some(value) => Ok((rest, value)),
            None => within(&NZ_NUMBER, fail(i, "a digit from 1 to 9")),
        },
        Err(error) if i.first() != Some(&b'0') => within(&NZ_NUMBER, Err(error)),
        _ => within(&NZ_NUMBER, fail(i, "a digit from 1 to 9")),
    }
}

pub(crate) const NUMBER_MAX: u64 = u32::MAX as u64;

/// One or more digits that are at most `max`, which is below 2^63.
#[inline]
pub(crate) fn digits<'a>(i: &'a [u8], max: u64, too_large: &'static str) -> Parsed<'a, u64> {
    let mut value = 0u64;
    for (index, &octet) in i.iter().enumerate() {
        let digit = octet.wrapping_sub(b'0');
        if digit > 9 {
            return if index == 0 { fail(i, "a digit") } else { Ok((&i[index..], value)) };
        }
        value = value.saturating_mul(10).saturating_add(u64::from(digit));
        if value > max {
            return fail(i, too_large);
        }
    }
    incomplete()
}

/// Items with SP between, at least one.
pub(crate) fn spaced<'a, T>(
    mut i: &'a [u8],
    mut item: impl FnMut(&'a [u8]) -> Parsed<'a, T>,
) -> Parsed<'a, Vec<T>> {
    let mut items = Vec::new();
    loop {
        let (rest, value) = item(i)?;
        items.push(value);
        match rest.first() {
            Some(b' ') => i = &rest[1..],
            Some(_) => return Ok((rest, items)),
            None => return incomplete(),
        }
    }
}

/// Items with SP between, in parentheses, at least one.
pub(crate) fn list<'a, T>(
    i: &'a [u8],
    item: impl FnMut(&'a [u8]) -> Parsed<'a, T>,
) -> Parsed<'a, Vec<T>> {
    let (i, ()) = open(i)?;
    let (i, items) = spaced(i, item)?;
    let (i, ()) = close(i)?;
    Ok((i, items))
}

/// Items with SP between, in parentheses, perhaps none.
pub(crate) fn list0<'a, T>(
    i: &'a [u8],
    item: impl FnMut(&'a [u8]) -> Parsed<'a, T>,
) -> Parsed<'a, Vec<T>> {
    match i {
        [b'(', b')', rest @ ..] => Ok((rest, Vec::new())),
        _ => list(i, item),
    }
}

// ---- encoding ----

impl Encode for ImapString<'_> {
    /// As an `astring`; where only a `string` may stand, use [`Writer::string`].
    fn encode(&self, out: &mut Writer) {
        out.bare_or_string(self.as_bytes(), is_astring_char);
    }
}

impl Encode for Mailbox<'_> {
    fn encode(&self, out: &mut Writer) {
        out.bare_or_string(self.as_bytes(), is_astring_char);
    }
}

pub(crate) fn encode_nstring(string: &NString<'_>, out: &mut Writer) {
    match string {
        Some(string) => out.string(string.as_bytes()),
        None => out.raw("NIL"),
    }
}

/// Strings in parentheses.
pub(crate) fn encode_strings<'s>(
    strings: impl IntoIterator<Item = &'s ImapString<'s>>,
    out: &mut Writer,
) {
    out.raw("(");
    for (index, string) in strings.into_iter().enumerate() {
        if index > 0 {
            out.raw(" ");
        }
        out.string(string.as_bytes());
    }
    out.raw(")");
}
