//! The set of scenarios, and `imap-conform check` and `fmt`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::{ScenarioDirectory, Trouble};
use crate::{
    Exit, Record,
    play::LOGIN,
    requirement::Catalogue,
    scenario::{self, Scenario},
    selector::{Selector, select},
};

/// The scenarios that were read and the requirements they name.
pub(super) struct Set {
    pub(super) scenarios: Vec<Scenario>,
    pub(super) catalogue: Catalogue,
}

impl Set {
    /// Reads the whole set.
    pub(super) fn load(directory: &ScenarioDirectory) -> Result<Self, Trouble> {
        let directory = &as_seen_from_here(&directory.scenarios);
        if !directory.is_dir() {
            let text = format!(
                "there are no scenarios in {}; name their directory with --scenarios",
                directory.display()
            );
            return Err(Trouble::usage(text));
        }
        let catalogue =
            Catalogue::load(&directory.join("requirements")).map_err(Trouble::scenario)?;
        let scenarios = scenario::load(directory).map_err(Trouble::scenario)?;
        let set = Self { scenarios, catalogue };
        set.check_requirements()?;
        Ok(set)
    }

    /// The part of the set that the selectors choose.
    pub(super) fn select(self, selectors: &[String]) -> Result<Self, Trouble> {
        let Self { scenarios, catalogue } = self;
        let selectors = selectors
            .iter()
            .map(|text| Selector::parse(text, &scenarios, &catalogue))
            .collect::<Result<Vec<_>, _>>()
            .map_err(Trouble::usage)?;
        Ok(Self { scenarios: select(&selectors, scenarios, &catalogue), catalogue })
    }

    /// Leaves out what did not fail in a run. Where nobody could log in, nothing was tried.
    pub(super) fn only_failed(&mut self, run: &Record) {
        let failed: BTreeSet<&str> = run.failed().collect();
        if !failed.contains(LOGIN) {
            self.scenarios.retain(|scenario| failed.contains(scenario.id.as_str()));
        }
    }

    /// A scenario can only prove requirements that are in the catalogue.
    fn check_requirements(&self) -> Result<(), Trouble> {
        for scenario in &self.scenarios {
            scenario.check_requirements(&self.catalogue).map_err(Trouble::scenario)?;
        }
        Ok(())
    }
}

/// The shortest way to a path that a person can follow.
fn as_seen_from_here(path: &Path) -> PathBuf {
    let Ok(whole) = path.canonicalize() else { return path.to_owned() };
    let below = std::env::current_dir()
        .ok()
        .and_then(|here| whole.strip_prefix(here).map(Path::to_owned).ok());
    below.unwrap_or(whole)
}

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    directory: ScenarioDirectory,
}

/// The arguments of `fmt`.
#[derive(Debug, clap::Args)]
pub(super) struct FmtArguments {
    /// Files or directories; the whole set where none is given.
    paths: Vec<PathBuf>,
    /// Changes nothing; fails where a file would change.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    directory: ScenarioDirectory,
}

pub(super) fn check(arguments: &CheckArguments) -> Result<Exit, Trouble> {
    let set = Set::load(&arguments.directory)?;
    println!("{} scenarios are right", set.scenarios.len());
    Ok(if set.scenarios.is_empty() { Exit::NothingRan } else { Exit::Conforms })
}

pub(super) fn fmt(arguments: &FmtArguments) -> Result<Exit, Trouble> {
    let paths = match arguments.paths.as_slice() {
        [] => std::slice::from_ref(&arguments.directory.scenarios),
        paths => paths,
    };
    let mut files = Vec::new();
    for path in paths {
        scenario_files(path, &mut files)?;
    }
    let mut unformatted = 0;
    for file in files {
        let failed = |error| Trouble::usage(format!("{}: {error}", file.display()));
        let text = fs::read_to_string(&file).map_err(failed)?;
        let formatted =
            scenario::format(&text).map_err(|errors| Trouble::scenario(errors.of_file(&file)))?;
        if formatted != text {
            unformatted += 1;
            println!("{}", file.display());
            if !arguments.check {
                fs::write(&file, formatted).map_err(failed)?;
            }
        }
    }
    Ok(if arguments.check && unformatted > 0 { Exit::BadScenario } else { Exit::Conforms })
}

fn scenario_files(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Trouble> {
    let failed = |error| Trouble::usage(format!("{}: {error}", path.display()));
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries = fs::read_dir(path)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() || entry.extension().is_some_and(|extension| extension == "imap") {
            scenario_files(&entry, files)?;
        }
    }
    Ok(())
}
