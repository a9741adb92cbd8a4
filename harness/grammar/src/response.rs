//! `response` and `greeting` (RFC 3501 §7 and §9): what a server says.

mod encode;
mod owned;
pub(crate) mod parse;

use std::num::NonZeroU32;

use crate::{
    Capability, ESearch, Flag, IdParameters, Mailbox, MailboxList, MessageAttribute, Namespaces,
    RespText, StatusAttribute, Tag, Vanished,
};

pub(crate) use parse::{greeting, response};

/// `greeting`: the first line of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Greeting<'a> {
    /// What the server thinks of the connection.
    pub kind: GreetingKind,
    /// Why.
    pub text: RespText<'a>,
}

/// The three ways to greet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum GreetingKind {
    /// `OK`: not yet authenticated.
    Ok,
    /// `PREAUTH`: already authenticated.
    PreAuth,
    /// `BYE`: not wanted.
    Bye,
}

/// One line, with its literals, from a server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Response<'a> {
    /// `continue-req`
    Continue(Continue<'a>),
    /// `response-data`, and `response-fatal`, which is an untagged BYE.
    Untagged(Untagged<'a>),
    /// `response-tagged`
    Tagged(Tagged<'a>),
}

/// `continue-req`: go on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Continue<'a> {
    /// `resp-text` or `base64`, which the grammar cannot tell apart: base64 is text. Nothing for
    /// base64 of no octets.
    pub text: Option<RespText<'a>>,
}

/// `response-tagged`: a command is complete.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Tagged<'a> {
    /// The command's tag.
    pub tag: Tag<'a>,
    /// How it went.
    pub status: Status,
    /// More about it.
    pub text: RespText<'a>,
}

/// `resp-cond-state`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Status {
    /// It was done.
    Ok,
    /// It could not be done.
    No,
    /// It was not understood, or not allowed here.
    Bad,
}

/// `response-data` without the asterisk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum Untagged<'a> {
    /// `resp-cond-state`
    Status {
        /// OK, NO or BAD.
        status: Status,
        /// More about it.
        text: RespText<'a>,
    },
    /// `resp-cond-bye`
    Bye(RespText<'a>),
    /// `capability-data`, in the order sent.
    Capability(Vec<Capability<'a>>),
    /// `FLAGS`
    Flags(Vec<Flag<'a>>),
    /// `LIST`
    List(MailboxList<'a>),
    /// `LSUB`
    Lsub(MailboxList<'a>),
    /// `SEARCH`
    Search {
        /// Message sequence numbers or unique identifiers.
        numbers: Vec<NonZeroU32>,
        /// `(MODSEQ n)` (RFC 7162 §3.1.5).
        mod_seq: Option<u64>,
    },
    /// `STATUS`
    MailboxStatus {
        /// Which mailbox.
        mailbox: Mailbox<'a>,
        /// What is known of it; numbers of 32 bits, of 63 for HIGHESTMODSEQ.
        attributes: Vec<(StatusAttribute, u64)>,
    },
    /// `EXISTS`
    Exists(u32),
    /// `RECENT`
    Recent(u32),
    /// `EXPUNGE`
    Expunge(NonZeroU32),
    /// `FETCH`
    Fetch {
        /// Which message.
        number: NonZeroU32,
        /// What of it; never empty.
        items: Vec<MessageAttribute<'a>>,
    },
    /// `NAMESPACE` (RFC 2342).
    Namespace(Box<Namespaces<'a>>),
    /// `ID` (RFC 2971).
    Id(IdParameters<'a>),
    /// `ENABLED` (RFC 5161).
    Enabled(Vec<Capability<'a>>),
    /// `ESEARCH` (RFC 4731).
    ESearch(Box<ESearch<'a>>),
    /// `VANISHED` (RFC 7162 §3.2.10).
    Vanished(Vanished),
}
