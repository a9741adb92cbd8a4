//! Names with values in any order: FETCH items, STATUS attributes, ESEARCH data, parameters.

use super::{Form, Matched, Matcher, Mismatch, Node, NodeKind, Whole, form::ENVELOPE, shown};
use crate::scenario::{Spanned, Token};

/// Whether items may be there of which the pattern does not speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extras {
    /// Always: a server may send any FETCH item at any time (RFC 3501 §7.4.2).
    Always,
    /// Only behind `...`.
    Named,
}

/// A name and its value in a response.
#[derive(Debug, Clone)]
pub(super) struct Item<'n, 'f> {
    /// Which of the response's frames it is in.
    pub(super) frame: usize,
    /// The name, with the section and the origin of `BODY[…]<…>`.
    pub(super) name: &'n [Node<'f>],
    pub(super) value: &'n Node<'f>,
}

/// A name and its value in a pattern.
struct Entry<'t> {
    name: Vec<&'t Spanned<Token>>,
    value: Option<&'t Spanned<Token>>,
    required: bool,
}

/// The items of a list; what is no item is left out.
pub(super) fn items<'n, 'f>(nodes: &'n [Node<'f>], frame: usize) -> Vec<Item<'n, 'f>> {
    let mut items = Vec::new();
    let mut rest = nodes;
    while !rest.is_empty() {
        let name = 1 + rest[1..].iter().take_while(|node| belongs_to_name(node)).count();
        let Some(value) = rest.get(name) else { break };
        items.push(Item { frame, name: &rest[..name], value });
        rest = &rest[name + 1..];
    }
    items
}

fn belongs_to_name(node: &Node<'_>) -> bool {
    matches!(node.kind, NodeKind::Brackets(_) | NodeKind::Origin(_))
}

impl Matcher<'_, '_> {
    /// Compares a map that is in one frame.
    pub(super) fn map(
        &mut self,
        extras: Extras,
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        self.map_of_items(extras, tokens, &items(nodes, self.frame), whole)
    }

    /// Compares a map. Where an item occurs more than once, one of its values has to fit.
    pub(super) fn map_of_items(
        &mut self,
        extras: Extras,
        tokens: &[Spanned<Token>],
        items: &[Item<'_, '_>],
        whole: Whole<'_>,
    ) -> Matched {
        let mut covered = vec![false; items.len()];
        let mut others = extras == Extras::Always;
        let mut rest = tokens;
        while let Some((token, after)) = rest.split_first() {
            rest = after;
            match &token.value {
                Token::Rest => others = true,
                Token::Forbidden(inner) => {
                    for item in items {
                        if self.is_named(&[inner], item.name) {
                            self.frame = item.frame;
                            let expected = format!("no {}", shown(&inner.value));
                            return Err(self.mismatch(expected, inner, &item.name[0]));
                        }
                    }
                }
                _ => {
                    let entry = entry(token, &mut rest);
                    self.item(&entry, items, &mut covered, whole)?;
                }
            }
        }
        match covered.iter().position(|covered| !covered) {
            Some(extra) if !others => {
                self.frame = items[extra].frame;
                Err(self.unexpected(&items[extra].name[0], whole))
            }
            _ => Ok(()),
        }
    }

    fn item(
        &mut self,
        entry: &Entry<'_>,
        items: &[Item<'_, '_>],
        covered: &mut [bool],
        whole: Whole<'_>,
    ) -> Matched {
        let mut nearest: Option<Mismatch> = None;
        for (item, covered) in items.iter().zip(covered) {
            let (frame, before) = (self.frame, self.bindings.clone());
            if *covered || !self.is_named(&entry.name, item.name) {
                continue;
            }
            self.frame = item.frame;
            let matched = match entry.value {
                Some(value) => self.value(form_of(item.name), value, item.value),
                None => Ok(()),
            };
            self.frame = frame;
            match matched {
                Ok(()) => {
                    *covered = true;
                    return Ok(());
                }
                Err(mismatch) => {
                    self.bindings = before;
                    nearest.get_or_insert(mismatch);
                }
            }
        }
        match (nearest, entry.name.first()) {
            (Some(mismatch), _) => Err(mismatch),
            (None, Some(name)) if entry.required => {
                let span = entry.name.last().map_or(name.span.end, |last| last.span.end);
                let written: String =
                    entry.name.iter().map(|token| super::written(&token.value)).collect();
                Err(self.differs(format!("`{written}`"), &(name.span.start..span), whole.octets))
            }
            _ => Ok(()),
        }
    }

    /// Whether an item has that name: case does not matter, nor the order of header fields. Where it
    /// has, the holes in the name are filled.
    fn is_named(&mut self, tokens: &[&Spanned<Token>], name: &[Node<'_>]) -> bool {
        let (before, agreed) = (self.bindings.clone(), self.agreed);
        let is_named = tokens.len() == name.len()
            && tokens.iter().zip(name).all(|(token, node)| match (&token.value, &node.kind) {
                (Token::Brackets(tokens), NodeKind::Brackets(nodes)) => {
                    let whole = Whole { span: &token.span, octets: &node.octets };
                    let form = |at: usize| match nodes.get(at).map(|node| &node.kind) {
                        Some(NodeKind::List(_)) => Form::Set(&Form::CaselessAString),
                        _ => Form::Keyword,
                    };
                    self.sequence(form, tokens, nodes, whole).is_ok()
                }
                (Token::Origin(origin), NodeKind::Origin(nodes)) => {
                    matches!(nodes.as_slice(), [node] if self.agrees(Form::Number, origin, node))
                }
                _ => self.agrees(Form::Keyword, token, node),
            });
        if !is_named {
            (self.bindings, self.agreed) = (before, agreed);
        }
        is_named
    }

    /// Compares names and values in turn, whatever the order of the pairs.
    pub(super) fn pairs(
        &mut self,
        name: Form,
        value: Form,
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        self.named_pairs(name, &|_| value, tokens, nodes, whole)
    }

    /// `body-fld-param`: names have no case (RFC 2045 §5.1), nor has a charset (RFC 2046 §4.1.2).
    pub(super) fn parameters(
        &mut self,
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        let value = |name: &Node<'_>| match &name.kind {
            NodeKind::String(name) if name.eq_ignore_ascii_case(b"CHARSET") => {
                Form::CaselessNString
            }
            _ => Form::NString,
        };
        self.named_pairs(Form::CaselessNString, &value, tokens, nodes, whole)
    }

    fn named_pairs(
        &mut self,
        name: Form,
        value: &dyn Fn(&Node<'_>) -> Form,
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        let others = tokens.iter().any(|token| token.value == Token::Rest);
        let wanted: Vec<_> = tokens.iter().filter(|token| token.value != Token::Rest).collect();
        let mut covered = vec![false; nodes.len().div_ceil(2)];
        for pair in wanted.chunks(2) {
            let mut nearest = None;
            let mut present = false;
            for (found, covered) in nodes.chunks(2).zip(&mut covered) {
                let (before, agreed) = (self.bindings.clone(), self.agreed);
                if *covered || !self.agrees(name, pair[0], &found[0]) {
                    continue;
                }
                let matched = match (pair.get(1), found.get(1)) {
                    (Some(token), Some(node)) => self.value(value(&found[0]), token, node),
                    (None, None) => Ok(()),
                    _ => Err(self.mismatch(shown(&pair[0].value), pair[0], &found[0])),
                };
                match matched {
                    Ok(()) => {
                        (*covered, present) = (true, true);
                        break;
                    }
                    Err(mismatch) => {
                        (self.bindings, self.agreed) = (before, agreed);
                        nearest.get_or_insert(mismatch);
                    }
                }
            }
            if !present {
                return Err(nearest.unwrap_or_else(|| self.missing(pair[0], whole)));
            }
        }
        match covered.iter().position(|covered| !covered) {
            Some(extra) if !others => Err(self.unexpected(&nodes[extra * 2], whole)),
            _ => Ok(()),
        }
    }
}

/// The entry that begins with a token; takes the rest of its name and its value from `rest`.
fn entry<'t>(token: &'t Spanned<Token>, rest: &mut &'t [Spanned<Token>]) -> Entry<'t> {
    let (first, mut required) = match &token.value {
        Token::Optional(inner) => (&**inner, false),
        _ => (token, true),
    };
    let mut name = vec![first];
    while let Some((token @ Spanned { value: Token::Brackets(_) | Token::Origin(_), .. }, after)) =
        rest.split_first()
    {
        name.push(token);
        *rest = after;
    }
    let mut value = None;
    if let Some((token, after)) = rest.split_first()
        && token.value != Token::Rest
    {
        *rest = after;
        required &= !matches!(token.value, Token::Optional(_));
        value = Some(token);
    }
    Entry { name, value, required }
}

/// How the value of an item is compared.
fn form_of(name: &[Node<'_>]) -> Form {
    let [first, rest @ ..] = name else { return Form::Any };
    if !rest.is_empty() {
        return Form::NString;
    }
    let Some(word) = first.word() else { return Form::Any };
    match word.to_ascii_uppercase().as_slice() {
        b"FLAGS" => Form::FetchFlags,
        b"INTERNALDATE" => Form::DateTime,
        b"ENVELOPE" => ENVELOPE,
        b"BODY" | b"BODYSTRUCTURE" => Form::Body,
        b"RFC822" | b"RFC822.HEADER" | b"RFC822.TEXT" => Form::NString,
        b"MODSEQ" => Form::ListOf(&Form::Number),
        b"ALL" => Form::SequenceSet,
        b"UID" | b"RFC822.SIZE" | b"MESSAGES" | b"RECENT" | b"UIDNEXT" | b"UIDVALIDITY"
        | b"UNSEEN" | b"HIGHESTMODSEQ" | b"MIN" | b"MAX" | b"COUNT" => Form::Number,
        _ => Form::Any,
    }
}
