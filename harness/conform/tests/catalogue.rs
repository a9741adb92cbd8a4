//! The catalogues of requirements that the project carries can be read, and are in good order.

use std::collections::BTreeMap;

use imap_conform::{
    Library,
    requirement::{Catalogue, Level},
};

fn catalogue() -> Catalogue {
    Library::BuiltIn.catalogue().unwrap()
}

#[test]
fn requirements_of_a_section_are_numbered_without_gaps() {
    let catalogue = catalogue();
    let mut sections: BTreeMap<(u16, &str), usize> = BTreeMap::new();
    for requirement in catalogue.iter() {
        *sections.entry((requirement.id.rfc(), requirement.id.section())).or_default() += 1;
    }
    for ((rfc, section), count) in sections {
        for number in 1..=count {
            let id = format!("rfc{rfc}/{section}-{number:02}");
            assert!(catalogue.get(&id.parse().unwrap()).is_some(), "{id} is missing");
        }
    }
}

#[test]
fn requirements_are_short_sentences_with_short_quotations() {
    for requirement in catalogue().iter() {
        let id = &requirement.id;
        assert!(requirement.sentence.ends_with('.'), "{id}: the sentence ends without a full stop");
        let words = requirement.quote.split_whitespace().count();
        assert!((1..=24).contains(&words), "{id}: a quotation of {words} words");
        assert_ne!(requirement.unobservable.as_deref(), Some(""), "{id}: unobservable, but why?");
        for text in &requirement.see {
            assert!(text.starts_with("RFC "), "{id}: `{text}` names no RFC");
        }
    }
}

#[test]
fn the_level_is_the_keyword_of_the_quotation() {
    let known = [
        ("rfc3501/6.3.1-07", Level::Must),
        ("rfc3501/6.3.4-06", Level::MustNot),
        ("rfc3501/6.3.11-07", Level::May),
        ("rfc3501/6.4.7-04", Level::Should),
        ("rfc3501/6.4.7-07", Level::ShouldNot),
        ("rfc3501/6.4.8-03", Level::States),
        ("rfc3501/8-01", Level::States),
    ];
    let catalogue = catalogue();
    for (id, level) in known {
        let requirement = catalogue.get(&id.parse().unwrap()).unwrap();
        assert_eq!(requirement.level, level, "{requirement:?}");
    }
    for requirement in catalogue.iter().filter(|requirement| requirement.level == Level::Syntax) {
        assert_eq!(requirement.id.section(), "9", "{requirement:?}");
    }
}
