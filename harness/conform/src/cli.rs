//! The command line: thin. Every command is a few calls into the library.

mod catalogue;
mod clean;
mod coverage;
mod diff;
mod interrupt;
mod parse;
mod report;
mod run;
mod scenarios;
mod selftest;
mod serve;
mod target;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{Exit, Library, Set, shell::quoted};

/// Checks that an IMAP server keeps the promises of RFC 3501 and its extensions.
///
/// Without a target it runs against the embedded server, which shows the whole thing at work.
#[derive(Debug, Parser)]
#[command(name = "imap-conform", version, args_conflicts_with_subcommands = true)]
#[command(after_help = EXIT_CODES)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: run::RunArguments,
}

const EXIT_CODES: &str = "\
Exit codes:
    0  the server conforms             5  a MUST is broken
    1  the command line is wrong       6  a SHOULD is broken (with --fail-on should)
    2  a scenario is wrong             7  a known deviation did not show (strict)
    3  cannot connect or log in        8  some checks could not be made
    4  nothing ran                     9  the harness went wrong
   10  diff: something got worse     11  selftest: the suite is wrong
  130  interrupted";

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows the cases that would run; nothing is sent.
    List(catalogue::ListArguments),
    /// Says what a requirement or a case is about.
    Explain(catalogue::ExplainArguments),
    /// Validates scenarios without a server.
    Check(scenarios::CheckArguments),
    /// Says which requirements are checked, and by what.
    Coverage(coverage::CoverageArguments),
    /// Formats scenario files.
    Fmt(scenarios::FmtArguments),
    /// Says whether a message is legal IMAP, and what it means.
    Parse(parse::ParseArguments),
    /// Runs the embedded server, or stands with a fault or variation in front of another.
    Serve(serve::ServeArguments),
    /// Holds the suite against every fault and every variation.
    Selftest(selftest::SelftestArguments),
    /// Says what changed between two runs.
    Diff(diff::DiffArguments),
    /// Makes pages of runs that are over.
    Report(report::ReportArguments),
    /// Removes what an earlier run that was killed left on a server.
    Clean(clean::CleanArguments),
}

/// Where scenarios are read.
#[derive(Debug, Clone, clap::Args)]
struct ScenarioDirectory {
    /// Reads scenarios from this directory instead of those that are built in.
    #[arg(long, value_name = "DIR", env = "IMAP_CONFORM_SCENARIOS")]
    scenarios: Option<PathBuf>,
}

impl ScenarioDirectory {
    /// It as arguments, each behind a space.
    fn arguments(&self) -> String {
        let directory = self.scenarios.as_ref().map(|directory| directory.display().to_string());
        directory.map(|name| format!(" --scenarios {}", quoted(&name))).unwrap_or_default()
    }

    fn load(&self) -> Result<Set, Trouble> {
        let library = match &self.scenarios {
            None => Library::BuiltIn,
            Some(directory) if directory.is_dir() => Library::Directory(directory.clone()),
            Some(directory) => {
                let text = format!("there are no scenarios in {}", directory.display());
                return Err(Trouble::usage(text));
            }
        };
        Set::load(&library).map_err(Trouble::scenario)
    }
}

/// What went wrong before there was anything to report.
#[derive(Debug)]
struct Trouble {
    exit: Exit,
    text: String,
}

impl Trouble {
    fn new(exit: Exit, text: impl ToString) -> Self {
        Self { exit, text: text.to_string() }
    }

    fn report(self) -> ExitCode {
        complain(&format!("error: {}", self.text));
        self.exit.into()
    }

    fn usage(text: impl ToString) -> Self {
        Self::new(Exit::Usage, text)
    }

    fn scenario(text: impl ToString) -> Self {
        Self::new(Exit::BadScenario, text)
    }
}

/// Writes lines to standard output.
fn say(text: &str) {
    // Whoever has stopped reading has seen enough; the work goes on all the same.
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Writes lines to standard error.
fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => {
            // Help and version are asked for, and print to standard output.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Conforms };
            let _ = error.print();
            return exit.into();
        }
    };
    let ended = match line.command {
        None => run::run(line.run),
        Some(Command::List(arguments)) => catalogue::list(&arguments),
        Some(Command::Explain(arguments)) => catalogue::explain(&arguments),
        Some(Command::Check(arguments)) => scenarios::check(&arguments),
        Some(Command::Coverage(arguments)) => coverage::coverage(&arguments),
        Some(Command::Fmt(arguments)) => scenarios::fmt(&arguments),
        Some(Command::Selftest(arguments)) => selftest::selftest(arguments),
        Some(Command::Serve(arguments)) => serve::serve(arguments),
        Some(Command::Diff(arguments)) => diff::diff(&arguments),
        Some(Command::Report(arguments)) => report::report(&arguments),
        Some(Command::Clean(arguments)) => clean::clean(arguments),
        Some(Command::Parse(arguments)) => {
            return parse::parse(&arguments).map_or_else(Trouble::report, ExitCode::from);
        }
    };
    ended.map_or_else(Trouble::report, ExitCode::from)
}
