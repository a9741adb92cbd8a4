//! The stage: what all cases of a run share.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{sync::RwLock, time::Instant};

use super::isolation::{Personal, Root};
use crate::{
    TargetInfo,
    requirement::Catalogue,
    scenario::{Need, Scenario, StartState, Step},
    target::User,
    wire::{Connector, Recorder},
};

/// What all cases of a run share.
pub(super) struct Stage {
    pub(super) connector: Connector,
    pub(super) catalogue: Catalogue,
    pub(super) server: Server,
    pub(super) root: Root,
    /// How long a case may take.
    pub(super) case_patience: Duration,
    /// Held by the cases that look at INBOX, or by one that changes it.
    pub(super) inbox: RwLock<()>,
    /// Whether mail of the user may be in the run's mailboxes, which must not be removed then.
    pub(super) holds_mail: AtomicBool,
    /// Whether the server has few connections to give.
    pub(super) frugal: AtomicBool,
    /// The flags of APPEND that are set in the message afterwards, where that was asked.
    pub(super) appended_flags: OnceLock<Vec<String>>,
}

/// What was learnt of the server before the first case.
#[derive(Debug, Clone, Default)]
pub(super) struct Server {
    pub(super) info: TargetInfo,
    /// Capabilities as soon as it is connected.
    pub(super) when_connected: Vec<String>,
    /// Capabilities before login, TLS up where the target asks for it.
    pub(super) before_login: Vec<String>,
    /// Capabilities after login.
    pub(super) after_login: Vec<String>,
    pub(super) personal: Option<Personal>,
    /// Whether it greets with PREAUTH (RFC 3501 §7.1.4): no session is not authenticated then, and
    /// none another user's.
    pub(super) preauthenticated: bool,
}

impl Stage {
    /// The user who plays.
    pub(super) fn user(&self) -> Option<&User> {
        self.connector.target().users.first()
    }

    /// The root's name, fit to be read: the server says what it begins with.
    pub(super) fn shown_root(&self) -> String {
        let users = &self.connector.target().users;
        Recorder::new(Instant::now(), users).words(self.root.name())
    }

    /// Whether connections are to be closed as soon as they can be.
    pub(super) fn is_frugal(&self) -> bool {
        self.frugal.load(Ordering::Relaxed)
    }

    /// Why the scenario cannot run against this target.
    pub(super) fn reason_to_skip(&self, scenario: &Scenario) -> Option<String> {
        let header = &scenario.header;
        for need in &header.needs {
            let Need { capability, absent } = &need.value;
            match (self.server.offers(capability, header.state), absent) {
                (false, false) => {
                    return Some(format!("the server does not offer {capability}"));
                }
                (true, true) => return Some(format!("the server offers {capability}")),
                _ => {}
            }
        }
        let target = self.connector.target();
        if header.changes_inbox && !target.changes_inbox {
            return Some("it changes INBOX, and that is not allowed: see --allow-inbox".to_owned());
        }
        if header.risks_lockout && !target.risks_lockout {
            let why = "it logs in wrongly, for which a server may lock the account out";
            return Some(format!("{why}: see --allow-failed-logins"));
        }
        let needs_second = logs_in_second(&scenario.steps);
        if needs_second && target.users.len() < 2 {
            return Some("it needs a second user, and the target has one".to_owned());
        }
        if self.server.preauthenticated && needs_second {
            return Some("it needs a second user, and the server greets with PREAUTH".to_owned());
        }
        if self.server.preauthenticated && header.state == StartState::NotAuthenticated {
            return Some("it begins before login, and the server greets with PREAUTH".to_owned());
        }
        self.flag_that_is_lost(scenario).map(|flag| {
            format!("a message of it has {flag}, and the server does not keep that of APPEND")
        })
    }

    /// A flag of the fixture's messages that the server does not set when they are appended, as it
    /// only should (RFC 3501 §6.3.11).
    fn flag_that_is_lost<'s>(&self, scenario: &'s Scenario) -> Option<&'s str> {
        let kept = self.appended_flags.get()?;
        let is_kept = |flag: &str| kept.iter().any(|kept| kept.eq_ignore_ascii_case(flag));
        let mut flags = scenario.messages.iter().flat_map(|message| &message.flags);
        flags.find(|flag| !is_kept(flag)).map(String::as_str)
    }
}

impl Server {
    /// Whether it offers the capability after login.
    pub(super) fn has(&self, capability: &str) -> bool {
        self.offers(capability, StartState::Authenticated)
    }

    /// Whether a session that begins in this state can meet the capability.
    fn offers(&self, capability: &str, state: StartState) -> bool {
        let before: &[String] = match state {
            StartState::Connected => &self.when_connected,
            StartState::NotAuthenticated => &self.before_login,
            StartState::Authenticated | StartState::Selected => &[],
        };
        before.iter().chain(&self.after_login).any(|name| name.eq_ignore_ascii_case(capability))
    }
}

fn logs_in_second(steps: &[crate::scenario::Spanned<Step>]) -> bool {
    steps.iter().any(|step| match &step.value {
        Step::Login { second, .. } => *second,
        Step::Given(steps) | Step::Where(steps) => logs_in_second(steps),
        _ => false,
    })
}
