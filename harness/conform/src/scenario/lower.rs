//! Syntax tree to script: names are resolved, sessions known, every line what the player needs.

mod header;
mod names;
mod sent;
mod tags;

use std::path::Path;

use self::{names::Names, tags::Tags};
use super::{
    Branch, Check, Exchange, Expect, Expression, Header, Pattern, Presence, Scenario, Send, Span,
    Spanned, Step, Wait,
    diagnostic::Problem,
    fixture::Fixtures,
    pattern,
    syntax::{
        Block, BlockKind, Document, Grade, Item, Message, Operand, Part, Section, Side, StepLine,
    },
};
use crate::{Verdict, requirement::RequirementId};

/// Turns a tree into a scenario, as far as that is possible.
pub(super) fn lower(
    id: &str,
    path: &Path,
    source: &str,
    document: &Document,
    fixtures: Option<Fixtures>,
    problems: &mut Vec<Problem>,
) -> Option<Scenario> {
    let (header, fixture) = header::lower(&document.items, fixtures.as_ref(), problems);
    let requirement = header.requirements.first()?.clone();
    let messages = fixture.as_ref().map(|fixture| fixture.messages.clone()).unwrap_or_default();
    let names = Names::new(document, fixtures, fixture);
    let mut lowering =
        Lowering { source, header: &header, names, requirement, sent: Tags::default(), problems };
    let steps = lowering.steps(&document.items, None);
    lowering.names.mistyped(lowering.problems);
    if steps.is_empty() {
        let end = source.trim_end().len();
        problems.push(
            Problem::new(end..end, "nothing happens in this scenario")
                .label("expected `C:` and `S:` lines below")
                .consequence(),
        );
    }
    let (id, path, source) = (id.to_owned(), path.to_owned(), source.to_owned());
    Some(Scenario { id, path, source, header, messages, steps })
}

struct Lowering<'h, 'p> {
    source: &'h str,
    header: &'h Header,
    names: Names,
    /// What the next expectation proves.
    requirement: Spanned<RequirementId>,
    sent: Tags,
    problems: &'p mut Vec<Problem>,
}

/// The exchange that is being put together.
#[derive(Default)]
struct Open {
    exchange: Exchange,
    span: Option<Span>,
}

impl Open {
    fn reaches(&mut self, span: &Span) {
        self.span = Some(self.span.as_ref().map_or(span.clone(), |old| old.start..span.end));
    }
}

impl Lowering<'_, '_> {
    fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes what went wrong, and goes on without it.
    fn noted<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.problem(problem)).ok()
    }

    fn steps(&mut self, items: &[Item], within: Option<BlockKind>) -> Vec<Spanned<Step>> {
        let mut steps = Vec::new();
        let mut open = Open::default();
        for item in items {
            match item {
                Item::Blank | Item::Comment(_) | Item::Header(_) => {}
                Item::Message(message) if message.side == Side::Client => {
                    if let Some(send) = self.sent(message) {
                        self.send(send, &message.span, &mut open, &mut steps);
                    }
                }
                Item::Message(message) => {
                    open.reaches(&message.span);
                    let expected = self.expected(message);
                    open.exchange.expects.extend(expected);
                }
                Item::Step(Spanned { value: StepLine::Proves(id), .. }) => {
                    if let Some(requirement) = self.noted(requirement(id)) {
                        self.requirement = requirement;
                    }
                }
                Item::Step(Spanned { value: StepLine::Wait { session, duration }, span }) => {
                    if !open.exchange.expects.is_empty() || open.exchange.wait.is_some() {
                        self.close(&mut open, &mut steps);
                    }
                    open.reaches(span);
                    let session = session.as_ref().and_then(|_| self.session(session, span));
                    open.exchange.wait = Some(Wait { session, duration: *duration });
                }
                Item::Step(Spanned { value: StepLine::Send { session, by, octets }, span }) => {
                    let pieces = sent::raw(octets, &mut self.names);
                    let pieces = self.noted(pieces);
                    if let (Some(session), Some(pieces)) = (self.session(session, span), pieces) {
                        let send = Send { session, pieces, by: *by };
                        self.sent.raw(&send);
                        self.send(send, span, &mut open, &mut steps);
                    }
                }
                Item::Step(step) => {
                    self.close(&mut open, &mut steps);
                    if let Some(value) = self.step(step) {
                        steps.push(Spanned { value, span: step.span.clone() });
                    }
                }
                Item::Block(block) if block.kind.is_preparation() => {
                    self.close(&mut open, &mut steps);
                    if let Some(outer) = within {
                        let (inner, outer) = (block.kind.keyword(), outer.keyword());
                        self.problem(
                            Problem::new(block.opening.clone(), format!("`{inner}` in `{outer}`"))
                                .label("already in a preparation"),
                        );
                        continue;
                    }
                    let mut prepared = Vec::new();
                    for section in &block.sections {
                        prepared.append(&mut self.steps(&section.items, Some(block.kind)));
                    }
                    if prepared.is_empty() {
                        self.problem(empty(&block.opening, block.kind).consequence());
                    }
                    let value = match block.kind {
                        BlockKind::Where => Step::Where(prepared),
                        _ => Step::Given(prepared),
                    };
                    steps.push(Spanned { value, span: block.opening.clone() });
                }
                Item::Block(block) => {
                    open.reaches(&block.opening);
                    let expected = self.block(block);
                    open.exchange.expects.extend(expected);
                }
            }
        }
        self.close(&mut open, &mut steps);
        steps
    }

    fn send(&mut self, send: Send, span: &Span, open: &mut Open, steps: &mut Vec<Spanned<Step>>) {
        if !open.exchange.expects.is_empty() || open.exchange.wait.is_some() {
            self.close(open, steps);
        }
        open.reaches(span);
        open.exchange.sends.push(Spanned { value: send, span: span.clone() });
    }

    /// Ends the exchange.
    fn close(&mut self, open: &mut Open, steps: &mut Vec<Spanned<Step>>) {
        let Open { exchange, span } = std::mem::take(open);
        let Some(span) = span else { return };
        if let Some(Wait { session, .. }) = &exchange.wait {
            if exchange.expects.is_empty() {
                self.problem(
                    Problem::new(span.clone(), "`wait` waits for nothing")
                        .label("no `S:` line follows")
                        .help("time alone proves nothing: expect something, or that it never comes")
                        .consequence(),
                );
            }
            let other = exchange.expects.iter().find(|expect| {
                matches!((&expect.value, session), (Expect::Response { session: from, .. }, Some(session)) if from != session)
            });
            if let Some(other) = other {
                let problem = Problem::new(
                    other.span.clone(),
                    "this is expected of another session than the one that is waited for",
                );
                self.problem(problem.label("another session"));
            }
        }
        if !exchange.sends.is_empty() || !exchange.expects.is_empty() {
            steps.push(Spanned { value: Step::Exchange(exchange), span });
        }
    }

    fn step(&mut self, step: &Spanned<StepLine>) -> Option<Step> {
        let span = &step.span;
        Some(match &step.value {
            StepLine::Barrier => {
                if self.header.sessions.len() < 2 {
                    self.problem(
                        Problem::new(span.clone(), "a barrier needs two sessions")
                            .label("there is only one")
                            .help("name them in the header: `sessions: phone, laptop`"),
                    );
                }
                Step::Barrier
            }
            StepLine::Connect { session, state } => {
                Step::Connect { session: self.session(session, span)?, state: *state }
            }
            StepLine::Login { session, second } => {
                Step::Login { session: self.session(session, span)?, second: *second }
            }
            StepLine::StartTls { session } => Step::StartTls {
                session: self.session(session, span)?,
                requirement: self.requirement.clone(),
            },
            StepLine::Disconnect { session } => {
                Step::Disconnect { session: self.session(session, span)? }
            }
            StepLine::Closes { session } => Step::Closes {
                session: self.session(session, span)?,
                requirement: self.requirement.clone(),
            },
            StepLine::Check { left, relation, right } => {
                let (left, right) = (self.operand(left), self.operand(right));
                let (left, right) = (self.noted(left), self.noted(right));
                Step::Check(Check {
                    left: left?,
                    relation: *relation,
                    right: right?,
                    requirement: self.requirement.clone(),
                })
            }
            // These belong to an exchange and are lowered with it.
            StepLine::Proves(_) | StepLine::Wait { .. } | StepLine::Send { .. } => return None,
        })
    }

    /// The session that is meant.
    fn session(&mut self, named: &Option<Spanned<String>>, line: &Span) -> Option<String> {
        let sessions = &self.header.sessions;
        let Some(name) = named else {
            if sessions.len() < 2 {
                return Some(sessions.first().map(|name| name.value.clone()).unwrap_or_default());
            }
            let known: Vec<_> = sessions.iter().map(|name| format!("`[{}]`", name.value)).collect();
            self.problem(
                Problem::new(line.start..line.start + 1, "it is not said which session is meant")
                    .label("whose?")
                    .help(format!("write one of {} before the colon", known.join(", "))),
            );
            return None;
        };
        if sessions.iter().any(|known| known.value == name.value) {
            return Some(name.value.clone());
        }
        let message = format!("there is no session `{}`", name.value);
        let problem = Problem::new(name.span.clone(), message).label("unknown session");
        let known: Vec<_> = sessions.iter().map(|name| name.value.as_str()).collect();
        let problem = match known.is_empty() {
            true => problem.help(format!("name it in the header: `sessions: {}`", name.value)),
            false => problem.suggest(&name.value, known),
        };
        self.problem(problem);
        None
    }

    fn sent(&mut self, message: &Message) -> Option<Send> {
        let session = self.session(&message.session, &message.span);
        let pieces = sent::line(&message.fragments, &mut self.names);
        let pieces = self.noted(pieces);
        let send = Send { session: session?, pieces: pieces?, by: None };
        self.sent.line(&send);
        Some(send)
    }

    fn expected(&mut self, message: &Message) -> Option<Spanned<Expect>> {
        let Side::Server(presence) = message.side else { return None };
        let session = self.session(&message.session, &message.span);
        let tokens =
            self.names.within(presence, |names| pattern::tokens(&message.fragments, names));
        let tokens = self.noted(tokens)?;
        if let Err(problem) = pattern::check_legal(self.source, &tokens) {
            self.problem(problem);
        }
        let session = session?;
        if presence != Presence::Never {
            let known = self.sent.check(&session, &tokens);
            self.noted(known);
        }
        let value = Expect::Response {
            session,
            presence,
            requirement: self.requirement.clone(),
            pattern: Pattern { tokens },
        };
        Some(Spanned { value, span: message.span.clone() })
    }

    // ---- blocks of expectations ----

    fn block(&mut self, block: &Block) -> Option<Spanned<Expect>> {
        let value = match block.kind {
            BlockKind::Either => Expect::Either(self.branches(block)),
            kind => {
                let mut expects = Vec::new();
                for section in &block.sections {
                    expects.append(&mut self.expects(section, kind));
                }
                if expects.is_empty() {
                    self.problem(empty(&block.opening, kind).consequence());
                }
                match kind {
                    BlockKind::Exactly => Expect::Exactly(expects),
                    _ => Expect::InOrder(expects),
                }
            }
        };
        Some(Spanned { value, span: block.opening.clone() })
    }

    fn expects(&mut self, section: &Section, kind: BlockKind) -> Vec<Spanned<Expect>> {
        let mut expects = Vec::new();
        for item in &section.items {
            let misplaced = match item {
                Item::Blank | Item::Comment(_) | Item::Header(_) => None,
                Item::Message(message) if message.side == Side::Client => Some(&message.span),
                Item::Message(message) => {
                    expects.extend(self.expected(message));
                    None
                }
                Item::Step(Spanned { value: StepLine::Proves(id), .. }) => {
                    if let Some(requirement) = self.noted(requirement(id)) {
                        self.requirement = requirement;
                    }
                    None
                }
                Item::Step(step) => Some(&step.span),
                Item::Block(block) if block.kind.is_preparation() => Some(&block.opening),
                Item::Block(block) => {
                    expects.extend(self.block(block));
                    None
                }
            };
            if let Some(span) = misplaced {
                let message = format!("only expectations stand in `{}`", kind.keyword());
                self.problem(
                    Problem::new(span.clone(), message)
                        .label("neither `S:` nor a block of them")
                        .help("end the block before this line"),
                );
            }
        }
        expects
    }

    fn branches(&mut self, block: &Block) -> Vec<Branch> {
        if block.sections.len() < 2 {
            self.problem(
                Problem::new(block.opening.clone(), "`either` without `or`")
                    .label("only one branch")
                    .help(
                        "add `or note \"…\"` for a choice, `or warn rfc…` for what SHOULD not be",
                    ),
            );
        }
        let before = self.names.certain();
        let mut after = None;
        let mut branches = Vec::new();
        for (index, section) in block.sections.iter().enumerate() {
            self.names.restore(before.clone());
            let expects = self.expects(section, BlockKind::Either);
            let certain = self.names.certain();
            after = Some(match after {
                None => certain,
                Some(after) => &after & &certain,
            });
            if expects.is_empty() && index + 1 < block.sections.len() {
                self.problem(
                    Problem::new(section.opening.clone(), "nothing is expected in this branch")
                        .label("it always matches, so the next one never counts")
                        .help("only the last branch may be empty")
                        .consequence(),
                );
            }
            let (grade, name, requirement) = match &section.grade {
                Grade::Pass => (Verdict::Pass, None, None),
                Grade::Note(name) => (Verdict::Note, Some(name.clone()), None),
                Grade::Warn { requirement: id, text } => {
                    (Verdict::Warn, text.clone(), self.noted(requirement(id)))
                }
            };
            branches.push(Branch { grade, name, requirement, expects });
        }
        self.names.restore(after.unwrap_or(before));
        branches
    }

    // ---- values ----

    fn operand(&mut self, operand: &Operand) -> Result<Expression, Problem> {
        Ok(match operand {
            Operand::Hole(hole) => self.names.value(hole)?,
            Operand::Number(number) => Expression::Number(*number),
            Operand::String(parts) => self.string(parts)?,
            Operand::List(elements) => Expression::List(
                elements.iter().map(|element| self.operand(element)).collect::<Result<_, _>>()?,
            ),
            Operand::Length(of) => Expression::Length(Box::new(self.operand(of)?)),
            Operand::Lines(of) => Expression::Lines(Box::new(self.operand(of)?)),
            Operand::Offset(to, offset) => Expression::Offset(Box::new(self.operand(to)?), *offset),
        })
    }

    fn string(&mut self, parts: &[Part]) -> Result<Expression, Problem> {
        let part = |part: &Part| match part {
            Part::Octets(octets) => Ok(Expression::String(octets.value.clone())),
            Part::Hole(hole) => self.names.value(hole),
        };
        let mut parts = parts.iter().map(part).collect::<Result<Vec<_>, _>>()?;
        Ok(match (parts.pop(), parts.is_empty()) {
            (None, _) => Expression::String(Vec::new()),
            (Some(only), true) => only,
            (Some(last), false) => {
                parts.push(last);
                Expression::Joined(parts)
            }
        })
    }
}

/// A requirement's id.
fn requirement(id: &Spanned<String>) -> Result<Spanned<RequirementId>, Problem> {
    match id.value.parse() {
        Ok(value) => Ok(Spanned { value, span: id.span.clone() }),
        Err(message) => Err(Problem::new(id.span.clone(), message)
            .label("not an id")
            .help("it is `rfc`, the number, `/`, the section, `-` and at least two digits")),
    }
}

fn empty(opening: &Span, kind: BlockKind) -> Problem {
    Problem::new(opening.clone(), format!("nothing stands in `{}`", kind.keyword())).label("empty")
}
