//! Text as a reader sees it, for SEARCH: encoded words (RFC 2047), transfer encodings (RFC 2045
//! §6) and character sets decoded.
//!
//! What cannot be decoded stands for itself: a search must not fail for a message.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use encoding_rs::Encoding;
use memchr::{memchr, memmem};
use quoted_printable::ParseMode;

/// Base64 as it arrives: with padding or without it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// An unfolded header value with its encoded words decoded. White space between two of them is not
/// part of the text (RFC 2047 §6.2).
pub(crate) fn header_value(value: &[u8]) -> String {
    let mut decoded = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = memmem::find(rest, b"=?") {
        let (before, candidate) = rest.split_at(start);
        if let Some((word, length)) = encoded_word(candidate) {
            if !(after_word && before.trim_ascii().is_empty()) {
                decoded.push_str(&String::from_utf8_lossy(before));
            }
            decoded.push_str(&word);
            rest = &candidate[length..];
            after_word = true;
        } else {
            decoded.push_str(&String::from_utf8_lossy(before));
            decoded.push_str("=?");
            rest = &candidate[2..];
            after_word = false;
        }
    }
    decoded.push_str(&String::from_utf8_lossy(rest));
    decoded
}

/// A body without its transfer encoding and character set.
pub(crate) fn text(body: &[u8], transfer_encoding: &[u8], charset: &[u8]) -> String {
    let octets = if transfer_encoding.eq_ignore_ascii_case(b"BASE64") {
        Cow::Owned(base64(body))
    } else if transfer_encoding.eq_ignore_ascii_case(b"QUOTED-PRINTABLE") {
        quoted_printable(body)
    } else {
        Cow::Borrowed(body)
    };
    in_charset(&octets, charset)
}

/// `"=?" charset "?" encoding "?" encoded-text "?="`: the text, and the length of the whole.
fn encoded_word(candidate: &[u8]) -> Option<(String, usize)> {
    let inner = candidate.strip_prefix(b"=?")?;
    let (charset, inner) = until_question_mark(inner)?;
    let (encoding, inner) = until_question_mark(inner)?;
    let (text, inner) = until_question_mark(inner)?;
    let behind = inner.strip_prefix(b"=")?;
    // RFC 2231 §5 adds a language to the character set.
    let charset = charset.split(|&octet| octet == b'*').next()?;
    let octets = match encoding {
        b"B" | b"b" => Cow::Owned(base64(text)),
        b"Q" | b"q" => {
            let spaced = text.iter().flat_map(|octet| match octet {
                b'_' => &b"=20"[..],
                octet => std::slice::from_ref(octet),
            });
            Cow::Owned(quoted_printable(&spaced.copied().collect::<Vec<_>>()).into_owned())
        }
        _ => return None,
    };
    Some((in_charset(&octets, charset), candidate.len() - behind.len()))
}

/// A piece of an encoded word, which holds no white space, and what follows its question mark.
fn until_question_mark(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr(b'?', octets)?;
    let legal = end > 0 && octets[..end].iter().all(u8::is_ascii_graphic);
    legal.then(|| (&octets[..end], &octets[end + 1..]))
}

/// "Any characters outside of the base64 alphabet are to be ignored" (RFC 2045 §6.8); padding ends
/// the text.
fn base64(encoded: &[u8]) -> Vec<u8> {
    let data = encoded.iter().take_while(|&&octet| octet != b'=').copied();
    let mut data: Vec<u8> = data
        .filter(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/'))
        .collect();
    if data.len() % 4 == 1 {
        // Six bits are no octet.
        data.pop();
    }
    BASE64.decode(&data).unwrap_or(data)
}

fn quoted_printable(encoded: &[u8]) -> Cow<'_, [u8]> {
    match quoted_printable::decode(encoded, ParseMode::Robust) {
        Ok(decoded) => Cow::Owned(decoded),
        Err(_) => Cow::Borrowed(encoded),
    }
}

/// The octets as text of that character set; of UTF-8, which includes US-ASCII, where it is none
/// we know.
fn in_charset(octets: &[u8], charset: &[u8]) -> String {
    match Encoding::for_label(charset) {
        // WHATWG takes US-ASCII for windows-1252; octets beyond US-ASCII are more often UTF-8.
        Some(encoding) if !charset.eq_ignore_ascii_case(b"US-ASCII") => {
            encoding.decode_without_bom_handling(octets).0.into_owned()
        }
        _ => String::from_utf8_lossy(octets).into_owned(),
    }
}
