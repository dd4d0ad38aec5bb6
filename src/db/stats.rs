//! Figures about a database, measured when they are asked for.

use crate::error::Result;

use super::database::Database;

/// Figures about a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Namespaces.
    pub namespaces: usize,
    /// Objects in the hot state.
    pub objects: usize,
    /// Ids that were ever given a handle.
    pub handles: usize,
    /// Leaves of all hot indexes.
    pub leaves: usize,
    /// Bytes that the hot indexes hold, counted, not estimated.
    pub memory_bytes: usize,
    /// Bytes of all log segments and checkpoints.
    pub disk_bytes: u64,
    /// Segments of the log.
    pub segments: usize,
    /// Records in the log.
    pub records: u64,
    /// The last sequence number given.
    pub last_seq: u64,
    /// The last sequence number known to be on disk.
    pub durable_seq: u64,
    /// Records accepted and not yet handed to the operating system.
    pub buffered_records: usize,
}

impl Database {
    /// Figures about the whole database; costs a walk over all objects.
    pub fn stats(&self) -> Result<Stats> {
        self.core.check_open("stats")?;
        let mut stats = Stats::default();
        for place in self.core.places() {
            stats.namespaces += 1;
            stats.objects += place.hot.len();
            stats.handles += place.hot.ids.indexes().len();
            stats.leaves += place.hot.leaves();
            stats.memory_bytes += place.hot.heap_bytes();
        }
        if let Some(log) = self.core.log() {
            let log = log.stats();
            stats.disk_bytes = log.bytes_on_disk;
            stats.segments = log.segments;
            stats.records = log.records;
            stats.last_seq = log.last_seq;
            stats.durable_seq = log.durable_seq;
            stats.buffered_records = log.buffered_records;
        }
        Ok(stats)
    }
}
