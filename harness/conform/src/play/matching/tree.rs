//! A response as a tree of tokens, with the octets where each stands.
//!
//! The grammar's values know what a response means, but not where its parts stand, and there are
//! none where the response is not legal. So matching looks at tokens. Every frame has some: what
//! is not closed ends with the frame, what closes nothing is a word, and spaces only separate.

use std::{borrow::Cow, ops::Range};

use imap_grammar::MAX_DEPTH;

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::play) struct Node<'f> {
    pub(in crate::play) kind: NodeKind<'f>,
    pub(in crate::play) octets: Range<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::play) enum NodeKind<'f> {
    /// An atom, a number, a tag, NIL.
    Word(&'f [u8]),
    /// A quoted string or a literal, by its octets.
    String(Cow<'f, [u8]>),
    /// `(…)`
    List(Vec<Node<'f>>),
    /// `[…]`: a response code, or the section behind BODY.
    Brackets(Vec<Node<'f>>),
    /// `<…>`: the origin octet behind a section.
    Origin(Vec<Node<'f>>),
    /// Text for a person.
    Text(&'f [u8]),
}

impl<'f> Node<'f> {
    pub(in crate::play) fn word(&self) -> Option<&'f [u8]> {
        match self.kind {
            NodeKind::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The octets of a string, not of an atom.
    pub(in crate::play) fn string(&self) -> Option<&[u8]> {
        match &self.kind {
            NodeKind::String(octets) => Some(octets),
            _ => None,
        }
    }

    pub(in crate::play) fn is_word(&self, word: &str) -> bool {
        self.word().is_some_and(|own| own.eq_ignore_ascii_case(word.as_bytes()))
    }

    pub(in crate::play) fn is_nil(&self) -> bool {
        self.is_word("NIL")
    }

    pub(in crate::play) fn list(&self) -> Option<&[Self]> {
        match &self.kind {
            NodeKind::List(elements) => Some(elements),
            _ => None,
        }
    }
}

/// Whether the word is the status of a status response.
pub(in crate::play) fn is_status(word: &[u8]) -> bool {
    let known: [&[u8]; 5] = [b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"];
    known.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The tokens of a frame.
pub(in crate::play) fn tokens(frame: &[u8]) -> Vec<Node<'_>> {
    let line = frame.strip_suffix(b"\n").unwrap_or(frame);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut reader = Reader { line, at: 0, has_sections: false };
    let mut tokens = Vec::new();
    for index in 0..3 {
        reader.skip_spaces();
        if reader.peek().is_none() {
            return tokens;
        }
        let first = reader.token(None, 0, &[]);
        let is_text = match first.word() {
            Some(word) if index == 0 => word == b"+",
            Some(word) if index == 1 => is_status(word),
            Some(word) => {
                reader.has_sections = word.eq_ignore_ascii_case(b"FETCH");
                false
            }
            None => false,
        };
        tokens.push(first);
        if is_text {
            reader.code_and_text(&mut tokens);
            return tokens;
        }
    }
    reader.sequence(None, 0, &mut tokens);
    tokens
}

struct Reader<'f> {
    /// The frame without its final line end.
    line: &'f [u8],
    at: usize,
    /// Whether `BODY` may have a section.
    has_sections: bool,
}

impl<'f> Reader<'f> {
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Tokens up to the closing octet; whether it came.
    fn sequence(&mut self, close: Option<u8>, depth: u8, tokens: &mut Vec<Node<'f>>) -> bool {
        loop {
            self.skip_spaces();
            match self.peek() {
                None => return close.is_none(),
                next if next == close => {
                    self.at += 1;
                    return true;
                }
                _ => {
                    let token = self.token(close, depth, tokens);
                    tokens.push(token);
                }
            }
        }
    }

    fn enclosed(&mut self, close: u8, depth: u8) -> Vec<Node<'f>> {
        let mut inside = Vec::new();
        self.at += 1;
        self.sequence(Some(close), depth + 1, &mut inside);
        inside
    }

    /// The token that begins here; at least one octet.
    fn token(&mut self, close: Option<u8>, depth: u8, before: &[Node<'f>]) -> Node<'f> {
        let start = self.at;
        let adjacent = before.last().filter(|token| token.octets.end == start);
        let in_items = self.has_sections && depth == 1;
        let kind = match self.peek() {
            Some(b'(' | b'[' | b'<') if depth == MAX_DEPTH => {
                self.at = self.line.len();
                NodeKind::Word(&self.line[start..])
            }
            Some(b'(') => NodeKind::List(self.enclosed(b')', depth)),
            Some(b'[') if in_items && adjacent.is_some_and(|token| token.is_word("BODY")) => {
                NodeKind::Brackets(self.enclosed(b']', depth))
            }
            Some(b'<')
                if adjacent.is_some_and(|token| matches!(token.kind, NodeKind::Brackets(_))) =>
            {
                NodeKind::Origin(self.enclosed(b'>', depth))
            }
            Some(b'"') => self.quoted().unwrap_or_else(|| self.rest_of_word(close, in_items)),
            Some(b'{') => self.literal().unwrap_or_else(|| self.rest_of_word(close, in_items)),
            _ => self.rest_of_word(close, in_items),
        };
        Node { kind, octets: start..self.at }
    }

    fn rest_of_word(&mut self, close: Option<u8>, in_items: bool) -> NodeKind<'f> {
        let start = self.at;
        let closes_nothing = self.peek() == Some(b')');
        self.at += 1;
        while let Some(octet) = self.peek().filter(|_| !closes_nothing) {
            let word = &self.line[start..self.at];
            let has_section = octet == b'[' && in_items && word.eq_ignore_ascii_case(b"BODY");
            if matches!(octet, b' ' | b'(' | b')') || Some(octet) == close || has_section {
                break;
            }
            self.at += 1;
        }
        NodeKind::Word(&self.line[start..self.at])
    }

    /// A quoted string, if it has an end: before the line's, which no quoted string holds (RFC 3501
    /// §9, QUOTED-CHAR).
    fn quoted(&mut self) -> Option<NodeKind<'f>> {
        let inside = &self.line[self.at + 1..];
        let mut end = 0;
        let mut escaped = false;
        loop {
            match *inside.get(end)? {
                b'"' => break,
                b'\r' | b'\n' => return None,
                b'\\' => {
                    escaped = true;
                    end += 2;
                }
                _ => end += 1,
            }
        }
        self.at += end + 2;
        let content = &inside[..end];
        if !escaped {
            return Some(NodeKind::String(Cow::Borrowed(content)));
        }
        let mut octets = Vec::with_capacity(end);
        let mut rest = content.iter();
        while let Some(&octet) = rest.next() {
            octets.push(if octet == b'\\' { *rest.next()? } else { octet });
        }
        Some(NodeKind::String(Cow::Owned(octets)))
    }

    /// A literal, if it is one.
    fn literal(&mut self) -> Option<NodeKind<'f>> {
        let inside = &self.line[self.at + 1..];
        let digits = inside.iter().take_while(|octet| octet.is_ascii_digit()).count();
        let octets: usize = std::str::from_utf8(&inside[..digits]).ok()?.parse().ok()?;
        let content = inside[digits..].strip_prefix(b"}\r\n")?.get(..octets)?;
        self.at += 1 + digits + b"}\r\n".len() + octets;
        Some(NodeKind::String(Cow::Borrowed(content)))
    }

    /// What follows a status or `+`.
    fn code_and_text(&mut self, tokens: &mut Vec<Node<'f>>) {
        let start = self.at;
        self.skip_spaces();
        match self.peek() {
            Some(b'[') => tokens.extend(self.code()),
            _ => self.at = start,
        }
        // One space stands before text, which may begin with another, or be one.
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        if self.peek().is_some() {
            let octets = self.at..self.line.len();
            tokens.push(Node { kind: NodeKind::Text(&self.line[octets.clone()]), octets });
        }
    }

    /// A response code, if it has an end. What an unknown one holds is text (RFC 3501 §9,
    /// `resp-text-code`), in which parentheses and quotes need no partner.
    fn code(&mut self) -> Option<Node<'f>> {
        let start = self.at;
        let end = start + self.line[start..].iter().position(|&octet| octet == b']')?;
        let mut inside = Vec::new();
        self.at += 1;
        if !self.sequence(Some(b']'), 1, &mut inside) {
            let line = self.line;
            let mut words = Self { line: &line[..end], at: start + 1, has_sections: false };
            inside.clear();
            while words.at < end {
                words.skip_spaces();
                let from = words.at;
                let length = line[from..end].iter().take_while(|&&octet| octet != b' ').count();
                if length > 0 {
                    words.at += length;
                    let kind = NodeKind::Word(&line[from..words.at]);
                    inside.push(Node { kind, octets: from..words.at });
                }
            }
            self.at = end + 1;
        }
        Some(Node { kind: NodeKind::Brackets(inside), octets: start..self.at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree on one line: `'…'` a string, `«…»` text, everything else as it is written.
    fn shown(nodes: &[Node<'_>]) -> String {
        let one = |node: &Node<'_>| match &node.kind {
            NodeKind::Word(word) => word.escape_ascii().to_string(),
            NodeKind::String(octets) => format!("'{}'", octets.escape_ascii()),
            NodeKind::List(inside) => format!("({})", shown(inside)),
            NodeKind::Brackets(inside) => format!("[{}]", shown(inside)),
            NodeKind::Origin(inside) => format!("<{}>", shown(inside)),
            NodeKind::Text(text) => format!("«{}»", text.escape_ascii()),
        };
        nodes.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn frames_become_trees() {
        for (frame, tree) in [
            ("* 23 EXISTS\r\n", "* 23 EXISTS"),
            ("* LIST (\\A) \"/\" a]b\r\n", "* LIST (\\A) '/' a]b"),
            ("* LIST () NIL {3}\r\na b\r\n", "* LIST () NIL 'a b'"),
            ("* LIST () \"\\\\\" \"a\\\"b\"\r\n", "* LIST () '\\\\' 'a\\\"b'"),
            ("a OK (not a list\r\n", "a OK «(not a list»"),
            ("a OK [UIDNEXT 4] x]\r\n", "a OK [UIDNEXT 4] «x]»"),
            ("* OK [X-ODD (a \"b] c\r\n", "* OK [X-ODD (a \\\"b] «c»"),
            ("* OK [X c\r\n", "* OK «[X c»"),
            ("* OK [PERMANENTFLAGS (\\* a)] x\r\n", "* OK [PERMANENTFLAGS (\\\\* a)] «x»"),
            ("+ [ALERT] go\r\n", "+ [ALERT] «go»"),
            ("+\r\n", "+"),
            (
                "* 1 FETCH (BODY[HEADER.FIELDS (A)]<5> {2}\r\nxy UID 3)\r\n",
                "* 1 FETCH (BODY [HEADER.FIELDS (A)] <5> 'xy' UID 3)",
            ),
            (
                "* 1 FETCH (BODY[] NIL BODY (\"A\" \"[\"))\r\n",
                "* 1 FETCH (BODY [] NIL BODY ('A' '['))",
            ),
            ("* STATUS BODY[x] (UIDNEXT 1)\r\n", "* STATUS BODY[x] (UIDNEXT 1)"),
            ("* 1 FETCH (UID(4)\r\n", "* 1 FETCH (UID (4))"),
            ("* FLAGS )\"x {4}\r\n", "* FLAGS ) \\\"x {4}"),
            ("* X {9}\r\nab\r\n", "* X {9}\\r\\nab"),
            ("\r\n", ""),
            ("", ""),
        ] {
            let expected = tree.replace("\\A", "\\\\A");
            assert_eq!(shown(&tokens(frame.as_bytes())), expected, "{frame:?}");
        }
    }

    #[test]
    fn a_token_knows_its_octets() {
        let frame = b"* 1 FETCH (UID 44 BODY[TEXT] {2}\r\nxy)\r\n";
        let tree = tokens(frame);
        let items = tree[3].list().unwrap();
        let at = |node: &Node<'_>| frame[node.octets.clone()].escape_ascii().to_string();
        assert_eq!(at(&items[1]), "44");
        assert_eq!(at(&items[3]), "[TEXT]");
        assert_eq!(at(&items[4]), "{2}\\r\\nxy");
    }

    #[test]
    fn nesting_is_bounded() {
        let frame = [b"* X ".as_slice(), &b"(".repeat(100_000)].concat();
        let tree = tokens(&frame);
        assert_eq!(tree.len(), 3);
    }
}
