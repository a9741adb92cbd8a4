//! The differences that were looked into.

use imap_grammar::{
    Atom, Body, BodyLanguage, Capability, Code, CommandBody, DateTime, ImapString, Language,
    ListAttribute, ListPatterns, Media, MessageAttribute, Rejection, RespText, Response, Untagged,
};

use super::{Legal, Peer};

/// What a peer takes although a production forbids it.
pub(super) struct Accepts {
    pub(super) peer: Peer,
    /// The productions that forbid it, by which we refuse it.
    pub(super) productions: &'static [&'static str],
    /// What of it is known, by the rejection and what stands where it is: whatever else these
    /// productions refuse is a difference anew.
    pub(super) when: fn(&Rejection, &[u8]) -> bool,
}

impl Accepts {
    /// Whether this is why we refuse it.
    pub(super) fn excuses(&self, rejection: &Rejection, octets: &[u8]) -> bool {
        self.productions.contains(&rejection.production.name)
            && (self.when)(rejection, &octets[rejection.offset..])
    }
}

/// What a peer refuses although it is legal.
pub(super) struct Refuses {
    pub(super) peer: Peer,
    pub(super) message: fn(&Legal<'_>) -> bool,
}

/// What imap-codec reads of extensions that we do not have.
const NOT_OURS: &[&str] = &[
    "BINARY",
    "COMPRESS ",
    "DELETED",
    "GETQUOTA ",
    "GETQUOTAROOT ",
    "QUOTA ",
    "QUOTAROOT ",
    "SETQUOTA ",
    "SORT",
    "THREAD",
];

fn begins_with(octets: &[u8], name: &str) -> bool {
    octets.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

pub(super) const ACCEPTS: &[Accepts] = &[
    // capability-data has IMAP4rev1 in it.
    Accepts {
        peer: Peer::Codec,
        productions: &["capability-data"],
        when: |rejection, _| rejection.expected == "SP and the capability IMAP4rev1",
    },
    // nz-number begins with digit-nz.
    Accepts {
        peer: Peer::Codec,
        productions: &["nz-number"],
        when: |_, rest| rest.starts_with(b"0"),
    },
    // An initial response of no octets is `=` (RFC 4959 §3).
    Accepts {
        peer: Peer::Codec,
        productions: &["authenticate"],
        when: |rejection, rest| rejection.expected == "base64 or `=`" && rest == b"\r\n",
    },
    // TEXT has its number of lines, MESSAGE/RFC822 its envelope and body: nothing stands there, or
    // a string or NIL where a number has to.
    Accepts {
        peer: Peer::Codec,
        productions: &["body-type-text", "body-type-msg"],
        when: |_, rest| rest.starts_with(b")"),
    },
    Accepts {
        peer: Peer::Codec,
        productions: &["envelope", "body-fld-lines"],
        when: |_, rest| matches!(rest.first(), Some(b'N' | b'n' | b'"' | b'{')),
    },
    // A modification sequence has 63 bits, and zero is one digit.
    Accepts {
        peer: Peer::Codec,
        productions: &["mod-sequence-value", "mod-sequence-valzer"],
        when: |rejection, _| {
            ["a number below 9223372036854775808", "a single `0`"].contains(&rejection.expected)
        },
    },
    // No `*` stands in known-uids and what is like it.
    Accepts {
        peer: Peer::Codec,
        productions: &["known-uids", "known-sequence-set", "known-uid-set"],
        when: |_, rest| rest.starts_with(b"*"),
    },
    // VANISHED stands only beside CHANGEDSINCE, and in UID FETCH.
    Accepts { peer: Peer::Codec, productions: &["rexpunges-fetch-mod"], when: |_, _| true },
    // flag-list has no \\Recent.
    Accepts {
        peer: Peer::Codec,
        productions: &["flag"],
        when: |rejection, _| rejection.expected == "a flag other than `\\Recent`",
    },
    // At most one of \\Noselect, \\Marked and \\Unmarked.
    Accepts {
        peer: Peer::Codec,
        productions: &["mbx-list-flags"],
        when: |rejection, _| rejection.expected == "a single attribute of selectability",
    },
    // At most one of \\HasChildren and \\HasNoChildren (RFC 5258 §6).
    Accepts { peer: Peer::Codec, productions: &["child-mbox-flag"], when: |_, _| true },
    // A zone has minutes below 60.
    Accepts {
        peer: Peer::Codec,
        productions: &["zone"],
        when: |rejection, _| rejection.expected == "minutes from 00 to 59",
    },
    // STATUS and FETCH ask for one thing at least.
    Accepts {
        peer: Peer::Codec,
        productions: &["status-att", "fetch-att"],
        when: |_, rest| rest.starts_with(b")"),
    },
    // body-fld-param has one parameter at least.
    Accepts { peer: Peer::Codec, productions: &["string"], when: |_, rest| rest.starts_with(b")") },
    // A server sends no non-synchronising literal (RFC 7888 §3).
    Accepts {
        peer: Peer::Codec,
        productions: &["literal"],
        when: |_, rest| rest.starts_with(b"+}"),
    },
    // An unknown code is of TEXT-CHARs, which are 7-bit and not NUL. Where it is not, it is text,
    // which ends there.
    Accepts {
        peer: Peer::Codec,
        productions: &["continue-req", "response-data", "response-tagged", "greeting"],
        when: |rejection, rest| {
            rejection.expected == "CRLF" && matches!(rest.first(), Some(0 | 0x80..))
        },
    },
    // Extensions that we do not have.
    Accepts {
        peer: Peer::Codec,
        productions: &[
            "command",
            "fetch",
            "fetch-att",
            "msg-att",
            "response-data",
            "search-key",
            "status-att",
            "uid",
        ],
        when: |_, rest| NOT_OURS.iter().any(|name| begins_with(rest, name)),
    },
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
            "child-mbox-flag",
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
            "response",
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
        when: |_, _| true,
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
            Some(CommandBody::Create { special_use, .. }) => {
                !special_use.is_empty() || has_empty_use(legal)
            }
            Some(CommandBody::List { selection, patterns, returns, .. }) => {
                selection.is_some()
                    || returns.is_some()
                    || matches!(patterns, ListPatterns::Several(_))
            }
            // A charset is an astring: a literal of any octets, too, and `]` stands bare.
            Some(CommandBody::Search { returns, charset, .. }) => {
                let is_atom = |name: &ImapString<'_>| {
                    str::from_utf8(name.as_bytes()).is_ok_and(|name| Atom::new(name).is_some())
                };
                returns.is_some() || charset.as_ref().is_some_and(|name| !is_atom(name))
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

/// What a message says otherwise, read by imap-codec and written again, although both of us take
/// it: whether this is all that differs.
pub(super) const READS: &[fn(&Legal<'_>, &Legal<'_>) -> bool] = &[
    // capability: case makes no difference, and it writes known names in upper case.
    |ours, theirs| capabilities(ours).is_some() && bytes(ours).eq_ignore_ascii_case(&bytes(theirs)),
    // auth-type: case makes no difference, and it writes known names in upper case.
    |ours, theirs| {
        let Legal::Command(ours, octets) = ours else { return false };
        let mut written = ours.clone();
        let CommandBody::Authenticate { mechanism, .. } = &mut written.body else { return false };
        let Some(upper) = Atom::new(mechanism.as_str().to_ascii_uppercase()) else { return false };
        *mechanism = upper;
        Legal::Command(written, octets) == *theirs
    },
    // append: `()` is no flags, which it leaves out.
    |ours, theirs| {
        let Legal::Command(ours, octets) = ours else { return false };
        let CommandBody::Append { flags: Some(flags), .. } = &ours.body else { return false };
        let mut without = ours.clone();
        if let CommandBody::Append { flags, .. } = &mut without.body {
            *flags = None;
        }
        flags.is_empty() && Legal::Command(without, octets) == *theirs
    },
    // nz-number begins with digit-nz: a code whose number does not is an unknown one.
    |ours, theirs| {
        let (Some(ours_says), Some(theirs_says)) = (status_text(ours), status_text(theirs)) else {
            return false;
        };
        matches!(ours_says.code, Some(Code::Other { value: Some(_), .. }))
            && !matches!(theirs_says.code, Some(Code::Other { .. }))
            && without_leading_zeros(&bytes(ours)).eq_ignore_ascii_case(&bytes(theirs))
    },
    // capability-data without IMAP4rev1 is the code of an atom and text, and case makes none either
    // in what it writes in upper case.
    |ours, theirs| {
        let is_capability = |legal: &Legal<'_>| {
            let code = status_text(legal).and_then(|text| text.code.as_ref());
            matches!(code, Some(Code::Other { name, value: Some(_) })
                if name.as_str().eq_ignore_ascii_case("CAPABILITY"))
        };
        is_capability(ours)
            && is_capability(theirs)
            && bytes(ours).eq_ignore_ascii_case(&bytes(theirs))
    },
    // body-fld-lang: a string, and a list of one, are the same language.
    |ours, theirs| {
        let Legal::Response(ours, octets) = ours else { return false };
        let mut listed = ours.clone();
        if let Response::Untagged(Untagged::Fetch { items, .. }) = &mut listed {
            for item in items {
                if let MessageAttribute::Body(body) | MessageAttribute::BodyStructure(body) = item {
                    list_languages(body);
                }
            }
        }
        Legal::Response(listed, octets) == *theirs
    },
];

fn bytes(legal: &Legal<'_>) -> Vec<u8> {
    match legal {
        Legal::Command(command, _) => command.to_bytes(),
        Legal::Response(response, _) => response.to_bytes(),
        Legal::Greeting(greeting) => greeting.to_bytes(),
    }
}

/// The message with no zero where a number of its code begins that goes on.
fn without_leading_zeros(message: &[u8]) -> Vec<u8> {
    let end = message.iter().position(|&octet| octet == b']').unwrap_or(message.len());
    let (code, text) = message.split_at(end);
    let mut kept: Vec<u8> = Vec::with_capacity(message.len());
    for (at, &octet) in code.iter().enumerate() {
        let begins = kept.last().is_none_or(|before| matches!(before, b' ' | b',' | b':'));
        let goes_on = code.get(at + 1).is_some_and(u8::is_ascii_digit);
        if !(octet == b'0' && begins && goes_on) {
            kept.push(octet);
        }
    }
    kept.extend_from_slice(text);
    kept
}

/// Writes each language that stands alone as a list.
fn list_languages(body: &mut Body<'_>) {
    let tail = match body {
        Body::Single(part) => {
            if let Media::Message { body, .. } = &mut part.media {
                list_languages(body);
            }
            part.extension.as_mut().and_then(|extension| extension.tail.as_mut())
        }
        Body::Multi(parts) => {
            parts.parts.iter_mut().for_each(list_languages);
            parts.extension.as_mut().and_then(|extension| extension.tail.as_mut())
        }
    };
    if let Some(Language { language, .. }) = tail.and_then(|disposition| disposition.tail.as_mut())
        && let BodyLanguage::Single(Some(single)) = language
    {
        *language = BodyLanguage::List(vec![single.clone()]);
    }
}

fn body<'l>(legal: &'l Legal<'_>) -> Option<&'l CommandBody<'l>> {
    match legal {
        Legal::Command(command, _) => Some(&command.body),
        Legal::Response(..) | Legal::Greeting(_) => None,
    }
}

fn untagged<'l>(legal: &'l Legal<'_>) -> Option<&'l Untagged<'l>> {
    match legal {
        Legal::Response(Response::Untagged(untagged), _) => Some(untagged),
        _ => None,
    }
}

/// Whether CREATE says that the mailbox has no use (RFC 6154 §6).
fn has_empty_use(legal: &Legal<'_>) -> bool {
    let Legal::Command(_, octets) = legal else { return false };
    octets.to_ascii_uppercase().ends_with(b" (USE ())\r\n")
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
    let Some(capabilities) = capabilities(legal) else { return false };
    let known = "IMAP4rev1";
    capabilities.iter().map(|capability| capability.0.as_str()).any(|name| {
        name.len() > known.len()
            && name.as_bytes()[..known.len()].eq_ignore_ascii_case(known.as_bytes())
    })
}

/// The capabilities that the response tells, as data or as a code.
fn capabilities<'l>(legal: &'l Legal<'_>) -> Option<&'l [Capability<'l>]> {
    match (untagged(legal), status_text(legal)) {
        (Some(Untagged::Capability(capabilities)), _)
        | (_, Some(RespText { code: Some(Code::Capability(capabilities)), .. })) => {
            Some(capabilities)
        }
        _ => None,
    }
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
        None => false,
        Some(RespText { code: Some(Code::Other { .. } | Code::BadCharset(_)), .. }) => true,
        Some(RespText { code: Some(_), .. }) => false,
        Some(RespText { code: None, text }) => text.as_str().starts_with('['),
    }
}

/// The code and text of a response that has them.
fn status_text<'l>(legal: &'l Legal<'_>) -> Option<&'l RespText<'l>> {
    let response = match legal {
        Legal::Response(response, _) => response,
        Legal::Greeting(greeting) => return Some(&greeting.text),
        Legal::Command(..) => return None,
    };
    match response {
        Response::Tagged(tagged) => Some(&tagged.text),
        Response::Continue(request) => request.text.as_ref(),
        Response::Untagged(Untagged::Status { text, .. } | Untagged::Bye(text)) => Some(text),
        Response::Untagged(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use imap_grammar::{Error, Rejection};

    use super::*;
    use crate::differential::{command, greeting};

    fn refused_by_codec(legal: &Legal<'_>) -> bool {
        REFUSES.iter().any(|known| known.peer == Peer::Codec && (known.message)(legal))
    }

    fn rejection(refused: Result<Legal<'_>, Error>) -> Rejection {
        match refused {
            Err(Error::Invalid(rejection)) => rejection,
            other => panic!("{other:?}"),
        }
    }

    fn accepted_by_codec(rejection: &Rejection, octets: &[u8]) -> bool {
        ACCEPTS.iter().any(|known| known.peer == Peer::Codec && known.excuses(rejection, octets))
    }

    #[test]
    fn a_list_that_is_refused_is_known_for_its_options_only() {
        let refused = |octets| refused_by_codec(&command(octets).expect("legal"));
        assert!(!refused(b"a LIST \"\" *\r\n"));
        assert!(refused(b"a LIST \"\" (*)\r\n"));
        assert!(refused(b"a LIST () \"\" *\r\n"));
        assert!(refused(b"a LIST \"\" * RETURN ()\r\n"));
    }

    #[test]
    fn a_create_that_is_refused_is_known_for_its_use_only() {
        let refused = |octets| refused_by_codec(&command(octets).expect("legal"));
        assert!(!refused(b"a CREATE x\r\n"));
        assert!(!refused(b"a CREATE \"x))\"\r\n"));
        assert!(refused(b"a CREATE x (USE (\\Sent))\r\n"));
        assert!(refused(b"a CREATE x (use ())\r\n"));
    }

    #[test]
    fn a_greeting_that_is_refused_is_known_for_its_bracket_only() {
        let refused = |octets| refused_by_codec(&greeting(octets).expect("legal"));
        assert!(!refused(b"* OK x\r\n"));
        assert!(!refused(b"* OK [ALERT] x\r\n"));
        assert!(refused(b"* OK [\r\n"));
    }

    #[test]
    fn a_rule_that_refuses_what_it_should_not_is_no_known_difference() {
        let pairs: [(&[u8], &[u8]); 4] = [
            (b"a FETCH 01 FLAGS\r\n", b"a FETCH 1 BODY[]<0.x>\r\n"),
            (b"a SORT (ARRIVAL) UTF-8 ALL\r\n", b"a NOOPS\r\n"),
            (b"a STATUS x ()\r\n", b"a STATUS x (MESSAGE)\r\n"),
            (b"a SELECT x (QRESYNC (1 1 *))\r\n", b"a SELECT x (QRESYNC (1 1 x))\r\n"),
        ];
        for (known, other) in pairs {
            let of_known = rejection(command(known));
            assert!(accepted_by_codec(&of_known, known), "{of_known}");
            let of_other = rejection(command(other));
            assert_eq!(of_other.production.name, of_known.production.name);
            assert!(!accepted_by_codec(&of_other, other), "{of_other}");
        }
    }
}
