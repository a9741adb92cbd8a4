//! `imap-conform serve`: the embedded server by itself, or a fault or variation in front of another.

use std::{io, net::SocketAddr, num::NonZeroUsize, time::Duration};

use super::{
    Trouble, say,
    target::{TlsArguments, difference, seconds},
};
use crate::{
    Exit,
    server::{
        Difference, Embedded, Options, Upstream, UpstreamOptions,
        fault::{self, Fault},
        variation::{self, Variation},
    },
    target::Security,
    wire::{Connector, Limits, Timeouts},
};

/// The arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct ServeArguments {
    /// Where to listen for connections without TLS.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:1143")]
    listen: SocketAddr,
    /// Where to listen for connections that begin with TLS.
    #[arg(long, value_name = "ADDR", conflicts_with = "upstream")]
    tls_listen: Option<SocketAddr>,
    /// Stands in front of this server, in place of the embedded one. Port 993 is TLS from the
    /// start; any other STARTTLS where --tls says so, and else as the clients do it.
    #[arg(long, value_name = "TARGET")]
    upstream: Option<String>,
    #[command(flatten)]
    tls: TlsArguments,
    /// How many connections are held at once; further ones are refused with BYE.
    #[arg(long, value_name = "N", default_value = "256")]
    connections: NonZeroUsize,
    /// How long a connection may be silent, in seconds.
    #[arg(long, value_name = "SECONDS", default_value = "1800", value_parser = seconds)]
    idle_timeout: Duration,
    /// Breaks one rule on purpose.
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// Does something otherwise, which the RFC allows.
    #[arg(long, value_name = "NAME", conflicts_with = "fault")]
    variation: Option<String>,
    /// Shows the faults there are.
    #[arg(long)]
    list_faults: bool,
    /// Shows the variations there are.
    #[arg(long)]
    list_variations: bool,
}

pub(super) fn serve(arguments: ServeArguments) -> Result<Exit, Trouble> {
    if arguments.list_faults {
        for Fault { name, requirement, summary, .. } in fault::catalogue() {
            say(&format!("{name}  {summary} ({requirement})"));
        }
        return Ok(Exit::Conforms);
    }
    if arguments.list_variations {
        for Variation { name, section, summary, .. } in variation::catalogue() {
            say(&format!("{name}  {summary} ({section})"));
        }
        return Ok(Exit::Conforms);
    }
    let difference = difference(arguments.fault.as_deref(), arguments.variation.as_deref())?;
    if let Some(difference) = difference {
        say(&difference.to_string());
    }
    match arguments.upstream {
        Some(server) => {
            let in_front = difference.map_or(Some(Default::default()), Difference::in_front);
            let (change, pace) = in_front.ok_or_else(|| {
                Trouble::usage("only the embedded server can be set up with this variation")
            })?;
            let target = arguments.tls.target(&server)?;
            let security = match target.security {
                Security::StartTlsWhenOffered => String::new(),
                security => format!(" ({security})"),
            };
            let connector = Connector::new(target, Timeouts::default(), Limits::default())
                .map_err(Trouble::usage)?;
            let options = UpstreamOptions {
                listen: arguments.listen,
                change,
                pace,
                connections: arguments.connections.get(),
                patience: arguments.idle_timeout,
            };
            let upstream = Upstream::start(connector, options).map_err(Trouble::usage)?;
            say(&format!("listening on {}, in front of {server}{security}", upstream.address()));
            until_interrupted()
        }
        None => {
            arguments.tls.without_server("--upstream")?;
            let options = Options {
                listen: arguments.listen,
                tls_listen: arguments.tls_listen,
                connections: arguments.connections.get(),
                patience: arguments.idle_timeout,
                ..difference.map_or_else(Options::default, Difference::embedded)
            };
            let embedded = Embedded::start(options).map_err(Trouble::usage)?;
            say(&format!("listening on {}, with STARTTLS", embedded.address()));
            if let Some(address) = embedded.tls_address() {
                say(&format!("listening on {address}, with TLS"));
            }
            // They open nothing but mailboxes that are gone with this process.
            for user in embedded.users() {
                say(&format!("user {}, password {}", user.name, user.password));
            }
            say(&format!("certificate:\n{}", embedded.certificate_pem()));
            until_interrupted()
        }
    }
}

/// Ctrl-C is how this ends, and nothing is wrong then.
fn until_interrupted() -> Result<Exit, Trouble> {
    let harness = |error: io::Error| Trouble::new(Exit::HarnessError, error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(harness)?.block_on(tokio::signal::ctrl_c()).map_err(harness)?;
    Ok(Exit::Conforms)
}
