//! One connection: octets out, frames in, TLS where it is started, everything recorded.

use std::{
    collections::VecDeque,
    future::poll_fn,
    io, mem,
    num::NonZeroUsize,
    ops::Range,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use imap_grammar::{FrameError, Framer, Framing};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf},
    time::{Instant, timeout, timeout_at},
};

use super::{Recorder, Stream, WireError, connector::Settings, status_line::StatusLine, tls};
use crate::{Happened, target::Security};

/// How much is read at once.
const READ_OCTETS: usize = 16 << 10;
/// How much is written at once; the server has the time of an answer to take each in.
const WRITE_OCTETS: NonZeroUsize = NonZeroUsize::new(64 << 10).expect("it is not zero");

/// One message of the server: a line with its literals, its final CRLF included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The octets as they came. They may hold secrets: see [`Recorder::judge`].
    pub octets: Bytes,
    /// Which entry of the transcript it is.
    pub entry: usize,
    /// When it was complete, since the case began.
    pub at: Duration,
}

/// One connection to a server.
pub struct Connection {
    pub(super) settings: Arc<Settings>,
    pub(super) recorder: Recorder,
    session: String,
    stream: Box<dyn Stream>,
    on_loopback: bool,
    tls: Option<String>,
    framer: Framer,
    buffer: BytesMut,
    frames: VecDeque<Frame>,
    /// Octets of the frames that wait.
    waiting: usize,
    /// Octets that ever came.
    received: u64,
    /// Why no more can be received.
    ended: Option<WireError>,
    pub(super) capabilities: Option<Vec<String>>,
    pub(super) preauthenticated: bool,
    pub(super) commands: u32,
}

impl Connection {
    pub(super) fn new(
        settings: Arc<Settings>,
        stream: Box<dyn Stream>,
        on_loopback: bool,
        session: &str,
        recorder: Recorder,
    ) -> Self {
        settings.opened();
        Self {
            framer: Framer::new(settings.limits.frame),
            settings,
            recorder,
            session: session.to_owned(),
            stream,
            on_loopback,
            tls: None,
            buffer: BytesMut::new(),
            frames: VecDeque::new(),
            waiting: 0,
            received: 0,
            ended: None,
            capabilities: None,
            preauthenticated: false,
            commands: 0,
        }
    }

    /// The session's name.
    pub fn session(&self) -> &str {
        &self.session
    }

    /// The record of what goes over it.
    pub(crate) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// What protects the connection: `TLS 1.3`, `no TLS`.
    pub fn security(&self) -> &str {
        self.tls.as_deref().unwrap_or("no TLS")
    }

    /// Whether TLS is up.
    pub fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    /// What the server says it can do, as far as it has said so since the connection was opened,
    /// TLS was started or a login succeeded, whichever was last.
    pub fn capabilities(&self) -> Option<&[String]> {
        self.capabilities.as_deref()
    }

    /// Sends octets.
    ///
    /// While the server does not take them in, what it sends is read, so that the two never wait
    /// for each other.
    ///
    /// # Errors
    ///
    /// Where the connection is broken, or the server does not take in a piece of it for as long as
    /// an answer may take. What it sent before can still be received. Where the future is dropped, some of
    /// the octets may have gone.
    pub async fn send(&mut self, octets: &[u8]) -> Result<(), WireError> {
        self.send_masked(octets, &[]).await
    }

    /// Sends octets some of which are secret: they are recorded as `*`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and where the secret would go over the network in clear although
    /// the user did not ask for that.
    pub async fn send_masked(
        &mut self,
        octets: &[u8],
        secret: &[Range<usize>],
    ) -> Result<(), WireError> {
        self.send_in_pieces(octets, secret, WRITE_OCTETS).await
    }

    /// Sends octets with so many in each write, of which some may be secret.
    ///
    /// # Errors
    ///
    /// As [`send_masked`](Self::send_masked).
    pub async fn send_in_pieces(
        &mut self,
        octets: &[u8],
        secret: &[Range<usize>],
        size: NonZeroUsize,
    ) -> Result<(), WireError> {
        if !secret.is_empty() {
            self.may_send_secrets()?;
        }
        self.recorder.sent(&self.session, octets, secret);
        let patience = self.settings.timeouts.response;
        for piece in octets.chunks(size.get()) {
            match timeout(patience, self.write(piece)).await {
                Ok(written) => written.map_err(|error| WireError::Broken(error.to_string()))?,
                Err(_) => return Err(WireError::Stalled(patience)),
            }
        }
        Ok(())
    }

    /// The next frame, by the deadline. Nothing is lost where the future is dropped.
    ///
    /// Frames that came before the end of the connection, or before its error, come first.
    ///
    /// # Errors
    ///
    /// [`WireError::NoAnswer`] where the deadline passes, after which one may go on; any other
    /// where the connection is over, and then always the same.
    pub async fn receive(&mut self, deadline: Instant) -> Result<Frame, WireError> {
        let began = Instant::now();
        loop {
            if let Some(frame) = self.frames.pop_front() {
                self.waiting -= frame.octets.len();
                if let Some(capabilities) = StatusLine::capabilities_in(&frame.octets) {
                    self.capabilities = Some(capabilities);
                }
                return Ok(frame);
            }
            if let Some(error) = &self.ended {
                return Err(error.clone());
            }
            if timeout_at(deadline, poll_fn(|cx| self.poll_read(cx))).await.is_err() {
                return Err(WireError::NoAnswer {
                    within: deadline.saturating_duration_since(began),
                    unfinished: self.buffer.len(),
                });
            }
        }
    }

    /// Negotiates TLS: right after connecting, or after the OK to STARTTLS.
    ///
    /// # Errors
    ///
    /// Where the handshake fails or is not finished in time, the certificate is not believed, or
    /// octets in clear came behind the OK. The connection is over then, and also where the future
    /// is dropped.
    pub async fn start_tls(&mut self) -> Result<(), WireError> {
        if let Some(error) = &self.ended {
            return Err(error.clone());
        }
        let after_starttls = self.received > 0;
        let not_tls =
            if after_starttls { WireError::ClearAfterStartTls } else { WireError::NotTls };
        // In TLS the client speaks first, so what has come by now came in clear. It is read here
        // for the record; what comes later the handshake takes for TLS.
        let _ = poll_fn(|cx| Poll::Ready(self.poll_read(cx))).await;
        if self.waiting > 0 || !self.buffer.is_empty() {
            self.frames.clear();
            self.waiting = 0;
            return Err(self.end(not_tls));
        }
        if let Some(error) = &self.ended {
            return Err(error.clone());
        }
        let patience = self.settings.timeouts.tls;
        let stream = mem::replace(&mut self.stream, Box::new(tokio::io::empty()));
        // The stream goes with the handshake where this future is dropped: it is not the server
        // that ended the connection then.
        self.ended = Some(WireError::TlsTimedOut(patience));
        let handshake = self.settings.tls.connect(self.settings.server_name.clone(), stream);
        match timeout(patience, handshake).await {
            Ok(Ok(stream)) => {
                let (_, session) = stream.get_ref();
                let version = match session.protocol_version() {
                    Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
                    _ => "TLS 1.3",
                };
                let suite = session.negotiated_cipher_suite();
                let suite = suite.and_then(|suite| suite.suite().as_str()).unwrap_or("unknown");
                let happened = Happened::TlsStarted(format!("{version} ({suite})"));
                self.recorder.record(&self.session, happened);
                self.tls = Some(version.to_owned());
                self.stream = Box::new(stream);
                self.ended = None;
                // "the client MUST discard cached information about server capabilities"
                // (RFC 3501 §6.2.1): it may have been an attacker who gave it.
                self.capabilities = None;
                Ok(())
            }
            Ok(Err(error)) => Err(match tls::handshake_error(&error) {
                WireError::NotTls => self.end(not_tls),
                WireError::Closed => self.closed("during the TLS handshake"),
                error => self.end(error),
            }),
            Err(_) => Err(self.end(WireError::TlsTimedOut(patience))),
        }
    }

    /// Lets go of the connection's stream, TLS as far as it is up. What was received on it is lost.
    pub fn into_stream(mut self) -> Box<dyn Stream> {
        mem::replace(&mut self.stream, Box::new(tokio::io::empty()))
    }

    /// Closes the connection without a word, and waits a little for the octets to go out.
    pub async fn close(mut self) {
        let patience = self.settings.timeouts.tls;
        // Whether the server takes notice is its own affair.
        let _ = timeout(patience, self.stream.shutdown()).await;
    }

    /// Whether nobody on the way can read what is sent, or the user does not mind.
    pub(super) fn may_send_secrets(&self) -> Result<(), WireError> {
        let target = &self.settings.target;
        if self.is_encrypted() || self.on_loopback || target.security == Security::None {
            Ok(())
        } else {
            Err(WireError::SecretInClear { address: target.address.to_string() })
        }
    }

    /// Writes all of it; reads what comes while the server does not take it in.
    async fn write(&mut self, mut octets: &[u8]) -> io::Result<()> {
        poll_fn(|cx| {
            loop {
                let written = if octets.is_empty() {
                    match Pin::new(&mut self.stream).poll_flush(cx) {
                        Poll::Ready(flushed) => return Poll::Ready(flushed),
                        Poll::Pending => None,
                    }
                } else {
                    match Pin::new(&mut self.stream).poll_write(cx, octets)? {
                        Poll::Ready(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                        Poll::Ready(count) => Some(count),
                        Poll::Pending => None,
                    }
                };
                match written {
                    Some(count) => octets = &octets[count..],
                    None if self.ended.is_some() || self.is_full() => {
                        return Poll::Pending;
                    }
                    None => ready!(self.poll_read(cx)),
                }
            }
        })
        .await
    }

    /// Takes in what has come: octets, the end, or an error, which is kept in `ended`.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut chunk = [0; READ_OCTETS];
        let mut chunk = ReadBuf::new(&mut chunk);
        match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut chunk)) {
            Ok(()) if chunk.filled().is_empty() => {
                self.closed("in good order");
            }
            Ok(()) => self.take_in(chunk.filled()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                self.closed("without the close_notify of TLS");
            }
            Err(error) => {
                self.end(WireError::Broken(error.to_string()));
            }
        }
        Poll::Ready(())
    }

    fn take_in(&mut self, octets: &[u8]) {
        self.received += octets.len() as u64;
        self.buffer.extend_from_slice(octets);
        loop {
            match self.framer.advance(&self.buffer) {
                Ok(Framing::Message { length }) => self.take_frame(length),
                // A server's literals are never waited for.
                Ok(Framing::Literal { .. }) => {}
                Ok(Framing::Incomplete { .. }) => break,
                // A line end that is none still ends the line; what is wrong with it the grammar
                // says.
                Err(FrameError::LoneLf { offset }) => {
                    self.framer.reset();
                    self.take_frame(offset + 1);
                }
                Err(error) => {
                    self.end(WireError::BeyondLimit(error));
                    return;
                }
            }
        }
        let limit = self.settings.limits.connection;
        if self.received > limit {
            self.end(WireError::Flooded(limit));
        }
    }

    fn take_frame(&mut self, length: usize) {
        let octets = self.buffer.split_to(length).freeze();
        let (entry, at) = self.recorder.received(&self.session, &octets);
        self.waiting += length;
        self.frames.push_back(Frame { octets, entry, at });
    }

    /// Whether as much waits to be received as may.
    fn is_full(&self) -> bool {
        let held = self.waiting + self.frames.len() * size_of::<Frame>();
        held > self.settings.limits.waiting
    }

    fn closed(&mut self, how: &str) -> WireError {
        let error = match self.buffer.len() {
            0 => WireError::Closed,
            octets => WireError::ClosedInside { octets },
        };
        self.end(error.clone());
        self.recorder.record(&self.session, Happened::Closed(how.to_owned()));
        error
    }

    /// No more can be received, for this reason.
    fn end(&mut self, error: WireError) -> WireError {
        self.record_fragment();
        if matches!(error, WireError::Broken(_)) {
            self.recorder.record(&self.session, Happened::Closed(error.to_string()));
        }
        self.ended = Some(error.clone());
        error
    }

    fn record_fragment(&mut self) {
        let fragment = mem::take(&mut self.buffer);
        if !fragment.is_empty() {
            self.recorder.fragment(&self.session, &fragment);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.record_fragment();
        let over = matches!(
            self.ended,
            Some(WireError::Closed | WireError::ClosedInside { .. } | WireError::Broken(_))
        );
        if !over {
            self.recorder.record(&self.session, Happened::Disconnected);
        }
        self.settings.closed();
    }
}

#[cfg(test)]
mod tests {
    use std::slice::from_ref;

    use tokio::io::AsyncReadExt;

    use super::*;
    use crate::{
        target::Target,
        wire::{Connector, Limits, Timeouts},
    };

    /// What arrives at the other end of a network when a secret is sent in clear.
    async fn sent_in_clear(security: Security) -> (Result<(), WireError>, Vec<u8>) {
        let target = Target { security, ..Target::new("mail.example.org:143".parse().unwrap()) };
        let connector = Connector::new(target, Timeouts::default(), Limits::default()).unwrap();
        let (ours, mut theirs) = tokio::io::duplex(100);
        let recorder = Recorder::new(Instant::now(), []);
        let mut connection =
            Connection::new(connector.settings(), Box::new(ours), false, "", recorder);
        let sent = connection.send_masked(b"hunter2", from_ref(&(0..7))).await;
        drop(connection);
        let mut arrived = Vec::new();
        theirs.read_to_end(&mut arrived).await.unwrap();
        (sent, arrived)
    }

    #[tokio::test]
    async fn a_secret_goes_over_a_network_in_clear_only_where_the_user_says_so() {
        for security in [Security::StartTls, Security::StartTlsWhenOffered, Security::Implicit] {
            let refused = WireError::SecretInClear { address: "mail.example.org:143".to_owned() };
            assert_eq!(sent_in_clear(security).await, (Err(refused), Vec::new()));
        }
        assert_eq!(sent_in_clear(Security::None).await, (Ok(()), b"hunter2".to_vec()));
    }
}
