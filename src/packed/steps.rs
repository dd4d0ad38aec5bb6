//! Boxes whose coordinates are whole numbers of steps from a point.
//!
//! Owns: how distances to them and the times at which a ray passes them are reckoned in single
//! precision, and by how much these are uncertain. Does not own where the steps come from, nor the
//! arithmetic over sixteen boxes. Invariants: a box reaches from the beginning of the step of its
//! minimum to at most the end of that of its maximum; on each axis all steps are the same power of
//! two, but that they may double or halve once.

use super::boxes::BoxN;
use super::each::each;
use super::simd::{Bend, Near, Slab};

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps<const D: usize> {
    /// Where step 1 begins.
    pub(super) first: [f64; D],
    /// The exponents of the steps, as they stand in a number of double precision: 1 to 2044.
    pub(super) exponent: [i64; D],
    /// Where steps become twice (1.0) or half (-0.5) as long.
    pub(super) cells: Bend<D>,
}

/// What distances are relative to by which they are rounded, many times.
const RELATIVE: f64 = 1.0 / (1 << 19) as f64;

/// What rounding adds to distances, at most, in the longest steps: coordinates have 17 bits before
/// the point and 7 behind it where distances are short.
const ROUNDED: f64 = 1.0;

/// Nothing is reckoned with that is further off, in steps or as a time: squares of it are still
/// finite.
const FURTHEST: f64 = 1e15;

/// More steps than lie on any axis, twice as long ones counted twice.
const STEPS: f64 = (1 << 17) as f64;

/// A number of double precision that is a power of two, by its exponent.
#[inline(always)]
fn power(exponent: i64) -> f64 {
    f64::from_bits((exponent << 52) as u64)
}

impl<const D: usize> Steps<D> {
    /// How to tell which boxes may be within the distance `outer` of a box, and which surely are
    /// within `inner` of it. None if the numbers do not allow it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn near(&self, bounds: &BoxN<D>, inner: f64, outer: f64) -> Option<Near<D>> {
        let longest = self.exponent.iter().fold(1, |a, &b| if a > b { a } else { b });
        let unit = longest + i64::from(self.cells.is_bent);
        // All lengths are taken in units of the longest step.
        let scale = power(2046 - unit);
        let below: [f64; D] = each(|k| (self.first[k] - bounds.max[k]) * scale);
        let above: [f64; D] = each(|k| (bounds.min[k] - self.first[k]) * scale);
        let (inner, outer) = (inner * scale, outer * scale);
        let furthest = (0..D).fold(outer, |sum, k| sum + below[k].abs() + above[k].abs());
        if furthest.is_nan() || furthest >= FURTHEST {
            return None;
        }
        let step = |k: usize| f32::from_bits(((self.exponent[k] - unit + 127).max(0) << 23) as u32);
        // A box may be shorter by a step on each side than it is taken for.
        let inner = inner * (1.0 - RELATIVE) - ROUNDED - D as f64;
        let outer = outer * (1.0 + RELATIVE) + ROUNDED;
        Some(Near {
            cells: self.cells,
            step: each(step),
            below: each(|k| below[k] as f32 - step(k)),
            above: each(|k| above[k] as f32),
            outer: (outer * outer) as f32,
            inner: if inner > 0.0 { (inner * inner) as f32 } else { -1.0 },
        })
    }

    /// How to tell when a ray passes the boxes, from 0 to `max_t`; `inverse` is that of its
    /// direction. None if the numbers do not allow it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn slab(
        &self,
        (origin, inverse, max_t): (&[f64; D], &[f64; D], f64),
    ) -> Option<Slab<D>> {
        let slope: [f64; D] = each(|k| power(self.exponent[k]) * inverse[k]);
        let first: [f64; D] = each(|k| (self.first[k] - origin[k]) * inverse[k]);
        let reach: [f64; D] = each(|k| first[k].abs() + STEPS * slope[k].abs());
        // What is this small could be lost altogether.
        if !reach.iter().all(|&reach| reach < FURTHEST && reach > FURTHEST.recip()) {
            return None;
        }
        // Numbers are rounded by a sixteenth of this each, and at most six of them are added up.
        let error: [f64; D] = each(|k| reach[k] / (1 << 20) as f64);
        let back = |k: usize, is_here: bool| if is_here { slope[k] } else { 0.0 };
        let longest = |k: usize| if self.cells.is_bent { 2.0 * slope[k] } else { slope[k] };
        Some(Slab {
            cells: self.cells,
            is_upward: each(|k| slope[k] > 0.0),
            slope: each(|k| slope[k] as f32),
            early: each(|k| (first[k] - back(k, slope[k] > 0.0) - error[k]) as f32),
            late: each(|k| (first[k] - back(k, slope[k] < 0.0) + error[k]) as f32),
            margin: each(|k| (longest(k).abs() + 2.0 * error[k]) as f32),
            outer: (max_t * (1.0 + RELATIVE)) as f32,
            inner: (max_t * (1.0 - RELATIVE)) as f32,
        })
    }
}
