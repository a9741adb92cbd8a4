//! The parser's plumbing: the nom result, the context, and how a failure is named.

use nom::Needed;

use crate::{Error, Extension, Extensions, Found, Production, Rejection};

/// What a rule leaves over and what it made, or why it failed.
pub(crate) type Parsed<'a, T> = nom::IResult<&'a [u8], T, Failure<'a>>;

/// A failure before its offset is known: the rest of the message at which it happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure<'a> {
    at: &'a [u8],
    expected: &'static str,
    production: Option<&'static Production>,
}

impl<'a> Failure<'a> {
    /// The rest of the message at which it happened.
    pub(crate) fn at(&self) -> &'a [u8] {
        self.at
    }
}

/// What a rule needs to know beside the octets. Passed by value, first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    pub(crate) extensions: Extensions,
    direction: Direction,
    /// How many levels of nesting enclose this rule.
    depth: u8,
}

/// Who wrote the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    FromClient,
    FromServer,
}

/// The deepest nesting of bodies, search keys or lists that is accepted.
///
/// RFC 3501 names no bound; one is needed so that hostile input cannot exhaust the stack.
pub const MAX_DEPTH: u8 = 100;

impl Context {
    pub(crate) fn new(extensions: Extensions, direction: Direction) -> Self {
        Self { extensions, direction, depth: 0 }
    }

    pub(crate) fn has(self, extension: Extension) -> bool {
        self.extensions.contains(extension)
    }

    /// Whether a client wrote the message.
    pub(crate) fn is_from_client(self) -> bool {
        self.direction == Direction::FromClient
    }

    /// Fails at `at` where the extension is not on.
    pub(crate) fn require<'a>(
        self,
        extension: Extension,
        at: &'a [u8],
    ) -> Result<(), nom::Err<Failure<'a>>> {
        if self.has(extension) { Ok(()) } else { fail(at, extension.required()) }
    }

    /// Whether SP at `at` begins the parameters that RFC 4466 adds to a command and that only this
    /// extension gives a meaning; a failure where they stand there and it is not on.
    pub(crate) fn parameters_follow<'a>(
        self,
        extension: Extension,
        at: &'a [u8],
    ) -> Result<bool, nom::Err<Failure<'a>>> {
        match at {
            [b' ', ..] if self.has(extension) => Ok(true),
            [b' ', b'(', ..] => fail(&at[1..], extension.required()),
            _ => Ok(false),
        }
    }

    /// The context one level further in, or a failure at `at` where that is too deep.
    pub(crate) fn deeper(self, at: &[u8]) -> Result<Self, nom::Err<Failure<'_>>> {
        if self.depth == MAX_DEPTH {
            return fail(at, "at most 100 levels of nesting");
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

/// Fails at `at`: `expected` is a fragment that completes "expected …".
#[cold]
pub(crate) fn fail<'a, T>(
    at: &'a [u8],
    expected: &'static str,
) -> Result<T, nom::Err<Failure<'a>>> {
    Err(nom::Err::Error(Failure { at, expected, production: None }))
}

/// More octets could help.
#[cold]
pub(crate) fn incomplete<'a, T>() -> Result<T, nom::Err<Failure<'a>>> {
    Err(nom::Err::Incomplete(Needed::Unknown))
}

/// Fails at `at`, or asks for more where `at` is the end of what has come.
#[cold]
pub(crate) fn unexpected<'a, T>(
    at: &'a [u8],
    expected: &'static str,
) -> Result<T, nom::Err<Failure<'a>>> {
    if at.is_empty() { incomplete() } else { fail(at, expected) }
}

/// Names the rule in which a failure happened, unless a rule further in has done so.
pub(crate) fn within<'a, T>(
    production: &'static Production,
    parsed: Parsed<'a, T>,
) -> Parsed<'a, T> {
    parsed.map_err(|error| {
        error.map(|failure| Failure {
            production: failure.production.or(Some(production)),
            ..failure
        })
    })
}

/// Runs a rule that must take the whole message.
pub(crate) fn whole<'a, T>(
    production: &'static Production,
    input: &'a [u8],
    rule: impl FnOnce(&'a [u8]) -> Parsed<'a, T>,
) -> Result<T, Error> {
    let parsed = within(production, rule(input)).and_then(|(rest, value)| match rest {
        [] => Ok(value),
        _ => {
            within(production, fail(rest, "the end of the message")).map(|(_, never): (_, T)| never)
        }
    });
    parsed.map_err(|error| match error {
        nom::Err::Incomplete(_) => Error::Incomplete,
        nom::Err::Error(failure) | nom::Err::Failure(failure) => Error::Invalid(Rejection {
            production: failure.production.unwrap_or(production),
            offset: input.len() - failure.at.len(),
            expected: failure.expected,
            found: failure.at.first().map_or(Found::End, |&octet| Found::Octet(octet)),
        }),
    })
}
