//! Bad rows: counted, and the first few shown.

use std::io::{self, Write};

use crate::import::row::Mark;
use crate::output::number;

/// How many bad rows are shown.
const SHOWN: usize = 5;

/// The bad rows of some files.
#[derive(Debug, Default)]
pub(crate) struct BadRows {
    pub(crate) count: u64,
    shown: Vec<String>,
}

impl BadRows {
    pub(crate) fn add(&mut self, file: &str, mark: Mark, reason: &str) {
        self.count += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(format!("{file}: {mark}: {reason}"));
        }
    }

    /// Shows the first ones on the standard error.
    pub(crate) fn write(&self) {
        let mut out = io::stderr().lock();
        // Nobody is left to be told if the standard error is gone.
        for line in &self.shown {
            let _ = writeln!(out, "bad row, left out: {line}");
        }
        let more = self.count - self.shown.len() as u64;
        if more > 0 {
            let _ = writeln!(out, "... and {} more", number::grouped(more));
        }
    }
}
