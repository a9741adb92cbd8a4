//! What is wrong, or different, on purpose about a server: a fault or a variation.

use std::fmt;

use super::{
    Change, Options,
    fault::{self, Fault},
    variation::{self, Means, Pace, Variation},
};
use crate::nearest::nearest;

/// A fault or a variation.
#[derive(Debug, Clone, Copy)]
pub enum Difference {
    /// What no server may do.
    Fault(&'static Fault),
    /// What any server may do.
    Variation(&'static Variation),
}

/// A name that no fault, or no variation, has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} is called `{name}`{} (see --list-{kind}s)", did_you_mean(*.nearest))]
pub struct UnknownDifference {
    kind: &'static str,
    name: String,
    nearest: Option<&'static str>,
}

/// Both catalogues, faults first.
pub fn differences() -> impl Iterator<Item = Difference> {
    let variations = variation::catalogue().map(Difference::Variation);
    fault::catalogue().map(Difference::Fault).chain(variations)
}

impl Difference {
    /// The fault of that name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn fault(name: &str) -> Result<Self, UnknownDifference> {
        let found = fault::named(name).map(Self::Fault);
        found.ok_or_else(|| UnknownDifference {
            kind: "fault",
            name: name.to_owned(),
            nearest: nearest(name, fault::catalogue().map(|fault| fault.name)),
        })
    }

    /// The variation of that name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn variation(name: &str) -> Result<Self, UnknownDifference> {
        let found = variation::named(name).map(Self::Variation);
        found.ok_or_else(|| UnknownDifference {
            kind: "variation",
            name: name.to_owned(),
            nearest: nearest(name, variation::catalogue().map(|variation| variation.name)),
        })
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.name,
            Self::Variation(variation) => variation.name,
        }
    }

    /// What a server that has it does.
    pub fn summary(self) -> &'static str {
        match self {
            Self::Fault(fault) => fault.summary,
            Self::Variation(variation) => variation.summary,
        }
    }

    /// The section that forbids or allows it: `rfc3501/6.3.1`.
    pub fn section(self) -> &'static str {
        match self {
            Self::Fault(fault) => {
                fault.requirement.rsplit_once('-').map_or(fault.requirement, |(section, _)| section)
            }
            Self::Variation(variation) => variation.section,
        }
    }

    /// An embedded server that has it.
    pub fn embedded(self) -> Options {
        let mut options = Options::default();
        match self {
            Self::Fault(fault) => options.change = Some(fault.change),
            Self::Variation(variation) => variation.set_up(&mut options),
        }
        options
    }

    /// What stands in front of another server to give it that; nothing where that cannot be done.
    pub fn in_front(self) -> Option<(Option<Change>, Pace)> {
        match self {
            Self::Fault(Fault { change: Change::Lapse(_), .. }) => None,
            Self::Fault(fault) => Some((Some(fault.change), Pace::default())),
            Self::Variation(variation) => match variation.means {
                Means::Traffic(change) => Some((Some(change), Pace::default())),
                Means::Pace(pace) => Some((None, pace)),
                Means::Configuration(_) => None,
            },
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => write!(f, "fault: {} ({})", fault.summary, fault.requirement),
            Self::Variation(variation) => {
                write!(f, "variation: {} ({})", variation.summary, variation.section)
            }
        }
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default()
}
