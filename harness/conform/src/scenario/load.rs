//! All scenarios of a library.

use std::{io, path::PathBuf};

use super::{Diagnostics, Fixtures, Scenario};
use crate::Library;

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

/// Reads every `*.imap` of a library, in the order of their ids.
pub(crate) fn load(library: &Library) -> Result<Vec<Scenario>, LoadError> {
    let (mut scenarios, mut mistakes) = (Vec::new(), Vec::new());
    let names = library.files()?;
    for (name, id) in names.iter().filter_map(|name| Some((name, name.strip_suffix(".imap")?))) {
        let path = library.path(name);
        let source = library.read(name).and_then(|octets| {
            String::from_utf8(octets.into_owned())
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.utf8_error()))
        });
        let source = source.map_err(|source| LoadError::Read { path: path.clone(), source })?;
        let fixtures = match library {
            Library::BuiltIn => Some(Fixtures::built_in()),
            Library::Directory(_) => Fixtures::near(&path),
        };
        match Scenario::parse_with(id, &path, &source, fixtures) {
            Ok(scenario) => scenarios.push(scenario),
            Err(diagnostics) => mistakes.push(diagnostics),
        }
    }
    if mistakes.is_empty() { Ok(scenarios) } else { Err(LoadError::Mistakes(mistakes)) }
}
