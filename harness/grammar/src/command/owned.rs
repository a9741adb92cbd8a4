//! Commands that outlive the octets they were read from.

use std::borrow::Cow;

use crate::extension::owned_id;
use crate::{
    Capability, Command, CommandBody, Flag, ImapString, ListPatterns, ListReturnOption,
    ListSelectionOption, SearchKey, SpecialUse,
};

impl Command<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Command<'static> {
        Command { tag: self.tag.into_owned(), body: self.body.into_owned() }
    }
}

impl CommandBody<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> CommandBody<'static> {
        match self {
            Self::Capability => CommandBody::Capability,
            Self::Noop => CommandBody::Noop,
            Self::Logout => CommandBody::Logout,
            Self::StartTls => CommandBody::StartTls,
            Self::Authenticate { mechanism, initial_response } => CommandBody::Authenticate {
                mechanism: mechanism.into_owned(),
                initial_response: initial_response.map(owned_octets),
            },
            Self::Login { user, password } => {
                CommandBody::Login { user: user.into_owned(), password: password.into_owned() }
            }
            Self::Select { mailbox, parameters } => {
                CommandBody::Select { mailbox: mailbox.into_owned(), parameters }
            }
            Self::Examine { mailbox, parameters } => {
                CommandBody::Examine { mailbox: mailbox.into_owned(), parameters }
            }
            Self::Create { mailbox, special_use } => CommandBody::Create {
                mailbox: mailbox.into_owned(),
                special_use: special_use.into_iter().map(SpecialUse::into_owned).collect(),
            },
            Self::Delete(mailbox) => CommandBody::Delete(mailbox.into_owned()),
            Self::Rename { from, to } => {
                CommandBody::Rename { from: from.into_owned(), to: to.into_owned() }
            }
            Self::Subscribe(mailbox) => CommandBody::Subscribe(mailbox.into_owned()),
            Self::Unsubscribe(mailbox) => CommandBody::Unsubscribe(mailbox.into_owned()),
            Self::List { selection, reference, patterns, returns } => CommandBody::List {
                selection: selection.map(|options| {
                    options.into_iter().map(ListSelectionOption::into_owned).collect()
                }),
                reference: reference.into_owned(),
                patterns: patterns.into_owned(),
                returns: returns
                    .map(|options| options.into_iter().map(ListReturnOption::into_owned).collect()),
            },
            Self::Lsub { reference, pattern } => CommandBody::Lsub {
                reference: reference.into_owned(),
                pattern: pattern.into_owned(),
            },
            Self::Status { mailbox, attributes } => {
                CommandBody::Status { mailbox: mailbox.into_owned(), attributes }
            }
            Self::Append { mailbox, flags, date_time, message } => CommandBody::Append {
                mailbox: mailbox.into_owned(),
                flags: flags.map(owned_flags),
                date_time,
                message: message.into_owned(),
            },
            Self::Check => CommandBody::Check,
            Self::Close => CommandBody::Close,
            Self::Expunge => CommandBody::Expunge,
            Self::UidExpunge(sequence_set) => CommandBody::UidExpunge(sequence_set),
            Self::Search { uid, returns, charset, keys } => CommandBody::Search {
                uid,
                returns,
                charset: charset.map(ImapString::into_owned),
                keys: keys.into_iter().map(SearchKey::into_owned).collect(),
            },
            Self::Fetch { uid, sequence_set, items, modifiers } => {
                CommandBody::Fetch { uid, sequence_set, items: items.into_owned(), modifiers }
            }
            Self::Store { uid, sequence_set, unchanged_since, action, silent, flags } => {
                let flags = owned_flags(flags);
                CommandBody::Store { uid, sequence_set, unchanged_since, action, silent, flags }
            }
            Self::Copy { uid, sequence_set, mailbox } => {
                CommandBody::Copy { uid, sequence_set, mailbox: mailbox.into_owned() }
            }
            Self::Move { uid, sequence_set, mailbox } => {
                CommandBody::Move { uid, sequence_set, mailbox: mailbox.into_owned() }
            }
            Self::Idle => CommandBody::Idle,
            Self::Namespace => CommandBody::Namespace,
            Self::Id(parameters) => CommandBody::Id(owned_id(parameters)),
            Self::Unselect => CommandBody::Unselect,
            Self::Enable(capabilities) => {
                CommandBody::Enable(capabilities.into_iter().map(Capability::into_owned).collect())
            }
            Self::Experimental { name, arguments } => CommandBody::Experimental {
                name: name.into_owned(),
                arguments: arguments.map(owned_octets),
            },
        }
    }
}

impl ListPatterns<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> ListPatterns<'static> {
        match self {
            Self::Single(pattern) => ListPatterns::Single(pattern.into_owned()),
            Self::Several(patterns) => {
                ListPatterns::Several(patterns.into_iter().map(ImapString::into_owned).collect())
            }
        }
    }
}

fn owned_octets(octets: Cow<'_, [u8]>) -> Cow<'static, [u8]> {
    Cow::Owned(octets.into_owned())
}

fn owned_flags(flags: Vec<Flag<'_>>) -> Vec<Flag<'static>> {
    flags.into_iter().map(Flag::into_owned).collect()
}
