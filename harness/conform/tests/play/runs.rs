//! Whole runs: many cases at once, and servers that do not last.

use std::{
    collections::BTreeSet,
    num::NonZeroUsize,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use imap_conform::{
    CaseReport, Event, Record, Verdict,
    play::{Run, RunId, RunOptions, StartError, clean},
    report::{Background, Junit, Report, ShowWire, Terminal},
    requirement::Catalogue,
    scenario::Scenario,
    server::{Difference, Embedded},
    target::Target,
    wire::{Connector, Limits, Timeouts},
};
use tokio_util::sync::CancellationToken;

use super::{
    events, reports, scenario, sent,
    server::{Character, Spoil, TestServer},
    start,
};

const ONE_MAILBOX: &str = "C: a1 FETCH 1 FLAGS\nS: * 1 FETCH (FLAGS ())\nS: a1 OK\n\
    C: a2 CREATE ${mailbox.child}\nS: a2 OK\nC: a3 SUBSCRIBE ${mailbox.child}\nS: a3 OK\n";

fn many(count: usize, steps: &str) -> Vec<Scenario> {
    let one = |n| scenario(&format!("case-{n:02}"), "fixture: three-plain", steps);
    (0..count).map(one).collect()
}

fn options(jobs: usize) -> RunOptions {
    RunOptions { jobs: NonZeroUsize::new(jobs).unwrap(), ..RunOptions::default() }
}

fn background() -> Background {
    Background::new(&[], Catalogue::default(), String::new())
}

/// What the terminal shows of a run.
fn shown(events: &[Event]) -> String {
    let (mut shown, background) = (Vec::new(), background());
    let mut terminal = Terminal::new(&mut shown, &background, ShowWire::Fail, false, false);
    events.iter().for_each(|event| terminal.event(event).unwrap());
    drop(terminal);
    String::from_utf8(shown).unwrap()
}

#[tokio::test]
async fn cases_do_not_disturb_each_other_and_leave_nothing() {
    let server = TestServer::start(Character::default()).await;
    server.create("imap-conform-notes");
    let run = start(server.connector(), options(4)).await;
    let events = events(run, many(12, ONE_MAILBOX), CancellationToken::new()).await;
    assert!(matches!(events.first(), Some(Event::RunStarted { cases: 12, .. })));
    assert!(matches!(events.last(), Some(Event::RunFinished { cut_short: None, .. })));
    let reports = reports(events);
    assert_eq!(reports.len(), 12);
    for report in reports {
        assert_eq!(report.verdict, Verdict::Pass, "{:?} {:#?}", report.reason, report.findings);
    }
    assert!(server.most_at_once.load(Ordering::SeqCst) > 2, "they ran one after the other");
    assert_eq!(server.mailboxes(), ["INBOX", "imap-conform-notes"]);
}

#[tokio::test]
async fn cases_of_different_lanes_have_different_users() {
    let default = Character::default().configuration;
    let mut users = default.users.clone();
    users.extend(default.users.iter().flat_map(|user| {
        ["1", "2"].map(|lane| imap_model::User { name: user.name.clone() + lane, ..user.clone() })
    }));
    let configuration = imap_model::Configuration { users, ..default };
    let server = TestServer::start(Character { configuration, ..Character::default() }).await;
    let target = Target { lanes: NonZeroUsize::new(3).unwrap(), ..server.target() };
    let timeouts = Timeouts::with_response(Duration::from_secs(5));
    let connector = Connector::new(target, timeouts, Limits::default()).unwrap();
    let run = start(connector, options(3)).await;
    // Each finds its user's subscriptions as no other case has left them.
    let steps = "C: a1 SUBSCRIBE ${mailbox}\nS: a1 OK\n\
        C: a2 LSUB \"\" *\nexactly\n  S: * LSUB (...) ${_} ${mailbox}\nend\nS: a2 OK\n";
    let reports = reports(events(run, many(3, steps), CancellationToken::new()).await);
    for report in &reports {
        assert_eq!(report.verdict, Verdict::Pass, "{:?} {:#?}", report.reason, report.findings);
    }
    let logins = reports.iter().flat_map(sent).filter(|line| line.contains(" LOGIN "));
    let named = |login: &str| login.split('"').nth(1).unwrap_or_default().to_owned();
    let users: BTreeSet<_> = logins.map(|login| named(&login)).collect();
    assert_eq!(users, ["alice", "alice1", "alice2"].map(String::from).into());
    assert_eq!(server.mailboxes(), ["INBOX"]);
}

#[tokio::test]
async fn a_case_whose_messages_lose_their_flags_is_skipped() {
    let fault = Difference::fault("append-loses-flags").unwrap();
    let embedded = Embedded::start(fault.embedded()).unwrap();
    let timeouts = Timeouts::with_response(Duration::from_secs(5));
    let connector = Connector::new(embedded.target(), timeouts, Limits::default()).unwrap();
    let run = start(connector, options(1)).await;
    let without = scenario("without", "fixture: ten-plain", "C: a1 NOOP\nS: a1 OK\n");
    let with = many(1, "C: a1 NOOP\nS: a1 OK\n").remove(0);
    let events = events(run, vec![without, with], CancellationToken::new()).await;
    let (without, with): (Vec<_>, Vec<_>) =
        reports(events).into_iter().partition(|report| report.case == "without");
    assert_eq!(without[0].verdict, Verdict::Pass, "{:?}", without[0].reason);
    assert_eq!(with[0].verdict, Verdict::Skip);
    let reason = with[0].reason.as_deref().unwrap();
    assert!(reason.contains("the server does not keep that of APPEND"), "{reason}");
}

#[tokio::test]
async fn a_flat_server_and_a_prefix_are_coped_with() {
    let default = Character::default().configuration;
    for (delimiter, prefix) in [(None, ""), (Some(b'.'), "INBOX.")] {
        let configuration = imap_model::Configuration {
            delimiter,
            personal_prefix: prefix.to_owned(),
            ..default.clone()
        };
        let server = TestServer::start(Character { configuration, ..Character::default() }).await;
        let run = start(server.connector(), options(2)).await;
        let steps = "C: a1 CREATE ${root}${delimiter}x\nS: a1 OK\n";
        let events = events(run, many(3, steps), CancellationToken::new()).await;
        for report in reports(events) {
            assert_eq!(report.verdict, Verdict::Pass, "{:?} {:#?}", report.reason, report.findings);
        }
        assert_eq!(server.mailboxes(), ["INBOX"]);
    }
}

#[tokio::test]
async fn a_server_that_limits_connections_gets_fewer_at_once() {
    let character = Character { max_connections: 3, ..Character::default() };
    let server = TestServer::start(character).await;
    let run = start(server.connector(), options(6)).await;
    let events = events(run, many(8, ONE_MAILBOX), CancellationToken::new()).await;
    let notices = events.iter().filter(|event| matches!(event, Event::Notice(_))).count();
    assert!(notices > 0, "nobody is told");
    let reports = reports(events);
    assert_eq!(reports.len(), 8);
    for report in reports {
        assert_eq!(report.verdict, Verdict::Pass, "{:?} {:#?}", report.reason, report.findings);
    }
    assert_eq!(server.mailboxes(), ["INBOX"]);
}

#[tokio::test]
async fn a_server_with_a_single_connection_is_enough_for_one_session() {
    let server = TestServer::start(Character { max_connections: 1, ..Character::default() }).await;
    let run = start(server.connector(), options(2)).await;
    let events = events(run, many(2, ONE_MAILBOX), CancellationToken::new()).await;
    for report in reports(events) {
        assert_eq!(report.verdict, Verdict::Pass, "{:?} {:#?}", report.reason, report.findings);
    }
    assert_eq!(server.mailboxes(), ["INBOX"]);
}

#[tokio::test]
async fn a_server_that_notices_late_that_a_connection_is_over_is_given_time() {
    static FIRST: OnceLock<Instant> = OnceLock::new();
    let late: Spoil = |octets| {
        let is_greeting = octets.starts_with(b"* OK [CAPABILITY");
        match FIRST.get() {
            Some(first) if is_greeting && first.elapsed() < Duration::from_secs(1) => {
                Some(b"* BYE [LIMIT] Too many connections\r\n".to_vec())
            }
            _ => {
                FIRST.get_or_init(Instant::now);
                Some(octets)
            }
        }
    };
    let server = TestServer::start(Character { spoil: late, ..Character::default() }).await;
    let run = start(server.connector(), options(1)).await;
    let case = scenario("case", "state: authenticated", "C: a1 NOOP\nS: a1 OK\n");
    let reports = reports(events(run, vec![case], CancellationToken::new()).await);
    assert_eq!(reports[0].verdict, Verdict::Pass, "{:?}", reports[0].reason);
}

#[tokio::test]
async fn a_server_that_dies_cuts_the_run_short() {
    let server = TestServer::start(Character { dies_of: "XDIE", ..Character::default() }).await;
    let run = start(server.connector(), options(1)).await;
    let mut scenarios = many(3, "C: a1 NOOP\nS: a1 OK\n");
    scenarios.insert(1, scenario("case-00b", "", "C: a1 XDIE\nS: a1 BAD\n"));
    let events = events(run, scenarios, CancellationToken::new()).await;
    let Some(Event::RunFinished { cut_short: Some(reason), .. }) = events.last() else {
        panic!("the run went on")
    };
    assert!(reason.contains("case-00b"), "{reason}");
    let shown = shown(&events);
    assert!(shown.contains("INCONCLUSIVE") && shown.contains("case-01"), "{shown}");
    assert!(shown.contains("not played 1 more cases: the server is gone"), "{shown}");
    assert!(!shown.contains("case-02"), "one for the same reason is enough: {shown}");
    let verdicts: Vec<_> = reports(events).iter().map(|report| report.verdict).collect();
    use Verdict::{Fail, Inconclusive, Pass};
    assert_eq!(verdicts, [Pass, Fail, Inconclusive, Inconclusive]);
}

#[tokio::test]
async fn each_case_waited_for_the_greeting_of_a_server_that_hangs() {
    for jobs in [1, 3] {
        let character = Character { hangs_at: "XHANG", ..Character::default() };
        let server = TestServer::start(character).await;
        let connector = server.connector_with(Timeouts::with_response(Duration::from_millis(200)));
        let run = start(connector, options(jobs)).await;
        let mut scenarios = many(20, "C: a1 NOOP\nS: a1 OK\n");
        scenarios.insert(1, scenario("case-00b", "", "C: a1 XHANG\nS: a1 BAD\n"));
        let events = events(run, scenarios, CancellationToken::new()).await;
        let Some(Event::RunFinished { cut_short: Some(reason), .. }) = events.last().cloned()
        else {
            panic!("the run went on: {}", shown(&events))
        };
        assert!(reason.starts_with("the server greets nobody any more since `case-"), "{reason}");
        let reports = reports(events);
        let waited = |report: &&CaseReport| report.reason.as_ref() != Some(&reason);
        assert!(reports.iter().filter(waited).count() < 10, "{reports:#?}");
        assert_eq!(reports.len(), 21);
    }
}

#[tokio::test]
async fn an_interrupted_run_cleans_up() {
    let server = TestServer::start(Character::default()).await;
    let run = start(server.connector(), options(1)).await;
    let cancelled = CancellationToken::new();
    let steps = "wait 60s\nS!: * BYE\n";
    let (sender, mut receiver) = tokio::sync::mpsc::channel(16);
    let played = tokio::spawn(run.play(many(3, steps), sender, cancelled.clone()));
    let mut seen = Vec::new();
    while let Some(event) = receiver.recv().await {
        if matches!(event, Event::CaseStarted { .. }) {
            cancelled.cancel();
        }
        seen.push(event);
    }
    tokio::time::timeout(Duration::from_secs(10), played).await.unwrap().unwrap();
    assert!(matches!(seen.last(), Some(Event::RunFinished { cut_short: Some(_), .. })));
    let began = seen.iter().filter(|event| matches!(event, Event::CaseStarted { .. })).count();
    assert_eq!(began, 1, "no further case begins");
    let mut record = Record::default();
    seen.iter().for_each(|event| record.add(event));
    let again: Vec<_> = record.failed().collect();
    assert_eq!(again, ["case-00", "case-01", "case-02"], "what was not reached is run again");
    assert_eq!(server.mailboxes(), ["INBOX"]);
}

#[tokio::test]
async fn clean_removes_only_what_a_run_left() {
    let server = TestServer::start(Character::default()).await;
    for name in [
        "imap-conform-0123456789abcdef/000001/main",
        "imap-conform-0123456789abcdef/000001/main/x",
        "imap-conform-0123456789abcdefg",
        "imap-conform-discussion/2024",
        "mine",
    ] {
        server.create(name);
    }
    let cleaned = clean(&server.connector()).await.unwrap();
    assert!(cleaned.left.is_empty());
    assert!(cleaned.removed.contains(&"imap-conform-0123456789abcdef/000001/main/x".to_owned()));
    let mut left = server.mailboxes();
    left.sort();
    let expected = [
        "INBOX",
        "imap-conform-0123456789abcdefg",
        "imap-conform-discussion",
        "imap-conform-discussion/2024",
        "mine",
    ];
    assert_eq!(left, expected);
}

#[tokio::test]
async fn a_case_that_conforms_when_played_again_is_flaky() {
    static SPOILT: AtomicBool = AtomicBool::new(false);
    let once: Spoil = |octets| match octets.starts_with(b"a1 OK") {
        true if !SPOILT.swap(true, Ordering::SeqCst) => Some(b"a1 NO not now\r\n".to_vec()),
        _ => Some(octets),
    };
    let server = TestServer::start(Character { spoil: once, ..Character::default() }).await;
    let again = RunOptions { retries: 2, ..options(1) };
    let run = start(server.connector(), again).await;
    let scenarios = vec![
        scenario("flaky", "", "C: a1 NOOP\nS: a1 OK\n"),
        scenario("wrong", "", "C: a2 NOOP\nS: a2 BAD\n"),
    ];
    let events = events(run, scenarios, CancellationToken::new()).await;
    let shown = shown(&events);
    for text in ["FLAKY [", "it conforms at attempt 2", "S: a1 NO not now", "1 of them flaky"] {
        assert!(shown.contains(text), "{text} is not in {shown}");
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    let background = background();
    let mut junit = Junit::new(file.path().to_owned(), &background, false);
    events.iter().for_each(|event| junit.event(event).unwrap());
    let junit = std::fs::read_to_string(file.path()).unwrap();
    assert_eq!(junit.matches("<flakyFailure").count(), 1, "{junit}");
    assert_eq!(junit.matches("<rerunFailure").count(), 2, "{junit}");

    let reports = reports(events);
    let [flaky, wrong] = reports.as_slice() else { panic!("{reports:#?}") };
    assert_eq!((flaky.verdict, flaky.is_flaky()), (Verdict::Pass, true));
    let earlier = |report: &CaseReport| report.earlier.iter().map(|one| one.verdict).collect();
    let (before, in_vain): (Vec<_>, Vec<_>) = (earlier(flaky), earlier(wrong));
    assert_eq!(before, [Verdict::Fail]);
    assert_eq!((wrong.verdict, wrong.is_flaky()), (Verdict::Fail, false));
    assert_eq!(in_vain, [Verdict::Fail; 2]);
}

#[tokio::test]
async fn a_mailbox_that_is_said_to_exist_while_others_run_is_made_alone_again() {
    static BUSY: AtomicBool = AtomicBool::new(true);
    let confused: Spoil = |octets| match octets.starts_with(b"c1 OK") {
        true if BUSY.swap(false, Ordering::SeqCst) => {
            Some(b"c1 NO [ALREADYEXISTS] Mailbox already exists\r\n".to_vec())
        }
        _ => Some(octets),
    };
    let server = TestServer::start(Character { spoil: confused, ..Character::default() }).await;
    let run = start(server.connector(), options(2)).await;
    let mut scenarios = many(4, ONE_MAILBOX);
    scenarios.insert(1, scenario("new", "", "C: c1 CREATE ${mailbox.new}\nS: c1 OK\n"));
    let wrong = "C: d1 CREATE INBOX\nS: d1 NO\nC: d2 NOOP\nS: d2 NO [ALREADYEXISTS]\n";
    scenarios.insert(3, scenario("wrong", "", wrong));
    let events = events(run, scenarios, CancellationToken::new()).await;
    let notices = events.iter().filter(|event| matches!(event, Event::Notice(_))).count();
    assert_eq!(notices, 1, "only the one that the server confused is played again");
    let reports = reports(events);
    let of = |name: &str| reports.iter().find(|report| report.case == name).unwrap();
    assert!(of("new").is_flaky() && of("new").earlier[0].verdict == Verdict::Fail);
    assert!(of("wrong").verdict == Verdict::Fail && of("wrong").earlier.is_empty());
}

#[tokio::test]
async fn a_clean_up_that_the_server_draws_out_ends_with_the_time_of_the_case() {
    let silent: Spoil = |octets| match memchr::memmem::find(&octets, b"LSUB completed") {
        Some(_) => Some(Vec::new()),
        None => Some(octets),
    };
    let server = TestServer::start(Character { spoil: silent, ..Character::default() }).await;
    let options = RunOptions { case_patience: Duration::from_secs(2), ..options(1) };
    let run = start(server.connector_with(Timeouts::default()), options).await;
    let playing = events(run, many(1, "C: a1 NOOP\nS: a1 OK\n"), CancellationToken::new());
    let within = Duration::from_secs(25);
    let events = tokio::time::timeout(within, playing).await.expect("it waits for an answer");
    let notices: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Notice(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let [case, root] = notices.as_slice() else { panic!("{notices:?}") };
    assert!(case.contains("would not go"), "{case}");
    assert!(root.contains("took longer than 2s"), "{root}");
    assert_eq!(reports(events)[0].verdict, Verdict::Pass);
}

#[tokio::test]
async fn a_run_does_not_begin_where_the_server_draws_its_answers_out() {
    let silent: Spoil = |octets| match memchr::memmem::find(&octets, b"NAMESPACE completed") {
        Some(_) => Some(Vec::new()),
        None => Some(octets),
    };
    let server = TestServer::start(Character { spoil: silent, ..Character::default() }).await;
    let patience = Duration::from_secs(1);
    let options = RunOptions { case_patience: patience, ..options(1) };
    let connector = server.connector_with(Timeouts::default());
    let started = Run::start(connector, Catalogue::default(), options, &RunId::new(7)).await;
    let Err(StartError::TookTooLong(within)) = started else { panic!("it began, or failed") };
    assert_eq!(within, patience);
}
