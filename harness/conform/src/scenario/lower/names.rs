//! The names of a scenario: which have a value, from where on, and of which kind.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    Expression, Hole, HoleKind, Presence, Span, Spanned,
    diagnostic::Problem,
    fixture::{Fixture, Fixtures},
    parse,
    pattern::Surroundings,
    syntax::{Document, Fragment, HoleSyntax, Item, LiteralForm, Part, Side},
};
use crate::nearest::nearest;

/// What the player gives a value to, beside `mailbox.NAME` and the messages.
const GIVEN: [(&str, HoleKind); 5] = [
    ("user", HoleKind::String),
    ("password", HoleKind::String),
    ("mailbox", HoleKind::Mailbox),
    ("root", HoleKind::Mailbox),
    ("delimiter", HoleKind::NString),
];

/// The parts of `message.N`.
const MESSAGE_PARTS: [(&str, HoleKind); 4] = [
    ("header", HoleKind::String),
    ("text", HoleKind::String),
    ("size", HoleKind::Number),
    ("date", HoleKind::DateTime),
];

/// The parts of `message.N` that are patterns, for `S:` lines alone.
const MESSAGE_PATTERNS: [&str; 2] = ["envelope", "body"];

/// The names, as far as the scenario has been read.
pub(super) struct Names {
    fixtures: Option<Fixtures>,
    fixture: Option<Fixture>,
    captured: BTreeMap<String, Captured>,
    /// The names that have a value whatever the server chose.
    certain: BTreeSet<String>,
    /// The names that are captured anywhere.
    all: BTreeSet<String>,
    /// Whether the response that is read must not come.
    never: bool,
}

struct Captured {
    kind: HoleKind,
    span: Span,
    used: bool,
}

impl Names {
    pub(super) fn new(
        document: &Document,
        fixtures: Option<Fixtures>,
        fixture: Option<Fixture>,
    ) -> Self {
        let mut all = BTreeSet::new();
        capturable(&document.items, &mut all);
        let (captured, certain) = Default::default();
        Self { fixtures, fixture, captured, certain, all, never: false }
    }

    pub(super) fn certain(&self) -> BTreeSet<String> {
        self.certain.clone()
    }

    pub(super) fn restore(&mut self, certain: BTreeSet<String>) {
        self.certain = certain;
    }

    /// Reads a response: what it captures has a value only where it must come.
    pub(super) fn within<T>(&mut self, presence: Presence, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.certain.clone();
        self.never = presence == Presence::Never;
        let result = read(self);
        self.never = false;
        if presence != Presence::Required {
            self.certain = before;
        }
        result
    }

    /// The value of a hole in what is sent or checked.
    pub(super) fn value(&mut self, hole: &HoleSyntax) -> Result<Expression, Problem> {
        let name = &hole.name.value;
        if name == "_" {
            return Err(Problem::new(hole.span.clone(), "`${_}` has no value")
                .label("captures nothing")
                .help("give the hole that captures it a name"));
        }
        if let Some(kind) = &hole.kind {
            return Err(Problem::new(kind.span.clone(), "a kind stands where a value is captured")
                .label("not where the value is used"));
        }
        self.must_have_value(hole)?;
        let value = Expression::Name(name.clone());
        Ok(match hole.offset {
            Some(offset) => Expression::Offset(Box::new(value), offset),
            None => value,
        })
    }

    /// Whether the value is a string or a mailbox, so that what stands next to it belongs to it.
    pub(super) fn is_string(&self, name: &str) -> bool {
        let kind = self.captured.get(name).map(|captured| captured.kind);
        let kind = kind.or_else(|| self.given(name).ok().flatten());
        matches!(kind, Some(HoleKind::String | HoleKind::NString | HoleKind::Mailbox))
    }

    /// Tells names that are captured once, never used and much like another: they are mistyped.
    pub(super) fn mistyped(&self, problems: &mut Vec<Problem>) {
        let letters = |name: &str| name.replace(|c: char| c.is_ascii_digit(), "");
        let unused = self.captured.iter().filter(|(_, captured)| !captured.used);
        for (name, captured) in unused {
            let given = GIVEN.iter().map(|(given, _)| *given);
            let others = self.captured.keys().map(String::as_str).filter(|&other| other != name);
            let alike = given.chain(others).find(|other| {
                strsim::damerau_levenshtein(name, other) == 1 && letters(name) != letters(other)
            });
            if let Some(alike) = alike.filter(|_| name.len() > 3) {
                let message = format!("`{name}` is captured and nowhere used");
                problems.push(
                    Problem::new(captured.span.clone(), message)
                        .label("a name of its own")
                        .help(format!("did you mean `{alike}`?"))
                        .consequence(),
                );
            }
        }
    }

    fn must_have_value(&mut self, hole: &HoleSyntax) -> Result<(), Problem> {
        let Spanned { value: name, span } = &hole.name;
        if self.given(name).map_err(|problem| at(problem, span))?.is_some() {
            return Ok(());
        }
        let certain = self.certain.contains(name);
        if let Some(captured) = self.captured.get_mut(name) {
            captured.used = true;
            if certain {
                return Ok(());
            }
            return Err(Problem::new(span.clone(), format!("`{name}` may have no value here"))
                .label("captured only where the server chose so")
                .help("capture it in a line that must come, in every branch of `either`"));
        }
        if self.all.contains(name) {
            return Err(Problem::new(span.clone(), format!("`{name}` has no value yet"))
                .label("captured only further down"));
        }
        Err(self.unknown(name, span).consequence())
    }

    fn unknown(&self, name: &str, span: &Span) -> Problem {
        let given = GIVEN.iter().map(|(name, _)| *name);
        let known: Vec<_> = self.captured.keys().map(String::as_str).chain(given).collect();
        let problem =
            Problem::new(span.clone(), format!("nothing is called `{name}`")).label("unknown name");
        match nearest(name, known.iter().copied()) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem
                .help(format!("a name gets its value in an `S:` line: `${{{name}: number}}`")),
        }
    }

    /// The kind of what the player gives; nothing for a name that a response has to give.
    fn given(&self, name: &str) -> Result<Option<HoleKind>, Problem> {
        if let Some((_, kind)) = GIVEN.iter().find(|(given, _)| *given == name) {
            return Ok(Some(*kind));
        }
        let mut parts = name.split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (_, None, ..) => Ok(None),
            (Some("mailbox"), Some(other), None, _) if !other.is_empty() => {
                Ok(Some(HoleKind::Mailbox))
            }
            (Some("message"), Some(number), part, None) => self.message(number, part).map(Some),
            _ => Err(Problem::new(0..0, format!("the player gives no `{name}`"))
                .label("unknown name")
                .suggest(name, ["mailbox.other", "message.1", "message.1.size"])),
        }
    }

    fn message(&self, number: &str, part: Option<&str>) -> Result<HoleKind, Problem> {
        let Some(fixture) = &self.fixture else {
            return Err(Problem::new(0..0, "there are no messages without a fixture")
                .label("no such message")
                .help("name a fixture in the header: `fixture: NAME`")
                .consequence());
        };
        let count = fixture.messages.len();
        let known = number.parse().is_ok_and(|number: usize| (1..=count).contains(&number));
        if !known {
            return Err(Problem::new(0..0, format!("the fixture has no message {number}"))
                .label("no such message")
                .help(format!("its messages are numbered from 1 to {count}")));
        }
        let Some(part) = part else { return Ok(HoleKind::String) };
        if MESSAGE_PATTERNS.contains(&part) {
            return Err(Problem::new(0..0, format!("`{part}` is a pattern and has no value"))
                .label("only in an `S:` line, by itself")
                .help("the fixture says what FETCH must tell"));
        }
        let dated =
            number.parse().is_ok_and(|number: usize| fixture.messages[number - 1].date.is_some());
        if part == "date" && !dated {
            return Err(Problem::new(0..0, format!("message {number} of the fixture has no date"))
                .label("the server's clock decides")
                .help("give it one in the fixture, or capture what the server says"));
        }
        MESSAGE_PARTS.iter().find(|(name, _)| *name == part).map(|(_, kind)| *kind).ok_or_else(
            || {
                Problem::new(0..0, format!("a message has no `{part}`"))
                    .label("unknown part")
                    .suggest(
                        part,
                        MESSAGE_PARTS.iter().map(|(name, _)| *name).chain(MESSAGE_PATTERNS),
                    )
            },
        )
    }
}

impl Surroundings for Names {
    fn hole(&mut self, hole: &HoleSyntax, joined: bool) -> Result<Hole, Problem> {
        let Spanned { value: name, span } = &hole.name;
        if hole.offset.is_some() {
            return Err(Problem::new(hole.span.clone(), "nothing is calculated in an `S:` line")
                .label("only where it is sent, and in `check`")
                .help("capture the value under another name and compare with `check`"));
        }
        let stated = hole.kind.as_ref();
        if name == "_" {
            let kind = stated.map_or(HoleKind::Any, |kind| kind.value);
            return match joined {
                false => Ok(Hole { name: None, kind }),
                true => Err(Problem::new(hole.span.clone(), "`${_}` stands next to other text")
                    .label("where it ends could not be told")),
            };
        }
        if let Some(kind) = self.given(name).map_err(|problem| at(problem, span))? {
            return match stated {
                None => Ok(Hole { name: Some(name.clone()), kind }),
                Some(stated) => {
                    Err(Problem::new(stated.span.clone(), format!("the player gives `{name}`"))
                        .label("its kind is known")
                        .help("name what you capture otherwise"))
                }
            };
        }
        if joined {
            self.must_have_value(hole).map_err(|problem| match problem.consequence {
                true => {
                    Problem::new(hole.span.clone(), "a hole next to other text must have a value")
                        .label("where it ends could not be told")
                        .help("put spaces around it, or capture it in a line above")
                }
                false => problem,
            })?;
        }
        if self.never && !self.captured.contains_key(name) {
            return Err(Problem::new(hole.span.clone(), "what never comes captures nothing")
                .label("a new name")
                .help("any value is `${_}`"));
        }
        self.certain.insert(name.clone());
        let kind = stated.map_or(HoleKind::Any, |kind| kind.value);
        let Some(known) = self.captured.get_mut(name) else {
            let captured = Captured { kind, span: span.clone(), used: false };
            self.captured.insert(name.clone(), captured);
            return Ok(Hole { name: Some(name.clone()), kind });
        };
        known.used = true;
        match stated {
            Some(stated) if stated.value != known.kind => {
                let message = format!("`{name}` has two kinds");
                let label = format!("it is of the kind `{}` above", known.kind.name());
                Err(Problem::new(stated.span.clone(), message).label(label))
            }
            _ => Ok(Hole { name: Some(name.clone()), kind: known.kind }),
        }
    }

    fn expected(&mut self, hole: &HoleSyntax) -> Result<Option<Vec<Fragment>>, Problem> {
        let Spanned { value: name, span } = &hole.name;
        let Some((message, part)) = name.rsplit_once('.') else { return Ok(None) };
        let Some(number) = message.strip_prefix("message.") else { return Ok(None) };
        if !MESSAGE_PATTERNS.contains(&part) {
            return Ok(None);
        }
        self.message(number, None).map_err(|problem| at(problem, span))?;
        let messages = self.fixture.as_ref().map_or(&[][..], |fixture| &fixture.messages);
        let message = number.parse().ok().and_then(|number: usize| messages.get(number - 1));
        let text = message.and_then(|message| match part {
            "envelope" => message.envelope.as_deref(),
            _ => message.body.as_deref(),
        });
        let Some(text) = text else {
            return Err(Problem::new(span.clone(), format!("the fixture does not say the {part}"))
                .label("nothing to expect")
                .help(format!("write it beside the message: `{part} = \"…\"`")));
        };
        parse::value(text).map(Some).map_err(|problem| {
            Problem::new(span.clone(), format!("the fixture's {part}: {}", problem.message))
        })
    }

    fn file(&mut self, name: &Spanned<String>) -> Result<Vec<u8>, Problem> {
        let Some(fixtures) = &self.fixtures else {
            return Err(Problem::new(name.span.clone(), "there is no directory with fixtures")
                .label("cannot be found"));
        };
        fixtures.file(&name.value).map_err(|error| {
            Problem::new(name.span.clone(), error.to_string()).label("cannot be read")
        })
    }
}

/// The problem, at the name that has it.
fn at(problem: Problem, span: &Span) -> Problem {
    Problem { span: span.clone(), ..problem }
}

/// Every name in an `S:` line.
fn capturable(items: &[Item], names: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Message(message) if message.side != Side::Client => {
                for fragment in &message.fragments {
                    let parts: &[Part] = match fragment {
                        Fragment::Hole(hole) => {
                            names.insert(hole.name.value.clone());
                            continue;
                        }
                        Fragment::Quoted(quoted) => &quoted.value,
                        Fragment::Literal(literal) => match &literal.form {
                            LiteralForm::Inline(parts) => parts,
                            LiteralForm::Block { content, .. } => content,
                            _ => continue,
                        },
                        _ => continue,
                    };
                    names.extend(parts.iter().filter_map(|part| match part {
                        Part::Hole(hole) => Some(hole.name.value.clone()),
                        Part::Octets(_) => None,
                    }));
                }
            }
            Item::Block(block) => {
                block.sections.iter().for_each(|section| capturable(&section.items, names));
            }
            _ => {}
        }
    }
}
