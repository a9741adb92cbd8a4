//! Writes the seeds and the dictionaries of the fuzz targets:
//!
//!     cargo run -p imap-properties --bin fuzz-corpus
//!
//! Seeds come from what the project has anyway: the scenarios, what the embedded server answers to
//! them, the known-answer tables of the grammar, and the generators. Of seeds that exercise the
//! same, the shortest is kept.

mod conversation;
mod literals;
mod shape;

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use arbitrary::{Arbitrary, Unstructured};
use conversation::Conversation;
use imap_grammar::{Command, Response, dictionary};
use literals::literals;
use shape::Shape;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// No seed is longer: what is long fuzzes slowly.
const LONGEST: usize = 1024;

fn main() -> io::Result<()> {
    let root = Path::new(ROOT);
    let fuzz = root.join("fuzz");
    write_dictionary(&fuzz.join("dictionaries/imap.dict"), dictionary())?;
    write_dictionary(&fuzz.join("dictionaries/scenario.dict"), words_of_the_language(root)?)?;

    let conversations = conversation::all();
    let mut commands: Vec<Vec<u8>> = Vec::new();
    let mut responses: Vec<Vec<u8>> = Vec::new();
    for conversation in &conversations {
        commands.extend(conversation.commands());
        responses.extend(conversation.responses());
    }
    let known = literals(&root.join("harness/grammar/tests"))?;
    commands.extend(known.iter().cloned());
    responses.extend(known);

    let seeds = root.join("fuzz/seeds");
    let write = |target: &str, candidates: Vec<Vec<u8>>, shape: fn(&[u8]) -> Option<Shape>| {
        write_seeds(&seeds.join(target), candidates, shape)
    };
    let both = [commands.clone(), responses.clone()].concat();
    write("parse_command", commands, shape::of_command)?;
    write("parse_response", responses.clone(), shape::of_response)?;
    write("parse_greeting", responses, shape::of_greeting)?;
    write("differential", both, shape::of_message)?;
    write("framer", streams(&conversations), shape::of_stream)?;
    write("session", conversations.iter().map(Conversation::turns).collect(), shape::of_session)?;
    write("scenario", texts(root)?, shape::of_scenario)?;
    write("command_to_bytes_and_back", generated(), shape::of_value::<Command<'_>>)?;
    write("response_to_bytes_and_back", generated(), shape::of_value::<Response<'_>>)?;
    write("strictness", generated(), shape::of_value::<(Command<'_>, u8, Response<'_>)>)?;
    write("pattern_match", generated(), shape::of_value::<Response<'_>>)
}

fn write_dictionary<W: AsRef<str>>(
    path: &Path,
    words: impl IntoIterator<Item = W>,
) -> io::Result<()> {
    let mut text = String::from("# Written by `cargo run -p imap-properties --bin fuzz-corpus`.\n");
    for word in words {
        let word = word.as_ref().replace('\\', "\\\\").replace('"', "\\\"");
        text.push_str(&format!("\"{word}\"\n"));
    }
    fs::create_dir_all(path.parent().expect("a directory"))?;
    fs::write(path, text)
}

/// Keeps the shortest candidate of each shape.
fn write_seeds(
    directory: &Path,
    mut candidates: Vec<Vec<u8>>,
    shape: fn(&[u8]) -> Option<Shape>,
) -> io::Result<()> {
    candidates.retain(|candidate| candidate.len() <= LONGEST);
    candidates.sort_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
    let mut kept: BTreeMap<Shape, Vec<u8>> = BTreeMap::new();
    for candidate in candidates {
        if let Some(shape) = shape(&candidate) {
            kept.entry(shape).or_insert(candidate);
        }
    }
    if directory.exists() {
        fs::remove_dir_all(directory)?;
    }
    fs::create_dir_all(directory)?;
    for seed in kept.values() {
        fs::write(directory.join(name(seed)), seed)?;
    }
    println!("{}: {} seeds", directory.display(), kept.len());
    Ok(())
}

/// A name that depends on nothing but the content: FNV-1a.
fn name(seed: &[u8]) -> String {
    let hash = seed.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &octet| {
        (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// The words of the scenario language: those that its guide shows, and its punctuation.
fn words_of_the_language(root: &Path) -> io::Result<Vec<String>> {
    let guide = fs::read_to_string(root.join("scenarios/README.md"))?;
    let shown = guide.split('`').skip(1).step_by(2);
    let mut words: Vec<String> = shown
        .filter(|word| {
            (1..20).contains(&word.len()) && word.bytes().all(|octet| octet.is_ascii_graphic())
        })
        .map(str::to_owned)
        .collect();
    words.extend(["\\x0a", "\\x0aC: ", "\\x0aS: ", "\\x0a  | "].map(str::to_owned));
    words.sort();
    words.dedup();
    Ok(words)
}

/// Small scenarios: those that show mistakes, and those of the guide.
fn texts(root: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(root.join("harness/conform/tests/diagnostics"))? {
        let path: PathBuf = entry?.path();
        if path.extension().is_some_and(|suffix| suffix == "imap") {
            texts.push(fs::read(path)?);
        }
    }
    let guide = fs::read_to_string(root.join("scenarios/README.md"))?;
    let examples = guide.split("```imap\n").skip(1).filter_map(|text| text.split_once("```"));
    texts.extend(examples.map(|(example, _)| example.as_bytes().to_vec()));
    Ok(texts)
}

/// Whole conversations from either side, behind what the target takes for limits and cuts.
fn streams(conversations: &[Conversation]) -> Vec<Vec<u8>> {
    let settings = [[1; 24], [0x40; 24]];
    let sides = conversations.iter().flat_map(|conversation| {
        [conversation.commands().concat(), conversation.responses().concat()]
    });
    sides
        .flat_map(|side| {
            settings.map(|setting| {
                [&setting[..], &side[..side.len().min(LONGEST - setting.len())]].concat()
            })
        })
        .collect()
}

/// Octets for the generators: always the same, of many lengths.
fn generated() -> Vec<Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut octet = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..4000).map(|number| (0..2 + number % 120).map(|_| octet()).collect()).collect()
}

/// A value of the type, out of octets.
fn value<T: for<'u> Arbitrary<'u>>(octets: &[u8]) -> Option<T> {
    T::arbitrary(&mut Unstructured::new(octets)).ok()
}
