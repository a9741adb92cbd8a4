//! What is sent, put together: pieces to octets, with the places where the client pauses.

use std::ops::Range;

use super::{
    Bindings, Value,
    check::{NoValue, evaluate},
    value::{is_quotable, quoted},
};
use crate::scenario::{Expression, Form, Piece};

/// Octets to send.
#[derive(Clone, Default)]
pub(super) struct Outgoing {
    pub(super) octets: Vec<u8>,
    /// Which of them nobody may see.
    pub(super) secret: Vec<Range<usize>>,
    /// Before which octets the client waits for a continuation request (RFC 3501 §7.5).
    pub(super) pauses: Vec<usize>,
}

impl Outgoing {
    /// The octets of the pieces.
    pub(super) fn new(pieces: &[Piece], bindings: &Bindings) -> Result<Self, NoValue> {
        let mut outgoing = Self::default();
        for piece in pieces {
            outgoing.piece(piece, bindings)?;
        }
        Ok(outgoing)
    }

    /// The tag, where it is a command.
    pub(super) fn tag(&self) -> Option<&[u8]> {
        let line = self.octets.split(|&octet| octet == b'\r').next()?;
        let space = line.iter().position(|&octet| octet == b' ')?;
        Some(&line[..space]).filter(|tag| !tag.is_empty())
    }

    fn piece(&mut self, piece: &Piece, bindings: &Bindings) -> Result<(), NoValue> {
        match piece {
            Piece::Octets(octets) => self.octets.extend_from_slice(octets),
            Piece::Value(expression, form) => {
                let start = self.octets.len();
                let value = evaluate(expression, bindings)?;
                match form {
                    Form::Token => self.token(&value),
                    Form::Quoted => self.octets.extend(quoted(&value.octets())),
                    Form::Octets => self.octets.extend(value.octets()),
                }
                if is_secret(expression) {
                    self.secret.push(start..self.octets.len());
                }
            }
            Piece::Literal { content, synchronising } => {
                let inside = Self::new(content, bindings)?;
                self.literal(inside, *synchronising);
            }
        }
        Ok(())
    }

    fn literal(&mut self, inside: Self, synchronising: bool) {
        let plus = if synchronising { "" } else { "+" };
        self.octets.extend(format!("{{{}{plus}}}\r\n", inside.octets.len()).into_bytes());
        let start = self.octets.len();
        if synchronising {
            self.pauses.push(start);
        }
        self.secret
            .extend(inside.secret.iter().map(|range| range.start + start..range.end + start));
        self.octets.extend(inside.octets);
    }

    fn token(&mut self, value: &Value) {
        match value {
            Value::String(octets) | Value::DateTime { written: octets, .. }
                if !is_quotable(octets) =>
            {
                self.literal(Self { octets: octets.clone(), ..Self::default() }, true);
            }
            Value::String(octets) | Value::DateTime { written: octets, .. } => {
                self.octets.push(b'"');
                self.octets.extend(quoted(octets));
                self.octets.push(b'"');
            }
            Value::List(elements) | Value::Set(elements) => {
                self.octets.push(b'(');
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        self.octets.push(b' ');
                    }
                    self.token(element);
                }
                self.octets.push(b')');
            }
            Value::Number(_) | Value::Word(_) | Value::Nil | Value::SequenceSet(_) => {
                self.octets.extend(value.octets());
            }
        }
    }
}

fn is_secret(expression: &Expression) -> bool {
    match expression {
        Expression::Name(name) => name == "password",
        Expression::List(parts) | Expression::Joined(parts) => parts.iter().any(is_secret),
        Expression::Offset(inner, _)
        | Expression::Base64(inner)
        | Expression::Length(inner)
        | Expression::Lines(inner) => is_secret(inner),
        Expression::Number(_) | Expression::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bindings() -> Bindings {
        let mut bindings = Bindings::default();
        bindings.bind("mailbox", Value::astring(*b"a/b"));
        bindings.bind("odd", Value::astring(*b"a \"b\""));
        bindings.bind("eight-bit", Value::astring("\u{e4}".as_bytes()));
        bindings.bind("password", Value::astring(*b"s3cret"));
        let flags = ["\\Seen", "x"].map(|flag| Value::Word(flag.into()));
        bindings.bind("flags", Value::Set(flags.to_vec()));
        bindings.bind("date", Value::date_time(*b"17-Jul-1996 02:44:25 -0700"));
        bindings.bind("uid", Value::Number(7));
        bindings
    }

    fn value(name: &str, form: Form) -> Piece {
        Piece::Value(Expression::Name(name.to_owned()), form)
    }

    #[test]
    fn values_are_written_as_they_must_be() {
        for (name, form, written) in [
            ("mailbox", Form::Token, &b"a/b"[..]),
            ("odd", Form::Token, b"\"a \\\"b\\\"\""),
            ("odd", Form::Quoted, b"a \\\"b\\\""),
            ("odd", Form::Octets, b"a \"b\""),
            ("eight-bit", Form::Token, b"{2}\r\n\xc3\xa4"),
            ("flags", Form::Token, b"(\\Seen x)"),
            ("date", Form::Token, b"\"17-Jul-1996 02:44:25 -0700\""),
            ("uid", Form::Token, b"7"),
        ] {
            let outgoing = Outgoing::new(&[value(name, form)], &bindings()).unwrap();
            assert_eq!(
                outgoing.octets.escape_ascii().to_string(),
                written.escape_ascii().to_string()
            );
        }
    }

    #[test]
    fn literals_are_counted_and_waited_for() {
        let literal = |synchronising| Piece::Literal {
            content: vec![Piece::Octets(b"x".to_vec()), value("password", Form::Octets)],
            synchronising,
        };
        let pieces = [
            Piece::Octets(b"a LOGIN u ".to_vec()),
            literal(true),
            Piece::Octets(b" ".to_vec()),
            literal(false),
        ];
        let outgoing = Outgoing::new(&pieces, &bindings()).unwrap();
        assert_eq!(outgoing.octets, b"a LOGIN u {7}\r\nxs3cret {7+}\r\nxs3cret");
        assert_eq!(outgoing.pauses, [15]);
        for secret in &outgoing.secret {
            assert_eq!(&outgoing.octets[secret.clone()], b"s3cret");
        }
        assert_eq!(outgoing.secret.len(), 2);
        assert_eq!(outgoing.tag(), Some(&b"a"[..]));
    }

    #[test]
    fn a_secret_in_base64_is_one() {
        let base64 = |parts: Vec<Expression>| {
            Piece::Value(Expression::Base64(Box::new(Expression::Joined(parts))), Form::Token)
        };
        let name = |name: &str| Expression::Name(name.to_owned());
        let nul = || Expression::String(vec![0]);
        let pieces = [
            base64(vec![name("mailbox")]),
            Piece::Octets(b" ".to_vec()),
            base64(vec![nul(), name("mailbox"), nul(), name("password")]),
        ];
        let outgoing = Outgoing::new(&pieces, &bindings()).unwrap();
        assert_eq!(outgoing.octets, b"YS9i AGEvYgBzM2NyZXQ=");
        let secret: Vec<_> =
            outgoing.secret.iter().map(|range| &outgoing.octets[range.clone()]).collect();
        assert_eq!(secret, [b"AGEvYgBzM2NyZXQ="]);
    }

    #[test]
    fn what_is_no_command_has_no_tag() {
        let done = Outgoing { octets: b"DONE\r\n".to_vec(), ..Outgoing::default() };
        assert_eq!(done.tag(), None);
    }
}
