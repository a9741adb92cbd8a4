//! `envelope` and `address` (RFC 3501 §7.4.2).

use crate::NString;

/// `envelope`: the header of a message, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Envelope<'a> {
    /// `env-date`
    pub date: NString<'a>,
    /// `env-subject`
    pub subject: NString<'a>,
    /// `env-from`; empty for NIL, as in every list of addresses here.
    pub from: Vec<Address<'a>>,
    /// `env-sender`
    pub sender: Vec<Address<'a>>,
    /// `env-reply-to`
    pub reply_to: Vec<Address<'a>>,
    /// `env-to`
    pub to: Vec<Address<'a>>,
    /// `env-cc`
    pub cc: Vec<Address<'a>>,
    /// `env-bcc`
    pub bcc: Vec<Address<'a>>,
    /// `env-in-reply-to`
    pub in_reply_to: NString<'a>,
    /// `env-message-id`
    pub message_id: NString<'a>,
}

/// `address`; a group begins with one whose host is NIL and ends with one that is all NIL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Address<'a> {
    /// `addr-name`
    pub name: NString<'a>,
    /// `addr-adl`: a source route.
    pub adl: NString<'a>,
    /// `addr-mailbox`
    pub mailbox: NString<'a>,
    /// `addr-host`
    pub host: NString<'a>,
}
