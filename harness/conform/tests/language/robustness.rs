//! No text makes the language panic, hang or forget to say what is wrong.

use std::time::Duration;

use cpu_time::ThreadTime;
use imap_conform::scenario::format;
use proptest::prelude::*;

use super::{formatting::keeps_its_promises, guide::examples, parse};

/// Reads it in every way there is.
fn survives(source: &str) {
    if let Err(errors) = parse(source) {
        assert!(!errors.problems().is_empty());
        assert!(!errors.render(false).is_empty());
    }
    keeps_its_promises(source);
}

proptest! {
    #[test]
    fn any_text(source in any::<String>()) {
        survives(&source);
    }

    #[test]
    fn any_text_of_its_characters(source in "[CS:?!\\[\\]{}()$|\"\\\\ \na1*+.<>_-]{0,120}") {
        survives(&source);
        survives(&format!("title: T\nrequirement: rfc3501/6.1.2-01\n\n{source}"));
    }

    #[test]
    fn any_change_of_a_scenario(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4usize, "[ -~\n\té]{0,3}"), 1..4),
    ) {
        let examples = examples();
        let mut text: Vec<char> = which.get(&examples).1.chars().collect();
        for (at, removed, added) in changes {
            let at = at.index(text.len() + 1);
            let end = (at + removed).min(text.len());
            text.splice(at..end, added.chars());
        }
        survives(&text.into_iter().collect::<String>());
    }
}

/// Every text a person could write in a day is read in a moment.
#[test]
fn large_and_deep_texts_take_no_time() {
    let line = |text: &str| format!("title: T\nrequirement: rfc3501/6.1.2-01\n\n{text}\n");
    for source in [
        line(&format!("S: * FLAGS {}", "(".repeat(100_000))),
        line(&format!("S: * SEARCH {}", "${_} ".repeat(20_000))),
        line(&format!("S: * 1 FETCH (BODY[{}", "[".repeat(100_000))),
        line(&format!("S: * LIST () NIL {}", "a]".repeat(100_000))),
        line(&"given\n".repeat(50_000)),
        line(&"either\n".repeat(50_000)),
        line(&format!("check {}1", "length(".repeat(50_000))),
        line(&format!("check 1{} == 1", "+1".repeat(50_000))),
        line(&format!("C: a1 {}", "{1}".repeat(50_000))),
        line(&"C: a1 X {9999999}\n".repeat(2_000)),
        line(&"x".repeat(1_000_000)),
        line(&format!("S: * FLAGS (\\A)\n{}", "  \\B\n".repeat(50_000))),
        line(&"S: * ${n: number} EXISTS\n".repeat(5_000)),
    ] {
        let start = ThreadTime::now();
        let _ = parse(&source);
        let _ = format(&source);
        let elapsed = start.elapsed();
        assert!(elapsed < Duration::from_secs(10), "{elapsed:?} for {:.60}", &source[46..]);
    }
}
