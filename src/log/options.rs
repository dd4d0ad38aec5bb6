//! How a log is opened and when it owes an fsync.

use std::time::Duration;

/// When written data is made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncPolicy {
    /// A write returns once its frame is on disk; concurrent writers share one fsync.
    Always,
    /// At most this long after it was written: what came after the last fsync can be lost.
    Every(Duration),
    /// When the operating system likes, on `sync`, and on `close`.
    Never,
}

impl Default for SyncPolicy {
    fn default() -> Self {
        SyncPolicy::Every(Duration::from_secs(1))
    }
}

/// What recovery does about damage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecoveryMode {
    /// A torn tail is dropped and reported; any other damage refuses to open.
    #[default]
    Strict,
    /// A damaged segment is rewritten from its good frames; the original is kept as `.damaged`.
    Salvage,
}

/// How a log is opened.
#[derive(Clone, Copy, Debug)]
pub struct LogOptions {
    /// When written data is made durable.
    pub sync: SyncPolicy,
    /// Records that the buffer holds before it goes to the file.
    pub buffer_size: usize,
    /// The size at which a segment is sealed and the next one begun.
    pub segment_bytes: u64,
    /// Replay only: no lock is taken and nothing is written, cut or repaired.
    pub read_only: bool,
    /// What recovery does about damage.
    pub recovery: RecoveryMode,
    /// Somebody calls `sync_if_due` regularly, so that `settle` need not look at the clock.
    pub background: bool,
    /// Refuse writes from a process other than the one that opened the log (a forked child). Off
    /// for a database in memory, which a fork duplicates.
    pub check_process: bool,
    /// Where the salts of new files come from; `None` is the system's randomness.
    pub seed: Option<u64>,
}

impl Default for LogOptions {
    fn default() -> Self {
        LogOptions {
            sync: SyncPolicy::default(),
            buffer_size: 512,
            segment_bytes: 64 << 20,
            read_only: false,
            recovery: RecoveryMode::default(),
            background: false,
            check_process: true,
            seed: None,
        }
    }
}
