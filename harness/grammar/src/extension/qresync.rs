//! QRESYNC (RFC 7162 §3.2): what changed while a client was away.
//!
//! Legal under the capability `QRESYNC`: the parameter QRESYNC of SELECT and EXAMINE, VANISHED as a
//! modifier of UID FETCH, and the response VANISHED.

use crate::command::select::SELECT_PARAM;
use crate::encode::{Encode, Writer};
use crate::lexical::{close, keyword, nz_number, open, sp};
use crate::parse::{Parsed, fail, within};
use crate::sequence::uid_set;
use crate::{FetchModifier, Production, SelectParameter, SequenceSet};

use super::condstore::mod_sequence_value;

/// `expunged-resp`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Vanished {
    /// Whether the messages had gone before, and none is expunged now.
    pub earlier: bool,
    /// `known-uids`: without `*`.
    pub uids: SequenceSet,
}

const EXPUNGED_RESP: Production = Production::new("expunged-resp", 7162, "7");
const KNOWN_UIDS: Production = Production::new("known-uids", 7162, "7");
const SEQ_MATCH_DATA: Production = Production::new("seq-match-data", 7162, "7");
const KNOWN_SEQUENCE_SET: Production = Production::new("known-sequence-set", 7162, "7");
const KNOWN_UID_SET: Production = Production::new("known-uid-set", 7162, "7");
const REXPUNGES_FETCH_MOD: Production = Production::new("rexpunges-fetch-mod", 7162, "7");

/// What follows the parameter `QRESYNC` of SELECT and EXAMINE.
pub(crate) fn select_parameter(i: &[u8]) -> Parsed<'_, SelectParameter> {
    within(&SELECT_PARAM, parenthesised_parameter(i))
}

fn parenthesised_parameter(i: &[u8]) -> Parsed<'_, SelectParameter> {
    let (i, ()) = sp(i)?;
    let (i, ()) = open(i)?;
    let (i, uid_validity) = nz_number(i)?;
    let (i, ()) = sp(i)?;
    let (mut i, mod_seq) = mod_sequence_value(i)?;
    let mut known_uids = None;
    if let [b' ', rest @ ..] = i
        && rest.first() != Some(&b'(')
    {
        let (rest, uids) = uid_set(&KNOWN_UIDS, rest)?;
        known_uids = Some(uids);
        i = rest;
    }
    let mut sequence_match = None;
    if let [b' ', rest @ ..] = i {
        let (rest, data) = within(&SEQ_MATCH_DATA, sequence_match_data(rest))?;
        sequence_match = Some(data);
        i = rest;
    }
    let (i, ()) = close(i)?;
    Ok((i, SelectParameter::QResync { uid_validity, mod_seq, known_uids, sequence_match }))
}

fn sequence_match_data(i: &[u8]) -> Parsed<'_, (SequenceSet, SequenceSet)> {
    let (i, ()) = open(i)?;
    let (i, numbers) = uid_set(&KNOWN_SEQUENCE_SET, i)?;
    let (i, ()) = sp(i)?;
    let (i, uids) = uid_set(&KNOWN_UID_SET, i)?;
    let (i, ()) = close(i)?;
    Ok((i, (numbers, uids)))
}

/// Where VANISHED may stand among the modifiers of FETCH, which begin at `start`: only in UID
/// FETCH and only beside CHANGEDSINCE (§3.2.6).
pub(crate) fn vanished_in_place<'a>(
    start: &'a [u8],
    uid: bool,
    modifiers: &[FetchModifier],
) -> Parsed<'a, ()> {
    let changed_since = |modifier: &_| matches!(modifier, FetchModifier::ChangedSince(_));
    let placed = if !modifiers.contains(&FetchModifier::Vanished) {
        Ok((start, ()))
    } else if !uid {
        fail(start, "no VANISHED, which stands in UID FETCH only")
    } else if !modifiers.iter().any(changed_since) {
        fail(start, "CHANGEDSINCE beside VANISHED")
    } else {
        Ok((start, ()))
    };
    within(&REXPUNGES_FETCH_MOD, placed)
}

/// The parameter `QRESYNC`.
pub(crate) fn encode_select_parameter(
    uid_validity: u32,
    mod_seq: u64,
    known_uids: Option<&SequenceSet>,
    sequence_match: Option<&(SequenceSet, SequenceSet)>,
    out: &mut Writer,
) {
    out.raw("QRESYNC (");
    out.number(uid_validity);
    out.raw(" ");
    out.number(mod_seq);
    if let Some(uids) = known_uids {
        out.raw(" ");
        uids.encode(out);
    }
    if let Some((numbers, uids)) = sequence_match {
        out.raw(" ");
        out.list([numbers, uids]);
    }
    out.raw(")");
}

/// What follows `VANISHED`.
pub(crate) fn expunged_resp(i: &[u8]) -> Parsed<'_, Vanished> {
    within(&EXPUNGED_RESP, vanished(i))
}

fn vanished(i: &[u8]) -> Parsed<'_, Vanished> {
    let (i, ()) = sp(i)?;
    let (i, earlier) = match i.first() {
        Some(b'(') => {
            let (i, ()) = open(i)?;
            let (i, ()) = keyword(i, "EARLIER")?;
            let (i, ()) = close(i)?;
            let (i, ()) = sp(i)?;
            (i, true)
        }
        _ => (i, false),
    };
    let (i, uids) = uid_set(&KNOWN_UIDS, i)?;
    Ok((i, Vanished { earlier, uids }))
}

impl Encode for Vanished {
    fn encode(&self, out: &mut Writer) {
        out.raw(if self.earlier { "VANISHED (EARLIER) " } else { "VANISHED " });
        self.uids.encode(out);
    }
}
