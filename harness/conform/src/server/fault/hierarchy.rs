//! Faults in the names that LIST and LSUB return and in what they say of them.

use imap_grammar::{Atom, ListAttribute, Response, Untagged};

use super::{Change, Fault, untagged};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "list-repeats-names",
        requirement: "rfc3501/6.3.8-01",
        summary: "lists every name twice",
        change: Change::Replace(|_, response| match &response {
            Response::Untagged(Untagged::List(_)) => vec![response.clone(), response],
            _ => vec![response],
        }),
    },
    Fault {
        name: "list-never-has-children",
        requirement: "rfc3501/6.3.8-01",
        summary: "says \\HasNoChildren of every name",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::List(list)) = untagged(response) {
                for attribute in &mut list.attributes {
                    if let ListAttribute::Extension(name) = attribute
                        && name.as_str().eq_ignore_ascii_case("HasChildren")
                        && let Some(none) = Atom::new("HasNoChildren")
                    {
                        *name = none;
                    }
                }
            }
        }),
    },
    Fault {
        name: "lsub-without-parents",
        requirement: "rfc3501/6.3.9-06",
        summary: "leaves the parents that are not subscribed out of LSUB with %",
        change: Change::Drop(|_, response| match response {
            Response::Untagged(Untagged::Lsub(list)) => {
                list.attributes.contains(&ListAttribute::NoSelect)
            }
            _ => false,
        }),
    },
    Fault {
        name: "lsub-parents-can-be-selected",
        requirement: "rfc3501/6.3.9-07",
        summary: "returns the parents that are not subscribed without \\Noselect",
        change: Change::Edit(|_, response| {
            if let Some(Untagged::Lsub(list)) = untagged(response) {
                list.attributes.retain(|attribute| *attribute != ListAttribute::NoSelect);
            }
        }),
    },
];
