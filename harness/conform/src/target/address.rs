//! Addresses: `host:port`, `imap://user@host` and `imaps://user@host` (RFC 5092 §2, RFC 8314).

use std::{fmt, net::Ipv6Addr, str::FromStr};

use percent_encoding::percent_decode_str;
use thiserror::Error;

use super::Security;

const IMAP: u16 = 143;
const IMAPS: u16 = 993;

/// Where a server listens.
///
/// ```
/// use imap_conform::target::{Address, Security};
/// let address: Address = "imap://alice%40example.org@mail.example.org".parse()?;
/// assert_eq!(address.to_string(), "mail.example.org:143");
/// assert_eq!(address.user(), Some("alice@example.org"));
/// assert_eq!(address.security(), Security::StartTlsWhenOffered);
/// # Ok::<(), imap_conform::target::AddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    host: String,
    port: u16,
    user: Option<String>,
    implicit_tls: bool,
}

impl Address {
    /// The name or the IP address, which has no brackets here.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The TCP port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The user that a URL names.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// What protects the connection where the user does not say: TLS from the first octet for
    /// `imaps` and on port 993, which is reserved for it (RFC 8314 §3.2), else STARTTLS when the
    /// server offers it.
    pub fn security(&self) -> Security {
        if self.implicit_tls { Security::Implicit } else { Security::StartTlsWhenOffered }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, .. } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

/// Why a text is no address, and what to write instead.
///
/// No message repeats what may be a password.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressError {
    /// There is nothing.
    #[error("the address is empty: write `host:port`, such as `localhost:143`")]
    Empty,
    /// The URL is of another kind.
    #[error("`{0}://` is not an IMAP address: write `imap://`, `imaps://` or `host:port`")]
    Scheme(String),
    /// A password stands in the URL.
    #[error(
        "a password in an address can be read by everybody on this machine: leave it out and put \
         it into the environment or a file"
    )]
    Password,
    /// Something stands before `@`, but there is no scheme.
    #[error("a user needs the form of a URL: write `imap://{user}@{rest}`")]
    UserWithoutScheme {
        /// The user.
        user: String,
        /// What follows.
        rest: String,
    },
    /// The user's name cannot be read.
    #[error("the user before `@` is {0}")]
    User(&'static str),
    /// A mailbox or parameters follow.
    #[error("`{0}` after the port is not used: an address names a server and nothing in it")]
    Path(String),
    /// There is no port.
    #[error("`{0}` has no port: write `{0}:143`, `{0}:993` for TLS, or `imaps://{0}`")]
    NoPort(String),
    /// The port is no number.
    #[error("`{0}` is not a port: write a number from 1 to 65535")]
    Port(String),
    /// There is no host.
    #[error("there is no host before `:{0}`: write `localhost:{0}`")]
    NoHost(String),
    /// The host has a character that names do not have.
    #[error("`{0}` is not a host name")]
    Host(String),
    /// An IPv6 address lacks its brackets.
    #[error("an IPv6 address stands in brackets: write `[{0}]:143`")]
    BareIpv6(Ipv6Addr),
    /// There is no IPv6 address in the brackets.
    #[error("`{0}` is not an IPv6 address in brackets such as `[::1]`")]
    Ipv6(String),
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (scheme, authority) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(Scheme::named(scheme)?), rest),
            None => (None, text),
        };
        let (user, server) = match authority.rsplit_once('@') {
            Some((user, server)) => (Some(user), server),
            None => (None, authority),
        };
        let user = match (user, scheme) {
            (None, _) => None,
            (Some(user), _) if user.contains(':') => return Err(AddressError::Password),
            (Some(user), None) => {
                return Err(AddressError::UserWithoutScheme {
                    user: user.to_owned(),
                    rest: server.to_owned(),
                });
            }
            (Some(user), Some(_)) => Some(decode_user(user)?),
        };
        let (server, path) = match server.find(['/', '?', '#', ';']) {
            Some(at) => server.split_at(at),
            None => (server, ""),
        };
        // RFC 5092 §2 lets a URL end in "/" with nothing behind it.
        if !matches!(path, "" | "/") {
            return Err(AddressError::Path(path.to_owned()));
        }
        let (host, port) = split_server(server)?;
        let port = match (port, scheme) {
            (Some(port), _) => port,
            (None, Some(Scheme::Imap)) => IMAP,
            (None, Some(Scheme::Imaps)) => IMAPS,
            (None, None) => return Err(AddressError::NoPort(server.to_owned())),
        };
        let implicit_tls = scheme == Some(Scheme::Imaps) || port == IMAPS;
        Ok(Self { host, port, user, implicit_tls })
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Imap,
    Imaps,
}

impl Scheme {
    fn named(name: &str) -> Result<Self, AddressError> {
        match name.to_ascii_lowercase().as_str() {
            "imap" => Ok(Self::Imap),
            "imaps" => Ok(Self::Imaps),
            _ => Err(AddressError::Scheme(name.to_owned())),
        }
    }
}

fn decode_user(user: &str) -> Result<String, AddressError> {
    if user.contains(';') {
        return Err(AddressError::User(
            "followed by `;`: the mechanism is chosen by what is offered",
        ));
    }
    // They end what may name a user and a host (RFC 3986 §3.2): what stands behind them, a host
    // among it, is no longer that.
    if user.contains(['/', '?', '#']) {
        return Err(AddressError::User(
            "not percent-encoded: write `%2F` for `/`, `%3F` for `?`, `%23` for `#`",
        ));
    }
    let decoded = percent_decode_str(user).decode_utf8();
    match decoded {
        Ok(user) if user.is_empty() => Err(AddressError::User("empty")),
        Ok(user) => Ok(user.into_owned()),
        Err(_) => Err(AddressError::User("not UTF-8 once its `%` are decoded")),
    }
}

/// The host without brackets, and the port where there is one.
fn split_server(server: &str) -> Result<(String, Option<u16>), AddressError> {
    if server.is_empty() {
        return Err(AddressError::Empty);
    }
    let (host, port) = if let Some(inner) = server.strip_prefix('[') {
        let not_ipv6 = || AddressError::Ipv6(server.to_owned());
        let (host, after) = inner.split_once(']').ok_or_else(not_ipv6)?;
        let host: Ipv6Addr = host.parse().map_err(|_| not_ipv6())?;
        let port = match after {
            "" => None,
            _ => Some(after.strip_prefix(':').ok_or_else(not_ipv6)?),
        };
        (host.to_string(), port)
    } else {
        if let Ok(bare) = server.parse() {
            return Err(AddressError::BareIpv6(bare));
        }
        let (host, port) = match server.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (server, None),
        };
        if let (true, Some(port)) = (host.is_empty(), port) {
            return Err(AddressError::NoHost(port.to_owned()));
        }
        let in_names = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if host.starts_with(['-', '.']) || !host.chars().all(in_names) {
            return Err(AddressError::Host(host.to_owned()));
        }
        (host.to_owned(), port)
    };
    let port = port.map(|port| match port.parse() {
        Ok(number @ 1..) if port.bytes().all(|c| c.is_ascii_digit()) => Ok(number),
        _ => Err(AddressError::Port(port.to_owned())),
    });
    Ok((host, port.transpose()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        use Security::{Implicit, StartTlsWhenOffered};
        for (text, shown, user, security) in [
            ("localhost:143", "localhost:143", None, StartTlsWhenOffered),
            ("localhost:993", "localhost:993", None, Implicit),
            ("192.0.2.1:10143", "192.0.2.1:10143", None, StartTlsWhenOffered),
            ("[::1]:1143", "[::1]:1143", None, StartTlsWhenOffered),
            ("[0:0::1]:993", "[::1]:993", None, Implicit),
            ("imap://mail.example.org", "mail.example.org:143", None, StartTlsWhenOffered),
            ("IMAP://mail.example.org/", "mail.example.org:143", None, StartTlsWhenOffered),
            ("imap://host:993", "host:993", None, Implicit),
            ("imaps://host", "host:993", None, Implicit),
            ("imaps://host:1993", "host:1993", None, Implicit),
            ("imaps://al@host:1993", "host:1993", Some("al"), Implicit),
            ("imap://al%40b.c@[::1]", "[::1]:143", Some("al@b.c"), StartTlsWhenOffered),
            ("imap://al@b.c@host", "host:143", Some("al@b.c"), StartTlsWhenOffered),
        ] {
            let address: Address = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(address.to_string(), shown, "{text}");
            assert_eq!(address.user(), user, "{text}");
            assert_eq!(address.security(), security, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_advice() {
        for (text, advice) in [
            ("", "write `host:port`"),
            ("imap://", "write `host:port`"),
            ("http://host", "write `imap://`, `imaps://` or `host:port`"),
            ("imap://al:hunter2@host", "leave it out"),
            ("al:hunter2@host:143", "leave it out"),
            ("al@host:143", "write `imap://al@host:143`"),
            ("imap://@host", "before `@` is empty"),
            ("imap://%ff@host", "not UTF-8"),
            ("imap://al;AUTH=PLAIN@host", "mechanism"),
            ("imap://mail.example.org/alice@evil.example", "not percent-encoded"),
            ("imap://mail.example.org?alice@evil.example", "not percent-encoded"),
            ("imap://mail.example.org#alice@evil.example", "not percent-encoded"),
            ("imap://al:hunter/hunter2@host", "leave it out"),
            ("imap://host/INBOX", "`/INBOX` after the port"),
            ("localhost", "write `localhost:143`"),
            ("localhost:imap", "a number from 1 to 65535"),
            ("localhost:0", "a number from 1 to 65535"),
            ("localhost:+143", "a number from 1 to 65535"),
            ("localhost:65536", "a number from 1 to 65535"),
            ("localhost:", "a number from 1 to 65535"),
            (":143", "write `localhost:143`"),
            ("my host:143", "`my host` is not a host name"),
            ("::1", "write `[::1]:143`"),
            ("[::1]", "write `[::1]:143`"),
            ("[localhost]:143", "is not an IPv6 address in brackets"),
            ("[::1:143", "is not an IPv6 address in brackets"),
        ] {
            let error = text.parse::<Address>().expect_err(text).to_string();
            assert!(error.contains(advice), "{text}: {error}");
            assert!(!error.contains("hunter2"), "{text}: {error}");
        }
    }
}
