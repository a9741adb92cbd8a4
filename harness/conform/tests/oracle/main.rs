//! Each invariant is seen to fire, and seen to tolerate what the RFC allows.

mod mailbox;
mod protocol;
mod sessions;

use std::time::Duration;

use imap_conform::{
    Entry, Happened, Source, Transcript,
    oracle::{self, INVARIANTS, Invariant},
};

/// A transcript written as in an RFC: `C:` and `S:` lines, `C[name]:` for several sessions,
/// `---` for a barrier, `- more octets` for what was not kept. CRLF within a line is written `⏎`.
fn transcript(text: &str) -> Transcript {
    let mut entries = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (session, happened) = if line == "---" {
            ("", Happened::Barrier)
        } else if line == "- more octets" {
            ("", Happened::Omitted(1))
        } else {
            let (who, text) = line.split_once(':').expect("a line has a colon");
            let octets = format!("{}\r\n", text.trim_start().replace('⏎', "\r\n")).into_bytes();
            let session = who.get(1..).unwrap_or_default().trim_matches(['[', ']']);
            match &who[..1] {
                "C" => (session, Happened::Sent(octets)),
                _ => (session, Happened::Received(octets)),
            }
        };
        entries.push(Entry { at: Duration::ZERO, session: session.to_owned(), happened });
    }
    Transcript { entries }
}

/// The invariants that a transcript breaks, each once.
fn broken(text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for finding in oracle::observe(&transcript(text), &[]) {
        let Source::Invariant(id) = finding.source else { panic!("an invariant") };
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// A session that has a mailbox of three messages selected.
const SELECTED: &str = "
    S: * OK ready
    C: a LOGIN u ****
    S: a OK done
    C: b SELECT box
    S: * 3 EXISTS
    S: * 0 RECENT
    S: * FLAGS (\\Seen \\Deleted)
    S: * OK [UIDVALIDITY 7] valid
    S: * OK [UIDNEXT 40] next
    S: b OK [READ-WRITE] done
";

#[track_caller]
fn fires(id: &str, text: &str) {
    assert_eq!(broken(text), [format!("oracle/{id}")], "in {text}");
}

#[track_caller]
fn tolerates(text: &str) {
    assert_eq!(broken(text), Vec::<String>::new(), "in {text}");
}

#[track_caller]
fn fires_selected(id: &str, text: &str) {
    fires(id, &format!("{SELECTED}{text}"));
}

#[track_caller]
fn tolerates_selected(text: &str) {
    tolerates(&format!("{SELECTED}{text}"));
}

/// For each further requirement of an invariant what breaks it.
fn breaches() -> Vec<(&'static str, &'static str, String)> {
    let selected = |text: &str| format!("{SELECTED}{text}");
    let bye = || "S: * BYE busy\nS: * OK on second thoughts".to_owned();
    let part = |item: &str, behind: &str| {
        selected(&format!("S: * 1 FETCH ({item} (\"A\" \"B\" NIL NIL NIL \"7BIT\" 1 {behind}))"))
    };
    let expunge = "no-expunge-while-numbers-count";
    vec![
        ("grammar", "6.5.1-04", selected("C: c NOOP\nS: * X-LOAD 3\nS: c OK done")),
        ("tag-known", "2.2-03", selected("C: c NOOP\nS: c OK done\nS: c OK again")),
        ("tag-known", "2.2.2-04", selected("C: c NOOP\nS: C OK done\nS: c OK done")),
        ("nothing-after-bye", "3.4-07", bye()),
        ("nothing-after-bye", "7.1.5-04", selected("S: * BYE Autologout\nS: * OK still here")),
        ("nothing-after-bye", "7.1.5-05", bye()),
        ("nothing-after-bye", "9-110", selected("C: c NOOP\nS: * BYE crash\nS: c OK done")),
        ("exists-never-shrinks", "5.2-06", selected("C: c CHECK\nS: * 2 EXISTS\nS: c OK done")),
        (expunge, "5.3-02", selected("S: * 1 EXPUNGE")),
        (expunge, "7.4.1-08", selected("C: c NOOP\nS: c OK done\nS: * 1 EXPUNGE")),
        (
            expunge,
            "7.4.1-10",
            selected(
                "C: c FETCH 1 UID\nC: d SEARCH TEXT {1}\nS: * 2 EXPUNGE\nS: c OK done\nS: d NO no",
            ),
        ),
        (
            expunge,
            "7.4.1-11",
            selected("C: c STATUS {3}\nS: * 2 EXPUNGE\nS: + go on\nC: box ()\nS: c BAD what?"),
        ),
        ("uids-ascend", "2.3.1.1-17", selected("S: * 1 FETCH (UID 12)\nS: * 2 FETCH (UID 11)")),
        ("uids-ascend", "2.3.1.2-08", selected("S: * 3 FETCH (UID 12)\nS: * 2 FETCH (UID 13)")),
        (
            "static-data-stays",
            "2.3.1.1-22",
            selected(
                "S: * 1 FETCH (UID 10 BODY[TEXT] \"x\")\nS: * 1 FETCH (UID 10 BODY[TEXT] \"y\")",
            ),
        ),
        (
            "static-data-stays",
            "2.3.1.1-23",
            selected("S: * 1 FETCH (UID 10 RFC822.SIZE 7)\nS: * 1 FETCH (UID 10 RFC822.SIZE 8)"),
        ),
        (
            "static-data-stays",
            "9-99",
            selected(
                "S: * 1 FETCH (UID 10 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")
                 S: * 1 FETCH (UID 10 INTERNALDATE \"17-Jul-1996 02:44:26 -0700\")",
            ),
        ),
        ("body-is-short", "7.4.2-03", part("BODY", "NIL NIL NIL")),
        ("body-is-short", "7.4.2-18", part("BODY", "NIL")),
        ("extension-data-defined", "9-22", part("BODYSTRUCTURE", "NIL NIL NIL NIL (1 (NIL))")),
        ("system-flags-defined", "2.3.2-09", selected("S: * FLAGS (\\Seen \\Forwarded)")),
        (
            "challenge-is-base64",
            "9-19",
            "S: * OK ready\nC: a AUTHENTICATE CRAM-MD5\nS: + PDEyMz4\nC: *\nS: a BAD no".to_owned(),
        ),
    ]
}

#[test]
fn every_further_requirement_of_an_invariant_is_seen_to_be_broken() {
    for (invariant, _, text) in breaches() {
        fires(invariant, &text);
    }
    let seen =
        breaches().into_iter().map(|(id, of, _)| (format!("oracle/{id}"), format!("rfc3501/{of}")));
    let claims = |invariant: &'static Invariant| {
        invariant.also.iter().map(|of| (invariant.id.to_owned(), (*of).to_owned()))
    };
    assert_eq!(seen.collect::<Vec<_>>(), INVARIANTS.iter().flat_map(claims).collect::<Vec<_>>());
}
