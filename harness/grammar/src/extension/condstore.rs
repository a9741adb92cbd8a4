//! CONDSTORE (RFC 7162 §3.1): modification sequences.
//!
//! Legal under the capability `CONDSTORE`, which `QRESYNC` implies.

use crate::Production;
use crate::lexical::digits;
use crate::parse::{Parsed, fail, within};

const MOD_SEQUENCE_VALUE: Production = Production::new("mod-sequence-value", 7162, "7");
const MOD_SEQUENCE_VALZER: Production = Production::new("mod-sequence-valzer", 7162, "7");

const MOD_SEQUENCE_MAX: u64 = i64::MAX as u64;
const TOO_LARGE: &str = "a number below 9223372036854775808";

/// `mod-sequence-value`: an unsigned 63-bit integer that is not zero.
pub(crate) fn mod_sequence_value(i: &[u8]) -> Parsed<'_, u64> {
    let parsed = match digits(i, MOD_SEQUENCE_MAX, TOO_LARGE) {
        Ok((_, 0)) => fail(i, "a number from 1 to 9223372036854775807"),
        parsed => parsed,
    };
    within(&MOD_SEQUENCE_VALUE, parsed)
}

/// `mod-sequence-valzer`: an unsigned 63-bit integer.
///
/// The ABNF gives zero as a single digit, but `mod-sequence-value` may have leading zeros.
pub(crate) fn mod_sequence_valzer(i: &[u8]) -> Parsed<'_, u64> {
    let parsed = match digits(i, MOD_SEQUENCE_MAX, TOO_LARGE) {
        Ok((rest, 0)) if i.len() - rest.len() > 1 => fail(i, "a single `0`"),
        parsed => parsed,
    };
    within(&MOD_SEQUENCE_VALZER, parsed)
}
