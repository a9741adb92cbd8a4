//! What is noticed, said as findings.

use super::{Case, Stop};
use crate::{
    Evidence, Finding, Source, Verdict, play::exchange::Chosen, requirement::RequirementId,
    scenario::Span,
};

impl Case<'_> {
    /// Notes that a requirement is not met, and says whether the case goes on.
    pub(super) fn find(
        &mut self,
        requirement: &RequirementId,
        span: &Span,
        expected: impl AsRef<str>,
        found: impl AsRef<str>,
        evidence: Option<Evidence>,
    ) -> Result<(), Stop> {
        let verdict = self.verdict_of_broken(requirement)?;
        match self.unmet(verdict, requirement.clone(), span, expected, found, evidence)? {
            true => Err(Stop::Decided),
            false => Ok(()),
        }
    }

    /// Notes that a requirement is not met; whether that decides the case.
    pub(super) fn unmet(
        &mut self,
        verdict: Verdict,
        requirement: RequirementId,
        span: &Span,
        expected: impl AsRef<str>,
        found: impl AsRef<str>,
        evidence: Option<Evidence>,
    ) -> Result<bool, Stop> {
        if verdict == Verdict::Skip {
            let (expected, found) = (expected.as_ref(), found.as_ref());
            return Err(Stop::Skipped(format!(
                "the server does otherwise: expected {expected}, found {found}"
            )));
        }
        self.note(verdict, Some(requirement), span, expected, found, evidence);
        Ok(verdict > Verdict::Warn)
    }

    /// What it means that a requirement is not met.
    pub(super) fn verdict_of_broken(&self, requirement: &RequirementId) -> Result<Verdict, Stop> {
        if let Some(unmet) = self.preparing {
            return Ok(unmet);
        }
        match self.stage.catalogue.get(requirement) {
            Some(requirement) => Ok(Verdict::of_broken(requirement.level)),
            None => Err(Stop::Harness(format!("the requirement {requirement} is not known"))),
        }
    }

    /// Notes the branch of `either` that was met.
    pub(super) fn chosen(&mut self, chosen: Chosen) {
        if self.preparing.is_some() {
            return;
        }
        let sentence = |id: &RequirementId| {
            self.stage.catalogue.get(id).map(|requirement| requirement.sentence.clone())
        };
        let expected = match chosen.grade {
            Verdict::Warn => chosen.requirement.as_ref().and_then(sentence),
            _ => None,
        };
        let expected = expected.unwrap_or_else(|| "one of several choices".to_owned());
        let evidence = chosen.entry.map(|entry| Evidence { entry, octets: 0..0 });
        let found = match chosen.name.as_str() {
            "" => "what this branch describes",
            name => name,
        };
        self.note(chosen.grade, chosen.requirement, &chosen.span, expected, found, evidence);
    }

    pub(super) fn note(
        &mut self,
        verdict: Verdict,
        requirement: Option<RequirementId>,
        span: &Span,
        expected: impl AsRef<str>,
        found: impl AsRef<str>,
        evidence: Option<Evidence>,
    ) {
        let source = &self.scenario.source;
        let before = source.get(..span.start).unwrap_or(source);
        let line = before.matches('\n').count() + 1;
        self.findings.push(Finding {
            verdict,
            source: Source::Expectation { line, span: span.clone() },
            requirement,
            expected: self.recorder.sentence(expected.as_ref()),
            found: self.recorder.sentence(found.as_ref()),
            evidence,
            known: None,
        });
    }

    /// The scenario's text in a span, as a fragment.
    pub(super) fn written(&self, span: &Span) -> String {
        let line = self.scenario.source.get(span.clone()).unwrap_or_default().trim();
        // The mark of the line, `S[phone]:`, says nothing here.
        let pattern = line.split_once(": ").map_or(line, |(_, pattern)| pattern);
        format!("`{pattern}`")
    }
}
