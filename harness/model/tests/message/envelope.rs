//! ENVELOPE: known answers.

use imap_model::Message;

use crate::{message, written};

/// The message of RFC 3501 §8, with as many octets and lines as it has there.
#[test]
fn the_example_of_rfc3501_section_8() {
    let header = "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\n\
        From: Terry Gray <gray@cac.washington.edu>\n\
        Subject: IMAP4rev1 WG mtg summary and minutes\n\
        To: imap@cac.washington.edu\n\
        cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\n\
        Message-Id: <B27397-0100000@cac.washington.edu>\n\
        MIME-Version: 1.0\n\
        Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\n\n";
    let text = format!("{}{}\n", format!("{}\n", "x".repeat(31)).repeat(91), "x".repeat(23));
    let message = message(&(header.to_owned() + &text));
    let section = crate::text_of(&[], imap_grammar::SectionText::Header);
    assert_eq!(message.section(&section).unwrap().len(), 342);
    assert_eq!(
        written::envelope(&message.envelope()),
        "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \
         \"IMAP4rev1 WG mtg summary and minutes\" \
         ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) \
         ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) \
         ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) \
         ((NIL NIL \"imap\" \"cac.washington.edu\")) \
         ((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")\
         (\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL \
         \"<B27397-0100000@cac.washington.edu>\")"
    );
    assert_eq!(
        written::body(&message.body(false)),
        r#"("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92)"#
    );
}

/// Field bodies and the address lists they make.
#[test]
fn addresses() {
    let rows = [
        // RFC 2822 Appendix A.1.1, A.1.2
        ("John Doe <jdoe@machine.example>", r#"(("John Doe" NIL "jdoe" "machine.example"))"#),
        (
            r#""Joe Q. Public" <john.q.public@example.com>"#,
            r#"(("Joe Q. Public" NIL "john.q.public" "example.com"))"#,
        ),
        (
            "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
            r#"(("Mary Smith" NIL "mary" "x.test")(NIL NIL "jdoe" "example.org")("Who?" NIL "one" "y.test"))"#,
        ),
        (
            r#"<boss@nil.test>, "Giant; \"Big\" Box" <sysservices@example.net>"#,
            r#"((NIL NIL "boss" "nil.test")("Giant; \"Big\" Box" NIL "sysservices" "example.net"))"#,
        ),
        // Groups: RFC 2822 Appendix A.1.3, RFC 3501 §7.4.2
        (
            "A Group:Chris Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
            r#"((NIL NIL "A Group" NIL)("Chris Jones" NIL "c" "a.test")(NIL NIL "joe" "where.test")("John" NIL "jdoe" "one.test")(NIL NIL NIL NIL))"#,
        ),
        (
            "Undisclosed recipients:;",
            r#"((NIL NIL "Undisclosed recipients" NIL)(NIL NIL NIL NIL))"#,
        ),
        (
            "one:a@x;, b@y, two: c@z",
            r#"((NIL NIL "one" NIL)(NIL NIL "a" "x")(NIL NIL NIL NIL)(NIL NIL "b" "y")(NIL NIL "two" NIL)(NIL NIL "c" "z")(NIL NIL NIL NIL))"#,
        ),
        // White space, comments and folding: RFC 2822 Appendix A.5
        (
            "Pete(A wonderful \\) chap) <pete(his account)@silly.test(his host)>",
            r#"(("Pete" NIL "pete" "silly.test"))"#,
        ),
        (
            "A Group(Some people)\n     :Chris Jones <c@(Chris's host.)public.example>,\n         joe@example.org,\n  John <jdoe@one.test> (my dear friend); (the end of the group)",
            r#"((NIL NIL "A Group" NIL)("Chris Jones" NIL "c" "public.example")(NIL NIL "joe" "example.org")("John" NIL "jdoe" "one.test")(NIL NIL NIL NIL))"#,
        ),
        (
            "(Empty list)(start)Undisclosed recipients  :(nobody(that I know))  ;",
            r#"((NIL NIL "Undisclosed recipients" NIL)(NIL NIL NIL NIL))"#,
        ),
        // Obsolete forms: RFC 2822 §4.4, Appendix A.6.1, A.6.3
        (
            "Joe Q. Public <john.q.public@example.com>",
            r#"(("Joe Q. Public" NIL "john.q.public" "example.com"))"#,
        ),
        (
            "Mary Smith <@machine.tld:mary@example.net>, , jdoe@test   . example",
            r#"(("Mary Smith" "@machine.tld" "mary" "example.net")(NIL NIL "jdoe" "test.example"))"#,
        ),
        ("<@a.test,@b.test:joe@c.test>", r#"((NIL "@a.test,@b.test" "joe" "c.test"))"#),
        (
            "John Doe <jdoe@machine(comment).  example>",
            r#"(("John Doe" NIL "jdoe" "machine.example"))"#,
        ),
        ("joe@example.org (Joe User)", r#"(("Joe User" NIL "joe" "example.org"))"#),
        // Quoting: RFC 2822 §3.2.5, §3.4.1
        (r#""joe smith"@example.org"#, r#"((NIL NIL "joe smith" "example.org"))"#),
        (r#""a\"b\\c"@example.org"#, r#"((NIL NIL "a\"b\\c" "example.org"))"#),
        (r#""a@b" <"c,d"@[192.0.2.1]>"#, r#"(("a@b" NIL "c,d" "[192.0.2.1]"))"#),
        ("\"folded\n name\" <a@b>", r#"(("folded name" NIL "a" "b"))"#),
        (r#""" <a@b>"#, r#"((NIL NIL "a" "b"))"#),
        // Encoded words stay encoded (RFC 2047 is the client's to decode).
        (
            "=?UTF-8?Q?J=C3=B6rg?=\n =?UTF-8?B?WA==?= <j@x>",
            r#"(("=?UTF-8?Q?J=C3=B6rg?= =?UTF-8?B?WA==?=" NIL "j" "x"))"#,
        ),
        ("Jörg <j@x>", r#"(("Jörg" NIL "j" "x"))"#),
        // No addresses: NIL (RFC 3501 §7.4.2).
        ("", "NIL"),
        ("  ", "NIL"),
        (" , ,", "NIL"),
        ("(nobody)", "NIL"),
        // What is no address. A NIL host would begin a group.
        ("root", r#"((NIL NIL "root" ""))"#),
        ("<>", r#"((NIL NIL "" ""))"#),
        ("Mailer <>", r#"(("Mailer" NIL "" ""))"#),
        ("two words, a@b", r#"((NIL NIL "two words" "")(NIL NIL "a" "b"))"#),
        ("@", r#"((NIL NIL "" ""))"#),
        ("Joe <joe@x", r#"(("Joe" NIL "joe" "x"))"#),
        ("\"open <a@b>", r#"((NIL NIL "open <a@b>" ""))"#),
        ("a@b (open", r#"(("open" NIL "a" "b"))"#),
        (";a@b", r#"((NIL NIL "a" "b"))"#),
    ];
    for (body, expected) in rows {
        let message = message(&format!("To: {body}\n\n"));
        assert_eq!(written::addresses(&message.envelope().to), expected, "{body}");
    }
}

/// The rules of RFC 3501 §7.4.2 on absent and empty fields, and on what replaces them.
#[test]
fn absent_and_empty_fields() {
    let rows = [
        ("", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"),
        (
            "Date:\nSubject: \nFrom:\nSender:\nReply-To:\nTo:\nCc:\nBcc:\nIn-Reply-To: \t\nMessage-ID:\n",
            r#"("" "" NIL NIL NIL NIL NIL NIL "" "")"#,
        ),
        (
            "From: a@x\nSender: b@x\nReply-To: c@x\n",
            r#"(NIL NIL ((NIL NIL "a" "x")) ((NIL NIL "b" "x")) ((NIL NIL "c" "x")) NIL NIL NIL NIL NIL)"#,
        ),
        (
            "From: a@x\nReply-To: (none)\n",
            r#"(NIL NIL ((NIL NIL "a" "x")) ((NIL NIL "a" "x")) ((NIL NIL "a" "x")) NIL NIL NIL NIL NIL)"#,
        ),
        // RFC 2822 §4.5.3: destinations are combined; of other fields the first counts.
        (
            "To: a@x\nTO: b@x\nSubject: one\nSubject: two\n",
            r#"(NIL "one" NIL NIL NIL ((NIL NIL "a" "x")(NIL NIL "b" "x")) NIL NIL NIL NIL)"#,
        ),
        // RFC 2822 §2.2.3: unfolding keeps the white space; §4.5: white space before the colon.
        (
            "subject :  a\n\tb \n  c\nIn-Reply-To: <1@x>\n <2@x>\n",
            "(NIL \"a\tb   c\" NIL NIL NIL NIL NIL NIL \"<1@x> <2@x>\" NIL)",
        ),
        (
            "Subject: =?utf-8?q?a?=\n =?utf-8?q?b?=\n",
            r#"(NIL "=?utf-8?q?a?= =?utf-8?q?b?=" NIL NIL NIL NIL NIL NIL NIL NIL)"#,
        ),
        (
            "From joe Wed Jul 17 02:23:25 1996\nSubject: s\n",
            r#"(NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL)"#,
        ),
        (" Subject: no\nno colon\nSubject: s", r#"(NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL)"#),
        ("X: y\n\nSubject: in the body\n", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"),
    ];
    for (header, expected) in rows {
        assert_eq!(written::envelope(&message(header).envelope()), expected, "{header}");
    }
}

#[test]
fn octets_that_no_header_should_have() {
    let message = Message::new(b"Subject: caf\xe9 \0x\nFrom: \xff <a@b>\n\n".to_vec());
    let envelope = message.envelope();
    assert_eq!(envelope.subject.unwrap().as_bytes(), b"caf\xe9 x", "a string has no NUL");
    assert_eq!(envelope.from[0].name.as_ref().unwrap().as_bytes(), b"\xff");
}
