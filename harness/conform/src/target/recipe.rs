//! Recipes: how a server is started that is there only for the tests (`ci/servers/NAME`).

use std::{
    fs, io,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{Secret, SecretError, User};

/// What a file `target.toml` says of a server.
///
/// Where the command and the server's files have `@directory@`, `@listen@`, `@imap@`, `@imaps@`,
/// `@user@`, `@uid@` or `@gid@`, the place in which it is started fills it in. In the directory
/// there are also `certificate.pem` and `key.pem`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recipe {
    /// The image of its container.
    pub image: String,
    /// The program that must be on a machine to run it there as a process. A server without one
    /// runs only in a container.
    pub program: Option<String>,
    /// What starts it, in the foreground; the image's own command where there is none.
    #[serde(default)]
    pub command: Vec<String>,
    /// Its files, beside `target.toml` or by their way from there.
    #[serde(default)]
    pub files: Vec<PathBuf>,
    /// Where it listens in a container.
    #[serde(default)]
    pub ports: Ports,
    /// Who can log in.
    #[serde(default)]
    users: Vec<String>,
    /// The password of every user.
    password: Option<String>,
    /// Whether scenarios may change INBOX.
    #[serde(default)]
    pub changes_inbox: bool,
    /// How many cases at once suit it: more for a server that makes clients wait.
    #[serde(default = "one")]
    pub jobs: NonZeroUsize,
    /// How many sets of its users there are: see [`Target::lanes`](super::Target::lanes).
    #[serde(default = "one")]
    pub lanes: NonZeroUsize,
    /// The selectors of the cases that it is there for, where it differs from another server in
    /// little; all cases where there are none.
    #[serde(default)]
    pub cases: Vec<String>,
    /// What it is known to do otherwise than the RFCs say.
    expect: Option<PathBuf>,
    #[serde(skip)]
    directory: PathBuf,
}

/// The TCP ports of a server in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ports {
    /// Without TLS, or with STARTTLS.
    pub imap: u16,
    /// With TLS from the first octet.
    pub imaps: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { imap: 143, imaps: 993 }
    }
}

/// A recipe that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not TOML of the right form.
    #[error("{path} is not understood: {source}")]
    Form {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// The users' password is none.
    #[error("{path} has users and no password for them: {source}")]
    Password {
        /// The file.
        path: PathBuf,
        /// Why.
        source: SecretError,
    },
}

impl Recipe {
    /// The file of a recipe in the server's directory.
    pub const FILE: &str = "target.toml";

    /// A recipe for an image of which nothing else is known.
    pub fn of_image(image: &str) -> Self {
        Self {
            image: image.to_owned(),
            program: None,
            command: Vec::new(),
            files: Vec::new(),
            ports: Ports::default(),
            users: Vec::new(),
            password: None,
            changes_inbox: false,
            jobs: one(),
            lanes: one(),
            cases: Vec::new(),
            expect: None,
            directory: PathBuf::new(),
        }
    }

    /// Reads the recipe in a server's directory.
    ///
    /// # Errors
    /// Where it cannot be read or is not of the right form.
    pub fn read(directory: &Path) -> Result<Self, RecipeError> {
        let path = directory.join(Self::FILE);
        let recipe: Self = match toml::from_str(&read(&path)?) {
            Ok(recipe) => recipe,
            Err(source) => return Err(RecipeError::Form { path, source: Box::new(source) }),
        };
        Ok(Self { directory: directory.to_owned(), ..recipe })
    }

    /// Who can log in.
    ///
    /// # Errors
    /// Where the password is none.
    pub fn users(&self) -> Result<Vec<User>, RecipeError> {
        let user = |name: &String| {
            let password = Secret::new(self.password.clone().unwrap_or_default());
            let path = self.directory.join(Self::FILE);
            let password = password.map_err(|source| RecipeError::Password { path, source })?;
            Ok(User { name: name.clone(), password })
        };
        self.users.iter().map(user).collect()
    }

    /// The file of its known deviations.
    pub fn expectations(&self) -> Option<PathBuf> {
        self.expect.as_ref().map(|file| self.directory.join(file))
    }

    /// Its command and its files by name, for a place.
    pub(super) fn filled(&self, place: &Place) -> Result<Filled, RecipeError> {
        let file = |file: &PathBuf| {
            let text = read(&self.directory.join(file))?;
            let name = file.file_name().unwrap_or(file.as_os_str());
            Ok((name.to_string_lossy().into_owned(), place.fill(&text)))
        };
        Ok(Filled {
            command: self.command.iter().map(|word| place.fill(word)).collect(),
            files: self.files.iter().map(file).collect::<Result<_, RecipeError>>()?,
        })
    }
}

/// What a recipe says, for one place.
pub(super) struct Filled {
    pub(super) command: Vec<String>,
    pub(super) files: Vec<(String, String)>,
}

/// Where a server is started.
pub(super) struct Place {
    /// Where its files are.
    pub(super) directory: String,
    /// The addresses on which it listens.
    pub(super) listen: &'static str,
    pub(super) ports: Ports,
    /// Who it is, and who owns the mail: never root.
    pub(super) owner: Owner,
}

/// A user of the system.
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) uid: String,
    pub(super) gid: String,
}

impl Owner {
    /// Debian's user without rights.
    pub(super) fn nobody() -> Self {
        Self { name: "nobody".to_owned(), uid: "65534".to_owned(), gid: "65534".to_owned() }
    }
}

impl Place {
    fn fill(&self, text: &str) -> String {
        text.replace("@directory@", &self.directory)
            .replace("@listen@", self.listen)
            .replace("@imap@", &self.ports.imap.to_string())
            .replace("@imaps@", &self.ports.imaps.to_string())
            .replace("@user@", &self.owner.name)
            .replace("@uid@", &self.owner.uid)
            .replace("@gid@", &self.owner.gid)
    }
}

fn one() -> NonZeroUsize {
    NonZeroUsize::MIN
}

fn read(path: &Path) -> Result<String, RecipeError> {
    fs::read_to_string(path).map_err(|source| RecipeError::Read { path: path.to_owned(), source })
}
