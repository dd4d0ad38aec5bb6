//! Everything within a distance, as regions.
//!
//! Owns: the ball round a box in Euclidean space and the cap of the sphere round a point. Does not
//! own distances. Invariants: what is exactly as far as the radius belongs to it; radius 0 is what
//! touches; nothing is within a radius that is negative or not a number.

use super::lanes::{at_most, distances_squared, furthest_squared, touching};
use super::measure::{GreatCircle, Measure};
use super::reach::Reach;
use super::search::Filter;
use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Lanes, Mask, Tree, bits};

/// What is within a Euclidean distance of a box. Squares are taken, so a difference under 1e-150
/// counts as none and one over 1e150 as infinite, but a radius of 0 is exact.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within<const D: usize> {
    bounds: BoxN<D>,
    reach: Reach,
    touches: bool,
}

impl<const D: usize> Within<D> {
    pub(crate) fn new(bounds: BoxN<D>, max_distance: f64) -> Self {
        Within { bounds, reach: Reach::new(max_distance), touches: max_distance == 0.0 }
    }
}

impl<const D: usize> Filter<D> for Within<D> {
    #[inline(always)]
    fn lanes(&self, lanes: &Lanes<D>) -> (Mask, Mask) {
        if self.touches {
            return super::lanes::window(lanes, &self.bounds);
        }
        (
            at_most(&distances_squared(lanes, &self.bounds), self.reach.outer),
            at_most(&furthest_squared(lanes, &self.bounds), self.reach.inner),
        )
    }

    #[inline(always)]
    fn item(&self, bounds: &BoxN<D>) -> bool {
        if self.touches {
            return self.bounds.intersects(bounds);
        }
        self.reach.holds(self.bounds.distance_squared_to_box(bounds))
    }

    /// What an item surely holds is near enough for nearly all that belong to the answer.
    #[inline(always)]
    fn items<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> Mask {
        let mut lanes = Lanes::EMPTY;
        tree.lanes(kernel, group, &mut lanes);
        let maybe = if self.touches {
            touching(&lanes, &self.bounds)
        } else {
            at_most(&distances_squared(&lanes, &self.bounds), self.reach.outer)
        };
        let maybe = maybe & tree.present(group);
        if maybe == 0 {
            return 0;
        }
        tree.inner_lanes(kernel, group, &mut lanes);
        let sure = if self.touches {
            touching(&lanes, &self.bounds)
        } else {
            at_most(&distances_squared(&lanes, &self.bounds), self.reach.inner)
        };
        let mut found = maybe & sure;
        for lane in bits(maybe & !sure) {
            found |= Mask::from(self.item(&tree.item(group, lane))) << lane;
        }
        found
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
