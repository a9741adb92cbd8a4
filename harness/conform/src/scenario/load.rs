//! All scenarios of a directory.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Diagnostics, Scenario};

/// Scenarios that cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or directory cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Some have mistakes: those of each file.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<String>())]
    Mistakes(Vec<Diagnostics>),
}

/// Reads every `*.imap` below a directory, in the order of their ids.
///
/// # Errors
/// Where something cannot be read, or scenarios have mistakes: then those of all files.
pub fn load(directory: &Path) -> Result<Vec<Scenario>, LoadError> {
    let mut paths = Vec::new();
    collect(directory, &mut paths)?;
    paths.sort();
    let (mut scenarios, mut mistakes) = (Vec::new(), Vec::new());
    for path in paths {
        let source = fs::read_to_string(&path)
            .map_err(|source| LoadError::Read { path: path.clone(), source })?;
        match Scenario::parse(&id(directory, &path), &path, &source) {
            Ok(scenario) => scenarios.push(scenario),
            Err(diagnostics) => mistakes.push(diagnostics),
        }
    }
    if mistakes.is_empty() { Ok(scenarios) } else { Err(LoadError::Mistakes(mistakes)) }
}

fn collect(directory: &Path, paths: &mut Vec<PathBuf>) -> Result<(), LoadError> {
    let failed = |source| LoadError::Read { path: directory.to_owned(), source };
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let path = entry.path();
        // A link to a directory is not followed: it could lead in a circle.
        if entry.file_type().map_err(failed)?.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|suffix| suffix == "imap") {
            paths.push(path);
        }
    }
    Ok(())
}

/// The path below the directory, without suffix, with `/` between its parts.
fn id(directory: &Path, path: &Path) -> String {
    let below = path.strip_prefix(directory).unwrap_or(path).with_extension("");
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
