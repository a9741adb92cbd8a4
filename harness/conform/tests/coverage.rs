//! What is said of the coverage is counted from what is there.

use imap_conform::{Library, Set, coverage::Coverage, requirement::Catalogue};

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

fn coverage() -> Coverage {
    let mut catalogue = Catalogue::default();
    catalogue.add(CATALOGUE).unwrap();
    Coverage::of(&catalogue, &[])
}

/// Of what the project carries.
fn coverage_of_the_set() -> Coverage {
    let Set { scenarios, catalogue } = Set::load(&Library::BuiltIn).unwrap();
    Coverage::of(&catalogue, &scenarios)
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
    let coverage = coverage_of_the_set();
    let case = "rfc3501/2.2.1-client/rejected-literal";
    let covered: Vec<String> = coverage
        .sections
        .iter()
        .flat_map(|section| &section.observable)
        .filter(|checked| checked.scenarios.contains(case))
        .map(|checked| checked.id.to_string())
        .collect();
    assert_eq!(covered, ["rfc3501/2.2.1-04", "rfc3501/2.2.1-05"]);
}
