//! What a client has to understand to get as far as being logged in: tags, OK, NO, BAD, BYE, and
//! capabilities.
//!
//! The grammar is strict, and what it rejects becomes a finding; but a server with a slip in its
//! greeting must still be reachable, or nothing else could be said about it. So here only as much
//! is read as is needed.

use super::words::readable;

/// The first words of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StatusLine<'a> {
    /// `*`, `+`, or the tag.
    pub(super) tag: &'a [u8],
    /// The word after it.
    pub(super) word: Word,
    /// What follows, without CRLF.
    pub(super) text: &'a [u8],
}

/// The word that says what the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Ok,
    No,
    Bad,
    Bye,
    PreAuth,
    Other,
}

impl<'a> StatusLine<'a> {
    pub(super) fn read(frame: &'a [u8]) -> Self {
        let line = frame.strip_suffix(b"\r\n").unwrap_or(frame);
        let (tag, rest) = split_word(line);
        let (word, text) = split_word(rest);
        let known = [
            ("OK", Word::Ok),
            ("NO", Word::No),
            ("BAD", Word::Bad),
            ("BYE", Word::Bye),
            ("PREAUTH", Word::PreAuth),
        ];
        let known = known.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()));
        Self { tag, word: known.map_or(Word::Other, |(_, word)| *word), text }
    }

    pub(super) fn is_untagged(&self) -> bool {
        self.tag == b"*"
    }

    pub(super) fn is_continuation(&self) -> bool {
        self.tag == b"+"
    }

    /// The capabilities that a line lists: `* CAPABILITY …`, or a response code `[CAPABILITY …]`.
    pub(super) fn capabilities_in(frame: &[u8]) -> Option<Vec<String>> {
        let line = StatusLine::read(frame);
        let list = match line.word {
            Word::Other if line.is_untagged() => {
                let (_, rest) = split_word(frame.strip_suffix(b"\r\n")?);
                rest
            }
            Word::Ok | Word::No | Word::PreAuth => {
                let code = line.text.strip_prefix(b"[")?;
                code.split(|&octet| octet == b']').next()?
            }
            _ => return None,
        };
        let (name, capabilities) = split_word(list);
        name.eq_ignore_ascii_case(b"CAPABILITY").then(|| {
            let names = capabilities.split(|&octet| octet == b' ').filter(|name| !name.is_empty());
            names.map(|name| readable(name).into_owned()).collect()
        })
    }
}

fn split_word(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|&octet| octet == b' ') {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, &[]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_with_control_characters_is_escaped() {
        let found = StatusLine::capabilities_in(b"* CAPABILITY IMAP4rev1 \x1b[2J\r\n");
        assert_eq!(found.unwrap(), ["IMAP4rev1", "\\x1b[2J"]);
    }

    #[test]
    fn capabilities_are_found_where_they_stand() {
        for (line, expected) in [
            (&b"* CAPABILITY IMAP4rev1 IDLE\r\n"[..], Some(&["IMAP4rev1", "IDLE"][..])),
            (b"* capability IMAP4rev1\r\n", Some(&["IMAP4rev1"])),
            (
                b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hello\r\n",
                Some(&["IMAP4rev1", "AUTH=PLAIN"]),
            ),
            (b"a OK [CAPABILITY IMAP4rev1] in\r\n", Some(&["IMAP4rev1"])),
            (b"* PREAUTH [CAPABILITY IMAP4rev1] hello\r\n", Some(&["IMAP4rev1"])),
            (b"* OK CAPABILITY completed\r\n", None),
            (b"a OK CAPABILITY completed\r\n", None),
            (b"* OK [ALERT] [CAPABILITY X]\r\n", None),
            (b"\r\n", None),
            (b"*\r\n", None),
            (b"* \r\n", None),
        ] {
            let found = StatusLine::capabilities_in(line);
            let found = found.as_ref().map(|names| names.iter().map(String::as_str).collect());
            assert_eq!(found, expected.map(<[&str]>::to_vec), "{}", line.escape_ascii());
        }
    }
}
