//! Where the objects are that a question is asked of: in memory, or in a file that is frozen.
//!
//! Owns: what a question needs of them, and how the hot index gives it. Does not own any test of a
//! row; those are the collectors'. Invariants: a source shows a collector every row that the
//! collector's area holds, once.

use std::cmp::Ordering;

use crate::error::Result;
use crate::geom::{Point, Space};
use crate::hot::HotIndex;

use super::gather::Gather;
use super::nearest::Nearest;
use super::rows::Rows;

/// The ids of objects by their numbers.
pub(crate) trait Names: Send + Sync {
    /// The id of an object.
    fn name(&self, index: u32) -> Option<&str>;
}

/// Objects that can be asked for.
pub(crate) trait Source: Names + Sized + 'static {
    /// What coordinates mean.
    fn space(&self) -> Space;

    /// How many objects there are.
    fn len(&self) -> usize;

    /// The number of the object with an id.
    fn find(&self, id: &str) -> Result<Option<u32>>;

    /// Where an object is, if it is here and has not expired at `now_us`.
    fn position(&self, index: u32, now_us: i64) -> Result<Option<Point>>;

    /// The order of two objects' ids.
    fn order(&self, a: u32, b: u32) -> Ordering {
        self.name(a).cmp(&self.name(b))
    }

    /// Shows the collector the rows of its area, until it has enough.
    fn gather(&self, gather: &mut Gather<'_, Self>) -> Result<()>;

    /// The same for a search by distance, which is better off if what is near comes first.
    fn search(&self, nearest: &mut Nearest<'_, Self>) -> Result<()>;

    /// Fills in what the rows of an answer lack: times and payloads that were not shown.
    fn complete(&self, _rows: &mut Rows) -> Result<()> {
        Ok(())
    }
}

impl Names for HotIndex {
    fn name(&self, index: u32) -> Option<&str> {
        self.ids.name(index)
    }
}

impl Source for HotIndex {
    fn space(&self) -> Space {
        self.space
    }

    fn len(&self) -> usize {
        HotIndex::len(self)
    }

    fn find(&self, id: &str) -> Result<Option<u32>> {
        Ok(HotIndex::find(self, id))
    }

    fn position(&self, index: u32, now_us: i64) -> Result<Option<Point>> {
        let live = self.get(index).filter(|row| now_us < row.expires_us);
        Ok(live.map(|row| row.position))
    }

    fn gather(&self, gather: &mut Gather<'_, Self>) -> Result<()> {
        self.walk(gather);
        Ok(())
    }

    fn search(&self, nearest: &mut Nearest<'_, Self>) -> Result<()> {
        self.walk(nearest);
        Ok(())
    }
}
