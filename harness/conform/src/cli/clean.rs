//! `imap-conform clean`: removes what runs that were killed have left.

use super::{
    Trouble,
    interrupt::Interrupts,
    run::{runtime, start_trouble},
    say,
    target::TargetArguments,
};
use crate::{Exit, play};

/// The arguments of `clean`.
#[derive(Debug, clap::Args)]
pub(super) struct CleanArguments {
    #[command(flatten)]
    target: TargetArguments,
}

pub(super) fn clean(arguments: CleanArguments) -> Result<Exit, Trouble> {
    runtime()?.block_on(async {
        let reached = arguments.target.reach(&Interrupts::watch()?)?;
        let cleaned = play::clean(&reached.connector).await.map_err(start_trouble)?;
        for name in &cleaned.removed {
            say(&format!("removed {name}"));
        }
        for name in &cleaned.left {
            say(&format!("could not remove {name}"));
        }
        if cleaned.removed.is_empty() && cleaned.left.is_empty() {
            say("nothing was left to remove");
        }
        Ok(if cleaned.left.is_empty() { Exit::Conforms } else { Exit::Inconclusive })
    })
}
