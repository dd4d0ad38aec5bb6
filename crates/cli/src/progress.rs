//! The progress line of a long command: how far, how fast, how long still.
//!
//! Writes to the standard error only when that is a terminal; a log file stays clean.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::output::number;

const EVERY: Duration = Duration::from_millis(100);
const BAR_CELLS: usize = 24;

/// One line that is drawn again and again.
pub(crate) struct Progress {
    shown: bool,
    label: String,
    total_bytes: Option<u64>,
    started: Instant,
    drawn: Instant,
}

impl Progress {
    /// `quiet` and a standard error that is no terminal both keep it silent.
    pub(crate) fn new(label: String, total_bytes: Option<u64>, quiet: bool) -> Self {
        let now = Instant::now();
        let shown = !quiet && io::stderr().is_terminal();
        Progress { shown, label, total_bytes, started: now, drawn: now }
    }

    /// Draws it, at most ten times a second.
    pub(crate) fn update(&mut self, read_bytes: u64, rows: u64) {
        if !self.shown || self.drawn.elapsed() < EVERY {
            return;
        }
        self.drawn = Instant::now();
        let line = line(&self.label, self.total_bytes, read_bytes, rows, self.started.elapsed());
        // A terminal that went away is no reason to stop an import.
        let _ = write!(io::stderr(), "\r\x1b[2K{line}");
        let _ = io::stderr().flush();
    }

    /// Draws how far a stage of the work is, at most ten times a second.
    pub(crate) fn update_stage(&mut self, stage: &str, done: u64, total: u64) {
        if !self.shown || self.drawn.elapsed() < EVERY {
            return;
        }
        self.drawn = Instant::now();
        let line = stage_line(&self.label, stage, done, total);
        let _ = write!(io::stderr(), "\r\x1b[2K{line}");
        let _ = io::stderr().flush();
    }

    /// Removes the line.
    pub(crate) fn clear(&self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[2K");
            let _ = io::stderr().flush();
        }
    }
}

fn line(label: &str, total: Option<u64>, read: u64, rows: u64, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64().max(1e-9);
    let rate = number::grouped((rows as f64 / seconds) as u64);
    let rows = number::grouped(rows);
    let Some(total) = total.filter(|total| *total > 0) else {
        return format!("{label}  {rows} rows  {rate} rows/s");
    };
    let part = (read as f64 / total as f64).min(1.0);
    let bar = bar(part);
    let left = if part > 0.0 { number::clock(seconds / part - seconds) } else { "?".to_owned() };
    format!("{label}  [{bar}] {:3.0} %  {rows} rows  {rate} rows/s  {left} left", part * 100.0)
}

fn stage_line(label: &str, stage: &str, done: u64, total: u64) -> String {
    let part = (done as f64 / total.max(1) as f64).min(1.0);
    let (bar, done, total) = (bar(part), number::grouped(done), number::grouped(total));
    format!("{label}  {stage}  [{bar}] {:3.0} %  {done} of {total} items", part * 100.0)
}

fn bar(part: f64) -> String {
    let cells = (part * BAR_CELLS as f64) as usize;
    format!("{}{}", "#".repeat(cells), "-".repeat(BAR_CELLS - cells))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_how_fast_and_how_long() {
        let half = line("a.csv", Some(1000), 500, 20_000, Duration::from_secs(2));
        assert_eq!(
            half,
            "a.csv  [############------------]  50 %  20,000 rows  10,000 rows/s  0:02 left"
        );
        let pipe = line("-", None, 500, 10, Duration::from_secs(1));
        assert_eq!(pipe, "-  10 rows  10 rows/s");
        let stage = stage_line("a.csv", "sorting", 1000, 4000);
        assert_eq!(stage, "a.csv  sorting  [######------------------]  25 %  1,000 of 4,000 items");
        assert!(stage_line("a.csv", "writing", 0, 0).contains("]   0 %  0 of 0 items"));
    }
}
