//! Known answers: responses that the RFCs allow, with their values or how they are written, and
//! responses that they forbid, with the production that forbids them and the octet at which it
//! does.
//!
//! Each message stands without its final CRLF.

mod body;
mod extension;
mod fetch;
mod greeting;
mod mailbox;
mod status;

use std::num::NonZeroU32;

use imap_grammar::{
    Atom, Error, Extensions, Found, Grammar, ImapString, Mailbox, Response, SequenceRange,
    StringForm, Untagged,
};

/// A row of a table: where the RFC says so, the capabilities that are on, the message, the answer.
type Row<E> = (&'static str, &'static str, &'static str, E);

/// The answer to a message that is legal.
enum Legal {
    /// It is this untagged response.
    Untagged(Untagged<'static>),
    /// It is this response.
    Response(Response<'static>),
    /// It is written again as it is.
    Same,
}

/// The production that forbids a message, and where.
type Illegal = (&'static str, usize);

fn grammar(under: &str) -> Grammar {
    let names: Vec<_> = under.split_ascii_whitespace().collect();
    let extensions = Extensions::from_capabilities(names.iter().copied());
    assert!(extensions.iter().count() >= names.len(), "an unknown capability in {under:?}");
    Grammar::with(extensions)
}

/// Checks every row and shows all that are wrong.
fn check<E>(rows: Vec<Row<E>>, wrong: impl Fn(Grammar, &[u8], &E) -> Option<String>) {
    let wrong: Vec<_> = rows
        .iter()
        .filter_map(|(source, under, message, expected)| {
            let octets = format!("{message}\r\n").into_bytes();
            let wrong = wrong(grammar(under), &octets, expected)?;
            Some(format!("{source} {message:?}: {wrong}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn check_legal(rows: Vec<Row<Legal>>) {
    check(rows, |grammar, message, expected| {
        let response = match grammar.response(message) {
            Ok(response) => response,
            Err(error) => return Some(error.to_string()),
        };
        let written = response.to_bytes();
        let as_expected = match expected {
            Legal::Untagged(data) => response == Response::Untagged(data.clone()),
            Legal::Response(expected) => response == *expected,
            Legal::Same => written == message,
        };
        if !as_expected {
            return Some(format!("{response:?}, written {}", written.escape_ascii()));
        }
        if response.clone().into_owned() != response {
            return Some("another value once it is owned".to_owned());
        }
        for strings in [StringForm::Shortest, StringForm::Quoted, StringForm::Literal] {
            let written = response.encode(strings);
            if grammar.response(&written).as_ref() != Ok(&response) {
                return Some(format!("another value once written {}", written.escape_ascii()));
            }
        }
        let end = first(message, |start| grammar.response(start) != Err(Error::Incomplete))?;
        (end < message.len()).then(|| format!("not incomplete after {end} octets"))
    });
}

fn check_illegal(rows: Vec<Row<Illegal>>) {
    check(rows, |grammar, message, expected| {
        wrongly_refused(message, expected, |message| grammar.response(message).map(drop))
    });
}

/// What is wrong where the message must be refused, and stay so whatever comes behind it.
fn wrongly_refused(
    message: &[u8],
    &(production, offset): &Illegal,
    parse: impl Fn(&[u8]) -> Result<(), Error>,
) -> Option<String> {
    let Err(Error::Invalid(rejection)) = parse(message) else {
        return Some(format!("{:?}", parse(message)));
    };
    let found = message.get(rejection.offset).map_or(Found::End, |&octet| Found::Octet(octet));
    let expected = (production, offset, found);
    if (rejection.production.name, rejection.offset, rejection.found) != expected {
        return Some(format!("{rejection}, not at byte {offset} in {production}"));
    }
    let continued = [message, b"* OK more\r\n"].concat();
    if parse(&continued) != Err(Error::Invalid(rejection)) {
        return Some("another answer once more octets have come".to_owned());
    }
    let is_invalid = |start: &[u8]| matches!(parse(start), Err(Error::Invalid(_)));
    let from = first(message, is_invalid)?;
    let end = (from..=message.len()).find(|&end| !is_invalid(&message[..end]))?;
    Some(format!("invalid after {from} octets but not after {end}"))
}

/// How long the shortest start of the message is for which that holds.
fn first(message: &[u8], holds: impl Fn(&[u8]) -> bool) -> Option<usize> {
    (0..=message.len()).find(|&end| holds(&message[..end]))
}

fn s(octets: &str) -> ImapString<'_> {
    ImapString::new(octets.as_bytes()).unwrap()
}

fn atom(characters: &str) -> Atom<'_> {
    Atom::new(characters).unwrap()
}

fn m(name: &str) -> Mailbox<'_> {
    Mailbox::new(name.as_bytes()).unwrap()
}

fn nz(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn one(number: u32) -> SequenceRange {
    SequenceRange::Single(nz(number).into())
}

fn range(start: u32, end: u32) -> SequenceRange {
    SequenceRange::Range(nz(start).into(), nz(end).into())
}
