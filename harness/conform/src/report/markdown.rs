//! Several runs side by side, as Markdown for the page of a job in continuous integration.

use std::fmt::Write;

use crate::{Matrix, Verdict, matrix::Cell, requirement::Level};

/// The levels that the table sums up together, and what it calls them.
pub(crate) const LEVELS: [(&str, &[Level]); 4] = [
    ("MUST", &[Level::Must, Level::MustNot]),
    ("states", &[Level::States]),
    ("syntax", &[Level::Syntax]),
    ("SHOULD", &[Level::Should, Level::ShouldNot]),
];

/// The matrix as Markdown: a line for each server, then what they do differently.
pub fn markdown(matrix: &Matrix) -> String {
    let mut text = String::from("| server |");
    for (name, _) in LEVELS {
        let _ = write!(text, " {name} kept | broken |");
    }
    text += " capabilities |\n|---|";
    text += &"---:|---:|".repeat(LEVELS.len());
    text += "---|\n";
    for (index, run) in matrix.runs.iter().enumerate() {
        let _ = write!(text, "| {} |", cell_text(&run.name));
        for (_, levels) in LEVELS {
            let count = matrix.count(index, levels);
            let _ = write!(text, " {} | {} |", count.kept, count.broken);
        }
        let _ = writeln!(text, " {} |", cell_text(&run.capabilities.join(" ")));
    }
    let mut differences = matrix.differences().peekable();
    if differences.peek().is_none() {
        return text;
    }
    text += "\n| requirement | |";
    for run in &matrix.runs {
        let _ = write!(text, " {} |", cell_text(&run.name));
    }
    text += "\n|---|---|";
    text += &"---|".repeat(matrix.runs.len());
    text.push('\n');
    for row in differences {
        let requirement = &row.requirement;
        let _ = write!(text, "| {} | {} |", requirement.id, cell_text(&requirement.sentence));
        for cell in &row.cells {
            let _ = write!(text, " {} |", cell_text(&said(cell)));
        }
        text.push('\n');
    }
    text
}

/// What a cell says: its choices where the RFC leaves one, else its verdict.
pub(crate) fn said(cell: &Cell) -> String {
    match (cell.choices.is_empty(), cell.verdict) {
        (false, Some(Verdict::Note)) => {
            cell.choices.iter().map(String::as_str).collect::<Vec<_>>().join("; ")
        }
        (_, Some(verdict)) => verdict.name().to_owned(),
        (_, None) => String::new(),
    }
}

/// Text that stays within its cell and is nothing but text. What a server says comes here, and
/// GitHub makes links of it also where it has no mark-up (GitHub Flavored Markdown §6.9).
fn cell_text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '\r' | '\n' => safe.push(' '),
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            ':' if text[at..].starts_with("://") => safe.push_str("&#58;"),
            '.' if follows_www(&text[..at]) => safe.push_str("&#46;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' => safe.extend(['\\', character]),
            _ => safe.push(character),
        }
    }
    safe
}

/// Whether what comes next would be that of an address of the web.
fn follows_www(text: &str) -> bool {
    let start = text.len().saturating_sub(3);
    text.as_bytes()[start..].eq_ignore_ascii_case(b"www")
}

#[cfg(test)]
mod tests {
    use super::cell_text;

    #[test]
    fn what_a_server_says_makes_no_link() {
        for (said, expected) in [
            ("see https://x.example", "see https&#58;//x.example"),
            ("WWW.x.example", "WWW&#46;x.example"),
            ("[a](b) ![c](d)", r"\[a\](b) !\[c\](d)"),
            ("UIDNEXT: 4. é", "UIDNEXT: 4. é"),
        ] {
            assert_eq!(cell_text(said), expected);
        }
    }
}
