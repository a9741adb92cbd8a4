//! What the model loses where it is made to, and only then.

use imap_model::{Configuration, Lapse};

use crate::conversation::{Conversation, server};

/// Alice in two sessions of a server with that lapse, both with INBOX selected.
fn both_with(lapse: Option<Lapse>) -> Conversation {
    let mut conversation = server(Configuration { lapse, ..Configuration::default() });
    for session in ["a", "b"] {
        conversation.login(session, "alice");
        conversation.say(session, "x SELECT INBOX");
        conversation.ignore(session);
    }
    conversation
}

/// What a session is told that looks at INBOX with that command.
fn told(conversation: &mut Conversation, session: &str, command: &str) -> Vec<String> {
    conversation.say(session, &format!("x {command}"));
    conversation.ignore(session)
}

fn tells(lines: &[String], line: &str) -> bool {
    lines.iter().any(|told| told.starts_with(line))
}

#[test]
fn the_uid_of_an_expunged_message_is_given_again() {
    for (lapse, uid) in [(None, 3), (Some(Lapse::ReusesUids), 2)] {
        let mut conversation = both_with(lapse);
        conversation.append_numbered(2);
        told(&mut conversation, "a", "STORE 2 +FLAGS (\\Deleted)");
        told(&mut conversation, "a", "EXPUNGE");
        conversation.append_numbered(1);
        let lines = told(&mut conversation, "a", "FETCH 2 (UID)");
        assert!(tells(&lines, &format!("* 2 FETCH (UID {uid})")), "{lapse:?}: {lines:?}");
    }
}

#[test]
fn messages_are_numbered_anew_when_all_have_left() {
    for (lapse, uid) in [(None, 2), (Some(Lapse::RenumbersUids), 1)] {
        let mut conversation = both_with(lapse);
        conversation.append_numbered(2);
        told(&mut conversation, "a", "STORE 1 +FLAGS (\\Deleted)");
        told(&mut conversation, "a", "EXPUNGE");
        let lines = told(&mut conversation, "a", "FETCH 1 (UID)");
        assert!(tells(&lines, "* 1 FETCH (UID 2)"), "{lapse:?}: {lines:?}");
        told(&mut conversation, "a", "UNSELECT");
        told(&mut conversation, "b", "UNSELECT");
        told(&mut conversation, "a", "SELECT INBOX");
        let lines = told(&mut conversation, "a", "FETCH 1 (UID)");
        assert!(tells(&lines, &format!("* 1 FETCH (UID {uid})")), "{lapse:?}: {lines:?}");
    }
}

#[test]
fn a_session_counts_what_is_there_without_telling_what_is_gone() {
    for (lapse, uid) in [(None, 2), (Some(Lapse::ForgetsNumbers), 3)] {
        let mut conversation = both_with(lapse);
        conversation.append_numbered(3);
        told(&mut conversation, "b", "NOOP");
        told(&mut conversation, "a", "STORE 1 +FLAGS (\\Deleted)");
        told(&mut conversation, "a", "EXPUNGE");
        let lines = told(&mut conversation, "b", "FETCH 2 (UID)");
        assert!(tells(&lines, &format!("* 2 FETCH (UID {uid})")), "{lapse:?}: {lines:?}");
    }
}

#[test]
fn whoever_leaves_removes_what_is_deleted() {
    for (lapse, left) in [(None, 1), (Some(Lapse::ExpungesOnLeaving), 0)] {
        let mut conversation = both_with(lapse);
        conversation.append("INBOX", "\\Deleted", "x");
        told(&mut conversation, "a", "UNSELECT");
        let lines = told(&mut conversation, "a", "STATUS INBOX (MESSAGES)");
        assert!(
            tells(&lines, &format!("* STATUS INBOX (MESSAGES {left})")),
            "{lapse:?}: {lines:?}"
        );
    }
}

#[test]
fn a_flag_that_is_set_already_takes_a_modification_sequence() {
    for (lapse, rises) in [(None, false), (Some(Lapse::TouchesUnchanged), true)] {
        let mut conversation = both_with(lapse);
        conversation.append("INBOX", "\\Seen", "x");
        let before = told(&mut conversation, "a", "FETCH 1 (MODSEQ)");
        told(&mut conversation, "a", "STORE 1 +FLAGS.SILENT (\\Seen)");
        let after = told(&mut conversation, "a", "FETCH 1 (MODSEQ)");
        let modseq =
            |lines: &[String]| lines.iter().find(|line| line.contains("MODSEQ (")).cloned();
        assert_eq!(modseq(&before) != modseq(&after), rises, "{lapse:?}: {before:?}, {after:?}");
    }
}

#[test]
fn a_silent_store_is_carried_out_behind_the_next_command() {
    for (lapse, first) in [(None, "* SEARCH 1"), (Some(Lapse::StoresLate), "* SEARCH")] {
        let mut conversation = both_with(lapse);
        conversation.append_numbered(1);
        told(&mut conversation, "a", "STORE 1 +FLAGS.SILENT (\\Flagged)");
        for expected in [first, "* SEARCH 1"] {
            let lines = told(&mut conversation, "a", "SEARCH FLAGGED");
            assert!(lines.iter().any(|line| line == expected), "{lapse:?}: {lines:?}");
        }
    }
}

#[test]
fn a_message_that_others_have_changed_is_stored_to() {
    for (lapse, flags) in [(None, "\\Seen"), (Some(Lapse::StoresModified), "\\Draft")] {
        let mut conversation = both_with(lapse);
        conversation.append("INBOX", "", "x");
        told(&mut conversation, "a", "STORE 1 FLAGS.SILENT (\\Seen)");
        told(&mut conversation, "b", "NOOP");
        let lines = told(&mut conversation, "b", "STORE 1 (UNCHANGEDSINCE 1) FLAGS (\\Draft)");
        assert!(lines.iter().any(|line| line.contains("[MODIFIED 1]")), "{lapse:?}: {lines:?}");
        let lines = told(&mut conversation, "b", "FETCH 1 (FLAGS)");
        assert!(lines.iter().any(|line| line.contains(flags)), "{lapse:?}: {lines:?}");
    }
}

#[test]
fn append_creates_the_mailbox() {
    for (lapse, end) in [(None, "x NO"), (Some(Lapse::AppendCreates), "x OK")] {
        let mut conversation = both_with(lapse);
        let lines = told(&mut conversation, "a", "APPEND new {1+}\r\nx");
        assert!(tells(&lines, end), "{lapse:?}: {lines:?}");
    }
}

#[test]
fn a_failed_move_removes_the_messages() {
    for (lapse, left) in [(None, 1), (Some(Lapse::MoveLoses), 0)] {
        let mut conversation = both_with(lapse);
        conversation.append_numbered(1);
        let lines = told(&mut conversation, "a", "MOVE 1 new");
        assert!(tells(&lines, "x NO"), "{lapse:?}: {lines:?}");
        let lines = told(&mut conversation, "a", "STATUS INBOX (MESSAGES)");
        let status = format!("* STATUS INBOX (MESSAGES {left})");
        assert!(tells(&lines, &status), "{lapse:?}: {lines:?}");
    }
}

#[test]
fn the_connection_goes_on_after_logout() {
    for (lapse, goes_on) in [(None, false), (Some(Lapse::StaysAfterLogout), true)] {
        let mut conversation = both_with(lapse);
        told(&mut conversation, "a", "LOGOUT");
        let lines = told(&mut conversation, "a", "NOOP");
        assert_eq!(tells(&lines, "x OK"), goes_on, "{lapse:?}: {lines:?}");
    }
}
