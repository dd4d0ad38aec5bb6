//! The log: append, group commit, rotate, recover, salvage, and the tracks of objects in it.
//!
//! Owns the files of a database directory and the order of everything that happened. Does not own
//! what a change means (`db`, `hot`) nor any byte layout (`format`). Invariants: the log that
//! recovery finds is a prefix of the log that was written; a failed fsync is final; nothing is
//! dropped that the report does not tell.

mod active;
mod chain;
mod check;
mod checkpoint;
mod commit;
mod examine;
mod files;
mod history;
#[expect(clippy::module_inception, reason = "the room and the thing in it have one name")]
mod log;
mod options;
mod point;
mod recover;
mod report;
mod rescue;
mod rotate;
mod salt;
mod salvage;
mod sealed;
mod survey;
mod walk;
mod writer;

pub use self::log::Log;
pub use check::check;
pub use checkpoint::Emit;
pub use options::{LogOptions, RecoveryMode, SyncPolicy};
pub use point::{HistoryPoint, MoveRow, Names};
pub use recover::Replay;
pub use report::{CheckReport, FileCheck, LogStats, RecoveryReport, SalvageReport};
pub use salvage::salvage;
