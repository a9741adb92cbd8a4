//! `command` (RFC 3501 §6 and §9): what a client says.

pub(crate) mod authenticate;
mod encode;
mod owned;
pub(crate) mod parse;
pub(crate) mod select;

use std::borrow::Cow;

pub use authenticate::AuthenticateData;
pub(crate) use authenticate::authenticate_data;
pub(crate) use parse::command;
pub use select::SelectParameter;

use crate::{
    Atom, Capability, DateTime, FetchItems, FetchModifier, Flag, ImapString, ListReturnOption,
    ListSelectionOption, Mailbox, NString, SearchKey, SearchReturnOption, SequenceSet, SpecialUse,
    StatusAttribute, Tag,
};

/// `command`: a tag and what is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Command<'a> {
    /// The tag the completion will carry.
    pub tag: Tag<'a>,
    /// What is asked.
    pub body: CommandBody<'a>,
}

/// A command without its tag.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum CommandBody<'a> {
    /// `CAPABILITY`
    Capability,
    /// `NOOP`
    Noop,
    /// `LOGOUT`
    Logout,
    /// `STARTTLS`
    StartTls,
    /// `AUTHENTICATE`; what follows on lines of its own is [`AuthenticateData`].
    Authenticate {
        /// The SASL mechanism.
        mechanism: Atom<'a>,
        /// The decoded initial response (SASL-IR, RFC 4959); empty where it is written `=`.
        #[cfg_attr(feature = "serde", serde(serialize_with = "crate::serialize::optional_octets"))]
        initial_response: Option<Cow<'a, [u8]>>,
    },
    /// `LOGIN`
    Login {
        /// Who.
        user: ImapString<'a>,
        /// The password.
        password: ImapString<'a>,
    },
    /// `SELECT`
    Select {
        /// Which mailbox.
        mailbox: Mailbox<'a>,
        /// Parameters (RFC 4466 §2.1), where an extension defines one.
        parameters: Vec<SelectParameter>,
    },
    /// `EXAMINE`
    Examine {
        /// Which mailbox.
        mailbox: Mailbox<'a>,
        /// Parameters (RFC 4466 §2.1), where an extension defines one.
        parameters: Vec<SelectParameter>,
    },
    /// `CREATE`
    Create {
        /// Which mailbox.
        mailbox: Mailbox<'a>,
        /// `USE` (RFC 6154 §3); empty where it is not said.
        special_use: Vec<SpecialUse<'a>>,
    },
    /// `DELETE`
    Delete(Mailbox<'a>),
    /// `RENAME`
    Rename {
        /// The name it has.
        from: Mailbox<'a>,
        /// The name it shall have.
        to: Mailbox<'a>,
    },
    /// `SUBSCRIBE`
    Subscribe(Mailbox<'a>),
    /// `UNSUBSCRIBE`
    Unsubscribe(Mailbox<'a>),
    /// `LIST`
    List {
        /// Selection options (RFC 5258 §3.1); nothing where the parentheses are absent.
        selection: Option<Vec<ListSelectionOption<'a>>>,
        /// The reference name.
        reference: Mailbox<'a>,
        /// The patterns; more than one, or one in parentheses, only with LIST-EXTENDED.
        patterns: ListPatterns<'a>,
        /// Return options (RFC 5258 §3.2); nothing where `RETURN` is absent.
        returns: Option<Vec<ListReturnOption<'a>>>,
    },
    /// `LSUB`
    Lsub {
        /// The reference name.
        reference: Mailbox<'a>,
        /// The pattern.
        pattern: ImapString<'a>,
    },
    /// `STATUS`
    Status {
        /// Which mailbox.
        mailbox: Mailbox<'a>,
        /// What is asked; never empty.
        attributes: Vec<StatusAttribute>,
    },
    /// `APPEND`
    Append {
        /// Where to.
        mailbox: Mailbox<'a>,
        /// `flag-list`; nothing where it is absent.
        flags: Option<Vec<Flag<'a>>>,
        /// The internal date.
        date_time: Option<DateTime>,
        /// The message.
        message: ImapString<'a>,
    },
    /// `CHECK`
    Check,
    /// `CLOSE`
    Close,
    /// `EXPUNGE`
    Expunge,
    /// `UID EXPUNGE` (RFC 4315 §2.1).
    UidExpunge(SequenceSet),
    /// `SEARCH` or `UID SEARCH`
    Search {
        /// Whether unique identifiers are asked for.
        uid: bool,
        /// `RETURN (…)` (RFC 4731 §3.1); nothing where it is absent.
        returns: Option<Vec<SearchReturnOption>>,
        /// `CHARSET`
        charset: Option<ImapString<'a>>,
        /// The keys, all of which hold; never empty.
        keys: Vec<SearchKey<'a>>,
    },
    /// `FETCH` or `UID FETCH`
    Fetch {
        /// Whether the set is of unique identifiers.
        uid: bool,
        /// Which messages.
        sequence_set: SequenceSet,
        /// What of them.
        items: FetchItems<'a>,
        /// Modifiers (RFC 4466 §2.4); empty where the parentheses are absent.
        modifiers: Vec<FetchModifier>,
    },
    /// `STORE` or `UID STORE`
    Store {
        /// Whether the set is of unique identifiers.
        uid: bool,
        /// Which messages.
        sequence_set: SequenceSet,
        /// `UNCHANGEDSINCE` (RFC 7162 §3.1.3).
        unchanged_since: Option<u64>,
        /// Replace, add or remove.
        action: StoreAction,
        /// `.SILENT`: without untagged FETCH.
        silent: bool,
        /// The flags.
        flags: Vec<Flag<'a>>,
    },
    /// `COPY` or `UID COPY`
    Copy {
        /// Whether the set is of unique identifiers.
        uid: bool,
        /// Which messages.
        sequence_set: SequenceSet,
        /// Where to.
        mailbox: Mailbox<'a>,
    },
    /// `MOVE` or `UID MOVE` (RFC 6851).
    Move {
        /// Whether the set is of unique identifiers.
        uid: bool,
        /// Which messages.
        sequence_set: SequenceSet,
        /// Where to.
        mailbox: Mailbox<'a>,
    },
    /// `IDLE` (RFC 2177); ended by a line `DONE`.
    Idle,
    /// `NAMESPACE` (RFC 2342).
    Namespace,
    /// `ID` (RFC 2971).
    Id(IdParameters<'a>),
    /// `UNSELECT` (RFC 3691).
    Unselect,
    /// `ENABLE` (RFC 5161); never empty.
    Enable(Vec<Capability<'a>>),
    /// `x-command`: an experiment, with whatever follows the name up to CRLF.
    Experimental {
        /// The name, which begins with X.
        name: Atom<'a>,
        /// The rest of the line, without its leading SP.
        #[cfg_attr(feature = "serde", serde(serialize_with = "crate::serialize::optional_octets"))]
        arguments: Option<Cow<'a, [u8]>>,
    },
}

/// `list-mailbox`, once or several (RFC 5258 §6).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum ListPatterns<'a> {
    /// One pattern.
    Single(ImapString<'a>),
    /// Patterns in parentheses, at least one (LIST-EXTENDED).
    Several(Vec<ImapString<'a>>),
}

/// `store-att-flags` without the flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum StoreAction {
    /// `FLAGS`
    Replace,
    /// `+FLAGS`
    Add,
    /// `-FLAGS`
    Remove,
}

/// `id-params-list` (RFC 2971 §4): field and value pairs, or nothing for NIL.
pub type IdParameters<'a> = Option<Vec<(ImapString<'a>, NString<'a>)>>;
