//! What the player gives a scenario: names with their values.

use super::{Bindings, Value, isolation::CaseMailboxes};
use crate::{
    scenario::{FixtureMessage, Scenario, Spanned, StartState, Step},
    target::User,
};

/// Whether the scenario needs mailboxes of its own.
pub(super) fn needs_mailboxes(scenario: &Scenario) -> bool {
    scenario.header.fixture.is_some()
        || scenario.header.state == StartState::Selected
        || scenario.source.contains("${mailbox")
        || scenario.source.contains("${root")
        || connects_selected(&scenario.steps)
}

fn connects_selected(steps: &[Spanned<Step>]) -> bool {
    steps.iter().any(|step| match &step.value {
        Step::Connect { state, .. } => *state == Some(StartState::Selected),
        Step::Given(steps) | Step::Where(steps) => connects_selected(steps),
        _ => false,
    })
}

/// Whether the scenario says anything of INBOX.
pub(super) fn looks_at_inbox(scenario: &Scenario) -> bool {
    scenario.source.to_ascii_lowercase().contains("inbox")
}

/// The values that have names from the start.
pub(super) fn bindings(scenario: &Scenario, user: &User, mailboxes: &CaseMailboxes) -> Bindings {
    let mut bindings = Bindings::default();
    bindings.bind("user", Value::astring(user.name.as_bytes()));
    bindings.bind("password", Value::astring(user.password.expose()));
    bindings.bind("mailbox", Value::astring(mailboxes.mailbox()));
    bindings.bind("root", Value::astring(mailboxes.root()));
    let delimiter = mailboxes.delimiter().map(|delimiter| Value::String(vec![delimiter]));
    bindings.bind("delimiter", delimiter.unwrap_or(Value::Nil));
    for name in other_mailboxes(&scenario.source) {
        let mailbox = mailboxes.other(name.as_bytes());
        bindings.bind(format!("mailbox.{name}"), Value::astring(mailbox));
    }
    for (number, message) in (1..).zip(&scenario.messages) {
        bind_message(&mut bindings, number, message);
    }
    bindings
}

/// `NAME` of every `${mailbox.NAME}`; it ends where the name of a hole does.
fn other_mailboxes(source: &str) -> impl Iterator<Item = &str> {
    source.split("${mailbox.").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "_.".contains(c)));
        &rest[..end.unwrap_or(rest.len())]
    })
}

fn bind_message(bindings: &mut Bindings, number: usize, message: &FixtureMessage) {
    let octets = &message.octets;
    // The blank line between header and text belongs to the header (RFC 3501 §6.4.5, HEADER).
    let blank = octets.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4);
    let split = if octets.starts_with(b"\r\n") { 2 } else { blank.unwrap_or(octets.len()) };
    let (header, text) = octets.split_at(split);
    let name = format!("message.{number}");
    bindings.bind(format!("{name}.header"), Value::String(header.to_vec()));
    bindings.bind(format!("{name}.text"), Value::String(text.to_vec()));
    bindings.bind(format!("{name}.size"), Value::Number(octets.len() as u64));
    if let Some(date) = &message.date {
        bindings.bind(format!("{name}.date"), Value::date_time(date.as_bytes()));
    }
    bindings.bind(name, Value::String(octets.clone()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_have_parts() {
        for (octets, header, text) in [
            ("A: b\r\n\r\nx\r\n\r\ny", "A: b\r\n\r\n", "x\r\n\r\ny"),
            ("A: b\r\n", "A: b\r\n", ""),
            ("\r\nA: b\r\n\r\n", "\r\n", "A: b\r\n\r\n"),
            ("A: b\r\n\r\n", "A: b\r\n\r\n", ""),
        ] {
            let mut bindings = Bindings::default();
            let date = Some(" 1-Feb-1994 00:00:00 +0000".to_owned());
            let message = FixtureMessage {
                octets: octets.into(),
                flags: Vec::new(),
                date,
                envelope: None,
                body: None,
            };
            bind_message(&mut bindings, 2, &message);
            let octets_of = |name: &str| bindings.get(name).unwrap().octets();
            assert_eq!(octets_of("message.2"), octets.as_bytes());
            assert_eq!(octets_of("message.2.header"), header.as_bytes());
            assert_eq!(octets_of("message.2.text"), text.as_bytes());
            assert_eq!(octets_of("message.2.size"), octets.len().to_string().as_bytes());
            assert_eq!(octets_of("message.2.date"), b" 1-Feb-1994 00:00:00 +0000");
        }
    }

    #[test]
    fn other_mailboxes_are_found_by_their_names() {
        let source = "C: a CREATE ${mailbox.a_1}\nS: * LIST () \"${delimiter}\" \"${mailbox.b}\"\n";
        assert_eq!(other_mailboxes(source).collect::<Vec<_>>(), ["a_1", "b"]);
    }
}
