//! `imap-conform report merge`: several runs that `--report-json` has kept, side by side.

use std::{fs, path::PathBuf};

use super::{ScenarioDirectory, Trouble, say};
use crate::{Exit, Matrix, Record, report::markdown};

/// The arguments of `report`.
#[derive(Debug, clap::Args)]
pub(super) struct ReportArguments {
    #[command(subcommand)]
    command: ReportCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ReportCommand {
    /// Lays several runs side by side.
    Merge(MergeArguments),
}

#[derive(Debug, clap::Args)]
struct MergeArguments {
    /// Files of --report-json, each with a name for its column if it wants another than its own:
    /// `dovecot-2.4=run.json`.
    #[arg(required = true, value_name = "[NAME=]FILE")]
    runs: Vec<NamedRun>,
    /// Writes web pages, index.html and one a run, in this directory.
    #[cfg(feature = "html")]
    #[arg(long, value_name = "DIR")]
    html: Option<PathBuf>,
    /// Writes a summary in Markdown; without it and --html the summary goes to standard output.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    #[command(flatten)]
    directory: ScenarioDirectory,
}

#[derive(Debug, Clone)]
struct NamedRun {
    name: String,
    file: PathBuf,
}

impl std::str::FromStr for NamedRun {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((name, file)) = text.split_once('=') {
            return Ok(Self { name: name.to_owned(), file: file.into() });
        }
        let file = PathBuf::from(text);
        let name = file.file_stem().ok_or_else(|| format!("`{text}` is no file"))?;
        Ok(Self { name: name.to_string_lossy().into_owned(), file })
    }
}

pub(super) fn report(arguments: &ReportArguments) -> Result<Exit, Trouble> {
    let ReportCommand::Merge(arguments) = &arguments.command;
    let read = |NamedRun { name, file }: &NamedRun| Ok((name.clone(), Record::read(file)?));
    let runs = arguments.runs.iter().map(read).collect::<Result<Vec<_>, _>>();
    let runs = runs.map_err(|error: crate::RecordError| Trouble::usage(error))?;
    let set = arguments.directory.load()?;
    let matrix = Matrix::of(&runs, &set.catalogue);
    let written = |error| Trouble::usage(format!("a report cannot be written: {error}"));
    #[cfg(feature = "html")]
    if let Some(directory) = &arguments.html {
        let rerun = "imap-conform".to_owned();
        let background = crate::report::Background::new(&set.scenarios, set.catalogue, rerun);
        crate::report::write_matrix(directory, &matrix, &runs, &background).map_err(written)?;
        if arguments.markdown.is_none() {
            return Ok(Exit::Conforms);
        }
    }
    let text = markdown(&matrix);
    match &arguments.markdown {
        Some(file) => fs::write(file, text).map_err(written)?,
        None => say(text.trim_end()),
    }
    Ok(Exit::Conforms)
}
