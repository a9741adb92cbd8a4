//! Which tags have been sent: no other can come back.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Piece, Send, Spanned, Token, diagnostic::Problem};
use crate::nearest::nearest;

/// What each session has sent so far.
#[derive(Default)]
pub(super) struct Tags {
    sessions: BTreeMap<String, Session>,
}

#[derive(Default)]
struct Session {
    /// What its lines begin with.
    tags: BTreeSet<String>,
    /// What `send` has sent, which may be cut anywhere.
    raw: Vec<u8>,
    /// Whether a line begins with a value that is not known yet.
    any: bool,
}

impl Tags {
    /// A `C:` line is sent.
    pub(super) fn line(&mut self, send: &Send) {
        let session = self.sessions.entry(send.session.clone()).or_default();
        match send.pieces.first() {
            Some(Piece::Octets(octets)) => {
                let word = octets.split(|&octet| octet == b' ').next().unwrap_or_default();
                session.tags.insert(String::from_utf8_lossy(word).into_owned());
            }
            _ => session.any = true,
        }
    }

    /// Octets are sent as they are.
    pub(super) fn raw(&mut self, send: &Send) {
        let session = self.sessions.entry(send.session.clone()).or_default();
        for piece in &send.pieces {
            match piece {
                Piece::Octets(octets) => session.raw.extend_from_slice(octets),
                _ => session.any = true,
            }
        }
    }

    /// Checks that a tagged response answers something.
    pub(super) fn check(&self, session: &str, tokens: &[Spanned<Token>]) -> Result<(), Problem> {
        let Some(Spanned { value: Token::Word(tag), span }) = tokens.first() else {
            return Ok(());
        };
        let sent = self.sessions.get(session);
        let known = sent.is_some_and(|sent| {
            sent.any
                || sent.tags.contains(tag)
                || sent.raw.windows(tag.len()).any(|window| window == tag.as_bytes())
        });
        if known || tag == "*" || tag == "+" {
            return Ok(());
        }
        let problem = Problem::new(span.clone(), format!("no command has the tag `{tag}`"))
            .label("never sent in this session")
            .consequence();
        let tags = sent.into_iter().flat_map(|sent| sent.tags.iter().map(String::as_str));
        Err(match nearest(tag, tags) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("a response without a tag begins with `*` or `+`"),
        })
    }
}
