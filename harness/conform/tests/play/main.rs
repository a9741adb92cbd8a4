//! Scenarios played against a server: what is said of it, and what is left behind.

mod inbox;
mod kept_out;
mod lines;
mod runs;
mod secrets;
mod server;

use std::path::PathBuf;

use imap_conform::{
    CaseReport, Event, Happened,
    play::{Run, RunOptions, isolation::RunId},
    requirement::Catalogue,
    scenario::Scenario,
    wire::Connector,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Requirements of each level.
const REQUIREMENTS: &str = r#"
    rfc = 3501
    [[requirement]]
    id = "1-01"
    level = "must"
    sentence = "The server does what it must."
    quote = "MUST"
    [[requirement]]
    id = "1-02"
    level = "should"
    sentence = "The server does what it should."
    quote = "SHOULD"
"#;

/// A scenario with the usual header, beside the fixtures of the project.
fn scenario(id: &str, header: &str, steps: &str) -> Scenario {
    let source = format!("title: A case\nrequirement: rfc3501/1-01\n{header}\n{steps}");
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/test.imap"));
    Scenario::parse(id, &path, &source).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

async fn start(connector: Connector, options: RunOptions) -> Run {
    let mut catalogue = Catalogue::default();
    catalogue.add(REQUIREMENTS).unwrap();
    Run::start(connector, catalogue, options, &RunId::new(7)).await.unwrap()
}

/// Plays all, and returns every event.
async fn events(run: Run, scenarios: Vec<Scenario>, cancelled: CancellationToken) -> Vec<Event> {
    let (sender, mut receiver) = mpsc::channel(1);
    let played = tokio::spawn(run.play(scenarios, sender, cancelled));
    let mut events = Vec::new();
    while let Some(event) = receiver.recv().await {
        events.push(event);
    }
    played.await.unwrap();
    events
}

/// What the client sent in a case.
fn sent(report: &CaseReport) -> Vec<String> {
    let entries = report.transcript.entries.iter();
    let sent = entries.filter_map(|entry| match &entry.happened {
        Happened::Sent(octets) => Some(String::from_utf8_lossy(octets).into_owned()),
        _ => None,
    });
    sent.collect()
}

fn reports(events: Vec<Event>) -> Vec<CaseReport> {
    let mut reports: Vec<_> = events
        .into_iter()
        .filter_map(|event| match event {
            Event::CaseFinished(report) => Some(*report),
            _ => None,
        })
        .collect();
    reports.sort_by(|one, other| one.case.cmp(&other.case));
    reports
}
