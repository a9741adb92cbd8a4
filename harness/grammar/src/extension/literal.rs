//! LITERAL+ and LITERAL- (RFC 7888): literals whose octets a client sends without being asked.
//!
//! Legal in commands: `{n+}` of any size under the capability `LITERAL+`, of at most 4096 octets
//! under `LITERAL-`. A server never sends it (§3).

use crate::Extension;
use crate::parse::{Context, Failure, fail};

/// The largest non-synchronising literal under LITERAL- alone (RFC 7888 §5).
pub(crate) const LITERAL_MINUS_MAX: u32 = 4096;

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
