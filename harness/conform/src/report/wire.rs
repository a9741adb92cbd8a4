//! The transcript as a person reads it: a line an entry, octets escaped, long ones shortened.

use std::{fmt::Write, ops::Range};

use crate::{Entry, Happened};

/// The most characters of one line of the wire that are shown.
const WIDTH: usize = 160;
/// The most lines of one message that are shown.
const LINES: usize = 12;

/// Entries of a transcript, the first of which has that number; `marked` is the entry to point at and
/// the octets that matter.
pub(crate) fn render(
    entries: &[Entry],
    marked: Option<(usize, &Range<usize>)>,
    first: usize,
) -> String {
    let mut out = String::new();
    for (index, entry) in (first..).zip(entries) {
        let mark = marked.filter(|(at, _)| *at == index).map(|(_, octets)| octets);
        render_entry(&mut out, entry, mark);
    }
    out
}

fn render_entry(out: &mut String, entry: &Entry, marked: Option<&Range<usize>>) {
    let pointer = if marked.is_some() { '>' } else { ' ' };
    let prefix = format!("{pointer} {:>8.3} ", entry.at.as_secs_f64());
    let session = match entry.session.as_str() {
        "" => String::new(),
        name => format!("[{name}]"),
    };
    let (label, octets) = match &entry.happened {
        Happened::Sent(octets) => (format!("C{session}: "), octets),
        Happened::Received(octets) => (format!("S{session}: "), octets),
        Happened::Fragment(octets) => (format!("S{session} (cut off): "), octets),
        other => {
            if let Some(sentence) = sentence(other) {
                let _ = writeln!(out, "{prefix}-{session} {sentence}");
            }
            return;
        }
    };
    let mut start = 0;
    let lines: Vec<&[u8]> = octets.split_inclusive(|&octet| octet == b'\n').collect();
    for (index, line) in lines.iter().enumerate() {
        if index == LINES {
            let rest: usize = lines[index..].iter().map(|line| line.len()).sum();
            let _ = writeln!(
                out,
                "{:width$}… {rest} more octets",
                "",
                width = prefix.len() + label.len()
            );
            return;
        }
        let (lead, label) = if index == 0 {
            (prefix.clone(), label.clone())
        } else {
            (" ".repeat(prefix.chars().count()), " ".repeat(label.len()))
        };
        let shown = Escaped::new(line);
        let _ = writeln!(out, "{lead}{label}{}", shown.text);
        if let Some(marked) = marked {
            let end = start + line.len();
            let (from, to) = (marked.start.max(start), marked.end.min(end));
            if from < to {
                let (from, to) = (shown.column(from - start), shown.column(to - start));
                let indent = lead.chars().count() + label.len() + from;
                let _ = writeln!(out, "{:indent$}{}", "", "^".repeat((to - from).max(1)));
            }
        }
        start += line.len();
    }
    if octets.is_empty() {
        let _ = writeln!(out, "{prefix}{label}");
    }
}

/// What happened beside what was said, in words; nothing for what was said.
pub(crate) fn sentence(happened: &Happened) -> Option<String> {
    Some(match happened {
        Happened::Sent(_) | Happened::Received(_) | Happened::Fragment(_) => return None,
        Happened::Connected(how) => format!("connected: {how}"),
        Happened::Omitted(octets) => format!("{octets} more octets are not kept"),
        Happened::TlsStarted(which) => format!("TLS: {which}"),
        Happened::Closed(how) => format!("the server closed the connection: {how}"),
        Happened::Disconnected => "the client closed the connection".to_owned(),
        Happened::Barrier => "all sessions are in step".to_owned(),
    })
}

/// An octet as a person reads it: what cannot be printed, escaped.
pub(crate) fn picture(octet: u8) -> impl Iterator<Item = char> {
    let printable = matches!(octet, b' '..=b'~').then_some(octet);
    let escaped = printable.is_none().then(|| octet.escape_ascii()).into_iter().flatten();
    printable.into_iter().chain(escaped).map(char::from)
}

/// One line of the wire with what cannot be printed escaped.
pub(crate) struct Escaped {
    pub(crate) text: String,
    /// The column at which each octet's picture begins.
    columns: Vec<usize>,
}

impl Escaped {
    /// Escapes octets; CRLF at the end is left out, and what is beyond the width is cut.
    pub(crate) fn new(octets: &[u8]) -> Self {
        let octets = octets.strip_suffix(b"\r\n").unwrap_or(octets);
        let mut text = String::new();
        let mut columns = Vec::with_capacity(octets.len().min(WIDTH) + 1);
        for &octet in octets {
            if text.len() >= WIDTH {
                text.push('…');
                break;
            }
            columns.push(text.chars().count());
            text.extend(picture(octet));
        }
        columns.push(text.chars().count());
        Self { text, columns }
    }

    /// The column at which an octet is shown.
    pub(crate) fn column(&self, octet: usize) -> usize {
        self.columns.get(octet).or(self.columns.last()).copied().unwrap_or(0)
    }
}
