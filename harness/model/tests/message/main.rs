//! What FETCH says of messages: known answers, nasty mail, and what holds for every message.

mod envelope;
mod properties;
mod section;
mod structure;
mod written;

use imap_grammar::{ImapString, Section, SectionText};
use imap_model::Message;

/// The message whose lines end with LF here and with CRLF there.
fn message(text: &str) -> Message {
    Message::new(crlf(text).into_bytes())
}

fn crlf(text: &str) -> String {
    text.replace('\n', "\r\n")
}

fn part(numbers: &[u32]) -> Section<'static> {
    let part = numbers.iter().map(|&number| number.try_into().unwrap()).collect();
    Section { part, text: None }
}

fn text_of(numbers: &[u32], text: SectionText<'static>) -> Section<'static> {
    Section { text: Some(text), ..part(numbers) }
}

fn names(names: &[&'static str]) -> Vec<ImapString<'static>> {
    names.iter().map(|name| ImapString::new(name.as_bytes()).unwrap()).collect()
}
