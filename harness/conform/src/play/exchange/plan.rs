//! The lines of an exchange, one branch of every `either` taken.

use crate::{
    Verdict,
    play::matching::Kind,
    requirement::RequirementId,
    scenario::{Branch, Expect, Pattern, Presence, Span, Spanned},
};

/// A line that expects a response.
#[derive(Debug, Clone)]
pub(super) struct Line<'e> {
    pub(super) session: &'e str,
    pub(super) presence: Presence,
    pub(super) requirement: &'e Spanned<RequirementId>,
    pub(super) pattern: &'e Pattern,
    /// Of which kinds a response is that can meet it.
    pub(super) kinds: Vec<Kind>,
    pub(super) span: &'e Span,
    /// In which `in order` it stands.
    pub(super) order: Option<usize>,
    /// In which `exactly` it stands.
    pub(super) exactly: Option<usize>,
}

/// Lines and branches.
#[derive(Debug, Default)]
pub(super) struct Plan<'e> {
    pub(super) lines: Vec<Line<'e>>,
    /// Branches that say something by being met, with where their lines begin and end.
    pub(super) telling: Vec<Telling<'e>>,
    orders: usize,
    exactlies: usize,
}

/// A branch that is a note or a warning.
#[derive(Debug)]
pub(super) struct Telling<'e> {
    pub(super) branch: &'e Branch,
    pub(super) either: &'e Span,
    pub(super) lines: std::ops::Range<usize>,
}

impl Line<'_> {
    pub(super) fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }

    pub(super) fn is_forbidden(&self) -> bool {
        self.presence == Presence::Never
    }
}

/// Which branch of each `either` is taken, in the order in which they are met.
#[derive(Debug, Default)]
pub(super) struct Choices {
    /// The branch, and how many there are.
    taken: Vec<(usize, usize)>,
}

impl Choices {
    /// The plan for these choices; the first branch where nothing is chosen yet.
    pub(super) fn plan<'e>(&mut self, expects: &'e [Spanned<Expect>]) -> Plan<'e> {
        let mut builder = Builder { plan: Plan::default(), choices: self, next: 0 };
        builder.add(expects, None, None);
        builder.plan
    }

    /// Goes on to the next choices; whether there are any.
    pub(super) fn advance(&mut self) -> bool {
        while let Some((branch, count)) = self.taken.pop() {
            if branch + 1 < count {
                self.taken.push((branch + 1, count));
                return true;
            }
        }
        false
    }
}

/// Every line, whichever branch it stands in.
pub(super) fn lines(expects: &[Spanned<Expect>]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    add_lines(expects, None, &mut lines);
    lines
}

fn add_lines<'e>(
    expects: &'e [Spanned<Expect>],
    exactly: Option<usize>,
    lines: &mut Vec<Line<'e>>,
) {
    for expect in expects {
        match &expect.value {
            Expect::Response { .. } => lines.extend(line(expect, None, exactly)),
            Expect::InOrder(inner) => add_lines(inner, exactly, lines),
            Expect::Exactly(inner) => add_lines(inner, Some(expect.span.start), lines),
            Expect::Either(branches) => {
                branches.iter().for_each(|branch| add_lines(&branch.expects, exactly, lines));
            }
        }
    }
}

fn line<'e>(
    expect: &'e Spanned<Expect>,
    order: Option<usize>,
    exactly: Option<usize>,
) -> Option<Line<'e>> {
    match &expect.value {
        Expect::Response { session, presence, requirement, pattern } => Some(Line {
            session,
            presence: *presence,
            requirement,
            pattern,
            kinds: pattern.kinds(),
            span: &expect.span,
            order,
            exactly,
        }),
        _ => None,
    }
}

struct Builder<'e, 'c> {
    plan: Plan<'e>,
    choices: &'c mut Choices,
    next: usize,
}

impl<'e> Builder<'e, '_> {
    fn add(
        &mut self,
        expects: &'e [Spanned<Expect>],
        order: Option<usize>,
        exactly: Option<usize>,
    ) {
        for expect in expects {
            match &expect.value {
                Expect::Response { .. } => self.plan.lines.extend(line(expect, order, exactly)),
                Expect::InOrder(inner) => {
                    self.plan.orders += 1;
                    self.add(inner, Some(self.plan.orders), exactly);
                }
                Expect::Exactly(inner) => {
                    self.plan.exactlies += 1;
                    self.add(inner, order, Some(self.plan.exactlies));
                }
                Expect::Either(branches) => {
                    if self.next == self.choices.taken.len() {
                        self.choices.taken.push((0, branches.len()));
                    }
                    let (taken, _) = self.choices.taken[self.next];
                    self.next += 1;
                    let Some(branch) = branches.get(taken) else { continue };
                    let from = self.plan.lines.len();
                    self.add(&branch.expects, order, exactly);
                    if branch.grade != Verdict::Pass {
                        let lines = from..self.plan.lines.len();
                        self.plan.telling.push(Telling { branch, either: &expect.span, lines });
                    }
                }
            }
        }
    }
}
