//! What is said of the coverage is counted from what is there.

use std::{fs, path::Path};

use imap_conform::{Library, Set, coverage::Coverage, requirement::Catalogue, scenario::Scenario};

/// Three requirements that a client can observe, of which the grammar checks one and an invariant
/// another, and one that none can.
const CATALOGUE: &str = r#"
    rfc = 3501
    [[requirement]]
    id = "2.1-01"
    level = "states"
    sentence = "It listens."
    quote = "listens on port 143"
    unobservable = "The suite is told where."
    [[requirement]]
    id = "2.2-01"
    level = "states"
    sentence = "It greets."
    quote = "an initial greeting"
    [[requirement]]
    id = "9-07"
    level = "syntax"
    sentence = "An address has four members."
    quote = "address ="
    [[requirement]]
    id = "9-999"
    level = "syntax"
    sentence = "Nobody looks."
    quote = "nothing ="
"#;

fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.add(CATALOGUE).unwrap();
    catalogue
}

fn coverage() -> Coverage {
    Coverage::of(&catalogue(), &[])
}

#[test]
fn a_table_has_a_row_for_each_section_and_the_sum() {
    let table = coverage().to_table();
    let cells: Vec<Vec<&str>> =
        table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        cells,
        [
            ["RFC", "3501", "§2.1", "1", "0", "0", "0", "0", "0"].as_slice(),
            &["RFC", "3501", "§2.2", "1", "1", "1", "0", "1", "0"],
            &["RFC", "3501", "§9", "2", "2", "1", "0", "0", "1"],
            &["RFC", "3501", "4", "3", "2", "0", "1", "1"],
        ]
    );
}

#[test]
fn markdown_has_the_same_rows() {
    let markdown = coverage().to_markdown();
    assert!(markdown.starts_with("| section | requirements | observable | covered |"));
    assert!(markdown.contains("|\n|---|---:|"), "{markdown}");
    assert!(markdown.ends_with("| RFC 3501 | 4 | 3 | 2 | 0 | 1 | 1 |\n"), "{markdown}");
}

#[test]
fn what_nothing_checks_is_listed() {
    assert_eq!(coverage().uncovered_to_text(), "rfc3501/9-999 (syntax): Nobody looks.\n");
}

#[test]
fn a_scenario_covers_what_its_header_and_its_lines_name() {
    let source = "title: Greets\nrequirement: rfc3501/2.2-01\n\nC: a1 NOOP\nproves rfc3501/9-999\nS: a1 OK\n";
    let scenario = Scenario::parse("a/case", Path::new("a/case.imap"), source).unwrap();
    let coverage = Coverage::of(&catalogue(), &[scenario]);
    let covered: Vec<String> = coverage
        .sections
        .iter()
        .flat_map(|section| &section.observable)
        .filter(|checked| checked.scenarios.contains("a/case"))
        .map(|checked| checked.id.to_string())
        .collect();
    assert_eq!(covered, ["rfc3501/2.2-01", "rfc3501/9-999"]);
    assert_eq!(coverage.uncovered().count(), 0);
}

#[test]
fn the_totals_in_the_readme_are_current() {
    let Set { scenarios, catalogue } = Set::load(&Library::BuiltIn).unwrap();
    let totals = Coverage::of(&catalogue, &scenarios).totals_to_markdown();
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    assert!(
        readme.contains(&totals),
        "README.md: put in what `imap-conform coverage --totals` says:\n{totals}"
    );
}
