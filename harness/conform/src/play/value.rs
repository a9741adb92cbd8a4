//! Values: what a hole captured, what the player gives, what an expression comes to.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    sync::Arc,
};

use imap_grammar::{DateTime, SequenceSet, is_astring_char, is_text_char};

use crate::wire::{MAX_READ, readable};

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

    /// The octets that it stands for: those of a string or an atom, the digits of a number, a list as
    /// IMAP writes it.
    pub fn octets(&self) -> Vec<u8> {
        match self {
            Self::Word(octets) | Self::String(octets) => octets.clone(),
            Self::DateTime { written, .. } => written.clone(),
            Self::Number(number) => number.to_string().into_bytes(),
            Self::SequenceSet(set) => set.to_string().into_bytes(),
            Self::Nil => b"NIL".to_vec(),
            Self::List(elements) | Self::Set(elements) => {
                let written: Vec<_> = elements.iter().map(Self::element).collect();
                [b"(", written.join(&b' ').as_slice(), b")"].concat()
            }
        }
    }

    /// How it stands in a list.
    fn element(&self) -> Vec<u8> {
        match self {
            Self::String(octets) | Self::DateTime { written: octets, .. } => {
                [b"\"", quoted(octets).as_slice(), b"\""].concat()
            }
            _ => self.octets(),
        }
    }

    fn write(&self, out: &mut impl fmt::Write) -> fmt::Result {
        match self {
            Self::Number(number) => write!(out, "{number}"),
            Self::Word(word) => out.write_str(&readable(word)),
            Self::String(octets) | Self::DateTime { written: octets, .. } => {
                write!(out, "\"{}\"", octets.escape_ascii())
            }
            Self::Nil => out.write_str("NIL"),
            Self::List(elements) | Self::Set(elements) => {
                out.write_char('(')?;
                for (index, element) in elements.iter().enumerate() {
                    out.write_str(if index == 0 { "" } else { " " })?;
                    element.write(out)?;
                }
                out.write_char(')')
            }
            Self::SequenceSet(set) => write!(out, "{set}"),
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

/// As IMAP writes it; octets that are no text escaped, so that a person can read it, and not more of
/// it than a report needs to show some.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut start = Start { out: f, left: MAX_READ };
        match self.write(&mut start) {
            Err(_) if start.left == 0 => f.write_char('…'),
            written => written,
        }
    }
}

/// Takes in so many octets of text and then fails.
struct Start<'w, W> {
    out: &'w mut W,
    left: usize,
}

impl<W: fmt::Write> fmt::Write for Start<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() <= self.left {
            self.left -= text.len();
            return self.out.write_str(text);
        }
        let end = (0..=self.left).rev().find(|&end| text.is_char_boundary(end));
        self.left = 0;
        self.out.write_str(&text[..end.unwrap_or_default()])?;
        Err(fmt::Error)
    }
}

/// Names and their values. A clone costs little: values are shared.
#[derive(Clone, Default)]
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

/// The names only: among the values is a password.
impl fmt::Debug for Bindings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_control_characters_is_escaped() {
        let word = Value::Word(b"\r\n\x1b[2J\n::error".to_vec());
        assert_eq!(word.to_string(), r"\r\n\x1b[2J\n::error");
        assert_eq!(Value::Word("\\Übung".into()).to_string(), "\\Übung");
    }

    #[test]
    fn a_long_value_is_cut() {
        let long = Value::List(vec![Value::String(vec![0xff; MAX_READ]), Value::Nil]);
        let shown = long.to_string();
        assert!(shown.starts_with(r#"("\xff\xff"#) && shown.ends_with('…'), "{shown}");
        assert!(shown.len() <= MAX_READ + '…'.len_utf8(), "{}", shown.len());
        let length = MAX_READ + br#"("" NIL)"#.len();
        assert_eq!(long.octets().len(), length, "what is compared and sent is not cut");
    }

    #[test]
    fn the_values_of_bindings_are_not_printed() {
        let mut bindings = Bindings::default();
        bindings.bind("password", Value::String(b"s3cret".to_vec()));
        assert_eq!(format!("{bindings:?}"), r#"{"password"}"#);
    }
}
