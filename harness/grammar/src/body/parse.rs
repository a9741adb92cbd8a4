//! Reading `body`. What follows the opening parenthesis tells a multipart from a single part, and
//! the media type tells the single parts apart, so that no rule is tried in vain.

use super::{
    Body, BodyExtension, BodyFields, BodyLanguage, BodyParameters, Disposition, Language, Location,
    Media, MultiPart, MultiPartExtension, SinglePart, SinglePartExtension,
};
use crate::envelope::envelope;
use crate::lexical::{NUMBER_MAX, close, digits, list, nil, nstring, number, open, sp, string};
use crate::parse::{Context, Parsed, fail, unexpected, within};
use crate::{ImapString, Production};

const BODY: Production = Production::rfc3501("body");
const BODY_TYPE_BASIC: Production = Production::rfc3501("body-type-basic");
const BODY_FLD_LINES: Production = Production::rfc3501("body-fld-lines");
const BODY_TYPE_MSG: Production = Production::rfc3501("body-type-msg");
// The ABNF of §9 would read TEXT without lines as a `body-type-basic`; it is the text of §7.4.2 that
// wants them.
const BODY_TYPE_TEXT: Production = Production::new("body-type-text", 3501, "7.4.2");
const BODY_TYPE_MPART: Production = Production::rfc3501("body-type-mpart");
const BODY_FIELDS: Production = Production::rfc3501("body-fields");
const BODY_FLD_PARAM: Production = Production::rfc3501("body-fld-param");
const BODY_FLD_DSP: Production = Production::rfc3501("body-fld-dsp");
const BODY_FLD_LANG: Production = Production::rfc3501("body-fld-lang");
const BODY_EXT_1PART: Production = Production::rfc3501("body-ext-1part");
const BODY_EXT_MPART: Production = Production::rfc3501("body-ext-mpart");
const BODY_EXTENSION: Production = Production::rfc3501("body-extension");
const MEDIA_MESSAGE: Production = Production::rfc3501("media-message");

/// `body`
pub(crate) fn body(cx: Context, i: &[u8]) -> Parsed<'_, Body<'_>> {
    within(&BODY, parenthesised_body(cx, i))
}

fn parenthesised_body(cx: Context, i: &[u8]) -> Parsed<'_, Body<'_>> {
    let cx = cx.deeper(i)?;
    let (i, ()) = open(i)?;
    let (i, body) = match i.first() {
        Some(b'(') => within(&BODY_TYPE_MPART, multi_part(cx, i))?,
        _ => single_part(cx, i)?,
    };
    let (i, ()) = close(i)?;
    Ok((i, body))
}

/// `body-type-mpart`
fn multi_part(cx: Context, mut i: &[u8]) -> Parsed<'_, Body<'_>> {
    let mut parts = Vec::new();
    while let Some(b'(') = i.first() {
        let (rest, part) = body(cx, i)?;
        parts.push(part);
        i = rest;
    }
    let (i, ()) = sp(i)?;
    let (i, subtype) = string(cx, i)?;
    let (i, extension) = behind_sp(i, |i| multi_part_extension(cx, i))?;
    Ok((i, Body::Multi(Box::new(MultiPart { parts, subtype, extension }))))
}

/// Which of the three kinds of single part the media type makes it.
#[derive(Clone, Copy)]
enum Kind {
    Basic,
    Message,
    Text,
}

/// `body-type-1part`
fn single_part(cx: Context, start: &[u8]) -> Parsed<'_, Body<'_>> {
    let (i, media_type) = string(cx, start)?;
    let (subtype_start, ()) = sp(i)?;
    let (i, subtype) = string(cx, subtype_start)?;
    let quoted = |i: &[u8]| i.first() == Some(&b'"');
    let kind = if media_type.eq_ignore_ascii_case("TEXT") && quoted(start) {
        Kind::Text
    } else if media_type.eq_ignore_ascii_case("MESSAGE") && subtype.eq_ignore_ascii_case("RFC822") {
        if !quoted(start) || !quoted(subtype_start) {
            return within(&MEDIA_MESSAGE, fail(start, "the quoted strings MESSAGE and RFC822"));
        }
        Kind::Message
    } else {
        Kind::Basic
    };
    let (i, (fields, media)) = match kind {
        Kind::Basic => within(&BODY_TYPE_BASIC, fields_only(cx, i))
            .map(|(i, fields)| (i, (fields, Media::Basic { media_type, subtype })))?,
        Kind::Text => within(&BODY_TYPE_TEXT, fields_and_lines(cx, i))
            .map(|(i, (fields, lines))| (i, (fields, Media::Text { subtype, lines })))?,
        Kind::Message => within(&BODY_TYPE_MSG, fields_and_message(cx, i))?,
    };
    let (i, extension) = behind_sp(i, |i| single_part_extension(cx, i))?;
    Ok((i, Body::Single(Box::new(SinglePart { media, fields, extension }))))
}

/// `SP body-fields`
fn fields_only(cx: Context, i: &[u8]) -> Parsed<'_, BodyFields<'_>> {
    let (i, ()) = sp(i)?;
    within(&BODY_FIELDS, body_fields(cx, i))
}

/// `SP body-fields SP body-fld-lines`
fn fields_and_lines(cx: Context, i: &[u8]) -> Parsed<'_, (BodyFields<'_>, u32)> {
    let (i, fields) = fields_only(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, lines) = body_fld_lines(i)?;
    Ok((i, (fields, lines)))
}

/// `SP body-fields SP envelope SP body SP body-fld-lines`
fn fields_and_message(cx: Context, i: &[u8]) -> Parsed<'_, (BodyFields<'_>, Media<'_>)> {
    let (i, fields) = fields_only(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, envelope) = envelope(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, body) = body(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, lines) = body_fld_lines(i)?;
    Ok((i, (fields, Media::Message { envelope, body, lines })))
}

/// `body-fld-lines`, which is a number and is not left out where extension data follows.
fn body_fld_lines(i: &[u8]) -> Parsed<'_, u32> {
    let digits = digits(i, NUMBER_MAX, "a number below 4294967296");
    within(&BODY_FLD_LINES, digits).map(|(rest, lines)| (rest, lines as u32))
}

fn body_fields(cx: Context, i: &[u8]) -> Parsed<'_, BodyFields<'_>> {
    let (i, parameters) = within(&BODY_FLD_PARAM, parameters(cx, i))?;
    let (i, ()) = sp(i)?;
    let (i, id) = nstring(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, description) = nstring(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, encoding) = string(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, octets) = number(i)?;
    Ok((i, BodyFields { parameters, id, description, encoding, octets }))
}

/// `body-fld-param`
fn parameters(cx: Context, i: &[u8]) -> Parsed<'_, BodyParameters<'_>> {
    let mut i = match i.first() {
        Some(b'(') => &i[1..],
        Some(b'N' | b'n') => return nil(i).map(|(i, ())| (i, Vec::new())),
        _ => return unexpected(i, "`(` or NIL"),
    };
    let mut parameters = Vec::new();
    loop {
        let (rest, name) = string(cx, i)?;
        let (rest, ()) = sp(rest)?;
        let (rest, value) = string(cx, rest)?;
        if parameters.is_empty() && rest.first() == Some(&b')') {
            // Most parts have one, which needs no room for more.
            parameters.reserve_exact(1);
        }
        parameters.push((name, value));
        match rest.split_first() {
            Some((b' ', rest)) => i = rest,
            _ => return close(rest).map(|(i, ())| (i, parameters)),
        }
    }
}

/// `body-ext-1part`
fn single_part_extension(cx: Context, i: &[u8]) -> Parsed<'_, SinglePartExtension<'_>> {
    let (i, md5) = within(&BODY_EXT_1PART, nstring(cx, i))?;
    let (i, tail) = behind_sp(i, |i| disposition(cx, i))?;
    Ok((i, SinglePartExtension { md5, tail }))
}

/// `body-ext-mpart`
fn multi_part_extension(cx: Context, i: &[u8]) -> Parsed<'_, MultiPartExtension<'_>> {
    let parameters = within(&BODY_FLD_PARAM, parameters(cx, i));
    let (i, parameters) = within(&BODY_EXT_MPART, parameters)?;
    let (i, tail) = behind_sp(i, |i| disposition(cx, i))?;
    Ok((i, MultiPartExtension { parameters, tail }))
}

/// `body-fld-dsp [SP body-fld-lang …]`
fn disposition(cx: Context, i: &[u8]) -> Parsed<'_, Disposition<'_>> {
    let disposition = match i.first() {
        Some(b'(') => named_disposition(cx, i).map(|(i, named)| (i, Some(named))),
        Some(b'N' | b'n') => nil(i).map(|(i, ())| (i, None)),
        _ => unexpected(i, "`(` or NIL"),
    };
    let (i, disposition) = within(&BODY_FLD_DSP, disposition)?;
    let (i, tail) = behind_sp(i, |i| language(cx, i))?;
    Ok((i, Disposition { disposition, tail }))
}

fn named_disposition(cx: Context, i: &[u8]) -> Parsed<'_, (ImapString<'_>, BodyParameters<'_>)> {
    let (i, ()) = open(i)?;
    let (i, name) = string(cx, i)?;
    let (i, ()) = sp(i)?;
    let (i, parameters) = within(&BODY_FLD_PARAM, parameters(cx, i))?;
    let (i, ()) = close(i)?;
    Ok((i, (name, parameters)))
}

/// `body-fld-lang [SP body-fld-loc …]`
fn language(cx: Context, i: &[u8]) -> Parsed<'_, Language<'_>> {
    let language = match i.first() {
        Some(b'(') => list(i, |i| string(cx, i)).map(|(i, list)| (i, BodyLanguage::List(list))),
        Some(b'"' | b'{' | b'N' | b'n') => {
            nstring(cx, i).map(|(i, single)| (i, BodyLanguage::Single(single)))
        }
        _ => unexpected(i, "`(`, a string or NIL"),
    };
    let (i, language) = within(&BODY_FLD_LANG, language)?;
    let (i, tail) = behind_sp(i, |i| location(cx, i))?;
    Ok((i, Language { language, tail }))
}

/// `body-fld-loc *(SP body-extension)`
fn location(cx: Context, i: &[u8]) -> Parsed<'_, Location<'_>> {
    let (mut i, location) = nstring(cx, i)?;
    let mut extensions = Vec::new();
    while let [b' ', rest @ ..] = i {
        let (rest, extension) = body_extension(cx, rest)?;
        extensions.push(extension);
        i = rest;
    }
    Ok((i, Location { location, extensions }))
}

fn body_extension(cx: Context, i: &[u8]) -> Parsed<'_, BodyExtension<'_>> {
    let extension = match i.first() {
        Some(b'(') => extension_list(cx, i),
        Some(b'0'..=b'9') => number(i).map(|(i, number)| (i, BodyExtension::Number(number))),
        Some(b'"' | b'{' | b'N' | b'n') => {
            nstring(cx, i).map(|(i, string)| (i, BodyExtension::NString(string)))
        }
        _ => unexpected(i, "a string, NIL, a number or `(`"),
    };
    within(&BODY_EXTENSION, extension)
}

fn extension_list(cx: Context, i: &[u8]) -> Parsed<'_, BodyExtension<'_>> {
    let cx = cx.deeper(i)?;
    let (i, extensions) = list(i, |i| body_extension(cx, i))?;
    Ok((i, BodyExtension::List(extensions)))
}

/// `[SP rule]`
fn behind_sp<'a, T>(
    i: &'a [u8],
    rule: impl FnOnce(&'a [u8]) -> Parsed<'a, T>,
) -> Parsed<'a, Option<T>> {
    match i.split_first() {
        Some((b' ', rest)) => rule(rest).map(|(i, value)| (i, Some(value))),
        _ => Ok((i, None)),
    }
}
