//! Words as a shell takes them, in commands that a person is to copy.

use std::borrow::Cow;

/// One word of a command line, quoted where a shell would read something else in it (POSIX Shell
/// Command Language §2.2).
pub(crate) fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "%+,-./:=@_".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => Cow::Borrowed(word),
        false => Cow::Owned(format!("'{}'", word.replace('\'', r"'\''"))),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_shell_reads_each_word_as_it_is() {
        for (word, expected) in [
            ("imaps://al%40b@[::1]:993", "'imaps://al%40b@[::1]:993'"),
            ("imap://alice@localhost:1143", "imap://alice@localhost:1143"),
            ("my scenarios", "'my scenarios'"),
            ("$(rm -r ~)", "'$(rm -r ~)'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
