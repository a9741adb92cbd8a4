//! LITERAL+ and LITERAL- (RFC 7888): literals whose octets a client sends without being asked.
//!
//! Legal in commands: `{n+}` of any size under the capability `LITERAL+`, of at most 4096 octets
//! under `LITERAL-`. A server never sends it (§3).

use crate::Extension;
use crate::parse::{Context, Failure, fail};

/// The largest non-synchronising literal under LITERAL- alone (RFC 7888 §5).
pub(crate) const LITERAL_MINUS_MAX: u32 = 4096;

/// What a line ends with where a literal follows it: `{n}` or `{n+}`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Announcement {
    /// The offset of its `{`.
    pub(crate) at: usize,
    /// How many octets the literal has; the largest number where it says a larger one.
    pub(crate) octets: u64,
    /// Whether the client waits for a continuation request.
    pub(crate) synchronising: bool,
}

impl Announcement {
    /// The announcement with which the line ends, its CRLF left out.
    pub(crate) fn at_end_of(line: &[u8]) -> Option<Self> {
        let inner = line.strip_suffix(b"}")?;
        let (inner, synchronising) = match inner.strip_suffix(b"+") {
            Some(inner) => (inner, false),
            None => (inner, true),
        };
        let at = inner.iter().rposition(|octet| !octet.is_ascii_digit())?;
        let digits = &inner[at + 1..];
        if inner[at] != b'{' || digits.is_empty() {
            return None;
        }
        let octets = digits.iter().fold(0u64, |value, digit| {
            value.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        });
        Some(Self { at, octets, synchronising })
    }
}

/// Takes the `+` at `plus`, behind a number that began at `number` and says `length`.
pub(crate) fn non_synchronising<'a>(
    cx: Context,
    number: &'a [u8],
    plus: &'a [u8],
    length: u32,
) -> Result<&'a [u8], nom::Err<Failure<'a>>> {
    if !cx.is_from_client() {
        fail(plus, "`}`")
    } else if cx.has(Extension::LiteralPlus) {
        Ok(&plus[1..])
    } else if !cx.has(Extension::LiteralMinus) {
        fail(plus, "`}`, or the capability LITERAL+ or LITERAL-")
    } else if length <= LITERAL_MINUS_MAX {
        Ok(&plus[1..])
    } else {
        fail(
            number,
            "at most 4096 octets in a non-synchronising literal, or the capability LITERAL+",
        )
    }
}
