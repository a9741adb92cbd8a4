//! Values as JSON: tokens as IMAP writes them, octets as text where they are UTF-8.

use imap_grammar::{Extensions, Grammar};
use serde_json::{Value, json, to_value};

fn grammar() -> Grammar {
    Grammar::with(Extensions::all())
}

#[track_caller]
fn command(message: &str, expected: Value) {
    let message = format!("a {message}\r\n").into_bytes();
    let command = grammar().command(&message).expect("it is legal");
    assert_eq!(to_value(command).expect("JSON"), json!({ "tag": "a", "body": expected }));
}

#[track_caller]
fn untagged(message: &[u8], expected: Value) {
    let message = [b"* ", message, b"\r\n"].concat();
    let response = grammar().response(&message).expect("it is legal");
    assert_eq!(to_value(response).expect("JSON"), json!({ "Untagged": expected }));
}

#[test]
fn tokens_are_text_as_imap_writes_them() {
    command("NOOP", json!("Noop"));
    command("DELETE inbox", json!({ "Delete": "INBOX" }));
    command(
        "UID STORE 2,4:* +FLAGS.SILENT (\\seen $Junk)",
        json!({ "Store": {
            "uid": true, "sequence_set": "2,4:*", "unchanged_since": null, "action": "Add",
            "silent": true, "flags": ["\\Seen", "$Junk"],
        } }),
    );
    command(
        "SEARCH SINCE 1-Feb-1994 NOT FROM Smith",
        json!({ "Search": {
            "uid": false, "returns": null, "charset": null,
            "keys": [{ "Since": "1-Feb-1994" }, { "Not": { "From": "Smith" } }],
        } }),
    );
    untagged(
        b"LIST (\\noselect \\Sent) \"/\" a",
        json!({ "List": {
            "attributes": ["\\Noselect", "\\Sent"], "delimiter": "/", "mailbox": "a", "extended": [],
        } }),
    );
    untagged(
        b"1 FETCH (INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\" FLAGS (\\Recent) UID 7)",
        json!({ "Fetch": { "number": 1, "items": [
            { "InternalDate": " 7-Jul-1996 02:44:25 -0700" }, { "Flags": ["\\Recent"] }, { "Uid": 7 },
        ] } }),
    );
    untagged(
        b"OK [PERMANENTFLAGS (\\Draft \\*)] \"Limited\"",
        json!({ "Status": { "status": "Ok", "text": {
            "code": { "PermanentFlags": ["\\Draft", "\\*"] }, "text": "\"Limited\"",
        } } }),
    );
}

#[test]
fn octets_are_text_where_they_are_utf_8_and_base64_where_they_are_not() {
    let section = json!({ "part": [], "text": null });
    let fetch = |data: Value| {
        json!({ "Fetch": { "number": 1, "items": [
            { "BodySection": { "section": section, "origin": null, "data": data } },
        ] } })
    };
    untagged(b"1 FETCH (BODY[] NIL)", fetch(Value::Null));
    untagged("1 FETCH (BODY[] {7}\r\ngr\u{fc}n \")".as_bytes(), fetch(json!("gr\u{fc}n \"")));
    untagged(b"1 FETCH (BODY[] {4}\r\ngr\xfcn)", fetch(json!({ "base64": "Z3L8bg==" })));
    command(
        "AUTHENTICATE PLAIN AGEAYg==",
        json!({ "Authenticate": { "mechanism": "PLAIN", "initial_response": "\0a\0b" } }),
    );
    command(
        "AUTHENTICATE X /w==",
        json!({ "Authenticate": { "mechanism": "X", "initial_response": { "base64": "/w==" } } }),
    );
}
