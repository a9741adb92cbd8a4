//! The scenario language: no text upsets it, and the formatter changes nothing of what is said.

use std::path::Path;

use imap_conform::scenario::{Diagnostics, Scenario, format};

/// A path beside the scenarios, so that their fixtures are found where there are any.
const BESIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/x.imap");

/// Any octets as the file of a scenario.
pub fn scenario(octets: &[u8]) {
    let source = &String::from_utf8_lossy(octets);
    let parsed = parse(source);
    if let Err(errors) = &parsed {
        assert!(!errors.problems().is_empty(), "refused without a word");
        assert!(!errors.render(false).is_empty());
        for problem in errors.problems() {
            assert!(source.get(problem.span.clone()).is_some(), "{problem:?} is not in the text");
        }
    }
    let Ok(formatted) = format(source) else { return };
    assert_eq!(format(&formatted).ok().as_ref(), Some(&formatted), "formatted twice");
    assert_eq!(said(&parse(&formatted)), said(&parsed), "formatted:\n{formatted}");
}

fn parse(source: &str) -> Result<Scenario, Diagnostics> {
    Scenario::parse("x", Path::new(BESIDE), source)
}

/// What a scenario says, or what is wrong with it, without where it says so.
fn said(parsed: &Result<Scenario, Diagnostics>) -> String {
    let text = match parsed {
        Ok(scenario) => format!("{:?} {:?}", scenario.header, scenario.steps),
        Err(errors) => {
            let messages = errors.problems().iter().map(|problem| problem.message.as_str());
            return messages.collect::<Vec<_>>().join("\n");
        }
    };
    let mut parts = text.split("span: ");
    let mut said = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        said += part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    }
    said
}
