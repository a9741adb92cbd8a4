//! How this parser compares, as a Markdown table: `cargo bench -p imap-grammar --bench ratios`.
//!
//! The parsers take turns within one thread, and the least CPU time of each counts, so that other
//! work on the machine disturbs the ratios little.

mod corpus;
mod parser;

use std::time::Duration;

use cpu_time::ThreadTime;
use imap_proto::{AttributeValue, Response};

use crate::corpus::{Origin, Row};
use crate::parser::Parser;

/// Turns that each parser has at a row.
const ROUNDS: usize = 40;

/// Turns at each row for a parser that parses again at each piece, which takes it long.
const ROUNDS_OF_REPARSING: usize = 2;

/// A turn goes on until it has parsed so many octets.
const OCTETS: usize = 1 << 19;

const PARSERS: [Parser; 3] = [Parser::Grammar, Parser::Codec, Parser::Proto];

fn main() {
    let (options, names): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with('-'));
    // Names on the command line choose among the rows.
    let chosen = |row: &Row| names.is_empty() || names.iter().any(|name| row.name.contains(name));
    let rows = corpus::rows().into_iter().filter(chosen);

    // Run as a test, it only proves that each parser accepts what it is measured on.
    let measure = options.iter().any(|option| option == "--bench");
    if measure {
        println!(
            "| messages | MB/s | speed / imap-codec | speed / imap-proto | pieces / whole \
         (imap-codec, imap-proto) | allocations a message (imap-codec, imap-proto) |\n\
         |---|---|---|---|---|---|"
        );
    }
    for row in rows {
        PARSERS.iter().for_each(|&parser| accept(parser, &row));
        if measure {
            println!("{}", line(&row));
        }
    }
    if measure {
        println!(
            "\nimap-proto does not look into a literal for NUL, which CHAR8 excludes (RFC 3501 §9), \
             so a large one costs it nothing."
        );
    }
}

/// Panics where a parser that knows such messages refuses one, or takes an item for one that it
/// does not know and skips it: its time would mean nothing.
fn accept(parser: Parser, row: &Row) {
    if !parser.knows(row) {
        return;
    }
    parser.parse(row);
    if parser == Parser::Proto {
        for message in &row.messages {
            let skips = match Response::parse(message) {
                Ok((_, Response::Fetch(_, items))) => items.contains(&AttributeValue::Unknown),
                _ => false,
            };
            assert!(!skips, "{parser} skips an item of: {}", message.escape_ascii());
        }
    }
}

/// The line of the table about these messages.
fn line(row: &Row) -> String {
    let whole = least_times(row, ROUNDS, Parser::parse, &PARSERS);
    let [ours, codec, proto] = whole;
    let speed = row.octets() as f64 / 1e6 / ours.map_or(f64::NAN, |time| time.as_secs_f64());
    let mut in_pieces = [None; 3];
    if row.origin == Origin::ServerInPieces {
        let [framed, fragmented, _] =
            least_times(row, ROUNDS, Parser::parse_in_pieces, &PARSERS[..2]);
        let [reparsed, ..] =
            least_times(row, ROUNDS_OF_REPARSING, Parser::parse_in_pieces, &PARSERS[2..]);
        in_pieces = [ratio(framed, ours), ratio(fragmented, codec), ratio(reparsed, proto)];
    }
    let allocations = PARSERS.map(|parser| allocations(parser, row));
    let cells = [
        row.name.to_owned(),
        format!("{speed:.0}"),
        cell(ratio(codec, ours), 2),
        cell(ratio(proto, ours), 2),
        cells(in_pieces, 2),
        cells(allocations, 1),
    ];
    format!("| {} |", cells.join(" | "))
}

/// The least CPU time that each of the parsers, in their order, takes for the row; nothing for one
/// that knows no such messages.
fn least_times(
    row: &Row,
    rounds: usize,
    task: fn(Parser, &Row),
    parsers: &[Parser],
) -> [Option<Duration>; 3] {
    let passes = (OCTETS / row.octets()).max(1);
    let mut least = [None; 3];
    for _ in 0..rounds {
        for (least, &parser) in least.iter_mut().zip(parsers) {
            if !parser.knows(row) {
                continue;
            }
            let start = ThreadTime::now();
            for _ in 0..passes {
                task(parser, row);
            }
            let time = start.elapsed() / passes as u32;
            *least = Some(least.map_or(time, |least: Duration| least.min(time)));
        }
    }
    least
}

fn allocations(parser: Parser, row: &Row) -> Option<f64> {
    parser.knows(row).then(|| {
        let counted = allocation_counter::measure(|| parser.parse(row));
        counted.count_total as f64 / row.messages.len() as f64
    })
}

fn ratio(time: Option<Duration>, by: Option<Duration>) -> Option<f64> {
    Some(time?.as_secs_f64() / by?.as_secs_f64())
}

/// What this parser reaches, and in parentheses what the others do.
fn cells([ours, codec, proto]: [Option<f64>; 3], decimals: usize) -> String {
    match ours {
        Some(_) => {
            let [ours, codec, proto] = [ours, codec, proto].map(|value| cell(value, decimals));
            format!("{ours} ({codec}, {proto})")
        }
        None => cell(None, decimals),
    }
}

fn cell(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.decimals$}"))
}
