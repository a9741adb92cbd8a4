//! What the server says to a command, and how such answers are put together.

use std::borrow::Cow;

use imap_grammar::{
    Code, RespText, Response, Rfc5530Code, Status, Tag, Tagged, Text, Untagged, is_text_char,
};

/// What the server says, and what it waits for then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The responses, in the order to be sent.
    pub responses: Vec<Response<'static>>,
    /// What comes next.
    pub then: Then,
}

/// What the connection does after the responses are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Then {
    /// Reads the next command.
    Ready,
    /// Reads a line of AUTHENTICATE, for [`Server::continuation`](crate::Server::continuation).
    Authenticate,
    /// Sends [`Server::updates`](crate::Server::updates) as they come up, until it reads the line
    /// DONE, for [`Server::continuation`](crate::Server::continuation).
    Idle,
    /// Discards what it has read ahead and begins TLS, then calls
    /// [`Server::tls_started`](crate::Server::tls_started).
    StartTls,
    /// Closes.
    Close,
}

/// How a command went: what its tagged response will say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Completion {
    pub status: Status,
    pub code: Option<Code<'static>>,
    pub text: Cow<'static, str>,
}

impl Completion {
    pub fn ok(text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Status::Ok, code: None, text: text.into() }
    }

    pub fn no(text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Status::No, code: None, text: text.into() }
    }

    pub fn bad(text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Status::Bad, code: None, text: text.into() }
    }

    /// The same with a code.
    #[must_use]
    pub fn with(self, code: Code<'static>) -> Self {
        Self { code: Some(code), ..self }
    }

    /// The same with a code of RFC 5530.
    #[must_use]
    pub fn because(self, code: Rfc5530Code) -> Self {
        self.with(Code::Rfc5530(code))
    }

    pub fn into_tagged(self, tag: Tag<'static>) -> Response<'static> {
        let text = resp_text(self.code, self.text);
        Response::Tagged(Tagged { tag, status: self.status, text })
    }

    pub fn into_untagged(self) -> Response<'static> {
        let text = resp_text(self.code, self.text);
        Response::Untagged(Untagged::Status { status: self.status, text })
    }
}

/// An untagged OK that is there for its code.
pub(crate) fn untagged_ok(code: Code<'static>, text: &'static str) -> Response<'static> {
    Completion::ok(text).with(code).into_untagged()
}

/// `resp-text`. Of the text, what is no TEXT-CHAR becomes `?`, so that anything may be quoted, and
/// so does what would be read as the beginning of a code.
pub(crate) fn resp_text(
    code: Option<Code<'static>>,
    text: impl Into<Cow<'static, str>>,
) -> RespText<'static> {
    let text = text.into();
    let is_plain = !text.starts_with('[');
    let text = Some(text.clone())
        .filter(|_| is_plain)
        .and_then(Text::new)
        .or_else(|| Text::new(replaced(&text)));
    RespText { code, text: text.expect("every character was replaced, and one is left") }
}

fn replaced(text: &str) -> String {
    let text = text.replace('§', "section ");
    let text_char = |character| {
        u8::try_from(character).ok().filter(|&octet| is_text_char(octet)).map_or('?', char::from)
    };
    let rest = text.strip_prefix('[').unwrap_or(&text);
    let first = if rest.len() < text.len() || rest.is_empty() { "?" } else { "" };
    first.chars().chain(rest.chars().map(text_char)).collect()
}
