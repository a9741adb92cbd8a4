//! QRESYNC (RFC 7162 §3.2).

use crate::conversation::{Conversation, alice, both_in};

/// Ten messages in INBOX, of which UIDs 3, 4 and 8 are expunged (modification sequence 15) and
/// UID 5 has a new flag (16).
fn changed() -> Conversation {
    let mut conversation = alice();
    conversation.append_numbered(10);
    for command in [
        "x SELECT INBOX",
        "x STORE 3,4,8 +FLAGS (\\Deleted)",
        "x EXPUNGE",
        "x STORE 3 +FLAGS (\\Seen)",
        "x UNSELECT",
    ] {
        conversation.say("a", command);
    }
    conversation.ignore("a");
    conversation
}

const DESCRIPTION: &str = r"
    S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
    S: * 7 EXISTS
    S: * 0 RECENT
    S: * OK [UNSEEN 1]
    S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)]
    S: * OK [UIDNEXT 11]
    S: * OK [UIDVALIDITY 1]
    S: * OK [HIGHESTMODSEQ 16]
    ";

#[test]
fn qresync_has_to_be_enabled() {
    changed().run(
        r"
        C: a SELECT INBOX (QRESYNC (1 1))
        S: a BAD
        C: b EXAMINE INBOX
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * 7 EXISTS
        S: * 0 RECENT
        S: * OK [UNSEEN 1]
        S: * OK [PERMANENTFLAGS ()]
        S: * OK [UIDNEXT 11]
        S: * OK [UIDVALIDITY 1]
        S: * OK [HIGHESTMODSEQ 16]
        S: b OK [READ-ONLY]
        C: c UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)
        S: c BAD
        C: d ENABLE QRESYNC
        S: * OK [HIGHESTMODSEQ 16]
        S: * ENABLED QRESYNC
        S: d OK
        C: e UID FETCH 4:* (FLAGS) (CHANGEDSINCE 14 VANISHED)
        S: * VANISHED (EARLIER) 4,8
        S: * 3 FETCH (UID 5 FLAGS (\Seen) MODSEQ (16))
        S: e OK
        C: f UID FETCH 1:* (FLAGS) (CHANGEDSINCE 15 VANISHED)
        S: * 3 FETCH (UID 5 FLAGS (\Seen) MODSEQ (16))
        S: f OK
        ",
    );
}

#[test]
fn select_tells_what_has_changed() {
    for (parameter, changes) in [
        // Another UIDVALIDITY: nothing is known.
        ("2 1", ""),
        // Everything, by the time and by the set.
        (
            "1 14",
            "S: * VANISHED (EARLIER) 3:4,8\n\
             S: * 3 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (16))",
        ),
        ("1 16", ""),
        ("1 14 1:3,9", "S: * VANISHED (EARLIER) 3"),
        // The third message has UID 5, so the client knows what went before it.
        (
            "1 14 1:10 (1,3 1,5)",
            "S: * VANISHED (EARLIER) 8\n\
             S: * 3 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (16))",
        ),
        // The fourth does not have UID 4.
        (
            "1 14 1:10 (2,4,9 2,4,9)",
            "S: * VANISHED (EARLIER) 3:4,8\n\
             S: * 3 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (16))",
        ),
    ] {
        changed().run(&format!(
            "C: e ENABLE QRESYNC CONDSTORE
             S: * ENABLED CONDSTORE QRESYNC
             S: e OK
             C: a SELECT INBOX (QRESYNC ({parameter}))
             {DESCRIPTION}
             {changes}
             S: a OK [READ-WRITE]"
        ));
    }
    changed().run(
        r"
        C: a ENABLE QRESYNC
        S: * ENABLED QRESYNC
        S: a OK
        C: b SELECT INBOX (QRESYNC (1 1 1:10 (2,1 2,1)))
        S: b BAD
        ",
    );
}

#[test]
fn expunges_are_told_as_vanished() {
    let mut conversation = alice();
    conversation.append_numbered(4);
    for command in ["x ENABLE QRESYNC", "x SELECT INBOX", "x STORE 1,3,4 +FLAGS.SILENT (\\Deleted)"]
    {
        conversation.say("a", command);
    }
    conversation.ignore("a");
    conversation.run(
        r"
        C: a UID EXPUNGE 4
        S: * VANISHED 4
        S: * 3 RECENT
        S: a OK [HIGHESTMODSEQ 9]
        C: b EXPUNGE
        S: * VANISHED 1,3
        S: * 1 RECENT
        S: b OK [HIGHESTMODSEQ 10]
        C: c EXPUNGE
        S: c OK
        C: d CLOSE
        S: d OK
        ",
    );
}

/// RFC 7162 §3.2 and the example of §6.
#[test]
fn what_is_held_back_is_not_taken_for_known() {
    let mut conversation = both_in("INBOX");
    conversation.append_numbered(3);
    for command in ["x NOOP", "x ENABLE QRESYNC"] {
        conversation.say("b", command);
    }
    conversation.say("a", "x STORE 3 FLAGS (\\Deleted)");
    conversation.say("b", "x NOOP");
    conversation.say("a", "x EXPUNGE");
    conversation.ignore("a");
    conversation.ignore("b");
    conversation.run(
        r"
        C[b]: a STORE 2 +FLAGS.SILENT (\Seen)
        S[b]: * 2 FETCH (UID 2 MODSEQ (7))
        S[b]: * OK [HIGHESTMODSEQ 5]
        S[b]: a OK
        C[b]: b NOOP
        S[b]: * VANISHED 3
        S[b]: b OK
        ",
    );
}
