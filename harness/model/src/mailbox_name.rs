//! Names of mailboxes: hierarchy, the patterns of LIST, and modified UTF-7 (RFC 3501 §5.1, §6.3.8).
//!
//! INBOX ignores case, and so does the first level of a name below INBOX, which RFC 3501 leaves
//! open: otherwise `inbox/a` would have a superior that cannot be told from INBOX.

use imap_grammar::{ImapString, Mailbox};

/// No name may be longer, in octets.
const MAX_LENGTH: usize = 1000;

const INBOX: &[u8] = b"INBOX";

/// How names are put together.
#[derive(Debug, Clone)]
pub(crate) struct Hierarchy {
    /// The delimiter; nothing for flat names.
    pub delimiter: Option<u8>,
    /// What every name but INBOX begins with.
    pub prefix: Vec<u8>,
}

/// A name in the one spelling that stands for all equal ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct MailboxName(Vec<u8>);

/// A pattern of LIST or LSUB, the reference name included.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// With one wildcard where several follow each other, so that it is hardly longer than the
    /// names; nothing where more than wildcards is longer than any name, and none matches.
    octets: Option<Vec<u8>>,
    asks_for_levels: bool,
}

impl MailboxName {
    pub fn inbox() -> Self {
        Self(INBOX.to_vec())
    }

    pub fn is_inbox(&self) -> bool {
        self.0 == INBOX
    }

    /// The name as it goes over the wire.
    pub fn to_mailbox(&self) -> Mailbox<'static> {
        // A name came out of a mailbox, in which there is no NUL.
        Mailbox::new(self.0.clone()).unwrap_or(Mailbox::Inbox)
    }
}

impl Hierarchy {
    /// The name that a command gives.
    pub fn name(&self, mailbox: &Mailbox<'_>) -> MailboxName {
        let mut name = mailbox.as_bytes().to_vec();
        let folded = inbox_level(&name, self.delimiter);
        name[..folded].make_ascii_uppercase();
        MailboxName(name)
    }

    /// The name without the delimiter at its end, which only declares an intention (§6.3.3).
    pub fn without_trailing_delimiter(&self, name: MailboxName) -> MailboxName {
        let mut octets = name.0;
        if octets.last().is_some_and(|&last| Some(last) == self.delimiter) {
            octets.pop();
        }
        MailboxName(octets)
    }

    /// The superior names, from the outside in.
    pub fn superiors<'n>(&self, name: &'n MailboxName) -> impl Iterator<Item = MailboxName> + 'n {
        let delimiter = self.delimiter;
        let is_delimiter = move |octet: u8| Some(octet) == delimiter;
        let ends = name.0.iter().enumerate().filter(move |&(_, &octet)| is_delimiter(octet));
        ends.map(|(end, _)| MailboxName(name.0[..end].to_vec()))
    }

    /// Whether the name is below the other, at whatever depth.
    pub fn is_inferior(&self, name: &MailboxName, superior: &MailboxName) -> bool {
        let rest = name.0.strip_prefix(superior.0.as_slice());
        rest.and_then(|rest| rest.first()).is_some_and(|&octet| Some(octet) == self.delimiter)
    }

    /// What all names below the name come directly behind, in the order of names; nothing where
    /// there can be none.
    pub fn before_inferiors(&self, name: &MailboxName) -> Option<MailboxName> {
        let delimiter = self.delimiter?;
        Some(MailboxName([name.0.as_slice(), &[delimiter]].concat()))
    }

    /// The name in which `to` has taken the place of `from`, which is the name or above it.
    pub fn renamed(&self, name: &MailboxName, from: &MailboxName, to: &MailboxName) -> MailboxName {
        let rest = name.0.strip_prefix(from.0.as_slice()).unwrap_or_default();
        MailboxName([&to.0, rest].concat())
    }

    /// Why there can be no mailbox of that name.
    pub fn objection(&self, name: &MailboxName) -> Option<&'static str> {
        let octets = &name.0;
        let level_is_empty =
            |delimiter| octets.split(|&octet| octet == delimiter).any(<[_]>::is_empty);
        if octets.is_empty() {
            Some("A name is not empty")
        } else if octets.len() > MAX_LENGTH {
            Some("The name is too long")
        } else if octets.iter().any(|octet| matches!(octet, b'*' | b'%')) {
            Some("Wildcards cannot be part of a name")
        } else if !is_modified_utf7(octets) {
            Some("The name is not modified UTF-7")
        } else if self.delimiter.is_some_and(level_is_empty) {
            Some("A level of the hierarchy has no name")
        } else if !octets.starts_with(&self.prefix) && inbox_level(octets, self.delimiter) == 0 {
            Some("The name is outside of the personal namespace")
        } else {
            None
        }
    }

    /// Whether the name matches.
    ///
    /// The time is proportional to the lengths of both, however many wildcards there are.
    pub fn matches(&self, name: &MailboxName, pattern: &Pattern) -> bool {
        let Some(pattern) = &pattern.octets else { return false };
        let name = &name.0;
        let folded = inbox_level(name, self.delimiter);
        // Which beginnings of the name, by length, the pattern matches so far.
        let mut matched = vec![false; name.len() + 1];
        matched[0] = true;
        for &wanted in pattern {
            match wanted {
                b'*' | b'%' => {
                    for (index, &octet) in name.iter().enumerate() {
                        let passes = wanted == b'*' || Some(octet) != self.delimiter;
                        matched[index + 1] |= matched[index] && passes;
                    }
                }
                _ => {
                    for (index, octet) in name.iter().enumerate().rev() {
                        let same = if index < folded {
                            octet.eq_ignore_ascii_case(&wanted)
                        } else {
                            *octet == wanted
                        };
                        matched[index + 1] = matched[index] && same;
                    }
                    matched[0] = false;
                }
            }
            if !matched.contains(&true) {
                return false;
            }
        }
        matched[name.len()]
    }
}

impl Pattern {
    /// The pattern as it is after the reference name.
    pub fn new(reference: &Mailbox<'_>, pattern: &ImapString<'_>) -> Self {
        Self::parse([reference.as_bytes(), pattern.as_bytes()])
    }

    fn parse(pieces: [&[u8]; 2]) -> Self {
        let last = pieces.iter().flat_map(|piece| piece.last()).last();
        Self { octets: shortened(pieces), asks_for_levels: last == Some(&b'%') }
    }

    /// Whether it asks for levels of the hierarchy that are no names of their own (§6.3.8).
    pub fn asks_for_levels(&self) -> bool {
        self.asks_for_levels
    }
}

/// A pattern with one wildcard where several follow each other: `*` if it is among them, for what
/// the others match, it does as well. Nothing where no name is as long.
fn shortened(pieces: [&[u8]; 2]) -> Option<Vec<u8>> {
    let is_wildcard = |octet| matches!(octet, b'*' | b'%');
    let mut octets = Vec::new();
    let mut others = 0;
    for &octet in pieces.into_iter().flatten() {
        match octets.last_mut() {
            Some(last) if is_wildcard(*last) && is_wildcard(octet) => {
                if octet == b'*' {
                    *last = octet;
                }
            }
            _ => {
                octets.push(octet);
                others += usize::from(!is_wildcard(octet));
            }
        }
        if others > MAX_LENGTH {
            return None;
        }
    }
    Some(octets)
}

/// How many octets the first level has where it is INBOX, in whatever case; else zero.
fn inbox_level(name: &[u8], delimiter: Option<u8>) -> usize {
    let is_inbox = name.get(..INBOX.len()).is_some_and(|level| level.eq_ignore_ascii_case(INBOX));
    let ends = match name.get(INBOX.len()) {
        None => true,
        Some(&octet) => Some(octet) == delimiter,
    };
    if is_inbox && ends { INBOX.len() } else { 0 }
}

/// Whether these are printable US-ASCII with, between `&` and `-`, what only modified BASE64 can
/// say: UTF-16 without printable US-ASCII, in the shortest form (RFC 3501 §5.1.3).
fn is_modified_utf7(name: &[u8]) -> bool {
    let mut rest = name;
    // "null shifts" like `&AGE-&AGI-` are not permitted: one run of base64 follows another only
    // through a character that represents itself.
    let mut after_base64 = false;
    while let Some((&octet, tail)) = rest.split_first() {
        match octet {
            b'&' => {
                let Some(end) = tail.iter().position(|&octet| octet == b'-') else { return false };
                let encoded = &tail[..end];
                if !encoded.is_empty() && (after_base64 || !is_modified_base64(encoded)) {
                    return false;
                }
                after_base64 = !encoded.is_empty();
                rest = &tail[end + 1..];
            }
            b' '..=b'~' => {
                after_base64 = false;
                rest = tail;
            }
            _ => return false,
        }
    }
    true
}

fn is_modified_base64(encoded: &[u8]) -> bool {
    let mut units = Vec::new();
    let (mut bits, mut held) = (0u32, 0);
    for &octet in encoded {
        let value = match octet {
            b'A'..=b'Z' => octet - b'A',
            b'a'..=b'z' => octet - b'a' + 26,
            b'0'..=b'9' => octet - b'0' + 52,
            b'+' => 62,
            b',' => 63,
            _ => return false,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push((bits >> held) as u16);
            bits &= (1 << held) - 1;
        }
    }
    let whole = held < 6 && bits == 0;
    let printable = |character| matches!(character, ' '..='~');
    whole
        && char::decode_utf16(units)
            .all(|character| character.is_ok_and(|character| !printable(character)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hierarchy() -> Hierarchy {
        Hierarchy { delimiter: Some(b'/'), prefix: Vec::new() }
    }

    fn name(name: &str) -> MailboxName {
        hierarchy().name(&Mailbox::new(name.as_bytes()).unwrap())
    }

    #[test]
    fn patterns_match_as_rfc3501_6_3_8_says() {
        let cases = [
            ("*", "a/b", true),
            ("%", "a", true),
            ("%", "a/b", false),
            ("%/%", "a/b", true),
            ("a*", "a/b/c", true),
            ("a/%/c", "a/b/c", true),
            ("a/%/c", "a/b/b/c", false),
            ("*c", "a/b/c", true),
            ("*%*%*x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("", "a", false),
            ("A", "a", false),
            ("inbox", "INBOX", true),
            ("iNb%", "INBOX", true),
            ("inbox/a", "INBOX/a", true),
            ("inbox/A", "INBOX/a", false),
            ("inbox2", "INBOX2", false),
        ];
        for (pattern, matched, expected) in cases {
            let written = Pattern::parse([b"", pattern.as_bytes()]);
            assert_eq!(
                hierarchy().matches(&name(matched), &written),
                expected,
                "{pattern} {matched}"
            );
        }
    }

    #[test]
    fn several_wildcards_together_are_one() {
        let rows = [
            ("", "%%%", "%"),
            ("%", "%*%", "*"),
            ("*%", "", "*"),
            ("a%%b**", "c%*d*%", "a%b*c*d*"),
        ];
        for (reference, pattern, octets) in rows {
            let pattern = Pattern::parse([reference.as_bytes(), pattern.as_bytes()]);
            assert_eq!(pattern.octets.as_deref(), Some(octets.as_bytes()));
        }
        let longest = "a%%".repeat(MAX_LENGTH);
        assert!(Pattern::parse([b"%%", longest.as_bytes()]).octets.is_some());
        assert!(Pattern::parse([b"a%%", longest.as_bytes()]).octets.is_none());
    }

    #[test]
    fn modified_utf7_is_what_rfc3501_5_1_3_allows() {
        let legal = [
            "",
            "plain",
            "a&-b",
            "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
            "&Jjo-!",
            "&2D3cqQ-",
            "&AOQ-&-",
        ];
        for name in legal {
            assert!(is_modified_utf7(name.as_bytes()), "{name}");
        }
        let illegal = [
            "&",
            "&Jjo",
            "&Jjo!",
            "&Jj-",
            "&AGE-",
            "&U,BTFw-&ZeVnLIqe-",
            "&U/BTFw-",
            "\u{e4}",
            "a\tb",
            "&2D0-",
            "&AOR-",
        ];
        for name in illegal {
            assert!(!is_modified_utf7(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn inbox_has_one_spelling() {
        assert!(name("inBox").is_inbox());
        assert_eq!(name("inbox/A"), name("INBOX/A"));
        assert_ne!(name("inboxes"), name("INBOXES"));
    }
}
