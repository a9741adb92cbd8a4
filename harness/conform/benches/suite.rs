//! How long the whole suite takes, as a Markdown table: `cargo bench -p imap-conform --bench suite`.
//!
//! Against the embedded server, and against Dovecot where it is installed, with as many cases at
//! once as a run has by default.

use std::path::Path;

use imap_conform::{
    Record, Suite,
    server::{Embedded, Options},
    target::{Launch, LaunchError, Target},
};

/// The servers that can be started.
const SERVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ci/servers");

/// Times that the suite is played against each server; the fastest counts.
const ROUNDS: usize = 3;

fn main() {
    // Run as a test, it only proves that the servers can be played against.
    let measure = std::env::args().any(|argument| argument == "--bench");
    if measure {
        println!("| server | cases | seconds | the longest case |\n|---|---:|---:|---|");
    }
    let embedded = Embedded::start(Options::default()).expect("a port is free");
    time("embedded", measure, embedded.target());
    drop(embedded);
    match Launch::Exec("dovecot".to_owned()).start(Path::new(SERVERS)) {
        Ok(dovecot) => time("Dovecot", measure, dovecot.target(None).expect("it has users")),
        Err(error @ LaunchError::NotInstalled(_)) => println!("\n{error}"),
        Err(error) => panic!("{error}"),
    }
}

fn time(server: &str, measure: bool, target: Target) {
    let suite = Suite::new(target).expect("the scenarios are built in");
    let play = |suite: &Suite| suite.run_blocking().unwrap_or_else(|error| panic!("{error}"));
    if !measure {
        let suite = suite.select(&["rfc3501/6.1.2"]).expect("there is such a section");
        play(&suite);
        return;
    }
    let fastest = (0..ROUNDS).map(|_| play(&suite)).min_by_key(|record| record.elapsed);
    println!("{}", line(server, &fastest.expect("there are rounds")));
}

fn line(server: &str, record: &Record) -> String {
    let longest = record.cases.iter().max_by_key(|case| case.elapsed).expect("there are cases");
    format!(
        "| {server} | {} | {:.1} | {:.1} s, `{}` |",
        record.cases.len(),
        record.elapsed.as_secs_f64(),
        longest.elapsed.as_secs_f64(),
        longest.case,
    )
}
