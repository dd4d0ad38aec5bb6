//! An event of the demo: who did what, when and where.

use spatio::Point;

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) time_us: i64,
    pub(crate) id: String,
    /// `entered the harbour`.
    pub(crate) what: &'static str,
    pub(crate) position: Point,
}
