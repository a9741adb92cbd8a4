//! The suite is held against broken servers: every fault of the catalogue is caught by what names
//! the rule it breaks, nothing fails that has nothing to do with it, and every scenario catches
//! some fault.
//!
//! What catches which fault is a reviewed table. One test plays what it names, in seconds; another
//! plays everything that a fault touches.

mod conversation;
mod observed;
#[path = "../support/mod.rs"]
mod support;
mod table;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    sync::{LazyLock, Mutex, MutexGuard},
    thread,
};

use conversation::Conversations;
use imap_conform::{
    requirement::{Catalogue, Level, RequirementId},
    scenario::Scenario,
    server::{
        InMemory, Options,
        fault::{self, Fault},
    },
};
use observed::Observed;
use support::Stage;
use table::{Entry, Others};

/// Scenarios that no fault of the catalogue breaks, each with the reason.
const CATCH_NOTHING: &[(&str, &str)] = &[(
    "rfc3501/4.3-strings/login-quoted",
    "The player itself logs in with quoted strings: where they are refused nothing can be played.",
)];

/// What a server MUST or MUST NOT do, and no fault breaks so that it shows, each with the reason.
const UNBROKEN: &[(&str, &str)] = &[
    (
        "rfc3501/3.4-03",
        "A server closes a connection of its own accord for reasons that no scenario can give it.",
    ),
    (
        "rfc3501/5.1.3-05",
        "Only the client writes such a name; that CREATE should refuse it is 5.1.3-12.",
    ),
    (
        "rfc3501/5.1.3-07",
        "Only the client writes such a name; that CREATE should refuse it is 5.1.3-10.",
    ),
    ("rfc3501/5.5-03", "The client has to send the literal before it can begin another command."),
    (
        "rfc3501/7.4.2-12",
        "The grammar finds the NUL of data that is not encoded, and lays it to 4.3.1-04.",
    ),
    ("rfc3501/9-05", "The grammar lays a NUL to the rule of what it stands in, such as 9-147."),
    ("rfc3501/9-37", "The grammar lays what MESSAGE/RFC822 then lacks to 9-39."),
];

/// How many scenarios of a new fault's section are played with it.
const NEAR: usize = 60;

/// How many scenarios from everywhere are played with a new fault.
const SAMPLE: usize = 60;

/// The scenarios, and the catalogue of requirements.
static SET: LazyLock<(Vec<Scenario>, Catalogue)> = LazyLock::new(support::set);

/// The table as it is, or as it is after what was new was added to it.
static TABLE: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    if table::is_to_be_written() {
        renew();
    }
    table::load()
});

#[test]
fn every_fault_is_caught_as_it_was_reviewed() {
    assert_as_reviewed(|_, entry| entry.cases.clone());
    let known: BTreeSet<_> = fault::catalogue().map(|fault| fault.name).collect();
    let gone: Vec<_> = TABLE.keys().filter(|name| !known.contains(name.as_str())).collect();
    assert!(gone.is_empty(), "in the table, but no faults: {gone:#?}");
}

#[test]
fn nothing_fails_that_has_nothing_to_do_with_the_fault() {
    let conversations = conversations();
    assert_as_reviewed(|fault, _| {
        let ids = SET.0.iter().map(|scenario| &scenario.id);
        ids.filter(|id| conversations.touched_by(fault.change, id)).cloned().collect()
    });
}

#[test]
fn every_scenario_catches_a_fault() {
    let telling = TABLE.values().filter(|entry| entry.is_telling());
    let catching: BTreeSet<&String> = telling.flat_map(|entry| &entry.cases).collect();
    let excused = |id: &String| CATCH_NOTHING.iter().any(|(known, _)| known == id);
    let ids = SET.0.iter().map(|scenario| &scenario.id);
    let idle: Vec<_> = ids.filter(|id| !catching.contains(id) && !excused(id)).collect();
    let how = table::HOW_TO_RENEW;
    assert!(
        idle.is_empty(),
        "these scenarios catch no fault that tells them apart: {idle:#?}\n{how}"
    );
}

#[test]
fn every_must_is_broken_by_a_fault_and_caught_by_name() {
    let faults = fault::catalogue().filter_map(|fault| Some((fault, TABLE.get(fault.name)?)));
    let broken: BTreeSet<&str> =
        faults.flat_map(|(fault, entry)| entry.breaks(fault.requirement)).collect();
    let binding = SET.1.iter().filter(|requirement| {
        matches!(requirement.level, Level::Must | Level::MustNot)
            && requirement.unobservable.is_none()
    });
    let binding: BTreeSet<String> = binding.map(|requirement| requirement.id.to_string()).collect();
    let excused: BTreeSet<&str> = UNBROKEN.iter().map(|(requirement, _)| *requirement).collect();
    let is_unbroken = |id: &str| !broken.contains(id);
    let unbroken = binding.iter().map(String::as_str).filter(|id| is_unbroken(id));
    let missing: Vec<&str> = unbroken.filter(|id| !excused.contains(id)).collect();
    assert!(missing.is_empty(), "no fault that is caught by name breaks {missing:#?}");
    let needed = |id: &&str| binding.contains(*id) && is_unbroken(id);
    let needless: Vec<&str> = excused.iter().copied().filter(|id| !needed(id)).collect();
    assert!(needless.is_empty(), "a fault breaks these, or they bind nobody: {needless:#?}");
}

/// Plays with each fault the scenarios that are named for it.
fn assert_as_reviewed(played: impl Fn(&Fault, &Entry) -> BTreeSet<String> + Sync) {
    let problems = Mutex::new(Vec::new());
    with_each(fault::catalogue(), |fault: &Fault| {
        let found = match TABLE.get(fault.name) {
            Some(entry) => {
                let observed = play(fault, &played(fault, entry));
                entry.problems(fault.requirement, &observed)
            }
            None => vec!["is not in the table".to_owned()],
        };
        let found = found.into_iter().map(|problem| format!("{} {problem}", fault.name));
        locked(&problems).extend(found);
    });
    let mut problems = problems.into_inner().expect("no run panics");
    problems.sort();
    assert!(problems.is_empty(), "{}\n{}", problems.join("\n"), table::HOW_TO_RENEW);
}

/// Adds to the table the faults that are not in it, and the scenarios that it does not list.
fn renew() {
    let scenarios = &SET.0;
    let ids: BTreeSet<&String> = scenarios.iter().map(|scenario| &scenario.id).collect();
    let mut table = table::load();
    table.retain(|name, _| fault::named(name).is_some());
    for entry in table.values_mut() {
        entry.cases.retain(|case| ids.contains(case) || case == "login");
    }
    let conversations = conversations();
    let table = Mutex::new(table);
    with_each(fault::catalogue(), |fault: &Fault| {
        if locked(&table).get(fault.name).is_some_and(|entry| !entry.cases.is_empty()) {
            return;
        }
        let touched = |scenarios: &[&Scenario]| -> BTreeSet<String> {
            let ids = scenarios.iter().map(|scenario| &scenario.id);
            ids.filter(|id| conversations.touched_by(fault.change, id)).cloned().collect()
        };
        let near = first(scenarios.iter().filter(|one| relevance(fault, one) > 0), NEAR);
        let sample = first(scenarios.iter().step_by(scenarios.len() / SAMPLE + 1), SAMPLE);
        let mut sampled = play(fault, &touched(&sample));
        let is_telling = sampled.cases.len() * table::TELLING <= sample.len();
        sampled.add(play(fault, &touched(&near)));
        if sampled.cases.is_empty() {
            sampled.add(play(fault, &touched(&first(scenarios.iter(), scenarios.len()))));
        }
        let mut table = locked(&table);
        let named_by = table.remove(fault.name).map(|before| before.named_by);
        let named_by = named_by.unwrap_or_default();
        let entry = Entry::new(fault.requirement, named_by, &sampled, is_telling);
        table.insert(fault.name.to_owned(), entry);
        table::write(&table);
    });
    with_each(scenarios.iter(), |scenario: &Scenario| {
        let mut faults: Vec<_> = {
            let table = locked(&table);
            let telling = |fault: &&'static Fault| table[fault.name].is_telling();
            if table.values().any(|entry| entry.is_telling() && entry.cases.contains(&scenario.id))
            {
                return;
            }
            fault::catalogue().filter(telling).collect()
        };
        faults.sort_by_key(|fault| Reverse(relevance(fault, scenario)));
        for fault in faults {
            if !conversations.touched_by(fault.change, &scenario.id) {
                continue;
            }
            let observed = play(fault, &BTreeSet::from([scenario.id.clone()]));
            if observed.cases.contains_key(&scenario.id) {
                let mut table = locked(&table);
                table.entry(fault.name.to_owned()).and_modify(|entry| entry.add(&observed));
                table::write(&table);
                return;
            }
        }
    });
}

/// How likely it is that the scenario catches the fault: it proves the requirement that the fault
/// breaks, or one of its section.
fn relevance(fault: &Fault, scenario: &Scenario) -> u8 {
    let Ok(broken) = fault.requirement.parse::<RequirementId>() else { return 0 };
    let proves = scenario.header.requirements.iter().map(|id| &id.value);
    let relevance = proves.map(|id| match () {
        () if *id == broken => 2,
        () if id.section() == broken.section() => 1,
        () => 0,
    });
    relevance.max().unwrap_or(0)
}

fn first<'s>(scenarios: impl Iterator<Item = &'s Scenario>, most: usize) -> Vec<&'s Scenario> {
    scenarios.take(most).collect()
}

/// Plays those scenarios with the fault.
fn play(fault: &Fault, ids: &BTreeSet<String>) -> Observed {
    let (scenarios, catalogue) = &*SET;
    let scenarios = scenarios.iter().filter(|scenario| ids.contains(&scenario.id));
    // What keeps the player out at the login shows without any scenario.
    Observed::of(fault, scenarios.cloned().collect(), catalogue)
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().expect("no run panics")
}

/// What is said in every case where there is no fault.
fn conversations() -> Conversations {
    let (scenarios, catalogue) = &*SET;
    let server = InMemory::new(Options::default()).expect("a certificate can be made");
    let reports = Stage::in_memory(&server, catalogue.clone()).play(scenarios.clone(), 1);
    Conversations::new(&reports.unwrap_or_else(|error| panic!("{error}")))
}

/// Does it with each, several at once.
fn with_each<T>(each: impl Iterator<Item = T> + Send, does: impl Fn(T) + Sync) {
    let waiting = Mutex::new(each);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZeroUsize::get) {
            scope.spawn(|| {
                loop {
                    let next = locked(&waiting).next();
                    let Some(next) = next else { return };
                    does(next);
                }
            });
        }
    });
}

#[test]
fn a_fault_that_is_not_caught_as_reviewed_is_noticed() {
    let set = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
    let reviewed = Entry {
        named_by: set(&["rfc3501/6.1-02"]),
        shows_in: set(&["6.1"]),
        cases: set(&["one"]),
        others: Others::None,
    };
    let found = |named: &[&str], places: &[&str], cases: &[&str]| Observed {
        places: set(places),
        cases: cases.iter().map(|&case| (case.to_owned(), set(named))).collect(),
    };
    let problems = |observed| reviewed.problems("rfc3501/6.1-01", &observed);
    let none: Vec<String> = Vec::new();
    assert_eq!(problems(found(&["rfc3501/6.1-02"], &["6.1"], &["one", "two"])), none);
    assert_eq!(
        problems(found(&["rfc3501/6.1-01"], &["6.1"], &["one"])),
        ["is caught by nothing that names rfc3501/6.1-02, but rfc3501/6.1-01"]
    );
    assert_eq!(
        problems(found(&["rfc3501/6.1-02", "rfc3501/7-01"], &["6.1", "7"], &["one"])),
        ["shows in 7, where nobody has reviewed it"]
    );
    assert_eq!(
        problems(found(&["rfc3501/6.1-02"], &["6.1"], &["two"])),
        ["is no longer caught by one"]
    );
    assert_eq!(problems(found(&[], &[], &[])), ["is not caught"]);
}
