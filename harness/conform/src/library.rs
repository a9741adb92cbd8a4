//! Where scenarios, their fixtures and the requirements are read: a directory, or the program
//! itself, which carries the whole set.

use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    requirement::{Catalogue, CatalogueError},
    scenario::{self, LoadError, Scenario},
};

/// A place with scenarios, `fixtures/` and `requirements/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Library {
    /// The set that was built in. A debug build reads it where it was built from, so that a
    /// changed scenario can be tried without building again.
    BuiltIn,
    /// A directory.
    Directory(PathBuf),
}

/// The directory that is built in.
#[derive(rust_embed::RustEmbed)]
#[folder = "../../scenarios"]
struct BuiltIn;

impl Library {
    /// The names of all files, with `/` between their parts, in order.
    ///
    /// # Errors
    /// Where a directory cannot be read.
    pub fn files(&self) -> Result<Vec<String>, LoadError> {
        let mut names = Vec::new();
        match self {
            Self::BuiltIn => names.extend(BuiltIn::iter().map(Cow::into_owned)),
            Self::Directory(directory) => collect(directory, "", &mut names)?,
        }
        names.sort();
        Ok(names)
    }

    /// What a file holds.
    ///
    /// # Errors
    /// Where it is not there or cannot be read.
    pub fn read(&self, name: &str) -> io::Result<Cow<'static, [u8]>> {
        match self {
            Self::BuiltIn => {
                let file = BuiltIn::get(name).ok_or(io::ErrorKind::NotFound)?;
                Ok(file.data)
            }
            Self::Directory(_) => fs::read(self.path(name)).map(Cow::Owned),
        }
    }

    /// What a file is called where a person reads of it.
    pub fn path(&self, name: &str) -> PathBuf {
        match self {
            Self::BuiltIn => Path::new("scenarios").join(name),
            Self::Directory(directory) => directory.join(name),
        }
    }

    /// Every scenario, in the order of their ids.
    ///
    /// # Errors
    /// Where something cannot be read, or scenarios have mistakes: then those of all files.
    pub fn scenarios(&self) -> Result<Vec<Scenario>, LoadError> {
        scenario::load(self)
    }

    /// Every requirement.
    ///
    /// # Errors
    /// Where a file of `requirements/` cannot be read or used.
    pub fn catalogue(&self) -> Result<Catalogue, CatalogueError> {
        Catalogue::load(self)
    }
}

fn collect(directory: &Path, within: &str, names: &mut Vec<String>) -> Result<(), LoadError> {
    let failed = |source| LoadError::Read { path: directory.to_owned(), source };
    for entry in fs::read_dir(directory).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("{within}{}", entry.file_name().to_string_lossy());
        // A link to a directory is not followed: it could lead in a circle.
        if entry.file_type().map_err(failed)?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}
