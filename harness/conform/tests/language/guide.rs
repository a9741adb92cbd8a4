//! Every example of the page that describes the language is right, formatted, and passes.

use std::path::Path;

use imap_conform::{
    Verdict,
    scenario::{Scenario, format},
    server::{Embedded, Options},
    wire::Timeouts,
};

use super::{
    BESIDE,
    support::{Stage, set},
};

const GUIDE: &str = include_str!("../../../../scenarios/README.md");

/// The examples, with the line on which each begins.
pub fn examples() -> Vec<(usize, String)> {
    let mut examples = Vec::new();
    let mut example = None;
    for (number, line) in (1..).zip(GUIDE.lines()) {
        match (line, &mut example) {
            ("```imap", _) => example = Some((number + 1, String::new())),
            ("```", Some(_)) => examples.extend(example.take()),
            (line, Some((_, text))) => *text += &format!("{line}\n"),
            _ => {}
        }
    }
    examples
}

fn scenarios() -> Vec<Scenario> {
    let path = Path::new(BESIDE);
    let parse = |(line, text): (usize, String)| {
        Scenario::parse(&format!("line-{line}"), path, &text)
            .unwrap_or_else(|errors| panic!("the example on line {line}:\n{errors}"))
    };
    examples().into_iter().map(parse).collect()
}

#[test]
fn examples_are_formatted() {
    let examples = examples();
    assert!(examples.len() > 8);
    for (line, text) in examples {
        assert_eq!(format(&text).unwrap(), text, "the example on line {line}");
    }
}

#[test]
fn examples_name_known_requirements() {
    let (_, catalogue) = set();
    for scenario in scenarios() {
        scenario.check_requirements(&catalogue).unwrap_or_else(|errors| panic!("{errors}"));
    }
}

#[test]
fn examples_pass() {
    let server = Embedded::start(Options::default()).unwrap();
    let (_, catalogue) = set();
    let stage = Stage::new(server.target(), catalogue, Timeouts::default());
    for report in stage.play(scenarios(), 4).unwrap() {
        let passed = matches!(report.verdict, Verdict::Pass | Verdict::Note);
        assert!(
            passed,
            "the example on {}: {:?} {:?}",
            report.case, report.reason, report.findings
        );
    }
}
