//! What several sessions are told of one mailbox.

use super::{fires, tolerates, tolerates_selected};

/// What a session is told when it selects a mailbox and asks for the flags of its last message.
fn session(name: &str, exists: u32, uid: u32, flags: &str) -> String {
    format!(
        "S[{name}]: * OK ready
         C[{name}]: a LOGIN u ****
         S[{name}]: a OK done
         C[{name}]: b SELECT box
         S[{name}]: * {exists} EXISTS
         S[{name}]: * 0 RECENT
         S[{name}]: * FLAGS ()
         S[{name}]: * OK [PERMANENTFLAGS (\\Seen)] kept
         S[{name}]: * OK [UIDVALIDITY 7] valid
         S[{name}]: b OK done
         C[{name}]: c UID FETCH 1:* FLAGS
         S[{name}]: * {exists} FETCH (UID {uid} FLAGS ({flags}))
         S[{name}]: c OK done\n"
    )
}

#[test]
fn sessions_in_step_agree() {
    let phone = session("phone", 3, 10, "");
    let more = session("laptop", 4, 11, "");
    let other = session("laptop", 3, 11, "");
    fires("new-mail-is-told", &format!("{phone}{more}---"));
    fires("new-mail-is-told", &format!("{phone}{other}---"));
    tolerates(&format!("{phone}{}---", session("laptop", 3, 10, "")));
    tolerates(&format!("{phone}{more}"));
    // Another mailbox, that of another user.
    tolerates(&format!("{phone}{}---", more.replace("LOGIN u", "LOGIN v")));
    // What one session expunged the other may go on to show.
    let expunge = "C[phone]: d EXPUNGE\nS[phone]: d OK done\n";
    fires("sessions-agree", &format!("{phone}{expunge}{more}---"));
    fires("sessions-agree", &format!("{phone}{expunge}{other}---"));
}

#[test]
fn sessions_in_step_see_the_same_flags() {
    let two = |one, other| session("phone", 3, 10, one) + &session("laptop", 3, 10, other) + "---";
    fires("flags-agree", &two("\\Seen", ""));
    tolerates(&two("\\Seen", "\\Seen"));
    // Which session sees it is not laid down, and these cannot be changed for good.
    tolerates(&two("\\Recent \\Flagged kw", ""));
    fires("flags-agree", &two("kw", "").replace("(\\Seen)", "(\\*)"));
    fires("flags-agree", &two("\\Flagged", "").replace("[PERMANENTFLAGS (\\Seen)]", ""));
}

#[test]
fn a_change_of_flags_is_told_before_it_is_asked_for() {
    let id = "changes-are-told";
    let phone = session("phone", 3, 10, "\\Seen");
    let again = "C[phone]: e UID FETCH 1:* FLAGS
                 S[phone]: * 3 FETCH (UID 10 FLAGS ())
                 S[phone]: e OK done
                 ---";
    let noop = |told| format!("C[phone]: d NOOP\n{told}S[phone]: d OK done\n");
    fires(id, &format!("{phone}{}{again}", noop("")));
    tolerates(&format!("{phone}{}{again}", noop("S[phone]: * 3 FETCH (FLAGS ())\n")));
    let store = "C[phone]: s STORE 3 -FLAGS.SILENT (\\Seen)\nS[phone]: s OK done\n";
    tolerates(&format!("{phone}{store}{}{again}", noop("")));
}

#[test]
fn a_message_is_the_same_in_every_session() {
    let fetch = |name: &str, data: &str| {
        session(name, 3, 10, "")
            + &format!(
                "C[{name}]: f FETCH 3 BODY.PEEK[TEXT]\nS[{name}]: * 3 FETCH (BODY[TEXT] \"{data}\")\nS[{name}]: f OK done\n"
            )
    };
    fires("static-data-stays", &(fetch("phone", "x") + &fetch("laptop", "y")));
    tolerates(&(fetch("phone", "x") + &fetch("laptop", "x")));
    // What is expunged elsewhere may be shown as empty (RFC 2180 §4.1.3).
    tolerates(&(fetch("phone", "x") + &fetch("laptop", "")));
    let other_user = fetch("laptop", "y").replace("LOGIN u", "LOGIN v");
    tolerates(&(fetch("phone", "x") + &other_user));
}

#[test]
fn another_session_may_give_a_name_to_another_mailbox() {
    let status = |name, tag, validity| {
        format!(
            "C[{name}]: {tag} STATUS other (UIDVALIDITY)
             S[{name}]: * STATUS other (UIDVALIDITY {validity})
             S[{name}]: {tag} OK done\n"
        )
    };
    let begin = session("phone", 3, 10, "") + &session("laptop", 3, 10, "");
    let rename = "C[phone]: r RENAME older other\nS[phone]: r OK done\n";
    let first = begin + &status("laptop", "s", 5);
    tolerates(&format!("{first}{rename}{}", status("laptop", "t", 4)));
    fires("uidvalidity-never-falls", &(first + &status("laptop", "t", 4)));
}

#[test]
fn vanished_names_what_was_there() {
    let vanished = |uid, command| {
        format!(
            "S: * OK [CAPABILITY IMAP4rev1 ENABLE QRESYNC] ready
             C: a LOGIN u ****
             S: a OK done
             C: b SELECT box
             S: * 1 EXISTS
             S: * 0 RECENT
             S: * FLAGS ()
             S: b OK done
             C: c FETCH 1 UID
             S: * 1 FETCH (UID 10)
             S: c OK done
             C: d {command}
             S: * VANISHED {uid}
             S: d OK done"
        )
    };
    fires("vanished-was-there", &vanished("9:10", "NOOP"));
    fires("no-expunge-while-numbers-count", &vanished("10", "SEARCH ALL"));
    tolerates(&vanished("10", "NOOP"));
    tolerates(&vanished("(EARLIER) 3:5", "UID FETCH 1:* FLAGS"));
}

#[test]
fn pipelined_commands_that_change_the_mailbox_make_the_oracle_silent() {
    tolerates_selected(
        "C: c FETCH 1:* FLAGS
         C: d SELECT other
         S: * 9 FETCH (FLAGS ())
         S: c OK done
         S: * 1 EXISTS
         S: * 0 RECENT
         S: * FLAGS ()
         S: d OK done",
    );
}
