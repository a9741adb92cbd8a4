//! Mistakes as they are shown: one small bad scenario each, and the text a person reads.

use std::{collections::BTreeSet, fs, path::Path};

use imap_conform::{
    Library,
    scenario::{LoadError, Scenario},
};

use super::support::set;

const BAD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diagnostics");
const SNAPSHOTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots/diagnostics");

/// Where the bad scenarios are said to stand: where the fixtures are found, from any directory.
const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");

#[test]
fn every_mistake_is_shown_as_recorded() {
    let (_, catalogue) = set();
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(BAD).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = fs::read_to_string(&path).unwrap();
        let path = Path::new(SCENARIOS).join(format!("{name}.imap"));
        let errors = Scenario::parse(&name, &path, &source)
            .and_then(|scenario| scenario.check_requirements(&catalogue))
            .expect_err(&name);
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(SNAPSHOTS);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.add_filter(r"\[/.*/scenarios/", "[");
        settings.bind(|| insta::assert_snapshot!(name.as_str(), errors.render(false)));
        names.insert(name);
    }
    assert!(names.len() >= 30, "only {} mistakes are recorded", names.len());
    let recorded = fs::read_dir(SNAPSHOTS).unwrap().map(|entry| entry.unwrap().path());
    let recorded: BTreeSet<_> = recorded
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "snap"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(recorded, names, "every record has its scenario");
}

#[test]
fn colours_are_for_terminals() {
    let errors = super::parse("title: T\n").unwrap_err();
    assert!(!errors.render(false).contains('\u{1b}'));
    assert!(errors.render(true).contains('\u{1b}'));
}

#[test]
fn a_file_that_is_formatted_is_named() {
    let errors = imap_conform::scenario::format("S: *\nQ: x\n").unwrap_err();
    assert!(errors.of_file(Path::new("a/b.imap")).to_string().contains("a/b.imap:"));
}

#[test]
fn a_directory_is_read_with_every_mistake_of_every_file() {
    let directory = tempfile::tempdir().unwrap();
    let good = "title: T\nrequirement: rfc3501/6.1.2-01\n\nC: a1 NOOP\nS: a1 OK\n";
    fs::create_dir_all(directory.path().join("b/c")).unwrap();
    fs::write(directory.path().join("b/c/good.imap"), good).unwrap();
    fs::write(directory.path().join("a.imap"), good).unwrap();
    fs::write(directory.path().join("notes.txt"), "not a scenario").unwrap();
    let ids: Vec<_> = Library::Directory(directory.path().into())
        .scenarios()
        .unwrap()
        .into_iter()
        .map(|scenario| scenario.id)
        .collect();
    assert_eq!(ids, ["a", "b/c/good"]);

    fs::write(directory.path().join("bad.imap"), good.replace("title", "tilte")).unwrap();
    fs::write(directory.path().join("b/worse.imap"), good.replace("S: a1", "T: a1")).unwrap();
    match Library::Directory(directory.path().into()).scenarios() {
        Err(LoadError::Mistakes(mistakes)) => assert_eq!(mistakes.len(), 2),
        other => panic!("{other:?}"),
    }
}
