//! UIDPLUS (RFC 4315): expunging by unique identifier, and the identifiers that were given.
//!
//! Legal under the capability `UIDPLUS`: the command `UID EXPUNGE` and the response codes
//! APPENDUID, COPYUID and UIDNOTSTICKY.

use crate::lexical::sp;
use crate::parse::{Parsed, within};
use crate::sequence::sequence_set;
use crate::{CommandBody, Production};

const UID_EXPUNGE: Production = Production::new("uid-expunge", 4315, "4");

/// What follows `UID EXPUNGE`.
pub(crate) fn uid_expunge(i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, ()) = within(&UID_EXPUNGE, sp(i))?;
    let (i, sequence_set) = sequence_set(i)?;
    Ok((i, CommandBody::UidExpunge(sequence_set)))
}
