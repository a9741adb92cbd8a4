//! SELECT, EXAMINE, CLOSE, UNSELECT, EXPUNGE (RFC 3501 §6.3.1, §6.3.2, §6.4).

use crate::conversation::{alice, server};
use imap_grammar::Extensions;
use imap_model::Configuration;

#[test]
fn select_tells_what_rfc3501_requires() {
    let mut conversation =
        server(Configuration { extensions: Extensions::NONE, ..Configuration::default() });
    conversation.login("a", "alice");
    conversation.run(
        r"
        C: a SELECT inbox
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * 0 EXISTS
        S: * 0 RECENT
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)]
        S: * OK [UIDNEXT 1]
        S: * OK [UIDVALIDITY 1]
        S: a OK [READ-WRITE]
        ",
    );
}

#[test]
fn only_one_session_sees_a_message_as_recent() {
    let mut conversation = alice();
    conversation.append_numbered(2);
    conversation.login("b", "alice");
    conversation.run(
        r"
        C: a EXAMINE INBOX
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK [UNSEEN 1]
        S: * OK [PERMANENTFLAGS ()]
        S: * OK [UIDNEXT 3]
        S: * OK [UIDVALIDITY 1]
        S: * OK [HIGHESTMODSEQ 3]
        S: a OK [READ-ONLY]
        C[b]: b SELECT INBOX
        S[b]: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S[b]: * 2 EXISTS
        S[b]: * 2 RECENT
        S[b]: * OK [UNSEEN 1]
        S[b]: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)]
        S[b]: * OK [UIDNEXT 3]
        S[b]: * OK [UIDVALIDITY 1]
        S[b]: * OK [HIGHESTMODSEQ 3]
        S[b]: b OK [READ-WRITE]
        C: c SELECT INBOX
        S: * OK [CLOSED]
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * 2 EXISTS
        S: * 0 RECENT
        S: * OK [UNSEEN 1]
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)]
        S: * OK [UIDNEXT 3]
        S: * OK [UIDVALIDITY 1]
        S: * OK [HIGHESTMODSEQ 3]
        S: c OK [READ-WRITE]
        C: d FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS ())
        S: d OK
        C[b]: e FETCH 1 FLAGS
        S[b]: * 1 FETCH (FLAGS (\Recent))
        S[b]: e OK
        C[b]: f STATUS INBOX (RECENT)
        S[b]: * STATUS INBOX (RECENT 2)
        S[b]: f OK
        ",
    );
}

#[test]
fn a_select_that_fails_deselects() {
    alice().run(
        r"
        C: a SELECT INBOX
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * 0 EXISTS
        S: * 0 RECENT
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)]
        S: * OK [UIDNEXT 1]
        S: * OK [UIDVALIDITY 1]
        S: * OK [HIGHESTMODSEQ 1]
        S: a OK [READ-WRITE]
        C: b SELECT none
        S: * OK [CLOSED]
        S: b NO [NONEXISTENT]
        C: c CHECK
        S: c BAD
        ",
    );
}

#[test]
fn examine_changes_nothing() {
    let mut conversation = alice();
    conversation.append("INBOX", "\\Deleted", "Subject: x\\r\\n\\r\\nbody");
    conversation.say("a", "x EXAMINE INBOX");
    conversation.ignore("a");
    conversation.run(
        r#"
        C: a FETCH 1 (FLAGS BODY[TEXT])
        S: * 1 FETCH (FLAGS (\Deleted \Recent) BODY[TEXT] "body")
        S: a OK
        C: b STORE 1 +FLAGS (\Seen)
        S: b NO
        C: c EXPUNGE
        S: c NO
        C: d MOVE 1 INBOX
        S: d NO
        C: e CLOSE
        S: e OK
        C: f STATUS INBOX (MESSAGES UNSEEN RECENT)
        S: * STATUS INBOX (MESSAGES 1 UNSEEN 1 RECENT 1)
        S: f OK
        "#,
    );
}

#[test]
fn expunge_counts_down() {
    let mut conversation = alice();
    conversation.append_numbered(11);
    conversation.say("a", "x SELECT INBOX");
    conversation.say("a", "x STORE 3,4,7,11 +FLAGS.SILENT (\\Deleted)");
    conversation.ignore("a");
    conversation.run(
        r"
        C: A202 EXPUNGE
        S: * 3 EXPUNGE
        S: * 3 EXPUNGE
        S: * 5 EXPUNGE
        S: * 8 EXPUNGE
        S: * 7 RECENT
        S: A202 OK
        C: a EXPUNGE
        S: a OK
        C: b UID SEARCH ALL
        S: * SEARCH 1 2 5 6 8 9 10
        S: b OK
        ",
    );
}

#[test]
fn uid_expunge_takes_the_set_only() {
    let mut conversation = alice();
    conversation.append_numbered(4);
    conversation.say("a", "x SELECT INBOX");
    conversation.say("a", "x STORE 1:3 +FLAGS.SILENT (\\Deleted)");
    conversation.ignore("a");
    conversation.run(
        r"
        C: a UID EXPUNGE 2:100
        S: * 2 EXPUNGE
        S: * 2 EXPUNGE
        S: * 2 RECENT
        S: a OK
        C: b FETCH 1:* (UID)
        S: * 1 FETCH (UID 1)
        S: * 2 FETCH (UID 4)
        S: b OK
        ",
    );
}

#[test]
fn close_expunges_and_unselect_does_not() {
    let mut conversation = alice();
    conversation.append("INBOX", "\\Deleted", "x");
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    conversation.run(
        r"
        C: a UNSELECT
        S: a OK
        C: b STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 1)
        S: b OK
        ",
    );
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    conversation.run(
        r"
        C: a CLOSE
        S: a OK
        C: b STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 0)
        S: b OK
        ",
    );
}
