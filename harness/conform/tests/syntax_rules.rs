//! What is claimed for the strict grammar: each rule's breach is rejected where it stands, and the
//! same message without it is legal.

use std::{collections::BTreeSet, time::Duration};

use imap_conform::{
    Entry, Happened, Library, Transcript,
    oracle::{self, MessageKind, SYNTAX_RULES},
    requirement::Level,
};
use imap_grammar::Error;

#[test]
fn a_breach_of_every_rule_is_rejected_where_it_stands() {
    for rule in SYNTAX_RULES {
        let breaking = rule.breaking();
        let text = breaking.escape_ascii();
        match rule.read(&breaking) {
            Err(Error::Invalid(rejection)) => assert!(
                (rule.before.len()..=rule.before.len() + rule.broken.len())
                    .contains(&rejection.offset),
                "{}: {text} is rejected elsewhere: {rejection}",
                rule.requirement
            ),
            other => panic!("{}: {text} is not rejected: {other:?}", rule.requirement),
        }
    }
}

#[test]
fn what_keeps_a_rule_is_legal() {
    for rule in SYNTAX_RULES {
        let keeping = rule.keeping();
        let text = keeping.escape_ascii();
        assert_eq!(rule.read(&keeping), Ok(()), "{}: {text}", rule.requirement);
    }
}

#[test]
fn every_rule_is_an_observable_requirement_that_can_be_broken() {
    let catalogue = Library::BuiltIn.catalogue().unwrap();
    let mut seen = BTreeSet::new();
    for rule in SYNTAX_RULES {
        let requirement = rule.requirement;
        let known = catalogue.get(&requirement.parse().unwrap());
        let known = known.unwrap_or_else(|| panic!("{requirement} is in no catalogue"));
        assert_eq!(known.unobservable, None, "{requirement}");
        assert_ne!(known.level, Level::May, "{requirement}: a permission cannot be broken");
        let answer = (requirement, rule.kind == MessageKind::Greeting, rule.breaking());
        assert!(seen.insert(answer), "{requirement} has an answer twice");
    }
}

/// What the oracle says a message breaks that the server sends as the grammar's rule has it.
fn requirement_broken(message: Vec<u8>, kind: MessageKind) -> Option<String> {
    let entry = |happened| Entry { at: Duration::ZERO, session: String::new(), happened };
    let greeting = entry(Happened::Received(b"* PREAUTH ready\r\n".to_vec()));
    let mut entries = match kind {
        MessageKind::Greeting => Vec::new(),
        MessageKind::Response => vec![greeting],
    };
    entries.push(entry(Happened::Received(message)));
    let findings = oracle::observe(&Transcript { entries }, &[]);
    Some(findings.first()?.requirement.as_ref()?.to_string())
}

#[test]
fn a_finding_names_the_requirement_of_the_production() {
    let known: [(&[u8], &str); 7] = [
        (b"* 7 EXISTS \r\n", "rfc3501/9-109"),
        (b"* SEARCH 4 0\r\n", "rfc3501/9-104"),
        (b"* OK na\xC3\xAFf\r\n", "rfc3501/9-147"),
        (b"* LIST (\\Marked \\Unmarked) \"/\" x\r\n", "rfc3501/9-91"),
        (b"* LIST () . x\r\n", "rfc3501/9-90"),
        (b"* 2 FETCH (INTERNALDATE \"17-Jul-96 10:00:00 +0000\")\r\n", "rfc3501/9-60"),
        (b"* 2 FETCH (BODY (\"TEXT\" \"HTML\" NIL NIL NIL \"8BIT\" 7))\r\n", "rfc3501/9-40"),
    ];
    for (message, requirement) in known {
        let broken = requirement_broken(message.to_vec(), MessageKind::Response);
        assert_eq!(broken.as_deref(), Some(requirement), "{}", message.escape_ascii());
    }
    let greeting = requirement_broken(b"* GOOD morning\r\n".to_vec(), MessageKind::Greeting);
    assert_eq!(greeting.as_deref(), Some("rfc3501/9-76"));
}
/// The requirement of the invariant itself, where no rule is known for a production.
const NO_RULE: &str = "rfc3501/7.2.1-07";

#[test]
fn a_rule_is_known_whatever_octet_is_wrong() {
    for rule in SYNTAX_RULES {
        let keeping = rule.keeping();
        for at in 0..keeping.len() - 2 {
            for octet in [b" ", b"(", b")", b"x", b"\"", b"0", b"\xFF", b""] as [&[u8]; 8] {
                let changed = [&keeping[..at], octet, &keeping[at + 1..]].concat();
                let text = changed.escape_ascii();
                let requirement = requirement_broken(changed.clone(), rule.kind);
                assert_ne!(requirement.as_deref(), Some(NO_RULE), "{text}");
            }
        }
    }
}
