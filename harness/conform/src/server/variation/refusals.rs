//! What a server may refuse, or leave undone.

use imap_grammar::{CommandBody, Flag, FlagPerm, ImapString, Mailbox, Untagged};

use super::{Means, Variation, permanent_flags};
use crate::server::tampering::{Change, untagged};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "keywords-refused",
        section: "rfc3501/7.1",
        sentence: "the server will either ignore the change or store the state change for the \
                   remainder of the current session only",
        summary: "keeps no keywords and says NO to who wants to set one",
        means: Means::Configuration(|configuration| configuration.keyword_limit = 0),
    },
    Variation {
        name: "keywords-ignored",
        section: "rfc3501/7.1",
        sentence: "the server will either ignore the change or store the state change for the \
                   remainder of the current session only",
        summary: "keeps no keywords and ignores who wants to set one",
        means: Means::Traffic(Change::Both {
            command: |_, body| {
                let is_kept = |flag: &Flag<'_>| !matches!(flag, Flag::Keyword(_));
                match body {
                    CommandBody::Store { flags, .. }
                    | CommandBody::Append { flags: Some(flags), .. } => flags.retain(is_kept),
                    _ => {}
                }
            },
            response: |_, response| {
                if let Some(flags) = permanent_flags(response) {
                    flags.retain(|flag| *flag != FlagPerm::Any);
                }
            },
        }),
    },
    Variation {
        name: "few-system-flags-kept",
        section: "rfc3501/7.1",
        sentence: "the server will either ignore the change or store the state change for the \
                   remainder of the current session only",
        summary: "keeps of the system flags only \\Deleted and \\Seen and ignores who wants to set another",
        means: Means::Traffic(Change::Both {
            command: |_, body| match body {
                CommandBody::Store { flags, .. }
                | CommandBody::Append { flags: Some(flags), .. } => flags.retain(is_always_kept),
                _ => {}
            },
            response: |_, response| {
                if let Some(flags) = permanent_flags(response) {
                    flags.retain(|flag| match flag {
                        FlagPerm::Flag(flag) => is_always_kept(flag),
                        FlagPerm::Any => true,
                    });
                }
            },
        }),
    },
    Variation {
        name: "keywords-defined",
        section: "rfc3501/7.2.6",
        sentence: "Flags other than the system flags can also exist, depending on server \
                   implementation.",
        summary: "knows keywords that no message has",
        means: Means::Traffic(Change::Edit(|_, response| {
            let more = ["$Forwarded", "$MDNSent", "NonJunk"].into_iter().filter_map(Flag::new);
            if let Some(Untagged::Flags(flags)) = untagged(response) {
                flags.extend(more.clone());
            }
            // What is opened to read has none.
            if let Some(flags) = permanent_flags(response).filter(|flags| !flags.is_empty()) {
                flags.extend(more.map(FlagPerm::Flag));
            }
        })),
    },
    Variation {
        name: "search-in-us-ascii-only",
        section: "rfc3501/6.4.4",
        sentence: "US-ASCII MUST be supported; other [CHARSET]s MAY be supported.",
        summary: "refuses to search in any charset but US-ASCII",
        means: Means::Traffic(Change::Command(|_, body| {
            if let CommandBody::Search { charset: Some(charset), .. } = body
                && !charset.eq_ignore_ascii_case("US-ASCII")
                && let Some(unknown) = ImapString::new(b"X-NONE")
            {
                *charset = unknown;
            }
        })),
    },
    Variation {
        name: "plain-names-only",
        section: "rfc3501/6.3.3",
        sentence: "NO - create failure: can't create mailbox with that name",
        summary: "makes no mailboxes whose names have other characters than letters, digits, \
                  delimiters and -",
        means: Means::Traffic(Change::Command(|_, body| {
            let is_plain = |octet: &u8| octet.is_ascii_alphanumeric() || b"/-".contains(octet);
            // Nobody can make INBOX, or give another mailbox that name.
            match body {
                CommandBody::Create { mailbox: name, .. }
                | CommandBody::Rename { to: name, .. }
                    if !name.as_bytes().iter().all(is_plain) =>
                {
                    *name = Mailbox::Inbox;
                }
                _ => {}
            }
        })),
    },
];

fn is_always_kept(flag: &Flag<'_>) -> bool {
    !matches!(flag, Flag::Answered | Flag::Flagged | Flag::Draft)
}
