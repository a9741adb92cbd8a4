//! Lists whose order does not matter.

use super::{Form, Matched, Matcher, Node, Whole, shown};
use crate::scenario::{Hole, Spanned, Token};

impl Matcher<'_, '_> {
    /// Compares a set: each element of the pattern is there or may be absent, none is there that
    /// must not be, and others only behind `...`.
    pub(super) fn set(
        &mut self,
        form: Form,
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        let mut covered = vec![false; nodes.len()];
        // Holes take what is left, so that they never take what a word names.
        let mut holes = Vec::new();
        let mut others = false;
        for token in tokens {
            let (inner, required) = match &token.value {
                Token::Rest => {
                    others = true;
                    continue;
                }
                Token::Forbidden(inner) => {
                    self.none_is(|_| form, inner, nodes)?;
                    continue;
                }
                Token::Optional(inner) => (&**inner, false),
                _ => (token, true),
            };
            if self.is_open(inner) {
                holes.push((inner, required));
                continue;
            }
            let mut present = false;
            for (node, covered) in nodes.iter().zip(&mut covered) {
                if self.agrees(form, inner, node) {
                    (*covered, present) = (true, true);
                }
            }
            if required && !present {
                return Err(self.missing(inner, whole));
            }
        }
        self.fill(form, &holes, nodes, &mut covered, whole)?;
        match covered.iter().position(|covered| !covered) {
            Some(extra) if !others => Err(self.unexpected(&nodes[extra], whole)),
            _ => Ok(()),
        }
    }

    /// The flags of a message. `\Recent` is nobody's business but the server's, and it may define
    /// keywords (RFC 3501 §2.3.2), which begin with `$` by custom (RFC 5788): neither counts unless the
    /// pattern speaks of it.
    pub(super) fn fetch_flags(
        &mut self,
        tokens: &[Spanned<Token>],
        nodes: &[Node<'_>],
        whole: Whole<'_>,
    ) -> Matched {
        let is_spoken_of = |node: &Node<'_>| {
            tokens.iter().any(|token| match &token.value {
                Token::Optional(inner) | Token::Forbidden(inner) => self.names(inner, node),
                _ => self.names(token, node),
            })
        };
        let is_the_servers = |node: &Node<'_>| {
            let is_keyword = node.word().is_some_and(|word| word.starts_with(b"$"));
            (is_keyword || node.is_word("\\Recent")) && !is_spoken_of(node)
        };
        let others = nodes.iter().filter(|node| !is_the_servers(node)).cloned();
        self.set(Form::Flag, tokens, &others.collect::<Vec<_>>(), whole)
    }

    /// Gives every hole an element that nothing else covers.
    fn fill(
        &mut self,
        form: Form,
        holes: &[(&Spanned<Token>, bool)],
        nodes: &[Node<'_>],
        covered: &mut [bool],
        whole: Whole<'_>,
    ) -> Matched {
        let Some(((hole, required), rest)) = holes.split_first() else { return Ok(()) };
        let mut nearest = None;
        for (at, node) in nodes.iter().enumerate() {
            if covered[at] {
                continue;
            }
            let before = self.bindings.clone();
            let filled = self.value(form, hole, node).and_then(|()| {
                covered[at] = true;
                self.fill(form, rest, nodes, covered, whole)
            });
            match filled {
                Ok(()) => return Ok(()),
                Err(mismatch) => {
                    covered[at] = false;
                    self.bindings = before;
                    nearest.get_or_insert(mismatch);
                }
            }
        }
        match nearest {
            _ if !required => self.fill(form, rest, nodes, covered, whole),
            Some(mismatch) => Err(mismatch),
            None => Err(self.differs(shown(&hole.value), &hole.span, whole.octets)),
        }
    }

    /// Whether the flag is the one of which the token speaks; an open hole speaks of any.
    fn names(&self, token: &Spanned<Token>, node: &Node<'_>) -> bool {
        match &token.value {
            Token::Word(word) => node.is_word(word),
            Token::Hole(Hole { name: Some(name), .. }) => match self.bindings.get(name) {
                Some(value) => node.is_word(&String::from_utf8_lossy(&value.octets())),
                None => true,
            },
            Token::Hole(_) => true,
            _ => false,
        }
    }

    /// Whether it is a hole that has no value yet.
    fn is_open(&self, token: &Spanned<Token>) -> bool {
        match &token.value {
            Token::Hole(Hole { name: None, .. }) => true,
            Token::Hole(Hole { name: Some(name), .. }) => self.bindings.get(name).is_none(),
            _ => false,
        }
    }
}
