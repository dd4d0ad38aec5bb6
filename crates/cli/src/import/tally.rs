//! What an import counted, and how it says so.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::json;
use spatio::{BatchOutcome, Stats};

use crate::failure::Outcome;
use crate::import::bad::BadRows;
use crate::output::{number, write_facts, write_json};

/// The counts of an import.
pub(crate) struct Tally {
    /// Rows read, good and bad.
    pub(crate) rows: u64,
    moved: u64,
    late: u64,
    pub(crate) bad: BadRows,
    objects_before: usize,
    objects: usize,
    started: Instant,
    elapsed: Duration,
}

impl Tally {
    pub(crate) fn new(objects_before: usize) -> Self {
        Tally {
            rows: 0,
            moved: 0,
            late: 0,
            bad: BadRows::default(),
            objects_before,
            objects: objects_before,
            started: Instant::now(),
            elapsed: Duration::ZERO,
        }
    }

    pub(crate) fn add_written(&mut self, outcome: BatchOutcome) {
        self.moved += outcome.applied as u64;
        self.late += outcome.late as u64;
    }

    /// Everything is written; `objects` are in the namespace now.
    pub(crate) fn finish(&mut self, objects: usize) {
        self.objects = objects;
        self.elapsed = self.started.elapsed();
    }

    pub(crate) fn write(&self, out: &mut dyn Write, as_json: bool, stats: &Stats) -> Outcome<()> {
        let seconds = self.elapsed.as_secs_f64();
        let rate = self.rows as f64 / seconds.max(1e-9);
        let new = self.objects.saturating_sub(self.objects_before);
        if as_json {
            return write_json(
                out,
                &json!({
                    "rows": self.rows,
                    "written": self.moved + self.late,
                    "late": self.late,
                    "bad": self.bad.count,
                    "objects": self.objects,
                    "new_objects": new,
                    "seconds": seconds,
                    "rows_per_second": rate,
                    "disk_bytes": stats.disk_bytes,
                }),
            );
        }
        let written = number::grouped(self.moved + self.late);
        let objects = number::grouped(self.objects as u64);
        let facts = [
            ("rows", number::grouped(self.rows)),
            ("written", format!("{written}, of which late {}", number::grouped(self.late))),
            ("bad", number::grouped(self.bad.count)),
            ("objects", format!("{objects}, of which new {}", number::grouped(new as u64))),
            ("time", format!("{seconds:.2} s, {} rows/s", number::grouped(rate as u64))),
            ("on disk", number::bytes(stats.disk_bytes)),
        ];
        write_facts(out, &facts.map(|(name, value)| (name.to_owned(), value)))?;
        out.flush()?;
        Ok(())
    }
}
