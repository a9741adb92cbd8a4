//! A run as JSON: the whole of it in a file when it is over, or event by event as it goes.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use super::Report;
use crate::{Event, Record};

/// The JSON report: a [`Record`], written when the run is over.
pub struct Json {
    path: PathBuf,
    record: Record,
}

impl Json {
    /// A report to a file.
    pub fn new(path: PathBuf) -> Self {
        Self { path, record: Record::default() }
    }
}

impl Report for Json {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        self.record.add(event);
        match event {
            Event::RunFinished { .. } => fs::write(&self.path, self.record.to_json()),
            _ => Ok(()),
        }
    }
}

/// The events as they come, a line of JSON each, for a program that shows them in its own way.
pub struct Stream<W: Write>(pub W);

impl<W: Write> Report for Stream<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        serde_json::to_writer(&mut self.0, event)?;
        self.0.write_all(b"\n")?;
        self.0.flush()
    }
}
