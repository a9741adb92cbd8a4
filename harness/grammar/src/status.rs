//! `status-att`: what STATUS tells of a mailbox (RFC 3501 §6.3.10).

use crate::encode::{Encode, Writer};
use crate::lexical::{keywords, one_of};
use crate::parse::{Context, Parsed, within};
use crate::{Extension, Production};

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
    HighestModSeq = b"HIGHESTMODSEQ",
} }

/// `status-att`; HIGHESTMODSEQ only under CONDSTORE.
pub(crate) fn status_attribute(cx: Context, i: &[u8]) -> Parsed<'_, StatusAttribute> {
    within(&STATUS_ATT, known_attribute(cx, i))
}

fn known_attribute(cx: Context, i: &[u8]) -> Parsed<'_, StatusAttribute> {
    let (rest, attribute) = one_of(i, "a status attribute")?;
    if attribute == StatusAttribute::HighestModSeq {
        cx.require(Extension::CondStore, i)?;
    }
    Ok((rest, attribute))
}

impl Encode for StatusAttribute {
    fn encode(&self, out: &mut Writer) {
        out.keyword(*self);
    }
}
