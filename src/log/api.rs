//! The log's interface; the bodies follow.

use std::path::Path;
use std::sync::Arc;

use crate::clock::Clock;
use crate::error::{Error, ErrorKind, Result};
use crate::format::{Change, NamespaceSettings};
use crate::geom::Point;
use crate::time::{Interval, Order};
use crate::vfs::Vfs;

use super::{CheckReport, LogOptions, LogStats, RecoveryReport, SalvageReport};

/// One position of a trajectory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HistoryPoint {
    /// When, in event time.
    pub time_us: i64,
    /// Where.
    pub position: Point,
    /// The place in the order of all changes; it decides between equal times.
    pub seq: u64,
}

/// One row of a batch of moves; the payload is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MoveRow {
    /// The object.
    pub handle: u64,
    /// When, in event time.
    pub time_us: i64,
    /// Where.
    pub position: Point,
    /// When the object expires; `None` is never.
    pub expires_us: Option<i64>,
}

/// Who knows the names that handles and namespace numbers stand for. It is asked the first time
/// that a segment mentions one, while the log's lock is held, so it must not call the log.
pub trait Names {
    /// The id of a handle that was interned.
    fn id(&self, handle: u64) -> &str;
    /// The name and settings of a namespace that exists.
    fn namespace(&self, number: u32) -> (String, NamespaceSettings);
}

/// What is given every change that recovery keeps, with its sequence number.
pub type Replay<'r> = &'r mut dyn FnMut(u64, Change<'_>) -> Result<()>;
/// What a checkpoint writes one change with.
pub type Emit<'e> = &'e mut dyn FnMut(Change<'_>) -> Result<()>;

/// A log that is open.
#[derive(Debug)]
pub struct Log;

fn later<T>() -> Result<T> {
    Err(Error::new(ErrorKind::Unsupported, "log", "not built yet"))
}

impl Log {
    /// Opens or creates the log in `dir` and replays what it holds.
    pub fn open(
        _vfs: Arc<dyn Vfs>,
        _dir: &Path,
        _options: LogOptions,
        _clock: Arc<dyn Clock>,
        _replay: Replay<'_>,
    ) -> Result<(Log, RecoveryReport)> {
        later()
    }

    /// Takes one change into the buffer; the sequence number it got.
    pub fn append(&self, _names: &dyn Names, _change: &Change<'_>) -> Result<u64> {
        later()
    }

    /// Takes many moves under one lock; the sequence number of the last. On an error its `row` is
    /// how many rows the log took; batches of up to 16,384 rows are taken whole or not at all.
    pub fn append_moves(&self, _names: &dyn Names, _moves: &[MoveRow]) -> Result<u64> {
        later()
    }

    /// Gives what the sync policy owes the caller whose change got `seq`.
    pub fn settle(&self, _seq: u64) -> Result<()> {
        later()
    }

    /// Writes the buffer to the file, without an fsync.
    pub fn flush(&self) -> Result<()> {
        later()
    }

    /// Writes the buffer to the file and makes it durable.
    pub fn sync(&self) -> Result<()> {
        later()
    }

    /// `sync`, if the policy says that it is time; for a background thread.
    pub fn sync_if_due(&self) -> Result<()> {
        later()
    }

    /// Writes the live state as a checkpoint, from which recovery starts.
    pub fn checkpoint(&self, _write: &mut dyn FnMut(Emit<'_>) -> Result<()>) -> Result<()> {
        later()
    }

    /// Whether enough was written since the last checkpoint to make another worth it.
    pub fn checkpoint_due(&self) -> bool {
        false
    }

    /// The positions of an object within `interval`, at most `limit`, appended to `out`.
    pub fn trajectory(
        &self,
        _handle: u64,
        _interval: Interval,
        _order: Order,
        _limit: usize,
        _out: &mut Vec<HistoryPoint>,
    ) -> Result<()> {
        later()
    }

    /// The last position at or before `at_us`, and the first after it.
    pub fn neighbours(
        &self,
        _handle: u64,
        _at_us: i64,
    ) -> Result<(Option<HistoryPoint>, Option<HistoryPoint>)> {
        later()
    }

    /// Makes everything durable and refuses what comes after.
    pub fn close(&self) -> Result<()> {
        later()
    }

    /// Whether an fsync failed, so that writes are refused until the log is opened again.
    pub fn is_poisoned(&self) -> bool {
        false
    }

    /// Figures of the log.
    pub fn stats(&self) -> LogStats {
        LogStats::default()
    }
}

/// Reads every frame of every file in `dir` and says what is sound; never writes.
pub fn check(_vfs: &dyn Vfs, _dir: &Path) -> Result<CheckReport> {
    later()
}

/// Writes what is readable in `source` to the new directory `target`; never touches `source`.
pub fn salvage(_vfs: &dyn Vfs, _source: &Path, _target: &Path) -> Result<SalvageReport> {
    later()
}
