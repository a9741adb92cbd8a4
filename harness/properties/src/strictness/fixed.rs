//! What has a form of its own within a message: numbers that are not zero, and dates.
//!
//! Where it stands is known by its text, where that stands nowhere else in the message: a string
//! may hold the same octets, in which an edit is legal.

use std::num::NonZeroU32;

use arbitrary::{Error, Result, Unstructured};
use imap_grammar::{
    Command, CommandBody, Date, DateTime, FetchAttribute, FetchItems, MessageAttribute, Response,
    SearchKey, Section, SequenceSet, Untagged,
};

use super::Edit;

/// What a message says in a fixed form.
#[derive(Default)]
pub(super) struct Fixed {
    /// The text around an `nz-number`, in two: the number begins the second.
    numbers: Vec<(String, String)>,
    date_times: Vec<DateTime>,
    dates: Vec<Date>,
}

impl Fixed {
    pub(super) fn of_command(command: &Command<'_>) -> Self {
        let mut fixed = Self::default();
        match &command.body {
            CommandBody::UidExpunge(set) => fixed.set("EXPUNGE ", set, "\r"),
            CommandBody::Copy { sequence_set, .. } => fixed.set("COPY ", sequence_set, " "),
            CommandBody::Move { sequence_set, .. } => fixed.set("MOVE ", sequence_set, " "),
            CommandBody::Store { sequence_set, .. } => fixed.set("STORE ", sequence_set, " "),
            CommandBody::Fetch { sequence_set, items, .. } => {
                fixed.set("FETCH ", sequence_set, " ");
                if let FetchItems::Attributes(attributes) = items {
                    attributes.iter().for_each(|attribute| fixed.fetch_attribute(attribute));
                }
            }
            CommandBody::Search { keys, .. } => keys.iter().for_each(|key| fixed.search_key(key)),
            CommandBody::Append { date_time, .. } => fixed.date_times.extend(*date_time),
            _ => {}
        }
        fixed
    }

    pub(super) fn of_response(response: &Response<'_>) -> Self {
        let mut fixed = Self::default();
        let Response::Untagged(untagged) = response else { return fixed };
        match untagged {
            Untagged::Expunge(number) => fixed.number("* ", *number, " EXPUNGE"),
            Untagged::Search { numbers, .. } => {
                if let Some(first) = numbers.first() {
                    fixed.number("* SEARCH ", *first, "");
                }
            }
            Untagged::Vanished(vanished) => {
                let before = if vanished.earlier { "(EARLIER) " } else { "VANISHED " };
                fixed.set(before, &vanished.uids, "\r");
            }
            Untagged::Fetch { number, items } => {
                fixed.number("* ", *number, " FETCH");
                for item in items {
                    match item {
                        MessageAttribute::Uid(uid) => fixed.number("UID ", *uid, ""),
                        MessageAttribute::InternalDate(date) => fixed.date_times.push(*date),
                        MessageAttribute::BodySection(body) => fixed.section(&body.section),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        fixed
    }

    fn fetch_attribute(&mut self, attribute: &FetchAttribute<'_>) {
        if let FetchAttribute::BodySection { section, partial, .. } = attribute {
            self.section(section);
            if let Some(partial) = partial {
                self.number(&format!("<{}.", partial.origin), partial.count, ">");
            }
        }
    }

    fn section(&mut self, section: &Section<'_>) {
        match section.part[..] {
            [first] => self.number("[", first, ""),
            [.., before, last] => self.number(&format!("{before}."), last, ""),
            [] => {}
        }
    }

    fn search_key(&mut self, key: &SearchKey<'_>) {
        match key {
            SearchKey::SequenceSet(set) => self.set("", set, ""),
            SearchKey::Uid(set) => self.set("UID ", set, ""),
            SearchKey::Before(date)
            | SearchKey::On(date)
            | SearchKey::Since(date)
            | SearchKey::SentBefore(date)
            | SearchKey::SentOn(date)
            | SearchKey::SentSince(date) => self.dates.push(*date),
            SearchKey::Not(key) => self.search_key(key),
            SearchKey::Or(one, other) => {
                self.search_key(one);
                self.search_key(other);
            }
            SearchKey::And(keys) => keys.iter().for_each(|key| self.search_key(key)),
            _ => {}
        }
    }

    fn number(&mut self, before: &str, number: NonZeroU32, behind: &str) {
        self.numbers.push((before.to_owned(), format!("{number}{behind}")));
    }

    /// The first number of the set; `*` is none.
    fn set(&mut self, before: &str, set: &SequenceSet, behind: &str) {
        let written = set.to_string();
        if !written.starts_with('*') {
            self.numbers.push((before.to_owned(), format!("{written}{behind}")));
        }
    }

    /// An edit after which it is not of its form.
    pub(super) fn edited(&self, u: &mut Unstructured<'_>, message: &[u8]) -> Result<Edit> {
        let edits = self.edits(message);
        // Nothing is taken of what is left for the next message where there is nothing to choose.
        if edits.is_empty() { Err(Error::EmptyChoose) } else { u.choose(&edits).copied() }
    }

    fn edits(&self, message: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (before, number) in &self.numbers {
            let Some(start) = only(message, &format!("{before}{number}")) else { continue };
            let at = start + before.len();
            let length = number.bytes().take_while(u8::is_ascii_digit).count();
            // An nz-number is not zero, and no zero leads it.
            edits.push(Edit { at, removed: length, added: b"0" });
            edits.push(Edit { at, removed: 0, added: b"0" });
        }
        let date_times = self.date_times.iter().map(|date_time| (as_text(*date_time), 0));
        // The day of a date may be of one digit or of two.
        let dates = self.dates.iter().map(|date| {
            let day_and_month = format!("{}-{}-", date.day(), month(*date));
            (format!("{day_and_month}{:04}", date.year()), day_and_month.len())
        });
        for (text, fixed_from) in date_times.chain(dates) {
            let Some(start) = only(message, &text) else { continue };
            let octets = text.bytes().enumerate().skip(fixed_from);
            for (digit, _) in octets.filter(|(_, octet)| octet.is_ascii_digit()) {
                // There are so many digits, neither fewer nor more.
                edits.push(Edit { at: start + digit, removed: 1, added: b"" });
                edits.push(Edit { at: start + digit, removed: 0, added: b"0" });
            }
        }
        edits
    }
}

/// Where the text stands, if it stands in one place only.
fn only(message: &[u8], text: &str) -> Option<usize> {
    let mut found = message
        .windows(text.len())
        .enumerate()
        .filter_map(|(at, window)| (window == text.as_bytes()).then_some(at));
    let at = found.next()?;
    found.next().is_none().then_some(at)
}

/// `date-time`, its quotes included.
fn as_text(date_time: DateTime) -> String {
    let (date, time) = (date_time.date, date_time.time);
    let zone = date_time.zone_minutes();
    let sign = if zone < 0 { '-' } else { '+' };
    let zone = zone.unsigned_abs();
    format!(
        "\"{:2}-{}-{:04} {:02}:{:02}:{:02} {sign}{:02}{:02}\"",
        date.day(),
        month(date),
        date.year(),
        time.hour(),
        time.minute(),
        time.second(),
        zone / 60,
        zone % 60
    )
}

fn month(date: Date) -> &'static str {
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    months[usize::from(date.month() - 1)]
}

#[cfg(test)]
mod tests {
    use imap_grammar::{Extensions, Grammar};

    use super::*;

    fn broken(message: &str, edits: Vec<Edit>) -> Vec<String> {
        let broken = edits.into_iter().map(|Edit { at, removed, added }| {
            [&message.as_bytes()[..at], added, &message.as_bytes()[at + removed..]].concat()
        });
        broken.map(|octets| String::from_utf8(octets).expect("ASCII")).collect()
    }

    fn broken_command(message: &str) -> Vec<String> {
        let command = Grammar::with(Extensions::all()).command(message.as_bytes()).expect("legal");
        broken(message, Fixed::of_command(&command).edits(message.as_bytes()))
    }

    fn broken_response(message: &str) -> Vec<String> {
        let response =
            Grammar::with(Extensions::all()).response(message.as_bytes()).expect("legal");
        broken(message, Fixed::of_response(&response).edits(message.as_bytes()))
    }

    #[test]
    fn numbers_become_zero_or_begin_with_it() {
        assert_eq!(
            broken_command("a UID FETCH 12:* BODY[3.45]<0.678>\r\n"),
            [
                "a UID FETCH 0:* BODY[3.45]<0.678>\r\n",
                "a UID FETCH 012:* BODY[3.45]<0.678>\r\n",
                "a UID FETCH 12:* BODY[3.0]<0.678>\r\n",
                "a UID FETCH 12:* BODY[3.045]<0.678>\r\n",
                "a UID FETCH 12:* BODY[3.45]<0.0>\r\n",
                "a UID FETCH 12:* BODY[3.45]<0.0678>\r\n",
            ]
        );
        assert_eq!(broken_response("* 7 EXPUNGE\r\n"), ["* 0 EXPUNGE\r\n", "* 07 EXPUNGE\r\n"]);
    }

    #[test]
    fn a_date_has_fewer_digits_or_more() {
        let broken = broken_command("a SEARCH NOT ON 1-Feb-1994\r\n");
        assert_eq!(broken.len(), 8);
        assert_eq!(broken[0], "a SEARCH NOT ON 1-Feb-994\r\n");
        let broken = broken_response("* 1 FETCH (INTERNALDATE \" 7-Jul-1996 02:44:25 -0700\")\r\n");
        // Two for the number of the message and two for each of fifteen digits.
        assert_eq!(broken.len(), 32);
        let zone = "* 1 FETCH (INTERNALDATE \" 7-Jul-1996 02:44:25 -070\")\r\n";
        assert!(broken.iter().any(|message| message == zone));
    }

    #[test]
    fn what_a_string_may_say_too_is_left_alone() {
        assert_eq!(broken_command("a SEARCH ON 1-Feb-1994 TO 1-Feb-1994\r\n"), [""; 0]);
        assert_eq!(broken_command("a COPY * 1\r\n"), [""; 0]);
    }
}
