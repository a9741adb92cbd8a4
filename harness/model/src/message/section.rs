//! `BODY[section]`: the octets a section means (RFC 3501 §6.4.5).

use std::{borrow::Cow, collections::HashSet, num::NonZeroU32};

use imap_grammar::{ImapString, Section, SectionText};

use super::entity::{Content, Entity};
use super::header::{Field, Header};

/// The section's octets; nothing where there is no such part, or where HEADER or TEXT is asked of
/// a part that is no message.
pub(super) fn section<'m>(
    octets: &'m [u8],
    message: &Entity,
    section: &Section<'_>,
) -> Option<Cow<'m, [u8]>> {
    let part = part(message, &section.part)?;
    let is_whole = section.part.is_empty();
    let enclosed = match &part.content {
        _ if is_whole => Some(message),
        Content::Message(enclosed) => Some(&**enclosed),
        _ => None,
    };
    let text = match &section.text {
        None if is_whole => octets,
        None => part.body(octets),
        Some(SectionText::Mime) if is_whole => return None,
        Some(SectionText::Mime) => part.header(octets).octets(),
        Some(SectionText::Header) => enclosed?.header(octets).octets(),
        Some(SectionText::Text) => enclosed?.body(octets),
        Some(SectionText::HeaderFields(names)) => {
            return Some(subset(enclosed?.header(octets), names, true));
        }
        Some(SectionText::HeaderFieldsNot(names)) => {
            return Some(subset(enclosed?.header(octets), names, false));
        }
    };
    Some(Cow::Borrowed(text))
}

/// The part that the numbers lead to; the message itself where there are none.
fn part<'e>(message: &'e Entity, numbers: &[NonZeroU32]) -> Option<&'e Entity> {
    let mut entity = message;
    // Whether the next number is about the body of a message.
    let mut in_message = true;
    for number in numbers {
        // "A part of type MESSAGE/RFC822 also has nested part numbers, referring to parts of the
        // MESSAGE part's body."
        if !in_message && let Content::Message(enclosed) = &entity.content {
            entity = enclosed;
            in_message = true;
        }
        match &entity.content {
            Content::Multipart(parts) => {
                entity = parts.get(usize::try_from(number.get()).ok()? - 1)?;
            }
            // "Every message has at least one part number": 1 is the body that is no multipart.
            _ if in_message && number.get() == 1 => {}
            _ => return None,
        }
        in_message = false;
    }
    Some(entity)
}

/// The fields that are among those names or are not, and the blank line: "subsetting does not
/// exclude the delimiting blank line".
fn subset<'m>(header: Header<'m>, names: &[ImapString<'_>], among: bool) -> Cow<'m, [u8]> {
    // As a set, for there may be as many names as fields, and thousands of both.
    let names: HashSet<_> = names.iter().map(|name| name.as_bytes().to_ascii_lowercase()).collect();
    let is_among = |field: &Field<'_>| {
        field.name().is_some_and(|name| names.contains(&name.to_ascii_lowercase()))
    };
    let fields = header.fields().filter(|field| is_among(field) == among);
    let octets = fields.map(|field| field.octets()).chain([header.blank_line()]);
    Cow::Owned(octets.flatten().copied().collect())
}
