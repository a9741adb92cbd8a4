//! The conversation of a case, line by line, with the octets that findings point at marked.

use std::{collections::BTreeMap, ops::Range};

use crate::{CaseReport, Entry, Happened, report::wire};

/// The most octets of one entry that are shown.
const OCTETS: usize = 4000;
/// The most entries of one case that are shown, beside those that findings point at, of which as
/// many are shown at most. A server that floods makes no page that no browser can open.
const ENTRIES: usize = 1000;

/// What is shown of a case's transcript.
pub(super) struct Conversation<'c> {
    case: &'c CaseReport,
    /// The entries that findings point at, with the octets that matter.
    marks: BTreeMap<usize, Vec<&'c Range<usize>>>,
}

/// One entry of the transcript.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) class: String,
    pub(super) at: String,
    pub(super) who: String,
    pub(super) parts: Vec<Part>,
}

/// A piece of what was said.
pub(super) struct Part {
    pub(super) text: String,
    pub(super) is_marked: bool,
}

impl<'c> Conversation<'c> {
    pub(super) fn of(case: &'c CaseReport) -> Self {
        let mut marks: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for evidence in case.findings.iter().filter_map(|finding| finding.evidence.as_ref()) {
            marks.entry(evidence.entry).or_default().push(&evidence.octets);
        }
        let mut others = marks.keys().copied().filter(|&entry| entry >= ENTRIES);
        if let Some(first_too_many) = others.nth(ENTRIES) {
            marks.split_off(&first_too_many);
        }
        Self { case, marks }
    }

    /// The entries that are shown, each with its number in the transcript.
    pub(super) fn entries(&self) -> impl Iterator<Item = (usize, &'c Entry)> {
        let entries = &self.case.transcript.entries;
        let marked = self.marks.keys().copied().filter(|&entry| entry >= ENTRIES);
        let shown = (0..ENTRIES.min(entries.len())).chain(marked);
        shown.filter_map(|index| Some((index, entries.get(index)?)))
    }

    /// Whether some finding points at an entry.
    pub(super) fn is_marked(&self, entry: usize) -> bool {
        self.marks.contains_key(&entry)
    }

    /// What an entry is called in links; nothing where it is not shown.
    pub(super) fn link(&self, entry: usize) -> Option<String> {
        let is_shown = entry < ENTRIES || self.is_marked(entry);
        is_shown.then(|| entry_id(self.case, entry))
    }

    /// The lines of the conversation, and where some are left out, one that says how many.
    pub(super) fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut next = 0;
        for (index, entry) in self.entries() {
            lines.extend(self.left_out(next..index));
            lines.push(self.line(index, entry));
            next = index + 1;
        }
        lines.extend(self.left_out(next..self.case.transcript.entries.len()));
        lines
    }

    fn line(&self, index: usize, entry: &Entry) -> Line {
        let marks = self.marks.get(&index).map(Vec::as_slice).unwrap_or_default();
        let (kind, direction, parts) = match &entry.happened {
            Happened::Sent(octets) => ("sent", "C:", said(octets, marks)),
            Happened::Received(octets) => ("received", "S:", said(octets, marks)),
            Happened::Fragment(octets) => ("received", "S (cut off):", said(octets, marks)),
            other => ("event", "", wire::sentence(other).map(plain).into_iter().collect()),
        };
        let setup = if entry.session == "setup" { " setup" } else { "" };
        Line {
            id: entry_id(self.case, index),
            class: format!("{kind}{setup}"),
            at: format!("{:.3}", entry.at.as_secs_f64()),
            who: format!("{} {direction}", entry.session).trim().to_owned(),
            parts,
        }
    }

    fn left_out(&self, entries: Range<usize>) -> Option<Line> {
        (!entries.is_empty()).then(|| Line {
            id: entry_id(self.case, entries.start),
            class: "event".to_owned(),
            at: String::new(),
            who: String::new(),
            parts: vec![plain(format!(
                "{} more entries are not shown here; the JSON report has them",
                entries.len()
            ))],
        })
    }
}

fn entry_id(case: &CaseReport, entry: usize) -> String {
    format!("{}:{}", case.case, entry + 1)
}

fn plain(text: String) -> Part {
    Part { text, is_marked: false }
}

/// Octets as text, cut where the marks begin and end. A mark of nothing marks everything.
fn said(octets: &[u8], marks: &[&Range<usize>]) -> Vec<Part> {
    let shown = octets.strip_suffix(b"\r\n").unwrap_or(octets);
    let is_marked = |at: usize| marks.iter().any(|mark| mark.is_empty() || mark.contains(&at));
    let mut parts: Vec<Part> = Vec::new();
    for (at, &octet) in shown.iter().enumerate().take(OCTETS) {
        let is_marked = is_marked(at);
        if parts.last().is_none_or(|part| part.is_marked != is_marked) {
            parts.push(Part { text: String::new(), is_marked });
        }
        if let Some(part) = parts.last_mut() {
            push(&mut part.text, octet);
        }
    }
    if shown.len() > OCTETS {
        parts.push(plain(format!("… {} more octets", shown.len() - OCTETS)));
    }
    // What a mark points at may be the end of the line, which is not shown.
    if marks.iter().any(|mark| !mark.is_empty() && mark.end > shown.len()) {
        let ending = octets[shown.len()..].escape_ascii().to_string();
        parts.push(Part { text: ending, is_marked: true });
    }
    parts
}

/// A line that goes on in a literal is shown as lines; anything else that has no picture, escaped.
fn push(text: &mut String, octet: u8) {
    match octet {
        b'\n' => text.push('\n'),
        b'\r' => {}
        _ => text.extend(wire::picture(octet)),
    }
}
