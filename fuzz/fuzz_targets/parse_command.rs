#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| imap_properties::parse_command(octets));
