//! The target on the command line: how it is reached and who logs in.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clap::ValueEnum;

use super::{Trouble, interrupt::Interrupts};
use crate::{
    Exit,
    server::{Difference, Embedded, Options},
    shell::quoted,
    target::{
        Address, Launch, LaunchError, Launched, Secret, SecretError, SecretSource, Security,
        Target, Trust, User,
    },
    wire::{Connector, Limits, Timeouts},
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The arguments that name a target.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Target")]
pub(super) struct TargetArguments {
    /// `host:port`, `imap://user@host` or `imaps://user@host:port`; the embedded server where
    /// absent. Port 993 is TLS from the start, any other STARTTLS where it is offered.
    /// `docker:NAME` starts a server or an image in a container, `exec:NAME` as a process.
    #[arg(long, value_name = "TARGET", env = "IMAP_CONFORM_TARGET")]
    target: Option<String>,
    /// Where the servers of `docker:NAME` and `exec:NAME` are described.
    #[arg(long, value_name = "DIR", env = "IMAP_CONFORM_SERVERS", default_value = SERVERS)]
    servers: PathBuf,
    /// Who logs in, where the target does not say.
    #[arg(long, value_name = "NAME", env = "IMAP_CONFORM_USER", requires = "target")]
    user: Option<String>,
    /// A file whose first line is the password, or `-` for standard input. Without it the
    /// password is IMAP_CONFORM_PASSWORD's, or asked for.
    #[arg(long, value_name = "FILE", requires = "target")]
    password_file: Option<PathBuf>,
    /// A second user, for the scenarios that need one.
    #[arg(long, value_name = "NAME", env = "IMAP_CONFORM_SECOND_USER", requires = "target")]
    second_user: Option<String>,
    /// A file whose first line is the second user's password. Without it the password is
    /// IMAP_CONFORM_SECOND_PASSWORD's, or asked for.
    #[arg(long, value_name = "FILE", requires = "second_user")]
    second_password_file: Option<PathBuf>,
    #[command(flatten)]
    tls: TlsArguments,
    /// Lets scenarios change INBOX; without it the ones that would are skipped.
    #[arg(long, requires = "target")]
    allow_inbox: bool,
    /// Lets scenarios log in wrongly, for which some servers lock an account or an address out;
    /// without it the ones that would are skipped.
    #[arg(long, requires = "target")]
    allow_failed_logins: bool,
    /// How long an answer may take, in seconds: 30 where nothing else is said, 5 in a selftest.
    /// Other deadlines scale with it.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Makes the embedded server break one rule, to see that it is noticed.
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    fault: Option<String>,
    /// Makes the embedded server do something otherwise, to see that it is let pass.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["target", "fault"])]
    variation: Option<String>,
}

/// What protects a connection, and whom to believe.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct TlsArguments {
    /// What protects the connection, whatever the port.
    #[arg(long, value_name = "HOW")]
    tls: Option<TlsMode>,
    /// A PEM file of certificates to believe.
    #[arg(long, value_name = "PEM")]
    cacert: Option<PathBuf>,
    /// Believes any certificate.
    #[arg(long, conflicts_with = "cacert")]
    insecure: bool,
    /// The name that the server's certificate must carry.
    #[arg(long, value_name = "NAME")]
    servername: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum TlsMode {
    /// TLS from the first octet.
    Implicit,
    /// STARTTLS, and nothing without it.
    Starttls,
    /// No TLS: passwords go in clear.
    None,
}

impl From<TlsMode> for Security {
    fn from(mode: TlsMode) -> Self {
        match mode {
            TlsMode::Implicit => Self::Implicit,
            TlsMode::Starttls => Self::StartTls,
            TlsMode::None => Self::None,
        }
    }
}

impl TlsArguments {
    /// How a server at that address is reached.
    pub(super) fn target(&self, address: &str) -> Result<Target, Trouble> {
        let address: Address = address.parse().map_err(Trouble::usage)?;
        Ok(self.applied(Target::new(address)))
    }

    /// The target, protected as they say.
    fn applied(&self, mut target: Target) -> Target {
        if let Some(tls) = self.tls {
            target.security = tls.into();
        }
        if self.servername.is_some() {
            target.server_name.clone_from(&self.servername);
        }
        if let Some(file) = &self.cacert {
            target.trust = Trust::Authorities(file.clone());
        } else if self.insecure {
            target.trust = Trust::Anything;
        }
        target
    }

    /// They say nothing about the embedded server, which is reached without TLS.
    pub(super) fn without_server(&self, option: &str) -> Result<(), Trouble> {
        let Self { tls, cacert, insecure, servername } = self;
        match tls.is_some() || cacert.is_some() || *insecure || servername.is_some() {
            true => Err(Trouble::usage(format!("what protects the connection needs {option}"))),
            false => Ok(()),
        }
    }

    /// They as arguments.
    fn arguments(&self) -> Vec<String> {
        let mut arguments = Vec::new();
        let tls = self.tls.and_then(|mode| mode.to_possible_value());
        push(&mut arguments, "--tls", tls.map(|mode| mode.get_name().to_owned()));
        push(&mut arguments, "--cacert", self.cacert.as_ref().map(|file| shown(file)));
        if self.insecure {
            arguments.push("--insecure".to_owned());
        }
        push(&mut arguments, "--servername", self.servername.clone());
        arguments
    }
}

/// The servers of the checkout this was built from.
const SERVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ci/servers");

/// A target that can be connected to. A server that was started runs as long as this lives.
pub(super) struct Reached {
    pub(super) connector: Connector,
    /// What says the same about the target, for the command that runs a case again: arguments, each
    /// behind a space.
    pub(super) arguments: String,
    /// What the target is known to do otherwise, where its recipe says so.
    pub(super) expectations: Option<PathBuf>,
    /// How many cases at once suit it, where its recipe says so.
    pub(super) jobs: Option<NonZeroUsize>,
    _own: Own,
}

/// A server of our own, which ends where nobody has it any more.
enum Own {
    None,
    Embedded { _server: Embedded },
    Launched { _server: StopsAtEnd },
}

/// Ends a server that an interrupt may have to end as well.
struct StopsAtEnd(Arc<Mutex<Launched>>);

impl StopsAtEnd {
    fn launched(&self) -> MutexGuard<'_, Launched> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for StopsAtEnd {
    fn drop(&mut self) {
        self.launched().stop();
    }
}

impl TargetArguments {
    /// Finds out how to reach the target; starts the server where that is asked for, and the
    /// embedded one where it is none other. An interrupt stops the one that was started, also while
    /// it is waited for.
    pub(super) fn reach(&self, interrupts: &Interrupts) -> Result<Reached, Trouble> {
        let difference = self.difference()?;
        let (mut expectations, mut jobs) = (None, None);
        let (target, arguments, own) = match &self.target {
            Some(text) => {
                let (target, own) = match Launch::named(text) {
                    Some(launch) => {
                        let launched = launch.begin(&self.servers).map_err(not_started)?;
                        let own = StopsAtEnd(Arc::new(Mutex::new(launched)));
                        interrupts.stops(own.0.clone());
                        Launched::await_greeting(&own.0).map_err(not_started)?;
                        let launched = own.launched();
                        expectations = launched.recipe().expectations();
                        jobs = Some(launched.recipe().jobs);
                        let security = self.tls.tls.map(Security::from);
                        let target = launched.target(security).map_err(not_started)?;
                        drop(launched);
                        (self.tls.applied(target), Own::Launched { _server: own })
                    }
                    None => (self.tls.target(text)?, Own::None),
                };
                (self.with_users(target)?, self.arguments(text), own)
            }
            None => {
                self.tls.without_server("--target")?;
                let options = difference.map_or_else(Options::default, Difference::embedded);
                let embedded = Embedded::start(options)
                    .map_err(|error| Trouble::new(Exit::HarnessError, error))?;
                let arguments = match difference {
                    Some(Difference::Fault(fault)) => format!(" --fault {}", fault.name),
                    Some(Difference::Variation(variation)) => {
                        format!(" --variation {}", variation.name)
                    }
                    None => String::new(),
                };
                (embedded.target(), arguments, Own::Embedded { _server: embedded })
            }
        };
        let connector = self.connector(target, PATIENCE)?;
        let arguments = arguments + &self.timeout_argument();
        Ok(Reached { connector, arguments, expectations, jobs, _own: own })
    }

    /// The fault or variation of the embedded server that was asked for.
    pub(super) fn difference(&self) -> Result<Option<Difference>, Trouble> {
        difference(self.fault.as_deref(), self.variation.as_deref())
    }

    /// The target that was named, which has to be there already; nothing for the embedded server.
    pub(super) fn other(&self) -> Result<Option<Target>, Trouble> {
        let Some(address) = self.target.as_deref() else { return Ok(None) };
        if Launch::named(address).is_some() {
            let text = format!("`{address}` is not started here: name one that is running");
            return Err(Trouble::usage(text));
        }
        self.with_users(self.tls.target(address)?).map(Some)
    }

    /// How the target is connected to. `patience` is how long an answer may take where nothing
    /// else was said.
    pub(super) fn connector(
        &self,
        target: Target,
        patience: Duration,
    ) -> Result<Connector, Trouble> {
        let timeouts = Timeouts::with_response(self.timeout.unwrap_or(patience));
        Connector::new(target, timeouts, Limits::default()).map_err(Trouble::usage)
    }

    /// The target with who logs in, and what they allow.
    fn with_users(&self, mut target: Target) -> Result<Target, Trouble> {
        target.changes_inbox |= self.allow_inbox;
        target.risks_lockout |= self.allow_failed_logins;
        let name = self.user.clone().or_else(|| target.address.user().map(str::to_owned));
        match name {
            Some(name) => {
                let password = self.password_file.as_ref();
                target.users = vec![user(name, password, "IMAP_CONFORM_PASSWORD")?];
                target.lanes = NonZeroUsize::MIN;
            }
            None if target.users.is_empty() => {
                return Err(Trouble::usage(
                    "nobody is named to log in: write `imap://user@host`, or give --user",
                ));
            }
            None => {}
        }
        if let Some(name) = self.second_user.clone() {
            let file = self.second_password_file.as_ref();
            target.users.truncate(1);
            target.users.push(user(name, file, "IMAP_CONFORM_SECOND_PASSWORD")?);
        }
        Ok(target)
    }

    /// What was said about the target. The standard input of now is not that of the next time.
    fn arguments(&self, target: &str) -> String {
        let mut arguments = vec!["--target".to_owned(), target.to_owned()];
        let file = |file: &Option<PathBuf>| {
            file.as_ref().filter(|file| file.as_os_str() != "-").map(|file| shown(file))
        };
        push(&mut arguments, "--user", self.user.clone());
        push(&mut arguments, "--password-file", file(&self.password_file));
        push(&mut arguments, "--second-user", self.second_user.clone());
        push(&mut arguments, "--second-password-file", file(&self.second_password_file));
        arguments.extend(self.tls.arguments());
        if self.allow_inbox {
            arguments.push("--allow-inbox".to_owned());
        }
        if self.allow_failed_logins {
            arguments.push("--allow-failed-logins".to_owned());
        }
        if Launch::named(target).is_some() && self.servers.as_os_str() != SERVERS {
            push(&mut arguments, "--servers", Some(shown(&self.servers)));
        }
        arguments.iter().map(|argument| format!(" {}", quoted(argument))).collect()
    }

    fn timeout_argument(&self) -> String {
        let seconds = self.timeout.map(|timeout| timeout.as_secs_f64());
        seconds.map(|seconds| format!(" --timeout {seconds}")).unwrap_or_default()
    }
}

fn push(arguments: &mut Vec<String>, option: &str, value: Option<String>) {
    arguments.extend(value.into_iter().flat_map(|value| [option.to_owned(), value]));
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The fault or variation of that name; one of them at most is named.
pub(super) fn difference(
    fault: Option<&str>,
    variation: Option<&str>,
) -> Result<Option<Difference>, Trouble> {
    let found = match (fault, variation) {
        (Some(name), _) => Some(Difference::fault(name)),
        (None, Some(name)) => Some(Difference::variation(name)),
        (None, None) => None,
    };
    found.transpose().map_err(Trouble::usage)
}

fn not_started(error: LaunchError) -> Trouble {
    Trouble::new(Exit::CannotConnect, error)
}

fn user(name: String, file: Option<&PathBuf>, variable: &str) -> Result<User, Trouble> {
    let source = match file {
        Some(file) => SecretSource::file(file),
        None if std::env::var_os(variable).is_some() => {
            SecretSource::Environment(variable.to_owned())
        }
        None => SecretSource::Prompt { user: name.clone() },
    };
    let password = Secret::read(&source).map_err(|error| match error {
        SecretError::NobodyToAsk(_) => Trouble::usage(format!(
            "no password for `{name}`, and no terminal to ask at: set {variable}, or name a file"
        )),
        error => Trouble::usage(error),
    })?;
    Ok(User { name, password })
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.strip_suffix('s').unwrap_or(text).parse::<f64>().ok();
    seconds
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| format!("`{text}` is not a number of seconds above zero"))
}
