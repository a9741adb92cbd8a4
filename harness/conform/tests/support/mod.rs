//! What the tests against servers share.

// Each test binary uses a part of it.
#![allow(dead_code)]

pub mod dovecot;
pub mod snapshot;
mod stage;

use std::sync::atomic::{AtomicU64, Ordering};

use imap_conform::{Library, Set, requirement::Catalogue, scenario::Scenario};

pub use stage::Stage;

/// The whole set of scenarios, and the catalogue of requirements.
pub fn set() -> (Vec<Scenario>, Catalogue) {
    let set = Set::load(&Library::BuiltIn).unwrap_or_else(|error| panic!("{error}"));
    assert!(!set.scenarios.is_empty(), "there are no scenarios");
    (set.scenarios, set.catalogue)
}

/// A number that no other run of this machine has now.
pub fn unique() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    u64::from(std::process::id()) << 32 | count
}
