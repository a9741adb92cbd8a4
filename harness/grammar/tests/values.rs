//! What sequence sets and dates mean, beyond how they are written.

use std::num::NonZeroU32;

use imap_grammar::{
    CommandBody, Date, DateTime, Extension, Extensions, Grammar, LiteralForm, SequenceSet, Time,
};
use proptest::prelude::*;

fn nz(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

/// The set as a client writes it.
fn set(written: &str) -> SequenceSet {
    let message = format!("a COPY {written} x\r\n");
    match Grammar::rfc3501().command(message.as_bytes()).unwrap().body {
        CommandBody::Copy { sequence_set, .. } => sequence_set,
        other => panic!("{other:?}"),
    }
}

fn numbers(written: &str, largest: u32) -> Vec<u32> {
    set(written).iter(nz(largest)).map(NonZeroU32::get).collect()
}

#[test]
fn a_sequence_set_means_these_numbers() {
    // The examples of RFC 3501 §9, seq-range and sequence-set.
    assert_eq!(numbers("2:4", 9), [2, 3, 4]);
    assert_eq!(numbers("4:2", 9), [2, 3, 4]);
    assert_eq!(numbers("3291:*", 3288), [3288, 3289, 3290, 3291]);
    assert_eq!(numbers("2,4:7,9,12:*", 15), [2, 4, 5, 6, 7, 9, 12, 13, 14, 15]);
    assert_eq!(numbers("*:4,5:7", 10), [4, 5, 6, 7, 8, 9, 10, 5, 6, 7]);
    assert_eq!(numbers("*", 3), [3]);
    assert_eq!(numbers("*:*", 3), [3]);
    assert_eq!(numbers("4294967295:*", u32::MAX), [u32::MAX]);
    assert_eq!(numbers("7", 3), [7]);
}

#[test]
fn a_sequence_set_is_shown_as_it_is_written() {
    for written in ["1", "*", "4:2,*:7,*:*,4294967295", "1,1,1"] {
        assert_eq!(set(written).to_string(), written);
    }
    assert!(set("1,2:*").mentions_largest());
    assert!(!set("1,2:3").mentions_largest());
    assert_eq!(SequenceSet::new(vec![]), None);
    assert_eq!(SequenceSet::from_numbers([]), None);
}

proptest! {
    #[test]
    fn a_set_of_numbers_contains_them_and_no_other(
        numbers in prop::collection::btree_set(1..40u32, 1..20)
    ) {
        let set = SequenceSet::from_numbers(numbers.iter().rev().copied().map(nz)).unwrap();
        for number in 1..41 {
            prop_assert_eq!(set.contains(nz(number), nz(50)), numbers.contains(&number));
        }
        let ascending: Vec<_> = set.iter(nz(50)).map(NonZeroU32::get).collect();
        prop_assert_eq!(ascending, Vec::from_iter(numbers));
    }

    #[test]
    fn a_date_time_is_the_instant_it_was_made_of(
        seconds in -62_167_000_000..253_402_000_000i64,
        zone in -720..=840i16,
    ) {
        let date_time = DateTime::from_unix_timestamp(seconds, zone).unwrap();
        prop_assert_eq!(date_time.unix_timestamp(), seconds);
        prop_assert_eq!(date_time.zone_minutes(), zone);
    }

    #[test]
    fn the_day_after_a_day_is_later(days in -719_000..2_900_000i64) {
        let day = |days: i64| DateTime::from_unix_timestamp(days * 86_400, 0).unwrap().date;
        prop_assert!(day(days) < day(days + 1));
    }
}

#[test]
fn instants_that_are_known() {
    let at = |(year, month, day), (hour, minute, second), zone| {
        let date = Date::new(year, month, day).unwrap();
        DateTime::new(date, Time::new(hour, minute, second).unwrap(), zone).unwrap()
    };
    assert_eq!(at((1970, 1, 1), (0, 0, 0), 0).unix_timestamp(), 0);
    assert_eq!(at((1969, 12, 31), (16, 0, 0), -480).unix_timestamp(), 0);
    assert_eq!(at((2000, 2, 29), (12, 0, 0), 0).unix_timestamp(), 951_825_600);
    assert_eq!(at((2016, 12, 31), (23, 59, 60), 0), at((2016, 12, 31), (23, 59, 60), 0));
    assert_eq!(
        at((2016, 12, 31), (23, 59, 60), 0).unix_timestamp(),
        at((2017, 1, 1), (0, 0, 0), 0).unix_timestamp(),
        "a leap second is the instant of the next one"
    );
    assert_eq!(at((0, 1, 1), (0, 0, 0), 0).unix_timestamp(), -62_167_219_200);
    assert_eq!(at((9999, 12, 31), (23, 59, 59), 0).unix_timestamp(), 253_402_300_799);
}

#[test]
fn what_no_calendar_and_no_clock_has() {
    for (year, month, day) in [(2023, 2, 29), (1900, 2, 29), (2024, 4, 31), (2024, 13, 1)] {
        assert_eq!(Date::new(year, month, day), None);
    }
    assert_eq!(Date::new(2024, 1, 0), None);
    assert_eq!(Date::new(2024, 0, 1), None);
    assert_eq!(Date::new(10_000, 1, 1), None);
    for (hour, minute, second) in [(24, 0, 0), (0, 60, 0), (0, 0, 61)] {
        assert_eq!(Time::new(hour, minute, second), None);
    }
    assert_eq!(DateTime::from_unix_timestamp(253_402_300_800, 0), None);
    assert_eq!(DateTime::from_unix_timestamp(i64::MAX, 840), None);
    assert_eq!(DateTime::from_unix_timestamp(i64::MIN, -720), None);
    let midnight = DateTime::from_unix_timestamp(0, 0).unwrap();
    assert_eq!(DateTime::new(midnight.date, midnight.time, 6000), None);
    assert_eq!(DateTime::new(midnight.date, midnight.time, i16::MIN), None);
}

#[test]
fn a_client_pauses_no_more_than_it_must() {
    let under = |extensions: &[Extension]| {
        LiteralForm::under(extensions.iter().fold(Extensions::NONE, |set, &one| set.with(one)))
    };
    assert_eq!(under(&[]), LiteralForm::Synchronising);
    assert_eq!(under(&[Extension::LiteralMinus]), LiteralForm::SmallNonSynchronising);
    assert_eq!(under(&[Extension::LiteralPlus]), LiteralForm::NonSynchronising);
    assert_eq!(
        under(&[Extension::LiteralMinus, Extension::LiteralPlus]),
        LiteralForm::NonSynchronising
    );
}

#[test]
fn a_small_literal_does_not_pause_and_a_large_one_does() {
    use imap_grammar::{Command, EncodeOptions, ImapString, Mailbox, Tag};
    let message = |octets: usize| Command {
        tag: Tag::new("a").unwrap(),
        body: CommandBody::Append {
            mailbox: Mailbox::Inbox,
            flags: None,
            date_time: None,
            message: ImapString::new(vec![b'x'; octets]).unwrap(),
        },
    };
    let options =
        EncodeOptions { literals: LiteralForm::SmallNonSynchronising, ..EncodeOptions::default() };
    assert_eq!(message(4096).encode(options).pauses, []);
    let large = message(4097).encode(options);
    assert_eq!(large.pauses, ["a APPEND INBOX {4097}\r\n".len()]);
    let literal_minus = Grammar::with(Extensions::NONE.with(Extension::LiteralMinus));
    assert_eq!(literal_minus.command(&large.bytes).unwrap(), message(4097));
    assert!(literal_minus.command(&message(4096).encode(options).bytes).is_ok());
}

#[test]
fn an_empty_list_is_written_with_both_parentheses() {
    use imap_grammar::{
        Body, BodyLanguage, ImapString, MessageAttribute, Namespace, Namespaces, Response, Untagged,
    };
    let string = |octets: &'static str| ImapString::new(octets.as_bytes()).unwrap();
    let namespace = Namespace {
        prefix: string(""),
        delimiter: Some(b'/'),
        extensions: vec![(string("X"), vec![])],
    };
    let namespaces = Namespaces { personal: vec![namespace], ..Namespaces::default() };
    let response = Response::Untagged(Untagged::Namespace(Box::new(namespaces)));
    assert_eq!(response.to_bytes(), b"* NAMESPACE ((\"\" \"/\" \"X\" ())) NIL NIL\r\n");

    let message = b"* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL NIL \"en\"))\r\n";
    let mut response = Grammar::rfc3501().response(message).unwrap();
    let Response::Untagged(Untagged::Fetch { items, .. }) = &mut response else { panic!() };
    let [MessageAttribute::Body(Body::Single(part))] = &mut items[..] else { panic!() };
    let tail = part.extension.as_mut().and_then(|extension| extension.tail.as_mut());
    let language = tail.and_then(|disposition| disposition.tail.as_mut()).unwrap();
    language.language = BodyLanguage::List(vec![]);
    assert_eq!(
        response.to_bytes(),
        b"* 1 FETCH (BODY (\"x\" \"y\" NIL NIL NIL \"z\" 5 NIL NIL ()))\r\n"
    );
}
