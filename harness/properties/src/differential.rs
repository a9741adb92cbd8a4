//! Other parsers on the same octets: where they see it otherwise, one of us is wrong.
//!
//! Each difference that is known stands here with the production that says who is right;
//! `fuzz/PEERS.md` has an input for each. Any other is a finding.

mod known;

use imap_codec::{CommandCodec, GreetingCodec, ResponseCodec, decode::Decoder};
use imap_grammar::{Command, Error, Response};

use crate::message::grammar;
use known::{ACCEPTS, REFUSES};

/// A parser beside ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Peer {
    /// imap-codec, without its quirks.
    Codec,
    /// imap-proto, which knows responses only.
    Proto,
}

/// A message that is legal.
#[derive(Debug)]
enum Legal<'m> {
    Command(Command<'m>),
    /// With the octets, of which the value keeps less: `()` where no extended data is.
    Response(Response<'m>, &'m [u8]),
    Greeting,
}

/// Any octets as a command, a response and a greeting.
pub fn differential(octets: &[u8]) {
    if nesting(octets) > MAX_NESTING {
        return;
    }
    let command = grammar().command(octets).map(Legal::Command);
    let is_legal = whole(CommandCodec::default().decode(octets));
    compare(Peer::Codec, octets, &command, is_legal);

    let response = grammar().response(octets).map(|value| Legal::Response(value, octets));
    let is_legal = whole(ResponseCodec::default().decode(octets));
    compare(Peer::Codec, octets, &response, is_legal);
    if !upsets_proto(octets) {
        let is_legal = whole(imap_proto::Response::parse(octets));
        compare(Peer::Proto, octets, &response, is_legal);
    }

    let greeting = grammar().greeting(octets).map(|_| Legal::Greeting);
    let is_legal = whole(GreetingCodec::default().decode(octets));
    compare(Peer::Codec, octets, &greeting, is_legal);
}

/// Whether a peer took all of the octets as one message.
fn whole<T, E>(parsed: Result<(&[u8], T), E>) -> bool {
    parsed.is_ok_and(|(rest, _)| rest.is_empty())
}

fn compare(peer: Peer, octets: &[u8], ours: &Result<Legal<'_>, Error>, is_legal: bool) {
    let is_known = match (ours, is_legal) {
        (Ok(_), true) | (Err(_), false) => true,
        (Err(error), true) => ACCEPTS
            .iter()
            .any(|known| known.peer == peer && known.productions.contains(&production(error))),
        (Ok(message), false) => {
            REFUSES.iter().any(|known| known.peer == peer && (known.message)(message))
        }
    };
    assert!(
        is_known,
        "{peer:?} {} {}, we: {ours:?}",
        if is_legal { "accepts" } else { "refuses" },
        octets.escape_ascii()
    );
}

/// The production that refuses the message.
fn production(error: &Error) -> &'static str {
    match error {
        Error::Invalid(rejection) => rejection.production.name,
        Error::Incomplete => "",
    }
}

/// imap-codec reads no message that nests deeper, and imap-proto overflows its stack somewhere
/// behind that.
const MAX_NESTING: usize = 5;

/// How many parentheses and brackets are open at most, and how many keys that take a key.
fn nesting(octets: &[u8]) -> usize {
    let mut depth = 0usize;
    let mut deepest = 0;
    for &octet in octets {
        match octet {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    let words = octets.split(|&octet| octet == b' ');
    let takes_key =
        |word: &&[u8]| [&b"NOT"[..], b"OR"].iter().any(|key| word.eq_ignore_ascii_case(key));
    deepest + words.filter(takes_key).count()
}

/// Whether imap-proto would panic: at `INTERNALDATE NIL`, and where an octet above 127 follows a
/// response code at once.
fn upsets_proto(octets: &[u8]) -> bool {
    let upper = octets.to_ascii_uppercase();
    let nil_date = b"INTERNALDATE NIL";
    upper.windows(nil_date.len()).any(|window| window == nil_date)
        || octets.windows(2).any(|pair| pair[0] == b']' && pair[1] > 127)
}
