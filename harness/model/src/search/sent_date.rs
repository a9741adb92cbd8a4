//! The day in a Date field (RFC 2822 §3.3, §4.3), as it is written: "disregarding time and
//! timezone" (RFC 3501 §6.4.4).

use imap_grammar::Date;

use crate::message::header::Header;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The day of the Date field; nothing where there is no such field or one that cannot be read.
pub(super) fn of(header: Header<'_>) -> Option<Date> {
    let mut words = header.first("Date")?.words();
    let mut day = words.next()?;
    if !day.first()?.is_ascii_digit() {
        // `day-of-week ","`
        day = words.next()?;
    }
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| month.eq_ignore_ascii_case(name.as_bytes()))?;
    let year = words.next()?;
    let full_year = match (year.len(), number(year)?) {
        // Two and three digits are obsolete (§4.3).
        (2, short) if short < 50 => short + 2000,
        (2 | 3, short) => short + 1900,
        (_, year) => year,
    };
    Date::new(full_year, u8::try_from(month + 1).ok()?, u8::try_from(number(day)?).ok()?)
}

fn number(digits: &[u8]) -> Option<u16> {
    let legal = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    legal.then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()
}
