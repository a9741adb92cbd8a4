//! What must hold whatever the octets.
//!
//! Each property is a function of any octets that panics where it does not hold. The fuzz targets
//! in `fuzz/` are nothing but calls of them; `cargo test` runs them on generated octets and on all
//! that ever broke one (`fuzz/regressions/`).

mod differential;
mod framing;
mod message;
mod pattern;
mod scenario;
mod session;
mod strictness;

pub use differential::differential;
pub use framing::framer;
pub use message::{
    command_to_bytes_and_back, parse_command, parse_greeting, parse_response,
    response_to_bytes_and_back,
};
pub use pattern::pattern_match;
pub use scenario::scenario;
pub use session::session;
pub use strictness::strictness;

/// A property with the name of its fuzz target.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 11] = [
    ("parse_command", parse_command),
    ("parse_response", parse_response),
    ("parse_greeting", parse_greeting),
    ("command_to_bytes_and_back", command_to_bytes_and_back),
    ("response_to_bytes_and_back", response_to_bytes_and_back),
    ("framer", framer),
    ("strictness", strictness),
    ("differential", differential),
    ("scenario", scenario),
    ("session", session),
    ("pattern_match", pattern_match),
];
