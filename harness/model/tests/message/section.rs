//! `BODY[section]`: known answers (RFC 3501 §6.4.5).

use imap_grammar::ImapString;
use imap_grammar::SectionText::{Header, HeaderFields, HeaderFieldsNot, Mime, Text};
use imap_model::Message;

use crate::{crlf, message, names, part, text_of};

/// The example of §6.4.5, with the name of each section as its text.
const COMPLEX: &str = "\
Subject: outer
Content-Type: multipart/mixed; boundary=one

preamble
--one

text of 1
--one
Content-Type: application/octet-stream

text of 2
--one
Content-Type: message/rfc822
Content-Description: a message

Subject: in 3
Content-Type: multipart/mixed; boundary=two

--two

text of 3.1
--two
Content-Type: application/octet-stream

text of 3.2
--two--
--one
Content-Type: multipart/mixed; boundary=three

--three
Content-Type: image/gif
X-Note: mime of 4.1

text of 4.1
--three
Content-Type: message/rfc822

Subject: in 4.2
Content-Type: multipart/mixed; boundary=four

--four

text of 4.2.1
--four
Content-Type: multipart/alternative; boundary=five

--five

text of 4.2.2.1
--five
Content-Type: text/richtext

text of 4.2.2.2
--five--
--four--
--three--
--one--
epilogue
";

fn fetch(message: &Message, section: &imap_grammar::Section<'_>) -> Option<String> {
    message.section(section).map(|octets| String::from_utf8(octets.into_owned()).unwrap())
}

#[test]
fn part_numbers_of_the_example() {
    let message = message(COMPLEX);
    let leaves: [&[u32]; 8] =
        [&[1], &[2], &[3, 1], &[3, 2], &[4, 1], &[4, 2, 1], &[4, 2, 2, 1], &[4, 2, 2, 2]];
    for numbers in leaves {
        let name = numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
        assert_eq!(fetch(&message, &part(numbers)), Some(format!("text of {name}")));
    }
    assert_eq!(
        fetch(&message, &text_of(&[4, 1], Mime)),
        Some("Content-Type: image/gif\r\nX-Note: mime of 4.1\r\n\r\n".into())
    );
    assert_eq!(
        fetch(&message, &text_of(&[3], Header)),
        Some("Subject: in 3\r\nContent-Type: multipart/mixed; boundary=two\r\n\r\n".into())
    );
    let text_of_3 = crlf(
        "--two\n\ntext of 3.1\n--two\nContent-Type: application/octet-stream\n\ntext of 3.2\n--two--",
    );
    assert_eq!(fetch(&message, &text_of(&[3], Text)), Some(text_of_3.clone()));
    assert_eq!(
        fetch(&message, &part(&[3])),
        Some(format!(
            "Subject: in 3\r\nContent-Type: multipart/mixed; boundary=two\r\n\r\n{text_of_3}"
        ))
    );
    assert_eq!(
        fetch(&message, &text_of(&[3], Mime)),
        Some("Content-Type: message/rfc822\r\nContent-Description: a message\r\n\r\n".into())
    );
    assert_eq!(
        fetch(&message, &text_of(&[4, 2], HeaderFields(names(&["SUBJECT"])))),
        Some("Subject: in 4.2\r\n\r\n".into())
    );
    assert_eq!(fetch(&message, &part(&[])), Some(crlf(COMPLEX)));
    let text = fetch(&message, &text_of(&[], Text)).unwrap();
    assert!(text.starts_with("preamble\r\n") && text.ends_with("epilogue\r\n"));
}

#[test]
fn what_is_not_there_is_nil() {
    let complex = message(COMPLEX);
    let absent: [&[u32]; 8] =
        [&[5], &[1, 1], &[2, 1], &[3, 3], &[4, 3], &[4, 2, 3], &[3, 1, 1], &[u32::MAX]];
    for numbers in absent {
        assert_eq!(fetch(&complex, &part(numbers)), None, "{numbers:?}");
    }
    // HEADER and TEXT are "provided that the numeric part specifier refers to a part of type
    // MESSAGE/RFC822", MIME is behind a number only.
    for text in [Header, Text, HeaderFields(names(&["X"])), HeaderFieldsNot(names(&["X"]))] {
        assert_eq!(fetch(&complex, &text_of(&[1], text.clone())), None);
        assert_eq!(fetch(&complex, &text_of(&[4], text)), None);
    }
    assert_eq!(fetch(&complex, &text_of(&[], Mime)), None);
}

/// "Every message has at least one part number."
#[test]
fn part_one_of_a_message_that_is_no_multipart() {
    let plain = message("Subject: s\n\ntext\n");
    assert_eq!(fetch(&plain, &part(&[1])), Some("text\r\n".into()));
    assert_eq!(fetch(&plain, &text_of(&[1], Mime)), Some("Subject: s\r\n\r\n".into()));
    for numbers in [&[2][..], &[1, 1]] {
        assert_eq!(fetch(&plain, &part(numbers)), None);
    }

    let digest = message("Content-Type: message/rfc822\n\nSubject: inner\n\ninner text\n");
    assert_eq!(fetch(&digest, &part(&[1])), Some("Subject: inner\r\n\r\ninner text\r\n".into()));
    assert_eq!(fetch(&digest, &text_of(&[1], Header)), Some("Subject: inner\r\n\r\n".into()));
    assert_eq!(fetch(&digest, &text_of(&[1], Text)), Some("inner text\r\n".into()));
    assert_eq!(fetch(&digest, &part(&[1, 1])), Some("inner text\r\n".into()));
    assert_eq!(
        fetch(&digest, &text_of(&[1, 1], Mime)),
        Some("Subject: inner\r\n\r\n".into()),
        "the MIME header of the inner message's text is the inner message's header"
    );
    assert_eq!(fetch(&digest, &part(&[1, 1, 1])), None);
}

/// "The blank line is included in all header fetches, except in the case of a message which has no
/// body and no blank line."
#[test]
fn header_subsets_keep_order_folding_and_the_blank_line() {
    let header = "Received: one\nSUBJECT: folded\n  twice\n\there\nReceived: two\nTo : x\n\n";
    let with_body = message(&(header.to_owned() + "body"));
    let rows: [(&[&'static str], &str, &str); 5] = [
        (
            &["to", "Subject"],
            "SUBJECT: folded\n  twice\n\there\nTo : x\n\n",
            "Received: one\nReceived: two\n\n",
        ),
        (
            &["RECEIVED"],
            "Received: one\nReceived: two\n\n",
            "SUBJECT: folded\n  twice\n\there\nTo : x\n\n",
        ),
        (&["Subj"], "\n", header),
        (&["twice"], "\n", header),
        (&["Received", "Subject", "To"], header, "\n"),
    ];
    for (wanted, subset, rest) in rows {
        let fields = text_of(&[], HeaderFields(names(wanted)));
        assert_eq!(fetch(&with_body, &fields), Some(crlf(subset)), "{wanted:?}");
        let fields = text_of(&[], HeaderFieldsNot(names(wanted)));
        assert_eq!(fetch(&with_body, &fields), Some(crlf(rest)), "not {wanted:?}");
    }

    let no_blank_line = message("Subject: s\nTo: x\n");
    assert_eq!(
        fetch(&no_blank_line, &text_of(&[], HeaderFields(names(&["To"])))),
        Some("To: x\r\n".into())
    );
    assert_eq!(
        fetch(&no_blank_line, &text_of(&[], Header)),
        Some("Subject: s\r\nTo: x\r\n".into())
    );
    assert_eq!(fetch(&no_blank_line, &text_of(&[], Text)), Some("".into()));
    assert_eq!(fetch(&no_blank_line, &part(&[1])), Some("".into()));
}

/// Each field was held against each name.
#[test]
fn as_many_names_as_fields_are_found() {
    let numbers = 0..40_000;
    let header: String = numbers.clone().map(|number| format!("X-{number}: y\r\n")).collect();
    let message = Message::new(header.clone().into_bytes());
    let names = numbers.map(|number| ImapString::new(format!("x-{number}").into_bytes()).unwrap());
    let names: Vec<_> = names.collect();
    assert_eq!(fetch(&message, &text_of(&[], HeaderFields(names.clone()))), Some(header));
    assert_eq!(fetch(&message, &text_of(&[], HeaderFieldsNot(names))), Some("".into()));
}

#[test]
fn where_header_and_text_meet() {
    let rows = [
        ("", "", ""),
        ("\r\n", "\r\n", ""),
        ("\r\nbody", "\r\n", "body"),
        ("\nbody\n", "\n", "body\n"),
        ("A: b\n\nbody\n\n", "A: b\n\n", "body\n\n"),
        ("A: b\r\n \r\nC: d\r\n\r\n\r\n", "A: b\r\n \r\nC: d\r\n\r\n", "\r\n"),
        ("A: b\r\nno field\r\n\r\nbody", "A: b\r\nno field\r\n\r\n", "body"),
        ("A: b", "A: b", ""),
        ("A: b\r\r\n\r\r\nC: d", "A: b\r\r\n\r\r\nC: d", ""),
    ];
    for (octets, header, text) in rows {
        let message = Message::new(octets.into());
        assert_eq!(fetch(&message, &text_of(&[], Header)).as_deref(), Some(header), "{octets:?}");
        assert_eq!(fetch(&message, &text_of(&[], Text)).as_deref(), Some(text), "{octets:?}");
    }
}
