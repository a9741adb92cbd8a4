//! A run as one web page that needs nothing but itself: no network, no other file.
//!
//! The templates escape whatever they are given, and the page's policy runs no script but its own,
//! so that what a hostile server says can only ever be read.

mod chart;
mod conversation;
mod matrix_page;
mod run_page;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use askama::Template;
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Background, Report, level_name};
use crate::{
    Event, Matrix, Record,
    requirement::{Requirement, RequirementId},
};

const STYLE: &str = include_str!("../../templates/style.css");
const SCRIPT: &str = include_str!("../../templates/script.js");

/// The report as a web page, `index.html` in a directory.
pub struct Html<'b> {
    directory: PathBuf,
    background: &'b Background,
    record: Record,
}

impl<'b> Html<'b> {
    /// A report to a directory, which is made where it is not there.
    pub fn new(directory: PathBuf, background: &'b Background) -> Self {
        Self { directory, background, record: Record::default() }
    }
}

impl Report for Html<'_> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.record.add(event);
        match event {
            Event::RunFinished { .. } => {
                fs::create_dir_all(&self.directory)?;
                let page = run_page(&self.record, self.background)?;
                fs::write(self.directory.join("index.html"), page)
            }
            _ => Ok(()),
        }
    }
}

/// The page of a run.
///
/// # Errors
/// None that this code knows of; the template engine can report one.
pub fn run_page(record: &Record, background: &Background) -> io::Result<String> {
    run_page::RunPage::new(record, background).render().map_err(io::Error::other)
}

/// Writes the pages of several runs: `index.html` with all of them side by side, and one a run.
///
/// # Errors
/// Where a file cannot be written.
pub fn write_matrix(
    directory: &Path,
    matrix: &Matrix,
    runs: &[(String, Record)],
    background: &Background,
) -> io::Result<()> {
    fs::create_dir_all(directory)?;
    let pages: Vec<String> =
        (1..).zip(runs).map(|(number, (name, _))| page_name(number, name)).collect();
    for (page, (_, record)) in pages.iter().zip(runs) {
        fs::write(directory.join(page), run_page(record, background)?)?;
    }
    let page = matrix_page::MatrixPage::new(matrix, &pages);
    fs::write(directory.join("index.html"), page.render().map_err(io::Error::other)?)
}

/// A name for a file and a link that needs no escaping in either. Numbers keep them apart.
fn page_name(number: usize, name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    format!("{number}-{}.html", name.chars().map(safe).collect::<String>())
}

/// A requirement as the pages show it.
struct RequirementShown<'r> {
    id: String,
    level: &'static str,
    sentence: &'r str,
    quote: &'r str,
    place: String,
    url: String,
    see: &'r [String],
}

impl<'r> RequirementShown<'r> {
    fn of(id: &RequirementId, background: &'r Background) -> Option<Self> {
        background.catalogue.get(id).map(Self::new)
    }

    fn new(requirement: &'r Requirement) -> Self {
        let Requirement { id, level, sentence, quote, see, .. } = requirement;
        let (rfc, section) = (id.rfc(), id.section());
        Self {
            id: id.to_string(),
            level: level_name(*level),
            sentence,
            quote,
            place: format!("RFC {rfc} §{section}"),
            url: format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section}"),
            see,
        }
    }
}

/// What the policy of a page has to name so that its script may run (Content Security Policy
/// Level 3 §2.3.1, hash-source).
fn script_hash() -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, SCRIPT.as_bytes());
    format!("sha256-{}", BASE64_STANDARD.encode(digest))
}
