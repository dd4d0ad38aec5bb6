//! Whether a fence contains a point or shares one with a box, exactly.
//!
//! Owns: the walk over a fence's rings. Does not own their bytes (`format::pack`) nor the tests of
//! edges (`geom`). Invariants: the answers are those of `Polygon::contains`; what a ring's runs
//! rule out is not looked at, so a long coast costs a few dozen edges.

use crate::error::Result;
use crate::format::pack::{FenceRecord, Outline};
use crate::geom::{Rect, crosses_oddly, touches};

/// Whether a point is inside of a part or on a border.
pub(super) fn contains(fence: &FenceRecord<'_>, x: f64, y: f64) -> Result<bool> {
    // The part that is being looked at, and whether the ray has crossed it oddly so far.
    let (mut part, mut is_odd) = (0, false);
    let found = fence.rings(|number, outline| {
        if number != part {
            if is_odd {
                return true;
            }
            part = number;
        }
        match crosses_ring_oddly(&outline, (x, y)) {
            None => return true,
            Some(ring_is_odd) => is_odd ^= ring_is_odd,
        }
        false
    })?;
    Ok(found || is_odd)
}

/// Whether the ray to the east crosses a ring oddly; `None` if the point is on the ring.
fn crosses_ring_oddly(outline: &Outline<'_>, point: (f64, f64)) -> Option<bool> {
    let mut is_odd = false;
    for ([min_x, min_y, max_x, max_y], run) in outline.runs() {
        let Some(ends) = run.ends() else { continue };
        let bounds = Rect::new(min_x, min_y, max_x, max_y);
        is_odd ^= crosses_oddly(&bounds, ends, run.vertices(), point)?;
    }
    Some(is_odd)
}

/// Whether a fence shares a point with a box that does not cross the antimeridian.
pub(super) fn intersects(fence: &FenceRecord<'_>, rect: &Rect) -> Result<bool> {
    let is_touched = fence.rings(|_, outline| {
        outline.runs().any(|([min_x, min_y, max_x, max_y], run)| {
            Rect::new(min_x, min_y, max_x, max_y).intersects(rect)
                && run.vertices().zip(run.vertices().skip(1)).any(|(a, b)| touches(a, b, rect))
        })
    })?;
    // If no edge reaches the box, all of it is on one side.
    Ok(is_touched || contains(fence, rect.min_x, rect.min_y)?)
}
