//! MOVE (RFC 6851): moving messages in one step.
//!
//! Legal under the capability `MOVE`: the commands `MOVE` and `UID MOVE`.

use crate::lexical::{mailbox, sp};
use crate::parse::{Context, Parsed, within};
use crate::sequence::sequence_set;
use crate::{CommandBody, Production};

const MOVE: Production = Production::new("move", 6851, "5");

/// What follows `MOVE`.
pub(crate) fn move_messages(cx: Context, uid: bool, i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, ()) = within(&MOVE, sp(i))?;
    let (i, sequence_set) = sequence_set(i)?;
    let (i, ()) = within(&MOVE, sp(i))?;
    let (i, mailbox) = mailbox(cx, i)?;
    Ok((i, CommandBody::Move { uid, sequence_set, mailbox }))
}
