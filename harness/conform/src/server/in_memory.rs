//! The embedded server without a socket, for tests that play it many times.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use imap_model::{Transport, User};
use tokio::io::{DuplexStream, duplex};

use super::{Options, listen::target_at, service::Service};
use crate::{
    target::Target,
    wire::{Connector, Limits, Timeouts, TrustError},
};

/// How many octets may be on the way to either side.
const ON_THE_WAY: usize = 64 << 10;

/// The embedded server in the memory of this process.
///
/// It runs in the runtime that its clients run in. Where that has one thread and a paused clock,
/// nothing waits in vain and no deadline passes while anybody is at work, however slow the machine.
///
/// ```
/// use imap_conform::server::{InMemory, Options};
/// use tokio::io::{AsyncBufReadExt, BufReader};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = InMemory::new(Options::default())?;
/// let mut greeting = String::new();
/// BufReader::new(server.connect()).read_line(&mut greeting).await?;
/// assert!(greeting.starts_with("* OK [CAPABILITY IMAP4rev1 STARTTLS "));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct InMemory {
    service: Arc<Service>,
    users: Vec<User>,
}

impl fmt::Debug for InMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InMemory").finish_non_exhaustive()
    }
}

impl InMemory {
    /// A server; it does not listen anywhere.
    ///
    /// # Errors
    ///
    /// Where it can make no certificate.
    pub fn new(options: Options) -> io::Result<Self> {
        let users = options.configuration.users.clone();
        Ok(Self { service: Arc::new(Service::new(options)?), users })
    }

    /// Connects to it.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub fn connect(&self) -> DuplexStream {
        let (client, server) = duplex(ON_THE_WAY);
        tokio::spawn(self.service.clone().serve(server, Transport::Plain));
        client
    }

    /// How the suite reaches it. The address leads nowhere.
    pub fn target(&self) -> Target {
        target_at(SocketAddr::from((Ipv4Addr::LOCALHOST, 143)), &self.users)
    }

    /// Opens connections to it, within a tokio runtime.
    ///
    /// # Errors
    ///
    /// Where TLS cannot be set up.
    pub fn connector(&self, timeouts: Timeouts, limits: Limits) -> Result<Connector, TrustError> {
        let server = self.clone();
        let open = move || server.connect();
        Ok(Connector::new(self.target(), timeouts, limits)?.within_process(open))
    }
}
