//! What is simulated: anything that can be opened, told operations, and looked at.
//!
//! Owns the trait. The engine's side of it stands in `engine.rs`; the tests bring small stores with
//! planted defects, which the programmes must find.

use crate::state::Picture;
use crate::workload::{Op, Setup};
use spatio::clock::ManualClock;
use spatio::vfs::Vfs;
use spatio::{Error, ErrorKind};
use std::sync::Arc;

/// What became of a move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The object is new, or new again.
    Created,
    /// The object moved.
    Moved,
    /// The update was older than the object.
    Late,
}

/// What an operation answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Nothing but success.
    Done,
    /// The outcome of an upsert.
    Wrote(Outcome),
    /// How many rows moved their object, and how many were late.
    Batch {
        /// Rows that moved their object.
        applied: usize,
        /// Rows that were late.
        late: usize,
    },
    /// Whether there was something to delete.
    Deleted(bool),
    /// The database was opened again, although closing it had failed.
    CloseFailed,
}

/// An engine under simulation.
pub trait Subject: Sized {
    /// Opens the database of `setup`, or creates it.
    ///
    /// # Errors
    /// Whatever the disk answers.
    fn open(vfs: Arc<dyn Vfs>, clock: Arc<ManualClock>, setup: &Setup) -> Result<Self, Error>;

    /// Does one operation; never `Clock`, `Reopen` or `Kill`, which are the driver's.
    ///
    /// # Errors
    /// Whatever the disk answers; the database stays open.
    fn apply(&self, op: &Op) -> Result<Told, Error>;

    /// Looks at everything that `setup` speaks of.
    ///
    /// # Errors
    /// Whatever the disk answers.
    fn look(&self, setup: &Setup) -> Result<Picture, Error>;

    /// Whether writes are refused until the database is opened again.
    fn is_poisoned(&self) -> bool;

    /// Whether a check of the files, which writes nothing, calls the database sound.
    ///
    /// # Errors
    /// Whatever the disk answers.
    fn is_sound(vfs: &dyn Vfs, setup: &Setup) -> Result<bool, Error>;

    /// Whether opening told of anything that it dropped.
    fn reports_loss(&self) -> bool;

    /// Makes everything durable and closes.
    ///
    /// # Errors
    /// Whatever the disk answers; the database is gone either way.
    fn close(self) -> Result<(), Error>;
}

/// Whether an error of this kind may come out of a disk that fails.
pub fn may_come_from_the_disk(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Io | ErrorKind::NoSpace | ErrorKind::Poisoned)
}
