//! `base64` (RFC 3501 §9): whole groups of four, and padding where the last is short.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::Production;
use crate::parse::{Parsed, fail, incomplete, within};

const BASE64: Production = Production::rfc3501("base64");

/// The ABNF says nothing about the bits of the last character that carry no data.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical)
        .with_decode_allow_trailing_bits(true),
);

/// `base64`, decoded. It may be of no characters at all.
pub(crate) fn base64(i: &[u8]) -> Parsed<'_, Vec<u8>> {
    within(&BASE64, decoded(i))
}

fn decoded(i: &[u8]) -> Parsed<'_, Vec<u8>> {
    let Some(characters) = i.iter().position(|&octet| !is_base64_char(octet)) else {
        return incomplete();
    };
    let padding: &[u8] = match characters % 4 {
        0 => b"",
        2 => b"==",
        3 => b"=",
        _ => return fail(&i[characters..], "a base64-char"),
    };
    let end = characters + padding.len();
    for (at, &expected) in (characters..).zip(padding) {
        match i.get(at) {
            Some(&octet) if octet == expected => {}
            Some(_) => return fail(&i[at..], "`=`"),
            None => return incomplete(),
        }
    }
    match ENGINE.decode(&i[..end]) {
        Ok(octets) => Ok((&i[end..], octets)),
        Err(_) => fail(i, "base64"),
    }
}

/// The base64 of these octets, with padding.
pub(crate) fn encode_base64(octets: &[u8]) -> String {
    ENGINE.encode(octets)
}

fn is_base64_char(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/')
}
