//! Fixtures: the messages that stand in a mailbox before a scenario begins.

use std::{
    borrow::Cow,
    io,
    path::{Component, Path},
};

use imap_grammar::Grammar;
use serde::Deserialize;

use crate::Library;

/// The directory with the fixtures: `NAME.toml` lists messages, each of which is a file beside it.
///
/// ```toml
/// [[message]]
/// file = "plain.eml"
/// flags = ["\\Seen"]
/// date = "17-Jul-1996 02:44:25 -0700"
/// ```
#[derive(Debug, Clone)]
pub struct Fixtures {
    library: Library,
    /// The directory of the library, with `/` at its end where it is one below.
    folder: &'static str,
}

/// The messages of a mailbox, in the order in which they are appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixture {
    /// The messages; never empty.
    pub messages: Vec<FixtureMessage>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixtureMessage {
    /// What is appended, octet for octet.
    pub octets: Vec<u8>,
    /// Its flags.
    pub flags: Vec<String>,
    /// Its internal date as `date-time` without the quotes; the server's clock where nothing.
    pub date: Option<String>,
    /// The envelope that FETCH must tell, as a pattern of the language.
    pub envelope: Option<String>,
    /// The body structure that FETCH must tell, as a pattern of the language.
    pub body: Option<String>,
}

/// A fixture that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// There is none of that name.
    #[error("there is no fixture `{name}`")]
    Absent {
        /// The name.
        name: String,
    },
    /// The name could lead out of the directory.
    #[error("`{0}` is not the name of a file among the fixtures")]
    Name(String),
    /// There is no file of that name among them.
    #[error("there is no file `{0}` among the fixtures")]
    NoFile(String),
    /// What it says of a message cannot be said in APPEND.
    #[error("the flags or the date of `{file}` are not legal: {error}")]
    Illegal {
        /// The message's file.
        file: String,
        /// Where the grammar stopped.
        error: imap_grammar::Error,
    },
    /// A file cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// It is not TOML of the right form.
    #[error("the fixture `{name}` is not understood: {source}")]
    Form {
        /// Its name.
        name: String,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// It has no message.
    #[error("the fixture `{0}` has no message")]
    Empty(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FixtureFile {
    #[serde(default, rename = "message")]
    messages: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    file: String,
    #[serde(default)]
    flags: Vec<String>,
    date: Option<String>,
    #[serde(default)]
    octets: Octets,
    envelope: Option<String>,
    body: Option<String>,
}

/// What is done to the octets of a file.
#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Octets {
    /// Line ends become CRLF: messages are stored as text.
    #[default]
    Lines,
    /// Nothing.
    Exact,
}

impl Fixtures {
    /// The directory `fixtures` nearest above a scenario.
    pub fn near(scenario: &Path) -> Option<Self> {
        scenario
            .ancestors()
            .skip(1)
            .map(|above| above.join("fixtures"))
            .find(|directory| directory.is_dir())
            .map(|directory| Self { library: Library::Directory(directory), folder: "" })
    }

    /// Those of the set that is built in.
    pub fn built_in() -> Self {
        Self { library: Library::BuiltIn, folder: "fixtures/" }
    }

    /// The fixture of that name.
    ///
    /// # Errors
    /// Where it or one of its messages cannot be read, or is not of the right form.
    pub fn load(&self, name: &str) -> Result<Fixture, FixtureError> {
        let text = match self.read(&format!("{name}.toml")) {
            Err(FixtureError::NoFile(_)) => {
                return Err(FixtureError::Absent { name: name.to_owned() });
            }
            text => String::from_utf8_lossy(&text?).into_owned(),
        };
        let form = |source| FixtureError::Form { name: name.to_owned(), source: Box::new(source) };
        let file: FixtureFile = toml::from_str(&text).map_err(form)?;
        if file.messages.is_empty() {
            return Err(FixtureError::Empty(name.to_owned()));
        }
        let message = |Row { file, flags, date, octets, envelope, body }| {
            let read = self.read(&file)?;
            check_legal(&file, &flags, date.as_deref())?;
            let octets = if octets == Octets::Exact { read } else { with_crlf(&read) };
            Ok(FixtureMessage { octets, flags, date, envelope, body })
        };
        let messages = file.messages.into_iter().map(message).collect::<Result<_, _>>()?;
        Ok(Fixture { messages })
    }

    /// A file beside the fixtures; the line ends of an `.eml` become CRLF.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn file(&self, name: &str) -> Result<Vec<u8>, FixtureError> {
        let octets = self.read(name)?;
        Ok(if name.ends_with(".eml") { with_crlf(&octets) } else { octets })
    }

    /// The names of all fixtures.
    pub fn names(&self) -> Vec<String> {
        let files = self.library.files().unwrap_or_default();
        let name =
            |file: &String| Some(file.strip_prefix(self.folder)?.strip_suffix(".toml")?.to_owned());
        files.iter().filter_map(name).collect()
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, FixtureError> {
        let inside = |part| matches!(part, Component::Normal(_));
        if name.is_empty() || !Path::new(name).components().all(inside) {
            return Err(FixtureError::Name(name.to_owned()));
        }
        let file = format!("{}{name}", self.folder);
        self.library.read(&file).map(Cow::into_owned).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => FixtureError::NoFile(name.to_owned()),
            _ => {
                FixtureError::Read { path: self.library.path(&file).display().to_string(), source }
            }
        })
    }
}

/// Whether a message can be appended with these flags and that date.
fn check_legal(file: &str, flags: &[String], date: Option<&str>) -> Result<(), FixtureError> {
    let date = date.map(|date| format!("\"{date}\" ")).unwrap_or_default();
    let command = format!("x APPEND x ({}) {date}{{1}}\r\nx\r\n", flags.join(" "));
    match Grammar::rfc3501().command(command.as_bytes()) {
        Ok(_) => Ok(()),
        Err(error) => Err(FixtureError::Illegal { file: file.to_owned(), error }),
    }
}

/// The same lines, each ended by CRLF.
fn with_crlf(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 32);
    for (at, &octet) in text.iter().enumerate() {
        if octet == b'\n' && at.checked_sub(1).is_none_or(|before| text[before] != b'\r') {
            out.push(b'\r');
        }
        out.push(octet);
    }
    out
}
