//! Guards the lower bound by which a search of nearest neighbours prunes: it exceeds the distance
//! of no point of the box, and it is as large as that allows.

use proptest::prelude::*;
use spatio::{DistanceFrom, Point, Rect, Space};

const GLOBE: Space = Space::Geographic;

/// Places on a line between two coordinates, denser towards its ends.
fn along(low: f64, high: f64) -> Vec<f64> {
    let shares = [0.0, 1e-9, 1e-4, 0.01, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.99, 1.0 - 1e-9];
    let inner = shares.iter().map(|share| (low + (high - low) * share).clamp(low, high));
    inner.chain([high]).collect()
}

/// The least distance to a box, by search: over a grid, then along each side by thirds.
fn nearest(from: &DistanceFrom, rect: &Rect) -> f64 {
    let origin = from.origin();
    let mut best = f64::INFINITY;
    let clamped = |x: f64| x.clamp(rect.min_x, rect.max_x);
    for x in
        along(rect.min_x, rect.max_x).into_iter().chain([clamped(origin.x), clamped(-origin.x)])
    {
        for y in along(rect.min_y, rect.max_y) {
            best = best.min(from.to_xy(x, y));
        }
        best = best.min(from.to_xy(x, origin.y.clamp(rect.min_y, rect.max_y)));
        // Between two of the places above the distance along a meridian has one valley at most.
        for pair in along(rect.min_y, rect.max_y).windows(2) {
            best = best.min(valley(pair[0], pair[1], |y| from.to_xy(x, y)));
        }
    }
    best
}

fn valley(mut low: f64, mut high: f64, height: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..60 {
        let third = (high - low) / 3.0;
        let (a, b) = (low + third, high - third);
        if height(a) <= height(b) {
            high = b;
        } else {
            low = a;
        }
    }
    height(low).min(height(high))
}

#[test]
fn the_bound_is_the_distance_where_that_is_known() {
    let check = |origin: Point, rect: Rect, nearest: Point| {
        let from = DistanceFrom::new(GLOBE, origin);
        let (bound, exact) = (from.lower_bound_rect(&rect), from.to_xy(nearest.x, nearest.y));
        assert!(bound <= exact && bound >= exact * (1.0 - 1e-9) - 1e-6, "{bound} {exact}");
    };
    let p = Point::new;
    // Inside, on the border, and straight north and south of it.
    check(p(5.0, 5.0), Rect::new(0.0, 0.0, 10.0, 10.0), p(5.0, 5.0));
    check(p(10.0, 5.0), Rect::new(0.0, 0.0, 10.0, 10.0), p(10.0, 5.0));
    check(p(5.0, 12.0), Rect::new(0.0, 0.0, 10.0, 10.0), p(5.0, 10.0));
    check(p(5.0, -12.0), Rect::new(0.0, 0.0, 10.0, 10.0), p(5.0, 0.0));
    // Across 180 degrees, either way, and with the other name of the meridian.
    check(p(179.0, 0.0), Rect::new(-179.0, -1.0, -170.0, 1.0), p(-179.0, 0.0));
    check(p(-179.0, 0.0), Rect::new(170.0, -1.0, 179.0, 1.0), p(179.0, 0.0));
    check(p(180.0, 0.0), Rect::new(-180.0, -1.0, -170.0, 1.0), p(180.0, 0.0));
    check(p(-180.0, 3.0), Rect::new(170.0, -1.0, 180.0, 1.0), p(180.0, 1.0));
    // Over the pole, from the pole, and a box that touches the pole from the other side.
    check(p(0.0, 89.0), Rect::new(180.0, 80.0, 180.0, 88.0), p(180.0, 88.0));
    check(p(77.0, 90.0), Rect::new(0.0, 10.0, 20.0, 30.0), p(0.0, 30.0));
    check(p(0.0, 80.0), Rect::new(170.0, 70.0, 180.0, 90.0), p(0.0, 90.0));
    check(p(0.0, -80.0), Rect::new(120.0, -90.0, 130.0, 10.0), p(0.0, -90.0));
    // The nearest point of a meridian lies further north than the origin.
    check(p(0.0, 60.0), Rect::new(90.0, 0.0, 91.0, 90.0), p(0.0, 90.0));
}

#[test]
fn sides_may_be_infinite() {
    let (inf, p) = (f64::INFINITY, Point::new(1.0, 2.0));
    let bound = |space, rect| DistanceFrom::new(space, p).lower_bound_rect(&rect);
    assert_eq!(bound(Space::Cartesian, Rect::EVERYWHERE), 0.0);
    assert_eq!(bound(Space::Cartesian, Rect::new(4.0, -inf, inf, inf)), 3.0);
    assert_eq!(bound(Space::Cartesian, Rect::new(4.0, 6.0, inf, inf)), 5.0);
    assert_eq!(bound(Space::Cartesian, Rect::new(-inf, -inf, -2.0, -2.0)), 5.0);
    assert_eq!(bound(GLOBE, Rect::EVERYWHERE), 0.0);
    let quarter = bound(GLOBE, Rect::new(-inf, 92.0 - 1e9, inf, -88.0));
    assert!((quarter - 90.0 * 111_195.080_233_532_9).abs() < 1.0, "{quarter}");
    assert_eq!(
        bound(GLOBE, Rect::new(20.0, -inf, inf, inf)),
        bound(GLOBE, Rect::new(20.0, -90.0, 180.0, 90.0))
    );
}

#[test]
fn a_key_of_no_distance_lets_nothing_pass() {
    for space in [GLOBE, Space::Cartesian] {
        let from = DistanceFrom::new(space, Point::new(1.0, 1.0));
        assert_eq!(from.key(1.0, 1.0), 0.0);
        assert!(from.key_of(0.0) >= 0.0);
        assert!(from.key_of(-1.0) < 0.0 && from.key_of(f64::NAN) < 0.0);
        assert_eq!(from.key_of(f64::INFINITY), f64::INFINITY);
    }
    let from = DistanceFrom::new(GLOBE, Point::new(1.0, 1.0));
    assert_eq!(from.key_of(2.1e7), f64::INFINITY);
}

proptest! {
    #![proptest_config(crate::places::cases(4000))]

    #[test]
    fn on_the_globe_no_point_is_nearer_than_the_bound(
        origin in crate::places::place(),
        rect in crate::places::globe_rect(),
        extra in prop::collection::vec((0.0..=1.0f64, 0.0..=1.0f64), 8),
    ) {
        let from = DistanceFrom::new(GLOBE, origin);
        let (bound, key) = (from.lower_bound_rect(&rect), from.lower_bound_key(&rect));
        let inside = |low: f64, high: f64, share: f64| {
            (low + (high - low) * share).clamp(low, high)
        };
        for (u, v) in extra {
            let (x, y) = (inside(rect.min_x, rect.max_x, u), inside(rect.min_y, rect.max_y, v));
            prop_assert!(bound <= from.to_xy(x, y), "{} {} {}", bound, x, y);
            prop_assert!(key <= from.key(x, y));
        }
    }

    /// Boxes that are small and near, where rounding is large beside the distance.
    #[test]
    fn up_close_no_point_is_nearer_than_the_bound(
        (origin, corner) in crate::places::two_places(),
        (w, h) in (crate::places::step(), crate::places::step()),
    ) {
        let rect = Rect::new(
            (corner.x - w.abs()).max(-180.0),
            (corner.y - h.abs()).max(-90.0),
            corner.x,
            corner.y,
        );
        let from = DistanceFrom::new(GLOBE, origin);
        let bound = from.lower_bound_rect(&rect);
        for x in along(rect.min_x, rect.max_x) {
            for y in along(rect.min_y, rect.max_y) {
                prop_assert!(bound <= from.to_xy(x, y), "{:?} {:?} {}", origin, rect, bound);
            }
        }
    }

    #[test]
    fn in_the_plane_the_bound_is_exact(
        (x, y) in (crate::places::plane_number(), crate::places::plane_number()),
        (x1, y1) in (crate::places::plane_number(), crate::places::plane_number()),
        (x2, y2) in (crate::places::plane_number(), crate::places::plane_number()),
    ) {
        let rect = Rect::new(x1.min(x2), y1.min(y2), x1.max(x2), y1.max(y2));
        let from = DistanceFrom::new(Space::Cartesian, Point::new(x, y));
        let bound = from.lower_bound_rect(&rect);
        let at = (x.clamp(rect.min_x, rect.max_x), y.clamp(rect.min_y, rect.max_y));
        prop_assert_eq!(bound.to_bits(), from.to_xy(at.0, at.1).to_bits());
        for x in along(rect.min_x, rect.max_x) {
            for y in along(rect.min_y, rect.max_y) {
                prop_assert!(bound <= from.to_xy(x, y));
                prop_assert!(from.lower_bound_key(&rect) <= from.key(x, y));
            }
        }
    }
}

proptest! {
    #![proptest_config(crate::places::cases(600))]

    #[test]
    fn on_the_globe_the_bound_is_tight(
        origin in crate::places::place(),
        rect in crate::places::globe_rect(),
    ) {
        let from = DistanceFrom::new(GLOBE, origin);
        let (bound, nearest) = (from.lower_bound_rect(&rect), nearest(&from, &rect));
        prop_assert!(bound <= nearest, "{} {}", bound, nearest);
        // Beside the antipode a part in 1e14 of the key is more than a metre.
        let tolerance = if nearest > 2e7 { 2.0 } else { 1e-9 * nearest + 1e-6 };
        prop_assert!(bound >= nearest - tolerance, "{} {}", bound, nearest);
    }
}
