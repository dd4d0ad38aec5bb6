//! A span of time and the order in which what lies in it is read.
//!
//! Owns: what an interval holds. Does not own what happens in it.
//!
//! Invariants: both ends of an interval belong to it, so a valid one is never empty.

use std::ops::RangeInclusive;

use crate::error::{Error, Result};

/// A span of time, both ends included, in microseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// The first moment of it.
    pub start_us: i64,
    /// The last moment of it.
    pub end_us: i64,
}

impl Interval {
    /// All time.
    pub const ALL: Interval = Interval { start_us: i64::MIN, end_us: i64::MAX };

    /// From `start_us` to `end_us`, both included.
    pub const fn new(start_us: i64, end_us: i64) -> Self {
        Interval { start_us, end_us }
    }

    /// Refuses an interval that ends before it starts.
    pub fn validate(self, operation: &'static str) -> Result<()> {
        if self.start_us > self.end_us {
            let (start, end) = (self.start_us, self.end_us);
            let message = format!("interval starts at {start} us, after its end at {end} us");
            return Err(Error::invalid(operation, message));
        }
        Ok(())
    }

    /// Whether a moment is in it.
    #[inline]
    pub const fn contains(&self, time_us: i64) -> bool {
        self.start_us <= time_us && time_us <= self.end_us
    }

    /// Whether two intervals share a moment.
    #[inline]
    pub const fn intersects(&self, other: &Interval) -> bool {
        self.start_us <= other.end_us && other.start_us <= self.end_us
    }
}

impl From<RangeInclusive<i64>> for Interval {
    fn from(range: RangeInclusive<i64>) -> Self {
        Interval::new(*range.start(), *range.end())
    }
}

/// The order in which a trajectory is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// From the past on.
    OldestFirst,
    /// From the present back; a limit then keeps the newest.
    #[default]
    NewestFirst,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_belong_to_it() {
        let interval = Interval::from(10..=20);
        for (time_us, inside) in [(9, false), (10, true), (20, true), (21, false)] {
            assert_eq!(interval.contains(time_us), inside);
        }
        assert!(Interval::new(5, 5).contains(5));
        assert!(Interval::ALL.contains(i64::MIN) && Interval::ALL.contains(i64::MAX));
        assert!(interval.intersects(&Interval::new(20, 30)));
        assert!(!interval.intersects(&Interval::new(21, 30)));
    }

    #[test]
    fn an_interval_that_ends_before_it_starts_is_refused() {
        assert!(Interval::new(1, 1).validate("t").is_ok());
        let error = Interval::new(2, 1).validate("trajectory").unwrap_err();
        assert_eq!(error.to_string(), "trajectory: interval starts at 2 us, after its end at 1 us");
    }
}
