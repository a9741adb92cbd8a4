//! What FETCH tells of a message: attributes, envelopes and bodies.
//!
//! The larger strategies are boxed: unboxed, they would not fit the stack of a test.

use imap_grammar::{
    Address, Body, BodyExtension, BodyFields, BodyLanguage, BodyParameters, BodySection,
    Disposition, Envelope, Flag, ImapString, Language, Location, Media, MessageAttribute,
    MultiPart, MultiPartExtension, NString, SinglePart, SinglePartExtension,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::lexical::{date_time, flag, imap_string, mod_seq, number, nz_number, section};

pub fn message_attribute() -> BoxedStrategy<MessageAttribute<'static>> {
    let flag_fetch = prop_oneof![4 => flag(), 1 => Just(Flag::Recent)];
    prop_oneof![
        vec(flag_fetch, 0..4).prop_map(MessageAttribute::Flags),
        envelope().prop_map(|envelope| MessageAttribute::Envelope(Box::new(envelope))),
        date_time().prop_map(MessageAttribute::InternalDate),
        nstring().prop_map(MessageAttribute::Rfc822),
        nstring().prop_map(MessageAttribute::Rfc822Header),
        nstring().prop_map(MessageAttribute::Rfc822Text),
        number().prop_map(MessageAttribute::Rfc822Size),
        body().prop_map(MessageAttribute::Body),
        body().prop_map(MessageAttribute::BodyStructure),
        (section(), option::of(number()), nstring()).prop_map(|(section, origin, data)| {
            MessageAttribute::BodySection(Box::new(BodySection { section, origin, data }))
        }),
        nz_number().prop_map(MessageAttribute::Uid),
        mod_seq().prop_map(MessageAttribute::ModSeq),
    ]
    .boxed()
}

fn nstring() -> impl Strategy<Value = NString<'static>> {
    option::of(imap_string())
}

fn envelope() -> BoxedStrategy<Envelope<'static>> {
    let address = (nstring(), nstring(), nstring(), nstring())
        .prop_map(|(name, adl, mailbox, host)| Address { name, adl, mailbox, host });
    let addresses = vec(vec(address, 0..3), 6);
    (nstring(), nstring(), addresses, nstring(), nstring())
        .prop_map(|(date, subject, addresses, in_reply_to, message_id)| {
            let mut addresses = addresses.into_iter();
            let mut next = || addresses.next().expect("six of them");
            Envelope {
                date,
                subject,
                from: next(),
                sender: next(),
                reply_to: next(),
                to: next(),
                cc: next(),
                bcc: next(),
                in_reply_to,
                message_id,
            }
        })
        .boxed()
}

fn body() -> BoxedStrategy<Body<'static>> {
    let leaf = (text_or_basic(), body_fields(), option::of(single_part_extension()));
    leaf.prop_map(single_part)
        .prop_recursive(4, 12, 3, |inner| {
            let message =
                (envelope(), inner.clone(), number()).prop_map(|(envelope, body, lines)| {
                    Media::Message { envelope: Box::new(envelope), body, lines }
                });
            let multi_part = (vec(inner, 1..4), imap_string(), option::of(multi_part_extension()))
                .prop_map(|(parts, subtype, extension)| {
                    Body::Multi(Box::new(MultiPart { parts, subtype, extension }))
                });
            prop_oneof![
                (message, body_fields(), option::of(single_part_extension())).prop_map(single_part),
                multi_part,
            ]
        })
        .boxed()
}

fn single_part(
    (media, fields, extension): (
        Media<'static>,
        BodyFields<'static>,
        Option<SinglePartExtension<'static>>,
    ),
) -> Body<'static> {
    Body::Single(Box::new(SinglePart { media, fields, extension }))
}

fn text_or_basic() -> impl Strategy<Value = Media<'static>> {
    let named = |names: Vec<&'static str>| {
        prop::sample::select(names)
            .prop_map(|name| ImapString::new(name.as_bytes()).expect("letters only"))
    };
    let media_type = prop_oneof![
        named(vec!["APPLICATION", "AUDIO", "IMAGE", "MESSAGE", "VIDEO", "text"]),
        imap_string(),
    ];
    prop_oneof![
        (imap_string(), number()).prop_map(|(subtype, lines)| Media::Text { subtype, lines }),
        (media_type, imap_string())
            .prop_map(|(media_type, subtype)| Media::Basic { media_type, subtype }),
    ]
}

fn body_fields() -> BoxedStrategy<BodyFields<'static>> {
    (parameters(), nstring(), nstring(), imap_string(), number())
        .prop_map(|(parameters, id, description, encoding, octets)| BodyFields {
            parameters,
            id,
            description,
            encoding,
            octets,
        })
        .boxed()
}

fn parameters() -> impl Strategy<Value = BodyParameters<'static>> {
    vec((imap_string(), imap_string()), 0..3)
}

fn single_part_extension() -> impl Strategy<Value = SinglePartExtension<'static>> {
    (nstring(), option::of(disposition())).prop_map(|(md5, tail)| SinglePartExtension { md5, tail })
}

fn multi_part_extension() -> impl Strategy<Value = MultiPartExtension<'static>> {
    (parameters(), option::of(disposition()))
        .prop_map(|(parameters, tail)| MultiPartExtension { parameters, tail })
}

fn disposition() -> BoxedStrategy<Disposition<'static>> {
    (option::of((imap_string(), parameters())), option::of(language()))
        .prop_map(|(disposition, tail)| Disposition { disposition, tail })
        .boxed()
}

fn language() -> impl Strategy<Value = Language<'static>> {
    let language = prop_oneof![
        nstring().prop_map(BodyLanguage::Single),
        vec(imap_string(), 1..3).prop_map(BodyLanguage::List),
    ];
    let location = (nstring(), vec(body_extension(), 0..3))
        .prop_map(|(location, extensions)| Location { location, extensions });
    (language, option::of(location)).prop_map(|(language, tail)| Language { language, tail })
}

fn body_extension() -> BoxedStrategy<BodyExtension<'static>> {
    let leaf = prop_oneof![
        nstring().prop_map(BodyExtension::NString),
        number().prop_map(BodyExtension::Number),
    ];
    leaf.prop_recursive(4, 8, 3, |inner| vec(inner, 1..3).prop_map(BodyExtension::List)).boxed()
}
