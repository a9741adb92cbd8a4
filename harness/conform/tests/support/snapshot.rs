//! A case as a snapshot that a person can review: its verdict and the conversation, with what
//! changes from run to run masked.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use imap_conform::{
    CaseReport, Happened,
    scenario::{Scenario, Spanned, Step},
};
use regex::{Captures, Regex};

/// Where snapshots are.
pub const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots");

/// Snapshots in a directory of their own, one file each and nothing in it but what was recorded.
pub fn settings(directory: &str) -> insta::Settings {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(Path::new(SNAPSHOTS).join(directory));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// Holds the case against its snapshot.
pub fn assert(scenario: &Scenario, report: &CaseReport) {
    let mut settings = settings("embedded");
    settings.set_description(&scenario.header.title);
    for (pattern, mask) in MASKS {
        settings.add_filter(pattern, *mask);
    }
    let name = name(scenario);
    let conversation = match races(&scenario.steps) {
        true => "(which session is first is for neither to say)\n".to_owned(),
        false => with_uid_validities_numbered(&conversation(report)),
    };
    let text = format!("verdict: {}\n{conversation}", report.verdict);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn name(scenario: &Scenario) -> String {
    scenario.id.replace('/', "__")
}

/// The file of a scenario's snapshot.
pub fn file_name(scenario: &Scenario) -> String {
    name(scenario) + ".snap"
}

/// Each UIDVALIDITY by its place among those of the case. They change from run to run, but whether
/// two of them are equal does not, and may be what the case is about.
fn with_uid_validities_numbered(conversation: &str) -> String {
    let said = r"((?:UIDVALIDITY|APPENDUID|COPYUID) |QRESYNC \()(\d+)";
    let said = Regex::new(said).expect("it is a pattern");
    let mut known: Vec<String> = Vec::new();
    let numbered = said.replace_all(conversation, |said: &Captures<'_>| {
        let place = known.iter().position(|uid_validity| *uid_validity == said[2]);
        let place = place.unwrap_or_else(|| {
            known.push(said[2].to_owned());
            known.len() - 1
        });
        format!("{}UIDVALIDITY-{}", &said[1], place + 1)
    });
    numbered.into_owned()
}

/// What changes from run to run: the run's mailboxes, today's date. The fixtures' dates are older,
/// and are shown.
pub const MASKS: &[(&str, &str)] = &[
    (r"imap-conform-[0-9a-z]{8,}", "imap-conform-RUN"),
    (r#"INTERNALDATE "[ \d]\d-\w{3}-20(2[6-9]|[3-9]\d) [^"]*""#, "INTERNALDATE \"NOW\""),
];

/// The snapshots below `snapshots/DIRECTORY` that are not among these.
pub fn others(directory: &str, names: &BTreeSet<String>) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(Path::new(SNAPSHOTS).join(directory)) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let is_other = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".snap") && !names.contains(name.as_ref())
    };
    paths.filter(is_other).collect()
}

/// Whether sessions act at the same time, so that what each is told depends on which comes first.
pub fn races(steps: &[Spanned<Step>]) -> bool {
    steps.iter().any(|step| match &step.value {
        Step::Exchange(exchange) => {
            let acting: BTreeSet<_> =
                exchange.sends.iter().map(|send| &send.value.session).collect();
            acting.len() > 1
        }
        Step::Given(steps) | Step::Where(steps) => races(steps),
        _ => false,
    })
}

/// What was said, one line an entry, without the player's own preparation. Session by session:
/// which of two sessions is answered first is for neither to say.
pub fn conversation(report: &CaseReport) -> String {
    let entries = report.transcript.entries.iter();
    let mut entries: Vec<_> = entries.filter(|entry| entry.session != "setup").collect();
    let mut sessions: Vec<&str> = Vec::new();
    for entry in &entries {
        if !sessions.contains(&entry.session.as_str()) {
            sessions.push(&entry.session);
        }
    }
    entries.sort_by_key(|entry| sessions.iter().position(|name| *name == entry.session));
    let mut text = String::new();
    for entry in entries {
        let session = match entry.session.as_str() {
            "" => String::new(),
            name => format!("[{name}]"),
        };
        let (label, octets) = match &entry.happened {
            Happened::Sent(octets) => ("C", octets),
            Happened::Received(octets) => ("S", octets),
            Happened::Fragment(octets) => ("S (cut off)", octets),
            Happened::Connected(_) => {
                text += &format!("-{session} connected\n");
                continue;
            }
            Happened::TlsStarted(_) => {
                text += &format!("-{session} TLS\n");
                continue;
            }
            Happened::Closed(_) => {
                text += &format!("-{session} closed by the server\n");
                continue;
            }
            Happened::Disconnected => {
                text += &format!("-{session} closed by the client\n");
                continue;
            }
            Happened::Barrier => {
                text += "- in step\n";
                continue;
            }
            Happened::Omitted(count) => {
                text += &format!("-{session} {count} more octets\n");
                continue;
            }
        };
        for line in octets.split_inclusive(|&octet| octet == b'\n') {
            let line = line.strip_suffix(b"\r\n").unwrap_or(line);
            text += &format!("{label}{session}: {}\n", printable(line));
        }
    }
    text
}

/// The octets, with those escaped that no one could read.
fn printable(octets: &[u8]) -> String {
    let mut text = String::new();
    for &octet in octets {
        match octet {
            b' '..=b'~' => text.push(char::from(octet)),
            _ => text.extend(octet.escape_ascii().map(char::from)),
        }
    }
    text
}
