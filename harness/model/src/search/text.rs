//! The text of a message that searches look at, and how a string is found in it.

use imap_grammar::{Address, ImapString};
use memchr::memmem::Finder;

use super::Charset;
use crate::Message;
use crate::message::decode;
use crate::message::entity::{Content, Entity};
use crate::message::mime;

/// Text in lower case: letter by letter, so that the same letter has the same lower case wherever
/// it stands.
pub(super) struct LowerCase(String);

impl LowerCase {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().flat_map(char::to_lowercase).collect())
    }
}

/// A string to be found in any case: letters are equal when their simple lower cases are.
#[derive(Debug)]
pub(super) struct Substring(Finder<'static>);

impl Substring {
    /// The string, or nothing where it is not legal in its character set.
    pub(super) fn new(string: &ImapString<'_>, charset: Charset) -> Option<Self> {
        let text = std::str::from_utf8(string.as_bytes()).ok()?;
        let legal = charset == Charset::Utf8 || text.is_ascii();
        legal.then(|| Self(Finder::new(&LowerCase::new(text).0).into_owned()))
    }

    /// Whether the string is in the text. The empty string is in every text.
    pub(super) fn is_in(&self, text: &LowerCase) -> bool {
        self.0.find(text.0.as_bytes()).is_some()
    }

    /// Whether the string is in the octets, of which only US-ASCII has a case, and that the lower
    /// one.
    pub(super) fn is_in_octets(&self, octets: &[u8]) -> bool {
        self.0.find(octets).is_some()
    }
}

/// An address as a reader would write it: `name <mailbox@host>`. The beginning of a group is its
/// name.
pub(super) fn of_address(address: &Address<'_>) -> String {
    let decoded = |part: &ImapString<'_>| decode::header_value(part.as_bytes());
    let mailbox = address.mailbox.as_ref().map(decoded).unwrap_or_default();
    let Some(host) = &address.host else { return mailbox };
    let route = address.adl.as_ref().map(|adl| decoded(adl) + ":").unwrap_or_default();
    let addr_spec = format!("{route}{mailbox}@{}", decoded(host));
    match &address.name {
        Some(name) => format!("{} <{addr_spec}>", decoded(name)),
        None => addr_spec,
    }
}

/// A whole message.
pub(super) fn of_message(message: &Message) -> String {
    let mut text = String::new();
    add_message(message.octets(), message.entity(), &mut text);
    text
}

/// The body of a message, with the headers of its parts.
pub(super) fn of_body(message: &Message) -> String {
    let mut text = String::new();
    add_body(message.octets(), message.entity(), &mut text);
    text
}

fn add_message(octets: &[u8], entity: &Entity, text: &mut String) {
    let header = entity.header(octets);
    for field in header.fields() {
        *text += &decode::header_value(&field.line());
        *text += "\r\n";
    }
    if !header.blank_line().is_empty() {
        *text += "\r\n";
    }
    add_body(octets, entity, text);
}

fn add_body(octets: &[u8], entity: &Entity, text: &mut String) {
    match &entity.content {
        Content::Multipart(parts) => {
            // What is around the parts belongs to the body too.
            let mut at = entity.body.start;
            for part in parts {
                *text += &String::from_utf8_lossy(&octets[at..part.header.start]);
                add_message(octets, part, text);
                at = part.body.end;
            }
            *text += &String::from_utf8_lossy(&octets[at..entity.body.end]);
        }
        Content::Message(message) => add_message(octets, message, text),
        Content::Discrete => {
            let content_type = entity.content_type(octets);
            if content_type.is_text() {
                *text += &decode::text(
                    entity.body(octets),
                    mime::encoding(entity.header(octets)).as_bytes(),
                    content_type.parameter("CHARSET").unwrap_or(b"US-ASCII"),
                );
            }
        }
        Content::TooDeep => {}
    }
}
