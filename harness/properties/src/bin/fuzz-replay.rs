//! Hands files to a property, without libFuzzer: what crashed, or a corpus whose coverage is measured.
//!
//! ```text
//! cargo run -p imap-properties --bin fuzz-replay -- TARGET FILE…
//! ```

use std::{env, fs, path::Path, process::ExitCode};

use imap_properties::TARGETS;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let Some((_, property)) = TARGETS.iter().find(|(target, _)| *target == name) else {
        let known: Vec<_> = TARGETS.iter().map(|(target, _)| *target).collect();
        eprintln!("usage: fuzz-replay TARGET FILE…, where TARGET is one of {}", known.join(", "));
        return ExitCode::FAILURE;
    };
    for path in arguments.flat_map(|path| files(Path::new(&path))) {
        match fs::read(&path) {
            Ok(octets) => property(&octets),
            Err(error) => {
                eprintln!("cannot read {path}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// The file, or the files of the directory.
fn files(path: &Path) -> Vec<String> {
    match fs::read_dir(path) {
        Ok(entries) => {
            let paths = entries.flatten().map(|entry| entry.path().display().to_string());
            paths.collect()
        }
        Err(_) => vec![path.display().to_string()],
    }
}
