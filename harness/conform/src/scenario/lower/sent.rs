//! What a client sends: fragments to pieces.

use super::{
    super::{
        Expression, Form, Piece, Spanned,
        diagnostic::Problem,
        pattern::Surroundings,
        syntax::{Fragment, HoleSyntax, LiteralForm, Part},
    },
    names::Names,
};

/// The pieces of a `C:` line, CRLF included.
pub(super) fn line(fragments: &[Fragment], names: &mut Names) -> Result<Vec<Piece>, Problem> {
    let mut line = Line { pieces: Pieces::default(), word: Vec::new(), names };
    for (index, fragment) in fragments.iter().enumerate() {
        match fragment {
            Fragment::Text(text) => line.text(&text.value),
            Fragment::Hole(hole) => line.hole(hole)?,
            Fragment::Base64(encoded) => line.base64(&encoded.value)?,
            Fragment::Quoted(quoted) => {
                line.end_word();
                line.quoted(quoted)?;
            }
            Fragment::Literal(literal) => {
                line.end_word();
                let content = content(&literal.form, line.names)?;
                let synchronising = literal.synchronising;
                line.pieces.0.push(Piece::Literal { content, synchronising });
            }
            // The RFC breaks long lines at a space.
            Fragment::Wrap | Fragment::Prefix => match fragments.get(index + 1) {
                None => {}
                Some(Fragment::Text(text)) if text.value.starts_with(')') => line.end_word(),
                Some(_) => line.text(" "),
            },
            // Only responses have it.
            Fragment::Prose(_) => {}
        }
    }
    line.end_word();
    line.pieces.octets(b"\r\n");
    Ok(line.pieces.0)
}

/// The pieces of `send`.
pub(super) fn raw(parts: &[Part], names: &mut Names) -> Result<Vec<Piece>, Problem> {
    let mut pieces = Pieces::default();
    for part in parts {
        match part {
            Part::Octets(octets) => pieces.octets(&octets.value),
            Part::Hole(hole) => pieces.0.push(Piece::Value(names.value(hole)?, Form::Octets)),
        }
    }
    Ok(pieces.0)
}

fn content(form: &LiteralForm, names: &mut Names) -> Result<Vec<Piece>, Problem> {
    match form {
        LiteralForm::Inline(parts) | LiteralForm::Block { content: parts, .. } => raw(parts, names),
        LiteralForm::File(name) => Ok(vec![Piece::Octets(names.file(name)?)]),
        LiteralForm::Printed { content, .. } => Ok(vec![Piece::Octets(content.clone())]),
    }
}

/// Pieces, octets that follow each other in one.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn octets(&mut self, octets: &[u8]) {
        match self.0.last_mut() {
            Some(Piece::Octets(last)) => last.extend_from_slice(octets),
            _ => self.0.push(Piece::Octets(octets.to_vec())),
        }
    }
}

/// A line that is being put together.
struct Line<'n> {
    pieces: Pieces,
    /// What has come since the last space or parenthesis.
    word: Vec<InWord>,
    names: &'n mut Names,
}

/// A part of a word.
enum InWord {
    Text(String),
    Value {
        value: Expression,
        /// Whether it may have to be quoted, and then what stands next to it with it.
        is_string: bool,
    },
}

impl Line<'_> {
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '(' | ')') {
                self.end_word();
                self.pieces.octets(&[c as u8]);
                continue;
            }
            match self.word.last_mut() {
                Some(InWord::Text(word)) => word.push(c),
                _ => self.word.push(InWord::Text(c.to_string())),
            }
        }
    }

    fn hole(&mut self, hole: &HoleSyntax) -> Result<(), Problem> {
        let value = self.names.value(hole)?;
        let is_string = hole.offset.is_none() && self.names.is_string(&hole.name.value);
        self.word.push(InWord::Value { value, is_string });
        Ok(())
    }

    fn base64(&mut self, parts: &[Part]) -> Result<(), Problem> {
        let parts = parts.iter().map(|part| match part {
            Part::Octets(octets) => Ok(Expression::String(octets.value.clone())),
            Part::Hole(hole) => self.names.value(hole),
        });
        let encoded = Expression::Joined(parts.collect::<Result<_, _>>()?);
        let value = Expression::Base64(Box::new(encoded));
        self.word.push(InWord::Value { value, is_string: false });
        Ok(())
    }

    fn quoted(&mut self, quoted: &Spanned<Vec<Part>>) -> Result<(), Problem> {
        self.pieces.octets(b"\"");
        for part in &quoted.value {
            match part {
                Part::Octets(octets) => {
                    for &octet in &octets.value {
                        if matches!(octet, b'"' | b'\\') {
                            self.pieces.octets(b"\\");
                        }
                        self.pieces.octets(&[octet]);
                    }
                }
                Part::Hole(hole) => {
                    let value = self.names.value(hole)?;
                    self.pieces.0.push(Piece::Value(value, Form::Quoted));
                }
            }
        }
        self.pieces.octets(b"\"");
        Ok(())
    }

    /// A word of several parts, of which one is a string, is one astring.
    fn end_word(&mut self) {
        let word = std::mem::take(&mut self.word);
        let has_string =
            word.iter().any(|part| matches!(part, InWord::Value { is_string: true, .. }));
        if has_string && word.len() > 1 {
            let parts = word.into_iter().map(|part| match part {
                InWord::Text(text) => Expression::String(text.into_bytes()),
                InWord::Value { value, .. } => value,
            });
            self.pieces.0.push(Piece::Value(Expression::Joined(parts.collect()), Form::Token));
            return;
        }
        for part in word {
            match part {
                InWord::Text(text) => self.pieces.octets(text.as_bytes()),
                InWord::Value { value, .. } => {
                    self.pieces.0.push(Piece::Value(value, Form::Token));
                }
            }
        }
    }
}
