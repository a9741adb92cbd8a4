//! Responses of extensions, each legal under its capability alone.

use imap_grammar::{
    Capability, ESearch, ListAttribute, ListExtendedItem, ListExtendedValue, MailboxList,
    Namespace, Namespaces, OptionValue, SearchReturnData, SeqNumber, SequenceRange, SequenceSet,
    Tag, Untagged, Vanished,
};

use crate::Legal::{self, *};
use crate::{atom, check_illegal, check_legal, m, nz, one, range, s};

fn capability(name: &'static str) -> Capability<'static> {
    Capability(atom(name))
}

fn set(ranges: Vec<SequenceRange>) -> SequenceSet {
    SequenceSet::new(ranges).unwrap()
}

#[test]
fn namespace_responses() {
    let namespace =
        |prefix, delimiter| Namespace { prefix: s(prefix), delimiter, extensions: vec![] };
    let legal = |personal, other_users, shared| {
        Untagged(Untagged::Namespace(Box::new(Namespaces { personal, other_users, shared })))
    };
    check_legal(vec![
        ("2342 §5", "NAMESPACE", "* NAMESPACE ((\"\" \"/\")) NIL NIL", {
            legal(vec![namespace("", Some(b'/'))], vec![], vec![])
        }),
        ("2342 §5", "NAMESPACE", "* NAMESPACE NIL NIL ((\"\" \".\")(\"#x/\" NIL))", {
            legal(vec![], vec![], vec![namespace("", Some(b'.')), namespace("#x/", None)])
        }),
        (
            "2342 §5",
            "NAMESPACE",
            "* namespace ((\"\" \"\\\\\" \"X-PARAM\" (\"a\" \"b\"))) nil NIL",
            {
                let extensions = vec![(s("X-PARAM"), vec![s("a"), s("b")])];
                let namespace = Namespace { extensions, ..namespace("", Some(b'\\')) };
                legal(vec![namespace], vec![], vec![])
            },
        ),
        ("2342 §6", "NAMESPACE", "* NAMESPACE (({1}\r\n\" NIL)) NIL NIL", {
            legal(vec![namespace("\"", None)], vec![], vec![])
        }),
    ]);
    check_illegal(vec![
        ("2342, off", "", "* NAMESPACE NIL NIL NIL", ("response-data", 2)),
        ("2342 §6", "NAMESPACE", "* NAMESPACE NIL NIL", ("Namespace-Response", 19)),
        ("2342 §6", "NAMESPACE", "* NAMESPACE NIL NIL NIL NIL", ("response-data", 23)),
        ("2342 §6", "NAMESPACE", "* NAMESPACE () NIL NIL", ("Namespace-Descr", 13)),
        ("2342 §6", "NAMESPACE", "* NAMESPACE (\"\" \"/\") NIL NIL", ("Namespace-Descr", 13)),
        ("2342 §6", "NAMESPACE", "* NAMESPACE ((NIL \"/\")) NIL NIL", ("string", 14)),
        ("2342 §6", "NAMESPACE", "* NAMESPACE ((x \"/\")) NIL NIL", ("string", 14)),
        ("2342 §6", "NAMESPACE", "* NAMESPACE ((\"\" \"\")) NIL NIL", ("Namespace-Descr", 18)),
        (
            "2342 §6",
            "NAMESPACE",
            "* NAMESPACE ((\"\" \"/\") (\"\" \"/\")) NIL NIL",
            ("Namespace", 21),
        ),
        ("2342 §6", "NAMESPACE", "* NAMESPACE ((\"\" \"/\" \"X\")) NIL NIL", {
            ("Namespace-Response-Extension", 24)
        }),
        ("2342 §6", "NAMESPACE", "* NAMESPACE ((\"\" \"/\" \"X\" ())) NIL NIL", ("string", 26)),
    ]);
}

#[test]
fn id_and_enabled_responses() {
    check_legal(vec![
        ("2971 §3.2", "ID", "* ID NIL", Untagged(Untagged::Id(None))),
        ("2971 §3.2", "ID", "* ID (\"name\" \"Cyrus\" \"os\" NIL)", {
            let pairs = vec![(s("name"), Some(s("Cyrus"))), (s("os"), None)];
            Untagged(Untagged::Id(Some(pairs)))
        }),
        ("2971 §4", "ID", "* ID ()", Untagged(Untagged::Id(Some(vec![])))),
        ("5161 §3.2", "ENABLE", "* ENABLED X-GOOD-IDEA CONDSTORE", {
            Untagged(Untagged::Enabled(vec![capability("X-GOOD-IDEA"), capability("CONDSTORE")]))
        }),
        ("5161 §4", "ENABLE", "* ENABLED", Untagged(Untagged::Enabled(vec![]))),
    ]);
    check_illegal(vec![
        ("2971, off", "", "* ID NIL", ("response-data", 2)),
        ("2971 §4", "ID", "* ID", ("id", 4)),
        ("2971 §4", "ID", "* ID x", ("id_params_list", 5)),
        ("2971 §4", "ID", "* ID (\"a\")", ("id_params_list", 9)),
        ("2971 §4", "ID", "* ID (a \"b\")", ("string", 6)),
        ("2971 §4", "ID", "* ID (NIL \"b\")", ("string", 6)),
        ("2971 §4", "ID", "* ID (\"a\" b)", ("nstring", 10)),
        ("5161, off", "", "* ENABLED X", ("response-data", 2)),
        ("5161 §4", "ENABLE", "* ENABLED ", ("atom", 10)),
        ("5161 §4", "ENABLE", "* ENABLED (X)", ("atom", 10)),
    ]);
}

#[test]
fn esearch_responses() {
    use SearchReturnData::{All, Count, Max, Min, ModSeq};
    let legal = |tag: Option<&'static str>, uid, data| {
        let tag = tag.map(|tag| Tag::new(tag).unwrap());
        Untagged(Untagged::ESearch(Box::new(ESearch { tag, uid, data })))
    };
    check_legal(vec![
        ("4731 §3.1", "ESEARCH", "* ESEARCH (TAG \"A282\") MIN 2 COUNT 3", {
            legal(Some("A282"), false, vec![Min(nz(2)), Count(3)])
        }),
        ("4731 §3.1", "ESEARCH", "* ESEARCH (TAG \"A285\") UID MAX 3800 ALL 2,10:11", {
            legal(Some("A285"), true, vec![Max(nz(3800)), All(set(vec![one(2), range(10, 11)]))])
        }),
        ("4466 §3", "ESEARCH", "* ESEARCH", legal(None, false, vec![])),
        ("4466 §3", "ESEARCH", "* esearch uid count 0", legal(None, true, vec![Count(0)])),
        ("4466 §3", "ESEARCH", "* ESEARCH (TAG {2}\r\na])", legal(Some("a]"), false, vec![])),
        ("4731 §4, 3501 §9 seq-number", "ESEARCH", "* ESEARCH ALL 2:*", {
            let two_and_more = SequenceRange::Range(SeqNumber::Number(nz(2)), SeqNumber::Largest);
            legal(None, false, vec![All(set(vec![two_and_more]))])
        }),
        ("4731 §3.2", "ESEARCH CONDSTORE", "* ESEARCH MIN 2 MODSEQ 917162488", {
            legal(None, false, vec![Min(nz(2)), ModSeq(917_162_488)])
        }),
    ]);
    check_illegal(vec![
        ("4731, off", "", "* ESEARCH", ("response-data", 2)),
        ("4731 §4", "ESEARCH", "* ESEARCH MODSEQ 5", ("search-return-data", 10)),
        ("4731 §4", "ESEARCH", "* ESEARCH MIN 0", ("nz-number", 14)),
        ("4731 §4", "ESEARCH", "* ESEARCH MIN", ("search-return-data", 13)),
        ("4731 §4", "ESEARCH", "* ESEARCH ALL x", ("sequence-set", 14)),
        ("4731 §4", "ESEARCH", "* ESEARCH ALL", ("search-return-data", 13)),
        ("4731 §4", "ESEARCH", "* ESEARCH FOO 5", ("search-return-data", 10)),
        ("4466 §3", "ESEARCH", "* ESEARCH COUNT 1 UID", ("search-return-data", 18)),
        ("4466 §3", "ESEARCH", "* ESEARCH UID UID", ("search-return-data", 14)),
        ("4466 §3", "ESEARCH", "* ESEARCH COUNT 1 (TAG \"a\")", ("search-return-data", 18)),
        ("4466 §3", "ESEARCH", "* ESEARCH (TAG a)", ("string", 15)),
        ("4466 §3", "ESEARCH", "* ESEARCH (TAG \"\")", ("tag-string", 15)),
        ("4466 §3", "ESEARCH", "* ESEARCH (TAG \"a b\")", ("tag-string", 15)),
        ("4466 §3", "ESEARCH", "* ESEARCH (UID 1)", ("search-correlator", 11)),
        ("4466 §3", "ESEARCH", "* ESEARCH ", ("search-return-data", 10)),
    ]);
}

#[test]
fn mod_sequences_and_vanished() {
    let search = |numbers: &[u32], mod_seq| {
        let numbers = numbers.iter().copied().map(nz).collect();
        Untagged(Untagged::Search { numbers, mod_seq: Some(mod_seq) })
    };
    let vanished = |earlier, uids| Untagged(Untagged::Vanished(Vanished { earlier, uids }));
    check_legal(vec![
        (
            "7162 §3.1.5",
            "CONDSTORE",
            "* SEARCH 2 5 (MODSEQ 917162500)",
            search(&[2, 5], 917_162_500),
        ),
        ("7162 §3.2.10", "QRESYNC", "* VANISHED (EARLIER) 300:310,405", {
            vanished(true, set(vec![range(300, 310), one(405)]))
        }),
        ("7162 §3.2.10", "QRESYNC", "* vanished 405", vanished(false, set(vec![one(405)]))),
    ]);
    check_illegal(vec![
        ("7162 §7, off", "", "* SEARCH 2 (MODSEQ 5)", ("mailbox-data", 11)),
        ("7162 §7", "CONDSTORE", "* SEARCH (MODSEQ 5)", ("nz-number", 9)),
        ("7162 §7", "CONDSTORE", "* SEARCH 2 (MODSEQ 0)", ("mod-sequence-value", 19)),
        ("7162 §7", "CONDSTORE", "* SEARCH 2 (MODSEQ 5) 3", ("response-data", 21)),
        ("7162 §7", "CONDSTORE", "* SEARCH 2 ()", ("search-sort-mod-seq", 12)),
        ("7162 §7, off", "CONDSTORE", "* VANISHED 1", ("response-data", 2)),
        ("7162 §7", "QRESYNC", "* VANISHED", ("expunged-resp", 10)),
        ("7162 §7", "QRESYNC", "* VANISHED *", ("known-uids", 11)),
        ("7162 §7", "QRESYNC", "* VANISHED 1:*", ("known-uids", 13)),
        ("7162 §7", "QRESYNC", "* VANISHED (EARLIER)", ("expunged-resp", 20)),
        ("7162 §7", "QRESYNC", "* VANISHED (LATER) 1", ("expunged-resp", 12)),
        ("7162 §7", "QRESYNC", "* VANISHED ()", ("expunged-resp", 12)),
        ("7162 §7", "QRESYNC", "* 1 VANISHED", ("response-data", 4)),
    ]);
}

#[test]
fn extended_lists() {
    let list = |extended: Vec<(&'static str, ListExtendedValue<'static>)>| -> Legal {
        let item = |(tag, value)| ListExtendedItem { tag: s(tag), value };
        Untagged(Untagged::List(MailboxList {
            attributes: vec![],
            delimiter: Some(b'/'),
            mailbox: m("x"),
            extended: extended.into_iter().map(item).collect(),
        }))
    };
    let string = |octets| OptionValue::String(s(octets));
    check_legal(vec![
        (
            "5258 §5",
            "LIST-EXTENDED",
            "* LIST () \"/\" x (\"CHILDINFO\" (\"SUBSCRIBED\" \"FOO\"))",
            {
                let options = vec![string("SUBSCRIBED"), string("FOO")];
                list(vec![("CHILDINFO", ListExtendedValue::List(options))])
            },
        ),
        ("5258 §6 option-value", "LIST-EXTENDED", "* LIST () \"/\" x (CHILDINFO (\"X (a b)\"))", {
            list(vec![("CHILDINFO", ListExtendedValue::List(vec![string("X (a b)")]))])
        }),
        ("5258 §6 Note 1", "LIST-EXTENDED", "* LIST () \"/\" x (CHILDINFO (\"SUBSCRIBED\"))", Same),
        ("5258 §6", "LIST-EXTENDED", "* LIST () \"/\" x ()", list(vec![])),
        ("4466 §3", "LIST-EXTENDED", "* LIST () \"/\" x (A 1:5,* B 0 C 007 D ())", {
            let star = SeqNumber::Largest;
            let ranges = vec![range(1, 5), SequenceRange::Single(star)];
            list(vec![
                ("A", ListExtendedValue::SequenceSet(set(ranges))),
                ("B", ListExtendedValue::Number(0)),
                ("C", ListExtendedValue::Number(7)),
                ("D", ListExtendedValue::List(vec![])),
            ])
        }),
        ("4466 §3", "LIST-EXTENDED", "* LIST () \"/\" x (A (b \"\" (c (\"d e\")) NIL))", {
            let inner = OptionValue::List(vec![string("d e")]);
            let nested = OptionValue::List(vec![string("c"), inner]);
            let values = vec![string("b"), string(""), nested, string("NIL")];
            list(vec![("A", ListExtendedValue::List(values))])
        }),
        ("5258 §3.4", "LIST-EXTENDED", "* LIST (\\NonExistent \\Subscribed) \"/\" x", {
            let attribute = |name| ListAttribute::Extension(atom(name));
            Untagged(Untagged::List(MailboxList {
                attributes: vec![attribute("NonExistent"), attribute("Subscribed")],
                delimiter: Some(b'/'),
                mailbox: m("x"),
                extended: vec![],
            }))
        }),
        ("5258 §6, off", "", "* LIST (\\HasChildren \\HasNoChildren) \"/\" x", Same),
        ("6154 §5.1", "SPECIAL-USE", "* LIST (\\Marked \\HasNoChildren \\All) \"/\" x", Same),
    ]);
    check_illegal(vec![
        (
            "5258 §6",
            "LIST-EXTENDED",
            "* LIST (\\NonExistent \\Noselect) \"/\" x",
            ("mbx-list-flags", 21),
        ),
        (
            "5258 §6",
            "LIST-EXTENDED",
            "* LIST (\\HasChildren \\Marked \\hasnochildren) \"/\" x",
            ("child-mbox-flag", 29),
        ),
        ("5258 §6", "LIST-EXTENDED", "* LIST () \"/\" x x", ("mbox-list-extended", 16)),
        ("5258 §6", "LIST-EXTENDED", "* LIST () \"/\" x (A)", ("mbox-list-extended", 18)),
        (
            "5258 §6",
            "LIST-EXTENDED",
            "* LIST () \"/\" x (\"\" 1)",
            ("mbox-list-extended-item-tag", 17),
        ),
        ("5258 §6", "LIST-EXTENDED", "* LIST () \"/\" x (\"a b\" 1)", {
            ("mbox-list-extended-item-tag", 17)
        }),
        ("5258 §6", "LIST-EXTENDED", "* LIST () \"/\" x (A b)", ("tagged-ext-val", 19)),
        ("4466 §3", "LIST-EXTENDED", "* LIST () \"/\" x (A \"b\")", ("tagged-ext-val", 19)),
        ("4466 §3", "LIST-EXTENDED", "* LIST () \"/\" x (A (()))", ("astring", 21)),
        ("4466 §3", "LIST-EXTENDED", "* LIST () \"/\" x (A 4294967296)", ("nz-number", 19)),
        (
            "5258 §6 Note 2",
            "LIST-EXTENDED",
            "* LIST () \"/\" x (CHILDINFO (SUBSCRIBED))",
            ("quoted", 28),
        ),
        ("5258 §6", "LIST-EXTENDED", "* LIST () \"/\" x (CHILDINFO ())", ("quoted", 28)),
        ("5258 §6", "LIST-EXTENDED", "* LIST () \"/\" x (CHILDINFO (\"\"))", {
            ("list-select-base-opt-quoted", 29)
        }),
        ("5258 §6", "LIST-EXTENDED", "* LIST () \"/\" x (CHILDINFO (\"SUBSCRIBED\" \"a b\"))", {
            ("list-select-base-opt-quoted", 42)
        }),
        ("5258 §6", "LIST-EXTENDED", "* LIST () \"/\" x (CHILDINFO (\"X ()\"))", {
            ("list-select-base-opt-quoted", 29)
        }),
    ]);
}
