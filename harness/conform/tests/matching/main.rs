//! Responses against patterns: what is the same value matches, and what is not does not.

mod known;
mod properties;

use std::path::Path;

use imap_conform::{
    play::{
        Bindings, Value,
        matching::{Mismatch, Received, match_response},
    },
    scenario::{Expect, Pattern, Scenario, Step},
};

/// The scenario of which `pattern` is the only line, and the pattern.
pub fn pattern(pattern: &str) -> (String, Pattern) {
    // A tagged response answers a command; an untagged one is waited for.
    let before = match pattern.split(' ').next() {
        Some(tag) if tag.bytes().all(|octet| octet.is_ascii_alphanumeric()) => {
            format!("C: {tag} NOOP")
        }
        _ => "wait 1s".to_owned(),
    };
    let source = format!(
        "title: A response is matched\nrequirement: rfc3501/7-01\n\n{before}\nS: {pattern}\n"
    );
    let scenario = Scenario::parse("line", Path::new("line.imap"), &source)
        .unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let expected = scenario.steps.iter().find_map(|step| match &step.value {
        Step::Exchange(exchange) => exchange.expects.first(),
        _ => None,
    });
    match expected.map(|expected| &expected.value) {
        Some(Expect::Response { pattern, .. }) => (source, pattern.clone()),
        other => panic!("`{source}` has no response: {other:?}"),
    }
}

/// Names that have values before the match.
pub fn bindings() -> Bindings {
    let mut bindings = Bindings::default();
    bindings.bind("mailbox", Value::astring(*b"a/b"));
    bindings.bind("delimiter", Value::String(b"/".to_vec()));
    bindings.bind("root", Value::astring(*b"root"));
    bindings
}

/// Matches frames, of which several are FETCH responses about one message.
pub fn matched(pattern: &Pattern, frames: &[&[u8]]) -> Result<Bindings, Mismatch> {
    let received: Vec<_> = frames.iter().map(|frame| Received::new(frame)).collect();
    let merged = Received::merged(&received.iter().collect::<Vec<_>>());
    match_response(pattern, &merged, &bindings(), false)
}
