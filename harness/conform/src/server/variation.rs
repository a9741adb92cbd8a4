//! Variations: what a server may do otherwise than the embedded one does, each one small change of
//! what it says, how it writes it or what it is set up with.
//!
//! They prove the suite as faults do, from the other side: under none of them may a verdict become
//! worse.

mod capabilities;
mod fetch;
mod identifiers;
mod mailboxes;
mod order;
mod pace;
mod refusals;
mod text;
mod unsolicited;
mod writing;

use std::fmt;

use imap_grammar::{Capability, Code, FlagPerm, MessageAttribute, RespText, Response, Untagged};
use imap_model::Configuration;

use super::{
    Options,
    tampering::{Change, untagged},
};

pub use pace::Pace;

/// A variation.
#[derive(Clone, Copy)]
pub struct Variation {
    /// Its name on the command line.
    pub name: &'static str,
    /// Where it is allowed: `rfc3501/7.1`.
    pub section: &'static str,
    /// The sentence that allows it, or the part of it that does.
    pub sentence: &'static str,
    /// What a server that has it does.
    pub summary: &'static str,
    /// How the embedded server comes to have it.
    pub means: Means,
}

impl fmt::Debug for Variation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What makes a server one that has a variation.
#[derive(Debug, Clone, Copy)]
pub enum Means {
    /// The traffic is changed. That can be done in front of any server.
    Traffic(Change),
    /// What the server says goes out at another pace, in front of any server.
    Pace(Pace),
    /// The embedded server is set up in another way.
    Configuration(fn(&mut Configuration)),
}

impl Variation {
    /// Gives it to an embedded server that is yet to be started.
    pub fn set_up(&self, options: &mut Options) {
        match self.means {
            Means::Traffic(change) => options.change = Some(change),
            Means::Pace(pace) => options.pace = pace,
            Means::Configuration(configure) => configure(&mut options.configuration),
        }
    }
}

/// The whole catalogue.
pub fn catalogue() -> impl Iterator<Item = &'static Variation> {
    [
        text::VARIATIONS,
        writing::VARIATIONS,
        order::VARIATIONS,
        fetch::VARIATIONS,
        unsolicited::VARIATIONS,
        capabilities::VARIATIONS,
        mailboxes::VARIATIONS,
        identifiers::VARIATIONS,
        refusals::VARIATIONS,
        pace::VARIATIONS,
    ]
    .into_iter()
    .flatten()
}

/// The variation of that name.
pub fn named(name: &str) -> Option<&'static Variation> {
    catalogue().find(|variation| variation.name == name)
}

/// Changes the capabilities, wherever they are told.
fn capabilities(response: &mut Response<'static>, change: impl Fn(&mut Vec<Capability<'static>>)) {
    if let Some(Untagged::Capability(capabilities)) = untagged(response) {
        change(capabilities);
    } else if let Some(RespText { code: Some(Code::Capability(capabilities)), .. }) =
        status_text(response)
    {
        change(capabilities);
    }
}

/// The flags of a PERMANENTFLAGS code.
fn permanent_flags<'r>(
    response: &'r mut Response<'static>,
) -> Option<&'r mut Vec<FlagPerm<'static>>> {
    match status_text(response)? {
        RespText { code: Some(Code::PermanentFlags(flags)), .. } => Some(flags),
        _ => None,
    }
}

/// The code and text of a status response.
fn status_text<'r>(response: &'r mut Response<'static>) -> Option<&'r mut RespText<'static>> {
    match response {
        Response::Tagged(tagged) => Some(&mut tagged.text),
        Response::Untagged(Untagged::Status { text, .. } | Untagged::Bye(text)) => Some(text),
        _ => None,
    }
}

/// The items of a FETCH response; none where it is another.
fn fetched<'r>(response: &'r mut Response<'static>) -> &'r mut [MessageAttribute<'static>] {
    match untagged(response) {
        Some(Untagged::Fetch { items, .. }) => items,
        _ => &mut [],
    }
}
