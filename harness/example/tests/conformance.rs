//! The conformance suite as tests of this crate: `cargo test` lists and runs each case, and takes
//! a filter as with any other test.

use std::process::ExitCode;

use imap_conform::{
    Expectations, Suite,
    server::{Embedded, Options},
};
use libtest_mimic::Arguments;

/// What the server is known to get wrong, each with its reason; a case that no longer shows it
/// fails.
const KNOWN: &str = "";

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    // Here your server is started on a free port, with a user who has an empty account.
    let server = Embedded::start(Options::default()).expect("the server starts");
    // `Target::new(address)` with `users` set names any other server.
    let target = server.target();

    let suite = Suite::new(target).expect("the scenarios are built in");
    let suite = suite.select(&["rfc3501/6.1"]).expect("the selectors name something");
    let known = Expectations::parse(KNOWN).expect("each known deviation has its reason");
    let conclusion = libtest_mimic::run(&arguments, suite.trials(&known));
    drop(server);
    conclusion.exit_code()
}
