//! A set of scenarios and the requirements they name: what is chosen from, and what is played.

use std::collections::BTreeSet;

use crate::{
    Library, Record, Selector, SelectorError,
    play::LOGIN,
    requirement::{Catalogue, CatalogueError},
    scenario::{Diagnostics, LoadError, Scenario},
    select,
};

/// Scenarios and the requirements they name.
///
/// ```
/// use imap_conform::{Library, Set};
/// let set = Set::load(&Library::BuiltIn)?;
/// let noop = set.select(&["rfc3501/6.1.2-noop"])?;
/// assert!(noop.scenarios.iter().all(|scenario| scenario.header.title.contains("NOOP")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Set {
    /// The scenarios, in the order of their ids.
    pub scenarios: Vec<Scenario>,
    /// The requirements, those that no scenario proves among them.
    pub catalogue: Catalogue,
}

/// A set that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SetError {
    /// Scenarios cannot be read or have mistakes.
    #[error(transparent)]
    Scenarios(#[from] LoadError),
    /// The requirements cannot be read or have mistakes.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A scenario names a requirement that is not in the catalogue.
    #[error(transparent)]
    Requirement(#[from] Diagnostics),
}

impl Set {
    /// Reads the whole set of a library.
    ///
    /// # Errors
    /// Where something cannot be read, has mistakes, or names a requirement that nobody knows.
    pub fn load(library: &Library) -> Result<Self, SetError> {
        let (scenarios, catalogue) = (library.scenarios()?, library.catalogue()?);
        for scenario in &scenarios {
            scenario.check_requirements(&catalogue)?;
        }
        Ok(Self { scenarios, catalogue })
    }

    /// The part of the set that selectors choose: all where there are none.
    ///
    /// # Errors
    /// Where a selector names nothing that is there.
    pub fn select<S: AsRef<str>>(self, selectors: &[S]) -> Result<Self, SelectorError> {
        let Self { scenarios, catalogue } = self;
        let selectors = selectors
            .iter()
            .map(|text| Selector::parse(text.as_ref(), &scenarios, &catalogue))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self { scenarios: select(&selectors, scenarios, &catalogue), catalogue })
    }

    /// Leaves out what did not fail in a run. Where nobody could log in, nothing was tried.
    pub fn only_failed(&mut self, run: &Record) {
        let failed: BTreeSet<&str> = run.failed().collect();
        if !failed.contains(LOGIN) {
            self.scenarios.retain(|scenario| failed.contains(scenario.id.as_str()));
        }
    }
}
