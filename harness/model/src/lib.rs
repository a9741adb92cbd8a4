//! What a correct IMAP server does, as a pure state machine.

mod message;
mod search;

pub use message::{MAX_ENTITIES, MAX_NESTING, Message};
pub use search::{Candidate, Charset, matches};
