//! Writing `body`.

use super::{
    Body, BodyExtension, BodyFields, BodyLanguage, Disposition, Language, Location, Media,
    MultiPart, MultiPartExtension, SinglePart, SinglePartExtension,
};
use crate::ImapString;
use crate::encode::{Encode, Writer};
use crate::lexical::{encode_nstring, encode_strings};

impl Encode for Body<'_> {
    fn encode(&self, out: &mut Writer) {
        out.raw("(");
        match self {
            Self::Single(part) => part.encode(out),
            Self::Multi(part) => part.encode(out),
        }
        out.raw(")");
    }
}

impl Encode for SinglePart<'_> {
    fn encode(&self, out: &mut Writer) {
        match &self.media {
            Media::Text { subtype, lines } => {
                out.raw("\"TEXT\" ");
                out.string(subtype.as_bytes());
                out.raw(" ");
                self.fields.encode(out);
                out.raw(" ");
                out.number(*lines);
            }
            Media::Message { envelope, body, lines } => {
                out.raw("\"MESSAGE\" \"RFC822\" ");
                self.fields.encode(out);
                out.raw(" ");
                envelope.encode(out);
                out.raw(" ");
                body.encode(out);
                out.raw(" ");
                out.number(*lines);
            }
            Media::Basic { media_type, subtype } => {
                // Quoted, it would be `media-text`.
                if media_type.eq_ignore_ascii_case("TEXT") {
                    out.literal(media_type.as_bytes());
                } else {
                    out.string(media_type.as_bytes());
                }
                out.raw(" ");
                out.string(subtype.as_bytes());
                out.raw(" ");
                self.fields.encode(out);
            }
        }
        encode_behind_sp(self.extension.as_ref(), out);
    }
}

impl Encode for BodyFields<'_> {
    fn encode(&self, out: &mut Writer) {
        encode_parameters(&self.parameters, out);
        out.raw(" ");
        encode_nstring(&self.id, out);
        out.raw(" ");
        encode_nstring(&self.description, out);
        out.raw(" ");
        out.string(self.encoding.as_bytes());
        out.raw(" ");
        out.number(self.octets);
    }
}

impl Encode for SinglePartExtension<'_> {
    fn encode(&self, out: &mut Writer) {
        encode_nstring(&self.md5, out);
        encode_behind_sp(self.tail.as_ref(), out);
    }
}

impl Encode for MultiPart<'_> {
    fn encode(&self, out: &mut Writer) {
        for part in &self.parts {
            part.encode(out);
        }
        out.raw(" ");
        out.string(self.subtype.as_bytes());
        encode_behind_sp(self.extension.as_ref(), out);
    }
}

impl Encode for MultiPartExtension<'_> {
    fn encode(&self, out: &mut Writer) {
        encode_parameters(&self.parameters, out);
        encode_behind_sp(self.tail.as_ref(), out);
    }
}

impl Encode for Disposition<'_> {
    fn encode(&self, out: &mut Writer) {
        match &self.disposition {
            Some((name, parameters)) => {
                out.raw("(");
                out.string(name.as_bytes());
                out.raw(" ");
                encode_parameters(parameters, out);
                out.raw(")");
            }
            None => out.raw("NIL"),
        }
        encode_behind_sp(self.tail.as_ref(), out);
    }
}

impl Encode for Language<'_> {
    fn encode(&self, out: &mut Writer) {
        match &self.language {
            BodyLanguage::Single(language) => encode_nstring(language, out),
            BodyLanguage::List(languages) => encode_strings(languages, out),
        }
        encode_behind_sp(self.tail.as_ref(), out);
    }
}

impl Encode for Location<'_> {
    fn encode(&self, out: &mut Writer) {
        encode_nstring(&self.location, out);
        for extension in &self.extensions {
            out.raw(" ");
            extension.encode(out);
        }
    }
}

impl Encode for BodyExtension<'_> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::NString(string) => encode_nstring(string, out),
            Self::Number(number) => out.number(*number),
            Self::List(extensions) => out.list(extensions),
        }
    }
}

/// `body-fld-param`
fn encode_parameters(parameters: &[(ImapString<'_>, ImapString<'_>)], out: &mut Writer) {
    if parameters.is_empty() {
        out.raw("NIL");
    } else {
        encode_strings(parameters.iter().flat_map(|(name, value)| [name, value]), out);
    }
}

/// `[SP value]`
fn encode_behind_sp(value: Option<&impl Encode>, out: &mut Writer) {
    if let Some(value) = value {
        out.raw(" ");
        value.encode(out);
    }
}
