//! The differences that were looked into.

use imap_grammar::{
    Code, CommandBody, DateTime, ListAttribute, MessageAttribute, RespText, Response, Untagged,
};

use super::{Legal, Peer};

/// What a peer takes although a production forbids it.
pub(super) struct Accepts {
    pub(super) peer: Peer,
    /// The productions that forbid it, by which we refuse it.
    pub(super) productions: &'static [&'static str],
}

/// What a peer refuses although it is legal.
pub(super) struct Refuses {
    pub(super) peer: Peer,
    pub(super) message: fn(&Legal<'_>) -> bool,
}

pub(super) const ACCEPTS: &[Accepts] = &[
    // capability-data has IMAP4rev1 in it.
    Accepts { peer: Peer::Codec, productions: &["capability-data"] },
    // nz-number begins with digit-nz.
    Accepts { peer: Peer::Codec, productions: &["nz-number"] },
    // An initial response of no octets is `=` (RFC 4959 §3).
    Accepts { peer: Peer::Codec, productions: &["authenticate"] },
    // TEXT has its number of lines, MESSAGE/RFC822 its envelope and body.
    Accepts {
        peer: Peer::Codec,
        productions: &["body-type-text", "body-type-msg", "body-fld-lines"],
    },
    // A modification sequence has 63 bits, and zero is one digit.
    Accepts { peer: Peer::Codec, productions: &["mod-sequence-value", "mod-sequence-valzer"] },
    // No `*` stands in known-uids and what is like it.
    Accepts {
        peer: Peer::Codec,
        productions: &["known-uids", "known-sequence-set", "known-uid-set", "uid-set"],
    },
    // VANISHED stands only beside CHANGEDSINCE, and in UID FETCH.
    Accepts { peer: Peer::Codec, productions: &["rexpunges-fetch-mod"] },
    // flag-list has no \\Recent.
    Accepts { peer: Peer::Codec, productions: &["flag"] },
    // At most one of \\Noselect, \\Marked and \\Unmarked.
    Accepts { peer: Peer::Codec, productions: &["mbx-list-flags"] },
    // A zone has minutes below 60.
    Accepts { peer: Peer::Codec, productions: &["zone"] },
    // STATUS and FETCH ask for one thing at least.
    Accepts { peer: Peer::Codec, productions: &["status-att", "fetch-att"] },
    // An unknown code is of TEXT-CHARs, which are 7-bit and not NUL. Where the code is none, the
    // line ends there or goes on as text does not.
    Accepts {
        peer: Peer::Codec,
        productions: &["continue-req", "response-data", "response-tagged", "greeting", "text"],
    },
    // Commands of extensions that we do not have.
    Accepts { peer: Peer::Codec, productions: &["command", "uid", "search-key"] },
    // It is lenient by design: what it does not know of FETCH it skips to the next parenthesis, it
    // takes 8-bit text, and looks at no date.
    Accepts {
        peer: Peer::Proto,
        productions: &[
            "astring",
            "atom",
            "body",
            "body-ext-1part",
            "body-ext-mpart",
            "body-extension",
            "body-fields",
            "body-fld-dsp",
            "body-fld-lang",
            "body-fld-lines",
            "body-fld-param",
            "body-type-basic",
            "body-type-msg",
            "body-type-text",
            "body-type-mpart",
            "capability-data",
            "continue-req",
            "date",
            "date-day-fixed",
            "date-month",
            "date-time",
            "date-year",
            "address",
            "env-bcc",
            "env-cc",
            "env-from",
            "env-reply-to",
            "env-sender",
            "env-to",
            "envelope",
            "fetch-mod-resp",
            "flag",
            "flag-list",
            "header-list",
            "id",
            "id_params_list",
            "known-uids",
            "literal",
            "mailbox-data",
            "mailbox-list",
            "mbox-list-extended",
            "mbx-list-flags",
            "mbx-list-oflag",
            "media-message",
            "mod-sequence-value",
            "mod-sequence-valzer",
            "msg-att",
            "msg-att-dynamic",
            "msg-att-static",
            "nstring",
            "number",
            "nz-number",
            "quoted",
            "resp-cond-bye",
            "resp-text",
            "resp-text-code",
            "resp-cond-state",
            "response-data",
            "response-tagged",
            "section",
            "section-msgtext",
            "section-text",
            "status-att",
            "status-att-list",
            "string",
            "tag",
            "text",
            "time",
            "zone",
        ],
    },
];

pub(super) const REFUSES: &[Refuses] = &[
    // x-command
    Refuses {
        peer: Peer::Codec,
        message: |legal| matches!(body(legal), Some(CommandBody::Experimental { .. })),
    },
    // Extensions that it does not have: CREATE-SPECIAL-USE, LIST-EXTENDED's options, ESEARCH.
    Refuses {
        peer: Peer::Codec,
        message: |legal| match body(legal) {
            Some(CommandBody::Create { special_use, .. }) => !special_use.is_empty(),
            Some(CommandBody::List { .. }) => true,
            // A charset is an astring: a literal of any octets, too.
            Some(CommandBody::Search { returns, charset, .. }) => {
                returns.is_some()
                    || charset.as_ref().is_some_and(|name| !name.as_bytes().is_ascii())
            }
            _ => false,
        },
    },
    Refuses {
        peer: Peer::Codec,
        message: |legal| {
            matches!(untagged(legal), Some(Untagged::ESearch(_))) || has_extended_data(legal)
        },
    },
    // zone is four digits, of any hour; time has a second 60.
    Refuses { peer: Peer::Codec, message: |legal| dates(legal).any(is_unusual) },
    // base64-terminal ends in any base64-char, also where bits of it stand for nothing.
    Refuses {
        peer: Peer::Codec,
        message: |legal| match body(legal) {
            Some(CommandBody::Authenticate { initial_response: Some(octets), .. }) => {
                octets.len() % 3 != 0
            }
            _ => false,
        },
    },
    // Where resp-text begins with `[` and no code, it is text. A code may be unknown.
    Refuses { peer: Peer::Codec, message: begins_with_bracket },
    // Extensions that it does not have.
    Refuses {
        peer: Peer::Proto,
        message: |legal| {
            let unknown = matches!(
                untagged(legal),
                Some(
                    Untagged::ESearch(_)
                        | Untagged::Namespace(_)
                        | Untagged::Id(_)
                        | Untagged::Enabled(_)
                        | Untagged::Vanished(_)
                        | Untagged::Search { mod_seq: Some(_), .. }
                )
            );
            unknown || has_extended_data(legal)
        },
    },
    // It has no BODY without a section, and finds the end of what it does not know by parentheses.
    Refuses {
        peer: Peer::Proto,
        message: |legal| matches!(untagged(legal), Some(Untagged::Fetch { .. })),
    },
    Refuses { peer: Peer::Proto, message: begins_with_bracket },
    // An attribute that only begins with a known name is another.
    Refuses { peer: Peer::Proto, message: has_other_attribute },
    // And so is a capability.
    Refuses { peer: Peer::Proto, message: has_other_capability },
];

fn body<'l>(legal: &'l Legal<'_>) -> Option<&'l CommandBody<'l>> {
    match legal {
        Legal::Command(command) => Some(&command.body),
        Legal::Response(..) | Legal::Greeting => None,
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

fn has_other_attribute(legal: &Legal<'_>) -> bool {
    let is_other = |attribute: &ListAttribute<'_>| matches!(attribute, ListAttribute::Extension(_));
    match untagged(legal) {
        Some(Untagged::List(list) | Untagged::Lsub(list)) => list.attributes.iter().any(is_other),
        _ => false,
    }
}

fn has_other_capability(legal: &Legal<'_>) -> bool {
    let capabilities = match (untagged(legal), status_text(legal)) {
        (Some(Untagged::Capability(capabilities)), _)
        | (_, Some(RespText { code: Some(Code::Capability(capabilities)), .. })) => capabilities,
        _ => return false,
    };
    let known = "IMAP4rev1";
    capabilities.iter().map(|capability| capability.0.as_str()).any(|name| {
        name.len() > known.len()
            && name.as_bytes()[..known.len()].eq_ignore_ascii_case(known.as_bytes())
    })
}

fn dates(legal: &Legal<'_>) -> impl Iterator<Item = DateTime> {
    let mut dates = Vec::new();
    if let Some(CommandBody::Append { date_time, .. }) = body(legal) {
        dates.extend(*date_time);
    }
    if let Some(Untagged::Fetch { items, .. }) = untagged(legal) {
        dates.extend(items.iter().filter_map(|item| match item {
            MessageAttribute::InternalDate(date_time) => Some(*date_time),
            _ => None,
        }));
    }
    dates.into_iter()
}

fn is_unusual(date_time: DateTime) -> bool {
    date_time.zone_minutes().abs() >= 24 * 60 || date_time.time.second() == 60
}

fn begins_with_bracket(legal: &Legal<'_>) -> bool {
    match status_text(legal) {
        // Of a greeting the text is all there is to differ in.
        None => matches!(legal, Legal::Greeting),
        Some(RespText { code: Some(Code::Other { .. } | Code::BadCharset(_)), .. }) => true,
        Some(RespText { code: Some(_), .. }) => false,
        Some(RespText { code: None, text }) => text.as_str().starts_with('['),
    }
}

/// The code and text of a response that has them.
fn status_text<'l>(legal: &'l Legal<'_>) -> Option<&'l RespText<'l>> {
    let Legal::Response(response, _) = legal else { return None };
    match response {
        Response::Tagged(tagged) => Some(&tagged.text),
        Response::Continue(request) => request.text.as_ref(),
        Response::Untagged(Untagged::Status { text, .. } | Untagged::Bye(text)) => Some(text),
        Response::Untagged(_) => None,
    }
}
