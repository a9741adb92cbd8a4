//! Which sentence of RFC 3501 a message breaks that the grammar rejects.
//!
//! A [`SyntaxRule`] is a known answer: octets that are legal up to a place, what breaks the rule
//! there and what keeps it. So nothing is claimed for the grammar that it was not seen to reject,
//! and a rejection on the wire is laid to the rule whose known answer was rejected most like it.

mod rules;

use std::sync::LazyLock;

use imap_grammar::{Error, Found, Grammar, Rejection};

pub use rules::SYNTAX_RULES;

/// A requirement that the strict grammar enforces, with a message that proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxRule {
    /// The requirement of the catalogue, by its full id.
    pub requirement: &'static str,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// The octets up to where the rule is at work.
    pub before: &'static [u8],
    /// What breaks it there.
    pub broken: &'static [u8],
    /// What keeps it there.
    pub kept: &'static [u8],
    /// The rest of the message, either way.
    pub after: &'static [u8],
}

/// What a server sends first, and what it sends later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// `greeting`
    Greeting,
    /// One line of a `response`.
    Response,
}

impl SyntaxRule {
    /// A message that breaks the rule.
    pub fn breaking(&self) -> Vec<u8> {
        [self.before, self.broken, self.after].concat()
    }

    /// A message that keeps it and is like the other else.
    pub fn keeping(&self) -> Vec<u8> {
        [self.before, self.kept, self.after].concat()
    }

    /// Reads one of its messages by RFC 3501 alone.
    ///
    /// # Errors
    /// As the grammar has it, where the message is not legal.
    pub fn read(&self, message: &[u8]) -> Result<(), Error> {
        let grammar = Grammar::rfc3501();
        match self.kind {
            MessageKind::Greeting => grammar.greeting(message).map(drop),
            MessageKind::Response => grammar.response(message).map(drop),
        }
    }
}

/// Each rule with how its breach is rejected.
static REJECTIONS: LazyLock<Vec<(Rejection, &str)>> = LazyLock::new(|| {
    let rejection = |rule: &SyntaxRule| match rule.read(&rule.breaking()) {
        Err(Error::Invalid(rejection)) => Some((rejection, rule.requirement)),
        _ => None,
    };
    SYNTAX_RULES.iter().filter_map(rejection).collect()
});

/// The requirement that a rejected message breaks; nothing where no rule is known for it.
pub(super) fn requirement_of(rejection: &Rejection) -> Option<&'static str> {
    let likeness = |known: &Rejection| {
        let same_expected = known.expected == rejection.expected;
        let same_kind = is_forbidden(known.found) == is_forbidden(rejection.found);
        (known.production == rejection.production)
            .then_some((same_expected, same_expected && same_kind))
    };
    let mut best = None;
    for (known, requirement) in REJECTIONS.iter() {
        // The first of equals stays: the table has the plainest rule of a production first.
        if let Some(likeness) = likeness(known)
            && best.is_none_or(|(most, _)| likeness > most)
        {
            best = Some((likeness, *requirement));
        }
    }
    best.map(|(_, requirement)| requirement)
}

/// Whether it is an octet that no rule but that of a literal allows.
fn is_forbidden(found: Found) -> bool {
    matches!(found, Found::Octet(0 | 0x80..))
}
