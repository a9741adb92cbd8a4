//! The scenario language: text to values, with errors a person can act on.
//!
//! `scenarios/README.md` describes the language. [`Scenario::parse`] reads one file,
//! [`Library::scenarios`](crate::Library::scenarios) all; [`format()`] writes a file as all are written.

mod diagnostic;
mod fixture;
mod format;
mod load;
mod lower;
mod parse;
mod pattern;
mod requirements;
mod script;
mod syntax;

use std::path::Path;

pub use diagnostic::{Diagnostics, Problem};
pub use fixture::{Fixture, FixtureError, FixtureMessage, Fixtures};
pub use format::format;
pub use load::LoadError;
pub(crate) use load::load;
pub use script::*;

impl Scenario {
    /// Reads a scenario. `path` is where it stands, which errors name and near which its fixtures
    /// are; `id` is its path below the scenario directory, without suffix.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    ///
    /// ```
    /// use std::path::Path;
    /// use imap_conform::scenario::Scenario;
    /// let source = "\
    /// title: NOOP always succeeds
    /// requirement: rfc3501/6.1.2-01
    ///
    /// C: a1 NOOP
    /// S: a1 OK
    /// ";
    /// let scenario = Scenario::parse("noop", Path::new("noop.imap"), source)?;
    /// assert_eq!(scenario.header.title, "NOOP always succeeds");
    ///
    /// let errors = Scenario::parse("noop", Path::new("noop.imap"), &source.replace("S:", "R:"));
    /// assert!(errors.unwrap_err().to_string().contains("noop.imap:5:1"));
    /// # Ok::<(), imap_conform::scenario::Diagnostics>(())
    /// ```
    pub fn parse(id: &str, path: &Path, source: &str) -> Result<Self, Diagnostics> {
        Self::parse_with(id, path, source, Fixtures::near(path))
    }

    fn parse_with(
        id: &str,
        path: &Path,
        source: &str,
        fixtures: Option<Fixtures>,
    ) -> Result<Self, Diagnostics> {
        let (document, mut problems) = parse::parse(source);
        let scenario = lower::lower(id, path, source, &document, fixtures, &mut problems);
        match scenario {
            Some(scenario) if problems.is_empty() => Ok(scenario),
            _ => Err(Diagnostics::new(path, source, problems)),
        }
    }
}
