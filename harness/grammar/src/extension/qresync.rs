//! QRESYNC (RFC 7162 §3.2): what changed while a client was away.
//!
//! Legal under the capability `QRESYNC`.

use crate::SequenceSet;

/// `expunged-resp`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Vanished {
    /// Whether the messages had gone before, and none is expunged now.
    pub earlier: bool,
    /// `known-uids`: without `*`.
    pub uids: SequenceSet,
}
