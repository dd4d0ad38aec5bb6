//! Everything within a distance, as regions.
//!
//! Owns: the ball round a box in Euclidean space and the cap of the sphere round a point. Does not
//! own distances. Invariants: what is exactly as far as the radius belongs to it; radius 0 is what
//! touches; nothing is within a radius that is negative or not a number.

use std::ops::ControlFlow;

use super::lanes::{at_most, distances_squared};
use super::margins::Margins;
use super::measure::{GreatCircle, Measure};
use super::reach::Reach;
use super::search::{Bracketed, Filter};
use crate::packed::boxes::BoxN;
use crate::packed::simd::{Kernel, Near};
use crate::packed::sink::Sink;
use crate::packed::steps::Steps;
use crate::packed::tree::{LANES, Lanes, Mask, Tree, Window, bits};

/// What is within a Euclidean distance of a box. Squares are taken, so a difference under 1e-150
/// counts as none and one over 1e150 as infinite, but a radius of 0 is exact.
///
/// Layouts answer windows quickly, so there are two: what does not touch `around` is too far, and
/// what touches `within` is near enough. Distances are taken only of what lies between.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within<const D: usize> {
    bounds: BoxN<D>,
    reach: Reach,
    touches: bool,
    margins: Margins,
    around: Window<D>,
    within: Window<D>,
}

impl<const D: usize> Within<D> {
    pub(crate) fn new(bounds: BoxN<D>, max_distance: f64) -> Self {
        let reach = Reach::new(max_distance);
        let touches = max_distance == 0.0;
        let margins = Margins::new::<D>(&reach);
        let of = |window: Window<D>| if touches { Window::new(bounds) } else { window };
        let (around, within) = (of(margins.around(&bounds)), of(margins.within(&bounds)));
        Within { bounds, reach, touches, margins, around, within }
    }

    /// Whether anything can be near enough.
    #[inline(always)]
    fn is_possible(&self) -> bool {
        self.touches || self.reach.outer >= 0.0
    }
}

impl<const D: usize> Filter<D> for Within<D> {
    #[inline(always)]
    fn item(&self, bounds: &BoxN<D>) -> bool {
        if self.touches {
            return self.bounds.intersects(bounds);
        }
        self.reach.holds(self.bounds.distance_squared_to_box(bounds))
    }

    #[inline(always)]
    fn search<K: Kernel, T: Tree<D>, S: Sink>(
        &self,
        kernel: K,
        tree: &T,
        sink: &mut S,
    ) -> ControlFlow<()> {
        if !self.is_possible() {
            return ControlFlow::Continue(());
        }
        tree.search_between(kernel, self, sink)
    }

    #[inline(always)]
    fn nodes<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> (Mask, Mask) {
        if !self.is_possible() {
            return (0, 0);
        }
        let (maybe, _) = tree.nodes_in(kernel, group, &self.around);
        let (_, inside) = tree.nodes_in(kernel, group, &self.within);
        (maybe, maybe & inside)
    }

    #[inline(always)]
    fn items<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> Mask {
        if !self.is_possible() {
            return 0;
        }
        let (maybe, _) = tree.items_near(kernel, group, &self.around);
        if maybe == 0 {
            return 0;
        }
        let (_, near) = tree.items_near(kernel, group, &self.within);
        let mut found = maybe & near;
        for lane in bits(maybe & !near) {
            found |= Mask::from(self.item(&tree.item(group, lane))) << lane;
        }
        found
    }
}

impl<const D: usize> Bracketed<D> for Within<D> {
    const IS_WINDOW: bool = false;

    #[inline(always)]
    fn around(&self) -> &Window<D> {
        &self.around
    }

    #[inline(always)]
    fn within(&self) -> &Window<D> {
        &self.within
    }

    #[inline(always)]
    fn near(&self, steps: &Steps<D>) -> Option<Near<D>> {
        if self.touches {
            return None;
        }
        steps.near(&self.bounds, self.margins.nearest, self.margins.outer)
    }

    #[inline(always)]
    fn decide(&self, outer: &Lanes<D>, slack: f64) -> (Mask, Mask) {
        if self.touches {
            return (Mask::MAX, 0);
        }
        let keys = distances_squared(outer, &self.bounds);
        (at_most(&keys, self.reach.outer), at_most(&keys, self.reach.inner_but(slack)))
    }
}

/// What is within a distance in metres along the great circle from a longitude and a latitude; see
/// [`GreatCircle`] for what boxes mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cap {
    centre: GreatCircle,
    /// The other end of the diameter: what is far from it is near.
    antipode: GreatCircle,
    max_distance: f64,
    max_key: f64,
}

impl Cap {
    pub(crate) fn new(lon: f64, lat: f64, max_distance: f64) -> Self {
        let centre = GreatCircle::new(lon, lat);
        let at = centre.origin();
        let opposite = if at.x > 0.0 { at.x - 180.0 } else { at.x + 180.0 };
        let max_key = Measure::<2>::limit(&centre, max_distance);
        Cap { centre, antipode: GreatCircle::new(opposite, -at.y), max_distance, max_key }
    }
}

impl<const D: usize> Filter<D> for Cap {
    #[inline(always)]
    fn lanes(&self, lanes: &Lanes<D>) -> (Mask, Mask) {
        // The squared sines of the half angles from the two ends of a diameter add up to 1. What
        // rounding may do to either is far below this.
        const SLACK: f64 = 1e-12;
        let (mut maybe, mut inside) = (0, 0);
        for lane in 0..LANES {
            let bounds = lanes.get(lane);
            if bounds.min[0] <= bounds.max[0] && self.centre.bound(&bounds) <= self.max_key {
                maybe |= 1 << lane;
                let furthest = 1.0 - self.antipode.bound(&bounds);
                inside |= Mask::from(furthest + SLACK <= self.max_key) << lane;
            }
        }
        (maybe, inside)
    }

    #[inline(always)]
    fn item(&self, bounds: &BoxN<D>) -> bool {
        Measure::<D>::distance(&self.centre, self.centre.exact(bounds)) <= self.max_distance
    }
}
