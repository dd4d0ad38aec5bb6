//! The log: append, group commit, rotate, recover, salvage, and the tracks of objects in it.
//!
//! Owns the files of a database directory and the order of everything that happened. Does not own
//! what a change means (`db`, `hot`) nor any byte layout (`format`). Invariants: the log that
//! recovery finds is a prefix of the log that was written; a failed fsync is final; nothing is
//! dropped that the report does not tell.

mod api;
mod options;
mod report;

pub use api::{Emit, HistoryPoint, Log, MoveRow, Names, Replay, check, salvage};
pub use options::{LogOptions, RecoveryMode, SyncPolicy};
pub use report::{CheckReport, FileCheck, LogStats, RecoveryReport, SalvageReport};
