//! Letting go of the message that a response borrows from.

use super::{Continue, Greeting, Response, Tagged, Untagged};
use crate::extension::owned_id;
use crate::{Capability, Flag, MessageAttribute, RespText};

impl Greeting<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Greeting<'static> {
        Greeting { kind: self.kind, text: self.text.into_owned() }
    }
}

impl Response<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Response<'static> {
        match self {
            Self::Continue(request) => Response::Continue(request.into_owned()),
            Self::Untagged(data) => Response::Untagged(data.into_owned()),
            Self::Tagged(tagged) => Response::Tagged(tagged.into_owned()),
        }
    }
}

impl Continue<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Continue<'static> {
        Continue { text: self.text.map(RespText::into_owned) }
    }
}

impl Tagged<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Tagged<'static> {
        Tagged { tag: self.tag.into_owned(), status: self.status, text: self.text.into_owned() }
    }
}

impl Untagged<'_> {
    /// The same value without borrowed parts.
    pub fn into_owned(self) -> Untagged<'static> {
        match self {
            Self::Status { status, text } => Untagged::Status { status, text: text.into_owned() },
            Self::Bye(text) => Untagged::Bye(text.into_owned()),
            Self::Capability(capabilities) => {
                Untagged::Capability(capabilities.into_iter().map(Capability::into_owned).collect())
            }
            Self::Flags(flags) => {
                Untagged::Flags(flags.into_iter().map(Flag::into_owned).collect())
            }
            Self::List(list) => Untagged::List(list.into_owned()),
            Self::Lsub(list) => Untagged::Lsub(list.into_owned()),
            Self::Search { numbers, mod_seq } => Untagged::Search { numbers, mod_seq },
            Self::MailboxStatus { mailbox, attributes } => {
                Untagged::MailboxStatus { mailbox: mailbox.into_owned(), attributes }
            }
            Self::Exists(number) => Untagged::Exists(number),
            Self::Recent(number) => Untagged::Recent(number),
            Self::Expunge(number) => Untagged::Expunge(number),
            Self::Fetch { number, items } => {
                let items = items.into_iter().map(MessageAttribute::into_owned).collect();
                Untagged::Fetch { number, items }
            }
            Self::Namespace(namespaces) => Untagged::Namespace(Box::new(namespaces.into_owned())),
            Self::Id(parameters) => Untagged::Id(owned_id(parameters)),
            Self::Enabled(capabilities) => {
                Untagged::Enabled(capabilities.into_iter().map(Capability::into_owned).collect())
            }
            Self::ESearch(result) => Untagged::ESearch(Box::new(result.into_owned())),
            Self::Vanished(vanished) => Untagged::Vanished(vanished),
        }
    }
}
