//! Hostile responses: nesting and sizes that no honest server sends, on a small stack.

mod support;

use imap_grammar::{Error, Extensions, Grammar, MAX_DEPTH, Response};
use support::on_a_small_stack;

const MILLION: usize = 1_000_000;

/// A message/rfc822 part up to the body within, and what follows that body.
const FORWARD: (&str, &str) = (
    "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 5 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ",
    " 7)",
);
const MULTIPART: (&str, &str) = ("(", " \"MIXED\")");
const LEAF: &str = "(\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 5)";

fn parse(message: &[u8]) -> Result<Response<'_>, Error> {
    Grammar::with(Extensions::all()).response(message)
}

#[track_caller]
fn assert_too_deep(message: &[u8], production: &str) {
    match parse(message) {
        Err(Error::Invalid(rejection)) => {
            assert_eq!(rejection.expected, "at most 100 levels of nesting");
            assert_eq!(rejection.production.name, production);
        }
        other => panic!("{other:?}"),
    }
}

/// FETCH of a leaf within that many levels.
fn nested((open, close): (&str, &str), leaf: &str, levels: usize) -> Vec<u8> {
    let (open, close) = (open.repeat(levels), close.repeat(levels));
    format!("* 1 FETCH (BODYSTRUCTURE {open}{leaf}{close})\r\n").into_bytes()
}

/// A body extension within that many parentheses.
fn nested_extension(levels: usize) -> Vec<u8> {
    let leaf = "(\"IMAGE\" \"PNG\" NIL NIL NIL \"7BIT\" 5 NIL NIL NIL NIL ";
    let (open, close) = ("(".repeat(levels), ")".repeat(levels));
    format!("* 1 FETCH (BODYSTRUCTURE {leaf}{open}5{close}))\r\n").into_bytes()
}

#[track_caller]
fn assert_survives(message: &[u8]) {
    let response = parse(message).unwrap();
    assert_eq!(response.to_bytes(), message);
    assert_eq!(response.clone().into_owned(), response);
}

#[test]
fn a_hundred_levels_are_read_and_one_more_is_refused() {
    on_a_small_stack(|| {
        // The leaf is a level too.
        let within = usize::from(MAX_DEPTH) - 1;
        for levels in [MULTIPART, FORWARD] {
            assert_survives(&nested(levels, LEAF, within));
            assert_too_deep(&nested(levels, LEAF, within + 1), "body");
        }
        assert_survives(&nested_extension(within));
        assert_too_deep(&nested_extension(within + 1), "body-extension");
        let mixed = (format!("({}", FORWARD.0), format!("{}{LEAF} \"MIXED\")", FORWARD.1));
        assert_survives(&nested((&mixed.0, &mixed.1), LEAF, within / 2));

        let list = |levels: usize| {
            let (open, close) = ("(".repeat(levels), ")".repeat(levels));
            format!("* LIST () \"/\" x (TAG {open}x{close})\r\n").into_bytes()
        };
        assert_survives(&list(within + 1));
        assert_too_deep(&list(within + 2), "tagged-ext-val");
    });
}

#[test]
fn a_million_levels_are_refused() {
    on_a_small_stack(|| {
        assert_too_deep(&nested(MULTIPART, "", MILLION), "body");
        assert_too_deep(&nested(FORWARD, "", MILLION), "body");
        assert_too_deep(&nested_extension(MILLION), "body-extension");
        let list = format!("* LIST () \"/\" x (TAG {}", "(".repeat(MILLION));
        assert_too_deep(list.as_bytes(), "tagged-ext-val");
    });
}

/// Were a multipart tried as a single part first, or parsed again for what follows it, every level
/// would double the cost.
#[test]
fn a_broken_leaf_costs_no_more_for_what_is_around_it() {
    on_a_small_stack(|| {
        for levels in [MULTIPART, FORWARD] {
            let message = nested(levels, "(\"IMAGE\" PNG)", usize::from(MAX_DEPTH) - 1);
            assert!(matches!(parse(&message), Err(Error::Invalid(_))));
        }
    });
}

#[test]
fn a_million_of_anything_is_read_in_one_pass() {
    on_a_small_stack(|| {
        let many = |item: &str| item.repeat(MILLION);
        for message in [
            format!("* SEARCH{}\r\n", many(" 1234567")),
            format!("* CAPABILITY IMAP4rev1{}\r\n", many(" X")),
            format!("* FLAGS (x{})\r\n", many(" \\Seen")),
            format!("* LIST (\\x{}) \"/\" x\r\n", many(" \\y")),
            format!("* STATUS x (MESSAGES 1{})\r\n", many(" MESSAGES 1")),
            format!("* 1 FETCH (UID 1{})\r\n", many(" BODY[1] {1}\r\nx")),
            format!("* 1 FETCH (BODY ({} \"MIXED\"))\r\n", LEAF.repeat(100_000)),
            format!("* 1 FETCH (BODY[] \"{}\")\r\n", many("\\\\")),
            format!("* OK [X {}] x\r\n", many("(")),
            format!("* OK [BADCHARSET ({})\r\n", many("x ")),
            format!("* OK {}\r\n", many("[ALERT] ")),
            format!("* VANISHED 1{}\r\n", many(",2:3")),
            format!("* {}1 EXISTS\r\n", many("0")),
        ] {
            assert!(parse(message.as_bytes()).is_ok(), "{}", &message[..40]);
        }
    });
}

#[test]
fn an_announced_literal_costs_nothing_until_it_comes() {
    assert_eq!(parse(b"* 1 FETCH (BODY[] {4294967295}\r\n"), Err(Error::Incomplete));
    assert_eq!(parse(b"* 1 FETCH (BODY[] {4294967295}\r\nabc"), Err(Error::Incomplete));
}
