//! Secrets: where a password comes from, and that it does not get out again.

use std::{
    env, fmt,
    fs::File,
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
};

use thiserror::Error;

/// More than any password needs, so that no file or pipe can fill the memory.
const MAX_OCTETS: u64 = 4096;

/// A password. It can be compared and sent, and it shows itself as `****` everywhere else.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// A secret of these octets.
    ///
    /// # Errors
    ///
    /// Where there are none, where there are more than 4096, and where a NUL, CR or LF is among
    /// them: no IMAP login can carry a NUL, and a line end is a slip of whoever wrote the file.
    pub fn new(octets: impl Into<Vec<u8>>) -> Result<Self, SecretError> {
        let octets = octets.into();
        if octets.is_empty() {
            Err(SecretError::Empty)
        } else if octets.len() as u64 > MAX_OCTETS {
            Err(SecretError::TooLong)
        } else if octets.iter().any(|octet| matches!(octet, b'\r' | b'\n')) {
            Err(SecretError::SeveralLines)
        } else if octets.contains(&0) {
            Err(SecretError::Nul)
        } else {
            Ok(Self(octets))
        }
    }

    /// Reads a secret.
    ///
    /// # Errors
    ///
    /// Where it cannot be read or is none.
    pub fn read(source: &SecretSource) -> Result<Self, SecretError> {
        match source {
            SecretSource::Environment(name) => {
                let value =
                    env::var_os(name).ok_or_else(|| SecretError::NotInEnvironment(name.clone()))?;
                Self::new(value.into_encoded_bytes())
            }
            SecretSource::File(path) => {
                let unreadable =
                    |error: io::Error| SecretError::File(path.clone(), error.to_string());
                Self::line(File::open(path).map_err(unreadable)?).map_err(|error| match error {
                    SecretError::Input(error) => SecretError::File(path.clone(), error),
                    error => error,
                })
            }
            SecretSource::StandardInput => Self::line(io::stdin().lock()),
            SecretSource::Prompt { user } => {
                if !io::stdin().is_terminal() {
                    return Err(SecretError::NobodyToAsk(user.clone()));
                }
                let typed = rpassword::prompt_password(format!("Password of {user}: "))
                    .map_err(|error| SecretError::Input(error.to_string()))?;
                Self::new(typed)
            }
        }
    }

    /// The octets. Whoever asks for them says to the recorder that they are secret.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// All that is there, as one line whose end does not count.
    fn line(source: impl Read) -> Result<Self, SecretError> {
        let mut octets = Vec::new();
        source
            .take(MAX_OCTETS + 3)
            .read_to_end(&mut octets)
            .map_err(|error| SecretError::Input(error.to_string()))?;
        if octets.ends_with(b"\n") {
            octets.pop();
            if octets.ends_with(b"\r") {
                octets.pop();
            }
        }
        Self::new(octets)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("****")
    }
}

/// Where a secret comes from. Never the command line, which every user of the machine can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// An environment variable.
    Environment(String),
    /// The only line of a file.
    File(PathBuf),
    /// The only line of standard input.
    StandardInput,
    /// The person at the terminal.
    Prompt {
        /// Whose password is asked for.
        user: String,
    },
}

impl SecretSource {
    /// A file, or standard input where the path is `-`.
    pub fn file(path: impl AsRef<Path>) -> Self {
        match path.as_ref() {
            path if path == Path::new("-") => Self::StandardInput,
            path => Self::File(path.to_owned()),
        }
    }
}

/// Why there is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SecretError {
    /// The variable is not set.
    #[error("the environment has no variable `{0}`")]
    NotInEnvironment(String),
    /// The file cannot be read.
    #[error("the password file {}: {}", .0.display(), .1)]
    File(PathBuf, String),
    /// Standard input or the terminal cannot be read.
    #[error("the password cannot be read: {0}")]
    Input(String),
    /// There is no terminal to ask at.
    #[error("no password for `{0}`, and no terminal to ask at: name a variable or a file")]
    NobodyToAsk(String),
    /// There is nothing.
    #[error("the password is empty")]
    Empty,
    /// It is longer than 4096 octets.
    #[error("the password has more than 4096 octets: is this the right file?")]
    TooLong,
    /// There is a line end in it.
    #[error("the password has more than one line: is this the right file?")]
    SeveralLines,
    /// There is a NUL in it.
    #[error("the password contains a NUL, which IMAP cannot carry (RFC 3501 §9)")]
    Nul,
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn it_never_shows_itself() {
        let secret = Secret::new("hunter2").unwrap();
        assert_eq!(format!("{secret:?} {secret:#?}"), "**** ****");
    }

    #[test]
    fn a_file_holds_one_line() {
        for (content, expected) in [
            (&b"hunter2"[..], Ok(&b"hunter2"[..])),
            (b"hunter2\n", Ok(b"hunter2")),
            (b"hunter2\r\n", Ok(b"hunter2")),
            (b" with spaces \n", Ok(b" with spaces ")),
            (b"", Err(SecretError::Empty)),
            (b"\n", Err(SecretError::Empty)),
            (b"hunter2\n\n", Err(SecretError::SeveralLines)),
            (b"user\nhunter2\n", Err(SecretError::SeveralLines)),
            (b"hun\0ter2", Err(SecretError::Nul)),
            (&[b'x'; 10_000], Err(SecretError::TooLong)),
        ] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(content).unwrap();
            let secret = Secret::read(&SecretSource::file(file.path()));
            assert_eq!(secret.as_ref().map(Secret::expose), expected.as_ref().copied());
        }
    }

    #[test]
    fn an_endless_file_is_refused() {
        let secret = Secret::line(io::repeat(b'x'));
        assert_eq!(secret, Err(SecretError::TooLong));
    }

    #[test]
    fn what_is_not_there_is_named() {
        let error = Secret::read(&SecretSource::Environment("IMAP_CONFORM_NOT_SET".into()));
        assert!(error.unwrap_err().to_string().contains("`IMAP_CONFORM_NOT_SET`"));
        let error = Secret::read(&SecretSource::file("no/such/file"));
        assert!(error.unwrap_err().to_string().contains("no/such/file"));
    }
}
