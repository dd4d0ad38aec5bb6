//! Whether the rings of one part cross themselves or each other.
//!
//! Owns: the sweep over all edges, and the test of what meets at one point. Does not own the
//! containment of holes, which `polygon` tests.
//!
//! Found are two edges that cross, two that share more than a point, and a path that crosses
//! another one at a vertex. Not found, as they are allowed, are paths that only touch.
//!
//! Invariants: n log n steps for n edges, however they lie. All comparisons are exact, so the
//! edges on the sweep line are in a true order until the first place that is found.
//!
//! Source: M. I. Shamos, D. Hoey, "Geometric intersection problems" (1976), from left to right and
//! upwards where x is equal, with all that meets at one point handled at once. Of all places where
//! something crosses or overlaps, the first is either a vertex, which is seen when the sweep is
//! there, or a crossing of two edges that are neighbours on the line just before it.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::ring::{Xy, turn};

/// A place where closed rings cross or overlap, if there is one.
pub(super) fn find<'a>(rings: impl Iterator<Item = &'a [Xy]>) -> Option<Xy> {
    let mut corners = Vec::new();
    for ring in rings {
        let ring = &ring[..ring.len() - 1];
        corners.extend((0..ring.len()).map(|i| Corner {
            at: ring[i],
            previous: ring[(i + ring.len() - 1) % ring.len()],
            next: ring[(i + 1) % ring.len()],
        }));
    }
    // Coordinates are finite, so they compare.
    corners.sort_unstable_by(|a, b| a.at.partial_cmp(&b.at).unwrap_or(Ordering::Equal));
    let mut line = BTreeSet::new();
    let mut rays = Vec::new();
    corners.chunk_by(|a, b| a.at == b.at).find_map(|corners| visit(&mut line, corners, &mut rays))
}

/// A vertex with its neighbours on the ring.
#[derive(Clone, Copy)]
struct Corner {
    at: Xy,
    previous: Xy,
    next: Xy,
}

/// Handles one point of the sweep, given all corners at it; says where something crosses.
fn visit(line: &mut BTreeSet<OnLine>, corners: &[Corner], rays: &mut Vec<Ray>) -> Option<Xy> {
    let at = corners[0].at;
    rays.clear();
    for (path, corner) in (0..).zip(corners) {
        rays.extend([corner.previous, corner.next].map(|to| Ray { path, to }));
    }
    let mut passing =
        line.range(OnLine::below(at)..OnLine::above(at)).filter(|edge| edge.right != at);
    if let Some(edge) = passing.next() {
        if passing.next().is_some() {
            return Some(at);
        }
        rays.extend([edge.left, edge.right].map(|to| Ray { path: corners.len(), to }));
    }
    if is_crossed(at, rays) {
        return Some(at);
    }
    let ends = || corners.iter().flat_map(|corner| [corner.previous, corner.next]);
    for left in ends().filter(|&end| end < at) {
        line.remove(&OnLine::edge(left, at));
    }
    line.extend(ends().filter(|&end| end > at).map(|right| OnLine::edge(at, right)));

    let (below, above) = (OnLine::below(at), OnLine::above(at));
    let lower = (line.range(..below).next_back(), line.range(below..).next());
    let upper = (line.range(..above).next_back(), line.range(above..).next());
    [lower, upper].into_iter().find_map(|(a, b)| crossing(a?, b?))
}

/// A direction from the point of the sweep, belonging to a path through it.
#[derive(Clone, Copy)]
struct Ray {
    path: usize,
    to: Xy,
}

/// Whether paths through `at`, each given by two rays, cross or share a direction.
fn is_crossed(at: Xy, rays: &mut [Ray]) -> bool {
    rays.sort_unstable_by(|a, b| by_angle(at, a.to, b.to));
    if rays.windows(2).any(|pair| by_angle(at, pair[0].to, pair[1].to).is_eq()) {
        return true;
    }
    if rays.len() == 2 {
        return false;
    }
    // Going round, paths that do not cross open and close like brackets.
    let mut open = Vec::new();
    for ray in rays {
        if open.last() == Some(&ray.path) {
            open.pop();
        } else {
            open.push(ray.path);
        }
    }
    !open.is_empty()
}

/// Orders directions counter-clockwise, from straight down (exclusive) round to it (inclusive).
fn by_angle(at: Xy, a: Xy, b: Xy) -> Ordering {
    (a < at)
        .cmp(&(b < at))
        .then_with(|| 0.0.partial_cmp(&turn(at, a, b)).unwrap_or(Ordering::Equal))
}

/// Where two edges cross in their insides, for the message about there.
fn crossing(a: &OnLine, b: &OnLine) -> Option<Xy> {
    let apart = |from: Xy, to: Xy, p: Xy, q: Xy| {
        let (p_side, q_side) = (turn(from, to, p), turn(from, to, q));
        (p_side < 0.0 && q_side > 0.0) || (p_side > 0.0 && q_side < 0.0)
    };
    if !apart(a.left, a.right, b.left, b.right) || !apart(b.left, b.right, a.left, a.right) {
        return None;
    }
    let (from, to) = (turn(a.left, a.right, b.left), turn(a.left, a.right, b.right));
    let share = from / (from - to);
    let between = |low: f64, high: f64| low + (high - low) * share;
    Some((between(b.left.0, b.right.0), between(b.left.1, b.right.1)))
}

/// An edge on the sweep line, or a place just below or above all edges through a point.
#[derive(Clone, Copy, Debug)]
struct OnLine {
    left: Xy,
    right: Xy,
    /// 0 for an edge, -1 below, 1 above; then `left` and `right` are the point.
    place: i8,
}

impl OnLine {
    fn edge(left: Xy, right: Xy) -> Self {
        OnLine { left, right, place: 0 }
    }

    fn below(at: Xy) -> Self {
        OnLine { left: at, right: at, place: -1 }
    }

    fn above(at: Xy) -> Self {
        OnLine { left: at, right: at, place: 1 }
    }
}

impl Ord for OnLine {
    /// From below to above, for what is on the sweep line at one time. The order of two edges that
    /// do not cross is the same wherever the line is, so it is taken where the later one begins.
    fn cmp(&self, other: &Self) -> Ordering {
        if self.place != 0 && other.place != 0 {
            return self.place.cmp(&other.place);
        }
        // A place is never before the beginning of an edge that is on the line.
        if other.place == 0 && (self.place != 0 || other.left < self.left) {
            return other.cmp(self).reverse();
        }
        let side = |point: Xy| 0.0.partial_cmp(&turn(self.left, self.right, point));
        match side(other.left) {
            Some(Ordering::Equal) if other.place != 0 => 0.cmp(&other.place),
            Some(Ordering::Equal) => side(other.right).unwrap_or(Ordering::Equal),
            Some(order) => order,
            None => Ordering::Equal,
        }
    }
}

impl PartialOrd for OnLine {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for OnLine {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for OnLine {}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_found(rings: &[&[Xy]]) -> bool {
        let closed: Vec<Vec<Xy>> = rings.iter().map(|ring| [ring, &ring[..1]].concat()).collect();
        find(closed.iter().map(|ring| &ring[..])).is_some()
    }

    const SQUARE: [Xy; 4] = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)];

    #[test]
    fn edges_that_cross_or_overlap_are_found() {
        assert!(is_found(&[&[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)]]));
        // A spike, and two borders that share a piece.
        assert!(is_found(&[&[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (2.0, 3.0), (2.0, 1.0)]]));
        assert!(is_found(&[&SQUARE, &[(1.0, 0.0), (3.0, 0.0), (2.0, 1.0)]]));
        assert!(is_found(&[&SQUARE, &SQUARE]));
        // A hole that reaches out, through an edge and through a vertex.
        assert!(is_found(&[&SQUARE, &[(3.0, 1.0), (5.0, 2.0), (3.0, 3.0)]]));
        assert!(is_found(&[&SQUARE, &[(2.0, 2.0), (4.0, 4.0), (5.0, 5.0), (3.0, 2.0)]]));
        assert!(is_found(&[
            &SQUARE,
            &[(3.0, 2.0), (4.0, 2.0), (5.0, 3.0), (4.0, 3.0), (2.0, 3.0)]
        ]));
    }

    #[test]
    fn a_figure_of_eight_through_a_vertex_is_found_and_two_lobes_that_touch_are_not() {
        let (a, b, c, d) = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0));
        let middle = (1.0, 1.0);
        assert!(is_found(&[&[a, middle, c, b, middle, d]]));
        assert!(!is_found(&[&[a, middle, d, c, middle, b]]));
    }

    #[test]
    fn rings_that_touch_at_points_are_not_found() {
        assert!(!is_found(&[&SQUARE]));
        assert!(!is_found(&[&SQUARE, &[(0.0, 2.0), (2.0, 0.0), (4.0, 2.0), (2.0, 4.0)]]));
        assert!(!is_found(&[&SQUARE, &[(0.0, 0.0), (2.0, 1.0), (1.0, 2.0)]]));
        // Many petals at one point.
        let mut petals = Vec::new();
        for i in 0..12u32 {
            let angle = |step: u32| f64::from(2 * i + step) * std::f64::consts::PI / 12.0;
            petals.push((0.0, 0.0));
            petals.extend([0, 1].map(|step| (angle(step).cos(), angle(step).sin())));
        }
        assert!(!is_found(&[&petals]));
    }
}
