//! The scenario language as its users meet it: what is written means this, what is wrong is shown so.

#[path = "../support/mod.rs"]
mod support;

mod diagnostics;
mod fixtures;
mod formatting;
mod guide;
mod meaning;
mod robustness;

use std::path::Path;

use imap_conform::scenario::{Diagnostics, Scenario};

/// A path beside the scenarios, so that their fixtures are found.
const BESIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/x.imap");

/// A scenario with a header, the first line of whose steps is the ninth.
fn scenario(steps: &str) -> Result<Scenario, Diagnostics> {
    let header = "title: T\nrequirement: rfc3501/6.1.2-01\nfixture: three-plain\nstate: authenticated\n\n\n\n\n";
    parse(&format!("{header}{steps}"))
}

fn parse(source: &str) -> Result<Scenario, Diagnostics> {
    Scenario::parse("x", Path::new(BESIDE), source)
}

/// What a scenario says, without where it says so.
fn said(scenario: &Scenario) -> String {
    let text = format!("{:?} {:?}", scenario.header, scenario.steps);
    let mut parts = text.split("span: ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    }
    out
}
