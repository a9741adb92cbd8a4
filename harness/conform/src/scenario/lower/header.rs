//! The header.

use super::super::{
    Header, Need, Span, Spanned, StartState,
    diagnostic::Problem,
    fixture::{Fixture, FixtureError, Fixtures},
    parse,
    syntax::{HeaderKey, HeaderLine, Item},
};

/// Reads the header's lines, and the fixture they name.
pub(super) fn lower(
    items: &[Item],
    fixtures: Option<&Fixtures>,
    problems: &mut Vec<Problem>,
) -> (Header, Option<Fixture>) {
    let mut header = Header::default();
    let mut fixture = None;
    let mut state = None;
    let mut seen: Vec<&HeaderLine> = Vec::new();
    let lines = items.iter().filter_map(|item| match item {
        Item::Header(line) => Some(line),
        _ => None,
    });
    for line in lines {
        let (key, Spanned { value, span }) = (line.key.value, &line.value);
        let twice = seen.iter().any(|seen| seen.key.value == key);
        if twice && key != HeaderKey::Requirement {
            let message = format!("`{}:` stands there twice", key.name());
            let problem = Problem::new(line.key.span.clone(), message).label("the second");
            problems.push(match key.is_list() {
                true => problem.help("write one list with commas"),
                false => problem,
            });
            continue;
        }
        seen.push(line);
        let result = match key {
            HeaderKey::Title => {
                header.title.clone_from(value);
                Ok(())
            }
            HeaderKey::Requirement => requirements(line, &mut header),
            HeaderKey::Needs => needs(line, &mut header),
            HeaderKey::Fixture => {
                header.fixture = Some(Spanned { value: value.clone(), span: span.clone() });
                load(value, span, fixtures).map(|loaded| fixture = Some(loaded))
            }
            HeaderKey::Sessions => sessions(line, &mut header),
            HeaderKey::State => {
                parse::step::start_state(value, span.clone()).map(|named| state = Some(named))
            }
            HeaderKey::Changes => only("inbox", line).map(|()| header.changes_inbox = true),
            HeaderKey::Risks => only("lockout", line).map(|()| header.risks_lockout = true),
        };
        problems.extend(result.err());
    }
    header.state = state.unwrap_or(match header.fixture {
        Some(_) => StartState::Selected,
        None => StartState::Authenticated,
    });
    for (key, example) in [
        (HeaderKey::Title, "title: SELECT announces UIDNEXT"),
        (HeaderKey::Requirement, "requirement: rfc3501/6.3.1-05"),
    ] {
        if !seen.iter().any(|seen| seen.key.value == key) {
            problems.push(
                Problem::new(0..0, format!("the header has no `{}:`", key.name()))
                    .label("expected above the first step")
                    .help(format!("for instance `{example}`")),
            );
        }
    }
    (header, fixture)
}

/// The one value that a line can have.
fn only(legal: &str, line: &HeaderLine) -> Result<(), Problem> {
    if line.value.value == legal {
        return Ok(());
    }
    let message = format!("only `{}: {legal}` can be declared", line.key.value.name());
    Err(Problem::new(line.value.span.clone(), message).label(format!("expected `{legal}`")))
}

/// The elements of a list with commas.
fn elements(line: &HeaderLine) -> Result<Vec<Spanned<String>>, Problem> {
    let mut at = line.value.span.start;
    let mut elements = Vec::new();
    for element in line.value.value.split(',') {
        let value = element.trim();
        let start = at + (element.len() - element.trim_start().len());
        let span = start..start + value.len();
        if value.is_empty() || value.contains([' ', '\t']) {
            let expected = if value.is_empty() { "an element" } else { "a comma" };
            return Err(Problem::new(span, format!("expected {expected} in the list"))
                .label("elements have a comma between them"));
        }
        elements.push(Spanned { value: value.to_owned(), span });
        at += element.len() + 1;
    }
    Ok(elements)
}

fn requirements(line: &HeaderLine, header: &mut Header) -> Result<(), Problem> {
    for id in elements(line)? {
        let id = super::requirement(&id)?;
        if header.requirements.iter().any(|known| known.value == id.value) {
            return Err(Problem::new(id.span, format!("`{}` is listed twice", id.value))
                .label("the second"));
        }
        header.requirements.push(id);
    }
    Ok(())
}

fn needs(line: &HeaderLine, header: &mut Header) -> Result<(), Problem> {
    for need in elements(line)? {
        let (name, absent) = match need.value.strip_prefix('!') {
            Some(name) => (name, true),
            None => (need.value.as_str(), false),
        };
        if name.is_empty() || !name.bytes().all(imap_grammar::is_atom_char) {
            return Err(Problem::new(need.span, format!("`{name}` is not a capability"))
                .label("expected an atom")
                .help(
                    "a capability is an atom such as `UIDPLUS`; `!UIDPLUS` where it must be absent",
                ));
        }
        let value = Need { capability: name.to_owned(), absent };
        header.needs.push(Spanned { value, span: need.span });
    }
    Ok(())
}

fn sessions(line: &HeaderLine, header: &mut Header) -> Result<(), Problem> {
    for name in elements(line)? {
        let legal =
            name.value.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.'));
        if !legal || name.value == "setup" {
            let message = format!("no session can be called `{}`", name.value);
            return Err(Problem::new(name.span, message)
                .label("expected letters, digits, `_` and `.`; `setup` is the player's own"));
        }
        if header.sessions.iter().any(|known| known.value == name.value) {
            return Err(Problem::new(name.span, format!("`{}` is named twice", name.value))
                .label("the second"));
        }
        header.sessions.push(name);
    }
    Ok(())
}

fn load(name: &str, span: &Span, fixtures: Option<&Fixtures>) -> Result<Fixture, Problem> {
    let Some(fixtures) = fixtures else {
        return Err(Problem::new(span.clone(), "there is no directory with fixtures")
            .label("cannot be found")
            .help("fixtures stand in `fixtures/NAME.toml`, in a directory above the scenario"));
    };
    fixtures.load(name).map_err(|error| {
        let problem = Problem::new(span.clone(), error.to_string()).label("cannot be used");
        match error {
            FixtureError::Absent { .. } => {
                let known = fixtures.names();
                problem.suggest(name, known.iter().map(String::as_str))
            }
            _ => problem,
        }
    })
}
