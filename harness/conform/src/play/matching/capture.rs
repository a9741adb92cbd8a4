//! Holes: what fills them, and how a captured value stands in a pattern.

use std::fmt::Display;

use imap_grammar::{SequenceSet, is_atom_char};

use super::{Form, Node, NodeKind, form::number};
use crate::{
    play::value::Value,
    scenario::{HoleKind, Span, Spanned, Token},
};

/// The value that fills a hole of that kind, or nothing where the node is none such.
pub(super) fn capture(kind: HoleKind, form: Form, node: &Node<'_>) -> Option<Value> {
    let word = node.word();
    let string = match &node.kind {
        NodeKind::String(octets) => Some(octets.to_vec()),
        _ => None,
    };
    match kind {
        HoleKind::Any => any(form, node),
        HoleKind::Number => word.and_then(number).map(Value::Number),
        HoleKind::NzNumber => word.and_then(number).filter(|&n| n > 0).map(Value::Number),
        HoleKind::Atom | HoleKind::Flag => {
            word.filter(|word| is_flag(word)).map(|word| Value::Word(word.to_vec()))
        }
        HoleKind::String | HoleKind::NString if form.is_astring() && word.is_some() => {
            word.map(|word| Value::Word(word.to_vec()))
        }
        HoleKind::NString if node.is_nil() => Some(Value::Nil),
        HoleKind::String | HoleKind::NString => string.map(Value::String),
        HoleKind::Mailbox => {
            let word = word.map(|word| Value::Word(word.to_vec()));
            word.or_else(|| string.map(Value::String))
        }
        HoleKind::List => node.list().and_then(|_| any(form, node)),
        HoleKind::DateTime => match Value::date_time(string?) {
            value @ Value::DateTime { .. } => Some(value),
            _ => None,
        },
        HoleKind::SequenceSet => SequenceSet::parse(word?).map(Value::SequenceSet),
        HoleKind::Text => match node.kind {
            NodeKind::Text(text) => Some(Value::String(text.to_vec())),
            _ => None,
        },
    }
}

fn any(form: Form, node: &Node<'_>) -> Option<Value> {
    Some(match &node.kind {
        NodeKind::Word(_) if form.has_nil() && node.is_nil() => Value::Nil,
        NodeKind::Word(word) => match number(word) {
            Some(value) if !form.is_astring() && !word.is_empty() => Value::Number(value),
            _ => Value::Word(word.to_vec()),
        },
        NodeKind::String(octets) if form == Form::DateTime => Value::date_time(octets.to_vec()),
        NodeKind::String(octets) => Value::String(octets.to_vec()),
        NodeKind::List(elements) => {
            let inner = match form {
                Form::Set(element) | Form::ListOf(element) => *element,
                Form::FetchFlags => Form::Flag,
                _ => Form::Any,
            };
            let values: Option<Vec<_>> = elements.iter().map(|node| any(inner, node)).collect();
            match form {
                Form::Set(_) | Form::FetchFlags => Value::Set(values?),
                _ => Value::List(values?),
            }
        }
        NodeKind::Brackets(_) | NodeKind::Origin(_) | NodeKind::Text(_) => return None,
    })
}

/// An atom, perhaps with `\` before it; `\*`.
fn is_flag(word: &[u8]) -> bool {
    let name = word.strip_prefix(b"\\").unwrap_or(word);
    !name.is_empty() && name.iter().all(|&octet| is_atom_char(octet)) || word == b"\\*"
}

/// What a hole of that kind wants, as a fragment.
pub(super) fn described(kind: HoleKind) -> &'static str {
    match kind {
        HoleKind::Any => "a value",
        HoleKind::Number => "a number",
        HoleKind::NzNumber => "a number that is not zero",
        HoleKind::Atom => "an atom",
        HoleKind::String => "a string",
        HoleKind::NString => "a string or NIL",
        HoleKind::Flag => "a flag",
        HoleKind::List => "a list in parentheses",
        HoleKind::DateTime => "a date-time",
        HoleKind::SequenceSet => "a sequence set",
        HoleKind::Text => "text",
        HoleKind::Mailbox => "the name of a mailbox",
    }
}

/// A value as a token of a pattern.
pub(super) fn token(value: &Value, span: &Span) -> Token {
    let word = |value: &dyn Display| Token::Word(value.to_string());
    let element = |value: &Value| Spanned { value: token(value, span), span: span.clone() };
    match value {
        Value::Number(number) => word(number),
        // What is not ASCII was no atom; it is compared as octets all the same.
        Value::Word(octets) => match String::from_utf8(octets.clone()) {
            Ok(text) => Token::Word(text),
            Err(_) => Token::String(octets.clone()),
        },
        Value::String(octets) | Value::DateTime { written: octets, .. } => {
            Token::String(octets.clone())
        }
        Value::Nil => Token::Word("NIL".to_owned()),
        Value::List(elements) => Token::List(elements.iter().map(element).collect()),
        Value::Set(elements) => {
            let flag = |value: &Value| match value {
                // Which session has `\Recent` is the server's choice, from one time to the next.
                Value::Word(flag) if flag.eq_ignore_ascii_case(b"\\Recent") => {
                    Spanned { value: Token::Optional(Box::new(element(value))), span: span.clone() }
                }
                _ => element(value),
            };
            Token::List(elements.iter().map(flag).collect())
        }
        Value::SequenceSet(set) => word(set),
    }
}
