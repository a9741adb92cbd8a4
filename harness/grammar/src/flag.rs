//! Flags (RFC 3501 §2.3.2): `flag`, `flag-fetch`, `flag-perm`.

use crate::Atom;

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
