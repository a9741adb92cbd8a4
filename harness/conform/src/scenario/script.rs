//! A scenario as values: what the player plays.

use std::{ops::Range, path::PathBuf, time::Duration};

use super::FixtureMessage;
use crate::{Verdict, requirement::RequirementId};

/// Octets of the scenario file.
pub type Span = Range<usize>;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// A whole scenario.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its path without suffix, below the scenario directory.
    pub id: String,
    /// Where it was read.
    pub path: PathBuf,
    /// Its text, to which spans refer.
    pub source: String,
    /// What stands before the first step.
    pub header: Header,
    /// The messages that stand in `${mailbox}` at the start.
    pub messages: Vec<FixtureMessage>,
    /// What happens.
    pub steps: Vec<Spanned<Step>>,
}

/// The header.
#[derive(Debug, Clone, Default)]
pub struct Header {
    /// `title:` what the server does when it is right.
    pub title: String,
    /// `requirement:` what it proves; never empty, the first is the default of every line.
    pub requirements: Vec<Spanned<RequirementId>>,
    /// `needs:` capabilities without which the case is skipped.
    pub needs: Vec<Spanned<Need>>,
    /// `fixture:` the messages in `${mailbox}` at the start.
    pub fixture: Option<Spanned<String>>,
    /// `sessions:` names in the order they connect; one without a name where absent.
    pub sessions: Vec<Spanned<String>>,
    /// `state:` how far the player brings each session before the first step.
    pub state: StartState,
    /// `changes: inbox`: runs only where the user allows it.
    pub changes_inbox: bool,
    /// `risks: lockout`: logs in wrongly, for which a server may lock the account or the address
    /// out; runs only where the user allows it.
    pub risks_lockout: bool,
}

/// A capability that must, or must not, be offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The name.
    pub capability: String,
    /// Whether it must be absent: `!LITERAL+`.
    pub absent: bool,
}

/// How far a session is at the first step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StartState {
    /// `connected`: not even the greeting is read.
    Connected,
    /// `not-authenticated`: greeting read, TLS up where the target asks for it.
    NotAuthenticated,
    /// `authenticated`: logged in.
    #[default]
    Authenticated,
    /// `selected`: `${mailbox}` is selected.
    Selected,
}

impl StartState {
    /// Every state.
    pub const ALL: [Self; 4] =
        [Self::Connected, Self::NotAuthenticated, Self::Authenticated, Self::Selected];

    /// What a scenario calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::NotAuthenticated => "not-authenticated",
            Self::Authenticated => "authenticated",
            Self::Selected => "selected",
        }
    }
}

/// One step.
#[derive(Debug, Clone)]
pub enum Step {
    /// Lines from clients and what must come back.
    Exchange(Exchange),
    /// `given … end`: preparation. What goes wrong here makes the case inconclusive.
    Given(Vec<Spanned<Step>>),
    /// `where … end`: preparation that asks whether the server does what the case is about. Where
    /// it does otherwise, the case is skipped.
    Where(Vec<Spanned<Step>>),
    /// `barrier`: the sessions are in step; the oracle compares them.
    Barrier,
    /// `connect`: opens the session anew, up to the header's state or the one given.
    Connect {
        /// Which session.
        session: String,
        /// Up to where.
        state: Option<StartState>,
    },
    /// `login`: logs in with the player's credentials, which never appear in a transcript.
    Login {
        /// Which session.
        session: String,
        /// As the second user.
        second: bool,
    },
    /// `starttls`: negotiates TLS on the connection, after STARTTLS was answered OK.
    StartTls {
        /// Which session.
        session: String,
        /// What is broken where the server does not.
        requirement: Spanned<RequirementId>,
    },
    /// `disconnect`: closes the connection without a word.
    Disconnect {
        /// Which session.
        session: String,
    },
    /// `closes`: the server closes the connection.
    Closes {
        /// Which session.
        session: String,
        /// What is broken where it does not.
        requirement: Spanned<RequirementId>,
    },
    /// `check`: a relation between captured values.
    Check(Check),
}

/// What is sent, then what is expected. Ends where the next line is sent or another step begins.
#[derive(Debug, Clone, Default)]
pub struct Exchange {
    /// What is sent, in order, without waiting in between, except for literals' continuations.
    pub sends: Vec<Spanned<Send>>,
    /// What must come, and what must not.
    pub expects: Vec<Spanned<Expect>>,
    /// `wait`: how long to wait for what is expected where no command is pending.
    pub wait: Option<Wait>,
}

/// `wait[session] 5s`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Which session; whichever something is expected from where nothing.
    pub session: Option<String>,
    /// How long at most.
    pub duration: Duration,
}

/// What one session sends.
#[derive(Debug, Clone)]
pub struct Send {
    /// Which session.
    pub session: String,
    /// The pieces of which it is made.
    pub pieces: Vec<Piece>,
    /// How many octets go into each write; all where nothing.
    pub by: Option<usize>,
}

/// A part of what is sent.
#[derive(Debug, Clone)]
pub enum Piece {
    /// These octets; CRLF is among them.
    Octets(Vec<u8>),
    /// The value of an expression, and how it is written.
    Value(Expression, Form),
    /// A literal.
    Literal {
        /// Its content.
        content: Vec<Piece>,
        /// Whether it is announced as `{n}` and waits for a continuation request.
        synchronising: bool,
    },
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// As it was captured, and what was not captured as an astring; numbers as digits.
    Token,
    /// As the inside of a quoted string: `"` and `\` get a backslash.
    Quoted,
    /// As its octets: inside a literal, in `send`.
    Octets,
}

/// What must come, or must not.
#[derive(Debug, Clone)]
pub enum Expect {
    /// One response.
    Response {
        /// From which session.
        session: String,
        /// `S:`, `S?:` or `S!:`.
        presence: Presence,
        /// What is broken where it is not so: the last `proves`, else the header's first.
        requirement: Spanned<RequirementId>,
        /// What it looks like.
        pattern: Pattern,
    },
    /// `in order … end`
    InOrder(Vec<Spanned<Expect>>),
    /// `exactly … end`: and no other untagged response of the kinds named here.
    Exactly(Vec<Spanned<Expect>>),
    /// `either … or … end`: the first branch that matches counts.
    Either(Vec<Branch>),
}

/// Whether a response must come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// `S:`
    Required,
    /// `S?:`
    Optional,
    /// `S!:`
    Never,
}

/// A branch of `either`.
#[derive(Debug, Clone)]
pub struct Branch {
    /// What it means that this branch matched: pass, note or warn.
    pub grade: Verdict,
    /// The name of the choice, which a note records; what is wrong, in a warning.
    pub name: Option<String>,
    /// The requirement behind a warning.
    pub requirement: Option<Spanned<RequirementId>>,
    /// The branch.
    pub expects: Vec<Spanned<Expect>>,
}

/// What a response looks like. See `pattern` for how it is matched.
///
/// Human-readable text is not compared and not among the tokens, unless it is one hole of the kind
/// [`HoleKind::Text`].
#[derive(Debug, Clone)]
pub struct Pattern {
    /// The tokens.
    pub tokens: Vec<Spanned<Token>>,
}

/// A token of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// An atom, a number, a tag, `*`, `+`, NIL. As a status, `NO/BAD` is either.
    Word(String),
    /// A quoted string, or a literal, by its octets.
    String(Vec<u8>),
    /// `${name: kind}`
    Hole(Hole),
    /// `(…)`
    List(Vec<Spanned<Token>>),
    /// `[…]`: a response code, or the section behind BODY.
    Brackets(Vec<Spanned<Token>>),
    /// `<n>`: the origin octet behind a section.
    Origin(Box<Spanned<Token>>),
    /// `…?`, in a set: may be there.
    Optional(Box<Spanned<Token>>),
    /// `!…`, in a set: must not be there.
    Forbidden(Box<Spanned<Token>>),
    /// Words, strings and holes without a space between them are one value:
    /// `${mailbox}${delimiter}child`. Every hole among them has a value by then.
    Joined(Vec<Spanned<Token>>),
    /// `...`: others may be there.
    Rest,
}

/// A hole in a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// What it is called; nothing for `_`.
    pub name: Option<String>,
    /// What may fill it.
    pub kind: HoleKind,
}

/// What may fill a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HoleKind {
    /// Any one value: a word, a string, a list.
    #[default]
    Any,
    /// `number`
    Number,
    /// `nz-number`
    NzNumber,
    /// `atom`
    Atom,
    /// `string`, not NIL.
    String,
    /// `nstring`
    NString,
    /// `flag`
    Flag,
    /// `list`: anything in parentheses.
    List,
    /// `date-time`
    DateTime,
    /// `sequence-set`
    SequenceSet,
    /// `text`: the human-readable rest of the line.
    Text,
    /// `mailbox`
    Mailbox,
}

impl HoleKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Any,
        Self::Number,
        Self::NzNumber,
        Self::Atom,
        Self::String,
        Self::NString,
        Self::Flag,
        Self::List,
        Self::DateTime,
        Self::SequenceSet,
        Self::Text,
        Self::Mailbox,
    ];

    /// What a scenario calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Number => "number",
            Self::NzNumber => "nz-number",
            Self::Atom => "atom",
            Self::String => "string",
            Self::NString => "nstring",
            Self::Flag => "flag",
            Self::List => "list",
            Self::DateTime => "date-time",
            Self::SequenceSet => "sequence-set",
            Self::Text => "text",
            Self::Mailbox => "mailbox",
        }
    }
}

/// `check`
#[derive(Debug, Clone)]
pub struct Check {
    /// The left side.
    pub left: Expression,
    /// The relation.
    pub relation: Relation,
    /// The right side.
    pub right: Expression,
    /// What is broken where it does not hold.
    pub requirement: Spanned<RequirementId>,
}

/// A relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`: an element of a list, or a number of a sequence set.
    In,
    /// `not in`
    NotIn,
}

/// What has a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// `${name}`: captured, or given by the player: `user`, `password`, `mailbox`, `root`,
    /// `delimiter`, `mailbox.NAME`, `message.N` and its parts `header`, `text`, `size`, `date`.
    Name(String),
    /// A number.
    Number(u64),
    /// A string.
    String(Vec<u8>),
    /// A list, as in a pattern.
    List(Vec<Expression>),
    /// `length(…)` in octets.
    Length(Box<Expression>),
    /// `lines(…)`: how many line ends.
    Lines(Box<Expression>),
    /// `${base64 "…"}`: in BASE64, as SASL wants it (RFC 3501 §6.2.2). Only in what a client sends.
    Base64(Box<Expression>),
    /// `… + n` or `… - n`
    Offset(Box<Expression>, i64),
    /// One astring of several parts: `${mailbox}${delimiter}child`. Only where something is sent.
    Joined(Vec<Expression>),
}
