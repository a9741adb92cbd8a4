//! A run as JSON: the events, one array, written when the run is over.

use std::{fs, io, path::PathBuf};

use serde::{Deserialize, Serialize};

use super::Report;
use crate::Event;

/// The version of the form. It changes where a reader of the older one would misunderstand.
const VERSION: u32 = 1;

/// The JSON report.
pub struct Json {
    path: PathBuf,
    run: Run,
}

/// The content of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Run {
    version: u32,
    tool: String,
    events: Vec<Event>,
}

impl Json {
    /// A report to a file.
    pub fn new(path: PathBuf) -> Self {
        let tool = format!("imap-conform {}", env!("CARGO_PKG_VERSION"));
        Self { path, run: Run { version: VERSION, tool, events: Vec::new() } }
    }
}

impl Report for Json {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        if !matches!(event, Event::CaseStarted { .. }) {
            self.run.events.push(event.clone());
        }
        if matches!(event, Event::RunFinished { .. }) {
            let text = serde_json::to_vec_pretty(&self.run)?;
            fs::write(&self.path, text)?;
        }
        Ok(())
    }
}
