#![no_main]

use imap_grammar::{Extensions, Grammar};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let grammar = Grammar::with(Extensions::all());
    if let Ok(value) = grammar.response(octets) {
        let written = value.to_bytes();
        let again = grammar.response(&written).expect("what it writes it reads");
        assert_eq!(again, value);
    }
});
