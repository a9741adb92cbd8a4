//! Exchanges: which response meets which line, whatever the order, and what is left over.

use std::path::Path;

use imap_conform::{
    Verdict,
    play::{
        Bindings,
        exchange::{Arrival, How, Outcome, judge},
        matching::Received,
    },
    scenario::{Exchange, Scenario, Step},
};

/// The exchange that begins with a command `a`, and its scenario.
fn exchange(expects: &str) -> (Scenario, Exchange) {
    let source = format!(
        "title: Lines and responses\nrequirement: rfc3501/7-01\nsessions: one, two\n\n\
         C[one]: a NOOP\n{expects}"
    );
    let scenario = Scenario::parse("exchange", Path::new("exchange.imap"), &source)
        .unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let exchange = scenario.steps.iter().find_map(|step| match &step.value {
        Step::Exchange(exchange) => Some(exchange.clone()),
        _ => None,
    });
    (scenario, exchange.unwrap())
}

/// Judges responses of the session `one`, or of the one named before a bar: `two| * 1 EXISTS`.
fn outcome(expects: &str, responses: &[&str]) -> (Outcome, String) {
    let (scenario, exchange) = exchange(expects);
    let frames: Vec<(&str, String)> = responses
        .iter()
        .map(|response| match response.split_once("| ") {
            Some((session, response)) => (session, format!("{response}\r\n")),
            None => ("one", format!("{response}\r\n")),
        })
        .collect();
    let arrivals: Vec<_> = frames
        .iter()
        .enumerate()
        .map(|(entry, (session, frame))| Arrival {
            session,
            entry,
            received: Received::new(frame.as_bytes()),
        })
        .collect();
    (judge(&exchange.expects, &arrivals, &Bindings::default()), scenario.source)
}

/// What is broken, each as the line's text and how.
fn broken(expects: &str, responses: &[&str]) -> Vec<(String, How)> {
    let (outcome, source) = outcome(expects, responses);
    assert!(!outcome.undecided);
    outcome.broken.into_iter().map(|broken| (source[broken.span].to_owned(), broken.how)).collect()
}

fn holds(expects: &str, responses: &[&str]) -> bool {
    broken(expects, responses).is_empty()
}

#[test]
fn untagged_responses_come_in_any_order_and_others_may_come() {
    let expects = "S[one]: * 3 EXISTS\nS[one]: * FLAGS (\\Seen)\nS[one]: a OK\n";
    for responses in [
        &["* 3 EXISTS", "* FLAGS (\\Seen)", "a OK x"][..],
        &["* FLAGS (\\Seen)", "* 3 EXISTS", "a OK x"],
        &["* 1 RECENT", "* FLAGS (\\Seen)", "* 2 EXISTS", "* 3 EXISTS", "* OK x", "a OK x"],
    ] {
        assert!(holds(expects, responses), "{responses:?}");
    }
    assert!(!holds(expects, &["* FLAGS (\\Seen)", "a OK x"]));
    assert!(!holds(expects, &["two| * 3 EXISTS", "* FLAGS (\\Seen)", "a OK x"]));
}

#[test]
fn one_response_meets_one_line() {
    let expects = "S[one]: * LIST () NIL ${_}\nS[one]: * LIST () NIL a\nS[one]: a OK\n";
    assert!(holds(expects, &["* LIST () NIL a", "* LIST () NIL b", "a OK x"]));
    assert!(holds(expects, &["* LIST () NIL b", "* LIST () NIL a", "a OK x"]));
    assert!(!holds(expects, &["* LIST () NIL a", "a OK x"]));
}

#[test]
fn names_hold_from_one_line_to_the_next() {
    let expects = "S[one]: * ${n: number} EXISTS\nS[one]: * ${n: number} RECENT\nS[one]: a OK\n";
    assert!(holds(expects, &["* 1 EXISTS", "* 2 EXISTS", "* 2 RECENT", "a OK x"]));
    assert!(!holds(expects, &["* 1 EXISTS", "* 2 RECENT", "a OK x"]));
}

#[test]
fn fetch_responses_are_merged_until_numbers_change() {
    let expects = "S[one]: * 1 FETCH (UID 4 FLAGS (\\Seen))\nS[one]: a OK\n";
    let (uid, flags) = ("* 1 FETCH (UID 4)", "* 1 FETCH (FLAGS (\\Seen))");
    assert!(holds(expects, &[uid, flags, "a OK x"]));
    assert!(!holds(expects, &[uid, "* 1 EXPUNGE", flags, "a OK x"]));
    let two = "S[one]: * 1 FETCH (UID 4)\nS[one]: * 1 FETCH (FLAGS (\\Seen))\nS[one]: a OK\n";
    assert!(holds(two, &["* 1 FETCH (FLAGS (\\Seen) UID 4)", "a OK x"]));
}

#[test]
fn in_order_a_repeated_item_is_told_anew() {
    let flags = |flags: &str| format!("  S[one]: * 1 FETCH (FLAGS ({flags}))\n");
    let expects = format!(
        "in order\n{}{}end\nS[one]: a OK\n",
        flags("!\\Flagged ..."),
        flags("\\Flagged ...")
    );
    let (without, with) = ("* 1 FETCH (FLAGS ())", "* 1 FETCH (FLAGS (\\Flagged))");
    let uid = "* 1 FETCH (UID 4)";
    assert!(holds(&expects, &[without, with, "a OK x"]));
    assert!(holds(&expects, &[uid, without, uid, with, "a OK x"]));
    assert!(!holds(&expects, &[with, without, "a OK x"]));
    let pieces = "in order\n  S[one]: * 1 FETCH (FLAGS () UID 4)\nend\nS[one]: a OK\n";
    assert!(holds(pieces, &[without, uid, "a OK x"]));
    let by_uid = "in order\n  S[one]: * 1 FETCH (FLAGS () BODY[] \"x\")\nend\nS[one]: a OK\n";
    let (flags, body) = ("* 1 FETCH (UID 4 FLAGS ())", "* 1 FETCH (UID 4 BODY[] \"x\")");
    assert!(holds(by_uid, &[flags, body, "a OK x"]));
}

#[test]
fn what_is_forbidden_is_so_in_each_response() {
    let expects = "S[one]!: * 1 FETCH (!UID FLAGS (...))\nS[one]: a OK\n";
    let (uid, flags) = ("* 1 FETCH (UID 4)", "* 1 FETCH (FLAGS (\\Seen))");
    assert!(holds(expects, &["* 1 FETCH (UID 4 FLAGS (\\Seen))", "a OK x"]));
    let [(_, How::Came { entry: 1 })] = broken(expects, &[uid, flags, "a OK x"])[..] else {
        panic!("FLAGS without UID came")
    };
}

#[test]
fn blocks_say_what_else_may_come() {
    let never = "S[one]!: * ${_} EXPUNGE\nS[one]: a OK\n";
    assert!(holds(never, &["* 1 EXISTS", "a OK x"]));
    let [(_, How::Came { entry: 1 })] = broken(never, &["* 1 EXISTS", "* 2 EXPUNGE", "a OK x"])[..]
    else {
        panic!("what must never come came")
    };

    let exactly = "exactly\n  S[one]: * 1 EXPUNGE\n  S[one]?: * 2 EXPUNGE\nend\nS[one]: a OK\n";
    assert!(holds(exactly, &["* 1 EXPUNGE", "* 7 EXISTS", "a OK x"]));
    assert!(holds(exactly, &["* 2 EXPUNGE", "* 1 EXPUNGE", "a OK x"]));
    let [(_, How::Unnamed { entry: 1 })] =
        broken(exactly, &["* 1 EXPUNGE", "* 3 EXPUNGE", "a OK x"])[..]
    else {
        panic!("one too many came")
    };

    let in_order = "in order\n  S[one]: * 3 EXPUNGE\n  S[one]: * 2 EXPUNGE\nend\nS[one]: a OK\n";
    assert!(holds(in_order, &["* 3 EXPUNGE", "* 4 EXISTS", "* 2 EXPUNGE", "a OK x"]));
    assert!(!holds(in_order, &["* 2 EXPUNGE", "* 3 EXPUNGE", "a OK x"]));
}

#[test]
fn the_first_branch_that_matches_counts() {
    let either = "either\n  S[one]: * SEARCH\n  S[one]: a OK\nor note \"refused\"\n  S[one]: a NO\n\
        or warn rfc3501/7-02 \"not understood\"\n  S[one]: a BAD\nend\n";
    let choices = |responses: &[&str]| {
        let (outcome, _) = outcome(either, responses);
        assert!(outcome.broken.is_empty(), "{responses:?}: {:?}", outcome.broken);
        outcome.choices.into_iter().map(|chosen| (chosen.grade, chosen.name)).collect::<Vec<_>>()
    };
    assert_eq!(choices(&["* SEARCH", "a OK x"]), []);
    assert_eq!(choices(&["a NO x"]), [(Verdict::Note, "refused".to_owned())]);
    assert_eq!(choices(&["a BAD x"]), [(Verdict::Warn, "not understood".to_owned())]);
    assert!(!holds(either, &["a OK x"]));
}

#[test]
fn a_branch_that_was_not_met_says_nothing() {
    let either = "either\n  S[one]: * SEARCH\n  S[one]: a OK\nor warn rfc3501/7-02 \"told late\"\n  \
        S[one]: * 1 EXISTS\n  S[one]: a BAD\nend\n";
    let (outcome, _) = outcome(either, &["a BAD x"]);
    assert_eq!((outcome.broken.len(), outcome.choices.len()), (1, 0), "{outcome:?}");
}

#[test]
fn the_nearest_response_is_shown() {
    let expects = "S[one]: * STATUS b (MESSAGES 2 UIDNEXT 5)\nS[one]: a OK\n";
    let responses =
        ["* STATUS c (MESSAGES 2)", "* STATUS b (MESSAGES 2 UIDNEXT 4)", "* 2 EXISTS", "a OK x"];
    let all = broken(expects, &responses);
    let [(differs, How::Differs { found, entry: 1, octets, .. })] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!((differs.as_str(), found.as_str()), ("5", "`4`"));
    assert_eq!(&responses[1][octets.clone()], "4");

    let [(line, How::Missing { tagged: false })] = &broken(expects, &["a OK x"])[..] else {
        panic!("nothing like it came")
    };
    assert!(line.contains("STATUS b"));
}

#[test]
fn each_line_that_is_not_met_is_said_but_no_consequences() {
    let expects = "S[one]: * 3 EXISTS\nS[one]: * FLAGS (\\Seen)\nS[one]: a OK\n";
    assert_eq!(broken(expects, &["* 4 EXISTS", "a OK x"]).len(), 2);
    let refused = broken(expects, &["a NO [NONEXISTENT] no such mailbox"]);
    assert!(matches!(&refused[..], [(_, How::Differs { tagged: true, .. })]), "{refused:?}");
    let silent = broken(expects, &["* 3 EXISTS"]);
    assert!(matches!(&silent[..], [(_, How::Missing { tagged: true })]), "{silent:?}");
}

#[test]
fn trying_has_an_end() {
    let line = "S[one]: * LIST () NIL ${_}\n";
    let expects = format!("{}S[one]: * LIST () NIL z\nS[one]: a OK\n", line.repeat(12));
    let mut responses: Vec<_> = (0..13).map(|n| format!("* LIST () NIL m{n}")).collect();
    responses.push("a OK x".to_owned());
    let responses: Vec<_> = responses.iter().map(String::as_str).collect();
    assert_eq!(broken(&expects, &responses).len(), 1, "nothing can be the mailbox `z`");

    // Both `m0` lines could be met, but not at once, and there are many ways to find that out.
    let expects = format!("{0}{1}{1}S[one]: a OK\n", line.repeat(11), "S[one]: * LIST () NIL m0\n");
    assert!(outcome(&expects, &responses).0.undecided);
}
