//! Envelopes and bodies as the RFC writes its examples, so that known answers can be read.

use imap_grammar::{
    Address, Body, BodyFields, BodyLanguage, Disposition, Envelope, ImapString, Media, NString,
};

pub fn envelope(envelope: &Envelope<'_>) -> String {
    let lists = [
        &envelope.from,
        &envelope.sender,
        &envelope.reply_to,
        &envelope.to,
        &envelope.cc,
        &envelope.bcc,
    ];
    let members = [nstring(&envelope.date), nstring(&envelope.subject)]
        .into_iter()
        .chain(lists.map(|list| addresses(list)))
        .chain([nstring(&envelope.in_reply_to), nstring(&envelope.message_id)]);
    format!("({})", members.collect::<Vec<_>>().join(" "))
}

pub fn addresses(addresses: &[Address<'_>]) -> String {
    if addresses.is_empty() {
        return "NIL".into();
    }
    let each = addresses.iter().map(|Address { name, adl, mailbox, host }| {
        format!("({})", [name, adl, mailbox, host].map(nstring).join(" "))
    });
    format!("({})", each.collect::<String>())
}

pub fn body(of: &Body<'_>) -> String {
    match of {
        Body::Multi(multi) => {
            let parts = multi.parts.iter().map(body).collect::<String>();
            let extension = multi.extension.as_ref().map(|extension| {
                format!(" {}{}", parameters(&extension.parameters), tail(&extension.tail))
            });
            format!("({parts} {}{})", string(&multi.subtype), extension.unwrap_or_default())
        }
        Body::Single(single) => {
            let (media_type, specific) = match &single.media {
                Media::Text { subtype, lines } => {
                    (format!("\"TEXT\" {}", string(subtype)), format!(" {lines}"))
                }
                Media::Message { envelope: of, body: enclosed, lines } => (
                    "\"MESSAGE\" \"RFC822\"".into(),
                    format!(" {} {} {lines}", envelope(of), body(enclosed)),
                ),
                Media::Basic { media_type, subtype } => {
                    (format!("{} {}", string(media_type), string(subtype)), String::new())
                }
            };
            let extension = single
                .extension
                .as_ref()
                .map(|extension| format!(" {}{}", nstring(&extension.md5), tail(&extension.tail)));
            let fields = fields(&single.fields);
            format!("({media_type} {fields}{specific}{})", extension.unwrap_or_default())
        }
    }
}

fn fields(fields: &BodyFields<'_>) -> String {
    let BodyFields { parameters: list, id, description, encoding, octets } = fields;
    let parameters = parameters(list);
    let [id, description] = [id, description].map(nstring);
    format!("{parameters} {id} {description} {} {octets}", string(encoding))
}

fn tail(tail: &Option<Disposition<'_>>) -> String {
    let Some(tail) = tail else { return String::new() };
    let disposition = match &tail.disposition {
        None => "NIL".into(),
        Some((value, list)) => format!("({} {})", string(value), parameters(list)),
    };
    let Some(tail) = &tail.tail else { return format!(" {disposition}") };
    let language = match &tail.language {
        BodyLanguage::Single(tag) => nstring(tag),
        BodyLanguage::List(tags) => {
            format!("({})", tags.iter().map(string).collect::<Vec<_>>().join(" "))
        }
    };
    let Some(tail) = &tail.tail else { return format!(" {disposition} {language}") };
    assert!(tail.extensions.is_empty(), "a server MUST NOT send what is not defined (§7.4.2)");
    format!(" {disposition} {language} {}", nstring(&tail.location))
}

fn parameters(parameters: &[(ImapString<'_>, ImapString<'_>)]) -> String {
    if parameters.is_empty() {
        return "NIL".into();
    }
    let pairs =
        parameters.iter().map(|(name, value)| format!("{} {}", string(name), string(value)));
    format!("({})", pairs.collect::<Vec<_>>().join(" "))
}

fn nstring(value: &NString<'_>) -> String {
    value.as_ref().map_or("NIL".into(), string)
}

fn string(value: &ImapString<'_>) -> String {
    let value = String::from_utf8_lossy(value.as_bytes());
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}
