//! Coverage as text: a table for the terminal, one in Markdown, the list of what is uncovered.

use super::{Coverage, Totals};
use crate::report::level_name;

const HEADINGS: [&str; 7] = [
    "section",
    "requirements",
    "observable",
    "covered",
    "by scenarios",
    "by invariants",
    "by grammar",
];

impl Coverage {
    /// A row a section and a row an RFC, in columns.
    pub fn to_table(&self) -> String {
        let rows = self.rows();
        let width = |column: usize| {
            rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..HEADINGS.len()).map(width).collect();
        let line = |row: &[String; HEADINGS.len()]| {
            let mut text = format!("{:<width$}", row[0], width = widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                text += &format!("  {cell:>width$}");
            }
            text.trim_end().to_owned() + "\n"
        };
        rows.iter().map(line).collect()
    }

    /// The same rows as a table in Markdown.
    pub fn to_markdown(&self) -> String {
        let mut lines: Vec<String> =
            self.rows().iter().map(|row| format!("| {} |\n", row.join(" | "))).collect();
        lines.insert(1, format!("|---{}|\n", "|---:".repeat(HEADINGS.len() - 1)));
        lines.concat()
    }

    /// The sums of each RFC alone, as a table in Markdown: what a README carries.
    pub fn totals_to_markdown(&self) -> String {
        let mut text =
            "| RFC | requirements | observable | covered |\n|---|---:|---:|---:|\n".to_owned();
        for (rfc, Totals { requirements, observable, covered, .. }) in self.totals() {
            text += &format!("| {rfc} | {requirements} | {observable} | {covered} |\n");
        }
        text
    }

    /// What nothing checks, a line each.
    pub fn uncovered_to_text(&self) -> String {
        let line = |checked: &super::Checked| {
            format!("{} ({}): {}\n", checked.id, level_name(checked.level), checked.sentence)
        };
        self.uncovered().map(line).collect()
    }

    fn rows(&self) -> Vec<[String; HEADINGS.len()]> {
        let mut rows = vec![HEADINGS.map(str::to_owned)];
        let totals = self.totals();
        for (index, section) in self.sections.iter().enumerate() {
            rows.push(row(format!("RFC {} §{}", section.rfc, section.section), section.totals()));
            let is_last = self.sections.get(index + 1).is_none_or(|next| next.rfc != section.rfc);
            if is_last && let Some(totals) = totals.get(&section.rfc) {
                rows.push(row(format!("RFC {}", section.rfc), *totals));
            }
        }
        rows
    }
}

fn row(name: String, totals: Totals) -> [String; HEADINGS.len()] {
    let Totals { requirements, observable, covered, scenarios, invariants, grammar } = totals;
    let numbers = [requirements, observable, covered, scenarios, invariants, grammar];
    let mut cells = numbers.iter().map(ToString::to_string);
    std::array::from_fn(|column| match column {
        0 => name.clone(),
        _ => cells.next().unwrap_or_default(),
    })
}
