//! BODY and BODYSTRUCTURE (RFC 3501 §7.4.2).

use imap_grammar::{
    Body, BodyFields, Disposition, Language, Location, Media, MultiPart, MultiPartExtension,
    SinglePart, SinglePartExtension,
};
use memchr::memchr_iter;

use super::entity::{Content, Entity};
use super::header::Header;
use super::lexical::string;
use super::{envelope, mime, number};

/// The structure of the entity, with all extension data or with none.
pub(super) fn body<'m>(octets: &'m [u8], entity: &Entity, extensible: bool) -> Body<'m> {
    let header = entity.header(octets);
    let content_type = entity.content_type(octets);
    let content = entity.body(octets);
    let media = match &entity.content {
        Content::Multipart(parts) => {
            return Body::Multi(Box::new(MultiPart {
                parts: parts.iter().map(|part| body(octets, part, extensible)).collect(),
                subtype: content_type.subtype,
                extension: extensible.then(|| MultiPartExtension {
                    parameters: content_type.parameters,
                    tail: Some(disposition(header)),
                }),
            }));
        }
        Content::Message(message) => Media::Message {
            envelope: Box::new(envelope::envelope(message.header(octets))),
            body: body(octets, message, extensible),
            lines: lines(content),
        },
        Content::Discrete if content_type.is_text() => {
            Media::Text { subtype: content_type.subtype, lines: lines(content) }
        }
        Content::Discrete => {
            Media::Basic { media_type: content_type.media_type, subtype: content_type.subtype }
        }
        Content::TooDeep => Media::Basic {
            media_type: string(&b"APPLICATION"[..]),
            subtype: string(&b"OCTET-STREAM"[..]),
        },
    };
    let parameters = match entity.content {
        Content::TooDeep => Vec::new(),
        _ => content_type.parameters,
    };
    Body::Single(Box::new(SinglePart {
        media,
        fields: BodyFields {
            parameters,
            id: mime::unstructured(header, "Content-ID"),
            description: mime::unstructured(header, "Content-Description"),
            encoding: mime::encoding(header),
            octets: number(content.len()),
        },
        extension: extensible.then(|| SinglePartExtension {
            md5: mime::unstructured(header, "Content-MD5"),
            tail: Some(disposition(header)),
        }),
    }))
}

/// The extension data that all bodies share.
fn disposition<'m>(header: Header<'m>) -> Disposition<'m> {
    Disposition {
        disposition: mime::disposition(header),
        tail: Some(Language {
            language: mime::language(header),
            tail: Some(Location {
                location: mime::unstructured(header, "Content-Location"),
                extensions: Vec::new(),
            }),
        }),
    }
}

/// The size in lines, of which RFC 3501 does not say how to count: the number of line ends, as
/// servers have it. A last line without an end, which every part of a multipart has, adds none.
fn lines(content: &[u8]) -> u32 {
    number(memchr_iter(b'\n', content).count())
}
