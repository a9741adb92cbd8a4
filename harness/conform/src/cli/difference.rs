//! What is wrong, or different, on purpose about a server: a fault or a variation by its name.

use std::fmt;

use super::Trouble;
use crate::{
    nearest::nearest,
    server::{
        Change, Options,
        fault::{self, Fault},
        variation::{self, Means, Pace, Variation},
    },
};

/// A fault or a variation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Difference {
    Fault(&'static Fault),
    Variation(&'static Variation),
}

impl Difference {
    /// What the command line names, of which it is one at most.
    pub(super) fn named(
        fault: Option<&str>,
        variation: Option<&str>,
    ) -> Result<Option<Self>, Trouble> {
        match (fault, variation) {
            (Some(name), _) => match fault::named(name) {
                Some(fault) => Ok(Some(Self::Fault(fault))),
                None => Err(unknown("fault", name, fault::catalogue().map(|fault| fault.name))),
            },
            (None, Some(name)) => match variation::named(name) {
                Some(variation) => Ok(Some(Self::Variation(variation))),
                None => {
                    let names = variation::catalogue().map(|variation| variation.name);
                    Err(unknown("variation", name, names))
                }
            },
            (None, None) => Ok(None),
        }
    }

    /// An embedded server that has it.
    pub(super) fn embedded(self) -> Options {
        let mut options = Options::default();
        match self {
            Self::Fault(fault) => options.change = Some(fault.change),
            Self::Variation(variation) => variation.set_up(&mut options),
        }
        options
    }

    /// What stands in front of another server to give it that; nothing where that cannot be done.
    pub(super) fn in_front(self) -> Option<(Option<Change>, Pace)> {
        match self {
            Self::Fault(fault) => Some((Some(fault.change), Pace::default())),
            Self::Variation(variation) => match variation.means {
                Means::Traffic(change) => Some((Some(change), Pace::default())),
                Means::Pace(pace) => Some((None, pace)),
                Means::Configuration(_) => None,
            },
        }
    }

    /// The argument that asks for it.
    pub(super) fn argument(self) -> String {
        match self {
            Self::Fault(fault) => format!(" --fault {}", fault.name),
            Self::Variation(variation) => format!(" --variation {}", variation.name),
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

fn unknown(kind: &str, name: &str, names: impl Iterator<Item = &'static str>) -> Trouble {
    let nearest = nearest(name, names);
    let nearest = nearest.map(|known| format!("; did you mean `{known}`?")).unwrap_or_default();
    Trouble::usage(format!("no {kind} is called `{name}`{nearest} (see --list-{kind}s)"))
}
