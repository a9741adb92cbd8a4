//! UIDPLUS (RFC 4315): expunging by unique identifier, and the identifiers that were given.
//!
//! Legal under the capability `UIDPLUS`: the command `UID EXPUNGE` and the response codes
//! APPENDUID, COPYUID and UIDNOTSTICKY.

use crate::lexical::{nz_number, sp};
use crate::parse::{Parsed, within};
use crate::sequence::{sequence_set, uid_set};
use crate::{Code, CommandBody, Production};

const UID_EXPUNGE: Production = Production::new("uid-expunge", 4315, "4");
const UID_SET: Production = Production::new("uid-set", 4315, "4");

/// What follows `UID EXPUNGE`.
pub(crate) fn uid_expunge(i: &[u8]) -> Parsed<'_, CommandBody<'_>> {
    let (i, ()) = within(&UID_EXPUNGE, sp(i))?;
    let (i, sequence_set) = sequence_set(i)?;
    Ok((i, CommandBody::UidExpunge(sequence_set)))
}

/// What follows `APPENDUID`.
pub(crate) fn resp_code_apnd(i: &[u8]) -> Parsed<'_, Code<'_>> {
    let (i, ()) = sp(i)?;
    let (i, uid_validity) = nz_number(i)?;
    let (i, ()) = sp(i)?;
    let (i, uid) = nz_number(i)?;
    Ok((i, Code::AppendUid { uid_validity, uid }))
}

/// What follows `COPYUID`.
pub(crate) fn resp_code_copy(i: &[u8]) -> Parsed<'_, Code<'_>> {
    let (i, ()) = sp(i)?;
    let (i, uid_validity) = nz_number(i)?;
    let (i, ()) = sp(i)?;
    let (i, source) = uid_set(&UID_SET, i)?;
    let (i, ()) = sp(i)?;
    let (i, target) = uid_set(&UID_SET, i)?;
    Ok((i, Code::CopyUid { uid_validity, source, target }))
}
