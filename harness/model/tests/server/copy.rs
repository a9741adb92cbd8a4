//! COPY and MOVE (RFC 3501 §6.4.7, RFC 6851, RFC 4315).

use crate::conversation::{Conversation, alice, server};
use imap_grammar::Extensions;
use imap_model::Configuration;

fn fill(mut conversation: Conversation) -> Conversation {
    conversation.append("INBOX", "\\Seen $One", "Subject: 1\\r\\n\\r\\n");
    conversation.append("INBOX", "", "Subject: 2\\r\\n\\r\\n");
    conversation.append("INBOX", "\\Deleted", "Subject: 3\\r\\n\\r\\n");
    for command in ["x CREATE target", "x SELECT INBOX", "x UNSELECT", "x SELECT INBOX"] {
        conversation.say("a", command);
    }
    conversation.ignore("a");
    conversation
}

#[test]
fn copies_keep_flags_and_date_and_are_recent() {
    fill(alice()).run(
        r#"
        C: a COPY 1,3 target
        S: a OK [COPYUID 2 1,3 1:2]
        C: b UID COPY 2 target
        S: b OK [COPYUID 2 2 3]
        C: c COPY 1 none
        S: c NO [TRYCREATE]
        C: d COPY 1 "no*"
        S: d NO [CANNOT]
        C: e STATUS target (MESSAGES RECENT UNSEEN)
        S: * STATUS target (MESSAGES 3 RECENT 3 UNSEEN 2)
        S: e OK
        C: f EXAMINE target
        S: * OK [CLOSED]
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $One)
        S: * 3 EXISTS
        S: * 3 RECENT
        S: * OK [UNSEEN 2]
        S: * OK [PERMANENTFLAGS ()]
        S: * OK [UIDNEXT 4]
        S: * OK [UIDVALIDITY 2]
        S: * OK [HIGHESTMODSEQ 4]
        S: f OK [READ-ONLY]
        C: g FETCH 1:* (FLAGS INTERNALDATE)
        S: * 1 FETCH (FLAGS (\Seen $One \Recent) INTERNALDATE "17-Jul-1996 02:44:25 -0700")
        S: * 2 FETCH (FLAGS (\Deleted \Recent) INTERNALDATE "17-Jul-1996 02:44:25 -0700")
        S: * 3 FETCH (FLAGS (\Recent) INTERNALDATE "17-Jul-1996 02:44:25 -0700")
        S: g OK
        "#,
    );
}

#[test]
fn a_copy_into_the_same_mailbox_is_told() {
    fill(alice()).run(
        r"
        C: a COPY 2 INBOX
        S: * 4 EXISTS
        S: * 1 RECENT
        S: a OK [COPYUID 1 2 4]
        ",
    );
}

#[test]
fn moved_messages_go_in_one_step() {
    fill(alice()).run(
        r"
        C: a MOVE 1,3 target
        S: * OK [COPYUID 2 1,3 1:2]
        S: * 1 EXPUNGE
        S: * 2 EXPUNGE
        S: a OK [HIGHESTMODSEQ 5]
        C: b UID MOVE 9 target
        S: b OK
        C: c UID MOVE 2 none
        S: c NO [TRYCREATE]
        C: d UID MOVE 2 INBOX
        S: * OK [COPYUID 1 2 4]
        S: * 1 EXPUNGE
        S: * 1 EXISTS
        S: * 1 RECENT
        S: d OK [HIGHESTMODSEQ 7]
        C: e STATUS target (MESSAGES)
        S: * STATUS target (MESSAGES 2)
        S: e OK
        ",
    );
}

#[test]
fn without_uidplus_nothing_is_told_of_unique_identifiers() {
    let extensions = Extensions::from_capabilities(["MOVE", "LITERAL+"]);
    let mut conversation = server(Configuration { extensions, ..Configuration::default() });
    conversation.login("a", "alice");
    for command in ["x APPEND INBOX {1+}\\r\\nx", "x CREATE target", "x SELECT INBOX"] {
        conversation.say("a", command);
    }
    conversation.ignore("a");
    conversation.run(
        r"
        C: a COPY 1 target
        S: a OK
        C: b MOVE 1 target
        S: * 1 EXPUNGE
        S: * 0 RECENT
        S: b OK
        C: c APPEND target {1+}\r\nx
        S: c OK
        ",
    );
}

#[test]
fn all_are_copied_or_none() {
    let mut conversation = server(Configuration { keyword_limit: 1, ..Configuration::default() });
    conversation.login("a", "alice");
    let mut conversation = fill(conversation);
    conversation.append("target", "$Other", "x");
    conversation.run(
        r"
        C: a COPY 1:3 target
        S: a NO [LIMIT]
        C: b STATUS target (MESSAGES)
        S: * STATUS target (MESSAGES 1)
        S: b OK
        ",
    );
}
