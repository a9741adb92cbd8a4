//! Everything that ever broke a property, and the seeds: `fuzz/regressions/TARGET/what-went-wrong`
//! and `fuzz/seeds/TARGET/…`.

use std::{fs, panic, path::Path};

use imap_properties::TARGETS;

const FUZZ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz");

#[test]
fn what_broke_a_property_once_breaks_it_no_more() {
    replay("regressions");
}

#[test]
fn no_seed_breaks_a_property() {
    replay("seeds");
}

/// Hands every file of a directory to the property after which its folder is called.
fn replay(directory: &str) {
    let directory = Path::new(FUZZ).join(directory);
    let mut broken = Vec::new();
    for entry in fs::read_dir(&directory).expect("the directory is there") {
        let folder = entry.expect("an entry").path();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let (_, property) =
            TARGETS.iter().find(|(target, _)| *target == name).expect("a folder has a target");
        for file in fs::read_dir(&folder).expect("a folder has files") {
            let path = file.expect("a file").path();
            let octets = fs::read(&path).expect("it can be read");
            if panic::catch_unwind(|| property(&octets)).is_err() {
                broken.push(path);
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Otherwise: `cargo run -p imap-properties --bin fuzz-corpus`.
#[test]
fn the_dictionary_is_current() {
    let path = Path::new(FUZZ).join("dictionaries/imap.dict");
    let text = fs::read_to_string(path).expect("it can be read");
    let words = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    assert!(words.eq(imap_grammar::dictionary()));
}
