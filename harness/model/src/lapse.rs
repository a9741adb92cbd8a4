//! What the model can be made to lose on purpose.
//!
//! A server that breaks its word usually does so in what it says, and that can be had by changing
//! the traffic of a correct one. State that is really lost cannot: each way to lose some is a
//! switch here, and where it acts is one line.

/// A way to lose state that no careful server loses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lapse {
    /// UIDNEXT is counted from the last message, so that the UID of one that was expunged there is
    /// given again (RFC 3501 §2.3.1.1).
    ReusesUids,
    /// Messages are numbered anew when the last session leaves the mailbox, and UIDVALIDITY stays
    /// (RFC 3501 §2.3.1.1).
    RenumbersUids,
    /// A session counts the messages as they are, whether it has told what is gone or not
    /// (RFC 3501 §7.4.1).
    ForgetsNumbers,
    /// What is marked `\Deleted` is removed however a session leaves the mailbox (RFC 3501 §6.4.2).
    ExpungesOnLeaving,
    /// Storing flags that a message has already gives it a new modification sequence (RFC 7162
    /// §3.1).
    TouchesUnchanged,
    /// A STORE that is `.SILENT` and does not set `\Deleted` is carried out after the command behind
    /// it (RFC 3501 §5.5).
    StoresLate,
    /// A conditional STORE names in MODIFIED what others have changed, and stores to it all the same
    /// (RFC 7162 §3.1.3).
    StoresModified,
    /// APPEND creates the mailbox that is not there (RFC 3501 §6.3.11).
    AppendCreates,
    /// RENAME keeps the messages and none of their flags (RFC 3501 §6.3.5).
    RenameForgetsFlags,
    /// RENAME takes the old name out of the subscriptions (RFC 3501 §6.3.6).
    RenameUnsubscribes,
    /// MOVE removes messages that it could not copy (RFC 6851 §3.3).
    MoveLoses,
    /// The connection goes on after LOGOUT (RFC 3501 §6.1.3).
    StaysAfterLogout,
}
