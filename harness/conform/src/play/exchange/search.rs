//! The search for responses that meet the lines of a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Arrival, Broken, Chosen, How, Outcome,
    plan::{Line, Plan},
};
use crate::{
    play::{
        Bindings,
        matching::{Kind, Mismatch, Received, match_response},
    },
    scenario::{Presence, Span, Spanned, Token},
};

/// What has come, and how often it may still be looked at.
pub(super) struct Search<'a> {
    responses: Vec<Response<'a>>,
    bindings: &'a Bindings,
    attempts_left: usize,
}

/// A response as lines see it.
struct Response<'a> {
    session: &'a str,
    kind: Kind,
    received: Received<'a>,
    /// The transcript's entry of each of its frames.
    entries: Vec<usize>,
    /// Which lines see it so.
    view: View,
}

/// How lines see FETCH responses about the same message, which may come in pieces and more than
/// once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// It is no FETCH response: there is one view of it.
    Only,
    /// All as one with all their items.
    Together,
    /// As one until an item comes again, for lines within `in order`.
    UntilRepeated,
    /// Each by itself, for lines that forbid it.
    Alone,
}

impl View {
    fn of(line: &Line<'_>) -> Self {
        match (line.presence, line.order) {
            (Presence::Never, _) => Self::Alone,
            (_, Some(_)) => Self::UntilRepeated,
            (_, None) => Self::Together,
        }
    }
}

/// A response, and the items that it has so far.
type Group = (usize, BTreeSet<Vec<u8>>);

/// Lines with the responses that meet them.
pub(super) struct Solution<'e> {
    plan: Plan<'e>,
    /// The response of each line.
    met_by: Vec<Option<usize>>,
    bindings: Bindings,
    /// Required lines that nothing meets.
    unmet: Vec<usize>,
    violations: Vec<Violation>,
}

/// A response that should not have come.
#[derive(Debug, Clone, Copy)]
struct Violation {
    /// The line that forbids it, or the first of its `exactly`.
    line: usize,
    response: usize,
    unnamed: bool,
}

/// A way through the lines, as far as it goes.
#[derive(Clone)]
struct Path {
    met_by: Vec<Option<usize>>,
    bindings: Bindings,
}

/// How the search for one plan stands.
struct Progress<'p, 'e> {
    plan: &'p Plan<'e>,
    /// Lines that nothing meets, as is known by now.
    unmet: &'p [usize],
    /// The farthest line that could not be met.
    stuck: usize,
    /// A way to the end that has violations, of which no other has fewer.
    nearest: Option<(Path, Vec<Violation>)>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        arrivals: &'a [Arrival<'a>],
        bindings: &'a Bindings,
        attempts: usize,
    ) -> Self {
        Self { responses: responses(arrivals), bindings, attempts_left: attempts }
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.attempts_left == 0
    }

    /// The best way to meet the lines of a plan: as many as can be.
    pub(super) fn solve<'e>(&mut self, plan: Plan<'e>) -> Solution<'e> {
        let mut unmet = self.hopeless(&plan);
        loop {
            let mut progress = Progress { plan: &plan, unmet: &unmet, stuck: 0, nearest: None };
            let start = Path { met_by: Vec::new(), bindings: self.bindings.clone() };
            let found = self.advance(&mut progress, &start);
            let found = found.map(|path| (path, Vec::new())).or(progress.nearest);
            match found {
                Some((Path { met_by, bindings }, violations)) => {
                    return Solution { plan, met_by, bindings, unmet, violations };
                }
                // One more line is given up each time, so this ends.
                None => unmet.push(progress.stuck),
            }
        }
    }

    /// Required lines that nothing meets whatever meets the others, so that it need not be tried
    /// in how many ways the others can be met.
    fn hopeless(&mut self, plan: &Plan<'_>) -> Vec<usize> {
        let bindings = self.bindings;
        let required = plan.lines.iter().enumerate().filter(|(_, line)| {
            // A value made of several parts may need what an earlier line captures.
            line.is_required() && !has_joined(&line.pattern.tokens)
        });
        let hopeless = required.filter(|(_, line)| {
            !(0..self.responses.len()).any(|response| {
                self.responses[response].is_about(line)
                    && self.attempt(line, response, bindings).is_ok()
            })
        });
        hopeless.map(|(index, _)| index).collect()
    }

    /// Meets the rest of the lines; the way to the end, where there is one without violations.
    fn advance(&mut self, progress: &mut Progress<'_, '_>, path: &Path) -> Option<Path> {
        let index = path.met_by.len();
        let Some(line) = progress.plan.lines.get(index) else {
            let violations = self.violations(progress.plan, path);
            if violations.is_empty() {
                return Some(path.clone());
            }
            let fewer = progress.nearest.as_ref().is_none_or(|(_, v)| violations.len() < v.len());
            if fewer {
                progress.nearest = Some((path.clone(), violations));
            }
            return None;
        };
        let given_up = progress.unmet.contains(&index) || line.presence == Presence::Never;
        if !given_up {
            for response in 0..self.responses.len() {
                if !self.may_meet(progress.plan, path, index, response) {
                    continue;
                }
                if let Ok(bindings) = self.attempt(line, response, &path.bindings) {
                    let next = path.step(Some(response), bindings);
                    if let Some(end) = self.advance(progress, &next) {
                        return Some(end);
                    }
                }
            }
        }
        if given_up || line.presence == Presence::Optional {
            return self.advance(progress, &path.step(None, path.bindings.clone()));
        }
        progress.stuck = progress.stuck.max(index);
        None
    }

    /// Whether the response is one that the line could be about, and is free.
    fn may_meet(&self, plan: &Plan<'_>, path: &Path, line: usize, response: usize) -> bool {
        let (candidate, wanted) = (&self.responses[response], &plan.lines[line]);
        let is_taken = || !candidate.is_shared() && path.met_by.contains(&Some(response));
        let before = || {
            let same_order = |other: &usize| plan.lines[*other].order == wanted.order;
            let earlier = (0..line).filter(same_order).filter_map(|other| path.met_by[other]).max();
            wanted.order.and(earlier).is_some_and(|earlier| response < earlier)
        };
        candidate.is_about(wanted) && !is_taken() && !before()
    }

    fn attempt(
        &mut self,
        line: &Line<'_>,
        response: usize,
        bindings: &Bindings,
    ) -> Result<Bindings, Option<Mismatch>> {
        self.attempts_left = self.attempts_left.saturating_sub(1);
        if self.attempts_left == 0 {
            return Err(None);
        }
        let received = &self.responses[response].received;
        match_response(line.pattern, received, bindings, line.order.is_some()).map_err(Some)
    }

    fn violations(&mut self, plan: &Plan<'_>, path: &Path) -> Vec<Violation> {
        let mut violations = Vec::new();
        for (index, line) in plan.lines.iter().enumerate() {
            for response in 0..self.responses.len() {
                let forbidden = line.presence == Presence::Never
                    && self.responses[response].is_about(line)
                    && self.attempt(line, response, &path.bindings).is_ok();
                let unnamed =
                    is_first_of_exactly(plan, index) && self.is_unnamed(plan, path, line, response);
                if forbidden || unnamed {
                    violations.push(Violation { line: index, response, unnamed: !forbidden });
                }
            }
        }
        violations
    }

    /// Whether the response is of a kind that the line's `exactly` names, and meets no line.
    fn is_unnamed(&self, plan: &Plan<'_>, path: &Path, first: &Line<'_>, response: usize) -> bool {
        let candidate = &self.responses[response];
        let named = plan.lines.iter().any(|line| {
            line.exactly == first.exactly && !line.is_forbidden() && candidate.is_about(line)
        });
        // What one view of it meets need not meet a line in another.
        let met = path.met_by.iter().flatten();
        let is_met = met
            .flat_map(|&met| &self.responses[met].entries)
            .any(|entry| candidate.entries.contains(entry));
        let is_untagged = matches!(candidate.kind, Kind::Untagged(_));
        named && is_untagged && !is_met
    }

    /// How the nearest response differs from what a line wants.
    fn nearest(&self, solution: &Solution<'_>, line: &Line<'_>) -> Option<(Mismatch, usize)> {
        let free = self.responses.iter().enumerate().filter(|(index, response)| {
            response.is_about(line)
                && (response.is_shared() || !solution.met_by.contains(&Some(*index)))
        });
        let mismatches = free.filter_map(|(_, response)| {
            let bindings = &solution.bindings;
            let received = &response.received;
            let mismatch =
                match_response(line.pattern, received, bindings, line.order.is_some()).err()?;
            let entry = response.entries.get(mismatch.frame).copied()?;
            Some((mismatch, entry))
        });
        // Of several, the first that is nearest.
        mismatches.reduce(|best, other| if other.0.agreed > best.0.agreed { other } else { best })
    }
}

impl Path {
    fn step(&self, response: Option<usize>, bindings: Bindings) -> Self {
        let mut met_by = self.met_by.clone();
        met_by.push(response);
        Self { met_by, bindings }
    }
}

impl<'a> Response<'a> {
    /// Takes another FETCH response together with it.
    fn add(&mut self, more: &Arrival<'a>) {
        self.received.add(&more.received);
        self.entries.push(more.entry);
    }

    fn is_about(&self, line: &Line<'_>) -> bool {
        self.session == line.session
            && (self.view == View::Only || self.view == View::of(line))
            && line.kinds.contains(&self.kind)
    }

    /// Whether several lines may be about it: a FETCH has many items.
    fn is_shared(&self) -> bool {
        self.view != View::Only
    }

    fn first_entry(&self) -> usize {
        self.entries.first().copied().unwrap_or_default()
    }
}

impl Solution<'_> {
    /// How much is not as it should be.
    pub(super) fn faults(&self) -> usize {
        self.unmet.len() + self.violations.len()
    }

    pub(super) fn outcome(mut self, search: &Search<'_>) -> Outcome {
        self.unmet.sort_unstable();
        let unmet = self.unmet.iter().map(|&index| {
            let line = &self.plan.lines[index];
            let tagged = line.kinds.iter().any(|kind| matches!(kind, Kind::Tagged(_)));
            let (span, how) = match search.nearest(&self, line) {
                Some((Mismatch { expected, span, found, octets, .. }, entry)) => {
                    (span, How::Differs { tagged, expected, found, entry, octets })
                }
                None => (line.span.clone(), How::Missing { tagged }),
            };
            (index, broken(line, span, how))
        });
        let violations = self.violations.iter().map(|violation| {
            let line = &self.plan.lines[violation.line];
            let entry = search.responses[violation.response].first_entry();
            let how = match violation.unnamed {
                true => How::Unnamed { entry },
                false => How::Came { entry },
            };
            (violation.line, broken(line, line.span.clone(), how))
        });
        let mut found: Vec<_> = unmet.chain(violations).collect();
        found.sort_by_key(|(line, _)| *line);
        let mut all_broken: Vec<Broken> = found.into_iter().map(|(_, broken)| broken).collect();
        drop_consequences(&mut all_broken);
        let choices = self.choices(search);
        Outcome { bindings: self.bindings, broken: all_broken, choices, undecided: false }
    }

    /// The branches of which every line is met.
    fn choices(&self, search: &Search<'_>) -> Vec<Chosen> {
        let is_broken = |line: usize| {
            self.unmet.contains(&line) || self.violations.iter().any(|broken| broken.line == line)
        };
        let met = self.plan.telling.iter().filter(|told| !told.lines.clone().any(is_broken));
        let chosen = met.map(|telling| {
            let lines = &self.plan.lines[telling.lines.clone()];
            let responses = &self.met_by[telling.lines.clone()];
            let shows = responses.iter().flatten().next();
            let branch = telling.branch;
            Chosen {
                grade: branch.grade,
                name: branch.name.clone().unwrap_or_default(),
                requirement: branch.requirement.as_ref().map(|id| id.value.clone()),
                span: lines.first().map_or(telling.either, |line| line.span).clone(),
                entry: shows.map(|&response| search.responses[response].first_entry()),
            }
        });
        chosen.collect()
    }
}

fn broken(line: &Line<'_>, span: Span, how: How) -> Broken {
    Broken {
        session: line.session.to_owned(),
        requirement: line.requirement.value.clone(),
        span,
        how,
    }
}

/// Where a command did not complete as it should, that its data is not there is no news.
fn drop_consequences(all: &mut Vec<Broken>) {
    let is_tagged = |broken: &Broken| {
        matches!(broken.how, How::Missing { tagged: true } | How::Differs { tagged: true, .. })
    };
    let failed: Vec<String> = all
        .iter()
        .filter(|broken| is_tagged(broken))
        .map(|broken| broken.session.clone())
        .collect();
    all.retain(|broken| match broken.how {
        How::Missing { tagged: false } | How::Differs { tagged: false, .. } => {
            !failed.contains(&broken.session)
        }
        _ => true,
    });
}

fn has_joined(tokens: &[Spanned<Token>]) -> bool {
    tokens.iter().any(|token| match &token.value {
        Token::Joined(_) => true,
        Token::List(inner) | Token::Brackets(inner) => has_joined(inner),
        Token::Optional(inner) | Token::Forbidden(inner) | Token::Origin(inner) => {
            has_joined(std::slice::from_ref(inner))
        }
        Token::Word(_) | Token::String(_) | Token::Hole(_) | Token::Rest => false,
    })
}

fn is_first_of_exactly(plan: &Plan<'_>, index: usize) -> bool {
    let exactly = plan.lines[index].exactly;
    exactly.is_some() && plan.lines[..index].iter().all(|line| line.exactly != exactly)
}

/// What came, FETCH responses in each of their views.
fn responses<'a>(arrivals: &'a [Arrival<'a>]) -> Vec<Response<'a>> {
    let mut responses: Vec<Response<'a>> = Vec::new();
    let mut together: BTreeMap<(&str, u64), usize> = BTreeMap::new();
    let mut until_repeated: BTreeMap<(&str, u64), Group> = BTreeMap::new();
    for arrival in arrivals {
        let kind = arrival.received.kind();
        let response = |view| Response {
            session: arrival.session,
            kind: kind.clone(),
            received: arrival.received.clone(),
            entries: vec![arrival.entry],
            view,
        };
        let name = match &kind {
            Kind::Untagged(name) => name.as_str(),
            Kind::Continue | Kind::Tagged(_) => "",
        };
        if matches!(name, "EXPUNGE" | "VANISHED") {
            // The numbers mean other messages from here on (RFC 3501 §7.4.1).
            together.retain(|(session, _), _| *session != arrival.session);
            until_repeated.retain(|(session, _), _| *session != arrival.session);
        }
        let (true, Some(number)) = (name == "FETCH", arrival.received.number()) else {
            let view = if name == "FETCH" { View::Together } else { View::Only };
            responses.push(response(view));
            continue;
        };
        let message = (arrival.session, number);
        match together.get(&message) {
            Some(&earlier) => responses[earlier].add(arrival),
            None => {
                together.insert(message, responses.len());
                responses.push(response(View::Together));
            }
        }
        let items = arrival.received.item_names();
        match until_repeated.get_mut(&message) {
            Some((earlier, known)) if known.is_disjoint(&items) => {
                responses[*earlier].add(arrival);
                known.extend(items);
            }
            _ => {
                until_repeated.insert(message, (responses.len(), items));
                responses.push(response(View::UntilRepeated));
            }
        }
        responses.push(response(View::Alone));
    }
    responses
}
