//! What the tests against servers share.

pub mod dovecot;
pub mod snapshot;

use std::sync::atomic::{AtomicU64, Ordering};

/// A number that no other run of this machine has now.
pub fn unique() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    u64::from(std::process::id()) << 32 | count
}
