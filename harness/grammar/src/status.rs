//! `status-att`: what STATUS tells of a mailbox (RFC 3501 §6.3.10).

use crate::Production;
use crate::encode::{Encode, Writer};
use crate::keyword::{keywords, one_of};
use crate::lexical::list;
use crate::parse::{Context, Parsed, within};

/// `status-att`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StatusAttribute {
    /// `MESSAGES`
    Messages,
    /// `RECENT`
    Recent,
    /// `UIDNEXT`
    UidNext,
    /// `UIDVALIDITY`
    UidValidity,
    /// `UNSEEN`: how many messages lack `\Seen`.
    Unseen,
    /// `HIGHESTMODSEQ` (RFC 7162 §3.1.7).
    HighestModSeq,
}

const STATUS_ATT: Production = Production::rfc3501("status-att");

keywords! { StatusAttribute {
    Messages = b"MESSAGES",
    Recent = b"RECENT",
    UidNext = b"UIDNEXT",
    UidValidity = b"UIDVALIDITY",
    Unseen = b"UNSEEN",
    HighestModSeq = b"HIGHESTMODSEQ" under CondStore,
} }

/// `status-att`
pub(crate) fn status_attribute(cx: Context, i: &[u8]) -> Parsed<'_, StatusAttribute> {
    within(&STATUS_ATT, one_of(cx, i, "a status attribute"))
}

/// `"(" status-att *(SP status-att) ")"`
pub(crate) fn status_attributes(cx: Context, i: &[u8]) -> Parsed<'_, Vec<StatusAttribute>> {
    list(i, |i| status_attribute(cx, i))
}

impl Encode for StatusAttribute {
    fn encode(&self, out: &mut Writer) {
        out.keyword(*self);
    }
}
