//! From the greeting to a connection that is as safe as the user wants it.

use super::{
    Connection, Frame, WireError, deadline_in,
    status_line::{StatusLine, Word},
};
use crate::target::{Security, means_too_many_connections};

/// The server's first line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// Whether the server takes the client as logged in already: PREAUTH.
    pub preauthenticated: bool,
    /// What the server says about itself, secrets masked.
    pub text: String,
    /// The line.
    pub frame: Frame,
}

impl Greeting {
    /// What it says in words, without a response code.
    pub fn words(&self) -> &str {
        let code = self.text.strip_prefix('[').and_then(|code| code.split_once(']'));
        code.map_or(self.text.as_str(), |(_, words)| words.trim_start())
    }
}

impl Connection {
    /// Reads the greeting.
    ///
    /// # Errors
    ///
    /// Where none comes, it is none, or it is BYE. Where the server refuses because there are too
    /// many connections, or does so while others are open, that is
    /// [`WireError::TooManyConnections`].
    pub async fn greeting(&mut self) -> Result<Greeting, WireError> {
        let patience = self.settings.timeouts.response;
        let frame = match self.receive(deadline_in(patience)).await {
            Ok(frame) => frame,
            Err(WireError::NoAnswer { unfinished: 0, .. }) => {
                return Err(WireError::NoGreeting(patience));
            }
            Err(error) => return Err(self.if_too_many(error)),
        };
        let line = StatusLine::read(&frame.octets);
        let text = self.recorder.words(line.text);
        match line.word {
            Word::Ok | Word::PreAuth if line.is_untagged() => {
                self.preauthenticated = line.word == Word::PreAuth;
                Ok(Greeting { preauthenticated: line.word == Word::PreAuth, text, frame })
            }
            Word::Bye if line.is_untagged() => {
                if self.others_are_open() || means_too_many_connections(&text) {
                    Err(WireError::TooManyConnections { said: text })
                } else {
                    Err(WireError::Unwelcome { said: text })
                }
            }
            _ => Err(WireError::NotImap { said: self.recorder.words(&frame.octets) }),
        }
    }

    /// Starts TLS by STARTTLS where the target's policy wants it, after the greeting. Does
    /// nothing where TLS is up.
    ///
    /// # Errors
    ///
    /// Where TLS is wanted and cannot be had.
    pub async fn secure(&mut self) -> Result<(), WireError> {
        let policy = self.settings.target.security;
        if self.is_encrypted() || matches!(policy, Security::Implicit | Security::None) {
            return Ok(());
        }
        if !self.offers("STARTTLS").await? {
            return match policy {
                Security::StartTls => Err(WireError::StartTlsNotOffered),
                _ => Ok(()),
            };
        }
        let completion = self.command("STARTTLS").await?;
        match completion.word {
            Word::Ok => self.start_tls().await,
            _ => Err(WireError::StartTlsRefused { said: completion.said }),
        }
    }

    /// What an end before the greeting means: while other connections are open, that there are
    /// enough of them.
    pub(super) fn if_too_many(&self, error: WireError) -> WireError {
        match error {
            WireError::Closed | WireError::Broken(_) if self.others_are_open() => {
                WireError::TooManyConnections { said: error.to_string() }
            }
            error => error,
        }
    }

    fn others_are_open(&self) -> bool {
        self.settings.others_are_open(1)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn words_are_what_follows_the_code() {
        for (text, words) in [
            ("[CAPABILITY IMAP4rev1] Dovecot ready.", "Dovecot ready."),
            ("[ALERT]", ""),
            ("hello [world]", "hello [world]"),
        ] {
            let frame = Frame { octets: Default::default(), entry: 0, at: Duration::ZERO };
            let greeting = Greeting { preauthenticated: false, text: text.to_owned(), frame };
            assert_eq!(greeting.words(), words);
        }
    }
}
