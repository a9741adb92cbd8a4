//! One session of a case: its connection, what has come and what is waited for.

use std::{future::poll_fn, num::NonZeroUsize, ops::Range, pin::pin, task::Poll, time::Duration};

use imap_grammar::{Command, CommandBody, EncodeOptions, Encoded, Tag};
use memchr::{memchr, memchr_iter};
use tokio::time::Instant;

use super::{
    matching::{Kind, Received},
    outgoing::Outgoing,
};
use crate::wire::{Connection, Frame, Recorder, WireError, deadline_in};

/// The most that is held of what came in one exchange, in octets of memory.
const MAX_HELD: usize = 512 << 20;
/// What a frame, and what a token of it, takes beside its octets.
const FRAME_COST: usize = 512;
const TOKEN_COST: usize = 64;

/// One session.
pub(super) struct Session {
    pub(super) name: String,
    recorder: Recorder,
    connection: Option<Connection>,
    /// Frames that came and were not part of an exchange yet.
    arrived: Vec<Frame>,
    /// What they take.
    held: usize,
    /// Tags of commands that are not complete.
    pending: Vec<Vec<u8>>,
    /// Tags of completions among what has arrived.
    completed: Vec<Vec<u8>>,
    /// Whether an untagged BAD is among what has arrived.
    has_untagged_bad: bool,
    /// Whether the server has asked for what is sent next.
    is_asked: bool,
    /// The line with which the server took its leave.
    bye: Option<String>,
    /// Why nothing more comes.
    ended: Option<Ended>,
    /// How many commands the player has said for itself.
    commands: u32,
}

/// How a command of the player's own ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Completion {
    pub(super) is_ok: bool,
    pub(super) is_bad: bool,
    /// The server's line.
    pub(super) line: String,
}

/// Why nothing more comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) error: WireError,
    /// What the server said before, where that was BYE.
    pub(super) bye: Option<String>,
}

/// How far sending got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// All is sent.
    All,
    /// The command was complete before all of it was sent, so the rest was not.
    Refused,
    /// The continuation request did not come in time, so the rest was not sent.
    NotAsked,
    /// The connection is over.
    Ended,
}

impl Session {
    pub(super) fn new(name: &str, connection: Connection) -> Self {
        Self {
            name: name.to_owned(),
            recorder: connection.recorder().clone(),
            connection: Some(connection),
            arrived: Vec::new(),
            held: 0,
            pending: Vec::new(),
            completed: Vec::new(),
            has_untagged_bad: false,
            is_asked: false,
            bye: None,
            ended: None,
            commands: 0,
        }
    }

    /// Whether the server has taken its leave.
    pub(super) fn was_told_bye(&self) -> bool {
        self.bye.is_some()
    }

    /// A name that the server gave, fit to be read.
    pub(super) fn shown(&self, name: &[u8]) -> String {
        self.recorder.words(name)
    }

    pub(super) fn ended(&self) -> Option<&Ended> {
        self.ended.as_ref()
    }

    /// Whether a command that was sent is not complete yet.
    pub(super) fn is_busy(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Whether the completion of that command is among what has come.
    pub(super) fn has_completed(&self, tag: &[u8]) -> bool {
        self.completed.iter().any(|completed| completed == tag)
    }

    /// Whether an untagged BAD is among what has come.
    pub(super) fn has_untagged_bad(&self) -> bool {
        self.has_untagged_bad
    }

    pub(super) fn connection(&mut self) -> Option<&mut Connection> {
        self.connection.as_mut().filter(|_| self.ended.is_none())
    }

    /// Frames that came and were not part of an exchange yet.
    pub(super) fn arrived(&self) -> &[Frame] {
        &self.arrived
    }

    /// Takes the frames: they are part of an exchange, or nobody wants them.
    pub(super) fn take_arrived(&mut self) -> Vec<Frame> {
        self.held = 0;
        self.completed.clear();
        self.has_untagged_bad = false;
        std::mem::take(&mut self.arrived)
    }

    /// Forgets the frames that came, and takes up others that came before.
    pub(super) fn replace_arrived(&mut self, frames: Vec<Frame>) {
        self.take_arrived();
        let bad = Kind::Untagged("BAD".to_owned());
        let is_bad = |frame: &Frame| Received::new(&frame.octets).kind() == bad;
        self.has_untagged_bad = frames.iter().any(is_bad);
        self.arrived = frames;
    }

    /// Lets go of the connection.
    pub(super) fn take_connection(&mut self) -> Option<Connection> {
        self.connection.take()
    }

    /// Sends all of it, waiting for a continuation request where a literal wants one.
    pub(super) async fn send(
        &mut self,
        outgoing: &Outgoing,
        by: Option<usize>,
        patience: Duration,
    ) -> Result<Sent, WireError> {
        // What answers a continuation request is no command, whatever it looks like.
        let is_command = !(self.is_asked && self.is_busy());
        let tag = outgoing.tag().filter(|_| is_command).map(<[u8]>::to_vec);
        if let Some(tag) = &tag {
            self.pending.push(tag.clone());
        }
        let mut start = 0;
        let ends = outgoing.pauses.iter().copied().chain([outgoing.octets.len()]);
        for end in ends {
            if start > 0 {
                match self.go_ahead(tag.as_deref(), patience).await {
                    Sent::All => {}
                    other => return Ok(other),
                }
            }
            if !self.write(outgoing, start..end, by).await? {
                return Ok(Sent::Ended);
            }
            start = end;
        }
        Ok(Sent::All)
    }

    /// Sends some of the octets; whether the connection still stands.
    async fn write(
        &mut self,
        outgoing: &Outgoing,
        range: Range<usize>,
        by: Option<usize>,
    ) -> Result<bool, WireError> {
        // A secret that is a literal goes on behind a pause.
        let overlap = |secret: &Range<usize>| {
            let (start, end) = (secret.start.max(range.start), secret.end.min(range.end));
            (start < end).then(|| start - range.start..end - range.start)
        };
        let secret: Vec<_> = outgoing.secret.iter().filter_map(overlap).collect();
        let octets = &outgoing.octets[range.clone()];
        self.is_asked = false;
        let Some(connection) = self.connection() else { return Ok(false) };
        let sent = match by.and_then(NonZeroUsize::new) {
            Some(size) => connection.send_in_pieces(octets, &secret, size).await,
            None => connection.send_masked(octets, &secret).await,
        };
        match sent {
            Ok(()) => Ok(true),
            Err(error @ WireError::SecretInClear { .. }) => Err(error),
            // What the server said before can still be received.
            Err(_) => Ok(false),
        }
    }

    /// Waits for a continuation request, or the completion that stands for a refusal.
    async fn go_ahead(&mut self, tag: Option<&[u8]>, patience: Duration) -> Sent {
        let deadline = deadline_in(patience);
        loop {
            match self.receive(deadline).await {
                Some(Ok(Kind::Continue)) => return Sent::All,
                Some(Ok(Kind::Tagged(done))) if Some(done.as_slice()) == tag => {
                    return Sent::Refused;
                }
                Some(Ok(_)) => {}
                Some(Err(WireError::NoAnswer { .. })) => return Sent::NotAsked,
                Some(Err(_)) | None => return Sent::Ended,
            }
        }
    }

    /// Takes in the next frame, and says which kind it is; nothing where the session is over.
    pub(super) async fn receive(&mut self, deadline: Instant) -> Option<Result<Kind, WireError>> {
        let connection = self.connection.as_mut().filter(|_| self.ended.is_none())?;
        Some(match connection.receive(deadline).await {
            Ok(frame) => {
                let kind = Received::new(&frame.octets).kind();
                match &kind {
                    Kind::Tagged(tag) => {
                        self.pending.retain(|pending| pending != tag);
                        self.is_asked = false;
                        self.completed.push(tag.clone());
                    }
                    Kind::Untagged(name) if name == "BYE" => {
                        self.bye = Some(line(&self.recorder, &frame));
                    }
                    Kind::Untagged(name) if name == "BAD" => self.has_untagged_bad = true,
                    Kind::Continue => self.is_asked = true,
                    Kind::Untagged(_) => {}
                }
                let tokens = memchr_iter(b' ', &frame.octets).count();
                self.held += frame.octets.len() + FRAME_COST + tokens * TOKEN_COST;
                self.arrived.push(frame);
                if self.held > MAX_HELD {
                    let error = WireError::BeyondMemory(MAX_HELD);
                    self.ended = Some(Ended { error: error.clone(), bye: None });
                    return Some(Err(error));
                }
                Ok(kind)
            }
            Err(error @ WireError::NoAnswer { .. }) => Err(error),
            Err(error) => {
                self.ended = Some(Ended { error: error.clone(), bye: self.bye.clone() });
                Err(error)
            }
        })
    }

    /// Says a command of the player's own, and waits for its completion. What came with it is
    /// among what has arrived; the completion is the last of it.
    pub(super) async fn command(
        &mut self,
        body: CommandBody<'_>,
        patience: Duration,
    ) -> Result<Completion, WireError> {
        self.commands += 1;
        let tag = Tag::new(format!("play{}", self.commands)).expect("letters and digits are legal");
        let Encoded { bytes, pauses } =
            Command { tag: tag.clone(), body }.encode(EncodeOptions::default());
        let outgoing = Outgoing { octets: bytes, pauses, secret: Vec::new() };
        self.send(&outgoing, None, patience).await?;
        let tag = tag.as_str().as_bytes();
        while self.pending.iter().any(|pending| pending == tag) {
            match self.receive(deadline_in(patience)).await {
                Some(received) => received.map(drop)?,
                None => return Err(self.why_ended()),
            }
        }
        match self.arrived.last() {
            Some(frame) => {
                let mut words = frame.octets.split(|octet| octet.is_ascii_whitespace());
                let status = words.nth(1).unwrap_or_default();
                Ok(Completion {
                    is_ok: status.eq_ignore_ascii_case(b"OK"),
                    is_bad: status.eq_ignore_ascii_case(b"BAD"),
                    line: line(&self.recorder, frame),
                })
            }
            None => Err(self.why_ended()),
        }
    }

    fn why_ended(&self) -> WireError {
        self.ended.as_ref().map_or(WireError::Closed, |ended| ended.error.clone())
    }
}

/// The first line of a frame, fit to be read.
fn line(recorder: &Recorder, frame: &Frame) -> String {
    let end = memchr(b'\n', &frame.octets).map_or(frame.octets.len(), |end| end + 1);
    recorder.words(&frame.octets[..end])
}

/// Takes in the next frame of any of the sessions, which must not be over, and says whose it is.
pub(super) async fn receive_any(
    sessions: Vec<&mut Session>,
    deadline: Instant,
) -> Option<(String, Result<Kind, WireError>)> {
    let receiving = sessions.into_iter().map(|session| {
        Box::pin(async move {
            let kind = session.receive(deadline).await;
            (session.name.clone(), kind)
        })
    });
    let mut receiving: Vec<_> = receiving.collect();
    let next = poll_fn(|cx| {
        for one in &mut receiving {
            if let Poll::Ready((name, kind)) = one.as_mut().poll(cx) {
                return Poll::Ready(kind.map(|kind| (name, kind)));
            }
        }
        if receiving.is_empty() { Poll::Ready(None) } else { Poll::Pending }
    });
    pin!(next).await
}
