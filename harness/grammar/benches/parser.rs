//! The parsers that are compared, each with values that borrow from the message.

use std::fmt;
use std::hint::black_box;

use imap_codec::decode::Decoder;
use imap_codec::fragmentizer::Fragmentizer;
use imap_codec::{CommandCodec, ResponseCodec};
use imap_grammar::{Extensions, FrameLimits, Framer, Framing, Grammar};

use crate::corpus::{Origin, Row};

/// What arrives at once, in octets.
pub const PIECE: usize = 4096;

/// A parser.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Parser {
    /// This crate, with every extension on.
    Grammar,
    /// `imap-codec`, without its quirks.
    Codec,
    /// `imap-proto`, which knows no commands.
    Proto,
}

impl fmt::Display for Parser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Grammar => "imap-grammar",
            Self::Codec => "imap-codec",
            Self::Proto => "imap-proto",
        })
    }
}

impl Parser {
    /// Whether it has a parser for such messages at all.
    pub fn knows(self, row: &Row) -> bool {
        self != Self::Proto || row.origin != Origin::Client
    }

    /// Parses every message of the row and lets go of the values.
    ///
    /// # Panics
    /// Where the parser refuses a message or leaves some of it over: its time would mean nothing.
    pub fn parse(self, row: &Row) {
        for message in &row.messages {
            let accepted = match (self, row.origin) {
                (Self::Grammar, Origin::Client) => grammar().command(message).map(drop_it).is_ok(),
                (Self::Grammar, Origin::Server) => grammar().response(message).map(drop_it).is_ok(),
                (Self::Grammar, Origin::ServerInPieces) => frame_and_parse(message, message.len()),
                (Self::Codec, Origin::Client) => {
                    let parsed = CommandCodec::default().decode(message);
                    parsed.map(|(rest, value)| drop_it(value) && rest.is_empty()) == Ok(true)
                }
                (Self::Codec, _) => {
                    let parsed = ResponseCodec::default().decode(message);
                    parsed.map(|(rest, value)| drop_it(value) && rest.is_empty()) == Ok(true)
                }
                (Self::Proto, _) => {
                    let parsed = imap_proto::Response::parse(message);
                    parsed.is_ok_and(|(rest, value)| drop_it(value) && rest.is_empty())
                }
            };
            assert!(accepted, "{self} refuses: {}", message.escape_ascii());
        }
    }

    /// Takes every message of the row in pieces and parses it, once it is whole if the parser has
    /// a way to know, and otherwise at each piece.
    ///
    /// The pieces are not copied: a connection reads into the buffer in which they are parsed.
    ///
    /// # Panics
    /// As [`Self::parse`] does.
    pub fn parse_in_pieces(self, row: &Row) {
        for message in &row.messages {
            let accepted = match self {
                Self::Grammar => frame_and_parse(message, PIECE),
                Self::Codec => fragment_and_decode(message),
                Self::Proto => (PIECE..message.len() + PIECE).step_by(PIECE).any(|end| {
                    let arrived = &message[..end.min(message.len())];
                    imap_proto::Response::parse(arrived).is_ok_and(|(_, value)| drop_it(value))
                }),
            };
            assert!(accepted, "{self} refuses the pieces of {row}");
        }
    }
}

fn grammar() -> Grammar {
    Grammar::with(Extensions::all())
}

/// So that the compiler cannot leave out what makes the value.
fn drop_it<T>(value: T) -> bool {
    black_box(value);
    true
}

fn frame_and_parse(message: &[u8], piece: usize) -> bool {
    let mut framer = Framer::new(FrameLimits::default());
    for end in (piece..message.len() + piece).step_by(piece) {
        let buffer = &message[..end.min(message.len())];
        loop {
            match framer.advance(buffer) {
                Ok(Framing::Incomplete { .. }) => break,
                Ok(Framing::Literal { .. }) => {}
                Ok(Framing::Message { length }) => {
                    return grammar().response(&buffer[..length]).map(drop_it).is_ok();
                }
                Err(_) => return false,
            }
        }
    }
    false
}

fn fragment_and_decode(message: &[u8]) -> bool {
    let mut fragmentizer = Fragmentizer::without_max_message_size();
    for piece in message.chunks(PIECE) {
        fragmentizer.enqueue_bytes(piece);
        while fragmentizer.progress().is_some() {
            if fragmentizer.is_message_complete() {
                let decoded = fragmentizer.decode_message(&ResponseCodec::default());
                return decoded.map(drop_it).is_ok();
            }
        }
    }
    false
}
