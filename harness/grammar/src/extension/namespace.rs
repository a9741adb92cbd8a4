//! NAMESPACE (RFC 2342): where a user's, other users' and shared mailboxes are.
//!
//! Legal under the capability `NAMESPACE`.

use crate::ImapString;

/// `Namespace-Response`: each kind may have several, or none for NIL.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Namespaces<'a> {
    /// The user's own.
    pub personal: Vec<Namespace<'a>>,
    /// Other users'.
    pub other_users: Vec<Namespace<'a>>,
    /// Shared ones.
    pub shared: Vec<Namespace<'a>>,
}

/// One namespace.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Namespace<'a> {
    /// What every name in it begins with.
    pub prefix: ImapString<'a>,
    /// The hierarchy delimiter; nothing for NIL.
    pub delimiter: Option<u8>,
    /// `Namespace-Response-Extension`: a name and its values, at least one.
    pub extensions: Vec<(ImapString<'a>, Vec<ImapString<'a>>)>,
}
