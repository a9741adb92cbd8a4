//! LIST-STATUS (RFC 5819): STATUS of each mailbox that LIST returns.
//!
//! Legal under the capability `LIST-STATUS`: the return option STATUS of LIST.

use crate::lexical::sp;
use crate::parse::{Context, Parsed, within};
use crate::status::status_attributes;
use crate::{Production, StatusAttribute};

const STATUS_OPTION: Production = Production::new("status-option", 5819, "4");

/// What follows the return option `STATUS`.
pub(crate) fn status_option(cx: Context, i: &[u8]) -> Parsed<'_, Vec<StatusAttribute>> {
    let (i, ()) = within(&STATUS_OPTION, sp(i))?;
    within(&STATUS_OPTION, status_attributes(cx, i))
}
