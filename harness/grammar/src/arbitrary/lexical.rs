//! Values of the rules that commands and responses share, and the writer's choices.

use std::num::NonZeroU32;

use arbitrary::{Result, Unstructured};

use super::{arbitrary, one_of, some};
use crate::{
    Atom, Capability, Date, DateTime, EncodeOptions, Extension, Extensions, Flag, FlagPerm,
    FrameLimits, ImapString, LiteralForm, Mailbox, Section, SectionText, SeqNumber, SequenceRange,
    SequenceSet, StatusAttribute, StringForm, Tag, Text, Time, is_astring_char, is_atom_char,
    is_text_char,
};

arbitrary! {
    Atom<'_> => |u| Atom::new(characters(u, is_atom_char)?).expect("ATOM-CHARs only");
    Tag<'_> => |u| {
        let class = |octet| is_astring_char(octet) && octet != b'+';
        Tag::new(characters(u, class)?).expect("ASTRING-CHARs without `+` only")
    };
    Text<'_> => |u| Text::new(characters(u, is_text_char)?).expect("TEXT-CHARs only");
    ImapString<'_> => |u| {
        let octets = one_of!(u =>
            characters(u, is_astring_char)?.into_bytes(),
            Vec::new(),
            u.choose(&WORDS)?.as_bytes().to_vec(),
            characters(u, is_text_char)?.into_bytes(),
            octets(u, |octet| octet != 0)?,
        );
        ImapString::new(octets).expect("no NUL")
    };
    Mailbox<'_> => |u| one_of!(u => Mailbox::Inbox, Mailbox::from(u.arbitrary::<ImapString<'_>>()?));
    Capability<'_> => |u| Capability(u.arbitrary()?);

    SeqNumber => |u| one_of!(u => SeqNumber::Number(nz_number(u)?), SeqNumber::Largest);
    SequenceRange => |u| one_of!(u =>
        SequenceRange::Single(u.arbitrary()?),
        SequenceRange::Range(u.arbitrary()?, u.arbitrary()?),
    );
    SequenceSet => |u| SequenceSet::new(some(u, 1..=4)?).expect("not empty");

    Flag<'_> => |u| match u.ratio(1, 8)? {
        true => Flag::Recent,
        false => flag(u)?,
    };
    FlagPerm<'_> => |u| one_of!(u => FlagPerm::Flag(flag(u)?), FlagPerm::Any);

    Date => |u| {
        let (year, month) = (u.int_in_range(0..=9999)?, u.int_in_range(1..=12)?);
        let day = u.int_in_range(1..=31)?;
        // In a shorter month, its last day.
        (28..=day).rev().chain([day]).find_map(|day| Date::new(year, month, day)).expect("a day")
    };
    Time => |u| {
        let (hour, minute) = (u.int_in_range(0..=23)?, u.int_in_range(0..=59)?);
        Time::new(hour, minute, u.int_in_range(0..=60)?).expect("on the clock")
    };
    DateTime => |u| {
        let (date, time) = (u.arbitrary()?, u.arbitrary()?);
        DateTime::new(date, time, u.int_in_range(-5999..=5999)?).expect("a zone of four digits")
    };

    StatusAttribute => |u| *u.choose(&[
        StatusAttribute::Messages,
        StatusAttribute::Recent,
        StatusAttribute::UidNext,
        StatusAttribute::UidValidity,
        StatusAttribute::Unseen,
        StatusAttribute::HighestModSeq,
    ])?;
    Section<'_> => |u| {
        let part: Vec<NonZeroU32> = super::some_of(u, 0..=3, nz_number)?;
        let text = super::perhaps(u, |u| u.arbitrary())?;
        // MIME stands only behind a part number.
        let text = text.filter(|text| !part.is_empty() || *text != SectionText::Mime);
        Section { part, text }
    };
    SectionText<'_> => |u| one_of!(u =>
        SectionText::Header,
        SectionText::Text,
        SectionText::Mime,
        SectionText::HeaderFields(some(u, 1..=3)?),
        SectionText::HeaderFieldsNot(some(u, 1..=3)?),
    );

    Extension => |u| *u.choose(Extension::ALL)?;
    Extensions => |u| {
        let chosen: u32 = u.arbitrary()?;
        let is_chosen = |extension: &&Extension| chosen & (1 << **extension as u32) != 0;
        Extension::ALL.iter().filter(is_chosen).fold(Extensions::NONE, |set, &one| set.with(one))
    };
    StringForm => |u| {
        *u.choose(&[StringForm::Shortest, StringForm::Quoted, StringForm::Literal])?
    };
    LiteralForm => |u| *u.choose(&[
        LiteralForm::Synchronising,
        LiteralForm::NonSynchronising,
        LiteralForm::SmallNonSynchronising,
    ])?;
    EncodeOptions => |u| EncodeOptions { strings: u.arbitrary()?, literals: u.arbitrary()? };
    FrameLimits => |u| FrameLimits {
        line: u.int_in_range(0..=255)?,
        literal: u.int_in_range(0..=255)?,
        message: u.int_in_range(0..=511)?,
        nesting: u.int_in_range(0..=7)?,
    };
}

/// Words that mean more than other strings, or must be written with care.
const WORDS: [&str; 7] = ["NIL", "inbox", "TEXT", "MESSAGE", "RFC822", "{3}", "(\\*"];

/// One to twelve characters of a class.
pub(super) fn characters(u: &mut Unstructured<'_>, class: fn(u8) -> bool) -> Result<String> {
    let mut characters = octets(u, class)?;
    if characters.is_empty() {
        characters.push(of_class(b'a', class));
    }
    Ok(characters.into_iter().map(char::from).collect())
}

/// Up to twelve octets of a class, which are those of the input where they are of the class.
fn octets(u: &mut Unstructured<'_>, class: fn(u8) -> bool) -> Result<Vec<u8>> {
    super::some_of(u, 0..=12, |u| Ok(of_class(u.arbitrary()?, class)))
}

/// The octet, or the next of the class behind it.
fn of_class(octet: u8, class: fn(u8) -> bool) -> u8 {
    (octet..=u8::MAX).chain(0..octet).find(|&octet| class(octet)).expect("a class is not empty")
}

pub(super) fn nz_number(u: &mut Unstructured<'_>) -> Result<NonZeroU32> {
    let number = one_of!(u => u.int_in_range(1..=20)?, u.int_in_range(1..=u32::MAX)?, u32::MAX);
    Ok(NonZeroU32::new(number).expect("from 1"))
}

pub(super) fn number(u: &mut Unstructured<'_>) -> Result<u32> {
    Ok(one_of!(u => 0, nz_number(u)?.get()))
}

/// `mod-sequence-value`
pub(super) fn mod_seq(u: &mut Unstructured<'_>) -> Result<u64> {
    let largest = i64::MAX as u64;
    Ok(one_of!(u => u.int_in_range(1..=20)?, u.int_in_range(1..=largest)?, largest))
}

/// `mod-sequence-valzer`
pub(super) fn mod_seq_or_zero(u: &mut Unstructured<'_>) -> Result<u64> {
    Ok(one_of!(u => 0, mod_seq(u)?))
}

/// `uid-set`: a `sequence-set` without `*`.
pub(super) fn uid_set(u: &mut Unstructured<'_>) -> Result<SequenceSet> {
    let number = |u: &mut Unstructured<'_>| nz_number(u).map(SeqNumber::Number);
    let ranges = super::some_of(u, 1..=4, |u| {
        Ok(one_of!(u =>
            SequenceRange::Single(number(u)?),
            SequenceRange::Range(number(u)?, number(u)?),
        ))
    })?;
    Ok(SequenceSet::new(ranges).expect("not empty"))
}

/// `flag`, which is not `\Recent`.
pub(super) fn flag(u: &mut Unstructured<'_>) -> Result<Flag<'static>> {
    Ok(one_of!(u =>
        Flag::Seen,
        Flag::Answered,
        Flag::Flagged,
        Flag::Deleted,
        Flag::Draft,
        Flag::Keyword(u.arbitrary()?),
        match Flag::new(&format!("\\{}", u.arbitrary::<Atom<'_>>()?)).expect("an atom behind `\\`") {
            Flag::Recent => Flag::Seen,
            flag => flag.into_owned(),
        },
    ))
}

/// A hierarchy delimiter: a QUOTED-CHAR, or nothing for NIL.
pub(super) fn delimiter(u: &mut Unstructured<'_>) -> Result<Option<u8>> {
    Ok(one_of!(u =>
        Some(b'/'),
        None,
        Some(b'"'),
        Some(b'\\'),
        Some(of_class(u.arbitrary()?, is_text_char)),
    ))
}
