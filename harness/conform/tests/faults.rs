//! What the project says of its invariants and faults: each breaks a requirement of the catalogue
//! that a client can observe, and each has a name of its own.

use std::collections::BTreeSet;

use imap_conform::{
    Library,
    oracle::INVARIANTS,
    requirement::RequirementId,
    server::{
        fault,
        variation::{self, Variation},
    },
};

/// The names of what breaks no observable requirement of the catalogue, and why.
fn unfounded<'a>(claims: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let catalogue = Library::BuiltIn.catalogue().unwrap();
    let problem = |id: &str| match id.parse::<RequirementId>() {
        Err(problem) => Some(problem),
        Ok(id) => match catalogue.get(&id) {
            None => Some(format!("{id} is in no catalogue")),
            Some(known) => known.unobservable.as_ref().map(|_| format!("{id} is unobservable")),
        },
    };
    claims.filter_map(|(name, id)| Some(format!("{name}: {}", problem(id)?))).collect()
}

fn is_plain(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    name.split('-').all(word)
}

#[test]
fn every_invariant_rests_on_an_observable_requirement() {
    let claims = INVARIANTS.iter().flat_map(|invariant| {
        invariant.requirements().map(|requirement| (invariant.id, requirement))
    });
    assert_eq!(unfounded(claims), Vec::<String>::new());
}

#[test]
fn every_fault_breaks_an_observable_requirement() {
    let claims = fault::catalogue().map(|fault| (fault.name, fault.requirement));
    assert_eq!(unfounded(claims), Vec::<String>::new());
}

#[test]
fn invariants_have_ids_of_their_own() {
    let mut seen = BTreeSet::new();
    for invariant in INVARIANTS {
        let id = invariant.id;
        assert!(id.strip_prefix("oracle/").is_some_and(is_plain), "{id} is not `oracle/a-name`");
        assert!(seen.insert(id), "{id} is there twice");
    }
}

#[test]
fn variations_have_plain_names_and_say_what_allows_them() {
    let faults: BTreeSet<&str> = fault::catalogue().map(|fault| fault.name).collect();
    let mut seen = BTreeSet::new();
    for variation in variation::catalogue() {
        let Variation { name, section, sentence, .. } = variation;
        assert!(is_plain(name), "{name} is not lower-case words with hyphens");
        assert!(seen.insert(name) && !faults.contains(name), "{name} is there twice");
        assert_eq!(variation::named(name).map(|found| found.name), Some(*name));
        let id: Result<RequirementId, _> = format!("{section}-01").parse();
        assert!(id.is_ok(), "{name}: {section} is no section");
        let words = sentence.split_whitespace().count();
        assert!((2..=24).contains(&words), "{name}: a quotation of {words} words");
    }
    assert!(seen.len() >= 60, "only {} variations", seen.len());
}

#[test]
fn faults_have_plain_names_of_their_own() {
    let mut seen = BTreeSet::new();
    for fault in fault::catalogue() {
        let name = fault.name;
        assert!(is_plain(name), "{name} is not lower-case words with hyphens");
        assert!(seen.insert(name), "{name} is there twice");
        assert_eq!(fault::named(name).map(|found| found.name), Some(name));
    }
}

#[test]
fn a_claim_without_ground_is_noticed() {
    let claims = [
        ("sound", "rfc3501/6.3.1-02"),
        ("no-id", "6.3.1-02"),
        ("unknown", "rfc3501/6.3.1-99"),
        ("unseen", "rfc3501/2.1-01"),
    ];
    let names: Vec<String> = unfounded(claims.into_iter())
        .iter()
        .filter_map(|problem| Some(problem.split_once(':')?.0.to_owned()))
        .collect();
    assert_eq!(names, ["no-id", "unknown", "unseen"]);
    assert!(!is_plain("Loud") && !is_plain("two--hyphens") && !is_plain("under_score"));
}
