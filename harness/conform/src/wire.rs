//! The wire: connections to a server, what protects them, and the record of every octet.
//!
//! A [`Connector`] opens [`Connection`]s to one [`Target`](crate::target::Target). A connection
//! sends octets and receives frames; whatever the server does, it waits no longer than its
//! [`Timeouts`], holds no more than its [`Limits`], and what went over it is in the [`Recorder`]
//! of the case.

mod bounds;
mod connection;
mod connector;
mod error;
mod greeting;
mod login;
mod mask;
mod recorder;
mod status_line;
mod tls;
mod words;

pub use bounds::{Limits, Timeouts, deadline_in};
pub use connection::{Connection, Frame};
pub use connector::{Connector, Stream};
pub use error::{CertificateProblem, Fault, LoginError, WireError};
pub use greeting::Greeting;
pub use recorder::Recorder;
pub use tls::TrustError;
pub(crate) use words::{MAX_READ, fragment, printable, readable};
