//! What is said, in which order, and how it is written.

use std::time::Duration;

use imap_conform::{Entry, Happened, oracle};

use super::{SELECTED, fires, fires_selected, tolerates, tolerates_selected, transcript};

#[test]
fn a_frame_is_legal() {
    fires_selected("grammar", "S: * 1 FETCH (UID 0)");
    fires_selected("grammar", "S: * LIST () \"/\"");
    tolerates_selected("S: * OK [X-UNKNOWN some thing] text");
}

#[test]
fn a_flood_of_nonsense_is_not_found_line_by_line() {
    let nonsense = "S: x\n".repeat(200) + &"S: * LIST () \"/\"\n".repeat(7);
    let findings = oracle::observe(&transcript(&format!("{SELECTED}{nonsense}")), &[]);
    let cut = findings.iter().filter(|finding| finding.found.contains("more that are not shown"));
    assert_eq!(cut.count(), 1, "{findings:#?}");
    assert!(findings.len() < 100, "{}", findings.len());
    let is_list = |finding: &&imap_conform::Finding| {
        finding.requirement.as_ref().is_some_and(|id| id.to_string() != "rfc3501/9-76")
    };
    assert!(findings.iter().any(|finding| is_list(&finding)), "one kind hides another");
}

#[test]
fn a_frame_too_big_to_keep_is_not_judged() {
    tolerates_selected(
        "C: c FETCH 1 BODY[]\nS: * 1 FETCH (BODY[] {9000}⏎Subject:\n- more octets\nS: c OK done",
    );
    fires_selected(
        "grammar",
        "S: * 1 FETCH (UID 0)\nS: * 1 FETCH (BODY[] {9000}⏎Subject:\n- more octets",
    );
}

#[test]
fn the_greeting_comes_first() {
    fires("greeting-first", "S: * CAPABILITY IMAP4rev1");
    tolerates("S: * PREAUTH [CAPABILITY IMAP4rev1] welcome");
    tolerates("S: * BYE too busy");
}

#[test]
fn a_tag_is_pending() {
    fires_selected("tag-known", "C: c NOOP\nS: x OK done\nS: c OK done");
    fires_selected("tag-known", "C: c NOOP\nS: c OK done\nS: c OK again");
    tolerates_selected("C: c NOOP\nC: d NOOP\nS: d OK done\nS: c OK done");
    // A server cannot know the tag of what is no command.
    tolerates_selected("C: (\nS: * BAD what?");
    // A literal that is not waited for is a command where the announcement was refused.
    tolerates_selected("C: c APPEND box x {4}⏎hi ho\nS: c BAD no\nS: hi BAD what?");
}

/// A line that ends in LF alone is where some servers go on and others do not.
#[test]
fn what_cannot_be_read_may_have_selected_another_mailbox() {
    let mut all = transcript(SELECTED);
    let happened = Happened::Sent(b"c NOOP\n".to_vec());
    all.entries.push(Entry { at: Duration::ZERO, session: String::new(), happened });
    let behind = transcript(
        "S: c BAD what?\nC: d SELECT other\nS: * OK [UIDVALIDITY 8] valid\nS: d OK done",
    );
    all.entries.extend(behind.entries);
    assert_eq!(oracle::observe(&all, &[]), []);
}

#[test]
fn a_continuation_is_asked_for() {
    fires_selected("continuation-asked", "C: c NOOP\nS: + go on\nS: c OK done");
    tolerates_selected("C: c APPEND box {2}\nS: + go on\nC: hi\nS: c OK done");
    tolerates_selected("C: c IDLE\nS: + idling\nC: DONE\nS: c OK done");
    // A command can follow DONE at once.
    tolerates_selected("C: c IDLE\nS: + idling\nC: DONE\nC: d NOOP\nS: c OK done\nS: d OK done");
    tolerates("S: * OK ready\nC: a AUTHENTICATE PLAIN\nS: + Y2E=\nC: ****\nS: a OK done");
}

#[test]
fn nothing_comes_after_bye() {
    fires_selected("nothing-after-bye", "S: * BYE gone\nS: * 4 EXISTS");
    let late = "C: c LOGOUT\nS: * BYE bye\nS: c OK done\nS: * OK still here";
    fires_selected("nothing-after-bye", late);
    tolerates_selected("C: c LOGOUT\nS: * BYE bye\nS: c OK done");
}

#[test]
fn what_a_lenient_server_made_of_an_illegal_command_is_not_judged() {
    tolerates_selected("C: c LOGOUT x\nS: * BYE bye\nS: c OK done");
    tolerates("S: * PREAUTH ready\nC: c SELECT  x\nS: * 4 EXISTS\nS: c OK done\nS: * 5 EXISTS");
}

#[test]
fn body_structures_say_what_is_defined() {
    let structure = |item: &str, behind: &str| {
        let part = format!("(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 1 1{behind})");
        format!("S: * 1 FETCH ({item} ({part}({part} \"DIGEST\") \"MIXED\"))")
    };
    fires_selected("body-is-short", &structure("BODY", " NIL"));
    fires_selected(
        "extension-data-defined",
        &structure("BODYSTRUCTURE", " NIL NIL NIL NIL \"more\""),
    );
    tolerates_selected(&structure("BODY", ""));
    tolerates_selected(&structure("BODYSTRUCTURE", " NIL (\"inline\" NIL) (\"en\") \"http://a\""));
}

#[test]
fn system_flags_are_those_that_are_defined() {
    let id = "system-flags-defined";
    fires_selected(id, "S: * FLAGS (\\Answered \\Important)");
    fires_selected(id, "S: * 1 FETCH (FLAGS (\\Junk))");
    tolerates_selected("S: * 1 FETCH (FLAGS (\\Recent $Junk Important))");
}

#[test]
fn a_challenge_is_base64() {
    let id = "challenge-is-base64";
    let challenge = |text| {
        format!("S: * OK ready\nC: a AUTHENTICATE PLAIN\nS: + {text}\nC: *\nS: a BAD given up")
    };
    fires(id, &challenge("Go on!"));
    fires(id, &challenge("[ALERT] PDEyMz4="));
    tolerates(&challenge("PDEyMz4="));
    // What stands for a literal that is asked for is any text.
    tolerates_selected("C: c SELECT {3}\nS: + Go on!\nC: box\nS: c NO none");
}

#[test]
fn what_is_no_tag_may_come_back() {
    let answered = |tag| format!("C: a+1 NOOP\nS: {tag} OK done");
    // It matches the command, as a tag should, and is none.
    tolerates_selected(&answered("a+1"));
    fires_selected("grammar", &answered("b+1"));
    fires_selected("grammar", "C: c NOOP\nS: a+1 OK done");
    fires_selected("grammar", &answered("a+1 NEVER"));
}

#[test]
fn capabilities_are_told_alike() {
    let told = |unasked: &str, between: &str, asked: &str| {
        format!(
            "S: * OK [CAPABILITY {unasked}] ready
             {between}
             C: c CAPABILITY
             S: * CAPABILITY {asked}
             S: c OK done"
        )
    };
    fires("capabilities-agree", &told("IMAP4rev1 IDLE", "", "IMAP4rev1"));
    tolerates(&told("IMAP4rev1 IDLE", "", "idle imap4REV1"));
    // "An initial capabilities list", which leaves out what is of no use before authentication.
    tolerates(&told("IMAP4rev1 AUTH=PLAIN", "", "IMAP4rev1 AUTH=PLAIN IDLE"));
    for needed in ["AUTH=PLAIN", "STARTTLS", "LOGINDISABLED"] {
        fires("capabilities-agree", &told("IMAP4rev1", "", &format!("IMAP4rev1 {needed}")));
    }
    let login = "C: a LOGIN u ****\nS: a OK [CAPABILITY IMAP4rev1] done";
    fires("capabilities-agree", &told("IMAP4rev1", login, "IMAP4rev1 IDLE"));
    let login = "C: a LOGIN u ****\nS: a OK done";
    tolerates(&told("IMAP4rev1 STARTTLS", login, "IMAP4rev1 IDLE"));
    fires("imap4-is-first", "S: * OK [CAPABILITY IMAP4rev1 IMAP4] ready");
    tolerates("S: * OK [CAPABILITY IMAP4 IMAP4rev1] ready");
}
