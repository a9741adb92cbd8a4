//! Names of mailboxes, their hierarchy, and what LIST tells of them.

use imap_grammar::{
    Atom, CommandBody, ImapString, ListAttribute, ListPatterns, Mailbox, MailboxList, Namespace,
    Response, Untagged,
};

use super::{Means, Variation};
use crate::server::tampering::{Change, untagged};

pub(super) const VARIATIONS: &[Variation] = &[
    Variation {
        name: "delimiter-dot",
        section: "rfc3501/5.1.1",
        sentence: "using a single character to separate levels of hierarchy.",
        summary: "separates levels of hierarchy with a dot",
        means: Means::Traffic(Change::Both {
            command: |_, body| command_names(body, |name| swap(name, b'/', b'.')),
            response: |_, response| {
                response_names(response, |name| swap(name, b'/', b'.'), |_| Some(b'.'));
            },
        }),
    },
    Variation {
        name: "delimiter-backslash",
        section: "rfc3501/9",
        sentence: "mailbox-list = \"(\" [mbx-list-flags] \")\" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) \
                   SP mailbox",
        summary: "separates levels of hierarchy with a backslash",
        means: Means::Traffic(Change::Both {
            command: |_, body| command_names(body, |name| swap(name, b'/', b'\\')),
            response: |_, response| {
                response_names(response, |name| swap(name, b'/', b'\\'), |_| Some(b'\\'));
            },
        }),
    },
    Variation {
        name: "no-hierarchy",
        section: "rfc3501/7.2.2",
        sentence: "A NIL hierarchy delimiter means that no hierarchy exists; the name is a \
                   \"flat\" name.",
        summary: "has no hierarchy, and a solidus is a character as any other",
        means: Means::Traffic(Change::Both {
            command: |_, body| command_names(body, |name| swap(name, b'/', b'|')),
            response: |_, response| {
                response_names(response, |name| swap(name, b'/', b'|'), |_| None);
                without_children(response);
            },
        }),
    },
    Variation {
        name: "names-below-inbox",
        section: "rfc2342/5",
        sentence: "with a leading prefix of INBOX to personal mailboxes and a hierarchy delimiter of \".\"",
        summary: "has all mailboxes below INBOX, with a dot between",
        means: Means::Configuration(|configuration| {
            configuration.delimiter = Some(b'.');
            configuration.personal_prefix = "INBOX.".to_owned();
        }),
    },
    Variation {
        name: "names-coerced-to-lower-case",
        section: "rfc3501/5.1",
        sentence: "yet others coerce names to a particular case",
        summary: "makes lower case of the names of mailboxes",
        means: Means::Traffic(Change::Command(|_, body| command_names(body, lower_case))),
    },
    Variation {
        name: "more-namespaces",
        section: "rfc2342/5",
        sentence: "circumstances exist where there MAY be multiples of these",
        summary: "has a second personal namespace, and such of others",
        means: Means::Traffic(Change::Edit(|_, response| {
            let namespace = |prefix: &'static [u8], delimiter| {
                let prefix = ImapString::new(prefix);
                prefix.map(|prefix| Namespace { prefix, delimiter, extensions: Vec::new() })
            };
            if let Some(Untagged::Namespace(namespaces)) = untagged(response) {
                namespaces.personal.extend(namespace(b"#mh/", Some(b'/')));
                namespaces.other_users.extend(namespace(b"~", Some(b'.')));
                namespaces.shared.extend(namespace(b"#news.", Some(b'.')));
                namespaces.shared.extend(namespace(b"#flat", None));
            }
        })),
    },
    Variation {
        name: "marked",
        section: "rfc3501/7.2.2",
        sentence: "The mailbox has been marked \"interesting\" by the server",
        summary: "marks every mailbox that can be selected",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response) {
                mark(list);
            }
        })),
    },
    Variation {
        name: "subscriptions-with-attributes",
        section: "rfc3501/7.2.3",
        sentence: "The data is identical in format to the LIST response.",
        summary: "tells attributes with LSUB, too",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::Lsub(list)) = untagged(response) {
                mark(list);
            }
        })),
    },
    Variation {
        name: "no-child-attributes",
        section: "rfc3348/3",
        sentence: "a server MAY exclude both the \\HasChildren and \\HasNoChildren attributes in the LIST response.",
        summary: "does not tell which mailboxes have children",
        means: Means::Traffic(Change::Edit(|_, response| without_children(response))),
    },
    Variation {
        name: "inbox-without-inferiors",
        section: "rfc3501/7.2.2",
        sentence: "It is not possible for any child levels of hierarchy to exist under this name",
        summary: "says that INBOX can have no children, and needs no delimiter",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response)
                && list.mailbox == Mailbox::Inbox
            {
                list.attributes.retain(|attribute| !is_about_children(attribute));
                list.attributes.push(ListAttribute::NoInferiors);
                list.delimiter = None;
            }
        })),
    },
    Variation {
        name: "no-inbox",
        section: "rfc3501/6.3.8",
        sentence: "if INBOX is supported by this server for this user",
        summary: "has no INBOX",
        means: Means::Configuration(|configuration| configuration.inbox = false),
    },
    Variation {
        name: "subscribes-on-create",
        section: "rfc9051/6.3.4",
        sentence: "If the server automatically subscribes a mailbox when it is created",
        summary: "subscribes who makes a mailbox to it",
        means: Means::Configuration(|configuration| configuration.subscribes_on_create = true),
    },
    Variation {
        name: "children-hinted",
        section: "rfc3348/3",
        sentence: "a mailbox MAY be flagged with the \\HasChildren attribute, but no child mailboxes \
                   will appear in a subsequent LIST response.",
        summary: "says of every mailbox that it has children",
        means: Means::Traffic(Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response)
                && list.attributes.iter().any(is_about_children)
                && let Some(hint) = Atom::new("HasChildren")
            {
                list.attributes.retain(|attribute| !is_about_children(attribute));
                list.attributes.push(ListAttribute::Extension(hint));
            }
        })),
    },
];

/// Changes every name of a mailbox in a command, and every pattern.
pub(super) fn command_names(body: &mut CommandBody<'static>, change: impl Fn(&mut Vec<u8>)) {
    let name = |mailbox: &mut Mailbox<'static>| change_mailbox(mailbox, &change);
    let pattern = |pattern: &mut ImapString<'static>| change_string(pattern, &change);
    match body {
        CommandBody::Select { mailbox, .. }
        | CommandBody::Examine { mailbox, .. }
        | CommandBody::Create { mailbox, .. }
        | CommandBody::Delete(mailbox)
        | CommandBody::Subscribe(mailbox)
        | CommandBody::Unsubscribe(mailbox)
        | CommandBody::Status { mailbox, .. }
        | CommandBody::Append { mailbox, .. }
        | CommandBody::Copy { mailbox, .. }
        | CommandBody::Move { mailbox, .. } => name(mailbox),
        CommandBody::Rename { from, to } => {
            name(from);
            name(to);
        }
        CommandBody::List { reference, patterns, .. } => {
            name(reference);
            match patterns {
                ListPatterns::Single(single) => pattern(single),
                ListPatterns::Several(several) => several.iter_mut().for_each(pattern),
            }
        }
        CommandBody::Lsub { reference, pattern: wanted } => {
            name(reference);
            pattern(wanted);
        }
        _ => {}
    }
}

/// Changes every name of a mailbox in a response, and every delimiter that there is.
fn response_names(
    response: &mut Response<'static>,
    change: impl Fn(&mut Vec<u8>),
    delimiter: impl Fn(u8) -> Option<u8>,
) {
    match untagged(response) {
        Some(Untagged::List(list) | Untagged::Lsub(list)) => {
            change_mailbox(&mut list.mailbox, &change);
            list.delimiter = list.delimiter.and_then(delimiter);
        }
        Some(Untagged::MailboxStatus { mailbox, .. }) => change_mailbox(mailbox, &change),
        Some(Untagged::Namespace(namespaces)) => {
            let kinds =
                [&mut namespaces.personal, &mut namespaces.other_users, &mut namespaces.shared];
            for namespace in kinds.into_iter().flatten() {
                change_string(&mut namespace.prefix, &change);
                namespace.delimiter = namespace.delimiter.and_then(&delimiter);
            }
        }
        _ => {}
    }
}

fn change_mailbox(mailbox: &mut Mailbox<'static>, change: impl Fn(&mut Vec<u8>)) {
    if let Mailbox::Other(name) = mailbox {
        change_string(name, change);
        *mailbox = Mailbox::from(name.clone());
    }
}

fn change_string(string: &mut ImapString<'static>, change: impl Fn(&mut Vec<u8>)) {
    let mut octets = string.as_bytes().to_vec();
    change(&mut octets);
    if let Some(changed) = ImapString::new(octets) {
        *string = changed;
    }
}

/// Each of two octets in the place of the other.
fn swap(name: &mut [u8], one: u8, other: u8) {
    for octet in name {
        if *octet == one {
            *octet = other;
        } else if *octet == other {
            *octet = one;
        }
    }
}

/// Lower case, but for the modified base64, which has a case of its own (RFC 3501 §5.1.3).
fn lower_case(name: &mut Vec<u8>) {
    let mut shifted = false;
    for octet in name {
        match octet {
            b'&' => shifted = true,
            b'-' => shifted = false,
            octet if !shifted => octet.make_ascii_lowercase(),
            _ => {}
        }
    }
}

/// Marks a mailbox of which nothing is said that goes against it.
fn mark(list: &mut MailboxList<'static>) {
    let speaks_of_selection = list.attributes.iter().any(|attribute| {
        let names = ["Noselect", "NonExistent", "Marked", "Unmarked"];
        names.iter().any(|name| attribute.name().eq_ignore_ascii_case(name))
    });
    if !speaks_of_selection {
        list.attributes.push(ListAttribute::Marked);
    }
}

fn without_children(response: &mut Response<'static>) {
    if let Some(Untagged::List(list) | Untagged::Lsub(list)) = untagged(response) {
        list.attributes.retain(|attribute| !is_about_children(attribute));
    }
}

fn is_about_children(attribute: &ListAttribute<'_>) -> bool {
    ["HasChildren", "HasNoChildren"].iter().any(|name| attribute.name().eq_ignore_ascii_case(name))
}
