//! `imap-conform list` and `explain`: what there is, and what it is about.

use super::{ScenarioDirectory, Trouble, say};
use crate::{
    Exit,
    report::level_name,
    requirement::{Requirement, RequirementId},
    scenario::Scenario,
};

/// The arguments of `list`.
#[derive(Debug, clap::Args)]
pub(super) struct ListArguments {
    /// Which cases: `rfc3501/6.4.8`, a path, `cap:IDLE`, `level:must`, `~excluded`.
    selectors: Vec<String>,
    #[command(flatten)]
    directory: ScenarioDirectory,
}

/// The arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct ExplainArguments {
    /// A requirement (`rfc3501/6.4.8-03`) or a case.
    id: String,
    #[command(flatten)]
    directory: ScenarioDirectory,
}

pub(super) fn list(arguments: &ListArguments) -> Result<Exit, Trouble> {
    let set = arguments.directory.load()?;
    let chosen = set.select(&arguments.selectors).map_err(Trouble::usage)?.scenarios;
    for scenario in &chosen {
        say(&format!("{}  {}", scenario.id, scenario.header.title));
    }
    Ok(if chosen.is_empty() { Exit::NothingRan } else { Exit::Conforms })
}

pub(super) fn explain(arguments: &ExplainArguments) -> Result<Exit, Trouble> {
    let set = arguments.directory.load()?;
    let text = match arguments.id.parse::<RequirementId>() {
        Ok(id) => match set.catalogue.get(&id) {
            Some(requirement) => about_requirement(requirement, &set.scenarios),
            None => {
                let nearest = set.catalogue.nearest(&arguments.id);
                let nearest =
                    nearest.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default();
                return Err(Trouble::usage(format!("no requirement is called `{id}`{nearest}")));
            }
        },
        Err(_) => {
            let chosen = set.select(std::slice::from_ref(&arguments.id)).map_err(Trouble::usage)?;
            let about = |scenario: &Scenario| {
                let mut text = format!("{}\n  {}\n", scenario.id, scenario.header.title);
                for id in &scenario.header.requirements {
                    if let Some(requirement) = chosen.catalogue.get(&id.value) {
                        text += &about_requirement(requirement, &[]);
                    }
                }
                text + "\n" + &scenario.source
            };
            chosen.scenarios.iter().map(about).collect::<Vec<_>>().join("\n")
        }
    };
    say(text.trim_end());
    Ok(Exit::Conforms)
}

fn about_requirement(requirement: &Requirement, set: &[Scenario]) -> String {
    let Requirement { id, level, sentence, quote, unobservable, see } = requirement;
    let mut text = format!(
        "{id} ({})\n  {sentence}\n  RFC {} §{}: \"{quote}\"\n",
        level_name(*level),
        id.rfc(),
        id.section()
    );
    for see in see {
        text += &format!("  see: {see}\n");
    }
    if let Some(why) = unobservable {
        text += &format!("  not observable: {why}\n");
    }
    let proves = |scenario: &&Scenario| scenario.requirements().contains(id);
    for scenario in set.iter().filter(proves) {
        text += &format!("  proved by: {}\n", scenario.id);
    }
    text
}
