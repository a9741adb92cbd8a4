//! What a correct IMAP server does, as a pure state machine.
//!
//! [`Server`] holds users, mailboxes and sessions. It takes the commands that `imap-grammar` parsed
//! and yields responses as values, to be encoded by whoever owns the connection. It has no socket,
//! no clock and no randomness: the time is passed in as [`Now`], and the same commands always get
//! the same responses.
//!
//! It is a careful server: it does what the RFCs say a server SHOULD, and where they leave a choice,
//! the module that makes it says which it is. What it can be made to lose on purpose is a
//! [`Lapse`].

mod account;
mod authentication;
mod command;
mod configuration;
mod lapse;
mod mailbox;
mod mailbox_name;
mod message;
mod numbers;
mod reply;
mod search;
mod selected;
mod server;
mod session;

pub use configuration::{Configuration, Transport, User};
pub use lapse::Lapse;
pub use message::{MAX_ENTITIES, MAX_NESTING, Message};
pub use reply::{Reply, Then};
pub use search::{Candidate, Charset, matches};
pub use server::{Line, Now, Server, SessionId};
