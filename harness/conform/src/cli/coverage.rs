//! `imap-conform coverage`: which requirements are checked, and by what.

use super::{ScenarioDirectory, Trouble, say};
use crate::{Exit, coverage::Coverage};

/// The arguments of `coverage`.
#[derive(Debug, clap::Args)]
pub(super) struct CoverageArguments {
    /// How it is written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Shows the sums of each RFC alone, in Markdown, as the README has them.
    #[arg(long, conflicts_with_all = ["format", "uncovered"])]
    totals: bool,
    /// Lists the requirements that nothing checks; fails where there is one.
    #[arg(long, conflicts_with = "format")]
    uncovered: bool,
    #[command(flatten)]
    directory: ScenarioDirectory,
}

#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// Columns for the terminal.
    #[default]
    Table,
    /// Every requirement with the cases that check it.
    Json,
    /// A table in Markdown.
    Markdown,
}

pub(super) fn coverage(arguments: &CoverageArguments) -> Result<Exit, Trouble> {
    let set = arguments.directory.load()?;
    let coverage = Coverage::of(&set.catalogue, &set.scenarios);
    let text = match arguments.format {
        _ if arguments.uncovered => coverage.uncovered_to_text(),
        _ if arguments.totals => coverage.totals_to_markdown(),
        Format::Table => coverage.to_table(),
        Format::Markdown => coverage.to_markdown(),
        Format::Json => serde_json::to_string_pretty(&coverage)
            .map_err(|error| Trouble::new(Exit::HarnessError, error))?,
    };
    say(text.trim_end());
    let incomplete = arguments.uncovered && coverage.uncovered().next().is_some();
    Ok(if incomplete { Exit::Inconclusive } else { Exit::Conforms })
}
