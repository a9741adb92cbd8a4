//! `imap-conform diff`: what changed between two runs that `--report-json` has kept.

use std::path::PathBuf;

use super::{Trouble, say};
use crate::{Comparison, Deviance, Exit, Record, wire::printable};

/// The arguments of `diff`.
#[derive(Debug, clap::Args)]
pub(super) struct DiffArguments {
    /// The first run, a file of --report-json.
    before: PathBuf,
    /// The second.
    after: PathBuf,
    /// Prints the differences as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn diff(arguments: &DiffArguments) -> Result<Exit, Trouble> {
    let before = Record::read(&arguments.before).map_err(Trouble::usage)?;
    let after = Record::read(&arguments.after).map_err(Trouble::usage)?;
    let comparison = Comparison::of(&before, &after);
    let text = if arguments.json {
        serde_json::to_string_pretty(&comparison)
            .map_err(|error| Trouble::new(Exit::HarnessError, error))?
    } else {
        format!("{}\n{}\n{}", headline("-", &before), headline("+", &after), told(&comparison))
    };
    say(text.trim_end());
    Ok(if comparison.is_worse() { Exit::Worse } else { Exit::Conforms })
}

fn headline(sign: &str, record: &Record) -> String {
    let target = record.target.as_ref();
    let target = target.map_or("nobody".to_owned(), |target| match target.software.as_str() {
        "" => target.address.clone(),
        software => format!("{software} at {}", target.address),
    });
    format!("{sign} {}: {} cases", printable(&target), record.cases.len())
}

fn told(comparison: &Comparison) -> String {
    let mut text = String::new();
    deviances(&mut text, "worse", &comparison.worse);
    deviances(&mut text, "mended", &comparison.mended);
    section(&mut text, "chosen differently", comparison.choices.len());
    for choice in &comparison.choices {
        text += &format!("  {}\n", choice.case);
        for name in choice.before.iter().filter(|name| !choice.after.contains(name)) {
            text += &format!("    - {name}\n");
        }
        for name in choice.after.iter().filter(|name| !choice.before.contains(name)) {
            text += &format!("    + {name}\n");
        }
    }
    let lists = [
        ("capabilities lost", &comparison.capabilities_lost),
        ("capabilities gained", &comparison.capabilities_gained),
        ("played only in the first", &comparison.only_before),
        ("played only in the second", &comparison.only_after),
    ];
    for (title, names) in lists {
        section(&mut text, title, names.len());
        for name in names {
            text += &format!("  {}\n", printable(name));
        }
    }
    if comparison.is_equal() {
        text += "no difference\n";
    }
    text
}

fn deviances(text: &mut String, title: &str, deviances: &[Deviance]) {
    section(text, title, deviances.len());
    for Deviance { case, what, verdict, found } in deviances {
        let found = printable(found);
        *text += &format!("  {verdict}[{what}] {case}\n    {found}\n");
    }
}

fn section(text: &mut String, title: &str, count: usize) {
    if count > 0 {
        *text += &format!("\n{title} ({count})\n");
    }
}
