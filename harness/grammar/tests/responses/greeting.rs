//! Greetings and what begins a response.

use imap_grammar::{
    Code, Continue, Error, Grammar, Greeting, GreetingKind, RespText, Response, Status, Tag,
    Tagged, Text,
};

use crate::Legal::{self, *};
use crate::{check, check_illegal, check_legal, wrongly_refused};

fn resp_text(code: Option<Code<'static>>, text: &'static str) -> RespText<'static> {
    RespText { code, text: Text::new(text).unwrap() }
}

fn tagged(tag: &'static str, status: Status, text: &'static str) -> Legal {
    let tag = Tag::new(tag).unwrap();
    Response(Response::Tagged(Tagged { tag, status, text: resp_text(None, text) }))
}

#[test]
fn legal_greetings() {
    let greeting = |kind, code, text| Greeting { kind, text: resp_text(code, text) };
    check(
        vec![
            ("3501 §8", "", "* OK IMAP4rev1 Service Ready", {
                greeting(GreetingKind::Ok, None, "IMAP4rev1 Service Ready")
            }),
            ("3501 §7.1.4", "", "* PREAUTH IMAP4rev1 server logged in as Smith", {
                greeting(GreetingKind::PreAuth, None, "IMAP4rev1 server logged in as Smith")
            }),
            ("3501 §7.1.5", "", "* BYE too busy", greeting(GreetingKind::Bye, None, "too busy")),
            ("3501 §9 (1)", "", "* preAuth x", greeting(GreetingKind::PreAuth, None, "x")),
            ("3501 §7.1", "", "* OK [ALERT] x", {
                greeting(GreetingKind::Ok, Some(Code::Alert), "x")
            }),
        ],
        |grammar, message, expected| {
            let parsed = grammar.greeting(message);
            if parsed.as_ref() != Ok(expected) {
                return Some(format!("{parsed:?}"));
            }
            let written = expected.to_bytes();
            let again = grammar.greeting(&written).map(Greeting::into_owned);
            if again.as_ref() != Ok(expected) {
                return Some(format!("another value once it is written: {again:?}"));
            }
            let incomplete =
                |&end: &usize| grammar.greeting(&message[..end]) != Err(Error::Incomplete);
            (0..message.len()).find(incomplete).map(|end| format!("not incomplete after {end}"))
        },
    );
}

#[test]
fn illegal_greetings() {
    check(
        vec![
            ("3501 §9 greeting", "", "* NO x", ("greeting", 2)),
            ("3501 §9 greeting", "", "* BAD x", ("greeting", 2)),
            ("3501 §9 greeting", "", "* OKAY x", ("greeting", 2)),
            ("3501 §9 greeting", "", "a OK x", ("greeting", 0)),
            ("3501 §9 greeting", "", "*OK x", ("greeting", 1)),
            ("3501 §9 greeting", "", "* OK", ("greeting", 4)),
            ("3501 §9 text", "", "* OK ", ("text", 5)),
            ("3501 §9 (2)", "", "*  OK x", ("greeting", 2)),
            ("3501 §9 greeting", "", " * OK x", ("greeting", 0)),
            ("3501 §9 text", "", "* OK x\u{e9}", ("greeting", 6)),
        ],
        |grammar: Grammar, message, expected| {
            wrongly_refused(message, expected, |message| grammar.greeting(message).map(drop))
        },
    );
}

#[test]
fn legal_tagged_responses_and_continuation_requests() {
    let go_on = |text| Response(Response::Continue(Continue { text }));
    check_legal(vec![
        ("3501 §7.1.1", "", "A001 OK LOGIN completed", {
            tagged("A001", Status::Ok, "LOGIN completed")
        }),
        ("3501 §7.1.2", "", "A222 NO COPY failed", tagged("A222", Status::No, "COPY failed")),
        ("3501 §7.1.3", "", "a bad x", tagged("a", Status::Bad, "x")),
        ("3501 §9 tag", "", "]!#$&', OK x", tagged("]!#$&',", Status::Ok, "x")),
        ("3501 §9 text", "", "a OK  x ", tagged("a", Status::Ok, " x ")),
        ("3501 §9 text", "", "a OK x {5}", tagged("a", Status::Ok, "x {5}")),
        ("3501 §9 text", "", "a OK \t\u{1}\u{7f}", tagged("a", Status::Ok, "\t\u{1}\u{7f}")),
        ("3501 §7.5", "", "+ Ready for additional command text", {
            go_on(Some(resp_text(None, "Ready for additional command text")))
        }),
        ("3501 §9 base64", "", "+ ", go_on(None)),
        ("3501 §9 base64", "", "+ YGgGCSqGSIb3EgECAgIAb1kwV6ADAgEFoQMCAQ+iSzBJoAM=", Same),
        ("3501 §9 continue-req", "", "+ [ALERT] x", go_on(Some(resp_text(Some(Code::Alert), "x")))),
        ("3501 §9 continue-req", "", "+  ", go_on(Some(resp_text(None, " ")))),
    ]);
}

#[test]
fn illegal_tagged_responses_and_continuation_requests() {
    check_illegal(vec![
        ("3501 §9 text", "", "a OK ", ("text", 5)),
        ("3501 §9 resp-cond-state", "", "a OK", ("resp-cond-state", 4)),
        ("3501 §9 resp-cond-state", "", "a BYE x", ("resp-cond-state", 2)),
        ("3501 §9 resp-cond-state", "", "a PREAUTH x", ("resp-cond-state", 2)),
        ("3501 §9 resp-cond-state", "", "a  OK x", ("resp-cond-state", 2)),
        ("3501 §9 resp-cond-state", "", "a OK\tx", ("resp-cond-state", 4)),
        ("3501 §9 tag", "", "a+b OK x", ("response-tagged", 1)),
        ("3501 §9 tag", "", "(a OK x", ("tag", 0)),
        ("3501 §9 tag", "", "", ("tag", 0)),
        ("3501 §9 tag", "", " OK x", ("tag", 0)),
        ("3501 §9 text", "", "a OK x\0y", ("response-tagged", 6)),
        ("3501 §9 text", "", "a OK x\ny", ("response-tagged", 6)),
        ("3501 §9 text", "", "a OK x\ry", ("response-tagged", 6)),
        ("3501 §9 text", "", "a OK \u{fc}", ("text", 5)),
        ("3501 §9 response", "", "a OK x\r\n* OK y", ("response", 8)),
        ("3501 §9 continue-req", "", "+", ("continue-req", 1)),
        ("3501 §9 continue-req", "", "+idling", ("continue-req", 1)),
        ("3501 §9 continue-req", "", "+ a\u{e4}", ("continue-req", 3)),
    ]);
}
