//! SEARCH: each key on known messages (RFC 3501 §6.4.4).

use std::num::NonZeroU32;

use imap_grammar::{
    Atom, Date, DateTime, EntryType, Flag, ImapString, ModSeqEntry, SearchKey, SeqNumber,
    SequenceSet, Time,
};
use imap_model::{Candidate, Charset, Message, matches};

const MESSAGE: &str = "\
Date: (sent on) Wed, 31 Jan 1996 23:30:00 -0800 (PST)
From: =?utf-8?Q?J=C3=B6rg_M=C3=BCller?= <joerg@Example.ORG>
To: \"Smith, Mary\" <@relay.test:mary@x.test> (not a comment), Friends: bob@y.test;
Cc: carol@z.test
Bcc: dan@z.test
Subject: =?iso-8859-1?B?R3L832U=?= =?utf-8?q?_aus?=
 K\u{f6}ln
X-Empty:
Content-Type: multipart/mixed; boundary=b

preamble
--b
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

The stra=DFe of =C4RGER and a soft=
ly broken word
--b
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64
Content-Description: =?utf-8?q?B=C3=A4rte?=

PGI+w4lj
b2xlPC9iPg==
--b
Content-Type: application/octet-stream

binary
--b
Content-Type: message/rfc822

Subject: =?utf-8?q?in=6Eer?=

inner text
--b--
epilogue
";

struct Mail {
    message: Message,
    flags: Vec<Flag<'static>>,
    recent: bool,
}

impl Mail {
    fn new(text: &str) -> Self {
        let message = Message::new(text.replace('\n', "\r\n").into_bytes());
        Self { message, flags: Vec::new(), recent: false }
    }

    /// Message 3 with UID 30 of 5 messages up to UID 50; MODSEQ 700; from 1-Feb-1994 23:59:59 -1200.
    fn matches(&self, key: &SearchKey<'_>, charset: Charset) -> bool {
        let internal_date =
            DateTime::new(date(1994, 2, 1), Time::new(23, 59, 59).unwrap(), -12 * 60).unwrap();
        let candidate = Candidate {
            number: nz(3),
            uid: nz(30),
            flags: &self.flags,
            recent: self.recent,
            internal_date,
            mod_seq: 700,
            message: &self.message,
            largest_number: 5,
            largest_uid: 50,
        };
        matches(key, charset, &candidate)
    }
}

fn nz(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

fn date(year: u16, month: u8, day: u8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn string(octets: &(impl AsRef<[u8]> + ?Sized)) -> ImapString<'_> {
    ImapString::new(octets.as_ref()).unwrap()
}

fn header<'a>(name: &'a str, value: &'a str) -> SearchKey<'a> {
    SearchKey::Header { name: string(name), value: string(value) }
}

fn not(key: SearchKey<'_>) -> SearchKey<'_> {
    SearchKey::Not(Box::new(key))
}

#[track_caller]
fn check(mail: &Mail, rows: impl IntoIterator<Item = (SearchKey<'static>, bool)>) {
    for (key, expected) in rows {
        for charset in [Charset::UsAscii, Charset::Utf8] {
            assert_eq!(mail.matches(&key, charset), expected, "{key:?} in {charset:?}");
            assert_eq!(mail.matches(&not(key.clone()), charset), !expected, "NOT {key:?}");
        }
    }
}

#[test]
fn flags() {
    use SearchKey::*;
    let atom = |name| Atom::new(name).unwrap();
    let none = Mail::new("");
    let rows = || {
        [
            (Answered, Unanswered, Flag::Answered),
            (Deleted, Undeleted, Flag::Deleted),
            (Draft, Undraft, Flag::Draft),
            (Flagged, Unflagged, Flag::Flagged),
            (Seen, Unseen, Flag::Seen),
            (
                Keyword(atom("$FORWARDED")),
                Unkeyword(atom("$FORWARDED")),
                Flag::Keyword(atom("$Forwarded")),
            ),
        ]
    };
    for (index, (set, unset, flag)) in rows().into_iter().enumerate() {
        check(&none, [(set, false), (unset, true)]);
        let one = Mail { flags: vec![flag], ..Mail::new("") };
        for (other, (set, unset, _)) in rows().into_iter().enumerate() {
            check(&one, [(set, index == other), (unset, index != other)]);
        }
    }
    let keyword = Mail { flags: vec![Flag::Keyword(atom("Seen"))], ..Mail::new("") };
    check(&keyword, [(Seen, false), (Keyword(atom("seen")), true), (Keyword(atom("see")), false)]);

    check(&none, [(Recent, false), (Old, true), (New, false)]);
    let recent = Mail { recent: true, ..Mail::new("") };
    check(&recent, [(Recent, true), (Old, false), (New, true)]);
    let seen = Mail { flags: vec![Flag::Seen], ..recent };
    check(&seen, [(Recent, true), (Old, false), (New, false)]);
}

#[test]
fn sets() {
    use SeqNumber::{Largest, Number};
    let range = |start, end| SequenceSet::range(start, end);
    let rows = [
        (SequenceSet::single(nz(3)), true, false),
        (SequenceSet::single(nz(30)), false, true),
        (SequenceSet::single(Largest), false, false),
        (range(Number(nz(4)), Number(nz(1))), true, false),
        (range(Number(nz(4)), Largest), false, true),
        (range(Largest, Number(nz(20))), false, true),
        (range(Number(nz(60)), Largest), false, false),
        (range(Number(nz(1)), Largest), true, true),
    ];
    for (set, by_number, by_uid) in rows {
        check(
            &Mail::new(""),
            [(SearchKey::SequenceSet(set.clone()), by_number), (SearchKey::Uid(set), by_uid)],
        );
    }
}

#[test]
fn and_or_not() {
    use SearchKey::{All, And, Or};
    let or = |one, other| Or(Box::new(one), Box::new(other));
    let none = || not(All);
    check(
        &Mail::new(""),
        [
            (All, true),
            (or(All, none()), true),
            (or(none(), All), true),
            (or(none(), none()), false),
            (And(vec![All]), true),
            (And(vec![All, none()]), false),
            (And(vec![or(none(), All), not(none())]), true),
        ],
    );
}

/// "Larger" and "smaller", not equal.
#[test]
fn sizes_and_modification_sequences() {
    let entry = ModSeqEntry { flag: Flag::Draft, kind: EntryType::All };
    let mod_seq = |at_least| SearchKey::ModSeq { entry: None, at_least };
    check(
        &Mail::new("0123456789"),
        [
            (SearchKey::Larger(9), true),
            (SearchKey::Larger(10), false),
            (SearchKey::Smaller(10), false),
            (SearchKey::Smaller(11), true),
            (mod_seq(699), true),
            (mod_seq(700), true),
            (mod_seq(701), false),
            (SearchKey::ModSeq { entry: Some(entry), at_least: 700 }, true),
        ],
    );
}

/// The day counts where the message was, "disregarding time and timezone".
#[test]
fn dates() {
    use SearchKey::*;
    let days = [date(1994, 1, 31), date(1994, 2, 1), date(1994, 2, 2)];
    let [before, day, after] = days;
    check(
        &Mail::new(MESSAGE),
        [
            (Before(before), false),
            (Before(day), false),
            (Before(after), true),
            (On(before), false),
            (On(day), true),
            (On(after), false),
            (Since(before), true),
            (Since(day), true),
            (Since(after), false),
        ],
    );
    let [before, day, after] = [date(1996, 1, 30), date(1996, 1, 31), date(1996, 2, 1)];
    check(
        &Mail::new(MESSAGE),
        [
            (SentBefore(before), false),
            (SentBefore(day), false),
            (SentBefore(after), true),
            (SentOn(before), false),
            (SentOn(day), true),
            (SentOn(after), false),
            (SentSince(before), true),
            (SentSince(day), true),
            (SentSince(after), false),
        ],
    );
}

/// RFC 2822 §3.3, §4.3 and what is no date.
#[test]
fn sent_dates() {
    let rows = [
        ("Fri, 21 Nov 1997 09:55:06 -0600", Some(date(1997, 11, 21))),
        ("21 Nov 1997 09:55 +0000", Some(date(1997, 11, 21))),
        ("Fri,\n 21 NOV\n  1997 09(comment):   55  :  06 -0600", Some(date(1997, 11, 21))),
        ("Thu,13 Feb 1969 23:32 -0330", Some(date(1969, 2, 13))),
        ("21 Nov 97 09:55:06 GMT", Some(date(1997, 11, 21))),
        ("1 Jan 49 00:00 GMT", Some(date(2049, 1, 1))),
        ("1 Jan 50 00:00 GMT", Some(date(1950, 1, 1))),
        ("01 Jan 103 00:00 GMT", Some(date(2003, 1, 1))),
        ("29 Feb 2000", Some(date(2000, 2, 29))),
        ("30 Feb 2000 00:00 GMT", None),
        ("yesterday", None),
        ("", None),
        ("1", None),
        ("1 Month 2000 00:00 GMT", None),
        ("99999 Jan 2000", None),
        ("1 Jan 99999", None),
    ];
    for (field, sent) in rows {
        let mail = Mail::new(&format!("Date: {field}\n\n"));
        let any = SearchKey::SentSince(date(0, 1, 1));
        assert_eq!(mail.matches(&any, Charset::UsAscii), sent.is_some(), "{field}");
        if let Some(sent) = sent {
            assert!(mail.matches(&SearchKey::SentOn(sent), Charset::UsAscii), "{field}");
        }
    }
    check(&Mail::new("\n"), [(SearchKey::SentSince(date(0, 1, 1)), false)]);
}

#[test]
fn strings_in_either_character_set() {
    let (bcc, cc) = (|s| SearchKey::Bcc(string(s)), |s| SearchKey::Cc(string(s)));
    let (from, to) = (|s| SearchKey::From(string(s)), |s| SearchKey::To(string(s)));
    let subject = |s| SearchKey::Subject(string(s));
    let (body, text) = (|s| SearchKey::Body(string(s)), |s| SearchKey::Text(string(s)));
    check(
        &Mail::new(MESSAGE),
        [
            (bcc("DAN"), true),
            (bcc("carol"), false),
            (cc("carol@z"), true),
            (cc("dan"), false),
            (from("joerg@example.org"), true),
            (from("rg M"), true),
            (from("=?utf-8"), false),
            (to("smith, mary"), true),
            (to("@relay.test:mary@x.test"), true),
            (to("friends"), true),
            (to("bob@y.test"), true),
            (to("comment"), false),
            (subject("aus"), true),
            (subject("e aus k"), true),
            (subject("iso-8859"), false),
            (subject("gruss"), false),
            (body("PREAMBLE"), true),
            (body("epilogue"), true),
            (body("softly broken"), true),
            (body("cole</b>"), true),
            (body("Content-Type: text/HTML"), true),
            (body("inner text"), true),
            (body("Subject: inner"), true),
            (body("carol"), false),
            (text("carol"), true),
            (text("cc: carol"), true),
            (text("softly broken"), true),
            (text("\r\ninner"), true),
            (text("nowhere"), false),
            // Anything has the empty string in it, but an absent field has nothing in it.
            (body(""), true),
            (text(""), true),
            (subject(""), true),
            (from(""), true),
            (header("cc", "carol"), true),
            (header("CC", "dan"), false),
            (header("x-empty", ""), true),
            (header("x-empty", " "), false),
            (header("x-none", ""), false),
            (header("to", "(not a comment)"), true),
            (header("subject", "aus K"), true),
            (header("content-type", "boundary=B"), true),
            (header("content-description", ""), false),
        ],
    );
    check(&Mail::new("\n"), [(subject(""), false), (from(""), false), (body(""), true)]);
}

/// In US-ASCII nothing has to be decoded; otherwise it "MUST be decoded before comparing".
#[test]
fn what_is_transfer_encoded_is_found_as_it_stands_in_us_ascii_alone() {
    let rows = ["=C4RGER", "w4lj", "binary"].map(|text| (text, SearchKey::Body as fn(_) -> _));
    let rows = rows.into_iter().chain([("=?iso-8859-1?B?", SearchKey::Text as fn(_) -> _)]);
    for (text, key) in rows {
        let key: SearchKey<'_> = key(string(text));
        let mail = Mail::new(MESSAGE);
        assert!(mail.matches(&key, Charset::UsAscii), "{key:?}");
        assert!(!mail.matches(&key, Charset::Utf8), "{key:?}");
    }
}

#[test]
fn letters_beyond_us_ascii() {
    let rows = [
        (SearchKey::From(string("JÖRG MÜLLER")), true),
        (SearchKey::From(string("jorg")), false),
        (SearchKey::Subject(string("grüße aus köln")), true),
        (header("Subject", "KÖLN"), true),
        (SearchKey::Body(string("straße of ärger")), true),
        (SearchKey::Body(string("écolE")), true),
        (SearchKey::Body(string("bärte")), true),
        (SearchKey::Text(string("Grüße")), true),
        (SearchKey::Text(string("ё")), false),
        // Not UTF-8: in no message.
        (SearchKey::Text(string(b"\xdf")), false),
    ];
    for (key, expected) in rows {
        assert_eq!(Mail::new(MESSAGE).matches(&key, Charset::Utf8), expected, "{key:?}");
        assert!(!Mail::new(MESSAGE).matches(&key, Charset::UsAscii), "{key:?} is not US-ASCII");
    }
}

/// Encodings as they should not be: what cannot be decoded stands for itself.
#[test]
fn broken_encodings() {
    let subjects = [
        ("=?utf-8?q?open", "=?utf-8?q?open"),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?a b?=", "=?utf-8?q?a b?="),
        ("=?=?utf-8?q?a?=", "=?a"),
        ("=? =?utf-8?q?a?=", "=? a"),
        ("=?no-such?q?=41b?=", "Ab"),
        ("=?utf-8*en?q?=41b?=", "Ab"),
        ("=?utf-8?b?QUI?=", "AB"),
        ("=?utf-8?b?QUI=?= x =?utf-8?b?QUI=?=", "AB x AB"),
        ("=?utf-8?q?a=?=", "a"),
        ("=?utf-8?q?a_?=b", "a b"),
        ("a=?utf-8?q??=b", "a=?utf-8?q??=b"),
    ];
    for (subject, decoded) in subjects {
        let mail = Mail::new(&format!("Subject: [{subject}]\n\n"));
        let decoded = format!("[{decoded}]");
        let key = SearchKey::Subject(string(&decoded));
        assert!(mail.matches(&key, Charset::Utf8), "{subject}");
    }
    let bodies = [
        ("base64", "QUJD\n*REVG\nR", "ABCDEF"),
        ("BASE64", "QUJD==\nREVG", "ABC"),
        ("base64", "!", ""),
        ("quoted-printable", "a=zz=4\n=", "a=zz=4\r\n"),
        ("x-unknown", "QUJD", "QUJD"),
    ];
    for (encoding, body, decoded) in bodies {
        let mail = Mail::new(&format!(
            "Content-Type: multipart/mixed; boundary=b\n\n\
             --b\nContent-Transfer-Encoding: {encoding}\n\n{body}\n--b--\n"
        ));
        let decoded = format!("{encoding}\r\n\r\n{decoded}\r\n--b--");
        assert!(mail.matches(&SearchKey::Body(string(&decoded)), Charset::Utf8), "{body}");
    }
}
