//! `imap-conform parse`: is this message legal?

use std::{
    fs,
    io::{self, Read},
    path::PathBuf,
    process::ExitCode,
};

use imap_grammar::{Command, Error, Extensions, Grammar, Greeting, Rejection, Response};
use serde::Serialize;
use serde_json::json;

use super::{Trouble, say};
use crate::report::Escaped;

/// The arguments of `parse`.
#[derive(Debug, clap::Args)]
pub(super) struct ParseArguments {
    /// Who says it, and when.
    kind: Kind,
    /// The file that holds the message; standard input where it is `-` or absent.
    file: Option<PathBuf>,
    /// Capabilities under which more is legal, or `all`.
    #[arg(long, value_name = "CAPABILITY", value_delimiter = ',')]
    with: Vec<String>,
    /// Prints JSON, the value of a legal message included.
    #[arg(long)]
    json: bool,
    /// The file holds many messages, one a line; the result is one line for each.
    #[arg(long)]
    lines: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// What a client says.
    Command,
    /// What a server says.
    Response,
    /// What a server says first.
    Greeting,
}

/// A message that is legal.
#[derive(Serialize)]
#[serde(untagged)]
enum Message<'a> {
    Command(Command<'a>),
    Response(Response<'a>),
    Greeting(Greeting<'a>),
}

/// What all the messages together are, from good to bad; also this command's exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Legality {
    Legal,
    Incomplete,
    Illegal,
}

impl From<Legality> for ExitCode {
    fn from(legality: Legality) -> Self {
        Self::from(match legality {
            Legality::Legal => 0,
            Legality::Illegal => 1,
            Legality::Incomplete => 2,
        })
    }
}

/// Reads the message or messages and says what they are.
pub(super) fn parse(arguments: &ParseArguments) -> Result<Legality, Trouble> {
    let grammar = Grammar::with(extensions(&arguments.with)?);
    let octets = read(arguments.file.as_deref())?;
    let messages: Vec<&[u8]> = if arguments.lines {
        octets.split_inclusive(|&octet| octet == b'\n').collect()
    } else {
        vec![&octets]
    };
    let mut worst = Legality::Legal;
    for message in messages {
        let message = with_crlf(message, arguments.lines);
        let parsed = parsed(grammar, arguments.kind, &message);
        let text = match (arguments.json, arguments.lines) {
            (true, lines) => as_json(&parsed, lines),
            (false, true) => on_one_line(&parsed),
            (false, false) => for_a_person(&parsed, &message),
        };
        say(&text);
        worst = worst.max(match parsed {
            Ok(_) => Legality::Legal,
            Err(Error::Incomplete) => Legality::Incomplete,
            Err(Error::Invalid(_)) => Legality::Illegal,
        });
    }
    Ok(worst)
}

fn extensions(names: &[String]) -> Result<Extensions, Trouble> {
    let mut extensions = Extensions::NONE;
    for name in names {
        if name.eq_ignore_ascii_case("all") {
            return Ok(Extensions::all());
        }
        let one = Extensions::from_capabilities([name.as_str()]);
        if one == Extensions::NONE {
            let known: Vec<String> = Extensions::all().iter().map(|one| one.to_string()).collect();
            let known = known.join(", ");
            return Err(Trouble::usage(format!(
                "the capability `{name}` is not known; known are {known}"
            )));
        }
        extensions = one.iter().fold(extensions, Extensions::with);
    }
    Ok(extensions)
}

fn read(file: Option<&std::path::Path>) -> Result<Vec<u8>, Trouble> {
    match file.filter(|file| file.as_os_str() != "-") {
        Some(file) => fs::read(file)
            .map_err(|error| Trouble::usage(format!("cannot read {}: {error}", file.display()))),
        None => {
            let mut octets = Vec::new();
            io::stdin()
                .read_to_end(&mut octets)
                .map_err(|error| Trouble::usage(format!("cannot read standard input: {error}")))?;
            Ok(octets)
        }
    }
}

/// In a file of lines, LF ends a line; the messages themselves end in CRLF.
fn with_crlf(message: &[u8], lines: bool) -> Vec<u8> {
    match message.strip_suffix(b"\n") {
        Some(line) if lines && !line.ends_with(b"\r") => [line, b"\r\n"].concat(),
        None if lines => [message, b"\r\n"].concat(),
        _ => message.to_vec(),
    }
}

fn parsed(grammar: Grammar, kind: Kind, message: &[u8]) -> Result<Message<'_>, Error> {
    match kind {
        Kind::Command => grammar.command(message).map(Message::Command),
        Kind::Response => grammar.response(message).map(Message::Response),
        Kind::Greeting => grammar.greeting(message).map(Message::Greeting),
    }
}

fn for_a_person(parsed: &Result<Message<'_>, Error>, message: &[u8]) -> String {
    match parsed {
        Ok(Message::Command(command)) => format!("{command:#?}"),
        Ok(Message::Response(response)) => format!("{response:#?}"),
        Ok(Message::Greeting(greeting)) => format!("{greeting:#?}"),
        Err(Error::Invalid(rejection)) => {
            format!("illegal: {rejection}\n\n{}", caret(message, rejection))
        }
        Err(Error::Incomplete) => "incomplete: legal so far, but the message goes on".to_owned(),
    }
}

/// The line of the message where it went wrong, with a caret below the octet.
fn caret(message: &[u8], rejection: &Rejection) -> String {
    let before = &message[..rejection.offset];
    let start = before.iter().rposition(|&octet| octet == b'\n').map_or(0, |newline| newline + 1);
    let length = message[start..].iter().position(|&octet| octet == b'\n');
    let line = &message[start..length.map_or(message.len(), |length| start + length + 1)];
    // Long lines are shown from a little before the place.
    let from = (rejection.offset - start).saturating_sub(100);
    let shown = Escaped::new(&line[from..]);
    let column = shown.column(rejection.offset - start - from);
    format!("    {}\n    {:column$}^ expected {}", shown.text, "", rejection.expected)
}

fn on_one_line(parsed: &Result<Message<'_>, Error>) -> String {
    match parsed {
        Ok(_) => "legal".to_owned(),
        Err(Error::Invalid(rejection)) => format!("illegal: {rejection}"),
        Err(Error::Incomplete) => "incomplete".to_owned(),
    }
}

fn as_json(parsed: &Result<Message<'_>, Error>, on_one_line: bool) -> String {
    let value = match parsed {
        Ok(value) => json!({ "legal": true, "value": value }),
        Err(Error::Incomplete) => json!({ "legal": false, "incomplete": true }),
        Err(Error::Invalid(rejection)) => json!({
            "legal": false,
            "production": rejection.production.name,
            "rfc": rejection.production.rfc,
            "section": rejection.production.section,
            "offset": rejection.offset,
            "expected": rejection.expected,
            "found": rejection.found.to_string(),
        }),
    };
    if on_one_line { value.to_string() } else { format!("{value:#}") }
}
