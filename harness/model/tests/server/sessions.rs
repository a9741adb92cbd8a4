//! Several sessions on one mailbox (RFC 3501 §5.2, §7.4.1, RFC 2180, RFC 2177).

use crate::conversation::{alice, both_in};

#[test]
fn others_learn_of_new_messages_and_flags_at_their_next_command() {
    let mut conversation = both_in("INBOX");
    conversation.append("INBOX", "", "x");
    conversation.run(
        r"
        C[b]: a NOOP
        S[b]: * 1 EXISTS
        S[b]: * 0 RECENT
        S[b]: a OK
        C: b STORE 1 +FLAGS ($New \Seen)
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $New)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $New \*)]
        S: * 1 FETCH (FLAGS (\Seen $New \Recent))
        S: b OK
        C[b]: c CHECK
        S[b]: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $New)
        S[b]: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $New \*)]
        S[b]: * 1 FETCH (FLAGS (\Seen $New))
        S[b]: c OK
        C[b]: d NOOP
        S[b]: d OK
        ",
    );
}

#[test]
fn expunges_wait_while_numbers_are_in_use() {
    let mut conversation = both_in("INBOX");
    conversation.append_numbered(3);
    conversation.say("b", "x NOOP");
    conversation.ignore("b");
    conversation.run(
        r"
        C: a STORE 2 +FLAGS.SILENT (\Deleted)
        S: a OK
        C: b EXPUNGE
        S: * 2 EXPUNGE
        S: * 2 RECENT
        S: b OK
        C[b]: c FETCH 1:3 (UID)
        S[b]: * 1 FETCH (UID 1)
        S[b]: * 3 FETCH (UID 3)
        S[b]: c NO [EXPUNGEISSUED]
        C[b]: d STORE 2:3 +FLAGS (\Seen)
        S[b]: * 3 FETCH (FLAGS (\Seen))
        S[b]: d NO [EXPUNGEISSUED]
        C[b]: e STORE 2:3 +FLAGS.SILENT (\Draft)
        S[b]: e OK
        C[b]: f SEARCH ALL
        S[b]: * SEARCH 1 3
        S[b]: f OK
        C[b]: g UID SEARCH 3
        S[b]: * SEARCH 3
        S[b]: g OK
        C[b]: h COPY 2:3 INBOX
        S[b]: * 2 EXPUNGE
        S[b]: h NO [EXPUNGEISSUED]
        C[b]: i FETCH 1:2 (UID)
        S[b]: * 1 FETCH (UID 1)
        S[b]: * 2 FETCH (UID 3)
        S[b]: i OK
        C: j NOOP
        S: * 2 FETCH (FLAGS (\Seen \Draft \Recent))
        S: j OK
        ",
    );
}

#[test]
fn uid_commands_let_expunges_through() {
    let mut conversation = both_in("INBOX");
    conversation.append_numbered(2);
    conversation.say("b", "x NOOP");
    conversation.say("a", "x STORE 1 FLAGS (\\Deleted)");
    conversation.say("a", "x EXPUNGE");
    conversation.ignore("a");
    conversation.ignore("b");
    conversation.run(
        r"
        C[b]: a UID FETCH 1:2 (FLAGS)
        S[b]: * 2 FETCH (UID 2 FLAGS ())
        S[b]: * 1 EXPUNGE
        S[b]: a OK
        ",
    );
}

#[test]
fn what_comes_while_expunges_wait_is_numbered_behind() {
    let mut conversation = both_in("INBOX");
    conversation.append_numbered(1);
    conversation.say("b", "x NOOP");
    conversation.say("a", "x STORE 1 FLAGS (\\Deleted)");
    conversation.say("a", "x EXPUNGE");
    conversation.ignore("a");
    conversation.ignore("b");
    conversation.append_numbered(1);
    conversation.run(
        r"
        C[b]: a SEARCH ALL
        S[b]: * SEARCH
        S[b]: * 2 EXISTS
        S[b]: * 0 RECENT
        S[b]: a OK
        C[b]: b FETCH 2 (UID)
        S[b]: * 2 FETCH (UID 2)
        S[b]: b OK
        C[b]: c NOOP
        S[b]: * 1 EXPUNGE
        S[b]: c OK
        ",
    );
}

#[test]
fn a_silent_store_does_not_hide_what_others_did() {
    let mut conversation = both_in("INBOX");
    conversation.append_numbered(1);
    conversation.say("b", "x NOOP");
    conversation.say("a", "x STORE 1 FLAGS (\\Flagged)");
    conversation.ignore("a");
    conversation.ignore("b");
    conversation.run(
        r"
        C[b]: a STORE 1 +FLAGS.SILENT (\Seen)
        S[b]: * 1 FETCH (FLAGS (\Flagged \Seen))
        S[b]: a OK
        ",
    );
}

#[test]
fn an_idle_session_learns_at_once() {
    let mut conversation = both_in("INBOX");
    conversation.run(
        r"
        C[b]: a IDLE
        S[b]: +
        C: b APPEND INBOX {1+}\r\nx
        S: * 1 EXISTS
        S: * 1 RECENT
        S: b OK [APPENDUID 1 1]
        S[b]: * 1 EXISTS
        S[b]: * 0 RECENT
        C: c STORE 1 FLAGS.SILENT (\Deleted)
        S: c OK
        S[b]: * 1 FETCH (FLAGS (\Deleted))
        C: d EXPUNGE
        S: * 1 EXPUNGE
        S: * 0 RECENT
        S: d OK
        S[b]: * 1 EXPUNGE
        C[b]: DONE
        S[b]: a OK
        C[b]: e IDLE
        S[b]: +
        C[b]: e NOOP
        S[b]: e BAD
        ",
    );
}

#[test]
fn only_an_idle_session_is_told_unasked() {
    let mut conversation = both_in("INBOX");
    conversation.append("INBOX", "", "x");
    conversation.run("");
    conversation.run(
        r"
        C[b]: a NOOP
        S[b]: * 1 EXISTS
        S[b]: * 0 RECENT
        S[b]: a OK
        ",
    );
}

/// RFC 2180 §3.2
#[test]
fn a_deleted_mailbox_stays_for_who_has_it_selected() {
    let mut conversation = alice();
    conversation.say("a", "x CREATE box");
    conversation.append("box", "", "x");
    conversation.login("b", "alice");
    conversation.say("b", "x SELECT box");
    conversation.ignore("a");
    conversation.ignore("b");
    conversation.run(
        r"
        C: a DELETE box
        S: a OK
        C[b]: b STORE 1 +FLAGS (\Seen)
        S[b]: * 1 FETCH (FLAGS (\Seen \Recent))
        S[b]: b OK
        C[b]: c STATUS box (MESSAGES)
        S[b]: c NO [NONEXISTENT]
        C: d CREATE box
        S: d OK
        C[b]: e COPY 1 box
        S[b]: e OK [COPYUID 3 1 1]
        C[b]: f NOOP
        S[b]: f OK
        C[b]: g CLOSE
        S[b]: g OK
        C: h STATUS box (MESSAGES UIDVALIDITY)
        S: * STATUS box (MESSAGES 1 UIDVALIDITY 3)
        S: h OK
        ",
    );
}

/// RFC 2180 §3.4
#[test]
fn a_renamed_mailbox_stays_selected() {
    let mut conversation = alice();
    conversation.say("a", "x CREATE box");
    conversation.append("box", "", "x");
    conversation.login("b", "alice");
    conversation.say("b", "x SELECT box");
    conversation.ignore("a");
    conversation.ignore("b");
    conversation.run(
        r"
        C: a RENAME box other
        S: a OK
        C: b APPEND other {1+}\r\ny
        S: b OK [APPENDUID 2 2]
        C[b]: c NOOP
        S[b]: * 2 EXISTS
        S[b]: * 2 RECENT
        S[b]: c OK
        ",
    );
}

#[test]
fn a_renamed_inbox_is_emptied_under_the_eyes() {
    let mut conversation = both_in("INBOX");
    conversation.append_numbered(2);
    conversation.say("b", "x NOOP");
    conversation.ignore("b");
    conversation.run(
        r"
        C: a RENAME INBOX old
        S: * 1 EXPUNGE
        S: * 1 EXPUNGE
        S: * 0 RECENT
        S: a OK
        C[b]: b NOOP
        S[b]: * 1 EXPUNGE
        S[b]: * 1 EXPUNGE
        S[b]: b OK
        ",
    );
}

#[test]
fn a_lost_connection_leaves_the_mailbox() {
    let mut conversation = both_in("INBOX");
    conversation.append_numbered(1);
    conversation.disconnect("b");
    conversation.run(
        r"
        C: a NOOP
        S: a OK
        ",
    );
}
