//! What one session is told of mailboxes and of the messages of the one that is selected.

use super::{SELECTED, fires, fires_selected, tolerates, tolerates_selected};

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
fn the_greatest_number_has_none_above_it() {
    let opening = "S: * OK ready\nC: a LOGIN u ****\nS: a OK done\nC: b SELECT inbox\n";
    tolerates(&format!("{opening}S: * 4294967295 FETCH (UID 1)\nS: * 1 EXISTS\n"));
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
