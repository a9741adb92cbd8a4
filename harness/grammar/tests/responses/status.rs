//! `resp-text` and `resp-text-code`.

use std::borrow::Cow;

use imap_grammar::{
    Capability, Code, Flag, FlagPerm, RespText, Rfc5530Code, SequenceSet, Status, Text, Untagged,
};

use crate::Legal::{self, *};
use crate::{atom, check_illegal, check_legal, nz, one, range, s};

/// An untagged OK with this code and the text `x`.
fn code(code: Code<'static>) -> Legal {
    ok(Some(code), "x")
}

fn ok(code: Option<Code<'static>>, text: &'static str) -> Legal {
    let text = RespText { code, text: Text::new(text).unwrap() };
    Untagged(Untagged::Status { status: Status::Ok, text })
}

fn other(name: &'static str, value: &'static str) -> Legal {
    let value = (!value.is_empty()).then_some(Cow::Borrowed(value));
    code(Code::Other { name: atom(name), value })
}

fn set(ranges: Vec<imap_grammar::SequenceRange>) -> SequenceSet {
    SequenceSet::new(ranges).unwrap()
}

#[test]
fn legal_codes() {
    let capability = |names: &[&'static str]| {
        Code::Capability(names.iter().map(|name| Capability(atom(name))).collect())
    };
    check_legal(vec![
        ("3501 §7.1 ALERT", "", "* OK [ALERT] x", code(Code::Alert)),
        ("3501 §7.1 ALERT", "", "* OK [alert] x", code(Code::Alert)),
        ("3501 §7.1 BADCHARSET", "", "* OK [BADCHARSET] x", code(Code::BadCharset(vec![]))),
        ("3501 §7.1 BADCHARSET", "", "* OK [BADCHARSET (UTF-8 \"a b\" {1}\r\n])] x", {
            code(Code::BadCharset(vec![s("UTF-8"), s("a b"), s("]")]))
        }),
        ("3501 §7.1 CAPABILITY", "", "* OK [CAPABILITY X IMAP4rev1 AUTH=PLAIN] x", {
            code(capability(&["X", "IMAP4rev1", "AUTH=PLAIN"]))
        }),
        ("3501 §7.1 PARSE", "", "* OK [PARSE] x", code(Code::Parse)),
        ("3501 §7.1 PERMANENTFLAGS", "", "* OK [PERMANENTFLAGS (\\Deleted $x \\*)] x", {
            let keyword = FlagPerm::Flag(Flag::Keyword(atom("$x")));
            code(Code::PermanentFlags(vec![FlagPerm::Flag(Flag::Deleted), keyword, FlagPerm::Any]))
        }),
        ("3501 §9 resp-text-code", "", "* OK [PERMANENTFLAGS ()] x", {
            code(Code::PermanentFlags(vec![]))
        }),
        ("3501 §7.1 READ-ONLY", "", "* OK [READ-ONLY] x", code(Code::ReadOnly)),
        ("3501 §7.1 READ-WRITE", "", "* OK [Read-Write] x", code(Code::ReadWrite)),
        ("3501 §7.1 TRYCREATE", "", "* OK [TRYCREATE] x", code(Code::TryCreate)),
        ("3501 §7.1 UIDNEXT", "", "* OK [UIDNEXT 4294967295] x", code(Code::UidNext(nz(u32::MAX)))),
        ("3501 §7.1 UIDVALIDITY", "", "* OK [UIDVALIDITY 3857529045] x", {
            code(Code::UidValidity(nz(3_857_529_045)))
        }),
        ("3501 §7.1 UNSEEN", "", "* OK [UNSEEN 12] x", code(Code::Unseen(nz(12)))),
        ("4315 §3", "UIDPLUS", "* OK [APPENDUID 38505 3955] x", {
            code(Code::AppendUid { uid_validity: nz(38505), uid: nz(3955) })
        }),
        ("4315 §3", "UIDPLUS", "* OK [COPYUID 38505 304,319:320 3956:3958] x", {
            let source = set(vec![one(304), range(319, 320)]);
            let target = set(vec![range(3956, 3958)]);
            code(Code::CopyUid { uid_validity: nz(38505), source, target })
        }),
        ("4315 §3", "UIDPLUS", "* OK [UIDNOTSTICKY] x", code(Code::UidNotSticky)),
        ("7162 §3.1.2.1", "CONDSTORE", "* OK [HIGHESTMODSEQ 715194045007] x", {
            code(Code::HighestModSeq(715_194_045_007))
        }),
        ("7162 §3.1.2.2", "CONDSTORE", "* OK [NOMODSEQ] x", code(Code::NoModSeq)),
        ("7162 §3.1.3", "CONDSTORE", "* OK [MODIFIED 7,9] x", {
            code(Code::Modified(set(vec![one(7), one(9)])))
        }),
        ("7162 §3.2.11", "CONDSTORE", "* OK [CLOSED] x", code(Code::Closed)),
        ("6154 §6", "CREATE-SPECIAL-USE", "* OK [USEATTR] x", code(Code::UseAttr)),
        ("5530 §3", "", "* OK [OVERQUOTA] x", code(Code::Rfc5530(Rfc5530Code::OverQuota))),
        ("5530 §3", "", "* OK [authenticationfailed] x", {
            code(Code::Rfc5530(Rfc5530Code::AuthenticationFailed))
        }),
    ]);
}

#[test]
fn every_code_of_rfc_5530_is_known() {
    assert_eq!(Rfc5530Code::ALL.len(), 17);
    for code in Rfc5530Code::ALL {
        let message = format!("* NO [{}] x\r\n", code.name());
        let response = imap_grammar::Grammar::rfc3501().response(message.as_bytes()).unwrap();
        assert_eq!(response.to_bytes(), message.as_bytes());
        let text = RespText { code: Some(Code::Rfc5530(*code)), text: Text::new("x").unwrap() };
        let expected = Untagged::Status { status: Status::No, text };
        assert_eq!(response, imap_grammar::Response::Untagged(expected));
    }
}

/// `atom [SP 1*<any TEXT-CHAR except "]">]`, which also takes what a rule of its own does not.
#[test]
fn other_codes() {
    check_legal(vec![
        ("3501 §9 resp-text-code", "", "* OK [X-FOO] x", other("X-FOO", "")),
        ("3501 §9 resp-text-code", "", "* OK [FOO ()\"[{%* ] x", other("FOO", "()\"[{%* ")),
        ("3501 §9 resp-text-code", "", "* OK [FOO  ] x", other("FOO", " ")),
        ("3501 §9 resp-text-code", "", "* OK [FOO \t\u{1}] x", other("FOO", "\t\u{1}")),
        ("2221 §4.1", "", "* OK [REFERRAL IMAP://user;AUTH=*@SERVER2/] x", {
            other("REFERRAL", "IMAP://user;AUTH=*@SERVER2/")
        }),
        ("4315 §4, off", "", "* OK [APPENDUID 38505 3955] x", other("APPENDUID", "38505 3955")),
        ("4315 §4 append-uid", "UIDPLUS", "* OK [APPENDUID 38505 3955:3956] x", {
            other("APPENDUID", "38505 3955:3956")
        }),
        ("7162 §7, off", "", "* OK [HIGHESTMODSEQ 5] x", other("HIGHESTMODSEQ", "5")),
        ("7162 §3.2.11, off", "", "* OK [CLOSED] x", other("CLOSED", "")),
        ("6154 §6, off", "SPECIAL-USE", "* OK [USEATTR] x", other("USEATTR", "")),
        ("3501 §9 nz-number", "", "* OK [UIDNEXT 0] x", other("UIDNEXT", "0")),
        ("3501 §9 nz-number", "", "* OK [UIDVALIDITY 4294967296] x", {
            other("UIDVALIDITY", "4294967296")
        }),
        ("3501 §9 resp-text-code", "", "* OK [ALERT now] x", other("ALERT", "now")),
        ("3501 §9 resp-text-code", "", "* OK [UNSEEN] x", other("UNSEEN", "")),
        ("3501 §9 capability-data", "", "* OK [CAPABILITY IMAP4] x", other("CAPABILITY", "IMAP4")),
        ("3501 §9 flag-perm", "", "* OK [PERMANENTFLAGS (\\Recent)] x", {
            other("PERMANENTFLAGS", "(\\Recent)")
        }),
        ("3501 §9 resp-text-code", "", "* OK [BADCHARSET ()] x", other("BADCHARSET", "()")),
        ("4315 §4 uid-set", "UIDPLUS", "* OK [COPYUID 1 * 2] x", other("COPYUID", "1 * 2")),
        ("7162 §7", "CONDSTORE", "* OK [HIGHESTMODSEQ 0] x", other("HIGHESTMODSEQ", "0")),
        ("7162 §7", "CONDSTORE", "* OK [HIGHESTMODSEQ 9223372036854775808] x", {
            other("HIGHESTMODSEQ", "9223372036854775808")
        }),
        ("5530 §4", "", "* OK [LIMIT 5] x", other("LIMIT", "5")),
    ]);
}

/// What stands in brackets and is no code, or has no text behind it, is `text` itself.
#[test]
fn text_that_begins_with_a_bracket() {
    check_legal(vec![
        ("3501 §9 resp-text", "", "* OK [ALERT]", ok(None, "[ALERT]")),
        ("3501 §9 resp-text", "", "* OK [ALERT] ", ok(None, "[ALERT] ")),
        ("3501 §9 resp-text", "", "* OK [ALERT]x", ok(None, "[ALERT]x")),
        ("3501 §9 resp-text", "", "* OK []", ok(None, "[]")),
        ("3501 §9 resp-text", "", "* OK [] x", ok(None, "[] x")),
        ("3501 §9 resp-text", "", "* OK [", ok(None, "[")),
        ("3501 §9 resp-text", "", "* OK [ALERT x", ok(None, "[ALERT x")),
        ("3501 §9 resp-text", "", "* OK [ ALERT] x", ok(None, "[ ALERT] x")),
        ("3501 §9 resp-text", "", "* OK [FOO ] x", ok(None, "[FOO ] x")),
        ("3501 §9 resp-text", "", "* OK [(x)] x", ok(None, "[(x)] x")),
        ("3501 §9 resp-text", "", "* OK [FOO]] x", ok(None, "[FOO]] x")),
        ("3501 §9 resp-text", "", "* OK [UIDNEXT 5", ok(None, "[UIDNEXT 5")),
        ("3501 §9 resp-text", "", "* OK [BADCHARSET ({x}", ok(None, "[BADCHARSET ({x}")),
        ("3501 §9 resp-text", "", "* OK x [ALERT] y", ok(None, "x [ALERT] y")),
    ]);
}

#[test]
fn untagged_states() {
    let text = |text| RespText { code: None, text: Text::new(text).unwrap() };
    check_legal(vec![
        ("3501 §7.1.2", "", "* NO Disk is 98% full", {
            let text = text("Disk is 98% full");
            Untagged(Untagged::Status { status: Status::No, text })
        }),
        ("3501 §7.1.3", "", "* BAD Empty command line", {
            let text = text("Empty command line");
            Untagged(Untagged::Status { status: Status::Bad, text })
        }),
        ("3501 §7.1.5", "", "* BYE Autologout", Untagged(Untagged::Bye(text("Autologout")))),
    ]);
    check_illegal(vec![
        ("3501 §9 resp-cond-state", "", "* OK", ("resp-cond-state", 4)),
        ("3501 §9 text", "", "* NO ", ("text", 5)),
        ("3501 §9 resp-cond-bye", "", "* BYE", ("resp-cond-bye", 5)),
        ("3501 §9 text", "", "* BYE ", ("text", 6)),
        ("3501 §9 text", "", "* OK x\u{e9}", ("response-data", 6)),
        ("3501 §9 text", "", "* OK [FOO \u{e9}] x", ("response-data", 10)),
        ("3501 §9 text", "", "* OK [F\0O] x", ("response-data", 7)),
        ("3501 §9 text", "", "* OK [ALERT] x\u{e9}", ("response-data", 14)),
        ("3501 §9 resp-text-code", "", "* OK [BADCHARSET ({5}\r\nUTF-8;)] x", {
            ("resp-text-code", 28)
        }),
        ("3501 §9 CHAR8", "", "* OK [BADCHARSET ({2}\r\na\0)] x", ("literal", 24)),
        ("3501 §9 response-data", "", "* PREAUTH x", ("response-data", 2)),
        ("3501 §9 response-data", "", "* OKAY x", ("response-data", 2)),
        ("3501 §9 response-data", "", "*", ("response-data", 1)),
        ("3501 §9 response-data", "", "* ", ("response-data", 2)),
        ("3501 §9 response-data", "", "*  OK x", ("response-data", 2)),
        ("3501 §9 response-data", "", "** OK x", ("response-data", 1)),
    ]);
}
