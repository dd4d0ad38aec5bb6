//! Rays, and the boxes that they hit.
//!
//! Owns: the ray, the test of 16 boxes, the test of one box that decides, the questions. Does not
//! own triangles. Invariants: the ray is closed, as boxes are: it hits what it touches, it hits a
//! box that it begins in at 0, and `max_t` belongs to it. Times are divided out for each item, so
//! that rays over whole numbers meet corners exactly; tests of many boxes multiply by the inverse
//! and are made wider by more than that may err.

use std::cell::RefCell;

use super::lanes::{larger, mask_of, smaller};
use super::measure::Measure;
use super::search::Filter;
use super::walk::{Walk, descend};
use crate::error::{Error, Result};
use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Lanes, Mask, Question, Tree, bits};
use std::ops::ControlFlow;

/// A component of a direction under this counts as 0; one over its inverse is refused.
const LEAST_COMPONENT: f64 = 1e-300;
/// By what share a time that was multiplied out may err, several times over.
const SLACK: f64 = 1e-15;

/// The points `origin + t * direction` for `t` from 0 to `max_t`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ray<const D: usize> {
    origin: [f64; D],
    direction: [f64; D],
    max_t: f64,
    inverse: [f64; D],
}

/// An item that a ray hits, and where it enters it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The item.
    pub id: u32,
    /// The `t` at which the ray enters it; 0 if it begins inside.
    pub t: f64,
}

impl<const D: usize> Ray<D> {
    /// The ray from `origin` along `direction`, which need not have the length 1 and of which
    /// components may be 0; `max_t` may be infinite. Components of the direction that are under
    /// 1e-300 count as 0. Refused are coordinates that are not finite, components over 1e300, and
    /// a `max_t` that is negative or NaN.
    pub fn new(origin: [f64; D], direction: [f64; D], max_t: f64) -> Result<Self> {
        const OPERATION: &str = "ray";
        for (axis, value) in origin.iter().enumerate() {
            if !value.is_finite() {
                let argument = format!("axis {axis} of origin");
                return Err(Error::range(OPERATION, &argument, *value, "a finite number"));
            }
        }
        for (axis, value) in direction.iter().enumerate() {
            if value.is_nan() || value.abs() > LEAST_COMPONENT.recip() {
                let argument = format!("axis {axis} of direction");
                return Err(Error::range(OPERATION, &argument, *value, "at most 1e300"));
            }
        }
        if max_t.is_nan() || max_t < 0.0 {
            return Err(Error::range(OPERATION, "max_t", max_t, "0 or more"));
        }
        let direction = direction.map(|c| if c.abs() < LEAST_COMPONENT { 0.0 } else { c });
        Ok(Ray { origin, direction, max_t, inverse: direction.map(f64::recip) })
    }

    /// Where it begins.
    pub fn origin(&self) -> [f64; D] {
        self.origin
    }

    /// Where it goes.
    pub fn direction(&self) -> [f64; D] {
        self.direction
    }

    /// The largest `t`.
    pub fn max_t(&self) -> f64 {
        self.max_t
    }

    /// The `t` at which the ray enters a box, 0 if it begins inside; none if it misses.
    #[inline]
    pub fn enters(&self, bounds: &BoxN<D>) -> Option<f64> {
        let (mut near, mut far) = (0.0, self.max_t);
        for axis in 0..D {
            let (at, step) = (self.origin[axis], self.direction[axis]);
            let (low, high) = (bounds.min[axis], bounds.max[axis]);
            if step == 0.0 {
                if !(low <= at && at <= high) {
                    return None;
                }
                continue;
            }
            let (first, last) = if step > 0.0 { (low, high) } else { (high, low) };
            near = larger((first - at) / step, near);
            far = smaller((last - at) / step, far);
        }
        // What lies at infinity is never reached.
        (near <= far && near < f64::INFINITY).then_some(near)
    }

    /// Its origin, the inverse of its direction, and where it ends.
    #[inline(always)]
    pub(super) fn told(&self) -> (&[f64; D], &[f64; D], f64) {
        (&self.origin, &self.inverse, self.max_t)
    }

    /// For each lane the times at which the ray enters and leaves, but for rounding; it leaves
    /// before all time where it runs beside.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn times(&self, lanes: &Lanes<D>) -> ([f64; LANES], [f64; LANES]) {
        let (mut near, mut far) = ([0.0; LANES], [self.max_t; LANES]);
        for axis in 0..D {
            let (at, inverse) = (self.origin[axis], self.inverse[axis]);
            let (min, max) = (&lanes.min[axis], &lanes.max[axis]);
            if self.direction[axis] == 0.0 {
                for lane in 0..LANES {
                    let beside = (min[lane] > at) | (max[lane] < at);
                    far[lane] = if beside { f64::NEG_INFINITY } else { far[lane] };
                }
                continue;
            }
            let (first, last) = if inverse > 0.0 { (min, max) } else { (max, min) };
            for lane in 0..LANES {
                near[lane] = larger((first[lane] - at) * inverse, near[lane]);
                far[lane] = smaller((last[lane] - at) * inverse, far[lane]);
            }
        }
        (near, far)
    }

    /// For each lane a `t` before which the ray does not enter; NaN if it surely misses.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lanes(&self, lanes: &Lanes<D>) -> [f64; LANES] {
        let (mut near, far) = self.times(lanes);
        for lane in 0..LANES {
            let reach = far[lane] + far[lane].abs() * SLACK + f64::MIN_POSITIVE;
            let early = near[lane] - near[lane] * SLACK;
            near[lane] = if early <= reach { early } else { f64::NAN };
        }
        near
    }

    /// For each lane the way that the ray has inside of it, below 0, so that the longest is the
    /// least; NaN if it surely misses.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn brevity(&self, lanes: &Lanes<D>) -> [f64; LANES] {
        let (near, mut far) = self.times(lanes);
        for lane in 0..LANES {
            let reach = far[lane] + far[lane].abs() * SLACK + f64::MIN_POSITIVE;
            let early = near[lane] - near[lane] * SLACK;
            far[lane] = if early <= reach { early - reach } else { f64::NAN };
        }
        far
    }

    /// The lanes that the ray surely hits, even if no more than what is told of them is there.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn surely(&self, inner: &Lanes<D>) -> Mask {
        let (near, far) = self.times(inner);
        let mut hit = [false; LANES];
        for lane in 0..LANES {
            let late = near[lane] + near[lane] * SLACK + f64::MIN_POSITIVE;
            let reach = far[lane] - far[lane].abs() * SLACK;
            hit[lane] = (late < reach) & (late < f64::INFINITY);
        }
        mask_of(&hit)
    }
}

impl<const D: usize> Ray<D> {
    /// The children that it may hit, and those that it surely does.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn passes<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> (Mask, Mask) {
        let mut lanes = Lanes::EMPTY;
        tree.lanes(kernel, group, &mut lanes);
        let maybe = Filter::lanes(self, &lanes).0 & tree.present(group);
        if maybe == 0 {
            return (0, 0);
        }
        tree.inner_lanes(kernel, group, &mut lanes);
        (maybe, maybe & self.surely(&lanes))
    }
}

impl<const D: usize> Filter<D> for Ray<D> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lanes(&self, lanes: &Lanes<D>) -> (Mask, Mask) {
        let times = self.lanes(lanes);
        let mut hit = [false; LANES];
        for lane in 0..LANES {
            hit[lane] = times[lane] >= 0.0;
        }
        (mask_of(&hit), 0)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn item(&self, bounds: &BoxN<D>) -> bool {
        self.enters(bounds).is_some()
    }

    /// Boxes that the ray passes well inside of need not be looked at exactly.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn items<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> Mask {
        let told = tree.passed(kernel, group, self.told());
        let (maybe, mut found) = told.unwrap_or_else(|| self.passes(kernel, tree, group));
        for lane in bits(maybe & !found) {
            found |= Mask::from(self.item(&tree.item(group, lane))) << lane;
        }
        found
    }
}

impl<const D: usize> Measure<D> for Ray<D> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bounds(&self, lanes: &Lanes<D>) -> [f64; LANES] {
        self.lanes(lanes)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn key(&self, _id: u32, bounds: &BoxN<D>) -> f64 {
        self.enters(bounds).unwrap_or(f64::NAN)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn distance(&self, key: f64) -> f64 {
        key
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn limit(&self, distance: f64) -> f64 {
        distance
    }
}

/// A ray that meets what is inside of the boxes: `exact` says for an item where, if at all. A
/// time before the ray enters the item's box is not searched for.
pub(crate) struct Refined<const D: usize, F> {
    ray: Ray<D>,
    exact: RefCell<F>,
}

impl<const D: usize, F: FnMut(u32) -> Option<f64>> Refined<D, F> {
    pub(crate) fn new(ray: Ray<D>, exact: F) -> Self {
        Refined { ray, exact: RefCell::new(exact) }
    }
}

impl<const D: usize, F: FnMut(u32) -> Option<f64>> Measure<D> for Refined<D, F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bounds(&self, lanes: &Lanes<D>) -> [f64; LANES] {
        self.ray.lanes(lanes)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn key(&self, id: u32, bounds: &BoxN<D>) -> f64 {
        let exact = || (self.exact.borrow_mut())(id);
        self.ray.enters(bounds).and_then(|_| exact()).unwrap_or(f64::NAN)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn distance(&self, key: f64) -> f64 {
        key
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn limit(&self, distance: f64) -> f64 {
        distance
    }
}

/// The question for all hits with their times, added in no order.
pub(crate) struct Hits<'a, const D: usize> {
    pub(crate) ray: Ray<D>,
    pub(crate) hits: &'a mut Vec<Hit>,
}

impl<const D: usize> Question<D> for Hits<'_, D> {
    type Answer = ();

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) {
        // It never breaks off.
        let _ = descend(tree, &mut Hitting { kernel, tree, ray: self.ray, hits: self.hits });
    }
}

struct Hitting<'a, const D: usize, K, T> {
    kernel: K,
    tree: &'a T,
    ray: Ray<D>,
    hits: &'a mut Vec<Hit>,
}

impl<const D: usize, K: Kernel, T: Tree<D>> Walk<D, T> for Hitting<'_, D, K, T> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn open(&mut self, group: T::Group) -> ControlFlow<(), Mask> {
        let (maybe, _) = self.ray.nodes(self.kernel, self.tree, group);
        if self.tree.level(group) > 0 {
            return ControlFlow::Continue(maybe);
        }
        for lane in bits(maybe) {
            if let Some(t) = self.ray.enters(&self.tree.item(group, lane)) {
                let id = self.tree.item_id(group, lane);
                self.hits.push(Hit { id, t });
            }
        }
        ControlFlow::Continue(0)
    }
}
