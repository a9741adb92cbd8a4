//! Reports: each is made from the stream of events and from nothing else.

mod explanation;
#[cfg(feature = "html")]
mod html;
mod json;
mod junit;
mod markdown;
mod recap;
mod tap;
mod terminal;
mod wire;

use std::{collections::HashMap, io, path::PathBuf};

use crate::{Event, play::LOGIN, requirement::Catalogue, scenario::Scenario, shell::quoted};

pub use explanation::explain;
pub(crate) use explanation::{finding_name, level_name};
#[cfg(feature = "html")]
pub use html::{Html, run_page, write_matrix};
pub use json::{Json, Stream};
pub use junit::Junit;
pub use markdown::markdown;
pub use tap::Tap;
pub use terminal::{ShowWire, Terminal};
pub(crate) use wire::Escaped;

/// What takes events and makes a report of them.
pub trait Report {
    /// Takes one event.
    ///
    /// # Errors
    /// Where the report cannot be written.
    fn event(&mut self, event: &Event) -> io::Result<()>;
}

/// What reports know beside the events: the scenarios and the requirements they name.
pub struct Background {
    sources: HashMap<String, ScenarioSource>,
    /// The requirements.
    pub catalogue: Catalogue,
    /// The command that runs the same target again.
    again: String,
}

/// Where a scenario was read, its text, and the capabilities it is about.
pub(crate) struct ScenarioSource {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    #[cfg(feature = "html")]
    pub(crate) needs: Vec<String>,
}

impl Background {
    /// Gathers what reports need. `again` is the command that runs the same target again.
    pub fn new(scenarios: &[Scenario], catalogue: Catalogue, again: String) -> Self {
        let sources = scenarios
            .iter()
            .map(|scenario| {
                let source = ScenarioSource {
                    path: scenario.path.clone(),
                    text: scenario.source.clone(),
                    #[cfg(feature = "html")]
                    needs: scenario
                        .header
                        .needs
                        .iter()
                        .filter(|need| !need.value.absent)
                        .map(|need| need.value.capability.clone())
                        .collect(),
                };
                (scenario.id.clone(), source)
            })
            .collect();
        Self { sources, catalogue, again }
    }

    /// The command that runs just that case again.
    pub fn rerun(&self, case: &str) -> String {
        match case {
            // It comes with every run, and no selector names it.
            LOGIN => self.again.clone(),
            case => format!("{} {}", self.again, quoted(case)),
        }
    }

    pub(crate) fn source(&self, case: &str) -> Option<&ScenarioSource> {
        self.sources.get(case)
    }
}
