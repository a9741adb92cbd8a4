//! Targets: how a server is reached, what protects the way there, and who logs in.

mod address;
#[cfg(feature = "docker")]
mod container;
mod launch;
mod limit;
mod process;
mod recipe;
mod secret;

use std::{fmt, num::NonZeroUsize, path::PathBuf};

pub use address::{Address, AddressError};
pub use launch::{Launch, LaunchError, Launched};
pub use limit::means_too_many_connections;
pub use recipe::{Ports, Recipe, RecipeError};
pub use secret::{Secret, SecretError, SecretSource};

/// A server and everything the user said about it.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it listens.
    pub address: Address,
    /// What protects the connection.
    pub security: Security,
    /// The name its certificate must carry; the address's host where nothing.
    pub server_name: Option<String>,
    /// Which certificates are believed.
    pub trust: Trust,
    /// Who logs in. Scenarios with a second user need two.
    pub users: Vec<User>,
    /// How many sets of these users there are: `alice`, then `alice1`, `alice2` … with the same
    /// passwords. Cases of different sets see nothing of each other, also on a server that loses
    /// what two sessions of a user write at once.
    pub lanes: NonZeroUsize,
    /// Whether scenarios may change INBOX.
    pub changes_inbox: bool,
    /// Whether scenarios may log in wrongly, for which some servers lock an account or an address
    /// out.
    pub risks_lockout: bool,
}

impl Target {
    /// A target of which nothing but its address is known.
    pub fn new(address: Address) -> Self {
        Self {
            security: address.security(),
            address,
            server_name: None,
            trust: Trust::System,
            users: Vec::new(),
            lanes: NonZeroUsize::MIN,
            changes_inbox: false,
            risks_lockout: false,
        }
    }

    /// It with the users of one of its lanes, counted from 0.
    pub(crate) fn in_lane(&self, lane: usize) -> Self {
        let mut own = Self { lanes: NonZeroUsize::MIN, ..self.clone() };
        if lane > 0 {
            own.users.iter_mut().for_each(|user| user.name += &lane.to_string());
        }
        own
    }

    /// The name that the server's certificate must carry.
    pub fn server_name(&self) -> &str {
        self.server_name.as_deref().unwrap_or(self.address.host())
    }
}

/// What protects a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Security {
    /// TLS from the first octet (RFC 8314 §3.2): `--tls implicit`.
    Implicit,
    /// STARTTLS (RFC 3501 §6.2.1), and nothing without it: `--tls starttls`.
    StartTls,
    /// STARTTLS where the server offers it; without it no password leaves this host.
    StartTlsWhenOffered,
    /// No TLS, and passwords in clear, because the user says so: `--tls none`.
    None,
}

impl fmt::Display for Security {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Implicit => "TLS from the first octet",
            Self::StartTls => "STARTTLS",
            Self::StartTlsWhenOffered => "STARTTLS when offered",
            Self::None => "no TLS",
        })
    }
}

/// Which certificates are believed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trust {
    /// Those that the system's authorities issued.
    #[default]
    System,
    /// Those that the certificates in this PEM file issued: `--cacert`.
    Authorities(PathBuf),
    /// Any, without a look: `--insecure`.
    Anything,
}

/// Somebody who logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: String,
    /// The password.
    pub password: Secret,
}
