//! The syntax tree: a scenario as it is written, with its comments and blank lines.
//!
//! The formatter and the lowering both start from here. Spans lead back to the text, so that what
//! is not changed can be copied.

use std::time::Duration;

use super::{HoleKind, Presence, Relation, Span, Spanned, StartState};

/// A file, from top to bottom.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) items: Vec<Item>,
}

/// A line, or lines that belong together.
#[derive(Debug)]
pub(super) enum Item {
    /// One or more blank lines.
    Blank,
    /// `# …`
    Comment(Span),
    /// `key: value`
    Header(HeaderLine),
    /// `C: …` or `S: …`
    Message(Message),
    /// A step in a word: `barrier`, `check …`.
    Step(Spanned<StepLine>),
    /// `keyword … end`
    Block(Block),
}

/// `key: value`
#[derive(Debug)]
pub(super) struct HeaderLine {
    pub(super) key: Spanned<HeaderKey>,
    pub(super) value: Spanned<String>,
}

/// A line of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderKey {
    Title,
    Requirement,
    Needs,
    Fixture,
    Sessions,
    State,
    Changes,
    Risks,
}

impl HeaderKey {
    pub(super) const ALL: [Self; 8] = [
        Self::Title,
        Self::Requirement,
        Self::Needs,
        Self::Fixture,
        Self::Sessions,
        Self::State,
        Self::Changes,
        Self::Risks,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Requirement => "requirement",
            Self::Needs => "needs",
            Self::Fixture => "fixture",
            Self::Sessions => "sessions",
            Self::State => "state",
            Self::Changes => "changes",
            Self::Risks => "risks",
        }
    }

    /// Whether the value is a list with commas.
    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::Requirement | Self::Needs | Self::Sessions)
    }
}

/// A line of the client or the server, with the lines on which it goes on.
#[derive(Debug)]
pub(super) struct Message {
    /// All of it.
    pub(super) span: Span,
    /// `C`, or `S` with its mark.
    pub(super) side: Side,
    /// The name in brackets.
    pub(super) session: Option<Spanned<String>>,
    /// What it is made of.
    pub(super) fragments: Vec<Fragment>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// `C`
    Client,
    /// `S`
    Server(Presence),
}

/// A piece of a message.
#[derive(Debug)]
pub(super) enum Fragment {
    /// Characters that stand for themselves, `$${` replaced.
    Text(Spanned<String>),
    /// `"…"`
    Quoted(Spanned<Vec<Part>>),
    /// `${…}`
    Hole(HoleSyntax),
    /// `${base64 "…"}`
    Base64(Spanned<Vec<Part>>),
    /// `{…}`
    Literal(Literal),
    /// Human-readable text behind a status.
    Prose(Span),
    /// The line goes on in an indented line below.
    Wrap,
    /// The line goes on behind another `C:` or `S:`, as the RFC prints what follows a literal.
    Prefix,
}

/// A piece of a string.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// Octets.
    Octets(Spanned<Vec<u8>>),
    /// `${…}`
    Hole(HoleSyntax),
}

/// `${name + 1: kind}`
#[derive(Debug, Clone)]
pub(super) struct HoleSyntax {
    pub(super) span: Span,
    pub(super) name: Spanned<String>,
    pub(super) offset: Option<i64>,
    pub(super) kind: Option<Spanned<HoleKind>>,
}

/// A literal.
#[derive(Debug)]
pub(super) struct Literal {
    /// `{…}`
    pub(super) announcement: Span,
    pub(super) synchronising: bool,
    pub(super) form: LiteralForm,
}

/// How the content of a literal is written.
#[derive(Debug)]
pub(super) enum LiteralForm {
    /// `{"…"}` or `{${…}}`
    Inline(Vec<Part>),
    /// `{file "…"}`
    File(Spanned<String>),
    /// Lines that begin with `|`.
    Block {
        /// The lines, without the bar and the space behind it.
        lines: Vec<Span>,
        content: Vec<Part>,
    },
    /// Lines that begin with `C:` or `S:` like the message, of which the count says how much is
    /// content.
    Printed {
        /// `S: + …` between the announcement and the content.
        request: Option<Span>,
        /// What of each line is content.
        lines: Vec<Span>,
        content: Vec<u8>,
    },
}

/// A step in a word.
#[derive(Debug)]
pub(super) enum StepLine {
    Proves(Spanned<String>),
    Wait { session: Option<Spanned<String>>, duration: Duration },
    Barrier,
    Connect { session: Option<Spanned<String>>, state: Option<StartState> },
    Login { session: Option<Spanned<String>>, second: bool },
    StartTls { session: Option<Spanned<String>> },
    Disconnect { session: Option<Spanned<String>> },
    Closes { session: Option<Spanned<String>> },
    Send { session: Option<Spanned<String>>, by: Option<usize>, octets: Vec<Part> },
    Check { left: Operand, relation: Relation, right: Operand },
}

/// A side of a check.
#[derive(Debug)]
pub(super) enum Operand {
    Hole(HoleSyntax),
    Number(u64),
    String(Vec<Part>),
    List(Vec<Operand>),
    Length(Box<Operand>),
    Lines(Box<Operand>),
    Offset(Box<Operand>, i64),
}

/// `keyword … end`
#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// The line of the keyword.
    pub(super) opening: Span,
    /// What stands up to `or` or `end`; several only in `either`.
    pub(super) sections: Vec<Section>,
}

/// What a block is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    Given,
    Where,
    InOrder,
    Exactly,
    Either,
}

impl BlockKind {
    /// Whether steps stand in it, and not only expectations.
    pub(super) fn is_preparation(self) -> bool {
        matches!(self, Self::Given | Self::Where)
    }

    pub(super) fn keyword(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Where => "where",
            Self::InOrder => "in order",
            Self::Exactly => "exactly",
            Self::Either => "either",
        }
    }
}

/// A part of a block, with the line that opens it: the keyword, or `or`.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) opening: Span,
    pub(super) grade: Grade,
    pub(super) items: Vec<Item>,
}

/// What it means that a branch matched.
#[derive(Debug, Clone)]
pub(super) enum Grade {
    Pass,
    /// `note "…"`
    Note(String),
    /// `warn rfc3501/6.3.4-07 "…"`
    Warn {
        requirement: Spanned<String>,
        text: Option<String>,
    },
}
