//! What a server does, recorded for review: a file for each section, in which each case says its
//! verdict, its findings and choices, and, where something is wrong, the conversation.
//!
//! What passed says so and no more: its conversation is what the scenario says, and six servers'
//! worth of it nobody would read. Masked is what differs from run to run, or is said for people.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use imap_conform::{CaseReport, Expectations, Verdict, scenario::Scenario};

use super::snapshot::{self, MASKS, conversation, races};

/// Where snapshots are.
const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots");

/// What differs between runs of one server, beside what differs on the embedded one.
const MORE_MASKS: &[(&str, &str)] = &[
    (r"imap-conform-[0-9a-z]{8,}([/.])\d{6}", "imap-conform-RUN${1}CASE"),
    (r#""(alice|bob|carol)\d+""#, "\"$1\""),
    // What follows the status and its code is for people.
    (r"(?m)^(S[^:\n]*: \S+ (?:OK|NO|BAD|BYE|PREAUTH)(?: \[[^\]\n]*\])?).*$", "$1 ..."),
    (r"`((?:\* |[a-z]+\d+ )?(?:OK|NO|BAD|BYE)(?: \[[^\]`\n]*\])?) [^`\n]*`", "`$1 ...`"),
    (r"(HIGHESTMODSEQ|MODSEQ|MODIFIED|UNCHANGEDSINCE|CHANGEDSINCE) (\(?)\d+", "$1 $2 MODSEQ"),
    (r"MAILBOXID \([^)]*\)", "MAILBOXID (ID)"),
    (r"UIDVALIDITY (?:UIDVALIDITY|\d+)", "UIDVALIDITY UIDVALIDITY"),
    (r"(?i)(X-UID|X-IMAPBASE|Message-ID|Date|From ): ?[^\n]*", "$1: ..."),
    (r"\{\d+\}", "{N}"),
];

/// Holds the cases of a server against its snapshots, and says which differ. What the
/// expectations say comes and goes is recorded as that.
pub fn differing(
    server: &str,
    scenarios: &[Scenario],
    reports: &[CaseReport],
    expectations: &Expectations,
) -> String {
    let mut settings = insta::Settings::new();
    settings.set_snapshot_path(Path::new(SNAPSHOTS).join(server));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (pattern, mask) in MORE_MASKS.iter().take(1).chain(MASKS).chain(&MORE_MASKS[1..]) {
        settings.add_filter(pattern, *mask);
    }
    let mut sections: BTreeMap<String, String> = BTreeMap::new();
    for report in reports {
        let scenario = scenarios.iter().find(|scenario| scenario.id == report.case);
        let is_race = scenario.is_none_or(|scenario| races(&scenario.steps));
        let text = match expectations.varies(&report.case) {
            Some(reason) => format!("{}: varies\n  {reason}\n\n", report.case),
            None => recorded(report, is_race),
        };
        *sections.entry(section(&report.case)).or_default() += &text;
    }
    let mut differing = String::new();
    for (section, text) in sections {
        // Every section is looked at before any is told.
        let held = catch_unwind(AssertUnwindSafe(|| {
            settings.bind(|| insta::assert_snapshot!(section.clone(), text));
        }));
        if held.is_err() {
            differing += &format!("{section} is not as recorded in snapshots/{server}\n");
        }
    }
    differing
}

/// The files below `snapshots/SERVER` that no case of these is recorded in.
pub fn unreferenced(server: &str, scenarios: &[Scenario]) -> Vec<PathBuf> {
    let names: BTreeSet<_> =
        scenarios.iter().map(|scenario| section(&scenario.id) + ".snap").collect();
    snapshot::others(server, &names)
}

/// The directories of `snapshots` that belong to none of these.
pub fn foreign(owners: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(SNAPSHOTS).expect("there are snapshots");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let is_owned = |path: &PathBuf| owners.iter().any(|owner| path.ends_with(owner));
    paths.filter(|path| path.is_dir() && !is_owned(path)).collect()
}

/// `rfc3501/6.4.8-uid/copy` is in the section `rfc3501-6.4`, which is the RFC's.
fn section(case: &str) -> String {
    let mut folders = case.split('/');
    let first = folders.next().unwrap_or_default();
    let number = match (folders.next(), folders.next()) {
        (Some(folder), Some(_)) => folder.split('-').next().unwrap_or_default(),
        _ => return first.to_owned(),
    };
    let number: Vec<_> = number.split('.').take(2).collect();
    format!("{first}-{}", number.join("."))
}

fn recorded(report: &CaseReport, is_race: bool) -> String {
    let mut text = format!("{}: {}\n", report.case, report.verdict);
    if let Some(reason) = &report.reason {
        text += &format!("  {reason}\n");
    }
    let mut findings: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            let id = finding.requirement.as_ref().map(ToString::to_string).unwrap_or_default();
            match finding.verdict {
                Verdict::Note => format!("  chosen {id}: {}\n", finding.found),
                verdict => {
                    format!(
                        "  {verdict} {id}: expected {}, found {}\n",
                        finding.expected, finding.found
                    )
                }
            }
        })
        .collect();
    findings.dedup();
    text.extend(findings);
    if report.verdict > Verdict::Skip && !is_race {
        text.push_str(&conversation(report));
    }
    text.push('\n');
    text
}
