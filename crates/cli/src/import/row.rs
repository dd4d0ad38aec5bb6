//! One row of an import, good or bad, and what a good one must be.

use std::fmt;

use spatio::{MAX_ID_BYTES, MAX_PAYLOAD_BYTES, Point, Space};

use crate::when::{self, TimeUnit};

/// A position to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) time_us: i64,
    pub(crate) position: Point,
    /// None keeps the payload that the object has.
    pub(crate) payload: Option<Vec<u8>>,
}

/// Where a row stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Line(u64),
    Feature(u64),
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mark::Line(number) => write!(f, "line {number}"),
            Mark::Feature(number) => write!(f, "feature {number}"),
        }
    }
}

/// What a reader hands over: a row, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) mark: Mark,
    pub(crate) row: Result<Row, String>,
}

/// Where the time of a row comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TimeSource {
    /// A column or property, in this unit.
    Column(TimeUnit),
    /// The same instant for every row.
    Fixed(i64),
}

/// Refuses what the engine would refuse, so that one bad row does not fail a batch.
pub(crate) fn validate(row: &Row, space: Space) -> Result<(), String> {
    if row.id.is_empty() {
        return Err("the id is empty".to_owned());
    }
    if row.id.len() > MAX_ID_BYTES {
        return Err(format!("the id has {} bytes, at most {MAX_ID_BYTES}", row.id.len()));
    }
    let payload_bytes = row.payload.as_ref().map_or(0, Vec::len);
    if payload_bytes > MAX_PAYLOAD_BYTES {
        return Err(format!("the payload has {payload_bytes} bytes, at most {MAX_PAYLOAD_BYTES}"));
    }
    space.validate("import", row.position).map_err(|error| error.message().to_owned())
}

/// Reads the time of a row, or says why not.
pub(crate) fn parse_time(text: &str, unit: TimeUnit) -> Result<i64, String> {
    unit.parse(text).ok_or_else(|| match unit {
        TimeUnit::Rfc3339 => format!("time `{text}` is not RFC 3339"),
        _ => format!("time `{text}` is no number"),
    })
}

/// Reads one coordinate, or says why not.
pub(crate) fn parse_number(text: &str, name: &str) -> Result<f64, String> {
    match text.trim() {
        "" => Err(format!("{name} is empty")),
        text => text.parse().map_err(|_| format!("{name} `{text}` is no number")),
    }
}

/// Reads the instant of `--at`.
pub(crate) fn fixed_time(text: &str, now_us: i64) -> Result<TimeSource, String> {
    when::parse_instant(text, now_us).map(TimeSource::Fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_the_engine_would_refuse_is_refused_here() {
        let good = Row { id: "a".into(), position: Point::new(1.0, 2.0), ..Row::default() };
        assert_eq!(validate(&good, Space::Geographic), Ok(()));
        let cases = [
            (Row { id: String::new(), ..good.clone() }, "empty"),
            (Row { id: "x".repeat(256), ..good.clone() }, "256 bytes"),
            (Row { position: Point::new(1.0, 91.0), ..good.clone() }, "lat is 91"),
            (Row { position: Point::new(f64::NAN, 1.0), ..good.clone() }, "lon is NaN"),
            (Row { payload: Some(vec![0; 65_537]), ..good.clone() }, "65537 bytes"),
        ];
        for (row, part) in cases {
            let reason = validate(&row, Space::Geographic).unwrap_err();
            assert!(reason.contains(part), "{reason}");
        }
        let far = Row { position: Point::new(1e9, 91.0), ..good };
        assert_eq!(validate(&far, Space::Cartesian), Ok(()));
    }
}
