//! The embedded server, and the faults that can stand before any server.

pub mod fault;
