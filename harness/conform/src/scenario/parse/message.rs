//! `C:` and `S:` lines, with the lines on which they go on.

use super::{
    super::{
        HoleKind, Presence, Span, Spanned,
        diagnostic::Problem,
        pattern::is_status,
        syntax::{Fragment, Literal, LiteralForm, Message, Part, Side},
    },
    Cursor, Parser, Read,
    cursor::{BASE64, Parts, base64_elsewhere},
    indentation, step,
};

/// What a message begins with: `S[phone]?:`.
#[derive(Debug, Clone)]
pub(super) struct Prefix {
    pub(super) side: Side,
    pub(super) session: Option<Spanned<String>>,
    /// Behind the colon.
    pub(super) end: usize,
}

impl Prefix {
    /// The prefix of a line, or nothing where it has none.
    pub(super) fn read(source: &str, line: &Span) -> Option<Read<Self>> {
        let text = &source[line.clone()];
        let start = line.start + indentation(text);
        let mut cursor = Cursor::new(source, start..line.end);
        let client = match cursor.bump()? {
            'C' => true,
            'S' => false,
            _ => return None,
        };
        matches!(cursor.peek()?, ':' | '[' | '?' | '!').then(|| Self::behind(client, cursor))
    }

    fn behind(client: bool, mut cursor: Cursor<'_>) -> Read<Self> {
        let session = cursor.session()?;
        let mark = cursor.here();
        let presence = match cursor.peek() {
            Some('?') => Presence::Optional,
            Some('!') => Presence::Never,
            _ => Presence::Required,
        };
        if presence != Presence::Required {
            cursor.bump();
            if client {
                return Err(Problem::new(
                    mark,
                    "what a client sends is neither optional nor never",
                )
                .label("only behind `S`"));
            }
            if session.is_none() && cursor.peek() == Some('[') {
                return Err(Problem::new(cursor.here(), "the session stands before the mark")
                    .label("too late")
                    .help("write `S[name]?:` or `S[name]!:`"));
            }
        }
        cursor.expect(":", "behind the speaker")?;
        let side = if client { Side::Client } else { Side::Server(presence) };
        Ok(Self { side, session, end: cursor.at })
    }

    /// Whether the same one speaks.
    fn is_like(&self, other: &Self) -> bool {
        let name = |prefix: &Self| prefix.session.as_ref().map(|name| name.value.clone());
        let client = |prefix: &Self| prefix.side == Side::Client;
        client(self) == client(other) && name(self) == name(other)
    }
}

/// How far into a response the scanner is: what follows a status is for people and not scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// The tag, `*` or `+`.
    Tag,
    /// What follows it: a status, perhaps.
    Status,
    /// A code in brackets, or text.
    AfterStatus,
    /// Inside the code.
    Code,
    /// Text.
    Prose,
    /// Anything else.
    Data,
}

/// A literal whose content is on the lines below.
enum Pending {
    /// `{}`
    Block,
    /// `{n}`
    Counted(Spanned<u64>),
}

/// A message that is being read.
struct Scan {
    prefix: Prefix,
    /// How many blanks stand behind the prefix: as many are no content of a printed literal.
    margin: usize,
    reading: Reading,
    fragments: Vec<Fragment>,
}

impl Parser<'_> {
    /// A message whose first line is behind us.
    pub(super) fn message(&mut self, line: &Span, prefix: Prefix) -> Read<Message> {
        let message = self.message_lines(line, prefix);
        if message.is_err() {
            // The lines that belong to a line with a mistake are passed over with it.
            let indent = indentation(self.text(line));
            while self.bar().is_some() || self.continuation(indent).is_some() {
                self.at += 1;
            }
        }
        message
    }

    fn message_lines(&mut self, line: &Span, prefix: Prefix) -> Read<Message> {
        let source = self.source;
        let indent = indentation(self.text(line));
        let start = line.start + indent;
        let reading = if prefix.side == Side::Client { Reading::Data } else { Reading::Tag };
        let margin = indentation(&source[prefix.end..line.end]);
        let mut scan = Scan { prefix, margin, reading, fragments: Vec::new() };
        let mut text = self.trimmed(&(scan.prefix.end..line.end));
        let mut end = text.end.max(scan.prefix.end);
        if text.is_empty() && scan.prefix.side != Side::Client {
            return Err(Problem::new(start..line.end, "no response is expected here")
                .label("expected a response behind the colon"));
        }
        loop {
            let scanned = scan.line(source, text.clone())?;
            end = end.max(text.end);
            let next = match scanned {
                None => None,
                Some((announcement, synchronising, pending)) => {
                    let (form, next) = match pending {
                        Pending::Block => (self.block_literal(&announcement, None)?, None),
                        Pending::Counted(count) if self.bar().is_some() => {
                            (self.block_literal(&announcement, Some(count))?, None)
                        }
                        Pending::Counted(count) => self.printed_literal(&scan, count)?,
                    };
                    scan.fragments.push(Fragment::Literal(Literal {
                        announcement,
                        synchronising,
                        form,
                    }));
                    next
                }
            };
            end = end.max(self.lines[self.at - 1].end);
            text = match next {
                Some(Next::SameLine(rest)) => rest,
                Some(Next::OwnPrefix(rest)) => {
                    scan.fragments.push(Fragment::Prefix);
                    rest
                }
                None => match self.continuation(indent) {
                    Some(line) => {
                        self.at += 1;
                        scan.fragments.push(Fragment::Wrap);
                        line
                    }
                    None => break,
                },
            };
        }
        let Scan { prefix: Prefix { side, session, .. }, fragments, .. } = scan;
        Ok(Message { span: start..end, side, session, fragments })
    }

    /// The next line, if it goes on with a message that is indented so far.
    fn continuation(&mut self, indent: usize) -> Option<Span> {
        let line = self.peek()?;
        let text = self.text(&line);
        let span = self.trimmed(&line);
        let deeper = indentation(text) > indent && !span.is_empty();
        if !deeper
            || self.text(&span).starts_with(['#', '|'])
            || Prefix::read(self.source, &line).is_some()
        {
            return None;
        }
        if step::begins(self.text(&span)) && step::read(self.source, &span).is_ok() {
            self.problems.push(
                Problem::new(span, "this line would go on with the line above")
                    .label("indented deeper than the line above")
                    .help("indent it like the line above to make it a step"),
            );
            return None;
        }
        Some(span)
    }

    /// The content of the next line, if that begins with `|`.
    fn bar(&self) -> Option<Span> {
        let line = self.peek()?;
        let start = line.start + indentation(self.text(&line));
        let content = self.source[start..line.end].strip_prefix('|')?;
        let blank = usize::from(content.starts_with(' '));
        Some(start + 1 + blank..line.end)
    }

    fn block_literal(
        &mut self,
        announcement: &Span,
        count: Option<Spanned<u64>>,
    ) -> Read<LiteralForm> {
        let mut lines = Vec::new();
        while let Some(line) = self.bar() {
            self.at += 1;
            lines.push(line);
        }
        if lines.is_empty() {
            return Err(Problem::new(announcement.clone(), "the literal has no content")
                .label("announced here")
                .help("write its content on the lines below, each behind `| `, or as `{\"…\"}`"));
        }
        let mut parts = Parts::default();
        let last = lines.len() - 1;
        for (index, line) in lines.iter().enumerate() {
            let open = index == last && self.text(line).ends_with('\\');
            let content = line.start..line.end - usize::from(open);
            literal_line(&mut parts, Cursor::new(self.source, content))?;
            if !open {
                parts.octets(b"\r\n", line.end..line.end);
            }
        }
        if let Some(count) = count {
            check_count(&parts.0, &count)?;
        }
        Ok(LiteralForm::Block { lines, content: parts.0 })
    }

    /// The content of `{n}` on lines with the message's own prefix, and where the message goes on.
    fn printed_literal(
        &mut self,
        scan: &Scan,
        count: Spanned<u64>,
    ) -> Read<(LiteralForm, Option<Next>)> {
        let request = self.request(scan);
        let mut rest = usize::try_from(count.value).unwrap_or(usize::MAX);
        let (mut lines, mut content) = (Vec::new(), Vec::new());
        let first = self.at;
        let next = loop {
            let Some(line) = self.like(scan, self.at) else {
                if rest == 0 {
                    break None;
                }
                return Err(self.miscounted(scan, first, &count, "the content is shorter"));
            };
            let text = self.text(&line);
            if rest == 0 {
                self.at += 1;
                break Some(Next::OwnPrefix(self.trimmed(&line)));
            }
            if rest <= text.len() {
                let follows = text
                    .get(rest..)
                    .filter(|follows| follows.is_empty() || follows.starts_with([' ', ')']));
                let Some(follows) = follows else {
                    return Err(self.miscounted(
                        scan,
                        first,
                        &count,
                        "this would end inside a line",
                    ));
                };
                self.at += 1;
                let end = line.end - follows.len();
                content.extend_from_slice(&text.as_bytes()[..rest]);
                lines.push(line.start..end);
                break (!follows.is_empty()).then_some(Next::SameLine(end..line.end));
            }
            content.extend_from_slice(text.as_bytes());
            content.extend_from_slice(b"\r\n");
            lines.push(line.clone());
            let Some(left) = rest.checked_sub(text.len() + 2) else {
                return Err(self.miscounted(scan, first, &count, "this would end inside a line"));
            };
            rest = left;
            self.at += 1;
        };
        Ok((LiteralForm::Printed { request, lines, content }, next))
    }

    /// `S: + …` behind the announcement of what a client sends.
    fn request(&mut self, scan: &Scan) -> Option<Span> {
        let line = self.peek()?;
        let prefix = Prefix::read(self.source, &line)?.ok()?;
        let server = Prefix { side: Side::Server(Presence::Required), ..scan.prefix.clone() };
        let text = self.trimmed(&(prefix.end..line.end));
        let requests = self.text(&text).split(' ').next() == Some("+");
        if scan.prefix.side != Side::Client || !prefix.is_like(&server) || !requests {
            return None;
        }
        self.at += 1;
        Some(text)
    }

    /// What follows the prefix in that line, if it is the message's own prefix.
    fn like(&self, scan: &Scan, at: usize) -> Option<Span> {
        let line = self.lines.get(at)?;
        let prefix = Prefix::read(self.source, line)?.ok()?;
        let text = &self.source[prefix.end..line.end];
        let margin = indentation(text).min(scan.margin);
        prefix.is_like(&scan.prefix).then_some(prefix.end + margin..line.end)
    }

    /// The problem of a count that is not that of the content, which is passed over as far as can
    /// be told.
    fn miscounted(
        &mut self,
        scan: &Scan,
        first: usize,
        count: &Spanned<u64>,
        how: &str,
    ) -> Problem {
        let mut octets = 0;
        let mut at = first;
        let mut closed = None;
        while let Some(line) = self.like(scan, at) {
            if self.text(&line).starts_with(')') {
                closed = Some(at);
                break;
            }
            octets += self.text(&line).len() + 2;
            at += 1;
        }
        // Nobody can tell where content ends that is not closed.
        self.at = closed.map_or(at, |at| at + 1);
        let span = count.span.clone();
        let problem = Problem::new(span, format!("the content is not {} octets", count.value));
        if at == first {
            return problem
                .label("no content follows")
                .help("write the content below, each line behind `| `");
        }
        let counted = match closed {
            Some(_) => format!("{octets} octets stand before the line that begins with `)`"),
            None => format!("{octets} octets follow, line ends included"),
        };
        problem
            .label(how)
            .help(format!("{counted}; with `{{}}` and `| ` lines nobody has to count"))
    }
}

/// Where a message goes on behind a printed literal.
enum Next {
    /// On the line on which the content ends.
    SameLine(Span),
    /// Behind a prefix of its own.
    OwnPrefix(Span),
}

fn literal_line(parts: &mut Parts, mut cursor: Cursor<'_>) -> Read<()> {
    while !cursor.is_at_end() {
        let at = cursor.at;
        if cursor.eat("$${") {
            parts.octets(b"${", at..cursor.at);
        } else if cursor.rest().starts_with("${") {
            parts.hole(cursor.hole()?);
        } else if let Some(c) = cursor.bump() {
            parts.octets(c.encode_utf8(&mut [0; 4]).as_bytes(), at..cursor.at);
        }
    }
    Ok(())
}

/// Whether the content is as long as announced.
fn check_count(content: &[Part], count: &Spanned<u64>) -> Read<()> {
    let mut octets = 0;
    for part in content {
        match part {
            Part::Octets(part) => octets += part.value.len() as u64,
            Part::Hole(hole) => {
                return Err(Problem::new(hole.span.clone(), "a hole in a literal of fixed length")
                    .label("its length is not known")
                    .help("write `{}`: what is sent is counted"));
            }
        }
    }
    if octets == count.value {
        return Ok(());
    }
    let message = format!("the content is not {} octets", count.value);
    Err(Problem::new(count.span.clone(), message)
        .label(format!("there are {octets}, line ends included"))
        .help(format!("write `{{{octets}}}`, or `{{}}`: then nobody has to count")))
}

impl Scan {
    /// Reads one line of text. Where it ends with the announcement of a literal whose content is
    /// below, returns that.
    fn line(&mut self, source: &str, text: Span) -> Read<Option<(Span, bool, Pending)>> {
        let mut cursor = Cursor::new(source, text);
        let mut word = None;
        loop {
            if self.reading == Reading::Prose {
                self.prose(cursor)?;
                return Ok(None);
            }
            let at = cursor.at;
            let is_blank = matches!(cursor.peek(), None | Some(' ' | '\t'));
            if is_blank && let Some(start) = word.take() {
                self.word(cursor.since(start));
            }
            if self.reading == Reading::AfterStatus && !is_blank {
                let code = cursor.peek() == Some('[');
                self.reading = if code { Reading::Code } else { Reading::Prose };
                continue;
            }
            if !is_blank {
                word.get_or_insert(at);
            }
            match cursor.peek() {
                None => return Ok(None),
                Some('"') => {
                    let quoted = self.quoted(&mut cursor)?;
                    self.fragments.push(Fragment::Quoted(quoted));
                }
                Some('{') => {
                    if let Some(pending) = self.literal(&mut cursor)? {
                        return Ok(Some(pending));
                    }
                }
                _ if cursor.eat("$${") => self.text("${", at..cursor.at),
                _ if cursor.rest().starts_with(BASE64) => {
                    let encoded = cursor.base64()?;
                    if self.prefix.side != Side::Client {
                        return Err(base64_elsewhere(encoded.span));
                    }
                    self.fragments.push(Fragment::Base64(encoded));
                }
                _ if cursor.rest().starts_with("${") => {
                    let hole = cursor.hole()?;
                    if let Some(kind) = &hole.kind
                        && kind.value == HoleKind::Text
                    {
                        return Err(Problem::new(
                            kind.span.clone(),
                            "there is no text for people here",
                        )
                        .label("not behind a status or `+`")
                        .help("any one value is `${name}`, a string is `${name: string}`"));
                    }
                    self.fragments.push(Fragment::Hole(hole));
                }
                Some(c) => {
                    cursor.bump();
                    self.text(c.encode_utf8(&mut [0; 4]), at..cursor.at);
                    if c == ']' && self.reading == Reading::Code {
                        self.reading = Reading::Prose;
                    }
                }
            }
        }
    }

    /// A word of a response is over: what comes next?
    fn word(&mut self, word: &str) {
        self.reading = match self.reading {
            Reading::Tag if word == "+" => Reading::Prose,
            Reading::Tag => Reading::Status,
            Reading::Status if is_status(word) => Reading::AfterStatus,
            Reading::Status => Reading::Data,
            other => other,
        };
    }

    fn text(&mut self, text: &str, span: Span) {
        match self.fragments.last_mut() {
            Some(Fragment::Text(last)) if last.span.end == span.start => {
                last.value.push_str(text);
                last.span.end = span.end;
            }
            _ => self.fragments.push(Fragment::Text(Spanned { value: text.to_owned(), span })),
        }
    }

    /// Text for people: kept, or captured by a hole that stands for all of it.
    fn prose(&mut self, mut cursor: Cursor<'_>) -> Read<()> {
        cursor.skip_blanks();
        if cursor.is_at_end() {
            return Ok(());
        }
        let span = cursor.at..cursor.end;
        let Some(at) = cursor.rest().find("${") else {
            self.fragments.push(Fragment::Prose(span));
            return Ok(());
        };
        cursor.at += at;
        let mut hole = cursor.hole()?;
        let is_text = hole.kind.as_ref().is_none_or(|kind| kind.value == HoleKind::Text);
        if at > 0 || !cursor.is_at_end() || !is_text {
            return Err(Problem::new(hole.span, "text for people is not compared")
                .label("this hole would never be filled")
                .help("one hole for all of the text, `${name: text}`, captures it"));
        }
        let span = hole.name.span.clone();
        hole.kind.get_or_insert(Spanned { value: HoleKind::Text, span });
        self.fragments.push(Fragment::Hole(hole));
        Ok(())
    }

    fn quoted(&self, cursor: &mut Cursor<'_>) -> Read<Spanned<Vec<Part>>> {
        let start = cursor.at;
        cursor.bump();
        let mut parts = Parts::default();
        loop {
            let at = cursor.at;
            if cursor.rest().starts_with("${") {
                parts.hole(cursor.hole()?);
                continue;
            }
            if cursor.eat("$${") {
                parts.octets(b"${", at..cursor.at);
                continue;
            }
            match cursor.bump() {
                Some('"') => return Ok(Spanned { value: parts.0, span: start..cursor.at }),
                Some('\\') => match cursor.bump() {
                    Some(c @ ('"' | '\\')) => parts.octets(&[c as u8], at..cursor.at),
                    _ => {
                        return Err(Problem::new(
                            at..cursor.at,
                            "only `\"` and `\\` may stand behind a backslash (RFC 3501 §9, quoted)",
                        )
                        .label("not an escape of IMAP")
                        .help("write a literal with escapes, `{\"…\"}`, or `send \"…\"`"));
                    }
                },
                Some(c) => parts.octets(c.encode_utf8(&mut [0; 4]).as_bytes(), at..cursor.at),
                None => {
                    let problem =
                        Problem::new(start..cursor.end, "the quoted string is not closed")
                            .label("no `\"` on this line");
                    return Err(match self.prefix.side {
                        Side::Client => {
                            problem.help("what is not legal is sent with `send \"…\\r\\n\"`")
                        }
                        Side::Server(_) => problem.help("a quoted string ends on its line"),
                    });
                }
            }
        }
    }

    fn literal(&mut self, cursor: &mut Cursor<'_>) -> Read<Option<(Span, bool, Pending)>> {
        let start = cursor.at;
        cursor.bump();
        let mut pending = None;
        let mut form = None;
        match cursor.peek() {
            Some('0'..='9') => pending = Some(Pending::Counted(cursor.number()?)),
            Some('}' | '+') => pending = Some(Pending::Block),
            Some('"') => form = Some(LiteralForm::Inline(cursor.escaped_string()?.value)),
            Some('$') if cursor.rest().starts_with("${") => {
                form = Some(LiteralForm::Inline(vec![Part::Hole(cursor.hole()?)]));
            }
            Some('f') if cursor.eat("file") => {
                cursor.skip_blanks();
                form = Some(LiteralForm::File(cursor.plain_string()?));
            }
            _ => {
                return Err(cursor.unexpected("a literal").help(
                    "a literal is `{}`, `{12}`, `{\"text\"}`, `{${name}}` or `{file \"name\"}`; \
                     any other `{` is sent with `send`",
                ));
            }
        }
        let plus = cursor.here();
        let synchronising = !cursor.eat("+");
        if !synchronising && self.prefix.side != Side::Client {
            return Err(Problem::new(plus, "a server never sends `+}` (RFC 7888 §4)")
                .label("only in what a client sends"));
        }
        cursor.expect("}", "at the end of the literal's announcement")?;
        let announcement = start..cursor.at;
        let Some(pending) = pending else {
            let form = form.unwrap_or(LiteralForm::Inline(Vec::new()));
            self.fragments.push(Fragment::Literal(Literal { announcement, synchronising, form }));
            return Ok(None);
        };
        cursor.skip_blanks();
        if !cursor.is_at_end() {
            return Err(Problem::new(
                cursor.at..cursor.end,
                "the literal's content is expected here",
            )
            .label("stands between the literal and its content")
            .help("go on in an indented line below the content, or write `{\"…\"}`"));
        }
        Ok(Some((announcement, synchronising, pending)))
    }
}
