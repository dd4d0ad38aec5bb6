//! What is near: a number for each box, by which items are ordered and nodes ruled out.
//!
//! Owns: the Euclidean measure, the great circle, measures of a caller. Does not own the search.
//! Invariants: a bound is never more than the key of an item inside of the box; the key of an item
//! comes from its exact box. Keys grow with the distance and are cheaper.

use std::cell::RefCell;

use super::lanes::distances_squared;
use super::reach::Reach;
use crate::geom::{DistanceFrom, Point, Rect, Space};
use crate::packed::boxes::BoxN;
use crate::packed::tree::{LANES, Lanes};

/// A way to order items, best first.
pub(crate) trait Measure<const D: usize> {
    /// For each lane, what no key of an item inside is below; NaN if no item inside is wanted.
    fn bounds(&self, lanes: &Lanes<D>) -> [f64; LANES];

    /// The key of an item; NaN if it is not wanted.
    fn key(&self, id: u32, bounds: &BoxN<D>) -> f64;

    /// What a caller calls the key.
    fn distance(&self, key: f64) -> f64;

    /// The largest key, or a little more, of what is within a distance.
    fn limit(&self, distance: f64) -> f64;
}

/// Euclidean distance to a box, or to a point, which is a box without size. Keys are squares, so
/// distances under 1e-150 count as 0 and over 1e150 as infinite.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Euclidean<const D: usize>(pub(crate) BoxN<D>);

impl<const D: usize> Measure<D> for Euclidean<D> {
    #[inline(always)]
    fn bounds(&self, lanes: &Lanes<D>) -> [f64; LANES] {
        distances_squared(lanes, &self.0)
    }

    #[inline(always)]
    fn key(&self, _id: u32, bounds: &BoxN<D>) -> f64 {
        self.0.distance_squared_to_box(bounds)
    }

    #[inline(always)]
    fn distance(&self, key: f64) -> f64 {
        key.sqrt()
    }

    #[inline(always)]
    fn limit(&self, distance: f64) -> f64 {
        Reach::new(distance).outer
    }
}

/// Distance in metres along the great circle on the mean sphere, from a longitude and a latitude in
/// degrees on axes 0 and 1; further axes play no part. Right across the antimeridian and at the
/// poles. A box runs eastwards from its `min` to its `max`. Longitudes count modulo 360, so that
/// one from 170 to 190 crosses the antimeridian, and one of 360 degrees or more goes all the way
/// round; latitudes beyond a pole count as the pole. Points are measured as `haversine_m` does,
/// boxes with a size to one part in 1e13.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GreatCircle(DistanceFrom);

impl GreatCircle {
    pub(crate) fn new(lon: f64, lat: f64) -> Self {
        GreatCircle(DistanceFrom::new(Space::Geographic, Point::new(lon, lat)))
    }

    /// What no key of anything inside of a box is below.
    #[inline(always)]
    pub(super) fn bound<const D: usize>(&self, bounds: &BoxN<D>) -> f64 {
        // The key of an item with a size is such a bound as well; a second allowance keeps the
        // bound of what surrounds it from exceeding it by rounding.
        let key = self.nearest_of(ground(bounds));
        key - key * 1e-14
    }

    /// The key of an item.
    #[inline(always)]
    pub(super) fn exact<const D: usize>(&self, bounds: &BoxN<D>) -> f64 {
        let ground = ground(bounds);
        if ground.min_x == ground.max_x && ground.min_y == ground.max_y {
            self.0.key(ground.min_x, ground.min_y)
        } else {
            self.nearest_of(ground)
        }
    }

    /// What no key of a point of a box is below, of one that crosses the antimeridian too.
    #[inline(always)]
    fn nearest_of(&self, ground: Rect) -> f64 {
        if ground.min_x <= ground.max_x {
            return self.0.lower_bound_key(&ground);
        }
        let pieces = ground.split(Space::Geographic);
        pieces.iter().map(|piece| self.0.lower_bound_key(piece)).fold(f64::INFINITY, f64::min)
    }

    pub(super) fn origin(&self) -> Point {
        self.0.origin()
    }
}

/// What a box covers of the globe; `min_x` above `max_x` crosses the antimeridian. What a box holds
/// is covered by what it covers, also beyond 180 degrees and the poles: by this alone the boxes of
/// nodes bound those of items, which callers may put anywhere.
#[inline(always)]
fn ground<const D: usize>(bounds: &BoxN<D>) -> Rect {
    let at = |side: &[f64; D], axis: usize| side.get(axis).copied().unwrap_or(0.0);
    let (min, max) = (&bounds.min, &bounds.max);
    let (mut west, mut east) = (at(min, 0), at(max, 0));
    if west < -180.0 || east > 180.0 {
        (west, east) = turned(west, east);
    }
    Rect::new(west, at(min, 1).clamp(-90.0, 90.0), east, at(max, 1).clamp(-90.0, 90.0))
}

/// The same meridians from -180 to 180. Every step of it is exact.
#[cold]
fn turned(west: f64, east: f64) -> (f64, f64) {
    let turn = |lon: f64| match lon % 360.0 {
        rest if rest > 180.0 => rest - 360.0,
        rest if rest < -180.0 => rest + 360.0,
        rest => rest,
    };
    // An infinite side goes round for ever.
    if east - west < 360.0 { (turn(west), turn(east)) } else { (-180.0, 180.0) }
}

impl<const D: usize> Measure<D> for GreatCircle {
    #[inline(always)]
    fn bounds(&self, lanes: &Lanes<D>) -> [f64; LANES] {
        let mut keys = [f64::NAN; LANES];
        for (lane, key) in keys.iter_mut().enumerate() {
            let bounds = lanes.get(lane);
            if bounds.min[0] <= bounds.max[0] {
                *key = self.bound(&bounds);
            }
        }
        keys
    }

    #[inline(always)]
    fn key(&self, _id: u32, bounds: &BoxN<D>) -> f64 {
        self.exact(bounds)
    }

    #[inline(always)]
    fn distance(&self, key: f64) -> f64 {
        self.0.distance_of(key)
    }

    #[inline(always)]
    fn limit(&self, distance: f64) -> f64 {
        self.0.key_of(distance)
    }
}

/// A measure of a caller: a function that gives the distance of an item from its box, and for any
/// larger box no more than that. It may say NaN for what is not wanted at all.
pub(crate) struct Custom<F>(RefCell<F>);

impl<F> Custom<F> {
    pub(crate) fn new(distance: F) -> Self {
        Custom(RefCell::new(distance))
    }
}

impl<const D: usize, F: FnMut(&BoxN<D>) -> f64> Measure<D> for Custom<F> {
    #[inline(always)]
    fn bounds(&self, lanes: &Lanes<D>) -> [f64; LANES] {
        let mut distance = self.0.borrow_mut();
        let mut keys = [f64::NAN; LANES];
        for (lane, key) in keys.iter_mut().enumerate() {
            let bounds = lanes.get(lane);
            // A lane without a child holds no box that a caller could make sense of.
            if bounds.min[0] <= bounds.max[0] {
                *key = distance(&bounds);
            }
        }
        keys
    }

    #[inline(always)]
    fn key(&self, _id: u32, bounds: &BoxN<D>) -> f64 {
        (self.0.borrow_mut())(bounds)
    }

    #[inline(always)]
    fn distance(&self, key: f64) -> f64 {
        key
    }

    #[inline(always)]
    fn limit(&self, distance: f64) -> f64 {
        distance
    }
}
