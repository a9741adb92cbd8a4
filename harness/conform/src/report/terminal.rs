//! What a person sees: a line for each case that says something, a progress bar where there is a
//! terminal, each failure on one screen, and a summary.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    time::Duration,
};

use console::Style;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Background, Report, explain, recap::Recap};
use crate::{CaseReport, Event, Tally, Verdict, wire::printable};

/// How much of the wire conversation is shown beside a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ShowWire {
    /// Nothing.
    Never,
    /// What is around the finding.
    #[default]
    Fail,
    /// All of it.
    All,
}

/// The report on the terminal.
pub struct Terminal<'b, W: Write> {
    out: W,
    background: &'b Background,
    show_wire: ShowWire,
    style: Styles,
    progress: ProgressBar,
    tally: Tally,
    finished: usize,
    cases: usize,
    recap: Recap,
    /// Why cases were not played at all, and how many are not shown because one for the same reason
    /// is.
    unplayed: BTreeMap<String, usize>,
}

struct Styles {
    good: Style,
    warn: Style,
    bad: Style,
    dim: Style,
    strong: Style,
}

impl Styles {
    fn new(colour: bool) -> Self {
        let style = || Style::new().force_styling(colour);
        Self {
            good: style().green().bold(),
            warn: style().yellow().bold(),
            bad: style().red().bold(),
            dim: style().dim(),
            strong: style().bold(),
        }
    }

    fn of(&self, verdict: Verdict) -> &Style {
        match verdict {
            Verdict::Pass | Verdict::Note => &self.good,
            Verdict::Skip => &self.dim,
            Verdict::Warn | Verdict::Inconclusive => &self.warn,
            Verdict::Fail | Verdict::Error => &self.bad,
        }
    }
}

impl<'b, W: Write> Terminal<'b, W> {
    /// A report to `out`; with `live`, a progress bar on standard error.
    pub fn new(
        out: W,
        background: &'b Background,
        show_wire: ShowWire,
        colour: bool,
        live: bool,
    ) -> Self {
        let target = if live { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self {
            out,
            background,
            show_wire,
            style: Styles::new(colour),
            progress: ProgressBar::with_draw_target(None, target),
            tally: Tally::default(),
            finished: 0,
            cases: 0,
            recap: Recap::default(),
            unplayed: BTreeMap::new(),
        }
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        let Self { progress, out, .. } = self;
        progress.suspend(|| writeln!(out, "{text}"))
    }

    /// Text that can come from a server, and be in a record that somebody else has written.
    fn aside(&mut self, text: &str) -> io::Result<()> {
        let text = printable(text);
        let text = self.style.dim.apply_to(format!("{:15}{text}", "")).to_string();
        self.line(&text)
    }

    fn case(&mut self, report: &CaseReport) -> io::Result<()> {
        self.tally.add(report);
        self.finished += 1;
        self.progress.set_position(self.finished as u64);
        if let (Verdict::Inconclusive, false, Some(reason)) =
            (report.verdict, report.was_begun(), &report.reason)
        {
            if let Some(more) = self.unplayed.get_mut(reason) {
                *more += 1;
                return Ok(());
            }
            self.unplayed.insert(reason.clone(), 0);
        }
        let word = match (&report.known, report.verdict) {
            (Some(_), _) => "KNOWN".to_owned(),
            (None, _) if report.is_flaky() => "FLAKY".to_owned(),
            (None, verdict) => verdict.to_string().to_uppercase(),
        };
        let style = match &report.known {
            Some(_) => &self.style.dim,
            None if report.is_flaky() => &self.style.warn,
            None => self.style.of(report.verdict),
        };
        let status = style.apply_to(format!("{word:>12}"));
        let width = self.cases.to_string().len();
        let line = format!(
            "{status} [{:>8.3}s] ({:>width$}/{}) {}",
            report.elapsed.as_secs_f64(),
            self.finished,
            self.cases,
            report.case,
        );
        self.line(&line)?;
        self.recap.add(report);
        if report.known.is_some() {
            return Ok(());
        }
        if report.is_flaky() {
            let attempt = report.earlier.len() + 1;
            self.aside(&format!("it conforms at attempt {attempt}, and did not before"))?;
            for earlier in &report.earlier {
                self.details(earlier)?;
            }
        }
        self.details(report)
    }

    /// Why a case ended as it did.
    fn details(&mut self, report: &CaseReport) -> io::Result<()> {
        // A case can be cut short and have broken a rule before.
        let is_found =
            |reason: &String| report.findings.iter().any(|finding| finding.found == *reason);
        if let Some(reason) = report.reason.as_ref().filter(|reason| !is_found(reason)) {
            self.aside(reason)?;
        }
        for finding in &report.findings {
            if finding.known.is_some() {
                continue;
            }
            if finding.verdict == Verdict::Note {
                self.aside(&finding.found)?;
            } else {
                let text = explain(self.background, report, finding, self.show_wire);
                self.line(&text)?;
            }
        }
        Ok(())
    }

    fn summary(&mut self, cut_short: Option<&str>, elapsed: Duration) -> io::Result<()> {
        self.progress.finish_and_clear();
        let tally = self.tally;
        writeln!(self.out, "{}", "─".repeat(60))?;
        for (word, what) in self.recap.lines(&self.background.catalogue) {
            let style = match word {
                "fail" => &self.style.bad,
                "warn" => &self.style.warn,
                _ => &self.style.dim,
            };
            let what = printable(&what);
            writeln!(self.out, "{} {what}", style.apply_to(format!("{word:>12}")))?;
        }
        for (reason, more) in self.unplayed.iter().filter(|(_, more)| **more > 0) {
            writeln!(self.out, "{:>12} {more} more cases: {}", "not played", printable(reason))?;
        }
        if let Some(why) = cut_short {
            let why = printable(why);
            let text = self.style.bad.apply_to(format!("{:>12} {why}", "cut short"));
            writeln!(self.out, "{text}")?;
        }
        let mut parts =
            vec![self.style.good.apply_to(format!("{} passed", tally.passed)).to_string()];
        let mut part = |count: usize, name: &str, style: &Style| {
            if count > 0 {
                parts.push(style.apply_to(format!("{count} {name}")).to_string());
            }
        };
        part(tally.noted, "noted", &self.style.good);
        part(tally.flaky, "of them flaky", &self.style.warn);
        part(tally.warned, "warned", &self.style.warn);
        part(tally.failed, "failed", &self.style.bad);
        part(tally.known, "known", &self.style.dim);
        part(tally.inconclusive, "inconclusive", &self.style.warn);
        part(tally.errors, "errors", &self.style.bad);
        let skipped = match tally.skipped {
            0 => String::new(),
            skipped => format!("; {skipped} skipped"),
        };
        writeln!(
            self.out,
            "{} [{:>8.3}s] {} run: {}{skipped}",
            self.style.strong.apply_to(format!("{:>12}", "Summary")),
            elapsed.as_secs_f64(),
            tally.ran(),
            parts.join(", "),
        )
    }
}

impl<W: Write> Report for Terminal<'_, W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::RunStarted { target, root, cases } => {
                self.cases = *cases;
                self.progress.set_length(*cases as u64);
                self.progress.set_style(
                    ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
                        .unwrap_or_else(|_| ProgressStyle::default_bar()),
                );
                let software = match target.software.as_str() {
                    "" => String::new(),
                    software => format!("{software} at "),
                };
                let line = format!(
                    "imap-conform {}: {software}{} ({}, user {}), everything below {root}",
                    env!("CARGO_PKG_VERSION"),
                    target.address,
                    target.security,
                    target.user,
                );
                self.line(&printable(&line))
            }
            Event::CaseStarted { case } => {
                self.progress.set_message(case.clone());
                Ok(())
            }
            Event::CaseFinished(report) => self.case(report),
            Event::Notice(text) => {
                let text = printable(text);
                let text =
                    format!("{} {text}", self.style.warn.apply_to(format!("{:>12}", "NOTICE")));
                self.line(&text)
            }
            Event::RunFinished { cut_short, elapsed } => {
                self.summary(cut_short.as_deref(), *elapsed)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Finding, Source, Transcript, requirement::Catalogue};

    fn finding(found: &str) -> Finding {
        Finding {
            verdict: Verdict::Fail,
            source: Source::Player,
            requirement: None,
            expected: "an answer".to_owned(),
            found: found.to_owned(),
            evidence: None,
            known: None,
        }
    }

    fn report(case: &str, findings: Vec<Finding>) -> CaseReport {
        CaseReport {
            case: case.to_owned(),
            title: String::new(),
            requirements: Vec::new(),
            verdict: Verdict::Fail,
            reason: None,
            findings,
            known: None,
            transcript: Transcript::default(),
            elapsed: Duration::ZERO,
            earlier: Vec::new(),
        }
    }

    fn shown(reports: Vec<CaseReport>) -> String {
        let background = Background::new(&[], Catalogue::default(), String::new());
        let mut out = Vec::new();
        let mut terminal = Terminal::new(&mut out, &background, ShowWire::Fail, false, false);
        for report in reports {
            terminal.event(&Event::CaseFinished(Box::new(report))).expect("memory takes all");
        }
        let finished = Event::RunFinished { cut_short: None, elapsed: Duration::ZERO };
        terminal.event(&finished).expect("memory takes all");
        drop(terminal);
        String::from_utf8(out).expect("it is text")
    }

    #[test]
    fn why_a_case_that_fails_was_cut_short_is_told_once() {
        for found in ["something else", "it took too long"] {
            let reason = Some("it took too long".to_owned());
            let report = CaseReport { reason, ..report("a/case", vec![finding(found)]) };
            let shown = shown(vec![report]);
            assert_eq!(shown.matches("it took too long").count(), 1, "{shown}");
        }
    }

    #[test]
    fn a_known_finding_was_shown_beside_a_new_one_and_its_reason_with_each_case() {
        let known = || Finding { known: Some("We know.".to_owned()), ..finding("the old") };
        let all_known =
            CaseReport { known: Some("We know.".to_owned()), ..report("a/one", vec![known()]) };
        let shown = shown(vec![all_known, report("a/two", vec![known(), finding("the new")])]);
        assert!(!shown.contains("the old") && shown.contains("the new"), "{shown}");
        assert!(shown.contains("known a/one and 1 more: We know."), "{shown}");
        assert_eq!(shown.matches("We know.").count(), 1, "{shown}");
    }

    #[test]
    fn what_many_cases_break_is_told_at_the_end_once_and_what_one_breaks_is_not() {
        let broken = |case| report(case, vec![finding("x"), finding("x")]);
        let named = |case| {
            let requirement = "rfc3501/6.1.2-01".parse().ok();
            report(case, vec![Finding { requirement, ..finding("x") }])
        };
        let shown_at_the_end = |reports: Vec<CaseReport>| {
            let shown = shown(reports);
            shown.split_once('─').expect("there is a line").1.to_owned()
        };
        let end = shown_at_the_end(vec![named("a/one"), broken("a/three"), named("a/two")]);
        assert!(end.contains("fail a/three\n"), "{end}");
        assert!(end.contains("fail a/one and 1 more (rfc3501/6.1.2-01)\n"), "{end}");
        assert!(!shown_at_the_end(vec![named("a/one")]).contains("fail a/one"));
    }
}
