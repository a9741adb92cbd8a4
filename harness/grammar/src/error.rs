//! Why a message is not legal: the production, where, what was expected, what stood there.

use std::fmt;

/// A named rule of the ABNF, with the document that defines it.
///
/// ```
/// use imap_grammar::Production;
/// const SEQUENCE_SET: Production = Production::rfc3501("sequence-set");
/// assert_eq!(SEQUENCE_SET.to_string(), "sequence-set (RFC 3501 §9)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Production {
    /// The rule's name as the ABNF spells it.
    pub name: &'static str,
    /// The number of the RFC that defines it.
    pub rfc: u16,
    /// The section of that RFC.
    pub section: &'static str,
}

impl Production {
    /// A rule of RFC 3501 section 9.
    pub const fn rfc3501(name: &'static str) -> Self {
        Self::new(name, 3501, "9")
    }

    /// A rule of any RFC.
    pub const fn new(name: &'static str, rfc: u16, section: &'static str) -> Self {
        Self { name, rfc, section }
    }
}

impl fmt::Display for Production {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (RFC {} §{})", self.name, self.rfc, self.section)
    }
}

/// What stood where something else was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// The message was over.
    End,
    /// This octet.
    Octet(u8),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::End => f.write_str("the end of the message"),
            Self::Octet(b' ') => f.write_str("SP"),
            Self::Octet(b'\r') => f.write_str("CR"),
            Self::Octet(b'\n') => f.write_str("LF"),
            Self::Octet(b'\0') => f.write_str("NUL"),
            Self::Octet(b'"') => f.write_str("DQUOTE"),
            Self::Octet(octet @ 0x21..=0x7e) => write!(f, "`{}`", char::from(octet)),
            Self::Octet(octet) => write!(f, "octet 0x{octet:02X}"),
        }
    }
}

/// A message that is not what the grammar allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Error {
    /// What is there is legal so far, and more octets could make it a whole message.
    Incomplete,
    /// No octets that may follow could make it legal.
    Invalid(Rejection),
}

/// Where and why a message is illegal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rejection {
    /// The innermost rule that could not be satisfied.
    pub production: &'static Production,
    /// Octets from the start of the message to where the rule failed.
    pub offset: usize,
    /// What the rule allows there, as a fragment: `SP`, `nz-number`, ``one of `OK`, `NO`, `BAD` ``.
    pub expected: &'static str,
    /// What stood there instead.
    pub found: Found,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { production, offset, expected, found } = self;
        write!(f, "expected {expected}, found {found} at byte {offset}, in {production}")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete => f.write_str("the message is incomplete"),
            Self::Invalid(rejection) => rejection.fmt(f),
        }
    }
}

impl std::error::Error for Error {}
