//! What the tests against servers share.

mod stage;

use imap_conform::{Library, Set, requirement::Catalogue, scenario::Scenario};

pub use stage::Stage;

/// The whole set of scenarios, and the catalogue of requirements.
// The tests of containers take a part of it.
#[allow(dead_code)]
pub fn set() -> (Vec<Scenario>, Catalogue) {
    let set = Set::load(&Library::BuiltIn).unwrap_or_else(|error| panic!("{error}"));
    assert!(!set.scenarios.is_empty(), "there are no scenarios");
    (set.scenarios, set.catalogue)
}
