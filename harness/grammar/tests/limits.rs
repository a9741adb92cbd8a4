//! Hostile commands: nesting and sizes that no honest client sends, on a small stack.

mod support;

use imap_grammar::{Command, Error, Extensions, Grammar, MAX_DEPTH};
use support::on_a_small_stack;

const MILLION: usize = 1_000_000;

fn parse(message: &[u8]) -> Result<Command<'_>, Error> {
    Grammar::with(Extensions::all()).command(message)
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

#[test]
fn a_hundred_levels_of_search_keys_are_read_and_one_more_is_refused() {
    on_a_small_stack(|| {
        let levels = usize::from(MAX_DEPTH);
        let nested = |open: &str, close: &str, levels: usize| {
            format!("a SEARCH {}ALL{}\r\n", open.repeat(levels), close.repeat(levels)).into_bytes()
        };
        for (open, close) in [("(", ")"), ("NOT ", ""), ("OR ALL ", ""), ("OR ", " ALL")] {
            let legal = nested(open, close, levels);
            let command = parse(&legal).unwrap();
            assert_eq!(command.to_bytes(), legal);
            assert_eq!(command.clone().into_owned(), command);
            assert_too_deep(&nested(open, close, levels + 1), "search-key");
        }
        let mixed = nested("NOT (OR ALL ", ")", levels / 3);
        assert!(parse(&mixed).is_ok());
    });
}

#[test]
fn a_million_levels_are_refused() {
    on_a_small_stack(|| {
        for open in ["(", "NOT ", "OR ", "OR ALL ", "NOT ("] {
            let message = format!("a SEARCH {}", open.repeat(MILLION));
            assert_too_deep(message.as_bytes(), "search-key");
        }
        let message = format!("a LIST (FOO {}", "(".repeat(MILLION));
        assert_too_deep(message.as_bytes(), "option-value");
    });
}

#[test]
fn a_million_of_anything_is_read_in_one_pass() {
    on_a_small_stack(|| {
        for message in [
            format!("a SEARCH ALL{}\r\n", " SEEN".repeat(MILLION)),
            format!("a SEARCH (NOT SEEN{})\r\n", " NOT (SEEN)".repeat(MILLION)),
            format!("a FETCH 1{} FLAGS\r\n", ",2:3".repeat(MILLION)),
            format!("a FETCH 1 (UID{})\r\n", " BODY[1]".repeat(MILLION)),
            format!("a FETCH 1 BODY[1{}]\r\n", ".1".repeat(MILLION)),
            format!("a STORE 1 FLAGS (x{})\r\n", " \\Seen".repeat(MILLION)),
            format!("a LOGIN \"{}\" x\r\n", "\\\\".repeat(MILLION)),
            format!("a LOGIN {} x\r\n", "x".repeat(MILLION)),
            format!("a XA{}\r\n", " {1}\r\n{".repeat(MILLION)),
            format!("a SEARCH LARGER {}1\r\n", "0".repeat(MILLION)),
        ] {
            assert!(parse(message.as_bytes()).is_ok(), "{}", &message[..40]);
        }
    });
}

#[test]
fn a_number_that_is_too_large_is_refused_before_it_ends() {
    let digits = "9".repeat(MILLION);
    for start in ["a FETCH ", "a LOGIN {", "a SEARCH LARGER ", "a SEARCH MODSEQ "] {
        let message = format!("{start}{digits}");
        assert!(matches!(parse(message.as_bytes()), Err(Error::Invalid(_))), "{start}");
    }
}

#[test]
fn an_announced_literal_costs_nothing_until_it_comes() {
    assert_eq!(parse(b"a APPEND x {4294967295}\r\n"), Err(Error::Incomplete));
    assert_eq!(parse(b"a APPEND x {4294967295}\r\nabc"), Err(Error::Incomplete));
}
