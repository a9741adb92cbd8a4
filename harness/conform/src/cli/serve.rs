//! `imap-conform serve`: the embedded server by itself, or a fault in front of another server.

use std::{
    io::{self, Write},
    net::SocketAddr,
};

use super::Trouble;
use crate::{
    Exit,
    server::{
        Embedded, Options, Upstream,
        fault::{self, Fault},
    },
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
    /// Stands in front of this server, without TLS, in place of the embedded one.
    #[arg(long, value_name = "HOST:PORT")]
    upstream: Option<String>,
    /// Breaks one rule on purpose.
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// Shows the faults there are.
    #[arg(long)]
    list_faults: bool,
}

pub(super) fn serve(arguments: ServeArguments) -> Result<Exit, Trouble> {
    if arguments.list_faults {
        for Fault { name, requirement, summary, .. } in fault::catalogue() {
            say(&format!("{name}  {summary} ({requirement})"));
        }
        return Ok(Exit::Conforms);
    }
    let fault = arguments.fault.as_deref().map(find_fault).transpose()?;
    if let Some(fault) = fault {
        say(&format!("fault: {} ({})", fault.summary, fault.requirement));
    }
    let change = fault.map(|fault| fault.change);
    match arguments.upstream {
        Some(server) => {
            let upstream = Upstream::start(arguments.listen, server.as_str(), change)
                .map_err(Trouble::usage)?;
            say(&format!("listening on {}, in front of {server}", upstream.address()));
            until_interrupted()
        }
        None => {
            let options = Options {
                listen: arguments.listen,
                tls_listen: arguments.tls_listen,
                change,
                ..Options::default()
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

/// The fault of that name.
pub(super) fn find_fault(name: &str) -> Result<&'static Fault, Trouble> {
    fault::named(name).ok_or_else(|| {
        let likeness = |fault: &&Fault| (strsim::jaro_winkler(fault.name, name) * 1e6) as u64;
        let nearest = fault::catalogue().max_by_key(likeness);
        let nearest = nearest.map(|fault| format!("; did you mean `{}`?", fault.name));
        let nearest = nearest.unwrap_or_default();
        Trouble::usage(format!("no fault is called `{name}`{nearest} (see --list-faults)"))
    })
}

fn say(line: &str) {
    // Whoever has stopped reading needs no line.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

/// Ctrl-C is how this ends, and nothing is wrong then.
fn until_interrupted() -> Result<Exit, Trouble> {
    let harness = |error: io::Error| Trouble::new(Exit::HarnessError, error);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(harness)?.block_on(tokio::signal::ctrl_c()).map_err(harness)?;
    Ok(Exit::Conforms)
}
