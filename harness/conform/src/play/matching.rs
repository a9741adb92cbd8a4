//! Matching: a response against the pattern of an `S:` line, as values and not as text.
//!
//! Pattern and response are both trees of tokens with places. What kind of response it is decides
//! for every place how values compare there (`form`): flags are a set, FETCH items a map, an
//! atom, a quoted string and a literal of the same value are equal where any of them may stand,
//! INBOX and keywords ignore case, dates are instants. Text for a person is not compared.
//!
//! Whether a response is legal is not asked here; the oracle says that of every frame.

mod body;
mod capture;
mod form;
mod map;
mod response;
mod set;
pub(super) mod tree;

use std::ops::Range;

pub use response::{Kind, Received};

use super::value::{Bindings, Value};
use crate::scenario::{Hole, Pattern, Span, Spanned, Token};
use form::Form;
use tree::{Node, NodeKind};

/// How many comparisons one match may take: more than any response needs that is not made to
/// waste time.
const MAX_COMPARISONS: usize = 4_000_000;

/// The innermost place where a response differs from a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What the pattern wants, as a fragment: `` `\Seen` ``, `a number`.
    pub expected: String,
    /// Where the pattern says so.
    pub span: Span,
    /// What stands there instead, as a fragment.
    pub found: String,
    /// Which of the response's frames it is: there are several only for merged FETCH responses.
    pub frame: usize,
    /// Octets of that frame.
    pub octets: Range<usize>,
    /// How many places agreed before: of several responses, the one with most is nearest.
    pub agreed: usize,
}

/// Matches a response with a pattern. Returns the bindings with what the holes captured.
///
/// Within `in order`, what is otherwise a set (`SEARCH`) has an order too.
///
/// ```
/// use imap_conform::{play::{Bindings, matching::{Received, match_response}}, scenario::*};
/// let word = |word: &str| Spanned { value: Token::Word(word.to_owned()), span: 0..0 };
/// let pattern = Pattern { tokens: vec![word("*"), word("23"), word("exists")] };
/// let bindings = Bindings::default();
/// let matches = |frame| match_response(&pattern, &Received::new(frame), &bindings, false);
/// assert!(matches(b"* 23 EXISTS\r\n").is_ok());
/// assert_eq!(matches(b"* 24 EXISTS\r\n").unwrap_err().octets, 2..4);
/// ```
///
/// # Errors
/// Where they differ, and how.
pub fn match_response(
    pattern: &Pattern,
    received: &Received<'_>,
    bindings: &Bindings,
    in_order: bool,
) -> Result<Bindings, Mismatch> {
    let mut matcher = Matcher {
        received,
        bindings: bindings.clone(),
        in_order,
        frame: 0,
        agreed: 0,
        comparisons: 0,
    };
    matcher.response(&pattern.tokens)?;
    Ok(matcher.bindings)
}

type Matched = Result<(), Mismatch>;

/// One match in progress.
struct Matcher<'r, 'f> {
    received: &'r Received<'f>,
    bindings: Bindings,
    in_order: bool,
    /// Which of the response's frames is looked at.
    frame: usize,
    agreed: usize,
    comparisons: usize,
}

/// What a token of the pattern comes to, once the values of its holes are known.
enum Wanted<'t> {
    Nil,
    Octets(std::borrow::Cow<'t, [u8]>),
    List(&'t [Spanned<Token>]),
}

impl Matcher<'_, '_> {
    /// Compares one value.
    fn value(&mut self, form: Form, token: &Spanned<Token>, node: &Node<'_>) -> Matched {
        self.comparisons += 1;
        if self.comparisons > MAX_COMPARISONS {
            return Err(self.mismatch("a response that can be compared in time", token, node));
        }
        let wanted = match &token.value {
            Token::Hole(hole) => return self.hole(form, hole, token, node),
            Token::Optional(inner) => return self.value(form, inner, node),
            Token::Word(word) if form.has_nil() && word.eq_ignore_ascii_case("NIL") => Wanted::Nil,
            Token::Word(word) => Wanted::Octets(word.as_bytes().into()),
            Token::String(octets) => Wanted::Octets(octets.into()),
            Token::Joined(parts) => Wanted::Octets(self.joined(parts, node)?.into()),
            Token::List(elements) => Wanted::List(elements),
            Token::Brackets(_) | Token::Origin(_) | Token::Forbidden(_) | Token::Rest => {
                return Err(self.mismatch(shown(&token.value), token, node));
            }
        };
        match wanted {
            Wanted::Nil if node.is_nil() => {
                self.agreed += 1;
                Ok(())
            }
            Wanted::Octets(octets) if form.is_same(&octets, token.value.is_string(), node) => {
                self.agreed += 1;
                Ok(())
            }
            // `body-fld-lang` allows one language in parentheses and without (RFC 3501 §9).
            Wanted::Octets(_) if form == Form::Language => match node.list() {
                Some([only]) => self.value(Form::CaselessNString, token, only),
                _ => Err(self.mismatch(shown(&token.value), token, node)),
            },
            Wanted::List([only]) if form == Form::Language && node.list().is_none() => {
                self.value(Form::CaselessNString, only, node)
            }
            Wanted::List(elements) => match node.list() {
                Some(nodes) => self.nested(form, elements, nodes, token, node),
                None => Err(self.mismatch(shown(&token.value), token, node)),
            },
            _ => Err(self.mismatch(shown(&token.value), token, node)),
        }
    }

    /// Compares what stands in parentheses.
    fn nested(
        &mut self,
        form: Form,
        elements: &[Spanned<Token>],
        nodes: &[Node<'_>],
        token: &Spanned<Token>,
        node: &Node<'_>,
    ) -> Matched {
        let whole = Whole { span: &token.span, octets: &node.octets };
        match form {
            Form::Set(element) => self.set(*element, elements, nodes, whole),
            Form::FetchFlags => self.fetch_flags(elements, nodes, whole),
            Form::Language => self.sequence(|_| Form::CaselessNString, elements, nodes, whole),
            Form::Tuple(forms) => {
                let form = |at: usize| forms.get(at).copied().unwrap_or(Form::Any);
                self.sequence(form, elements, nodes, whole)
            }
            Form::AString => self.sequence(|_| Form::AString, elements, nodes, whole),
            Form::ListOf(element) => self.sequence(|_| *element, elements, nodes, whole),
            Form::Pairs { name, value } => self.pairs(*name, *value, elements, nodes, whole),
            Form::Parameters => self.parameters(elements, nodes, whole),
            Form::StatusItems => self.map(map::Extras::Named, elements, nodes, whole),
            Form::FetchItems => self.map(map::Extras::Always, elements, nodes, whole),
            Form::Body => self.body(elements, nodes, whole),
            _ => self.sequence(|_| Form::Any, elements, nodes, whole),
        }
    }

    /// Compares element by element, in order. `...` skips any, `?` what may be absent.
    fn sequence(
        &mut self,
        form: impl Fn(usize) -> Form,
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        let mut at = 0;
        for (index, token) in tokens.iter().enumerate() {
            match &token.value {
                Token::Rest => at = at.max(nodes.len().saturating_sub(tokens.len() - index - 1)),
                Token::Forbidden(inner) => self.none_is(&form, inner, nodes)?,
                Token::Optional(inner) => {
                    if nodes.get(at).is_some_and(|node| self.agrees(form(at), inner, node)) {
                        at += 1;
                    }
                }
                _ => match nodes.get(at) {
                    Some(node) => {
                        self.value(form(at), token, node)?;
                        at += 1;
                    }
                    None => return Err(self.missing(token, whole)),
                },
            }
        }
        match nodes.get(at) {
            None => Ok(()),
            Some(extra) => Err(self.unexpected(extra, whole)),
        }
    }

    fn none_is(
        &mut self,
        form: impl Fn(usize) -> Form,
        token: &Spanned<Token>,
        nodes: &[Node<'_>],
    ) -> Matched {
        for (at, node) in nodes.iter().enumerate() {
            if self.agrees(form(at), token, node) {
                return Err(self.mismatch(format!("no {}", shown(&token.value)), token, node));
            }
        }
        Ok(())
    }

    /// Whether they are equal. Only then are holes bound.
    fn agrees(&mut self, form: Form, token: &Spanned<Token>, node: &Node<'_>) -> bool {
        let (before, agreed) = (self.bindings.clone(), self.agreed);
        let agrees = self.value(form, token, node).is_ok();
        if !agrees {
            (self.bindings, self.agreed) = (before, agreed);
        }
        agrees
    }

    fn hole(
        &mut self,
        form: Form,
        hole: &Hole,
        token: &Spanned<Token>,
        node: &Node<'_>,
    ) -> Matched {
        let Some(captured) = capture::capture(hole.kind, form, node) else {
            return Err(self.mismatch(capture::described(hole.kind), token, node));
        };
        let Some(name) = &hole.name else {
            self.agreed += 1;
            return Ok(());
        };
        let Some(value) = self.bindings.get(name).cloned() else {
            self.bindings.bind(name, captured);
            self.agreed += 1;
            return Ok(());
        };
        let bound =
            Spanned { value: capture::token(&value, &token.span), span: token.span.clone() };
        // Where it differs inside, the pattern shows no more than the name.
        self.value(form, &bound, node).map_err(|inner| Mismatch {
            expected: format!("`{value}`, the value of `{name}`"),
            ..inner
        })
    }

    /// The octets of words, strings and holes that are one value.
    fn joined(&self, parts: &[Spanned<Token>], node: &Node<'_>) -> Result<Vec<u8>, Mismatch> {
        let mut octets = Vec::new();
        for part in parts {
            match &part.value {
                Token::Word(word) => octets.extend_from_slice(word.as_bytes()),
                Token::String(string) => octets.extend_from_slice(string),
                Token::Hole(Hole { name: Some(name), .. }) => match self.bindings.get(name) {
                    Some(value) => match **value {
                        // A server without hierarchy has no delimiter to put between names.
                        Value::Nil => {}
                        ref value => octets.extend_from_slice(&value.octets()),
                    },
                    None => {
                        let expected = format!("the value of `{name}`, which it does not have");
                        return Err(self.mismatch(expected, part, node));
                    }
                },
                _ => return Err(self.mismatch(shown(&part.value), part, node)),
            }
        }
        Ok(octets)
    }

    // ---- how it is said ----

    fn mismatch(
        &self,
        expected: impl Into<String>,
        token: &Spanned<Token>,
        node: &Node<'_>,
    ) -> Mismatch {
        self.differs(expected, &token.span, &node.octets)
    }

    fn differs(&self, expected: impl Into<String>, span: &Span, octets: &Range<usize>) -> Mismatch {
        Mismatch {
            expected: expected.into(),
            span: span.clone(),
            found: self.received.shown(self.frame, octets.clone()),
            frame: self.frame,
            octets: octets.clone(),
            agreed: self.agreed,
        }
    }

    fn missing(&self, token: &Spanned<Token>, whole: Whole<'_>) -> Mismatch {
        self.differs(shown(&token.value), &token.span, whole.octets)
    }

    fn unexpected(&self, extra: &Node<'_>, whole: Whole<'_>) -> Mismatch {
        let found = self.received.shown(self.frame, extra.octets.clone());
        self.differs(format!("no {found} here"), whole.span, &extra.octets)
    }
}

/// What surrounds elements, in the pattern and in the frame.
#[derive(Clone, Copy)]
struct Whole<'w> {
    span: &'w Span,
    octets: &'w Range<usize>,
}

impl Token {
    /// Whether it is written as a string.
    fn is_string(&self) -> bool {
        match self {
            Self::String(_) => true,
            Self::Joined(parts) => parts.iter().any(|part| part.value.is_string()),
            _ => false,
        }
    }
}

/// A token as a fragment of a sentence.
fn shown(token: &Token) -> String {
    match token {
        Token::Hole(hole) => capture::described(hole.kind).to_owned(),
        _ => format!("`{}`", written(token)),
    }
}

/// A token as a scenario writes it.
fn written(token: &Token) -> String {
    let all = |tokens: &[Spanned<Token>]| {
        tokens.iter().map(|token| written(&token.value)).collect::<Vec<_>>()
    };
    match token {
        Token::Word(word) => word.clone(),
        Token::String(octets) => format!("\"{}\"", octets.escape_ascii()),
        Token::Hole(hole) => format!("${{{}}}", hole.name.as_deref().unwrap_or("_")),
        Token::List(elements) => format!("({})", all(elements).join(" ")),
        Token::Brackets(elements) => format!("[{}]", all(elements).join(" ")),
        Token::Origin(origin) => format!("<{}>", written(&origin.value)),
        Token::Optional(inner) => format!("{}?", written(&inner.value)),
        Token::Forbidden(inner) => format!("!{}", written(&inner.value)),
        Token::Joined(parts) => all(parts).concat(),
        Token::Rest => "...".to_owned(),
    }
}
