#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| imap_properties::command_to_bytes_and_back(octets));
