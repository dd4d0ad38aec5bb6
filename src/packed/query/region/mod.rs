//! Regions of any shape, by an open trait.
//!
//! Owns: the trait, and how a region is searched. Does not own the shapes, one file to a kind.
//! Invariants: a region that says that it does not overlap a box shares no point with it, and one
//! that says that it contains a box holds all of it.

mod convex;
mod edges;
mod planes;
mod round;

pub use convex::ConvexPolygon;
pub use edges::PolygonRegion;
pub use planes::{Frustum, HalfSpace};
pub use round::{Ball, Capsule, Cone};

use std::cell::RefCell;
use std::sync::Arc;

use super::lanes::{larger, mask_of, touching};
use super::measure::Measure;
use super::search::Filter;
use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::simd::Kernel;
use crate::packed::tree::{LANES, Lanes, Mask, Tree, bits};

/// A set of points that boxes are tested against. An item belongs to the answer if
/// [`overlaps`](Region::overlaps) says so of its box.
pub trait Region<const D: usize> {
    /// Whether the region shares a point with a box. A larger box must not share less.
    fn overlaps(&self, bounds: &BoxN<D>) -> bool;

    /// Whether the region surely holds all of a box; what lies in that box is then taken without
    /// being looked at.
    fn contains(&self, _bounds: &BoxN<D>) -> bool {
        false
    }

    /// A box that holds the region; what lies outside is ruled out without asking.
    fn bounds(&self) -> BoxN<D> {
        BoxN::EVERYWHERE
    }

    /// The boxes of which one may overlap the region: bit `i` is that of the box from `min[k][i]`
    /// to `max[k][i]` on each axis `k`. Only boxes with their bit in `among` need be looked at.
    /// For shapes that test 16 boxes faster than 16 times one; it may be true of too many.
    fn overlaps_each(&self, min: &[[f64; 16]; D], max: &[[f64; 16]; D], among: u16) -> u16 {
        let lanes = Lanes { min: *min, max: *max };
        bits(among).filter(|lane| self.overlaps(&lanes.get(*lane))).fold(0, |m, lane| m | 1 << lane)
    }
}

/// What a pointer points to, asked through it.
macro_rules! asked_through {
    ($pointer:ty) => {
        impl<const D: usize, R: Region<D> + ?Sized> Region<D> for $pointer {
            fn overlaps(&self, bounds: &BoxN<D>) -> bool {
                (**self).overlaps(bounds)
            }

            fn contains(&self, bounds: &BoxN<D>) -> bool {
                (**self).contains(bounds)
            }

            fn bounds(&self) -> BoxN<D> {
                (**self).bounds()
            }

            fn overlaps_each(&self, min: &[[f64; 16]; D], max: &[[f64; 16]; D], among: u16) -> u16 {
                (**self).overlaps_each(min, max, among)
            }
        }
    };
}
asked_through!(&R);
// For what outlives the call that asks: a question to a streamed index.
asked_through!(Arc<R>);

/// A region that is searched for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inside<const D: usize, R> {
    region: R,
    bounds: BoxN<D>,
}

impl<const D: usize, R: Region<D>> Inside<D, R> {
    pub(crate) fn new(region: R) -> Self {
        let bounds = region.bounds();
        Inside { region, bounds }
    }

    /// The lanes with a child that reaches into the region's box.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn candidates(&self, lanes: &Lanes<D>) -> Mask {
        let mut is_child = [false; LANES];
        for (lane, is_child) in is_child.iter_mut().enumerate() {
            *is_child = lanes.min[0][lane] <= lanes.max[0][lane];
        }
        touching(lanes, &self.bounds) & mask_of(&is_child)
    }
}

impl<const D: usize, R: Region<D>> Filter<D> for Inside<D, R> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn lanes(&self, lanes: &Lanes<D>) -> (Mask, Mask) {
        let among = self.candidates(lanes);
        let maybe = self.region.overlaps_each(&lanes.min, &lanes.max, among) & among;
        let contained = |lane: &usize| self.region.contains(&lanes.get(*lane));
        (maybe, bits(maybe).filter(contained).fold(0, |mask, lane| mask | 1 << lane))
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn item(&self, bounds: &BoxN<D>) -> bool {
        self.bounds.intersects(bounds) && self.region.overlaps(bounds)
    }

    /// Items are asked about once, by their exact boxes.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn items<K: Kernel, T: Tree<D>>(&self, kernel: K, tree: &T, group: T::Group) -> Mask {
        let mut lanes = Lanes::EMPTY;
        tree.lanes(kernel, group, &mut lanes);
        let among = self.candidates(&lanes) & tree.present(group);
        let found = |lane: &usize| self.item(&tree.item(group, *lane));
        bits(among).filter(found).fold(0, |mask, lane| mask | 1 << lane)
    }
}

/// A region whose items come in the order of a key: a function of a box that for any larger box
/// says no more.
pub(crate) struct Ordered<const D: usize, R, F> {
    region: Inside<D, R>,
    key: RefCell<F>,
}

impl<const D: usize, R: Region<D>, F: FnMut(&BoxN<D>) -> f64> Ordered<D, R, F> {
    pub(crate) fn new(region: R, key: F) -> Self {
        Ordered { region: Inside::new(region), key: RefCell::new(key) }
    }
}

impl<const D: usize, R: Region<D>, F: FnMut(&BoxN<D>) -> f64> Measure<D> for Ordered<D, R, F> {
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn bounds(&self, lanes: &Lanes<D>) -> [f64; LANES] {
        let among = self.region.candidates(lanes);
        let maybe = self.region.region.overlaps_each(&lanes.min, &lanes.max, among) & among;
        let mut key = self.key.borrow_mut();
        let mut keys = [f64::NAN; LANES];
        for lane in bits(maybe) {
            keys[lane] = key(&lanes.get(lane));
        }
        keys
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn key(&self, _id: u32, bounds: &BoxN<D>) -> f64 {
        if self.region.item(bounds) { (self.key.borrow_mut())(bounds) } else { f64::NAN }
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

/// The corners of a box.
fn corners<const D: usize>(bounds: &BoxN<D>) -> impl Iterator<Item = [f64; D]> {
    (0..1_usize << D)
        .map(|corner| each(|k| if corner >> k & 1 == 0 { bounds.min[k] } else { bounds.max[k] }))
}

/// What a box covers on the first two axes: `(min, max)`.
fn ground<const D: usize>(bounds: &BoxN<D>) -> ([f64; 2], [f64; 2]) {
    let at = |side: &[f64; D]| [0, 1].map(|k: usize| side.get(k).copied().unwrap_or(0.0));
    (at(&bounds.min), at(&bounds.max))
}

/// The box over the first two axes, endless on the others.
fn column<const D: usize>(min: [f64; 2], max: [f64; 2]) -> BoxN<D> {
    BoxN {
        min: each(|k| min.get(k).copied().unwrap_or(f64::NEG_INFINITY)),
        max: each(|k| max.get(k).copied().unwrap_or(f64::INFINITY)),
    }
}

/// The part of a box that lies in another one; none if they share no point.
fn clip(a: ([f64; 2], [f64; 2]), b: ([f64; 2], [f64; 2])) -> Option<([f64; 2], [f64; 2])> {
    let min = [0, 1].map(|k: usize| larger(a.0[k], b.0[k]));
    let max = [0, 1].map(|k: usize| super::lanes::smaller(a.1[k], b.1[k]));
    (min[0] <= max[0] && min[1] <= max[1]).then_some((min, max))
}
