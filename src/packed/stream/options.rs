//! How an index is streamed, and how much of it at most.
//!
//! Owns: the options, the limits, and what was spent. Invariants: a limit is checked before what
//! would exceed it is read or kept.

use crate::error::{Error, ErrorKind, Result};

/// What one question may cost; who exceeds it gets [`ErrorKind::LimitExceeded`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Reads, each of one range of bytes.
    pub reads: u64,
    /// Bytes that are read.
    pub bytes: u64,
    /// Items that are found.
    pub items: u64,
}

impl Default for Limits {
    /// As many reads and items as it takes, 1 GiB of bytes.
    fn default() -> Self {
        Limits { reads: u64::MAX, bytes: 1 << 30, items: u64::MAX }
    }
}

impl Limits {
    /// No limit at all.
    pub const NONE: Self = Limits { reads: u64::MAX, bytes: u64::MAX, items: u64::MAX };
}

/// How an index is streamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamOptions {
    /// Two parts with no more bytes between them are fetched by one read.
    pub gap_bytes: u64,
    /// A read of several parts is no longer than this.
    pub read_bytes: u64,
    /// A round asks for no more than this, unless a single part is larger; more is fetched by
    /// further rounds, so that memory is bounded.
    pub round_bytes: u64,
    /// How many bytes of the upper levels are kept from the time of opening.
    pub kept_bytes: u64,
    /// Uses the tree of the format where a file has both.
    pub without_fast: bool,
    /// What opening, and each question, may cost.
    pub limits: Limits,
}

impl Default for StreamOptions {
    /// Gaps of 16 KiB, reads of up to 4 MiB, rounds of up to 64 MiB; 1 MiB of upper levels is kept.
    fn default() -> Self {
        StreamOptions {
            gap_bytes: 16 << 10,
            read_bytes: 4 << 20,
            round_bytes: 64 << 20,
            kept_bytes: 1 << 20,
            without_fast: false,
            limits: Limits::default(),
        }
    }
}

/// What was asked of a reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Calls, each of any number of reads.
    pub rounds: u64,
    /// Reads, each of one range.
    pub reads: u64,
    /// Bytes of all reads.
    pub bytes: u64,
}

impl Spent {
    /// Adds a round, unless it would exceed a limit.
    pub(super) fn add(&mut self, reads: u64, bytes: u64, limits: &Limits) -> Result<()> {
        self.rounds += 1;
        self.reads = self.reads.saturating_add(reads);
        self.bytes = self.bytes.saturating_add(bytes);
        check("reads", self.reads, limits.reads)?;
        check("bytes", self.bytes, limits.bytes)
    }
}

pub(super) const OPERATION: &str = "stream index";

/// Refuses more of something than its limit.
pub(super) fn check(what: &str, count: u64, limit: u64) -> Result<()> {
    if count <= limit {
        return Ok(());
    }
    let message = format!("it takes {count} {what} or more, the limit is {limit}");
    Err(Error::new(ErrorKind::LimitExceeded, OPERATION, message))
}
