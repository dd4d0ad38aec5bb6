//! Polygons of any form, with holes.
//!
//! Owns: the index of the edges by height, and the test of a box against them. Does not own the
//! test of a point, which is the polygon's. Invariants: the polygon is closed and lies on the first
//! two axes; further axes play no part. The answer is exact, short of overflow: a box overlaps if
//! it shares a point with an edge, or else if any point of it is inside.

use super::convex::{extremes, turn};
use super::{Region, clip, column, ground};
use crate::geom::Polygon;
use crate::packed::boxes::BoxN;

/// How many edges there are to a slab, at first.
const EDGES_A_SLAB: usize = 2;
/// How often an edge may be entered on average, before slabs are made higher.
const ENTRIES_AN_EDGE: usize = 8;

type Corner = (f64, f64);

/// A polygon or several, with holes, as a region.
#[derive(Clone, Debug)]
pub struct PolygonRegion {
    polygon: Polygon,
    min: [f64; 2],
    max: [f64; 2],
    edges: Vec<(Corner, Corner)>,
    /// Of each slab of equal height the numbers of the edges that reach into it.
    slabs: Vec<Vec<u32>>,
    per_y: f64,
}

impl PolygonRegion {
    /// Prepares a polygon for being searched.
    pub fn new(polygon: &Polygon) -> Self {
        let rings = polygon.parts().flat_map(|(exterior, holes)| {
            std::iter::once(exterior).chain(holes.iter().map(|hole| &hole[..]))
        });
        let edges: Vec<_> =
            rings.flat_map(|ring| ring.windows(2).map(|edge| (edge[0], edge[1]))).collect();
        let bounds = polygon.bounds();
        let (min, max) = ([bounds.min_x, bounds.min_y], [bounds.max_x, bounds.max_y]);
        let mut count = (edges.len() / EDGES_A_SLAB).max(1);
        let polygon = polygon.clone();
        let mut region = PolygonRegion { polygon, min, max, edges, slabs: vec![], per_y: 0.0 };
        loop {
            region.slabs = vec![Vec::new(); count];
            region.per_y = count as f64 / (max[1] - min[1]);
            let spans = region.edges.iter().map(|(a, b)| region.span(a.1, b.1).count());
            if count == 1 || spans.sum::<usize>() <= ENTRIES_AN_EDGE * region.edges.len() {
                break;
            }
            count = count.div_ceil(2);
        }
        for (number, (a, b)) in (0u32..).zip(&region.edges) {
            for slab in region.span(a.1, b.1) {
                region.slabs[slab].push(number);
            }
        }
        region
    }

    /// The slabs between two heights. Each step keeps the order, so what shares a height shares a
    /// slab; a cast to an integer saturates, and what is no number is slab 0 for all alike.
    fn span(&self, a: f64, b: f64) -> std::ops::RangeInclusive<usize> {
        let last = self.slabs.len() - 1;
        let slab = |y: f64| (((y - self.min[1]) * self.per_y) as usize).min(last);
        slab(a.min(b))..=slab(a.max(b))
    }

    /// Whether an edge shares a point with a box that lies within the bounds.
    fn meets_edge(&self, part: ([f64; 2], [f64; 2])) -> bool {
        let slabs = &self.slabs[self.span(part.0[1], part.1[1])];
        let meets = |number: &u32| {
            let (a, b) = self.edges[*number as usize];
            meets(a, b, part)
        };
        slabs.iter().any(|slab| slab.iter().any(meets))
    }
}

/// Whether a segment shares a point with a box.
fn meets(a: Corner, b: Corner, part: ([f64; 2], [f64; 2])) -> bool {
    let edge = ([a.0.min(b.0), a.1.min(b.1)], [a.0.max(b.0), a.1.max(b.1)]);
    if clip(edge, part).is_none() {
        return false;
    }
    let (left, right) = extremes(a, b, part);
    let apart = turn(a, b, left) < 0.0 || turn(a, b, right) > 0.0;
    !apart
}

impl<const D: usize> Region<D> for PolygonRegion {
    fn overlaps(&self, bounds: &BoxN<D>) -> bool {
        let Some(part) = clip(ground(bounds), (self.min, self.max)) else { return false };
        // If no edge meets the box, one of its points speaks for all.
        self.polygon.contains(part.0[0], part.0[1]) || self.meets_edge(part)
    }

    fn contains(&self, bounds: &BoxN<D>) -> bool {
        let part = ground(bounds);
        clip(part, (self.min, self.max)) == Some(part)
            && self.polygon.contains(part.0[0], part.0[1])
            && !self.meets_edge(part)
    }

    fn bounds(&self) -> BoxN<D> {
        column(self.min, self.max)
    }
}
