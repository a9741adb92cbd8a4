//! ENABLE (RFC 5161): a client says which extensions it is ready for.
//!
//! Legal under the capability `ENABLE`: the command `ENABLE` and the response `ENABLED`.

use crate::capability::{capabilities, encode_capabilities};
use crate::encode::Writer;
use crate::lexical::sp;
use crate::parse::{Parsed, within};
use crate::{Capability, CommandBody, Production};

const ENABLE: Production = Production::new("command-any", 5161, "4");
const ENABLE_DATA: Production = Production::new("enable-data", 5161, "4");

/// What follows `ENABLE`: at least one capability.
pub(crate) fn enable(i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    within(&ENABLE, sp(i))?;
    let (i, capabilities) = within(&ENABLE, capabilities(i))?;
    Ok((i, CommandBody::Enable(capabilities)))
}

/// The command with these capabilities.
pub(crate) fn encode_enable(capabilities: &[Capability<'_>], out: &mut Writer) {
    out.raw("ENABLE");
    encode_capabilities(capabilities, out);
}

/// What follows `ENABLED`: capabilities, perhaps none.
pub(crate) fn enable_data(i: &[u8]) -> Parsed<'_, Vec<Capability<'_>>> {
    within(&ENABLE_DATA, capabilities(i))
}

/// The response with these capabilities.
pub(crate) fn encode_enabled(capabilities: &[Capability<'_>], out: &mut Writer) {
    out.raw("ENABLED");
    encode_capabilities(capabilities, out);
}
