//! What a server is set up with, and the capabilities that follow from it.

use std::{fmt, num::NonZeroU32};

use imap_grammar::{Atom, Capability, Extension, Extensions};

use crate::Lapse;

/// What a server is set up with.
///
/// ```
/// use imap_grammar::{Extension, Extensions};
/// use imap_model::Configuration;
///
/// let plain = Configuration { extensions: Extensions::NONE, ..Configuration::default() };
/// assert!(!plain.extensions.contains(Extension::Idle));
/// assert_eq!(plain.delimiter, Some(b'/'));
/// ```
#[derive(Debug, Clone)]
pub struct Configuration {
    /// Who may log in.
    pub users: Vec<User>,
    /// The extensions offered. Of LITERAL+ and LITERAL- only the first is, where both are in the
    /// set (RFC 7888 §5), and QRESYNC only beside ENABLE (RFC 7162 §3.2.3).
    pub extensions: Extensions,
    /// Whether LIST tells which mailboxes have children (RFC 3348).
    pub children: bool,
    /// Whether STARTTLS is offered on a connection without TLS.
    pub starttls: bool,
    /// Whether a password is refused on a connection without TLS (LOGINDISABLED).
    pub login_disabled_without_tls: bool,
    /// The hierarchy delimiter, printable ASCII; nothing for flat names.
    pub delimiter: Option<u8>,
    /// What the names of all mailboxes but INBOX begin with, the delimiter included; may be empty.
    pub personal_prefix: String,
    /// Whether a connection begins as the first user's, with PREAUTH (RFC 3501 §7.1.4).
    pub preauthenticated: bool,
    /// Whether users have an INBOX (RFC 3501 §6.3.8: "if INBOX is supported").
    pub inbox: bool,
    /// Whether who makes a mailbox is subscribed to it.
    pub subscribes_on_create: bool,
    /// The text of the greeting.
    pub greeting: String,
    /// The UIDVALIDITY of the first mailbox; later ones get greater values. Where mailboxes do not
    /// outlive the server, take the time it starts, in seconds since 1970.
    pub first_uid_validity: NonZeroU32,
    /// How many keywords a mailbox may know.
    pub keyword_limit: usize,
    /// How many mailboxes a user may have, and how many subscriptions.
    pub mailbox_limit: usize,
    /// How many octets a user's messages may have together.
    pub storage_limit: u64,
    /// What the server loses on purpose.
    pub lapse: Option<Lapse>,
}

impl Default for Configuration {
    /// Every extension, no user, passwords accepted without TLS, no STARTTLS.
    fn default() -> Self {
        let extensions = Extension::ALL
            .iter()
            .filter(|&&extension| extension != Extension::LiteralMinus)
            .fold(Extensions::NONE, |set, &extension| set.with(extension));
        Self {
            users: Vec::new(),
            extensions,
            children: true,
            starttls: false,
            login_disabled_without_tls: false,
            delimiter: Some(b'/'),
            personal_prefix: String::new(),
            preauthenticated: false,
            inbox: true,
            subscribes_on_create: false,
            greeting: "Server ready".to_owned(),
            first_uid_validity: NonZeroU32::MIN,
            keyword_limit: 100,
            mailbox_limit: 10_000,
            storage_limit: 1 << 30,
            lapse: None,
        }
    }
}

/// Somebody who may log in.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The name, as LOGIN and AUTHENTICATE PLAIN give it.
    pub name: String,
    /// The password.
    pub password: String,
}

/// Without the password.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a connection runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Octets in clear.
    Plain,
    /// TLS.
    Tls,
}

impl Configuration {
    /// The extensions in effect, after those that others exclude or need.
    pub(crate) fn offered(&self) -> Extensions {
        let wanted = self.extensions;
        wanted
            .iter()
            .filter(|extension| match extension {
                Extension::LiteralMinus => !wanted.contains(Extension::LiteralPlus),
                Extension::QResync => wanted.contains(Extension::Enable),
                _ => true,
            })
            .fold(Extensions::NONE, Extensions::with)
    }

    /// What CAPABILITY says on that transport, before or after authentication (RFC 3501 §6.1.1).
    pub(crate) fn capabilities(
        &self,
        transport: Transport,
        authenticated: bool,
    ) -> Vec<Capability<'static>> {
        let mut names = vec!["IMAP4rev1"];
        if !authenticated {
            if self.offers_starttls(transport) {
                names.push("STARTTLS");
            }
            names.push(if self.refuses_passwords(transport) {
                "LOGINDISABLED"
            } else {
                "AUTH=PLAIN"
            });
        }
        if self.children {
            names.push("CHILDREN");
        }
        names.extend(self.offered().iter().map(Extension::capability));
        names.into_iter().filter_map(Atom::new).map(Capability).collect()
    }

    /// Whether STARTTLS is legal on that transport.
    pub(crate) fn offers_starttls(&self, transport: Transport) -> bool {
        self.starttls && transport == Transport::Plain
    }

    /// Whether LOGIN, and AUTHENTICATE with a plain password, are refused on that transport.
    pub(crate) fn refuses_passwords(&self, transport: Transport) -> bool {
        self.login_disabled_without_tls && transport == Transport::Plain
    }
}
