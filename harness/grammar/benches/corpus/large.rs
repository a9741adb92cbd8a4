//! Single messages that are large, each in another way.

use super::random::Random;
use super::responses::single_part;

const MIB: usize = 1 << 20;

/// One literal of 25 MiB.
pub fn literal(random: &mut Random) -> Vec<u8> {
    let mut message = format!("* 1 FETCH (BODY[] {{{}}}\r\n", 25 * MIB).into_bytes();
    let lines = random.lines(MIB);
    for _ in 0..25 {
        message.extend_from_slice(&lines);
    }
    message.extend_from_slice(b")\r\n");
    message
}

/// `SEARCH` with 1 MiB of numbers.
pub fn search_line(random: &mut Random) -> Vec<u8> {
    let mut message = b"* SEARCH".to_vec();
    let mut number = 1;
    while message.len() < MIB {
        number += random.between(1, 50);
        message.extend_from_slice(format!(" {number}").as_bytes());
    }
    message.extend_from_slice(b"\r\n");
    message
}

/// A multipart of so many parts that it fills 1 MiB.
pub fn body_structure(random: &mut Random) -> Vec<u8> {
    let mut message = b"* 1 FETCH (BODYSTRUCTURE (".to_vec();
    while message.len() < MIB {
        message.extend_from_slice(single_part(random, 0).as_bytes());
    }
    message.extend_from_slice(b" \"MIXED\" (\"BOUNDARY\" \"=-=\") NIL NIL))\r\n");
    message
}

/// 20,000 literals of 32 octets, each the content of a section.
pub fn small_literals(random: &mut Random) -> Vec<u8> {
    let mut message = b"* 1 FETCH (".to_vec();
    for part in 1..=20_000 {
        if part > 1 {
            message.push(b' ');
        }
        message.extend_from_slice(format!("BODY[{part}] {{32}}\r\n").as_bytes());
        message.extend(random.lines(32));
    }
    message.extend_from_slice(b")\r\n");
    message
}
