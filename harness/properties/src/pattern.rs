//! The matcher: a response matches the pattern that its own text is, however its strings are
//! written and whatever of the pattern is a hole, and no longer once it says something else.

use std::{num::NonZeroU32, path::Path};

use arbitrary::{Arbitrary, Result, Unstructured};
use imap_conform::{
    play::{
        Bindings,
        matching::{Received, match_response},
    },
    scenario::{Expect, Hole, HoleKind, Pattern, Scenario, Spanned, Step, Token},
};
use imap_grammar::{
    Atom, Capability, Code, DateTime, Flag, ImapString, Mailbox, MailboxList, MessageAttribute,
    NString, RespText, Response, SequenceSet, Status, StringForm, Tag, Untagged,
};

/// Any response, and the pattern that is made of it.
pub fn pattern_match(octets: &[u8]) {
    let _ = response_and_pattern(&mut Unstructured::new(octets));
}

fn response_and_pattern(u: &mut Unstructured<'_>) -> Result<()> {
    let Some(response) = comparable(Response::arbitrary(u)?) else { return Ok(()) };
    let Some(text) = as_pattern(&response) else { return Ok(()) };
    let mut pattern = parsed(&text);
    let forms = [StringForm::Shortest, StringForm::Quoted, StringForm::Literal];
    for strings in forms {
        matches(&pattern, &response, strings, true);
    }
    if let Some(edited) = edited(u, &response)? {
        matches(&pattern, &edited, *u.choose(&forms)?, false);
    }
    // The first words say which response it is.
    generalise(u, &mut pattern.tokens[2..])?;
    matches(&pattern, &response, *u.choose(&forms)?, true);
    Ok(())
}

fn matches(pattern: &Pattern, response: &Response<'_>, strings: StringForm, expected: bool) {
    let frame = encoded(response, strings);
    let matched = match_response(pattern, &Received::new(&frame), &Bindings::default(), false);
    assert_eq!(matched.is_ok(), expected, "{pattern:?} and {}: {matched:?}", frame.escape_ascii());
}

fn encoded(response: &Response<'_>, strings: StringForm) -> Vec<u8> {
    response.encode(strings)
}

/// The response, if a line of a scenario can expect it: with the tag of a command that was sent,
/// and with each item once, since items are a map.
fn comparable(response: Response<'static>) -> Option<Response<'static>> {
    Some(match response {
        Response::Continue(_) => return None,
        Response::Tagged(mut tagged) => {
            tagged.tag = Tag::new("a1").expect("a tag");
            Response::Tagged(tagged)
        }
        Response::Untagged(mut untagged) => {
            match &mut untagged {
                Untagged::Fetch { items, .. } => items.truncate(1),
                Untagged::MailboxStatus { attributes, .. } => attributes.truncate(1),
                _ => {}
            }
            Response::Untagged(untagged)
        }
    })
}

/// The response as an `S:` line says it, where that can be said there and means nothing else.
fn as_pattern(response: &Response<'_>) -> Option<String> {
    let message = encoded(response, StringForm::Quoted);
    let mut line = String::new();
    let mut rest = message.strip_suffix(b"\r\n").expect("a message ends so");
    if let Some(text) = text_for_people(response) {
        rest = rest.strip_suffix(text.text.as_str().as_bytes()).expect("the text is last");
    }
    let has_unknown_code =
        text_for_people(response).is_some_and(|text| matches!(text.code, Some(Code::Other { .. })));
    while let Some((&octet, behind)) = rest.split_first() {
        match octet {
            b'"' if !has_unknown_code => {
                let (string, behind) = quoted(behind);
                push_literal(&string, &mut line);
                rest = behind;
            }
            b'{' if !has_unknown_code => {
                let end = behind.iter().position(|&octet| octet == b'}').expect("it is closed");
                let length = std::str::from_utf8(&behind[..end]).expect("digits").parse();
                let content = &behind[end + "}\r\n".len()..];
                let (string, behind) = content.split_at(length.expect("a number"));
                push_literal(string, &mut line);
                rest = behind;
            }
            // A code that nobody knows may hold anything.
            b'"' | b'{' => return None,
            _ => {
                line.push(char::from(octet));
                rest = behind;
            }
        }
    }
    let words = line.split([' ', '(', ')', '[', ']']);
    let has_meaning = |word: &str| {
        word.starts_with('!')
            || word.ends_with('?')
            || word.contains("...")
            || word.contains(['$', '}'])
    };
    let can_be_said = !words.into_iter().any(has_meaning)
        && !line.contains(char::is_control)
        && line.matches('[').count() == line.matches(']').count()
        && is_balanced(&line);
    can_be_said.then(|| line.trim_end().to_owned())
}

/// Whether the parentheses are, as those of a code that nobody knows need not be.
fn is_balanced(line: &str) -> bool {
    let depth = line.chars().try_fold(0usize, |depth, character| match character {
        '(' => Some(depth + 1),
        ')' => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}

fn text_for_people<'r>(response: &'r Response<'_>) -> Option<&'r RespText<'r>> {
    match response {
        Response::Tagged(tagged) => Some(&tagged.text),
        Response::Untagged(Untagged::Status { text, .. } | Untagged::Bye(text)) => Some(text),
        _ => None,
    }
}

/// The string that begins behind a quote, and what follows it.
fn quoted(mut rest: &[u8]) -> (Vec<u8>, &[u8]) {
    let mut string = Vec::new();
    loop {
        match rest {
            [b'"', behind @ ..] => return (string, behind),
            [b'\\', octet, behind @ ..] | [octet, behind @ ..] => {
                string.push(*octet);
                rest = behind;
            }
            [] => panic!("the string is not closed"),
        }
    }
}

/// `{"…"}`, in which any octet can be said.
fn push_literal(octets: &[u8], line: &mut String) {
    line.push_str("{\"");
    for octet in octets {
        line.push_str(&format!("\\x{octet:02x}"));
    }
    line.push_str("\"}");
}

/// The pattern of a scenario whose only expectation it is.
fn parsed(line: &str) -> Pattern {
    let source = format!(
        "title: A response is matched\nrequirement: rfc3501/7-01\n\nC: a1 NOOP\nS: {line}\n"
    );
    let scenario = Scenario::parse("x", Path::new("x.imap"), &source)
        .unwrap_or_else(|errors| panic!("a legal response is refused: {errors}"));
    let expected = scenario.steps.into_iter().find_map(|step| match step.value {
        Step::Exchange(exchange) => exchange.expects.into_iter().next(),
        _ => None,
    });
    match expected.map(|expected| expected.value) {
        Some(Expect::Response { pattern, .. }) => pattern,
        other => panic!("`{line}` expects {other:?}"),
    }
}

/// Makes a hole of one string or number.
fn generalise(u: &mut Unstructured<'_>, values: &mut [Spanned<Token>]) -> Result<()> {
    let at = u.choose_index(values.len())?;
    // In a set, what stands there twice is one.
    let same = |other: &&Spanned<Token>| is_same(&other.value, &values[at].value);
    if values.iter().filter(same).count() > 1 {
        return Ok(());
    }
    match &mut values[at].value {
        Token::List(elements) if !elements.is_empty() => generalise(u, elements)?,
        value @ Token::String(_) => *value = hole(HoleKind::String),
        value if is_number(value) => *value = hole(HoleKind::Number),
        _ => {}
    }
    Ok(())
}

fn hole(kind: HoleKind) -> Token {
    Token::Hole(Hole { name: None, kind })
}

fn is_same(one: &Token, other: &Token) -> bool {
    match (one, other) {
        (Token::String(one), Token::String(other)) => one.eq_ignore_ascii_case(other),
        _ => one == other,
    }
}

fn is_number(token: &Token) -> bool {
    matches!(token, Token::Word(word) if word.bytes().all(|octet| octet.is_ascii_digit()))
}

/// What no generator makes.
const EDITED: &str = "edited-by-hand";

/// The response with something else to say, if that is easy to tell.
fn edited(
    u: &mut Unstructured<'_>,
    response: &Response<'static>,
) -> Result<Option<Response<'static>>> {
    let mut response = response.clone();
    match &mut response {
        Response::Tagged(tagged) => tagged.status = other_status(tagged.status),
        Response::Continue(_) => return Ok(None),
        Response::Untagged(untagged) => match untagged {
            Untagged::Exists(number) | Untagged::Recent(number) => *number ^= 1,
            Untagged::Expunge(number) => *number = other_number(*number),
            Untagged::Fetch { number, items } => {
                if u.arbitrary()? {
                    *number = other_number(*number);
                } else if !items.first_mut().is_some_and(edit_item) {
                    return Ok(None);
                }
            }
            Untagged::Status { status, .. } => *status = other_status(*status),
            Untagged::Flags(flags) => flags.push(Flag::Keyword(atom())),
            Untagged::Capability(capabilities) => capabilities.push(Capability(atom())),
            Untagged::Enabled(capabilities) => capabilities.push(Capability(atom())),
            Untagged::List(MailboxList { mailbox, .. })
            | Untagged::Lsub(MailboxList { mailbox, .. }) => {
                *mailbox = longer(mailbox.as_bytes()).into();
            }
            Untagged::MailboxStatus { mailbox, attributes } => match attributes.first_mut() {
                Some((_, value)) if u.arbitrary()? => *value = if *value > 1 { 1 } else { 2 },
                _ => *mailbox = Mailbox::from(longer(mailbox.as_bytes())),
            },
            Untagged::Search { numbers, .. } => {
                let is_new = |number: &NonZeroU32| !numbers.contains(number);
                let new = (1..).filter_map(NonZeroU32::new).find(is_new);
                numbers.insert(0, new.expect("the list is short"));
            }
            Untagged::Vanished(vanished) => {
                let [one, other] = [1, 2].map(|uid| NonZeroU32::new(uid).expect("not zero"));
                let has_one = vanished.uids.contains(one, NonZeroU32::MAX);
                vanished.uids = SequenceSet::single(if has_one { other } else { one });
            }
            Untagged::Bye(_) | Untagged::Namespace(_) | Untagged::Id(_) | Untagged::ESearch(_) => {
                return Ok(None);
            }
        },
    }
    Ok(Some(response))
}

/// Changes what the item says, if that is easy.
fn edit_item(item: &mut MessageAttribute<'static>) -> bool {
    match item {
        MessageAttribute::Flags(flags) => flags.push(Flag::Keyword(atom())),
        MessageAttribute::Envelope(envelope) => edit_string(&mut envelope.subject),
        MessageAttribute::InternalDate(date_time) => {
            let later = date_time.unix_timestamp() + 60;
            match DateTime::from_unix_timestamp(later, date_time.zone_minutes()) {
                Some(later) => *date_time = later,
                None => return false,
            }
        }
        MessageAttribute::Rfc822(data)
        | MessageAttribute::Rfc822Header(data)
        | MessageAttribute::Rfc822Text(data) => edit_string(data),
        MessageAttribute::BodySection(body) => edit_string(&mut body.data),
        MessageAttribute::Rfc822Size(size) => *size ^= 1,
        MessageAttribute::Uid(uid) => *uid = other_number(*uid),
        MessageAttribute::ModSeq(mod_seq) => *mod_seq = if *mod_seq > 1 { 1 } else { 2 },
        MessageAttribute::Body(_) | MessageAttribute::BodyStructure(_) => return false,
    }
    true
}

fn edit_string(string: &mut NString<'static>) {
    *string = Some(longer(string.as_ref().map_or(b"", |string| string.as_bytes())));
}

fn longer(octets: &[u8]) -> ImapString<'static> {
    ImapString::new([octets, EDITED.as_bytes()].concat()).expect("no NUL")
}

fn other_number(number: NonZeroU32) -> NonZeroU32 {
    if number == NonZeroU32::MIN { NonZeroU32::MAX } else { NonZeroU32::MIN }
}

fn other_status(status: Status) -> Status {
    if status == Status::Ok { Status::No } else { Status::Ok }
}

fn atom() -> Atom<'static> {
    Atom::new(EDITED).expect("an atom")
}
