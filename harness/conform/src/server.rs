//! The embedded server, and the faults and variations that can stand before any server.
//!
//! [`Embedded`] is the model of a server behind a socket, [`InMemory`] the same without one. A
//! [`Fault`](fault::Fault) stands in each of its connections or, as [`Upstream`], between any other
//! server and its clients: a small [`Change`] of the traffic.

mod connection;
mod difference;
pub mod fault;
mod in_memory;
mod listen;
mod service;
mod tampering;
mod threads;
mod upstream;
pub mod variation;

pub use connection::{After, Connection, LIMITS, Output};
pub use difference::{Difference, UnknownDifference, differences};
pub use in_memory::InMemory;
pub use listen::{Embedded, Options};
pub use tampering::{Change, Exchange, Tampering};
pub use upstream::{Upstream, UpstreamOptions};
