//! Responses, as servers send them.

use super::random::Random;

/// Every kind of response but long SEARCH, as a client that synchronises sees them.
pub fn mixed(random: &mut Random) -> Vec<u8> {
    match random.between(0, 9) {
        0..=2 => flags_and_uid(random),
        3 | 4 => envelope_only(random),
        5 => body_structure_only(random),
        6 | 7 => all_items(random),
        _ => short(random),
    }
}

/// `FLAGS` and `UID`.
pub fn flags_and_uid(random: &mut Random) -> Vec<u8> {
    let (number, uid, flags) = (random.between(1, 9999), random.between(1, 999_999), flags(random));
    format!("* {number} FETCH (FLAGS ({flags}) UID {uid})\r\n").into_bytes()
}

/// `ENVELOPE`
pub fn envelope_only(random: &mut Random) -> Vec<u8> {
    let (number, envelope) = (random.between(1, 9999), envelope(random));
    format!("* {number} FETCH (ENVELOPE {envelope})\r\n").into_bytes()
}

/// `BODYSTRUCTURE`
pub fn body_structure_only(random: &mut Random) -> Vec<u8> {
    let (number, body) = (random.between(1, 9999), body(random, 3));
    format!("* {number} FETCH (BODYSTRUCTURE {body})\r\n").into_bytes()
}

/// Every item, and a section in a literal.
pub fn all_items(random: &mut Random) -> Vec<u8> {
    let number = random.between(1, 9999);
    let octets = random.between(100, 4000);
    let mut message = format!(
        "* {number} FETCH (FLAGS ({}) UID {} INTERNALDATE \"{:2}-{}-2024 {:02}:{:02}:09 +0200\" \
         RFC822.SIZE {octets} ENVELOPE {} BODYSTRUCTURE {} BODY[1.2]<0> {{{octets}}}\r\n",
        flags(random),
        random.between(1, 999_999),
        random.between(1, 28),
        random.pick(&["Jan", "Feb", "Jul", "Dec"]),
        random.between(0, 23),
        random.between(0, 59),
        envelope(random),
        body(random, 2),
    )
    .into_bytes();
    message.extend(random.lines(octets));
    message.extend_from_slice(b")\r\n");
    message
}

/// `SEARCH` with 1,000 to 5,000 numbers.
pub fn long_search(random: &mut Random) -> Vec<u8> {
    let mut message = b"* SEARCH".to_vec();
    let mut number = random.between(1, 100_000);
    for _ in 0..random.between(1000, 5000) {
        number += random.between(1, 50);
        message.extend_from_slice(format!(" {number}").as_bytes());
    }
    message.extend_from_slice(b"\r\n");
    message
}

/// `LIST`, `STATUS`, numbers, response codes, tagged responses.
pub fn short(random: &mut Random) -> Vec<u8> {
    let mailbox =
        random.pick(&["INBOX", "Sent", "\"Deleted Items\"", "Archive/2024", "lists/imap"]);
    let number = random.between(1, 99_999);
    let line = match random.between(0, 9) {
        0 | 1 => {
            let attributes = random.pick(&["\\HasNoChildren", "\\Noselect \\HasChildren", ""]);
            format!("* LIST ({attributes}) \"/\" {mailbox}")
        }
        2 => format!(
            "* STATUS {mailbox} (MESSAGES {number} RECENT {} UIDNEXT {} UIDVALIDITY 3857529045 \
             UNSEEN {})",
            random.between(0, 9),
            random.between(1, 99_999),
            random.between(0, 99)
        ),
        3 => format!("* {number} {}", random.pick(&["EXISTS", "RECENT", "EXPUNGE"])),
        4 => format!("* OK [UIDNEXT {number}] {}", random.words(2, 5)),
        5 => format!("* OK [PERMANENTFLAGS ({} \\*)] Limited", "\\Answered \\Seen $Junk"),
        6 => "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded)".into(),
        7 => "* CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN LITERAL+ IDLE NAMESPACE UIDPLUS".into(),
        8 => format!("A{number} OK [READ-WRITE] SELECT completed"),
        _ => {
            let status = random.pick(&["OK", "NO", "BAD"]);
            format!("A{number} {status} {}", random.words(2, 6))
        }
    };
    format!("{line}\r\n").into_bytes()
}

fn flags(random: &mut Random) -> String {
    random.some_of(&["\\Seen", "\\Answered", "\\Flagged", "\\Recent", "$Forwarded", "NonJunk"], 2)
}

/// `envelope`
fn envelope(random: &mut Random) -> String {
    let from = addresses(random, 1);
    let to = random.between(1, 4);
    let to = addresses(random, to);
    let cc = if random.once_in(3) { addresses(random, 2) } else { "NIL".into() };
    let subject = match random.between(0, 9) {
        0 => "{11}\r\na \\ and a \"".into(),
        1 => format!("\"the \\\"{}\\\" release\"", random.words(1, 2)),
        _ => format!("\"Re: {}\"", random.words(2, 9)),
    };
    let reply = if random.once_in(2) { message_id(random) } else { "NIL".into() };
    let id = message_id(random);
    format!(
        "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" {subject} {from} {from} {from} {to} {cc} NIL \
         {reply} {id})"
    )
}

fn addresses(random: &mut Random, count: usize) -> String {
    let addresses: String = (0..count)
        .map(|_| {
            let name =
                random.pick(&["NIL", "\"Terry Gray\"", "\"Ana Maria de Souza\"", "\"KLENSIN\""]);
            let mailbox = random.pick(&["gray", "imap", "minutes", "a.souza"]);
            let host = random.pick(&["cac.washington.edu", "CNRI.Reston.VA.US", "example.org"]);
            format!("({name} NIL \"{mailbox}\" \"{host}\")")
        })
        .collect();
    format!("({addresses})")
}

fn message_id(random: &mut Random) -> String {
    format!("\"<B27397-0100000.{}@cac.washington.edu>\"", random.between(1, 9_999_999))
}

/// `body`, with at most so many levels of multiparts.
pub fn body(random: &mut Random, levels: usize) -> String {
    if levels == 0 || random.once_in(4) {
        return single_part(random, levels);
    }
    let parts: String = (0..random.between(2, 4)).map(|_| body(random, levels - 1)).collect();
    let subtype = random.pick(&["MIXED", "ALTERNATIVE", "RELATED"]);
    let boundary = random.between(1, 9_999_999);
    format!("({parts} \"{subtype}\" (\"BOUNDARY\" \"----=_Part_{boundary}\") NIL NIL)")
}

/// `body-type-1part`, with the extension data that BODYSTRUCTURE carries.
pub fn single_part(random: &mut Random, levels: usize) -> String {
    let (octets, lines) = (random.between(1, 99_999), random.between(1, 999));
    match random.between(0, if levels > 1 { 9 } else { 8 }) {
        0..=4 => {
            let subtype = random.pick(&["PLAIN", "HTML"]);
            let charset = random.pick(&["US-ASCII", "UTF-8"]);
            let encoding = random.pick(&["7BIT", "QUOTED-PRINTABLE"]);
            format!(
                "(\"TEXT\" \"{subtype}\" (\"CHARSET\" \"{charset}\") NIL NIL \"{encoding}\" \
                 {octets} {lines} NIL NIL NIL NIL)"
            )
        }
        5..=8 => {
            let name = format!("{}.pdf", random.words(1, 3));
            format!(
                "(\"APPLICATION\" \"PDF\" (\"NAME\" \"{name}\") \"<part{lines}@example.org>\" NIL \
                 \"BASE64\" {octets} NIL (\"ATTACHMENT\" (\"FILENAME\" \"{name}\" \"SIZE\" \
                 \"{octets}\")) NIL NIL)"
            )
        }
        _ => {
            let (envelope, body) = (envelope(random), single_part(random, 0));
            format!(
                "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" {octets} {envelope} {body} {lines} \
                 NIL (\"INLINE\" NIL) NIL NIL)"
            )
        }
    }
}
