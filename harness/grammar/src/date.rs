//! `date` and `date-time` (RFC 3501 §9): values of the calendar, checked.

use crate::encode::{Encode, Writer};
use crate::lexical::octet;
use crate::parse::{Parsed, fail, incomplete, unexpected, whole, within};
use crate::{Error, Production};

const DATE: Production = Production::rfc3501("date");
const DATE_DAY: Production = Production::rfc3501("date-day");
const DATE_DAY_FIXED: Production = Production::rfc3501("date-day-fixed");
const DATE_MONTH: Production = Production::rfc3501("date-month");
const DATE_YEAR: Production = Production::rfc3501("date-year");
const DATE_TIME: Production = Production::rfc3501("date-time");
const TIME: Production = Production::rfc3501("time");
const ZONE: Production = Production::rfc3501("zone");

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const SECONDS_PER_DAY: i64 = 86_400;

/// `date`: a day, as SEARCH names it. Days compare as the calendar goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// `time`: hours, minutes, seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Time {
    hour: u8,
    minute: u8,
    second: u8,
}

/// `date-time`: a day, a time and a zone.
///
/// ```
/// use imap_grammar::{Date, DateTime, Time};
/// let date = Date::new(1996, 7, 17).unwrap();
/// let time = Time::new(2, 44, 25).unwrap();
/// let date_time = DateTime::new(date, time, -7 * 60).unwrap();
/// assert_eq!(date_time.unix_timestamp(), 837_596_665);
/// assert_eq!(DateTime::from_unix_timestamp(837_596_665, -7 * 60), Some(date_time));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The day, where the clock of the zone stands.
    pub date: Date,
    /// The time, on the clock of the zone.
    pub time: Time,
    /// Minutes east of Greenwich, from -99:59 to +99:59 by the ABNF's four digits.
    zone: i16,
}

impl Date {
    /// The day, or nothing where the (Gregorian) calendar has no such day or the year is not of
    /// four digits. Months and days count from 1.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = year <= 9999
            && (1..=12).contains(&month)
            && (1..=days_of_month(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// The year, from 0 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// Days since 1 January 1970, negative before.
    fn days_since_epoch(self) -> i64 {
        // Years are counted from March, so that the leap day is the last of its year.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        365 * year + leap_days + day_of_year - 719_468
    }

    /// The day that many days after 1 January 1970, where its year is of four digits.
    fn from_days_since_epoch(days: i64) -> Option<Self> {
        let days = days.checked_add(719_468)?;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = (month + 2) % 12 + 1;
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
    }
}

impl Time {
    /// The time, or nothing where no clock shows it. A leap second, 60, is allowed as in the
    /// dates of the messages themselves (RFC 2822 §3.3).
    pub fn new(hour: u8, minute: u8, second: u8) -> Option<Self> {
        (hour < 24 && minute < 60 && second <= 60).then_some(Self { hour, minute, second })
    }

    /// The hour, from 0 to 23.
    pub fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, from 0 to 59.
    pub fn minute(self) -> u8 {
        self.minute
    }

    /// The second, from 0 to 60.
    pub fn second(self) -> u8 {
        self.second
    }
}

impl DateTime {
    /// The date and time on a clock that many minutes east of Greenwich, or nothing where four
    /// digits cannot say the zone.
    pub fn new(date: Date, time: Time, zone_minutes: i16) -> Option<Self> {
        let sayable = zone_minutes.unsigned_abs() < 100 * 60;
        sayable.then_some(Self { date, time, zone: zone_minutes })
    }

    /// The date and time as `date-time` writes it, quotes included.
    ///
    /// # Errors
    /// Where it is not of that form, or the calendar or the clock has no such moment.
    pub fn parse(written: &[u8]) -> Result<Self, Error> {
        whole(&DATE_TIME, written, date_time)
    }

    /// The instant that many seconds after 1970-01-01 00:00:00 UTC, on a clock that many minutes
    /// east of Greenwich; nothing where that needs a year that is not of four digits.
    pub fn from_unix_timestamp(seconds: i64, zone_minutes: i16) -> Option<Self> {
        let local = seconds.checked_add(i64::from(zone_minutes) * 60)?;
        let date = Date::from_days_since_epoch(local.div_euclid(SECONDS_PER_DAY))?;
        let second_of_day = local.rem_euclid(SECONDS_PER_DAY);
        let part = |value: i64| u8::try_from(value).ok();
        let time = Time::new(
            part(second_of_day / 3600)?,
            part(second_of_day / 60 % 60)?,
            part(second_of_day % 60)?,
        )?;
        Self::new(date, time, zone_minutes)
    }

    /// The zone, in minutes east of Greenwich.
    pub fn zone_minutes(self) -> i16 {
        self.zone
    }

    /// The instant, in seconds since 1970-01-01 00:00:00 UTC, negative before.
    pub fn unix_timestamp(self) -> i64 {
        let Time { hour, minute, second } = self.time;
        self.date.days_since_epoch() * SECONDS_PER_DAY
            + i64::from(hour) * 3600
            + i64::from(minute) * 60
            + i64::from(second)
            - i64::from(self.zone) * 60
    }
}

fn days_of_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `date`, quoted or not.
pub(crate) fn date(i: &[u8]) -> Parsed<'_, Date> {
    within(&DATE, quoted_or_bare_date(i))
}

fn quoted_or_bare_date(i: &[u8]) -> Parsed<'_, Date> {
    match i.split_first() {
        Some((b'"', i)) => {
            let (i, date) = date_text(i)?;
            let (i, ()) = octet(i, b'"', "DQUOTE")?;
            Ok((i, date))
        }
        _ => date_text(i),
    }
}

fn date_text(i: &[u8]) -> Parsed<'_, Date> {
    let (rest, day) = within(&DATE_DAY, date_day(i))?;
    rest_of_date(i, rest, day, &DATE_DAY)
}

/// `date-day`: one digit or two.
fn date_day(i: &[u8]) -> Parsed<'_, u8> {
    match i {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => Ok((rest, (a - b'0') * 10 + (b - b'0'))),
        [_digit @ b'0'..=b'9'] => incomplete(),
        [digit @ b'0'..=b'9', rest @ ..] => Ok((rest, digit - b'0')),
        _ => unexpected(i, "a digit"),
    }
}

/// `date-time`
pub(crate) fn date_time(i: &[u8]) -> Parsed<'_, DateTime> {
    within(&DATE_TIME, quoted_date_time(i))
}

fn quoted_date_time(i: &[u8]) -> Parsed<'_, DateTime> {
    let (start, ()) = octet(i, b'"', "DQUOTE")?;
    let (i, day) = within(&DATE_DAY_FIXED, date_day_fixed(start))?;
    let (i, date) = rest_of_date(start, i, day, &DATE_DAY_FIXED)?;
    let (i, ()) = octet(i, b' ', "SP")?;
    let (i, time) = within(&TIME, time(i))?;
    let (i, ()) = octet(i, b' ', "SP")?;
    let (i, zone) = within(&ZONE, zone(i))?;
    let (i, ()) = octet(i, b'"', "DQUOTE")?;
    Ok((i, DateTime { date, time, zone }))
}

/// `date-day-fixed`: two columns, the first of which may be SP.
fn date_day_fixed(i: &[u8]) -> Parsed<'_, u8> {
    match i.split_first() {
        Some((b' ', rest)) => digit(rest),
        Some(_) => two_digits(i),
        None => incomplete(),
    }
}

/// Month and year, and then whether the calendar has the day that began at `start`.
fn rest_of_date<'a>(
    start: &'a [u8],
    i: &'a [u8],
    day: u8,
    day_production: &'static Production,
) -> Parsed<'a, Date> {
    let (i, ()) = octet(i, b'-', "`-`")?;
    let (i, month) = within(&DATE_MONTH, date_month(i))?;
    let (i, ()) = octet(i, b'-', "`-`")?;
    let (i, year) = within(&DATE_YEAR, four_digits(i))?;
    match Date::new(year, month, day) {
        Some(date) => Ok((i, date)),
        None => within(day_production, fail(start, "a day that the month has")),
    }
}

fn date_month(i: &[u8]) -> Parsed<'_, u8> {
    let name = &i[..i.len().min(3)];
    for (number, month) in (1..).zip(MONTHS) {
        if month.as_bytes()[..name.len()].eq_ignore_ascii_case(name) {
            return if name.len() == 3 { Ok((&i[3..], number)) } else { incomplete() };
        }
    }
    fail(i, "a month from `Jan` to `Dec`")
}

fn time(i: &[u8]) -> Parsed<'_, Time> {
    let (minutes, hour) = in_range(i, 24, "an hour from 00 to 23")?;
    let (minutes, ()) = octet(minutes, b':', "`:`")?;
    let (seconds, minute) = in_range(minutes, 60, "a minute from 00 to 59")?;
    let (seconds, ()) = octet(seconds, b':', "`:`")?;
    let (i, second) = in_range(seconds, 61, "a second from 00 to 60")?;
    Ok((i, Time { hour, minute, second }))
}

/// `zone`, as minutes east of Greenwich.
fn zone(i: &[u8]) -> Parsed<'_, i16> {
    let (i, sign) = match i.split_first() {
        Some((b'+', rest)) => (rest, 1),
        Some((b'-', rest)) => (rest, -1),
        _ => return unexpected(i, "`+` or `-`"),
    };
    let (i, hours) = two_digits(i)?;
    let (i, minutes) = in_range(i, 60, "minutes from 00 to 59")?;
    Ok((i, sign * (i16::from(hours) * 60 + i16::from(minutes))))
}

fn in_range<'a>(i: &'a [u8], end: u8, expected: &'static str) -> Parsed<'a, u8> {
    match two_digits(i)? {
        (rest, value) if value < end => Ok((rest, value)),
        _ => fail(i, expected),
    }
}

fn four_digits(i: &[u8]) -> Parsed<'_, u16> {
    let (i, century) = two_digits(i)?;
    let (i, year) = two_digits(i)?;
    Ok((i, u16::from(century) * 100 + u16::from(year)))
}

fn two_digits(i: &[u8]) -> Parsed<'_, u8> {
    let (i, tens) = digit(i)?;
    let (i, ones) = digit(i)?;
    Ok((i, tens * 10 + ones))
}

fn digit(i: &[u8]) -> Parsed<'_, u8> {
    match i.split_first() {
        Some((digit @ b'0'..=b'9', rest)) => Ok((rest, digit - b'0')),
        _ => unexpected(i, "a digit"),
    }
}

impl Encode for Date {
    fn encode(&self, out: &mut Writer) {
        out.number(self.day);
        month_and_year(*self, out);
    }
}

impl Encode for DateTime {
    fn encode(&self, out: &mut Writer) {
        let Time { hour, minute, second } = self.time;
        out.raw("\"");
        if self.date.day < 10 {
            out.raw(" ");
        }
        out.number(self.date.day);
        month_and_year(self.date, out);
        out.raw(" ");
        padded(hour, out);
        out.raw(":");
        padded(minute, out);
        out.raw(":");
        padded(second, out);
        out.raw(if self.zone < 0 { " -" } else { " +" });
        let zone = self.zone.unsigned_abs();
        padded((zone / 60) as u8, out);
        padded((zone % 60) as u8, out);
        out.raw("\"");
    }
}

fn month_and_year(date: Date, out: &mut Writer) {
    out.raw("-");
    out.raw(MONTHS[usize::from(date.month - 1)]);
    out.raw("-");
    padded((date.year / 100) as u8, out);
    padded((date.year % 100) as u8, out);
}

/// Two digits.
fn padded(value: u8, out: &mut Writer) {
    out.raw([b'0' + value / 10, b'0' + value % 10]);
}
