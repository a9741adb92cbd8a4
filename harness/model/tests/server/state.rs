//! Which command is legal in which state (RFC 3501 §3, §6).

use crate::conversation::{alice, server};
use imap_grammar::{Extensions, Tag};
use imap_model::{Configuration, Then, Transport};

#[test]
fn the_greeting_tells_the_capabilities() {
    let mut conversation = server(Configuration {
        extensions: Extensions::NONE,
        children: false,
        greeting: "Hello".to_owned(),
        ..Configuration::default()
    });
    let greeting = conversation.connect("a", Transport::Plain);
    assert_eq!(greeting, "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] Hello\r\n");
}

#[test]
fn capabilities_are_true_of_the_state() {
    let mut conversation = server(Configuration {
        extensions: Extensions::NONE,
        children: false,
        starttls: true,
        login_disabled_without_tls: true,
        ..Configuration::default()
    });
    conversation.connect("a", Transport::Plain);
    conversation.run(
        r#"
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED
        S: a OK
        C: b LOGIN alice "alice's secret"
        S: b NO [PRIVACYREQUIRED]
        C: c AUTHENTICATE PLAIN
        S: c NO [PRIVACYREQUIRED]
        C: d STARTTLS
        S: d OK
        "#,
    );
    conversation.start_tls("a");
    conversation.run(
        r#"
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 AUTH=PLAIN
        S: a OK
        C: b STARTTLS
        S: b BAD
        C: c LOGIN alice "alice's secret"
        S: c OK [CAPABILITY IMAP4rev1]
        C: d CAPABILITY
        S: * CAPABILITY IMAP4rev1
        S: d OK
        "#,
    );
}

#[test]
fn every_offered_extension_is_a_capability() {
    let mut conversation = server(Configuration::default());
    conversation.connect("a", Transport::Tls);
    conversation.run(
        r"
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 AUTH=PLAIN CHILDREN LITERAL+ IDLE NAMESPACE ID UIDPLUS UNSELECT ENABLE SASL-IR MOVE ESEARCH CONDSTORE QRESYNC LIST-EXTENDED SPECIAL-USE CREATE-SPECIAL-USE LIST-STATUS
        S: a OK
        ",
    );
}

#[test]
fn before_authentication_little_is_legal() {
    let mut conversation = server(Configuration::default());
    conversation.connect("a", Transport::Plain);
    for command in [
        "SELECT INBOX",
        "EXAMINE INBOX",
        "CREATE x",
        "DELETE x",
        "RENAME x y",
        "SUBSCRIBE x",
        "UNSUBSCRIBE x",
        "LIST \"\" *",
        "LSUB \"\" *",
        "STATUS INBOX (MESSAGES)",
        "APPEND INBOX {1+}\\r\\nx",
        "NAMESPACE",
        "ENABLE CONDSTORE",
        "IDLE",
        "CHECK",
        "CLOSE",
        "UNSELECT",
        "EXPUNGE",
        "SEARCH ALL",
        "FETCH 1 FLAGS",
        "STORE 1 FLAGS ()",
        "COPY 1 x",
        "MOVE 1 x",
        "UID FETCH 1 FLAGS",
        "UID EXPUNGE 1",
        "STARTTLS",
        "XYZZY",
    ] {
        conversation.run(&format!("C: a {command}\nS: a BAD"));
    }
    conversation.run(
        r#"
        C: a NOOP
        S: a OK
        C: b ID NIL
        S: * ID ("name" "imap-model" "version" "0.1.0")
        S: b OK
        "#,
    );
}

#[test]
fn without_a_selected_mailbox_there_are_no_messages() {
    let mut conversation = alice();
    for command in [
        "CHECK",
        "CLOSE",
        "UNSELECT",
        "EXPUNGE",
        "SEARCH ALL",
        "FETCH 1 FLAGS",
        "STORE 1 FLAGS ()",
        "COPY 1 x",
        "MOVE 1 x",
        "UID FETCH 1 FLAGS",
        "UID SEARCH ALL",
        "UID EXPUNGE 1",
        "LOGIN alice x",
        "AUTHENTICATE PLAIN",
        "STARTTLS",
    ] {
        conversation.run(&format!("C: a {command}\nS: a BAD"));
    }
}

#[test]
fn logout_says_bye_and_then_ok() {
    let mut conversation = alice();
    conversation.run(
        r"
        C: a LOGOUT
        S: * BYE
        S: a OK
        ",
    );
    assert_eq!(conversation.then("a"), Then::Close);
    conversation.run("C: b NOOP");
    assert_eq!(conversation.then("a"), Then::Close);
}

#[test]
fn what_is_no_command_is_bad() {
    let mut conversation = server(Configuration::default());
    let (session, _) = conversation.server.connect(Transport::Plain);
    let tag = Tag::new("t1");
    let reply = conversation.server.unparsable(session, tag, &"found `§`\r\n");
    assert_eq!(reply.responses[0].to_bytes(), b"t1 BAD found `section `??\r\n");
    let reply = conversation.server.unparsable(session, None, &"");
    assert_eq!(reply.responses[0].to_bytes(), b"* BAD ?\r\n");
    assert_eq!(reply.then, Then::Ready);
    let reply = conversation.server.unparsable(session, None, &"[ALERT] x");
    assert_eq!(reply.responses[0].to_bytes(), b"* BAD ?ALERT] x\r\n");
}

#[test]
fn a_closed_mailbox_leaves_the_authenticated_state() {
    let mut conversation = alice();
    conversation.say("a", "a SELECT INBOX");
    conversation.ignore("a");
    conversation.run(
        r"
        C: b CLOSE
        S: b OK
        C: c CHECK
        S: c BAD
        ",
    );
    conversation.say("a", "a SELECT INBOX");
    conversation.ignore("a");
    conversation.run(
        r"
        C: b UNSELECT
        S: b OK
        C: c CHECK
        S: c BAD
        C: d STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 0)
        S: d OK
        ",
    );
}
