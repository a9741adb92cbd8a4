//! `imap-conform selftest`: every fault and every variation in front of a server.

use std::{
    io::{self, Write},
    num::NonZeroUsize,
    time::Duration,
};

use super::{
    ScenarioDirectory, Trouble,
    run::{runtime, start_trouble},
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
    /// How many cases run at once.
    #[arg(short, long, value_name = "N", default_value = "8")]
    jobs: NonZeroUsize,
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
    let play = |difference| server.play(difference, &arguments, &set);
    let without = play(None)?.ok_or_else(|| {
        Trouble::new(Exit::CannotConnect, "nobody can log in to the server as it is")
    })?;
    let mut selftest = Selftest::default();
    for difference in chosen {
        if !server.can_have(difference) {
            selftest.not_played.push(difference.name());
            continue;
        }
        let with = play(Some(difference))?;
        let trial = Trial::of(difference, &without, with.as_ref());
        if !arguments.json {
            say(&format!("{trial}\n"));
        }
        selftest.trials.push(trial);
    }
    match arguments.json {
        true => say(&format!("{:#}\n", selftest.to_json())),
        false => say(&format!("\n{selftest}")),
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

    fn can_have(&self, difference: Difference) -> bool {
        matches!(self, Self::Embedded) || difference.in_front().is_some()
    }

    /// Plays the set against the server with the difference. Nothing where nobody can log in.
    fn play(
        &self,
        difference: Option<Difference>,
        arguments: &SelftestArguments,
        set: &Set,
    ) -> Result<Option<Record>, Trouble> {
        let harness = |error: io::Error| Trouble::new(Exit::HarnessError, error);
        match self {
            Self::Embedded => {
                let options = difference.map_or_else(Options::default, Difference::embedded);
                let embedded = Embedded::start(options).map_err(harness)?;
                play(embedded.target(), arguments, set)
            }
            Self::Other(target) => {
                let in_front = difference.and_then(Difference::in_front);
                let (change, pace): (Option<Change>, Pace) = in_front.unwrap_or_default();
                let options = UpstreamOptions { change, pace, ..UpstreamOptions::default() };
                let connector = arguments.target.connector(target.clone(), PATIENCE)?;
                let upstream = Upstream::start(connector, options).map_err(harness)?;
                let address = upstream.address().to_string().parse().map_err(Trouble::usage)?;
                // What goes over this host needs no protection.
                let between = Target { address, security: Security::None, ..target.clone() };
                play(between, arguments, set)
            }
        }
    }
}

fn play(
    target: Target,
    arguments: &SelftestArguments,
    set: &Set,
) -> Result<Option<Record>, Trouble> {
    let connector = arguments.target.connector(target, PATIENCE)?;
    let Set { scenarios, catalogue } = set.clone();
    let options = RunOptions { jobs: arguments.jobs, ..RunOptions::default() };
    runtime()?.block_on(async {
        let run = match Run::start(connector, catalogue, options, &RunId::random()).await {
            Ok(run) => run,
            Err(error @ StartError::NoUser) => return Err(start_trouble(error)),
            Err(_) => return Ok(None),
        };
        Ok(Some(run.record(scenarios).await))
    })
}

fn say(text: &str) {
    // Whoever has stopped reading needs no more of it.
    let _ = io::stdout().lock().write_all(text.as_bytes());
}
