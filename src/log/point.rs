//! What goes into the log in rows and comes back out of it as a trajectory.

use crate::format::NamespaceSettings;
use crate::geom::Point;

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
