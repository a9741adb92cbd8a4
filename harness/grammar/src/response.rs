//! `response` and `greeting` (RFC 3501 §7 and §9): what a server says.

use std::num::NonZeroU32;

use crate::encode::{Encode, Writer};
use crate::parse::{Context, Parsed, fail};
use crate::{
    Atom, Body, DateTime, ESearch, Envelope, Flag, IdParameters, ListExtendedItem, Mailbox,
    NString, Namespaces, RespText, Section, StatusAttribute, Tag, Vanished,
};

/// `greeting`: the first line of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Greeting<'a> {
    /// What the server thinks of the connection.
    pub kind: GreetingKind,
    /// Why.
    pub text: RespText<'a>,
}

/// The three ways to greet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
pub struct Continue<'a> {
    /// `resp-text` or `base64`, which the grammar cannot tell apart: base64 is text. Nothing for
    /// base64 of no octets.
    pub text: Option<RespText<'a>>,
}

/// `response-tagged`: a command is complete.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    Enabled(Vec<Atom<'a>>),
    /// `ESEARCH` (RFC 4731).
    ESearch(Box<ESearch<'a>>),
    /// `VANISHED` (RFC 7162 §3.2.10).
    Vanished(Vanished),
}

/// `capability`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Capability<'a>(pub Atom<'a>);

/// `mailbox-list`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MailboxList<'a> {
    /// `mbx-list-flags`
    pub attributes: Vec<ListAttribute<'a>>,
    /// The hierarchy delimiter; nothing for NIL.
    pub delimiter: Option<u8>,
    /// The name.
    pub mailbox: Mailbox<'a>,
    /// Extended data (RFC 5258 §6).
    pub extended: Vec<ListExtendedItem<'a>>,
}

/// `mbx-list-oflag` and `mbx-list-sflag`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ListAttribute<'a> {
    /// `\Noinferiors`
    NoInferiors,
    /// `\Noselect`
    NoSelect,
    /// `\Marked`
    Marked,
    /// `\Unmarked`
    Unmarked,
    /// Any other, without its backslash: `HasChildren`, `Subscribed`, `Sent`, …
    Extension(Atom<'a>),
}

/// `msg-att-dynamic` and `msg-att-static`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MessageAttribute<'a> {
    /// `FLAGS`
    Flags(Vec<Flag<'a>>),
    /// `ENVELOPE`
    Envelope(Box<Envelope<'a>>),
    /// `INTERNALDATE`
    InternalDate(DateTime),
    /// `RFC822`
    Rfc822(NString<'a>),
    /// `RFC822.HEADER`
    Rfc822Header(NString<'a>),
    /// `RFC822.TEXT`
    Rfc822Text(NString<'a>),
    /// `RFC822.SIZE`
    Rfc822Size(u32),
    /// `BODY` without a section.
    Body(Body<'a>),
    /// `BODYSTRUCTURE`
    BodyStructure(Body<'a>),
    /// `BODY[…]`
    BodySection(Box<BodySection<'a>>),
    /// `UID`
    Uid(NonZeroU32),
    /// `MODSEQ` (RFC 7162 §3.1.4.2).
    ModSeq(u64),
}

/// `"BODY" section ["<" number ">"] SP nstring`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BodySection<'a> {
    /// The content of the brackets.
    pub section: Section<'a>,
    /// The origin octet of a partial fetch.
    pub origin: Option<u32>,
    /// The octets.
    pub data: NString<'a>,
}

pub(crate) fn response(_cx: Context, i: &[u8]) -> Parsed<'_, Response<'_>> {
    fail(i, "a response")
}

pub(crate) fn greeting(_cx: Context, i: &[u8]) -> Parsed<'_, Greeting<'_>> {
    fail(i, "a greeting")
}

impl Encode for Response<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("* \r\n");
    }
}

impl Encode for Greeting<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("* \r\n");
    }
}
