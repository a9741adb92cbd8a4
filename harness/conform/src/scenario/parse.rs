//! Text to syntax tree, line by line. A line that is not understood is told and passed over, so
//! that one reading finds every mistake.

mod cursor;
mod message;
pub(super) mod step;

use self::{
    cursor::{Cursor, Read},
    message::Prefix,
    step::Keyword,
};
use super::{
    Span, Spanned,
    diagnostic::Problem,
    syntax::{Block, BlockKind, Document, Fragment, Grade, HeaderKey, HeaderLine, Item, Section},
};
use crate::nearest::nearest;

/// How deep blocks may nest. None needs more than three.
const MAX_DEPTH: usize = 8;

/// Reads a file as far as it can be understood.
pub(super) fn parse(source: &str) -> (Document, Vec<Problem>) {
    let mut parser = Parser { source, lines: lines(source), at: 0, body: false, problems: vec![] };
    parser.control_characters();
    let mut items = Vec::new();
    loop {
        items.append(&mut parser.items(0));
        // What is left is an `or` or `end` that belongs to nothing.
        let Some(line) = parser.next() else { break };
        parser.problems.push(
            Problem::new(parser.trimmed(&line), "there is no block that this could belong to")
                .label("no block is open")
                .help("blocks begin with `given`, `where`, `in order`, `exactly` or `either`"),
        );
    }
    (Document { items }, parser.problems)
}

/// Reads one value of a response, as it would stand in an `S:` line.
pub(super) fn value(text: &str) -> Result<Vec<Fragment>, Problem> {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    let (document, problems) = parse(&format!("S: {}\n", lines.join("\n  ")));
    match (problems.into_iter().next(), document.items.into_iter().next()) {
        (None, Some(Item::Message(message))) => Ok(message.fragments),
        (Some(problem), _) => Err(problem),
        (None, _) => Err(Problem::new(0..0, "a value was expected")),
    }
}

/// The lines, without their ends.
fn lines(source: &str) -> Vec<Span> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in source.split_inclusive('\n') {
        let content = line.strip_suffix('\n').unwrap_or(line);
        let content = content.strip_suffix('\r').unwrap_or(content);
        lines.push(start..start + content.len());
        start += line.len();
    }
    lines
}

struct Parser<'s> {
    source: &'s str,
    lines: Vec<Span>,
    /// Index of the next line.
    at: usize,
    /// Whether the header is over.
    body: bool,
    problems: Vec<Problem>,
}

impl<'s> Parser<'s> {
    fn text(&self, span: &Span) -> &'s str {
        &self.source[span.clone()]
    }

    /// The next line, which is then behind us.
    fn next(&mut self) -> Option<Span> {
        let line = self.peek()?;
        self.at += 1;
        Some(line)
    }

    fn peek(&self) -> Option<Span> {
        self.lines.get(self.at).cloned()
    }

    /// Without blanks at either end.
    fn trimmed(&self, line: &Span) -> Span {
        let text = self.text(line);
        let start = line.start + indentation(text);
        start..start + text.trim_matches([' ', '\t']).len()
    }

    fn control_characters(&mut self) {
        for line in &self.lines {
            let text = &self.source[line.clone()];
            let bad = text.char_indices().find(|&(_, c)| c.is_control() && c != '\t');
            if let Some((at, c)) = bad {
                let at = line.start + at;
                self.problems.push(
                    Problem::new(at..at + c.len_utf8(), "a control character stands in the text")
                        .label(format!("U+{:04X}", u32::from(c)))
                        .help("write it as an escape, `\\xNN`, in `send` or in `{\"…\"}`"),
                );
            }
        }
    }

    /// The items up to the end of the file or an `or` or `end`, which is left to the caller.
    fn items(&mut self, depth: usize) -> Vec<Item> {
        let mut items = Vec::new();
        while let Some(line) = self.peek() {
            let span = self.trimmed(&line);
            let text = self.text(&span);
            if text.is_empty() {
                self.at += 1;
                if !matches!(items.last(), Some(Item::Blank)) {
                    items.push(Item::Blank);
                }
                continue;
            }
            if text.starts_with('#') {
                self.at += 1;
                items.push(Item::Comment(span));
                continue;
            }
            match self.item(&line, span, depth) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => break,
                Err(problem) => self.problems.push(problem),
            }
        }
        items
    }

    /// One item that is neither blank nor a comment; nothing, without moving, at `or` and `end`.
    fn item(&mut self, line: &Span, span: Span, depth: usize) -> Read<Option<Item>> {
        if let Some(prefix) = Prefix::read(self.source, line) {
            self.at += 1;
            self.body = true;
            return self.message(line, prefix?).map(|message| Some(Item::Message(message)));
        }
        let text = self.text(&span);
        if let Some(key) = header_key(text) {
            self.at += 1;
            return self.header(span.start..span.start + key.len(), span.end).map(Some);
        }
        let keyword = match step::read(self.source, &span) {
            Ok(keyword) => keyword,
            // A block is a block also where its line has a mistake.
            Err(problem) => match step::structure(text) {
                Some(keyword @ (Keyword::Or(_) | Keyword::End)) => keyword,
                Some(keyword) => {
                    self.problems.push(problem);
                    keyword
                }
                None => {
                    self.at += 1;
                    return Err(self.misread(line, problem));
                }
            },
        };
        if !matches!(keyword, Keyword::Or(_) | Keyword::End) {
            self.at += 1;
        }
        match keyword {
            Keyword::Step(value) => {
                self.body = true;
                Ok(Some(Item::Step(Spanned { value, span })))
            }
            Keyword::Open(kind, grade) => {
                self.body = true;
                self.block(kind, grade, span, depth).map(|block| Some(Item::Block(block)))
            }
            Keyword::Or(_) | Keyword::End => Ok(None),
        }
    }

    /// A better explanation for a line that is not a step.
    fn misread(&self, line: &Span, problem: Problem) -> Problem {
        let text = self.text(line);
        if text.trim_start().starts_with('|') {
            let span = self.trimmed(line);
            return Problem::new(span, "this line is the content of no literal")
                .label("no literal is open")
                .help("announce it with `{}` at the end of the `C:` or `S:` line above");
        }
        if text.starts_with([' ', '\t']) && problem.consequence {
            return Problem { consequence: false, ..problem }
                .help("an indented line goes on with the `C:` or `S:` line right above it");
        }
        Problem { consequence: false, ..problem }
    }

    fn header(&mut self, key: Span, end: usize) -> Read<Item> {
        let name = self.text(&key);
        let known = HeaderKey::ALL.map(HeaderKey::name);
        let meant = nearest(name, known);
        let Some(value) = HeaderKey::ALL.into_iter().find(|key| Some(key.name()) == meant) else {
            let problem = unknown_header(key, name);
            return Err(match name {
                "c" | "s" => problem.help(format!("did you mean `{}:`?", name.to_uppercase())),
                _ => problem.suggest(name, known),
            });
        };
        if value.name() != name {
            // What is meant is clear enough to go on with.
            self.problems.push(unknown_header(key.clone(), name).suggest(name, known));
        }
        if self.body {
            return Err(Problem::new(key, format!("`{name}:` stands behind the first step"))
                .label("too late")
                .help("the header is the beginning of the file"));
        }
        let value_span = self.trimmed(&(key.end + 1..end));
        if value_span.is_empty() {
            let problem = Problem::new(key.clone(), format!("`{name}:` has no value"));
            self.problems.push(problem.label("no value"));
        }
        Ok(Item::Header(HeaderLine {
            key: Spanned { value, span: key },
            value: Spanned { value: self.text(&value_span).to_owned(), span: value_span },
        }))
    }

    fn block(&mut self, kind: BlockKind, grade: Grade, opening: Span, depth: usize) -> Read<Block> {
        if depth == MAX_DEPTH {
            self.skip_block();
            return Err(Problem::new(opening, "blocks nest at most 8 deep").label("too deep"));
        }
        let mut sections = Vec::new();
        let mut section = Section { opening: opening.clone(), grade, items: Vec::new() };
        loop {
            section.items.append(&mut self.items(depth + 1));
            let Some(line) = self.next() else {
                return Err(Problem::new(opening, format!("`{}` is not ended", kind.keyword()))
                    .label("opened here")
                    .help("a block ends with `end` on a line of its own"));
            };
            let span = self.trimmed(&line);
            let keyword = step::read(self.source, &span).unwrap_or_else(|problem| {
                self.problems.push(problem);
                step::structure(self.text(&span)).unwrap_or(Keyword::End)
            });
            match keyword {
                Keyword::Or(grade) if kind == BlockKind::Either => {
                    let next = Section { opening: span, grade, items: Vec::new() };
                    sections.push(std::mem::replace(&mut section, next));
                }
                Keyword::Or(_) => self.problems.push(
                    Problem::new(span, format!("`or` in `{}`", kind.keyword()))
                        .label("not an alternative")
                        .help("only `either` has alternatives"),
                ),
                _ => {
                    sections.push(section);
                    return Ok(Block { kind, opening, sections });
                }
            }
        }
    }

    /// Passes over a block whose first line is behind us.
    fn skip_block(&mut self) {
        let mut open = 1;
        while let Some(line) = self.next().filter(|_| open > 0) {
            match step::read(self.source, &self.trimmed(&line)) {
                Ok(Keyword::Open(..)) => open += 1,
                Ok(Keyword::End) => open -= 1,
                _ => {}
            }
            if open == 0 {
                return;
            }
        }
    }
}

/// How many octets of blanks a line begins with.
fn indentation(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// The key of a line `key: value`.
fn header_key(text: &str) -> Option<&str> {
    let (key, _) = text.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|c| c.is_ascii_lowercase() || c == b'-');
    is_key.then_some(key)
}

fn unknown_header(key: Span, name: &str) -> Problem {
    Problem::new(key, format!("there is no header `{name}:`")).label("unknown header")
}

/// The problem of a line of which nothing is known.
fn unknown_line(span: Span, word: &str) -> Problem {
    let problem = Problem::new(span, format!("there is no step `{word}`")).label("unknown step");
    let problem = match nearest(word, step::KEYWORDS) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!(
            "a line is `C: …`, `S: …`, a comment or one of {}",
            step::KEYWORDS.map(|keyword| format!("`{keyword}`")).join(", ")
        )),
    };
    problem.consequence()
}
