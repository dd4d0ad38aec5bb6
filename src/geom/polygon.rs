//! A polygon, or several with holes, as a region of the plane.
//!
//! Owns: which rings make a valid region, and the answer whether a point is in it. Does not own
//! the cleaning of a ring (`ring`), the search for crossings (`crossing`), the index (`slabs`).
//!
//! Invariants: a region is closed, so a point on the border of a part or of a hole is inside, and
//! exactly so: no rounding moves a point over an edge. Edges are straight in the numbers of the
//! coordinates, so in longitude and latitude; the antimeridian is not special.

use std::fmt;
use std::sync::Arc;

use super::crossing;
use super::point::Space;
use super::rect::Rect;
use super::ring::{Side, Xy, area, bounds, clean, locate};
use super::slabs::{ENTRIES_AN_EDGE, Slabs};
use crate::error::{Error, ErrorKind, Result};

const OPERATION: &str = "polygon";

/// One exterior ring and the holes in it, as GeoJSON nests them.
pub type PolygonRings = (Vec<(f64, f64)>, Vec<Vec<(f64, f64)>>);

/// A polygon or several, with holes; immutable, and cheap to clone.
#[derive(Clone)]
pub struct Polygon(Arc<Shape>);

struct Shape {
    parts: Vec<Part>,
    bounds: Rect,
    slabs: Slabs,
}

/// An exterior ring and the holes in it, all closed.
struct Part {
    exterior: Vec<Xy>,
    holes: Vec<Vec<Xy>>,
}

impl Polygon {
    /// A polygon of one exterior ring and any number of holes.
    ///
    /// Rings may be given closed or open and in either direction. Refused are coordinates that are
    /// not finite, rings of less than three distinct points or without area, rings that cross
    /// themselves or each other or share a piece of border, and holes outside of the exterior or
    /// within another hole. Rings may touch themselves and each other at points.
    pub fn new(exterior: Vec<(f64, f64)>, holes: Vec<Vec<(f64, f64)>>) -> Result<Polygon> {
        Polygon::multi(vec![(exterior, holes)])
    }

    /// Several polygons, each one valid as for [`new`](Self::new); they may overlap, and a point
    /// is inside if it is inside of any.
    pub fn multi(parts: Vec<PolygonRings>) -> Result<Polygon> {
        let parts = clean_parts(parts)?;
        for (number, part) in parts.iter().enumerate() {
            part.validate(number)?;
        }
        Polygon::index(parts)
    }

    /// As [`multi`](Self::multi), without the tests that rings do not cross and that holes lie
    /// within: for data as it is distributed. Inside of a part is what a ray leaves through an odd
    /// number of its edges, holes included.
    pub fn multi_unchecked(parts: Vec<PolygonRings>) -> Result<Polygon> {
        Polygon::index(clean_parts(parts)?)
    }

    fn index(parts: Vec<Part>) -> Result<Polygon> {
        let edges: usize = parts.iter().flat_map(Part::rings).map(|ring| ring.len() - 1).sum();
        // Entries of edges are counted in 32 bits.
        const LIMIT: usize = u32::MAX as usize / ENTRIES_AN_EDGE;
        if edges > LIMIT {
            let message = format!("{edges} edges, at most {LIMIT} are possible");
            return Err(Error::new(ErrorKind::LimitExceeded, OPERATION, message));
        }
        let all = parts.iter().flat_map(Part::rings).map(bounds).reduce(|a, b| a.union(&b));
        let bounds = all.ok_or_else(|| Error::invalid(OPERATION, "no ring"))?;
        let rings = (0u32..).zip(&parts).flat_map(|(n, part)| part.rings().map(move |r| (n, r)));
        let slabs = Slabs::new(rings, bounds.min_y, bounds.max_y);
        Ok(Polygon(Arc::new(Shape { parts, bounds, slabs })))
    }

    /// Refuses a polygon with a vertex that cannot be a position in `space`.
    pub fn validate(&self, space: Space, operation: &'static str) -> Result<()> {
        self.0.bounds.validate(space, operation)
    }

    /// Whether a point is inside or on a border.
    #[inline]
    pub fn contains(&self, x: f64, y: f64) -> bool {
        // A NaN is not within the bounds.
        self.0.bounds.contains(x, y) && self.0.slabs.contains(x, y)
    }

    /// The smallest box that holds it.
    pub fn bounds(&self) -> Rect {
        self.0.bounds
    }

    /// The exterior ring and the holes of each part, all closed, without repeated neighbours.
    #[expect(clippy::type_complexity, reason = "a part is as GeoJSON nests it")]
    pub fn parts(&self) -> impl ExactSizeIterator<Item = (&[(f64, f64)], &[Vec<(f64, f64)>])> {
        self.0.parts.iter().map(|part| (&part.exterior[..], &part.holes[..]))
    }

    /// How many vertices all rings have, the repeated first one of a ring not counted.
    pub fn vertex_count(&self) -> usize {
        self.0.parts.iter().flat_map(Part::rings).map(|ring| ring.len() - 1).sum()
    }

    /// The area of all parts, less their holes, in squared units of the coordinates; parts that
    /// overlap count twice.
    pub fn area(&self) -> f64 {
        let of_part = |part: &Part| {
            area(&part.exterior) - part.holes.iter().map(|hole| area(hole)).sum::<f64>()
        };
        self.0.parts.iter().map(of_part).sum()
    }
}

impl fmt::Debug for Polygon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Polygon")
            .field("parts", &self.0.parts.len())
            .field("vertices", &self.vertex_count())
            .field("bounds", &self.0.bounds)
            .finish_non_exhaustive()
    }
}

impl Part {
    fn rings(&self) -> impl Iterator<Item = &[Xy]> {
        std::iter::once(&self.exterior[..]).chain(self.holes.iter().map(|hole| &hole[..]))
    }

    fn validate(&self, number: usize) -> Result<()> {
        if let Some((x, y)) = crossing::find(self.rings()) {
            let message = format!("the border of part {number} crosses itself at ({x:?}, {y:?})");
            return Err(Error::invalid(OPERATION, message));
        }
        let boxes: Vec<Rect> = self.holes.iter().map(|hole| bounds(hole)).collect();
        for (index, hole) in self.holes.iter().enumerate() {
            if !is_within(hole, &self.exterior) {
                let message = format!("hole {index} of part {number} is outside of its exterior");
                return Err(Error::invalid(OPERATION, message));
            }
            for (other_index, other) in self.holes.iter().enumerate() {
                let nested = index != other_index && boxes[other_index].covers(&boxes[index]);
                if nested && is_within(hole, other) {
                    let message =
                        format!("hole {index} of part {number} is within hole {other_index}");
                    return Err(Error::invalid(OPERATION, message));
                }
            }
        }
        Ok(())
    }
}

fn clean_parts(parts: Vec<PolygonRings>) -> Result<Vec<Part>> {
    let clean_part = |(number, (exterior, holes)): (usize, PolygonRings)| {
        let exterior = clean(OPERATION, &format!("the exterior of part {number}"), exterior)?;
        let holes = holes
            .into_iter()
            .enumerate()
            .map(|(index, hole)| clean(OPERATION, &format!("hole {index} of part {number}"), hole));
        Ok(Part { exterior, holes: holes.collect::<Result<_>>()? })
    };
    if parts.is_empty() {
        return Err(Error::invalid(OPERATION, "it has no part"));
    }
    parts.into_iter().enumerate().map(clean_part).collect()
}

/// Whether a ring that does not cross another one, at most touches it, is on the inside of it.
fn is_within(ring: &[Xy], other: &[Xy]) -> bool {
    let middles = ring.windows(2).map(|edge| {
        let ((ax, ay), (bx, by)) = (edge[0], edge[1]);
        (ax + 0.5 * (bx - ax), ay + 0.5 * (by - ay))
    });
    // One point off the border decides. A vertex is exact; where all vertices touch, the middle of
    // an edge is off the border by far more than its rounding.
    let sides = ring[1..].iter().copied().chain(middles).map(|point| locate(other, point));
    sides.into_iter().find(|side| *side != Side::Border) != Some(Side::Outside)
}
