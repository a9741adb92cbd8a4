//! What imap-proto sees otherwise, which is lenient by design.

use std::num::NonZeroU32;

use imap_grammar::{Body, Code, ListAttribute, Media, MessageAttribute, Response, Untagged};
use imap_proto::AttributeValue;

use super::{
    ANY, Accepts, Place, Refuses, begins_with, begins_with_one, has_extended_data, status_text,
    untagged,
};
use crate::differential::Legal;
use crate::message::grammar;

/// The responses that it has of extensions that we do not have.
const NOT_OURS: &[&str] = &[
    "ACL",
    "LISTRIGHTS",
    "METADATA ",
    "MYRIGHTS",
    "QUOTA",
    "SORT",
    "X-GM-LABELS ",
    "X-GM-MSGID ",
    "X-GM-THRID ",
];

/// The items of FETCH that it has and we do not.
const ITEMS_NOT_OURS: &[&str] =
    &["EMAILID ", "THREADID ", "X-GM-LABELS ", "X-GM-MSGID ", "X-GM-THRID "];

pub(in crate::differential) const ACCEPTS: &[Accepts] = &[
    // Extensions that we do not have.
    Accepts {
        productions: &["response-data"],
        when: |at| at.before == b"* " && begins_with_one(at.rest, NOT_OURS),
    },
    Accepts { productions: &["msg-att"], when: |at| begins_with_one(at.rest, ITEMS_NOT_OURS) },
    // CHAR has 7 bits, and only in a literal is CHAR8.
    Accepts {
        productions: ANY,
        when: |at| at.production != "literal" && matches!(at.rest.first(), Some(0x80..)),
    },
    // atom-specials has CTL, of which it has forgotten DEL.
    Accepts { productions: ANY, when: |at| at.rest.starts_with(b"\x7f") && !is_in_text(at) },
    // CHAR8 has no NUL.
    Accepts { productions: &["literal"], when: |at| at.rest.starts_with(b"\0") },
    // nz-number begins with digit-nz.
    Accepts { productions: &["nz-number"], when: |at| at.rest.starts_with(b"0") },
    // A modification sequence has 63 bits and is not zero, and in STATUS zero is one digit.
    Accepts {
        productions: &["mod-sequence-value", "mod-sequence-valzer"],
        when: |at| leading_number(at.rest).is_some_and(|value| value == 0 || value >= 1 << 63),
    },
    // Nothing stands between the last thing of a list and its parenthesis.
    Accepts { productions: ANY, when: |at| is_space_before_parenthesis(at) && !is_in_text(at) },
    // Nor between data and CRLF.
    Accepts { productions: ANY, when: |at| is_space_before_line_end(at) && !is_in_text(at) },
    // continue-req has SP, and resp-text behind its code, too.
    Accepts { productions: &["continue-req"], when: |at| at.before == b"+" },
    Accepts {
        productions: &["resp-text"],
        when: |at| at.expected == "SP" && at.before.ends_with(b"]"),
    },
    // text is one TEXT-CHAR at least, and has SP before it.
    Accepts { productions: &["text"], when: |at| at.rest == b"\r\n" },
    Accepts {
        productions: &["resp-cond-state", "resp-cond-bye"],
        when: |at| at.expected == "SP" && at.rest == b"\r\n",
    },
    // PREAUTH is a greeting only, and BYE has no tag.
    Accepts {
        productions: &["response-data"],
        when: |at| at.before == b"* " && begins_with(at.rest, "PREAUTH"),
    },
    Accepts {
        productions: &["resp-cond-state"],
        when: |at| at.expected == "OK, NO or BAD" && begins_with_one(at.rest, &["PREAUTH", "BYE"]),
    },
    // astring has no DEL: it is no BADCHARSET, and its text ends with the line, literal or not.
    Accepts { productions: &["response"], when: |at| is_text_with_a_literal(at.before) },
    // `\*` is a flag-perm only, flag-list has no \Recent, and an atom of a flag no `]`.
    Accepts {
        productions: &["atom"],
        when: |at| at.before.ends_with(b"\\") && at.rest.starts_with(b"*"),
    },
    Accepts { productions: &["flag"], when: |at| at.expected == "a flag other than `\\Recent`" },
    Accepts {
        productions: &["flag", "flag-list", "msg-att-dynamic"],
        when: |at| at.rest.starts_with(b"]"),
    },
    // Behind `\` is an atom, of a flag as of an attribute.
    Accepts {
        productions: &["atom"],
        when: |at| at.before.ends_with(b"\\") && matches!(at.rest.first(), Some(b' ' | b')')),
    },
    // At most one of \Noselect, \Marked and \Unmarked.
    Accepts {
        productions: &["mbx-list-flags"],
        when: |at| at.expected == "a single attribute of selectability",
    },
    // At most one of \HasChildren and \HasNoChildren (RFC 5258 §6).
    Accepts { productions: &["child-mbox-flag"], when: |_| true },
    // A hierarchy delimiter is one QUOTED-CHAR: not none, nor several.
    Accepts {
        productions: &["mailbox-list"],
        when: |at| match at.expected {
            "a QUOTED-CHAR" => at.rest.starts_with(b"\""),
            "DQUOTE" => !matches!(at.rest.first(), None | Some(0 | b'\r' | b'\n')),
            _ => false,
        },
    },
    // SPACE of RFC 2971 is one SP, and so is that of VANISHED.
    Accepts {
        productions: ANY,
        when: |at| {
            let is_second = at.rest.starts_with(b" ") && ends_in_space(at, b" \t");
            begins_with_one(at.before, &["* ID", "* VANISHED"])
                && (is_second || at.rest.starts_with(b"\t"))
        },
    },
    // What it cannot read of FETCH it skips.
    Accepts { productions: ANY, when: |at| skips(at.before, at.rest) },
    // It looks at no date-time.
    Accepts {
        productions: &["date-time", "date-day-fixed", "date-month", "date-year", "time", "zone"],
        when: |at| is_fetch(at),
    },
    // msg-att-static has one SP behind RFC822.HEADER.
    Accepts {
        productions: &["nstring"],
        when: |at| {
            at.before.to_ascii_uppercase().ends_with(b"RFC822.HEADER ") && at.rest.starts_with(b" ")
        },
    },
    // header-list has one name at least.
    Accepts {
        productions: &["astring"],
        when: |at| is_fetch(at) && at.before.ends_with(b"(") && at.rest.starts_with(b")"),
    },
    // Addresses stand in 1*address without SP.
    Accepts {
        productions: &["env-from", "env-sender", "env-reply-to", "env-to", "env-cc", "env-bcc"],
        when: |at| at.expected == "`(` or `)`" && at.rest.starts_with(b" ("),
    },
    // media-message is of quoted strings, and body-type-basic is no MESSAGE/RFC822.
    Accepts {
        productions: &["media-message"],
        when: |at| begins_with_one(at.rest, &["{", "\"MESSAGE\" {"]),
    },
    // body-fld-enc is a string and not NIL.
    Accepts { productions: &["string"], when: |at| is_fetch(at) && begins_with(at.rest, "NIL") },
    // TEXT has lines, and MESSAGE/RFC822 an envelope and more, or it is read as any other type. Of
    // extension data (body-ext-1part, body-ext-mpart) any field may be left out. So values stand
    // where others should, lists are shorter or longer, and a list of one kind is one of another.
    Accepts {
        productions: &[
            "address",
            "body-fld-dsp",
            "body-fld-lang",
            "body-fld-lines",
            "body-fld-param",
            "body-type-msg",
            "body-type-text",
            "env-bcc",
            "env-cc",
            "env-from",
            "env-reply-to",
            "env-sender",
            "env-to",
            "envelope",
            "nstring",
            "string",
        ],
        when: |at| is_fetch(at) && has(at.before, "BODYSTRUCTURE") && is_other_value(at),
    },
];

pub(in crate::differential) const REFUSES: &[Refuses] = &[
    // Extensions that it does not have.
    Refuses {
        message: |legal| {
            let unknown = matches!(
                untagged(legal),
                Some(
                    Untagged::ESearch(_)
                        | Untagged::Namespace(_)
                        | Untagged::Search { mod_seq: Some(_), .. }
                )
            );
            unknown || has_extended_data(legal)
        },
    },
    // id_params_list may be empty (RFC 2971 §4).
    Refuses {
        message: |legal| matches!(untagged(legal), Some(Untagged::Id(Some(pairs))) if pairs.is_empty()),
    },
    // It has no BODY without a section, and in BODYSTRUCTURE one body-extension at most, of which
    // body-ext-1part and body-ext-mpart have any number. Either it skips to the first `)`, which
    // has to be the last.
    Refuses {
        message: |legal| items(legal).any(|item| is_unread(item) && has_inner_parenthesis(item)),
    },
    // astring has no DEL: it is no BADCHARSET, and its text ends with the line, literal or not.
    Refuses {
        message: |legal| {
            let is_other = status_text(legal)
                .is_some_and(|text| matches!(text.code, None | Some(Code::Other { .. })));
            matches!(legal, Legal::Response(_, octets) if is_other && is_text_with_a_literal(octets))
        },
    },
    // An attribute that only begins with a known name is another.
    Refuses {
        message: |legal| match untagged(legal) {
            Some(Untagged::List(list) | Untagged::Lsub(list)) => {
                list.attributes.iter().any(is_begun_by_another)
            }
            _ => false,
        },
    },
    // And so is a capability.
    Refuses {
        message: |legal| match untagged(legal) {
            Some(Untagged::Capability(capabilities)) => capabilities
                .iter()
                .map(|capability| capability.0.as_str())
                .any(|name| is_longer(name, "IMAP4rev1")),
            _ => false,
        },
    },
];

/// Whether it skips the item of FETCH in which we refuse a message, or which is not whole for us.
pub(in crate::differential) fn skips(before: &[u8], rest: &[u8]) -> bool {
    let message = [before, rest].concat();
    let Ok((_, imap_proto::Response::Fetch(_, items))) = imap_proto::Response::parse(&message)
    else {
        return false;
    };
    whole_items(before).and_then(|item| items.get(item)) == Some(&AttributeValue::Unknown)
}

/// How many items are whole in a FETCH response of which this is the beginning.
fn whole_items(before: &[u8]) -> Option<usize> {
    let ends = (0..before.len()).rev().filter(|&end| matches!(before[end], b' ' | b'('));
    ends.map(|end| [&before[..=end], b"UID 1)\r\n"].concat()).find_map(|whole| {
        match grammar().response(&whole) {
            Ok(Response::Untagged(Untagged::Fetch { items, .. })) => Some(items.len() - 1),
            _ => None,
        }
    })
}

/// Whether it is refused in or behind the items of an untagged FETCH response.
fn is_fetch(at: &Place<'_>) -> bool {
    whole_items(at.before).is_some()
}

/// Whether it is refused in text or between quotes, where SP and DEL may stand.
fn is_in_text(at: &Place<'_>) -> bool {
    let is_data = at.before.starts_with(b"* ")
        && !begins_with_one(at.before, &["* OK", "* NO", "* BAD", "* BYE"]);
    ["quoted", "text"].contains(&at.production) || at.expected == "CRLF" && !is_data
}

/// Whether there is space at or before that place, and then `)`.
fn is_space_before_parenthesis(at: &Place<'_>) -> bool {
    behind_space(at, b" \t").is_some_and(|end| end.starts_with(b")"))
}

/// Whether there is space at or before that place, and then the end of the message.
fn is_space_before_line_end(at: &Place<'_>) -> bool {
    behind_space(at, b" ") == Some(b"\r\n")
}

/// What follows the space that is there, or ends there.
fn behind_space<'m>(at: &Place<'m>, space: &[u8]) -> Option<&'m [u8]> {
    let count = at.rest.iter().take_while(|octet| space.contains(octet)).count();
    (count > 0 || ends_in_space(at, space)).then_some(&at.rest[count..])
}

fn ends_in_space(at: &Place<'_>, space: &[u8]) -> bool {
    at.before.last().is_some_and(|octet| space.contains(octet))
}

/// Whether a line is text that would begin a code which goes on in a literal, were DEL no CTL.
fn is_text_with_a_literal(line: &[u8]) -> bool {
    has(line, "[BADCHARSET (") && line.contains(&0x7f) && line.ends_with(b"}\r\n")
}

/// Whether a value of another kind stands there than is expected, or the list ends before one or
/// goes on behind the last.
fn is_other_value(at: &Place<'_>) -> bool {
    let kind = match at.rest.first() {
        Some(b'"' | b'{') => "string",
        Some(b'N' | b'n') => "NIL",
        Some(b'0'..=b'9') => "digit",
        Some(b'(') => "`(`",
        Some(b')') => return at.expected == "SP",
        Some(b' ') => return at.expected == "`)`",
        _ => return false,
    };
    !["SP", "`)`"].contains(&at.expected) && !at.expected.contains(kind)
}

/// The number that stands there, of 64 bits.
fn leading_number(octets: &[u8]) -> Option<u64> {
    let digits = octets.iter().take_while(|octet| octet.is_ascii_digit()).count();
    str::from_utf8(&octets[..digits]).ok()?.parse().ok()
}

fn has(octets: &[u8], name: &str) -> bool {
    octets.windows(name.len()).any(|window| window.eq_ignore_ascii_case(name.as_bytes()))
}

fn items<'l>(legal: &'l Legal<'_>) -> impl Iterator<Item = &'l MessageAttribute<'l>> {
    match untagged(legal) {
        Some(Untagged::Fetch { items, .. }) => items.as_slice(),
        _ => &[],
    }
    .iter()
}

/// Whether it cannot read an item.
fn is_unread(item: &MessageAttribute<'_>) -> bool {
    match item {
        MessageAttribute::Body(_) => true,
        MessageAttribute::BodyStructure(body) => has_extensions(body),
        _ => false,
    }
}

/// Whether there is a `)` in an item, a body, before the one that ends it.
fn has_inner_parenthesis(item: &MessageAttribute<'_>) -> bool {
    let alone = Untagged::Fetch { number: NonZeroU32::MIN, items: vec![item.clone()] };
    let written = Response::Untagged(alone).to_bytes();
    // The last but one ends the body, the last one the list of items.
    written.iter().filter(|&&octet| octet == b')').count() > 2
}

/// Whether a body, or one in it, has several body-extensions.
fn has_extensions(body: &Body<'_>) -> bool {
    let (disposition, is_within) = match body {
        Body::Single(part) => (
            part.extension.as_ref().and_then(|extension| extension.tail.as_ref()),
            matches!(&part.media, Media::Message { body, .. } if has_extensions(body)),
        ),
        Body::Multi(parts) => (
            parts.extension.as_ref().and_then(|extension| extension.tail.as_ref()),
            parts.parts.iter().any(has_extensions),
        ),
    };
    let language = disposition.and_then(|disposition| disposition.tail.as_ref());
    let location = language.and_then(|language| language.tail.as_ref());
    is_within || location.is_some_and(|location| location.extensions.len() > 1)
}

/// The attributes that it knows.
const ATTRIBUTES: &[&str] = &[
    "Noinferiors",
    "Noselect",
    "Marked",
    "Unmarked",
    "All",
    "Archive",
    "Drafts",
    "Flagged",
    "Junk",
    "Sent",
    "Trash",
];

fn is_begun_by_another(attribute: &ListAttribute<'_>) -> bool {
    ATTRIBUTES.iter().any(|known| is_longer(attribute.name(), known))
}

/// Whether the name begins with one that is known and goes on.
fn is_longer(name: &str, known: &str) -> bool {
    name.len() > known.len() && begins_with(name.as_bytes(), known)
}

#[cfg(test)]
mod tests {
    use imap_grammar::{Error, Rejection};

    use super::*;
    use crate::differential::response;

    fn rejection(octets: &[u8]) -> Rejection {
        match response(octets) {
            Err(Error::Invalid(rejection)) => rejection,
            other => panic!("{other:?}"),
        }
    }

    fn is_accepted(place: &Place<'_>) -> bool {
        ACCEPTS.iter().any(|known| known.excuses(place))
    }

    fn is_refused(octets: &[u8]) -> bool {
        let legal = response(octets).expect("legal");
        REFUSES.iter().any(|known| known.excuses(&legal))
    }

    #[test]
    fn a_rule_that_refuses_what_it_should_not_is_no_known_difference() {
        let pairs: [(&[u8], &[u8]); 24] = [
            (b"* SORT 1\r\n", b"* SORE 1\r\n"),
            (b"* PREAUTH x\r\n", b"* AUTH x\r\n"),
            (b"a BYE x\r\n", b"a HI x\r\n"),
            (b"* OK\r\n", b"* OK+x\r\n"),
            (b"* OK \r\n", b"* OK \rx\r\n"),
            (b"* 1 EXISTS \r\n", b"* 1 EXISTS x\r\n"),
            (b"+\r\n", b"+ x\rx\r\n"),
            (b"* 01 EXPUNGE\r\n", b"* SEARCH x\r\n"),
            (b"* LIST () NIL {1}\r\n\0\r\n", b"* LIST () NIL {1+}\r\nx\r\n"),
            (b"* LIST () NIL \"\x80\"\r\n", b"* LIST () NIL \"\0\"\r\n"),
            (b"* LIST () \"//\" x\r\n", b"* LIST () \"/\r\" x\r\n"),
            (b"* LIST (\\x ) NIL x\r\n", b"* LIST (\\x x) NIL x\r\n"),
            (b"* LIST (\\Marked \\Noselect) NIL x\r\n", b"* LIST (\\x*) NIL x\r\n"),
            (b"* FLAGS (x\x7f)\r\n", b"* FLAGS (x%)\r\n"),
            (b"* FLAGS (x])\r\n", b"* FLAGS (x*)\r\n"),
            (b"* FLAGS (\\*)\r\n", b"* FLAGS (\\%)\r\n"),
            (b"* FLAGS (\\Recent)\r\n", b"* FLAGS (%)\r\n"),
            (b"* ID  NIL\r\n", b"* ID x\r\n"),
            (
                b"* STATUS x (HIGHESTMODSEQ 9223372036854775808)\r\n",
                b"* STATUS x (HIGHESTMODSEQ 18446744073709551616)\r\n",
            ),
            (b"* 1 FETCH (UID x)\r\n", b"* SEARCH x\r\n"),
            (
                b"* 1 FETCH (BODY[HEADER.FIELDS ()] NIL)\r\n",
                b"* 1 FETCH (BODY[HEADER.FIELDS (%)] NIL)\r\n",
            ),
            (
                b"* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" NIL NIL NIL NIL 5))\r\n",
                b"* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" (\"c\" \"d\") \"\" NIL x 5))\r\n",
            ),
            (
                b"* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" NIL NIL NIL \"c\" 5 (\"d\" NIL)))\r\n",
                b"* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" (\"c\" \"d\") \"\" NIL \"e\" 5 x))\r\n",
            ),
            (
                b"* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"b\" NIL NIL NIL \"c\" 5))\r\n",
                b"* 1 FETCH (BODYSTRUCTURE (\"TEXT\" \"b\" (\"c\" \"d\") \"\" NIL \"e\" 5x))\r\n",
            ),
        ];
        for (known, other) in pairs {
            let of_known = rejection(known);
            assert!(is_accepted(&Place::of(&of_known, known)), "{of_known}");
            let of_other = rejection(other);
            assert_eq!(of_other.production.name, of_known.production.name);
            assert!(!is_accepted(&Place::of(&of_other, other)), "{of_other}");
        }
    }

    /// What imap-proto reads it does not skip, and no rule for any production is about what is right.
    #[test]
    fn a_legal_message_that_is_refused_anywhere_is_no_known_difference() {
        let messages: [&[u8]; 8] = [
            b"* OK [UNSEEN 7] x ) \x7f \r\n",
            b"a NO x\r\n",
            b"* FLAGS (\\Seen x \\x)\r\n",
            b"* LIST (\\Marked) \"/\" {2}\r\n(x\r\n",
            b"* ID (\"a\" NIL)\r\n",
            b"* VANISHED (EARLIER) 1:2,7\r\n",
            b"* 1 FETCH (FLAGS (\\Seen) UID 7 BODY[1.TEXT]<0> \"x\" MODSEQ (5))\r\n",
            b"* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" (\"c\" \"d\") NIL NIL \"e\" 5 NIL NIL))\r\n",
        ];
        for message in messages {
            response(message).expect("legal");
            for offset in 0..message.len() {
                let (before, rest) = message.split_at(offset);
                let place = Place { production: "any", expected: "CRLF", before, rest };
                assert!(!is_accepted(&place), "{} at {offset}", message.escape_ascii());
            }
        }
    }

    #[test]
    fn a_body_that_is_refused_is_known_for_its_parentheses_only() {
        assert!(!is_refused(b"* 1 FETCH (BODY (\"a\" \"b\" NIL NIL NIL \"c\" 5))\r\n"));
        assert!(is_refused(b"* 1 FETCH (BODY (\"a\" \"b)\" NIL NIL NIL \"c\" 5))\r\n"));
        assert!(is_refused(b"* 1 FETCH (BODY ((\"a\" \"b\" NIL NIL NIL \"c\" 5) \"d\"))\r\n"));
    }

    #[test]
    fn a_body_structure_that_is_refused_is_known_for_its_extensions_only() {
        let part = |extensions: &str| {
            let part = format!("(\"a\" \"b\" NIL NIL NIL \"c\" 5 NIL NIL NIL NIL{extensions})");
            format!("* 1 FETCH (BODYSTRUCTURE ({part} \"d\"))\r\n")
        };
        assert!(!is_refused(part(" (1 2)").as_bytes()));
        assert!(is_refused(part(" 1 2").as_bytes()));
        let alone =
            b"* 1 FETCH (BODYSTRUCTURE (\"a\" \"b\" NIL NIL NIL \"c\" 5 NIL NIL NIL NIL 1 2))\r\n";
        assert!(!is_refused(alone));
    }

    #[test]
    fn text_that_is_refused_is_known_for_its_literal_only() {
        assert!(!is_refused(b"+ [BADCHARSET (\x7f\r\n"));
        assert!(!is_refused(b"+ [\x7f {1}\r\n"));
        assert!(is_refused(b"+ [BADCHARSET (\x7f {1}\r\n"));
        assert!(is_refused(b"+ [BADCHARSET (\x7f x] {1}\r\n"));
    }

    #[test]
    fn a_name_that_is_refused_is_known_for_what_it_begins_with_only() {
        assert!(!is_refused(b"* LIST (\\Marked \\Sen) NIL x\r\n"));
        assert!(is_refused(b"* LIST (\\sentry) NIL x\r\n"));
        assert!(!is_refused(b"* CAPABILITY IMAP4rev1 IMAP4rev\r\n"));
        assert!(is_refused(b"* CAPABILITY IMAP4rev1 IMAP4rev12\r\n"));
    }

    #[test]
    fn an_extension_that_is_refused_is_known_for_what_is_not_read_only() {
        assert!(!is_refused(b"* ID (\"a\" NIL)\r\n"));
        assert!(is_refused(b"* ID ()\r\n"));
        assert!(!is_refused(b"* SEARCH 1\r\n"));
        assert!(is_refused(b"* SEARCH 1 (MODSEQ 5)\r\n"));
    }
}
