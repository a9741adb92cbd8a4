//! The framer: the same messages however the octets are cut, and limits that hold.

use imap_grammar::{FrameError, FrameLimits, Framer, Framing};
use proptest::prelude::*;

/// What a stream is cut into: the events in order, the waiting left out, and the error at its end.
fn frames(pieces: &[&[u8]], limits: FrameLimits) -> (Vec<Framing>, Option<FrameError>) {
    let mut framer = Framer::new(limits);
    let mut buffer = Vec::new();
    let mut found = Vec::new();
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            match framer.advance(&buffer) {
                Ok(Framing::Incomplete { at_least }) => {
                    assert!(at_least > 0);
                    break;
                }
                Ok(event) => {
                    found.push(event);
                    if let Framing::Message { length } = event {
                        buffer.drain(..length);
                    }
                }
                Err(error) => {
                    assert_eq!(framer.advance(&buffer), Err(error), "it stays where it failed");
                    return (found, Some(error));
                }
            }
        }
    }
    (found, None)
}

fn whole(stream: &[u8]) -> (Vec<Framing>, Option<FrameError>) {
    frames(&[stream], FrameLimits::default())
}

/// The messages of a stream that has no error.
fn messages(stream: &[u8]) -> Vec<&[u8]> {
    let (found, error) = whole(stream);
    assert_eq!(error, None);
    let mut rest = stream;
    let mut messages = Vec::new();
    for event in found {
        if let Framing::Message { length } = event {
            let (message, behind) = rest.split_at(length);
            messages.push(message);
            rest = behind;
        }
    }
    messages
}

#[test]
fn a_line_is_a_message() {
    let stream = b"* OK hello\r\na NOOP\r\n\r\n";
    assert_eq!(messages(stream), [&b"* OK hello\r\n"[..], b"a NOOP\r\n", b"\r\n"]);
}

#[test]
fn literals_belong_to_their_message() {
    let one_message: &[&[u8]] = &[
        b"a LOGIN {2}\r\n\r\n {0}\r\n\r\n",
        b"a LOGIN {11+}\r\nFRED FOOBAR {000007+}\r\nfat man\r\n",
        b"* 1 FETCH (BODY[] {5}\r\n{3}\r\n FLAGS ())\r\n",
        b"* 1 FETCH (BINARY[1] ~{4}\r\na\n\0b)\r\n",
        b"* OK [BADCHARSET ({5}\r\nUTF-8 {3}\r\na)b)] {3}\r\n",
        b"a no [badcharset (\")\" \"\\\")\" {1}\r\n)] text\r\n",
        b"+ [BADCHARSET ({1}\r\nx)] text\r\n",
    ];
    for message in one_message {
        assert_eq!(messages(message), [*message], "{}", message.escape_ascii());
    }
}

#[test]
fn braces_that_announce_nothing() {
    let lines: &[&[u8]] = &[
        // RFC 3501 §9: text = 1*TEXT-CHAR, and `{` and `}` are TEXT-CHARs.
        b"* OK text {5}\r\n",
        b"* PREAUTH {5}\r\n",
        b"* bye {5}\r\n",
        b"a1 BAD cannot parse {5}\r\n",
        b"a1 NO [TRYCREATE] {5}\r\n",
        b"+ go on {5}\r\n",
        // An unknown code holds no literal, so this is text.
        b"* OK [X {5}\r\n",
        b"* OK [BADCHARSET (a)] {5}\r\n",
        // Nor is there a code where its list is not legal.
        b"* OK [BADCHARSET (@{5}\r\n",
        b"* OK [BADCHARSET (\"\\x\" {5}\r\n",
        b"* OK [BADCHARSET ( {5}\r\n",
        b"* OK [BADCHARSET ({5+}\r\n",
        // Not `"{" number ["+"] "}" CRLF`.
        b"a LOGIN {5} x\r\n",
        b"a LOGIN {}\r\n",
        b"a LOGIN {+}\r\n",
        b"a LOGIN {5-}\r\n",
        b"a LOGIN {x5}\r\n",
        b"a LOGIN 5}\r\n",
        b"5}\r\n",
        b"a LOGIN \"{5}\"\r\n",
    ];
    for line in lines {
        assert_eq!(messages(line), [*line], "{}", line.escape_ascii());
    }
}

#[test]
fn literals_are_reported_once_each() {
    let (found, error) = whole(b"a LOGIN {2}\r\nme {3+}\r\nyou\r\n");
    assert_eq!(error, None);
    assert_eq!(
        found,
        [
            Framing::Literal { announced: 2, synchronising: true, at: 13 },
            Framing::Literal { announced: 3, synchronising: false, at: 22 },
            Framing::Message { length: 27 },
        ]
    );
}

#[test]
fn how_much_is_missing() {
    let missing = |stream: &[u8]| {
        let mut framer = Framer::new(FrameLimits::default());
        loop {
            match framer.advance(stream) {
                Ok(Framing::Incomplete { at_least }) => return at_least,
                Ok(Framing::Literal { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
    };
    assert_eq!(missing(b""), 2);
    assert_eq!(missing(b"a NOOP"), 2);
    assert_eq!(missing(b"a NOOP\r"), 1);
    assert_eq!(missing(b"a LOGIN {10}\r\n"), 12);
    assert_eq!(missing(b"a LOGIN {10}\r\n123456789"), 3);
    // The CR is the literal's last octet, not the line's end.
    assert_eq!(missing(b"a LOGIN {1}\r\n\r"), 2);
}

#[test]
fn a_refused_literal_is_left_behind() {
    let mut buffer = b"a APPEND x {100}\r\n".to_vec();
    let mut framer = Framer::new(FrameLimits::default());
    let Ok(Framing::Literal { at, .. }) = framer.advance(&buffer) else { panic!() };
    buffer.drain(..at);
    framer.reset();
    buffer.extend_from_slice(b"b NOOP\r\n");
    assert_eq!(framer.advance(&buffer), Ok(Framing::Message { length: 8 }));
}

#[test]
fn line_ends_that_are_none() {
    assert_eq!(whole(b"* OK hello\n").1, Some(FrameError::LoneLf { offset: 10 }));
    assert_eq!(whole(b"a LOGIN {1}\n").1, Some(FrameError::LoneLf { offset: 11 }));
    // CR as the literal's last octet and LF behind it are no CRLF.
    assert_eq!(whole(b"a LOGIN {1}\r\n\r\n").1, Some(FrameError::LoneLf { offset: 14 }));
    assert_eq!(messages(b"a\rb\r\r\n"), [b"a\rb\r\r\n"], "CR alone is the parser's to refuse");
}

#[test]
fn limits() {
    let limits = FrameLimits { line: 20, literal: 10, message: 35, nesting: 2 };
    let error = |stream: &[u8]| frames(&[stream], limits).1.map(|error| error.to_string());
    let says = |text: &str| Some(text.to_owned());

    assert_eq!(error(b"123456789012345678\r\n"), None);
    assert_eq!(error(b"1234567890123456789\r\n"), says("a line of more than 20 octets"));
    assert_eq!(error(b"12345678901234567890"), says("a line of more than 20 octets"));
    assert_eq!(error(b"1 {5}\r\n12345 3456789\r\n"), None);
    assert_eq!(error(b"1 {5}\r\n12345 34567890123\r\n"), says("a line of more than 20 octets"));

    assert_eq!(error(b"1 {1}\r\nx {1}\r\ny23456\r\n"), None);
    assert_eq!(error(b"1 {1}\r\nx {1}\r\ny234567\r\n"), says("a line of more than 20 octets"));

    assert_eq!(error(b"x {10}\r\n"), None);
    assert_eq!(
        error(b"x {11}\r\n"),
        says("a literal of 11 octets announced before byte 8, the limit is 10")
    );
    assert_eq!(
        error(b"x {4294967295}\r\n"),
        says("a literal of 4294967295 octets announced before byte 16, the limit is 10")
    );
    assert_eq!(
        error(b"x {99999999999999}\r\n"),
        says("a literal of 99999999999999 octets announced before byte 20, the limit is 10")
    );

    assert_eq!(error(b"{10}\r\n1234567890 {10}\r\n"), None);
    assert_eq!(error(b"{10}\r\n1234567890 1 {10}\r\n"), says("a message of more than 35 octets"));

    assert_eq!(error(b"(())((\"(\\\"(\"))\r\n"), None);
    assert_eq!(error(b"((()))\r\n"), says("more than 2 nested parentheses at byte 2"));
    assert_eq!(error(b"(({2}\r\n(())\r\n"), None);
    assert_eq!(error(b"({2}\r\nab(x(\r\n"), says("more than 2 nested parentheses at byte 10"));
    assert_eq!(error(b"* OK ((((\r\n"), None, "text for a person nests nothing");
}

#[test]
fn hostile_streams_are_clear_errors() {
    let mut parentheses = b"* 1 FETCH ".to_vec();
    parentheses.resize(100_010, b'(');
    parentheses.extend_from_slice(b"\r\n");
    assert_eq!(whole(&parentheses).1, Some(FrameError::DeepNesting { limit: 128, offset: 138 }));

    let announced = whole(b"* 1 FETCH (BODY[] {4294967295}\r\n").1;
    assert!(matches!(announced, Some(FrameError::LargeLiteral { announced: 4_294_967_295, .. })));

    let line = vec![b'x'; 100_000_000];
    let limit = FrameLimits::default().line;
    assert_eq!(whole(&line).1, Some(FrameError::LongLine { limit, offset: limit }));
}

/// Octet by octet, a million octets take a million short steps, in none of which more than the new
/// octet and the line that it ends is looked at.
#[test]
fn the_cost_is_linear_however_the_octets_are_cut() {
    let mut stream = b"* SEARCH".to_vec();
    while stream.len() < 1_000_000 {
        stream.extend_from_slice(b" 1234567");
    }
    stream.extend_from_slice(b"\r\n* 1 FETCH (BODY[] {1000000}\r\n");
    stream.resize(stream.len() + 1_000_000, b'\n');
    stream.extend_from_slice(b")\r\n");

    let mut framer = Framer::new(FrameLimits::default());
    let mut start = 0;
    let mut found = Vec::new();
    for end in 0..=stream.len() {
        while let Ok(event @ (Framing::Message { .. } | Framing::Literal { .. })) =
            framer.advance(&stream[start..end])
        {
            found.push(event);
            if let Framing::Message { length } = event {
                start += length;
            }
        }
        assert!(framer.examined() <= 2 * end as u64, "{} at {end}", framer.examined());
    }
    assert_eq!(found, whole(&stream).0);
    assert_eq!(start, stream.len());
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let fragment = prop_oneof![
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"* OK ".to_vec()),
        Just(b"a NO [BADCHARSET (".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\\".to_vec()),
        Just(b"(".to_vec()),
        Just(b")".to_vec()),
        "[a-z ]{1,4}".prop_map(String::into_bytes),
        (0..12usize, any::<bool>(), any::<u8>()).prop_map(|(length, plus, octet)| {
            let plus = if plus { "+" } else { "" };
            let mut literal = format!("{{{length}{plus}}}\r\n").into_bytes();
            literal.resize(literal.len() + length, octet);
            literal
        }),
    ];
    prop::collection::vec(fragment, 0..40).prop_map(|fragments| fragments.concat())
}

proptest! {
    /// Two cuts anywhere, and the finest cut of all, give what no cut gives.
    #[test]
    fn every_split_gives_the_same_frames(
        stream in stream(),
        cuts in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        small in any::<bool>(),
    ) {
        let limits = if small {
            FrameLimits { line: 60, literal: 10, message: 80, nesting: 4 }
        } else {
            FrameLimits::default()
        };
        let expected = frames(&[&stream], limits);
        let (one, two) = (cuts.0.index(stream.len() + 1), cuts.1.index(stream.len() + 1));
        let (one, two) = (one.min(two), one.max(two));
        let pieces = [&stream[..one], &stream[one..two], &stream[two..]];
        prop_assert_eq!(&frames(&pieces, limits), &expected);
        let octets: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(&frames(&octets, limits), &expected);
    }
}
