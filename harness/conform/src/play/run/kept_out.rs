//! A server that lets nobody in because it breaks a rule: that is a verdict on the server, and not
//! a target that cannot be reached.

use super::StartError;
use crate::{
    CaseReport, Evidence, Finding, Happened, Source, Verdict, oracle,
    play::isolation::PreparationError,
    wire::{Fault, LoginError, Recorder, WireError},
};

/// The case that stands for the login with which every run begins.
pub const LOGIN: &str = "login";

/// The report of a login that failed by the server's own fault; nothing where it was refused, or
/// never got as far as the server.
pub(super) fn report(error: &StartError, recorder: &Recorder) -> Option<CaseReport> {
    if !is_the_servers_fault(error) {
        return None;
    }
    let mut findings = recorder.judge(|transcript| oracle::observe(transcript, &[]));
    if findings.is_empty() {
        findings.push(finding(error, recorder)?);
    }
    for finding in &mut findings {
        finding.expected = recorder.sentence(&finding.expected);
        finding.found = recorder.sentence(&finding.found);
    }
    Some(CaseReport {
        case: LOGIN.to_owned(),
        title: "The server lets a user log in".to_owned(),
        requirements: findings.iter().filter_map(|finding| finding.requirement.clone()).collect(),
        verdict: findings.iter().map(|finding| finding.verdict).max()?,
        reason: Some(recorder.sentence(&error.to_string())),
        findings,
        known: None,
        transcript: recorder.transcript(),
        elapsed: recorder.elapsed(),
        earlier: Vec::new(),
    })
}

fn is_the_servers_fault(error: &StartError) -> bool {
    match error {
        StartError::NoUser | StartError::TookTooLong(_) => false,
        StartError::Login(error) => error.fault() == Fault::Target,
        StartError::Preparation(PreparationError::Wire(error)) => error.fault() == Fault::Target,
        StartError::Preparation(_) => true,
    }
}

/// What is broken where no invariant says so: by what did not come.
fn finding(error: &StartError, recorder: &Recorder) -> Option<Finding> {
    let last = recorder.judge(|transcript| {
        let received = |entry: &crate::Entry| matches!(entry.happened, Happened::Received(_));
        transcript.entries.iter().rposition(received)
    });
    let (requirement, expected) = broken(error, last.is_some())?;
    let verdict = requirement.map_or(Verdict::Inconclusive, |_| Verdict::Fail);
    Some(Finding {
        verdict,
        source: Source::Player,
        requirement: requirement.and_then(|id| id.parse().ok()),
        expected: expected.to_owned(),
        found: error.to_string(),
        evidence: last.map(|entry| Evidence { entry, octets: 0..0 }),
        known: None,
    })
}

/// The requirement that an error breaks and what it asks for. A limit of our own breaks none.
fn broken(error: &StartError, greeted: bool) -> Option<(Option<&'static str>, &'static str)> {
    let error = match error {
        StartError::Login(LoginError::Wire(error))
        | StartError::Preparation(PreparationError::Wire(error)) => error,
        StartError::Preparation(PreparationError::NoDelimiter) => {
            return Some((
                Some("rfc3501/6.3.8-11"),
                "a LIST response with the hierarchy delimiter",
            ));
        }
        _ => return None,
    };
    match error {
        WireError::NoAnswer { .. } | WireError::Stalled(_) if greeted => {
            Some((Some("rfc3501/2.2-03"), "the completion of the command"))
        }
        // Of a greeting without end at least some octets came.
        WireError::NotImap { .. } | WireError::NoAnswer { .. } => {
            Some((Some("rfc3501/2.2-01"), "a greeting: `* OK`, `* PREAUTH` or `* BYE`"))
        }
        // Before the greeting it is a refusal: nobody knows what listens there.
        WireError::Closed | WireError::ClosedInside { .. } | WireError::Broken(_) if greeted => {
            Some((Some("rfc3501/3.4-03"), "an untagged BYE before the connection ends"))
        }
        WireError::ClearAfterStartTls => {
            Some((Some("rfc3501/6.2.1-02"), "the TLS negotiation right after the tagged OK"))
        }
        WireError::BeyondLimit(_) | WireError::BeyondMemory(_) | WireError::Flooded(_) => {
            Some((None, "no more than a client can hold"))
        }
        _ => None,
    }
}
