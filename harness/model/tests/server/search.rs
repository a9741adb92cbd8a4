//! SEARCH and UID SEARCH (RFC 3501 §6.4.4, RFC 4731). What a key matches is told elsewhere.

use crate::conversation::{Conversation, alice};

fn with_messages() -> Conversation {
    let mut conversation = alice();
    conversation.append_numbered(5);
    conversation.say("a", "x SELECT INBOX");
    conversation.say("a", "x STORE 1,5 +FLAGS.SILENT (\\Deleted)");
    conversation.say("a", "x STORE 3,4 +FLAGS.SILENT (\\Flagged)");
    conversation.say("a", "x EXPUNGE");
    conversation.ignore("a");
    conversation
}

#[test]
fn numbers_or_unique_identifiers_are_found() {
    with_messages().run(
        r"
        C: a SEARCH FLAGGED
        S: * SEARCH 2 3
        S: a OK
        C: b UID SEARCH FLAGGED
        S: * SEARCH 3 4
        S: b OK
        C: c SEARCH UID 4 UNDELETED
        S: * SEARCH 3
        S: c OK
        C: d SEARCH ANSWERED
        S: * SEARCH
        S: d OK
        C: e UID SEARCH NOT 1 NEW
        S: * SEARCH 3 4
        S: e OK
        ",
    );
}

#[test]
fn unknown_character_sets_are_refused() {
    with_messages().run(
        r"
        C: a SEARCH CHARSET utf-8 SUBJECT 2
        S: * SEARCH 1
        S: a OK
        C: b SEARCH CHARSET KOI8-R SUBJECT 2
        S: b NO [BADCHARSET (US-ASCII UTF-8)]
        ",
    );
}

#[test]
fn esearch_returns_what_is_asked_for() {
    with_messages().run(
        r#"
        C: a1 SEARCH RETURN (MIN MAX COUNT ALL) ALL
        S: * ESEARCH (TAG "a1") MIN 1 MAX 3 ALL 1:3 COUNT 3
        S: a1 OK
        C: a2 UID SEARCH RETURN () FLAGGED
        S: * ESEARCH (TAG "a2") UID ALL 3:4
        S: a2 OK
        C: a3 SEARCH RETURN (MIN COUNT) ANSWERED
        S: * ESEARCH (TAG "a3") COUNT 0
        S: a3 OK
        C: a4 SEARCH RETURN (MAX) ANSWERED
        S: * ESEARCH (TAG "a4")
        S: a4 OK
        "#,
    );
}

/// Of these the modification sequences are 4 (UID 2), 9 (UID 3) and 10 (UID 4).
#[test]
fn a_search_for_modseq_tells_the_highest() {
    with_messages().run(
        r#"
        C: a SEARCH MODSEQ 4
        S: * OK [HIGHESTMODSEQ 11]
        S: * SEARCH 2 3 (MODSEQ 10)
        S: a OK
        C: b SEARCH MODSEQ "/flags/\\seen" all 11
        S: * SEARCH
        S: b OK
        C: c SEARCH RETURN (MIN) MODSEQ 4
        S: * ESEARCH (TAG "c") MIN 2 MODSEQ 9
        S: c OK
        C: d SEARCH RETURN (MIN MAX) MODSEQ 4
        S: * ESEARCH (TAG "d") MIN 2 MAX 3 MODSEQ 10
        S: d OK
        C: e SEARCH RETURN (MIN COUNT) NOT MODSEQ 100
        S: * ESEARCH (TAG "e") MIN 1 COUNT 3 MODSEQ 10
        S: e OK
        "#,
    );
}
