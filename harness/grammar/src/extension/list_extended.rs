//! LIST-EXTENDED (RFC 5258): options that select, several patterns, options that return.
//!
//! Legal under the capability `LIST-EXTENDED`. Of the options, SPECIAL-USE also needs `SPECIAL-USE`
//! (RFC 6154), and STATUS needs `LIST-STATUS` (RFC 5819), under which alone RETURN is legal too.

use crate::encode::{Encode, Writer};
use crate::extension::list_status::status_option;
use crate::lexical::{
    astring, atom, close, is_list_char, keyword, list, list_mailbox, list0, open, sp, spaced,
};
use crate::parse::{Context, Parsed, fail, within};
use crate::{Atom, Extension, ImapString, ListPatterns, Production, StatusAttribute};

/// `list-select-opt`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ListSelectionOption<'a> {
    /// `SUBSCRIBED`
    Subscribed,
    /// `REMOTE`
    Remote,
    /// `RECURSIVEMATCH`, only with another option that is neither REMOTE nor SPECIAL-USE.
    RecursiveMatch,
    /// `SPECIAL-USE` (RFC 6154 §6).
    SpecialUse,
    /// `option-extension`
    Extension(ListOptionExtension<'a>),
}

/// `return-option`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ListReturnOption<'a> {
    /// `SUBSCRIBED`
    Subscribed,
    /// `CHILDREN`
    Children,
    /// `SPECIAL-USE` (RFC 6154 §6).
    SpecialUse,
    /// `STATUS (…)` (RFC 5819 §4); never empty.
    Status(Vec<StatusAttribute>),
    /// `option-extension`
    Extension(ListOptionExtension<'a>),
}

/// `option-extension`: an option that no supported extension defines.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ListOptionExtension<'a> {
    /// `option-standard-tag` or `option-vendor-tag`.
    pub name: Atom<'a>,
    /// `option-value`: what stands in parentheses behind the name; never an empty list.
    pub value: Option<Vec<OptionValue<'a>>>,
}

/// `option-val-comp`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum OptionValue<'a> {
    /// A single string.
    String(ImapString<'a>),
    /// Values in parentheses, at least one.
    List(Vec<OptionValue<'a>>),
}

const LIST_SELECT_OPTS: Production = Production::new("list-select-opts", 5258, "6");
const LIST_SELECT_OPT: Production = Production::new("list-select-opt", 5258, "6");
const LIST_RETURN_OPTS: Production = Production::new("list-return-opts", 5258, "6");
const RETURN_OPTION: Production = Production::new("return-option", 5258, "6");
const OPTION_VALUE: Production = Production::new("option-value", 5258, "6");
const PATTERNS: Production = Production::new("patterns", 5258, "6");

impl ListSelectionOption<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ListSelectionOption<'static> {
        match self {
            Self::Subscribed => ListSelectionOption::Subscribed,
            Self::Remote => ListSelectionOption::Remote,
            Self::RecursiveMatch => ListSelectionOption::RecursiveMatch,
            Self::SpecialUse => ListSelectionOption::SpecialUse,
            Self::Extension(option) => ListSelectionOption::Extension(option.into_owned()),
        }
    }

    /// `list-select-base-opt`. An option that is not known may be one.
    fn may_be_base(&self) -> bool {
        matches!(self, Self::Subscribed | Self::Extension(_))
    }
}

impl ListReturnOption<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ListReturnOption<'static> {
        match self {
            Self::Subscribed => ListReturnOption::Subscribed,
            Self::Children => ListReturnOption::Children,
            Self::SpecialUse => ListReturnOption::SpecialUse,
            Self::Status(attributes) => ListReturnOption::Status(attributes),
            Self::Extension(option) => ListReturnOption::Extension(option.into_owned()),
        }
    }
}

impl ListOptionExtension<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ListOptionExtension<'static> {
        let value = self.value.map(|values| values.into_iter().map(OptionValue::into_owned));
        ListOptionExtension { name: self.name.into_owned(), value: value.map(Iterator::collect) }
    }
}

impl OptionValue<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> OptionValue<'static> {
        match self {
            Self::String(string) => OptionValue::String(string.into_owned()),
            Self::List(values) => {
                OptionValue::List(values.into_iter().map(OptionValue::into_owned).collect())
            }
        }
    }
}

/// `[SP list-select-opts]`, with the SP that separates it from the reference name.
pub(crate) fn selection_options(
    cx: Context,
    i: &[u8],
) -> Parsed<'_, Option<Vec<ListSelectionOption<'_>>>> {
    match i.first() {
        Some(b'(') => within(&LIST_SELECT_OPTS, parenthesised_selection(cx, i)),
        _ => Ok((i, None)),
    }
}

fn parenthesised_selection(
    cx: Context,
    start: &[u8],
) -> Parsed<'_, Option<Vec<ListSelectionOption<'_>>>> {
    cx.require(Extension::ListExtended, start)?;
    let (i, options) = list0(start, |i| within(&LIST_SELECT_OPT, selection_option(cx, i)))?;
    if options.contains(&ListSelectionOption::RecursiveMatch)
        && !options.iter().any(ListSelectionOption::may_be_base)
    {
        return fail(start, "an option beside RECURSIVEMATCH that is not REMOTE");
    }
    let (i, ()) = sp(i)?;
    Ok((i, Some(options)))
}

fn selection_option(cx: Context, start: &[u8]) -> Parsed<'_, ListSelectionOption<'_>> {
    let (i, name) = atom(start)?;
    let is = |known: &str| name.as_str().eq_ignore_ascii_case(known);
    if is("SUBSCRIBED") {
        Ok((i, ListSelectionOption::Subscribed))
    } else if is("REMOTE") {
        Ok((i, ListSelectionOption::Remote))
    } else if is("RECURSIVEMATCH") {
        Ok((i, ListSelectionOption::RecursiveMatch))
    } else if is("SPECIAL-USE") {
        cx.require(Extension::SpecialUse, start)?;
        Ok((i, ListSelectionOption::SpecialUse))
    } else {
        let (i, value) = option_value(cx, i)?;
        Ok((i, ListSelectionOption::Extension(ListOptionExtension { name, value })))
    }
}

/// `mbox-or-pat`
pub(crate) fn list_patterns(cx: Context, i: &[u8]) -> Parsed<'_, ListPatterns<'_>> {
    if i.first() != Some(&b'(') {
        return list_mailbox(cx, i).map(|(i, pattern)| (i, ListPatterns::Single(pattern)));
    }
    let several = cx
        .require(Extension::ListExtended, i)
        .and_then(|()| list(i, |i| list_mailbox(cx, i)))
        .map(|(i, patterns)| (i, ListPatterns::Several(patterns)));
    within(&PATTERNS, several)
}

/// `[SP list-return-opts]`
pub(crate) fn return_options(
    cx: Context,
    i: &[u8],
) -> Parsed<'_, Option<Vec<ListReturnOption<'_>>>> {
    let legal = cx.has(Extension::ListExtended) || cx.has(Extension::ListStatus);
    match i {
        [b' ', rest @ ..] if legal => within(&LIST_RETURN_OPTS, returned(cx, rest)),
        [b' ', b'R' | b'r', ..] => {
            within(&LIST_RETURN_OPTS, fail(&i[1..], "CRLF, or the capability LIST-EXTENDED"))
        }
        _ => Ok((i, None)),
    }
}

fn returned(cx: Context, i: &[u8]) -> Parsed<'_, Option<Vec<ListReturnOption<'_>>>> {
    let (i, ()) = keyword(i, "RETURN")?;
    let (i, ()) = sp(i)?;
    let (i, options) = list0(i, |i| within(&RETURN_OPTION, return_option(cx, i)))?;
    Ok((i, Some(options)))
}

fn return_option(cx: Context, start: &[u8]) -> Parsed<'_, ListReturnOption<'_>> {
    let (i, name) = atom(start)?;
    let is = |known: &str| name.as_str().eq_ignore_ascii_case(known);
    if is("STATUS") {
        cx.require(Extension::ListStatus, start)?;
        let (i, attributes) = status_option(cx, i)?;
        return Ok((i, ListReturnOption::Status(attributes)));
    }
    if is("SPECIAL-USE") {
        cx.require(Extension::SpecialUse, start)?;
        return Ok((i, ListReturnOption::SpecialUse));
    }
    cx.require(Extension::ListExtended, start)?;
    if is("SUBSCRIBED") {
        Ok((i, ListReturnOption::Subscribed))
    } else if is("CHILDREN") {
        Ok((i, ListReturnOption::Children))
    } else {
        let (i, value) = option_value(cx, i)?;
        Ok((i, ListReturnOption::Extension(ListOptionExtension { name, value })))
    }
}

/// `[SP option-value]`. Another option begins with an atom, a value with a parenthesis.
fn option_value(cx: Context, i: &[u8]) -> Parsed<'_, Option<Vec<OptionValue<'_>>>> {
    match i {
        [b' ', rest @ ..] if rest.first() == Some(&b'(') => {
            let (i, values) = within(&OPTION_VALUE, option_values(cx, rest))?;
            Ok((i, Some(values)))
        }
        _ => Ok((i, None)),
    }
}

/// `option-value`
pub(crate) fn option_values(cx: Context, i: &[u8]) -> Parsed<'_, Vec<OptionValue<'_>>> {
    let cx = cx.deeper(i)?;
    let (i, ()) = open(i)?;
    let (i, values) = spaced(i, |i| match i.first() {
        Some(b'(') => option_values(cx, i).map(|(i, values)| (i, OptionValue::List(values))),
        _ => astring(cx, i).map(|(i, string)| (i, OptionValue::String(string))),
    })?;
    let (i, ()) = close(i)?;
    Ok((i, values))
}

/// `RETURN (…)`, where there is one.
pub(crate) fn encode_return_options(options: Option<&[ListReturnOption<'_>]>, out: &mut Writer) {
    if let Some(options) = options {
        out.raw(" RETURN ");
        out.list(options);
    }
}

impl Encode for ListSelectionOption<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Subscribed => out.raw("SUBSCRIBED"),
            Self::Remote => out.raw("REMOTE"),
            Self::RecursiveMatch => out.raw("RECURSIVEMATCH"),
            Self::SpecialUse => out.raw("SPECIAL-USE"),
            Self::Extension(option) => option.encode(out),
        }
    }
}

impl Encode for ListReturnOption<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Subscribed => out.raw("SUBSCRIBED"),
            Self::Children => out.raw("CHILDREN"),
            Self::SpecialUse => out.raw("SPECIAL-USE"),
            Self::Status(attributes) => {
                out.raw("STATUS ");
                out.list(attributes);
            }
            Self::Extension(option) => option.encode(out),
        }
    }
}

impl Encode for ListOptionExtension<'_> {
    fn encode(&self, out: &mut Writer) {
        self.name.encode(out);
        if let Some(values) = &self.value {
            out.raw(" ");
            out.list(values);
        }
    }
}

impl Encode for OptionValue<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::String(string) => string.encode(out),
            Self::List(values) => out.list(values),
        }
    }
}

impl Encode for ListPatterns<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Single(pattern) => encode_pattern(pattern, out),
            Self::Several(patterns) => {
                out.raw("(");
                for (index, pattern) in patterns.iter().enumerate() {
                    if index > 0 {
                        out.raw(" ");
                    }
                    encode_pattern(pattern, out);
                }
                out.raw(")");
            }
        }
    }
}

/// `list-mailbox`
pub(crate) fn encode_pattern(pattern: &ImapString<'_>, out: &mut Writer) {
    out.bare_or_string(pattern.as_bytes(), is_list_char);
}
