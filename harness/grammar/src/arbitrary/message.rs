//! What FETCH tells of a message: attributes, envelopes and bodies.

use arbitrary::{Result, Unstructured};

use super::lexical::{mod_seq, number, nz_number};
use super::{DEPTH, arbitrary, one_of, perhaps, some, some_of};
use crate::{
    Address, Body, BodyExtension, BodyFields, BodyLanguage, BodyParameters, BodySection,
    Disposition, Envelope, ImapString, Language, Location, Media, MessageAttribute, MultiPart,
    MultiPartExtension, SinglePart, SinglePartExtension,
};

arbitrary! {
    MessageAttribute<'_> => |u| one_of!(u =>
        MessageAttribute::Flags(some(u, 0..=3)?),
        MessageAttribute::Envelope(u.arbitrary()?),
        MessageAttribute::InternalDate(u.arbitrary()?),
        MessageAttribute::Rfc822(u.arbitrary()?),
        MessageAttribute::Rfc822Header(u.arbitrary()?),
        MessageAttribute::Rfc822Text(u.arbitrary()?),
        MessageAttribute::Rfc822Size(number(u)?),
        MessageAttribute::Body(u.arbitrary()?),
        MessageAttribute::BodyStructure(u.arbitrary()?),
        MessageAttribute::BodySection(u.arbitrary()?),
        MessageAttribute::Uid(nz_number(u)?),
        MessageAttribute::ModSeq(mod_seq(u)?),
    );
    BodySection<'_> => |u| BodySection {
        section: u.arbitrary()?,
        origin: perhaps(u, number)?,
        data: u.arbitrary()?,
    };
    Envelope<'_> => |u| Envelope {
        date: u.arbitrary()?,
        subject: u.arbitrary()?,
        from: some(u, 0..=2)?,
        sender: some(u, 0..=2)?,
        reply_to: some(u, 0..=2)?,
        to: some(u, 0..=2)?,
        cc: some(u, 0..=2)?,
        bcc: some(u, 0..=2)?,
        in_reply_to: u.arbitrary()?,
        message_id: u.arbitrary()?,
    };
    Address<'_> => |u| Address {
        name: u.arbitrary()?,
        adl: u.arbitrary()?,
        mailbox: u.arbitrary()?,
        host: u.arbitrary()?,
    };

    Body<'_> => |u| body(u, DEPTH)?;
    SinglePart<'_> => |u| single_part(u, DEPTH)?;
    MultiPart<'_> => |u| multi_part(u, DEPTH)?;
    Media<'_> => |u| media(u, DEPTH)?;
    BodyFields<'_> => |u| BodyFields {
        parameters: parameters(u)?,
        id: u.arbitrary()?,
        description: u.arbitrary()?,
        encoding: u.arbitrary()?,
        octets: number(u)?,
    };
    SinglePartExtension<'_> => |u| {
        SinglePartExtension { md5: u.arbitrary()?, tail: u.arbitrary()? }
    };
    MultiPartExtension<'_> => |u| {
        MultiPartExtension { parameters: parameters(u)?, tail: u.arbitrary()? }
    };
    Disposition<'_> => |u| Disposition {
        disposition: perhaps(u, |u| Ok((u.arbitrary()?, parameters(u)?)))?,
        tail: u.arbitrary()?,
    };
    Language<'_> => |u| Language { language: u.arbitrary()?, tail: u.arbitrary()? };
    BodyLanguage<'_> => |u| one_of!(u =>
        BodyLanguage::Single(u.arbitrary()?),
        BodyLanguage::List(some(u, 1..=2)?),
    );
    Location<'_> => |u| Location { location: u.arbitrary()?, extensions: some(u, 0..=2)? };
    BodyExtension<'_> => |u| body_extension(u, DEPTH)?;
}

fn body(u: &mut Unstructured<'_>, depth: u8) -> Result<Body<'static>> {
    Ok(match depth.checked_sub(1) {
        Some(depth) if u.ratio(1, 4)? => Body::Multi(Box::new(multi_part(u, depth)?)),
        _ => Body::Single(Box::new(single_part(u, depth)?)),
    })
}

fn single_part(u: &mut Unstructured<'_>, depth: u8) -> Result<SinglePart<'static>> {
    Ok(SinglePart { media: media(u, depth)?, fields: u.arbitrary()?, extension: u.arbitrary()? })
}

fn multi_part(u: &mut Unstructured<'_>, depth: u8) -> Result<MultiPart<'static>> {
    Ok(MultiPart {
        parts: some_of(u, 1..=3, |u| body(u, depth))?,
        subtype: u.arbitrary()?,
        extension: u.arbitrary()?,
    })
}

fn media(u: &mut Unstructured<'_>, depth: u8) -> Result<Media<'static>> {
    if let Some(depth) = depth.checked_sub(1)
        && u.ratio(1, 4)?
    {
        let envelope = u.arbitrary()?;
        return Ok(Media::Message { envelope, body: body(u, depth)?, lines: number(u)? });
    }
    Ok(one_of!(u => Media::Text { subtype: u.arbitrary()?, lines: number(u)? }, basic(u)?))
}

/// A media type that is not MESSAGE/RFC822, which is [`Media::Message`].
fn basic(u: &mut Unstructured<'_>) -> Result<Media<'static>> {
    let (mut media_type, subtype): (ImapString<'_>, ImapString<'_>) = u.arbitrary()?;
    if media_type.eq_ignore_ascii_case("MESSAGE") && subtype.eq_ignore_ascii_case("RFC822") {
        media_type = ImapString::new(b"IMAGE".as_slice()).expect("no NUL");
    }
    Ok(Media::Basic { media_type, subtype })
}

fn parameters(u: &mut Unstructured<'_>) -> Result<BodyParameters<'static>> {
    some(u, 0..=2)
}

fn body_extension(u: &mut Unstructured<'_>, depth: u8) -> Result<BodyExtension<'static>> {
    Ok(match depth.checked_sub(1) {
        Some(depth) if u.ratio(1, 4)? => {
            BodyExtension::List(some_of(u, 1..=3, |u| body_extension(u, depth))?)
        }
        _ => one_of!(u =>
            BodyExtension::NString(u.arbitrary()?),
            BodyExtension::Number(number(u)?),
        ),
    })
}
