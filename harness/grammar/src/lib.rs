//! The IMAP grammar, strict: bytes to values and back.
//!
//! All of RFC 3501 section 9 and, each legal only where its capability is on, the extensions of
//! [`Extension`]. No I/O and no policy: a message is legal or it is not, and if it is not, the
//! [`Error`] says which rule it broke, at which octet.
//!
//! Two features, off unless asked for: `serde` writes every value, as JSON for one, and `arbitrary`
//! makes values out of any octets, for fuzzing and for properties.
//!
//! One file holds one concept of the RFC: its values, how they are parsed and how they are written.

#[cfg(feature = "arbitrary")]
mod arbitrary;
mod base64;
mod body;
mod capability;
mod code;
mod command;
mod date;
mod encode;
mod envelope;
mod error;
mod extension;
mod fetch;
mod flag;
mod framer;
mod grammar;
mod keyword;
mod lexical;
mod mailbox_list;
mod message_attribute;
mod parse;
mod response;
mod search;
mod section;
mod sequence;
#[cfg(feature = "serde")]
mod serialize;
mod status;

#[cfg(feature = "arbitrary")]
pub use arbitrary::dictionary;
pub use body::*;
pub use capability::Capability;
pub use code::{Code, RespText, Rfc5530Code};
pub use command::*;
pub use date::{Date, DateTime, Time};
pub use encode::{EncodeOptions, Encoded, LiteralForm, StringForm};
pub use envelope::{Address, Envelope};
pub use error::{Error, Found, Production, Rejection};
pub use extension::{
    ESearch, EntryType, Extension, Extensions, ListExtendedItem, ListExtendedValue,
    ListOptionExtension, ListReturnOption, ListSelectionOption, ModSeqEntry, Namespace, Namespaces,
    OptionValue, SearchReturnData, SearchReturnOption, SpecialUse, Vanished,
};
pub use fetch::{FetchAttribute, FetchItems, FetchModifier, Partial};
pub use flag::{Flag, FlagPerm};
pub use framer::{FrameError, FrameLimits, Framer, Framing};
pub use grammar::Grammar;
pub use lexical::*;
pub use mailbox_list::{ListAttribute, MailboxList};
pub use message_attribute::{BodySection, MessageAttribute};
pub use parse::MAX_DEPTH;
pub use response::*;
pub use search::SearchKey;
pub use section::{Section, SectionText};
pub use sequence::{SeqNumber, SequenceRange, SequenceSet};
pub use status::StatusAttribute;
