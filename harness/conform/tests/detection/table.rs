//! The reviewed table of what catches each fault: `snapshots/faults.toml`.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write,
    fs,
};

use serde::{Deserialize, Serialize};

use crate::observed::Observed;

/// How a person makes the table true again.
pub const HOW_TO_RENEW: &str = "INSTA_UPDATE=always adds new faults and scenarios to \
     snapshots/faults.toml; take out what shall be looked at anew, and read what has changed.";

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots/faults.toml");

const HEAD: &str = "\
# How the suite catches each fault of the embedded server.
#
# `named-by`: the requirements that the cases find broken by name, chosen by hand among what the
# fault breaks; where it is missing, the fault's own alone.
# `shows-in`: the sections of the RFC whose requirements are found broken, and the invariants.
# `cases`: cases that catch it. Others may: `many` where more than a dozen do, `most` where more
# than every fourth does, which then says nothing of what the case is for.
";

/// More cases than that are many.
const DOZEN: usize = 12;

/// How many of many cases are listed.
const SAMPLE: usize = 3;

/// A fault that more than one case in so many catches says nothing of what a case is for.
pub const TELLING: usize = 4;

/// What is known of one fault.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Entry {
    /// The requirements that findings have to name; where there is none, the fault's own.
    #[serde(default)]
    pub named_by: BTreeSet<String>,
    /// Where it may show.
    pub shows_in: BTreeSet<String>,
    /// Which cases have to catch it.
    pub cases: BTreeSet<String>,
    /// How many others may.
    #[serde(default)]
    pub others: Others,
}

/// How many cases catch a fault beside those that are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Others {
    /// None that was there when the table was written.
    #[default]
    None,
    /// More than a dozen in all.
    Many,
    /// So many that the fault says nothing of what a case is for.
    Most,
}

impl Entry {
    /// What was observed of a fault that breaks that requirement, and whether it tells one case
    /// from another. Of many cases those are listed that name the requirement.
    pub fn new(
        requirement: &str,
        named_by: BTreeSet<String>,
        observed: &Observed,
        is_telling: bool,
    ) -> Self {
        let caught = observed.cases.len();
        let others = match caught {
            _ if !is_telling => Others::Most,
            ..=DOZEN => Others::None,
            _ => Others::Many,
        };
        let cases = match others {
            Others::None => observed.cases.keys().cloned().collect(),
            _ => sample(&wanted(&named_by, requirement), observed),
        };
        Self { named_by, shows_in: observed.places.clone(), cases, others }
    }

    /// Adds what was observed of scenarios that nobody has yet seen catch anything.
    pub fn add(&mut self, observed: &Observed) {
        self.cases.extend(observed.cases.keys().cloned());
        self.shows_in.extend(observed.places.iter().cloned());
    }

    /// Whether that a case catches the fault says something of the case.
    pub fn is_telling(&self) -> bool {
        self.others != Others::Most
    }

    /// The requirements that findings have to name where the fault's own is the one given.
    pub fn breaks<'s>(&'s self, requirement: &'s str) -> BTreeSet<&'s str> {
        wanted(&self.named_by, requirement)
    }

    /// What is not as it was reviewed, where the cases that are listed were played, and perhaps
    /// others, with a fault that breaks that requirement.
    pub fn problems(&self, requirement: &str, observed: &Observed) -> Vec<String> {
        if observed.cases.is_empty() {
            return vec!["is not caught".to_owned()];
        }
        let mut problems = Vec::new();
        let named: BTreeSet<_> = observed.cases.values().flatten().map(String::as_str).collect();
        for wanted in self.breaks(requirement).difference(&named) {
            let named: Vec<_> = named.iter().copied().take(DOZEN).collect();
            let named = named.join(", ");
            problems.push(format!("is caught by nothing that names {wanted}, but {named}"));
        }
        let unseen = observed.places.difference(&self.shows_in);
        let problem = |place| format!("shows in {place}, where nobody has reviewed it");
        problems.extend(unseen.map(problem));
        let lost = self.cases.iter().filter(|case| !observed.cases.contains_key(*case));
        problems.extend(lost.map(|case| format!("is no longer caught by {case}")));
        problems
    }
}

fn wanted<'s>(named_by: &'s BTreeSet<String>, requirement: &'s str) -> BTreeSet<&'s str> {
    match named_by.len() {
        0 => BTreeSet::from([requirement]),
        _ => named_by.iter().map(String::as_str).collect(),
    }
}

/// A few of the cases, among them one that names each of the requirements.
fn sample(wanted: &BTreeSet<&str>, observed: &Observed) -> BTreeSet<String> {
    let names_one =
        |named: &BTreeSet<String>| named.iter().any(|name| wanted.contains(name.as_str()));
    let naming = wanted.iter().filter_map(|wanted| {
        observed.cases.iter().find_map(|(case, named)| named.contains(*wanted).then_some(case))
    });
    let mut sample: BTreeSet<String> = naming.cloned().collect();
    let (telling, others): (Vec<_>, Vec<_>) =
        observed.cases.iter().partition(|(_, named)| names_one(named));
    for (case, _) in telling.into_iter().chain(others) {
        if sample.len() >= SAMPLE {
            break;
        }
        sample.insert(case.clone());
    }
    sample
}

/// The table, by the names of faults.
pub fn load() -> BTreeMap<String, Entry> {
    let text = fs::read_to_string(PATH).unwrap_or_else(|error| panic!("{PATH}: {error}"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{PATH}: {error}"))
}

/// Whether what is new is to be added to the table, as the snapshots are written.
pub fn is_to_be_written() -> bool {
    env::var("INSTA_UPDATE").is_ok_and(|update| update == "always")
}

/// Writes the table.
pub fn write(table: &BTreeMap<String, Entry>) {
    let mut text = HEAD.to_owned();
    for (name, entry) in table {
        write!(text, "\n[{name}]\n").expect("memory can be written to");
        if !entry.named_by.is_empty() {
            text += &list("named-by", &entry.named_by);
        }
        text += &list("shows-in", &entry.shows_in);
        text += &list("cases", &entry.cases);
        text += match entry.others {
            Others::None => "",
            Others::Many => "others = \"many\"\n",
            Others::Most => "others = \"most\"\n",
        };
    }
    fs::write(PATH, text).unwrap_or_else(|error| panic!("{PATH}: {error}"));
}

fn list(key: &str, names: &BTreeSet<String>) -> String {
    let quoted: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    let line = format!("{key} = [{}]\n", quoted.join(", "));
    match line.len() {
        ..=100 => line,
        _ => format!("{key} = [\n    {},\n]\n", quoted.join(",\n    ")),
    }
}
