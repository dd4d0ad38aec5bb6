//! The clock that the engine reads, so that a test or a simulation can hold it in its hand.
//!
//! Owns: the trait, the system clock, and a clock that moves only when told to. Does not own any
//! rule about time; those stand in `db`.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A source of the present moment.
pub trait Clock: Send + Sync {
    /// Microseconds since 1970-01-01 UTC.
    fn now_us(&self) -> i64;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the system")]
    fn now_us(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |us| -us),
        }
    }
}

/// A clock that stands still until it is set: for tests and simulations.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `time_us`.
    pub fn new(time_us: i64) -> Self {
        ManualClock(AtomicI64::new(time_us))
    }

    /// Sets the clock to `time_us`.
    pub fn set(&self, time_us: i64) {
        self.0.store(time_us, Ordering::SeqCst);
    }

    /// Moves the clock forward by `by_us`.
    pub fn advance(&self, by_us: i64) {
        self.0.fetch_add(by_us, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now_us(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_clock_moves_only_when_told() {
        let clock = ManualClock::new(5);
        assert_eq!(clock.now_us(), 5);
        clock.advance(7);
        assert_eq!(clock.now_us(), 12);
        clock.set(-1);
        assert_eq!(clock.now_us(), -1);
    }

    #[test]
    fn the_system_clock_is_past_2020() {
        assert!(SystemClock.now_us() > 1_577_836_800_000_000);
    }
}
