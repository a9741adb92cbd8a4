//! The program where it is interrupted, or where nobody reads what it says: what it leaves behind.
#![cfg(unix)]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use imap_conform::{
    Record,
    server::{Embedded, Options, variation::Pace},
};

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_imap-conform"))
        .args(arguments)
        .env_remove("IMAP_CONFORM_TARGET")
        .env_remove("CI")
        .env("IMAP_CONFORM_PASSWORD", "alice-secret")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn interrupt(process: &Child) {
    let status = Command::new("kill").args(["-INT", &process.id().to_string()]).status();
    assert!(status.expect("there is a kill").success());
}

/// Waits until something is so.
#[track_caller]
fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "{what} did not come");
        thread::sleep(Duration::from_millis(20));
    }
}

#[track_caller]
fn ended(process: Child, code: i32) -> Output {
    let output = process.wait_with_output().expect("the program ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    output
}

/// A server that takes its time, so that there is something to interrupt.
fn slow_server() -> (Embedded, String) {
    let pace = Pace { delay: Duration::from_millis(20), ..Pace::default() };
    let server = Embedded::start(Options { pace, ..Options::default() }).expect("it starts");
    let target = format!("imap://alice@{}", server.address());
    (server, target)
}

/// Whether a run has mailboxes on the server.
fn has_mailboxes_of_a_run(server: SocketAddr) -> bool {
    let mut stream = TcpStream::connect(server).expect("it listens");
    stream
        .write_all(b"a LOGIN alice alice-secret\r\nb LIST \"\" *\r\nc LOGOUT\r\n")
        .expect("it takes commands");
    let mut said = String::new();
    stream.read_to_string(&mut said).expect("it answers");
    assert!(said.contains("b OK"), "{said}");
    said.contains("imap-conform-")
}

#[test]
fn a_run_whose_reader_goes_away_removes_its_mailboxes_and_writes_its_other_reports() {
    let (server, target) = slow_server();
    let directory = tempfile::tempdir().expect("a directory can be made");
    let json = directory.path().join("run.json");
    let report = json.to_str().expect("letters");
    let arguments = ["--target", &target, "--tls", "none", "--report-json", report];
    let mut process = start(&[&arguments[..], &["rfc3501/6.3.1", "rfc3501/6.4.1"]].concat());
    let mut first = String::new();
    let mut reader = BufReader::new(process.stdout.take().expect("it is piped"));
    reader.read_line(&mut first).expect("it says something");
    drop(reader);
    let output = ended(process, 9);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("a report cannot be written"), "{said}");
    let record = Record::read(&json).expect("the other report is written");
    assert_eq!(record.cut_short.as_deref(), Some("interrupted"));
    assert!(!has_mailboxes_of_a_run(server.address()));
}

#[test]
fn an_interrupted_selftest_removes_its_mailboxes() {
    let (server, target) = slow_server();
    let arguments = ["selftest", "--target", &target, "--tls", "none"];
    let process = start(&[&arguments[..], &["--cases", "rfc3501/6.3.1", "noop-is-no"]].concat());
    wait_for("a mailbox", || has_mailboxes_of_a_run(server.address()));
    interrupt(&process);
    ended(process, 130);
    assert!(!has_mailboxes_of_a_run(server.address()));
}

#[test]
fn a_server_that_is_being_started_goes_with_an_interrupt() {
    let servers = tempfile::tempdir().expect("a directory can be made");
    let place = servers.path().join("place");
    let recipe = servers.path().join("silent");
    fs::create_dir(&recipe).expect("a directory can be made");
    let command = format!("echo @directory@ $$ > {}; exec sleep 600", place.display());
    let text =
        format!("image = \"-\"\nprogram = \"sleep\"\ncommand = [\"sh\", \"-c\", {command:?}]");
    fs::write(recipe.join("target.toml"), text).expect("it can be written");
    let name = servers.path().to_str().expect("letters");
    let process = start(&["--target", "exec:silent", "--servers", name]);
    let told = || fs::read_to_string(&place).unwrap_or_default();
    wait_for("the server", || told().ends_with('\n'));
    interrupt(&process);
    ended(process, 130);
    let told = told();
    let (directory, process) = told.trim().rsplit_once(' ').expect("two words");
    assert!(!Path::new(directory).exists(), "its directory is still there");
    let listed = Command::new("ps").args(["-p", process]).output().expect("there is a ps");
    assert_eq!(listed.status.code(), Some(1), "it lives on");
}

#[test]
fn a_reader_that_has_gone_away_is_no_reason_to_panic() {
    let mut process = start(&["check"]);
    drop(process.stdout.take());
    ended(process, 0);
}
