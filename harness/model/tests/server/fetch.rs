//! FETCH and UID FETCH (RFC 3501 §6.4.5, §6.4.8).

use imap_grammar::{Response, Untagged};

use crate::conversation::{Conversation, alice};

fn with_message() -> Conversation {
    let mut conversation = alice();
    conversation.append(
        "INBOX",
        "",
        "From: a@b.c\\r\\nSubject: hello\\r\\nX: y\\r\\n\\r\\n0123456789",
    );
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    conversation
}

#[test]
fn macros_stand_for_their_items() {
    with_message().run(
        r#"
        C: a FETCH 1 FAST
        S: * 1 FETCH (FLAGS (\Recent) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 47)
        S: a OK
        C: b FETCH 1 ALL
        S: * 1 FETCH (FLAGS (\Recent) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 47 ENVELOPE (NIL "hello" ((NIL NIL "a" "b.c")) ((NIL NIL "a" "b.c")) ((NIL NIL "a" "b.c")) NIL NIL NIL NIL NIL))
        S: b OK
        C: c FETCH 1 FULL
        S: * 1 FETCH (FLAGS (\Recent) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 47 ENVELOPE (NIL "hello" ((NIL NIL "a" "b.c")) ((NIL NIL "a" "b.c")) ((NIL NIL "a" "b.c")) NIL NIL NIL NIL NIL) BODY ("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 10 0))
        S: c OK
        "#,
    );
}

#[test]
fn reading_a_body_sets_seen_and_says_so() {
    with_message().run(
        r#"
        C: a FETCH 1 (BODY.PEEK[TEXT] RFC822.HEADER BODY.PEEK[HEADER.FIELDS (SUBJECT)])
        S: * 1 FETCH (BODY[TEXT] "0123456789" RFC822.HEADER {37}\r\nFrom: a@b.c\r\nSubject: hello\r\nX: y\r\n\r\n BODY[HEADER.FIELDS (SUBJECT)] {18}\r\nSubject: hello\r\n\r\n)
        S: a OK
        C: b FETCH 1 RFC822.TEXT
        S: * 1 FETCH (RFC822.TEXT "0123456789" FLAGS (\Seen \Recent))
        S: b OK
        C: c FETCH 1 (FLAGS BODY[TEXT])
        S: * 1 FETCH (FLAGS (\Seen \Recent) BODY[TEXT] "0123456789")
        S: c OK
        "#,
    );
}

#[test]
fn partial_fetches_are_cut_at_the_end() {
    with_message().run(
        r#"
        C: a FETCH 1 (BODY.PEEK[TEXT]<0.4> BODY.PEEK[TEXT]<8.4> BODY.PEEK[TEXT]<10.1> BODY.PEEK[TEXT]<4294967295.1> BODY.PEEK[7])
        S: * 1 FETCH (BODY[TEXT]<0> "0123" BODY[TEXT]<8> "89" BODY[TEXT]<10> "" BODY[TEXT]<4294967295> "" BODY[7] NIL)
        S: a OK
        "#,
    );
}

#[test]
fn an_item_is_told_once() {
    with_message().run(
        r"
        C: a FETCH 1,1:1,* (UID UID RFC822.SIZE UID)
        S: * 1 FETCH (UID 1 RFC822.SIZE 47)
        S: a OK
        ",
    );
}

/// Each of the items was held against all before it.
#[test]
fn as_many_items_as_fit_into_a_line_are_told() {
    let items: Vec<_> = (2..80_000).map(|part| format!("BODY[{part}]")).collect();
    let command = format!("a FETCH 1 ({})", items.join(" "));
    let responses = with_message().exchange("a", &command);
    let Response::Untagged(Untagged::Fetch { items: told, .. }) = &responses[0] else {
        panic!("no FETCH response")
    };
    // There are the flags as well, for reading sets `\Seen`.
    assert_eq!(told.len(), items.len() + 1);
}

#[test]
fn names_that_come_again_with_every_message_are_limited() {
    let mut conversation = alice();
    for _ in 0..256 {
        conversation.append("INBOX", "", "");
    }
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    let name = "x".repeat(1 << 20);
    let item = format!("BODY.PEEK[HEADER.FIELDS ({{{}+}}\\r\\n{name})]", name.len());
    conversation.run(&format!("C: a FETCH 1:* {item}\nS: a NO [LIMIT]"));
    let responses = conversation.exchange("a", &format!("b FETCH 1:3 {item}"));
    assert_eq!(responses.len(), 4, "three messages and OK");
}

#[test]
fn numbers_beyond_the_end_are_bad() {
    let mut conversation = with_message();
    for command in ["FETCH 2 FLAGS", "FETCH 1:2 FLAGS", "STORE 2 FLAGS ()", "COPY 2 x", "MOVE 2 x"]
    {
        conversation.run(&format!("C: a {command}\nS: a BAD"));
    }
    conversation.run(
        r"
        C: a UID FETCH 2:3 FLAGS
        S: a OK
        C: b UID FETCH 4294967295:* FLAGS
        S: * 1 FETCH (UID 1 FLAGS (\Recent))
        S: b OK
        C: c UID FETCH *:4294967295 UID
        S: * 1 FETCH (UID 1)
        S: c OK
        C: d UID STORE 77 +FLAGS (\Seen)
        S: d OK
        C: e UID COPY 77 INBOX
        S: e OK
        C: f UID MOVE 77 none
        S: f NO [TRYCREATE]
        C: g SEARCH 1:100
        S: * SEARCH 1
        S: g OK
        ",
    );
    let mut empty = alice();
    empty.say("a", "x SELECT INBOX");
    empty.ignore("a");
    empty.run(
        r"
        C: a FETCH * FLAGS
        S: a BAD
        C: b UID FETCH * FLAGS
        S: b OK
        C: c SEARCH 1:*
        S: * SEARCH
        S: c OK
        ",
    );
}
