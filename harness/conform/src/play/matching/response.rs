//! Whole responses: which kind they are, and what each kind holds.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use super::{
    Form, Matched, Matcher, Mismatch, Node, NodeKind, Whole,
    form::{ID, LIST_EXTENDED, NAMESPACE},
    map::{Extras, items},
    shown,
    tree::{is_status, tokens},
};
use crate::{
    scenario::{Pattern, Spanned, Token},
    wire::fragment,
};

/// A frame, or several FETCH responses about the same message taken together.
#[derive(Debug, Clone)]
pub struct Received<'f> {
    frames: Vec<Arc<Framed<'f>>>,
}

#[derive(Debug)]
struct Framed<'f> {
    octets: &'f [u8],
    tokens: Vec<Node<'f>>,
}

/// What a response is about, before one looks inside.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `+`
    Continue,
    /// The completion of the command with this tag.
    Tagged(Vec<u8>),
    /// Untagged: `FETCH`, `EXISTS`, `OK`, in upper case.
    Untagged(String),
}

impl<'f> Received<'f> {
    /// A frame, its final CRLF included. It need not be legal.
    pub fn new(octets: &'f [u8]) -> Self {
        Self { frames: vec![Arc::new(Framed { octets, tokens: tokens(octets) })] }
    }

    /// FETCH responses about the same message, taken as one with all their items.
    pub fn merged(fetches: &[&Self]) -> Self {
        let frames = fetches.iter().flat_map(|fetch| &fetch.frames).cloned();
        Self { frames: frames.collect() }
    }

    /// Takes another FETCH response about the same message together with it.
    pub(in crate::play) fn add(&mut self, fetch: &Self) {
        self.frames.extend(fetch.frames.iter().cloned());
    }

    /// The names of FETCH's items, in upper case: `FLAGS`, `BODY[1]<0>`. UID is none: it says which
    /// message they are of, in each piece of an answer to UID FETCH (RFC 3501 §6.4.8).
    pub(in crate::play) fn item_names(&self) -> BTreeSet<Vec<u8>> {
        let mut names = BTreeSet::new();
        for framed in &self.frames {
            let nodes = framed.tokens.get(3).and_then(Node::list).unwrap_or_default();
            names.extend(items(nodes, 0).iter().filter_map(|item| {
                let octets = item.name.first()?.octets.start..item.name.last()?.octets.end;
                framed.octets.get(octets).map(<[u8]>::to_ascii_uppercase)
            }));
        }
        names.remove(b"UID".as_slice());
        names
    }

    /// Which kind of response it is.
    pub fn kind(&self) -> Kind {
        let tokens = self.tokens();
        let word = |at: usize| tokens.get(at).and_then(Node::word);
        let upper = |word: &[u8]| String::from_utf8_lossy(&word.to_ascii_uppercase()).into_owned();
        match (word(0), word(1), word(2)) {
            (Some(b"+"), ..) => Kind::Continue,
            (Some(b"*"), Some(number), Some(keyword)) if is_number(number) => {
                Kind::Untagged(upper(keyword))
            }
            (Some(b"*"), keyword, _) => Kind::Untagged(keyword.map(upper).unwrap_or_default()),
            (tag, ..) => Kind::Tagged(tag.unwrap_or_default().to_vec()),
        }
    }

    /// The message that EXISTS, EXPUNGE or FETCH is about, or how many there are.
    pub fn number(&self) -> Option<u64> {
        let tokens = self.tokens();
        let is_untagged = tokens.first().is_some_and(|first| first.is_word("*"));
        tokens.get(1).filter(|_| is_untagged)?.word().and_then(super::form::number)
    }

    /// The frames' octets, in the order in which they came.
    fn tokens(&self) -> &[Node<'f>] {
        self.frames.first().map_or(&[], |framed| &framed.tokens)
    }

    /// Octets of a frame as a fragment of a sentence.
    pub(super) fn shown(&self, frame: usize, octets: Range<usize>) -> String {
        let whole = self.frames.get(frame).map_or(&[][..], |framed| framed.octets);
        fragment(whole, octets)
    }
}

fn is_number(word: &[u8]) -> bool {
    !word.is_empty() && word.iter().all(u8::is_ascii_digit)
}

impl Pattern {
    /// The kinds of response that can match; several where a status may be one or the other.
    pub fn kinds(&self) -> Vec<Kind> {
        let word = |at: usize| match self.tokens.get(at).map(|token| &token.value) {
            Some(Token::Word(word)) => Some(word.as_str()),
            _ => None,
        };
        match (word(0), word(1), word(2)) {
            (Some("+"), ..) => vec![Kind::Continue],
            (Some("*"), Some(status), _) if is_status_pattern(status) => {
                status.split('/').map(|one| Kind::Untagged(one.to_ascii_uppercase())).collect()
            }
            (Some("*"), Some(keyword), _) if !is_number(keyword.as_bytes()) => {
                vec![Kind::Untagged(keyword.to_ascii_uppercase())]
            }
            (Some("*"), _, keyword) => {
                vec![Kind::Untagged(keyword.unwrap_or_default().to_ascii_uppercase())]
            }
            (tag, ..) => vec![Kind::Tagged(tag.unwrap_or_default().as_bytes().to_vec())],
        }
    }
}

fn is_status_pattern(word: &str) -> bool {
    word.split('/').all(|status| is_status(status.as_bytes()))
}

impl Matcher<'_, '_> {
    pub(super) fn response(&mut self, pattern: &[Spanned<Token>]) -> Matched {
        let received = self.received;
        let nodes = received.tokens();
        let end = self.end();
        let span = pattern.first().map_or(0, |token| token.span.start)
            ..pattern.last().map_or(0, |token| token.span.end);
        let whole = Whole { span: &span, octets: &end };
        let (Some(first), Some(node)) = (pattern.first(), nodes.first()) else {
            return Err(self.differs("a response", &span, &end));
        };
        // Tags have a case, as everything the client makes up.
        let same_start = matches!(&first.value, Token::Word(word)
            if node.word() == Some(word.as_bytes()));
        if !same_start {
            return Err(self.mismatch(shown(&first.value), first, node));
        }
        let word = |at: usize| match pattern.get(at).map(|token| &token.value) {
            Some(Token::Word(word)) => Some(word.as_str()),
            _ => None,
        };
        if word(0) == Some("+") {
            self.agreed += 1;
            return self.code_and_text(&pattern[1..], &nodes[1..], whole);
        }
        match (word(1), word(2)) {
            (Some(status), _) if is_status_pattern(status) => {
                // A completion of the right command is near, whatever it says.
                self.agreed += usize::from(word(0) != Some("*"));
                self.status(&pattern[1], status, nodes.get(1), whole)?;
                self.code_and_text(&pattern[2..], &nodes[2..], whole)
            }
            (keyword, _) if keyword.is_some_and(|keyword| !is_number(keyword.as_bytes())) => {
                self.keyword(pattern, nodes, 1, whole)?;
                let keyword = keyword.unwrap_or_default();
                self.data(keyword, &pattern[2..], &nodes[2..], whole)
            }
            (_, Some(keyword)) => {
                self.keyword(pattern, nodes, 2, whole)?;
                self.value(Form::Number, &pattern[1], &nodes[1])?;
                match keyword.eq_ignore_ascii_case("FETCH") {
                    true => self.fetch(&pattern[3..], whole),
                    false => self.sequence(|_| Form::Any, &pattern[3..], &nodes[3..], whole),
                }
            }
            _ => self.sequence(|_| Form::Any, &pattern[1..], &nodes[1..], whole),
        }
    }

    /// The octets of the frame behind its last token.
    fn end(&self) -> Range<usize> {
        let end = self.received.tokens().last().map_or(0, |last| last.octets.end);
        end..end
    }

    fn status(
        &mut self,
        token: &Spanned<Token>,
        status: &str,
        node: Option<&Node<'_>>,
        whole: Whole<'_>,
    ) -> Matched {
        let Some(node) = node else { return Err(self.missing(token, whole)) };
        if !status.split('/').any(|status| node.is_word(status)) {
            return Err(Mismatch {
                // The text says why it is another.
                found: self.received.shown(0, node.octets.start..whole.octets.end),
                ..self.mismatch(shown(&token.value), token, node)
            });
        }
        self.agreed += 1;
        Ok(())
    }

    fn keyword(
        &mut self,
        pattern: &[Spanned<Token>],
        nodes: &[Node<'_>],
        at: usize,
        whole: Whole<'_>,
    ) -> Matched {
        match nodes.get(at) {
            Some(node) => self.value(Form::Keyword, &pattern[at], node),
            None => Err(self.missing(&pattern[at], whole)),
        }
    }

    /// A code and text, which the pattern need not mention.
    fn code_and_text(
        &mut self,
        pattern: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        let (code, text) = match nodes {
            [node @ Node { kind: NodeKind::Brackets(inside), .. }, rest @ ..] => {
                (Some((node, inside)), rest.first())
            }
            _ => (None, nodes.first()),
        };
        for token in pattern {
            match (&token.value, code, text) {
                (Token::Brackets(tokens), Some((node, nodes)), _) => {
                    self.code(tokens, nodes, Whole { span: &token.span, octets: &node.octets })?;
                }
                (Token::Hole(_), _, Some(text)) => self.value(Form::Any, token, text)?,
                (_, _, Some(text)) => return Err(self.mismatch(shown(&token.value), token, text)),
                _ => return Err(self.missing(token, whole)),
            }
        }
        Ok(())
    }

    /// What stands in the brackets of a response code.
    fn code(&mut self, tokens: &[Spanned<Token>], nodes: &[Node<'_>], whole: Whole<'_>) -> Matched {
        let (Some(name), Some(node)) = (tokens.first(), nodes.first()) else {
            return match tokens.first() {
                Some(name) => Err(self.missing(name, whole)),
                None => Ok(()),
            };
        };
        self.value(Form::Keyword, name, node)?;
        let word = node.word().unwrap_or_default().to_ascii_uppercase();
        let (tokens, nodes) = (&tokens[1..], &nodes[1..]);
        let arguments: &[Form] = match word.as_slice() {
            b"CAPABILITY" => return self.set(Form::Keyword, tokens, nodes, whole),
            b"BADCHARSET" => &[Form::Set(&Form::CaselessAString)],
            b"PERMANENTFLAGS" => &[Form::Set(&Form::Flag)],
            b"UIDNEXT" | b"UIDVALIDITY" | b"UNSEEN" | b"HIGHESTMODSEQ" => &[Form::Number],
            b"APPENDUID" => &[Form::Number, Form::UidSet],
            b"COPYUID" => &[Form::Number, Form::UidSet, Form::UidSet],
            b"MODIFIED" => &[Form::SequenceSet],
            _ => &[],
        };
        self.tuple(arguments, tokens, nodes, whole)
    }

    /// What follows the keyword of untagged data.
    fn data(
        &mut self,
        keyword: &str,
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        let forms: &[Form] = match keyword.to_ascii_uppercase().as_str() {
            "CAPABILITY" | "ENABLED" => return self.set(Form::Keyword, tokens, nodes, whole),
            "SEARCH" if self.in_order => {
                return self.sequence(|_| Form::Number, tokens, nodes, whole);
            }
            "SEARCH" => return self.set(Form::Number, tokens, nodes, whole),
            "LIST" | "LSUB" => {
                // Extended data is only for those who ask (RFC 5258 §3.4); the oracle minds that.
                let nodes = &nodes[..nodes.len().min(tokens.len().max(3))];
                let forms =
                    [Form::Set(&Form::Keyword), Form::NString, Form::Mailbox, LIST_EXTENDED];
                return self.tuple(&forms, tokens, nodes, whole);
            }
            "ESEARCH" => return self.esearch(tokens, nodes, whole),
            "FLAGS" => &[Form::Set(&Form::Flag)],
            "STATUS" => &[Form::Mailbox, Form::StatusItems],
            "NAMESPACE" => &[NAMESPACE, NAMESPACE, NAMESPACE],
            "ID" => &[ID],
            "VANISHED" if nodes.len() > 1 => &[Form::Set(&Form::Keyword), Form::SequenceSet],
            "VANISHED" => &[Form::SequenceSet],
            _ => &[],
        };
        self.tuple(forms, tokens, nodes, whole)
    }

    fn tuple(
        &mut self,
        forms: &[Form],
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        self.sequence(|at| forms.get(at).copied().unwrap_or(Form::Any), tokens, nodes, whole)
    }

    /// ESEARCH: `[(TAG "…")] [UID] {name value}` (RFC 4731 §4). What the pattern does not say of
    /// the first two does not matter.
    fn esearch(
        &mut self,
        mut tokens: &[Spanned<Token>],
        mut nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        let mut correlator = None;
        if let [node, rest @ ..] = nodes
            && node.list().is_some()
        {
            (correlator, nodes) = (Some(node), rest);
        }
        if let [token @ Spanned { value: Token::List(_) | Token::Hole(_), .. }, rest @ ..] = tokens
        {
            match correlator {
                Some(node) => self.value(CORRELATOR, token, node)?,
                None => return Err(self.missing(token, whole)),
            }
            tokens = rest;
        }
        let mut by_uid = None;
        if let [node, rest @ ..] = nodes
            && node.is_word("UID")
        {
            (by_uid, nodes) = (Some(node), rest);
        }
        if let [token, rest @ ..] = tokens
            && is_uid(&token.value)
        {
            match by_uid {
                Some(node) => self.value(Form::Keyword, token, node)?,
                None => return Err(self.missing(token, whole)),
            }
            tokens = rest;
        }
        self.map(Extras::Named, tokens, nodes, whole)
    }

    fn fetch(&mut self, tokens: &[Spanned<Token>], whole: Whole<'_>) -> Matched {
        let received = self.received;
        let lists: Vec<_> = received
            .frames
            .iter()
            .map(|framed| framed.tokens.get(3).and_then(|node| Some((node, node.list()?))))
            .collect();
        match (tokens, lists.first()) {
            ([token], Some(Some((node, _)))) => match &token.value {
                Token::List(elements) => {
                    let items = lists.iter().enumerate().filter_map(|(frame, list)| {
                        let (_, nodes) = (*list)?;
                        Some(items(nodes, frame))
                    });
                    let items: Vec<_> = items.flatten().collect();
                    let whole = Whole { span: &token.span, octets: &node.octets };
                    self.map_of_items(Extras::Always, elements, &items, whole)
                }
                _ => self.value(Form::FetchItems, token, node),
            },
            ([], _) => Ok(()),
            ([token, ..], _) => Err(self.missing(token, whole)),
        }
    }
}

const CORRELATOR: Form = Form::Tuple(&[Form::Keyword, Form::NString]);

fn is_uid(token: &Token) -> bool {
    matches!(token, Token::Word(word) if word.eq_ignore_ascii_case("UID"))
}
