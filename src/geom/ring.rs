//! One closed ring of a polygon: cleaned, closed, and asked where a point lies.
//!
//! Owns: what a ring may look like, and the plain test of a point against all its edges, which is
//! also the oracle of the indexed one. Does not own crossings, which `crossing` finds.
//!
//! Invariants: a ring is finite, ends where it begins, has no two equal neighbours and does not
//! lie on one line. Turns are exact (crate `robust`, after J. R. Shewchuk, "Adaptive precision
//! floating-point arithmetic", 1997), short of overflow and underflow.

use robust::{Coord, orient2d};

use super::rect::Rect;
use crate::error::{Error, Result};

/// A position in the plane.
pub(super) type Xy = (f64, f64);

/// Where a point lies with respect to a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Inside,
    Border,
    Outside,
}

/// Positive when `a`, `b`, `c` turn left, negative when right, 0 when on one line; exact in sign.
#[inline(always)]
pub(super) fn turn(a: Xy, b: Xy, c: Xy) -> f64 {
    orient2d(Coord { x: a.0, y: a.1 }, Coord { x: b.0, y: b.1 }, Coord { x: c.0, y: c.1 })
}

/// A ring without repeated neighbours, closed; `name` says in an error which ring it is.
pub(super) fn clean(operation: &'static str, name: &str, mut ring: Vec<Xy>) -> Result<Vec<Xy>> {
    for (index, &(x, y)) in ring.iter().enumerate() {
        for (axis, value) in [("x", x), ("y", y)] {
            if !value.is_finite() {
                let argument = format!("{axis} of vertex {index} of {name}");
                return Err(Error::range(operation, &argument, value, "a finite number"));
            }
        }
    }
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let [first, second, ..] = ring[..] else {
        let message = format!("{name} has {} distinct points, expected at least 3", ring.len());
        return Err(Error::invalid(operation, message));
    };
    if ring.iter().all(|&vertex| turn(first, second, vertex) == 0.0) {
        let message = format!("{name} has no area: its points are on one line at {first:?}");
        return Err(Error::invalid(operation, message));
    }
    ring.push(first);
    Ok(ring)
}

/// The smallest box of a ring.
pub(super) fn bounds(ring: &[Xy]) -> Rect {
    let none = f64::INFINITY;
    ring.iter().fold(Rect::new(none, none, -none, -none), |bounds, &(x, y)| {
        bounds.union(&Rect::new(x, y, x, y))
    })
}

/// The area of a ring that does not cross itself, in squared units of its coordinates.
pub(super) fn area(ring: &[Xy]) -> f64 {
    // Taken from the first vertex, so that a small ring far from 0 keeps its digits.
    let (x0, y0) = ring[0];
    let twice: f64 = ring
        .windows(2)
        .map(|edge| (edge[0].0 - x0) * (edge[1].1 - y0) - (edge[1].0 - x0) * (edge[0].1 - y0))
        .sum();
    0.5 * twice.abs()
}

/// Where a point lies, by the even-odd rule over all edges.
pub(super) fn locate(ring: &[Xy], point: Xy) -> Side {
    let mut inside = false;
    for edge in ring.windows(2) {
        let (low, high) =
            if edge[0].1 <= edge[1].1 { (edge[0], edge[1]) } else { (edge[1], edge[0]) };
        match pass(low, high, point) {
            Pass::Border => return Side::Border,
            Pass::Crossed => inside = !inside,
            Pass::Missed => {}
        }
    }
    if inside { Side::Inside } else { Side::Outside }
}

/// How a ray from a point to the east meets an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// The point is on the edge.
    Border,
    Crossed,
    Missed,
}

/// How the ray from `point` to the east meets the edge from `low` up to `high`; of its two ends
/// the lower one counts and the upper does not, so a ray through a vertex counts rightly.
#[inline(always)]
pub(super) fn pass(low: Xy, high: Xy, (x, y): Xy) -> Pass {
    if y < low.1 || y > high.1 {
        return Pass::Missed;
    }
    let (west, east) = if low.0 <= high.0 { (low.0, high.0) } else { (high.0, low.0) };
    if x > east {
        return Pass::Missed;
    }
    if x >= west {
        let turned = turn(low, high, (x, y));
        if turned == 0.0 {
            return Pass::Border;
        }
        if turned < 0.0 {
            return Pass::Missed;
        }
    }
    if y < high.1 { Pass::Crossed } else { Pass::Missed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_closed_and_its_repeats_collapse() {
        let square = vec![(0.0, 0.0), (0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (1.0, 1.0), (0.0, 0.0)];
        let ring = clean("t", "ring", square).unwrap();
        assert_eq!(ring, [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]);
    }

    #[test]
    fn a_ring_needs_three_points_off_one_line() {
        let bad: [(Vec<Xy>, &str); 6] = [
            (vec![], "0 distinct"),
            (vec![(1.0, 1.0); 9], "1 distinct"),
            (vec![(1.0, 1.0), (2.0, 2.0), (1.0, 1.0)], "one line"),
            (vec![(0.1, 0.1), (0.2, 0.2), (0.7, 0.7)], "one line"),
            (vec![(0.0, 0.0), (1.0, f64::NAN), (1.0, 1.0)], "y of vertex 1 of ring is NaN"),
            (vec![(f64::INFINITY, 0.0), (1.0, 2.0), (1.0, 1.0)], "x of vertex 0 of ring is inf"),
        ];
        for (ring, words) in bad {
            let error = clean("t", "ring", ring).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    #[test]
    fn the_border_is_told_from_both_sides_of_it() {
        let ring = clean("t", "ring", vec![(0.0, 0.0), (4.0, 0.0), (2.0, 3.0)]).unwrap();
        for (point, side) in [
            ((2.0, 3.0), Side::Border),
            ((0.0, 0.0), Side::Border),
            ((1.0, 0.0), Side::Border),
            ((1.0, 1.5), Side::Border),
            ((1.0, 1.5f64.next_up()), Side::Outside),
            ((1.0, 1.5f64.next_down()), Side::Inside),
            ((-1.0, 0.0), Side::Outside),
            ((5.0, 0.0), Side::Outside),
            ((-1.0, 3.0), Side::Outside),
            ((2.0, 1.0), Side::Inside),
        ] {
            assert_eq!(locate(&ring, point), side, "{point:?}");
        }
        assert_eq!(area(&ring), 6.0);
    }
}
