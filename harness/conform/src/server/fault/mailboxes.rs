//! Faults in how mailboxes are made, named, removed and subscribed to.

use imap_grammar::{
    Code, CommandBody, ListAttribute, Mailbox, Response, Rfc5530Code, Status, Tagged, Untagged,
};
use imap_model::Lapse;

use super::{Change, Fault, no_to_ok, ok_to_no, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "create-existing-is-ok",
        requirement: "rfc3501/6.3.3-04",
        summary: "says OK to the CREATE of a mailbox that is there",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, creates)),
    },
    Fault {
        name: "create-does-nothing",
        requirement: "rfc3501/6.3.3-02",
        summary: "says OK to CREATE and makes no mailbox",
        change: Change::Command(|_, body| nothing_instead(body, creates)),
    },
    Fault {
        name: "delete-missing-is-ok",
        requirement: "rfc3501/6.3.4-04",
        summary: "says OK to the DELETE of a mailbox that is not there",
        change: Change::Edit(|exchange, response| no_to_ok(exchange, response, deletes)),
    },
    Fault {
        name: "delete-does-nothing",
        requirement: "rfc3501/6.3.4-01",
        summary: "says OK to DELETE and keeps the mailbox",
        change: Change::Command(|_, body| nothing_instead(body, deletes)),
    },
    Fault {
        name: "rename-does-nothing",
        requirement: "rfc3501/6.3.5-01",
        summary: "says OK to RENAME and keeps the name",
        change: Change::Command(|_, body| nothing_instead(body, renames)),
    },
    Fault {
        name: "rename-is-create",
        requirement: "rfc3501/6.3.5-01",
        summary: "makes an empty mailbox of the new name and keeps the old one",
        change: Change::Command(|_, body| {
            if let CommandBody::Rename { to, .. } = body.clone() {
                *body = CommandBody::Create { mailbox: to, special_use: Vec::new() };
            }
        }),
    },
    Fault {
        name: "subscribe-does-nothing",
        requirement: "rfc3501/6.3.6-02",
        summary: "says OK to SUBSCRIBE and forgets it",
        change: Change::Command(|_, body| {
            nothing_instead(body, |body| matches!(body, CommandBody::Subscribe(_)));
        }),
    },
    Fault {
        name: "unsubscribe-does-nothing",
        requirement: "rfc3501/6.3.7-01",
        summary: "says OK to UNSUBSCRIBE and forgets it",
        change: Change::Command(|_, body| {
            nothing_instead(body, |body| matches!(body, CommandBody::Unsubscribe(_)));
        }),
    },
    Fault {
        name: "rename-missing-is-ok",
        requirement: "rfc3501/6.3.5-03",
        summary: "says OK to the RENAME of a mailbox that is not there",
        change: Change::Edit(|exchange, response| {
            if has_code(response, Rfc5530Code::Nonexistent) {
                no_to_ok(exchange, response, renames);
            }
        }),
    },
    Fault {
        name: "rename-to-existing-is-ok",
        requirement: "rfc3501/6.3.5-04",
        summary: "says OK to a RENAME to a name that is taken",
        change: Change::Edit(|exchange, response| {
            if has_code(response, Rfc5530Code::AlreadyExists) {
                no_to_ok(exchange, response, renames);
            }
        }),
    },
    Fault {
        name: "rename-of-inbox-is-no",
        requirement: "rfc3501/6.3.5-11",
        summary: "does not rename INBOX",
        change: Change::Edit(|exchange, response| {
            ok_to_no(exchange, response, |body| {
                matches!(body, CommandBody::Rename { from: Mailbox::Inbox, .. })
            });
        }),
    },
    Fault {
        name: "rename-leaves-inferior-names",
        requirement: "rfc3501/6.3.5-07",
        summary: "loses the names below a mailbox that it renames",
        change: Change::Edit(|exchange, response| {
            let moved = |mailbox: &Mailbox<'_>| {
                exchange.ended(
                    Status::Ok,
                    |body| matches!(body, CommandBody::Rename { to, .. } if is_below(to, mailbox)),
                )
            };
            let is_asked = exchange.during(
                |body| matches!(body, CommandBody::Status { mailbox, .. } if moved(mailbox)),
            );
            if is_asked {
                ok_to_no(exchange, response, |_| true);
            }
        }),
    },
    Fault {
        name: "rename-forgets-flags",
        requirement: "rfc3501/6.3.5-01",
        summary: "takes the flags off the messages of a mailbox that it renames",
        change: Change::Lapse(Lapse::RenameForgetsFlags),
    },
    Fault {
        name: "rename-unsubscribes",
        requirement: "rfc3501/6.3.6-05",
        summary: "takes the old name of a mailbox that it renames out of the subscriptions",
        change: Change::Lapse(Lapse::RenameUnsubscribes),
    },
    Fault {
        name: "create-inbox-is-ok",
        requirement: "rfc3501/6.3.3-03",
        summary: "says OK to the CREATE of INBOX",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| {
                matches!(body, CommandBody::Create { mailbox: Mailbox::Inbox, .. })
            });
        }),
    },
    Fault {
        name: "create-with-delimiter-is-no",
        requirement: "rfc3501/6.3.3-08",
        summary: "does not create a name that ends with the hierarchy delimiter",
        change: Change::Edit(|exchange, response| {
            ok_to_no(exchange, response, |body| {
                matches!(body, CommandBody::Create { mailbox, .. }
                    if mailbox.as_bytes().ends_with(b"/"))
            });
        }),
    },
    Fault {
        name: "create-keeps-delimiter",
        requirement: "rfc3501/6.3.3-09",
        summary: "keeps the hierarchy delimiter at the end of a name that it creates",
        change: Change::Edit(|exchange, response| {
            if let Some(Untagged::List(list)) = untagged(response)
                && let Some(with) = Mailbox::new([list.mailbox.as_bytes(), b"/"].concat())
                && exchange.ended(
                    Status::Ok,
                    |body| matches!(body, CommandBody::Create { mailbox, .. } if *mailbox == with),
                )
            {
                list.mailbox = with;
            }
        }),
    },
    Fault {
        name: "create-makes-no-levels",
        requirement: "rfc3501/6.3.3-10",
        summary: "lists no superior name of a mailbox that it creates",
        change: Change::Drop(|exchange, response| {
            let Response::Untagged(Untagged::List(list)) = response else { return false };
            let is_made = |body: &CommandBody<'_>| matches!(body, CommandBody::Create { mailbox, .. } if *mailbox == list.mailbox);
            !exchange.ended(Status::Ok, is_made)
                && exchange.ended(Status::Ok, |body| {
                    matches!(body, CommandBody::Create { mailbox, .. }
                        if is_below(&list.mailbox, mailbox))
                })
        }),
    },
    Fault {
        name: "delete-inbox-is-ok",
        requirement: "rfc3501/6.3.4-03",
        summary: "says OK to the DELETE of INBOX",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| {
                matches!(body, CommandBody::Delete(Mailbox::Inbox))
            });
        }),
    },
    Fault {
        name: "delete-removes-inferior-names",
        requirement: "rfc3501/6.3.4-06",
        summary: "removes the names below a mailbox that it deletes",
        change: Change::Edit(|exchange, response| {
            let removed = |mailbox: &Mailbox<'_>| {
                exchange.ended(Status::Ok, |body| {
                    matches!(body, CommandBody::Delete(deleted) if is_below(deleted, mailbox))
                })
            };
            let is_asked = exchange.during(
                |body| matches!(body, CommandBody::Status { mailbox, .. } if removed(mailbox)),
            );
            if is_asked {
                ok_to_no(exchange, response, |_| true);
            }
        }),
    },
    Fault {
        name: "deleted-parent-can-be-selected",
        requirement: "rfc3501/6.3.4-10",
        summary: "lists a deleted mailbox with names below it as one that can be selected",
        change: Change::Edit(|exchange, response| {
            if let Some(Untagged::List(list)) = untagged(response) {
                let is_deleted = exchange.ended(
                    Status::Ok,
                    |body| matches!(body, CommandBody::Delete(deleted) if *deleted == list.mailbox),
                );
                list.attributes
                    .retain(|attribute| !is_deleted || *attribute != ListAttribute::NoSelect);
            }
        }),
    },
    Fault {
        name: "subscribe-is-no",
        requirement: "rfc3501/6.3.6-01",
        summary: "says NO to SUBSCRIBE",
        change: Change::Edit(|exchange, response| {
            ok_to_no(exchange, response, |body| matches!(body, CommandBody::Subscribe(_)));
        }),
    },
    Fault {
        name: "names-in-plain-utf-7",
        requirement: "rfc3501/5.1.3-08",
        summary: "lists names in UTF-7 that is not modified",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list) | Untagged::Lsub(list)) = untagged(response) {
                let plain = |&octet: &u8| if octet == b'&' { b'+' } else { octet };
                let name: Vec<u8> = list.mailbox.as_bytes().iter().map(plain).collect();
                if let Some(name) = Mailbox::new(name) {
                    list.mailbox = name;
                }
            }
        }),
    },
];

fn creates(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Create { .. })
}

fn deletes(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Delete(_))
}

fn renames(body: &CommandBody<'_>) -> bool {
    matches!(body, CommandBody::Rename { .. })
}

/// A command that the server forgets, and says OK to.
fn nothing_instead(body: &mut CommandBody<'static>, kind: fn(&CommandBody<'_>) -> bool) {
    if kind(body) {
        *body = CommandBody::Noop;
    }
}

/// Whether the name lies below the other one in the hierarchy.
fn is_below(superior: &Mailbox<'_>, name: &Mailbox<'_>) -> bool {
    let rest = name.as_bytes().strip_prefix(superior.as_bytes());
    rest.is_some_and(|rest| rest.starts_with(b"/"))
}

fn has_code(response: &Response<'_>, code: Rfc5530Code) -> bool {
    matches!(response, Response::Tagged(Tagged { text, .. })
        if text.code == Some(Code::Rfc5530(code)))
}
