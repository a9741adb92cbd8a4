//! CONDSTORE (RFC 7162 §3.1): modification sequences.
//!
//! Legal under the capability `CONDSTORE`, which `QRESYNC` implies: the parameter CONDSTORE of
//! SELECT and EXAMINE, UNCHANGEDSINCE of STORE, CHANGEDSINCE of FETCH, MODSEQ as an item of FETCH
//! and a key of SEARCH, HIGHESTMODSEQ of STATUS, and what answers them. So is the code CLOSED, which
//! §3.2.11 asks of servers with CONDSTORE as well.

use crate::encode::{Encode, Writer};
use crate::flag::flag;
use crate::keyword::{keywords, one_of};
use crate::lexical::{close, digits, keyword, octet, open, sp};
use crate::parse::{Context, Parsed, fail, unexpected, within};
use crate::{Extension, Flag, Production, SearchKey};

/// `search-modseq-ext` (RFC 7162 §7).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ModSeqEntry<'a> {
    /// `entry-flag-name`: the flag, as in `/flags/\\draft`.
    pub flag: Flag<'a>,
    /// `entry-type-req`
    pub kind: EntryType,
}

/// `entry-type-req` (RFC 7162 §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum EntryType {
    /// `priv`
    Private,
    /// `shared`
    Shared,
    /// `all`
    All,
}

const MOD_SEQUENCE_VALUE: Production = Production::new("mod-sequence-value", 7162, "7");
const MOD_SEQUENCE_VALZER: Production = Production::new("mod-sequence-valzer", 7162, "7");
const STORE_MODIFIER: Production = Production::new("store-modifier", 7162, "7");
const SEARCH_MODSEQUENCE: Production = Production::new("search-modsequence", 7162, "7");
const SEARCH_SORT_MOD_SEQ: Production = Production::new("search-sort-mod-seq", 7162, "7");
const FETCH_MOD_RESP: Production = Production::new("fetch-mod-resp", 7162, "7");
const ENTRY_FLAG_NAME: Production = Production::new("entry-flag-name", 7162, "7");
const ENTRY_TYPE_REQ: Production = Production::new("entry-type-req", 7162, "7");

const MOD_SEQUENCE_MAX: u64 = i64::MAX as u64;
const TOO_LARGE: &str = "a number below 9223372036854775808";

keywords! { EntryType {
    Private = b"PRIV",
    Shared = b"SHARED",
    All = b"ALL",
} }

impl ModSeqEntry<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ModSeqEntry<'static> {
        ModSeqEntry { flag: self.flag.into_owned(), kind: self.kind }
    }
}

/// `mod-sequence-value`: an unsigned 63-bit integer that is not zero.
pub(crate) fn mod_sequence_value(i: &[u8]) -> Parsed<'_, u64> {
    let parsed = match digits(i, MOD_SEQUENCE_MAX, TOO_LARGE) {
        Ok((_, 0)) => fail(i, "a number from 1 to 9223372036854775807"),
        parsed => parsed,
    };
    within(&MOD_SEQUENCE_VALUE, parsed)
}

/// `mod-sequence-valzer`: an unsigned 63-bit integer.
///
/// Zero is the single digit; what is not zero may have leading zeros.
pub(crate) fn mod_sequence_valzer(i: &[u8]) -> Parsed<'_, u64> {
    let parsed = match digits(i, MOD_SEQUENCE_MAX, TOO_LARGE) {
        Ok((rest, 0)) if i.len() - rest.len() > 1 => fail(i, "a single `0`"),
        parsed => parsed,
    };
    within(&MOD_SEQUENCE_VALZER, parsed)
}

/// `SP "(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")"`, which may follow the set of STORE.
pub(crate) fn unchanged_since(cx: Context, i: &[u8]) -> Parsed<'_, Option<u64>> {
    match i {
        [b' ', b'(', ..] => within(&STORE_MODIFIER, store_modifiers(cx, i)),
        _ => Ok((i, None)),
    }
}

fn store_modifiers(cx: Context, i: &[u8]) -> Parsed<'_, Option<u64>> {
    let (i, ()) = sp(i)?;
    cx.require(Extension::CondStore, i)?;
    let (i, ()) = open(i)?;
    let (i, ()) = keyword(i, "UNCHANGEDSINCE")?;
    let (i, ()) = sp(i)?;
    let (i, mod_seq) = mod_sequence_valzer(i)?;
    let (i, ()) = close(i)?;
    Ok((i, Some(mod_seq)))
}

/// What follows the search key `MODSEQ`.
pub(crate) fn search_mod_seq(cx: Context, i: &[u8]) -> Parsed<'_, SearchKey<'_>> {
    within(&SEARCH_MODSEQUENCE, entry_and_value(cx, i))
}

fn entry_and_value(cx: Context, i: &[u8]) -> Parsed<'_, SearchKey<'_>> {
    let (i, ()) = sp(i)?;
    let (i, entry) = match i.first() {
        Some(b'"') => {
            let (i, flag) = within(&ENTRY_FLAG_NAME, entry_flag_name(i))?;
            let (i, ()) = sp(i)?;
            let (i, kind) = within(&ENTRY_TYPE_REQ, one_of(cx, i, "`priv`, `shared` or `all`"))?;
            let (i, ()) = sp(i)?;
            (i, Some(ModSeqEntry { flag, kind }))
        }
        Some(b'0'..=b'9') => (i, None),
        _ => return unexpected(i, "a modification sequence, or an entry's name"),
    };
    let (i, at_least) = mod_sequence_valzer(i)?;
    Ok((i, SearchKey::ModSeq { entry, at_least }))
}

/// `entry-flag-name`, in which the backslash of a flag is quoted by another.
fn entry_flag_name(i: &[u8]) -> Parsed<'_, Flag<'_>> {
    let (i, ()) = octet(i, b'"', "DQUOTE")?;
    let (i, ()) = keyword(i, "/flags/")?;
    let i = match i.split_first() {
        Some((b'\\', rest)) => {
            octet(rest, b'\\', "`\\`")?;
            rest
        }
        _ => i,
    };
    let (i, flag) = flag(i)?;
    let (i, ()) = octet(i, b'"', "DQUOTE")?;
    Ok((i, flag))
}

/// `(UNCHANGEDSINCE …)` behind the set of STORE, where there is one.
pub(crate) fn encode_unchanged_since(mod_seq: Option<u64>, out: &mut Writer) {
    if let Some(mod_seq) = mod_seq {
        out.raw(" (UNCHANGEDSINCE ");
        out.number(mod_seq);
        out.raw(")");
    }
}

/// The search key `MODSEQ`.
pub(crate) fn encode_search_mod_seq(
    entry: Option<&ModSeqEntry<'_>>,
    at_least: u64,
    out: &mut Writer,
) {
    out.raw("MODSEQ ");
    if let Some(ModSeqEntry { flag, kind }) = entry {
        out.raw("\"/flags/");
        if !matches!(flag, Flag::Keyword(_)) {
            out.raw("\\");
        }
        flag.encode(out);
        out.raw("\" ");
        out.keyword(*kind);
        out.raw(" ");
    }
    out.number(at_least);
}

/// `search-sort-mod-seq`, which may end a SEARCH response.
pub(crate) fn search_sort_mod_seq(i: &[u8]) -> Parsed<'_, u64> {
    within(&SEARCH_SORT_MOD_SEQ, named_mod_seq(i))
}

fn named_mod_seq(i: &[u8]) -> Parsed<'_, u64> {
    let (i, ()) = open(i)?;
    let (i, ()) = keyword(i, "MODSEQ")?;
    let (i, ()) = sp(i)?;
    let (i, mod_seq) = mod_sequence_value(i)?;
    let (i, ()) = close(i)?;
    Ok((i, mod_seq))
}

/// What follows the item `MODSEQ` and its SP in a FETCH response.
pub(crate) fn fetch_mod_resp(i: &[u8]) -> Parsed<'_, u64> {
    within(&FETCH_MOD_RESP, parenthesised_mod_seq(i))
}

fn parenthesised_mod_seq(i: &[u8]) -> Parsed<'_, u64> {
    let (i, ()) = open(i)?;
    let (i, mod_seq) = mod_sequence_value(i)?;
    let (i, ()) = close(i)?;
    Ok((i, mod_seq))
}
