//! `imap-conform check` and `fmt`: scenarios without a server.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{ScenarioDirectory, Trouble, say};
use crate::{Exit, scenario};

/// The arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    directory: ScenarioDirectory,
}

/// The arguments of `fmt`.
#[derive(Debug, clap::Args)]
pub(super) struct FmtArguments {
    /// Files or directories.
    #[arg(default_value = "scenarios")]
    paths: Vec<PathBuf>,
    /// Changes nothing; fails where a file would change.
    #[arg(long)]
    check: bool,
}

pub(super) fn check(arguments: &CheckArguments) -> Result<Exit, Trouble> {
    let set = arguments.directory.load()?;
    say(&format!("{} scenarios are right", set.scenarios.len()));
    Ok(if set.scenarios.is_empty() { Exit::NothingRan } else { Exit::Conforms })
}

pub(super) fn fmt(arguments: &FmtArguments) -> Result<Exit, Trouble> {
    let mut files = Vec::new();
    for path in &arguments.paths {
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
            say(&file.display().to_string());
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
