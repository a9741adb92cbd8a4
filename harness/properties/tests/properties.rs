//! Every property on generated octets: those of a fuzzer's first moments, on stable and in seconds.

use arbitrary::{Arbitrary, Unstructured};
use imap_grammar::{Command, Greeting, Response};
use imap_properties::*;
use proptest::{collection::vec, prelude::*, sample::Index, test_runner::RngSeed};

/// Octets from which a generator makes a value.
fn octets() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..512)
}

/// A legal message of that kind, in which a few octets are changed, perhaps.
fn message<T: for<'u> Arbitrary<'u>>(
    to_bytes: fn(&T) -> Vec<u8>,
) -> impl Strategy<Value = Vec<u8>> {
    let changes = vec((any::<Index>(), any::<u8>()), 0..3);
    (octets(), changes).prop_map(move |(octets, changes)| {
        let value = T::arbitrary(&mut Unstructured::new(&octets)).expect("it needs no more");
        let mut message = to_bytes(&value);
        for (at, octet) in changes {
            let at = at.index(message.len());
            message[at] = octet;
        }
        message
    })
}

proptest! {
    // What fails becomes a file below `fuzz/regressions`. The cases are the same each time: to look
    // for others is the fuzzer's part, and a peer's next difference breaks nobody's build.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x1A9_3501),
        ..ProptestConfig::default()
    })]

    #[test]
    fn commands_are_written_and_read(octets in octets()) {
        command_to_bytes_and_back(&octets);
    }

    #[test]
    fn responses_are_written_and_read(octets in octets()) {
        response_to_bytes_and_back(&octets);
    }

    #[test]
    fn a_changed_command_is_no_upset(message in message(Command::to_bytes)) {
        parse_command(&message);
        differential(&message);
    }

    #[test]
    fn a_line_that_may_end_idle_is_no_upset(line in "([dD][oO][nN][eE]|DON|E| )\r?\n?x?") {
        parse_command(line.as_bytes());
    }

    #[test]
    fn a_changed_response_is_no_upset(message in message(Response::to_bytes)) {
        parse_response(&message);
        differential(&message);
    }

    #[test]
    fn a_changed_greeting_is_no_upset(message in message(Greeting::to_bytes)) {
        parse_greeting(&message);
        differential(&message);
    }

    #[test]
    fn no_octets_are_an_upset(octets in octets()) {
        for (_, property) in TARGETS {
            property(&octets);
        }
    }

    #[test]
    fn frames_do_not_depend_on_the_cuts(message in message(Command::to_bytes), start in octets()) {
        framer(&[&start[..start.len().min(20)], &message].concat());
    }

    #[test]
    fn an_edit_that_breaks_the_abnf_is_refused(octets in octets()) {
        strictness(&octets);
    }

    #[test]
    fn a_server_stays_correct_whatever_is_said(octets in octets()) {
        session(&octets);
    }

    #[test]
    fn a_response_matches_what_it_is_a_case_of(octets in octets()) {
        pattern_match(&octets);
    }
}
