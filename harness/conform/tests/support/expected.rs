//! Whether cases went as a server's expectations say.

use imap_conform::{CaseReport, Expectations, Verdict};

/// What went otherwise than expected, for better or worse; empty where nothing did.
pub fn surprises(expectations: &mut Expectations, reports: &mut [CaseReport]) -> String {
    let mut text = String::new();
    for report in reports {
        expectations.apply(report);
        let is_fine = matches!(report.verdict, Verdict::Pass | Verdict::Note | Verdict::Skip);
        if !is_fine && report.known.is_none() {
            text += &described(report);
        }
    }
    for deviation in expectations.unmet() {
        let (case, finding) = (&deviation.case, &deviation.finding);
        text += &format!("the known deviation {finding} did not show in {case}\n");
    }
    text
}

/// What went wrong in a case.
pub fn described(report: &CaseReport) -> String {
    let reason = report.reason.as_deref().unwrap_or(&report.title);
    let mut text = format!("{} {}: {reason}\n", report.verdict, report.case);
    for finding in &report.findings {
        let id = finding.requirement.as_ref().map(ToString::to_string).unwrap_or_default();
        text += &format!(
            "  {} {id}: expected {}, found {}\n",
            finding.verdict, finding.expected, finding.found
        );
    }
    text
}
