//! The one way in which scenarios are written.
//!
//! Indentation, spaces around colons and commas, and blank lines are settled here. What is sent or
//! compared is copied as it is.

use std::path::Path;

use super::{
    Diagnostics, Presence, Span,
    parse::parse,
    syntax::{Fragment, HeaderLine, Item, LiteralForm, Message, Side},
};

/// Writes a scenario as all are written. Doing it twice changes nothing more.
///
/// # Errors
/// Where the scenario is not understood.
///
/// ```
/// let messy = "title:NOOP\nrequirement: rfc3501/6.1.2-01\n\n\n C:   a1 NOOP\n S:   a1 OK\n";
/// let tidy = "title: NOOP\nrequirement: rfc3501/6.1.2-01\n\nC: a1 NOOP\nS: a1 OK\n";
/// assert_eq!(imap_conform::scenario::format(messy).unwrap(), tidy);
/// ```
pub fn format(source: &str) -> Result<String, Diagnostics> {
    let (document, problems) = parse(source);
    if !problems.is_empty() {
        return Err(Diagnostics::new(Path::new("scenario"), source, problems));
    }
    let mut formatter = Formatter { source, out: String::new() };
    formatter.items(&document.items, 0);
    let mut out = formatter.out;
    out.truncate(out.trim_end_matches('\n').len());
    if !out.is_empty() {
        out.push('\n');
    }
    Ok(out)
}

struct Formatter<'s> {
    source: &'s str,
    out: String,
}

impl Formatter<'_> {
    fn items(&mut self, items: &[Item], indent: usize) {
        let mut before: Option<&Item> = None;
        for item in items {
            if needs_blank(before, item) {
                self.out.push('\n');
            }
            self.item(item, indent, before.is_none());
            before = Some(item);
        }
    }

    fn item(&mut self, item: &Item, indent: usize, first: bool) {
        match item {
            Item::Blank if first => {}
            Item::Blank => self.out.push('\n'),
            Item::Comment(span) => self.line(indent, &self.source[span.clone()]),
            Item::Header(line) => self.header(line),
            Item::Message(message) => self.message(message, indent),
            Item::Step(step) => self.line(indent, &single_spaces(&self.source[step.span.clone()])),
            Item::Block(block) => {
                for section in &block.sections {
                    let opening = single_spaces(&self.source[section.opening.clone()]);
                    self.line(indent, &opening);
                    let items = match section.items.as_slice() {
                        [items @ .., Item::Blank] => items,
                        items => items,
                    };
                    self.items(items, indent + 2);
                }
                self.line(indent, "end");
            }
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.start(indent);
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn start(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn header(&mut self, line: &HeaderLine) {
        let value = match line.key.value.is_list() {
            true => line.value.value.split(',').map(str::trim).collect::<Vec<_>>().join(", "),
            false => line.value.value.clone(),
        };
        self.line(0, &format!("{}: {value}", line.key.value.name()));
    }

    fn message(&mut self, message: &Message, indent: usize) {
        let prefix = prefix(message, message.side);
        self.start(indent);
        self.out.push_str(&prefix);
        // What of the current line is still to be copied.
        let mut copied: Option<Span> = None;
        let mut blank = true;
        for fragment in &message.fragments {
            match fragment {
                Fragment::Wrap | Fragment::Prefix => {
                    self.copy(&mut copied, blank);
                    self.out.push('\n');
                    self.start(if matches!(fragment, Fragment::Wrap) {
                        indent + 2
                    } else {
                        indent
                    });
                    blank = matches!(fragment, Fragment::Prefix);
                    if blank {
                        self.out.push_str(&prefix);
                    }
                }
                Fragment::Literal(literal) => {
                    extend(&mut copied, &literal.announcement);
                    match &literal.form {
                        LiteralForm::Inline(_) | LiteralForm::File(_) => {}
                        LiteralForm::Block { lines, .. } => {
                            self.copy(&mut copied, blank);
                            for line in lines {
                                self.out.push('\n');
                                self.start(indent + 2);
                                self.out.push('|');
                                self.spaced(line);
                            }
                        }
                        LiteralForm::Printed { request, lines, .. } => {
                            self.copy(&mut copied, blank);
                            if let Some(request) = request {
                                self.out.push('\n');
                                self.start(indent);
                                let server = Side::Server(Presence::Required);
                                self.out.push_str(&self::prefix(message, server));
                                self.spaced(request);
                            }
                            for line in lines {
                                self.out.push('\n');
                                self.start(indent);
                                self.out.push_str(&prefix);
                                self.spaced(line);
                            }
                            // What follows on the same line follows at once.
                            blank = false;
                        }
                    }
                }
                Fragment::Text(text) => extend(&mut copied, &text.span),
                Fragment::Quoted(quoted) => extend(&mut copied, &quoted.span),
                Fragment::Base64(encoded) => extend(&mut copied, &encoded.span),
                Fragment::Hole(hole) => extend(&mut copied, &hole.span),
                Fragment::Prose(span) => extend(&mut copied, span),
            }
        }
        self.copy(&mut copied, blank);
        self.out.push('\n');
    }

    /// Writes what was to be copied, behind a space or at once.
    fn copy(&mut self, copied: &mut Option<Span>, blank: bool) {
        if let Some(span) = copied.take() {
            if blank {
                self.out.push(' ');
            }
            self.out.push_str(&self.source[span]);
        }
    }

    /// The text behind a space, if there is any.
    fn spaced(&mut self, span: &Span) {
        if !span.is_empty() {
            self.out.push(' ');
            self.out.push_str(&self.source[span.clone()]);
        }
    }
}

/// `S[phone]?:`
fn prefix(message: &Message, side: Side) -> String {
    let (speaker, mark) = match side {
        Side::Client => ("C", ""),
        Side::Server(Presence::Required) => ("S", ""),
        Side::Server(Presence::Optional) => ("S", "?"),
        Side::Server(Presence::Never) => ("S", "!"),
    };
    let session = message.session.as_ref().map(|name| format!("[{}]", name.value));
    format!("{speaker}{}{mark}:", session.unwrap_or_default())
}

fn extend(copied: &mut Option<Span>, span: &Span) {
    *copied = Some(copied.as_ref().map_or(span.clone(), |old| old.start..span.end));
}

/// Whether a blank line is missing: the header stands apart.
fn needs_blank(before: Option<&Item>, item: &Item) -> bool {
    let is_step = matches!(item, Item::Message(_) | Item::Step(_) | Item::Block(_));
    is_step && matches!(before, Some(Item::Header(_)))
}

/// The text with one space for many, except in strings.
fn single_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    let mut escaped = false;
    for c in text.chars() {
        let blank = matches!(c, ' ' | '\t');
        if !quoted && blank {
            if !out.ends_with(' ') {
                out.push(' ');
            }
            continue;
        }
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    out
}
