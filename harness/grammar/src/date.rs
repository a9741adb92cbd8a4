//! `date` and `date-time` (RFC 3501 §9): values of the calendar, checked.

/// `date`: a day, as SEARCH names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// `time`: hours, minutes, seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Time {
    hour: u8,
    minute: u8,
    second: u8,
}

/// `date-time`: a day, a time and a zone in minutes east of Greenwich.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The day, where the clock of the zone stands.
    pub date: Date,
    /// The time, on the clock of the zone.
    pub time: Time,
    /// Minutes east of Greenwich, from -99:59 to +99:59 by the ABNF's four digits.
    zone: i16,
}
