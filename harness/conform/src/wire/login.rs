//! Logging in, and the few commands that the player says for itself.

use std::{mem, ops::Range, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    Connection, LoginError, WireError, deadline_in,
    status_line::{StatusLine, Word},
};
use crate::target::{User, means_too_many_connections};

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Completion {
    pub(super) word: Word,
    /// The server's words, secrets masked.
    pub(super) said: String,
}

/// What is sent before the server has to say something.
#[derive(Default)]
struct Turn {
    octets: Vec<u8>,
    secret: Vec<Range<usize>>,
}

impl Connection {
    /// Logs in, by what the server offers: LOGIN, or AUTHENTICATE PLAIN (RFC 4616) where LOGIN is
    /// disabled or the password is not ASCII. Returns what the server can do after that. Does
    /// nothing where the server greeted with PREAUTH: who is logged in then it alone knows.
    ///
    /// # Errors
    ///
    /// Where the server refuses, offers no way, or the password would go over the network in
    /// clear. A refusal because of too many connections is [`WireError::TooManyConnections`].
    pub async fn log_in(&mut self, user: &User) -> Result<Vec<String>, LoginError> {
        if self.preauthenticated {
            return Ok(self.ask_capabilities().await?);
        }
        self.may_send_secrets()?;
        if user.name.contains(['\0', '\r', '\n']) {
            return Err(LoginError::UserName(user.name.clone()));
        }
        let plain = self.offers("AUTH=PLAIN").await?;
        let disabled = self.offers("LOGINDISABLED").await?;
        let ascii = user.name.is_ascii() && user.password.expose().is_ascii();
        let (how, turns) = if plain && (disabled || !ascii) {
            let initial_response = self.offers("SASL-IR").await?;
            ("AUTHENTICATE PLAIN", authenticate_plain(user, initial_response))
        } else if disabled {
            return Err(LoginError::NoWay { in_clear: !self.is_encrypted() });
        } else {
            ("LOGIN", login(user))
        };
        // What it could do before does not count: it may say now what it can.
        self.capabilities = None;
        let patience = self.settings.timeouts.login;
        let Completion { word, said } =
            self.exchange(turns, patience).await.map_err(if_too_many)?;
        match word {
            // Some servers say OK, find that there are too many connections, and say BYE.
            Word::Ok => Ok(self.ask_capabilities().await.map_err(if_too_many)?),
            Word::No if means_too_many_connections(&said) => {
                Err(WireError::TooManyConnections { said }.into())
            }
            Word::No => Err(LoginError::Refused { user: user.name.clone(), said }),
            _ => Err(LoginError::NotUnderstood { user: user.name.clone(), how, said }),
        }
    }

    /// Says LOGOUT, waits for the answer, and closes. A server that limits connections then knows
    /// at once that this one is free.
    pub async fn log_out(mut self) {
        // The session ends whatever the server says to it.
        let _ = self.command("LOGOUT").await;
        self.close().await;
    }

    /// What the server can do: as it said, or asked now where it has not said so.
    ///
    /// # Errors
    ///
    /// Where it does not answer.
    pub async fn ask_capabilities(&mut self) -> Result<Vec<String>, WireError> {
        if self.capabilities.is_none() {
            self.command("CAPABILITY").await?;
        }
        Ok(self.capabilities.get_or_insert_default().clone())
    }

    pub(super) async fn offers(&mut self, capability: &str) -> Result<bool, WireError> {
        let offered = self.ask_capabilities().await?;
        Ok(offered.iter().any(|name| name.eq_ignore_ascii_case(capability)))
    }

    /// Says a command that has no arguments, and waits for its completion.
    pub(super) async fn command(&mut self, name: &str) -> Result<Completion, WireError> {
        let mut turn = Turn::default();
        turn.say(name.as_bytes());
        turn.say(b"\r\n");
        self.exchange(vec![turn], self.settings.timeouts.response).await
    }

    /// Says a command turn by turn, each as soon as the server asks for it, under a tag of its
    /// own. The server has the same time for each answer.
    async fn exchange(
        &mut self,
        turns: Vec<Turn>,
        patience: Duration,
    ) -> Result<Completion, WireError> {
        self.commands += 1;
        let tag = format!("ic{}", self.commands);
        let mut turns = turns.into_iter().peekable();
        let mut lead = format!("{tag} ");
        while let Some(turn) = turns.next() {
            let turn = turn.behind(&mem::take(&mut lead));
            let may_ask = turns.peek().is_some();
            match self.send_masked(&turn.octets, &turn.secret).await {
                Ok(()) => {}
                // A server that breaks the connection may have said why before.
                Err(error @ WireError::Broken(_)) => {
                    return Err(match self.answer(&tag, may_ask, patience).await {
                        Err(bye @ WireError::Bye { .. }) => bye,
                        _ => error,
                    });
                }
                Err(error) => return Err(error),
            }
            if let Some(completion) = self.answer(&tag, may_ask, patience).await? {
                return Ok(completion);
            }
        }
        // Only a turn that another follows ends without a completion.
        Err(WireError::NoAnswer { within: patience, unfinished: 0 })
    }

    /// The completion of the command, or nothing where the server asks for what follows. Where
    /// nothing follows it may not ask, and what looks like that does not count.
    async fn answer(
        &mut self,
        tag: &str,
        may_ask: bool,
        patience: Duration,
    ) -> Result<Option<Completion>, WireError> {
        let deadline = deadline_in(patience);
        let mut bye = None;
        loop {
            let frame = match (self.receive(deadline).await, bye) {
                (Ok(frame), said) => {
                    bye = said;
                    frame
                }
                (Err(_), Some(said)) => return Err(WireError::Bye { said }),
                (Err(error), None) => return Err(error),
            };
            let line = StatusLine::read(&frame.octets);
            let said = self.recorder.words(line.text);
            if line.tag == tag.as_bytes() {
                return Ok(Some(Completion { word: line.word, said }));
            } else if line.is_continuation() && may_ask {
                return Ok(None);
            } else if line.is_untagged() && line.word == Word::Bye {
                bye = Some(said);
            }
        }
    }
}

/// What a BYE in the course of a login means.
fn if_too_many(error: WireError) -> WireError {
    match error {
        WireError::Bye { said } if means_too_many_connections(&said) => {
            WireError::TooManyConnections { said }
        }
        error => error,
    }
}

impl Turn {
    /// The same with something before it.
    fn behind(self, lead: &str) -> Self {
        let shift = lead.len();
        let secret = self.secret.iter().map(|range| range.start + shift..range.end + shift);
        Self { octets: [lead.as_bytes(), &self.octets].concat(), secret: secret.collect() }
    }

    fn say(&mut self, octets: &[u8]) {
        self.octets.extend_from_slice(octets);
    }

    fn say_secretly(&mut self, octets: &[u8]) {
        let start = self.octets.len();
        self.say(octets);
        self.secret.push(start..self.octets.len());
    }
}

/// `LOGIN`, with quoted strings, or literals where the octets cannot be quoted (RFC 3501 §9).
fn login(user: &User) -> Vec<Turn> {
    let mut turns = vec![Turn::default()];
    for (argument, is_secret) in [(user.name.as_bytes(), false), (user.password.expose(), true)] {
        let turn = turns.last_mut().expect("there is one from the start");
        turn.say(if is_secret { b" " } else { b"LOGIN " });
        let quotable = argument.iter().all(|&octet| matches!(octet, 0x01..=0x7f));
        let octets = if quotable {
            turn.say(b"\"");
            argument.iter().flat_map(|&octet| escape(octet)).collect()
        } else {
            turn.say(format!("{{{}}}\r\n", argument.len()).as_bytes());
            turns.push(Turn::default());
            argument.to_vec()
        };
        let turn = turns.last_mut().expect("there is one from the start");
        if is_secret {
            turn.say_secretly(&octets)
        } else {
            turn.say(&octets)
        }
        if quotable {
            turn.say(b"\"");
        }
    }
    turns.last_mut().expect("there is one from the start").say(b"\r\n");
    turns
}

fn escape(octet: u8) -> impl Iterator<Item = u8> {
    let backslash = matches!(octet, b'"' | b'\\').then_some(b'\\');
    backslash.into_iter().chain([octet])
}

/// `AUTHENTICATE PLAIN`: the message in the same line with SASL-IR (RFC 4959), else in its own.
/// Where the server asks for more than that, `*` ends it (RFC 3501 §6.2.2).
fn authenticate_plain(user: &User, initial_response: bool) -> Vec<Turn> {
    let message = [b"", user.name.as_bytes(), user.password.expose()].join(&0);
    let message = STANDARD.encode(message);
    let mut turns = vec![Turn::default()];
    turns[0].say(b"AUTHENTICATE PLAIN");
    if initial_response {
        turns[0].say(b" ");
    } else {
        turns[0].say(b"\r\n");
        turns.push(Turn::default());
    }
    let response = turns.last_mut().expect("there is one from the start");
    response.say_secretly(message.as_bytes());
    response.say(b"\r\n");
    let mut end = Turn::default();
    end.say(b"*\r\n");
    turns.push(end);
    turns
}
