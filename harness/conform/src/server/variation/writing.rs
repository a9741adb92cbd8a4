//! How values are written where the grammar leaves a choice.

use imap_grammar::{
    Body, Extensions, Flag, FlagPerm, Grammar, ImapString, Mailbox, Media, MessageAttribute,
    Response, SectionText, SinglePart, StringForm, Untagged,
};

use super::{Means, Variation};
use crate::server::tampering::{Change, untagged};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "quoted-strings",
        section: "rfc3501/4.3",
        sentence: "A string is in one of two forms: either literal or quoted string.",
        summary: "quotes every string that it can quote",
        means: Means::Traffic(Change::Octets(|_, octets| written(octets, StringForm::Quoted))),
    },
    Variation {
        name: "literals",
        section: "rfc3501/4.3",
        sentence: "The literal form is the general form of string.",
        summary: "writes every string as a literal",
        means: Means::Traffic(Change::Octets(|_, octets| written(octets, StringForm::Literal))),
    },
    Variation {
        name: "literal-counts-with-zeros",
        section: "rfc3501/9",
        sentence: "literal = \"{\" number \"}\" CRLF *CHAR8",
        summary: "writes every string as a literal, with zeros before its count",
        means: Means::Traffic(Change::Octets(|_, octets| {
            let octets = written(octets, StringForm::Literal);
            with_words(octets, |_, word| match word.strip_prefix(b"{") {
                Some(count) => [b"{00", count].concat(),
                None => word.to_vec(),
            })
        })),
    },
    Variation {
        name: "numbers-with-zeros",
        section: "rfc3501/9",
        sentence: "number = 1*DIGIT",
        summary: "writes zeros before the numbers of EXISTS, RECENT and RFC822.SIZE",
        means: Means::Traffic(Change::Octets(|_, octets| {
            let behind: [&[u8]; 2] = [b" EXISTS\r\n", b" RECENT\r\n"];
            if behind.iter().any(|name| octets.ends_with(name)) {
                return [b"* 00", octets.strip_prefix(b"* ").unwrap_or(&octets)].concat();
            }
            with_words(octets, |before, word| match before.ends_with(b"RFC822.SIZE ") {
                true => [b"00", word].concat(),
                false => word.to_vec(),
            })
        })),
    },
    Variation {
        name: "keywords-in-lower-case",
        section: "rfc3501/9",
        sentence: "Except as noted otherwise, all alphabetic characters are case-insensitive.",
        summary: "writes all its keywords in lower case",
        means: Means::Traffic(Change::Octets(|_, octets| {
            in_other_case(octets, |_, octet| octet.to_ascii_lowercase())
        })),
    },
    Variation {
        name: "keywords-in-upper-case",
        section: "rfc3501/9",
        sentence: "Except as noted otherwise, all alphabetic characters are case-insensitive.",
        summary: "writes all its keywords and system flags in upper case",
        means: Means::Traffic(Change::Octets(|_, octets| {
            in_other_case(octets, |_, octet| octet.to_ascii_uppercase())
        })),
    },
    Variation {
        name: "keywords-in-mixed-case",
        section: "rfc3501/9",
        sentence: "Implementations MUST accept these strings in a case-insensitive fashion.",
        summary: "writes its keywords in upper and lower case by turns",
        means: Means::Traffic(Change::Octets(|_, octets| {
            in_other_case(octets, |at, octet| match at % 2 {
                0 => octet.to_ascii_lowercase(),
                _ => octet.to_ascii_uppercase(),
            })
        })),
    },
    Variation {
        name: "inbox-in-mixed-case",
        section: "rfc3501/9",
        sentence: "All case variants of INBOX (e.g., \"iNbOx\") MUST be interpreted as INBOX",
        summary: "calls INBOX iNbOx",
        means: Means::Traffic(Change::Octets(|_, octets| {
            let names_inbox = match Grammar::with(Extensions::all()).response(&octets) {
                Ok(Response::Untagged(Untagged::List(list) | Untagged::Lsub(list))) => {
                    list.mailbox == Mailbox::Inbox
                }
                Ok(Response::Untagged(Untagged::MailboxStatus { mailbox, .. })) => {
                    mailbox == Mailbox::Inbox
                }
                _ => false,
            };
            let other = |_: &[u8], word: &[u8]| match word {
                b"INBOX" => b"iNbOx".to_vec(),
                word => word.to_vec(),
            };
            if names_inbox { with_words(octets, other) } else { octets }
        })),
    },
    Variation {
        name: "day-of-two-digits",
        section: "rfc3501/9",
        sentence: "date-day-fixed = (SP DIGIT) / 2DIGIT",
        summary: "writes a zero before the day of INTERNALDATE",
        means: Means::Traffic(Change::Octets(|_, octets| {
            let item = b"INTERNALDATE \" ";
            match octets.windows(item.len()).position(|window| window == item) {
                Some(at) => {
                    let mut octets = octets;
                    octets[at + item.len() - 1] = b'0';
                    octets
                }
                None => octets,
            }
        })),
    },
    Variation {
        name: "field-names-in-upper-case",
        section: "rfc3501/6.4.5",
        sentence: "The field-matching is case-insensitive but otherwise exact.",
        summary: "names the fields that FETCH was asked for in upper case",
        means: Means::Traffic(Change::Edit(|_, response| {
            let Some(Untagged::Fetch { items, .. }) = untagged(response) else { return };
            for item in items {
                if let MessageAttribute::BodySection(section) = item
                    && let Some(
                        SectionText::HeaderFields(fields) | SectionText::HeaderFieldsNot(fields),
                    ) = &mut section.section.text
                {
                    fields.iter_mut().for_each(upper);
                }
            }
        })),
    },
    Variation {
        name: "media-types-in-lower-case",
        section: "rfc2045/5.1",
        sentence: "Matching of media type and subtype is ALWAYS case-insensitive.",
        summary: "writes media types, encodings and the names of parameters in lower case",
        means: Means::Traffic(Change::Edit(|_, response| {
            let Some(Untagged::Fetch { items, .. }) = untagged(response) else { return };
            for item in items {
                if let MessageAttribute::Body(body) | MessageAttribute::BodyStructure(body) = item {
                    lower_body(body);
                }
            }
        })),
    },
];

/// The response with its strings in that form.
fn written(octets: Vec<u8>, strings: StringForm) -> Vec<u8> {
    match Grammar::with(Extensions::all()).response(&octets) {
        Ok(response) => response.encode(strings),
        Err(_) => octets,
    }
}

/// The response with the case changed of all that is no string, no tag, and no keyword in the other
/// sense of the word: a flag without backslash.
fn in_other_case(octets: Vec<u8>, case: fn(usize, u8) -> u8) -> Vec<u8> {
    let quoted = written(octets.clone(), StringForm::Quoted);
    let Ok(response) = Grammar::with(Extensions::all()).response(&octets) else { return octets };
    if matches!(response, Response::Continue(_)) {
        return octets;
    }
    let kept = kept_words(&response);
    // A tag is the client's, and may hold what else ends a word.
    let tag = match &response {
        Response::Tagged(tagged) => tagged.tag.as_str().len(),
        _ => 0,
    };
    let (tag, rest) = quoted.split_at(tag);
    let rest = with_words(rest.to_vec(), |_, word| {
        match kept.iter().any(|kept| kept.as_bytes() == word) {
            true => word.to_vec(),
            false => word.iter().enumerate().map(|(at, &octet)| case(at, octet)).collect(),
        }
    });
    [tag, &rest].concat()
}

/// The words of a response that have a case of their own.
fn kept_words(response: &Response<'_>) -> Vec<String> {
    let keyword = |flag: &Flag<'_>| match flag {
        Flag::Keyword(name) => Some(name.to_string()),
        _ => None,
    };
    let text = match response {
        Response::Untagged(Untagged::Flags(flags)) => {
            return flags.iter().filter_map(keyword).collect();
        }
        Response::Untagged(Untagged::Fetch { items, .. }) => {
            let flags = items.iter().filter_map(|item| match item {
                MessageAttribute::Flags(flags) => Some(flags),
                _ => None,
            });
            return flags.flatten().filter_map(keyword).collect();
        }
        Response::Untagged(Untagged::Status { text, .. }) => text,
        _ => return Vec::new(),
    };
    match &text.code {
        Some(imap_grammar::Code::PermanentFlags(flags)) => flags
            .iter()
            .filter_map(|flag| match flag {
                FlagPerm::Flag(flag) => keyword(flag),
                FlagPerm::Any => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Makes another word of each that stands outside of strings; a word is what stands between
/// spaces, brackets and parentheses. The other gets what was written before it.
fn with_words(octets: Vec<u8>, other: impl Fn(&[u8], &[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut out = Vec::with_capacity(octets.len());
    let mut rest = octets.as_slice();
    while let Some(&first) = rest.first() {
        let length = match first {
            b'"' => {
                let mut escaped = false;
                let end = rest[1..].iter().position(|&octet| {
                    let ends = octet == b'"' && !escaped;
                    escaped = octet == b'\\' && !escaped;
                    ends
                });
                end.map_or(rest.len(), |end| end + 2)
            }
            b' ' | b'(' | b')' | b'[' | b']' | b'<' | b'>' | b'\r' | b'\n' => 1,
            _ => {
                let ends = |octet: &u8| b" ()[]<>\r\n\"".contains(octet);
                let end = rest.iter().position(ends).unwrap_or(rest.len());
                let word = other(&out, &rest[..end]);
                let literal = literal_octets(&rest[..end]);
                out.extend_from_slice(&word);
                rest = &rest[end..];
                // CRLF stands before a literal's octets.
                let opaque = literal.map_or(0, |literal| literal.saturating_add(2).min(rest.len()));
                out.extend_from_slice(&rest[..opaque]);
                rest = &rest[opaque..];
                continue;
            }
        };
        out.extend_from_slice(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

/// How many octets a word announces, where it is the announcement of a literal.
fn literal_octets(word: &[u8]) -> Option<usize> {
    let count = word.strip_prefix(b"{")?.strip_suffix(b"}")?;
    std::str::from_utf8(count).ok()?.parse().ok()
}

fn upper(string: &mut ImapString<'static>) {
    if let Some(other) = ImapString::new(string.as_bytes().to_ascii_uppercase()) {
        *string = other;
    }
}

fn lower(string: &mut ImapString<'static>) {
    if let Some(other) = ImapString::new(string.as_bytes().to_ascii_lowercase()) {
        *string = other;
    }
}

fn lower_body(body: &mut Body<'static>) {
    match body {
        Body::Single(part) => lower_part(part),
        Body::Multi(multi) => {
            multi.parts.iter_mut().for_each(lower_body);
            lower(&mut multi.subtype);
        }
    }
}

fn lower_part(part: &mut SinglePart<'static>) {
    part.fields.parameters.iter_mut().for_each(|(name, _)| lower(name));
    lower(&mut part.fields.encoding);
    match &mut part.media {
        Media::Text { subtype, .. } => lower(subtype),
        Media::Message { body, .. } => lower_body(body),
        Media::Basic { media_type, subtype } => {
            lower(media_type);
            lower(subtype);
        }
    }
}
