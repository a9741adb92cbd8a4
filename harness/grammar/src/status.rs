//! `status-att`: what STATUS tells of a mailbox (RFC 3501 §6.3.10).

use crate::Production;
use crate::encode::{Encode, Writer};
use crate::extension::mod_sequence_valzer;
use crate::keyword::{keywords, one_of};
use crate::lexical::{list, list0, number, nz_number, sp};
use crate::parse::{Context, Parsed, within};

/// `status-att`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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

const STATUS_ATT_LIST: Production = Production::new("status-att-list", 4466, "3");
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

/// `"(" [status-att-list] ")"`, what a STATUS response tells.
pub(crate) fn status_att_list(cx: Context, i: &[u8]) -> Parsed<'_, Vec<(StatusAttribute, u64)>> {
    within(&STATUS_ATT_LIST, list0(i, |i| status_att_val(cx, i)))
}

/// `status-att-val` (RFC 4466 §3, after the errata of RFC 3501): UIDNEXT and UIDVALIDITY are no
/// zero.
fn status_att_val(cx: Context, i: &[u8]) -> Parsed<'_, (StatusAttribute, u64)> {
    let (i, attribute) = status_attribute(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, value) = match attribute {
        StatusAttribute::Messages | StatusAttribute::Recent | StatusAttribute::Unseen => {
            number(i).map(|(i, value)| (i, value.into()))?
        }
        StatusAttribute::UidNext | StatusAttribute::UidValidity => {
            nz_number(i).map(|(i, value)| (i, value.get().into()))?
        }
        StatusAttribute::HighestModSeq => mod_sequence_valzer(i)?,
    };
    Ok((i, (attribute, value)))
}

/// `"(" [status-att-list] ")"`
pub(crate) fn encode_status_att_list(attributes: &[(StatusAttribute, u64)], out: &mut Writer) {
    out.raw("(");
    for (index, (attribute, value)) in attributes.iter().enumerate() {
        if index > 0 {
            out.raw(" ");
        }
        attribute.encode(out);
        out.raw(" ");
        out.number(*value);
    }
    out.raw(")");
}

impl Encode for StatusAttribute {
    fn encode(&self, out: &mut Writer) {
        out.keyword(*self);
    }
}
