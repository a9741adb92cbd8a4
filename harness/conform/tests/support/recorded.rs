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
    sync::LazyLock,
};

use imap_conform::{
    CaseReport, Expectations, Finding, Verdict,
    scenario::{Scenario, Spanned, Step},
};
use regex::Regex;

use super::snapshot::{self, MASKS, SNAPSHOTS, conversation, races};

/// What differs between runs of one server, beside what differs on the embedded one.
const MORE_MASKS: &[(&str, &str)] = &[
    (r"\b(alice|bob|carol)\d+\b", "$1"),
    // What follows the status and its code is for people.
    (r"(?m)^(S[^:\n]*: \S+ (?:OK|NO|BAD|BYE|PREAUTH)(?: \[[^\]\n]*\])?).*$", "$1 ..."),
    (r"`((?:\* |[a-z]+\d+ )?(?:OK|NO|BAD|BYE)(?: \[[^\]`\n]*\])?) [^`\n]*`", "`$1 ...`"),
    (r"(HIGHESTMODSEQ|MODSEQ|MODIFIED|UNCHANGEDSINCE|CHANGEDSINCE) (\(?)\d+", "$1 $2 MODSEQ"),
    (r"MAILBOXID \([^)]*\)", "MAILBOXID (ID)"),
    // Some count seconds, so that mailboxes share one or do not.
    (r"(UIDVALIDITY|APPENDUID|COPYUID) \d+", "$1 UIDVALIDITY"),
    (r"QRESYNC \(\d+", "QRESYNC (UIDVALIDITY"),
    (r"(?i)(X-UID|X-IMAPBASE|Message-ID|Date|From ): ?[^\n]*", "$1: ..."),
    (r"\{\d+\}", "{N}"),
    // Other cases have mailboxes below it, or have none just now.
    (
        r#"(?m)^(S[^:\n]*: \* LIST \([^)\n]*)\\Has(?:No)?Children([^)\n]*\) \S+ "?INBOX"?)$"#,
        r"$1\Children$2",
    ),
    // A literal without octets is whole where it is announced: a server may answer before the line
    // ends, or after.
    (r"(?m)^(S[^:\n]*: \S+ (?:NO|BAD)(?: \[[^\]\n]*\])? \.\.\.)\n(C[^:\n]*: )$", "$2\n$1"),
    // What comes behind a completion comes before our next command or just after it.
    (r"(?m)^(C[^:\n]*: ic\d+ LOGOUT)\n(S[^:\n]*: \* NO \.\.\.)$", "$2\n$1"),
    (r"(?m)^(S[^:\n]*: \w+ (?:NO|BAD) \.\.\.)\n(C[^\n]*)\n(S[^:\n]*: \* NO \.\.\.)$", "$1\n$3\n$2"),
    // Whether a server says why it gives a handshake up, before it closes.
    (r"(expected TLS, found) .*", "$1 ..."),
    // Behind LOGOUT either may be the first to close.
    (r"(?m)^(-\S*) closed by the (?:client|server)$", "$1 closed"),
];

/// The name of a case's mailboxes, which is no part of any other mask's.
const MAILBOX: (&str, &str) = (r"imap-conform-[0-9a-z]{8,}([/.])\d{6}", "imap-conform-RUN${1}CASE");

/// What a server did in the cases that were played, and what its snapshots say of them.
pub struct Recorded<'s> {
    server: &'s str,
    scenarios: &'s [Scenario],
    /// What `snapshots/SERVER` says of each case.
    before: BTreeMap<String, String>,
}

impl<'s> Recorded<'s> {
    /// What is recorded of the server.
    pub fn of(server: &'s str, scenarios: &'s [Scenario]) -> Self {
        let ids: BTreeSet<_> = scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
        let mut before: BTreeMap<String, String> = BTreeMap::new();
        let sections: BTreeSet<_> = ids.iter().map(|id| section(id)).collect();
        for name in sections {
            let file = Path::new(SNAPSHOTS).join(server).join(name + ".snap");
            let text = fs::read_to_string(file).unwrap_or_default();
            let mut of_case = None;
            for line in text.split_inclusive('\n') {
                let first = line.split_once(": ").map(|(first, _)| first);
                of_case = first.filter(|first| ids.contains(first)).map(str::to_owned).or(of_case);
                if let Some(case) = &of_case {
                    *before.entry(case.clone()).or_default() += line;
                }
            }
        }
        Self { server, scenarios, before }
    }

    /// Whether the case went as it is recorded, where it is.
    pub fn holds(&self, report: &CaseReport, expectations: &Expectations) -> bool {
        let before = self.before.get(&report.case).map(|text| text.trim_end());
        before.is_none_or(|before| before == self.text(report, expectations).trim_end())
    }

    /// Holds the cases against the snapshots, and says which sections differ. What the
    /// expectations say comes and goes is recorded as that.
    pub fn differing(&self, reports: &[CaseReport], expectations: &Expectations) -> String {
        let mut sections: BTreeMap<String, String> = BTreeMap::new();
        for report in reports {
            let text = self.text(report, expectations);
            *sections.entry(section(&report.case)).or_default() += &text;
        }
        let settings = snapshot::settings(self.server);
        let mut differing = String::new();
        for (section, text) in sections {
            // Every section is looked at before any is told.
            let held = catch_unwind(AssertUnwindSafe(|| {
                settings.bind(|| insta::assert_snapshot!(section.clone(), text));
            }));
            if held.is_err() {
                let server = self.server;
                differing += &format!("{section} is not as recorded in snapshots/{server}\n");
            }
        }
        differing
    }

    /// What is recorded of a case that went so.
    pub fn text(&self, report: &CaseReport, expectations: &Expectations) -> String {
        let steps = self.scenario(&report.case).map_or(&[][..], |scenario| &scenario.steps);
        match expectations.varies(&report.case) {
            Some(reason) => format!("{}: varies\n  {reason}\n\n", report.case),
            None => masked(recorded(report, steps)),
        }
    }

    /// The scenario of a case.
    pub fn scenario(&self, case: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.id == case)
    }
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

fn masked(text: String) -> String {
    static ALL: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let all = [MAILBOX].into_iter().chain(MASKS.iter().chain(MORE_MASKS).copied());
        all.map(|(pattern, mask)| (Regex::new(pattern).expect("it is a pattern"), mask)).collect()
    });
    ALL.iter().fold(text, |text, (pattern, mask)| pattern.replace_all(&text, *mask).into_owned())
}

fn recorded(report: &CaseReport, steps: &[Spanned<Step>]) -> String {
    // What is chosen in a race is for the race to say.
    if races(steps) && matches!(report.verdict, Verdict::Pass | Verdict::Note) {
        return format!("{}: conforms, with sessions that race\n\n", report.case);
    }
    let mut text = format!("{}: {}\n", report.case, report.verdict);
    if let Some(reason) = &report.reason {
        text += &format!("  {reason}\n");
    }
    // What differs only in what is masked is the same.
    let mut findings: Vec<_> = report.findings.iter().map(finding).collect();
    findings.dedup_by_key(|finding| masked(finding.clone()));
    text.extend(findings);
    if report.verdict > Verdict::Skip && !races(steps) && !pipelines(steps) {
        text.push_str(&conversation(report));
    }
    text.push('\n');
    text
}

fn finding(finding: &Finding) -> String {
    let Finding { verdict, requirement, expected, found, .. } = finding;
    let id = requirement.as_ref().map(ToString::to_string).unwrap_or_default();
    match verdict {
        Verdict::Note => format!("  chosen {id}: {found}\n"),
        verdict => format!("  {verdict} {id}: expected {expected}, found {found}\n"),
    }
}

/// Whether a session says several commands at once, which a server may answer in any order (RFC
/// 3501 §5.5).
fn pipelines(steps: &[Spanned<Step>]) -> bool {
    steps.iter().any(|step| match &step.value {
        Step::Exchange(exchange) => exchange.sends.len() > 1,
        Step::Given(steps) | Step::Where(steps) => pipelines(steps),
        _ => false,
    })
}
