//! The scenario language: text to values, with errors a person can act on.

mod script;

pub use script::*;
