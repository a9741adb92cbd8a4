//! The way in and the way out: a whole message from octets, and octets from a whole message.

use crate::encode::Writer;
use crate::parse::{Context, Direction, whole};
use crate::{
    AuthenticateData, Command, EncodeOptions, Encoded, Error, Extensions, Greeting, Production,
    Response, StringForm,
};
use crate::{command, extension, response};

/// The grammar of RFC 3501 section 9 with a set of extensions, nothing of which is lenient.
///
/// Each method takes exactly one message, from its first octet to its final CRLF, literals
/// included. What it returns borrows from the message; `into_owned` on the value lets go of it.
///
/// # Errors
///
/// Each method returns [`Error::Incomplete`] where the octets are legal so far but not yet a
/// whole message, and [`Error::Invalid`] where no octets that may follow could make them legal.
///
/// ```
/// use imap_grammar::{CommandBody, Error, Extension, Extensions, Grammar};
///
/// let strict = Grammar::rfc3501();
/// assert_eq!(strict.command(b"a1 NOOP\r\n").unwrap().body, CommandBody::Noop);
/// assert_eq!(strict.command(b"a1 NOOP\r").unwrap_err(), Error::Incomplete);
///
/// let error = strict.command(b"a1 IDLE\r\n").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "expected the capability IDLE, found `I` at byte 3, in command (RFC 3501 §9)"
/// );
/// let idle = Grammar::with(Extensions::NONE.with(Extension::Idle));
/// assert_eq!(idle.command(b"a1 IDLE\r\n").unwrap().body, CommandBody::Idle);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Grammar {
    extensions: Extensions,
}

const COMMAND: Production = Production::rfc3501("command");
const RESPONSE: Production = Production::rfc3501("response");
const GREETING: Production = Production::rfc3501("greeting");

impl Grammar {
    /// RFC 3501 and no extension.
    pub const fn rfc3501() -> Self {
        Self::with(Extensions::NONE)
    }

    /// RFC 3501 and these extensions.
    pub const fn with(extensions: Extensions) -> Self {
        Self { extensions }
    }

    /// The extensions whose constructs are legal.
    pub const fn extensions(self) -> Extensions {
        self.extensions
    }

    /// `command`
    ///
    /// # Errors
    /// See [`Grammar`].
    pub fn command(self, message: &[u8]) -> Result<Command<'_>, Error> {
        let cx = Context::new(self.extensions, Direction::FromClient);
        whole(&COMMAND, message, |i| command::command(cx, i))
    }

    /// One line of a `response`: `continue-req`, `response-data` or `response-done`.
    ///
    /// # Errors
    /// See [`Grammar`].
    pub fn response(self, message: &[u8]) -> Result<Response<'_>, Error> {
        let cx = Context::new(self.extensions, Direction::FromServer);
        whole(&RESPONSE, message, |i| response::response(cx, i))
    }

    /// `greeting`
    ///
    /// # Errors
    /// See [`Grammar`].
    pub fn greeting(self, message: &[u8]) -> Result<Greeting<'_>, Error> {
        let cx = Context::new(self.extensions, Direction::FromServer);
        whole(&GREETING, message, |i| response::greeting(cx, i))
    }

    /// A line that answers a continuation request of AUTHENTICATE: base64, or `*` to give up
    /// (RFC 3501 §6.2.2).
    ///
    /// # Errors
    /// See [`Grammar`].
    pub fn authenticate_data(self, message: &[u8]) -> Result<AuthenticateData<'_>, Error> {
        whole(&command::authenticate::AUTHENTICATE, message, command::authenticate_data)
    }

    /// The line `DONE` that ends IDLE (RFC 2177 §4).
    ///
    /// # Errors
    /// See [`Grammar`].
    pub fn idle_done(self, message: &[u8]) -> Result<(), Error> {
        let cx = Context::new(self.extensions, Direction::FromClient);
        whole(&extension::IDLE, message, |i| extension::idle_done(cx, i))
    }
}

macro_rules! messages {
    ($($name:ident)*) => { $(
        impl $name<'_> {
            /// The whole message, its final CRLF included, in its shortest form.
            pub fn to_bytes(&self) -> Vec<u8> {
                Writer::message(self, EncodeOptions::default()).bytes
            }
        }
    )* };
}

messages! { Command AuthenticateData Response Greeting }

impl Command<'_> {
    /// The whole message, its final CRLF included, and where the client must pause.
    pub fn encode(&self, options: EncodeOptions) -> Encoded {
        Writer::message(self, options)
    }
}

macro_rules! messages_of_a_server {
    ($($name:ident)*) => { $(
        impl $name<'_> {
            /// The whole message, its final CRLF included, with strings in that form. A server
            /// announces each literal as `{n}` (RFC 7888 §3).
            pub fn encode(&self, strings: StringForm) -> Vec<u8> {
                Writer::message(self, EncodeOptions { strings, ..EncodeOptions::default() }).bytes
            }
        }
    )* };
}

messages_of_a_server! { Response Greeting }
