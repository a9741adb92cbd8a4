//! The differences that were looked into.

pub(super) mod codec;
pub(super) mod proto;

use imap_grammar::{Capability, Code, CommandBody, Rejection, RespText, Response, Untagged};

use super::Legal;

/// What a peer takes although a production forbids it.
pub(super) struct Accepts {
    /// The productions that forbid it, by which we refuse it.
    productions: &'static [&'static str],
    /// What of it is known: whatever else these productions refuse is a difference anew.
    when: fn(&Place<'_>) -> bool,
}

/// Where of a message is not what we expect.
pub(super) struct Place<'m> {
    production: &'static str,
    expected: &'static str,
    /// The message up to there, which we would take.
    before: &'m [u8],
    /// The message from there on.
    rest: &'m [u8],
}

/// What a peer refuses although it is legal.
pub(super) struct Refuses {
    message: fn(&Legal<'_>) -> bool,
}

/// The productions of a rule for which it makes no difference which of them it is.
const ANY: &[&str] = &[];

impl Accepts {
    /// Whether this is why we refuse it.
    pub(super) fn excuses(&self, place: &Place<'_>) -> bool {
        (self.productions == ANY || self.productions.contains(&place.production))
            && (self.when)(place)
    }
}

impl<'m> Place<'m> {
    pub(super) fn of(rejection: &Rejection, message: &'m [u8]) -> Self {
        let (before, rest) = message.split_at(rejection.offset);
        let Rejection { production, expected, .. } = *rejection;
        Self { production: production.name, expected, before, rest }
    }
}

impl Refuses {
    /// Whether this is why a peer refuses it.
    pub(super) fn excuses(&self, legal: &Legal<'_>) -> bool {
        (self.message)(legal)
    }
}

fn begins_with(octets: &[u8], name: &str) -> bool {
    octets.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

fn begins_with_one(octets: &[u8], names: &[&str]) -> bool {
    names.iter().any(|name| begins_with(octets, name))
}

fn bytes(legal: &Legal<'_>) -> Vec<u8> {
    match legal {
        Legal::Command(command, _) => command.to_bytes(),
        Legal::Response(response, _) => response.to_bytes(),
        Legal::Greeting(greeting) => greeting.to_bytes(),
    }
}

fn body<'l>(legal: &'l Legal<'_>) -> Option<&'l CommandBody<'l>> {
    match legal {
        Legal::Command(command, _) => Some(&command.body),
        Legal::Response(..) | Legal::Greeting(_) => None,
    }
}

fn untagged<'l>(legal: &'l Legal<'_>) -> Option<&'l Untagged<'l>> {
    match legal {
        Legal::Response(Response::Untagged(untagged), _) => Some(untagged),
        _ => None,
    }
}

/// Whether LIST or LSUB data has extended data, be it empty.
fn has_extended_data(legal: &Legal<'_>) -> bool {
    let Legal::Response(Response::Untagged(Untagged::List(list) | Untagged::Lsub(list)), octets) =
        legal
    else {
        return false;
    };
    !list.extended.is_empty() || octets.ends_with(b" ()\r\n")
}

/// The capabilities that the response tells, as data or as a code.
fn capabilities<'l>(legal: &'l Legal<'_>) -> Option<&'l [Capability<'l>]> {
    match (untagged(legal), status_text(legal)) {
        (Some(Untagged::Capability(capabilities)), _)
        | (_, Some(RespText { code: Some(Code::Capability(capabilities)), .. })) => {
            Some(capabilities)
        }
        _ => None,
    }
}

/// The code and text of a response that has them.
fn status_text<'l>(legal: &'l Legal<'_>) -> Option<&'l RespText<'l>> {
    let response = match legal {
        Legal::Response(response, _) => response,
        Legal::Greeting(greeting) => return Some(&greeting.text),
        Legal::Command(..) => return None,
    };
    match response {
        Response::Tagged(tagged) => Some(&tagged.text),
        Response::Continue(request) => request.text.as_ref(),
        Response::Untagged(Untagged::Status { text, .. } | Untagged::Bye(text)) => Some(text),
        Response::Untagged(_) => None,
    }
}
