//! Flags (RFC 3501 §2.3.2): `flag`, `flag-fetch`, `flag-perm`.

use std::fmt;

use crate::encode::{Encode, Writer};
use crate::lexical::{atom, is_atom_char, list0};
use crate::parse::{Parsed, fail, incomplete, unexpected, within};
use crate::{Atom, Production};

/// `flag` and `flag-fetch`: a named token on a message.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Flag<'a> {
    /// `\Answered`
    Answered,
    /// `\Flagged`
    Flagged,
    /// `\Deleted`
    Deleted,
    /// `\Seen`
    Seen,
    /// `\Draft`
    Draft,
    /// `\Recent`, which only a server says, and only in FETCH.
    Recent,
    /// A keyword, without backslash.
    Keyword(Atom<'a>),
    /// `\` and an atom this specification does not define.
    Extension(Atom<'a>),
}

/// `flag-perm`: what PERMANENTFLAGS lists.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FlagPerm<'a> {
    /// A flag that a client can change permanently.
    Flag(Flag<'a>),
    /// `\*`: new keywords can be made.
    Any,
}

const FLAG: Production = Production::rfc3501("flag");
const FLAG_LIST: Production = Production::rfc3501("flag-list");

impl<'a> Flag<'a> {
    /// The flag as it is written, `\` included, or nothing where that is not a `flag-fetch`.
    ///
    /// ```
    /// use imap_grammar::Flag;
    /// assert_eq!(Flag::new("\\sEEN"), Some(Flag::Seen));
    /// assert!(matches!(Flag::new("$Junk"), Some(Flag::Keyword(_))));
    /// assert_eq!(Flag::new("\\"), None);
    /// ```
    pub fn new(written: &'a str) -> Option<Self> {
        match written.strip_prefix('\\') {
            Some(name) => Atom::new(name).map(Self::backslashed),
            None => Atom::new(written).map(Self::Keyword),
        }
    }

    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Flag<'static> {
        match self {
            Self::Answered => Flag::Answered,
            Self::Flagged => Flag::Flagged,
            Self::Deleted => Flag::Deleted,
            Self::Seen => Flag::Seen,
            Self::Draft => Flag::Draft,
            Self::Recent => Flag::Recent,
            Self::Keyword(atom) => Flag::Keyword(atom.into_owned()),
            Self::Extension(atom) => Flag::Extension(atom.into_owned()),
        }
    }

    /// The flag that is `\` and this name.
    fn backslashed(name: Atom<'a>) -> Self {
        let is = |known: &str| name.as_str().eq_ignore_ascii_case(known);
        match name.as_str().len() {
            4 if is("Seen") => Self::Seen,
            5 if is("Draft") => Self::Draft,
            6 if is("Recent") => Self::Recent,
            7 if is("Deleted") => Self::Deleted,
            7 if is("Flagged") => Self::Flagged,
            8 if is("Answered") => Self::Answered,
            _ => Self::Extension(name),
        }
    }
}

impl FlagPerm<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> FlagPerm<'static> {
        match self {
            Self::Flag(flag) => FlagPerm::Flag(flag.into_owned()),
            Self::Any => FlagPerm::Any,
        }
    }
}

/// As it is written, `\` included.
impl fmt::Display for Flag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered => f.write_str("\\Answered"),
            Self::Flagged => f.write_str("\\Flagged"),
            Self::Deleted => f.write_str("\\Deleted"),
            Self::Seen => f.write_str("\\Seen"),
            Self::Draft => f.write_str("\\Draft"),
            Self::Recent => f.write_str("\\Recent"),
            Self::Keyword(atom) => atom.fmt(f),
            Self::Extension(atom) => write!(f, "\\{atom}"),
        }
    }
}

/// `flag-fetch`
pub(crate) fn flag_fetch(i: &[u8]) -> Parsed<'_, Flag<'_>> {
    match i.split_first() {
        Some((b'\\', rest)) => {
            let (rest, name) = atom(rest)?;
            Ok((rest, Flag::backslashed(name)))
        }
        Some((&first, _)) if is_atom_char(first) => {
            let (rest, keyword) = atom(i)?;
            Ok((rest, Flag::Keyword(keyword)))
        }
        _ => within(&FLAG, unexpected(i, "a flag")),
    }
}

/// `flag`, which does not include `\Recent`.
pub(crate) fn flag(i: &[u8]) -> Parsed<'_, Flag<'_>> {
    match flag_fetch(i)? {
        (_, Flag::Recent) => within(&FLAG, fail(i, "a flag other than `\\Recent`")),
        flag => Ok(flag),
    }
}

/// `flag-perm`
pub(crate) fn flag_perm(i: &[u8]) -> Parsed<'_, FlagPerm<'_>> {
    match i {
        [b'\\', b'*', rest @ ..] => Ok((rest, FlagPerm::Any)),
        [b'\\'] => incomplete(),
        _ => flag(i).map(|(rest, flag)| (rest, FlagPerm::Flag(flag))),
    }
}

/// `flag-list`, which may be empty.
pub(crate) fn flag_list(i: &[u8]) -> Parsed<'_, Vec<Flag<'_>>> {
    within(&FLAG_LIST, list0(i, flag))
}

impl Encode for Flag<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Answered => out.raw("\\Answered"),
            Self::Flagged => out.raw("\\Flagged"),
            Self::Deleted => out.raw("\\Deleted"),
            Self::Seen => out.raw("\\Seen"),
            Self::Draft => out.raw("\\Draft"),
            Self::Recent => out.raw("\\Recent"),
            Self::Keyword(atom) => atom.encode(out),
            Self::Extension(atom) => {
                out.raw("\\");
                atom.encode(out);
            }
        }
    }
}

impl Encode for FlagPerm<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Flag(flag) => flag.encode(out),
            Self::Any => out.raw("\\*"),
        }
    }
}
