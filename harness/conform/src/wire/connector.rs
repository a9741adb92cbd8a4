//! Opening connections to one target.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rustls_pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::{Instant, timeout_at},
};
use tokio_rustls::TlsConnector;

use super::{Connection, Limits, Recorder, Timeouts, TrustError, WireError, deadline_in, tls};
use crate::{
    Happened,
    target::{Security, Target},
};

/// What carries octets: TCP, TLS, or memory.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Opens connections to one target. Clones share what they know of it.
#[derive(Clone)]
pub struct Connector {
    settings: Arc<Settings>,
    /// What opens a stream within this process; nothing where TCP leads to the target.
    within: Option<Within>,
}

type Within = Arc<dyn Fn() -> Box<dyn Stream> + Send + Sync>;

/// What all connections to a target share.
pub(super) struct Settings {
    pub(super) target: Target,
    pub(super) timeouts: Timeouts,
    pub(super) limits: Limits,
    pub(super) tls: TlsConnector,
    pub(super) server_name: ServerName<'static>,
    open: Arc<AtomicUsize>,
}

impl Connector {
    /// A connector. Certificates are read once, here.
    ///
    /// # Errors
    ///
    /// Where the certificates cannot be read, or the server's name cannot be in one.
    pub fn new(target: Target, timeouts: Timeouts, limits: Limits) -> Result<Self, TrustError> {
        let settings = Arc::new(Settings {
            tls: TlsConnector::from(tls::config(&target.trust)?),
            server_name: tls::server_name(&target)?,
            target,
            timeouts,
            limits,
            open: Arc::new(AtomicUsize::new(0)),
        });
        Ok(Self { settings, within: None })
    }

    /// Opens every connection within this process, so that the target's address does not matter.
    pub fn within_process<S: Stream + 'static>(
        self,
        open: impl Fn() -> S + Send + Sync + 'static,
    ) -> Self {
        Self { within: Some(Arc::new(move || Box::new(open()))), ..self }
    }

    /// One that opens connections for the users of a lane of the target.
    pub(crate) fn in_lane(&self, lane: usize) -> Self {
        let Settings { target, timeouts, limits, tls, server_name, open } = &*self.settings;
        let settings = Arc::new(Settings {
            target: target.in_lane(lane),
            timeouts: *timeouts,
            limits: *limits,
            tls: tls.clone(),
            server_name: server_name.clone(),
            open: Arc::clone(open),
        });
        Self { settings, within: self.within.clone() }
    }

    /// The target.
    pub fn target(&self) -> &Target {
        &self.settings.target
    }

    /// How long connections wait.
    pub fn timeouts(&self) -> &Timeouts {
        &self.settings.timeouts
    }

    /// Opens a connection for the session of that name, with TLS where it is implicit. The
    /// greeting is not read yet.
    ///
    /// # Errors
    ///
    /// Where nobody answers, the server refuses, or TLS fails. Where the server refuses while
    /// other connections of this connector are open, that is
    /// [`WireError::TooManyConnections`].
    pub async fn connect(
        &self,
        session: &str,
        recorder: &Recorder,
    ) -> Result<Connection, WireError> {
        let mut connection = match &self.within {
            Some(open) => self.over(open(), "memory", session, recorder),
            None => self.over_tcp(session, recorder).await?,
        };
        if self.target().security == Security::Implicit {
            connection.start_tls().await.map_err(|error| connection.if_too_many(error))?;
        }
        Ok(connection)
    }

    async fn over_tcp(&self, session: &str, recorder: &Recorder) -> Result<Connection, WireError> {
        let deadline = deadline_in(self.settings.timeouts.connect);
        let address = self.target().address.to_string();
        let stream = match timeout_at(deadline, self.dial(deadline)).await {
            Ok(stream) => stream?,
            Err(_) => {
                let within = self.settings.timeouts.connect;
                return Err(WireError::ConnectTimedOut { address, within });
            }
        };
        let broken = |error: io::Error| WireError::Broken(error.to_string());
        // Small commands are sent at once; Nagle's algorithm would hold them back.
        stream.set_nodelay(true).map_err(broken)?;
        let peer = stream.peer_addr().map_err(broken)?;
        recorder.record(session, Happened::Connected(format!("TCP to {peer}")));
        Ok(Connection::new(
            self.settings.clone(),
            Box::new(stream),
            is_loopback(&peer),
            session,
            recorder.clone(),
        ))
    }

    /// A connection over a stream within this process, to which the target's address does not
    /// matter. `how` says to a person what it is.
    pub fn over(
        &self,
        stream: impl Stream + 'static,
        how: &str,
        session: &str,
        recorder: &Recorder,
    ) -> Connection {
        recorder.record(session, Happened::Connected(how.to_owned()));
        Connection::new(self.settings.clone(), Box::new(stream), true, session, recorder.clone())
    }

    #[cfg(test)]
    pub(super) fn settings(&self) -> Arc<Settings> {
        self.settings.clone()
    }

    /// Tries every address of the host; each gets its share of the time, so that one that is dead
    /// leaves some to the next.
    async fn dial(&self, deadline: Instant) -> Result<TcpStream, WireError> {
        let address = &self.target().address;
        let unresolved =
            |problem: String| WireError::Unresolved { host: address.host().to_owned(), problem };
        let candidates: Vec<SocketAddr> = lookup_host((address.host(), address.port()))
            .await
            .map_err(|error| unresolved(error.to_string()))?
            .collect();
        let mut last = unresolved("the name is known, but has no address".to_owned());
        for (index, candidate) in candidates.iter().enumerate() {
            let now = Instant::now();
            let share = deadline.saturating_duration_since(now)
                / u32::try_from(candidates.len() - index).unwrap_or(u32::MAX);
            last = match timeout_at(now + share, TcpStream::connect(candidate)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) if refuses(&error) && self.settings.others_are_open(0) => {
                    WireError::TooManyConnections { said: error.to_string() }
                }
                Ok(Err(error)) => WireError::Unreachable {
                    address: candidate.to_string(),
                    problem: error.to_string(),
                },
                Err(_) => {
                    WireError::ConnectTimedOut { address: candidate.to_string(), within: share }
                }
            };
        }
        Err(last)
    }
}

impl Settings {
    pub(super) fn opened(&self) {
        self.open.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn closed(&self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether connections beside the caller's own are open.
    pub(super) fn others_are_open(&self, own: usize) -> bool {
        self.open.load(Ordering::Relaxed) > own
    }
}

fn refuses(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset)
}

/// Whether nobody but this machine sees what goes there.
fn is_loopback(peer: &SocketAddr) -> bool {
    peer.ip().to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_told_by_the_address_and_not_by_the_name() {
        for (peer, expected) in [
            ("127.0.0.1:143", true),
            ("127.8.9.10:143", true),
            ("[::1]:143", true),
            ("[::ffff:127.0.0.1]:143", true),
            ("192.168.0.1:143", false),
            ("[fe80::1]:143", false),
            ("0.0.0.0:143", false),
        ] {
            assert_eq!(is_loopback(&peer.parse().unwrap()), expected, "{peer}");
        }
    }
}
