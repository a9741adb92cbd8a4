//! "Did you mean …?": the known name that somebody may have meant.

/// No longer word is a slip for a known one, and comparing it would cost.
const LONGEST_WORD: usize = 128;

/// How short a word may be that stands for all that begins so.
const SHORTEST_START: usize = 3;

/// The known name that is most like `word`, if one is like it at all: a few letters differ, or it
/// begins so. Of a path the last parts may be written alone. Case does not matter.
pub(crate) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let word = word.to_ascii_lowercase();
    let ranked = known.into_iter().filter_map(|known| {
        let distance = distance(&word, &known.to_ascii_lowercase())?;
        Some((distance, known.len(), known))
    });
    ranked.min().map(|(.., known)| known)
}

/// How far the word is from the name or from its last parts, where that is not too far.
fn distance(word: &str, known: &str) -> Option<usize> {
    let parts = known.match_indices('/').map(|(at, _)| &known[at + 1..]);
    let near = [known].into_iter().chain(parts).filter_map(|part| {
        if word.len() >= SHORTEST_START && part.starts_with(word) {
            return Some(1);
        }
        let tolerated = 1 + word.len().max(part.len()) / 4;
        Some(strsim::damerau_levenshtein(part, word)).filter(|distance| *distance <= tolerated)
    });
    near.min()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn what_may_be_meant() {
        let known = [
            "noop-is-no",
            "number",
            "nz-number",
            "rfc3501/6.1.2-noop",
            "rfc3501/6.1.2-noop/always-succeeds",
            "rfc3501/6.4.8-03",
            "rfc3501/6.4.8-uid/fetch-unknown-uid",
        ];
        for (word, expected) in [
            ("noop-is-on", Some("noop-is-no")),
            ("NZ-NUMBR", Some("nz-number")),
            ("rfc3501/6.1.2-nop", Some("rfc3501/6.1.2-noop")),
            ("rfc3501/6.1.2-noop/succeeds", Some("rfc3501/6.1.2-noop/always-succeeds")),
            ("fetch-unknwon-uid", Some("rfc3501/6.4.8-uid/fetch-unknown-uid")),
            ("fetch-unknown", Some("rfc3501/6.4.8-uid/fetch-unknown-uid")),
            ("6.1.2", Some("rfc3501/6.1.2-noop")),
            ("rfc3501/6.4.8-99", Some("rfc3501/6.4.8-03")),
            ("nu", None),
            ("something else", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
        assert_eq!(nearest(&"n".repeat(1_000), known), None);
    }
}
