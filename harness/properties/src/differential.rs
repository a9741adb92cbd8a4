//! Other parsers on the same octets: where they see it otherwise, one of us is wrong.
//!
//! Both peers have to take what we take and refuse what we refuse. imap-codec also has to read the
//! same in it: what it read it writes again, and we read that. Of imap-proto, which writes nothing,
//! only the verdict is compared.
//!
//! Each difference that is known stands here with the production that says who is right;
//! `fuzz/PEERS.md` has an input for each. Any other is a finding.

mod known;

use imap_codec::{CommandCodec, GreetingCodec, ResponseCodec, decode::Decoder, encode::Encoder};
use imap_grammar::{Command, Error, Greeting, Response};

use crate::message::grammar;
use known::{Accepts, Place, Refuses, codec, proto};

/// A parser beside ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Peer {
    /// imap-codec, without its quirks.
    Codec,
    /// imap-proto, which knows responses only.
    Proto,
}

impl Peer {
    fn accepts(self) -> &'static [Accepts] {
        match self {
            Self::Codec => codec::ACCEPTS,
            Self::Proto => proto::ACCEPTS,
        }
    }

    fn refuses(self) -> &'static [Refuses] {
        match self {
            Self::Codec => codec::REFUSES,
            Self::Proto => proto::REFUSES,
        }
    }
}

/// A message that is legal, with the octets where the value keeps less of them: no `()` of extended
/// data, and no `(USE ())`.
#[derive(Debug)]
enum Legal<'m> {
    Command(Command<'m>, &'m [u8]),
    Response(Response<'m>, &'m [u8]),
    Greeting(Greeting<'m>),
}

/// Whether they say the same, however they are written.
impl PartialEq for Legal<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Command(one, _), Self::Command(other, _)) => one == other,
            (Self::Response(one, _), Self::Response(other, _)) => one == other,
            (Self::Greeting(one), Self::Greeting(other)) => one == other,
            _ => false,
        }
    }
}

/// Hands the octets to one of imap-codec's codecs, which have no trait in common for what they
/// read, and what it read back to the rule of ours.
macro_rules! compare_with_codec {
    ($codec:ident, $rule:ident, $octets:ident) => {
        let codec = $codec::default();
        let written = whole(codec.decode($octets)).map(|value| codec.encode(&value).dump());
        let ours = $rule($octets);
        same_verdict(Peer::Codec, $octets, &ours, written.is_some());
        if let (Ok(ours), Some(written)) = (ours, written) {
            same_value($octets, &ours, &written, $rule(&written));
        }
    };
}

/// Any octets as a command, a response and a greeting.
pub fn differential(octets: &[u8]) {
    if nesting(octets) > MAX_NESTING {
        return;
    }
    compare_with_codec!(CommandCodec, command, octets);
    compare_with_codec!(ResponseCodec, response, octets);
    compare_with_codec!(GreetingCodec, greeting, octets);
    if !upsets_proto(octets) {
        let is_legal = whole(imap_proto::Response::parse(octets)).is_some();
        same_verdict(Peer::Proto, octets, &response(octets), is_legal);
    }
}

fn command(octets: &[u8]) -> Result<Legal<'_>, Error> {
    grammar().command(octets).map(|value| Legal::Command(value, octets))
}

fn response(octets: &[u8]) -> Result<Legal<'_>, Error> {
    grammar().response(octets).map(|value| Legal::Response(value, octets))
}

fn greeting(octets: &[u8]) -> Result<Legal<'_>, Error> {
    grammar().greeting(octets).map(Legal::Greeting)
}

/// What a peer made of all of the octets as one message.
fn whole<T, E>(parsed: Result<(&[u8], T), E>) -> Option<T> {
    parsed.ok().and_then(|(rest, value)| rest.is_empty().then_some(value))
}

fn same_verdict(peer: Peer, octets: &[u8], ours: &Result<Legal<'_>, Error>, is_legal: bool) {
    let is_known = match (ours, is_legal) {
        (Ok(_), true) | (Err(_), false) => true,
        // What is not yet whole for us is whole for nobody who reads all of it.
        (Err(Error::Incomplete), true) => peer == Peer::Proto && proto::skips(octets, &[]),
        (Err(Error::Invalid(rejection)), true) => {
            let place = Place::of(rejection, octets);
            peer.accepts().iter().any(|known| known.excuses(&place))
        }
        (Ok(message), false) => peer.refuses().iter().any(|known| known.excuses(message)),
    };
    assert!(
        is_known,
        "{peer:?} {} {}, we: {ours:?}",
        if is_legal { "accepts" } else { "refuses" },
        octets.escape_ascii()
    );
}

/// What imap-codec read it has written, and `theirs` is what we read in that.
fn same_value(octets: &[u8], ours: &Legal<'_>, written: &[u8], theirs: Result<Legal<'_>, Error>) {
    let is_same = theirs
        .as_ref()
        .is_ok_and(|theirs| theirs == ours || codec::READS.iter().any(|known| known(ours, theirs)));
    assert!(
        is_same,
        "Codec reads {} as {}, that is {theirs:?}, we: {ours:?}",
        octets.escape_ascii(),
        written.escape_ascii()
    );
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

/// Whether imap-proto would panic: at `INTERNALDATE NIL`, where an octet above 127 follows a
/// response code at once, and where one stands in METADATA.
fn upsets_proto(octets: &[u8]) -> bool {
    let upper = octets.to_ascii_uppercase();
    let nil_date = b"INTERNALDATE NIL";
    upper.windows(nil_date.len()).any(|window| window == nil_date)
        || octets.windows(2).any(|pair| pair[0] == b']' && pair[1] > 127)
        || upper.starts_with(b"* METADATA ") && !octets.is_ascii()
}
