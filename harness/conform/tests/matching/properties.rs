//! Properties: a response and the pattern made of its own text match; changed in one place, they
//! do not.

use imap_conform::play::matching::Received;
use proptest::prelude::*;

use super::{matched, pattern};

fn flags() -> impl Strategy<Value = Vec<String>> {
    let flag = prop_oneof![
        Just("\\Seen".to_owned()),
        Just("\\Deleted".to_owned()),
        Just("\\Flagged".to_owned()),
        "\\$?[A-Za-z]{4,9}".prop_filter("FETCH of STATUS", |flag| !flag.starts_with("NIL")),
    ];
    prop::collection::vec(flag, 0..5)
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 .()@<>-]{0,12}"
}

/// A response, and the same with one value changed.
fn response() -> impl Strategy<Value = (String, String)> {
    let number = 1..1_000_000u32;
    let fetch =
        (number.clone(), flags(), text(), number.clone()).prop_map(|(n, flags, text, uid)| {
            let fetch = |uid: u32, flags: &str, text: &str| {
                format!(
                    "* {n} FETCH (UID {uid} FLAGS ({flags}) BODY[TEXT] \"{text}\" \
                 BODY[HEADER.FIELDS (Date)] NIL)"
                )
            };
            let flags = flags.join(" ");
            let changed = match n % 3 {
                0 => fetch(uid + 1, &flags, &text),
                1 => fetch(uid, &format!("{flags} \\Draft"), &text),
                _ => fetch(uid, &flags, &format!("{text}!")),
            };
            (fetch(uid, &flags, &text), changed)
        });
    let list = (text(), prop::bool::ANY).prop_map(|(name, has_children)| {
        let attribute = if has_children { "\\HasChildren" } else { "\\HasNoChildren" };
        let list = |name: &str| format!("* LIST ({attribute}) \"/\" \"x{name}\"");
        (list(&name), list(&format!("{name}y")))
    });
    let search = prop::collection::hash_set(number.clone(), 1..20).prop_map(|numbers| {
        let search = |numbers: &mut dyn Iterator<Item = &u32>| {
            let numbers: Vec<_> = numbers.map(u32::to_string).collect();
            format!("* SEARCH {}", numbers.join(" "))
        };
        (search(&mut numbers.iter()), search(&mut numbers.iter().skip(1)))
    });
    let status = (number.clone(), number).prop_map(|(messages, next)| {
        let status = |next: u32| format!("* STATUS a (MESSAGES {messages} UIDNEXT {next})");
        (status(next), status(next + 1))
    });
    prop_oneof![fetch, list, search, status]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_response_matches_itself_and_nothing_else((response, changed) in response()) {
        let (_, own) = pattern(&response);
        let frame = |text: &str| format!("{}\r\n", text.trim_end());
        prop_assert!(matched(&own, &[frame(&response).as_bytes()]).is_ok());
        prop_assert!(matched(&own, &[frame(&changed).as_bytes()]).is_err());
        let (_, other) = pattern(changed.trim_end());
        prop_assert!(matched(&other, &[frame(&response).as_bytes()]).is_err());
    }

    #[test]
    fn no_octets_are_too_strange(octets in prop::collection::vec(any::<u8>(), 0..200)) {
        for expected in ["* 1 FETCH (UID ${_} BODY[] ${_})", "* OK [X ${_}]", "* SEARCH ...", "+"] {
            let (_, pattern) = pattern(expected);
            let frame = [b"* 1 FETCH (", octets.as_slice()].concat();
            let _ = matched(&pattern, &[&octets]);
            let _ = matched(&pattern, &[&frame]);
            let _ = Received::new(&octets).kind();
        }
    }
}
