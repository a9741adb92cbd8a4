//! `mailbox-data`, `capability-data` and the responses with a number before them.

use imap_grammar::{
    Capability, Flag, ListAttribute, Mailbox, MailboxList, StatusAttribute, Untagged,
};

use crate::Legal::{self, *};
use crate::{atom, check_illegal, check_legal, m, nz};

fn list(
    attributes: Vec<ListAttribute<'static>>,
    delimiter: Option<u8>,
    mailbox: Mailbox<'static>,
) -> MailboxList<'static> {
    MailboxList { attributes, delimiter, mailbox, extended: vec![] }
}

fn search(numbers: &[u32]) -> Legal {
    let numbers = numbers.iter().copied().map(nz).collect();
    Untagged(Untagged::Search { numbers, mod_seq: None })
}

fn status(attributes: Vec<(StatusAttribute, u64)>) -> Legal {
    Untagged(Untagged::MailboxStatus { mailbox: m("x"), attributes })
}

#[test]
fn legal_capabilities_and_flags() {
    let capability = |names: &[&'static str]| {
        Untagged(Untagged::Capability(names.iter().map(|name| Capability(atom(name))).collect()))
    };
    check_legal(vec![
        ("3501 §7.2.1", "", "* CAPABILITY IMAP4rev1 STARTTLS AUTH=GSSAPI XPIG-LATIN", {
            capability(&["IMAP4rev1", "STARTTLS", "AUTH=GSSAPI", "XPIG-LATIN"])
        }),
        ("3501 §9 capability-data", "", "* CAPABILITY IMAP4 IMAP4rev1", {
            capability(&["IMAP4", "IMAP4rev1"])
        }),
        ("3501 §9 (1)", "", "* capability imap4REV1", capability(&["imap4REV1"])),
        ("3501 §9 capability", "", "* CAPABILITY IMAP4rev1 AUTH= +!", {
            capability(&["IMAP4rev1", "AUTH=", "+!"])
        }),
        ("3501 §7.2.6", "", "* FLAGS (\\Answered \\Flagged $x \\x)", {
            let other = [Flag::Keyword(atom("$x")), Flag::Extension(atom("x"))];
            Untagged(Untagged::Flags([vec![Flag::Answered, Flag::Flagged], other.into()].concat()))
        }),
        ("3501 §9 flag-list", "", "* FLAGS ()", Untagged(Untagged::Flags(vec![]))),
        ("3501 §9 flag-keyword", "", "* FLAGS (Seen [x NIL)", Same),
    ]);
}

#[test]
fn illegal_capabilities_and_flags() {
    check_illegal(vec![
        ("3501 §9 capability-data", "", "* CAPABILITY", ("capability-data", 12)),
        ("3501 §9 capability-data", "", "* CAPABILITY IMAP4", ("capability-data", 18)),
        ("3501 §9 capability-data", "", "* CAPABILITY XIMAP4rev1 IMAP4rev11", {
            ("capability-data", 34)
        }),
        ("3501 §9 atom", "", "* CAPABILITY IMAP4rev1 ", ("atom", 23)),
        ("3501 §9 (2)", "", "* CAPABILITY  IMAP4rev1", ("atom", 13)),
        ("3501 §9 atom", "", "* CAPABILITY IMAP4rev1 (x)", ("atom", 23)),
        ("3501 §9 atom", "", "* CAPABILITY IMAP4rev1 x]", ("response-data", 24)),
        ("3501 §9 flag", "", "* FLAGS (\\Recent)", ("flag", 9)),
        ("3501 §9 flag", "", "* FLAGS (\\*)", ("atom", 10)),
        ("3501 §9 flag-list", "", "* FLAGS \\Seen", ("flag-list", 8)),
        ("3501 §9 flag-list", "", "* FLAGS (\\Seen ", ("flag", 15)),
        ("3501 §9 flag-list", "", "* FLAGS (\\Seen)x", ("response-data", 15)),
        ("3501 §9 mailbox-data", "", "* FLAGS(\\Seen)", ("mailbox-data", 7)),
    ]);
}

#[test]
fn legal_lists() {
    use ListAttribute::{Extension, Marked, NoInferiors, NoSelect, Unmarked};
    let of = |list| Untagged(Untagged::List(list));
    check_legal(vec![
        ("3501 §7.2.2", "", "* LIST (\\Noselect) \"/\" ~/Mail/foo", {
            of(list(vec![NoSelect], Some(b'/'), m("~/Mail/foo")))
        }),
        ("3501 §7.2.3", "", "* LSUB () \".\" #news.comp.mail.misc", {
            Untagged(Untagged::Lsub(list(vec![], Some(b'.'), m("#news.comp.mail.misc"))))
        }),
        ("3501 §9 mailbox-list", "", "* LIST () NIL inbox", of(list(vec![], None, Mailbox::Inbox))),
        ("3501 §9 mailbox", "", "* LIST () nil \"InBoX\"", of(list(vec![], None, Mailbox::Inbox))),
        ("3501 §9 QUOTED-CHAR", "", "* LIST () \"\\\\\" x", of(list(vec![], Some(b'\\'), m("x")))),
        ("3501 §9 QUOTED-CHAR", "", "* LIST () \"\\\"\" x", of(list(vec![], Some(b'"'), m("x")))),
        ("3501 §9 QUOTED-CHAR", "", "* LIST () \" \" x", of(list(vec![], Some(b' '), m("x")))),
        ("3501 §9 mbx-list-flags", "", "* LIST (\\Noinferiors \\marked \\Sent) \"/\" x", {
            of(list(vec![NoInferiors, Marked, Extension(atom("Sent"))], Some(b'/'), m("x")))
        }),
        ("3501 §9 mbx-list-flags", "", "* LIST (\\x \\x \\Unmarked) \"/\" x", {
            let x = || Extension(atom("x"));
            of(list(vec![x(), x(), Unmarked], Some(b'/'), m("x")))
        }),
        ("3501 §9 flag-extension", "", "* LIST (\\NonExistent \\Noselect) \"/\" x", {
            of(list(vec![Extension(atom("NonExistent")), NoSelect], Some(b'/'), m("x")))
        }),
        ("3501 §9 flag-extension", "", "* LIST (\\NoselectX) \"/\" x", {
            of(list(vec![Extension(atom("NoselectX"))], Some(b'/'), m("x")))
        }),
        ("3501 §9 astring", "", "* LIST () \"/\" NIL", of(list(vec![], Some(b'/'), m("NIL")))),
        ("3501 §9 astring", "", "* LIST () \"/\" a]b", of(list(vec![], Some(b'/'), m("a]b")))),
        ("3501 §9 astring", "", "* LIST () \"/\" \"\"", of(list(vec![], Some(b'/'), m("")))),
        ("3501 §9 literal", "", "* LIST () \"/\" {5}\r\na\r\nb\\", {
            of(list(vec![], Some(b'/'), m("a\r\nb\\")))
        }),
        ("3501 §9 CHAR8", "", "* LIST () \"/\" {0002}\r\n\u{e9}", {
            of(list(vec![], Some(b'/'), m("\u{e9}")))
        }),
        ("3501 §9 quoted", "", "* LIST () \"/\" \"a\\\"b\\\\\"", {
            of(list(vec![], Some(b'/'), m("a\"b\\")))
        }),
        ("3501 §9 mailbox", "", "* LIST () \"/\" INBOX/x", {
            of(list(vec![], Some(b'/'), m("INBOX/x")))
        }),
    ]);
}

#[test]
fn illegal_lists() {
    check_illegal(vec![
        ("3501 §9 mbx-list-flags", "", "* LIST (\\Noselect \\Marked) \"/\" x", {
            ("mbx-list-flags", 18)
        }),
        ("3501 §9 mbx-list-oflag", "", "* LIST (Noselect) \"/\" x", ("mbx-list-oflag", 8)),
        ("3501 §9 mbx-list-oflag", "", "* LIST (\\Marked ) \"/\" x", ("mbx-list-oflag", 16)),
        ("3501 §9 atom", "", "* LIST (\\) \"/\" x", ("atom", 9)),
        ("3501 §9 mbx-list-flags", "", "* LIST ( ) \"/\" x", ("mbx-list-oflag", 8)),
        ("3501 §9 mailbox-list", "", "* LIST \"/\" x", ("mbx-list-flags", 7)),
        ("3501 §9 mailbox-list", "", "* LIST () / x", ("mailbox-list", 10)),
        ("3501 §9 mailbox-list", "", "* LIST () \"\" x", ("mailbox-list", 11)),
        ("3501 §9 mailbox-list", "", "* LIST () \"//\" x", ("mailbox-list", 12)),
        ("3501 §9 QUOTED-CHAR", "", "* LIST () \"\\x\" x", ("mailbox-list", 12)),
        ("3501 §9 QUOTED-CHAR", "", "* LIST () \"\\\" x", ("mailbox-list", 13)),
        ("3501 §9 mailbox-list", "", "* LIST () {1}\r\n/ x", ("mailbox-list", 10)),
        ("3501 §9 QUOTED-CHAR", "", "* LIST () \"\u{e9}\" x", ("mailbox-list", 11)),
        ("3501 §9 nil", "", "* LIST () NULL x", ("nstring", 10)),
        ("3501 §9 mailbox-list", "", "* LIST () \"/\"", ("mailbox-list", 13)),
        ("3501 §9 astring", "", "* LIST () \"/\" ", ("astring", 14)),
        ("3501 §9 astring", "", "* LIST () \"/\" %", ("astring", 14)),
        ("3501 §9 astring", "", "* LIST () \"/\" a b", ("response-data", 15)),
        ("3501 §9 astring", "", "* LIST () \"/\" a*", ("response-data", 15)),
        ("3501 §9 quoted", "", "* LIST () \"/\" \"a\\b\"", ("quoted", 17)),
        ("3501 §9 quoted", "", "* LIST () \"/\" \"\u{e9}\"", ("quoted", 15)),
        ("3501 §9 quoted", "", "* LIST () \"/\" \"a", ("quoted", 16)),
        ("3501 §9 quoted", "", "* LIST () \"/\" \"a\0\"", ("quoted", 16)),
        ("3501 §9 CHAR8", "", "* LIST () \"/\" {3}\r\na\0b", ("literal", 20)),
        ("3501 §9 literal", "", "* LIST () \"/\" {}\r\n", ("number", 15)),
        ("3501 §9 number", "", "* LIST () \"/\" {4294967296}\r\n", ("number", 15)),
        ("3501 §9 literal", "", "* LIST () \"/\" {1} \r\na", ("literal", 17)),
        ("7888 §4", "LITERAL+", "* LIST () \"/\" {1+}\r\na", ("literal", 16)),
        ("7888 §4", "", "* LIST () \"/\" {1+}\r\na", ("literal", 16)),
        ("3501 §9 mailbox-data", "", "* LIST", ("mailbox-data", 6)),
        ("5258 §6, off", "", "* LIST () \"/\" x ()", ("mailbox-list", 16)),
    ]);
}

#[test]
fn search_and_status() {
    use StatusAttribute::{HighestModSeq, Messages, Recent, UidNext, UidValidity, Unseen};
    check_legal(vec![
        ("3501 §7.2.5", "", "* SEARCH 2 3 6", search(&[2, 3, 6])),
        ("3501 §9 mailbox-data", "", "* SEARCH", search(&[])),
        ("3501 §9 nz-number", "", "* search 4294967295 1 1", search(&[u32::MAX, 1, 1])),
        ("3501 §7.2.4", "", "* STATUS x (MESSAGES 231 UIDNEXT 44292)", {
            status(vec![(Messages, 231), (UidNext, 44292)])
        }),
        ("3501 §9 mailbox-data", "", "* STATUS x ()", status(vec![])),
        (
            "3501 §9 status-att-list",
            "",
            "* STATUS x (recent 0 UNSEEN 00 UIDVALIDITY 4294967295)",
            { status(vec![(Recent, 0), (Unseen, 0), (UidValidity, u32::MAX.into())]) },
        ),
        ("3501 §9 status-att-list", "", "* STATUS \"a b\" (MESSAGES 1 MESSAGES 2)", Same),
        ("7162 §7", "CONDSTORE", "* STATUS x (HIGHESTMODSEQ 0)", status(vec![(HighestModSeq, 0)])),
        ("7162 §7", "CONDSTORE", "* STATUS x (HIGHESTMODSEQ 9223372036854775807)", {
            status(vec![(HighestModSeq, i64::MAX as u64)])
        }),
    ]);
    check_illegal(vec![
        ("3501 §9 nz-number", "", "* SEARCH 0", ("nz-number", 9)),
        ("3501 §9 nz-number", "", "* SEARCH 1 02", ("nz-number", 11)),
        ("3501 §9 nz-number", "", "* SEARCH 4294967296", ("nz-number", 9)),
        ("3501 §9 nz-number", "", "* SEARCH 99999999999999999999999", ("nz-number", 9)),
        ("3501 §9 nz-number", "", "* SEARCH ", ("nz-number", 9)),
        ("3501 §9 nz-number", "", "* SEARCH 1 ", ("nz-number", 11)),
        ("3501 §9 nz-number", "", "* SEARCH 1  2", ("nz-number", 11)),
        ("3501 §9 nz-number", "", "* SEARCH -1", ("nz-number", 9)),
        ("3501 §9 mailbox-data", "", "* SEARCH 1,2", ("response-data", 10)),
        ("3501 §9 mailbox-data", "", "* STATUS x", ("mailbox-data", 10)),
        ("3501 §9 status-att-list", "", "* STATUS x MESSAGES 1", ("status-att-list", 11)),
        ("3501 §9 status-att-list", "", "* STATUS x (MESSAGES)", ("status-att-list", 20)),
        ("3501 §9 status-att", "", "* STATUS x (SIZE 1)", ("status-att", 12)),
        ("3501 §9 status-att", "", "* STATUS x (MESSAGES 1 )", ("status-att", 23)),
        ("3501 §9 number", "", "* STATUS x (MESSAGES 4294967296)", ("number", 21)),
        ("3501 §9 number", "", "* STATUS x (MESSAGES NIL)", ("number", 21)),
        ("4466 §3 status-att-val", "", "* STATUS x (UIDNEXT 0)", ("nz-number", 20)),
        ("4466 §3 status-att-val", "", "* STATUS x (UIDVALIDITY 01)", ("nz-number", 24)),
        ("7162 §7, off", "", "* STATUS x (HIGHESTMODSEQ 1)", ("status-att", 12)),
        ("7162 §7", "CONDSTORE", "* STATUS x (HIGHESTMODSEQ 9223372036854775808)", {
            ("mod-sequence-valzer", 26)
        }),
    ]);
}

#[test]
fn numbers_of_messages() {
    check_legal(vec![
        ("3501 §7.3.1", "", "* 23 EXISTS", Untagged(Untagged::Exists(23))),
        ("3501 §9 number", "", "* 000 exists", Untagged(Untagged::Exists(0))),
        ("3501 §7.3.2", "", "* 4294967295 RECENT", Untagged(Untagged::Recent(u32::MAX))),
        ("3501 §7.4.1", "", "* 44 EXPUNGE", Untagged(Untagged::Expunge(nz(44)))),
    ]);
    check_illegal(vec![
        ("3501 §9 nz-number", "", "* 0 EXPUNGE", ("nz-number", 2)),
        ("3501 §9 nz-number", "", "* 01 EXPUNGE", ("nz-number", 2)),
        ("3501 §9 nz-number", "", "* 0 FETCH (FLAGS ())", ("nz-number", 2)),
        ("3501 §9 number", "", "* 4294967296 EXISTS", ("number", 2)),
        ("3501 §9 response-data", "", "* 1", ("response-data", 3)),
        ("3501 §9 response-data", "", "* 1 EXIST", ("response-data", 4)),
        ("3501 §9 response-data", "", "* 1  EXISTS", ("response-data", 4)),
        ("3501 §9 response-data", "", "* 1 EXISTS ", ("response-data", 10)),
        ("3501 §9 response-data", "", "* EXISTS 1", ("response-data", 2)),
        ("3501 §9 response-data", "", "* +1 EXISTS", ("response-data", 2)),
        ("3501 §9 response-data", "", "* 1 COPY", ("response-data", 4)),
    ]);
}
