//! Playing: what a scenario says is sent, what comes back is held against it.
//!
//! [`Run`] plays many scenarios against one target. Each is a case of its own, on its own
//! connections and in its own mailboxes ([`isolation`]); an [`exchange`] brings the lines of a
//! scenario together with what came, and [`matching`] compares one with the other.

mod case;
pub mod check;
pub mod exchange;
mod given;
pub mod isolation;
pub mod matching;
mod outgoing;
mod run;
mod sequence;
mod session;
mod stage;
mod value;

pub use isolation::RunId;
pub use run::{Cleaned, LOGIN, Run, RunOptions, StartError, clean};
pub use value::{Bindings, Value};
