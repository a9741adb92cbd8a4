//! The extended data of a LIST response (RFC 5258 §3.5 and §6).
//!
//! Legal under the capability `LIST-EXTENDED`.

use crate::encode::{Encode, Writer};
use crate::extension::list_extended::option_values;
use crate::lexical::{astring, is_atom_char, list, list0, number, quoted, sp};
use crate::parse::{Context, Parsed, fail, unexpected, within};
use crate::sequence::sequence_set;
use crate::{Extension, ImapString, OptionValue, Production, SequenceSet};

/// `mbox-list-extended-item`: what a LIST response says beside the name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ListExtendedItem<'a> {
    /// The tag, whose characters are those of an atom: `CHILDINFO`, `OLDNAME`, …
    pub tag: ImapString<'a>,
    /// The value; for CHILDINFO a list of names of selection options.
    pub value: ListExtendedValue<'a>,
}

/// `tagged-ext-val` (RFC 4466 §3)
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ListExtendedValue<'a> {
    /// `sequence-set`, which is tried before `number`: most numbers are one.
    SequenceSet(SequenceSet),
    /// `number`: zero, or one that begins with zero.
    Number(u32),
    /// `"(" [tagged-ext-comp] ")"`: strings, perhaps nested, perhaps none. A `tagged-ext-comp` is
    /// the same as an `option-val-comp`.
    List(Vec<OptionValue<'a>>),
}

const MBOX_LIST_EXTENDED: Production = Production::new("mbox-list-extended", 5258, "6");
const MBOX_LIST_EXTENDED_ITEM_TAG: Production =
    Production::new("mbox-list-extended-item-tag", 5258, "6");
const CHILDINFO_EXTENDED_ITEM: Production = Production::new("childinfo-extended-item", 5258, "6");
const LIST_SELECT_BASE_OPT_QUOTED: Production =
    Production::new("list-select-base-opt-quoted", 5258, "6");
const TAGGED_EXT_VAL: Production = Production::new("tagged-ext-val", 4466, "3");

/// The tag of the item whose values are always quoted.
const CHILDINFO: &str = "CHILDINFO";

impl ListExtendedItem<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ListExtendedItem<'static> {
        ListExtendedItem { tag: self.tag.into_owned(), value: self.value.into_owned() }
    }
}

impl ListExtendedValue<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ListExtendedValue<'static> {
        match self {
            Self::SequenceSet(set) => ListExtendedValue::SequenceSet(set),
            Self::Number(number) => ListExtendedValue::Number(number),
            Self::List(values) => {
                ListExtendedValue::List(values.into_iter().map(OptionValue::into_owned).collect())
            }
        }
    }
}

/// `[SP mbox-list-extended]`
pub(crate) fn mbox_list_extended(cx: Context, i: &[u8]) -> Parsed<'_, Vec<ListExtendedItem<'_>>> {
    if !cx.parameters_follow(Extension::ListExtended, i)? {
        return Ok((i, Vec::new()));
    }
    within(&MBOX_LIST_EXTENDED, list0(&i[1..], |i| item(cx, i)))
}

fn item(cx: Context, start: &[u8]) -> Parsed<'_, ListExtendedItem<'_>> {
    let (i, tag) = astring(cx, start)?;
    let is_atom = !tag.as_bytes().is_empty() && tag.as_bytes().iter().all(|&c| is_atom_char(c));
    if !is_atom {
        let failure = fail(start, "the characters of an atom");
        return within(&MBOX_LIST_EXTENDED_ITEM_TAG, failure);
    }
    let (i, ()) = sp(i)?;
    let (i, value) = if tag.eq_ignore_ascii_case(CHILDINFO) {
        within(&CHILDINFO_EXTENDED_ITEM, child_info(i))?
    } else {
        within(&TAGGED_EXT_VAL, tagged_ext_val(cx, i))?
    };
    Ok((i, ListExtendedItem { tag, value }))
}

/// Names of selection options, at least one, each a quoted string.
fn child_info(i: &[u8]) -> Parsed<'_, ListExtendedValue<'_>> {
    let (i, options) = list(i, quoted_option)?;
    Ok((i, ListExtendedValue::List(options)))
}

/// An atom, and `[SP option-value]` within the same quotes.
fn quoted_option(start: &[u8]) -> Parsed<'_, OptionValue<'_>> {
    let (i, option) = quoted(start)?;
    let octets = option.as_bytes();
    let name = octets.iter().take_while(|&&octet| is_atom_char(octet)).count();
    let is_option = name > 0
        && match &octets[name..] {
            [] => true,
            [b' ', b'(', value @ .., b')'] => !value.is_empty(),
            _ => false,
        };
    if !is_option {
        let failure = fail(&start[1..], "the name of a selection option");
        return within(&LIST_SELECT_BASE_OPT_QUOTED, failure);
    }
    Ok((i, OptionValue::String(option)))
}

fn tagged_ext_val(cx: Context, i: &[u8]) -> Parsed<'_, ListExtendedValue<'_>> {
    match i {
        [b'(', b')', rest @ ..] => Ok((rest, ListExtendedValue::List(Vec::new()))),
        [b'('] => unexpected(&i[1..], "a value"),
        [b'(', ..] => option_values(cx, i).map(|(i, values)| (i, ListExtendedValue::List(values))),
        [b'0', ..] => number(i).map(|(i, number)| (i, ListExtendedValue::Number(number))),
        [b'1'..=b'9' | b'*', ..] => {
            sequence_set(i).map(|(i, set)| (i, ListExtendedValue::SequenceSet(set)))
        }
        _ => unexpected(i, "a sequence set, a number or `(`"),
    }
}

/// `[SP mbox-list-extended]`
pub(crate) fn encode_mbox_list_extended(items: &[ListExtendedItem<'_>], out: &mut Writer) {
    if !items.is_empty() {
        out.raw(" ");
        out.list(items);
    }
}

impl Encode for ListExtendedItem<'_> {
    fn encode(&self, out: &mut Writer) {
        self.tag.encode(out);
        out.raw(" ");
        match &self.value {
            ListExtendedValue::SequenceSet(set) => set.encode(out),
            ListExtendedValue::Number(number) => {
                // Without a zero before it, it would be a sequence set.
                if *number > 0 {
                    out.raw("0");
                }
                out.number(*number);
            }
            ListExtendedValue::List(values) if self.tag.eq_ignore_ascii_case(CHILDINFO) => {
                out.list(values.iter().map(AlwaysQuoted));
            }
            ListExtendedValue::List(values) => out.list(values),
        }
    }
}

struct AlwaysQuoted<'v>(&'v OptionValue<'v>);

impl Encode for AlwaysQuoted<'_> {
    fn encode(&self, out: &mut Writer) {
        match self.0 {
            OptionValue::String(name) => out.quoted(name.as_bytes()),
            OptionValue::List(_) => self.0.encode(out),
        }
    }
}
