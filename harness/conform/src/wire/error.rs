//! What goes wrong on the wire, and whose fault it is.

use std::time::Duration;

use imap_grammar::FrameError;
use thiserror::Error;

/// Whose fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The server did what no server should.
    Target,
    /// The network, the set-up of the run, or what the user said about the target.
    Environment,
}

/// What goes wrong on a connection.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WireError {
    /// The host's name has no address.
    #[error("the host `{host}` has no address: {problem}")]
    Unresolved {
        /// The name.
        host: String,
        /// What the system says.
        problem: String,
    },
    /// Nobody accepts connections there.
    #[error("cannot connect to {address}: {problem}")]
    Unreachable {
        /// Where.
        address: String,
        /// What the system says.
        problem: String,
    },
    /// Nobody answers there.
    #[error("{address} did not accept the connection within {within:?}")]
    ConnectTimedOut {
        /// Where.
        address: String,
        /// How long it was tried.
        within: Duration,
    },
    /// The server wants no further connection at present; with fewer at once it may work.
    #[error("the server wants no more connections at once: {said}")]
    TooManyConnections {
        /// The server's words, or what happened instead of words.
        said: String,
    },
    /// The certificate is not believed.
    #[error("the server's certificate is not believed: {0}")]
    Certificate(CertificateProblem),
    /// A secret would go over the network in clear.
    #[error(
        "without TLS the password would be sent in clear to {address}: use `--tls implicit` or \
         `--tls starttls`, or say `--tls none` if everybody on the way may read it"
    )]
    SecretInClear {
        /// To where.
        address: String,
    },

    /// The server did not finish the TLS handshake.
    #[error("the server did not finish the TLS handshake within {0:?}")]
    TlsTimedOut(Duration),
    /// What the server sends is not TLS.
    #[error("the server does not speak TLS here: try `--tls starttls` or another port")]
    NotTls,
    /// The TLS handshake failed.
    #[error("the TLS handshake failed: {0}")]
    TlsFailed(String),
    /// TLS was asked for, and the server does not offer STARTTLS.
    #[error("the server does not offer STARTTLS: try `--tls implicit` or another port")]
    StartTlsNotOffered,
    /// The server offers STARTTLS and then refuses it.
    #[error("the server refuses STARTTLS: {said}")]
    StartTlsRefused {
        /// The server's words.
        said: String,
    },
    /// Octets in clear came behind the OK to STARTTLS, where the TLS negotiation begins
    /// (RFC 3501 §6.2.1). A client that reads them as protected takes an attacker's words for the
    /// server's.
    #[error("octets in clear follow the OK to STARTTLS, where TLS begins (RFC 3501 §6.2.1)")]
    ClearAfterStartTls,

    /// The server does not greet.
    #[error("no greeting came within {0:?}: if the server expects TLS, try `--tls implicit`")]
    NoGreeting(Duration),
    /// The server greets with BYE.
    #[error("the server greets with BYE: {said}")]
    Unwelcome {
        /// The server's words.
        said: String,
    },
    /// What greets is no IMAP server.
    #[error("this is no greeting of an IMAP server (RFC 3501 §7.1): `{said}`")]
    NotImap {
        /// What it said.
        said: String,
    },
    /// Nothing came in time, or not all of a message.
    #[error("{}", no_answer(*.within, *.unfinished))]
    NoAnswer {
        /// How long it was waited for.
        within: Duration,
        /// How many octets of an unfinished message came.
        unfinished: usize,
    },
    /// The server does not take in what is sent, or not all of one piece of it.
    #[error("the server did not take in what was sent within {0:?}")]
    Stalled(Duration),
    /// The server says BYE and ends the session.
    #[error("the server ends the session with BYE: {said}")]
    Bye {
        /// The server's words.
        said: String,
    },
    /// The server closed the connection.
    #[error("the server closed the connection")]
    Closed,
    /// The server closed the connection in the middle of a message.
    #[error("the server closed the connection inside a message, after {octets} octets of it")]
    ClosedInside {
        /// How many octets of the message came.
        octets: usize,
    },
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// A message goes beyond what is kept of one.
    #[error("the server sent {0}")]
    BeyondLimit(FrameError),
    /// More comes in answer to a command than is held.
    #[error("what the server sent in one exchange takes more than {} MiB of memory", .0 >> 20)]
    BeyondMemory(usize),
    /// The server sends without end.
    #[error("the server sent more than {0} octets on one connection")]
    Flooded(u64),
}

impl WireError {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Unresolved { .. }
            | Self::Unreachable { .. }
            | Self::ConnectTimedOut { .. }
            | Self::TooManyConnections { .. }
            | Self::Certificate(_)
            | Self::SecretInClear { .. } => Fault::Environment,
            Self::TlsTimedOut(_)
            | Self::NotTls
            | Self::TlsFailed(_)
            | Self::StartTlsNotOffered
            | Self::StartTlsRefused { .. }
            | Self::ClearAfterStartTls
            | Self::NoGreeting(_)
            | Self::Unwelcome { .. }
            | Self::NotImap { .. }
            | Self::NoAnswer { .. }
            | Self::Stalled(_)
            | Self::Bye { .. }
            | Self::Closed
            | Self::ClosedInside { .. }
            | Self::Broken(_)
            | Self::BeyondLimit(_)
            | Self::BeyondMemory(_)
            | Self::Flooded(_) => Fault::Target,
        }
    }
}

fn no_answer(within: Duration, unfinished: usize) -> String {
    // Deadlines are instants, and by the time one is waited for a little of it is over.
    let within = Duration::from_millis((within.as_secs_f64() * 1e3).round() as u64);
    match unfinished {
        0 => format!("nothing came within {within:?}"),
        _ => format!("{unfinished} octets of a message came within {within:?}, and not its end"),
    }
}

/// Why a certificate is not believed, and what can be done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CertificateProblem {
    /// It was issued by nobody who is trusted.
    #[error("no trusted authority issued it: name the authority with `--cacert FILE`")]
    UnknownIssuer,
    /// An authority of its issuer's name is trusted, and did not sign it.
    #[error(
        "a trusted authority has its issuer's name and did not sign it: name the right one with \
         `--cacert FILE`"
    )]
    NotSigned,
    /// It was issued for another name.
    #[error("it is not valid for `{wanted}`, {presented}: see `--servername`")]
    WrongName {
        /// The name that was asked for.
        wanted: String,
        /// For which names it is valid.
        presented: String,
    },
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// Its time has not come.
    #[error("it is not valid yet; is this machine's clock right?")]
    NotValidYet,
    /// An authority's own certificate is used as a server's.
    #[error(
        "it is one for an authority (CA:TRUE) and not for a server: make the server's own with \
         `basicConstraints=CA:FALSE`, or use `--insecure`"
    )]
    Authority,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// Why nobody is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LoginError {
    /// The wire.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The server does not know the user or the password.
    #[error("the server refuses the login of `{user}`: {said}")]
    Refused {
        /// Who.
        user: String,
        /// The server's words.
        said: String,
    },
    /// The server does not understand the login.
    #[error("the server does not understand the login of `{user}` by {how}: {said}")]
    NotUnderstood {
        /// Who.
        user: String,
        /// The command: `LOGIN`, `AUTHENTICATE PLAIN`.
        how: &'static str,
        /// The server's words.
        said: String,
    },
    /// There is no way to log in that both ends know.
    #[error(
        "the server offers no way to log in with a password: it names LOGINDISABLED and no \
         AUTH=PLAIN{}", if *.in_clear { "; it may want TLS first" } else { "" }
    )]
    NoWay {
        /// Whether there is no TLS.
        in_clear: bool,
    },
    /// The user's name cannot be sent.
    #[error("the user `{0}` has a NUL, CR or LF in the name")]
    UserName(String),
}

impl LoginError {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Wire(error) => error.fault(),
            Self::Refused { .. } | Self::NoWay { .. } | Self::UserName(_) => Fault::Environment,
            Self::NotUnderstood { .. } => Fault::Target,
        }
    }
}
