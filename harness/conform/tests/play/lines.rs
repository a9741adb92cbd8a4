//! Single cases: what the steps of a scenario do.

use std::time::Duration;

use imap_conform::{CaseReport, Source, Verdict, play::RunOptions, wire::Timeouts};
use tokio_util::sync::CancellationToken;

use super::{
    events, reports, scenario, sent,
    server::{Character, Spoil, TestServer},
    start,
};

async fn play(spoil: Spoil, header: &str, steps: &str) -> CaseReport {
    play_against(Character { spoil, ..Character::default() }, header, steps).await
}

async fn play_against(character: Character, header: &str, steps: &str) -> CaseReport {
    let server = TestServer::start(character).await;
    let run = start(server.connector(), RunOptions::default()).await;
    let scenario = scenario("case", header, steps);
    let events = events(run, vec![scenario], CancellationToken::new()).await;
    assert_eq!(server.mailboxes(), ["INBOX"], "something is left behind");
    reports(events).remove(0)
}

#[track_caller]
fn assert_passes(report: &CaseReport) {
    assert_eq!(report.verdict, Verdict::Pass, "{:?}\n{:#?}", report.reason, report.findings);
}

#[tokio::test]
async fn a_session_from_select_to_expunge() {
    let report = play(
        Some,
        "fixture: three-plain",
        r#"C: a1 UID FETCH 1:* (FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[])
S: * 1 FETCH (UID ${first: nz-number} FLAGS () RFC822.SIZE ${message.1.size} BODY[] ${message.1})
S: * 2 FETCH (FLAGS (\Seen) INTERNALDATE ${message.2.date} UID ${second: nz-number})
S: * 3 FETCH (UID ${third: nz-number})
S: a1 OK
check ${first} < ${second}
check ${third} > ${second}
C: a2 STORE 2 +FLAGS (\Deleted)
S: * 2 FETCH (FLAGS (\Deleted \Seen))
S: a2 OK
C: a3 SEARCH DELETED
S: * SEARCH 2
S: a3 OK
C: a4 EXPUNGE
S: * 2 EXPUNGE
S!: * ${_} FETCH (UID ${second})
S: a4 OK
C: a5 UID SEARCH ALL
S: * SEARCH ${third} ${first}
S: a5 OK
"#,
    )
    .await;
    assert_passes(&report);
}

#[tokio::test]
async fn literals_pipelines_and_two_sessions() {
    let report = play(
        Some,
        "fixture: three-plain\nsessions: phone, laptop",
        r#"C[phone]: a1 APPEND ${mailbox} (\Draft) {"Subject: four\r\n\r\nfour\r\n"}
S[phone]: * 4 EXISTS
S[phone]: a1 OK
barrier
C[laptop]: b1 NOOP
C[laptop]: b2 FETCH 4 (FLAGS BODY.PEEK[TEXT])
S[laptop]: * 4 EXISTS
S[laptop]: b1 OK
S[laptop]: * 4 FETCH (FLAGS (\Draft) BODY[TEXT] {"four\r\n"})
S[laptop]: b2 OK
C[laptop]: b3 IDLE
S[laptop]: + ${_: text}
C[laptop]: DONE
S[laptop]: b3 OK
C[phone]: a2 CREATE ${mailbox.other}
S[phone]: a2 OK
C[phone]: a3 LIST "" ${root}${delimiter}*
S[phone]: * LIST (...) "${delimiter}" ${mailbox.other}
S[phone]: * LIST (...) ${_: nstring} ${mailbox}
S[phone]: a3 OK
C[phone]: a4 LOGOUT
S[phone]: * BYE
S[phone]: a4 OK
closes[phone]
connect[phone] not-authenticated
C[phone]: a5 LOGIN ${user} ${password}
S[phone]: a5 OK
"#,
    )
    .await;
    assert_passes(&report);
    let wire = serde_json::to_string(&report.transcript).unwrap();
    let digits: Vec<_> = b"s3cret".iter().map(u8::to_string).collect();
    assert!(!wire.contains(&digits.join(",")), "the password is in the transcript");
}

#[tokio::test]
async fn a_line_that_is_not_met_fails_the_case_where_it_differs() {
    let steps = "C: a1 NOOP\nS: a1 NO\nC: a2 NOOP\nS: a2 OK\n";
    let report = play(Some, "", steps).await;
    assert_eq!(report.verdict, Verdict::Fail);
    let [finding] = report.findings.as_slice() else { panic!("{:#?}", report.findings) };
    assert_eq!(finding.requirement.as_ref().unwrap().to_string(), "rfc3501/1-01");
    assert_eq!(finding.expected, "`NO`");
    assert!(finding.found.starts_with("`OK "), "{}", finding.found);
    assert!(matches!(finding.source, Source::Expectation { line: 5, .. }));
    assert!(finding.evidence.is_some());
}

#[tokio::test]
async fn a_completion_is_waited_for_briefly_only_where_an_untagged_bad_decides() {
    let spoil: Spoil = |response| match response.starts_with(b"a1 ") {
        true => Some(b"* BAD What is this\r\n".to_vec()),
        false => Some(response),
    };
    for (expects, within) in [("S!: * BAD\nS: a1 OK", "2s"), ("S: a1 OK", "5s")] {
        let report = play(spoil, "", &format!("C: a1 NOOP\n{expects}\n")).await;
        assert_eq!(report.verdict, Verdict::Fail);
        let found = format!("no such response within {within}");
        assert!(report.findings.iter().any(|finding| finding.found == found), "{report:#?}");
    }
}

#[tokio::test]
async fn the_level_of_the_requirement_decides() {
    let steps = "proves rfc3501/1-02\nC: a1 NOOP\nS: * 7 EXISTS\nS: a1 OK\n";
    assert_eq!(play(Some, "", steps).await.verdict, Verdict::Warn);
    let given = format!("given\n{steps}end\nC: a2 NOOP\nS: a2 OK\n");
    let report = play(Some, "", &given).await;
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert!(report.reason.is_some());
}

#[tokio::test]
async fn never_exactly_and_in_order() {
    let header = "fixture: three-plain";
    for (steps, verdict) in [
        ("C: a FETCH 1 FLAGS\nS!: * 1 FETCH (FLAGS (...))\nS: a OK\n", Verdict::Fail),
        ("C: a FETCH 1 FLAGS\nS!: * 2 FETCH (FLAGS (...))\nS: a OK\n", Verdict::Pass),
        (
            "C: a FETCH 1:2 FLAGS\nexactly\n  S: * 1 FETCH (FLAGS (...))\nend\nS: a OK\n",
            Verdict::Fail,
        ),
        (
            "C: a FETCH 1:2 FLAGS\nexactly\n  S: * 1 FETCH (FLAGS (...))\n  S?: * 2 FETCH (FLAGS (...))\nend\nS: a OK\n",
            Verdict::Pass,
        ),
        (
            "C: a FETCH 1:2 FLAGS\nin order\n  S: * 2 FETCH (FLAGS (...))\n  S: * 1 FETCH (FLAGS (...))\nend\nS: a OK\n",
            Verdict::Fail,
        ),
        ("C: a NOOP\neither\n  S: a NO\nor note \"it says OK\"\n  S: a OK\nend\n", Verdict::Note),
        (
            "C: a NOOP\neither\n  S: a NO\nor warn rfc3501/1-02 \"it says OK\"\n  S: a OK\nend\n",
            Verdict::Warn,
        ),
        ("wait 100ms\nS!: * BYE\nC: a NOOP\nS: a OK\n", Verdict::Pass),
    ] {
        let report = play(Some, header, steps).await;
        assert_eq!(report.verdict, verdict, "{steps}\n{:#?}", report.findings);
    }
}

#[tokio::test]
async fn exactly_within_another_block_waits_as_long_for_more() {
    let within = |block: &str| {
        format!(
            "given\n  C: a1 IDLE\n  S: +\nend\nwait 300ms\n{block}\n  exactly\n    \
             S?: * 9 EXISTS\n  end\nend\nC: DONE\nS: a1 OK\n"
        )
    };
    let report = play(Some, "fixture: three-plain", &within("in order")).await;
    assert_passes(&report);
    assert!(report.elapsed >= Duration::from_millis(300), "it took {:?}", report.elapsed);
}

#[tokio::test]
async fn a_session_that_is_opened_anew_finds_a_mailbox_to_select() {
    let steps = "connect selected\nC: a1 CHECK\nS: a1 OK\n";
    assert_passes(&play(Some, "state: authenticated", steps).await);
}

#[tokio::test]
async fn a_refused_literal_is_not_sent() {
    let spoil: Spoil = Some;
    let steps =
        "C: a1 APPEND ${mailbox.absent} {\"x\"}\nS: a1 NO [TRYCREATE]\nC: a2 NOOP\nS: a2 OK\n";
    assert_passes(&play(spoil, "", steps).await);
}

#[tokio::test]
async fn an_answer_to_a_continuation_request_was_taken_for_a_command() {
    let report = play(Some, "", "C: a1 IDLE\nS: + ${_: text}\nC: a2 NOOP\nS: a1 OK\n").await;
    assert_passes(&report);
    let last = sent(&report).pop().unwrap();
    assert!(last.ends_with(" LOGOUT\r\n"), "{last:?}: nothing is waited for");
}

#[tokio::test]
async fn a_barrier_compares_nothing_where_no_mailbox_is_selected() {
    let header = "state: authenticated\nsessions: phone, laptop";
    let report = play(Some, header, "barrier\nC[phone]: a NOOP\nS[phone]: a OK\n").await;
    assert_eq!(report.verdict, Verdict::Inconclusive);
    let reason = report.reason.unwrap();
    assert!(reason.starts_with("`phone` is not in step: play2 BAD"), "{reason}");
}

#[tokio::test]
async fn a_connection_that_breaks_without_bye_fails_and_one_with_bye_is_inconclusive() {
    fn breaks(out: Vec<u8>) -> Option<Vec<u8>> {
        (!out.starts_with(b"x1 ")).then_some(out)
    }
    let report = play(breaks, "", "C: x1 NOOP\nS: x1 OK\n").await;
    assert_eq!(report.verdict, Verdict::Fail);
    assert_eq!(report.findings[0].found, "the server closed the connection");

    let character = Character { leaves_at: "x1 ", ..Character::default() };
    let report = play_against(character, "", "C: x1 NOOP\nS: x1 OK\n").await;
    assert_eq!(report.verdict, Verdict::Inconclusive, "{:#?}", report.findings);
    assert!(report.reason.unwrap().contains("BYE"));

    let character = Character { leaves_at: "x1 ", ..Character::default() };
    let steps = "C: x1 LOGOUT\nS: * BYE\nS: x1 OK\n";
    let report = play_against(character, "", steps).await;
    assert_eq!(report.verdict, Verdict::Fail, "LOGOUT has to be completed");
}

#[tokio::test]
async fn what_a_case_needs_and_may_decides_whether_it_runs() {
    for (header, steps, reason) in [
        ("needs: X-NOTHING", "C: a NOOP\nS: a OK\n", "X-NOTHING"),
        ("needs: !IDLE", "C: a NOOP\nS: a OK\n", "offers IDLE"),
        ("changes: inbox", "C: a SELECT INBOX\nS: a OK\n", "INBOX"),
        ("risks: lockout", "C: a LOGIN ${user} wrong\nS: a NO\n", "--allow-failed-logins"),
    ] {
        let report = play(Some, header, steps).await;
        assert_eq!(report.verdict, Verdict::Skip);
        assert!(report.reason.unwrap().contains(reason));
    }
    let steps = "login second\nC: a NOOP\nS: a OK\n";
    assert_passes(&play(Some, "state: not-authenticated\nneeds: IDLE", steps).await);
}

#[tokio::test]
async fn half_a_literal_is_told_from_silence() {
    let half: Spoil = |octets| match octets.starts_with(b"a1 OK") {
        true => Some(b"* 1 FETCH (BODY[] {100}\r\nhalf".to_vec()),
        false => Some(octets),
    };
    let server = TestServer::start(Character { spoil: half, ..Character::default() }).await;
    let connector = server.connector_with(Timeouts::with_response(Duration::from_millis(300)));
    let run = start(connector, RunOptions::default()).await;
    let scenarios = vec![scenario("case", "", "C: a1 NOOP\nS: a1 OK\n")];
    let report = reports(events(run, scenarios, CancellationToken::new()).await).remove(0);
    assert_eq!(report.verdict, Verdict::Fail);
    let found = &report.findings[0].found;
    assert_eq!(found, "no such response within 300ms, but 29 octets of a message without end");
}

#[tokio::test]
async fn what_the_server_says_does_nothing_to_a_terminal() {
    let spoil: Spoil = |octets| match octets.starts_with(b"play2 OK") {
        true => Some(b"play2 NO \x1b]0;owned\x07\x1b[2J\r\n".to_vec()),
        false => Some(octets),
    };
    let report = play(spoil, "fixture: three-plain", "C: a1 NOOP\nS: a1 OK\n").await;
    let reason = report.reason.unwrap();
    assert!(reason.contains(r"play2 NO \u{1b}]0;owned"), "{reason}");
    assert!(!reason.contains(char::is_control), "{reason:?}");
}

#[tokio::test]
async fn a_failed_handshake_breaks_what_was_to_be_proved() {
    let spoil: Spoil = |octets| match octets.starts_with(b"a1 ") {
        true => Some(b"a1 OK begin\r\n".to_vec()),
        false => Some(octets),
    };
    let steps = "proves rfc3501/1-02\nC: a1 STARTTLS\nS: a1 OK\nstarttls\n";
    let report = play(spoil, "state: not-authenticated", steps).await;
    let [finding] = report.findings.as_slice() else { panic!("{report:#?}") };
    assert_eq!(finding.requirement.as_ref().unwrap().to_string(), "rfc3501/1-02");
}

#[tokio::test]
async fn a_flood_of_responses_is_no_fault_of_the_harness() {
    let spoil: Spoil = |octets| match octets.starts_with(b"a1 ") {
        true => Some([&b"* LIST () NIL x\r\n".repeat(26_000)[..], &octets].concat()),
        false => Some(octets),
    };
    let steps = "C: a1 NOOP\nS: * LIST () NIL y\nS: * LIST () NIL z\nS: a1 OK\n";
    let report = play(spoil, "", steps).await;
    assert_eq!(report.verdict, Verdict::Inconclusive, "{:#?}", report.findings);
    let reason = report.reason.unwrap();
    assert!(reason.contains("the 26001 responses that came"), "{reason}");
}

#[tokio::test]
async fn a_flood_behind_an_untagged_bad_is_not_judged_response_by_response() {
    let spoil: Spoil = |octets| match octets.starts_with(b"a1 ") {
        true => Some([b"* BAD what?\r\n", &b"* OK x\r\n".repeat(20_000)[..], &octets].concat()),
        false => Some(octets),
    };
    let report = play(spoil, "", "C: a1 NOOP\nS: a1 OK\n").await;
    assert_passes(&report);
    assert!(report.elapsed < Duration::from_secs(60), "it took {:?}", report.elapsed);
}
