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
        write_seeds(&seeds.join(target), candidates, Vec::new(), shape)
    };
    let both = [commands.clone(), responses.clone()].concat();
    let written = values(|command: Command<'_>| command.to_bytes());
    write_seeds(&seeds.join("parse_command"), commands, written, shape::of_command)?;
    let written = values(|response: Response<'_>| response.to_bytes());
    write_seeds(&seeds.join("parse_response"), responses.clone(), written, shape::of_response)?;
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

/// Keeps the shortest candidate of each shape, and of `more` those that have what no other has.
fn write_seeds(
    directory: &Path,
    candidates: Vec<Vec<u8>>,
    more: Vec<Vec<u8>>,
    shape: fn(&[u8]) -> Option<Shape>,
) -> io::Result<()> {
    let mut kept: BTreeMap<Shape, Vec<u8>> = BTreeMap::new();
    for candidate in shortest_first(candidates) {
        if let Some(shape) = shape(&candidate) {
            kept.entry(shape).or_insert(candidate);
        }
    }
    let mut known: Shape = kept.keys().flatten().cloned().collect();
    for candidate in shortest_first(more) {
        if let Some(shape) = shape(&candidate)
            && !shape.is_subset(&known)
        {
            known.extend(shape.iter().cloned());
            kept.insert(shape, candidate);
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

fn shortest_first(mut candidates: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    candidates.retain(|candidate| candidate.len() <= LONGEST);
    candidates.sort_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
    candidates
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
    // The long ones last, which only what nests deep needs.
    let lengths = (0..4000).map(|number| 2 + number % 120).chain((0..2000).map(|_| 240));
    lengths.map(|length| (0..length).map(|_| octet()).collect()).collect()
}

/// What the generators make, as a message.
fn values<T: for<'u> Arbitrary<'u>>(written: impl Fn(T) -> Vec<u8>) -> Vec<Vec<u8>> {
    generated().iter().filter_map(|octets| value(octets)).map(written).collect()
}

/// A value of the type, out of octets.
fn value<T: for<'u> Arbitrary<'u>>(octets: &[u8]) -> Option<T> {
    T::arbitrary(&mut Unstructured::new(octets)).ok()
}
