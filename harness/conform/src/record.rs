//! A run that is over: what was asked of whom and what came of it, as `--report-json` keeps it.
//!
//! The form of the file, by example (`…` stands for more of the same):
//!
//! ```
//! # let file = r#"
//! {
//!   "version": 1,
//!   "tool": "imap-conform 0.1.0",
//!   "target": {
//!     "address": "localhost:993", "security": "TLS 1.3", "user": "alice",
//!     "software": "Dovecot ready.", "capabilities": ["IMAP4rev1", "IDLE"]
//!   },
//!   "root": "imap-conform-18b2d50dc2d97dd1",
//!   "cases": [{
//!     "case": "rfc3501/6.1.2-noop/ok",
//!     "title": "NOOP always succeeds",
//!     "requirements": ["rfc3501/6.1.2-01"],
//!     "verdict": "fail",
//!     "reason": null,
//!     "findings": [{
//!       "verdict": "fail",
//!       "source": {"expectation": {"line": 4, "span": {"start": 80, "end": 82}}},
//!       "requirement": "rfc3501/6.1.2-01",
//!       "expected": "`OK`",
//!       "found": "`NO not now`",
//!       "evidence": {"entry": 2, "octets": {"start": 3, "end": 5}}
//!     }],
//!     "transcript": {"entries": [
//!       {"at": 0.001, "session": "", "happened": {"connected": "127.0.0.1:143"}},
//!       {"at": 0.002, "session": "", "happened": {"sent": "a1 NOOP\r\n"}},
//!       {"at": 0.003, "session": "", "happened": {"received": "a1 NO not now\r\n"}}
//!     ]},
//!     "elapsed": 0.004
//!   }],
//!   "notices": [],
//!   "cut-short": null,
//!   "elapsed": 1.25
//! }
//! # "#;
//! # let record = imap_conform::Record::parse(file).unwrap();
//! # assert_eq!(record.cases[0].transcript.entries.len(), 3);
//! # assert_eq!(imap_conform::Record::parse(&record.to_json()).unwrap(), record);
//! ```
//!
//! Times are seconds. Octets of the wire are a string in which each character, U+0000 to U+00FF,
//! is one octet. A reader ignores members that it does not know.

use std::{fs, path::Path, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{CaseReport, Event, Tally, TargetInfo, Verdict};

/// The version of the form. It changes where a reader of the older one would misunderstand.
const VERSION: u32 = 1;

/// A run that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Record {
    version: u32,
    /// Which version of the harness made it.
    pub tool: String,
    /// Who answered; nothing where the run did not get as far.
    pub target: Option<TargetInfo>,
    /// The mailbox under which everything happened.
    pub root: String,
    /// What came of each case, in the order in which they ended.
    pub cases: Vec<CaseReport>,
    /// What a person should know beside.
    pub notices: Vec<String>,
    /// Why the run was cut short, where it was.
    pub cut_short: Option<String>,
    /// How long it took.
    #[serde(with = "crate::transcript::seconds")]
    pub elapsed: Duration,
}

/// A report that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It cannot be read.
    #[error("cannot read the report {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is not what `--report-json` writes.
    #[error("{path} is not a report of imap-conform: {source}")]
    Form {
        /// The file.
        path: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A later version of the harness wrote it.
    #[error(
        "{path} has version {version} of the report's form, and this imap-conform reads {VERSION}"
    )]
    Version {
        /// The file.
        path: String,
        /// Its version.
        version: u32,
    },
}

impl Default for Record {
    fn default() -> Self {
        Self {
            version: VERSION,
            tool: tool(),
            target: None,
            root: String::new(),
            cases: Vec::new(),
            notices: Vec::new(),
            cut_short: None,
            elapsed: Duration::ZERO,
        }
    }
}

impl Record {
    /// Takes one event of the run.
    pub fn add(&mut self, event: &Event) {
        match event {
            Event::RunStarted { target, root, cases: _ } => {
                self.target = Some(target.clone());
                self.root.clone_from(root);
            }
            Event::CaseStarted { .. } => {}
            Event::CaseFinished(report) => self.cases.push((**report).clone()),
            Event::Notice(text) => self.notices.push(text.clone()),
            Event::RunFinished { cut_short, elapsed } => {
                self.cut_short.clone_from(cut_short);
                self.elapsed = *elapsed;
            }
        }
    }

    /// How many cases ended how.
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        self.cases.iter().for_each(|case| tally.add(case));
        tally
    }

    /// Reads the file that `--report-json` has written.
    ///
    /// # Errors
    /// Where it cannot be read, is something else, or is of a version that is not known.
    pub fn read(path: &Path) -> Result<Self, RecordError> {
        let name = || path.display().to_string();
        let text = fs::read_to_string(path)
            .map_err(|source| RecordError::Read { path: name(), source })?;
        // The version first: a later form may be one that cannot be read at all.
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let form = |source| RecordError::Form { path: name(), source };
        match serde_json::from_str(&text).map_err(form)? {
            Versioned { version: VERSION } => Self::parse(&text).map_err(form),
            Versioned { version } => Err(RecordError::Version { path: name(), version }),
        }
    }

    /// Reads the text of such a file.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The cases that did not conform, or were not reached. Known deviations are none of them.
    pub fn failed(&self) -> impl Iterator<Item = &str> {
        let failed = |case: &&CaseReport| case.verdict >= Verdict::Warn && case.known.is_none();
        self.cases.iter().filter(failed).map(|case| case.case.as_str())
    }

    /// The text of such a file.
    pub fn to_json(&self) -> String {
        // Nothing in it can fail to be written: no map has a key that is not text.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// This harness and its version.
pub(crate) fn tool() -> String {
    format!("imap-conform {}", env!("CARGO_PKG_VERSION"))
}
