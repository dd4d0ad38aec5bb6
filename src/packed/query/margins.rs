//! The two windows between which everything within a distance of a box lies.
//!
//! Owns: how far they are from the box. Does not own distances. Invariants: what does not touch the
//! outer window is too far, what touches the inner one is near enough; both are further from the
//! truth than anything was rounded.

use super::reach::Reach;
use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::tree::Window;

/// A number, or another where it is none.
fn not_nan(value: f64, otherwise: f64) -> f64 {
    if value.is_nan() { otherwise } else { value }
}

/// How far the windows are from a box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Margins {
    /// What is within the distance is no further than this.
    pub(super) outer: f64,
    /// What is no further than this is within the distance.
    pub(super) nearest: f64,
    /// Half of the edge of the cube in a ball as large as that.
    inner: f64,
}

impl Margins {
    /// Those of a distance in `D` dimensions; one that nothing is within has no inner window.
    pub(super) fn new<const D: usize>(reach: &Reach) -> Self {
        // Squares that underflow count as 0, so a distance as small as their root is always near.
        let outer = reach.outer.sqrt() * (1.0 + 1e-14) + 2e-154;
        let inner = (reach.inner.max(0.0) / D as f64).sqrt() * (1.0 - 1e-14);
        let nearest = reach.inner.max(0.0).sqrt() * (1.0 - 1e-14);
        Margins { outer, nearest, inner }
    }

    /// What does not touch this window is too far.
    #[inline(always)]
    pub(super) fn around<const D: usize>(&self, bounds: &BoxN<D>) -> Window<D> {
        let low = |low: f64| not_nan(low - self.outer, f64::NEG_INFINITY).next_down();
        let high = |high: f64| not_nan(high + self.outer, f64::INFINITY).next_up();
        Window::new(BoxN { min: each(|k| low(bounds.min[k])), max: each(|k| high(bounds.max[k])) })
    }

    /// What touches this window is near enough to any box that holds `bounds`, which may be inside
    /// out.
    #[inline(always)]
    pub(super) fn within<const D: usize>(&self, bounds: &BoxN<D>) -> Window<D> {
        let low = |low: f64| (low - self.inner).next_up().min(low);
        let high = |high: f64| (high + self.inner).next_down().max(high);
        Window::new(BoxN { min: each(|k| low(bounds.min[k])), max: each(|k| high(bounds.max[k])) })
    }
}
