//! What imap-codec sees otherwise.

use imap_grammar::{
    Atom, Body, BodyLanguage, Code, CommandBody, DateTime, ImapString, Language, ListPatterns,
    Media, MessageAttribute, RespText, Response, Untagged,
};

use super::{
    Accepts, Refuses, begins_with, begins_with_one, body, bytes, capabilities, has_extended_data,
    status_text, untagged,
};
use crate::differential::Legal;

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

pub(in crate::differential) const ACCEPTS: &[Accepts] = &[
    // capability-data has IMAP4rev1 in it.
    Accepts {
        productions: &["capability-data"],
        when: |at| at.expected == "SP and the capability IMAP4rev1",
    },
    // nz-number begins with digit-nz.
    Accepts { productions: &["nz-number"], when: |at| at.rest.starts_with(b"0") },
    // search-sort-mod-seq has a number before it (RFC 7162 §7).
    Accepts { productions: &["nz-number"], when: |at| begins_with(at.rest, "(MODSEQ ") },
    // An initial response of no octets is `=` (RFC 4959 §3).
    Accepts {
        productions: &["authenticate"],
        when: |at| at.expected == "base64 or `=`" && at.rest == b"\r\n",
    },
    // TEXT has its number of lines, MESSAGE/RFC822 its envelope and body: nothing stands there, or
    // a string or NIL where a number has to.
    Accepts {
        productions: &["body-type-text", "body-type-msg"],
        when: |at| at.rest.starts_with(b")"),
    },
    Accepts {
        productions: &["envelope", "body-fld-lines"],
        when: |at| matches!(at.rest.first(), Some(b'N' | b'n' | b'"' | b'{')),
    },
    // media-message is of quoted strings, and body-type-basic is no MESSAGE/RFC822.
    Accepts {
        productions: &["media-message"],
        when: |at| begins_with_one(at.rest, &["{", "\"MESSAGE\" {"]),
    },
    // A modification sequence has 63 bits, and zero is one digit.
    Accepts {
        productions: &["mod-sequence-value", "mod-sequence-valzer"],
        when: |at| ["a number below 9223372036854775808", "a single `0`"].contains(&at.expected),
    },
    // No `*` stands in known-uids and what is like it.
    Accepts {
        productions: &["known-uids", "known-sequence-set", "known-uid-set"],
        when: |at| at.rest.starts_with(b"*"),
    },
    // VANISHED stands only beside CHANGEDSINCE, and in UID FETCH.
    Accepts { productions: &["rexpunges-fetch-mod"], when: |_| true },
    // flag-list has no \\Recent.
    Accepts { productions: &["flag"], when: |at| at.expected == "a flag other than `\\Recent`" },
    // At most one of \\Noselect, \\Marked and \\Unmarked.
    Accepts {
        productions: &["mbx-list-flags"],
        when: |at| at.expected == "a single attribute of selectability",
    },
    // At most one of \\HasChildren and \\HasNoChildren (RFC 5258 §6).
    Accepts { productions: &["child-mbox-flag"], when: |_| true },
    // A zone has minutes below 60.
    Accepts { productions: &["zone"], when: |at| at.expected == "minutes from 00 to 59" },
    // STATUS and FETCH ask for one thing at least.
    Accepts { productions: &["status-att", "fetch-att"], when: |at| at.rest.starts_with(b")") },
    // body-fld-param has one parameter at least.
    Accepts { productions: &["string"], when: |at| at.rest.starts_with(b")") },
    // A server sends no non-synchronising literal (RFC 7888 §3).
    Accepts { productions: &["literal"], when: |at| at.rest.starts_with(b"+}") },
    // An unknown code is of TEXT-CHARs, which are 7-bit and not NUL. Where it is not, it is text,
    // which ends there.
    Accepts {
        productions: &["continue-req", "response-data", "response-tagged", "greeting"],
        when: |at| at.expected == "CRLF" && matches!(at.rest.first(), Some(0 | 0x80..)),
    },
    // Extensions that we do not have.
    Accepts {
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
        when: |at| begins_with_one(at.rest, NOT_OURS),
    },
    // And literal8 of one of them (RFC 3516 §7).
    Accepts { productions: &["literal"], when: |at| at.rest.starts_with(b"~{") },
];

pub(in crate::differential) const REFUSES: &[Refuses] = &[
    // x-command
    Refuses { message: |legal| matches!(body(legal), Some(CommandBody::Experimental { .. })) },
    // Extensions that it does not have: CREATE-SPECIAL-USE, LIST-EXTENDED's options, ESEARCH.
    Refuses {
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
        message: |legal| {
            matches!(untagged(legal), Some(Untagged::ESearch(_))) || has_extended_data(legal)
        },
    },
    // zone is four digits, of any hour; time has a second 60.
    Refuses { message: |legal| dates(legal).any(is_unusual) },
    // base64-terminal ends in any base64-char, also where bits of it stand for nothing.
    Refuses {
        message: |legal| match body(legal) {
            Some(CommandBody::Authenticate { initial_response: Some(octets), .. }) => {
                octets.len() % 3 != 0
            }
            _ => false,
        },
    },
    // Where resp-text begins with `[` and no code, it is text. A code may be unknown.
    Refuses { message: begins_with_bracket },
];

/// What a message says otherwise, read by imap-codec and written again, although both of us take
/// it: whether this is all that differs.
pub(in crate::differential) const READS: &[fn(&Legal<'_>, &Legal<'_>) -> bool] = &[
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
    // capability-data without IMAP4rev1, and a flag-perm that is \Recent, make the code one of an atom
    // and text; case makes no difference in what it writes as it is known.
    |ours, theirs| {
        let is_broken = |legal: &Legal<'_>| {
            let code = status_text(legal).and_then(|text| text.code.as_ref());
            let Some(Code::Other { name, value: Some(_) }) = code else { return false };
            ["CAPABILITY", "PERMANENTFLAGS"]
                .iter()
                .any(|one| name.as_str().eq_ignore_ascii_case(one))
        };
        is_broken(ours) && is_broken(theirs) && bytes(ours).eq_ignore_ascii_case(&bytes(theirs))
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

/// The message with no zero where a number of its code begins that goes on.
fn without_leading_zeros(message: &[u8]) -> Vec<u8> {
    // A tag may have brackets and zeros, but no space.
    let start = message.windows(2).position(|pair| pair == b" [").unwrap_or(message.len());
    let (before, rest) = message.split_at(start);
    let end = rest.iter().position(|&octet| octet == b']').unwrap_or(rest.len());
    let (code, text) = rest.split_at(end);
    let mut kept = before.to_vec();
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

/// Whether CREATE says that the mailbox has no use (RFC 6154 §6).
fn has_empty_use(legal: &Legal<'_>) -> bool {
    let Legal::Command(_, octets) = legal else { return false };
    octets.to_ascii_uppercase().ends_with(b" (USE ())\r\n")
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

#[cfg(test)]
mod tests {
    use imap_grammar::{Error, Rejection};

    use super::super::Place;
    use super::*;
    use crate::differential::{command, greeting};

    fn is_refused(legal: &Legal<'_>) -> bool {
        REFUSES.iter().any(|known| known.excuses(legal))
    }

    fn rejection(refused: Result<Legal<'_>, Error>) -> Rejection {
        match refused {
            Err(Error::Invalid(rejection)) => rejection,
            other => panic!("{other:?}"),
        }
    }

    fn is_accepted(rejection: &Rejection, octets: &[u8]) -> bool {
        ACCEPTS.iter().any(|known| known.excuses(&Place::of(rejection, octets)))
    }

    #[test]
    fn a_list_that_is_refused_is_known_for_its_options_only() {
        let refused = |octets| is_refused(&command(octets).expect("legal"));
        assert!(!refused(b"a LIST \"\" *\r\n"));
        assert!(refused(b"a LIST \"\" (*)\r\n"));
        assert!(refused(b"a LIST () \"\" *\r\n"));
        assert!(refused(b"a LIST \"\" * RETURN ()\r\n"));
    }

    #[test]
    fn a_create_that_is_refused_is_known_for_its_use_only() {
        let refused = |octets| is_refused(&command(octets).expect("legal"));
        assert!(!refused(b"a CREATE x\r\n"));
        assert!(!refused(b"a CREATE \"x))\"\r\n"));
        assert!(refused(b"a CREATE x (USE (\\Sent))\r\n"));
        assert!(refused(b"a CREATE x (use ())\r\n"));
    }

    #[test]
    fn a_greeting_that_is_refused_is_known_for_its_bracket_only() {
        let refused = |octets| is_refused(&greeting(octets).expect("legal"));
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
            assert!(is_accepted(&of_known, known), "{of_known}");
            let of_other = rejection(command(other));
            assert_eq!(of_other.production.name, of_known.production.name);
            assert!(!is_accepted(&of_other, other), "{of_other}");
        }
    }
}
