//! Values: what a hole captured, what the player gives, what an expression comes to.

use std::{collections::BTreeMap, fmt, sync::Arc};

use imap_grammar::{DateTime, SequenceSet, is_astring_char, is_text_char};

/// A value.
#[derive(Debug, Clone)]
pub enum Value {
    /// A number.
    Number(u64),
    /// An atom or a flag, as written.
    Word(Vec<u8>),
    /// A string, by its octets.
    String(Vec<u8>),
    /// NIL where it says that there is no string and no list.
    Nil,
    /// A list whose order matters.
    List(Vec<Value>),
    /// A list whose order does not matter: flags, attributes.
    Set(Vec<Value>),
    /// A date and time.
    DateTime {
        /// As written, without quotes.
        written: Vec<u8>,
        /// What it says.
        value: DateTime,
    },
    /// Numbers of messages, or unique identifiers.
    SequenceSet(SequenceSet),
}

impl Value {
    /// An astring of these octets: an atom where that can say them, else a string.
    pub fn astring(octets: impl Into<Vec<u8>>) -> Self {
        let octets = octets.into();
        let atom = !octets.is_empty()
            && octets.iter().all(|&octet| is_astring_char(octet))
            && !octets.eq_ignore_ascii_case(b"NIL");
        if atom { Self::Word(octets) } else { Self::String(octets) }
    }

    /// A date and time as written, without quotes; a string where it is none.
    pub fn date_time(written: impl Into<Vec<u8>>) -> Self {
        let written = written.into();
        match DateTime::parse(&[b"\"", written.as_slice(), b"\""].concat()) {
            Ok(value) => Self::DateTime { written, value },
            Err(_) => Self::String(written),
        }
    }

    /// The octets that it stands for: those of a string or an atom, the digits of a number.
    pub fn octets(&self) -> Vec<u8> {
        match self {
            Self::Word(octets) | Self::String(octets) => octets.clone(),
            Self::DateTime { written, .. } => written.clone(),
            Self::Number(_) | Self::Nil | Self::List(_) | Self::Set(_) | Self::SequenceSet(_) => {
                self.to_string().into_bytes()
            }
        }
    }
}

/// Whether the octets can stand in a quoted string.
pub(super) fn is_quotable(octets: &[u8]) -> bool {
    octets.iter().all(|&octet| is_text_char(octet))
}

/// Octets as the inside of a quoted string.
pub(super) fn quoted(octets: &[u8]) -> Vec<u8> {
    let mut inside = Vec::with_capacity(octets.len());
    for &octet in octets {
        if matches!(octet, b'"' | b'\\') {
            inside.push(b'\\');
        }
        inside.push(octet);
    }
    inside
}

/// As IMAP writes it; octets that are no text escaped, so that a person can read it.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Word(word) => f.write_str(&String::from_utf8_lossy(word)),
            Self::String(octets) | Self::DateTime { written: octets, .. } => {
                write!(f, "\"{}\"", octets.escape_ascii())
            }
            Self::Nil => f.write_str("NIL"),
            Self::List(elements) | Self::Set(elements) => {
                f.write_str("(")?;
                for (index, element) in elements.iter().enumerate() {
                    let space = if index == 0 { "" } else { " " };
                    write!(f, "{space}{element}")?;
                }
                f.write_str(")")
            }
            Self::SequenceSet(set) => set.fmt(f),
        }
    }
}

/// Names and their values. A clone costs little: values are shared.
#[derive(Debug, Clone, Default)]
pub struct Bindings(Arc<BTreeMap<String, Arc<Value>>>);

impl Bindings {
    /// The value of that name.
    pub fn get(&self, name: &str) -> Option<&Arc<Value>> {
        self.0.get(name)
    }

    /// Gives the name a value.
    pub fn bind(&mut self, name: impl Into<String>, value: Value) {
        Arc::make_mut(&mut self.0).insert(name.into(), Arc::new(value));
    }
}
