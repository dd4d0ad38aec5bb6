//! Time as the bench takes it: processor time and wall time of the same stretch of work.
//!
//! Owns the stopwatch. Does not own repetition or medians (`measure`). Processor time is what
//! ratios are made of, because the machine may be shared; wall time is kept beside it for work that
//! waits for a disk, for another thread or for another process.

use rustix::time::{ClockId, Timespec, clock_gettime};
use std::ops::AddAssign;
use std::time::{Duration, Instant};

/// What a stretch of work cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// Processor time: of the thread, of the process, or of a peer's own process.
    pub cpu: Duration,
    /// Time on the wall.
    pub wall: Duration,
}

impl AddAssign for Spent {
    fn add_assign(&mut self, other: Spent) {
        self.cpu += other.cpu;
        self.wall += other.wall;
    }
}

/// Whose processor time a stopwatch reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The calling thread: single-threaded work on memory.
    Thread,
    /// Every thread of this process: work that has helpers, such as a thread that syncs.
    Process,
}

/// A running measurement.
pub struct Stopwatch {
    clock: ClockId,
    cpu: Duration,
    wall: Instant,
}

impl Stopwatch {
    /// Starts to measure.
    pub fn start(whose: Whose) -> Self {
        let clock = match whose {
            Whose::Thread => ClockId::ThreadCPUTime,
            Whose::Process => ClockId::ProcessCPUTime,
        };
        Stopwatch { clock, wall: Instant::now(), cpu: read(clock) }
    }

    /// What was spent since the start.
    pub fn stop(&self) -> Spent {
        let cpu = read(self.clock).saturating_sub(self.cpu);
        Spent { cpu, wall: self.wall.elapsed() }
    }
}

fn read(clock: ClockId) -> Duration {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(clock);
    Duration::from_secs(tv_sec.unsigned_abs()) + Duration::from_nanos(tv_nsec.unsigned_abs())
}
