//! The embedded server as its connections share it, whatever carries their octets.

use std::{
    io,
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use imap_grammar::DateTime;
use imap_model::{Now, Server, Transport};
use rustls::ServerConfig;
use rustls_pki_types::PrivatePkcs8KeyDer;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::{Semaphore, watch},
    time::timeout_at,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    After, Connection, Options,
    tampering::{Change, Tampering},
    variation::Pace,
};
use crate::wire::{Stream, deadline_in};

/// What all connections share.
pub(super) struct Service {
    server: Arc<Mutex<Server>>,
    /// Something was said to some client, so that others may have to be told.
    changes: watch::Sender<()>,
    tls: TlsAcceptor,
    certificate_pem: String,
    change: Option<Change>,
    pace: Pace,
    patience: Duration,
    places: Semaphore,
}

impl Service {
    /// A server with a certificate of its own for `localhost` and 127.0.0.1.
    pub fn new(options: Options) -> io::Result<Self> {
        let (tls, certificate_pem) = certified()?;
        let mut configuration = options.configuration;
        if let Some(Change::Lapse(lapse)) = options.change {
            configuration.lapse = Some(lapse);
        }
        Ok(Self {
            server: Arc::new(Mutex::new(Server::new(configuration))),
            changes: watch::Sender::new(()),
            tls,
            certificate_pem,
            change: options.change,
            pace: options.pace,
            patience: options.patience,
            places: Semaphore::new(options.connections),
        })
    }

    /// Its certificate, which signs itself.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Serves one client to its end. A connection that breaks is over, and nobody is left to tell.
    pub async fn serve(self: Arc<Self>, mut stream: impl Stream, transport: Transport) {
        let Ok(_place) = self.places.try_acquire() else {
            // Who waits for TLS would take the words for a server that does not speak it.
            if matches!(transport, Transport::Plain) {
                let _ = stream.write_all(b"* BYE Too many connections\r\n").await;
            }
            return;
        };
        let _ = match transport {
            Transport::Plain => self.serve_plain(stream).await,
            Transport::Tls => self.serve_tls(stream).await,
        };
    }

    async fn serve_plain(&self, mut stream: impl Stream) -> io::Result<()> {
        let (mut connection, greeting) = self.open(Transport::Plain);
        self.send(&mut stream, &greeting).await?;
        if self.converse(&mut stream, &mut connection).await? == After::StartTls {
            let mut stream = self.handshake(stream).await?;
            connection.tls_started();
            self.converse(&mut stream, &mut connection).await?;
            return stream.shutdown().await;
        }
        stream.shutdown().await
    }

    async fn serve_tls(&self, stream: impl Stream) -> io::Result<()> {
        let mut stream = self.handshake(stream).await?;
        let (mut connection, greeting) = self.open(Transport::Tls);
        self.send(&mut stream, &greeting).await?;
        self.converse(&mut stream, &mut connection).await?;
        stream.shutdown().await
    }

    fn open(&self, transport: Transport) -> (Connection, Vec<u8>) {
        Connection::open(self.server.clone(), transport, self.change.map(Tampering::new))
    }

    /// Answers the client until the connection is to be closed or begins TLS.
    async fn converse(
        &self,
        stream: &mut impl Stream,
        connection: &mut Connection,
    ) -> io::Result<After> {
        let mut changes = self.changes.subscribe();
        let mut octets = vec![0; 16 << 10];
        let mut deadline = deadline_in(self.patience);
        loop {
            while let Some(output) = connection.next(now()) {
                self.changes.send_replace(());
                self.send(stream, &output.octets).await?;
                if output.after != After::Read {
                    return Ok(output.after);
                }
            }
            let waiting = async {
                tokio::select! {
                    read = stream.read(&mut octets) => read.map(Some),
                    _ = changes.changed() => Ok(None),
                }
            };
            match timeout_at(deadline, waiting).await {
                Ok(Ok(Some(0))) => return Ok(After::Close),
                Ok(Ok(Some(length))) => {
                    connection.receive(&octets[..length]);
                    deadline = deadline_in(self.patience);
                }
                Ok(Ok(None)) => self.send(stream, &connection.updates()).await?,
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    let output = connection.bye("Nothing came from you for too long");
                    self.send(stream, &output.octets).await?;
                    return Ok(output.after);
                }
            }
        }
    }

    async fn send(&self, stream: &mut impl Stream, octets: &[u8]) -> io::Result<()> {
        if octets.is_empty() {
            return Ok(());
        }
        let sending = async {
            tokio::time::sleep(self.pace.delay).await;
            for piece in octets.chunks(self.pace.octets) {
                stream.write_all(piece).await?;
                stream.flush().await?;
            }
            Ok(())
        };
        timeout_at(deadline_in(self.patience), sending).await?
    }

    async fn handshake<S: Stream>(&self, stream: S) -> io::Result<TlsStream<S>> {
        timeout_at(deadline_in(self.patience), self.tls.accept(stream)).await?
    }
}

/// TLS as `localhost`, and the certificate as PEM.
fn certified() -> io::Result<(TlsAcceptor, String)> {
    let names = ["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string()];
    let signed = rcgen::generate_simple_self_signed(names).map_err(io::Error::other)?;
    let key = PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| {
            config
                .with_no_client_auth()
                .with_single_cert(vec![signed.cert.der().clone()], key.into())
        })
        .map_err(io::Error::other)?;
    Ok((TlsAcceptor::from(Arc::new(config)), signed.cert.pem()))
}

/// The clock of this machine.
pub(super) fn seconds_since_1970() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The time of this machine, in UTC; 1970 where its clock says what no `date-time` can.
fn now() -> Now {
    let at = |seconds| DateTime::from_unix_timestamp(seconds, 0);
    Now(at(seconds_since_1970()).or_else(|| at(0)).expect("1970 can be written"))
}
