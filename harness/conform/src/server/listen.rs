//! The embedded server's sockets.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use imap_grammar::DateTime;
use imap_model::{Configuration, Now, Server, Transport, User};
use rustls::ServerConfig;
use rustls_pki_types::PrivatePkcs8KeyDer;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::{Semaphore, watch},
    time::timeout_at,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    After, Connection,
    tampering::{Change, Tampering},
    threads::Threads,
    variation::Pace,
};
use crate::{
    target::{Secret, Security, Target, Trust},
    wire::{Stream, deadline_in},
};

/// What the embedded server is set up with.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens for connections without TLS; port 0 for any that is free.
    pub listen: SocketAddr,
    /// Where it listens for connections that begin with TLS.
    pub tls_listen: Option<SocketAddr>,
    /// Users, extensions and limits of the model.
    pub configuration: Configuration,
    /// What a fault or a variation does to the traffic of every connection.
    pub change: Option<Change>,
    /// How what it says goes out.
    pub pace: Pace,
    /// How many connections it holds at once.
    pub connections: usize,
    /// How long a client may be silent, and how long it may take to take in what is sent. RFC 3501
    /// §5.4 wants 30 minutes at least.
    pub patience: Duration,
}

impl Default for Options {
    /// Any port of this host, two users named alice and bob, STARTTLS and every extension.
    fn default() -> Self {
        let user = |name: &str| User { name: name.to_owned(), password: format!("{name}-secret") };
        let started = u32::try_from(seconds_since_1970()).ok().and_then(NonZeroU32::new);
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls_listen: None,
            configuration: Configuration {
                users: vec![user("alice"), user("bob")],
                starttls: true,
                first_uid_validity: started.unwrap_or(NonZeroU32::MIN),
                ..Configuration::default()
            },
            change: None,
            pace: Pace::default(),
            connections: 256,
            patience: Duration::from_secs(30 * 60),
        }
    }
}

/// The embedded server, which runs in threads of its own until it is dropped.
///
/// ```
/// use std::{io::{BufRead, BufReader}, net::TcpStream};
/// use imap_conform::server::{Embedded, Options};
///
/// let server = Embedded::start(Options::default())?;
/// let mut greeting = String::new();
/// BufReader::new(TcpStream::connect(server.address())?).read_line(&mut greeting)?;
/// assert!(greeting.starts_with("* OK [CAPABILITY IMAP4rev1 STARTTLS "));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Embedded {
    address: SocketAddr,
    tls_address: Option<SocketAddr>,
    certificate_pem: String,
    users: Vec<User>,
    _threads: Threads,
}

impl Embedded {
    /// Starts a server with a certificate of its own for `localhost` and 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Where it cannot listen, or the system gives no thread.
    pub fn start(options: Options) -> io::Result<Self> {
        let (tls, certificate_pem) = certified()?;
        let mut configuration = options.configuration;
        if let Some(Change::Lapse(lapse)) = options.change {
            configuration.lapse = Some(lapse);
        }
        let users = configuration.users.clone();
        let shared = Arc::new(Shared {
            server: Arc::new(Mutex::new(Server::new(configuration))),
            changes: watch::Sender::new(()),
            tls,
            change: options.change,
            pace: options.pace,
            patience: options.patience,
            places: Semaphore::new(options.connections),
        });
        let threads = Threads::start()?;
        let listen = |address, transport| {
            let shared = shared.clone();
            threads.serve(address, move |stream| serve(shared.clone(), stream, transport))
        };
        let address = listen(options.listen, Transport::Plain)?;
        let tls_address =
            options.tls_listen.map(|address| listen(address, Transport::Tls)).transpose()?;
        Ok(Self { address, tls_address, certificate_pem, users, _threads: threads })
    }

    /// Where it listens for connections without TLS.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it listens for connections that begin with TLS.
    pub fn tls_address(&self) -> Option<SocketAddr> {
        self.tls_address
    }

    /// Its certificate, which signs itself.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Who may log in.
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// How the suite reaches it: without TLS unless a scenario begins it, with whatever
    /// certificate, as all its users, whose mail nobody needs.
    pub fn target(&self) -> Target {
        let address = self.address.to_string().parse().expect("a socket address is an address");
        let users = self.users.iter().filter_map(|user| {
            let password = Secret::new(user.password.as_bytes()).ok()?;
            Some(crate::target::User { name: user.name.clone(), password })
        });
        Target {
            security: Security::None,
            users: users.collect(),
            changes_inbox: true,
            trust: Trust::Anything,
            ..Target::new(address)
        }
    }
}

/// What all connections share.
struct Shared {
    server: Arc<Mutex<Server>>,
    /// Something was said to some client, so that others may have to be told.
    changes: watch::Sender<()>,
    tls: TlsAcceptor,
    change: Option<Change>,
    pace: Pace,
    patience: Duration,
    places: Semaphore,
}

/// Serves one client to its end. A connection that breaks is over, and nobody is left to tell.
async fn serve(shared: Arc<Shared>, mut stream: TcpStream, transport: Transport) {
    let Ok(_place) = shared.places.try_acquire() else {
        let _ = stream.write_all(b"* BYE Too many connections\r\n").await;
        return;
    };
    let _ = match transport {
        Transport::Plain => serve_plain(&shared, stream).await,
        Transport::Tls => serve_tls(&shared, stream).await,
    };
}

async fn serve_plain(shared: &Shared, mut stream: TcpStream) -> io::Result<()> {
    let (mut connection, greeting) = shared.open(Transport::Plain);
    shared.send(&mut stream, &greeting).await?;
    if shared.converse(&mut stream, &mut connection).await? == After::StartTls {
        let mut stream = shared.handshake(stream).await?;
        connection.tls_started();
        shared.converse(&mut stream, &mut connection).await?;
        return stream.shutdown().await;
    }
    stream.shutdown().await
}

async fn serve_tls(shared: &Shared, stream: TcpStream) -> io::Result<()> {
    let mut stream = shared.handshake(stream).await?;
    let (mut connection, greeting) = shared.open(Transport::Tls);
    shared.send(&mut stream, &greeting).await?;
    shared.converse(&mut stream, &mut connection).await?;
    stream.shutdown().await
}

impl Shared {
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

    async fn handshake(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
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

fn seconds_since_1970() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// The time of this machine, in UTC; 1970 where its clock says what no `date-time` can.
fn now() -> Now {
    let at = |seconds| DateTime::from_unix_timestamp(seconds, 0);
    Now(at(seconds_since_1970()).or_else(|| at(0)).expect("1970 can be written"))
}
