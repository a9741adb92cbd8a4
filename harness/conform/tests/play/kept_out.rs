//! Servers that let nobody in: which of them break a rule, and which only refuse.

use std::time::Duration;

use imap_conform::{
    CaseReport, Event, Library, Verdict,
    play::{Run, RunId, RunOptions},
    requirement::Catalogue,
    wire::Timeouts,
};
use tokio_util::sync::CancellationToken;

use super::{
    events, reports, scenario,
    server::{Character, Spoil, TestServer},
    start,
};

/// What a run says of a server that spoils its answers so that nobody can log in.
async fn kept_out(spoil: Spoil) -> CaseReport {
    let server = TestServer::start(Character { spoil, ..Character::default() }).await;
    let connector = server.connector_with(Timeouts::with_response(Duration::from_millis(300)));
    let run = start(connector, RunOptions::default()).await;
    let events =
        events(run, vec![scenario("case", "", "C: a1 NOOP\nS: a1 OK\n")], CancellationToken::new())
            .await;
    let Some(Event::RunFinished { cut_short: Some(_), .. }) = events.last() else {
        panic!("somebody logged in: {events:#?}")
    };
    let [report] = reports(events).try_into().expect("one case and no other");
    report
}

#[tokio::test]
async fn a_server_that_keeps_everybody_out_is_told_which_rule_it_breaks() {
    fn replaced(octets: Vec<u8>, from: &str, to: &str) -> Option<Vec<u8>> {
        Some(String::from_utf8(octets).unwrap().replace(from, to).into_bytes())
    }
    fn without_line(octets: Vec<u8>, with: &str) -> Option<Vec<u8>> {
        let text = String::from_utf8(octets).unwrap();
        let lines = text.split_inclusive('\n').filter(|line| !line.contains(with));
        Some(lines.collect::<String>().into_bytes())
    }
    let cases: [(&str, Spoil, &str); 7] = [
        ("a greeting of another protocol", |o| replaced(o, "* OK", "220"), "rfc3501/9-76"),
        ("a greeting that is data", |o| replaced(o, "* OK [C", "* C"), "rfc3501/9-76"),
        ("a tag that nobody gave", |o| replaced(o, "ic1 OK", "ic9 OK"), "rfc3501/7-02"),
        ("a tag in upper case", |o| replaced(o, "ic1 OK", "IC1 OK"), "rfc3501/7-02"),
        ("no completion of LOGIN", |o| without_line(o, "ic1 OK"), "rfc3501/2.2-03"),
        ("no word about the end", |o| Some(o).filter(|o| !o.starts_with(b"ic")), "rfc3501/3.4-03"),
        ("no hierarchy delimiter", |o| without_line(o, "\"/\""), "rfc3501/6.3.8-11"),
    ];
    let catalogue = Library::BuiltIn.catalogue().unwrap();
    for (what, spoil, requirement) in cases {
        assert!(catalogue.get(&requirement.parse().unwrap()).is_some(), "{requirement}");
        let report = kept_out(spoil).await;
        assert_eq!((report.case.as_str(), report.verdict), ("login", Verdict::Fail), "{what}");
        let broken: Vec<_> = report.requirements.iter().map(ToString::to_string).collect();
        assert_eq!(broken, [requirement], "{what}: {:#?}", report.findings);
        assert!(report.findings[0].evidence.is_some(), "{what}: the wire is not shown");
        assert!(!report.transcript.entries.is_empty(), "{what}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_a_login_breaks_nothing() {
    let refuse: Spoil = |octets| {
        let text = String::from_utf8(octets).unwrap();
        Some(text.replace("ic1 OK", "ic1 NO").into_bytes())
    };
    let server = TestServer::start(Character { spoil: refuse, ..Character::default() }).await;
    let catalogue = Catalogue::default();
    let started =
        Run::start(server.connector(), catalogue, RunOptions::default(), &RunId::new(7)).await;
    let error = started.err().expect("nobody is logged in");
    assert!(error.to_string().contains("refuses the login of `alice`"), "{error}");
}

#[tokio::test]
async fn a_greeting_without_end_is_no_command_without_completion() {
    let report = kept_out(|octets| match octets.starts_with(b"* OK") {
        true => Some(octets[..7].to_vec()),
        false => Some(octets),
    })
    .await;
    let broken: Vec<_> = report.requirements.iter().map(ToString::to_string).collect();
    assert_eq!(broken, ["rfc3501/2.2-01"], "{:#?}", report.findings);
}
