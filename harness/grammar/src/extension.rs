//! The extensions this grammar knows, and under which capability each becomes legal.

mod condstore;
mod enable;
pub(crate) mod esearch;
mod id;
mod idle;
mod list_extended;
mod list_status;
mod literal;
mod mbox_list_extended;
mod r#move;
mod namespace;
mod qresync;
mod sasl_ir;
mod special_use;
mod uidplus;
mod unselect;

use std::fmt;

pub use condstore::{EntryType, ModSeqEntry};
pub(crate) use condstore::{
    encode_search_mod_seq, encode_unchanged_since, fetch_mod_resp, mod_sequence_value,
    mod_sequence_valzer, search_mod_seq, search_sort_mod_seq, unchanged_since,
};
pub(crate) use enable::{enable, enable_data, encode_enable, encode_enabled};
pub use esearch::{ESearch, SearchReturnData, SearchReturnOption};
pub(crate) use esearch::{esearch_response, search_return_options};
pub(crate) use id::{encode_id, id, owned_id};
pub(crate) use idle::{IDLE, idle_done};
pub use list_extended::{ListOptionExtension, ListReturnOption, ListSelectionOption, OptionValue};
pub(crate) use list_extended::{
    encode_pattern, encode_return_options, list_patterns, return_options, selection_options,
};
pub(crate) use literal::{Announcement, LITERAL_MINUS_MAX, non_synchronising};
pub use mbox_list_extended::{ListExtendedItem, ListExtendedValue};
pub(crate) use mbox_list_extended::{encode_mbox_list_extended, mbox_list_extended};
pub(crate) use r#move::move_messages;
pub(crate) use namespace::namespace_response;
pub use namespace::{Namespace, Namespaces};
pub use qresync::Vanished;
pub(crate) use qresync::{
    encode_select_parameter, expunged_resp, select_parameter, vanished_in_place,
};
pub(crate) use sasl_ir::{encode_initial_response, initial_response};
pub use special_use::SpecialUse;
pub(crate) use special_use::{create_params, encode_create_params};
pub(crate) use uidplus::{resp_code_apnd, resp_code_copy, uid_expunge};

macro_rules! extensions {
    ($($(#[$doc:meta])* $variant:ident = $capability:literal, $rfc:literal;)*) => {
        /// An extension to RFC 3501 whose constructs are legal only once it is enabled.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Extension { $($(#[$doc])* $variant,)* }

        impl Extension {
            /// Every extension, in the order of their RFCs' capabilities below.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The capability name that announces it.
            pub const fn capability(self) -> &'static str {
                match self { $(Self::$variant => $capability,)* }
            }

            /// The number of the RFC that defines it.
            pub const fn rfc(self) -> u16 {
                match self { $(Self::$variant => $rfc,)* }
            }

            /// What a message lacks that uses the extension without its being on.
            pub(crate) const fn required(self) -> &'static str {
                match self { $(Self::$variant => concat!("the capability ", $capability),)* }
            }
        }
    };
}

extensions! {
    /// Non-synchronising literals of any size.
    LiteralPlus = "LITERAL+", 7888;
    /// Non-synchronising literals of at most 4096 octets.
    LiteralMinus = "LITERAL-", 7888;
    /// Updates without a pending command.
    Idle = "IDLE", 2177;
    /// The prefixes of mailbox names.
    Namespace = "NAMESPACE", 2342;
    /// Who the two ends are.
    Id = "ID", 2971;
    /// `UID EXPUNGE`, `APPENDUID`, `COPYUID`.
    UidPlus = "UIDPLUS", 4315;
    /// Leaving a mailbox without expunging.
    Unselect = "UNSELECT", 3691;
    /// Switching extensions on.
    Enable = "ENABLE", 5161;
    /// The first client answer in the `AUTHENTICATE` line.
    SaslIr = "SASL-IR", 4959;
    /// Moving messages.
    Move = "MOVE", 6851;
    /// Search result options.
    ESearch = "ESEARCH", 4731;
    /// Modification sequences.
    CondStore = "CONDSTORE", 7162;
    /// Quick resynchronisation.
    QResync = "QRESYNC", 7162;
    /// Selection and return options of `LIST`.
    ListExtended = "LIST-EXTENDED", 5258;
    /// Which mailbox holds drafts, sent mail and so on.
    SpecialUse = "SPECIAL-USE", 6154;
    /// `CREATE` with a special use.
    CreateSpecialUse = "CREATE-SPECIAL-USE", 6154;
    /// `STATUS` in `LIST`.
    ListStatus = "LIST-STATUS", 5819;
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.capability())
    }
}

/// A set of extensions.
///
/// ```
/// use imap_grammar::{Extension, Extensions};
/// let offered = Extensions::from_capabilities(["IMAP4rev1", "literal+", "QRESYNC"]);
/// assert!(offered.contains(Extension::LiteralPlus));
/// assert!(offered.contains(Extension::CondStore), "QRESYNC implies CONDSTORE (RFC 7162 §3.2.3)");
/// assert!(!offered.contains(Extension::Idle));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Extensions(u32);

impl Extensions {
    /// No extension: strict RFC 3501.
    pub const NONE: Self = Self(0);

    /// Every extension the grammar knows.
    pub fn all() -> Self {
        Extension::ALL.iter().fold(Self::NONE, |set, &extension| set.with(extension))
    }

    /// This set and one more, with what that one implies.
    #[must_use]
    pub const fn with(self, extension: Extension) -> Self {
        let implied = match extension {
            Extension::QResync => 1 << Extension::CondStore as u32,
            Extension::CreateSpecialUse => 1 << Extension::SpecialUse as u32,
            _ => 0,
        };
        Self(self.0 | implied | 1 << extension as u32)
    }

    /// Whether the extension is in the set.
    pub const fn contains(self, extension: Extension) -> bool {
        self.0 & (1 << extension as u32) != 0
    }

    /// Whether any of these extensions is in the set.
    pub fn contains_any(self, extensions: &[Extension]) -> bool {
        extensions.iter().any(|&extension| self.contains(extension))
    }

    /// The known extensions among the capability names; unknown names are ignored, case is too.
    pub fn from_capabilities<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        names
            .into_iter()
            .filter_map(|name| {
                Extension::ALL.iter().find(|known| known.capability().eq_ignore_ascii_case(name))
            })
            .fold(Self::NONE, |set, &extension| set.with(extension))
    }

    /// The extensions in the set.
    pub fn iter(self) -> impl Iterator<Item = Extension> {
        Extension::ALL.iter().copied().filter(move |&extension| self.contains(extension))
    }
}
