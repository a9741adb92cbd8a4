//! `resp-text` and `resp-text-code` (RFC 3501 §7.1), with the codes of RFC 5530.
//!
//! No text is refused for its code. The last alternative of `resp-text-code` is any atom, with
//! arguments or without, and what fits no alternative is `text`, which may begin with `[`. So a
//! code whose extension is off, or whose arguments are not what its own rule asks for, is
//! [`Code::Other`], and `[ALERT]` with nothing behind it is text of seven characters.

use std::{borrow::Cow, num::NonZeroU32};

use memchr::memchr;

use crate::capability::{capability_data, encode_capabilities};
use crate::encode::{Encode, Writer};
use crate::extension::{mod_sequence_value, resp_code_apnd, resp_code_copy};
use crate::flag::flag_perm;
use crate::keyword::{keywords, one_of};
use crate::lexical::{astring, atom, is_text_char, list, list0, nz_number, octet, run, sp, text};
use crate::parse::{Context, Parsed, within};
use crate::sequence::sequence_set;
use crate::{Atom, Capability, FlagPerm, ImapString, Production, SequenceSet, Text};

/// `resp-text`: a code, perhaps, and text for a person.
///
/// Without a code, the text must not itself begin with one, or it is read back as such.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RespText<'a> {
    /// What stands in brackets.
    pub code: Option<Code<'a>>,
    /// The text.
    pub text: Text<'a>,
}

/// `resp-text-code`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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
        /// The UID given to the message: one, since several are appended under MULTIAPPEND only.
        uid: NonZeroU32,
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
    /// A code of RFC 5530 §3, which no capability announces: they are always known.
    Rfc5530(Rfc5530Code),
    /// Any other: an atom and what follows it, which is never empty. Written with the name and
    /// arguments of a code above, it is read back as that.
    Other {
        /// The name.
        name: Atom<'a>,
        /// TEXT-CHARs without `]`.
        value: Option<Cow<'a, str>>,
    },
}

const RESP_TEXT: Production = Production::rfc3501("resp-text");
const RESP_TEXT_CODE: Production = Production::rfc3501("resp-text-code");

macro_rules! rfc5530 {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// The codes of RFC 5530 §3, none of which has an argument.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize))]
        pub enum Rfc5530Code { $($(#[$doc])* $variant,)* }

        impl Rfc5530Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code as it is written.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The code of that name.
            fn of(name: &Atom<'_>) -> Option<Self> {
                let is = |code: &&Self| name.as_str().eq_ignore_ascii_case(code.name());
                Self::ALL.iter().find(is).copied()
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

/// The codes with a rule of their own.
#[derive(Clone, Copy)]
pub(crate) enum CodeName {
    Alert,
    BadCharset,
    Capability,
    Parse,
    PermanentFlags,
    ReadOnly,
    ReadWrite,
    TryCreate,
    UidNext,
    UidValidity,
    Unseen,
    AppendUid,
    CopyUid,
    UidNotSticky,
    HighestModSeq,
    NoModSeq,
    Modified,
    Closed,
    UseAttr,
}

keywords! { CodeName {
    Alert = b"ALERT",
    BadCharset = b"BADCHARSET",
    Capability = b"CAPABILITY",
    Parse = b"PARSE",
    PermanentFlags = b"PERMANENTFLAGS",
    ReadOnly = b"READ-ONLY",
    ReadWrite = b"READ-WRITE",
    TryCreate = b"TRYCREATE",
    UidNext = b"UIDNEXT",
    UidValidity = b"UIDVALIDITY",
    Unseen = b"UNSEEN",
    AppendUid = b"APPENDUID" under UidPlus,
    CopyUid = b"COPYUID" under UidPlus,
    UidNotSticky = b"UIDNOTSTICKY" under UidPlus,
    HighestModSeq = b"HIGHESTMODSEQ" under CondStore,
    NoModSeq = b"NOMODSEQ" under CondStore,
    Modified = b"MODIFIED" under CondStore,
    Closed = b"CLOSED" under CondStore,
    UseAttr = b"USEATTR" under CreateSpecialUse,
} }

impl RespText<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> RespText<'static> {
        RespText { code: self.code.map(Code::into_owned), text: self.text.into_owned() }
    }
}

impl Code<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Code<'static> {
        match self {
            Self::Alert => Code::Alert,
            Self::BadCharset(charsets) => {
                Code::BadCharset(charsets.into_iter().map(ImapString::into_owned).collect())
            }
            Self::Capability(capabilities) => {
                Code::Capability(capabilities.into_iter().map(Capability::into_owned).collect())
            }
            Self::Parse => Code::Parse,
            Self::PermanentFlags(flags) => {
                Code::PermanentFlags(flags.into_iter().map(FlagPerm::into_owned).collect())
            }
            Self::ReadOnly => Code::ReadOnly,
            Self::ReadWrite => Code::ReadWrite,
            Self::TryCreate => Code::TryCreate,
            Self::UidNext(uid) => Code::UidNext(uid),
            Self::UidValidity(uid_validity) => Code::UidValidity(uid_validity),
            Self::Unseen(number) => Code::Unseen(number),
            Self::AppendUid { uid_validity, uid } => Code::AppendUid { uid_validity, uid },
            Self::CopyUid { uid_validity, source, target } => {
                Code::CopyUid { uid_validity, source, target }
            }
            Self::UidNotSticky => Code::UidNotSticky,
            Self::HighestModSeq(mod_seq) => Code::HighestModSeq(mod_seq),
            Self::NoModSeq => Code::NoModSeq,
            Self::Modified(messages) => Code::Modified(messages),
            Self::Closed => Code::Closed,
            Self::UseAttr => Code::UseAttr,
            Self::Rfc5530(code) => Code::Rfc5530(code),
            Self::Other { name, value } => Code::Other {
                name: name.into_owned(),
                value: value.map(|value| Cow::Owned(value.into_owned())),
            },
        }
    }
}

/// `resp-text`
pub(crate) fn resp_text(cx: Context, i: &[u8]) -> Parsed<'_, RespText<'_>> {
    within(&RESP_TEXT, code_and_text(cx, i))
}

fn code_and_text(cx: Context, i: &[u8]) -> Parsed<'_, RespText<'_>> {
    if i.first() == Some(&b'[') {
        for rule in [known_code, other_code] {
            match bracketed(cx, i, rule) {
                // A code that holds a literal goes on behind a line end, where no text does.
                Err(nom::Err::Error(failure)) if !has_line_end(i, failure.at()) => {}
                parsed => return parsed,
            }
        }
    }
    let (i, text) = text(i)?;
    Ok((i, RespText { code: None, text }))
}

/// Whether there is a line end between `start` and `end`, which is a rest of it.
fn has_line_end(start: &[u8], end: &[u8]) -> bool {
    memchr(b'\n', &start[..start.len() - end.len()]).is_some()
}

/// `"[" resp-text-code "]" SP text`
fn bracketed<'a>(
    cx: Context,
    i: &'a [u8],
    code: fn(Context, &'a [u8]) -> Parsed<'a, Code<'a>>,
) -> Parsed<'a, RespText<'a>> {
    let (i, ()) = octet(i, b'[', "`[`")?;
    let (i, code) = within(&RESP_TEXT_CODE, code(cx, i))?;
    let (i, ()) = octet(i, b']', "`]`")?;
    let (i, ()) = sp(i)?;
    let (i, text) = text(i)?;
    Ok((i, RespText { code: Some(code), text }))
}

fn known_code(cx: Context, i: &[u8]) -> Parsed<'_, Code<'_>> {
    let (i, name) = one_of(cx, i, "a response code")?;
    match name {
        CodeName::Alert => Ok((i, Code::Alert)),
        CodeName::BadCharset => bad_charset(cx, i),
        CodeName::Capability => {
            capability_data(i).map(|(i, capabilities)| (i, Code::Capability(capabilities)))
        }
        CodeName::Parse => Ok((i, Code::Parse)),
        CodeName::PermanentFlags => {
            let (i, ()) = sp(i)?;
            let (i, flags) = list0(i, flag_perm)?;
            Ok((i, Code::PermanentFlags(flags)))
        }
        CodeName::ReadOnly => Ok((i, Code::ReadOnly)),
        CodeName::ReadWrite => Ok((i, Code::ReadWrite)),
        CodeName::TryCreate => Ok((i, Code::TryCreate)),
        CodeName::UidNext => number_behind_sp(i).map(|(i, uid)| (i, Code::UidNext(uid))),
        CodeName::UidValidity => {
            number_behind_sp(i).map(|(i, uid_validity)| (i, Code::UidValidity(uid_validity)))
        }
        CodeName::Unseen => number_behind_sp(i).map(|(i, number)| (i, Code::Unseen(number))),
        CodeName::AppendUid => resp_code_apnd(i),
        CodeName::CopyUid => resp_code_copy(i),
        CodeName::UidNotSticky => Ok((i, Code::UidNotSticky)),
        CodeName::HighestModSeq => {
            let (i, ()) = sp(i)?;
            let (i, mod_seq) = mod_sequence_value(i)?;
            Ok((i, Code::HighestModSeq(mod_seq)))
        }
        CodeName::NoModSeq => Ok((i, Code::NoModSeq)),
        CodeName::Modified => {
            let (i, ()) = sp(i)?;
            let (i, messages) = sequence_set(i)?;
            Ok((i, Code::Modified(messages)))
        }
        CodeName::Closed => Ok((i, Code::Closed)),
        CodeName::UseAttr => Ok((i, Code::UseAttr)),
    }
}

fn bad_charset(cx: Context, i: &[u8]) -> Parsed<'_, Code<'_>> {
    match i {
        [b' ', rest @ ..] => {
            let (i, charsets) = list(rest, |i| astring(cx, i))?;
            Ok((i, Code::BadCharset(charsets)))
        }
        _ => Ok((i, Code::BadCharset(Vec::new()))),
    }
}

fn number_behind_sp(i: &[u8]) -> Parsed<'_, NonZeroU32> {
    let (i, ()) = sp(i)?;
    nz_number(i)
}

/// `atom [SP 1*<any TEXT-CHAR except "]">]`
fn other_code(_: Context, i: &[u8]) -> Parsed<'_, Code<'_>> {
    let (i, name) = atom(i)?;
    let [b' ', rest @ ..] = i else {
        return Ok((
            i,
            Rfc5530Code::of(&name).map_or(Code::Other { name, value: None }, Code::Rfc5530),
        ));
    };
    let class = |octet| is_text_char(octet) && octet != b']';
    let (i, value) = run(rest, class, "a TEXT-CHAR other than `]`")?;
    Ok((i, Code::Other { name, value: Some(Cow::Borrowed(value)) }))
}

impl Encode for RespText<'_> {
    fn encode(&self, out: &mut Writer) {
        if let Some(code) = &self.code {
            out.raw("[");
            code.encode(out);
            out.raw("] ");
        }
        self.text.encode(out);
    }
}

impl Encode for Code<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Alert => out.keyword(CodeName::Alert),
            Self::BadCharset(charsets) => {
                out.keyword(CodeName::BadCharset);
                if !charsets.is_empty() {
                    out.raw(" ");
                    out.list(charsets);
                }
            }
            Self::Capability(capabilities) => {
                out.keyword(CodeName::Capability);
                encode_capabilities(capabilities, out);
            }
            Self::Parse => out.keyword(CodeName::Parse),
            Self::PermanentFlags(flags) => {
                out.keyword(CodeName::PermanentFlags);
                out.raw(" ");
                out.list(flags);
            }
            Self::ReadOnly => out.keyword(CodeName::ReadOnly),
            Self::ReadWrite => out.keyword(CodeName::ReadWrite),
            Self::TryCreate => out.keyword(CodeName::TryCreate),
            Self::UidNext(number) => encode_with_number(CodeName::UidNext, number.get(), out),
            Self::UidValidity(number) => {
                encode_with_number(CodeName::UidValidity, number.get(), out);
            }
            Self::Unseen(number) => encode_with_number(CodeName::Unseen, number.get(), out),
            Self::AppendUid { uid_validity, uid } => {
                encode_with_number(CodeName::AppendUid, uid_validity.get(), out);
                out.raw(" ");
                out.number(uid.get());
            }
            Self::CopyUid { uid_validity, source, target } => {
                encode_with_number(CodeName::CopyUid, uid_validity.get(), out);
                out.raw(" ");
                out.spaced([source, target]);
            }
            Self::UidNotSticky => out.keyword(CodeName::UidNotSticky),
            Self::HighestModSeq(mod_seq) => {
                encode_with_number(CodeName::HighestModSeq, *mod_seq, out);
            }
            Self::NoModSeq => out.keyword(CodeName::NoModSeq),
            Self::Modified(messages) => {
                out.keyword(CodeName::Modified);
                out.raw(" ");
                messages.encode(out);
            }
            Self::Closed => out.keyword(CodeName::Closed),
            Self::UseAttr => out.keyword(CodeName::UseAttr),
            Self::Rfc5530(code) => out.raw(code.name()),
            Self::Other { name, value } => {
                name.encode(out);
                if let Some(value) = value {
                    out.raw(" ");
                    out.raw(value.as_bytes());
                }
            }
        }
    }
}

fn encode_with_number(name: CodeName, number: impl Into<u64>, out: &mut Writer) {
    out.keyword(name);
    out.raw(" ");
    out.number(number);
}
