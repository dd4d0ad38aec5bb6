//! Convex polygons, triangles among them.
//!
//! Owns: the exact test by separating lines. Invariants: the polygon is closed and lies on the
//! first two axes; further axes play no part. Turns are exact (crate `robust`), short of overflow,
//! where a box counts as overlapping.

use robust::{Coord, orient2d};

use super::{Region, clip, column, ground};
use crate::error::{Error, Result};
use crate::geom::convex_hull;
use crate::packed::boxes::BoxN;

/// The convex hull of points in the plane of the first two axes.
#[derive(Clone, Debug, PartialEq)]
pub struct ConvexPolygon {
    /// Counter-clockwise, not closed.
    ring: Vec<(f64, f64)>,
    min: [f64; 2],
    max: [f64; 2],
}

impl ConvexPolygon {
    /// The hull of these points, at least one, all finite. Points inside of it add nothing; a hull
    /// without area is a segment or a point.
    pub fn new(points: &[(f64, f64)]) -> Result<Self> {
        const OPERATION: &str = "convex polygon";
        if let Some((x, y)) = points.iter().find(|(x, y)| !(x.is_finite() && y.is_finite())) {
            return Err(Error::invalid(OPERATION, format!("({x:?}, {y:?}) is not finite")));
        }
        let mut ring = convex_hull(points.iter().copied());
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        let Some(&(x, y)) = ring.first() else {
            return Err(Error::invalid(OPERATION, "it has no point"));
        };
        let (mut min, mut max) = ([x, y], [x, y]);
        for &(x, y) in &ring {
            min = [min[0].min(x), min[1].min(y)];
            max = [max[0].max(x), max[1].max(y)];
        }
        Ok(ConvexPolygon { ring, min, max })
    }

    /// The triangle of three points.
    pub fn triangle(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> Result<Self> {
        ConvexPolygon::new(&[a, b, c])
    }

    /// The edges, the polygon to their left.
    fn edges(&self) -> impl Iterator<Item = ((f64, f64), (f64, f64))> {
        let next = self.ring.iter().cycle().skip(1);
        self.ring.iter().copied().zip(next.copied()).filter(|(a, b)| a != b)
    }
}

/// Positive if `c` is to the left of the line from `a` to `b`.
pub(super) fn turn(a: (f64, f64), b: (f64, f64), c: [f64; 2]) -> f64 {
    let at = |(x, y): (f64, f64)| Coord { x, y };
    orient2d(at(a), at(b), Coord { x: c[0], y: c[1] })
}

/// The corner of a box that is furthest to the left of a line, and the one furthest to the right.
pub(super) fn extremes(
    a: (f64, f64),
    b: (f64, f64),
    (min, max): ([f64; 2], [f64; 2]),
) -> ([f64; 2], [f64; 2]) {
    let (left_x, right_x) = if b.1 >= a.1 { (min[0], max[0]) } else { (max[0], min[0]) };
    let (left_y, right_y) = if b.0 >= a.0 { (max[1], min[1]) } else { (min[1], max[1]) };
    ([left_x, left_y], [right_x, right_y])
}

impl<const D: usize> Region<D> for ConvexPolygon {
    fn overlaps(&self, bounds: &BoxN<D>) -> bool {
        let Some(part) = clip(ground(bounds), (self.min, self.max)) else { return false };
        // Nothing of the box is to the left of a line that has the polygon there: separated.
        !self.edges().any(|(a, b)| turn(a, b, extremes(a, b, part).0) < 0.0)
    }

    fn contains(&self, bounds: &BoxN<D>) -> bool {
        let part = ground(bounds);
        clip(part, (self.min, self.max)) == Some(part)
            && self.edges().all(|(a, b)| turn(a, b, extremes(a, b, part).1) >= 0.0)
    }

    fn bounds(&self) -> BoxN<D> {
        column(self.min, self.max)
    }
}
