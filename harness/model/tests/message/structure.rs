//! BODY and BODYSTRUCTURE: known answers for plain and for nasty mail.

use imap_grammar::{Body, Media, SectionText};
use imap_model::{MAX_ENTITIES, MAX_NESTING, Message};

use crate::{message, part, text_of, written};

const PLAIN: &str = r#""TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT""#;

/// Compares BODY, in which `PLAIN` stands for what begins a plain text.
#[track_caller]
fn assert_body(text: &str, expected: &str) {
    assert_eq!(
        written::body(&message(text).body(false)),
        expected.replace("(PLAIN ", &format!("({PLAIN} "))
    );
}

#[track_caller]
fn assert_part(text: &str, numbers: &[u32], expected: &str) {
    let message = message(text);
    let octets = message.section(&part(numbers)).expect("there is such a part");
    assert_eq!(String::from_utf8_lossy(&octets), crate::crlf(expected), "{numbers:?}");
}

/// Content-Type and Content-Transfer-Encoding, and the basic fields that they make.
#[test]
fn media_types() {
    let plain = r#"("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3 1)"#;
    let rows = [
        // Defaults: RFC 2045 §5.2, §6.1
        ("", plain),
        (
            "Content-Type: text/plain",
            r#"("TEXT" "plain" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3 1)"#,
        ),
        ("Content-Type: text/html", r#"("TEXT" "html" NIL NIL NIL "7BIT" 3 1)"#),
        ("Content-Transfer-Encoding:", plain),
        // Malformed: "this default [is] assumed" (RFC 2045 §5.2)
        ("Content-Type:", plain),
        ("Content-Type: text", plain),
        ("Content-Type: text/", plain),
        ("Content-Type: /plain", plain),
        ("Content-Type: image/gif name=x", plain),
        ("Content-Type: \"image\"/gif", plain),
        ("Content-Type: multipart/mixed", plain),
        ("Content-Type: multipart/mixed; boundary=\"  \"", plain),
        // Parameters: RFC 2045 §5.1
        (
            "content-type: Text/Plain;\n\tCharset=UTF-8; format=flowed",
            r#"("TEXT" "Plain" ("Charset" "UTF-8" "format" "flowed") NIL NIL "7BIT" 3 1)"#,
        ),
        (
            "Content-Type: text/plain; charset=us-ascii (Plain text)",
            r#"("TEXT" "plain" ("charset" "us-ascii") NIL NIL "7BIT" 3 1)"#,
        ),
        (
            r#"Content-Type: (a (nested;) comment) image (b) / (c) gif (d) ; (e) name (f) = (g) "a \"b\"; c=d" (h);"#,
            r#"("image" "gif" ("name" "a \"b\"; c=d") NIL NIL "7BIT" 3)"#,
        ),
        (
            "Content-Type: image/gif; name=\"folded\n name\"; x=\"\"",
            r#"("image" "gif" ("name" "folded name" "x" "") NIL NIL "7BIT" 3)"#,
        ),
        // A parameter that makes no sense is passed over.
        (
            "Content-Type: image/gif;; name; =x; y=; \"q; q=1\"=1; z=a/b=c; ",
            r#"("image" "gif" ("z" "a/b=c") NIL NIL "7BIT" 3)"#,
        ),
        // RFC 2231's parameters stay as they are.
        (
            "Content-Type: image/gif; name*0*=us-ascii'en'a%20; name*1=b",
            r#"("image" "gif" ("name*0*" "us-ascii'en'a%20" "name*1" "b") NIL NIL "7BIT" 3)"#,
        ),
        (
            "Content-Transfer-Encoding: (really) Base64 (yes)\nContent-ID: <1@x>\nContent-Description: two\n words\nContent-Type: application/pdf",
            r#"("application" "pdf" NIL "<1@x>" "two words" "Base64" 3)"#,
        ),
        // Messages that are not MESSAGE/RFC822 are opaque (RFC 2046 §5.2.2, §5.2.3).
        (
            "Content-Type: message/partial; id=a; number=1; total=2",
            r#"("message" "partial" ("id" "a" "number" "1" "total" "2") NIL NIL "7BIT" 3)"#,
        ),
        ("Content-Type: x-private/thing", r#"("x-private" "thing" NIL NIL NIL "7BIT" 3)"#),
    ];
    for (header, expected) in rows {
        let header = if header.is_empty() { String::new() } else { format!("{header}\n") };
        let message = message(&format!("{header}\nx\n"));
        assert_eq!(written::body(&message.body(false)), expected, "{header}");
    }
}

/// RFC 3501 §7.4.2: the extension data, all of it.
#[test]
fn extension_data() {
    let text = "\
Content-Type: multipart/mixed; boundary=b
Content-Disposition: inline
Content-Language: de

--b
Content-Type: application/pdf
Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==
Content-Disposition: (as a file) Attachment; filename=\"a b.pdf\"; size=12
Content-Language: en (British), de, i-klingon
Content-Location: http://example.test/a

x
--b
Content-Disposition: ;filename=x
Content-Language: ,

--b--
";
    let message = message(text);
    assert_eq!(
        written::body(&message.body(true)),
        "((\"application\" \"pdf\" NIL NIL NIL \"7BIT\" 1 \"Q2hlY2sgSW50ZWdyaXR5IQ==\" \
         (\"Attachment\" (\"filename\" \"a b.pdf\" \"size\" \"12\")) (\"en\" \"de\" \"i-klingon\") \
         \"http://example.test/a\")\
         (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 0 0 NIL NIL NIL NIL) \
         \"mixed\" (\"boundary\" \"b\") (\"inline\" NIL) \"de\" NIL)"
    );
    assert_eq!(
        written::body(&message.body(false)),
        format!("((\"application\" \"pdf\" NIL NIL NIL \"7BIT\" 1)({PLAIN} 0 0) \"mixed\")")
    );
}

/// The example of RFC 2046 §5.1.1: a preamble, a part that does not end with a line break and one
/// that does, an epilogue.
#[test]
fn the_line_end_before_a_delimiter_belongs_to_it() {
    let text = "\
Content-type: multipart/mixed; boundary=\"simple boundary\"

A preamble.

--simple boundary

It does NOT end with a linebreak.
--simple boundary
Content-type: text/plain; charset=us-ascii

It DOES end with a linebreak.

--simple boundary--

An epilogue.
";
    assert_body(
        text,
        r#"((PLAIN 33 0)("TEXT" "plain" ("charset" "us-ascii") NIL NIL "7BIT" 31 1) "mixed")"#,
    );
    assert_part(text, &[1], "It does NOT end with a linebreak.");
    assert_part(text, &[2], "It DOES end with a linebreak.\n");
}

#[test]
fn nested_multiparts_that_lack_their_last_delimiter() {
    let text = "\
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner

one
--inner

two
--outer

three
";
    assert_body(text, r#"(((PLAIN 3 0)(PLAIN 3 0) "alternative")(PLAIN 7 1) "mixed")"#);
    assert_part(text, &[1], "--inner\n\none\n--inner\n\ntwo");
    assert_part(text, &[1, 2], "two");
    assert_part(text, &[2], "three\n");
}

#[test]
fn nested_multiparts_with_the_same_boundary() {
    let text = "\
Content-Type: multipart/mixed; boundary=same

--same
Content-Type: multipart/alternative; boundary=same

--same

one
--same--
--same

two
--same--
";
    assert_body(text, r#"(((PLAIN 3 0) "alternative")(PLAIN 3 0) "mixed")"#);
    assert_part(text, &[1], "--same\n\none\n--same--");
}

/// "It is sufficient that the boundary appear in its entirety following the CRLF" (RFC 2046
/// §5.1.1); where both boundaries do, the line belongs to the one it is.
#[test]
fn a_boundary_that_begins_another() {
    for (outer, inner) in [("b", "bb"), ("bb", "b"), ("b", "b-"), ("b-", "b")] {
        let text = format!(
            "Content-Type: multipart/mixed; boundary={outer}\n\n--{outer}\n\
             Content-Type: multipart/alternative; boundary={inner}\n\n\
             --{inner}\n\none\n--{inner}--\n--{outer}\n\ntwo\n--{outer}--\n"
        );
        assert_body(&text, r#"(((PLAIN 3 0) "alternative")(PLAIN 3 0) "mixed")"#);
    }
    // With text behind, the longer one.
    for (outer, inner) in [("b", "bb"), ("bb", "b")] {
        let text = format!(
            "Content-Type: multipart/mixed; boundary={outer}\n\n--{outer}\n\
             Content-Type: multipart/alternative; boundary={inner}\n\n\
             --{inner} text\n\none\n--{outer} text\n\ntwo\n--{outer}--text\n"
        );
        assert_body(&text, r#"(((PLAIN 3 0) "alternative")(PLAIN 3 0) "mixed")"#);
    }
    let text_behind =
        "Content-Type: multipart/mixed; boundary=b\n\n--b and more\n\none\n--b--more\n";
    assert_body(text_behind, r#"((PLAIN 3 0) "mixed")"#);
}

#[test]
fn transport_padding_and_what_only_looks_like_a_delimiter() {
    let text = "\
Content-Type: multipart/mixed; boundary=\"b c  \"

--b c \t

 --b c
-- b c
x--b c
--B c
--b
--b c-- \t
--b c
";
    assert_body(text, r#"((PLAIN 34 4) "mixed")"#);
}

/// A multipart has at least one part by the grammar of BODYSTRUCTURE.
#[test]
fn multiparts_without_parts() {
    for body in ["", "no delimiter\n", "--b--\n", "x\n--b--\n--b\n", "--c\n"] {
        let text = format!("Content-Type: multipart/mixed; boundary=b\n\n{body}");
        assert_body(&text, r#"((PLAIN 0 0) "mixed")"#);
        assert_part(&text, &[1], "");
    }
    assert_body("Content-Type: multipart/mixed; boundary=b", r#"((PLAIN 0 0) "mixed")"#);
}

/// RFC 2046 §5.1: a part is `[fields] [CRLF text]`, and the CRLF before the delimiter is not its.
#[test]
fn parts_of_which_little_is_there() {
    let text = "\
Content-Type: multipart/mixed; boundary=b

--b
--b

--b


--b
Content-Type: image/gif
--b
Content-Type: image/png

--b
Content-Type: image/jpeg


--b";
    assert_body(
        text,
        r#"((PLAIN 0 0)(PLAIN 0 0)(PLAIN 0 0)("image" "gif" NIL NIL NIL "7BIT" 0)("image" "png" NIL NIL NIL "7BIT" 0)("image" "jpeg" NIL NIL NIL "7BIT" 0)(PLAIN 0 0) "mixed")"#,
    );
    let message = message(text);
    let mime = |number| {
        let octets = message.section(&text_of(&[number], SectionText::Mime)).unwrap();
        String::from_utf8(octets.into_owned()).unwrap()
    };
    assert_eq!(mime(1), "");
    assert_eq!(mime(2), "");
    assert_eq!(mime(3), "\r\n");
    assert_eq!(mime(4), "Content-Type: image/gif");
    assert_eq!(mime(5), "Content-Type: image/png\r\n");
    assert_eq!(mime(6), "Content-Type: image/jpeg\r\n\r\n");
}

/// RFC 2046 §5.1.5: in a digest the default is MESSAGE/RFC822.
#[test]
fn digests() {
    let text = "\
Content-Type: multipart/digest; boundary=b

--b

Subject: one

first
--b
Content-Type: text/plain; charset=utf-8

second
--b
Content-Type: nonsense

third
--b--
";
    assert_body(
        text,
        r#"(("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 21 (NIL "one" NIL NIL NIL NIL NIL NIL NIL NIL) (PLAIN 5 0) 2)("TEXT" "plain" ("charset" "utf-8") NIL NIL "7BIT" 6 0)(PLAIN 5 0) "digest")"#,
    );
    assert_part(text, &[1, 1], "first");
}

#[test]
fn a_delimiter_ends_the_message_in_a_part_wherever_it_is() {
    let text = "\
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: message/rfc822

Subject: cut
--b
Content-Type: message/rfc822
--b
Content-Type: message/rfc822

--b
Content-Type: message/rfc822

Content-Type: multipart/mixed; boundary=c

--c

inner
--b--
--c--
";
    assert_body(
        text,
        r#"(("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 12 (NIL "cut" NIL NIL NIL NIL NIL NIL NIL NIL) (PLAIN 0 0) 0)("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 0 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (PLAIN 0 0) 0)("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 0 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) (PLAIN 0 0) 0)("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 57 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ((PLAIN 5 0) "mixed") 4) "mixed")"#,
    );
    assert_part(text, &[4, 1], "inner");
}

#[test]
fn lines_that_end_with_a_lone_line_feed() {
    let octets =
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n\n--b\r\n\r\ntwo\n--b--\n";
    let message = Message::new(octets.to_vec());
    let expected = r#"((PLAIN 4 1)(PLAIN 3 0) "mixed")"#.replace("PLAIN", PLAIN);
    assert_eq!(written::body(&message.body(false)), expected);
    assert_eq!(message.section(&part(&[1])).as_deref(), Some(&b"one\n"[..]));
    assert_eq!(message.section(&part(&[])).as_deref(), Some(&octets[..]));
}

#[test]
fn nesting_is_bounded() {
    let mut text = String::new();
    for level in 0..1_000_000 {
        text += &format!("Content-Type: multipart/mixed; boundary={level}\n\n--{level}\n");
    }
    let messages = "Content-Type: message/rfc822\n\n".repeat(1_000_000);
    let comments = format!("Content-Type: {0}\nTo: {0}\n\n", "(".repeat(1_000_000));
    for text in [text, messages, comments] {
        let message = Message::new(text.into_bytes());
        let mut body = message.body(true);
        let mut nesting = 0;
        loop {
            body = match body {
                Body::Multi(multi) => multi.parts.into_iter().next().unwrap(),
                Body::Single(single) => match single.media {
                    Media::Message { body, .. } => body,
                    Media::Basic { .. } => break assert_eq!(nesting, MAX_NESTING),
                    Media::Text { .. } => break assert_eq!(nesting, 0),
                },
            };
            nesting += 1;
        }
        message.envelope();
    }
}

#[test]
fn parts_are_bounded() {
    let text =
        "Content-Type: multipart/mixed; boundary=b\n\n".to_owned() + &"--b\n".repeat(1_000_000);
    let message = Message::new(text.into_bytes());
    let Body::Multi(multi) = message.body(false) else { panic!("a multipart") };
    assert_eq!(multi.parts.len(), MAX_ENTITIES - 1);
}
