//! The target on the command line: how it is reached and who logs in.

use std::{path::PathBuf, time::Duration};

use super::{Trouble, difference::Difference};
use crate::{
    Exit,
    server::{Embedded, Options},
    target::{Address, Secret, SecretSource, Security, Target, Trust, User},
    wire::{Connector, Limits, Timeouts},
};

/// The arguments that name a target.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Target")]
pub(super) struct TargetArguments {
    /// `host:port`, `imap://user@host` or `imaps://user@host:port`; the embedded server where
    /// absent. Port 993 is TLS from the start, any other STARTTLS where it is offered.
    #[arg(long, value_name = "TARGET", env = "IMAP_CONFORM_TARGET")]
    target: Option<String>,
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
    /// What protects the connection, whatever the port.
    #[arg(long, value_name = "HOW", requires = "target")]
    tls: Option<TlsMode>,
    /// A PEM file of certificates to believe.
    #[arg(long, value_name = "PEM", requires = "target")]
    cacert: Option<PathBuf>,
    /// Believes any certificate.
    #[arg(long, requires = "target", conflicts_with = "cacert")]
    insecure: bool,
    /// The name that the server's certificate must carry.
    #[arg(long, value_name = "NAME", requires = "target")]
    servername: Option<String>,
    /// Lets scenarios change INBOX; without it the ones that would are skipped.
    #[arg(long, requires = "target")]
    allow_inbox: bool,
    /// How long an answer may take, in seconds; other deadlines scale with it.
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    timeout: Duration,
    /// Makes the embedded server break one rule, to see that it is noticed.
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    fault: Option<String>,
    /// Makes the embedded server do something otherwise, to see that it is let pass.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["target", "fault"])]
    variation: Option<String>,
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

/// A target that can be connected to. The embedded server runs as long as this lives.
pub(super) struct Reached {
    pub(super) connector: Connector,
    /// What `--target` says, for the command that runs a case again.
    pub(super) arguments: String,
    _embedded: Option<Embedded>,
}

impl TargetArguments {
    /// Finds out how to reach the target; starts the embedded server where it is none other.
    pub(super) fn reach(&self) -> Result<Reached, Trouble> {
        let (target, arguments, embedded) = match &self.target {
            Some(target) => (self.named(target)?, format!(" --target {target}"), None),
            None => {
                let difference =
                    Difference::named(self.fault.as_deref(), self.variation.as_deref())?;
                let options = difference.map_or_else(Options::default, Difference::embedded);
                let embedded = Embedded::start(options)
                    .map_err(|error| Trouble::new(Exit::HarnessError, error))?;
                let arguments = difference.map(Difference::argument).unwrap_or_default();
                (embedded.target(), arguments, Some(embedded))
            }
        };
        let timeouts = Timeouts::with_response(self.timeout);
        let connector =
            Connector::new(target, timeouts, Limits::default()).map_err(Trouble::usage)?;
        Ok(Reached { connector, arguments, _embedded: embedded })
    }

    fn named(&self, address: &str) -> Result<Target, Trouble> {
        let address: Address = address.parse().map_err(Trouble::usage)?;
        let mut target = Target::new(address);
        if let Some(tls) = self.tls {
            target.security = tls.into();
        }
        target.server_name.clone_from(&self.servername);
        target.changes_inbox = self.allow_inbox;
        target.trust = match (&self.cacert, self.insecure) {
            (Some(file), _) => Trust::Authorities(file.clone()),
            (None, true) => Trust::Anything,
            (None, false) => Trust::System,
        };
        let name = self.user.clone().or_else(|| target.address.user().map(str::to_owned));
        let Some(name) = name else {
            return Err(Trouble::usage(
                "nobody is named to log in: write `imap://user@host`, or give --user",
            ));
        };
        target.users.push(user(name, self.password_file.as_ref(), "IMAP_CONFORM_PASSWORD")?);
        if let Some(name) = self.second_user.clone() {
            let file = self.second_password_file.as_ref();
            target.users.push(user(name, file, "IMAP_CONFORM_SECOND_PASSWORD")?);
        }
        Ok(target)
    }
}

fn user(name: String, file: Option<&PathBuf>, variable: &str) -> Result<User, Trouble> {
    let source = match file {
        Some(file) => SecretSource::file(file),
        None if std::env::var_os(variable).is_some() => {
            SecretSource::Environment(variable.to_owned())
        }
        None => SecretSource::Prompt { user: name.clone() },
    };
    let password = Secret::read(&source).map_err(Trouble::usage)?;
    Ok(User { name, password })
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.strip_suffix('s').unwrap_or(text).parse::<f64>().ok();
    seconds
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| format!("`{text}` is not a number of seconds above zero"))
}
