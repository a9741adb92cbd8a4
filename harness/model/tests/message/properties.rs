//! What holds for every message, however nasty.

use imap_grammar::SectionText::{Header, HeaderFields, HeaderFieldsNot, Mime, Text};
use imap_grammar::{Body, Media};
use imap_model::Message;
use proptest::prelude::*;

use crate::{names, part, text_of};

/// Messages made of lines that matter to MIME, in any order.
fn mime() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "",
        "",
        "text",
        "Subject: s",
        " folded",
        "From: a@b, g: c@d;",
        "Content-Type: multipart/mixed; boundary=a",
        "Content-Type: multipart/digest; boundary=\"ab\"",
        "Content-Type: multipart/alternative; boundary=b",
        "Content-Type: message/rfc822",
        "Content-Type: image/gif; name=x",
        "--a",
        "--a  ",
        "--ab",
        "--b",
        "--a--",
        "--ab--",
        "--b-- ",
        "--",
    ]);
    let end = prop_oneof![8 => Just("\r\n"), 1 => Just("\n"), 1 => Just("\r")];
    let lines = prop::collection::vec((line, end), 0..60);
    (lines, any::<bool>()).prop_map(|(lines, ends)| {
        let mut octets: Vec<u8> = lines
            .iter()
            .flat_map(|(line, end)| [line.as_bytes(), end.as_bytes()].concat())
            .collect();
        if !ends {
            octets.pop();
        }
        octets
    })
}

/// Checks every leaf of the structure against what its section fetches, and that what is beyond it
/// is not there. `numbers` are those of the body's parent where it is a part, its own where it is
/// the body of a message.
fn check_parts(message: &Message, body: &Body<'_>, numbers: &mut Vec<u32>, in_message: bool) {
    if let Body::Multi(multi) = body {
        for (index, child) in multi.parts.iter().enumerate() {
            numbers.push(u32::try_from(index).unwrap() + 1);
            check_parts(message, child, numbers, false);
            numbers.pop();
        }
        numbers.push(u32::try_from(multi.parts.len()).unwrap() + 1);
        assert_eq!(message.section(&part(numbers)), None, "a part after the last");
        numbers.pop();
        return;
    }
    let Body::Single(single) = body else { return };
    if in_message {
        numbers.push(1);
    }
    let octets = message.section(&part(numbers)).expect("every part has a section");
    assert_eq!(single.fields.octets as usize, octets.len(), "octets of {numbers:?}");
    let counted = octets.iter().filter(|&&octet| octet == b'\n').count();
    match &single.media {
        Media::Text { lines, .. } => assert_eq!(*lines as usize, counted, "lines of {numbers:?}"),
        Media::Basic { .. } => {}
        Media::Message { lines, body, envelope } => {
            assert_eq!(*lines as usize, counted, "lines of {numbers:?}");
            let header = message.section(&text_of(numbers, Header)).expect("of a message");
            let text = message.section(&text_of(numbers, Text)).expect("of a message");
            assert_eq!([&header[..], &text].concat(), *octets, "header and text of {numbers:?}");
            // The part alone is the same message.
            let alone = Message::new(octets.to_vec());
            assert_eq!(alone.envelope(), **envelope);
            assert_eq!(alone.section(&text_of(&[], Header)).unwrap(), header);
            check_parts(message, body, numbers, true);
        }
    }
    let mime = message.section(&text_of(numbers, Mime)).expect("every part has a MIME header");
    let whole = [&mime[..], &octets].concat();
    let is_in_message = whole.is_empty()
        || message.octets().windows(whole.len()).any(|window| window == &whole[..]);
    assert!(is_in_message, "the body of {numbers:?} follows its header");
    if in_message {
        numbers.pop();
    }
}

fn check(octets: Vec<u8>) {
    let message = Message::new(octets.clone());
    message.envelope();
    message.body(true);
    check_parts(&message, &message.body(false), &mut Vec::new(), true);

    let header = message.section(&text_of(&[], Header)).unwrap();
    let text = message.section(&text_of(&[], Text)).unwrap();
    assert_eq!([&header[..], &text].concat(), octets);

    let wanted = names(&["subject", "Content-Type"]);
    let subset = message.section(&text_of(&[], HeaderFields(wanted.clone()))).unwrap();
    let rest = message.section(&text_of(&[], HeaderFieldsNot(wanted))).unwrap();
    let none = message.section(&text_of(&[], HeaderFields(names(&["none"])))).unwrap();
    assert!(matches!(&none[..], b"" | b"\n" | b"\r\n"), "the blank line alone");
    assert_eq!(subset.len() + rest.len(), header.len() + none.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn sizes_are_those_of_the_sections(octets in mime()) {
        check(octets);
    }

    #[test]
    fn any_octets_are_a_message(octets in prop::collection::vec(any::<u8>(), 0..300)) {
        check(octets);
    }

    #[test]
    fn any_field_has_a_value(
        value in "[ -~\t\"()<>@,:;\\\\=?*/\\[\\]]{0,60}",
        name in prop::sample::select(vec![
            "From", "To", "Subject", "Content-Type", "Content-Disposition", "Content-Language",
        ]),
    ) {
        check(format!("{name}: {value}\r\n\r\n").into_bytes());
    }
}
