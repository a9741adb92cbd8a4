//! A connection to the embedded server without a socket: framing, literals, refusals, faults.

use std::sync::{Arc, Mutex};

use imap_conform::server::{After, Connection, LIMITS, Tampering, fault::named};
use imap_grammar::{DateTime, Extensions, Grammar};
use imap_model::{Configuration, Now, Server, Transport, User};
use proptest::prelude::*;

fn server() -> Arc<Mutex<Server>> {
    server_with(Configuration::default().extensions)
}

fn server_with(extensions: Extensions) -> Arc<Mutex<Server>> {
    let users = vec![User { name: "alice".to_owned(), password: "secret".to_owned() }];
    let configuration =
        Configuration { users, extensions, starttls: true, ..Configuration::default() };
    Arc::new(Mutex::new(Server::new(configuration)))
}

fn open(server: &Arc<Mutex<Server>>) -> Connection {
    Connection::open(server.clone(), Transport::Plain, None).0
}

fn now() -> Now {
    Now(DateTime::from_unix_timestamp(846_000_000, 0).unwrap())
}

/// What is answered to octets that come at once, and what is done then.
fn said(connection: &mut Connection, octets: &[u8]) -> (String, After) {
    connection.receive(octets);
    let mut all = Vec::new();
    let mut after = After::Read;
    while let Some(output) = connection.next(now()) {
        assert_eq!(after, After::Read, "nothing is answered after {after:?}");
        all.extend(output.octets);
        after = output.after;
    }
    (String::from_utf8(all).unwrap(), after)
}

fn logged_in(server: &Arc<Mutex<Server>>) -> Connection {
    let mut connection = open(server);
    assert!(said(&mut connection, b"l LOGIN alice secret\r\n").0.starts_with("l OK "));
    connection
}

const REQUEST: &str = "+ Ready for literal data\r\n";

#[test]
fn a_synchronising_literal_is_asked_for_once() {
    let mut connection = open(&server());
    assert_eq!(said(&mut connection, b"a LOGIN {5}\r\n").0, REQUEST);
    assert_eq!(said(&mut connection, b"ali").0, "");
    assert_eq!(said(&mut connection, b"ce {6}\r\n").0, REQUEST);
    assert!(said(&mut connection, b"secret\r\n").0.starts_with("a OK [CAPABILITY "));
}

#[test]
fn a_non_synchronising_literal_is_not_asked_for() {
    let (answer, _) = said(&mut open(&server()), b"a LOGIN {5+}\r\nalice {6+}\r\nsecret\r\n");
    assert!(answer.starts_with("a OK [CAPABILITY "), "{answer}");
}

#[test]
fn a_literal_of_what_is_no_command_is_not_asked_for() {
    let mut connection = open(&server());
    let (answer, after) = said(&mut connection, b"a FOO {5}\r\nb NOOP\r\n");
    assert!(answer.starts_with("a BAD "), "{answer}");
    assert!(answer.ends_with("\r\nb OK NOOP completed\r\n"), "{answer}");
    assert_eq!(after, After::Read);
}

#[test]
fn a_literal_too_large_is_refused_and_the_next_command_is_not() {
    let mut connection = logged_in(&server());
    let announcement = format!("a APPEND INBOX {{{}}}\r\nb NOOP\r\n", LIMITS.literal + 1);
    let (answer, after) = said(&mut connection, announcement.as_bytes());
    assert!(answer.starts_with("a NO [TOOBIG] "), "{answer}");
    assert!(answer.ends_with("\r\nb OK NOOP completed\r\n"), "{answer}");
    assert_eq!(after, After::Read);
}

#[test]
fn a_literal_too_large_that_comes_unasked_ends_the_connection() {
    let announcement = format!("a APPEND INBOX {{{}+}}\r\nb LOGOUT\r\n", u64::from(u32::MAX) + 1);
    let (answer, after) = said(&mut logged_in(&server()), announcement.as_bytes());
    assert!(answer.starts_with("* BYE ") && answer.lines().count() == 1, "{answer}");
    assert_eq!(after, After::Close);
}

#[test]
fn a_line_too_long_ends_the_connection() {
    let (answer, after) = said(&mut open(&server()), &vec![b'a'; LIMITS.line + 1]);
    assert_eq!(answer, "* BYE a line of more than 1048576 octets\r\n");
    assert_eq!(after, After::Close);
}

#[test]
fn garbage_is_bad_and_the_next_command_is_not() {
    for (garbage, answer) in [
        ("a FOO\r\n", "a BAD "),
        ("a\r\n", "a BAD "),
        ("a LOGIN\n", "a BAD "),
        ("\r\n", "* BAD "),
        ("\0\r\n", "* BAD "),
        ("\u{e9} NOOP\r\n", "* BAD "),
        ("+ NOOP\r\n", "* BAD "),
        (&format!("a SEARCH {}\r\n", "(".repeat(100_000)), "a BAD "),
    ] {
        let mut connection = open(&server());
        let (said, after) = said(&mut connection, format!("{garbage}b NOOP\r\n").as_bytes());
        assert!(said.starts_with(answer), "{garbage:?}: {said}");
        assert!(said.ends_with("\r\nb OK NOOP completed\r\n"), "{garbage:?}: {said}");
        assert_eq!(after, After::Read);
    }
}

#[test]
fn the_lines_of_authenticate_and_idle_are_no_commands() {
    let mut connection = open(&server());
    assert_eq!(said(&mut connection, b"a AUTHENTICATE PLAIN\r\n").0, "+ \r\n");
    assert!(said(&mut connection, b"b LOGIN {5}\r\n").0.starts_with("a BAD "));
    assert_eq!(said(&mut connection, b"b AUTHENTICATE PLAIN\r\n").0, "+ \r\n");
    // NUL alice NUL secret
    assert!(said(&mut connection, b"AGFsaWNlAHNlY3JldA==\r\n").0.starts_with("b OK "));

    assert!(said(&mut connection, b"c IDLE\r\n").0.starts_with("+ "));
    assert!(said(&mut connection, b"done\r\n").0.starts_with("c OK "));
    assert!(said(&mut connection, b"d IDLE\r\n").0.starts_with("+ "));
    assert!(said(&mut connection, b"e NOOP\r\n").0.starts_with("d BAD "));
}

#[test]
fn what_comes_ahead_of_tls_is_forgotten() {
    let mut connection = open(&server());
    let (answer, after) = said(&mut connection, b"a STARTTLS\r\nb LOGIN alice secret\r\n");
    assert_eq!(answer, "a OK Begin TLS negotiation now\r\n");
    assert_eq!(after, After::StartTls);
    connection.receive(b"c NOOP\r\n");
    connection.tls_started();
    assert_eq!(said(&mut connection, b"d NOOP\r\n").0, "d OK NOOP completed\r\n");
    assert!(!said(&mut connection, b"e CAPABILITY\r\n").0.contains("STARTTLS"));
}

#[test]
fn logout_is_the_end() {
    let mut connection = open(&server());
    let (answer, after) = said(&mut connection, b"a LOGOUT\r\nb NOOP\r\n");
    assert!(answer.starts_with("* BYE ") && answer.ends_with("a OK LOGOUT completed\r\n"));
    assert_eq!(after, After::Close);
    assert_eq!(said(&mut connection, b"c NOOP\r\n").0, "");
}

#[test]
fn only_who_is_idle_gets_updates() {
    let server = server();
    let (mut idle, mut busy, mut other) =
        (logged_in(&server), logged_in(&server), logged_in(&server));
    said(&mut idle, b"a SELECT INBOX\r\nb IDLE\r\n");
    said(&mut busy, b"a SELECT INBOX\r\n");
    said(&mut other, b"a APPEND INBOX {1+}\r\nx\r\n");
    assert_eq!(busy.updates(), b"");
    let updates = String::from_utf8(idle.updates()).unwrap();
    assert!(updates.contains("* 1 EXISTS\r\n"), "{updates}");
    assert_eq!(idle.updates(), b"");
}

#[test]
fn a_fault_changes_what_is_said_and_what_is_heard() {
    let open = |fault| {
        let server = server_with(Extensions::NONE);
        let fault = Tampering::new(named(fault).unwrap().change);
        Connection::open(server, Transport::Plain, Some(fault)).0
    };
    let mut says = open("login-with-any-password");
    assert!(said(&mut says, b"a LOGIN alice wrong\r\n").0.starts_with("a OK "));

    let message = b"b APPEND INBOX {4}\r\nx: y\r\n";
    let size = |mut connection: Connection| {
        said(&mut connection, b"a LOGIN alice secret\r\n");
        said(&mut connection, message);
        said(&mut connection, b"c EXAMINE INBOX\r\n");
        said(&mut connection, b"d FETCH 1 RFC822.SIZE\r\n").0
    };
    assert!(size(Connection::open(server(), Transport::Plain, None).0).contains("RFC822.SIZE 4)"));
    let changed = size(open("append-adds-header"));
    assert!(changed.contains("RFC822.SIZE ") && !changed.contains("RFC822.SIZE 4)"), "{changed}");
}

/// Bits of commands, so that some of what is made of them is legal.
fn octets() -> impl Strategy<Value = Vec<u8>> {
    let bit = prop_oneof![
        3 => any::<u8>().prop_map(|octet| vec![octet]),
        20 => proptest::sample::select(vec![
            "a", " ", "\r\n", "\n", "{3}\r\n", "{3+}\r\n", "{99999999999}\r\n", "LOGIN", "alice",
            "secret", "a LOGIN alice secret\r\n", "b SELECT INBOX\r\n", "c IDLE\r\n", "DONE\r\n",
            "d AUTHENTICATE PLAIN\r\n", "*\r\n", "e APPEND INBOX {3}\r\nabc\r\n", "f FETCH 1:* ",
            "(", ")", "BODY[]", "\"", "UID", "g LOGOUT\r\n", "h STARTTLS\r\n", "i NOOP\r\n",
        ]).prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(bit, 0..60).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn every_answer_is_legal_however_the_octets_are_cut(
        octets in octets(),
        cuts in proptest::collection::vec(1_usize..20, 1..40),
    ) {
        let whole = said(&mut open(&server()), &octets);
        let mut connection = open(&server());
        let mut pieces = String::new();
        let mut after = After::Read;
        let mut rest = octets.as_slice();
        for cut in cuts.into_iter().cycle() {
            if rest.is_empty() || after != After::Read {
                break;
            }
            let (piece, behind) = rest.split_at(cut.min(rest.len()));
            let (text, next) = said(&mut connection, piece);
            pieces += &text;
            (rest, after) = (behind, next);
        }
        prop_assert_eq!(&(pieces, after), &whole);

        let mut framer = imap_grammar::Framer::new(LIMITS);
        let mut rest = whole.0.as_bytes();
        while !rest.is_empty() {
            if let imap_grammar::Framing::Message { length } = framer.advance(rest).unwrap() {
                let response = Grammar::with(Extensions::all()).response(&rest[..length]);
                prop_assert!(response.is_ok(), "{:?}", response);
                rest = &rest[length..];
            }
        }
    }
}
