//! Letting go of the message that a body borrows from.

use super::{
    Body, BodyExtension, BodyFields, BodyLanguage, BodyParameters, Disposition, Language, Location,
    Media, MultiPart, MultiPartExtension, SinglePart, SinglePartExtension,
};
use crate::ImapString;

impl Body<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Body<'static> {
        match self {
            Self::Single(part) => Body::Single(Box::new(part.into_owned())),
            Self::Multi(part) => Body::Multi(Box::new(part.into_owned())),
        }
    }
}

impl SinglePart<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> SinglePart<'static> {
        SinglePart {
            media: self.media.into_owned(),
            fields: self.fields.into_owned(),
            extension: self.extension.map(SinglePartExtension::into_owned),
        }
    }
}

impl Media<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Media<'static> {
        match self {
            Self::Text { subtype, lines } => Media::Text { subtype: subtype.into_owned(), lines },
            Self::Message { envelope, body, lines } => Media::Message {
                envelope: Box::new(envelope.into_owned()),
                body: body.into_owned(),
                lines,
            },
            Self::Basic { media_type, subtype } => {
                Media::Basic { media_type: media_type.into_owned(), subtype: subtype.into_owned() }
            }
        }
    }
}

impl BodyFields<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> BodyFields<'static> {
        BodyFields {
            parameters: owned_parameters(self.parameters),
            id: self.id.map(ImapString::into_owned),
            description: self.description.map(ImapString::into_owned),
            encoding: self.encoding.into_owned(),
            octets: self.octets,
        }
    }
}

impl SinglePartExtension<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> SinglePartExtension<'static> {
        SinglePartExtension {
            md5: self.md5.map(ImapString::into_owned),
            tail: self.tail.map(Disposition::into_owned),
        }
    }
}

impl MultiPart<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> MultiPart<'static> {
        MultiPart {
            parts: self.parts.into_iter().map(Body::into_owned).collect(),
            subtype: self.subtype.into_owned(),
            extension: self.extension.map(MultiPartExtension::into_owned),
        }
    }
}

impl MultiPartExtension<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> MultiPartExtension<'static> {
        MultiPartExtension {
            parameters: owned_parameters(self.parameters),
            tail: self.tail.map(Disposition::into_owned),
        }
    }
}

impl Disposition<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Disposition<'static> {
        Disposition {
            disposition: self
                .disposition
                .map(|(name, parameters)| (name.into_owned(), owned_parameters(parameters))),
            tail: self.tail.map(Language::into_owned),
        }
    }
}

impl Language<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Language<'static> {
        Language { language: self.language.into_owned(), tail: self.tail.map(Location::into_owned) }
    }
}

impl BodyLanguage<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> BodyLanguage<'static> {
        match self {
            Self::Single(language) => BodyLanguage::Single(language.map(ImapString::into_owned)),
            Self::List(languages) => {
                BodyLanguage::List(languages.into_iter().map(ImapString::into_owned).collect())
            }
        }
    }
}

impl Location<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Location<'static> {
        Location {
            location: self.location.map(ImapString::into_owned),
            extensions: self.extensions.into_iter().map(BodyExtension::into_owned).collect(),
        }
    }
}

impl BodyExtension<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> BodyExtension<'static> {
        match self {
            Self::NString(string) => BodyExtension::NString(string.map(ImapString::into_owned)),
            Self::Number(number) => BodyExtension::Number(number),
            Self::List(extensions) => {
                BodyExtension::List(extensions.into_iter().map(BodyExtension::into_owned).collect())
            }
        }
    }
}

fn owned_parameters(parameters: BodyParameters<'_>) -> BodyParameters<'static> {
    parameters.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}
