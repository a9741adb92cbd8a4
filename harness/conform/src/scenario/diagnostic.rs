//! What is wrong with a scenario, shown as a good compiler would show it.

use std::{fmt, path::Path};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};

use super::Span;
use crate::nearest::nearest;

/// How many mistakes of one file are told; a file with more has something else wrong.
const LIMIT: usize = 64;

/// One mistake in a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What stands at the caret.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether another mistake may be the only cause of this one.
    pub(super) consequence: bool,
}

impl Problem {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Self {
        let (message, label) = (message.into(), "here".to_owned());
        Self { span, message, label, help: None, consequence: false }
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Suggests the known word that is most like `word`, and lists all where none is.
    pub(super) fn suggest<'w>(
        self,
        word: &str,
        known: impl IntoIterator<Item = &'w str> + Clone,
    ) -> Self {
        match nearest(word, known.clone()) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => {
                let known: Vec<_> = known.into_iter().map(|known| format!("`{known}`")).collect();
                match known.is_empty() {
                    true => self,
                    false => self.help(format!("known are {}", known.join(", "))),
                }
            }
        }
    }

    /// Marks what may only be wrong because something else is: it is told only on its own.
    pub(super) fn consequence(mut self) -> Self {
        self.consequence = true;
        self
    }
}

/// Everything that is wrong with one scenario, in the order of the file; never empty.
#[derive(Debug, Clone)]
pub struct Diagnostics {
    path: String,
    source: String,
    problems: Vec<Problem>,
}

impl Diagnostics {
    pub(super) fn new(path: &Path, source: &str, mut problems: Vec<Problem>) -> Self {
        if problems.iter().any(|problem| !problem.consequence) {
            problems.retain(|problem| !problem.consequence);
        }
        problems.sort_by_key(|problem| problem.span.start);
        problems.dedup();
        Self { path: path.display().to_string(), source: source.to_owned(), problems }
    }

    /// The same mistakes, of a text that stands in this file.
    #[must_use]
    pub fn of_file(self, path: &Path) -> Self {
        Self { path: path.display().to_string(), ..self }
    }

    /// The mistakes.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The mistakes as a person wants to read them; colours are those of an ANSI terminal.
    pub fn render(&self, colour: bool) -> String {
        let theme =
            if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(100)
            .with_links(false)
            .with_context_lines(1);
        let source = NamedSource::new(&self.path, self.source.clone());
        let mut out = String::new();
        for problem in self.problems.iter().take(LIMIT) {
            let shown = Shown { problem, source: &source };
            if handler.render_report(&mut out, &shown).is_err() {
                out.push_str(&problem.message);
            }
            out.push('\n');
        }
        if let Some(more) = self.problems.len().checked_sub(LIMIT).filter(|&more| more > 0) {
            out.push_str(&format!("and {more} more in {}\n", self.path));
        }
        out
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// A mistake and the text it is in, as miette wants them.
#[derive(Debug)]
struct Shown<'p> {
    problem: &'p Problem,
    source: &'p NamedSource<String>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.problem.help.as_ref()?;
        Some(Box::new(help))
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let Problem { span, label, .. } = self.problem;
        let label = LabeledSpan::new(Some(label.clone()), span.start, span.len());
        Some(Box::new(std::iter::once(label)))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source)
    }
}
