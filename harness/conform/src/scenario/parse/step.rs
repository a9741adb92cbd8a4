//! Steps in a word, and the lines of a block.

use std::time::Duration;

use super::{
    super::{
        Relation, Span, StartState,
        diagnostic::Problem,
        syntax::{BlockKind, Grade, Operand, StepLine},
    },
    Cursor, Read,
};

/// How deep the parentheses of a check may nest.
const MAX_DEPTH: usize = 16;

/// What a line that is neither `C:` nor `S:` may begin with.
pub(super) const KEYWORDS: [&str; 17] = [
    "proves",
    "wait",
    "barrier",
    "connect",
    "login",
    "starttls",
    "disconnect",
    "closes",
    "send",
    "check",
    "given",
    "where",
    "in order",
    "exactly",
    "either",
    "or",
    "end",
];

/// What such a line says.
pub(super) enum Keyword {
    Step(StepLine),
    Open(BlockKind, Grade),
    Or(Grade),
    End,
}

/// Whether a line begins like a step; [`read`] decides whether it is one.
pub(super) fn begins(line: &str) -> bool {
    KEYWORDS.iter().any(|keyword| line.starts_with(keyword)) || line.starts_with("in")
}

/// What a line means for the structure of the file, whatever else is wrong with it.
pub(super) fn structure(line: &str) -> Option<Keyword> {
    let mut words = line.split([' ', '\t']);
    Some(match words.next()? {
        "given" => Keyword::Open(BlockKind::Given, Grade::Pass),
        "where" => Keyword::Open(BlockKind::Where, Grade::Pass),
        "exactly" => Keyword::Open(BlockKind::Exactly, Grade::Pass),
        "in" => Keyword::Open(BlockKind::InOrder, Grade::Pass),
        "either" => Keyword::Open(BlockKind::Either, Grade::Pass),
        "or" => Keyword::Or(Grade::Pass),
        "end" => Keyword::End,
        _ => return None,
    })
}

/// Reads a line without blanks around.
pub(super) fn read(source: &str, line: &Span) -> Read<Keyword> {
    let mut cursor = Cursor::new(source, line.clone());
    let word = cursor.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let step = match word.value.as_str() {
        "proves" => {
            cursor.skip_blanks();
            if cursor.is_at_end() {
                return Err(cursor.unexpected("a requirement such as `rfc3501/6.3.1-05`"));
            }
            StepLine::Proves(cursor.word())
        }
        "wait" => {
            let session = cursor.session()?;
            StepLine::Wait { session, duration: duration(&mut cursor)? }
        }
        "barrier" => StepLine::Barrier,
        "connect" => {
            let session = cursor.session()?;
            StepLine::Connect { session, state: state(&mut cursor)? }
        }
        "login" => {
            let session = cursor.session()?;
            cursor.skip_blanks();
            StepLine::Login { session, second: cursor.eat("second") }
        }
        "starttls" => StepLine::StartTls { session: cursor.session()? },
        "disconnect" => StepLine::Disconnect { session: cursor.session()? },
        "closes" => StepLine::Closes { session: cursor.session()? },
        "send" => {
            let session = cursor.session()?;
            let by = by(&mut cursor)?;
            cursor.skip_blanks();
            StepLine::Send { session, by, octets: cursor.escaped_string()?.value }
        }
        "check" => check(&mut cursor)?,
        "given" => return opens(cursor, BlockKind::Given),
        "where" => return opens(cursor, BlockKind::Where),
        "exactly" => return opens(cursor, BlockKind::Exactly),
        "in" => {
            cursor.skip_blanks();
            cursor.expect("order", "behind `in`")?;
            return opens(cursor, BlockKind::InOrder);
        }
        "either" => {
            let grade = grade(&mut cursor)?;
            cursor.nothing_more()?;
            return Ok(Keyword::Open(BlockKind::Either, grade));
        }
        "or" => {
            let grade = grade(&mut cursor)?;
            cursor.nothing_more()?;
            return Ok(Keyword::Or(grade));
        }
        "end" => {
            cursor.nothing_more()?;
            return Ok(Keyword::End);
        }
        _ => {
            let word = Cursor::new(source, line.clone()).word();
            return Err(super::unknown_line(word.span, &word.value));
        }
    };
    cursor.nothing_more()?;
    Ok(Keyword::Step(step))
}

fn opens(mut cursor: Cursor<'_>, kind: BlockKind) -> Read<Keyword> {
    cursor.nothing_more()?;
    Ok(Keyword::Open(kind, Grade::Pass))
}

fn grade(cursor: &mut Cursor<'_>) -> Read<Grade> {
    cursor.skip_blanks();
    if cursor.is_at_end() {
        return Ok(Grade::Pass);
    }
    let word = cursor.word();
    cursor.skip_blanks();
    match word.value.as_str() {
        "note" => Ok(Grade::Note(cursor.plain_string()?.value)),
        "warn" => {
            if cursor.is_at_end() {
                return Err(cursor.unexpected("the requirement that is not met"));
            }
            let requirement = cursor.word();
            cursor.skip_blanks();
            let text = match cursor.is_at_end() {
                true => None,
                false => Some(cursor.plain_string()?.value),
            };
            Ok(Grade::Warn { requirement, text })
        }
        other => Err(Problem::new(word.span, format!("there is no grade `{other}`"))
            .label("unknown grade")
            .help(
                "a branch is graded `note \"name\"` or `warn rfc3501/6.3.4-07 \"what is wrong\"`",
            )),
    }
}

const TIMES: &str = "a time is `500ms`, `5s` or `1m`";

fn duration(cursor: &mut Cursor<'_>) -> Read<Duration> {
    cursor.skip_blanks();
    let number = cursor.number().map_err(|problem| problem.help(TIMES))?;
    let unit = cursor.take_while(|c| c.is_ascii_alphabetic());
    let milliseconds = match unit.value.as_str() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => {
            return Err(Problem::new(number.span.start..unit.span.end, "the time has no unit")
                .label("not a time")
                .help(TIMES));
        }
    };
    match number.value.checked_mul(milliseconds) {
        Some(time @ 1..=3_600_000) => Ok(Duration::from_millis(time)),
        _ => Err(Problem::new(number.span.start..unit.span.end, "no such time can be waited for")
            .label("expected more than nothing and at most an hour")),
    }
}

fn state(cursor: &mut Cursor<'_>) -> Read<Option<StartState>> {
    cursor.skip_blanks();
    if cursor.is_at_end() {
        return Ok(None);
    }
    let word = cursor.word();
    start_state(&word.value, word.span).map(Some)
}

/// The state of that name.
pub(in super::super) fn start_state(name: &str, span: Span) -> Read<StartState> {
    StartState::ALL.into_iter().find(|state| state.name() == name).ok_or_else(|| {
        Problem::new(span, format!("there is no state `{name}`"))
            .label("unknown state")
            .suggest(name, StartState::ALL.map(StartState::name))
    })
}

fn by(cursor: &mut Cursor<'_>) -> Read<Option<usize>> {
    cursor.skip_blanks();
    if !cursor.eat("by") {
        return Ok(None);
    }
    cursor.skip_blanks();
    let number = cursor.number()?;
    match usize::try_from(number.value) {
        Ok(octets) if octets > 0 => Ok(Some(octets)),
        _ => Err(Problem::new(number.span, "nothing can be sent by so many octets")
            .label("expected a number from 1")),
    }
}

// ---- check ----

const RELATIONS: [(&str, Relation); 8] = [
    ("==", Relation::Equal),
    ("!=", Relation::NotEqual),
    ("<=", Relation::LessOrEqual),
    (">=", Relation::GreaterOrEqual),
    ("<", Relation::Less),
    (">", Relation::Greater),
    ("in", Relation::In),
    ("not in", Relation::NotIn),
];

fn check(cursor: &mut Cursor<'_>) -> Read<StepLine> {
    let left = operand(cursor, 0)?;
    cursor.skip_blanks();
    let relation = RELATIONS.into_iter().find(|(sign, _)| cursor.eat(sign));
    let Some((_, relation)) = relation else {
        return Err(cursor
            .unexpected("a relation")
            .help("relations are `==`, `!=`, `<`, `<=`, `>`, `>=`, `in` and `not in`"));
    };
    let right = operand(cursor, 0)?;
    Ok(StepLine::Check { left, relation, right })
}

fn operand(cursor: &mut Cursor<'_>, depth: usize) -> Read<Operand> {
    let mut value = primary(cursor, depth)?;
    for _ in 0..MAX_DEPTH {
        cursor.skip_blanks();
        match cursor.offset()? {
            Some(offset) => value = Operand::Offset(Box::new(value), offset),
            None => return Ok(value),
        }
    }
    Err(cursor.unexpected("fewer sums"))
}

fn primary(cursor: &mut Cursor<'_>, depth: usize) -> Read<Operand> {
    cursor.skip_blanks();
    if depth == MAX_DEPTH {
        return Err(Problem::new(cursor.here(), "parentheses nest at most 16 deep"));
    }
    match cursor.peek() {
        Some('$') if cursor.rest().starts_with("${") => Ok(Operand::Hole(cursor.hole()?)),
        Some('0'..='9') => Ok(Operand::Number(cursor.number()?.value)),
        Some('"') => Ok(Operand::String(cursor.escaped_string()?.value)),
        Some('(') => list(cursor, depth),
        Some(c) if c.is_ascii_alphabetic() => function(cursor, depth),
        _ => Err(cursor
            .unexpected("a value")
            .help("values are `${name}`, numbers, strings, lists, `length(…)` and `lines(…)`")),
    }
}

fn function(cursor: &mut Cursor<'_>, depth: usize) -> Read<Operand> {
    let word = cursor.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    let wrap: fn(Box<Operand>) -> Operand = match word.value.as_str() {
        "length" => Operand::Length,
        "lines" => Operand::Lines,
        name => {
            let message = format!("`{name}` has no value");
            return Err(Problem::new(word.span, message)
                .label("neither a hole nor a function")
                .help(format!("did you mean `${{{name}}}` or `\"{name}\"`?")));
        }
    };
    cursor.expect("(", "behind the function")?;
    let argument = operand(cursor, depth + 1)?;
    cursor.skip_blanks();
    cursor.expect(")", "behind the argument")?;
    Ok(wrap(Box::new(argument)))
}

/// `(…)`: as in a pattern, words in it are strings.
fn list(cursor: &mut Cursor<'_>, depth: usize) -> Read<Operand> {
    cursor.bump();
    let mut elements = Vec::new();
    loop {
        cursor.skip_blanks();
        if cursor.eat(")") {
            return Ok(Operand::List(elements));
        }
        elements.push(match cursor.peek() {
            None => return Err(cursor.unexpected("`)` behind the list")),
            Some('$' | '"' | '(' | '0'..='9') => operand(cursor, depth + 1)?,
            Some(_) => {
                let word = cursor.take_while(|c| !matches!(c, ' ' | '\t' | '(' | ')' | '"'));
                let mut parts = super::cursor::Parts::default();
                parts.octets(word.value.as_bytes(), word.span);
                Operand::String(parts.0)
            }
        });
    }
}
