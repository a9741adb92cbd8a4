//! LIST and LSUB (RFC 3501 §6.3.8, §6.3.9, RFC 5258, RFC 5819, RFC 6154).

use crate::conversation::{Conversation, alice, server};
use imap_grammar::Extensions;
use imap_model::Configuration;

fn with_mailboxes(names: &[&str]) -> Conversation {
    let mut conversation = server(Configuration { children: false, ..Configuration::default() });
    conversation.login("a", "alice");
    for name in names {
        conversation.run(&format!("C: a CREATE {name}\nS: a OK"));
    }
    conversation
}

#[test]
fn an_empty_pattern_asks_for_the_delimiter() {
    alice().run(
        r#"
        C: a LIST "" ""
        S: * LIST (\Noselect) "/" ""
        S: a OK
        C: b LIST foo/bar ""
        S: * LIST (\Noselect) "/" ""
        S: b OK
        C: c LIST () "" ("")
        S: c OK
        "#,
    );
}

/// Every name was held against each of the wildcards.
#[test]
fn a_million_wildcards_are_one() {
    let mut conversation = alice();
    for number in 0..300 {
        conversation.exchange("a", &format!("x CREATE mailbox{number}"));
    }
    let wildcards = "%".repeat(1_000_000);
    let responses = conversation.exchange("a", &format!("a LIST \"\" {wildcards}"));
    assert_eq!(responses.len(), 302, "INBOX, the others and OK");
    let responses = conversation.exchange("a", &format!("a LIST \"\" {}", "%a".repeat(500_000)));
    assert_eq!(responses.len(), 1, "{responses:?}");
}

#[test]
fn so_many_patterns_can_be_asked_for_at_once() {
    let patterns = |count| vec!["INBOX"; count].join(" ");
    alice().run(&format!(
        r#"
        C: a LIST "" ({}) RETURN ()
        S: * LIST (\HasNoChildren) "/" INBOX
        S: a OK
        C: b LIST "" ({}) RETURN ()
        S: b NO [LIMIT]
        "#,
        patterns(100),
        patterns(101),
    ));
}

#[test]
fn patterns_are_put_behind_the_reference() {
    with_mailboxes(&["foo/bar/baz", "foo2"]).run(
        r#"
        C: a LIST "" %
        S: * LIST () "/" INBOX
        S: * LIST () "/" foo
        S: * LIST () "/" foo2
        S: a OK
        C: b LIST foo/ %
        S: * LIST () "/" foo/bar
        S: b OK
        C: c LIST foo *
        S: * LIST () "/" foo
        S: * LIST () "/" foo/bar
        S: * LIST () "/" foo/bar/baz
        S: * LIST () "/" foo2
        S: c OK
        C: d LIST "" inbox
        S: * LIST () "/" INBOX
        S: d OK
        C: e LIST "" %/%
        S: * LIST () "/" foo/bar
        S: e OK
        C: f LIST "" nothing
        S: f OK
        "#,
    );
}

/// RFC 3501 §6.3.9
#[test]
fn lsub_shows_the_level_above_a_subscription() {
    alice().run(
        r#"
        C: a SUBSCRIBE foo/bar
        S: a OK
        C: b LSUB "" %
        S: * LSUB (\Noselect) "/" foo
        S: b OK
        C: c LSUB "" *
        S: * LSUB () "/" foo/bar
        S: c OK
        C: d SUBSCRIBE foo
        S: d OK
        C: e LSUB "" %
        S: * LSUB () "/" foo
        S: e OK
        "#,
    );
}

/// RFC 5258 §5, example 2, and the table of §3.5.
#[test]
fn subscribed_names_are_told_exactly() {
    let mut conversation = with_mailboxes(&["Fruit/Banana", "Vegetable/Corn"]);
    for name in ["Fruit/Banana", "Fruit/Peach", "Vegetable"] {
        conversation.run(&format!("C: a SUBSCRIBE {name}\nS: a OK"));
    }
    conversation.run(
        r#"
        C: a LIST (SUBSCRIBED) "" *
        S: * LIST (\Subscribed) "/" Fruit/Banana
        S: * LIST (\NonExistent \Subscribed) "/" Fruit/Peach
        S: * LIST (\Subscribed) "/" Vegetable
        S: a OK
        C: b LIST (SUBSCRIBED) "" %
        S: * LIST (\Subscribed) "/" Vegetable
        S: b OK
        C: c LIST (SUBSCRIBED RECURSIVEMATCH) "" %
        S: * LIST () "/" Fruit (CHILDINFO ("SUBSCRIBED"))
        S: * LIST (\Subscribed) "/" Vegetable
        S: c OK
        C: d LIST "" % RETURN (SUBSCRIBED CHILDREN)
        S: * LIST (\HasChildren) "/" Fruit
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * LIST (\Subscribed \HasChildren) "/" Vegetable
        S: d OK
        C: e LIST (REMOTE) "" (INBOX Vegetable/* "")
        S: * LIST () "/" INBOX
        S: * LIST () "/" Vegetable/Corn
        S: e OK
        "#,
    );
}

/// RFC 5258 §5, example 8 A2, 9 and 10.
#[test]
fn child_info_tells_what_does_not_show_otherwise() {
    let mut conversation = with_mailboxes(&["foo2/bar2", "eps2/mamba"]);
    for name in ["foo2/bar1", "foo2/bar2", "eps2", "eps2/mamba", "qux2/bar2", "gone/x"] {
        conversation.run(&format!("C: a SUBSCRIBE {name}\nS: a OK"));
    }
    conversation.run(
        r#"
        C: a LIST (RECURSIVEMATCH SUBSCRIBED) "" *2
        S: * LIST (\Subscribed) "/" eps2 (CHILDINFO ("SUBSCRIBED"))
        S: * LIST () "/" foo2 (CHILDINFO ("SUBSCRIBED"))
        S: * LIST (\Subscribed) "/" foo2/bar2
        S: * LIST (\NonExistent \Subscribed) "/" qux2/bar2
        S: a OK
        C: b LIST (RECURSIVEMATCH SUBSCRIBED) "" gone
        S: * LIST (\NonExistent) "/" gone (CHILDINFO ("SUBSCRIBED"))
        S: b OK
        C: c LIST (SOMETHING) "" *
        S: c BAD
        C: d LIST "" * RETURN (SOMETHING)
        S: d BAD
        "#,
    );
}

#[test]
fn special_uses_are_told() {
    let mut conversation = with_mailboxes(&["Plain"]);
    conversation.run(
        r#"
        C: a CREATE Everything (USE (\All))
        S: a NO [USEATTR]
        C: b CREATE MySpecial (USE (\Drafts \Sent))
        S: b OK
        C: c LIST "" %
        S: * LIST () "/" INBOX
        S: * LIST (\Drafts \Sent) "/" MySpecial
        S: * LIST () "/" Plain
        S: c OK
        C: d LIST (SPECIAL-USE) "" *
        S: * LIST (\Drafts \Sent) "/" MySpecial
        S: d OK
        C: e RENAME MySpecial Other
        S: e OK
        C: f LIST "" O% RETURN (SPECIAL-USE)
        S: * LIST (\Drafts \Sent) "/" Other
        S: f OK
        "#,
    );
}

#[test]
fn status_comes_with_each_mailbox_that_can_be_selected() {
    let mut conversation = with_mailboxes(&["a/b"]);
    conversation.run(
        r#"
        C: a DELETE a
        S: a OK
        C: b LIST "" * RETURN (STATUS (MESSAGES UIDNEXT))
        S: * LIST () "/" INBOX
        S: * STATUS INBOX (MESSAGES 0 UIDNEXT 1)
        S: * LIST (\Noselect) "/" a
        S: * LIST () "/" a/b
        S: * STATUS a/b (MESSAGES 0 UIDNEXT 1)
        S: b OK
        "#,
    );
}

#[test]
fn levels_outside_of_the_namespace_are_told() {
    let mut conversation = server(Configuration {
        extensions: Extensions::NONE,
        personal_prefix: "Mail/".to_owned(),
        children: false,
        ..Configuration::default()
    });
    conversation.login("a", "alice");
    conversation.run(
        r#"
        C: a CREATE Mail/work
        S: a OK
        C: b LIST "" %
        S: * LIST () "/" INBOX
        S: * LIST (\Noselect) "/" Mail
        S: b OK
        C: c LIST "" *
        S: * LIST () "/" INBOX
        S: * LIST () "/" Mail/work
        S: c OK
        "#,
    );
}
