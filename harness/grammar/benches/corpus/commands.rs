//! Commands, in about the proportions in which a client that synchronises sends them.

use super::random::Random;

const MAILBOXES: &[&str] = &["INBOX", "Sent", "Archive/2024", "\"Deleted Items\"", "\"a b\"", "x"];

/// One command of RFC 3501.
pub fn command(random: &mut Random) -> Vec<u8> {
    let tag = format!("A{:04}", random.between(1, 9999));
    let mailbox = random.pick(MAILBOXES);
    let set = sequence_set(random);
    let uid = random.pick(&["", "UID "]);
    let body = match random.between(0, 15) {
        0 => random.pick(&["NOOP", "CAPABILITY", "CHECK", "EXPUNGE", "CLOSE", "LOGOUT"]).into(),
        1 => format!("LOGIN user{} \"pass word\"", random.between(1, 99)),
        2 => format!("{} {mailbox}", random.pick(&["SELECT", "EXAMINE"])),
        3 => format!("{} {mailbox}", random.pick(&["CREATE", "SUBSCRIBE", "DELETE"])),
        4 => format!("{} \"\" {}", random.pick(&["LIST", "LSUB"]), random.pick(&["*", "%", "a/%"])),
        5 => format!("STATUS {mailbox} (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)"),
        6 => return append(random, &tag, mailbox),
        7 | 8 => format!("{uid}SEARCH {}", search_keys(random)),
        9..=12 => format!("{uid}FETCH {set} {}", fetch_items(random)),
        13 | 14 => {
            let action = random.pick(&["+FLAGS", "-FLAGS.SILENT", "FLAGS"]);
            format!("{uid}STORE {set} {action} (\\Seen \\Flagged $Forwarded)")
        }
        _ => format!("{uid}COPY {set} {mailbox}"),
    };
    format!("{tag} {body}\r\n").into_bytes()
}

fn append(random: &mut Random, tag: &str, mailbox: &str) -> Vec<u8> {
    let octets = random.between(100, 4000);
    let date = "17-Jul-1996 02:44:25 -0700";
    let line = format!("{tag} APPEND {mailbox} (\\Seen) \"{date}\" {{{octets}}}\r\n");
    let mut message = line.into_bytes();
    message.extend(random.lines(octets));
    message.extend_from_slice(b"\r\n");
    message
}

fn sequence_set(random: &mut Random) -> String {
    let mut first = 1;
    let ranges: Vec<_> = (0..random.between(1, 12))
        .map(|_| {
            first += random.between(2, 500);
            let start = first;
            first += random.between(1, 20);
            if random.once_in(2) { format!("{start}:{first}") } else { start.to_string() }
        })
        .collect();
    ranges.join(",")
}

fn fetch_items(random: &mut Random) -> &'static str {
    random.pick(&[
        "FULL",
        "FLAGS",
        "(UID FLAGS)",
        "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)",
        "(BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (DATE FROM SUBJECT)])",
        "BODY.PEEK[1.2]<0.16384>",
        "(UID BODY[])",
    ])
}

fn search_keys(random: &mut Random) -> &'static str {
    random.pick(&[
        "ALL",
        "UNSEEN UNDELETED",
        "SINCE 1-Feb-1994 NOT FROM \"Smith\"",
        "OR (FLAGGED SUBJECT invoice) (LARGER 100000 BEFORE 17-Jul-1996)",
        "CHARSET UTF-8 TEXT {5}\r\nmarch UID 1:4000",
        "HEADER Message-ID \"<a.b.c@example.org>\"",
    ])
}
