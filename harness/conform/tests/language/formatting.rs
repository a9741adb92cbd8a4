//! The formatter changes how a scenario looks, once, and never what it says.

use std::fs;

use imap_conform::scenario::{Piece, Step, format};
use proptest::{collection::vec, prelude::*, sample::select};

use super::{parse, said, support::set};

/// What must hold for any text that the formatter takes.
pub fn keeps_its_promises(source: &str) {
    let Ok(formatted) = format(source) else { return };
    assert_eq!(format(&formatted).as_deref().ok(), Some(formatted.as_str()), "twice:\n{source}");
    let words = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| line.trim_start().starts_with('#'))
            .map(|line| line.trim().to_owned())
            .collect()
    };
    if !source.contains('|') {
        assert_eq!(words(&formatted), words(source), "comments are kept");
    }
    match (parse(source), parse(&formatted)) {
        (Ok(before), Ok(after)) => {
            assert_eq!(said(&before), said(&after), "\n{source}\n{formatted}")
        }
        (Err(before), Err(after)) => {
            let messages = |errors: &imap_conform::scenario::Diagnostics| {
                errors.problems().iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
            };
            assert_eq!(messages(&before), messages(&after), "\n{source}\n{formatted}");
        }
        (before, after) => panic!("{before:?}\n{after:?}\n{source}\n{formatted}"),
    }
}

#[test]
fn the_set_is_formatted() {
    for scenario in set().0 {
        let path = scenario.path.display();
        assert_eq!(
            format(&scenario.source).unwrap(),
            scenario.source,
            "run `imap-conform fmt {path}`"
        );
        keeps_its_promises(&scenario.source);
    }
}

#[test]
fn the_bad_scenarios_are_formatted_where_they_can_be() {
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diagnostics")).unwrap() {
        keeps_its_promises(&fs::read_to_string(entry.unwrap().path()).unwrap());
    }
}

#[test]
fn what_is_settled() {
    let messy = "\n\
        title:   T\n\
        requirement:rfc3501/6.1.2-01 ,rfc3501/6.1.2-02\n\
        # a comment\n\
        C:   a1 APPEND x {}\n\
        |content \n\
        |\n\
        \x20 |   indented\\\n\
        \x20 (x)\n\
        S:\ta1   OK  text\n\
        \n\n\
        either   note  \"two  words\"\n\
        \t\tS: a1 OK\n\
        \n\
        or\n\
        # inside\n\
        \x20         end\n\
        check  ${x}   ==  \"a  b\"\n\n\n";
    let tidy = "\
title: T
requirement: rfc3501/6.1.2-01, rfc3501/6.1.2-02
# a comment
C: a1 APPEND x {}
  | content\u{20}
  |
  |   indented\\
  (x)
S: a1   OK  text

either note \"two  words\"
  S: a1 OK
or
  # inside
end
check ${x} == \"a  b\"
";
    assert_eq!(format(messy).unwrap(), tidy);
}

/// What gives every name of the lines below a value.
const CAPTURES: &str = "\
title:  T
requirement:rfc3501/6.1.2-01
fixture:  three-plain
state: authenticated
C: x1 SELECT   ${mailbox}
S: * ${n: nz-number} EXISTS
S: * 1 FETCH (UID ${uid})
S: x1 OK ${t: text}
";

/// One of the lines, with blanks around it where they are free.
fn one_of(lines: &'static [&'static str]) -> impl Strategy<Value = String> {
    let blanks = |kinds: &'static [&'static str]| select(kinds);
    (select(lines), blanks(&["", " ", "   ", "\t"]), blanks(&["", " ", "\t "])).prop_map(
        |(line, before, after)| match line {
            // What goes on must stay deeper than what it goes on from.
            line if line.contains('\n') => line.to_owned(),
            line if line.starts_with(['C', 'S', '#']) => format!("{before}{line}{after}"),
            line => format!("{line}{after}"),
        },
    )
}

fn expectation() -> impl Strategy<Value = String> {
    one_of(&[
        "S: x1 OK",
        "S:   x1 NO/BAD [TRYCREATE]  it's  \"no {use",
        "S?: * ${n}  EXISTS",
        "S!: * BYE   so\n   long",
        "S: * 1 FETCH (UID ${uid} BODY[] {}\n  | x\n  | y\\\n  )",
        "S:    * 1 FETCH (BODY[HEADER] {8}\nS:    A: b\nS:\nS:    )",
        "S:  * 1 FETCH (BODY[TEXT] {5}\nS:  hello FLAGS ())",
        "S: * 1 FETCH (BODY[TEXT] {4}\n|    a\\\n    )",
        "S: * LIST (\\A? !\\B ...)   \"/\" ${mailbox}${delimiter}x",
        "S: + ${t}",
        "",
        "#comment",
        "proves   rfc3501/6.1.2-01",
    ])
}

fn step() -> impl Strategy<Value = String> {
    let line = one_of(&[
        "C: a1 NOOP",
        "C:    a2 LOGIN ${user}   \"${password}\\\"\"",
        "C: a3 FETCH ${n + 1}:* (FLAGS\n     UID)",
        "C: a4 APPEND ${mailbox} (\\Seen) {}\n | one\n |two  \n   |\n|  three\\\n    {+}\n  | ${message.1}\\\\",
        "C: a5 SEARCH SUBJECT {\"x\\r\\n\\x00\"+} {${message.1}} {file \"plain.eml\"}",
        "C: A001 LOGIN {11}\nS:   + Ready\nC: FRED FOOBAR {7}\nS: +\nC: fat man",
        "C:   b1 APPEND x {5}\nC:   abc\nC:   (x)",
        "send   by  3  \"a  \\x00${n}\\r\\n\"",
        "check  ${n}+1   not in  (1  \"a  b\"  (x))",
        "login   second",
        "connect  selected",
        "closes",
        "wait  500ms\nS?: * ${n}  EXISTS",
    ]);
    prop_oneof![line, expectation(), expectations()]
}

/// A block of expectations. Each holds at least one.
fn expectations() -> impl Strategy<Value = String> {
    let leaf = vec(expectation(), 0..4).prop_map(|lines| format!("{}\nS: x1 OK", lines.join("\n")));
    leaf.prop_recursive(3, 12, 3, |inner| {
        let inner = vec(inner, 1..3).prop_map(|bodies| bodies.join("\n"));
        prop_oneof![
            inner.clone().prop_map(|body| format!("in  order\n{body}\nend")),
            inner.clone().prop_map(|body| format!("exactly\n\n{body}\n\nend  ")),
            (inner.clone(), inner).prop_map(|(one, other)| format!(
                "either note  \"a  b\"\n{one}\nor  warn rfc3501/6.1.2-01  \"c\"\n\n{other}\nend"
            )),
        ]
    })
}

fn given() -> impl Strategy<Value = String> {
    vec(step(), 0..4).prop_map(|lines| format!("given\nC: a1 NOOP\n{}\nend", lines.join("\n")))
}

/// The octets of a literal that is the second piece of what is sent first.
fn content(source: &str) -> Vec<u8> {
    let scenario = parse(source).unwrap_or_else(|errors| panic!("{errors}"));
    let Step::Exchange(exchange) = &scenario.steps[0].value else { panic!("{source}") };
    match &exchange.sends[0].value.pieces[1] {
        Piece::Literal { content, .. } => match content.as_slice() {
            [Piece::Octets(octets)] => octets.clone(),
            [] => Vec::new(),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn any_scenario_is_settled_at_once(
        steps in vec(prop_oneof![3 => step(), 1 => given()], 1..8)
    ) {
        let source = format!("{CAPTURES}{}", steps.join("\n"));
        parse(&source).unwrap_or_else(|errors| panic!("{errors}"));
        keeps_its_promises(&source);
    }

    #[test]
    fn literals_are_never_changed(
        lines in vec("[ -z|}~\t]{0,12}", 0..4), last in "[ -z|}~]{0,12}", open in any::<bool>()
    ) {
        let last = last.trim_end_matches('\\');
        let mut expected: Vec<u8> = lines.iter().flat_map(|line| [line, "\r\n"].concat().into_bytes()).collect();
        expected.extend_from_slice(last.as_bytes());
        expected.extend_from_slice(if open { b"" } else { b"\r\n" });
        let lines: String = lines.iter().map(|line| format!("  | {line}\n")).collect();
        let source = format!(
            "title: T\nrequirement: rfc3501/6.1.2-01\n\nC: a1 APPEND x {{}}\n{lines}  | {last}{}\nS: a1 OK\n",
            if open { "\\" } else { "" }
        );
        prop_assert_eq!(content(&source), expected.as_slice());
        prop_assert_eq!(content(&format(&source).unwrap()), expected);
    }
}
