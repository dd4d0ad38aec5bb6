//! Exact tests of the edges of a polygon that stands elsewhere, a run of them at a time.
//!
//! Owns: how a ray from a point meets a run of edges, and whether an edge touches a box. Does not
//! own rings nor their storage. Invariants: as `Polygon::contains`, so to the last bit: a border
//! belongs to what it bounds, and turns are exact.

use super::rect::Rect;
use super::ring::{Pass, Xy, pass, turn};

/// How often the ray from a point to the east crosses a run of edges: whether the number is odd;
/// `None` if the point is on one of them. `ends` are the first and the last vertex, and `bounds`
/// the box of all.
#[inline]
pub(crate) fn crosses_oddly(
    bounds: &Rect,
    (first, last): (Xy, Xy),
    vertices: impl Iterator<Item = Xy>,
    point: Xy,
) -> Option<bool> {
    let (x, y) = point;
    if y < bounds.min_y || y > bounds.max_y || x > bounds.max_x {
        return Some(false);
    }
    if x < bounds.min_x {
        // All of it lies to the east, so only where it begins and ends matters.
        return Some((first.1 <= y) != (last.1 <= y));
    }
    let (mut is_odd, mut from) = (false, first);
    for to in vertices.skip(1) {
        let (low, high) = if from.1 <= to.1 { (from, to) } else { (to, from) };
        match pass(low, high, point) {
            Pass::Border => return None,
            Pass::Crossed => is_odd = !is_odd,
            Pass::Missed => {}
        }
        from = to;
    }
    Some(is_odd)
}

/// Whether an edge shares a point with a box that does not cross the antimeridian.
#[inline]
pub(crate) fn touches(a: Xy, b: Xy, rect: &Rect) -> bool {
    let bounds = Rect::new(a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1));
    if !bounds.intersects(rect) {
        return false;
    }
    // Neither an axis nor the edge itself parts the two.
    let corners = [
        (rect.min_x, rect.min_y),
        (rect.max_x, rect.min_y),
        (rect.min_x, rect.max_y),
        (rect.max_x, rect.max_y),
    ];
    let turns = corners.map(|corner| turn(a, b, corner));
    !(turns.iter().all(|turn| *turn > 0.0) || turns.iter().all(|turn| *turn < 0.0))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::ring::{Side, bounds, locate};
    use super::*;
    use proptest::prelude::*;

    fn coordinate() -> impl Strategy<Value = f64> {
        (-8_i32..8).prop_map(f64::from)
    }

    proptest! {
        #[test]
        fn runs_say_what_the_whole_ring_says(
            ring in proptest::collection::vec((coordinate(), coordinate()), 3..20),
            point in (coordinate(), coordinate()),
            length in 1_usize..6,
        ) {
            let closed = [&ring[..], &ring[..1]].concat();
            let mut is_odd = Some(false);
            for first in (0..closed.len() - 1).step_by(length) {
                let run = &closed[first..=(first + length).min(closed.len() - 1)];
                let ends = (run[0], run[run.len() - 1]);
                let run_is_odd = crosses_oddly(&bounds(run), ends, run.iter().copied(), point);
                is_odd = is_odd.zip(run_is_odd).map(|(a, b)| a != b);
            }
            let side = match is_odd {
                None => Side::Border,
                Some(true) => Side::Inside,
                Some(false) => Side::Outside,
            };
            prop_assert_eq!(side, locate(&closed, point));
        }

        #[test]
        fn an_edge_touches_a_box_if_a_piece_of_it_is_in_it(
            a in (coordinate(), coordinate()),
            b in (coordinate(), coordinate()),
            low in (coordinate(), coordinate()),
            size in (0_i32..6, 0_i32..6),
        ) {
            let high = (low.0 + f64::from(size.0), low.1 + f64::from(size.1));
            let rect = Rect::new(low.0, low.1, high.0, high.1);
            // Clipped by each side in turn; whole numbers this small leave fractions exact enough
            // when multiplied out, so compare as a / b <= c / d without dividing.
            let (mut from, mut to) = ((0_i64, 1_i64), (1_i64, 1_i64));
            let less = |p: (i64, i64), q: (i64, i64)| p.0 * q.1 < q.0 * p.1;
            let mut is_out = false;
            for (start, end, min, max) in
                [(a.0, b.0, rect.min_x, rect.max_x), (a.1, b.1, rect.min_y, rect.max_y)]
            {
                let step = (end - start) as i64;
                if step == 0 {
                    is_out |= start < min || start > max;
                    continue;
                }
                let at = |side: f64| ((side - start) as i64 * step.signum(), step.abs());
                let (enter, leave) = if step > 0 { (at(min), at(max)) } else { (at(max), at(min)) };
                from = if less(from, enter) { enter } else { from };
                to = if less(leave, to) { leave } else { to };
            }
            prop_assert_eq!(touches(a, b, &rect), !is_out && !less(to, from));
        }
    }
}
