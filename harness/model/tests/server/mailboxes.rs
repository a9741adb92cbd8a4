//! CREATE, DELETE, RENAME, STATUS, APPEND and subscriptions (RFC 3501 §6.3).

use crate::conversation::{alice, server};
use imap_model::Configuration;

#[test]
fn create_makes_the_superiors_as_well() {
    alice().run(
        r#"
        C: a CREATE owatagusiam/
        S: a OK
        C: b CREATE owatagusiam/blurdybloop/x
        S: b OK
        C: c LIST "" *
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * LIST (\HasChildren) "/" owatagusiam
        S: * LIST (\HasChildren) "/" owatagusiam/blurdybloop
        S: * LIST (\HasNoChildren) "/" owatagusiam/blurdybloop/x
        S: c OK
        "#,
    );
}

#[test]
fn names_that_cannot_be_are_refused() {
    let mut conversation = alice();
    for name in ["\"\"", "/", "/a", "a//b", "a//", "\"a*\"", "\"a%b\"", "a&b", "\"a&AGE-\"", "&Jjo"]
    {
        conversation.run(&format!("C: a CREATE {name}\nS: a NO [CANNOT]"));
    }
    let long = "a".repeat(2000);
    conversation.run(&format!("C: a CREATE {long}\nS: a NO [CANNOT]"));
    conversation.run(
        r"
        C: a CREATE inbox
        S: a NO [ALREADYEXISTS]
        C: b CREATE inBox/
        S: b NO [ALREADYEXISTS]
        C: c CREATE inbox/a
        S: c OK
        C: d CREATE INBOX/a
        S: d NO [ALREADYEXISTS]
        C: e RENAME INBOX/a a//b
        S: e NO [CANNOT]
        C: f SUBSCRIBE a//b
        S: f NO [CANNOT]
        C: g CREATE &Jjo-!
        S: g OK
        ",
    );
}

/// The first example of RFC 3501 §6.3.4, and the second.
#[test]
fn a_deleted_name_with_inferiors_stays_a_name() {
    let mut conversation = alice();
    conversation.run(
        r#"
        C: a CREATE blurdybloop
        S: a OK
        C: a CREATE foo/bar
        S: a OK
        C: A683 DELETE blurdybloop
        S: A683 OK
        C: A684 DELETE foo
        S: A684 OK
        C: A685 DELETE foo
        S: A685 NO [CANNOT]
        C: A686 LIST "" *
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * LIST (\Noselect \HasChildren) "/" foo
        S: * LIST (\HasNoChildren) "/" foo/bar
        S: A686 OK
        C: A687 SELECT foo
        S: A687 NO
        C: A688 DELETE foo/bar
        S: A688 OK
        C: A689 LIST "" f%
        S: * LIST (\Noselect \HasNoChildren) "/" foo
        S: A689 OK
        C: A690 DELETE foo
        S: A690 OK
        C: A691 LIST "" f%
        S: A691 OK
        C: A692 DELETE foo
        S: A692 NO [NONEXISTENT]
        C: A693 DELETE inbox
        S: A693 NO [CANNOT]
        "#,
    );
}

#[test]
fn a_name_that_cannot_be_selected_can_become_a_mailbox() {
    alice().run(
        r"
        C: a CREATE a/b
        S: a OK
        C: b DELETE a
        S: b OK
        C: c CREATE a
        S: c OK
        C: d STATUS a (UIDVALIDITY)
        S: * STATUS a (UIDVALIDITY 4)
        S: d OK
        ",
    );
}

#[test]
fn a_mailbox_that_comes_again_has_a_greater_uidvalidity() {
    let mut conversation = alice();
    conversation.run(
        r"
        C: a CREATE a
        S: a OK
        C: b STATUS a (UIDVALIDITY)
        S: * STATUS a (UIDVALIDITY 2)
        S: b OK
        C: c CREATE b
        S: c OK
        C: d DELETE b
        S: d OK
        C: e RENAME a b
        S: e OK
        C: f STATUS b (UIDVALIDITY)
        S: * STATUS b (UIDVALIDITY 4)
        S: f OK
        C: g RENAME b c
        S: g OK
        C: h STATUS c (UIDVALIDITY)
        S: * STATUS c (UIDVALIDITY 4)
        S: h OK
        ",
    );
}

#[test]
fn uidvalidity_grows_where_too_many_names_are_gone_to_know_each() {
    let mut conversation = server(Configuration { mailbox_limit: 3, ..Configuration::default() });
    conversation.login("a", "alice");
    conversation.run("C: a CREATE old\nS: a OK");
    for name in ["a", "b", "c", "d", "e"] {
        conversation.run(&format!("C: a CREATE {name}\nS: a OK\nC: b DELETE {name}\nS: b OK"));
    }
    conversation.run(
        r"
        C: c RENAME old a
        S: c OK
        C: d STATUS a (UIDVALIDITY)
        S: * STATUS a (UIDVALIDITY 8)
        S: d OK
        ",
    );
}

/// RFC 3501 §6.3.5
#[test]
fn rename_takes_the_inferiors_along() {
    alice().run(
        r#"
        C: a CREATE foo/bar
        S: a OK
        C: b CREATE foobar
        S: b OK
        C: c DELETE foo
        S: c OK
        C: d RENAME foo new/zowie
        S: d OK
        C: e LIST "" *
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * LIST (\HasNoChildren) "/" foobar
        S: * LIST (\HasChildren) "/" new
        S: * LIST (\Noselect \HasChildren) "/" new/zowie
        S: * LIST (\HasNoChildren) "/" new/zowie/bar
        S: e OK
        C: f RENAME foo x
        S: f NO [NONEXISTENT]
        C: g RENAME new foobar
        S: g NO [ALREADYEXISTS]
        C: h RENAME new new/below
        S: h NO [CANNOT]
        C: i RENAME new inbox
        S: i NO [ALREADYEXISTS]
        "#,
    );
}

#[test]
fn rename_of_inbox_takes_its_messages_only() {
    let mut conversation = alice();
    conversation.append("INBOX", "\\Seen $Todo", "one");
    conversation.append("INBOX", "", "two");
    conversation.run(
        r#"
        C: a CREATE INBOX/below
        S: a OK
        C: b RENAME inbox old/mail
        S: b OK
        C: c LIST "" *
        S: * LIST (\HasChildren) "/" INBOX
        S: * LIST (\HasNoChildren) "/" INBOX/below
        S: * LIST (\HasChildren) "/" old
        S: * LIST (\HasNoChildren) "/" old/mail
        S: c OK
        C: d STATUS INBOX (MESSAGES UIDNEXT)
        S: * STATUS INBOX (MESSAGES 0 UIDNEXT 3)
        S: d OK
        C: e STATUS old/mail (MESSAGES UNSEEN RECENT)
        S: * STATUS old/mail (MESSAGES 2 UNSEEN 1 RECENT 2)
        S: e OK
        "#,
    );
}

#[test]
fn subscriptions_outlive_mailboxes() {
    alice().run(
        r#"
        C: a CREATE a
        S: a OK
        C: b SUBSCRIBE a
        S: b OK
        C: c SUBSCRIBE a
        S: c OK
        C: d DELETE a
        S: d OK
        C: e LSUB "" *
        S: * LSUB () "/" a
        S: e OK
        C: f UNSUBSCRIBE a
        S: f OK
        C: g UNSUBSCRIBE a
        S: g NO
        C: h LSUB "" *
        S: h OK
        "#,
    );
}

#[test]
fn status_tells_what_is_asked_in_that_order() {
    let mut conversation = alice();
    conversation.append_numbered(2);
    conversation.append("INBOX", "\\Seen", "x");
    conversation.run(
        r"
        C: a STATUS inbox (UNSEEN MESSAGES UIDNEXT UIDVALIDITY RECENT UNSEEN)
        S: * STATUS INBOX (UNSEEN 2 MESSAGES 3 UIDNEXT 4 UIDVALIDITY 1 RECENT 3)
        S: a OK
        C: b STATUS none (MESSAGES)
        S: b NO [NONEXISTENT]
        ",
    );
}

#[test]
fn status_does_not_count_what_is_expunged_as_recent() {
    let mut conversation = alice();
    conversation.login("b", "alice");
    conversation.append_numbered(2);
    conversation.say("a", "x SELECT INBOX");
    conversation.ignore("a");
    for command in ["x SELECT INBOX", "x STORE 1 +FLAGS (\\Deleted)", "x EXPUNGE"] {
        conversation.say("b", command);
    }
    conversation.ignore("b");
    conversation.run(
        r#"
        C: a STATUS INBOX (MESSAGES RECENT)
        S: * STATUS INBOX (MESSAGES 1 RECENT 1)
        S: * 1 EXPUNGE
        S: * 1 RECENT
        S: a OK
        C: b LIST "" INBOX RETURN (STATUS (MESSAGES RECENT))
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * STATUS INBOX (MESSAGES 1 RECENT 1)
        S: b OK
        C[b]: c STATUS INBOX (MESSAGES RECENT)
        S[b]: * STATUS INBOX (MESSAGES 1 RECENT 0)
        S[b]: c OK
        "#,
    );
}

#[test]
fn a_mailbox_is_created_where_there_is_no_room_to_subscribe_to_it() {
    let mut conversation = server(Configuration {
        subscribes_on_create: true,
        mailbox_limit: 2,
        ..Configuration::default()
    });
    conversation.login("a", "alice");
    conversation.run(
        r#"
        C: a SUBSCRIBE x
        S: a OK
        C: b SUBSCRIBE y
        S: b OK
        C: c CREATE z
        S: c OK
        C: d LIST "" z
        S: * LIST (\HasNoChildren) "/" z
        S: d OK
        C: e LSUB "" z
        S: e OK
        "#,
    );
}

#[test]
fn nothing_makes_an_inbox_where_users_have_none() {
    let mut conversation = server(Configuration { inbox: false, ..Configuration::default() });
    conversation.login("a", "alice");
    conversation.run(
        r#"
        C: a CREATE a
        S: a OK
        C: b RENAME a inbox
        S: b NO [CANNOT]
        C: c CREATE INBOX
        S: c NO [CANNOT]
        C: d CREATE INBOX/x
        S: d OK
        C: e RENAME a INBOX/y
        S: e OK
        C: f SELECT INBOX
        S: f NO [NONEXISTENT]
        C: g LIST "" *
        S: * LIST (\HasNoChildren) "/" INBOX/x
        S: * LIST (\HasNoChildren) "/" INBOX/y
        S: g OK
        C: h LIST "" %
        S: * LIST (\Noselect \HasChildren) "/" INBOX
        S: h OK
        "#,
    );
}

#[test]
fn append_keeps_flags_and_date() {
    alice().run(
        r#"
        C: a APPEND none {1+}\r\nx
        S: a NO [TRYCREATE]
        C: b APPEND "no*ne" {1+}\r\nx
        S: b NO [CANNOT]
        C: c APPEND INBOX (\Seen \Strange $New) "01-Feb-2024 10:20:30 +0100" {1+}\r\nx
        S: c OK [APPENDUID 1 1]
        C: d APPEND INBOX {1+}\r\ny
        S: d OK [APPENDUID 1 2]
        C: e EXAMINE INBOX
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $New)
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK [UNSEEN 2]
        S: * OK [PERMANENTFLAGS ()]
        S: * OK [UIDNEXT 3]
        S: * OK [UIDVALIDITY 1]
        S: * OK [HIGHESTMODSEQ 3]
        S: e OK [READ-ONLY]
        C: f FETCH 1:2 (INTERNALDATE FLAGS)
        S: * 1 FETCH (INTERNALDATE " 1-Feb-2024 10:20:30 +0100" FLAGS (\Seen $New \Recent))
        S: * 2 FETCH (INTERNALDATE "17-Jul-1996 02:44:25 -0700" FLAGS (\Recent))
        S: f OK
        "#,
    );
}

#[test]
fn limits_are_told() {
    let mut conversation = server(Configuration {
        mailbox_limit: 3,
        storage_limit: 10,
        keyword_limit: 1,
        ..Configuration::default()
    });
    conversation.login("a", "alice");
    conversation.run(
        r"
        C: a CREATE a/b/c
        S: a NO [LIMIT]
        C: b CREATE a/b
        S: b OK
        C: c CREATE c
        S: c NO [LIMIT]
        C: d RENAME INBOX c
        S: d NO [LIMIT]
        C: e APPEND INBOX {11+}\r\n12345678901
        S: e NO [OVERQUOTA]
        C: f APPEND INBOX ($One) {10+}\r\n1234567890
        S: f OK [APPENDUID 1 1]
        C: g APPEND INBOX {1+}\r\n1
        S: g NO [OVERQUOTA]
        C: h APPEND a ($One $Two) {0+}\r\n
        S: h NO [LIMIT]
        ",
    );
}

#[test]
fn names_belong_to_the_namespace() {
    let mut conversation = server(Configuration {
        delimiter: Some(b'.'),
        personal_prefix: "INBOX.".to_owned(),
        ..Configuration::default()
    });
    conversation.login("a", "alice");
    conversation.run(
        r#"
        C: a NAMESPACE
        S: * NAMESPACE (("INBOX." ".")) NIL NIL
        S: a OK
        C: b CREATE work
        S: b NO [CANNOT]
        C: c CREATE INBOX.work
        S: c OK
        C: d LIST "" %
        S: * LIST (\HasChildren) "." INBOX
        S: d OK
        C: e CREATE INBOXES
        S: e NO [CANNOT]
        "#,
    );
}

#[test]
fn a_flat_server_has_no_hierarchy() {
    let mut conversation = server(Configuration { delimiter: None, ..Configuration::default() });
    conversation.login("a", "alice");
    conversation.run(
        r#"
        C: a NAMESPACE
        S: * NAMESPACE (("" NIL)) NIL NIL
        S: a OK
        C: b CREATE a/b
        S: b OK
        C: c LIST "" ""
        S: * LIST (\Noselect) NIL ""
        S: c OK
        C: d LIST "" %
        S: * LIST (\HasNoChildren) NIL INBOX
        S: * LIST (\HasNoChildren) NIL a/b
        S: d OK
        "#,
    );
}
