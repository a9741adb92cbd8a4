//! LOGIN and AUTHENTICATE (RFC 3501 §6.2, RFC 4616, RFC 4959).

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::conversation::{Conversation, server};
use imap_grammar::Extensions;
use imap_model::{Configuration, Then, Transport};

fn connected() -> Conversation {
    let extensions = Extensions::from_capabilities(["SASL-IR"]);
    let mut conversation =
        server(Configuration { extensions, children: false, ..Configuration::default() });
    conversation.connect("a", Transport::Plain);
    conversation
}

fn plain(message: &str) -> String {
    BASE64_STANDARD.encode(message)
}

#[test]
fn a_wrong_password_or_name_is_refused() {
    let mut conversation = connected();
    conversation.run(
        r#"
        C: a LOGIN alice secret
        S: a NO [AUTHENTICATIONFAILED]
        C: b LOGIN carol "alice's secret"
        S: b NO [AUTHENTICATIONFAILED]
        C: c LOGIN "" ""
        S: c NO [AUTHENTICATIONFAILED]
        C: d LOGIN "alice" "alice's secret"
        S: d OK [CAPABILITY IMAP4rev1 SASL-IR]
        C: e LOGIN "alice" "alice's secret"
        S: e BAD
        "#,
    );
}

#[test]
fn plain_is_asked_for_or_comes_with_the_command() {
    let message = plain("\0alice\0alice's secret");
    let mut conversation = connected();
    conversation.run("C: a AUTHENTICATE PLAIN\nS: +");
    assert_eq!(conversation.then("a"), Then::Authenticate);
    conversation.run(&format!("C: {message}\nS: a OK [CAPABILITY IMAP4rev1 SASL-IR]"));
    assert_eq!(conversation.then("a"), Then::Ready);

    let mut conversation = connected();
    conversation
        .run(&format!("C: a AUTHENTICATE plain {message}\nS: a OK [CAPABILITY IMAP4rev1 SASL-IR]"));
}

#[test]
fn what_is_not_the_exchange_ends_it() {
    let mut conversation = connected();
    for line in ["*", "a NOOP", "!"] {
        conversation.run(&format!("C: a AUTHENTICATE PLAIN\nS: +\nC: {line}\nS: a BAD"));
        assert_eq!(conversation.then("a"), Then::Ready);
    }
    conversation.run(
        r"
        C: a AUTHENTICATE PLAIN =
        S: a NO [AUTHENTICATIONFAILED]
        C: b AUTHENTICATE KERBEROS_V4
        S: b NO [CANNOT]
        C: c NOOP
        S: c OK
        ",
    );
}

#[test]
fn nobody_acts_for_somebody_else() {
    let mut conversation = connected();
    for (message, answer) in [
        ("bob\0alice\0alice's secret", "a NO [AUTHORIZATIONFAILED]"),
        ("alice\0alice\0bob's secret", "a NO [AUTHENTICATIONFAILED]"),
        ("alice\0alice's secret", "a NO [AUTHENTICATIONFAILED]"),
        ("\0alice\0alice's secret\0", "a NO [AUTHENTICATIONFAILED]"),
        ("alice\0alice\0alice's secret", "a OK [CAPABILITY IMAP4rev1 SASL-IR]"),
    ] {
        conversation.run(&format!("C: a AUTHENTICATE PLAIN {}\nS: {answer}", plain(message)));
    }
}

#[test]
fn users_have_mailboxes_of_their_own() {
    let mut conversation = connected();
    conversation.login("a", "alice");
    conversation.login("b", "bob");
    conversation.run(
        r"
        C: a CREATE private
        S: a OK
        C[b]: b STATUS private (MESSAGES)
        S[b]: b NO [NONEXISTENT]
        C: c STATUS private (MESSAGES)
        S: * STATUS private (MESSAGES 0)
        S: c OK
        ",
    );
}
