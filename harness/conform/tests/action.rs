//! The step that runs the suite in a job of continuous integration: its reports, its summary, and
//! that it ends as the run does.
#![cfg(all(unix, feature = "html"))]

use std::{env, fs, path::Path, process::Command};

#[test]
fn a_step_reports_sums_up_and_ends_as_the_run_does() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let summary = directory.path().join("summary.md");
    let program = Path::new(env!("CARGO_BIN_EXE_imap-conform"));
    let mut path = program.parent().expect("it stands in a directory").as_os_str().to_owned();
    path.push(":");
    path.push(env::var_os("PATH").unwrap_or_default());
    let step = |arguments: &str| {
        Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../ci/github/run"))
            .env("PATH", &path)
            .env("REPORTS", directory.path().join("reports"))
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("SELECTORS", "rfc3501/6.1.2 ~rfc3501/6.1.1")
            .env("ARGUMENTS", arguments)
            .output()
            .expect("bash is there")
            .status
            .code()
    };
    assert_eq!(step(""), Some(0));
    let said = fs::read_to_string(&summary).expect("there is a summary");
    assert!(said.contains("| server |") && said.contains("IMAP4rev1"), "{said}");
    for report in ["run.json", "junit.xml", "html/index.html"] {
        assert!(directory.path().join("reports").join(report).is_file(), "{report}");
    }
    assert_eq!(step("--fault noop-is-no --jobs 2"), Some(5));
}
