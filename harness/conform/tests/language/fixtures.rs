//! Fixtures hold what is appended, octet for octet.

use std::{fs, path::Path};

use imap_conform::scenario::{FixtureError, Fixtures, Scenario};
use tempfile::TempDir;

use super::support::set;

/// A directory in which these fixtures, and a message, are near a scenario.
fn directory(toml: &str) -> (TempDir, Fixtures) {
    let directory = tempfile::tempdir().unwrap();
    let fixtures = directory.path().join("fixtures");
    fs::create_dir_all(fixtures.join("sub")).unwrap();
    fs::create_dir_all(directory.path().join("rfc3501/6.1")).unwrap();
    fs::write(fixtures.join("sub/m.eml"), "A: b\n\nx\r\ny\rz\n").unwrap();
    fs::write(fixtures.join("f.toml"), toml).unwrap();
    let found = Fixtures::near(&directory.path().join("rfc3501/6.1/x.imap")).unwrap();
    (directory, found)
}

#[test]
fn line_ends_become_crlf_unless_octets_are_exact() {
    let (_directory, fixtures) = directory(
        r#"
        [[message]]
        file = "sub/m.eml"
        flags = ["\\Seen", "keyword"]
        date = " 7-Feb-1994 21:52:25 -0800"
        [[message]]
        file = "sub/m.eml"
        octets = "exact"
        "#,
    );
    let fixture = fixtures.load("f").unwrap();
    let octets: Vec<_> = fixture.messages.iter().map(|message| message.octets.as_slice()).collect();
    assert_eq!(octets, [&b"A: b\r\n\r\nx\r\ny\rz\r\n"[..], b"A: b\n\nx\r\ny\rz\n"]);
    assert_eq!(fixture.messages[0].flags, ["\\Seen", "keyword"]);
    assert_eq!(fixture.messages[0].date.as_deref(), Some(" 7-Feb-1994 21:52:25 -0800"));
    assert_eq!((fixture.messages[1].flags.len(), &fixture.messages[1].date), (0, &None));
    assert_eq!(fixtures.file("sub/m.eml").unwrap(), octets[0]);
    assert_eq!(fixtures.names(), ["f"]);
}

#[test]
fn what_is_wrong_is_said() {
    let message = |rest: &str| format!("[[message]]\nfile = \"sub/m.eml\"\n{rest}");
    for (toml, expected) in [
        (String::new(), "the fixture `f` has no message"),
        ("[[message]]\nfile = \"n.eml\"".to_owned(), "there is no file `n.eml` among the fixtures"),
        ("[[message]]\nfile = \"../f\"".to_owned(), "`../f` is not the name of a file"),
        ("[[message]]\nfile = \"/etc/passwd\"".to_owned(), "`/etc/passwd` is not the name"),
        (message("flag = []"), "the fixture `f` is not understood"),
        (message("flags = [\"\\\\Recent\"]"), "are not legal"),
        (message("date = \"7-Feb-1994 21:52:25 -0800\""), "in date-day-fixed (RFC 3501 §9)"),
        (message("octets = \"some\""), "the fixture `f` is not understood"),
    ] {
        let (_directory, fixtures) = directory(&toml);
        let error = fixtures.load("f").unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let (_directory, fixtures) = directory("");
    assert!(matches!(fixtures.load("g"), Err(FixtureError::Absent { name }) if name == "g"));
    assert!(Fixtures::near(Path::new("/nowhere/at/all/x.imap")).is_none());
}

/// A scenario near a fixture whose message says that `body` is its structure.
fn expecting(body: &str, line: &str) -> Result<Scenario, String> {
    let toml = format!("[[message]]\nfile = \"sub/m.eml\"\nbody = '{body}'\n");
    let (directory, _fixtures) = directory(&toml);
    let path = directory.path().join("rfc3501/6.1/x.imap");
    let source = format!(
        "title: T\nrequirement: rfc3501/6.4.5-41\nfixture: f\n\nC: a FETCH 1 BODY\n{line}\nS: a OK\n"
    );
    Scenario::parse("x", &path, &source).map_err(|errors| errors.render(false))
}

#[test]
fn what_a_fixture_expects_is_read_as_if_it_stood_in_the_scenario() {
    let body = r#"(("TEXT" "PLAIN" ${_} NIL NIL "7BIT" 1 ${_: number} ...)("IMAGE" "GIF" NIL NIL NIL "7BIT" 1) "MIXED" ...)"#;
    let there = expecting(body, "S: * 1 FETCH (BODY ${message.1.body})").unwrap();
    let here = expecting(body, &format!("S: * 1 FETCH (BODY {body})")).unwrap();
    assert_eq!(super::said(&there), super::said(&here));
}

#[test]
fn what_a_fixture_expects_must_be_one_legal_value() {
    for (body, expected) in [
        ("(\"TEXT\" \"PLAIN\")", "no legal response looks like this"),
        ("(\"TEXT\"", "`(` is not closed"),
        ("NIL NIL", "something else than one value"),
        ("", "no response is expected here"),
        ("(${x + 1})", "nothing is calculated in an `S:` line"),
    ] {
        let error = expecting(body, "S: * 1 FETCH (BODY ${message.1.body})").unwrap_err();
        assert!(error.contains(expected), "{body}: {error}");
    }
}

#[test]
fn every_structure_that_a_fixture_expects_is_asked_for() {
    let (scenarios, _) = set();
    let fixtures = Fixtures::near(Path::new(super::BESIDE)).unwrap();
    let directory = Path::new(super::BESIDE).parent().unwrap().join("fixtures/mime");
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|suffix| suffix != "toml") {
            continue;
        }
        let name = format!("mime/{}", path.file_stem().unwrap().to_str().unwrap());
        let asks = |scenario: &Scenario| {
            scenario.header.fixture.as_ref().is_some_and(|fixture| fixture.value == name)
                && ["envelope", "body"]
                    .iter()
                    .all(|part| scenario.source.contains(&format!("${{message.1.{part}}}")))
        };
        let expects = fixtures.load(&name).unwrap().messages[0].body.is_some();
        assert!(!expects || scenarios.iter().any(asks), "no scenario asks for what {name} says");
    }
}
