//! Interrupts: what a signal ends, and in which order.
//!
//! A server that was started here goes with the process in any case. Where a run is going on, the
//! first interrupt ends it in good order, so that its mailboxes are removed, and the second leaves
//! at once; before it, and where there is none, there is nothing to wait for.

use std::{
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio_util::sync::CancellationToken;

use super::{Trouble, complain};
use crate::{Exit, target::Launched};

/// What an interrupt has to know of the work that it interrupts.
#[derive(Clone, Default)]
pub(super) struct Interrupts(Arc<Work>);

#[derive(Default)]
struct Work {
    /// Tells a run to end.
    cancelled: CancellationToken,
    /// Whether there is a run.
    runs: AtomicBool,
    /// The server that was started here.
    server: Mutex<Option<Arc<Mutex<Launched>>>>,
}

impl Interrupts {
    /// Watches for signals from here on. There has to be a runtime, and one of whose threads is
    /// free while this one waits for a server.
    pub(super) fn watch() -> Result<Self, Trouble> {
        let signals = Signals::new().map_err(|error| Trouble::new(Exit::HarnessError, error))?;
        let interrupts = Self::default();
        tokio::spawn(interrupts.clone().obey(signals));
        Ok(interrupts)
    }

    /// The server that is to be stopped where the process is left at once.
    pub(super) fn stops(&self, server: Arc<Mutex<Launched>>) {
        *locked(&self.0.server) = Some(server);
    }

    /// A run begins, and is told by this token when it is to end.
    pub(super) fn run_begins(&self) -> CancellationToken {
        self.0.runs.store(true, Ordering::Relaxed);
        self.0.cancelled.clone()
    }

    /// Whether a run was interrupted.
    pub(super) fn has_ended_run(&self) -> bool {
        self.0.cancelled.is_cancelled()
    }

    async fn obey(self, mut signals: Signals) {
        if signals.next().await.is_err() {
            return;
        }
        let Work { cancelled, runs, server } = &*self.0;
        if runs.load(Ordering::Relaxed) {
            cancelled.cancel();
            complain(
                "interrupted: the run ends when its mailboxes are removed; once more to leave at \
                 once",
            );
            if signals.next().await.is_err() {
                return;
            }
            complain("left at once: `imap-conform clean` removes what is left on the server");
        }
        if let Some(server) = locked(server).take() {
            locked(&server).stop();
        }
        std::process::exit(i32::from(Exit::Interrupted as u8));
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The signals by which somebody wants the process to end.
#[cfg(unix)]
struct Signals([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        ]))
    }

    /// Waits for the next.
    async fn next(&mut self) -> io::Result<()> {
        let [interrupt, terminate, hang_up] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
        Ok(())
    }
}

/// The signals by which somebody wants the process to end.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the next.
    async fn next(&mut self) -> io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
