//! Every server of `ci/servers` that has a container, held against the whole set: it does what its
//! expectations say, no better and no worse, and what `snapshots/NAME` has recorded.
//!
//! `INSTA_UPDATE=always cargo test -p imap-conform --test servers` records everything anew (with the
//! name of a server behind `--` just that one); without it `cargo insta review` shows what changed.
//!
//! Without a Docker engine, or without the images that `ci/servers/build` makes, the tests are
//! listed as ignored; `IMAP_CONFORM_REQUIRE=docker` makes that a failure.

#[path = "support/expected.rs"]
mod expected;
#[path = "support/recorded.rs"]
mod recorded;
#[path = "support/snapshot.rs"]
#[allow(dead_code)]
mod snapshot;
mod support;

use std::{env, fs, path::Path, process::Command, time::Duration};

use imap_conform::{
    CaseReport, Expectations, Library, Set,
    target::{Launch, Recipe},
    wire::Timeouts,
};
use libtest_mimic::{Arguments, Failed, Trial};
use recorded::Recorded;
use regex::Regex;
use support::Stage;

/// The servers that can be started.
const SERVERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ci/servers");

/// Where the comparison is shown.
const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");

/// The files that it compares.
const OLD: &str = "dovecot-2.3.json";
const NEW: &str = "dovecot-2.4.json";

/// How long a server may take to answer: less than people grant, for one that does not answer
/// makes every run wait.
const PATIENCE: Duration = Duration::from_secs(10);

/// The image that those of the servers are made from, in which nothing listens.
const DEBIAN: &str = "imap-conform/debian:bookworm";

/// How often a case is played again that did not go as recorded.
const ATTEMPTS_ALONE: usize = 2;

fn main() {
    let arguments = Arguments::from_args();
    let required = env::var("IMAP_CONFORM_REQUIRE").unwrap_or_default();
    let required = required.split(',').any(|one| one == "docker");
    let snapshots = Trial::test("every_snapshot_is_of_a_server", every_snapshot_is_of_a_server);
    let with = |images: &[&str], trial: Trial| {
        let mut missing = images.iter().filter_map(|image| missing(image));
        let missing = if required { None } else { missing.next() };
        let is_ignored = missing.is_some();
        trial.with_kind(missing.unwrap_or_default()).with_ignored_flag(is_ignored)
    };
    let trials = servers().into_iter().map(|(name, recipe)| {
        with(&[&recipe.image], Trial::test(name.clone(), move || holds(&name)))
    });
    let compared =
        Trial::test("the_readme_compares_two_versions", the_readme_compares_two_versions);
    let compared = with(&["imap-conform/dovecot", "imap-conform/dovecot-2.4"], compared);
    let told = Trial::test("every_deviation_is_told", every_deviation_is_told);
    let ended = Trial::test(
        "a_container_that_ends_at_once_is_told_so",
        a_container_that_ends_at_once_is_told_so,
    );
    let others = [compared, snapshots, told, with(&[DEBIAN], ended)];
    libtest_mimic::run(&arguments, trials.chain(others).collect()).exit();
}

/// The servers with their recipes, in the order of their names.
fn servers() -> Vec<(String, Recipe)> {
    let directories = fs::read_dir(SERVERS).expect("the servers are described");
    let mut servers: Vec<_> = directories
        .map(|entry| entry.expect("a directory can be read").path())
        .filter(|path| path.join(Recipe::FILE).is_file())
        .map(|path| {
            let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
            (name, Recipe::read(&path).unwrap_or_else(|error| panic!("{error}")))
        })
        .collect();
    servers.sort_by(|(one, _), (other, _)| one.cmp(other));
    servers
}

/// Why there is no container of the image.
fn missing(image: &str) -> Option<String> {
    let succeeds = |arguments: &[&str]| {
        let output = Command::new("docker").args(arguments).output();
        output.is_ok_and(|output| output.status.success())
    };
    if !succeeds(&["info"]) {
        Some("no Docker engine".to_owned())
    } else if !succeeds(&["image", "inspect", image]) {
        Some("no image: ci/servers/build".to_owned())
    } else {
        None
    }
}

fn holds(name: &str) -> Result<(), Failed> {
    let launched = Launch::Docker(name.to_owned()).start(Path::new(SERVERS))?;
    let recipe = launched.recipe();
    let mut expectations = match recipe.expectations() {
        Some(file) => Expectations::read(&file)?,
        None => Expectations::default(),
    };
    let Set { scenarios, catalogue } = cases(recipe)?;
    let recorded = Recorded::of(name, &scenarios);
    // A machine with all servers on it is slow to let anybody in.
    let timeouts = Timeouts { response: PATIENCE, ..Timeouts::default() };
    let stage = Stage::new(launched.target(None)?, catalogue, timeouts);
    let mut reports = stage.play(scenarios.clone(), recipe.jobs.get())?;
    // What is recorded anew is not held against what was.
    if env::var("INSTA_UPDATE").as_deref() != Ok("always") {
        for report in &mut reports {
            again(report, &stage, &recorded, &expectations)?;
        }
    }
    let surprises = expected::surprises(&mut expectations, &mut reports);
    match surprises + &recorded.differing(&reports, &expectations) {
        nothing if nothing.is_empty() => Ok(()),
        text => Err(text.into()),
    }
}

/// Plays a case that did not go as recorded again, with nothing beside it: a server that is asked
/// much at once, on a machine with all of them, takes longer than a case can wait. What then goes
/// as recorded is what counts, and the test says that it had to.
fn again(
    report: &mut CaseReport,
    stage: &Stage,
    recorded: &Recorded<'_>,
    expectations: &Expectations,
) -> Result<(), Failed> {
    for _ in 0..ATTEMPTS_ALONE {
        if recorded.holds(report, expectations) {
            break;
        }
        let Some(scenario) = recorded.scenario(&report.case) else { break };
        let [alone] = stage.play(vec![scenario.clone()], 1)?.try_into().expect("it is one case");
        println!("not as recorded when played among others, {} alone:", alone.verdict);
        println!("{}", recorded.text(report, expectations));
        *report = alone;
    }
    Ok(())
}

/// The cases that the server is there for.
fn cases(recipe: &Recipe) -> Result<Set, Failed> {
    Ok(Set::load(&Library::BuiltIn)?.select(&recipe.cases)?)
}

/// Whether it ends before its ports are asked for or after, and nothing panics.
fn a_container_that_ends_at_once_is_told_so() -> Result<(), Failed> {
    let servers = tempfile::tempdir()?;
    fs::create_dir(servers.path().join("gone"))?;
    let recipe = format!("image = \"{DEBIAN}\"\ncommand = [\"true\"]\n");
    fs::write(servers.path().join("gone").join(Recipe::FILE), recipe)?;
    let mut tool = Command::new(env!("CARGO_BIN_EXE_imap-conform"));
    tool.args(["--target", "docker:gone", "--servers"]).arg(servers.path());
    let output = tool.output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    match output.status.code() {
        Some(3) if said.starts_with("error: ") && !said.contains("panicked") => Ok(()),
        _ => Err(said.into()),
    }
}

/// What the README shows of `diff` is what it says of these servers.
fn the_readme_compares_two_versions() -> Result<(), Failed> {
    let directory = tempfile::tempdir()?;
    let tool = |arguments: &[&str]| {
        let mut tool = Command::new(env!("CARGO_BIN_EXE_imap-conform"));
        tool.current_dir(directory.path()).args(arguments).output()
    };
    for (server, file) in [("docker:dovecot", OLD), ("docker:dovecot-2.4", NEW)] {
        let selectors = ["rfc3501/6.3.1", "rfc3501/6.4.4", "--report-json", file];
        let played = tool(&[&["--target", server], &selectors[..]].concat())?;
        if !directory.path().join(file).is_file() {
            return Err(String::from_utf8_lossy(&played.stderr).into_owned().into());
        }
    }
    let compared = tool(&["diff", OLD, NEW])?;
    // Where they listened is another place each time.
    let port = Regex::new(r"localhost:\d+").expect("it is a pattern");
    let said = String::from_utf8(compared.stdout)?;
    let shown: String = said.lines().map(|line| format!("    {line}\n")).collect();
    let shown = port.replace_all(shown.trim_end(), "localhost:PORT").replace("    \n", "\n");
    let readme = fs::read_to_string(README)?;
    match port.replace_all(&readme, "localhost:PORT").contains(&shown) {
        true => Ok(()),
        false => Err(format!("the README does not say\n{shown}").into()),
    }
}

/// No file outlives the cases and the server that it was recorded of.
fn every_snapshot_is_of_a_server() -> Result<(), Failed> {
    let servers = servers();
    let mut owners = vec!["diagnostics", "embedded"];
    let mut left = Vec::new();
    for (name, recipe) in &servers {
        owners.push(name);
        left.extend(recorded::unreferenced(name, &cases(recipe)?.scenarios));
    }
    left.extend(recorded::foreign(&owners));
    match left.is_empty() {
        true => Ok(()),
        false => Err(format!("no server has these snapshots: {left:#?}").into()),
    }
}

/// What is expected of a server stands in its findings, which of one version are for others, too:
/// in a section of its cause, or in a table.
fn every_deviation_is_told() -> Result<(), Failed> {
    let mut untold = Vec::new();
    for (name, recipe) in servers() {
        let Some(file) = recipe.expectations() else { continue };
        let findings = |name: &str| {
            fs::read_to_string(Path::new(SERVERS).join(name).join("findings.md"))
                .unwrap_or_default()
        };
        let first_version = name.split('-').next().unwrap_or_default();
        let text = findings(&name) + &findings(first_version);
        let sections: Vec<&str> = text.split("\n## ").skip(1).collect();
        let table: toml::Table = fs::read_to_string(&file)?.parse()?;
        for deviation in table["deviation"].as_array().into_iter().flatten() {
            let field = |name| deviation[name].as_str().unwrap_or_default();
            let is_cause = |section: &&&str| {
                field("reason").starts_with(section.lines().next().unwrap_or("-"))
            };
            let told = match sections.is_empty() {
                true => Some(text.as_str()),
                false => sections.iter().find(is_cause).copied(),
            };
            let number = field("finding").split_once('/').map(|(_, number)| number);
            let is_told = told.is_some_and(|told| number.is_none_or(|number| names(told, number)));
            if !is_told {
                untold.push(format!("{name}: {}, {}", field("finding"), field("reason")));
            }
        }
    }
    match untold.is_empty() {
        true => Ok(()),
        false => Err(format!("findings.md says nothing of {untold:#?}").into()),
    }
}

/// Whether the text names the requirement of that number.
fn names(text: &str, number: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    text.split(|c| !is_of_name(c)).any(|name| name == number)
}
