//! Instants, durations and units of time as a person writes them, exact to the microsecond.
//!
//! Owns the calendar (proleptic Gregorian, UTC) and every reading and writing of time. Does not
//! own the clock.

use clap::ValueEnum;

const SECOND_US: i64 = 1_000_000;
const DAY_US: i64 = 86_400 * SECOND_US;

/// What a number in a time column counts, or that it is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimeUnit {
    /// Seconds since 1970
    S,
    /// Milliseconds since 1970
    Ms,
    /// Microseconds since 1970
    Us,
    /// Text such as 2016-11-24T06:00:01Z
    Rfc3339,
}

impl TimeUnit {
    /// The name of the time column in files that this program writes.
    pub(crate) fn column(self) -> &'static str {
        match self {
            TimeUnit::S => "timestamp_s_utc",
            TimeUnit::Ms => "timestamp_ms_utc",
            TimeUnit::Us => "timestamp_us_utc",
            TimeUnit::Rfc3339 => "time",
        }
    }

    /// Microseconds since 1970 of a field; digits finer than a microsecond are cut off.
    pub(crate) fn parse(self, text: &str) -> Option<i64> {
        match self {
            TimeUnit::S => scaled(text, SECOND_US),
            TimeUnit::Ms => scaled(text, 1000),
            TimeUnit::Us => scaled(text, 1),
            TimeUnit::Rfc3339 => rfc3339(text),
        }
    }

    /// The field for an instant; a fraction only where the unit is too coarse for it.
    pub(crate) fn format(self, time_us: i64) -> String {
        match self {
            TimeUnit::S => fraction(time_us, SECOND_US, 6),
            TimeUnit::Ms => fraction(time_us, 1000, 3),
            TimeUnit::Us => time_us.to_string(),
            TimeUnit::Rfc3339 => format_instant(time_us),
        }
    }
}

fn fraction(time_us: i64, unit_us: i64, digits: usize) -> String {
    let sign = if time_us < 0 { "-" } else { "" };
    let (whole, rest) =
        (time_us.unsigned_abs() / unit_us as u64, time_us.unsigned_abs() % unit_us as u64);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let rest = format!("{rest:0digits$}");
    format!("{sign}{whole}.{}", rest.trim_end_matches('0'))
}

/// A decimal number of units, exact, as microseconds.
fn scaled(text: &str, unit_us: i64) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(part) {
        return None;
    }
    let mut value = whole.parse::<i64>().ok()?.checked_mul(unit_us)?;
    let mut weight = unit_us;
    for digit in part.bytes() {
        weight /= 10;
        value = value.checked_add(i64::from(digit - b'0') * weight)?;
    }
    Some(if negative { -value } else { value })
}

/// An instant on the command line: `now`, RFC 3339, or a number with or without a unit.
pub(crate) fn parse_instant(text: &str, now_us: i64) -> Result<i64, String> {
    let text = text.trim();
    let parsed = if text == "now" {
        Some(now_us)
    } else if let Some(number) = text.strip_suffix("us") {
        scaled(number, 1)
    } else if let Some(number) = text.strip_suffix("ms") {
        scaled(number, 1000)
    } else if let Some(number) = text.strip_suffix('s') {
        scaled(number, SECOND_US)
    } else {
        scaled(text, 1000).or_else(|| rfc3339(text))
    };
    parsed.ok_or_else(|| {
        format!(
            "`{text}` is no instant; expected RFC 3339 such as 2016-11-24T06:00:01Z, `now`, or \
             milliseconds since 1970"
        )
    })
}

/// A duration such as `250ms`, `90s`, `5m`, `1h30m`, `2d`, in microseconds.
pub(crate) fn parse_duration(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no duration; expected such as 250ms, 90s, 5m, 1h30m, 2d");
    let mut rest = text.trim();
    let mut total_us = 0_i64;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(wrong)?;
        let (number, tail) = rest.split_at(end);
        let end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        let unit_us = match unit {
            "us" => 1,
            "ms" => 1000,
            "s" => SECOND_US,
            "m" | "min" => 60 * SECOND_US,
            "h" => 3600 * SECOND_US,
            "d" => DAY_US,
            _ => return Err(wrong()),
        };
        let part = scaled(number, unit_us).filter(|us| *us >= 0).ok_or_else(wrong)?;
        total_us = total_us.checked_add(part).ok_or_else(wrong)?;
        rest = tail;
    }
    if text.trim().is_empty() { Err(wrong()) } else { Ok(total_us.unsigned_abs()) }
}

/// RFC 3339, with the parts after the date and the zone (then UTC) free to be missing.
fn rfc3339(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, clock) = match text.split_once(['T', 't', ' ']) {
        Some((date, clock)) => (date, clock),
        None => (text, "00:00Z"),
    };
    let (clock, offset_s) = zone(clock)?;
    let days = day_number(date)?;
    let mut parts = clock.split(':');
    let hour = bounded(parts.next()?, 2, 23)?;
    let minute = bounded(parts.next()?, 2, 59)?;
    let second_us = match parts.next() {
        None => 0,
        Some(text) => {
            bounded(text.split('.').next()?, 2, 60)?;
            scaled(text, SECOND_US)?
        }
    };
    if parts.next().is_some() {
        return None;
    }
    let seconds = hour * 3600 + minute * 60 - offset_s;
    days.checked_mul(DAY_US)?.checked_add(seconds * SECOND_US)?.checked_add(second_us)
}

/// Splits the zone off a time of day; its offset in seconds east of UTC.
fn zone(clock: &str) -> Option<(&str, i64)> {
    if let Some(rest) = clock.strip_suffix(['Z', 'z']) {
        return Some((rest, 0));
    }
    let Some(at) = clock.rfind(['+', '-']) else { return Some((clock, 0)) };
    let (rest, offset) = clock.split_at(at);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset[1..].split_once(':')?;
    Some((rest, sign * (bounded(hours, 2, 23)? * 3600 + bounded(minutes, 2, 59)? * 60)))
}

/// An unsigned number of exactly `digits` digits, at most `max`.
fn bounded(text: &str, digits: usize, max: i64) -> Option<i64> {
    let ok = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    ok.then(|| text.parse().ok()).flatten().filter(|value| *value <= max)
}

/// Days from 1970-01-01 to a date, by the count of days in eras of 400 years.
fn day_number(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-');
    let (year, month) = (bounded(parts.next()?, 4, 9999)?, bounded(parts.next()?, 2, 12)?);
    let day = bounded(parts.next()?, 2, 31)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if month == 0 || day == 0 || day > last {
        return None;
    }
    // The year begins in March here, so that the leap day is its last.
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// RFC 3339 in UTC, with as many digits of a second as there are.
pub(crate) fn format_instant(time_us: i64) -> String {
    let days = time_us.div_euclid(DAY_US);
    let of_day_us = time_us.rem_euclid(DAY_US);
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let seconds = of_day_us / SECOND_US;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    let rest_us = of_day_us % SECOND_US;
    if rest_us != 0 {
        text.push_str(format!(".{rest_us:06}").trim_end_matches('0'));
    }
    text.push('Z');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_every_form() {
        let day = 1_479_945_600_000_000;
        for (text, us) in [
            ("2016-11-24", day),
            ("2016-11-24T00:00", day),
            ("2016-11-24T00:00:00Z", day),
            ("2016-11-24 01:30:00+01:30", day),
            ("2016-11-23T18:00:00.25-06:00", day + 250_000),
            ("1479945600s", day),
            ("1479945600000", day),
            ("1479945600000ms", day),
            ("1479945600000000us", day),
            ("1479945600.000001s", day + 1),
            ("now", 42),
            ("-1", -1000),
        ] {
            assert_eq!(parse_instant(text, 42), Ok(us), "{text}");
        }
        for text in ["", "yesterday", "2016-02-30", "2015-02-29", "2016-11-24T25:00", "1e9", "-"] {
            assert!(parse_instant(text, 0).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        for time_us in [
            0,
            -1,
            1,
            951_782_400_000_000,
            4_107_542_399_999_999,
            -62_135_596_800_000_000,
            1_640_995_199_999_999,
        ] {
            for unit in [TimeUnit::S, TimeUnit::Ms, TimeUnit::Us, TimeUnit::Rfc3339] {
                let text = unit.format(time_us);
                assert_eq!(unit.parse(&text), Some(time_us), "{unit:?} {text}");
            }
        }
        assert_eq!(format_instant(951_782_400_000_000), "2000-02-29T00:00:00Z");
        assert_eq!(TimeUnit::Ms.format(1_500), "1.5");
    }

    #[test]
    fn durations_add_up() {
        assert_eq!(parse_duration("1h30m"), Ok(5_400_000_000));
        assert_eq!(parse_duration("250ms"), Ok(250_000));
        assert_eq!(parse_duration("1.5s"), Ok(1_500_000));
        for text in ["", "5", "m", "5x", "-5m"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
