//! The conversation of a case, line by line, with the octets that findings point at marked.

use std::ops::Range;

use crate::{CaseReport, Happened, report::wire};

/// The most octets of one entry that are shown.
const SHOWN: usize = 4000;

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

/// The whole conversation.
pub(super) fn lines(case: &CaseReport) -> Vec<Line> {
    let entries = case.transcript.entries.iter().enumerate();
    entries
        .map(|(index, entry)| {
            let (kind, direction, parts) = match &entry.happened {
                Happened::Sent(octets) => ("sent", "C:", said(octets, &marks(case, index))),
                Happened::Received(octets) => ("received", "S:", said(octets, &marks(case, index))),
                Happened::Fragment(octets) => {
                    ("received", "S (cut off):", said(octets, &marks(case, index)))
                }
                other => ("event", "", vec![plain(wire::sentence(other))]),
            };
            let setup = if entry.session == "setup" { " setup" } else { "" };
            Line {
                id: entry_id(case, index),
                class: format!("{kind}{setup}"),
                at: format!("{:.3}", entry.at.as_secs_f64()),
                who: format!("{} {direction}", entry.session).trim().to_owned(),
                parts,
            }
        })
        .collect()
}

/// What an entry is called in links.
pub(super) fn entry_id(case: &CaseReport, entry: usize) -> String {
    format!("{}:{}", case.case, entry + 1)
}

/// Whether some finding points at an entry.
pub(super) fn is_marked(case: &CaseReport, entry: usize) -> bool {
    evidence(case, entry).next().is_some()
}

/// Which octets of an entry are pointed at.
fn marks(case: &CaseReport, entry: usize) -> Vec<Range<usize>> {
    evidence(case, entry).cloned().collect()
}

fn evidence(case: &CaseReport, entry: usize) -> impl Iterator<Item = &Range<usize>> {
    let evidence = case.findings.iter().filter_map(|finding| finding.evidence.as_ref());
    evidence.filter(move |evidence| evidence.entry == entry).map(|evidence| &evidence.octets)
}

fn plain(text: String) -> Part {
    Part { text, is_marked: false }
}

/// Octets as text, cut where the marks begin and end. A mark of nothing marks everything.
fn said(octets: &[u8], marks: &[Range<usize>]) -> Vec<Part> {
    let shown = octets.strip_suffix(b"\r\n").unwrap_or(octets);
    let is_marked = |at: usize| marks.iter().any(|mark| mark.is_empty() || mark.contains(&at));
    let mut parts: Vec<Part> = Vec::new();
    for (at, &octet) in shown.iter().enumerate().take(SHOWN) {
        let is_marked = is_marked(at);
        if parts.last().is_none_or(|part| part.is_marked != is_marked) {
            parts.push(Part { text: String::new(), is_marked });
        }
        if let Some(part) = parts.last_mut() {
            push(&mut part.text, octet);
        }
    }
    if shown.len() > SHOWN {
        parts.push(plain(format!("… {} more octets", shown.len() - SHOWN)));
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
        b' '..=b'~' => text.push(char::from(octet)),
        _ => text.extend(octet.escape_ascii().map(char::from)),
    }
}
