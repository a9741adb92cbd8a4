//! The embedded server behind sockets of its own, and what it is set up with.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use imap_model::{Configuration, Transport, User};

use super::{
    service::{Service, seconds_since_1970},
    tampering::Change,
    threads::Threads,
    variation::Pace,
};
use crate::target::{Secret, Security, Target, Trust};

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
        let (listen, tls_listen) = (options.listen, options.tls_listen);
        let users = options.configuration.users.clone();
        let service = Arc::new(Service::new(options)?);
        let certificate_pem = service.certificate_pem().to_owned();
        let threads = Threads::start()?;
        let serve = |address, transport| {
            let service = service.clone();
            threads.serve(address, move |stream| service.clone().serve(stream, transport))
        };
        let address = serve(listen, Transport::Plain)?;
        let tls_address = tls_listen.map(|address| serve(address, Transport::Tls)).transpose()?;
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
        target_at(self.address, &self.users)
    }
}

/// A server of this process there, whose mail nobody needs.
pub(super) fn target_at(address: SocketAddr, users: &[User]) -> Target {
    let address = address.to_string().parse().expect("a socket address is an address");
    let users = users.iter().filter_map(|user| {
        let password = Secret::new(user.password.as_bytes()).ok()?;
        Some(crate::target::User { name: user.name.clone(), password })
    });
    Target {
        security: Security::None,
        users: users.collect(),
        changes_inbox: true,
        risks_lockout: true,
        trust: Trust::Anything,
        ..Target::new(address)
    }
}
