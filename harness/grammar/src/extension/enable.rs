//! ENABLE (RFC 5161): a client says which extensions it is ready for.
//!
//! Legal under the capability `ENABLE`: the command `ENABLE` and the response `ENABLED`.

use crate::encode::{Encode, Writer};
use crate::lexical::{atom, sp, spaced};
use crate::parse::{Parsed, within};
use crate::{Atom, CommandBody, Production};

const ENABLE: Production = Production::new("command-any", 5161, "4");
const ENABLE_DATA: Production = Production::new("enable-data", 5161, "4");

/// What follows `ENABLE`: at least one capability.
pub(crate) fn enable(i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    within(&ENABLE, capabilities(i))
}

fn capabilities(i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, ()) = sp(i)?;
    let (i, capabilities) = spaced(i, atom)?;
    Ok((i, CommandBody::Enable(capabilities)))
}

/// The command with these capabilities.
pub(crate) fn encode_enable(capabilities: &[Atom<'_>], out: &mut Writer) {
    out.raw("ENABLE");
    encode_capabilities(capabilities, out);
}

/// What follows `ENABLED`: capabilities, perhaps none.
pub(crate) fn enable_data(i: &[u8]) -> Parsed<'_, Vec<Atom<'_>>> {
    match i.first() {
        Some(b' ') => within(&ENABLE_DATA, spaced(&i[1..], atom)),
        _ => Ok((i, Vec::new())),
    }
}

/// The response with these capabilities.
pub(crate) fn encode_enabled(capabilities: &[Atom<'_>], out: &mut Writer) {
    out.raw("ENABLED");
    encode_capabilities(capabilities, out);
}

fn encode_capabilities(capabilities: &[Atom<'_>], out: &mut Writer) {
    for capability in capabilities {
        out.raw(" ");
        capability.encode(out);
    }
}
