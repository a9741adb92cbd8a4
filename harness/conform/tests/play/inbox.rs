//! INBOX after cases that change it: nothing of the case stays, nothing of the user's goes.

use std::sync::atomic::{AtomicUsize, Ordering};

use imap_conform::{CaseReport, Event, Verdict, play::RunOptions, wire::Connector};
use tokio_util::sync::CancellationToken;

use super::{
    events, reports, scenario,
    server::{Character, Spoil, TestServer},
    start,
};

/// A server whose INBOX may be changed.
fn connector(server: &TestServer) -> Connector {
    let mut target = server.connector().target().clone();
    target.changes_inbox = true;
    Connector::new(target, *server.connector().timeouts(), Default::default()).unwrap()
}

async fn play(server: &TestServer, steps: &str) -> (CaseReport, Vec<String>) {
    let run = start(connector(server), RunOptions::default()).await;
    let scenario = scenario("case", "changes: inbox", steps);
    let events = events(run, vec![scenario], CancellationToken::new()).await;
    let notices = events.iter().filter_map(|event| match event {
        Event::Notice(text) => Some(text.clone()),
        _ => None,
    });
    let notices = notices.collect();
    (reports(events).remove(0), notices)
}

const APPEND: &str = "C: a1 APPEND INBOX {\"Subject: ${root}\\r\\n\\r\\n\"}\nS: a1 OK\n";

#[tokio::test]
async fn a_failure_midway_leaves_no_message_in_inbox() {
    let server = TestServer::start(Character::default()).await;
    server.append("INBOX", "Subject: mine\r\n\r\n");
    let (report, notices) = play(&server, &format!("{APPEND}C: a2 NOOP\nS: a2 NO\n")).await;
    assert_eq!(report.verdict, Verdict::Fail);
    assert_eq!(notices, Vec::<String>::new());
    assert_eq!(server.subjects("INBOX"), ["mine"]);
    assert_eq!(server.mailboxes(), ["INBOX"]);
}

#[tokio::test]
async fn mail_that_a_rename_took_along_comes_back() {
    let server = TestServer::start(Character::default()).await;
    server.append("INBOX", "Subject: mine\r\n\r\n");
    let steps = format!("{APPEND}C: a2 RENAME INBOX ${{mailbox.a}}\nS: a2 OK\n");
    let (report, notices) = play(&server, &steps).await;
    assert_eq!(report.verdict, Verdict::Pass);
    assert_eq!(notices, Vec::<String>::new());
    assert_eq!(server.subjects("INBOX"), ["mine"]);
    assert_eq!(server.mailboxes(), ["INBOX"]);
}

#[tokio::test]
async fn mail_that_cannot_be_given_back_is_kept_where_it_is() {
    let no_copy: Spoil = |octets| {
        let text = String::from_utf8(octets).unwrap();
        let lines = text.split_inclusive('\n').map(|line| match line.contains("COPY completed") {
            true => format!("{} NO full\r\n", line.split(' ').next().unwrap_or_default()),
            false => line.to_owned(),
        });
        Some(lines.collect::<String>().into_bytes())
    };
    let server = TestServer::start(Character { spoil: no_copy, ..Character::default() }).await;
    server.append("INBOX", "Subject: mine\r\n\r\n");
    let steps = "C: a2 RENAME INBOX ${mailbox.a}\nS: a2 OK\n";
    let (_, notices) = play(&server, steps).await;
    let [mailbox, root] = notices.as_slice() else { panic!("{notices:?}") };
    assert!(mailbox.contains("may hold mail that came into INBOX"), "{mailbox}");
    assert!(root.contains("is kept, because mail that came into INBOX"), "{root}");
    let kept = server.mailboxes().into_iter().find(|name| name.ends_with("/a")).unwrap();
    assert_eq!(server.subjects(&kept), ["mine"]);
}

#[tokio::test]
async fn mail_whose_identifier_is_not_told_is_kept_where_it_is() {
    let no_uid: Spoil = |octets| {
        let text = String::from_utf8(octets).unwrap();
        Some(text.replace("FETCH (UID 1 ", "FETCH (").into_bytes())
    };
    let server = TestServer::start(Character { spoil: no_uid, ..Character::default() }).await;
    server.append("INBOX", "Subject: mine\r\n\r\n");
    server.append("INBOX", "Subject: mine too\r\n\r\n");
    let steps = "C: a2 RENAME INBOX ${mailbox.a}\nS: a2 OK\n";
    let (_, notices) = play(&server, steps).await;
    let [mailbox, root] = notices.as_slice() else { panic!("{notices:?}") };
    assert!(mailbox.contains("may hold mail that came into INBOX"), "{mailbox}");
    assert!(root.contains("is kept, because mail that came into INBOX"), "{root}");
    let kept = server.mailboxes().into_iter().find(|name| name.ends_with("/a")).unwrap();
    assert_eq!(server.subjects(&kept), ["mine", "mine too"]);
}

#[tokio::test]
async fn who_looks_at_inbox_sees_no_message_of_who_changes_it() {
    let server = TestServer::start(Character::default()).await;
    let jobs = std::num::NonZeroUsize::new(6).unwrap();
    let run = start(connector(&server), RunOptions { jobs, ..RunOptions::default() }).await;
    let status = "C: a9 STATUS INBOX (MESSAGES)\nS: * STATUS INBOX (MESSAGES 0)\nS: a9 OK\n";
    let cases = (0..24).map(|number| match number % 3 {
        0 => scenario(&format!("change-{number}"), "changes: inbox", APPEND),
        _ => scenario(&format!("look-{number}"), "", status),
    });
    let events = events(run, cases.collect(), CancellationToken::new()).await;
    let wrong: Vec<_> =
        reports(events).into_iter().filter(|report| report.verdict != Verdict::Pass).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn what_a_case_leaves_that_got_no_connection_is_told() {
    static GREETINGS: AtomicUsize = AtomicUsize::new(0);
    // The session of the first attempts, and in the third also the one that cleans up.
    let busy: Spoil = |octets| match octets.starts_with(b"* OK [CAPABILITY") {
        true if [4, 6, 8, 9].contains(&(GREETINGS.fetch_add(1, Ordering::SeqCst) + 1)) => {
            Some(b"* BYE [LIMIT] Too many connections\r\n".to_vec())
        }
        _ => Some(octets),
    };
    let server = TestServer::start(Character { spoil: busy, ..Character::default() }).await;
    let (report, notices) = play(&server, "C: a1 SELECT ${mailbox}\nS: a1 OK\n").await;
    assert_eq!(report.verdict, Verdict::Pass, "{:?}", report.reason);
    let has = |text: &str| notices.iter().any(|notice| notice.contains(text));
    assert!(has("would not go") && has("is kept, because mail"), "{notices:?}");
}
