//! Checks that an IMAP server keeps the promises of RFC 3501 and its extensions.
//!
//! Text in, values through, verdict out: a [`scenario`] becomes a script, the player sends what it
//! says, what comes back is cut into frames and parsed, matched against the script and held
//! against the rules that always hold; findings go to the reports.

pub mod cli;
mod comparison;
pub mod coverage;
mod event;
mod exit;
mod expectations;
mod library;
pub mod matrix;
mod nearest;
pub mod oracle;
pub mod play;
mod record;
pub mod report;
pub mod requirement;
pub mod scenario;
mod selector;
pub mod selftest;
pub mod server;
mod set;
mod shell;
mod suite;
pub mod target;
mod transcript;
mod verdict;
pub mod wire;

pub use comparison::{Choice, Comparison, Deviance};
pub use event::{CaseReport, Event, TargetInfo};
pub use exit::{Exit, Tally};
pub use expectations::{Deviation, Expectations, ExpectationsError};
pub use library::Library;
pub use matrix::Matrix;
pub use record::{Record, RecordError};
pub use selector::{Selector, SelectorError, select};
pub use set::{Set, SetError};
pub use suite::{Suite, SuiteError};
pub use transcript::{Entry, Happened, Transcript};
pub use verdict::{Evidence, Finding, Source, Verdict};
