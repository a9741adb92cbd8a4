//! What a server lists: its capabilities and the names of mailboxes.

use std::collections::BTreeSet;

use imap_grammar::{Capability, ListAttribute, MailboxList};

use super::{invariant, session::Notes};

/// What was listed and is still held against what comes.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The capabilities that were sent unasked, until something may have changed them.
    unasked: Option<Unasked>,
    /// The names that LIST returned since the last command began.
    names: Vec<Name>,
}

/// Capabilities that were sent unasked.
#[derive(Debug)]
struct Unasked {
    names: BTreeSet<String>,
    /// Whether the greeting told them, which need not tell all.
    are_initial: bool,
}

#[derive(Debug)]
struct Name {
    octets: Vec<u8>,
    delimiter: Option<u8>,
    no_inferiors: bool,
}

impl Listing {
    /// A command was sent.
    pub(super) fn command(&mut self, asks_for_capabilities: bool) {
        self.names.clear();
        if !asks_for_capabilities {
            self.unasked = None;
        }
    }

    /// Capabilities in the greeting.
    pub(super) fn initial(&mut self, capabilities: &[Capability<'_>], notes: &mut Notes<'_>) {
        order(capabilities, notes);
        self.unasked = Some(Unasked { names: names_of(capabilities), are_initial: true });
    }

    /// Capabilities in the response code of another response.
    pub(super) fn unasked(&mut self, capabilities: &[Capability<'_>], notes: &mut Notes<'_>) {
        order(capabilities, notes);
        self.unasked = Some(Unasked { names: names_of(capabilities), are_initial: false });
    }

    /// Capabilities in a response of their own.
    pub(super) fn asked(&mut self, capabilities: &[Capability<'_>], notes: &mut Notes<'_>) {
        order(capabilities, notes);
        let names = names_of(capabilities);
        let Some(before) = &self.unasked else { return };
        let differing: Vec<_> = before.differing(&names).map(String::as_str).collect();
        if !differing.is_empty() {
            let found = format!("differing in {}", differing.join(", "));
            notes.broken(&invariant::CAPABILITIES_AGREE, found);
        }
    }

    /// A name that LIST returned.
    pub(super) fn name(&mut self, list: &MailboxList<'_>, notes: &mut Notes<'_>) {
        let name = Name {
            octets: list.mailbox.as_bytes().to_vec(),
            delimiter: list.delimiter,
            no_inferiors: list.attributes.contains(&ListAttribute::NoInferiors),
        };
        let inferior = self.names.iter().find_map(|known| {
            if name.is_above(known) {
                Some((&name, known))
            } else if known.is_above(&name) {
                Some((known, &name))
            } else {
                None
            }
        });
        if let Some((above, below)) = inferior {
            let text = |name: &Name| name.octets.escape_ascii().to_string();
            let found = format!("{} below {}", text(below), text(above));
            notes.broken(&invariant::NO_INFERIORS, found);
        }
        self.names.push(name);
    }
}

impl Unasked {
    /// The names in which what CAPABILITY returns contradicts these.
    fn differing<'a>(&'a self, asked: &'a BTreeSet<String>) -> impl Iterator<Item = &'a String> {
        let differing = self.names.symmetric_difference(asked);
        differing.filter(|name| {
            // "An initial capabilities list" (RFC 3501 §7.1) may wait with what is of no use yet.
            !self.are_initial || self.names.contains(*name) || is_for_the_beginning(name)
        })
    }
}

impl Name {
    /// Whether the other is one of the inferiors that this one cannot have.
    fn is_above(&self, other: &Self) -> bool {
        // First what is cheap: each name is held against all others.
        self.no_inferiors && self.delimiter.is_some() && {
            let below = other.octets.strip_prefix(self.octets.as_slice());
            below.and_then(|rest| rest.first().copied()) == self.delimiter
        }
    }
}

fn order(capabilities: &[Capability<'_>], notes: &mut Notes<'_>) {
    let at = capabilities.iter().position(|capability| capability.is("IMAP4"));
    if let Some(at @ 1..) = at {
        let found = format!("IMAP4 behind {at} others");
        notes.broken(&invariant::IMAP4_IS_FIRST, found);
    }
}

/// Whether a client needs to know it before it authenticates.
fn is_for_the_beginning(name: &str) -> bool {
    let is_revision = name.starts_with("IMAP4");
    is_revision || name.starts_with("AUTH=") || matches!(name, "STARTTLS" | "LOGINDISABLED")
}

fn names_of(capabilities: &[Capability<'_>]) -> BTreeSet<String> {
    capabilities.iter().map(|capability| capability.0.as_str().to_ascii_uppercase()).collect()
}
