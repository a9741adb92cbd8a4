//! Faults: what a server must not do, each one small change of the traffic between a server and
//! its client.
//!
//! They prove the suite: a server that has one must be caught. Since they stand outside the
//! server, they can stand in front of any server.

mod append;
mod authentication;
mod fetch;
mod mailboxes;
mod search;
mod selection;
mod store;
mod syntax;
mod tampering;
mod updates;

use std::fmt;

use imap_grammar::{CommandBody, Response, Status, Tagged, Untagged};

pub use tampering::{Exchange, Tampering};

/// A fault.
#[derive(Clone, Copy)]
pub struct Fault {
    /// Its name on the command line.
    pub name: &'static str,
    /// The requirement of the catalogue that it breaks, by its full id: `rfc3501/6.3.1-02`.
    pub requirement: &'static str,
    /// What a server that has it does.
    pub summary: &'static str,
    change: Change,
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// How a fault changes the traffic.
#[derive(Clone, Copy)]
enum Change {
    /// Changes a command before the server sees it.
    Command(fn(&Exchange, &mut CommandBody<'static>)),
    /// Leaves out responses.
    Drop(fn(&Exchange, &Response<'static>) -> bool),
    /// Changes a response.
    Edit(fn(&Exchange, &mut Response<'static>)),
    /// Makes other responses of one.
    Replace(fn(&mut Exchange, Response<'static>) -> Vec<Response<'static>>),
    /// Changes the octets of a response.
    Octets(fn(&Exchange, Vec<u8>) -> Vec<u8>),
}

/// The whole catalogue.
pub fn catalogue() -> impl Iterator<Item = &'static Fault> {
    [
        syntax::FAULTS,
        authentication::FAULTS,
        selection::FAULTS,
        mailboxes::FAULTS,
        append::FAULTS,
        fetch::FAULTS,
        store::FAULTS,
        search::FAULTS,
        updates::FAULTS,
    ]
    .into_iter()
    .flatten()
}

/// The fault of that name.
pub fn named(name: &str) -> Option<&'static Fault> {
    catalogue().find(|fault| fault.name == name)
}

/// A response that completes a command of the given kind.
fn completes<'r>(
    exchange: &Exchange,
    response: &'r mut Response<'static>,
    kind: fn(&CommandBody<'_>) -> bool,
) -> Option<&'r mut Tagged<'static>> {
    match response {
        Response::Tagged(tagged) if exchange.command(&tagged.tag).is_some_and(kind) => Some(tagged),
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

/// Holds back what the test names, until the command that is in progress is complete.
fn after_completion(
    exchange: &mut Exchange,
    response: Response<'static>,
    held: fn(&Untagged<'_>) -> bool,
) -> Vec<Response<'static>> {
    match response {
        Response::Untagged(ref untagged) if held(untagged) => {
            exchange.held.push(response);
            Vec::new()
        }
        Response::Tagged(_) => {
            let mut responses = vec![response];
            responses.append(&mut exchange.held);
            responses
        }
        response => vec![response],
    }
}

/// The untagged data in a response.
fn untagged<'r>(response: &'r mut Response<'static>) -> Option<&'r mut Untagged<'static>> {
    match response {
        Response::Untagged(untagged) => Some(untagged),
        _ => None,
    }
}
