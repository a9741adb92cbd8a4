//! The program as a user meets it: what it says and how it exits.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use imap_conform::{Event, Record, Verdict};

fn imap_conform(arguments: &[&str], input: &str) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_imap-conform"))
        .args(arguments)
        .env_remove("IMAP_CONFORM_TARGET")
        .env_remove("CI")
        .env("IMAP_CONFORM_PASSWORD", "not-the-password")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = process.stdin.take().expect("it has an input");
    // A program that has ended already reads nothing.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    process.wait_with_output().expect("the program ends")
}

#[track_caller]
fn exits(arguments: &[&str], input: &str, code: i32, says: &str) {
    let output = imap_conform(arguments, input);
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(text.contains(says), "{text}");
    assert!(!text.contains("not-the-password"), "{text}");
}

#[test]
fn parse_says_whether_a_message_is_legal() {
    exits(&["parse", "command"], "a1 NOOP\r\n", 0, "Noop");
    exits(&["parse", "command"], "a1 FETCH 0 FLAGS\r\n", 1, "at byte 9, in nz-number (RFC 3501");
    exits(&["parse", "command"], "a1 NOOP", 2, "incomplete");
    exits(&["parse", "command"], "a1 IDLE\r\n", 1, "the capability IDLE");
    exits(&["parse", "command", "--with", "idle"], "a1 IDLE\r\n", 0, "Idle");
    exits(&["parse", "command", "--with", "IDEL"], "", 1, "`IDEL` is not known");
    exits(&["parse", "greeting"], "* PREAUTH hello\r\n", 0, "PreAuth");
    exits(&["parse", "response", "--lines"], "* 1 EXISTS\n* x\n", 1, "legal\nillegal: ");
    exits(&["parse", "response", "--json"], "* 0 EXPUNGE\r\n", 1, "\"offset\": 2");
    let json = r#"{"legal":true,"value":{"body":{"Delete":"INBOX"},"tag":"a1"}}"#;
    exits(&["parse", "command", "--json", "--lines"], "a1 DELETE inbox\n", 0, json);
    let json = r#"{"legal":true,"value":{"Untagged":{"Flags":["\\Seen"]}}}"#;
    exits(&["parse", "response", "--json", "--lines"], "* FLAGS (\\seen)\n", 0, json);
}

#[test]
fn a_run_against_the_embedded_server_conforms() {
    exits(&["rfc3501/6.1.2"], "", 0, " passed");
}

#[test]
fn a_broken_must_is_explained_and_fails_the_run() {
    let says = "run just this again: imap-conform --fault noop-is-no rfc3501/6.1.2-noop/";
    exits(&["--fault", "noop-is-no", "rfc3501/6.1.2"], "", 5, says);
}

#[test]
fn what_runs_a_case_again_names_the_scenarios_it_is_of() {
    let arguments = ["--scenarios", "../../scenarios", "--fault", "noop-is-no", "rfc3501/6.1.2"];
    let says = "again: imap-conform --fault noop-is-no --scenarios ../../scenarios rfc3501/6.1.2-";
    exits(&arguments, "", 5, says);
}

#[test]
fn a_finding_is_explained_also_where_no_wire_is_to_be_shown() {
    let arguments = ["--show-wire", "never", "--fault", "noop-is-no", "rfc3501/6.1.2"];
    exits(&arguments, "", 5, "fail[rfc3501/6.1.2-");
    exits(&arguments, "", 5, "= spec: RFC 3501 §6.1.2");
    let output = imap_conform(&arguments, "");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!text.contains("   wire"), "{text}");
}

#[test]
fn a_deviation_that_does_not_show_fails_a_strict_run_alone() {
    let file = tempfile::NamedTempFile::new().expect("a file can be made");
    let known = "[[deviation]]\nfinding = \"rfc3501/6.1.2-01\"\nreason = \"We know.\"\n";
    std::fs::write(file.path(), known).expect("it can be written");
    let path = file.path().to_str().expect("its name is text");
    let arguments = ["--expect", path, "rfc3501/6.1.2"];
    exits(&arguments, "", 0, "did not show");
    let strict = [&["--strict-expectations"], &arguments[..]].concat();
    exits(&strict, "", 7, "did not show");
}

#[test]
fn a_first_list_of_deviations_waits_for_its_reasons() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let file = directory.path().join("known.toml");
    let path = file.to_str().expect("its name is text");
    let faulty = ["--fault", "noop-is-no", "rfc3501/6.1.2"];
    let writes = [&["--write-expect", path], &faulty[..]].concat();
    exits(&writes, "", 5, "failed");
    exits(&writes, "", 1, "known.toml");
    let knows = [&["--expect", path], &faulty[..]].concat();
    exits(&knows, "", 2, "has no reason; write why it is accepted");
    let text = std::fs::read_to_string(&file).expect("it was written");
    let written = text.replace("reason = \"\"", "reason = \"We know.\"");
    std::fs::write(&file, written).expect("it can be written");
    exits(&knows, "", 0, " known");
}

#[test]
fn a_run_that_cannot_begin_leaves_no_list_of_deviations() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let file = directory.path().join("known.toml");
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let target = format!("imap://a@{}", nobody.local_addr().expect("it has an address"));
    drop(nobody);
    let path = file.to_str().expect("its name is text");
    exits(&["--target", &target, "--write-expect", path], "", 3, "error: ");
    assert!(!file.exists());
}

#[test]
fn a_selftest_fails_where_a_fault_is_missed() {
    let noop = ["selftest", "--cases", "rfc3501/6.1.2", "noop-is-no", "two-spaces", "other-text"];
    exits(&noop, "", 0, "caught noop-is-no by ");
    exits(&noop, "", 0, "let pass other-text");
    let list = ["selftest", "--cases", "rfc3501/7.2.2", "noop-is-no"];
    exits(&list, "", 11, "MISSED noop-is-no");
    exits(&[&list[..], &["--json"]].concat(), "", 11, "\"missed\": [\n    \"noop-is-no\"");
}

#[test]
fn a_server_that_lets_nobody_in_is_explained_and_fails_the_run() {
    let arguments = ["--fault", "tag-in-upper-case", "--timeout", "0.5"];
    exits(&arguments, "", 5, "fail[rfc3501/7-02]");
    exits(&arguments, "", 5, "S[inquiry]: IC1 OK");
    let says = "run just this again: imap-conform --fault tag-in-upper-case --timeout 0.5\n";
    exits(&arguments, "", 5, says);
}

#[test]
fn what_is_not_there_is_an_error_with_a_suggestion() {
    exits(&["rfc3501/6.1.2-nop"], "", 1, "did you mean `rfc3501/6.1.2-noop");
    exits(&["--fault", "noop-is-on"], "", 1, "did you mean `noop-is-no`?");
    exits(&["--variation", "other-tex"], "", 1, "did you mean `other-text`?");
    exits(&["selftest", "other-tex"], "", 1, "did you mean `other-text`?");
    exits(&["explain", "rfc3501/6.1.2-99"], "", 1, "did you mean `rfc3501/");
    exits(&["level:musst"], "", 1, "the levels are must, should");
    exits(&["--target", "imap://a:b@localhost"], "", 1, "password");
    exits(&["--target", "localhost:143"], "", 1, "nobody is named to log in");
    exits(&["--tls", "none"], "", 1, "needs --target");
    exits(&["serve", "--insecure"], "", 1, "needs --upstream");
    exits(&["serve", "--upstream", "localhost"], "", 1, "write `localhost:143`");
    exits(&["serve", "--connections", "0"], "", 1, "--connections");
    exits(&["selftest", "--target", "docker:cyrus"], "", 1, "name one that is running");
}

#[test]
fn a_run_in_which_nothing_ran_fails() {
    exits(&["rfc3501/6.1.2", "~rfc3501"], "", 4, "no case is left to run");
}

#[test]
fn a_target_that_is_not_there_is_said_so() {
    let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let target = format!("imap://a@{}", nobody.local_addr().expect("it has an address"));
    drop(nobody);
    exits(&["--target", &target], "", 3, "error: ");
}

#[test]
fn list_and_explain_tell_what_there_is() {
    exits(&["list", "rfc3501/6.4.8-03"], "", 0, "rfc3501/6.4.8-uid/fetch-unknown-uid");
    exits(&["explain", "rfc3501/6.4.8-03"], "", 0, "proved by: rfc3501/6.4.8-uid/");
    exits(&["check"], "", 0, "scenarios are right");
    exits(&["fmt", "--check", "../../scenarios"], "", 0, "");
    exits(&["serve", "--list-faults"], "", 0, "noop-is-no");
    exits(&["serve", "--list-variations"], "", 0, "sparse-uids");
}

#[test]
fn reports_are_written_also_where_the_run_fails() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let file = |name: &str| directory.path().join(name).to_str().expect("letters").to_owned();
    let (json, junit, tap) = (file("run.json"), file("run.xml"), file("run.tap"));
    let reports = ["--report-json", &json, "--report-junit", &junit, "--report-tap", &tap];
    let arguments = [&["--fault", "noop-is-no", "rfc3501/6.1.2"], &reports[..]].concat();
    exits(&arguments, "", 5, "failed");

    let record = Record::read(Path::new(&json)).expect("the report is there");
    assert!(record.cases.iter().any(|case| case.verdict == Verdict::Fail), "{record:?}");
    assert_eq!(Record::parse(&record.to_json()).expect("it is read as written"), record);
    let read = |name| std::fs::read_to_string(name).expect("the report is there");
    let junit = read(&junit);
    assert!(junit.contains("<failure") && junit.contains("rfc3501/6.1.2-noop/"), "{junit}");
    let tap = read(&tap);
    assert!(tap.starts_with("TAP version 14\n") && tap.contains("\nnot ok "), "{tap}");
    assert!(tap.ends_with(&format!("\n1..{}\n", record.cases.len())), "{tap}");
}

#[test]
fn a_broken_should_is_a_failure_in_reports_where_it_fails_the_run() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let file = |name: &str| directory.path().join(name).to_str().expect("letters").to_owned();
    let (junit, tap) = (file("run.xml"), file("run.tap"));
    let run = ["--fault", "search-without-badcharset", "rfc3501/6.4.4-13"];
    let reports = ["--report-junit", &junit, "--report-tap", &tap];
    let arguments = [&run[..], &reports[..]].concat();
    let read = || [&junit, &tap].map(|name| std::fs::read_to_string(name).expect("it is there"));

    exits(&arguments, "", 0, "warned");
    let [junit, tap] = read();
    assert!(junit.contains("<skipped message=\"a SHOULD is broken: expected "), "{junit}");
    assert!(!junit.contains("<failure"), "{junit}");
    assert!(tap.contains("\nnot ok ") && tap.contains(" # TODO a SHOULD is broken\n"), "{tap}");

    exits(&[&arguments[..], &["--fail-on", "should"]].concat(), "", 6, "warned");
    let [junit, tap] = read();
    assert!(junit.contains("<failure") && !junit.contains("<skipped"), "{junit}");
    assert!(tap.contains("\nnot ok ") && !tap.contains("# TODO"), "{tap}");
}

#[test]
fn events_come_as_lines_of_json_where_they_are_asked_for() {
    let output = imap_conform(&["--message-format", "json", "rfc3501/6.1.2"], "");
    let mut record = Record::default();
    for line in output.stdout.split_inclusive(|&octet| octet == b'\n') {
        record.add(&serde_json::from_slice::<Event>(line).expect("a line is an event"));
    }
    assert!(!record.cases.is_empty() && record.target.is_some(), "{record:?}");
}

#[test]
fn a_report_that_is_none_is_refused_by_its_name() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let path = directory.path().join("other.json");
    let says = |text: &str| {
        std::fs::write(&path, text).expect("the file is written");
        Record::read(&path).expect_err("it is refused").to_string()
    };
    assert!(says("{}").contains("other.json is not a report of imap-conform"));
    assert!(says(r#"{"version": 999}"#).contains("has version 999"));
}

#[test]
fn diff_says_what_got_worse_and_what_was_mended() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let file = |name: &str| directory.path().join(name).to_str().expect("letters").to_owned();
    let (good, bad) = (file("good.json"), file("bad.json"));
    exits(&["rfc3501/6.1.2", "--report-json", &good], "", 0, "passed");
    let fault = ["--fault", "noop-is-no"];
    exits(&[&fault, &["rfc3501/6.1.2", "--report-json", &bad][..]].concat(), "", 5, "failed");
    exits(&["diff", &good, &good], "", 0, "no difference");
    exits(&["diff", &good, &bad], "", 10, "worse (");
    exits(&["diff", &bad, &good], "", 0, "mended (");
    exits(&["diff", "--json", &good, &bad], "", 10, "\"what\": \"rfc3501/6.1.2-");
    exits(&["diff", &good, &file("none.json")], "", 1, "cannot read the report");
}

#[test]
fn what_failed_can_be_run_again_by_itself() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let file = |name: &str| directory.path().join(name).to_string_lossy().into_owned();
    let (json, junit) = (file("run.json"), file("run.xml"));
    let chosen = ["rfc3501/6.1.1", "rfc3501/6.1.2", "--report-json", &json];
    let broken = ["--fault", "noop-is-no", "--retries", "1", "--report-junit", &junit];
    exits(&[&chosen[..], &broken].concat(), "", 5, "failed");
    let junit = std::fs::read_to_string(junit).expect("the report is there");
    assert!(junit.contains("<rerunFailure"), "{junit}");
    exits(&[&chosen[..], &["--rerun"]].concat(), "", 0, "rfc3501/6.1.2-noop/");
    exits(&["--rerun-from", &json], "", 4, "no case is left to run");
    let output = imap_conform(&["--rerun"], "");
    assert_eq!(output.status.code(), Some(1), "there is no report to run from");
}
