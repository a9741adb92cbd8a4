//! SASL-IR (RFC 4959): the client's first answer in the AUTHENTICATE line itself.
//!
//! Legal under the capability `SASL-IR`: base64, or `=` for an answer of no octets, behind the
//! mechanism.

use std::borrow::Cow;

use crate::base64::{base64, encode_base64};
use crate::encode::Writer;
use crate::lexical::sp;
use crate::parse::{Context, Parsed, fail, within};
use crate::{Extension, Production};

const AUTHENTICATE: Production = Production::new("authenticate", 4959, "7");

/// `[SP (base64 / "=")]`
///
/// An empty answer is written `=` and nothing else (§3), although base64 may be empty.
pub(crate) fn initial_response(cx: Context, i: &[u8]) -> Parsed<'_, Option<Cow<'_, [u8]>>> {
    if i.first() != Some(&b' ') {
        return Ok((i, None));
    }
    within(&AUTHENTICATE, response(cx, i))
}

fn response(cx: Context, i: &[u8]) -> Parsed<'_, Option<Cow<'_, [u8]>>> {
    if !cx.has(Extension::SaslIr) {
        return fail(i, "CRLF, or the capability SASL-IR");
    }
    let (i, ()) = sp(i)?;
    match i.split_first() {
        Some((b'=', rest)) => Ok((rest, Some(Cow::Borrowed(&[])))),
        Some((b'\r', _)) => fail(i, "base64 or `=`"),
        _ => base64(i).map(|(i, octets)| (i, Some(Cow::Owned(octets)))),
    }
}

/// The answer behind the mechanism.
pub(crate) fn encode_initial_response(octets: &[u8], out: &mut Writer) {
    out.raw(" ");
    match octets {
        [] => out.raw("="),
        _ => out.raw(encode_base64(octets)),
    }
}
