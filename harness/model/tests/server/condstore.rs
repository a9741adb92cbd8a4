//! CONDSTORE (RFC 7162 §3.1).

use imap_grammar::{Extension, Extensions};
use imap_model::Configuration;

use crate::conversation::{Conversation, alice, both_in, server};

/// Messages with the modification sequences 2, 3 and 4.
fn with_messages() -> Conversation {
    let mut conversation = alice();
    conversation.append_numbered(3);
    for command in ["x SELECT INBOX", "x UNSELECT", "x SELECT INBOX"] {
        conversation.say("a", command);
    }
    conversation.ignore("a");
    conversation
}

#[test]
fn the_first_enabling_command_tells_the_highest() {
    for (command, answer) in [
        ("FETCH 1 (MODSEQ)", "S: * 1 FETCH (MODSEQ (2))"),
        ("ENABLE CONDSTORE", "S: * ENABLED CONDSTORE"),
        ("STATUS INBOX (HIGHESTMODSEQ)", "S: * STATUS INBOX (HIGHESTMODSEQ 4)"),
        ("FETCH 1:3 (UID) (CHANGEDSINCE 3)", "S: * 3 FETCH (UID 3 MODSEQ (4))"),
        ("SEARCH MODSEQ 4", "S: * SEARCH 3 (MODSEQ 4)"),
    ] {
        let highest = "S: * OK [HIGHESTMODSEQ 4]";
        with_messages().run(&format!(
            "C: a {command}\n{highest}\n{answer}\nS: a OK\nC: b {command}\n{answer}\nS: b OK"
        ));
    }
}

#[test]
fn once_enabled_changes_come_with_modseq() {
    with_messages().run(
        r#"
        C: a ENABLE X-UNKNOWN CONDSTORE
        S: * OK [HIGHESTMODSEQ 4]
        S: * ENABLED CONDSTORE
        S: a OK
        C: b STORE 1 +FLAGS (\Seen)
        S: * 1 FETCH (UID 1 FLAGS (\Seen) MODSEQ (5))
        S: b OK
        C: c STORE 1 +FLAGS.SILENT (\Seen)
        S: c OK
        C: d STORE 2 +FLAGS.SILENT (\Seen)
        S: * 2 FETCH (UID 2 MODSEQ (6))
        S: d OK
        C: e FETCH 3 BODY[TEXT]
        S: * 3 FETCH (BODY[TEXT] "3" FLAGS (\Seen) UID 3 MODSEQ (7))
        S: e OK
        C: f UID FETCH 1:* (FLAGS) (CHANGEDSINCE 5)
        S: * 2 FETCH (UID 2 FLAGS (\Seen) MODSEQ (6))
        S: * 3 FETCH (UID 3 FLAGS (\Seen) MODSEQ (7))
        S: f OK
        "#,
    );
}

#[test]
fn a_conditional_store_leaves_what_has_changed() {
    with_messages().run(
        r"
        C: a STORE 1:3 (UNCHANGEDSINCE 3) +FLAGS.SILENT (\Deleted)
        S: * OK [HIGHESTMODSEQ 4]
        S: * 1 FETCH (UID 1 MODSEQ (5))
        S: * 2 FETCH (UID 2 MODSEQ (6))
        S: a OK [MODIFIED 3]
        C: b UID STORE 1:3 (UNCHANGEDSINCE 0) FLAGS ()
        S: b OK [MODIFIED 1:3]
        C: c STORE 1,1:2,1 (UNCHANGEDSINCE 6) -FLAGS (\Deleted)
        S: * 1 FETCH (UID 1 FLAGS () MODSEQ (7))
        S: * 2 FETCH (UID 2 FLAGS () MODSEQ (8))
        S: c OK
        ",
    );
}

/// RFC 7162 §3.1.3
#[test]
fn unchanged_since_zero_sets_a_keyword_that_is_not_set() {
    with_messages().run(
        r"
        C: a STORE 1 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)
        S: * OK [HIGHESTMODSEQ 4]
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $MDNSent)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $MDNSent \*)]
        S: * 1 FETCH (UID 1 MODSEQ (5))
        S: a OK
        C: b STORE 1 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSENT)
        S: b OK [MODIFIED 1]
        C: c UID STORE 1:2 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)
        S: * 2 FETCH (UID 2 MODSEQ (6))
        S: c OK [MODIFIED 1]
        C: d STORE 1 (UNCHANGEDSINCE 0) -FLAGS ($MDNSent)
        S: d OK [MODIFIED 1]
        C: e STORE 3 (UNCHANGEDSINCE 0) +FLAGS (\Seen)
        S: e OK [MODIFIED 3]
        C: f STORE 3 (UNCHANGEDSINCE 0) -FLAGS (\Seen $MDNSent)
        S: f OK [MODIFIED 3]
        C: g STORE 3 (UNCHANGEDSINCE 0) FLAGS ($MDNSent)
        S: g OK [MODIFIED 3]
        ",
    );
}

/// RFC 7162 §3.1.12
#[test]
fn a_conditional_store_is_not_refused_for_other_flags() {
    let mut conversation = both_in("INBOX");
    conversation.append_numbered(1);
    for command in ["x NOOP", "x ENABLE CONDSTORE"] {
        conversation.say("b", command);
    }
    conversation.ignore("b");
    conversation.run(
        r"
        C: a STORE 1 +FLAGS.SILENT (\Deleted)
        S: a OK
        C[b]: b STORE 1 (UNCHANGEDSINCE 2) -FLAGS.SILENT (\Deleted)
        S[b]: * 1 FETCH (UID 1 FLAGS (\Deleted) MODSEQ (3))
        S[b]: b OK [MODIFIED 1]
        C: c STORE 1 +FLAGS.SILENT (\Seen)
        S: c OK
        C[b]: d STORE 1 (UNCHANGEDSINCE 3) FLAGS.SILENT (\Flagged)
        S[b]: * 1 FETCH (UID 1 FLAGS (\Deleted \Seen) MODSEQ (4))
        S[b]: d OK [MODIFIED 1]
        C: e STORE 1 +FLAGS.SILENT (\Draft)
        S: e OK
        C[b]: f STORE 1 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\Flagged)
        S[b]: * 1 FETCH (UID 1 MODSEQ (6))
        S[b]: * 1 FETCH (UID 1 FLAGS (\Flagged \Deleted \Seen \Draft) MODSEQ (6))
        S[b]: f OK
        C[b]: g STORE 1 (UNCHANGEDSINCE 5) -FLAGS.SILENT (\Flagged)
        S[b]: g OK [MODIFIED 1]
        ",
    );
}

#[test]
fn others_are_told_with_modseq_where_they_understand_it() {
    let mut conversation = both_in("INBOX");
    conversation.append_numbered(1);
    conversation.say("b", "x NOOP");
    conversation.say("b", "x FETCH 1 (MODSEQ)");
    conversation.ignore("b");
    conversation.run(
        r"
        C: a STORE 1 +FLAGS.SILENT (\Seen)
        S: a OK
        C[b]: b FETCH 1 (FLAGS)
        S[b]: * 1 FETCH (FLAGS (\Seen))
        S[b]: * 1 FETCH (UID 1 FLAGS (\Seen) MODSEQ (3))
        S[b]: b OK
        C[b]: c STORE 1 (UNCHANGEDSINCE 2) FLAGS ()
        S[b]: c OK [MODIFIED 1]
        ",
    );
}

#[test]
fn select_can_enable() {
    let mut conversation = alice();
    conversation.append_numbered(1);
    conversation.run(
        r"
        C: a SELECT INBOX (CONDSTORE)
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * 1 EXISTS
        S: * 1 RECENT
        S: * OK [UNSEEN 1]
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)]
        S: * OK [UIDNEXT 2]
        S: * OK [UIDVALIDITY 1]
        S: * OK [HIGHESTMODSEQ 2]
        S: a OK [READ-WRITE]
        C: b STORE 1 FLAGS (\Seen)
        S: * 1 FETCH (UID 1 FLAGS (\Seen \Recent) MODSEQ (3))
        S: b OK
        ",
    );
}

/// RFC 7162 §3.2.11: a server that advertises QRESYNC or CONDSTORE.
#[test]
fn a_mailbox_is_closed_under_condstore_alone() {
    let extensions = Extensions::NONE.with(Extension::CondStore);
    let mut conversation = server(Configuration { extensions, ..Configuration::default() });
    conversation.login("a", "alice");
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    conversation.run(
        r"
        C: a EXAMINE INBOX
        S: * OK [CLOSED]
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * 0 EXISTS
        S: * 0 RECENT
        S: * OK [PERMANENTFLAGS ()]
        S: * OK [UIDNEXT 1]
        S: * OK [UIDVALIDITY 1]
        S: * OK [HIGHESTMODSEQ 1]
        S: a OK [READ-ONLY]
        ",
    );
}
