//! The parameters of SELECT and EXAMINE (RFC 4466 §2.1).

use std::num::NonZeroU32;

use crate::encode::{Encode, Writer};
use crate::extension::{encode_select_parameter, select_parameter};
use crate::keyword::{keywords, one_of};
use crate::lexical::{list, sp};
use crate::parse::{Context, Parsed, within};
use crate::{Extension, Production, SequenceSet};

/// A parameter of SELECT or EXAMINE.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum SelectParameter {
    /// `CONDSTORE` (RFC 7162 §3.1.8).
    CondStore,
    /// `QRESYNC` (RFC 7162 §3.2.5).
    QResync {
        /// The last known UIDVALIDITY.
        uid_validity: NonZeroU32,
        /// The last known modification sequence.
        mod_seq: u64,
        /// The known UIDs.
        known_uids: Option<SequenceSet>,
        /// Message sequence numbers and the UIDs they had.
        sequence_match: Option<(SequenceSet, SequenceSet)>,
    },
}

const SELECT_PARAMS: Production = Production::new("select-params", 4466, "3");
pub(crate) const SELECT_PARAM: Production = Production::new("select-param", 7162, "7");

#[derive(Clone, Copy)]
pub(crate) enum Name {
    CondStore,
    QResync,
}

keywords! { Name {
    CondStore = b"CONDSTORE" under CondStore,
    QResync = b"QRESYNC" under QResync,
} }

/// `[select-params]`
pub(super) fn select_parameters(cx: Context, i: &[u8]) -> Parsed<'_, Vec<SelectParameter>> {
    if !cx.parameters_follow(Extension::CondStore, i)? {
        return Ok((i, Vec::new()));
    }
    let (i, ()) = sp(i)?;
    within(&SELECT_PARAMS, list(i, |i| parameter(cx, i)))
}

fn parameter(cx: Context, i: &[u8]) -> Parsed<'_, SelectParameter> {
    match within(&SELECT_PARAM, one_of(cx, i, "a parameter of SELECT"))? {
        (i, Name::CondStore) => Ok((i, SelectParameter::CondStore)),
        (i, Name::QResync) => select_parameter(i),
    }
}

/// `[select-params]`
pub(super) fn encode_select_parameters(parameters: &[SelectParameter], out: &mut Writer) {
    if !parameters.is_empty() {
        out.raw(" ");
        out.list(parameters);
    }
}

impl Encode for SelectParameter {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::CondStore => out.keyword(Name::CondStore),
            Self::QResync { uid_validity, mod_seq, known_uids, sequence_match } => {
                encode_select_parameter(
                    uid_validity.get(),
                    *mod_seq,
                    known_uids.as_ref(),
                    sequence_match.as_ref(),
                    out,
                );
            }
        }
    }
}
