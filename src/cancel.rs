//! A way to stop a question from another thread.
//!
//! Owns: the flag. Does not own what is stopped, nor how soon it looks. Invariants: once fired it
//! stays so until it is reset.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, ErrorKind, Result};

/// Stops the questions it is given to. A clone is another handle of the same flag.
///
/// ```
/// use spatio::{Cancel, Database, ErrorKind, Point, Query, Rows};
/// let db = Database::memory();
/// db.upsert("fleet", "truck:1", Point::new(13.40, 52.52), None)?;
/// let cancel = Cancel::new();
/// cancel.fire();
/// let fleet = db.namespace("fleet")?;
/// let stopped = fleet.query_unless(&cancel, &Query::everywhere(), &mut Rows::new());
/// assert_eq!(stopped.unwrap_err().kind(), ErrorKind::Cancelled);
/// # Ok::<(), spatio::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Not fired yet.
    pub fn new() -> Self {
        Cancel::default()
    }

    /// Stops what runs with it, and refuses what is begun with it.
    pub fn fire(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Makes it fit for use again.
    pub fn reset(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether it was fired.
    #[inline]
    pub fn is_fired(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// An error if it was fired.
    pub fn check(&self, operation: &'static str) -> Result<()> {
        match self.is_fired() {
            false => Ok(()),
            true => Err(Error::new(ErrorKind::Cancelled, operation, "it was cancelled")),
        }
    }
}
