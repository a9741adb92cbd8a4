//! Selectors: which cases of the set are meant.

use std::path::Path;

use crate::{
    nearest::nearest,
    requirement::{Catalogue, Level, RequirementId},
    scenario::Scenario,
};

/// What a user writes to choose cases.
///
/// Several selectors choose what any of them does; what an exclusion names is then left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// `rfc3501`: every case that proves a requirement of this RFC.
    Rfc(u16),
    /// `rfc3501/6.4` or `rfc3501/6.4.8`: of this section, or of one below it.
    Section(u16, String),
    /// `rfc3501/6.4.8-03`: of this requirement.
    Requirement(RequirementId),
    /// A case's id, or the folder it is in, or its file.
    Case(String),
    /// `cap:CONDSTORE`: what needs this capability.
    Capability(String),
    /// `level:must`: what proves a requirement of this level.
    Level(Vec<Level>),
    /// `~…`: leaves out what the rest chooses.
    Exclude(Box<Selector>),
}

/// A selector that chooses nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// Nothing is called so.
    #[error("no case, section or requirement is called `{selector}`{}", suggest(.suggestion.as_deref()))]
    Unknown {
        /// What was written.
        selector: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// There is no such level.
    #[error("`{0}` is not a level; the levels are must, should, may, states and syntax")]
    Level(String),
}

fn suggest(suggestion: Option<&str>) -> String {
    match suggestion {
        Some(suggestion) => format!("; did you mean `{suggestion}`?"),
        None => "; `imap-conform list` shows what there is".to_owned(),
    }
}

impl Selector {
    /// Reads a selector; what it names must be there.
    ///
    /// # Errors
    /// Where nothing in the set is called so, with what may have been meant.
    pub fn parse(
        text: &str,
        set: &[Scenario],
        catalogue: &Catalogue,
    ) -> Result<Self, SelectorError> {
        if let Some(rest) = text.strip_prefix('~') {
            return Ok(Self::Exclude(Box::new(Self::parse(rest, set, catalogue)?)));
        }
        let selector = if let Some(level) = text.strip_prefix("level:") {
            Self::Level(levels(level).ok_or_else(|| SelectorError::Level(level.to_owned()))?)
        } else if let Some(capability) = text.strip_prefix("cap:") {
            Self::Capability(capability.to_owned())
        } else if let Ok(id) = text.parse::<RequirementId>() {
            Self::Requirement(id)
        } else if let Some(selector) = rfc_or_section(text) {
            selector
        } else {
            Self::Case(case_id(text))
        };
        let found = set.iter().any(|scenario| selector.matches(scenario, catalogue));
        match found {
            true => Ok(selector),
            false if set.iter().any(|scenario| is_case(scenario, &case_id(text))) => {
                Ok(Self::Case(case_id(text)))
            }
            false => Err(SelectorError::Unknown {
                selector: text.to_owned(),
                suggestion: meant(text, set),
            }),
        }
    }

    /// Whether the case is meant.
    pub fn matches(&self, scenario: &Scenario, catalogue: &Catalogue) -> bool {
        let proves = |test: &dyn Fn(&RequirementId) -> bool| {
            scenario.header.requirements.iter().any(|id| test(&id.value))
        };
        match self {
            Self::Rfc(rfc) => proves(&|id| id.rfc() == *rfc),
            Self::Section(rfc, section) => proves(&|id| id.is_within(*rfc, section)),
            Self::Requirement(wanted) => proves(&|id| id == wanted),
            Self::Case(name) => is_case(scenario, name),
            Self::Capability(name) => {
                scenario.header.needs.iter().any(|need| {
                    !need.value.absent && need.value.capability.eq_ignore_ascii_case(name)
                })
            }
            Self::Level(levels) => proves(&|id| {
                catalogue.get(id).is_some_and(|requirement| levels.contains(&requirement.level))
            }),
            Self::Exclude(selector) => selector.matches(scenario, catalogue),
        }
    }
}

/// The cases that the selectors choose; all of them where none but exclusions is given.
pub fn select(selectors: &[Selector], set: Vec<Scenario>, catalogue: &Catalogue) -> Vec<Scenario> {
    let (excluding, choosing): (Vec<_>, Vec<_>) =
        selectors.iter().partition(|selector| matches!(selector, Selector::Exclude(_)));
    let any = |selectors: &[&Selector], scenario: &Scenario| {
        selectors.iter().any(|selector| selector.matches(scenario, catalogue))
    };
    set.into_iter()
        .filter(|scenario| choosing.is_empty() || any(&choosing, scenario))
        .filter(|scenario| !any(&excluding, scenario))
        .collect()
}

fn levels(name: &str) -> Option<Vec<Level>> {
    Some(match name.to_ascii_lowercase().as_str() {
        "must" => vec![Level::Must, Level::MustNot],
        "should" => vec![Level::Should, Level::ShouldNot],
        "may" => vec![Level::May],
        "states" => vec![Level::States],
        "syntax" => vec![Level::Syntax],
        _ => return None,
    })
}

fn rfc_or_section(text: &str) -> Option<Selector> {
    let rest = text.strip_prefix("rfc")?;
    match rest.split_once('/') {
        None => Some(Selector::Rfc(rest.parse().ok()?)),
        Some((rfc, section)) => {
            let dotted = section
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|octet| octet.is_ascii_digit()));
            dotted.then_some(Selector::Section(rfc.parse().ok()?, section.to_owned()))
        }
    }
}

/// The id that a file or folder of scenarios stands for.
fn case_id(text: &str) -> String {
    let path = text.trim_end_matches('/').trim_start_matches("./");
    let path = Path::new(path).strip_prefix("scenarios").unwrap_or(Path::new(path));
    path.with_extension(match path.extension() {
        Some(extension) if extension != "imap" => extension.to_str().unwrap_or_default(),
        _ => "",
    })
    .display()
    .to_string()
}

fn is_case(scenario: &Scenario, name: &str) -> bool {
    let rest = scenario.id.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What may have been meant by a selector that chooses nothing.
fn meant(text: &str, set: &[Scenario]) -> Option<String> {
    let requirements: Vec<String> = set
        .iter()
        .flat_map(|scenario| &scenario.header.requirements)
        .map(|id| id.value.to_string())
        .collect();
    let ids = set.iter().map(|scenario| scenario.id.as_str());
    let folders = ids.clone().filter_map(|id| id.rsplit_once('/')).map(|(folder, _)| folder);
    let known = folders.chain(ids).chain(requirements.iter().map(String::as_str));
    nearest(text, known).map(str::to_owned)
}
