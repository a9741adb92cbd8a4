//! Whether any server could legally send what is expected.
//!
//! What is left open is filled in with samples until the strict grammar accepts the whole, or until
//! no sample is left at the octet that it rejects. An expectation that no legal response can meet
//! is a mistake of the scenario and not of a server.

use std::{borrow::Cow, ops::Range};

use imap_grammar::{
    Code, Continue, Error, Extensions, Grammar, Rejection, Response, Rfc5530Code, Tagged, Untagged,
};

use super::{
    super::{Hole, HoleKind, Span, Spanned, Token, diagnostic::Problem},
    is_status,
};

/// How many places of a response may be left open.
const MAX_OPEN: usize = 256;

/// How often samples are exchanged before the response counts as one that cannot be legal. A
/// response with forty open places, each filled by the last sample for it, needs half as many.
const MAX_ATTEMPTS: usize = 2_000;

/// Checks that some legal response has these tokens.
pub(in super::super) fn check(source: &str, tokens: &[Spanned<Token>]) -> Result<(), Problem> {
    let grammar = Grammar::with(Extensions::all());
    let mut taken = Vec::new();
    let mut attempts = 0;
    loop {
        let mut sample =
            Sample { source, octets: vec![], marks: vec![], open: 0, taken: &mut taken };
        sample.response(tokens);
        let Sample { octets, marks, open, .. } = sample;
        if open > MAX_OPEN {
            let span = whole(tokens);
            return Err(Problem::new(span, "more than 256 places are left open in this response"));
        }
        let (offset, problem) = match judge(grammar, &octets) {
            Ok(()) => return Ok(()),
            Err(Reason::Incomplete) => {
                return Err(Problem::new(whole(tokens), "the response is not whole")
                    .label("something is missing"));
            }
            Err(Reason::Rejected(rejection)) => {
                (rejection.offset, illegal(&rejection, &marks, tokens))
            }
            Err(Reason::Code(name)) => {
                let span = code_span(tokens).unwrap_or_else(|| whole(tokens));
                let end = marks.iter().find(|mark| mark.span == (span.end - 1..span.end));
                let problem = Problem::new(span, NOT_LEGAL)
                    .label(format!("`{name}` does not stand like this"))
                    .help("the rule is resp-text-code (RFC 3501 §9, and the code's own RFC)");
                (end.map_or(0, |mark| mark.octets.start), problem)
            }
        };
        attempts += 1;
        if attempts == MAX_ATTEMPTS || !advance(&mut taken, &marks, offset) {
            return Err(problem);
        }
    }
}

const NOT_LEGAL: &str = "no legal response looks like this";

/// Why a sample is no legal response.
enum Reason {
    Incomplete,
    Rejected(Rejection),
    /// The code of this name is only legal because any text may stand in brackets.
    Code(String),
}

fn judge(grammar: Grammar, octets: &[u8]) -> Result<(), Reason> {
    let reason = |error| match error {
        Error::Incomplete => Reason::Incomplete,
        Error::Invalid(rejection) => Reason::Rejected(rejection),
    };
    let is_greeting =
        octets.get(..10).is_some_and(|start| start.eq_ignore_ascii_case(b"* PREAUTH "));
    let text = match is_greeting {
        true => Some(grammar.greeting(octets).map_err(reason)?.text),
        false => match grammar.response(octets).map_err(reason)? {
            Response::Continue(Continue { text }) => text,
            Response::Tagged(Tagged { text, .. })
            | Response::Untagged(Untagged::Status { text, .. } | Untagged::Bye(text)) => Some(text),
            Response::Untagged(_) => None,
        },
    };
    match text.and_then(|text| text.code) {
        Some(Code::Other { name, .. }) if is_known(name.as_str()) => {
            Err(Reason::Code(name.as_str().to_owned()))
        }
        _ => Ok(()),
    }
}

/// Whether a code has a rule of its own, so that it is not one of those that anybody may invent.
fn is_known(name: &str) -> bool {
    const KNOWN: [&str; 19] = [
        "ALERT",
        "APPENDUID",
        "BADCHARSET",
        "CAPABILITY",
        "CLOSED",
        "COPYUID",
        "HIGHESTMODSEQ",
        "MODIFIED",
        "NOMODSEQ",
        "PARSE",
        "PERMANENTFLAGS",
        "READ-ONLY",
        "READ-WRITE",
        "TRYCREATE",
        "UIDNEXT",
        "UIDNOTSTICKY",
        "UIDVALIDITY",
        "UNSEEN",
        "USEATTR",
    ];
    let mut known = KNOWN.into_iter().chain(Rfc5530Code::ALL.iter().map(|code| code.name()));
    known.any(|known| known.eq_ignore_ascii_case(name))
}

fn code_span(tokens: &[Spanned<Token>]) -> Option<Span> {
    let code = tokens.iter().find(|token| matches!(token.value, Token::Brackets(_)))?;
    Some(code.span.clone())
}

/// Takes the next sample where the grammar rejected one, innermost first.
fn advance(taken: &mut [usize], marks: &[Mark], offset: usize) -> bool {
    let reaches = |mark: &&Mark| mark.octets.start <= offset && offset <= mark.octets.end;
    let inside = |mark: &&Mark| mark.octets.contains(&offset);
    let open = |mark: &&Mark| {
        mark.choice.is_some_and(|choice| {
            taken.get(choice.index).is_some_and(|&at| at + 1 < choice.samples)
        })
    };
    let narrowest = |marks: &mut dyn Iterator<Item = &Mark>| {
        marks.filter(open).min_by_key(|mark| mark.octets.len()).and_then(|mark| mark.choice)
    };
    let choice = narrowest(&mut marks.iter().filter(inside))
        .or_else(|| narrowest(&mut marks.iter().filter(reaches)));
    let Some(choice) = choice else { return false };
    taken[choice.index] += 1;
    // What was tried further on was tried behind another beginning.
    taken[choice.index + 1..].fill(0);
    true
}

fn illegal(rejection: &Rejection, marks: &[Mark], tokens: &[Spanned<Token>]) -> Problem {
    let Rejection { production, offset, expected, found } = rejection;
    let at = marks
        .iter()
        .filter(|mark| mark.octets.contains(offset) && !mark.span.is_empty())
        .min_by_key(|mark| mark.octets.len());
    let span = at.map_or_else(
        || {
            let before = marks.iter().filter(|mark| mark.octets.end <= *offset);
            let end = before.map(|mark| mark.span.end).max();
            end.map_or_else(|| whole(tokens), |end| end..end)
        },
        |mark| mark.span.clone(),
    );
    Problem::new(span, NOT_LEGAL)
        .label(format!("expected {expected}, found {found}"))
        .help(format!("the rule is {production}"))
}

fn whole(tokens: &[Spanned<Token>]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span.start..last.span.end,
        _ => 0..0,
    }
}

/// A response with samples in the open places.
struct Sample<'t> {
    source: &'t str,
    octets: Vec<u8>,
    marks: Vec<Mark>,
    /// How many open places have come.
    open: usize,
    /// Which sample is taken in each.
    taken: &'t mut Vec<usize>,
}

/// Which octets stand for which part of the pattern.
struct Mark {
    octets: Range<usize>,
    span: Span,
    choice: Option<Choice>,
}

/// An open place.
#[derive(Clone, Copy)]
struct Choice {
    index: usize,
    samples: usize,
}

impl Sample<'_> {
    fn response(&mut self, tokens: &[Spanned<Token>]) {
        let text_from = match tokens {
            [Spanned { value: Token::Word(word), .. }, ..] if word == "+" => Some(1),
            [_, Spanned { value: Token::Word(word), .. }, ..] if is_status(word) => Some(2),
            _ => None,
        };
        let Some(text_from) = text_from else {
            self.sequence(tokens);
            self.octets.extend_from_slice(b"\r\n");
            return;
        };
        let (status, rest) = tokens.split_at(text_from);
        for (index, token) in status.iter().enumerate() {
            if index > 0 {
                self.octets.push(b' ');
            }
            match &token.value {
                // Any of the alternatives is as legal as the first.
                Token::Word(word) if index == 1 => {
                    let first = word.split('/').next().unwrap_or(word);
                    self.fixed(first.as_bytes(), &token.span);
                }
                _ => self.token(token),
            }
        }
        if let Some(code) = rest.iter().find(|token| matches!(token.value, Token::Brackets(_))) {
            self.octets.push(b' ');
            self.token(code);
        }
        self.octets.extend_from_slice(b" text\r\n");
    }

    /// Tokens, with a space where there is one in the pattern.
    fn sequence(&mut self, tokens: &[Spanned<Token>]) {
        let mut before: Option<&Spanned<Token>> = None;
        for token in tokens {
            if matches!(token.value, Token::Forbidden(_)) {
                continue;
            }
            let start = self.octets.len();
            let marks = self.marks.len();
            if let Some(before) = before {
                self.space(before, token);
            }
            let space = self.octets.len() - start;
            self.token(token);
            let nothing_came = self.octets.len() == start + space;
            if nothing_came {
                self.octets.truncate(start);
                for mark in &mut self.marks[marks..] {
                    mark.octets = start..start;
                }
            } else {
                before = Some(token);
            }
        }
    }

    fn space(&mut self, before: &Spanned<Token>, token: &Spanned<Token>) {
        let gap = self.source.get(before.span.end..token.span.start).unwrap_or_default();
        let holes = [before, token].iter().any(|token| matches!(token.value, Token::Hole(_)));
        let from_fixture = before.span == token.span;
        if may_be_list(before)
            && may_be_list(token)
            && (from_fixture || holes || gap.contains('\n'))
        {
            // Between addresses, and between parts, there is no space. Where a long line is broken,
            // between holes, and in what a fixture says, it cannot be seen whether there was one.
            self.choose(&[" ", ""], &(token.span.start..token.span.start));
        } else if from_fixture || before.span.end < token.span.start {
            self.octets.push(b' ');
        }
    }

    fn token(&mut self, token: &Spanned<Token>) {
        let span = &token.span;
        let start = self.octets.len();
        match &token.value {
            Token::Word(word) => self.fixed(word.as_bytes(), span),
            Token::String(content) => self.fixed(&string(content), span),
            Token::Hole(hole) => self.choose(samples(hole), span),
            Token::List(elements) => self.enclosed(b'(', elements, b')', span),
            Token::Brackets(elements) => self.enclosed(b'[', elements, b']', span),
            Token::Origin(origin) => {
                self.enclosed(b'<', std::slice::from_ref(origin), b'>', span);
            }
            Token::Joined(parts) if parts.iter().all(is_bare) => {
                parts.iter().for_each(|part| self.token(part));
            }
            Token::Joined(_) => self.choose(&["x", "\"x\""], span),
            Token::Rest => self.choose(&["", "IMAP4rev1", "\\X", "x", "7"], span),
            Token::Optional(inner) => {
                let choice = self.open(2);
                if self.taken[choice.index] == 0 {
                    self.token(inner);
                }
                let octets = start..self.octets.len();
                self.marks.push(Mark { octets, span: span.clone(), choice: Some(choice) });
            }
            Token::Forbidden(_) => {}
        }
    }

    fn enclosed(&mut self, open: u8, elements: &[Spanned<Token>], close: u8, span: &Span) {
        self.fixed(&[open], &(span.start..span.start + 1));
        self.sequence(elements);
        self.fixed(&[close], &(span.end - 1..span.end));
    }

    fn fixed(&mut self, octets: &[u8], span: &Span) {
        let start = self.octets.len();
        self.octets.extend_from_slice(octets);
        let octets = start..self.octets.len();
        self.marks.push(Mark { octets, span: span.clone(), choice: None });
    }

    fn choose(&mut self, samples: &[&str], span: &Span) {
        let choice = self.open(samples.len());
        let start = self.octets.len();
        self.octets.extend_from_slice(samples[self.taken[choice.index]].as_bytes());
        let octets = start..self.octets.len();
        self.marks.push(Mark { octets, span: span.clone(), choice: Some(choice) });
    }

    fn open(&mut self, samples: usize) -> Choice {
        let index = self.open;
        self.open += 1;
        if self.taken.len() == index {
            self.taken.push(0);
        }
        Choice { index, samples }
    }
}

/// Whether the token can be a list in parentheses.
fn may_be_list(token: &Spanned<Token>) -> bool {
    match &token.value {
        Token::List(_) => true,
        Token::Hole(hole) => matches!(hole.kind, HoleKind::List | HoleKind::Any),
        _ => false,
    }
}

/// Whether the part is written as it is wherever it stands.
fn is_bare(part: &Spanned<Token>) -> bool {
    match &part.value {
        Token::Word(_) => true,
        Token::Hole(hole) => matches!(
            hole.kind,
            HoleKind::Number | HoleKind::NzNumber | HoleKind::Atom | HoleKind::SequenceSet
        ),
        _ => false,
    }
}

/// The string as a server would write it.
fn string(content: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Vec::with_capacity(content.len() + 2);
    if !content.iter().all(|&octet| imap_grammar::is_text_char(octet)) {
        out.extend_from_slice(format!("{{{}}}\r\n", content.len()).as_bytes());
        out.extend_from_slice(content);
        return Cow::Owned(out);
    }
    out.push(b'"');
    for &octet in content {
        if matches!(octet, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(octet);
    }
    out.push(b'"');
    Cow::Owned(out)
}

const LISTS: &[&str] = &[
    "()",
    "(\\Seen)",
    "(x)",
    "(7)",
    "(UID 7)",
    "(MESSAGES 7)",
    "(\"x\")",
    "(\"x\" \"x\")",
    "(\"x\" NIL)",
    "((\"\" \"/\"))",
    "(NIL NIL NIL NIL)",
    "((NIL NIL NIL NIL))",
    "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)",
    "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 7)",
];

const ANYTHING: &[&str] = &[
    "7",
    "x",
    "\"x\"",
    "NIL",
    "1:2",
    "\\Seen",
    "\"17-Jul-1996 02:44:25 -0700\"",
    "()",
    "(\\Seen)",
    "(x)",
    "(7)",
    "(UID 7)",
    "(MESSAGES 7)",
    "(\"x\")",
    "(\"x\" \"x\")",
    "(\"x\" NIL)",
    "((\"\" \"/\"))",
    "(NIL NIL NIL NIL)",
    "((NIL NIL NIL NIL))",
    "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)",
    "(\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 7)",
];

/// What may stand in a hole; one of them is legal wherever one of that kind is.
fn samples(hole: &Hole) -> &'static [&'static str] {
    match hole.kind {
        HoleKind::Any => ANYTHING,
        HoleKind::Number | HoleKind::NzNumber => &["7"],
        HoleKind::Atom => &["x", "\\x", "UID", "MESSAGES"],
        HoleKind::String => &["\"x\""],
        HoleKind::NString => &["\"x\"", "NIL"],
        HoleKind::Flag => &["\\Seen", "x"],
        HoleKind::List => LISTS,
        HoleKind::DateTime => &["\"17-Jul-1996 02:44:25 -0700\""],
        HoleKind::SequenceSet => &["1:2"],
        HoleKind::Text => &["text"],
        HoleKind::Mailbox => &["x", "\"x\""],
    }
}
