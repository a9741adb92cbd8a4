//! Known answers.

use imap_conform::play::matching::{Kind, Received, match_response};

use super::{bindings, matched, pattern};

/// Pattern, response, and whether they match. A `~` in the response stands for CRLF.
const ANSWERS: &[(&str, &str, bool)] = &[
    // Status responses: text is not compared (RFC 3501 §7.1), a code only where it is named.
    ("* OK", "* OK hello", true),
    ("* OK", "* ok [ALERT] hello", true),
    ("* OK", "* NO hello", false),
    ("* NO/BAD", "* BAD hello", true),
    ("* NO/BAD", "* OK hello", false),
    ("a1 OK done", "a1 OK quite different", true),
    ("a1 OK", "A1 OK done", false),
    ("a1 OK", "a1 NO [TRYCREATE] no such mailbox", false),
    ("a1 NO [TRYCREATE]", "a1 NO [trycreate] no such mailbox", true),
    ("a1 NO [TRYCREATE]", "a1 NO no such mailbox", false),
    ("* OK [UIDNEXT 5]", "* OK [UIDNEXT 005] x", true),
    ("* OK [UIDNEXT 5]", "* OK [UIDNEXT 6] x", false),
    ("* OK [UIDNEXT ${_: nz-number}]", "* OK [UIDNEXT 0] x", false),
    ("* OK [PERMANENTFLAGS (\\Seen \\*)]", "* OK [PERMANENTFLAGS (\\* \\seen)] x", true),
    ("* OK [PERMANENTFLAGS (\\Seen ...)]", "* OK [PERMANENTFLAGS (\\Draft \\Seen x)] x", true),
    ("* OK [PERMANENTFLAGS (\\Seen)]", "* OK [PERMANENTFLAGS (\\Draft \\Seen)] x", false),
    ("* OK [PERMANENTFLAGS ()]", "* OK [PERMANENTFLAGS ()] x", true),
    ("* OK [CAPABILITY IMAP4rev1 ...]", "* OK [CAPABILITY IDLE imap4REV1] x", true),
    ("a NO [BADCHARSET (US-ASCII ...)]", "a NO [BADCHARSET (\"utf-8\" us-ascii)] x", true),
    ("a OK [COPYUID 1 2:4 7:9]", "a OK [COPYUID 1 2,3,4 7:8,9] x", true),
    ("a OK [COPYUID 1 2:4 7:9]", "a OK [COPYUID 1 4,3,2 7:9] x", false),
    ("a OK [APPENDUID 1 ${_: nz-number}]", "a OK [APPENDUID 1 7] x", true),
    ("* BYE ${_: text}", "* BYE see you", true),
    ("+ ${_: text}", "+ go ahead", true),
    ("+", "+ go ahead", true),
    ("+", "* OK x", false),
    // Numbers by value, keywords without case.
    ("* 23 EXISTS", "* 23 exists", true),
    ("* 23 EXISTS", "* 24 EXISTS", false),
    ("* 23 EXISTS", "* 23 RECENT", false),
    ("* ${_: number} EXPUNGE", "* 4 EXPUNGE", true),
    // Sets.
    ("* CAPABILITY IMAP4rev1 IDLE", "* CAPABILITY IDLE IMAP4rev1", true),
    ("* CAPABILITY IMAP4rev1", "* CAPABILITY IDLE IMAP4rev1", false),
    ("* CAPABILITY IMAP4rev1 ...", "* CAPABILITY IDLE IMAP4rev1", true),
    ("* CAPABILITY IMAP4rev1 !IDLE ...", "* CAPABILITY IDLE IMAP4rev1", false),
    ("* CAPABILITY IMAP4rev1 !IDLE ...", "* CAPABILITY IMAP4rev1", true),
    ("* CAPABILITY IMAP4rev1 IDLE?", "* CAPABILITY IMAP4rev1", true),
    ("* CAPABILITY IMAP4rev1 IDLE?", "* CAPABILITY IMAP4rev1 ID", false),
    ("* FLAGS (\\Answered \\Seen)", "* FLAGS (\\SEEN \\Answered)", true),
    ("* FLAGS (\\Answered \\Seen)", "* FLAGS (\\Answered)", false),
    ("* SEARCH 2 5 3", "* SEARCH 2 3 5", true),
    ("* SEARCH 2 5", "* SEARCH 2 3 5", false),
    ("* SEARCH", "* SEARCH", true),
    ("* SEARCH", "* SEARCH 1", false),
    ("* SEARCH 2 ${_: number}", "* SEARCH 9 2", true),
    ("* SEARCH 2 ${_: number}", "* SEARCH 2", false),
    ("* SEARCH 2 (MODSEQ 917)", "* SEARCH 2 (MODSEQ 917)", true),
    // LIST: attributes a set, INBOX without case, strings however they are written.
    ("* LIST () \"/\" INBOX", "* LIST () \"/\" \"inBox\"", true),
    ("* LIST () \"/\" foo", "* LIST () \"/\" {3}~foo", true),
    ("* LIST () \"/\" a (TAG (b))", "* LIST () \"/\" a (\"tag\" (\"b\"))", true),
    ("* LIST () \"/\" a (TAG (b))", "* LIST () \"/\" a (TAG (\"B\"))", false),
    ("* LIST () \"/\" foo", "* LIST () \"/\" Foo", false),
    ("* LIST () NIL foo", "* LIST () NIL foo", true),
    ("* LIST () NIL foo", "* LIST () \"NIL\" foo", false),
    ("* LIST () \"/\" NIL", "* LIST () \"/\" \"NIL\"", true),
    ("* LIST (\\Noselect) \"/\" foo", "* LIST (\\NOSELECT \\Marked) \"/\" foo", false),
    ("* LIST (\\Noselect ...) \"/\" foo", "* LIST (\\Marked \\NOSELECT) \"/\" foo", true),
    ("* LIST (!\\Noselect ...) \"/\" foo", "* LIST (\\Marked \\NOSELECT) \"/\" foo", false),
    ("* LIST (...) \"${delimiter}\" ${mailbox}", "* LIST () \"/\" \"a/b\"", true),
    ("* LIST (...) ${_: nstring} ${mailbox}${delimiter}c", "* LIST () NIL a/b/c", true),
    ("* LIST (...) ${_: nstring} ${mailbox}${delimiter}c", "* LIST () NIL a/b/d", false),
    ("* LIST () \"/\" foo", "* LIST () \"/\" foo (CHILDINFO (SUBSCRIBED))", true),
    ("* LSUB () \"/\" foo", "* LIST () \"/\" foo", false),
    // STATUS: a map.
    ("* STATUS a (MESSAGES 2 UIDNEXT 4)", "* STATUS a (uidnext 4 MESSAGES 02)", true),
    ("* STATUS a (MESSAGES 2)", "* STATUS a (UIDNEXT 4 MESSAGES 2)", false),
    ("* STATUS a (MESSAGES 2 ...)", "* STATUS a (UIDNEXT 4 MESSAGES 2)", true),
    ("* STATUS a (MESSAGES 2 UNSEEN 1)", "* STATUS a (MESSAGES 2)", false),
    // FETCH: a map, extra items allowed (RFC 3501 §7.4.2).
    ("* 1 FETCH (UID 4)", "* 1 FETCH (FLAGS () UID 4)", true),
    ("* 1 FETCH (UID 4)", "* 2 FETCH (UID 4)", false),
    ("* 1 FETCH (UID 4 FLAGS (\\Seen))", "* 1 FETCH (flags (\\seen) uid 4)", true),
    ("* 1 FETCH (FLAGS (\\Seen))", "* 1 FETCH (FLAGS (\\Seen \\Recent))", true),
    ("* 1 FETCH (FLAGS (\\Seen !\\Recent))", "* 1 FETCH (FLAGS (\\Seen \\Recent))", false),
    ("* 1 FETCH (FLAGS (\\Seen))", "* 1 FETCH (FLAGS ($HasAttachment \\Seen))", true),
    ("* 1 FETCH (FLAGS (\\Seen !$Label))", "* 1 FETCH (FLAGS ($label \\Seen))", false),
    ("* 1 FETCH (FLAGS (\\Seen $Label))", "* 1 FETCH (FLAGS (\\Seen $Other))", false),
    ("* 1 FETCH (FLAGS (\\Seen))", "* 1 FETCH (FLAGS (\\Seen Label))", false),
    ("* 1 FETCH (FLAGS (\\Seen))", "* 1 FETCH (FLAGS (\\Seen \\Draft))", false),
    ("* 1 FETCH (FLAGS (!\\Seen ...))", "* 1 FETCH (FLAGS (\\Draft))", true),
    ("* 1 FETCH (!FLAGS UID 4)", "* 1 FETCH (UID 4 FLAGS ())", false),
    ("* 1 FETCH (RFC822.SIZE ${_: number})", "* 1 FETCH (RFC822.SIZE 44827)", true),
    (
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")",
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996 09:44:25 +0000\")",
        true,
    ),
    (
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")",
        "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 +0000\")",
        false,
    ),
    ("* 1 FETCH (BODY[] \"ab\")", "* 1 FETCH (BODY[] {2}~ab)", true),
    ("* 1 FETCH (BODY[] \"ab\")", "* 1 FETCH (BODY[] {2}~AB)", false),
    ("* 1 FETCH (BODY[] \"\")", "* 1 FETCH (BODY[] NIL)", false),
    ("* 1 FETCH (BODY[] NIL)", "* 1 FETCH (BODY[] \"NIL\")", false),
    ("* 1 FETCH (BODY[TEXT] \"ab\")", "* 1 FETCH (BODY[HEADER] \"x\" BODY[text] \"ab\")", true),
    ("* 1 FETCH (BODY[1.2] \"ab\")", "* 1 FETCH (BODY[1.3] \"ab\")", false),
    ("* 1 FETCH (BODY[]<0> \"ab\")", "* 1 FETCH (BODY[]<0> \"ab\")", true),
    ("* 1 FETCH (BODY[]<0> \"ab\")", "* 1 FETCH (BODY[] \"ab\")", false),
    (
        "* 1 FETCH (BODY[HEADER.FIELDS (Date From)] ${_: string})",
        "* 1 FETCH (BODY[HEADER.FIELDS (\"from\" DATE)] {2}~xy)",
        true,
    ),
    (
        "* 1 FETCH (BODY[HEADER.FIELDS (Date)] ${_: string})",
        "* 1 FETCH (BODY[HEADER.FIELDS (Date From)] {2}~xy)",
        false,
    ),
    (
        "* 1 FETCH (ENVELOPE (NIL \"s\" NIL NIL NIL NIL NIL NIL NIL \"<i@h>\"))",
        "* 1 FETCH (ENVELOPE (NIL {1}~s NIL NIL NIL NIL NIL NIL NIL \"<i@h>\"))",
        true,
    ),
    (
        "* 1 FETCH (ENVELOPE (NIL \"s\" NIL NIL NIL NIL NIL NIL NIL NIL))",
        "* 1 FETCH (ENVELOPE (NIL \"S\" NIL NIL NIL NIL NIL NIL NIL NIL))",
        false,
    ),
    (
        "* 1 FETCH (ENVELOPE (${_: nstring} NIL ${_: list} ${_} NIL NIL NIL NIL NIL NIL))",
        "* 1 FETCH (ENVELOPE (NIL NIL ((\"a\" NIL \"b\" \"c\")) NIL NIL NIL NIL NIL NIL NIL))",
        true,
    ),
    (
        "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" (\"CHARSET\" \"US-ASCII\") NIL NIL \"7BIT\" 7 1))",
        "* 1 FETCH (BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 7 1))",
        true,
    ),
    (
        "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" (\"A\" \"x\" \"B\" \"y\") NIL NIL \"7BIT\" 7 1))",
        "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" (\"B\" \"y\" \"A\" \"x\") NIL NIL \"7BIT\" 7 1))",
        true,
    ),
    (
        "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" (\"A\" \"x\") NIL NIL \"7BIT\" 7 1))",
        "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" (\"A\" \"X\") NIL NIL \"7BIT\" 7 1))",
        false,
    ),
    (
        "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1))",
        "* 1 FETCH (BODY (\"TEXT\" \"PLAIN\" NIL NIL NIL \"8BIT\" 7 1))",
        false,
    ),
    (
        "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1 ...))",
        "* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1 NIL NIL \"en\"))",
        true,
    ),
    (
        "* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 7 NIL NIL (\"en\")))",
        "* 1 FETCH (BODYSTRUCTURE (\"A\" \"B\" NIL NIL NIL \"7BIT\" 7 NIL NIL \"EN\"))",
        true,
    ),
    (
        "* 1 FETCH (BODY ((\"A\" \"B\" NIL NIL NIL \"7BIT\" 7)(\"C\" \"D\" NIL NIL NIL \"7BIT\" 7) \"MIXED\"))",
        "* 1 FETCH (BODY ((\"a\" \"b\" NIL NIL NIL \"7bit\" 7)(\"c\" \"d\" NIL NIL NIL \"7bit\" 7) \"mixed\"))",
        true,
    ),
    (
        "* 1 FETCH (BODY ((\"A\" \"B\" NIL NIL NIL \"7BIT\" 7)(\"C\" \"D\" NIL NIL NIL \"7BIT\" 7) \"MIXED\"))",
        "* 1 FETCH (BODY ((\"C\" \"D\" NIL NIL NIL \"7BIT\" 7)(\"A\" \"B\" NIL NIL NIL \"7BIT\" 7) \"MIXED\"))",
        false,
    ),
    // Extensions.
    ("* ESEARCH (TAG \"a\") UID MIN 2 COUNT 3", "* ESEARCH (TAG \"a\") UID COUNT 3 MIN 2", true),
    ("* ESEARCH COUNT 3", "* ESEARCH (TAG \"a\") UID COUNT 3", true),
    ("* ESEARCH UID COUNT 3", "* ESEARCH (TAG \"a\") COUNT 3", false),
    ("* ESEARCH (TAG \"a\") COUNT 3", "* ESEARCH (TAG \"b\") COUNT 3", false),
    ("* ESEARCH ALL 1:3,5", "* ESEARCH (TAG \"a\") ALL 5,1:2,3", true),
    ("* ESEARCH ALL 1:3", "* ESEARCH (TAG \"a\") ALL 1:4", false),
    ("* VANISHED (EARLIER) 41,43:44", "* VANISHED (earlier) 43:44,41", true),
    ("* VANISHED 41", "* VANISHED (EARLIER) 41", false),
    ("* ENABLED CONDSTORE", "* ENABLED condstore", true),
    ("* NAMESPACE ((\"\" \"/\")) NIL NIL", "* NAMESPACE ((\"\" \"/\")) NIL NIL", true),
    ("* NAMESPACE ((\"\" \"/\")) NIL NIL", "* NAMESPACE ((\"\" \".\")) NIL NIL", false),
    ("* ID (\"name\" \"x\" ...)", "* ID (\"version\" \"1\" \"NAME\" \"x\")", true),
];

#[test]
fn known_answers() {
    for (expected, response, matches) in ANSWERS {
        let (_, pattern) = pattern(expected);
        let frame = format!("{}\r\n", response.replace('~', "\r\n"));
        let outcome = matched(&pattern, &[frame.as_bytes()]);
        assert_eq!(outcome.is_ok(), *matches, "{expected}\n{response}\n{outcome:?}");
    }
    assert!(ANSWERS.len() >= 80, "there are only {}", ANSWERS.len());
}

/// Pattern, response, what differs in the pattern, what is expected, what is found, and how the
/// response says it.
#[test]
fn the_innermost_difference_is_shown() {
    for (expected, response, at, wanted, found, octets) in [
        ("* 23 EXISTS", "* 24 EXISTS", "23", "`23`", "`24`", "24"),
        ("a1 OK", "a1 NO [TRYCREATE] no", "OK", "`OK`", "`NO [TRYCREATE] no`", "NO"),
        (
            "* 1 FETCH (FLAGS (\\Seen \\Draft))",
            "* 1 FETCH (UID 3 FLAGS (\\Seen))",
            "\\Draft",
            "`\\Draft`",
            "`(\\Seen)`",
            "(\\Seen)",
        ),
        (
            "* 1 FETCH (FLAGS (\\Seen))",
            "* 1 FETCH (UID 3 FLAGS (\\Seen \\Draft))",
            "(\\Seen)",
            "no `\\Draft` here",
            "`\\Draft`",
            "\\Draft",
        ),
        (
            "* 1 FETCH (UID 4 RFC822.SIZE 3)",
            "* 1 FETCH (UID 4 FLAGS ())",
            "RFC822.SIZE",
            "`RFC822.SIZE`",
            "`(UID 4 FLAGS ())`",
            "(UID 4 FLAGS ())",
        ),
        (
            "* 1 FETCH (ENVELOPE (NIL \"x\" NIL NIL NIL NIL NIL NIL NIL NIL))",
            "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))",
            "\"x\"",
            "`\"x\"`",
            "`NIL`",
            "NIL",
        ),
        (
            "* OK [UIDNEXT ${_: nz-number}]",
            "* OK [UIDNEXT 0] x",
            "${_: nz-number}",
            "a number that is not zero",
            "`0`",
            "0",
        ),
        (
            "* LIST () \"/\" ${mailbox}",
            "* LIST () \"/\" c",
            "${mailbox}",
            "`a/b`, the value of `mailbox`",
            "`c`",
            "c",
        ),
        ("a1 NO [TRYCREATE]", "a1 NO", "[TRYCREATE]", "`[TRYCREATE]`", "nothing", ""),
    ] {
        let (source, pattern) = pattern(expected);
        let frame = format!("{response}\r\n");
        let mismatch = matched(&pattern, &[frame.as_bytes()]).unwrap_err();
        let shown = (&source[mismatch.span], mismatch.expected.as_str(), mismatch.found.as_str());
        assert_eq!(shown, (at, wanted, found), "{expected}\n{response}");
        assert_eq!(&frame[mismatch.octets], octets, "{expected}\n{response}");
    }
}

#[test]
fn fetch_responses_about_one_message_are_one() {
    let (_, pattern) = pattern("* 1 FETCH (UID 4 FLAGS (\\Seen))");
    let frames: [&[u8]; 3] =
        [b"* 1 FETCH (FLAGS ())\r\n", b"* 1 FETCH (UID 4)\r\n", b"* 1 FETCH (FLAGS (\\Seen))\r\n"];
    assert!(matched(&pattern, &frames).is_ok(), "the flags changed in between");
    let mismatch = matched(&pattern, &frames[..2]).unwrap_err();
    assert_eq!((mismatch.frame, &frames[0][mismatch.octets]), (0, &b"()"[..]));
}

#[test]
fn holes_capture_values() {
    for (expected, response, name, value) in [
        ("* OK [UIDNEXT ${x: nz-number}]", "* OK [UIDNEXT 44] x", "x", "44"),
        ("* LIST () ${x: nstring} a", "* LIST () NIL a", "x", "NIL"),
        ("* LIST () ${x: nstring} a", "* LIST () \"/\" a", "x", "\"/\""),
        ("* LIST () NIL ${x: mailbox}", "* LIST () NIL {3}~a b", "x", "\"a b\""),
        ("* 1 FETCH (FLAGS ${x: list})", "* 1 FETCH (FLAGS (\\Seen a))", "x", "(\\Seen a)"),
        ("* 1 FETCH (FLAGS (\\Seen ${x: flag}))", "* 1 FETCH (FLAGS (a \\Seen))", "x", "a"),
        ("* 1 FETCH (BODY[] ${x})", "* 1 FETCH (BODY[] {2}~\"\\)", "x", "\"\\\"\\\\\""),
        (
            "* 1 FETCH (INTERNALDATE ${x: date-time})",
            "* 1 FETCH (INTERNALDATE \" 1-Feb-1994 00:00:00 +0000\")",
            "x",
            "\" 1-Feb-1994 00:00:00 +0000\"",
        ),
        ("a OK [COPYUID 1 ${x: sequence-set} 2]", "a OK [COPYUID 1 3:4,6 2] x", "x", "3:4,6"),
        ("* BYE ${x: text}", "* BYE so long", "x", "\"so long\""),
        ("* SEARCH 2 ${x: number} 4", "* SEARCH 4 3 2", "x", "3"),
    ] {
        let (_, pattern) = pattern(expected);
        let frame = format!("{}\r\n", response.replace('~', "\r\n"));
        let bound = matched(&pattern, &[frame.as_bytes()]);
        let bound = bound.unwrap_or_else(|mismatch| panic!("{expected}: {mismatch:?}"));
        assert_eq!(bound.get(name).unwrap().to_string(), value, "{expected}");
    }
}

#[test]
fn a_name_has_one_value() {
    let (_, twice) = pattern("* STATUS a (UIDNEXT ${x: number} UIDVALIDITY ${x: number})");
    assert!(matched(&twice, &[b"* STATUS a (UIDNEXT 4 UIDVALIDITY 4)\r\n"]).is_ok());
    let mismatch = matched(&twice, &[b"* STATUS a (UIDNEXT 4 UIDVALIDITY 5)\r\n"]).unwrap_err();
    assert_eq!(mismatch.expected, "`4`, the value of `x`");

    // `\Recent` comes and goes with the session.
    let (_, flags) = pattern("* 1 FETCH (FLAGS ${x: list})");
    let seen = matched(&flags, &[b"* 1 FETCH (FLAGS (\\Recent \\Seen))\r\n"]).unwrap();
    let again = |frame: &[u8]| match_response(&flags, &Received::new(frame), &seen, false);
    assert!(again(b"* 1 FETCH (FLAGS (\\Seen))\r\n").is_ok());
    assert!(again(b"* 1 FETCH (FLAGS (\\Seen \\Draft))\r\n").is_err());
}

#[test]
fn a_hole_in_a_section_is_filled_from_the_item_whose_value_fits() {
    let (_, pattern) = pattern("* 1 FETCH (BODY[${part: number}] \"b\")");
    let bound = matched(&pattern, &[b"* 1 FETCH (BODY[1] \"a\" BODY[2] \"b\")\r\n"]);
    assert_eq!(bound.unwrap().get("part").unwrap().to_string(), "2");
}

#[test]
fn a_quote_without_an_end_on_its_line_begins_no_string() {
    let (_, pattern) = pattern("* LIST () NIL \"a \"");
    assert!(matched(&pattern, &[b"* LIST () NIL \"a \"\r\n"]).is_ok());
    assert!(matched(&pattern, &[b"* LIST () NIL \"a {1}\r\n\"\r\n"]).is_err());
}

#[test]
fn numbers_have_an_order_where_that_is_asked() {
    let (_, pattern) = pattern("* SEARCH 2 3 5");
    let ordered = |frame: &[u8]| match_response(&pattern, &Received::new(frame), &bindings(), true);
    assert!(ordered(b"* SEARCH 2 3 5\r\n").is_ok());
    assert!(ordered(b"* SEARCH 2 5 3\r\n").is_err());
}

#[test]
fn the_nearest_response_agrees_in_most_places() {
    let (_, pattern) = pattern("* LIST (\\Noselect) \"/\" foo");
    let agreed = |frame: &[u8]| matched(&pattern, &[frame]).unwrap_err().agreed;
    let near = agreed(b"* LIST (\\Noselect) \"/\" bar\r\n");
    let far = agreed(b"* LIST () \"/\" bar\r\n");
    assert!(near > far && far > agreed(b"* 4 EXISTS\r\n"));
}

#[test]
fn kinds_are_told_before_looking_inside() {
    let untagged = |name: &str| Kind::Untagged(name.to_owned());
    for (frame, kind, number) in [
        (&b"* 4 exists\r\n"[..], untagged("EXISTS"), Some(4)),
        (b"* LIST () NIL a\r\n", untagged("LIST"), None),
        (b"* ok x\r\n", untagged("OK"), None),
        (b"a1 OK x\r\n", Kind::Tagged(b"a1".to_vec()), None),
        (b"+ x\r\n", Kind::Continue, None),
        (b"+\r\n", Kind::Continue, None),
        (b"\r\n", Kind::Tagged(Vec::new()), None),
        (b"*\r\n", untagged(""), None),
    ] {
        let received = Received::new(frame);
        assert_eq!((received.kind(), received.number()), (kind, number));
    }
    assert_eq!(pattern("* NO/BAD").1.kinds(), [untagged("NO"), untagged("BAD")]);
}
