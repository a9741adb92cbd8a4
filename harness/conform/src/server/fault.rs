//! Faults: what a server must not do, each one small change of the traffic between a server and
//! its client.
//!
//! They prove the suite: a server that has one must be caught. Since they stand outside the
//! server, they can stand in front of any server.

mod announcements;
mod append;
mod authentication;
mod body_structure;
mod commands;
mod copy;
mod devices;
mod envelope;
mod fetch;
mod hierarchy;
mod listing;
mod mailboxes;
mod names;
mod numbers;
mod resync;
mod search;
mod search_flags;
mod search_keys;
mod sections;
mod selection;
mod status;
mod store;
mod structure;
mod syntax;
mod updates;

use std::fmt;

use imap_grammar::{Code, CommandBody, Response, Status, Untagged};

use super::tampering::{Change, Exchange, after_completion, completes, untagged};

/// A fault.
#[derive(Clone, Copy)]
pub struct Fault {
    /// Its name on the command line.
    pub name: &'static str,
    /// The requirement of the catalogue that it breaks, by its full id: `rfc3501/6.3.1-02`.
    pub requirement: &'static str,
    /// What a server that has it does.
    pub summary: &'static str,
    /// What it does to the traffic.
    pub change: Change,
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The whole catalogue.
pub fn catalogue() -> impl Iterator<Item = &'static Fault> {
    [
        syntax::FAULTS,
        commands::FAULTS,
        authentication::FAULTS,
        selection::FAULTS,
        mailboxes::FAULTS,
        hierarchy::FAULTS,
        listing::FAULTS,
        status::FAULTS,
        append::FAULTS,
        copy::FAULTS,
        fetch::FAULTS,
        numbers::FAULTS,
        envelope::FAULTS,
        body_structure::FAULTS,
        structure::FAULTS,
        sections::FAULTS,
        store::FAULTS,
        search::FAULTS,
        search_keys::FAULTS,
        search_flags::FAULTS,
        updates::FAULTS,
        announcements::FAULTS,
        names::FAULTS,
        devices::FAULTS,
        resync::FAULTS,
    ]
    .into_iter()
    .flatten()
}

/// The fault of that name.
pub fn named(name: &str) -> Option<&'static Fault> {
    catalogue().find(|fault| fault.name == name)
}

/// The code of a status response, tagged or not.
fn status_code<'r>(response: &'r mut Response<'static>) -> Option<&'r mut Code<'static>> {
    match response {
        Response::Tagged(tagged) => tagged.text.code.as_mut(),
        Response::Untagged(Untagged::Status { text, .. }) => text.code.as_mut(),
        _ => None,
    }
}

/// Says OK where the server says NO to a command of the given kind.
fn no_to_ok(
    exchange: &Exchange,
    response: &mut Response<'static>,
    kind: fn(&CommandBody<'_>) -> bool,
) {
    if let Some(tagged) = completes(exchange, response, kind)
        && tagged.status == Status::No
    {
        tagged.status = Status::Ok;
        tagged.text.code = None;
    }
}

/// Says NO where the server says OK to a command of the given kind.
fn ok_to_no(
    exchange: &Exchange,
    response: &mut Response<'static>,
    kind: fn(&CommandBody<'_>) -> bool,
) {
    if let Some(tagged) = completes(exchange, response, kind)
        && tagged.status == Status::Ok
    {
        tagged.status = Status::No;
        tagged.text.code = None;
    }
}
