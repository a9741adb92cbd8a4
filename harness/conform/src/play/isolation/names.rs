//! The names of the mailboxes that a run makes, and how they are known again.

use std::{
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
    ops::RangeFrom,
    sync::Mutex,
};

use super::Personal;

/// What every root's own name begins with.
const ROOT: &str = "imap-conform-";
/// Hexadecimal digits of a run's id.
const ID_DIGITS: usize = 16;
/// Digits of a case's number: always as many, so that no case's name begins another's.
const CASE_DIGITS: usize = 6;

/// What tells a run from all others: 16 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RunId(String);

impl RunId {
    /// An id from a number that is random enough that no other run has it.
    pub fn new(random: u64) -> Self {
        Self(format!("{random:0ID_DIGITS$x}"))
    }

    /// An id that no other run has: the standard library's hashers are keyed at random, each with
    /// another key.
    pub fn random() -> Self {
        Self::new(RandomState::new().build_hasher().finish())
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The root of a run.
#[derive(Debug)]
pub struct Root {
    name: Vec<u8>,
    delimiter: Option<u8>,
    numbers: Mutex<RangeFrom<u32>>,
}

/// The mailboxes of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseMailboxes {
    name: Vec<u8>,
    delimiter: Option<u8>,
}

impl Root {
    /// The root of the run of that id.
    pub fn new(personal: &Personal, id: &RunId) -> Self {
        let Personal { prefix, delimiter } = personal;
        let name = [prefix.as_slice(), ROOT.as_bytes(), id.0.as_bytes()].concat();
        Self { name, delimiter: *delimiter, numbers: Mutex::new(1..) }
    }

    /// Its name.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Its name as CREATE says that names will be made below it; nothing without hierarchy.
    pub(in crate::play) fn directory(&self) -> Option<Vec<u8>> {
        directory(&self.name, self.delimiter)
    }

    /// Names for a case, which no other case of the run has.
    pub fn next_case(&self) -> CaseMailboxes {
        let number = self.numbers.lock().map_or(None, |mut numbers| numbers.next());
        self.case(number.unwrap_or_default())
    }

    /// Names for what the run finds out for itself, which no case has.
    pub(in crate::play) fn inquiry(&self) -> CaseMailboxes {
        self.case(0)
    }

    fn case(&self, number: u32) -> CaseMailboxes {
        let number = format!("{number:0CASE_DIGITS$}");
        let name = below(&self.name, self.delimiter, number.as_bytes());
        CaseMailboxes { name, delimiter: self.delimiter }
    }
}

impl CaseMailboxes {
    /// `${root}`: the mailbox below which all others of the case are.
    pub fn root(&self) -> &[u8] {
        &self.name
    }

    /// `${delimiter}`
    pub fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }

    /// `${mailbox}`: the mailbox with the fixture.
    pub fn mailbox(&self) -> Vec<u8> {
        self.other(b"main")
    }

    /// `${mailbox.NAME}`: another, which the player does not create.
    pub fn other(&self, name: &[u8]) -> Vec<u8> {
        below(&self.name, self.delimiter, name)
    }

    pub(super) fn directory(&self) -> Option<Vec<u8>> {
        directory(&self.name, self.delimiter)
    }

    /// Whether a mailbox belongs to the case.
    pub(super) fn contains(&self, name: &[u8]) -> bool {
        begins_with(name, &self.name)
    }
}

/// Whether a mailbox belongs to any run: its name is that of a root, or begins with one's.
pub(super) fn is_of_a_run(name: &[u8], personal: &Personal) -> bool {
    if !begins_with(name, &personal.prefix) {
        return false;
    }
    let own = &name[personal.prefix.len()..];
    let Some(rest) = own.strip_prefix(ROOT.as_bytes()) else { return false };
    let Some((id, rest)) = rest.split_at_checked(ID_DIGITS) else { return false };
    let is_id = id.iter().all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f'));
    is_id
        && match (rest.split_first(), personal.delimiter) {
            (None, _) => true,
            (Some((first, _)), Some(delimiter)) => *first == delimiter,
            (Some((b'-', rest)), None) => {
                rest.len() >= CASE_DIGITS && rest[..CASE_DIGITS].iter().all(u8::is_ascii_digit)
            }
            (Some(_), None) => false,
        }
}

/// The pattern that LIST takes for all roots.
pub(super) fn pattern_of_roots(personal: &Personal) -> Vec<u8> {
    [personal.prefix.as_slice(), ROOT.as_bytes(), b"*"].concat()
}

/// INBOX has no case, and may be what names begin with.
pub(super) fn begins_with(name: &[u8], prefix: &[u8]) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn directory(name: &[u8], delimiter: Option<u8>) -> Option<Vec<u8>> {
    delimiter.map(|delimiter| [name, &[delimiter]].concat())
}

/// A name below another; beside it where there is no hierarchy.
fn below(name: &[u8], delimiter: Option<u8>, own: &[u8]) -> Vec<u8> {
    [name, &[delimiter.unwrap_or(b'-')], own].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef";

    fn personal(prefix: &str, delimiter: Option<u8>) -> Personal {
        Personal { prefix: prefix.into(), delimiter }
    }

    #[test]
    fn names_are_below_the_prefix() {
        let id = RunId::new(0x0123_4567_89ab_cdef);
        let name = |octets: &[u8]| String::from_utf8(octets.to_vec()).unwrap();
        let root = Root::new(&personal("INBOX.", Some(b'.')), &id);
        let case = root.next_case();
        assert_eq!(name(case.root()), format!("INBOX.imap-conform-{ID}.000001"));
        assert_eq!(name(&case.mailbox()), format!("INBOX.imap-conform-{ID}.000001.main"));
        assert_eq!(name(root.next_case().root()), format!("INBOX.imap-conform-{ID}.000002"));

        let flat = Root::new(&personal("", None), &id).next_case();
        assert_eq!(name(&flat.other(b"x")), format!("imap-conform-{ID}-000001-x"));
        assert_eq!(flat.directory(), None);
    }

    #[test]
    fn only_what_a_run_made_is_known_as_such() {
        let slash = personal("", Some(b'/'));
        let dot = personal("INBOX.", Some(b'.'));
        let flat = personal("", None);
        for (name, personal, expected) in [
            ("imap-conform-0123456789abcdef", &slash, true),
            ("imap-conform-0123456789abcdef/000001/main", &slash, true),
            ("imap-conform-0123456789abcdef.000001", &slash, false),
            ("imap-conform-0123456789abcdef0", &slash, false),
            ("imap-conform-0123456789ABCDEF", &slash, false),
            ("imap-conform-0123456789abcde", &slash, false),
            ("imap-conform-discussions-2024", &slash, false),
            ("imap-conform-", &slash, false),
            ("imap-conform", &slash, false),
            ("a/imap-conform-0123456789abcdef", &slash, false),
            ("INBOX", &slash, false),
            ("", &slash, false),
            ("Inbox.imap-conform-0123456789abcdef.x", &dot, true),
            ("imap-conform-0123456789abcdef.x", &dot, false),
            ("INBOX.imap-conform-0123456789abcdef/x", &dot, false),
            ("imap-conform-0123456789abcdef-000001-main", &flat, true),
            ("imap-conform-0123456789abcdef-notes", &flat, false),
        ] {
            assert_eq!(is_of_a_run(name.as_bytes(), personal), expected, "{name}");
        }
    }

    #[test]
    fn a_case_knows_its_own() {
        let root = Root::new(&personal("", None), &RunId::new(1));
        let (first, second) = (root.next_case(), root.next_case());
        assert!(first.contains(&first.other(b"a")));
        assert!(!first.contains(&second.mailbox()));
        assert!(!first.contains(root.name()));
        assert!(!first.contains(b"INBOX"));
    }
}
