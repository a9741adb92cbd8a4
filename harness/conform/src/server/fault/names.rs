//! Faults in the names of mailboxes and what is listed of them.

use imap_grammar::{
    CommandBody, ListAttribute, ListPatterns, Mailbox, MailboxList, Response, Status, Untagged,
};

use super::{Change, Fault, completes, no_to_ok, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "names-in-lower-case",
        requirement: "rfc3501/5.1.3-09",
        summary: "turns names into lower case, their BASE64 included",
        change: Change::Command(|_, body| {
            for mailbox in mailboxes_of(body) {
                let lower = mailbox.as_bytes().to_ascii_lowercase();
                if let (Mailbox::Other(_), Some(name)) = (&mailbox, Mailbox::new(lower)) {
                    *mailbox = name;
                }
            }
        }),
    },
    Fault {
        name: "names-without-specials",
        requirement: "rfc3501/5.1-06",
        summary: "turns special characters of names into others",
        change: Change::Command(|_, body| {
            for mailbox in mailboxes_of(body) {
                let plain: Vec<u8> = mailbox
                    .as_bytes()
                    .iter()
                    .map(|octet| if b" +(){]#~!,".contains(octet) { b'_' } else { *octet })
                    .collect();
                if let (Mailbox::Other(_), Some(name)) = (&mailbox, Mailbox::new(plain)) {
                    *mailbox = name;
                }
            }
        }),
    },
    Fault {
        name: "create-takes-any-utf-7",
        requirement: "rfc3501/5.1.3-10",
        summary: "creates names that are not in modified UTF-7",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| match body {
                CommandBody::Create { mailbox, .. } => mailbox.as_bytes().contains(&b'&'),
                _ => false,
            });
        }),
    },
    Fault {
        name: "lists-8-bit-names",
        requirement: "rfc3501/5.1-02",
        summary: "returns names with 8-bit characters",
        change: Change::Replace(|exchange, mut response| {
            let prefix = exchange.oldest(|body| matches!(body, CommandBody::List { .. }));
            let name = match prefix {
                Some(CommandBody::List { patterns: ListPatterns::Single(pattern), .. }) => pattern
                    .as_bytes()
                    .strip_suffix(b"*")
                    .filter(|prefix| !prefix.is_empty())
                    .and_then(|prefix| Mailbox::new([prefix, b"\xE4"].concat())),
                _ => None,
            };
            let lists = |body: &CommandBody<'_>| matches!(body, CommandBody::List { .. });
            let over = completes(exchange, &mut response, lists).is_some();
            let list = name.filter(|_| over).map(|mailbox| {
                Response::Untagged(Untagged::List(MailboxList {
                    attributes: Vec::new(),
                    delimiter: Some(b'/'),
                    mailbox,
                    extended: Vec::new(),
                }))
            });
            list.into_iter().chain([response]).collect()
        }),
    },
    Fault {
        name: "list-noinferiors",
        requirement: "rfc3501/7.2.2-03",
        summary: "says of every name that it has no inferiors",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response) {
                list.attributes
                    .retain(|attribute| !matches!(attribute, ListAttribute::Extension(_)));
                list.attributes.push(ListAttribute::NoInferiors);
            }
        }),
    },
    Fault {
        name: "list-unmarked",
        requirement: "rfc3501/7.2.2-06",
        summary: "says of every mailbox that nothing was added to it",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response) {
                list.attributes.retain(|attribute| *attribute != ListAttribute::NoSelect);
                list.attributes.push(ListAttribute::Unmarked);
            }
        }),
    },
    Fault {
        name: "status-takes-patterns",
        requirement: "rfc3501/5.1-07",
        summary: "takes % and * in the name of STATUS for wildcards",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| match body {
                CommandBody::Status { mailbox, .. } => {
                    mailbox.as_bytes().iter().any(|octet| b"%*".contains(octet))
                }
                _ => false,
            });
        }),
    },
    Fault {
        name: "lsub-stops-at-one",
        requirement: "rfc3501/7.2.3-02",
        summary: "returns one name alone in LSUB",
        change: Change::Replace(|exchange, response| match &response {
            Response::Untagged(Untagged::Lsub(_)) if exchange.held.is_empty() => {
                exchange.held.push(response.clone());
                vec![response]
            }
            Response::Untagged(Untagged::Lsub(_)) => Vec::new(),
            Response::Tagged(_) => {
                exchange.held.clear();
                vec![response]
            }
            _ => vec![response],
        }),
    },
    Fault {
        name: "reference-must-end-in-a-delimiter",
        requirement: "rfc3501/7.2.2-11",
        summary: "says NO to LIST and LSUB with a name of its own as reference",
        change: Change::Edit(|exchange, response| {
            let refers = |body: &CommandBody<'_>| match body {
                CommandBody::List { reference, .. } | CommandBody::Lsub { reference, .. } => {
                    reference.as_bytes().last().is_some_and(|last| *last != b'/')
                }
                _ => false,
            };
            if let Some(tagged) = completes(exchange, response, refers) {
                tagged.status = Status::No;
            }
        }),
    },
];

/// The mailboxes that a command names, patterns and references aside.
fn mailboxes_of<'b>(body: &'b mut CommandBody<'static>) -> Vec<&'b mut Mailbox<'static>> {
    match body {
        CommandBody::Create { mailbox, .. }
        | CommandBody::Select { mailbox, .. }
        | CommandBody::Examine { mailbox, .. }
        | CommandBody::Status { mailbox, .. }
        | CommandBody::Append { mailbox, .. }
        | CommandBody::Copy { mailbox, .. }
        | CommandBody::Delete(mailbox)
        | CommandBody::Subscribe(mailbox)
        | CommandBody::Unsubscribe(mailbox) => vec![mailbox],
        CommandBody::Rename { from, to } => vec![from, to],
        _ => Vec::new(),
    }
}
