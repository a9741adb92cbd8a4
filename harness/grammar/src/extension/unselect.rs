//! UNSELECT (RFC 3691): leaving a mailbox without expunging.
//!
//! Legal under the capability `UNSELECT`: the command `UNSELECT`.

use crate::CommandBody;
use crate::parse::Parsed;

/// What follows `UNSELECT`: nothing.
pub(crate) fn unselect(i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    Ok((i, CommandBody::Unselect))
}
