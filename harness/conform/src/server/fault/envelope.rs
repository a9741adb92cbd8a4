//! Faults in ENVELOPE.

use imap_grammar::{Address, Envelope, ImapString, MessageAttribute, Response};

use super::{Change, Fault, fetch::items};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "envelope-subject-in-upper-case",
        requirement: "rfc3501/6.4.5-42",
        summary: "changes the case of the subject",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                if let Some(subject) = &mut envelope.subject
                    && let Some(upper) = ImapString::new(subject.as_bytes().to_ascii_uppercase())
                {
                    *subject = upper;
                }
            });
        }),
    },
    Fault {
        name: "envelope-without-sender",
        requirement: "rfc3501/7.4.2-51",
        summary: "says NIL for a Sender that is not in the header",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.sender.clear())
        }),
    },
    Fault {
        name: "envelope-without-reply-to",
        requirement: "rfc3501/7.4.2-51",
        summary: "says NIL for a Reply-To that is not in the header",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.reply_to.clear())
        }),
    },
    Fault {
        name: "envelope-loses-addresses",
        requirement: "rfc3501/6.4.5-42",
        summary: "tells only the first address of To",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.to.truncate(1))
        }),
    },
    Fault {
        name: "envelope-swaps-mailbox-and-host",
        requirement: "rfc3501/7.4.2-43",
        summary: "swaps mailbox and host of addresses",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                for address in &mut envelope.from {
                    std::mem::swap(&mut address.mailbox, &mut address.host);
                }
            });
        }),
    },
    Fault {
        name: "envelope-message-id-without-brackets",
        requirement: "rfc3501/6.4.5-42",
        summary: "takes the angle brackets off Message-ID",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                let bare = envelope.message_id.as_ref().map(|id| {
                    id.as_bytes()
                        .iter()
                        .copied()
                        .filter(|octet| !b"<>".contains(octet))
                        .collect::<Vec<u8>>()
                });
                envelope.message_id = bare.and_then(ImapString::new);
            });
        }),
    },
    Fault {
        name: "envelope-empty-for-absent",
        requirement: "rfc3501/7.4.2-47",
        summary: "gives the empty string for fields that are not in the header",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                for field in [&mut envelope.date, &mut envelope.subject, &mut envelope.in_reply_to]
                {
                    field.get_or_insert(empty());
                }
            });
        }),
    },
    Fault {
        name: "envelope-without-groups",
        requirement: "rfc3501/7.4.2-46",
        summary: "leaves the names of groups out",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                envelope.to.retain(|address| address.host.is_some());
                envelope.cc.retain(|address| address.host.is_some());
            });
        }),
    },
    Fault {
        name: "envelope-names-undisclosed-recipients",
        requirement: "rfc3501/7.4.2-50",
        summary: "tells an empty group where there are no recipients",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                let Envelope { to, cc, bcc, .. } = envelope;
                if to.is_empty() && cc.is_empty() && bcc.is_empty() {
                    let end = Address { name: None, adl: None, mailbox: None, host: None };
                    let group = ImapString::new(&b"undisclosed-recipients"[..]);
                    to.extend([Address { mailbox: group, ..end.clone() }, end]);
                }
            });
        }),
    },
    Fault {
        name: "envelope-group-has-a-host",
        requirement: "rfc3501/7.4.2-44",
        summary: "gives a host name to addresses of group syntax",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                for address in envelope.to.iter_mut().chain(&mut envelope.cc) {
                    address.host.get_or_insert(empty());
                }
            });
        }),
    },
    Fault {
        name: "envelope-loses-copies",
        requirement: "rfc3501/6.4.5-42",
        summary: "leaves Cc out",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.cc.clear());
        }),
    },
    Fault {
        name: "envelope-loses-blind-copies",
        requirement: "rfc3501/6.4.5-42",
        summary: "leaves Bcc out",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.bcc.clear());
        }),
    },
    Fault {
        name: "envelope-loses-in-reply-to",
        requirement: "rfc3501/6.4.5-42",
        summary: "leaves In-Reply-To out",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.in_reply_to = None);
        }),
    },
    Fault {
        name: "envelope-loses-names",
        requirement: "rfc3501/7.4.2-43",
        summary: "leaves the personal names of addresses out",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                for address in envelope.from.iter_mut().chain(&mut envelope.to) {
                    address.name = None;
                }
            });
        }),
    },
    Fault {
        name: "envelope-quotes-names",
        requirement: "rfc3501/9-12",
        summary: "leaves the quotes on personal names",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                for address in envelope.from.iter_mut().chain(&mut envelope.to) {
                    if let Some(name) = &mut address.name {
                        *name = edited(name, |name| [b"\"", name, b"\""].concat());
                    }
                }
            });
        }),
    },
    Fault {
        name: "envelope-sender-is-from",
        requirement: "rfc3501/7.4.2-40",
        summary: "tells the sender as who it is from",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| envelope.from.clone_from(&envelope.sender));
        }),
    },
    Fault {
        name: "envelope-swaps-to-and-cc",
        requirement: "rfc3501/7.4.2-40",
        summary: "swaps To and Cc",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| std::mem::swap(&mut envelope.to, &mut envelope.cc));
        }),
    },
    Fault {
        name: "envelope-date-in-utc",
        requirement: "rfc3501/6.4.5-42",
        summary: "writes the zone of the date anew",
        change: Change::Edit(|_, response| {
            edit_envelope(response, |envelope| {
                if let Some(date) = &mut envelope.date {
                    *date = edited(date, |date| match date.len().checked_sub(5) {
                        Some(zone) => [&date[..zone], b"+0000"].concat(),
                        None => date.to_vec(),
                    });
                }
            });
        }),
    },
    Fault {
        name: "envelope-of-nine",
        requirement: "rfc3501/9-64",
        summary: "leaves Message-ID out of the envelope",
        change: Change::Octets(|_, octets| {
            let text = String::from_utf8_lossy(&octets);
            let end = text.starts_with("* ").then(|| text.rfind(" \"<")).flatten();
            match end.filter(|_| text.contains("ENVELOPE (") && !text.contains('{')) {
                Some(end) => {
                    let after = text[end..].find(">\"").map_or(text.len(), |at| end + at + 2);
                    format!("{}{}", &text[..end], &text[after..]).into_bytes()
                }
                None => octets,
            }
        }),
    },
    Fault {
        name: "envelope-empty-lists",
        requirement: "rfc3501/9-65",
        summary: "writes () for addresses that there are none of",
        change: Change::Octets(|_, octets| {
            let is_envelope = octets.windows(10).any(|at| at == b"ENVELOPE (");
            match octets.windows(9).position(|at| at == b" NIL NIL ").filter(|_| is_envelope) {
                Some(at) => [&octets[..at], b" () NIL ", &octets[at + 9..]].concat(),
                None => octets,
            }
        }),
    },
];

fn edit_envelope(response: &mut Response<'static>, edit: impl Fn(&mut Envelope<'static>)) {
    for item in items(response) {
        if let MessageAttribute::Envelope(envelope) = item {
            edit(envelope);
        }
    }
}

fn empty() -> ImapString<'static> {
    ImapString::new(&b""[..]).expect("there is no NUL in it")
}

/// The string with its octets edited, unless that would put a NUL into it.
fn edited(string: &ImapString<'static>, edit: impl Fn(&[u8]) -> Vec<u8>) -> ImapString<'static> {
    ImapString::new(edit(string.as_bytes())).unwrap_or_else(|| string.clone())
}
