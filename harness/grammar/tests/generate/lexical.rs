//! Values of the rules that commands and responses share.

use std::num::NonZeroU32;

use imap_grammar::{
    Atom, Date, DateTime, Flag, ImapString, Mailbox, Section, SectionText, SeqNumber,
    SequenceRange, SequenceSet, StatusAttribute, Tag, Time,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

pub fn atom() -> impl Strategy<Value = Atom<'static>> {
    "[!#$&'+,./0-9:;<=>?@A-Z\\[^_`a-z|}~-]{1,12}"
        .prop_map(|characters| Atom::new(characters).expect("ATOM-CHARs only"))
}

pub fn tag() -> impl Strategy<Value = Tag<'static>> {
    "[!#$&',./0-9:;<=>?@A-Z\\[\\]^_`a-z|}~-]{1,8}"
        .prop_map(|characters| Tag::new(characters).expect("ASTRING-CHARs without `+` only"))
}

/// Octets without NUL: words, what must be quoted, and what only a literal can say.
pub fn imap_string() -> impl Strategy<Value = ImapString<'static>> {
    let octets = prop_oneof![
        4 => "[A-Za-z0-9.@\\]-]{1,10}".prop_map(String::into_bytes),
        2 => "[ -~]{0,16}".prop_map(String::into_bytes),
        1 => Just(b"NIL".to_vec()),
        1 => vec(1..=u8::MAX, 0..12),
    ];
    octets.prop_map(|octets| ImapString::new(octets).expect("no NUL"))
}

pub fn mailbox() -> impl Strategy<Value = Mailbox<'static>> {
    prop_oneof![Just(Mailbox::Inbox), imap_string().prop_map(Mailbox::from)]
}

pub fn nz_number() -> impl Strategy<Value = NonZeroU32> {
    prop_oneof![1..20u32, 1..=u32::MAX, Just(u32::MAX)].prop_filter_map("zero", NonZeroU32::new)
}

pub fn number() -> impl Strategy<Value = u32> {
    prop_oneof![0..20u32, any::<u32>(), Just(u32::MAX)]
}

/// `mod-sequence-value`
pub fn mod_seq() -> impl Strategy<Value = u64> {
    prop_oneof![1..20u64, 1..=i64::MAX as u64, Just(i64::MAX as u64)]
}

/// `sequence-set`; without `*` it is a `uid-set` too.
pub fn sequence_set(largest: bool) -> impl Strategy<Value = SequenceSet> {
    let seq_number = move || {
        (nz_number(), 0..5u8).prop_map(move |(number, choice)| match choice {
            0 if largest => SeqNumber::Largest,
            _ => SeqNumber::Number(number),
        })
    };
    let range = prop_oneof![
        seq_number().prop_map(SequenceRange::Single),
        (seq_number(), seq_number()).prop_map(|(start, end)| SequenceRange::Range(start, end)),
    ];
    vec(range, 1..5).prop_map(|ranges| SequenceSet::new(ranges).expect("not empty"))
}

/// `flag`, which is not `\Recent`.
pub fn flag() -> impl Strategy<Value = Flag<'static>> {
    prop_oneof![
        Just(Flag::Answered),
        Just(Flag::Flagged),
        Just(Flag::Deleted),
        Just(Flag::Seen),
        Just(Flag::Draft),
        atom().prop_map(Flag::Keyword),
        "[A-Z]{2}[a-z]{3,5}X"
            .prop_map(|name| Flag::Extension(Atom::new(name).expect("letters only"))),
    ]
}

pub fn date() -> impl Strategy<Value = Date> {
    (0..=9999u16, 1..=12u8, 1..=31u8)
        .prop_filter_map("no such day", |(year, month, day)| Date::new(year, month, day))
}

pub fn date_time() -> impl Strategy<Value = DateTime> {
    let time = (0..24u8, 0..60u8, 0..=60u8)
        .prop_filter_map("no such time", |(h, m, s)| Time::new(h, m, s));
    (date(), time, -5999..=5999i16)
        .prop_filter_map("no such zone", |(date, time, zone)| DateTime::new(date, time, zone))
}

pub fn status_attribute() -> impl Strategy<Value = StatusAttribute> {
    prop::sample::select(vec![
        StatusAttribute::Messages,
        StatusAttribute::Recent,
        StatusAttribute::UidNext,
        StatusAttribute::UidValidity,
        StatusAttribute::Unseen,
        StatusAttribute::HighestModSeq,
    ])
}

pub fn section() -> impl Strategy<Value = Section<'static>> {
    let fields = || vec(imap_string(), 1..4);
    let text = option::of(prop_oneof![
        Just(SectionText::Header),
        Just(SectionText::Text),
        Just(SectionText::Mime),
        fields().prop_map(SectionText::HeaderFields),
        fields().prop_map(SectionText::HeaderFieldsNot),
    ]);
    (vec(nz_number(), 0..4), text).prop_filter_map("MIME behind no part", |(part, text)| {
        let misplaced = part.is_empty() && text == Some(SectionText::Mime);
        (!misplaced).then_some(Section { part, text })
    })
}
