//! What a response looks like: the fragments of an `S:` line to tokens.
//!
//! A pattern is matched as a value, so the tokens know nothing of how a string is written, and of
//! spaces only that they separate. Whether the response could be legal at all is for [`legal`].

mod legal;

use super::{
    Hole, HoleKind, Span, Spanned, Token,
    diagnostic::Problem,
    syntax::{Fragment, HoleSyntax, LiteralForm, Part},
};

pub(super) use legal::check as check_legal;

/// How deep parentheses may nest; as deep as the grammar allows.
const MAX_DEPTH: usize = imap_grammar::MAX_DEPTH as usize;

/// Untagged data that is a set without parentheses around it.
const BARE_SETS: [&str; 3] = ["CAPABILITY", "ENABLED", "SEARCH"];

/// What knows the names of a scenario and the files it refers to.
pub(super) trait Surroundings {
    /// The hole, of the kind it has had so far. `joined` holes must have a value already.
    fn hole(&mut self, hole: &HoleSyntax, joined: bool) -> Result<Hole, Problem>;

    /// What the fixture says the hole stands for, where that is a pattern and no value.
    fn expected(&mut self, hole: &HoleSyntax) -> Result<Option<Vec<Fragment>>, Problem>;

    /// The octets of a file beside the fixtures.
    fn file(&mut self, name: &Spanned<String>) -> Result<Vec<u8>, Problem>;
}

/// The tokens of a response.
pub(super) fn tokens(
    fragments: &[Fragment],
    surroundings: &mut dyn Surroundings,
) -> Result<Vec<Spanned<Token>>, Problem> {
    let mut reader = Reader { units: units(fragments), at: 0, bare_set: false, surroundings };
    reader.sequence(None, 0)
}

/// What cannot be divided further.
enum Unit<'f> {
    Char(char),
    Blank,
    Quoted(&'f [Part]),
    Hole(&'f HoleSyntax),
    Literal(&'f LiteralForm),
}

fn units(fragments: &[Fragment]) -> Vec<Spanned<Unit<'_>>> {
    let mut units = Vec::new();
    for fragment in fragments {
        let (value, span) = match fragment {
            Fragment::Text(text) => {
                let mut end = text.span.start;
                for (at, c) in text.value.char_indices() {
                    // What says `${` here is written `$${`, or it would be a hole.
                    let escape = usize::from(text.value[at..].starts_with("${"));
                    let start = end;
                    end += escape + c.len_utf8();
                    let unit = if matches!(c, ' ' | '\t') { Unit::Blank } else { Unit::Char(c) };
                    units.push(Spanned { value: unit, span: start..end });
                }
                continue;
            }
            Fragment::Quoted(quoted) => (Unit::Quoted(&quoted.value), quoted.span.clone()),
            Fragment::Hole(hole) => (Unit::Hole(hole), hole.span.clone()),
            Fragment::Literal(literal) => {
                (Unit::Literal(&literal.form), literal.announcement.clone())
            }
            Fragment::Prose(_) => continue,
            // Only what a client sends has it.
            Fragment::Base64(_) => continue,
            Fragment::Wrap | Fragment::Prefix => {
                let end = units.last().map_or(0, |unit: &Spanned<Unit<'_>>| unit.span.end);
                (Unit::Blank, end..end)
            }
        };
        units.push(Spanned { value, span });
    }
    units
}

struct Reader<'f, 's> {
    units: Vec<Spanned<Unit<'f>>>,
    at: usize,
    /// Whether the top level is a set.
    bare_set: bool,
    surroundings: &'s mut dyn Surroundings,
}

/// What surrounds an element.
#[derive(Clone, Copy)]
struct Within {
    /// Whether it is an element of a set.
    set: bool,
    /// What ends the list, the code, the section.
    close: Option<char>,
    depth: usize,
}

/// A list or code that is not closed yet.
struct Opened {
    span: Span,
    close: char,
}

impl Opened {
    fn message(&self) -> String {
        let open = match self.close {
            ')' => '(',
            ']' => '[',
            _ => '<',
        };
        format!("`{open}` is not closed")
    }
}

impl Reader<'_, '_> {
    fn peek(&self) -> Option<&Unit<'_>> {
        self.units.get(self.at).map(|unit| &unit.value)
    }

    fn char(&self) -> Option<char> {
        match self.peek() {
            Some(&Unit::Char(c)) => Some(c),
            _ => None,
        }
    }

    fn span(&self) -> Span {
        let end = self.units.last().map_or(0, |unit| unit.span.end);
        self.units.get(self.at).map_or(end..end, |unit| unit.span.clone())
    }

    /// The end of what was read last.
    fn end(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |last| self.units[last].span.end)
    }

    /// Tokens up to the closing character, or to the end.
    fn sequence(&mut self, opened: Option<Opened>, depth: usize) -> Read<Vec<Spanned<Token>>> {
        if depth > MAX_DEPTH {
            return Err(Problem::new(self.span(), "parentheses nest at most 100 deep"));
        }
        let mut tokens: Vec<Spanned<Token>> = Vec::new();
        let mut blank = true;
        loop {
            let span = self.span();
            match (self.peek(), &opened) {
                (None, None) => return Ok(tokens),
                (None, Some(opened)) => {
                    return Err(Problem::new(opened.span.clone(), opened.message())
                        .label(format!("no `{}` follows", opened.close)));
                }
                (Some(Unit::Blank), _) => {
                    self.at += 1;
                    blank = true;
                    continue;
                }
                (Some(&Unit::Char(c)), Some(opened)) if c == opened.close => {
                    self.at += 1;
                    return Ok(tokens);
                }
                (Some(Unit::Char(c @ (')' | '}'))), _) => {
                    return Err(Problem::new(span, format!("`{c}` closes nothing"))
                        .label("nothing is open")
                        .help(
                            "what is not legal cannot be expected; a string is written `\"…\"`",
                        ));
                }
                _ => {}
            }
            let within = Within {
                set: depth > 0 || self.bare_set && tokens.len() > 1,
                close: opened.as_ref().map(|opened| opened.close),
                depth,
            };
            let token = match self.bracketed(&tokens, blank, depth)? {
                Some(token) => token,
                None => self.element(within)?,
            };
            if depth == 0 && tokens.len() == 1 {
                self.bare_set = matches!(&token.value, Token::Word(word)
                    if BARE_SETS.iter().any(|set| set.eq_ignore_ascii_case(word)));
            }
            tokens.push(token);
            blank = false;
        }
    }

    /// A code behind a status, a section behind `BODY`, an origin behind a section.
    fn bracketed(
        &mut self,
        before: &[Spanned<Token>],
        blank: bool,
        depth: usize,
    ) -> Read<Option<Spanned<Token>>> {
        let start = self.span().start;
        let last = before.last().map(|token| &token.value);
        match (self.char(), last) {
            (Some('['), Some(Token::Word(word)))
                if !blank && is_body(word)
                    || depth == 0 && before.len() == 2 && is_status(word)
                    || depth == 0 && before.len() == 1 && word == "+" =>
            {
                let opened = Opened { span: self.span(), close: ']' };
                self.at += 1;
                let value = Token::Brackets(self.sequence(Some(opened), depth + 1)?);
                Ok(Some(Spanned { value, span: start..self.end() }))
            }
            (Some('<'), Some(Token::Brackets(_))) if !blank => {
                let opened = Opened { span: self.span(), close: '>' };
                self.at += 1;
                let mut inside = self.sequence(Some(opened), depth + 1)?;
                let span = start..self.end();
                match (inside.pop(), inside.is_empty()) {
                    (Some(origin), true) => {
                        Ok(Some(Spanned { value: Token::Origin(Box::new(origin)), span }))
                    }
                    _ => Err(Problem::new(span, "an origin is one number")
                        .label("expected `<0>` or `<${name: number}>`")),
                }
            }
            _ => Ok(None),
        }
    }

    /// A value with its marks.
    fn element(&mut self, within: Within) -> Read<Spanned<Token>> {
        let start = self.span().start;
        let forbidden = within.set && self.char() == Some('!') && {
            self.at += 1;
            true
        };
        let mut token = if self.char() == Some('(') {
            let opened = Opened { span: self.span(), close: ')' };
            self.at += 1;
            let value = Token::List(self.sequence(Some(opened), within.depth + 1)?);
            Spanned { value, span: start..self.end() }
        } else {
            self.value(within)?
        };
        if token.value == Token::Word("...".to_owned()) {
            if !within.set || forbidden {
                return Err(Problem::new(token.span, "`...` stands where there is no set")
                    .label("not among the elements of a set")
                    .help("any one value is `${_}`; extra FETCH items are always allowed"));
            }
            token.value = Token::Rest;
            return Ok(token);
        }
        let optional = within.set && self.char() == Some('?') && {
            self.at += 1;
            true
        };
        let span = start..self.end();
        match (forbidden, optional) {
            (false, false) => Ok(token),
            (true, false) => Ok(Spanned { value: Token::Forbidden(Box::new(token)), span }),
            (false, true) => Ok(Spanned { value: Token::Optional(Box::new(token)), span }),
            (true, true) => Err(Problem::new(span, "an element cannot be optional and forbidden")
                .label("both `!` and `?`")),
        }
    }

    /// Words, strings and holes up to a blank or a parenthesis: one value.
    fn value(&mut self, within: Within) -> Read<Spanned<Token>> {
        let start = self.at;
        let joined = self.parts_of_value(within) > 1;
        self.at = start;
        if let Some(Spanned { value: Unit::Hole(hole), span }) = self.units.get(start)
            && let Some(fragments) = self.surroundings.expected(hole)?
        {
            self.at += 1;
            return expected(&fragments, span, self.surroundings);
        }
        let mut parts: Vec<Spanned<Token>> = Vec::new();
        while let Some(unit) = self.units.get(self.at) {
            let span = unit.span.clone();
            let value = match unit.value {
                Unit::Blank => break,
                Unit::Char(_) if self.ends_value(&parts, within) => break,
                Unit::Char(c) => {
                    self.at += 1;
                    match parts.last_mut() {
                        Some(Spanned { value: Token::Word(word), span: whole }) => {
                            word.push(c);
                            whole.end = span.end;
                            continue;
                        }
                        _ => Token::Word(c.to_string()),
                    }
                }
                Unit::Quoted(content) => {
                    self.at += 1;
                    self.string(content, joined)?
                }
                Unit::Hole(hole) => {
                    self.at += 1;
                    Token::Hole(self.surroundings.hole(hole, joined)?)
                }
                Unit::Literal(literal) => {
                    self.at += 1;
                    match literal {
                        LiteralForm::Inline(content) | LiteralForm::Block { content, .. } => {
                            self.string(content, joined)?
                        }
                        LiteralForm::Printed { content, .. } => Token::String(content.clone()),
                        LiteralForm::File(name) => Token::String(self.surroundings.file(name)?),
                    }
                }
            };
            parts.push(Spanned { value, span });
        }
        let whole = parts.first().map_or(self.span(), |first| first.span.start..self.end());
        match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                parts.push(last);
                Ok(Spanned { value: Token::Joined(parts), span: whole })
            }
            (None, _) => {
                Err(Problem::new(self.span(), "a value was expected").label("not a value"))
            }
        }
    }

    /// How many parts the value has that begins here.
    fn parts_of_value(&mut self, within: Within) -> usize {
        let mut parts: Vec<Spanned<Token>> = Vec::new();
        while let Some(unit) = self.units.get(self.at) {
            match unit.value {
                Unit::Blank => break,
                Unit::Char(_) if self.ends_value(&parts, within) => break,
                Unit::Char(c) => match parts.last_mut() {
                    Some(Spanned { value: Token::Word(word), .. }) => word.push(c),
                    _ => {
                        let value = Token::Word(c.to_string());
                        parts.push(Spanned { value, span: unit.span.clone() });
                    }
                },
                // Which string or hole it is makes no difference here.
                _ => {
                    let value = Token::String(Vec::new());
                    parts.push(Spanned { value, span: unit.span.clone() });
                }
            }
            self.at += 1;
        }
        parts.len()
    }

    /// Whether the character here does not belong to the value that has these parts.
    fn ends_value(&self, parts: &[Spanned<Token>], within: Within) -> bool {
        match self.char() {
            Some('(' | ')') => true,
            Some('[') => {
                matches!(parts, [Spanned { value: Token::Word(word), .. }] if is_body(word))
            }
            Some('?') => within.set && !parts.is_empty() && self.is_last_char(),
            Some(c) => within.close == Some(c),
            None => false,
        }
    }

    /// Whether nothing of the same value follows.
    fn is_last_char(&self) -> bool {
        matches!(
            self.units.get(self.at + 1).map(|unit| &unit.value),
            None | Some(Unit::Blank | Unit::Char(')' | ']'))
        )
    }

    /// A string, in which holes may stand.
    fn string(&mut self, content: &[Part], joined: bool) -> Read<Token> {
        let mut parts = Vec::new();
        for part in content {
            let joined = joined || content.len() > 1;
            parts.push(match part {
                Part::Octets(octets) => Spanned {
                    value: Token::String(octets.value.clone()),
                    span: octets.span.clone(),
                },
                Part::Hole(hole) => Spanned {
                    value: Token::Hole(self.string_hole(hole, joined)?),
                    span: hole.span.clone(),
                },
            });
        }
        Ok(match (parts.pop(), parts.is_empty()) {
            (None, _) => Token::String(Vec::new()),
            (Some(only), true) => only.value,
            (Some(last), false) => {
                parts.push(last);
                Token::Joined(parts)
            }
        })
    }

    /// A hole between quotes or in a literal: a string, whatever it is elsewhere.
    fn string_hole(&mut self, hole: &HoleSyntax, joined: bool) -> Read<Hole> {
        let Hole { name, kind } = self.surroundings.hole(hole, joined)?;
        let kind = if kind == HoleKind::Any { HoleKind::String } else { kind };
        Ok(Hole { name, kind })
    }
}

type Read<T> = Result<T, Problem>;

/// What a fixture expects, as if it were written where the hole is.
fn expected(
    fragments: &[Fragment],
    hole: &Span,
    surroundings: &mut dyn Surroundings,
) -> Read<Spanned<Token>> {
    let at_hole = |problem| Problem { span: hole.clone(), ..problem };
    let mut tokens = tokens(fragments, surroundings).map_err(at_hole)?;
    match (tokens.pop(), tokens.is_empty()) {
        (Some(mut token), true) => {
            move_to(&mut token, hole);
            Ok(token)
        }
        _ => Err(Problem::new(hole.clone(), "the fixture expects something else than one value")),
    }
}

fn move_to(token: &mut Spanned<Token>, span: &Span) {
    token.span = span.clone();
    match &mut token.value {
        Token::List(inside) | Token::Brackets(inside) | Token::Joined(inside) => {
            inside.iter_mut().for_each(|token| move_to(token, span));
        }
        Token::Origin(inner) | Token::Optional(inner) | Token::Forbidden(inner) => {
            move_to(inner, span);
        }
        Token::Word(_) | Token::String(_) | Token::Hole(_) | Token::Rest => {}
    }
}

fn is_body(word: &str) -> bool {
    word.eq_ignore_ascii_case("BODY")
}

/// Whether the word is a status, or several of which each will do.
pub(super) fn is_status(word: &str) -> bool {
    let known = ["OK", "NO", "BAD", "BYE", "PREAUTH"];
    word.split('/').all(|word| known.iter().any(|known| known.eq_ignore_ascii_case(word)))
}
