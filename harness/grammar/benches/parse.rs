//! Each kind of message under each parser, with throughput and allocations: `cargo bench -p
//! imap-grammar --bench parse`. The machine's noise is in these figures; `ratios` compares.

mod corpus;
mod parser;

use std::sync::LazyLock;

use divan::{AllocProfiler, Bencher, counter::BytesCount};

use crate::corpus::{Origin, Row};
use crate::parser::Parser;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(corpus::rows);

fn main() {
    divan::main();
}

fn rows_of(parser: Parser) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| parser.knows(row))
}

fn rows_in_pieces() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(|row| row.origin == Origin::ServerInPieces)
}

fn whole(bencher: Bencher, parser: Parser, row: &Row) {
    bencher.counter(BytesCount::new(row.octets())).bench_local(|| parser.parse(row));
}

fn in_pieces(bencher: Bencher, parser: Parser, row: &Row) {
    bencher.counter(BytesCount::new(row.octets())).bench_local(|| parser.parse_in_pieces(row));
}

#[divan::bench(args = rows_of(Parser::Grammar))]
fn imap_grammar(bencher: Bencher, row: &Row) {
    whole(bencher, Parser::Grammar, row);
}

#[divan::bench(args = rows_of(Parser::Codec))]
fn imap_codec(bencher: Bencher, row: &Row) {
    whole(bencher, Parser::Codec, row);
}

#[divan::bench(args = rows_of(Parser::Proto))]
fn imap_proto(bencher: Bencher, row: &Row) {
    whole(bencher, Parser::Proto, row);
}

#[divan::bench(args = rows_in_pieces())]
fn imap_grammar_in_pieces(bencher: Bencher, row: &Row) {
    in_pieces(bencher, Parser::Grammar, row);
}

#[divan::bench(args = rows_in_pieces())]
fn imap_codec_in_pieces(bencher: Bencher, row: &Row) {
    in_pieces(bencher, Parser::Codec, row);
}

/// Few samples, since it parses again at each piece.
#[divan::bench(args = rows_in_pieces(), sample_count = 3)]
fn imap_proto_in_pieces(bencher: Bencher, row: &Row) {
    in_pieces(bencher, Parser::Proto, row);
}
