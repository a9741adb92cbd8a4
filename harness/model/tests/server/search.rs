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

/// Each message was held against each number, in the order of the set.
#[test]
fn a_set_of_as_many_numbers_as_fit_into_a_line_is_searched_for() {
    let mut conversation = alice();
    for _ in 0..1000 {
        conversation.append("INBOX", "", "");
    }
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    let set = vec!["1000"; 200_000].join(",");
    conversation.run(&format!(
        "C: a SEARCH {set}
         S: * SEARCH 1000
         S: a OK
         C: b UID SEARCH UID {set} NOT NOT UID {set}
         S: * SEARCH 1000
         S: b OK"
    ));
}

/// Each of the keys decoded the whole message.
#[test]
fn a_message_is_read_once_for_all_keys() {
    let mut conversation = alice();
    let line = "T25lIGxpbmUgb2YgZm9ydHktdHdvIG9jdGV0cyB0byBzZWFyY2gu\\r\\n";
    let header = "Content-Transfer-Encoding: base64\\r\\nSubject: =?utf-8?q?=C3=A4?=\\r\\n";
    let message = format!("{header}\\r\\n{}", line.repeat(500));
    conversation.append("INBOX", "", &message);
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    let keys =
        "TEXT one BODY two NOT TEXT zz NOT FROM x HEADER subject \"\" NOT SENTON 1-Jan-1970 ";
    conversation.run(&format!(
        "C: a SEARCH CHARSET UTF-8 {}ALL
         S: * SEARCH 1
         S: a OK",
        keys.repeat(5000),
    ));
}

#[test]
fn keys_that_look_through_too_much_together_are_refused() {
    let mut conversation = alice();
    conversation.append("INBOX", "", &format!("Subject: x\\r\\n\\r\\n{}", "y".repeat(50_000)));
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    for key in ["NOT TEXT zz", "OR BODY zz SEEN", "(BODY zz)"] {
        let keys = vec![key; 50_000].join(" ");
        conversation.run(&format!("C: a SEARCH {keys}\nS: a NO [LIMIT]"));
    }
    // In the header alone these are found soon.
    let keys = vec!["NOT SUBJECT zz"; 50_000].join(" ");
    conversation.run(&format!("C: a SEARCH {keys}\nS: * SEARCH 1\nS: a OK"));
}
