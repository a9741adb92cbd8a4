//! LIST-EXTENDED (RFC 5258), SPECIAL-USE (RFC 6154) and LIST-STATUS (RFC 5819): the options of LIST.
//!
//! Legal under the capability each option names.

use crate::{Atom, ImapString, StatusAttribute};

/// `list-select-opt`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListSelectionOption<'a> {
    /// `SUBSCRIBED`
    Subscribed,
    /// `REMOTE`
    Remote,
    /// `RECURSIVEMATCH`, only with another option that is not REMOTE.
    RecursiveMatch,
    /// `SPECIAL-USE` (RFC 6154 §4).
    SpecialUse,
    /// `option-extension`: a name and perhaps a value.
    Other(Atom<'a>),
}

/// `return-option`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListReturnOption<'a> {
    /// `SUBSCRIBED`
    Subscribed,
    /// `CHILDREN`
    Children,
    /// `SPECIAL-USE` (RFC 6154 §4).
    SpecialUse,
    /// `STATUS (…)` (RFC 5819 §4); never empty.
    Status(Vec<StatusAttribute>),
    /// `option-extension`
    Other(Atom<'a>),
}

/// `use-attr` (RFC 6154 §6): what a mailbox is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SpecialUse<'a> {
    /// `\All`
    All,
    /// `\Archive`
    Archive,
    /// `\Drafts`
    Drafts,
    /// `\Flagged`
    Flagged,
    /// `\Junk`
    Junk,
    /// `\Sent`
    Sent,
    /// `\Trash`
    Trash,
    /// Any other.
    Other(Atom<'a>),
}

/// `mbox-list-extended-item` (RFC 5258 §6): what a LIST response says beside the name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ListExtendedItem<'a> {
    /// The tag: `CHILDINFO`, `OLDNAME`, …
    pub tag: ImapString<'a>,
    /// The value.
    pub value: ListExtendedValue<'a>,
}

/// `tagged-ext-val` (RFC 4466 §3).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListExtendedValue<'a> {
    /// `tagged-ext-simple`: a sequence set or a number.
    Simple(ImapString<'a>),
    /// `tagged-ext-comp`: a list of strings, perhaps nested, perhaps empty.
    List(Vec<ListExtendedValue<'a>>),
}
