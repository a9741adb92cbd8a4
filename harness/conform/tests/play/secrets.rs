//! A password that a scenario sends, in whatever form, is nowhere to be read.

use base64::{Engine, engine::general_purpose::STANDARD};
use imap_conform::{
    Record, Verdict,
    play::RunOptions,
    report::{Background, Report, ShowWire, Terminal},
    requirement::Catalogue,
    server::{Embedded, Options},
    target::{Secret, Target, User},
    wire::{Connector, Limits, Timeouts},
};
use imap_model::Configuration;
use tokio_util::sync::CancellationToken;

use super::{
    events, reports, scenario,
    server::{Character, Spoil, TestServer},
    start,
};

/// Every way to send a password, with expectations that are not met, so that all is explained.
const STEPS: &str = r#"C: a1 AUTHENTICATE PLAIN
S: +
C: ${base64 "\x00${user}\x00${password}"}
S: a1 OK
connect not-authenticated
C: b1 AUTHENTICATE PLAIN ${base64 "${user}\x00${user}\x00${password}"}
S: b1 NO/OK
connect not-authenticated
C: c1 LOGIN ${user} {${password}}
S: c1 OK
C: c2 X${base64 "is ${password}"} "${password}"
S: c2 OK
"#;

#[tokio::test]
async fn a_password_in_base64_is_masked_in_every_report() {
    let server = Embedded::start(Options::default()).unwrap();
    let (target, user) = (server.target(), &server.users()[0]);
    let connector = Connector::new(target, Timeouts::default(), Limits::default()).unwrap();
    let run = start(connector, RunOptions::default()).await;
    let scenario = scenario("secret", "state: not-authenticated", STEPS);
    let background =
        Background::new(std::slice::from_ref(&scenario), Catalogue::default(), String::new());
    let events = events(run, vec![scenario], CancellationToken::new()).await;

    let mut record = Record::default();
    let mut shown = Vec::new();
    {
        let mut terminal = Terminal::new(&mut shown, &background, ShowWire::All, false, false);
        for event in &events {
            record.add(event);
            terminal.event(event).unwrap();
        }
    }
    assert_eq!(record.cases[0].verdict, Verdict::Fail, "{:#?}", record.cases[0].findings);
    let (name, password) = (&user.name, &user.password);
    let sent = [
        password.clone(),
        STANDARD.encode(format!("\0{name}\0{password}")),
        STANDARD.encode(format!("{name}\0{name}\0{password}")),
        STANDARD.encode(format!("is {password}")),
    ];
    let shown = String::from_utf8(shown).unwrap();
    assert!(shown.contains("AUTHENTICATE PLAIN ****"), "{shown}");
    for text in [shown, record.to_json(), format!("{events:?}")] {
        for secret in &sent {
            assert!(!text.contains(secret.as_str()), "{secret} stands in {text}");
        }
    }
}

fn replaced(octets: Vec<u8>, from: &str, to: &str) -> Option<Vec<u8>> {
    Some(String::from_utf8_lossy(&octets).replace(from, to).into_bytes())
}

#[tokio::test]
async fn a_password_among_the_capabilities_is_masked() {
    let spoil: Spoil = |octets| {
        let (from, to) = ("CAPABILITY IMAP4rev1", "CAPABILITY IMAP4rev1 X-s3cret X-\x1b[2J");
        replaced(octets, from, to)
    };
    let server = TestServer::start(Character { spoil, ..Character::default() }).await;
    let run = start(server.connector(), RunOptions::default()).await;
    let capabilities = &run.target().capabilities;
    for shown in ["X-******", "X-\\x1b[2J", "IDLE"] {
        assert!(capabilities.iter().any(|name| name == shown), "{capabilities:?}");
    }
    assert!(!capabilities.iter().any(|name| name.contains("s3cret")), "{capabilities:?}");
}

#[tokio::test]
async fn a_password_with_an_apostrophe_is_masked_in_findings() {
    const PASSWORD: &str = "o'brien12";
    let spoil: Spoil = |octets| match octets.starts_with(b"a1 ") {
        true => {
            let cut_by_the_matcher = format!("[X-{}{PASSWORD}]", "y".repeat(110));
            let said = format!("* NO {PASSWORD} is wrong\r\na1 NO {cut_by_the_matcher} no\r\n");
            Some(said.into_bytes())
        }
        false => Some(octets),
    };
    let users = vec![imap_model::User { name: "alice".into(), password: PASSWORD.into() }];
    let configuration = Configuration { users, ..Configuration::default() };
    let character = Character { spoil, configuration, ..Character::default() };
    let server = TestServer::start(character).await;
    let users = vec![User { name: "alice".into(), password: Secret::new(PASSWORD).unwrap() }];
    let target = Target { users, ..server.target() };
    let connector = Connector::new(target, Timeouts::default(), Limits::default()).unwrap();
    let run = start(connector, RunOptions::default()).await;
    let steps = "C: a1 NOOP\nS!: * NO\nS: a1 NO [X-y]\ncheck ${password} == \"x\"\n";
    let scenario = scenario("case", "", steps);
    let report = reports(events(run, vec![scenario], CancellationToken::new()).await).remove(0);
    let found: Vec<_> = report.findings.iter().map(|finding| finding.found.as_str()).collect();
    assert!(found.contains(&"`* NO ********* is wrong`"), "{found:?}");
    assert!(!format!("{:?}", report.findings).contains("bri"), "{found:?}");
}

#[tokio::test]
async fn a_password_in_the_name_of_a_mailbox_is_masked_in_notices() {
    // The name that it gives to the case's mailbox cannot be removed.
    let spoil: Spoil = |octets| replaced(octets, "/main\r\n", "/s3cret\x1b[2J\r\n");
    let server = TestServer::start(Character { spoil, ..Character::default() }).await;
    let run = start(server.connector(), RunOptions::default()).await;
    let scenario = scenario("case", "", "C: a1 SELECT ${mailbox}\nS: a1 OK\n");
    let events = events(run, vec![scenario], CancellationToken::new()).await;
    let notices: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            imap_conform::Event::Notice(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let is_masked = |notice: &&&str| notice.contains(r"/******\u{1b}[2J would not go");
    assert!(notices.iter().any(|notice| is_masked(&notice)), "{notices:?}");
    assert!(!notices.iter().any(|notice| notice.contains("s3cret")), "{notices:?}");
}
