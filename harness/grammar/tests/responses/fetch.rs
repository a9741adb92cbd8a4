//! `msg-att` and `envelope`.

use imap_grammar::{
    Address, BodySection, Date, DateTime, Envelope, Flag, ImapString, MessageAttribute, Section,
    SectionText, Time, Untagged,
};

use crate::Legal::{self, *};
use crate::{atom, check_illegal, check_legal, nz, s};

/// FETCH of message 1.
fn fetch(items: Vec<MessageAttribute<'static>>) -> Legal {
    Untagged(Untagged::Fetch { number: nz(1), items })
}

fn section(
    part: &[u32],
    text: Option<SectionText<'static>>,
    origin: Option<u32>,
    data: Option<ImapString<'static>>,
) -> Legal {
    let section = Section { part: part.iter().copied().map(nz).collect(), text };
    let body_section = BodySection { section, origin, data };
    fetch(vec![MessageAttribute::BodySection(Box::new(body_section))])
}

#[test]
fn legal_message_attributes() {
    use MessageAttribute::*;
    let date_time = |day, zone| {
        let date = Date::new(1996, 7, day).unwrap();
        InternalDate(DateTime::new(date, Time::new(2, 44, 25).unwrap(), zone).unwrap())
    };
    check_legal(vec![
        ("3501 §7.4.2", "", "* 1 FETCH (FLAGS (\\Seen) RFC822.SIZE 44827)", {
            fetch(vec![Flags(vec![Flag::Seen]), Rfc822Size(44827)])
        }),
        ("3501 §9 msg-att-dynamic", "", "* 1 FETCH (FLAGS (\\recent \\x y))", {
            let other = [Flag::Extension(atom("x")), Flag::Keyword(atom("y"))];
            fetch(vec![Flags([vec![Flag::Recent], other.into()].concat())])
        }),
        ("3501 §9 msg-att-dynamic", "", "* 1 FETCH (FLAGS ())", fetch(vec![Flags(vec![])])),
        ("3501 §9 msg-att", "", "* 1 fetch (uid 4294967295 UID 1)", {
            fetch(vec![Uid(nz(u32::MAX)), Uid(nz(1))])
        }),
        (
            "3501 §9 date-day-fixed",
            "",
            "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")",
            { fetch(vec![date_time(17, -420)]) },
        ),
        (
            "3501 §9 date-day-fixed",
            "",
            "* 1 FETCH (INTERNALDATE \" 1-jul-1996 02:44:25 +0000\")",
            { fetch(vec![date_time(1, 0)]) },
        ),
        (
            "3501 §9 date-day-fixed",
            "",
            "* 1 FETCH (INTERNALDATE \"01-Jul-1996 02:44:25 +0000\")",
            { fetch(vec![date_time(1, 0)]) },
        ),
        ("3501 §9 msg-att-static", "", "* 1 FETCH (RFC822 {3}\r\na\r\n RFC822.HEADER \"\")", {
            fetch(vec![Rfc822(Some(s("a\r\n"))), Rfc822Header(Some(s("")))])
        }),
        (
            "3501 §9 msg-att-static",
            "",
            "* 1 FETCH (RFC822.TEXT NIL)",
            fetch(vec![Rfc822Text(None)]),
        ),
        ("3501 §9 msg-att-static", "", "* 1 FETCH (RFC822.SIZE 0)", fetch(vec![Rfc822Size(0)])),
        (
            "3501 §7.4.2",
            "",
            "* 1 FETCH (BODY[] {2}\r\nhi)",
            section(&[], None, None, Some(s("hi"))),
        ),
        ("3501 §7.4.2", "", "* 1 FETCH (BODY[HEADER] \"\")", {
            section(&[], Some(SectionText::Header), None, Some(s("")))
        }),
        ("3501 §7.4.2", "", "* 1 FETCH (body[text]<0> NIL)", {
            section(&[], Some(SectionText::Text), Some(0), None)
        }),
        (
            "3501 §9 section",
            "",
            "* 1 FETCH (BODY[4.2.2.1] NIL)",
            section(&[4, 2, 2, 1], None, None, None),
        ),
        ("3501 §9 section-text", "", "* 1 FETCH (BODY[1.MIME]<4294967295> \"x\")", {
            section(&[1], Some(SectionText::Mime), Some(u32::MAX), Some(s("x")))
        }),
        ("3501 §9 header-list", "", "* 1 FETCH (BODY[HEADER.FIELDS (DATE \"from\")] \"x\")", {
            let fields = SectionText::HeaderFields(vec![s("DATE"), s("from")]);
            section(&[], Some(fields), None, Some(s("x")))
        }),
        ("3501 §9 header-list", "", "* 1 FETCH (BODY[2.HEADER.FIELDS.NOT ({1}\r\n])] \"x\")", {
            let fields = SectionText::HeaderFieldsNot(vec![s("]")]);
            section(&[2], Some(fields), None, Some(s("x")))
        }),
        (
            "7162 §7",
            "CONDSTORE",
            "* 1 FETCH (MODSEQ (624140003))",
            fetch(vec![ModSeq(624_140_003)]),
        ),
    ]);
}

#[test]
fn illegal_message_attributes() {
    check_illegal(vec![
        ("3501 §9 msg-att", "", "* 1 FETCH ()", ("msg-att", 11)),
        ("3501 §9 msg-att", "", "* 1 FETCH FLAGS ()", ("msg-att", 10)),
        ("3501 §9 msg-att", "", "* 1 FETCH (FLAGS () )", ("msg-att", 20)),
        ("3501 §9 msg-att", "", "* 1 FETCH (FLAGS ()", ("msg-att", 19)),
        ("3501 §9 msg-att", "", "* 1 FETCH (FLAGS ()  UID 1)", ("msg-att", 20)),
        ("3501 §9 msg-att", "", "* 1 FETCH (FLAGS ())UID 1)", ("response-data", 20)),
        ("3501 §9 msg-att", "", "* 1 FETCH (FLAGS ()UID 1)", ("msg-att", 19)),
        ("3501 §9 msg-att", "", "* 1 FETCH (X-FOO 1)", ("msg-att", 11)),
        ("3501 §9 msg-att", "", "* 1 FETCH (BODY.PEEK[] NIL)", ("msg-att", 11)),
        ("3501 §9 message-data", "", "* 1 FETCH", ("message-data", 9)),
        ("3501 §9 msg-att-dynamic", "", "* 1 FETCH (FLAGS NIL)", ("msg-att-dynamic", 17)),
        ("3501 §9 flag-fetch", "", "* 1 FETCH (FLAGS (\\*))", ("atom", 19)),
        ("3501 §9 flag-fetch", "", "* 1 FETCH (FLAGS (\\Seen\\Draft))", ("msg-att-dynamic", 23)),
        ("3501 §9 nz-number", "", "* 1 FETCH (UID 0)", ("nz-number", 15)),
        ("3501 §9 number", "", "* 1 FETCH (RFC822.SIZE 4294967296)", ("number", 23)),
        ("3501 §9 number", "", "* 1 FETCH (RFC822.SIZE -1)", ("number", 23)),
        ("3501 §9 msg-att-static", "", "* 1 FETCH (RFC822.SIZE NIL)", ("number", 23)),
        ("3501 §9 msg-att-static", "", "* 1 FETCH (RFC822.PEEK NIL)", ("msg-att", 11)),
        ("3501 §9 nstring", "", "* 1 FETCH (RFC822 x)", ("nstring", 18)),
        ("3501 §9 nstring", "", "* 1 FETCH (RFC822 NI)", ("nstring", 18)),
        ("3501 §9 msg-att-static", "", "* 1 FETCH (RFC822{1}\r\nx)", ("msg-att-static", 17)),
        ("3501 §9 date-time", "", "* 1 FETCH (INTERNALDATE NIL)", ("date-time", 24)),
        ("3501 §9 date-day-fixed", "", "* 1 FETCH (INTERNALDATE \"1-Jul-1996 02:44:25 +0000\")", {
            ("date-day-fixed", 26)
        }),
        (
            "3501 §9 date-day-fixed",
            "",
            "* 1 FETCH (INTERNALDATE \"31-Feb-1996 02:44:25 +0000\")",
            { ("date-day-fixed", 25) },
        ),
        ("3501 §9 date-month", "", "* 1 FETCH (INTERNALDATE \"01-Jux-1996 02:44:25 +0000\")", {
            ("date-month", 28)
        }),
        ("3501 §9 zone", "", "* 1 FETCH (INTERNALDATE \"01-Jul-1996 02:44:25 GMT\")", ("zone", 46)),
        (
            "3501 §9 time",
            "",
            "* 1 FETCH (INTERNALDATE \"01-Jul-1996 24:00:00 +0000\")",
            ("time", 37),
        ),
        ("3501 §9 section", "", "* 1 FETCH (BODY[ NIL)", ("section-msgtext", 16)),
        ("3501 §9 section-part", "", "* 1 FETCH (BODY[0] NIL)", ("nz-number", 16)),
        ("3501 §9 section-msgtext", "", "* 1 FETCH (BODY[MIME] NIL)", ("section-msgtext", 16)),
        ("3501 §9 header-list", "", "* 1 FETCH (BODY[HEADER.FIELDS ()] NIL)", ("astring", 31)),
        ("3501 §9 msg-att-static", "", "* 1 FETCH (BODY[]<0.5> NIL)", ("msg-att-static", 19)),
        ("3501 §9 number", "", "* 1 FETCH (BODY[]<> NIL)", ("number", 18)),
        ("3501 §9 msg-att-static", "", "* 1 FETCH (BODY[]<5 NIL)", ("msg-att-static", 19)),
        ("3501 §9 msg-att-static", "", "* 1 FETCH (BODY[])", ("msg-att-static", 17)),
        ("3501 §9 msg-att-static", "", "* 1 FETCH (BODYSTRUCTURE[] NIL)", ("msg-att-static", 24)),
        ("3501 §9 nstring", "", "* 1 FETCH (BODY[] ())", ("nstring", 18)),
        ("3501 §9 CHAR8", "", "* 1 FETCH (BODY[] {3}\r\na\0b)", ("literal", 24)),
        ("7888 §4", "LITERAL+", "* 1 FETCH (BODY[] {3+}\r\nabc)", ("literal", 20)),
        ("7162 §7, off", "", "* 1 FETCH (MODSEQ (1))", ("msg-att", 11)),
        ("7162 §7", "CONDSTORE", "* 1 FETCH (MODSEQ 1)", ("fetch-mod-resp", 18)),
        ("7162 §7", "CONDSTORE", "* 1 FETCH (MODSEQ (0))", ("mod-sequence-value", 19)),
        ("7162 §7", "CONDSTORE", "* 1 FETCH (MODSEQ ())", ("mod-sequence-value", 19)),
    ]);
}

fn envelope(envelope: Envelope<'static>) -> Legal {
    fetch(vec![MessageAttribute::Envelope(Box::new(envelope))])
}

#[test]
fn legal_envelopes() {
    let address = |name, mailbox, host| Address { name, adl: None, mailbox, host };
    let gray = || address(Some(s("Terry Gray")), Some(s("gray")), Some(s("washington.edu")));
    check_legal(vec![
        (
            "3501 §8",
            "",
            "* 1 FETCH (ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"summary\" \
             ((\"Terry Gray\" NIL \"gray\" \"washington.edu\")) \
             ((\"Terry Gray\" NIL \"gray\" \"washington.edu\")) NIL \
             ((NIL NIL \"imap\" \"x\")(\"Terry Gray\" NIL \"gray\" \"washington.edu\")) \
             NIL NIL NIL \"<B27397-0100000@x>\"))",
            envelope(Envelope {
                date: Some(s("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)")),
                subject: Some(s("summary")),
                from: vec![gray()],
                sender: vec![gray()],
                to: vec![address(None, Some(s("imap")), Some(s("x"))), gray()],
                message_id: Some(s("<B27397-0100000@x>")),
                ..Envelope::default()
            }),
        ),
        (
            "3501 §9 envelope",
            "",
            "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))",
            { envelope(Envelope::default()) },
        ),
        (
            "3501 §7.4.2 group syntax",
            "",
            "* 1 FETCH (ENVELOPE (NIL {1}\r\n\" NIL NIL NIL NIL ((NIL NIL \"A Group\" NIL)\
             (NIL NIL NIL NIL)) ((NIL \"@a,@b\" {0}\r\n \"\")) \"<x>\" NIL))",
            envelope(Envelope {
                subject: Some(s("\"")),
                cc: vec![address(None, Some(s("A Group")), None), Address::default()],
                bcc: vec![Address {
                    name: None,
                    adl: Some(s("@a,@b")),
                    mailbox: Some(s("")),
                    host: Some(s("")),
                }],
                in_reply_to: Some(s("<x>")),
                ..Envelope::default()
            }),
        ),
    ]);
}

#[test]
fn illegal_envelopes() {
    check_illegal(vec![
        ("3501 §9 envelope", "", "* 1 FETCH (ENVELOPE NIL)", ("envelope", 20)),
        ("3501 §9 envelope", "", "* 1 FETCH (ENVELOPE ())", ("nstring", 21)),
        ("3501 §9 nstring", "", "* 1 FETCH (ENVELOPE (x NIL", ("nstring", 21)),
        ("3501 §9 env-from", "", "* 1 FETCH (ENVELOPE (NIL NIL \"x\" ", ("env-from", 29)),
        ("3501 §9 env-from", "", "* 1 FETCH (ENVELOPE (NIL NIL () ", ("address", 30)),
        ("3501 §9 env-sender", "", "* 1 FETCH (ENVELOPE (NIL NIL NIL x", ("env-sender", 33)),
        (
            "3501 §9 env-reply-to",
            "",
            "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL x",
            ("env-reply-to", 37),
        ),
        ("3501 §9 env-to", "", "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL x", ("env-to", 41)),
        ("3501 §9 env-cc", "", "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL x", ("env-cc", 45)),
        ("3501 §9 env-bcc", "", "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL x", {
            ("env-bcc", 49)
        }),
        (
            "3501 §9 env-from",
            "",
            "* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL NIL NIL) (NIL NIL NIL NIL))",
            ("env-from", 47),
        ),
        ("3501 §9 address", "", "* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL NIL)) ", ("address", 42)),
        ("3501 §9 address", "", "* 1 FETCH (ENVELOPE (NIL NIL ((NIL NIL NIL NIL NIL)) ", {
            ("address", 46)
        }),
        ("3501 §9 address", "", "* 1 FETCH (ENVELOPE (NIL NIL (NIL) ", ("address", 30)),
        ("3501 §9 envelope", "", "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL))", {
            ("envelope", 56)
        }),
        (
            "3501 §9 envelope",
            "",
            "* 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))",
            { ("envelope", 60) },
        ),
        ("3501 §9 (2)", "", "* 1 FETCH (ENVELOPE (NIL  NIL", ("nstring", 25)),
    ]);
}
