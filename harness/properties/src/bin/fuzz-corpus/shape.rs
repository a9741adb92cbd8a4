//! What a seed exercises, as far as can be told without running the fuzzer.

use std::{collections::BTreeSet, fmt::Debug, path::Path};

use arbitrary::Arbitrary;
use imap_conform::scenario::Scenario;
use imap_grammar::{Error, Extensions, FrameLimits, Framer, Framing, Grammar};

use super::value;

/// Two seeds of the same shape exercise much the same.
pub type Shape = BTreeSet<String>;

/// The names in the debug text of a value: which variants and fields it has.
pub fn shape(value: &impl Debug) -> Shape {
    let text = format!("{value:?}");
    // What stands in quotes is content.
    let outside = text.split('"').step_by(2);
    outside
        .flat_map(|part| part.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.starts_with(char::is_uppercase))
        .map(str::to_owned)
        .collect()
}

pub fn of_command(octets: &[u8]) -> Option<Shape> {
    of_parsed(octets, &grammar().command(octets))
}

pub fn of_response(octets: &[u8]) -> Option<Shape> {
    of_parsed(octets, &grammar().response(octets))
}

pub fn of_greeting(octets: &[u8]) -> Option<Shape> {
    of_parsed(octets, &grammar().greeting(octets))
}

/// As a command or as a response.
pub fn of_message(octets: &[u8]) -> Option<Shape> {
    let shape = of_command(octets).or_else(|| of_response(octets))?;
    // The seeds of the other targets have the rest.
    Some(shape.into_iter().take(3).collect())
}

/// The kinds of events.
pub fn of_stream(octets: &[u8]) -> Option<Shape> {
    let mut framer = Framer::new(FrameLimits::default());
    let mut rest = octets.get(24..)?;
    let mut events = Vec::new();
    loop {
        match framer.advance(rest) {
            Ok(Framing::Incomplete { .. }) => break,
            Ok(event) => {
                events.push(format!("{event:?}"));
                if let Framing::Message { length } = event {
                    rest = &rest[length..];
                }
            }
            Err(error) => {
                events.push(format!("{error:?}"));
                break;
            }
        }
    }
    let kinds = events.iter().filter_map(|event| event.split(' ').next());
    let count = format!("{}", events.len().min(8));
    Some(kinds.map(str::to_owned).chain([count, octets[0].to_string()]).collect())
}

/// The commands that are sent.
pub fn of_session(octets: &[u8]) -> Option<Shape> {
    let mut shapes = Shape::new();
    for turn in octets.split(|&octet| octet == 0xff) {
        let message = [turn.get(1..)?, b"\r\n"].concat();
        if let Ok(command) = grammar().command(&message) {
            let shape = shape(&command.body);
            shapes.extend(shape.into_iter().take(1));
        }
    }
    (!shapes.is_empty()).then_some(shapes)
}

/// What is said, or what is wrong.
pub fn of_scenario(octets: &[u8]) -> Option<Shape> {
    let source = std::str::from_utf8(octets).ok()?;
    Some(match Scenario::parse("x", Path::new("x.imap"), source) {
        Ok(scenario) => shape(&scenario.steps),
        Err(errors) => errors.problems().iter().map(|problem| problem.message.clone()).collect(),
    })
}

/// What a generator makes.
pub fn of_value<T: for<'u> Arbitrary<'u> + Debug>(octets: &[u8]) -> Option<Shape> {
    let shape = shape(&value::<T>(octets)?);
    // Few names of each: the fuzzer combines them.
    Some(shape.into_iter().take(2).collect())
}

/// What is legal by its value, what is not by where it is refused; nothing for what has little to
/// do with such a message.
fn of_parsed<T: Debug>(octets: &[u8], parsed: &Result<T, Error>) -> Option<Shape> {
    match parsed {
        Ok(value) => Some(shape(value)),
        Err(Error::Invalid(rejection)) if rejection.offset * 2 > octets.len() => {
            Some(Shape::from([rejection.production.to_string(), rejection.expected.to_owned()]))
        }
        Err(_) => None,
    }
}

fn grammar() -> Grammar {
    Grammar::with(Extensions::all())
}
