//! Known answers: commands that the RFCs allow, with their values, and commands that they forbid,
//! with the production that forbids them and the octet at which it does.
//!
//! Each message stands without its final CRLF.

mod invalid;
mod valid;

use std::borrow::Cow;

use imap_grammar::{
    AuthenticateData, Command, CommandBody, Error, Extension, Extensions, Found, Grammar,
};

/// The command `a` with this body, or what is wrong with the message.
fn parse<'a>(under: &str, message: &'a [u8]) -> Result<Command<'a>, Error> {
    Grammar::with(extensions(under)).command(message)
}

fn extensions(under: &str) -> Extensions {
    let names: Vec<_> = under.split_ascii_whitespace().collect();
    let extensions = Extensions::from_capabilities(names.iter().copied());
    assert!(extensions.iter().count() >= names.len(), "an unknown capability in {under:?}");
    extensions
}

/// A row of a table.
struct Row<E> {
    source: &'static str,
    under: &'static str,
    message: &'static str,
    expected: E,
}

/// What a row of commands that are refused expects.
type ProductionAndOffset = (&'static str, usize);

/// Checks every row and shows all that are wrong.
fn check<E>(rows: Vec<Row<E>>, wrong: impl Fn(&Row<E>) -> Option<String>) {
    let wrong: Vec<_> = rows
        .iter()
        .filter_map(|row| Some(format!("{} {:?}: {}", row.source, row.message, wrong(row)?)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// What is wrong where the row's command must have its value.
fn accepted(row: &Row<CommandBody<'static>>) -> Option<String> {
    let message = format!("{}\r\n", row.message).into_bytes();
    let command = match parse(row.under, &message) {
        Ok(command) => command,
        Err(error) => return Some(error.to_string()),
    };
    if command.tag.as_str() != "a" || command.body != row.expected {
        return Some(format!("{command:?}, not {:?}", row.expected));
    }
    if command.clone().into_owned() != command {
        return Some("another value once it is owned".to_owned());
    }
    let written = command.to_bytes();
    if parse(row.under, &written).as_ref() != Ok(&command) {
        return Some(format!("another value once it is written: {}", written.escape_ascii()));
    }
    let premature = |&end: &usize| parse(row.under, &message[..end]) != Err(Error::Incomplete);
    let end = (0..message.len()).find(premature)?;
    Some(format!("not incomplete after {end} octets"))
}

/// What is wrong where the row's command must be refused.
fn refused(row: &Row<ProductionAndOffset>) -> Option<String> {
    let message = format!("{}\r\n", row.message).into_bytes();
    let rejection = match parse(row.under, &message) {
        Err(Error::Invalid(rejection)) => rejection,
        other => return Some(format!("{other:?}")),
    };
    let found = message.get(rejection.offset).map_or(Found::End, |&octet| Found::Octet(octet));
    if (rejection.production.name, rejection.offset, rejection.found)
        != (row.expected.0, row.expected.1, found)
    {
        return Some(format!("{rejection}, not at byte {} in {}", row.expected.1, row.expected.0));
    }
    let continued = [&message, &b"a NOOP\r\n"[..]].concat();
    if parse(row.under, &continued) != Err(Error::Invalid(rejection)) {
        return Some("another answer once more octets have come".to_owned());
    }
    let invalid =
        |&end: &usize| matches!(parse(row.under, &message[..end]), Err(Error::Invalid(_)));
    let first = (0..=message.len()).find(invalid)?;
    let end = (first..=message.len()).find(|end| !invalid(end))?;
    Some(format!("invalid after {first} octets but not after {end}"))
}

#[test]
fn a_rejection_says_which_capability_is_missing() {
    let expected = |under, message: &str| match parse(under, message.as_bytes()) {
        Err(Error::Invalid(rejection)) => rejection.expected,
        other => panic!("{message:?}: {other:?}"),
    };
    assert_eq!(expected("", "a MOVE 1 x\r\n"), "the capability MOVE");
    assert_eq!(expected("", "a FETCH 1 MODSEQ\r\n"), "the capability CONDSTORE");
    assert_eq!(expected("", "a FETCH 1 FLAGS (CHANGEDSINCE 1)\r\n"), "the capability CONDSTORE");
    assert_eq!(expected("CONDSTORE", "a SELECT x (QRESYNC (1 1))\r\n"), "the capability QRESYNC");
    assert_eq!(
        expected("SPECIAL-USE", "a CREATE x (USE ())\r\n"),
        "the capability CREATE-SPECIAL-USE"
    );
    assert_eq!(expected("", "a LOGIN {1+}\r\n"), "`}`, or the capability LITERAL+ or LITERAL-");
}

/// What has come is refused at once where nothing that may follow could make it legal.
#[test]
fn more_octets_are_not_asked_for_where_they_cannot_help() {
    for (under, message, could_be) in [
        ("", "a NOX", false),
        ("", "a no", true),
        ("", "a IDL", false),
        ("IDLE", "a IDL", true),
        ("", "a N", true),
        ("", "a NA", false),
        ("", "a UID M", false),
        ("MOVE", "a UID M", true),
        ("", "a STATUS x (HIGH", false),
        ("CONDSTORE", "a STATUS x (HIGH", true),
        ("", "a FETCH 1 MOD", false),
        ("", "a FETCH 1 (RFC822.H", true),
        ("", "a FETCH 1 (RFC822.X", false),
        ("", "a FETCH 1 FLAGS ", false),
        ("CONDSTORE", "a FETCH 1 FLAGS ", true),
        ("", "a SELECT x ", false),
        ("CONDSTORE", "a SELECT x (Q", false),
        ("QRESYNC", "a SELECT x (Q", true),
        ("", "a SEARCH RE", true),
        ("", "a SEARCH RET", false),
        ("ESEARCH", "a SEARCH RET", true),
        ("", "a SEARCH CH", true),
        ("", "a SEARCH CX", false),
        ("", "a SEARCH ON 1-F", true),
        ("", "a SEARCH ON 1-X", false),
        ("", "a FETCH 1 BODY[HEADER.F", true),
        ("", "a FETCH 1 BODY[M", false),
        ("", "a FETCH 4294967296", false),
        ("", "a LOGIN {4294967295", true),
        ("", "a LOGIN {4294967296", false),
        ("", "a LOGIN {1+", false),
        ("LITERAL+", "a LOGIN {1+", true),
        ("", "a LOGIN \"\\", true),
        ("", "a NOOP ", false),
        ("", "a AUTHENTICATE X ", false),
        ("SASL-IR", "a AUTHENTICATE X ", true),
        ("", "a LIST (", false),
        ("", "a LIST \"\" x ", false),
    ] {
        let parsed = parse(under, message.as_bytes());
        assert_eq!(
            parsed == Err(Error::Incomplete),
            could_be,
            "{message:?} under {under:?}: {parsed:?}"
        );
    }
}

#[test]
fn every_extension_adds_commands_and_takes_none_away() {
    let all = Grammar::with(Extensions::all());
    for message in ["a NOOP", "a SELECT x", "a LIST \"\" *", "a FETCH 1 ALL", "a STORE 1 FLAGS x"] {
        let message = format!("{message}\r\n");
        assert_eq!(all.command(message.as_bytes()), Grammar::rfc3501().command(message.as_bytes()));
    }
    assert_eq!(Extension::ALL.len(), Extensions::all().iter().count());
}

#[test]
fn lines_of_authenticate() {
    let line = |line: &'static str| Grammar::rfc3501().authenticate_data(line.as_bytes());
    let response = |octets: &'static [u8]| Ok(AuthenticateData::Response(Cow::Borrowed(octets)));
    assert_eq!(line("*\r\n"), Ok(AuthenticateData::Cancel));
    assert_eq!(line("\r\n"), response(b""));
    assert_eq!(line("YWJj\r\n"), response(b"abc"));
    assert_eq!(line("YWI=\r\n"), response(b"ab"));
    assert_eq!(line("+/8=\r\n"), response(b"\xfb\xff"));
    for prefix in ["", "*", "*\r", "Y", "YW", "YWI", "YWI=", "YWI=\r", "YQ="] {
        assert_eq!(line(prefix), Err(Error::Incomplete), "{prefix:?}");
    }
    for (wrong, production, offset) in [
        ("**\r\n", "authenticate", 1),
        ("Y\r\n", "base64", 1),
        ("YW\r\n", "base64", 2),
        ("YWI\r\n", "base64", 3),
        ("YW=J\r\n", "base64", 3),
        ("YWJj YWJj\r\n", "authenticate", 4),
        ("YWJj\n", "authenticate", 4),
        ("=\r\n", "authenticate", 0),
        ("-_8=\r\n", "authenticate", 0),
    ] {
        let Err(Error::Invalid(rejection)) = line(wrong) else { panic!("{wrong:?}") };
        assert_eq!(
            (rejection.production.name, rejection.offset),
            (production, offset),
            "{wrong:?}"
        );
    }
}

#[test]
fn the_end_of_idle() {
    let idle = Grammar::with(Extensions::NONE.with(Extension::Idle));
    assert_eq!(idle.idle_done(b"DONE\r\n"), Ok(()));
    assert_eq!(idle.idle_done(b"done\r\n"), Ok(()));
    assert_eq!(idle.idle_done(b"DO"), Err(Error::Incomplete));
    for wrong in ["DONE \r\n", "a DONE\r\n", "DONE\r\na", "\r\n"] {
        assert!(matches!(idle.idle_done(wrong.as_bytes()), Err(Error::Invalid(_))), "{wrong:?}");
    }
    assert!(matches!(Grammar::rfc3501().idle_done(b"DONE\r\n"), Err(Error::Invalid(_))));
}
