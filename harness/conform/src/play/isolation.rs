//! Isolation: every mailbox a run makes lies under one root of its own, and goes with it.
//!
//! The root is `imap-conform-` and the run's id, below the prefix of the user's own namespace
//! (RFC 2342) and with its hierarchy delimiter. Each case has a mailbox below the root, and what
//! it makes lies below that. Nothing is ever removed whose name is not of this form.

mod appended;
mod inbox;
mod names;
mod removal;

use std::time::Duration;

use imap_grammar::{CommandBody, DateTime, Flag, ImapString, ListPatterns, Mailbox};

use super::{
    matching::tree,
    session::{Completion, Session},
};
use crate::{scenario::FixtureMessage, wire::WireError};
pub(super) use appended::appended_flags;
pub(super) use inbox::{Stray, restore_inbox};
pub use names::{CaseMailboxes, Root, RunId};
pub(super) use removal::{remove_case, remove_leftovers, remove_root};

/// Where a user's own mailboxes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal {
    /// What their names begin with.
    pub prefix: Vec<u8>,
    /// The hierarchy delimiter; nothing where there is no hierarchy.
    pub delimiter: Option<u8>,
}

/// Why mailboxes cannot be prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreparationError {
    /// The wire.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The server does not do what is asked.
    #[error("the server does not {what}: {said}")]
    Refused {
        /// What was asked.
        what: &'static str,
        /// What it said.
        said: String,
    },
    /// The server did not say where mailboxes can be.
    #[error("the server names no hierarchy delimiter: neither NAMESPACE nor LIST \"\" \"\" does")]
    NoDelimiter,
    /// A fixture has what cannot be sent.
    #[error("the fixture's message {number} has {what}")]
    Fixture {
        /// The message, counted from one.
        number: usize,
        /// What is wrong.
        what: &'static str,
    },
}

/// Asks where the user's own mailboxes are: by NAMESPACE where the server has that, else by
/// `LIST "" ""` (RFC 3501 §6.3.8).
pub(super) async fn personal(
    session: &mut Session,
    has_namespace: bool,
    patience: Duration,
) -> Result<Personal, PreparationError> {
    if has_namespace {
        let (_, answers) = ask(session, CommandBody::Namespace, patience).await?;
        if let Some(personal) = answers.iter().find_map(|frame| personal_namespace(frame)) {
            return Ok(personal);
        }
    }
    let (_, answers) = ask(session, list(b""), patience).await?;
    let listed = answers.iter().find_map(|frame| Listed::read(frame, "LIST"));
    let Listed { delimiter, .. } = listed.ok_or(PreparationError::NoDelimiter)?;
    Ok(Personal { prefix: Vec::new(), delimiter })
}

/// Makes the case's mailbox and fills it.
pub(super) async fn prepare(
    session: &mut Session,
    case: &CaseMailboxes,
    messages: &[FixtureMessage],
    patience: Duration,
) -> Result<(), PreparationError> {
    if let Some(directory) = case.directory() {
        // With the delimiter at its end this says that names below it will be made (RFC 3501
        // §6.3.3); whether it was needed, and is there already, shows in what follows.
        ask(session, create(&directory), patience).await?;
    }
    let mailbox = case.mailbox();
    let (completion, _) = ask(session, create(&mailbox), patience).await?;
    // No one else gives this name. Dovecot may make the mailbox and say that it is there already
    // (RFC 5530 §3), where another session lists mailboxes in the same moment.
    if !completion.line.contains("[ALREADYEXISTS]") {
        must_be_ok(completion, "create a mailbox")?;
    }
    for (index, message) in messages.iter().enumerate() {
        let append = append(&mailbox, message)
            .map_err(|what| PreparationError::Fixture { number: index + 1, what })?;
        let (completion, _) = ask(session, append, patience).await?;
        must_be_ok(completion, "append a message")?;
    }
    Ok(())
}

fn must_be_ok(completion: Completion, what: &'static str) -> Result<(), PreparationError> {
    match completion {
        Completion { is_ok: true, .. } => Ok(()),
        Completion { line: said, .. } => Err(PreparationError::Refused { what, said }),
    }
}

/// Says a command and returns its completion, and the frames that came.
async fn ask(
    session: &mut Session,
    command: CommandBody<'_>,
    patience: Duration,
) -> Result<(Completion, Vec<Vec<u8>>), WireError> {
    session.take_arrived();
    let completion = session.command(command, patience).await?;
    let frames = session.take_arrived().into_iter().map(|frame| frame.octets.to_vec());
    Ok((completion, frames.collect()))
}

fn create(name: &[u8]) -> CommandBody<'_> {
    CommandBody::Create { mailbox: mailbox(name), special_use: Vec::new() }
}

fn list(pattern: &[u8]) -> CommandBody<'_> {
    CommandBody::List {
        selection: None,
        reference: mailbox(b""),
        patterns: ListPatterns::Single(string(pattern)),
        returns: None,
    }
}

fn append<'m>(
    name: &'m [u8],
    message: &'m FixtureMessage,
) -> Result<CommandBody<'m>, &'static str> {
    let flags = message.flags.iter().map(|flag| Flag::new(flag));
    let flags: Option<Vec<_>> = flags.collect();
    let date_time = match &message.date {
        Some(date) => {
            let written = format!("\"{date}\"");
            Some(DateTime::parse(written.as_bytes()).map_err(|_| "a date that is no date-time")?)
        }
        None => None,
    };
    Ok(CommandBody::Append {
        mailbox: mailbox(name),
        flags: Some(flags.ok_or("a flag that is none")?).filter(|flags| !flags.is_empty()),
        date_time,
        message: ImapString::new(message.octets.as_slice()).ok_or("a NUL")?,
    })
}

fn mailbox(name: &[u8]) -> Mailbox<'_> {
    Mailbox::from(string(name))
}

/// A string of octets that hold no NUL: names that the player makes, or that stood in a frame and
/// had none there.
fn string(octets: &[u8]) -> ImapString<'_> {
    ImapString::new(octets).unwrap_or_else(|| {
        let until_nul = octets.split(|&octet| octet == 0).next().unwrap_or_default();
        ImapString::new(until_nul).expect("it ends before the first NUL")
    })
}

/// A response to LIST or LSUB, as far as it is needed.
struct Listed {
    attributes: Vec<Vec<u8>>,
    delimiter: Option<u8>,
    name: Vec<u8>,
}

impl Listed {
    fn read(frame: &[u8], keyword: &str) -> Option<Self> {
        let tokens = tree::tokens(frame);
        let [star, word, attributes, delimiter, name, ..] = tokens.as_slice() else { return None };
        let is_listed = star.is_word("*") && word.is_word(keyword);
        let attributes = attributes.list()?.iter().filter_map(tree::Node::word);
        is_listed.then_some(Self {
            attributes: attributes.map(<[u8]>::to_vec).collect(),
            delimiter: delimiter.string().and_then(|octets| octets.first().copied()),
            name: name.string().or(name.word())?.to_vec(),
        })
    }
}

/// The first personal namespace of a NAMESPACE response (RFC 2342 §6).
fn personal_namespace(frame: &[u8]) -> Option<Personal> {
    let tokens = tree::tokens(frame);
    let [star, word, personal, ..] = tokens.as_slice() else { return None };
    let is_namespace = star.is_word("*") && word.is_word("NAMESPACE");
    let [prefix, delimiter, ..] = personal.list()?.first()?.list()? else { return None };
    is_namespace.then_some(Personal {
        prefix: prefix.string()?.to_vec(),
        delimiter: delimiter.string().and_then(|octets| octets.first().copied()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_read() {
        for (frame, prefix, delimiter) in [
            (&b"* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n"[..], &b""[..], Some(b'/')),
            (b"* NAMESPACE ((\"INBOX.\" \".\")) NIL ((\"#a\" \"/\"))\r\n", b"INBOX.", Some(b'.')),
            (b"* NAMESPACE ((\"\" NIL)) NIL NIL\r\n", b"", None),
            (
                b"* namespace ((\"a\" \"\\\\\" \"X\" (\"y\"))(\"b\" \"/\")) NIL NIL\r\n",
                b"a",
                Some(b'\\'),
            ),
        ] {
            let expected = Personal { prefix: prefix.to_vec(), delimiter };
            assert_eq!(personal_namespace(frame), Some(expected));
        }
        assert_eq!(personal_namespace(b"* NAMESPACE NIL NIL NIL\r\n"), None);
        assert_eq!(personal_namespace(b"* LIST () \"/\" a\r\n"), None);
    }

    #[test]
    fn lists_are_read() {
        let listed = Listed::read(b"* LIST (\\Noselect \\X) \"/\" {3}\r\na b\r\n", "LIST").unwrap();
        assert_eq!(listed.attributes, [b"\\Noselect".to_vec(), b"\\X".to_vec()]);
        assert_eq!((listed.delimiter, listed.name), (Some(b'/'), b"a b".to_vec()));
        assert!(Listed::read(b"* LSUB () \"/\" a\r\n", "LIST").is_none());
    }
}
