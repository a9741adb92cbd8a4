//! The messages of the known-answer tables, which are strings in the source of tests.

use std::{fs, io, path::Path};

/// Every string of the Rust files below the directory, as a line of its own.
pub fn literals(directory: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut messages = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            messages.extend(literals(&path)?);
        } else if path.extension().is_some_and(|suffix| suffix == "rs") {
            let source = fs::read_to_string(&path)?;
            let lines = strings(&source).map(|string| format!("{string}\r\n").into_bytes());
            messages.extend(lines);
        }
    }
    Ok(messages)
}

/// The strings of a Rust source, unescaped, and the raw ones between `r#"` and `"#`. A quote in a
/// comment shifts what is found until the next: what is found then is no message and is left out
/// later.
fn strings(source: &str) -> impl Iterator<Item = String> {
    let mut rest = source;
    std::iter::from_fn(move || {
        let (before, behind) = rest.split_once('"')?;
        if before.ends_with("r#") {
            let (raw, behind) = behind.split_once("\"#")?;
            rest = behind;
            return Some(raw.to_owned());
        }
        let mut string = String::new();
        let mut characters = behind.chars();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => match characters.next()? {
                    'r' => string.push('\r'),
                    'n' => string.push('\n'),
                    't' => string.push('\t'),
                    '0' => string.push('\0'),
                    other => string.push(other),
                },
                character => string.push(character),
            }
        }
        rest = characters.as_str();
        Some(string)
    })
}
