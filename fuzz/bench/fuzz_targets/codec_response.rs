#![no_main]

use imap_codec::{ResponseCodec, decode::Decoder, encode::Encoder};

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let codec = ResponseCodec::default();
    if let Ok((_, value)) = codec.decode(octets) {
        let written = codec.encode(&value).dump();
        let (rest, again) = codec.decode(&written).expect("what it writes it reads");
        assert!(rest.is_empty());
        assert_eq!(again, value);
    }
});
