//! The main job: runs the chosen scenarios against the target and reports.

use std::{
    fs::File,
    io::{self, IsTerminal, Write},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{runtime::Runtime, sync::mpsc};
use tokio_util::sync::CancellationToken;

use super::{ScenarioDirectory, Trouble, target::TargetArguments};
#[cfg(feature = "html")]
use crate::report::Html;
use crate::{
    Event, Exit, Expectations, Record, Set, Tally,
    play::{Run, RunId, RunOptions, StartError},
    report::{Background, Json, Junit, Report, ShowWire, Stream, Tap, Terminal},
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
    /// When the wire conversation is shown.
    #[arg(long, value_name = "WHEN", default_value = "fail")]
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
    let reached = arguments.target.reach()?;
    if let (None, Some(file)) = (&arguments.options.expect, &reached.expectations) {
        expectations = Expectations::read(file).map_err(Trouble::scenario)?;
    }
    let rerun = format!("imap-conform{}", reached.arguments);
    let background = Background::new(&scenarios, catalogue.clone(), rerun);
    let mut reports = arguments.output.reports(&background);
    let mut draft = match &arguments.options.write_expect {
        Some(file) => Some(File::create_new(file).map_err(|error| not_written(file, error))?),
        None => None,
    };
    let default = RunOptions::default();
    let jobs = arguments.options.jobs.or(reached.jobs).unwrap_or(default.jobs);
    let options = RunOptions { jobs, retries: arguments.options.retries, ..default };
    let connector = reached.connector.clone();
    let run = match Run::start(connector, catalogue.clone(), options, &RunId::random()).await {
        Ok(run) => run,
        Err(error) => {
            // Whoever waits for a report learns from it that there was no run.
            let cut_short = Some(error.to_string());
            let event = Event::RunFinished { cut_short, elapsed: Duration::ZERO };
            tell(&mut reports, &event)?;
            return Err(start_trouble(error));
        }
    };
    let cancelled = CancellationToken::new();
    tokio::spawn(watch_for_interrupts(cancelled.clone(), reached.stopper()));
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
                if draft.is_some() {
                    finished.push((**report).clone());
                }
            }
            Event::RunFinished { cut_short, .. } => whole = cut_short.is_none(),
            _ => {}
        }
        tell(&mut reports, &event)?;
    }
    playing.await.map_err(|error| Trouble::new(Exit::HarnessError, error))?;
    if let (Some(draft), Some(file)) = (&mut draft, &arguments.options.write_expect) {
        finished.sort_by(|one, other| one.case.cmp(&other.case));
        let text = Expectations::draft(&finished, &catalogue);
        draft.write_all(text.as_bytes()).map_err(|error| not_written(file, error))?;
    }
    if cancelled.is_cancelled() {
        return Ok(Exit::Interrupted);
    }
    let exit = tally.exit(arguments.options.fail_on == FailOn::Should);
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

fn tell(reports: &mut [Box<dyn Report + '_>], event: &Event) -> Result<(), Trouble> {
    reports.iter_mut().try_for_each(|report| report.event(event)).map_err(|error| {
        Trouble::new(Exit::HarnessError, format!("a report cannot be written: {error}"))
    })
}

/// Says which known deviations did not show; whether there are any.
fn unmet(expectations: &Expectations) -> bool {
    let mut any = false;
    for deviation in expectations.unmet() {
        eprintln!(
            "the known deviation {} did not show in {}; take it off the list: {}",
            deviation.finding, deviation.case, deviation.reason
        );
        any = true;
    }
    any
}

impl Output {
    fn reports<'b>(&self, background: &'b Background) -> Vec<Box<dyn Report + 'b>> {
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
            reports.push(Box::new(Junit::new(path.clone(), background)));
        }
        if let Some(path) = &self.report_tap {
            reports.push(Box::new(Tap::new(path.clone())));
        }
        #[cfg(feature = "html")]
        if let Some(directory) = &self.report_html {
            reports.push(Box::new(Html::new(directory.clone(), background)));
        }
        reports
    }
}

/// The first interrupt ends the run in good order, the second at once; a server that was started
/// for the run is stopped in both cases.
async fn watch_for_interrupts(cancelled: CancellationToken, stop: impl FnOnce() + Send) {
    if interrupt().await.is_err() {
        return;
    }
    cancelled.cancel();
    eprintln!(
        "interrupted: the run ends when its mailboxes are removed; once more to leave at once"
    );
    if interrupt().await.is_ok() {
        stop();
        eprintln!("left at once: `imap-conform clean` removes what is left on the server");
        std::process::exit(i32::from(Exit::Interrupted as u8));
    }
}

/// Waits until somebody wants the process to end.
async fn interrupt() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
            _ = hang_up.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

pub(super) fn runtime() -> Result<Runtime, Trouble> {
    Runtime::new().map_err(|error| Trouble::new(Exit::HarnessError, error))
}

pub(super) fn start_trouble(error: StartError) -> Trouble {
    Trouble::new(Exit::CannotConnect, error)
}
