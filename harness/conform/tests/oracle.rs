//! Each invariant is seen to fire, and seen to tolerate what the RFC allows.

use std::time::Duration;

use imap_conform::{
    Entry, Happened, Source, Transcript,
    oracle::{self, INVARIANTS, Invariant},
};

/// A transcript written as in an RFC: `C:` and `S:` lines, `C[name]:` for several sessions,
/// `---` for a barrier, `- more octets` for what was not kept. CRLF within a line is written `⏎`.
fn transcript(text: &str) -> Transcript {
    let mut entries = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (session, happened) = if line == "---" {
            ("", Happened::Barrier)
        } else if line == "- more octets" {
            ("", Happened::Omitted(1))
        } else {
            let (who, text) = line.split_once(':').expect("a line has a colon");
            let octets = format!("{}\r\n", text.trim_start().replace('⏎', "\r\n")).into_bytes();
            let session = who.get(1..).unwrap_or_default().trim_matches(['[', ']']);
            match &who[..1] {
                "C" => (session, Happened::Sent(octets)),
                _ => (session, Happened::Received(octets)),
            }
        };
        entries.push(Entry { at: Duration::ZERO, session: session.to_owned(), happened });
    }
    Transcript { entries }
}

/// The invariants that a transcript breaks, each once.
fn broken(text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for finding in oracle::observe(&transcript(text), &[]) {
        let Source::Invariant(id) = finding.source else { panic!("an invariant") };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// A session that has a mailbox of three messages selected.
const SELECTED: &str = "
    S: * OK ready
    C: a LOGIN u ****
    S: a OK done
    C: b SELECT box
    S: * 3 EXISTS
    S: * 0 RECENT
    S: * FLAGS (\\Seen \\Deleted)
    S: * OK [UIDVALIDITY 7] valid
    S: * OK [UIDNEXT 40] next
    S: b OK [READ-WRITE] done
";

#[track_caller]
fn fires(id: &str, text: &str) {
    assert_eq!(broken(text), [format!("oracle/{id}")], "in {text}");
}

#[track_caller]
fn tolerates(text: &str) {
    assert_eq!(broken(text), Vec::<String>::new(), "in {text}");
}

#[track_caller]
fn fires_selected(id: &str, text: &str) {
    fires(id, &format!("{SELECTED}{text}"));
}

#[track_caller]
fn tolerates_selected(text: &str) {
    tolerates(&format!("{SELECTED}{text}"));
}

/// For each further requirement of an invariant what breaks it.
fn breaches() -> Vec<(&'static str, &'static str, String)> {
    let selected = |text: &str| format!("{SELECTED}{text}");
    let bye = || "S: * BYE busy\nS: * OK on second thoughts".to_owned();
    let part = |item: &str, behind: &str| {
        selected(&format!("S: * 1 FETCH ({item} (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 {behind}))"))
    };
    let expunge = "no-expunge-while-numbers-count";
    vec![
        ("grammar", "6.5.1-04", selected("C: c NOOP\nS: * X-LOAD 3\nS: c OK done")),
        ("tag-known", "2.2-03", selected("C: c NOOP\nS: c OK done\nS: c OK again")),
        ("tag-known", "2.2.2-04", selected("C: c NOOP\nS: C OK done\nS: c OK done")),
        ("nothing-after-bye", "3.4-07", bye()),
        ("nothing-after-bye", "7.1.5-04", selected("S: * BYE Autologout\nS: * OK still here")),
        ("nothing-after-bye", "7.1.5-05", bye()),
        ("nothing-after-bye", "9-110", selected("C: c NOOP\nS: * BYE crash\nS: c OK done")),
        ("exists-never-shrinks", "5.2-06", selected("C: c CHECK\nS: * 2 EXISTS\nS: c OK done")),
        (expunge, "5.3-02", selected("S: * 1 EXPUNGE")),
        (expunge, "7.4.1-08", selected("C: c NOOP\nS: c OK done\nS: * 1 EXPUNGE")),
        (
            expunge,
            "7.4.1-10",
            selected(
                "C: c FETCH 1 UID\nC: d SEARCH TEXT {1}\nS: * 2 EXPUNGE\nS: c OK done\nS: d NO no",
            ),
        ),
        (
            expunge,
            "7.4.1-11",
            selected("C: c STATUS {3}\nS: * 2 EXPUNGE\nS: + go on\nC: box ()\nS: c BAD what?"),
        ),
        ("uids-ascend", "2.3.1.1-17", selected("S: * 1 FETCH (UID 12)\nS: * 2 FETCH (UID 11)")),
        ("uids-ascend", "2.3.1.2-08", selected("S: * 3 FETCH (UID 12)\nS: * 2 FETCH (UID 13)")),
        (
            "static-data-stays",
            "2.3.1.1-22",
            selected(
                "S: * 1 FETCH (UID 10 BODY[TEXT] \"x\")\nS: * 1 FETCH (UID 10 BODY[TEXT] \"y\")",
            ),
        ),
        (
            "static-data-stays",
            "2.3.1.1-23",
            selected("S: * 1 FETCH (UID 10 RFC822.SIZE 7)\nS: * 1 FETCH (UID 10 RFC822.SIZE 8)"),
        ),
        (
            "static-data-stays",
            "9-99",
            selected(
                "S: * 1 FETCH (UID 10 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")
                 S: * 1 FETCH (UID 10 INTERNALDATE \"17-Jul-1996 02:44:26 -0700\")",
            ),
        ),
        ("body-is-short", "7.4.2-03", part("BODY", "NIL NIL NIL")),
        ("body-is-short", "7.4.2-18", part("BODY", "NIL")),
        ("extension-data-defined", "9-22", part("BODYSTRUCTURE", "NIL NIL NIL NIL (1 (NIL))")),
        ("system-flags-defined", "2.3.2-09", selected("S: * FLAGS (\\Seen \\Forwarded)")),
        (
            "challenge-is-base64",
            "9-19",
            "S: * OK ready\nC: a AUTHENTICATE CRAM-MD5\nS: + PDEyMz4\nC: *\nS: a BAD no".to_owned(),
        ),
    ]
}

#[test]
fn every_further_requirement_of_an_invariant_is_seen_to_be_broken() {
    for (invariant, _, text) in breaches() {
        fires(invariant, &text);
    }
    let seen =
        breaches().into_iter().map(|(id, of, _)| (format!("oracle/{id}"), format!("rfc3501/{of}")));
    let claims = |invariant: &'static Invariant| {
        invariant.also.iter().map(|of| (invariant.id.to_owned(), (*of).to_owned()))
    };
    assert_eq!(seen.collect::<Vec<_>>(), INVARIANTS.iter().flat_map(claims).collect::<Vec<_>>());
}

#[test]
fn a_frame_is_legal() {
    fires_selected("grammar", "S: * 1 FETCH (UID 0)");
    fires_selected("grammar", "S: * LIST () \"/\"");
    tolerates_selected("S: * OK [X-UNKNOWN some thing] text");
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
fn exists_never_shrinks() {
    fires_selected("exists-never-shrinks", "C: c NOOP\nS: * 2 EXISTS\nS: c OK done");
    tolerates_selected("C: c NOOP\nS: * 1 EXPUNGE\nS: * 2 EXISTS\nS: c OK done");
    tolerates_selected("C: c NOOP\nS: * 5 EXISTS\nS: c OK done");
}

#[test]
fn a_number_is_in_range() {
    fires_selected("number-in-range", "C: c FETCH 1 FLAGS\nS: * 4 FETCH (FLAGS ())\nS: c OK done");
    fires_selected("number-in-range", "C: c EXPUNGE\nS: * 4 EXPUNGE\nS: c OK done");
    fires_selected("number-in-range", "C: c SEARCH ALL\nS: * SEARCH 1 4\nS: c OK done");
    tolerates_selected("C: c UID SEARCH ALL\nS: * SEARCH 10 40\nS: c OK done");
}

#[test]
fn no_expunge_while_numbers_count() {
    let id = "no-expunge-while-numbers-count";
    fires_selected(id, "C: c FETCH 1 FLAGS\nS: * 2 EXPUNGE\nS: c OK done");
    fires_selected(id, "C: c STORE 1 FLAGS ()\nS: * 2 EXPUNGE\nS: c OK done");
    fires_selected(id, "C: c SEARCH ALL\nS: * 2 EXPUNGE\nS: c OK done");
    fires_selected(id, "S: * 2 EXPUNGE");
    tolerates_selected("C: c UID FETCH 1 FLAGS\nS: * 2 EXPUNGE\nS: c OK done");
    tolerates_selected("C: c IDLE\nS: + idling\nS: * 2 EXPUNGE\nC: DONE\nS: c OK done");
    tolerates_selected("C: c FETCH 1 FLAGS\nC: d NOOP\nS: * 2 EXPUNGE\nS: c OK done\nS: d OK done");
}

#[test]
fn a_uid_stays_with_its_message() {
    let fetch = "C: c UID FETCH 1:* FLAGS\nS: * 1 FETCH (UID 10 FLAGS ())\nS: c OK done\n";
    fires_selected("uid-stays", &format!("{fetch}S: * 1 FETCH (UID 11 FLAGS ())"));
    tolerates_selected(&format!(
        "{fetch}C: d EXPUNGE\nS: * 1 EXPUNGE\nS: d OK done\nS: * 1 FETCH (UID 11 FLAGS ())"
    ));
}

#[test]
fn uids_ascend() {
    fires_selected("uids-ascend", "S: * 2 FETCH (UID 10)\nS: * 1 FETCH (UID 11)");
    fires_selected("uids-ascend", "S: * 1 FETCH (UID 11)\nS: * 2 FETCH (UID 11)");
    tolerates_selected("S: * 3 FETCH (UID 30)\nS: * 1 FETCH (UID 11)");
}

#[test]
fn a_uid_is_below_uidnext() {
    let new = |uid| format!("C: c NOOP\nS: * 4 EXISTS\nS: c OK done\nS: * 4 FETCH (UID {uid})");
    fires_selected("uid-below-uidnext", "S: * 3 FETCH (UID 40)");
    fires_selected("uid-below-uidnext", &new(39));
    tolerates_selected(&new(90));
}

#[test]
fn mail_may_arrive_while_a_mailbox_is_selected() {
    let opened = |mailbox: &str, opening: &str, uid: u32, number: u32| {
        format!(
            "S: * OK ready
             C: a LOGIN u ****
             S: a OK done
             C: b SELECT {mailbox}
             S: * FLAGS (\\Seen)
             S: * 0 RECENT
             {opening}
             S: b OK [READ-WRITE] done
             C: c UID FETCH {uid} UID
             S: * {number} FETCH (UID {uid})
             S: c OK done"
        )
    };
    let behind = "S: * 3 EXISTS\nS: * OK [UIDNEXT 40] next\nS: * 4 EXISTS";
    tolerates(&opened("inbox", behind, 40, 4));
    fires("uid-below-uidnext", &opened("inbox", behind, 40, 3));
    let before = "S: * OK [UIDNEXT 40] next\nS: * 3 EXISTS";
    tolerates(&opened("inbox", before, 40, 3));
    fires("uid-below-uidnext", &opened("box", before, 40, 3));
    let between = "S: * 3 EXISTS\nS: * OK [UIDNEXT 41] next\nS: * 4 EXISTS";
    tolerates(&opened("inbox", between, 40, 4));
}

#[test]
fn recent_is_not_told_where_rev2_is_enabled() {
    let selected = |enabled: &str| {
        format!(
            "S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 ENABLE CONDSTORE] ready
             C: a LOGIN u ****
             S: a OK done
             C: b ENABLE {enabled}
             S: * ENABLED {enabled}
             S: b OK done
             C: c SELECT box
             S: * 3 EXISTS
             S: * FLAGS (\\Seen)
             S: c OK [READ-WRITE] done"
        )
    };
    tolerates(&selected("IMAP4rev2"));
    fires("select-data", &selected("CONDSTORE"));
}

#[test]
fn uidnext_and_uidvalidity_never_fall() {
    let status = |tag, next, validity| {
        format!(
            "C: {tag} STATUS other (UIDNEXT UIDVALIDITY)
             S: * STATUS other (UIDNEXT {next} UIDVALIDITY {validity})
             S: {tag} OK done\n"
        )
    };
    let again = |next, validity| status("c", 9, 5) + &status("d", next, validity);
    fires_selected("uidnext-never-falls", &again(8, 5));
    fires_selected("uidvalidity-never-falls", &again(9, 4));
    tolerates_selected(&again(1, 6));
    // The name is another mailbox's after a DELETE or a RENAME, and no order is asked of the two.
    let renamed = "C: x RENAME older other\nS: x OK done\n".to_owned();
    tolerates_selected(&(status("c", 9, 5) + &renamed + &status("d", 1, 4)));
    let changed = "C: c NOOP\nS: * OK [UIDVALIDITY 8] changed\nS: c OK done";
    fires_selected("uidvalidity-never-falls", changed);
}

#[test]
fn static_data_stays() {
    let id = "static-data-stays";
    let fetch = "S: * 1 FETCH (UID 10 RFC822.SIZE 100)\n";
    fires_selected(id, &format!("{fetch}S: * 1 FETCH (UID 10 RFC822.SIZE 101)"));
    let text = "S: * 1 FETCH (UID 10 BODY[TEXT] \"x\")\nS: * 1 FETCH (UID 10 BODY[TEXT] \"y\")";
    fires_selected(id, text);
    tolerates_selected(
        "S: * 1 FETCH (UID 10 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")
         S: * 1 FETCH (UID 10 INTERNALDATE \"17-Jul-1996 09:44:25 +0000\")",
    );
    tolerates_selected(&text.replace("[TEXT]", "[TEXT]<0>"));
}

#[test]
fn the_size_is_true() {
    fires_selected("size-is-true", "S: * 1 FETCH (RFC822.SIZE 3 BODY[] \"ab\")");
    tolerates_selected("S: * 1 FETCH (RFC822.SIZE 4 BODY[] {4}⏎ab⏎)");
    tolerates_selected("S: * 1 FETCH (RFC822.SIZE 4 BODY[TEXT] \"ab\")");
}

#[test]
fn recent_messages_exist() {
    fires_selected("recent-among-exists", "C: c NOOP\nS: * 4 RECENT\nS: c OK done");
    tolerates_selected("C: c NOOP\nS: * 3 RECENT\nS: c OK done");
    // No order is laid down.
    tolerates_selected("C: c NOOP\nS: * 4 RECENT\nS: * 4 EXISTS\nS: c OK done");
    // Nothing obliges a server to tell anew how many are recent where one of them went.
    tolerates_selected(
        "C: c NOOP\nS: * 3 RECENT\nS: c OK done\nC: d EXPUNGE\nS: * 2 EXPUNGE\nS: d OK done",
    );
    fires_selected(
        "recent-among-exists",
        "C: c EXPUNGE\nS: * 2 EXPUNGE\nS: * 3 RECENT\nS: c OK done",
    );
}

#[test]
fn what_may_be_about_the_mailbox_before_is_not_judged() {
    tolerates_selected(
        "C: c SELECT other
         S: * 4 EXISTS
         S: * 9 FETCH (FLAGS ())
         S: * 1 EXISTS
         S: * 0 RECENT
         S: * FLAGS ()
         S: c OK done",
    );
}

#[test]
fn what_a_lenient_server_made_of_an_illegal_command_is_not_judged() {
    tolerates_selected("C: c LOGOUT x\nS: * BYE bye\nS: c OK done");
    tolerates("S: * PREAUTH ready\nC: c SELECT  x\nS: * 4 EXISTS\nS: c OK done\nS: * 5 EXISTS");
}

#[test]
fn nil_says_nothing_about_an_expunged_message() {
    tolerates_selected("S: * 1 FETCH (UID 10 BODY[] \"x\")\nS: * 1 FETCH (UID 10 BODY[] NIL)");
}

#[test]
fn select_is_answered_with_its_data() {
    let select = |data| format!("{SELECTED}C: c EXAMINE box\n{data}S: c OK [READ-ONLY] done");
    fires("select-data", &select("S: * 3 EXISTS\nS: * 0 RECENT\n"));
    tolerates(&select("S: * 0 RECENT\nS: * 3 EXISTS\nS: * FLAGS ()\n"));
    tolerates_selected("C: c SELECT none\nS: c NO there is none");
}

#[test]
fn message_data_belongs_to_the_selected_state() {
    let id = "data-belongs-to-state";
    fires(id, "S: * OK ready\nS: * 3 EXISTS");
    fires_selected(id, "C: c CLOSE\nS: c OK done\nS: * 1 FETCH (FLAGS ())");
    tolerates_selected("C: c NOOP\nS: * 4 EXISTS\nS: * 1 FETCH (FLAGS ())\nS: c OK done");
}

#[test]
fn store_tells_the_flags_it_made() {
    let id = "flags-are-true";
    let store = |store, told, status| {
        format!("C: c STORE 1 {store}\nS: * 1 FETCH (FLAGS ({told}))\nS: c {status} done")
    };
    fires_selected(id, &store("+FLAGS (\\Seen)", "", "OK"));
    fires_selected(id, &store("-FLAGS (\\Seen)", "\\Seen", "OK"));
    tolerates_selected(&store("+FLAGS (\\Seen)", "\\Seen kw", "OK"));
    tolerates_selected(&store("+FLAGS (kw)", "", "OK"));
    tolerates_selected(&store("+FLAGS (\\Seen)", "", "NO"));
    let fleeting = "C: n NOOP\nS: * OK [PERMANENTFLAGS (\\Deleted)] kept\nS: n OK done\n";
    tolerates_selected(&(fleeting.to_owned() + &store("+FLAGS (\\Seen)", "", "OK")));
    // Another session's change, told before this one's.
    tolerates_selected(
        "C: c STORE 1 +FLAGS (\\Seen)
         S: * 1 FETCH (FLAGS (\\Flagged))
         S: * 1 FETCH (FLAGS (\\Flagged \\Seen))
         S: c OK done",
    );
    // A number means another message once one before it is expunged.
    tolerates_selected(
        "C: c UID STORE 12 +FLAGS (\\Seen)
         S: * 2 FETCH (UID 11 FLAGS ())
         S: * 3 FETCH (UID 12 FLAGS (\\Seen))
         S: * 1 EXPUNGE
         S: c OK done",
    );
}

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

#[test]
fn a_name_without_inferiors_has_none() {
    let list = |above: &str, below: &str| {
        format!("C: c LIST \"\" *\nS: * LIST {below}\nS: * LIST {above}\nS: c OK done")
    };
    let above = "(\\Noinferiors) \"/\" a";
    fires_selected("no-inferiors", &list(above, "() \"/\" a/b"));
    tolerates_selected(&list(above, "() \"/\" ab"));
    tolerates_selected(&list("() \"/\" a", "() \"/\" a/b"));
    tolerates_selected(&(list(above, "() \"/\" x") + "\n" + &list("() \"/\" y", "() \"/\" a/b")));
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
