//! A place in the text, and the small things that stand in every kind of line: names, numbers,
//! holes, strings with escapes.

use super::super::{
    HoleKind, Span, Spanned,
    diagnostic::Problem,
    syntax::{HoleSyntax, Part},
};

/// What a rule made, or why it could not.
pub(super) type Read<T> = Result<T, Problem>;

/// A place between the start of the text and the end of a line.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'s> {
    source: &'s str,
    pub(super) at: usize,
    pub(super) end: usize,
}

impl<'s> Cursor<'s> {
    pub(super) fn new(source: &'s str, span: Span) -> Self {
        Self { source, at: span.start, end: span.end }
    }

    pub(super) fn rest(&self) -> &'s str {
        &self.source[self.at..self.end]
    }

    pub(super) fn since(&self, start: usize) -> &'s str {
        &self.source[start..self.at]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.end
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    pub(super) fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    pub(super) fn take_while(&mut self, accept: impl Fn(char) -> bool) -> Spanned<String> {
        let start = self.at;
        let rest = self.rest();
        self.at += rest.find(|c| !accept(c)).unwrap_or(rest.len());
        Spanned { value: self.since(start).to_owned(), span: start..self.at }
    }

    /// What stands up to the next blank.
    pub(super) fn word(&mut self) -> Spanned<String> {
        self.take_while(|c| !matches!(c, ' ' | '\t'))
    }

    /// The next character, or nothing where the line is over.
    pub(super) fn here(&self) -> Span {
        self.at..self.at + self.peek().map_or(0, char::len_utf8)
    }

    /// How an error calls what stands here.
    pub(super) fn found(&self) -> String {
        self.peek().map_or("the end of the line".to_owned(), |c| format!("`{c}`"))
    }

    pub(super) fn expect(&mut self, text: &str, what: &str) -> Read<()> {
        if self.eat(text) { Ok(()) } else { Err(self.unexpected(&format!("`{text}` {what}"))) }
    }

    pub(super) fn unexpected(&self, expected: &str) -> Problem {
        Problem::new(self.here(), format!("expected {expected}, found {}", self.found()))
            .label("not expected here")
    }

    pub(super) fn nothing_more(&mut self) -> Read<()> {
        self.skip_blanks();
        if self.is_at_end() {
            return Ok(());
        }
        Err(Problem::new(
            self.at..self.end,
            format!("expected the end of the line, found `{}`", self.rest()),
        )
        .label("nothing may follow here"))
    }

    /// Digits that fit a `u64`.
    pub(super) fn number(&mut self) -> Read<Spanned<u64>> {
        if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
            return Err(self.unexpected("a number"));
        }
        let digits = self.take_while(|c| c.is_ascii_digit());
        match digits.value.parse() {
            Ok(value) => Ok(Spanned { value, span: digits.span }),
            Err(_) => Err(Problem::new(digits.span, "the number is too large")
                .label("more than 18446744073709551615")),
        }
    }

    /// `[name]`
    pub(super) fn session(&mut self) -> Read<Option<Spanned<String>>> {
        if !self.eat("[") {
            return Ok(None);
        }
        let name = self.take_while(is_name_char);
        if name.value.is_empty() {
            return Err(self.unexpected("the name of a session"));
        }
        self.expect("]", "behind the name of the session")?;
        Ok(Some(name))
    }

    /// `${base64 "…"}`
    pub(super) fn base64(&mut self) -> Read<Spanned<Vec<Part>>> {
        let start = self.at;
        self.at += BASE64.len();
        self.skip_blanks();
        let parts = self.escaped_string()?.value;
        self.skip_blanks();
        self.expect("}", "behind what is encoded")?;
        Ok(Spanned { value: parts, span: start..self.at })
    }

    /// `${name}`, `${name: kind}`, `${name + 1}`
    pub(super) fn hole(&mut self) -> Read<HoleSyntax> {
        let start = self.at;
        if self.rest().starts_with(BASE64) {
            let keyword = BASE64.trim_end();
            return Err(base64_elsewhere(start..start + keyword.len()));
        }
        self.at += "${".len();
        let name = self.take_while(is_name_char);
        if name.value.is_empty() {
            return Err(self
                .unexpected("a name")
                .help("a hole is `${name}`, `${name: kind}` or `${_}`; a literal `${` is `$${`"));
        }
        self.skip_blanks();
        let offset = self.offset()?;
        self.skip_blanks();
        let kind = if self.eat(":") { Some(self.kind()?) } else { None };
        self.skip_blanks();
        if !self.eat("}") {
            return Err(self
                .unexpected("`}` behind the hole")
                .help("a hole is `${name}`, `${name: kind}` or, where it is sent, `${name + 1}`"));
        }
        Ok(HoleSyntax { span: start..self.at, name, offset, kind })
    }

    /// `+ 1` or `- 1`
    pub(super) fn offset(&mut self) -> Read<Option<i64>> {
        let sign = match self.peek() {
            Some('+') => 1,
            Some('-') => -1,
            _ => return Ok(None),
        };
        self.bump();
        self.skip_blanks();
        let number = self.number()?;
        let value = i64::try_from(number.value)
            .map_err(|_| Problem::new(number.span, "the number is too large to be added"))?;
        Ok(Some(sign * value))
    }

    fn kind(&mut self) -> Read<Spanned<HoleKind>> {
        self.skip_blanks();
        let word = self.take_while(|c| is_name_char(c) || c == '-');
        match HoleKind::ALL.into_iter().find(|kind| kind.name() == word.value) {
            Some(value) => Ok(Spanned { value, span: word.span }),
            None => {
                let known = HoleKind::ALL.map(HoleKind::name);
                let message = format!("there is no kind `{}`", word.value);
                Err(Problem::new(word.span, message)
                    .label("unknown kind")
                    .suggest(&word.value, known))
            }
        }
    }

    /// `"…"` with `\r \n \t \\ \" \xNN`, in which holes may stand.
    pub(super) fn escaped_string(&mut self) -> Read<Spanned<Vec<Part>>> {
        let start = self.at;
        self.expect("\"", "at the start of a string")?;
        let mut parts = Parts::default();
        loop {
            let at = self.at;
            if self.rest().starts_with("${") {
                parts.hole(self.hole()?);
                continue;
            }
            if self.eat("$${") {
                parts.octets(b"${", at..self.at);
                continue;
            }
            match self.bump() {
                Some('"') => {
                    return Ok(Spanned { value: parts.0, span: start..self.at });
                }
                Some('\\') => {
                    let octet = self.escape(at)?;
                    parts.octets(&[octet], at..self.at);
                }
                Some(c) => parts.octets(c.encode_utf8(&mut [0; 4]).as_bytes(), at..self.at),
                None => {
                    return Err(Problem::new(start..self.end, "the string is not closed")
                        .label("no `\"` on this line")
                        .help("a `\"` inside the string is `\\\"`"));
                }
            }
        }
    }

    fn escape(&mut self, start: usize) -> Read<u8> {
        Ok(match self.bump() {
            Some('r') => b'\r',
            Some('n') => b'\n',
            Some('t') => b'\t',
            Some('\\') => b'\\',
            Some('"') => b'"',
            Some('x') => {
                let digits = self.rest().get(..2);
                let octet = digits
                    .filter(|digits| digits.bytes().all(|c| c.is_ascii_hexdigit()))
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                match octet {
                    Some(octet) => {
                        self.at += 2;
                        octet
                    }
                    None => return Err(self.unexpected("two hexadecimal digits behind `\\x`")),
                }
            }
            _ => {
                let span = start..self.at;
                let message = format!("there is no escape `{}`", &self.source[span.clone()]);
                return Err(Problem::new(span, message)
                    .label("unknown escape")
                    .help("known are `\\r`, `\\n`, `\\t`, `\\\\`, `\\\"` and `\\xNN`"));
            }
        })
    }

    /// A string in which only octets may stand.
    pub(super) fn plain_string(&mut self) -> Read<Spanned<String>> {
        let Spanned { value, span } = self.escaped_string()?;
        let mut octets = Vec::new();
        for part in value {
            match part {
                Part::Octets(part) => octets.extend(part.value),
                Part::Hole(hole) => {
                    return Err(Problem::new(hole.span, "no hole may stand in this string"));
                }
            }
        }
        match String::from_utf8(octets) {
            Ok(value) => Ok(Spanned { value, span }),
            Err(_) => Err(Problem::new(span, "the string is not UTF-8")),
        }
    }
}

/// What stands at the start of `${base64 "…"}`.
pub(super) const BASE64: &str = "${base64 ";

/// `${base64 "…"}` where it cannot stand.
pub(super) fn base64_elsewhere(span: Span) -> Problem {
    Problem::new(span, "BASE64 stands only in what a client sends")
        .label("not here")
        .help("write it in a `C:` line, outside strings and literals")
}

/// Parts of a string, octets that follow each other in one.
#[derive(Debug, Default)]
pub(super) struct Parts(pub(super) Vec<Part>);

impl Parts {
    pub(super) fn octets(&mut self, octets: &[u8], span: Span) {
        match self.0.last_mut() {
            Some(Part::Octets(last)) => {
                last.value.extend_from_slice(octets);
                last.span.end = span.end;
            }
            _ => self.0.push(Part::Octets(Spanned { value: octets.to_vec(), span })),
        }
    }

    pub(super) fn hole(&mut self, hole: HoleSyntax) {
        self.0.push(Part::Hole(hole));
    }
}

pub(super) fn is_name_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}
