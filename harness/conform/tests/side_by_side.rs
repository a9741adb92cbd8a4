//! Several runs side by side: what each says about a requirement, and what it does not.

use std::time::Duration;

use imap_conform::{
    CaseReport, Finding, Matrix, Record, Source, Transcript, Verdict, report::markdown,
    requirement::Catalogue,
};

const CATALOGUE: &str = r#"
    rfc = 3501
    [[requirement]]
    id = "6.1.2-01"
    level = "must"
    sentence = "NOOP always | succeeds."
    quote = "The NOOP command always succeeds."
    [[requirement]]
    id = "6.4.5-01"
    level = "may"
    sentence = "FETCH of what is gone is a choice."
    quote = "-"
"#;

fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    catalogue.add(CATALOGUE).expect("it is of the right form");
    catalogue
}

/// A case about requirements, and what was found.
fn case(about: &[&str], verdict: Verdict, findings: &[(Verdict, &str, &str)]) -> CaseReport {
    let id = |id: &str| format!("rfc3501/{id}").parse().expect("it is an id");
    let finding = |(verdict, about, found): &(Verdict, &str, &str)| Finding {
        verdict: *verdict,
        source: Source::Player,
        requirement: Some(id(about)),
        expected: String::new(),
        found: (*found).to_owned(),
        evidence: None,
        known: None,
    };
    CaseReport {
        case: "a/case".to_owned(),
        title: String::new(),
        requirements: about.iter().map(|about| id(about)).collect(),
        verdict,
        reason: None,
        findings: findings.iter().map(finding).collect(),
        known: None,
        transcript: Transcript::default(),
        elapsed: Duration::ZERO,
        earlier: Vec::new(),
    }
}

fn run(name: &str, cases: Vec<CaseReport>) -> (String, Record) {
    let mut record = Record::default();
    record.cases = cases;
    (name.to_owned(), record)
}

#[test]
fn a_case_that_fails_for_another_reason_says_nothing_of_a_requirement() {
    let about = ["6.1.2-01", "6.4.5-01"];
    let failed = case(&about, Verdict::Fail, &[(Verdict::Fail, "6.1.2-01", "NO")]);
    let matrix = Matrix::of(&[run("one", vec![failed])], &catalogue());
    let verdicts: Vec<_> = matrix.rows.iter().map(|row| row.cells[0].verdict).collect();
    assert_eq!(verdicts, [Some(Verdict::Fail), None]);
}

#[test]
fn a_case_that_was_played_to_its_end_keeps_what_no_finding_names() {
    let found = |verdict| case(&["6.1.2-01"], verdict, &[(verdict, "6.4.5-01", "otherwise")]);
    let mut noticed = found(Verdict::Fail);
    noticed.findings[0].source = Source::Invariant("syntax".to_owned());
    let mut interrupted = noticed.clone();
    interrupted.reason = Some("the run was interrupted".to_owned());
    let runs = [found(Verdict::Warn), noticed, interrupted, found(Verdict::Fail)];
    let runs: Vec<_> = runs.into_iter().map(|case| run("one", vec![case])).collect();
    let matrix = Matrix::of(&runs, &catalogue());
    let verdicts: Vec<_> = matrix.rows[0].cells.iter().map(|cell| cell.verdict).collect();
    assert_eq!(verdicts, [Some(Verdict::Pass), Some(Verdict::Pass), None, None]);
}

#[test]
fn a_broken_promise_outweighs_one_kept_and_one_kept_what_could_not_be_tried() {
    let about = ["6.1.2-01"];
    let kept = || case(&about, Verdict::Pass, &[]);
    let skipped = case(&about, Verdict::Skip, &[]);
    let broken = || case(&about, Verdict::Fail, &[(Verdict::Fail, "6.1.2-01", "NO")]);
    let panicked = || case(&about, Verdict::Error, &[]);
    let runs = [
        run("one", vec![skipped, kept()]),
        run("two", vec![broken(), kept()]),
        run("three", vec![broken(), panicked()]),
        run("four", vec![kept(), panicked()]),
    ];
    let matrix = Matrix::of(&runs, &catalogue());
    let verdicts: Vec<_> = matrix.rows[0].cells.iter().map(|cell| cell.verdict).collect();
    use Verdict::{Fail, Pass};
    assert_eq!(verdicts, [Some(Pass), Some(Fail), Some(Fail), Some(Pass)]);
}

#[test]
fn runs_that_choose_alike_do_not_differ_whichever_case_ended_first() {
    let chose = |what| case(&["6.4.5-01"], Verdict::Note, &[(Verdict::Note, "6.4.5-01", what)]);
    let runs = [
        run("one", vec![chose("answers NO"), chose("answers OK")]),
        run("two", vec![chose("answers OK"), chose("answers NO")]),
    ];
    let matrix = Matrix::of(&runs, &catalogue());
    assert_eq!(matrix.differences().count(), 0, "{:#?}", matrix.rows);
}

#[test]
fn the_summary_tells_differences_and_choices_and_keeps_to_its_cells() {
    let about = ["6.1.2-01", "6.4.5-01"];
    let chose = |what| case(&about, Verdict::Note, &[(Verdict::Note, "6.4.5-01", what)]);
    let runs = [run("one", vec![chose("answers NO")]), run("two|2", vec![chose("<b>NIL</b>")])];
    insta::assert_snapshot!(markdown(&Matrix::of(&runs, &catalogue())), @r"
    | server | MUST kept | broken | states kept | broken | syntax kept | broken | SHOULD kept | broken | capabilities |
    |---|---:|---:|---:|---:|---:|---:|---:|---:|---|
    | one | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |  |
    | two\|2 | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |  |

    | requirement | | one | two\|2 |
    |---|---|---|---|
    | rfc3501/6.4.5-01 | FETCH of what is gone is a choice. | answers NO | &lt;b>NIL&lt;/b> |
    ");
}
