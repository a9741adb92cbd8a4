//! Strictness: a legal message with one edit that breaks the ABNF is refused, at or behind the edit.
//!
//! A keyword is refused as a whole, so it is the beginning of the edited word that counts.

mod fixed;

use arbitrary::{Arbitrary, Result, Unstructured};
use imap_grammar::{Command, CommandBody, EncodeOptions, Error, Response, StringForm, Untagged};

use crate::message::grammar;
use fixed::Fixed;

/// Any command and any response, broken in one place.
pub fn strictness(octets: &[u8]) {
    let mut octets = Unstructured::new(octets);
    let _ = broken_command(&mut octets);
    let _ = broken_response(&mut octets);
}

fn broken_command(u: &mut Unstructured<'_>) -> Result<()> {
    let command = Command::arbitrary(u)?;
    let message = command.encode(EncodeOptions::arbitrary(u)?).bytes;
    let free_from = match &command.body {
        // What follows the name of an experiment is nobody's business.
        CommandBody::Experimental { .. } => behind_word(&message, 2),
        _ => message.len(),
    };
    let edits = [edited(u, &message, free_from), Fixed::of_command(&command).edited(u, &message)];
    for edit in edits.into_iter().flatten() {
        refused(&message, edit, |octets| grammar().command(octets).map(drop));
    }
    Ok(())
}

fn broken_response(u: &mut Unstructured<'_>) -> Result<()> {
    let response = Response::arbitrary(u)?;
    let message = response.encode(StringForm::arbitrary(u)?);
    let free_from = match &response {
        Response::Continue(_) => behind_word(&message, 1),
        Response::Tagged(_) | Response::Untagged(Untagged::Status { .. } | Untagged::Bye(_)) => {
            behind_word(&message, 2)
        }
        Response::Untagged(_) => message.len(),
    };
    let edits = [edited(u, &message, free_from), Fixed::of_response(&response).edited(u, &message)];
    for edit in edits.into_iter().flatten() {
        refused(&message, edit, |octets| grammar().response(octets).map(drop));
    }
    Ok(())
}

/// What breaks a message.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Edit {
    at: usize,
    /// How many octets go.
    removed: usize,
    /// What comes instead.
    added: &'static [u8],
}

fn refused(
    message: &[u8],
    Edit { at, removed, added }: Edit,
    parse: impl Fn(&[u8]) -> std::result::Result<(), Error>,
) {
    let broken = [&message[..at], added, &message[at + removed..]].concat();
    match parse(&broken) {
        Err(Error::Invalid(rejection)) if rejection.offset >= word(message, at) => {}
        other => panic!(
            "{other:?}, edited at {at}: {} out of {}",
            broken.escape_ascii(),
            message.escape_ascii()
        ),
    }
}

/// Where the word begins in which the octet stands.
fn word(message: &[u8], at: usize) -> usize {
    let delimiter =
        |octet: &u8| !octet.is_ascii_alphanumeric() && !matches!(octet, b'.' | b'-' | b'/' | b'\\');
    message[..at].iter().rposition(delimiter).map_or(0, |before| before + 1)
}

/// How many octets so many words take, and the SP between them.
fn behind_word(message: &[u8], words: usize) -> usize {
    let spaces = message.iter().enumerate().filter(|(_, octet)| **octet == b' ');
    spaces.map(|(at, _)| at).nth(words - 1).unwrap_or(message.len())
}

/// What an octet of a message belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Atoms, numbers, spaces, parentheses; the announcement of a literal.
    Syntax,
    /// A quoted string, its quotes included.
    Quoted,
    Literal,
    /// Text for a person, and what may be anything.
    Free,
    /// The final CRLF.
    End,
}

/// An edit that breaks the ABNF of any message.
fn edited(u: &mut Unstructured<'_>, message: &[u8], free_from: usize) -> Result<Edit> {
    let places = places(message, free_from);
    let syntax = |at: &usize| places[*at] == Place::Syntax;
    let bracket = |octet: u8| matches!(octet, b'(' | b')' | b'"' | b'{');
    // CRLF is one: what is wrong within it is wrong where it begins.
    let all = || (0..message.len()).filter(|&at| message[at] != b'\n');
    let spaces = || all().filter(syntax).filter(|&at| message[at] == b' ');
    // What replaces how many octets; the candidates are where it may be done.
    let (candidates, removed, added): (Vec<usize>, usize, &'static [u8]) =
        match u.int_in_range(0..=8)? {
            // NUL is legal nowhere (RFC 3501 §9: CHAR8, CHAR).
            0 => (all().collect(), 0, b"\0"),
            // Only a literal holds octets above 127.
            1 => {
                let may = |&at: &usize| !matches!(places[at], Place::Literal | Place::Free);
                (all().filter(may).collect(), 0, b"\x80")
            }
            // No two SP stand together outside strings and text.
            2 => (spaces().collect(), 0, b" "),
            // SP beside a parenthesis or a string separates what does not separate itself.
            3 => {
                let beside = |&at: &usize| bracket(message[at - 1]) || bracket(message[at + 1]);
                (spaces().filter(beside).collect(), 1, b"")
            }
            // Every message begins with a tag, `*` or `+`.
            4 => (vec![0], behind_word(message, 1), b""),
            // Parentheses are balanced outside strings and text.
            5 => {
                let parenthesis = |&at: &usize| matches!(message[at], b'(' | b')');
                (all().filter(syntax).filter(parenthesis).collect(), 1, b"")
            }
            // Lines end with CRLF.
            6 => (vec![message.len() - 2], 2, b"\n"),
            7 => (vec![message.len() - 2], 2, b"\rx"),
            // CTL is no ATOM-CHAR, nor anything else outside strings and text.
            _ => (all().filter(syntax).collect(), 0, b"\x7f"),
        };
    Ok(Edit { at: *u.choose(&candidates)?, removed, added })
}

/// What each octet belongs to.
fn places(message: &[u8], free_from: usize) -> Vec<Place> {
    let mut places = Vec::with_capacity(message.len());
    let end = message.len() - 2;
    while places.len() < end {
        let at = places.len();
        if at >= free_from {
            places.resize(end, Place::Free);
            break;
        }
        match message[at] {
            b'"' => {
                let mut length = 1;
                while message[at + length] != b'"' {
                    length += if message[at + length] == b'\\' { 2 } else { 1 };
                }
                places.resize(at + length + 1, Place::Quoted);
            }
            b'\n' => {
                places.push(Place::Syntax);
                places.resize(at + 1 + announced(&message[..at]), Place::Literal);
            }
            _ => places.push(Place::Syntax),
        }
    }
    places.resize(message.len(), Place::End);
    places
}

/// The length of the literal that is announced at the end, `{n}` or `{n+}` and CR.
fn announced(line: &[u8]) -> usize {
    let digits = line.iter().rev().skip_while(|octet| !octet.is_ascii_digit());
    let digits: Vec<u8> = digits.take_while(|octet| octet.is_ascii_digit()).copied().collect();
    digits.iter().rev().fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}
