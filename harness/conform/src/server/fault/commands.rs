//! Faults in how commands are read.

use imap_grammar::{CommandBody, Mailbox, Response, Status};

use super::{Change, Fault, no_to_ok};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "login-literal-is-bad",
        requirement: "rfc3501/6.2.3-01",
        summary: "does not take user name and password as literals",
        change: Change::Heard(|_, message| {
            let is_literal = is(&message, "LOGIN") && message.contains(&b'{');
            if is_literal { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "mailbox-literal-is-bad",
        requirement: "rfc3501/4.3-01",
        summary: "does not take the name of a mailbox as literal",
        change: Change::Heard(|_, message| {
            let names = ["SELECT", "EXAMINE", "CREATE", "DELETE", "STATUS", "LIST", "LSUB"];
            let is_literal = names.iter().any(|name| is(&message, name)) && message.contains(&b'{');
            if is_literal { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "quoted-mailbox-is-bad",
        requirement: "rfc3501/4-01",
        summary: "takes the name of a mailbox to be selected only as atom or literal",
        change: Change::Heard(|_, message| {
            let is_quoted = is(&message, "SELECT") || is(&message, "STATUS");
            if is_quoted && message.contains(&b'"') { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "empty-literal-is-bad",
        requirement: "rfc3501/4.3-07",
        summary: "does not take a literal of no octets",
        change: Change::Heard(|_, message| {
            let is_empty = message.windows(5).any(|octets| octets == b"{0}\r\n");
            if is_empty { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "nil-is-empty",
        requirement: "rfc3501/4.5-02",
        summary: "takes the mailbox name NIL for the empty string",
        change: Change::Heard(|_, message| match message.strip_suffix(b" NIL\r\n") {
            Some(command) => [command, b" \"\"\r\n"].concat(),
            None => message,
        }),
    },
    Fault {
        name: "inbox-in-upper-case-only",
        requirement: "rfc3501/9-84",
        summary: "finds INBOX only where it is written in upper case",
        change: Change::Heard(|_, message| {
            let words = message.split(|octet| !octet.is_ascii_alphanumeric());
            let is_written = |word: &[u8]| word.eq_ignore_ascii_case(b"inbox") && word != b"INBOX";
            if words.into_iter().any(is_written) { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "lower-case-is-unknown",
        requirement: "rfc3501/9-02",
        summary: "knows commands only in upper case",
        change: Change::Heard(|_, message| {
            let is_lower = word(&message, 1).iter().any(u8::is_ascii_lowercase);
            if is_lower { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "spaces-are-one",
        requirement: "rfc3501/2.2.2-09",
        summary: "takes several spaces for one",
        change: Change::Heard(|_, mut message| {
            if !message.contains(&b'"') && !message.contains(&b'{') {
                message.dedup_by(|next, before| *next == b' ' && *before == b' ');
            }
            message
        }),
    },
    Fault {
        name: "more-arguments-are-ignored",
        requirement: "rfc3501/2.2.2-09",
        summary: "ignores arguments of commands that take none",
        change: Change::Heard(|_, message| {
            let names = ["CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "CHECK", "CLOSE", "EXPUNGE"];
            if names.iter().any(|name| is(&message, name)) {
                return [word(&message, 0), b" ", word(&message, 1), b"\r\n"].concat();
            }
            message
        }),
    },
    Fault {
        name: "tag-with-bracket-is-bad",
        requirement: "rfc3501/9-146",
        summary: "does not take tags with a closing bracket",
        change: Change::Heard(|_, message| {
            if word(&message, 0).contains(&b']') { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "bad-is-no",
        requirement: "rfc3501/2.2.2-07",
        summary: "says NO to commands it does not understand",
        change: Change::Edit(|exchange, response| {
            if let Response::Tagged(tagged) = response
                && tagged.status == Status::Bad
                && exchange.command(&tagged.tag).is_none()
            {
                tagged.status = Status::No;
            }
        }),
    },
    Fault {
        name: "store-without-parentheses-is-bad",
        requirement: "rfc3501/9-142",
        summary: "takes the flags of STORE only in parentheses",
        change: Change::Heard(|_, message| {
            let is_bare = is(&message, "STORE") && !message.contains(&b'(');
            if is_bare { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "store-of-no-flags-is-bad",
        requirement: "rfc3501/9-143",
        summary: "does not take an empty list of flags in STORE",
        change: Change::Heard(|_, message| {
            let is_empty = is(&message, "STORE") && message.ends_with(b"()\r\n");
            if is_empty { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "status-of-nothing-is-ok",
        requirement: "rfc3501/2.2.2-09",
        summary: "takes a STATUS without items",
        change: Change::Heard(|_, message| match message.strip_suffix(b"()\r\n") {
            Some(command) if is(&message, "STATUS") => [command, b"(MESSAGES)\r\n"].concat(),
            _ => message,
        }),
    },
    Fault {
        name: "names-with-8-bit",
        requirement: "rfc3501/5.1-01",
        summary: "says OK to the CREATE of a name with 8-bit characters",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| {
                created(body).is_some_and(|name| !name.as_bytes().is_ascii())
            });
        }),
    },
    Fault {
        name: "names-in-any-utf-7",
        requirement: "rfc3501/5.1.3-10",
        summary: "says OK to the CREATE of a name that is not in modified UTF-7",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| {
                created(body).is_some_and(|name| name.as_bytes().contains(&b'&'))
            });
        }),
    },
    Fault {
        name: "utf-7-is-case-blind",
        requirement: "rfc3501/5.1.3-09",
        summary: "finds a mailbox whose modified BASE64 differs in case",
        change: Change::Edit(|exchange, response| {
            no_to_ok(exchange, response, |body| match body {
                CommandBody::Status { mailbox, .. } | CommandBody::Examine { mailbox, .. } => {
                    mailbox.as_bytes().contains(&b'&')
                }
                _ => false,
            });
        }),
    },
    Fault {
        name: "authenticate-is-unknown",
        requirement: "rfc3501/6.2.2-13",
        summary: "does not know AUTHENTICATE",
        change: Change::Heard(|_, message| {
            if is(&message, "AUTHENTICATE") { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "authenticate-needs-a-first-response",
        requirement: "rfc4959/3-03",
        summary: "says BAD to AUTHENTICATE without a first response",
        change: Change::Heard(|_, message| {
            let is_alone = is(&message, "AUTHENTICATE") && word(&message, 3).is_empty();
            if is_alone { refused(&message) } else { message }
        }),
    },
    Fault {
        name: "flags-in-odd-case-are-ignored",
        requirement: "rfc3501/9-01",
        summary: "does not take \\SEEN for the system flag, and ignores it",
        change: Change::Heard(|_, message| without(message, b"\\SEEN ")),
    },
    Fault {
        name: "mime-needs-no-part",
        requirement: "rfc3501/6.4.5-21",
        summary: "takes MIME without a part number for the MIME header of part 1",
        change: Change::Heard(|_, message| {
            match message.windows(6).position(|octets| octets == b"[MIME]") {
                Some(at) => [&message[..=at], b"1.", &message[at + 1..]].concat(),
                None => message,
            }
        }),
    },
];

/// The word of a message, counted from zero.
fn word(message: &[u8], index: usize) -> &[u8] {
    let mut words = message.split(|octet| matches!(octet, b' ' | b'\r' | b'\n'));
    words.nth(index).unwrap_or_default()
}

/// Whether the message is that command, with UID before it or not.
fn is(message: &[u8], name: &str) -> bool {
    let by_uid = word(message, 1).eq_ignore_ascii_case(b"UID");
    word(message, if by_uid { 2 } else { 1 }).eq_ignore_ascii_case(name.as_bytes())
}

/// The message without the first occurrence of those octets.
fn without(message: Vec<u8>, octets: &[u8]) -> Vec<u8> {
    match message.windows(octets.len()).position(|window| window == octets) {
        Some(at) => [&message[..at], &message[at + octets.len()..]].concat(),
        None => message,
    }
}

/// A command that no server knows, under the same tag.
fn refused(message: &[u8]) -> Vec<u8> {
    [word(message, 0), b" NOT-UNDERSTOOD\r\n"].concat()
}

fn created<'b>(body: &'b CommandBody<'_>) -> Option<&'b Mailbox<'b>> {
    match body {
        CommandBody::Create { mailbox, .. } => Some(mailbox),
        _ => None,
    }
}
