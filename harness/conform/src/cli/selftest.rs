//! `imap-conform selftest`: every fault and every variation in front of a server.

use std::{io, num::NonZeroUsize, time::Duration};

use tokio::{runtime::Runtime, sync::mpsc};

use super::{
    ScenarioDirectory, Trouble,
    interrupt::Interrupts,
    run::{case_patience, runtime, start_trouble},
    say,
    target::TargetArguments,
};
use crate::{
    Exit, Record, Set,
    nearest::nearest,
    play::{Run, RunId, RunOptions, StartError},
    selftest::{Selftest, Trial},
    server::{
        Change, Difference, Embedded, Options, Upstream, UpstreamOptions, differences,
        variation::Pace,
    },
    target::{Security, Target},
};

/// How long an answer may take. Some faults swallow the completion of commands.
const PATIENCE: Duration = Duration::from_secs(5);

/// The arguments of `selftest`.
#[derive(Debug, clap::Args)]
pub(super) struct SelftestArguments {
    /// Which faults and variations, by name; all where none is named.
    names: Vec<String>,
    #[command(flatten)]
    target: TargetArguments,
    /// Plays these cases alone: selectors as those of a run.
    #[arg(long, value_name = "SELECTOR")]
    cases: Vec<String>,
    /// How many cases run at once: 8, or 32 against the embedded server, where nearly all the time
    /// is spent waiting for what a fault has swallowed.
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Prints what came of it as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    directory: ScenarioDirectory,
}

pub(super) fn selftest(arguments: SelftestArguments) -> Result<Exit, Trouble> {
    if arguments.target.difference()?.is_some() {
        return Err(Trouble::usage("selftest plays all faults and variations: name them alone"));
    }
    let chosen = chosen(&arguments.names)?;
    let set = arguments.directory.load()?.select(&arguments.cases).map_err(Trouble::usage)?;
    let server = Server::of(&arguments.target)?;
    let runtime = runtime()?;
    let interrupts = runtime.block_on(async { Interrupts::watch() })?;
    let jobs = arguments.jobs.unwrap_or(server.jobs());
    let player = Player { runtime, interrupts, arguments: &arguments, set: &set, jobs };
    let without = server.play(None, &player)?;
    if player.interrupts.has_ended_run() {
        return Ok(Exit::Interrupted);
    }
    let without = without.ok_or_else(|| {
        Trouble::new(Exit::CannotConnect, "nobody can log in to the server as it is")
    })?;
    let mut selftest = Selftest::default();
    for difference in chosen {
        if !server.can_have(difference) {
            selftest.not_played.push(difference.name());
            continue;
        }
        let with = server.play(Some(difference), &player)?;
        if player.interrupts.has_ended_run() {
            return Ok(Exit::Interrupted);
        }
        let trial = Trial::of(difference, &without, with.as_ref());
        if !arguments.json {
            say(&trial.to_string());
        }
        selftest.trials.push(trial);
    }
    match arguments.json {
        true => say(&format!("{:#}", selftest.to_json())),
        false => say(format!("\n{selftest}").trim_end()),
    }
    Ok(match selftest.wrong().next() {
        Some(_) => Exit::SuiteWrong,
        None => Exit::Conforms,
    })
}

/// The differences of these names; all where there are none.
fn chosen(names: &[String]) -> Result<Vec<Difference>, Trouble> {
    let of = |name: &String| {
        differences().find(|difference| difference.name() == name).ok_or_else(|| {
            let near = nearest(name, differences().map(Difference::name));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Trouble::usage(format!("no fault and no variation is called `{name}`{near}"))
        })
    };
    match names {
        [] => Ok(differences().collect()),
        names => names.iter().map(of).collect(),
    }
}

/// The server that has the differences.
enum Server {
    Embedded,
    /// Another, in front of which they stand.
    Other(Target),
}

impl Server {
    fn of(target: &TargetArguments) -> Result<Self, Trouble> {
        match target.other()? {
            None => Ok(Self::Embedded),
            // They stand between, so they have to know what protects the other side.
            Some(target) if target.security == Security::StartTlsWhenOffered => {
                Err(Trouble::usage("say --tls starttls, or --tls none"))
            }
            Some(target) => Ok(Self::Other(target)),
        }
    }

    /// How many cases it is asked to bear at once.
    fn jobs(&self) -> NonZeroUsize {
        let jobs = if matches!(self, Self::Embedded) { 32 } else { 8 };
        NonZeroUsize::new(jobs).unwrap_or(NonZeroUsize::MIN)
    }

    fn can_have(&self, difference: Difference) -> bool {
        matches!(self, Self::Embedded) || difference.in_front().is_some()
    }

    /// Plays the set against the server with the difference. Nothing where nobody can log in.
    fn play(
        &self,
        difference: Option<Difference>,
        player: &Player<'_>,
    ) -> Result<Option<Record>, Trouble> {
        let harness = |error: io::Error| Trouble::new(Exit::HarnessError, error);
        match self {
            Self::Embedded => {
                let options = difference.map_or_else(Options::default, Difference::embedded);
                let embedded = Embedded::start(options).map_err(harness)?;
                player.play(embedded.target())
            }
            Self::Other(target) => {
                let in_front = difference.and_then(Difference::in_front);
                let (change, pace): (Option<Change>, Pace) = in_front.unwrap_or_default();
                let options = UpstreamOptions { change, pace, ..UpstreamOptions::default() };
                let connector = player.arguments.target.connector(target.clone(), PATIENCE)?;
                let upstream = Upstream::start(connector, options).map_err(harness)?;
                let address = upstream.address().to_string().parse().map_err(Trouble::usage)?;
                // What goes over this host needs no protection.
                let between = Target { address, security: Security::None, ..target.clone() };
                player.play(between)
            }
        }
    }
}

/// What plays the set again and again.
struct Player<'a> {
    runtime: Runtime,
    interrupts: Interrupts,
    arguments: &'a SelftestArguments,
    set: &'a Set,
    jobs: NonZeroUsize,
}

impl Player<'_> {
    /// Plays the set, until it is interrupted. Nothing where nobody can log in.
    fn play(&self, target: Target) -> Result<Option<Record>, Trouble> {
        let connector = self.arguments.target.connector(target, PATIENCE)?;
        let Set { scenarios, catalogue } = self.set.clone();
        let options = RunOptions {
            jobs: self.jobs,
            case_patience: case_patience(&connector),
            ..RunOptions::default()
        };
        self.runtime.block_on(async {
            let run = match Run::start(connector, catalogue, options, &RunId::random()).await {
                Ok(run) => run,
                Err(error @ StartError::NoUser) => return Err(start_trouble(error)),
                Err(_) => return Ok(None),
            };
            let (sender, mut events) = mpsc::channel(64);
            let playing = run.play(scenarios, sender, self.interrupts.run_begins());
            let listening = async {
                let mut record = Record::default();
                while let Some(event) = events.recv().await {
                    record.add(&event);
                }
                record
            };
            Ok(Some(tokio::join!(playing, listening).1))
        })
    }
}
