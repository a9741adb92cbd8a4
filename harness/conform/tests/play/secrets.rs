//! A password that a scenario sends, in whatever form, is nowhere to be read.

use base64::{Engine, engine::general_purpose::STANDARD};
use imap_conform::{
    Record, Verdict,
    play::RunOptions,
    report::{Background, Report, ShowWire, Terminal},
    requirement::Catalogue,
    server::{Embedded, Options},
    wire::{Connector, Limits, Timeouts},
};
use tokio_util::sync::CancellationToken;

use super::{events, scenario, start};

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
