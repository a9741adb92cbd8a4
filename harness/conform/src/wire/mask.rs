//! The safety net that finds secrets in octets, whichever way they are written.

use base64::{Engine, engine::general_purpose::STANDARD};
use memchr::memmem::Finder;

use crate::target::User;

/// What stands for each octet of a secret. The number of octets stays, so that literals keep
/// their length and offsets their meaning.
pub(super) const MASK: u8 = b'*';

/// Shorter pieces of base64 are not looked for: too much that is innocent would look like them.
const MIN_BASE64_PIECE: usize = 6;

/// The forms in which the users' passwords may appear.
#[derive(Debug, Default)]
pub(super) struct Masks {
    forms: Vec<Form>,
}

#[derive(Debug)]
struct Form {
    finder: Finder<'static>,
    /// Whether it is part of a run of base64, all of which is masked.
    within_base64: bool,
}

impl Masks {
    pub(super) fn new<'u>(users: impl IntoIterator<Item = &'u User>) -> Self {
        let mut masks = Self::default();
        for user in users {
            let (name, password) = (user.name.as_bytes(), user.password.expose());
            for written in [password.to_vec(), escaped(password)] {
                // What a report shows of octets that are no text.
                masks.add(written.escape_ascii().to_string().as_bytes(), false);
                masks.add(&written, false);
            }
            masks.add(STANDARD.encode(password).as_bytes(), true);
            // RFC 4616 §2: an authorization identity may stand first.
            for identity in [&b""[..], name] {
                let message = [identity, name, password].join(&0);
                masks.add(STANDARD.encode(message).as_bytes(), true);
            }
            for lead in 0..3 {
                let piece = base64_piece(password, lead);
                if piece.len() >= MIN_BASE64_PIECE {
                    masks.add(&piece, true);
                }
            }
        }
        masks
    }

    /// The most octets that an occurrence can have, its neighbours in base64 not counted.
    pub(super) fn longest(&self) -> usize {
        self.forms.iter().map(|form| form.finder.needle().len()).max().unwrap_or(0)
    }

    /// Replaces every octet of every occurrence.
    pub(super) fn apply(&self, octets: &mut [u8]) {
        // All are found before any is replaced: they may overlap.
        let mut found = Vec::new();
        for form in &self.forms {
            let mut from = 0;
            while let Some(at) = form.finder.find(&octets[from..]) {
                let (mut start, mut end) = (from + at, from + at + form.finder.needle().len());
                if form.within_base64 {
                    start -= octets[..start].iter().rev().take_while(|c| is_base64(**c)).count();
                    end += octets[end..].iter().take_while(|c| is_base64(**c)).count();
                    from = end;
                } else {
                    from = start + 1;
                }
                found.push(start..end);
            }
        }
        for range in found {
            octets[range].fill(MASK);
        }
    }

    fn add(&mut self, needle: &[u8], within_base64: bool) {
        if self.forms.iter().all(|form| form.finder.needle() != needle) {
            self.forms.push(Form { finder: Finder::new(needle).into_owned(), within_base64 });
        }
    }
}

/// How the octets stand in a quoted string.
fn escaped(octets: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::with_capacity(octets.len());
    for &octet in octets {
        if matches!(octet, b'"' | b'\\') {
            escaped.push(b'\\');
        }
        escaped.push(octet);
    }
    escaped
}

/// The base64 characters that these octets decide alone where `lead` octets, modulo three, stand
/// before them.
fn base64_piece(octets: &[u8], lead: usize) -> Vec<u8> {
    let mut message = vec![0; lead];
    message.extend_from_slice(octets);
    let characters = STANDARD.encode(&message).into_bytes();
    let (first, last) = ((lead * 8).div_ceil(6), message.len() * 8 / 6);
    characters.get(first..last).unwrap_or_default().to_vec()
}

fn is_base64(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'=')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::target::Secret;

    fn masked(password: &str, octets: impl AsRef<[u8]>) -> String {
        let user = User { name: "alice".into(), password: Secret::new(password).unwrap() };
        let mut octets = octets.as_ref().to_vec();
        Masks::new([&user]).apply(&mut octets);
        String::from_utf8(octets).unwrap()
    }

    #[test]
    fn every_form_is_found() {
        for (password, wire, expected) in [
            ("hunter2", "a LOGIN alice hunter2", "a LOGIN alice *******"),
            (
                "hunter2",
                "a LOGIN {5}\r\nalice {7}\r\nhunter2",
                "a LOGIN {5}\r\nalice {7}\r\n*******",
            ),
            (r#"a"b\c"#, r#"a LOGIN alice "a\"b\\c""#, r#"a LOGIN alice "*******""#),
            (r#"a"b\c"#, r#"expected \"a\\\"b\\\\c\""#, r#"expected \"***********\""#),
            ("it's", r"expected it\'s", "expected *****"),
            ("aa", "aaa", "***"),
            ("hunter2", "no secret here", "no secret here"),
        ] {
            assert_eq!(masked(password, wire), expected);
        }
    }

    #[test]
    fn short_passwords_are_found_in_the_plain_message() {
        let wire = format!("a AUTHENTICATE PLAIN {}", STANDARD.encode("\0alice\0pw"));
        assert_eq!(masked("pw", &wire), format!("a AUTHENTICATE PLAIN {}", "*".repeat(12)));
    }

    #[test]
    fn a_secret_inside_another_hides_nothing() {
        let user = |password| User { name: "u".into(), password: Secret::new(password).unwrap() };
        let (short, long) = (user("hunt"), user("hunter2"));
        let mut octets = b"hunter2".to_vec();
        Masks::new([&short, &long]).apply(&mut octets);
        assert_eq!(octets, b"*******");
    }

    proptest! {
        #[test]
        fn base64_is_found_wherever_it_begins(
            before in "[a-z]{0,8}", password in "[!-~]{6,24}", after in "[a-z]{0,8}"
        ) {
            let token = STANDARD.encode(format!("{before}\0{password}{after}"));
            prop_assert_eq!(masked(&password, &token), "*".repeat(token.len()));
        }

        #[test]
        fn no_octet_is_added_or_lost(password in "[!-~]{1,8}", wire in "[ -~]{0,64}") {
            prop_assert_eq!(masked(&password, &wire).len(), wire.len());
        }
    }
}
