//! The web pages, in a real browser: what a person sees, does and follows, and what a hostile
//! server cannot do to them.
//!
//! They need `chromedriver` and the browser it drives. Where there is none they say that they were
//! skipped; `IMAP_CONFORM_REQUIRE=browser` makes that a failure.
#![cfg(feature = "html")]

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, Locator, key::Key, wd::WebDriverCompatibleCommand};
use hyper_util::client::legacy::connect::HttpConnector;
use imap_conform::{
    CaseReport, Entry, Event, Evidence, Finding, Happened, Record, Source, TargetInfo, Transcript,
    Verdict,
    report::{Background, run_page},
    requirement::Catalogue,
};
use serde_json::{Value, json};

/// A phone and a desk, in pixels.
const WIDTHS: [u32; 2] = [400, 1280];

/// How long the page may take to show what was asked for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The driver's process, gone with the test.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked to end, the driver ends its browsers with it; killed, it would leave them.
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// Plays a test in a browser, where there is one.
fn in_browser(test: impl AsyncFnOnce(&Client)) {
    let started = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut driver = match started {
        Ok(child) => Driver(child),
        Err(error) => {
            let required = env::var("IMAP_CONFORM_REQUIRE").unwrap_or_default();
            assert!(!required.split(',').any(|one| one == "browser"), "no browser: {error}");
            eprintln!("skipped: there is no chromedriver ({error})");
            return;
        }
    };
    let lines = BufReader::new(driver.0.stdout.take().expect("it is piped")).lines();
    let port = lines
        .map_while(Result::ok)
        .find_map(|line| {
            let port = line.split_once("started successfully on port ")?.1;
            port.trim_end_matches('.').parse::<u16>().ok()
        })
        .expect("the driver says its port");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let capabilities = json!({
            "goog:chromeOptions": { "args": ["--headless=new", "--no-sandbox", "--disable-gpu"] },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let browser = ClientBuilder::new(HttpConnector::new())
            .capabilities(serde_json::from_value(capabilities).expect("they are an object"))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("the browser starts");
        test(&browser).await;
        let log = browser.issue_cmd(BrowserLog).await.expect("the driver keeps the log");
        assert_eq!(log, json!([]), "the page's own messages");
        browser.close().await.expect("the browser ends");
    });
}

/// What the pages wrote to the console, errors and broken policies among it.
#[derive(Debug)]
struct BrowserLog;

impl WebDriverCompatibleCommand for BrowserLog {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

fn address(file: &Path) -> String {
    url::Url::from_file_path(file).expect("the path is whole").to_string()
}

async fn says(browser: &Client, script: &str) -> Value {
    browser.execute(script, Vec::new()).await.expect("the script runs")
}

/// Waits until the page says that it shows so many of the cases, and looks whether it does.
async fn shows(browser: &Client, count: usize, of: usize) {
    let said = format!("//output[.='{count} of {of}']");
    let said = browser.wait().at_most(PATIENCE).for_element(Locator::XPath(&said)).await;
    said.expect("the filter says what it shows");
    let shown = "return document.querySelectorAll('.case:not([hidden])').length";
    assert_eq!(says(browser, shown).await, json!(count));
}

/// Plays a few cases in front of a broken server and keeps the run, as a page and as JSON.
fn broken_run(directory: &Path) -> Record {
    let path = |name: &str| directory.join(name).display().to_string();
    let (page, record) = (path("page"), path("broken.json"));
    let status = Command::new(env!("CARGO_BIN_EXE_imap-conform"))
        .args(["--fault", "noop-is-no", "rfc3501/6.1.2", "rfc3501/6.1.1", "multi-device"])
        .args(["--report-html", &page, "--report-json", &record])
        .stdout(Stdio::null())
        .status()
        .expect("the program starts");
    assert_eq!(status.code(), Some(5));
    Record::read(Path::new(&record)).expect("the report is there")
}

#[test]
fn a_run_is_filtered_and_its_failures_are_followed_to_the_wire() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    let record = broken_run(directory.path());
    let page = address(&directory.path().join("page/index.html"));
    let failed: Vec<_> = record.cases.iter().filter(|case| case.verdict == Verdict::Fail).collect();
    let all = record.cases.len();
    in_browser(async |browser| {
        for width in WIDTHS {
            browser.set_window_size(width, 900).await.expect("the window has a size");
            browser.goto(&page).await.expect("the page opens");
            let overflow = "return document.documentElement.scrollWidth > window.innerWidth";
            assert_eq!(says(browser, overflow).await, json!(false), "wider than {width}");
            shows(browser, all, all).await;

            let verdict = browser.find(Locator::Css("select[name=verdict]")).await.expect("there");
            verdict.send_keys("fail").await.expect("it can be chosen by key");
            shows(browser, failed.len(), all).await;

            // What a keyboard does: `/` leads to the search, what is typed filters.
            let body = browser.find(Locator::Css("body")).await.expect("there is a body");
            body.send_keys("/").await.expect("it takes keys");
            let search = browser.active_element().await.expect("something has the focus");
            search.send_keys("zzzz no such case").await.expect("it takes keys");
            shows(browser, 0, all).await;
        }

        // A link to a case opens it, and the evidence is where its link leads.
        let case = failed[0];
        browser.goto(&format!("{page}#{}", case.case)).await.expect("the link is followed");
        browser.refresh().await.expect("the page opens at the link");
        let open = format!("return document.getElementById({}).open", json!(case.case));
        assert_eq!(says(browser, &open).await, json!(true));
        let evidence = browser.find(Locator::LinkText("in the conversation")).await.expect("there");
        evidence.send_keys(&Key::Enter.to_string()).await.expect("a link can be followed by key");
        let target = "return document.querySelector(':target mark') !== null";
        assert_eq!(says(browser, target).await, json!(true), "the octets are marked");

        let several = record.cases.iter().find(|case| case.case.starts_with("multi-device/"));
        let id = json!(several.expect("some case has several sessions").case);
        let arrows =
            format!("return document.getElementById({id}).querySelectorAll('svg path').length");
        assert!(says(browser, &arrows).await.as_u64() > Some(10), "the chart has arrows");
    });
}

#[test]
fn runs_side_by_side_lead_to_their_evidence() {
    let directory = tempfile::tempdir().expect("a directory can be made");
    broken_run(directory.path());
    let path = |name: &str| directory.path().join(name).display().to_string();
    let program = || Command::new(env!("CARGO_BIN_EXE_imap-conform"));
    let sound = ["rfc3501/6.1.2", "--report-json", &path("sound.json")];
    assert!(program().args(sound).output().expect("the program starts").status.success());
    let runs = [path("sound.json"), format!("broken={}", path("broken.json"))];
    let merge = program()
        .args(["report", "merge", "--html", &path("merged"), "--markdown", &path("merged.md")])
        .args(runs)
        .status()
        .expect("the program starts");
    assert!(merge.success());
    let summary = fs::read_to_string(path("merged.md")).expect("the summary is there");
    assert!(
        summary.contains("| rfc3501/6.1.2-01 |") && summary.contains("| pass | fail |"),
        "{summary}"
    );
    in_browser(async |browser| {
        for width in WIDTHS {
            browser.set_window_size(width, 900).await.expect("the window has a size");
            let page = address(Path::new(&path("merged/index.html")));
            browser.goto(&page).await.expect("the page opens");
            let overflow = "return document.documentElement.scrollWidth > window.innerWidth";
            assert_eq!(says(browser, overflow).await, json!(false), "wider than {width}");
            let cell = browser.find(Locator::Css("td.fail a")).await.expect("something differs");
            cell.send_keys(&Key::Enter.to_string()).await.expect("it can be followed by key");
            let case = "return document.querySelector('.case[open]').dataset.verdict";
            assert_eq!(says(browser, case).await, json!("fail"));
        }
    });
}

/// A record in which the server says what would break out of a page, wherever it has a say.
fn hostile() -> Record {
    let attack = "</style></script><script>window.owned=1</script>\"'><img src=x onerror=owned=1>";
    let mut record = Record::default();
    record.add(&Event::RunStarted {
        target: TargetInfo {
            address: attack.to_owned(),
            security: attack.to_owned(),
            user: attack.to_owned(),
            software: attack.to_owned(),
            capabilities: vec![attack.to_owned()],
        },
        root: attack.to_owned(),
        cases: 1,
    });
    record.add(&Event::Notice(attack.to_owned()));
    let entry = |session: &str, happened| Entry {
        at: Duration::ZERO,
        session: session.to_owned(),
        happened,
    };
    let octets = attack.as_bytes().to_vec();
    record.add(&Event::CaseFinished(Box::new(CaseReport {
        case: "hostile/case".to_owned(),
        title: attack.to_owned(),
        requirements: Vec::new(),
        verdict: Verdict::Fail,
        reason: Some(attack.to_owned()),
        findings: vec![Finding {
            verdict: Verdict::Fail,
            source: Source::Invariant(attack.to_owned()),
            requirement: None,
            expected: attack.to_owned(),
            found: attack.to_owned(),
            evidence: None,
            known: None,
        }],
        known: Some(attack.to_owned()),
        transcript: Transcript {
            entries: vec![
                entry("phone", Happened::Received(octets.clone())),
                entry("laptop", Happened::Fragment(octets)),
                entry("laptop", Happened::Closed(attack.to_owned())),
            ],
        },
        elapsed: Duration::ZERO,
        earlier: Vec::new(),
    })));
    record.add(&Event::RunFinished { cut_short: Some(attack.to_owned()), elapsed: Duration::ZERO });
    record
}

#[test]
fn a_flood_is_cut_short_on_the_page_but_what_findings_point_at_is_there() {
    let mut record = hostile();
    let case = &mut record.cases[0];
    let entry = |index: usize| Entry {
        at: Duration::ZERO,
        session: "phone".to_owned(),
        happened: Happened::Received(format!("* {index} EXISTS\r\n").into_bytes()),
    };
    case.transcript.entries = (0..50_000).map(entry).collect();
    case.findings[0].evidence = Some(Evidence { entry: 40_000, octets: 0..1 });
    case.findings = vec![case.findings[0].clone(); 10_000];
    let background = Background::new(&[], Catalogue::default(), "imap-conform".to_owned());
    let page = run_page(&record, &background).expect("the page is made");
    assert!(page.contains("id=\"hostile/case:40001\""), "what is pointed at is shown");
    assert!(page.contains("9800 more findings"), "what is left out is said");
    assert!(page.contains("39000 more entries"), "what is left out is said");
    assert!(page.contains("9999 more entries"), "what is left out is said");
    assert!(page.len() < 1_000_000, "{} octets", page.len());
}

#[test]
fn what_a_hostile_server_says_is_text_and_nothing_else() {
    let background = Background::new(&[], Catalogue::default(), "imap-conform".to_owned());
    let page = run_page(&hostile(), &background).expect("the page is made");
    let directory = tempfile::tempdir().expect("a directory can be made");
    let file = directory.path().join("hostile.html");
    fs::write(&file, page).expect("the page is written");
    in_browser(async |browser| {
        browser.goto(&address(&file)).await.expect("the page opens");
        assert_eq!(says(browser, "return window.owned ?? null").await, Value::Null);
        let elements = "return document.querySelectorAll('img, script:not(:last-of-type)').length";
        assert_eq!(says(browser, elements).await, json!(0));
        let text = says(browser, "return document.querySelector('h1').textContent").await;
        assert!(text.as_str().is_some_and(|text| text.contains("<script>")), "{text}");
    });
}
