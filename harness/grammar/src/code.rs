//! `resp-text` and `resp-text-code` (RFC 3501 §7.1), with the codes of RFC 5530.

use std::{borrow::Cow, num::NonZeroU32};

use crate::{Atom, Capability, FlagPerm, ImapString, SequenceSet, Text};

/// `resp-text`: a code, perhaps, and text for a person.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RespText<'a> {
    /// What stands in brackets.
    pub code: Option<Code<'a>>,
    /// The text.
    pub text: Text<'a>,
}

/// `resp-text-code`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Code<'a> {
    /// `ALERT`
    Alert,
    /// `BADCHARSET`, with the charsets the server knows.
    BadCharset(Vec<ImapString<'a>>),
    /// `CAPABILITY`
    Capability(Vec<Capability<'a>>),
    /// `PARSE`
    Parse,
    /// `PERMANENTFLAGS`
    PermanentFlags(Vec<FlagPerm<'a>>),
    /// `READ-ONLY`
    ReadOnly,
    /// `READ-WRITE`
    ReadWrite,
    /// `TRYCREATE`
    TryCreate,
    /// `UIDNEXT`
    UidNext(NonZeroU32),
    /// `UIDVALIDITY`
    UidValidity(NonZeroU32),
    /// `UNSEEN`: the number of the first message without `\Seen`.
    Unseen(NonZeroU32),
    /// `APPENDUID` (RFC 4315 §3).
    AppendUid {
        /// The mailbox's UIDVALIDITY.
        uid_validity: NonZeroU32,
        /// The UID given to the message; a set where several were appended.
        uids: SequenceSet,
    },
    /// `COPYUID` (RFC 4315 §3).
    CopyUid {
        /// The target mailbox's UIDVALIDITY.
        uid_validity: NonZeroU32,
        /// The UIDs of the messages copied.
        source: SequenceSet,
        /// The UIDs given to the copies, in the same order.
        target: SequenceSet,
    },
    /// `UIDNOTSTICKY` (RFC 4315 §3).
    UidNotSticky,
    /// `HIGHESTMODSEQ` (RFC 7162 §3.1.2.1).
    HighestModSeq(u64),
    /// `NOMODSEQ` (RFC 7162 §3.1.2.2).
    NoModSeq,
    /// `MODIFIED` (RFC 7162 §3.1.3).
    Modified(SequenceSet),
    /// `CLOSED` (RFC 7162 §3.2.11).
    Closed,
    /// `USEATTR` (RFC 6154 §6).
    UseAttr,
    /// A code of RFC 5530 §3.
    Rfc5530(Rfc5530Code),
    /// Any other: an atom and what follows it, which is never empty.
    Other {
        /// The name.
        name: Atom<'a>,
        /// TEXT-CHARs without `]`.
        value: Option<Cow<'a, str>>,
    },
}

macro_rules! rfc5530 {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// The codes of RFC 5530 §3, none of which has an argument.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rfc5530Code { $($(#[$doc])* $variant,)* }

        impl Rfc5530Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it is written.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

rfc5530! {
    /// A subsystem is down for now.
    Unavailable = "UNAVAILABLE";
    /// Who is asking could not be proven.
    AuthenticationFailed = "AUTHENTICATIONFAILED";
    /// Proven, but not allowed to act as this user.
    AuthorizationFailed = "AUTHORIZATIONFAILED";
    /// The password no longer counts.
    Expired = "EXPIRED";
    /// The operation needs a private connection.
    PrivacyRequired = "PRIVACYREQUIRED";
    /// A person has to be asked.
    ContactAdmin = "CONTACTADMIN";
    /// The access rights do not allow it.
    NoPerm = "NOPERM";
    /// Something it needs is in use.
    InUse = "INUSE";
    /// Somebody else has expunged messages.
    ExpungeIssued = "EXPUNGEISSUED";
    /// The server found its data inconsistent.
    Corruption = "CORRUPTION";
    /// The server has a bug.
    ServerBug = "SERVERBUG";
    /// The client has a bug.
    ClientBug = "CLIENTBUG";
    /// The operation is against the server's nature.
    Cannot = "CANNOT";
    /// A limit was met.
    Limit = "LIMIT";
    /// The quota was met.
    OverQuota = "OVERQUOTA";
    /// It is there already.
    AlreadyExists = "ALREADYEXISTS";
    /// It is not there.
    Nonexistent = "NONEXISTENT";
}
