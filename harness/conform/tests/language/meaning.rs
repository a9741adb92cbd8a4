//! What is written means this.

use imap_conform::{
    Verdict,
    scenario::{
        Branch, Exchange, Expect, Expression, Form, HoleKind, Piece, Presence, Relation, Scenario,
        Spanned, StartState, Step, Token, Wait,
    },
};

use super::scenario;

/// A line before that gives names a value.
const CAPTURES: &str = "\
C: x1 SELECT x
S: * ${n: number} EXISTS
S: * ${any} RECENT
S: * LIST (${flag: flag} ...) ${d: nstring} ${box: mailbox}
S: x1 OK
";

fn read(steps: &str) -> Scenario {
    scenario(steps).unwrap_or_else(|errors| panic!("{errors}"))
}

fn exchange(step: &Spanned<Step>) -> &Exchange {
    match &step.value {
        Step::Exchange(exchange) => exchange,
        other => panic!("{other:?}"),
    }
}

// ---- what is sent ----

/// Pieces on one line: octets, `<values>`, `{literals}`.
fn pieces(pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Octets(octets) => octets.escape_ascii().to_string().replace("\\\"", "\""),
        Piece::Value(value, form) => {
            let mark = match form {
                Form::Token => "",
                Form::Quoted => "quoted ",
                Form::Octets => "octets ",
            };
            format!("<{mark}{}>", expression(value))
        }
        Piece::Literal { content, synchronising } => {
            format!("{{{}{}}}", self::pieces(content), if *synchronising { "" } else { "+" })
        }
    };
    pieces.iter().map(piece).collect()
}

fn expression(value: &Expression) -> String {
    let all = |values: &[Expression]| values.iter().map(expression).collect::<Vec<_>>();
    match value {
        Expression::Name(name) => name.clone(),
        Expression::Number(number) => number.to_string(),
        Expression::String(octets) => format!("'{}'", octets.escape_ascii()),
        Expression::List(values) => format!("({})", all(values).join(" ")),
        Expression::Length(of) => format!("length {}", expression(of)),
        Expression::Lines(of) => format!("lines {}", expression(of)),
        Expression::Offset(to, by) => format!("{}{by:+}", expression(to)),
        Expression::Base64(of) => format!("base64 {}", expression(of)),
        Expression::Joined(values) => all(values).join("~"),
    }
}

#[test]
fn what_is_sent() {
    for (line, expected) in [
        ("C: a1 NOOP", r"a1 NOOP\r\n"),
        ("C:    a1  NOOP  ", r"a1  NOOP\r\n"),
        ("   C: a1 NOOP", r"a1 NOOP\r\n"),
        ("C:", r"\r\n"),
        ("C: DONE", r"DONE\r\n"),
        ("C: a1 FETCH 1 (UID\n    FLAGS\n  )", r"a1 FETCH 1 (UID FLAGS)\r\n"),
        ("C: a1 SELECT ${mailbox}", r"a1 SELECT <mailbox>\r\n"),
        ("C: a1 FETCH ${n}:* FLAGS", r"a1 FETCH <n>:* FLAGS\r\n"),
        ("C: a1 FETCH ${n + 1},${n-2} FLAGS", r"a1 FETCH <n+1>,<n-2> FLAGS\r\n"),
        ("C: a1 FETCH 1 BODY[]<${n}.5>", r"a1 FETCH 1 BODY[]<<n>.5>\r\n"),
        (
            r#"C: ${base64 "\x00${user}$${"} ${base64 "" }"#,
            r"<base64 '\x00'~user~'${'> <base64 >\r\n",
        ),
        ("C: a1 CREATE ${mailbox.a}${delimiter}b", r"a1 CREATE <mailbox.a~delimiter~'b'>\r\n"),
        ("C: a1 STATUS ${box} (${any})", r"a1 STATUS <box> (<any>)\r\n"),
        ("C: a1 STATUS x${box}(MESSAGES)", r"a1 STATUS <'x'~box>(MESSAGES)\r\n"),
        ("C: a1 SELECT \"${mailbox}\"", r#"a1 SELECT "<quoted mailbox>"\r\n"#),
        (r#"C: a1 LOGIN "a\"b\\c" x"#, r#"a1 LOGIN "a\\"b\\\\c" x\r\n"#),
        ("C: a1 SEARCH SUBJECT $${x}", r"a1 SEARCH SUBJECT ${x}\r\n"),
        ("C: a1 SEARCH SUBJECT \"$${x}\"", r#"a1 SEARCH SUBJECT "${x}"\r\n"#),
        ("C: a1 LOGIN {} {+}", ""),
        ("C: a1 LOGIN {}\n | fred\\\n  {+}\n |x\\\\", r"a1 LOGIN {fred} {x\\+}\r\n"),
        ("C: a1 APPEND x {}\n  | one\n  |\n  |   two ", r"a1 APPEND x {one\r\n\r\n  two \r\n}\r\n"),
        ("C: a1 APPEND x {8}\n | one\n | x\\", r"a1 APPEND x {"),
        ("C: a1 APPEND x {6}\n | one\n | x\\", r"a1 APPEND x {one\r\nx}\r\n"),
        (
            "C: a1 APPEND x {}\n | ${message.1}\n | $${y}",
            r"a1 APPEND x {<octets message.1>\r\n${y}\r\n}\r\n",
        ),
        (r#"C: a1 X {"\r\n\t\x00\\\"${user}"}"#, r#"a1 X {\r\n\t\x00\\"<octets user>}\r\n"#),
        (r#"C: a1 X {"abc"+} {${user}+}"#, r"a1 X {abc+} {<octets user>+}\r\n"),
        ("C: a1 X {}\n | a\n  )", r"a1 X {a\r\n})\r\n"),
        ("C: a1 LOGIN {4}\nC: fred {3}\nC: abc", r"a1 LOGIN {fred} {abc}\r\n"),
        ("C: a1 LOGIN {4}\nS: + go\nC: fred {3}\nS: +\nC: abc", r"a1 LOGIN {fred} {abc}\r\n"),
        ("C:   a1 X {6}\nC:     ab\nC:", r"a1 X {  ab\r\n}\r\n"),
        ("C: a1 X {5}\nC: abc\nC: FLAGS", r"a1 X {abc\r\n} FLAGS\r\n"),
        ("C: a1 X {3+}\nC: abc", r"a1 X {abc+}\r\n"),
        (r#"send "a\x00b\r\n${any}\t\"""#, r#"a\x00b\r\n<octets any>\t""#),
    ] {
        let read = scenario(&format!("{CAPTURES}{line}\nS: * OK\n"));
        let Ok(read) = read else {
            let errors = read.unwrap_err();
            assert!(expected.is_empty() || line.contains("{8}"), "{line}\n{errors}");
            continue;
        };
        assert_eq!(pieces(&exchange(&read.steps[1]).sends[0].value.pieces), expected, "{line}");
    }
}

#[test]
fn a_file_is_sent_with_crlf() {
    let read = read("C: a1 APPEND x {file \"plain.eml\"}\nS: a1 OK\n");
    let Piece::Literal { content, .. } = &exchange(&read.steps[0]).sends[0].value.pieces[1] else {
        panic!()
    };
    let [Piece::Octets(octets)] = content.as_slice() else { panic!() };
    assert!(octets.starts_with(b"Date: Wed, 17 Jul 1996 02:23:25 -0700\r\nFrom:"));
}

// ---- what is expected ----

fn tokens(tokens: &[Spanned<Token>]) -> String {
    tokens.iter().map(|token| self::token(&token.value)).collect::<Vec<_>>().join(" ")
}

fn token(token: &Token) -> String {
    let inner = |token: &Spanned<Token>| self::token(&token.value);
    match token {
        Token::Word(word) => word.clone(),
        Token::String(octets) => format!("'{}'", octets.escape_ascii()).replace("\\\"", "\""),
        Token::Hole(hole) => {
            format!("<{}:{}>", hole.name.as_deref().unwrap_or("_"), hole.kind.name())
        }
        Token::List(elements) => format!("({})", tokens(elements)),
        Token::Brackets(elements) => format!("[{}]", tokens(elements)),
        Token::Origin(origin) => format!("<{}>", inner(origin)),
        Token::Optional(element) => format!("{}?", inner(element)),
        Token::Forbidden(element) => format!("!{}", inner(element)),
        Token::Joined(parts) => parts.iter().map(inner).collect::<Vec<_>>().join("~"),
        Token::Rest => "...".to_owned(),
    }
}

fn response(expect: &Expect) -> String {
    match expect {
        Expect::Response { pattern, .. } => tokens(&pattern.tokens),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_expected() {
    for (line, expected) in [
        ("S: a1 OK", "a1 OK"),
        ("S:   a1 OK NOOP completed", "a1 OK"),
        ("S: a1 NO/BAD", "a1 NO/BAD"),
        ("S: a1 OK it's {not} \"scanned ) ]", "a1 OK"),
        ("S: a1 NO [TRYCREATE] no such\n  mailbox", "a1 NO [TRYCREATE]"),
        ("S: * OK [UNSEEN ${u: nz-number}] first", "* OK [UNSEEN <u:nz-number>]"),
        (
            "S: * OK [PERMANENTFLAGS (\\Deleted \\* ...)] x",
            "* OK [PERMANENTFLAGS (\\Deleted \\* ...)]",
        ),
        ("S: * OK [X-CODE \"a]b\"] y", "* OK [X-CODE 'a]b']"),
        ("S: a1 OK [READ-WRITE] ${t: text}", "a1 OK [READ-WRITE] <t:text>"),
        ("S: a1 OK ${t}", "a1 OK <t:text>"),
        ("S: + ${t}", "+ <t:text>"),
        ("S: +", "+"),
        ("S: * BYE", "* BYE"),
        ("S: * 3 EXISTS", "* 3 EXISTS"),
        ("S: * CAPABILITY IMAP4rev1 IDLE? ...", "* CAPABILITY IMAP4rev1 IDLE? ..."),
        ("S: * SEARCH", "* SEARCH"),
        (
            "S: * FLAGS (\\Seen !\\Deleted \\Recent? ${f: flag}? ...)",
            "* FLAGS (\\Seen !\\Deleted \\Recent? <f:flag>? ...)",
        ),
        ("S: * LIST () \"/\" [Gmail]/All?", "* LIST () '/' [Gmail]/All?"),
        ("S: * LIST () NIL a]b", "* LIST () NIL a]b"),
        ("S: * LIST () ${delimiter} ${mailbox}", "* LIST () <delimiter:nstring> <mailbox:mailbox>"),
        ("S: * LIST () \"${delimiter}\" \"\"", "* LIST () <delimiter:nstring> ''"),
        (
            "S: * LIST () NIL ${mailbox.a}${delimiter}b",
            "* LIST () NIL <mailbox.a:mailbox>~<delimiter:nstring>~b",
        ),
        ("S: * LIST () NIL \"x${mailbox}\"", "* LIST () NIL 'x'~<mailbox:mailbox>"),
        (
            "S: * 1 FETCH (BODY[HEADER.FIELDS (DATE)]<5> NIL)",
            "* 1 FETCH (BODY [HEADER.FIELDS (DATE)] <5> NIL)",
        ),
        (
            "S: * 1 FETCH (BODY[]<${n}> ${_: nstring})",
            "* 1 FETCH (BODY [] <<n:number>> <_:nstring>)",
        ),
        ("S: * 1 FETCH (body[1.MIME] \"a\\\"b\")", "* 1 FETCH (body [1.MIME] 'a\"b')"),
        (
            "S: * 1 FETCH (BODY[] {}\n  | a\n  | b\\\n  UID 7)",
            r"* 1 FETCH (BODY [] 'a\r\nb' UID 7)",
        ),
        ("S: * 1 FETCH (BODY[] {${message.1}})", "* 1 FETCH (BODY [] <message.1:string>)"),
        ("S: * 1 FETCH (BODY[] {3}\nS: abc)", "* 1 FETCH (BODY [] 'abc')"),
        ("S:   * 1 FETCH (BODY[] {5}\nS:   abc\nS:   )", r"* 1 FETCH (BODY [] 'abc\r\n')"),
        ("S: * 1 FETCH (BODY[] {7}\n  | abc\n  |\n  )", r"* 1 FETCH (BODY [] 'abc\r\n\r\n')"),
        ("S: * SEARCH ${n} ${m: number}", "* SEARCH <n:number> <m:number>"),
        (
            "S: * ESEARCH (TAG \"a1\") UID ALL ${n}:${n}",
            "* ESEARCH (TAG 'a1') UID ALL <n:number>~:~<n:number>",
        ),
        ("S: * NAMESPACE ${_} NIL (${_: list})", "* NAMESPACE <_:any> NIL (<_:list>)"),
    ] {
        let read = read(&format!("{CAPTURES}C: a1 NOOP\n{line}\n"));
        assert_eq!(response(&exchange(&read.steps[1]).expects[0].value), expected, "{line}");
    }
}

/// What follows would be illegal on the wire, so that no server could be right.
#[test]
fn what_cannot_be_expected() {
    for line in [
        "S: * 0 FETCH (UID 1)",
        "S: * 1 FETCH (UID ${_: string})",
        "S: * 1 FETCH ()",
        "S: * 1 FETCH (UID NIL)",
        "S: * 1 FETCH (FLAGS \\Seen)",
        "S: * FLAGS (\\*)",
        "S: * LIST (\\Noselect \\Marked) NIL x",
        "S: * LIST () / x",
        "S: * STATUS x (MESSAGES -1)",
        "S: * EXISTS 3",
        "S: a1 FINE",
        "S: a1 BYE",
        "S: * OK [UIDNEXT 0] x",
        "S: * CAPABILITY IDLE",
        "S: * SEARCH 1,2",
        "S: * 1 FETCH (ENVELOPE (${_} ${_}))",
        "S: * 1 FETCH (BODY[FOO] NIL)",
    ] {
        let errors = scenario(&format!("{CAPTURES}C: a1 NOOP\n{line}\n")).expect_err(line);
        assert_eq!(errors.problems().len(), 1, "{errors}");
        assert_eq!(errors.problems()[0].message, "no legal response looks like this", "{errors}");
    }
}

#[test]
fn addresses_have_no_space_between_them_where_a_line_is_broken() {
    let line = "S: * 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL ((NIL NIL \"a\" \"b\")\n   (NIL NIL \"c\" \"d\"))\n   NIL NIL NIL NIL))";
    read(&format!("C: a1 FETCH 1 ENVELOPE\n{line}\nS: a1 OK\n"));
    let one_line = line.replace("\n   ", " ");
    scenario(&format!("C: a1 FETCH 1 ENVELOPE\n{one_line}\nS: a1 OK\n")).unwrap_err();
}

// ---- steps ----

#[test]
fn what_is_sent_begins_an_exchange() {
    let read = read(
        "C: a1 NOOP\nsend \"a2 NOOP\\r\\n\"\nS: a1 OK\nS: a2 OK\nwait 500ms\nS?: * 4 EXISTS\nC: a3 NOOP\nwait 5s\nS: a3 OK\n",
    );
    let counts: Vec<_> = read
        .steps
        .iter()
        .map(exchange)
        .map(|exchange| {
            (
                exchange.sends.len(),
                exchange.expects.len(),
                exchange.wait.as_ref().map(|Wait { duration, .. }| duration.as_millis()),
            )
        })
        .collect();
    assert_eq!(counts, [(2, 2, None), (0, 1, Some(500)), (1, 1, Some(5000))]);
}

#[test]
fn every_line_proves_what_was_said_last() {
    let read = read(
        "C: a1 NOOP\nS: * 3 EXISTS\nproves rfc3501/6.1.2-02\nS: a1 OK\ncheck 1 == 1\nproves rfc3501/6.1.2-03\ncloses\n",
    );
    let expects = &exchange(&read.steps[0]).expects;
    let ids = expects.iter().map(|expect| match &expect.value {
        Expect::Response { requirement, .. } => requirement.value.to_string(),
        other => panic!("{other:?}"),
    });
    assert_eq!(ids.collect::<Vec<_>>(), ["rfc3501/6.1.2-01", "rfc3501/6.1.2-02"]);
    let Step::Check(check) = &read.steps[1].value else { panic!() };
    assert_eq!(check.requirement.value.to_string(), "rfc3501/6.1.2-02");
    let Step::Closes { requirement, .. } = &read.steps[2].value else { panic!() };
    assert_eq!(requirement.value.to_string(), "rfc3501/6.1.2-03");
}

#[test]
fn blocks_hold_what_they_say() {
    let read = read(
        "given\n  C: a1 NOOP\n  S: a1 OK\n  C: a2 NOOP\n  S: a2 OK\nend\nC: a3 NOOP\neither\n  exactly\n    S: * 1 EXISTS\n  end\nor note \"two\"\n  in order\n    S?: * 1 EXPUNGE\n    S!: * 2 EXISTS\n  end\nor warn rfc3501/6.1.2-02 \"bad\"\nend\nS: a3 OK\n",
    );
    let Step::Given(given) = &read.steps[0].value else { panic!() };
    assert_eq!(given.len(), 2);
    let expects = &exchange(&read.steps[1]).expects;
    let Expect::Either(branches) = &expects[0].value else { panic!() };
    let grades: Vec<_> = branches
        .iter()
        .map(|Branch { grade, name, requirement, expects }| {
            (*grade, name.as_deref(), requirement.is_some(), expects.len())
        })
        .collect();
    assert_eq!(
        grades,
        [
            (Verdict::Pass, None, false, 1),
            (Verdict::Note, Some("two"), false, 1),
            (Verdict::Warn, Some("bad"), true, 0),
        ]
    );
    assert!(
        matches!(&branches[0].expects[0].value, Expect::Exactly(expects) if expects.len() == 1)
    );
    let Expect::InOrder(in_order) = &branches[1].expects[0].value else { panic!() };
    let presences: Vec<_> = in_order
        .iter()
        .map(|expect| match expect.value {
            Expect::Response { presence, .. } => presence,
            ref other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(presences, [Presence::Optional, Presence::Never]);
    assert_eq!(response(&expects[1].value), "a3 OK");
}

#[test]
fn steps_in_a_word() {
    let read = super::parse(
        "title: T\nrequirement: rfc3501/6.1.2-01, rfc3501/6.1.2-02\nrequirement: rfc3501/6.1.2-03\nneeds: IDLE, !LITERAL+\nsessions: a, b\nstate: connected\nchanges: inbox\nrisks: lockout\n\n\
         S[a]: * OK\nbarrier\nconnect[b] not-authenticated\nconnect[a]\nlogin[a]\nlogin[b] second\nstarttls[a]\ndisconnect[a]\ncloses[b]\nsend[a] by 3 \"x\"\nwait[b] 1m\nS[b]!: * BYE\n",
    )
    .unwrap();
    let header = &read.header;
    assert_eq!(header.requirements.len(), 3);
    assert_eq!(
        header.needs.iter().map(|need| need.value.absent).collect::<Vec<_>>(),
        [false, true]
    );
    assert_eq!(header.needs[1].value.capability, "LITERAL+");
    assert_eq!(header.state, StartState::Connected);
    assert!(header.changes_inbox && header.risks_lockout);
    let steps: Vec<_> = read.steps.iter().map(|step| &step.value).collect();
    assert!(matches!(steps[1], Step::Barrier));
    assert!(
        matches!(steps[2], Step::Connect { session, state: Some(StartState::NotAuthenticated) } if session == "b")
    );
    assert!(matches!(steps[3], Step::Connect { session, state: None } if session == "a"));
    assert!(matches!(steps[4], Step::Login { session, second: false } if session == "a"));
    assert!(matches!(steps[5], Step::Login { session, second: true } if session == "b"));
    assert!(matches!(steps[6], Step::StartTls { session, .. } if session == "a"));
    assert!(matches!(steps[7], Step::Disconnect { session } if session == "a"));
    assert!(matches!(steps[8], Step::Closes { session, .. } if session == "b"));
    let sent = exchange(&read.steps[9]);
    assert_eq!((sent.sends[0].value.by, sent.sends[0].value.session.as_str()), (Some(3), "a"));
    let wait = sent.wait.as_ref().unwrap();
    assert_eq!((wait.session.as_deref(), wait.duration.as_secs()), (Some("b"), 60));
}

#[test]
fn checks_compare_values() {
    for (line, expected) in [
        ("check ${n} == 3", "n Equal 3"),
        ("check ${n} + 1 != ${any} - 2", "n+1 NotEqual any-2"),
        ("check ${n + 1} < 4", "n+1 Less 4"),
        ("check ${n}<=4", "n LessOrEqual 4"),
        ("check 4 > 3", "4 Greater 3"),
        ("check 4 >= 3", "4 GreaterOrEqual 3"),
        (r"check ${flag} in (\Seen x 3 (a) ${flag})", r"flag In ('\\Seen' 'x' 3 ('a') flag)"),
        ("check ${flag} not in ()", "flag NotIn ()"),
        (r#"check "a\n" == "x${user}""#, r"'a\n' Equal 'x'~user"),
        (
            "check length(${message.1}) == lines(${message.2.text}) + 2",
            "length message.1 Equal lines message.2.text+2",
        ),
    ] {
        let read = read(&format!("{CAPTURES}{line}\n"));
        let Step::Check(check) = &read.steps[1].value else { panic!("{line}") };
        let relation: Relation = check.relation;
        let shown =
            format!("{} {relation:?} {}", expression(&check.left), expression(&check.right));
        assert_eq!(shown, expected);
    }
}

#[test]
fn a_session_starts_selected_only_with_a_fixture() {
    let source = "title: T\nrequirement: rfc3501/6.1.2-01\n\nC: a1 NOOP\nS: a1 OK\n";
    assert_eq!(super::parse(source).unwrap().header.state, StartState::Authenticated);
    let source = source.replace("\n\n", "\nfixture: one-plain\n\n");
    assert_eq!(super::parse(&source).unwrap().header.state, StartState::Selected);
}

#[test]
fn a_name_keeps_its_kind() {
    let read = read(
        "C: a1 NOOP\nS: * ${n: number} EXISTS\nS: a1 OK\nC: a2 NOOP\nS: * ${n} RECENT\nS: a2 OK\n",
    );
    let Expect::Response { pattern, .. } = &exchange(&read.steps[1]).expects[0].value else {
        panic!()
    };
    let Token::Hole(hole) = &pattern.tokens[1].value else { panic!() };
    assert_eq!(hole.kind, HoleKind::Number);
}

#[test]
fn a_name_that_every_branch_captures_has_a_value() {
    let both = "C: a1 NOOP\neither\n  S: * ${n: number} EXISTS\nor note \"x\"\n  S: * ${n: number} RECENT\nend\nS: a1 OK\ncheck ${n} > 0\n";
    read(both);
    scenario(&both.replace("${n: number} RECENT", "${_: number} RECENT")).unwrap_err();
}

/// RFC 3501 §8, §6.3.11 and §7.5 as they are printed.
#[test]
fn examples_of_the_rfc_paste_in() {
    let append = "
   C: A003 APPEND saved-messages (\\Seen) {310}
   S: + Ready for literal data
   C: Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)
   C: From: Fred Foobar <foobar@Blurdybloop.COM>
   C: Subject: afternoon meeting
   C: To: mooch@owatagu.siam.edu
   C: Message-Id: <B27397-0100000@Blurdybloop.COM>
   C: MIME-Version: 1.0
   C: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
   C:
   C: Hello Joe, do you think we can meet at 3:30 tomorrow?
   C:
   S: A003 OK APPEND completed
";
    let read_append = read(append);
    let sends = &exchange(&read_append.steps[0]).sends;
    assert_eq!(sends.len(), 1);
    let Piece::Literal { content, .. } = &sends[0].value.pieces[1] else { panic!() };
    let [Piece::Octets(octets)] = content.as_slice() else { panic!() };
    assert_eq!(octets.len(), 310);
    let listing = "
   C: A202 LIST \"\" *
   S: * LIST (\\Noselect) \"/\" ~/Mail/foo
   S: * LIST () \"/\" ~/Mail/
            meetings
   S: A202 OK LIST completed
";
    scenario(listing).unwrap_err();
    let fetch = "
   C: A654 FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])
   S: * 2 FETCH (FLAGS (\\Seen) BODY[HEADER.FIELDS (DATE FROM)] {54}
   S: Date: Thu, 21 Nov 1996 22:06:26 -0500
   S: From: x@y.z
   S: )
   S: A654 OK FETCH completed
";
    scenario(fetch).unwrap_err();
    read(&fetch.replace("{54}", "{52}"));
}
