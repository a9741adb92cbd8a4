//! IDLE (RFC 2177): updates without a pending command.
//!
//! Legal under the capability `IDLE`: the command `IDLE` and the line `DONE` that ends it.

use crate::lexical::{crlf, keyword};
use crate::parse::{Context, Parsed, within};
use crate::{Extension, Production};

pub(crate) const IDLE: Production = Production::new("idle", 2177, "4");

/// The line `DONE`.
pub(crate) fn idle_done(cx: Context, i: &[u8]) -> Parsed<'_, ()> {
    cx.require(Extension::Idle, i)?;
    let (i, ()) = within(&IDLE, keyword(i, "DONE"))?;
    within(&IDLE, crlf(i))
}
