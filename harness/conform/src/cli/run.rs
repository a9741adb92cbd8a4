//! The main job: runs the chosen scenarios against the target and reports.

use std::{
    fs::File,
    io::{self, IsTerminal, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{runtime::Runtime, sync::mpsc};

use super::{ScenarioDirectory, Trouble, complain, interrupt::Interrupts, target::TargetArguments};
#[cfg(feature = "html")]
use crate::report::Html;
use crate::{
    Event, Exit, Expectations, Record, Set, Tally,
    play::{Run, RunId, RunOptions, StartError},
    report::{Background, Json, Junit, Report, ShowWire, Stream, Tap, Terminal},
    wire::Connector,
};

/// The arguments of a run.
#[derive(Debug, clap::Args)]
pub(super) struct RunArguments {
    /// Which cases: `rfc3501/6.4.8`, a path, `cap:IDLE`, `level:must`, `~excluded`.
    selectors: Vec<String>,
    #[command(flatten)]
    target: TargetArguments,
    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    directory: ScenarioDirectory,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Run")]
struct Options {
    /// How many cases run at once: 4 where neither this nor the recipe of the server says.
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// The least that makes the run fail.
    #[arg(long, value_name = "LEVEL", default_value = "must")]
    fail_on: FailOn,
    /// Known deviations, each with its reason.
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,
    /// Fails where a known deviation does not show; so it is where the variable CI is set.
    #[arg(long, env = "CI", value_parser = clap::builder::FalseyValueParser::new())]
    strict_expectations: bool,
    /// Writes the first list of known deviations, whose reasons are then yours to write. A file
    /// that is there already is kept, and is an error.
    #[arg(long, value_name = "FILE")]
    write_expect: Option<PathBuf>,
    /// How often a case that does not conform is played again; one that then does is flaky.
    #[arg(long, value_name = "N", default_value = "0")]
    retries: u32,
    /// Runs only what did not conform in the run that this file of --report-json tells of.
    #[arg(long, value_name = "FILE")]
    rerun_from: Option<PathBuf>,
    /// The same, with the file that --report-json is about to write anew.
    #[arg(long, requires = "report_json", conflicts_with = "rerun_from")]
    rerun: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailOn {
    /// A MUST is broken.
    Must,
    /// A SHOULD is broken.
    Should,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
struct Output {
    /// What is written to standard output.
    #[arg(long, value_name = "FORM", default_value = "human")]
    message_format: MessageFormat,
    /// How much of the wire conversation is shown beside what is wrong.
    #[arg(long, value_name = "HOW-MUCH", default_value = "fail")]
    show_wire: ShowWire,
    /// When colour is used.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: clap::ColorChoice,
    /// Writes the run as JSON.
    #[arg(long, value_name = "FILE")]
    report_json: Option<PathBuf>,
    /// Writes the run as JUnit's XML.
    #[arg(long, value_name = "FILE")]
    report_junit: Option<PathBuf>,
    /// Writes the run in the Test Anything Protocol.
    #[arg(long, value_name = "FILE")]
    report_tap: Option<PathBuf>,
    /// Writes the run as a web page, index.html in this directory.
    #[cfg(feature = "html")]
    #[arg(long, value_name = "DIR")]
    report_html: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum MessageFormat {
    /// Lines for a person.
    Human,
    /// Every event as a line of JSON, for a program.
    Json,
}

pub(super) fn run(arguments: RunArguments) -> Result<Exit, Trouble> {
    let mut set =
        arguments.directory.load()?.select(&arguments.selectors).map_err(Trouble::usage)?;
    if let Some(file) = arguments.rerun_from() {
        set.only_failed(&Record::read(file).map_err(Trouble::usage)?);
    }
    let expectations = match &arguments.options.expect {
        Some(file) => Expectations::read(file).map_err(Trouble::scenario)?,
        None => Expectations::default(),
    };
    if let Some(file) = arguments.options.write_expect.as_deref().filter(|file| file.exists()) {
        return Err(not_written(file, io::ErrorKind::AlreadyExists.into()));
    }
    if set.scenarios.is_empty() {
        return Err(Trouble::new(Exit::NothingRan, "no case is left to run"));
    }
    runtime()?.block_on(play(arguments, set, expectations))
}

impl RunArguments {
    /// The report of the run whose failures are to be run again.
    fn rerun_from(&self) -> Option<&Path> {
        let latest = self.output.report_json.as_deref().filter(|_| self.options.rerun);
        self.options.rerun_from.as_deref().or(latest)
    }
}

async fn play(
    arguments: RunArguments,
    set: Set,
    mut expectations: Expectations,
) -> Result<Exit, Trouble> {
    let Set { scenarios, catalogue } = set;
    let interrupts = Interrupts::watch()?;
    let reached = arguments.target.reach(&interrupts)?;
    if let (None, Some(file)) = (&arguments.options.expect, &reached.expectations) {
        expectations = Expectations::read(file).map_err(Trouble::scenario)?;
    }
    let again = format!("imap-conform{}{}", reached.arguments, arguments.directory.arguments());
    let background = Background::new(&scenarios, catalogue.clone(), again);
    let fails_on_should = arguments.options.fail_on == FailOn::Should;
    let mut reports = Reports::new(arguments.output.reports(&background, fails_on_should));
    let default = RunOptions::default();
    let jobs = arguments.options.jobs.or(reached.jobs).unwrap_or(default.jobs);
    let connector = reached.connector.clone();
    let case_patience = case_patience(&connector);
    let options = RunOptions { jobs, case_patience, retries: arguments.options.retries };
    let run = match Run::start(connector, catalogue.clone(), options, &RunId::random()).await {
        Ok(run) => run,
        Err(error) => {
            // Whoever waits for a report learns from it that there was no run.
            let cut_short = Some(error.to_string());
            let event = Event::RunFinished { cut_short, elapsed: Duration::ZERO };
            reports.tell(&event);
            reports.written()?;
            return Err(start_trouble(error));
        }
    };
    let cancelled = interrupts.run_begins();
    let (sender, mut events) = mpsc::channel(64);
    let playing = tokio::spawn(run.play(scenarios, sender, cancelled.clone()));

    let mut tally = Tally::default();
    let mut whole = false;
    let mut finished = Vec::new();
    while let Some(mut event) = events.recv().await {
        match &mut event {
            Event::CaseFinished(report) => {
                for attempt in &mut report.earlier {
                    expectations.apply(attempt);
                }
                expectations.apply(report);
                tally.add(report);
                if arguments.options.write_expect.is_some() {
                    finished.push((**report).clone());
                }
            }
            Event::RunFinished { cut_short, .. } => whole = cut_short.is_none(),
            _ => {}
        }
        if !reports.tell(&event) {
            // What is found is told nowhere then, but the mailboxes are to be removed.
            cancelled.cancel();
        }
    }
    playing.await.map_err(|error| Trouble::new(Exit::HarnessError, error))?;
    if let Some(file) = &arguments.options.write_expect {
        finished.sort_by(|one, other| one.case.cmp(&other.case));
        let text = Expectations::draft(&finished, &catalogue);
        let written = File::create_new(file).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| not_written(file, error))?;
    }
    reports.written()?;
    if interrupts.has_ended_run() {
        return Ok(Exit::Interrupted);
    }
    let exit = tally.exit(fails_on_should);
    let is_strict = arguments.options.strict_expectations;
    Ok(match unmet(&expectations) {
        true if is_strict && exit == Exit::Conforms => Exit::UnexpectedPass,
        _ if exit == Exit::Conforms && !whole => Exit::Inconclusive,
        _ => exit,
    })
}

fn not_written(file: &Path, error: io::Error) -> Trouble {
    Trouble::usage(format!("cannot write {}: {error}", file.display()))
}

/// How long a case may take: longer where an answer may take long, for it has several.
pub(super) fn case_patience(connector: &Connector) -> Duration {
    /// So many answers of the usual patience are the usual patience of a case.
    const ANSWERS: u32 = 10;
    let answers = connector.timeouts().response.saturating_mul(ANSWERS);
    RunOptions::default().case_patience.max(answers)
}

/// The reports of a run, and what went wrong with the first that cannot be written.
struct Reports<'b> {
    reports: Vec<Box<dyn Report + 'b>>,
    error: Option<io::Error>,
}

impl<'b> Reports<'b> {
    fn new(reports: Vec<Box<dyn Report + 'b>>) -> Self {
        Self { reports, error: None }
    }

    /// Tells each of them, whatever becomes of the others; whether all could be written so far.
    fn tell(&mut self, event: &Event) -> bool {
        for report in &mut self.reports {
            if let Err(error) = report.event(event) {
                self.error.get_or_insert(error);
            }
        }
        self.error.is_none()
    }

    fn written(self) -> Result<(), Trouble> {
        self.error.map_or(Ok(()), |error| {
            let text = format!("a report cannot be written: {error}");
            Err(Trouble::new(Exit::HarnessError, text))
        })
    }
}

/// Says which known deviations did not show; whether there are any.
fn unmet(expectations: &Expectations) -> bool {
    let mut any = false;
    for deviation in expectations.unmet() {
        complain(&format!(
            "the known deviation {} did not show in {}; take it off the list: {}",
            deviation.finding, deviation.case, deviation.reason
        ));
        any = true;
    }
    any
}

impl Output {
    fn reports<'b>(
        &self,
        background: &'b Background,
        fails_on_should: bool,
    ) -> Vec<Box<dyn Report + 'b>> {
        let on_terminal = io::stdout().is_terminal();
        let colour = match self.color {
            clap::ColorChoice::Auto => on_terminal && std::env::var_os("NO_COLOR").is_none(),
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
        };
        let live = on_terminal && io::stderr().is_terminal();
        let out = io::stdout();
        let shown: Box<dyn Report + 'b> = match self.message_format {
            MessageFormat::Human => {
                Box::new(Terminal::new(out, background, self.show_wire, colour, live))
            }
            MessageFormat::Json => Box::new(Stream(out)),
        };
        let mut reports = vec![shown];
        if let Some(path) = &self.report_json {
            reports.push(Box::new(Json::new(path.clone())));
        }
        if let Some(path) = &self.report_junit {
            reports.push(Box::new(Junit::new(path.clone(), background, fails_on_should)));
        }
        if let Some(path) = &self.report_tap {
            reports.push(Box::new(Tap::new(path.clone(), fails_on_should)));
        }
        #[cfg(feature = "html")]
        if let Some(directory) = &self.report_html {
            reports.push(Box::new(Html::new(directory.clone(), background)));
        }
        reports
    }
}

pub(super) fn runtime() -> Result<Runtime, Trouble> {
    Runtime::new().map_err(|error| Trouble::new(Exit::HarnessError, error))
}

pub(super) fn start_trouble(error: StartError) -> Trouble {
    Trouble::new(Exit::CannotConnect, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        target::Target,
        wire::{Limits, Timeouts},
    };

    #[test]
    fn a_case_may_take_longer_where_an_answer_may() {
        let case_patience = |seconds| {
            let timeouts = Timeouts::with_response(Duration::from_secs(seconds));
            let target = Target::new("localhost:143".parse().expect("it is an address"));
            let connector = Connector::new(target, timeouts, Limits::default());
            case_patience(&connector.expect("it trusts the system"))
        };
        assert_eq!(case_patience(30), RunOptions::default().case_patience);
        assert_eq!(case_patience(150), Duration::from_secs(1500));
        assert_eq!(
            case_patience(5),
            RunOptions::default().case_patience,
            "cases wait by the clock"
        );
    }
}
