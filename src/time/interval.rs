//! A closed span of event time, and the order in which its moments are told.

use std::ops::RangeInclusive;

use crate::error::{Error, Result};

/// A closed interval of event time in microseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The first moment that belongs to it.
    pub start_us: i64,
    /// The last moment that belongs to it.
    pub end_us: i64,
}

impl Interval {
    /// Every moment there is.
    pub const ALL: Interval = Interval { start_us: i64::MIN, end_us: i64::MAX };

    /// From `start_us` to `end_us`, both included.
    pub const fn new(start_us: i64, end_us: i64) -> Self {
        Interval { start_us, end_us }
    }

    /// Whether `time_us` lies in it.
    pub const fn contains(self, time_us: i64) -> bool {
        self.start_us <= time_us && time_us <= self.end_us
    }

    /// Refuses an interval that ends before it starts.
    pub fn validate(self, operation: &'static str) -> Result<()> {
        if self.start_us > self.end_us {
            let message = format!("interval ends at {} before {}", self.end_us, self.start_us);
            return Err(Error::invalid(operation, message));
        }
        Ok(())
    }
}

impl From<RangeInclusive<i64>> for Interval {
    fn from(range: RangeInclusive<i64>) -> Self {
        Interval::new(*range.start(), *range.end())
    }
}

/// The order in which moments are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// From the past to the present.
    #[default]
    OldestFirst,
    /// From the present to the past.
    NewestFirst,
}
