//! Values as serde writes them.
//!
//! What is a single token in IMAP is text as IMAP writes it: flags, sets of numbers, dates, names.
//! Octets are text where they are UTF-8, and `{"base64": "…"}` where they are not. All else has
//! the shape of its Rust type.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::base64::encode_base64;
use crate::encode::{Encode, Writer};
use crate::{
    Atom, Capability, Date, DateTime, EncodeOptions, Flag, FlagPerm, ImapString, ListAttribute,
    Mailbox, SeqNumber, SequenceRange, SequenceSet, SpecialUse, Tag, Text,
};

macro_rules! as_written {
    ($($name:ty)*) => { $(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                octets(&written(self), serializer)
            }
        }
    )* };
}

as_written! {
    Atom<'_> Tag<'_> Text<'_> Flag<'_> FlagPerm<'_> ListAttribute<'_> SpecialUse<'_> SequenceSet
    SeqNumber Date
}

impl Serialize for SequenceRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SequenceSet::from(*self).serialize(serializer)
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let quoted = written(self);
        octets(&quoted[1..quoted.len() - 1], serializer)
    }
}

impl Serialize for Capability<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Serialize for ImapString<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        octets(self.as_bytes(), serializer)
    }
}

impl Serialize for Mailbox<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        octets(self.as_bytes(), serializer)
    }
}

/// Text where it is UTF-8, else `{"base64": "…"}`.
pub(crate) fn octets<S: Serializer>(octets: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(octets) {
        Ok(text) => serializer.serialize_str(text),
        Err(_) => {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry("base64", &encode_base64(octets))?;
            map.end()
        }
    }
}

/// [`octets`] that may be absent.
pub(crate) fn optional_octets<S: Serializer>(
    value: &Option<impl AsRef<[u8]>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => octets(value.as_ref(), serializer),
        None => serializer.serialize_none(),
    }
}

/// A hierarchy delimiter, as text of one character.
pub(crate) fn delimiter<S: Serializer>(
    delimiter: &Option<u8>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    delimiter.map(char::from).serialize(serializer)
}

fn written(value: &impl Encode) -> Vec<u8> {
    Writer::message(value, EncodeOptions::default()).bytes
}
