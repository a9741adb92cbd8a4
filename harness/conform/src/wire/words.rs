//! What a server sent, made fit to be read: without secrets, without control characters, not too
//! much of it.
//!
//! In this order. A mask knows a secret as it was sent, so secrets are masked in octets; and nobody
//! recognises half of one, so what is long is cut last.

use std::{borrow::Cow, fmt::Write, ops::Range};

use super::Recorder;

/// The most characters of a server's words that are shown.
const MAX_WORDS: usize = 200;

/// The most octets of a response that are shown where it should never have come.
const MAX_RESPONSE: usize = 200;

/// The most octets of a part of a response that are shown.
const MAX_PART: usize = 120;

/// The most characters of a sentence in a report.
const MAX_SENTENCE: usize = 2_000;

/// The most octets that are looked at to show some of them: these, and behind them the longest
/// secret in its longest form.
pub(crate) const MAX_READ: usize = 16 << 10;

impl Recorder {
    /// A server's words, or a name that it gave, as text.
    pub(crate) fn words(&self, octets: &[u8]) -> String {
        let octets = octets.strip_suffix(b"\r\n").unwrap_or(octets);
        let masked = self.masked(start(octets, MAX_READ));
        cut(&printable(&String::from_utf8_lossy(&masked)), MAX_WORDS)
    }

    /// A response as a fragment of a sentence.
    pub(crate) fn response(&self, frame: &[u8]) -> String {
        let line = frame.strip_suffix(b"\r\n").unwrap_or(frame);
        let masked = self.masked(start(line, MAX_READ));
        let cut = if line.len() > MAX_RESPONSE { "…" } else { "" };
        format!("`{}{cut}`", start(&masked, MAX_RESPONSE).escape_ascii())
    }

    /// Some octets of a response as a fragment of a sentence.
    pub(crate) fn part(&self, frame: &[u8], octets: Range<usize>) -> String {
        // What is masked can begin before the part and end behind it.
        fragment(&self.masked(frame), octets)
    }

    /// A sentence for a report, in which octets of the server stand that are [`readable`].
    pub(crate) fn sentence(&self, text: &str) -> String {
        cut(&String::from_utf8_lossy(&self.masked(text.as_bytes())), MAX_SENTENCE)
    }
}

/// Some octets of a response, which holds no secret, as a fragment of a sentence.
pub(crate) fn fragment(frame: &[u8], octets: Range<usize>) -> String {
    let line = frame.strip_suffix(b"\r\n").unwrap_or(frame);
    let end = octets.end.min(line.len());
    match line.get(octets.start.min(end)..end) {
        None | Some([]) => "nothing".to_owned(),
        Some(part) if part.len() > MAX_PART => format!("`{}…`", part[..MAX_PART].escape_ascii()),
        Some(part) => format!("`{}`", readable(part)),
    }
}

/// Text as it is; octets that are none escaped one by one, so that a mask still knows a secret
/// among them.
pub(crate) fn readable(octets: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(octets) {
        Ok(text) if !text.contains(char::is_control) => Cow::Borrowed(text),
        _ => Cow::Owned(octets.escape_ascii().to_string()),
    }
}

/// Text that does nothing to a terminal and is one line: control characters are escaped.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            let _ = write!(printable, "{}", character.escape_default());
        } else {
            printable.push(character);
        }
    }
    Cow::Owned(printable)
}

fn start(octets: &[u8], most: usize) -> &[u8] {
    &octets[..octets.len().min(most)]
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::target::{Secret, User};

    fn recorder(password: impl Into<Vec<u8>>) -> Recorder {
        let user = User { name: "alice".into(), password: Secret::new(password).unwrap() };
        Recorder::new(Instant::now(), [&user])
    }

    #[test]
    fn words_are_made_fit_to_be_shown() {
        let recorder = recorder("hunter2");
        assert_eq!(recorder.words(b"\x1b[31mhunter2 no\r\n"), "\\u{1b}[31m******* no");
        let mut long = vec![b'x'; MAX_WORDS - 3];
        long.extend_from_slice(b"hunter2");
        assert!(recorder.words(&long).ends_with("x***…"));
    }

    #[test]
    fn a_password_that_is_no_ascii_is_masked() {
        let recorder = recorder(*b"caf\xe9secret");
        assert_eq!(recorder.words(b"NO caf\xe9secret is wrong"), "NO ********** is wrong");
        let word = readable(b"caf\xe9secret");
        assert!(!recorder.sentence(&word).contains("secret"), "{word}");
    }

    #[test]
    fn a_password_that_is_escaped_is_masked() {
        let recorder = recorder("o'brien12");
        let frame = b"* NO o'brien12 is wrong\r\n";
        assert_eq!(recorder.response(frame), "`* NO ********* is wrong`");
        assert_eq!(recorder.part(frame, 5..17), "`********* is`");
        assert_eq!(recorder.part(frame, 11..99), "`*** is wrong`");
        let escaped = format!("not \"{}\"", b"o'brien12".escape_ascii());
        assert_eq!(recorder.sentence(&escaped), "not \"**********\"");
    }

    #[test]
    fn no_half_of_a_password_is_left_where_something_is_cut() {
        let recorder = recorder("hunter2");
        let frame = |before: usize| [&b"x".repeat(before)[..], b"hunter2 and more\r\n"].concat();
        let response = recorder.response(&frame(MAX_RESPONSE - 3));
        assert!(response.ends_with("x***…`"), "{response}");
        let part = recorder.part(&frame(MAX_PART - 3), 0..999);
        assert!(part.ends_with("x***…`"), "{part}");
        let text = String::from_utf8(frame(MAX_SENTENCE - 3)).unwrap();
        assert!(recorder.sentence(&text).ends_with("x***…"));
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        let recorder = recorder("hunter2");
        let frame = b"* LIST () \"/\" it's\r\n";
        assert_eq!(recorder.response(frame), r#"`* LIST () \"/\" it\'s`"#);
        assert_eq!(recorder.part(frame, 7..99), r#"`() "/" it's`"#);
        assert_eq!(recorder.part(frame, 99..101), "nothing");
        assert_eq!(recorder.words("Grüße".as_bytes()), "Grüße");
    }
}
