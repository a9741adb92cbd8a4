//! The framer: the same frames however the octets are cut, at linear cost, within the limits.

use arbitrary::{Arbitrary, Unstructured};
use imap_grammar::{FrameError, FrameLimits, Framer, Framing};

/// Any limits, any cuts, any stream.
pub fn framer(octets: &[u8]) {
    let mut octets = Unstructured::new(octets);
    let Ok((wide, small, cuts)) = <(bool, FrameLimits, [u8; 4])>::arbitrary(&mut octets) else {
        return;
    };
    let limits = if wide { FrameLimits::default() } else { small };
    let stream = octets.take_rest();
    if stream.is_empty() {
        return;
    }
    let whole = cut(&[stream], limits);
    let mut pieces = Vec::new();
    let mut rest = stream;
    for length in cuts.into_iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, behind) = rest.split_at(rest.len().min(usize::from(length).max(1)));
        pieces.push(piece);
        rest = behind;
    }
    assert_eq!(cut(&pieces, limits), whole, "in pieces of {cuts:?}");
    let one_by_one: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(cut(&one_by_one, limits), whole, "octet by octet");
}

/// How many messages the octets are cut into, or nothing where some are left over.
pub(crate) fn count_frames(octets: &[u8]) -> Option<usize> {
    // What follows the name of an experiment may open as many parentheses as it likes.
    let limits = FrameLimits { nesting: u32::MAX, ..FrameLimits::default() };
    let Frames { events, error: None, rest: 0 } = cut(&[octets], limits) else {
        return None;
    };
    Some(events.iter().filter(|event| matches!(event, Framing::Message { .. })).count())
}

/// What a stream is cut into.
#[derive(Debug, PartialEq)]
struct Frames {
    /// In order, the waiting left out.
    events: Vec<Framing>,
    error: Option<FrameError>,
    /// How many octets are of no message.
    rest: usize,
}

fn cut(pieces: &[&[u8]], limits: FrameLimits) -> Frames {
    let mut framer = Framer::new(limits);
    let mut buffer = Vec::new();
    let mut events = Vec::new();
    let mut error = None;
    let mut received = 0;
    // How long the buffer is at the least when it says something else than that it waits.
    let mut not_before = 0;
    'pieces: for piece in pieces {
        buffer.extend_from_slice(piece);
        received += piece.len() as u64;
        loop {
            match framer.advance(&buffer) {
                Ok(Framing::Incomplete { at_least }) => {
                    assert!(at_least > 0, "it waits for nothing");
                    assert!(buffer.len() <= limits.message, "a message above the limit");
                    not_before = buffer.len() + at_least;
                    break;
                }
                Ok(event) => {
                    assert!(buffer.len() >= not_before, "fewer octets were missing than it said");
                    not_before = 0;
                    events.push(event);
                    kept(event, limits);
                    if let Framing::Message { length } = event {
                        buffer.drain(..length);
                    }
                }
                Err(found) => {
                    assert_eq!(framer.advance(&buffer), Err(found), "it stays where it failed");
                    error = Some(found);
                    break 'pieces;
                }
            }
        }
        // Each octet once to find where its line ends, and once more when it has.
        assert!(framer.examined() <= 2 * received, "the cost is not linear");
    }
    // What comes behind an error depends on the pieces.
    let rest = if error.is_some() { 0 } else { buffer.len() };
    Frames { events, error, rest }
}

fn kept(event: Framing, limits: FrameLimits) {
    match event {
        Framing::Incomplete { .. } => {}
        Framing::Literal { announced, at, .. } => {
            assert!(announced <= limits.literal);
            assert!(at + announced as usize <= limits.message);
        }
        Framing::Message { length } => assert!(length <= limits.message),
    }
}
