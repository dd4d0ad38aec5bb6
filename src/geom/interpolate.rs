//! Where something was between two positions.
//!
//! Owns: straight motion at even speed, in the numbers of the coordinates. In a geographic space
//! the longitude goes the short way, over the antimeridian if that is it.
//!
//! Invariants: at either end the answer is that position to the last bit, and in between no
//! coordinate leaves the range of the two (longitude apart, when it passes 180).

use super::point::{Point, Space};

/// The position at `at_us` on the way from `a` to `b`, each with its time in microseconds. Before
/// `a` it is `a`, from `b` on it is `b`.
pub fn interpolate(space: Space, a: (i64, Point), b: (i64, Point), at_us: i64) -> Point {
    let ((start_us, from), (end_us, to)) = (a, b);
    if at_us >= end_us {
        return to;
    }
    if at_us <= start_us {
        return from;
    }
    // Here start < at < end, and differences of 64 bits fit when taken without sign.
    let share = at_us.abs_diff(start_us) as f64 / end_us.abs_diff(start_us) as f64;
    let x = match space {
        Space::Geographic => between_meridians(from.x, to.x, share),
        Space::Cartesian => between(from.x, to.x, share),
    };
    Point { x, y: between(from.y, to.y, share), z: between(from.z, to.z, share) }
}

fn between(from: f64, to: f64, share: f64) -> f64 {
    let step = to - from;
    // Numbers at both ends of the range have no finite difference.
    let value =
        if step.is_finite() { from + step * share } else { from * (1.0 - share) + to * share };
    value.clamp(from.min(to), from.max(to))
}

fn between_meridians(from: f64, to: f64, share: f64) -> f64 {
    if (to - from).abs() <= 180.0 {
        return between(from, to, share);
    }
    let step = (180.0 - from.abs()) + (180.0 - to.abs());
    let lon = from + step.copysign(from) * share;
    let wrapped = if lon > 180.0 {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    };
    wrapped.clamp(-180.0, 180.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_straight_and_even() {
        let (a, b) = (Point::new_3d(1.0, -2.0, 0.0), Point::new_3d(3.0, 2.0, 10.0));
        let at = |us| interpolate(Space::Cartesian, (100, a), (200, b), us);
        assert_eq!(at(100), a);
        assert_eq!(at(200), b);
        assert_eq!(at(99), a);
        assert_eq!(at(i64::MAX), b);
        assert_eq!(at(125), Point::new_3d(1.5, -1.0, 2.5));
    }

    #[test]
    fn the_antimeridian_is_the_short_way() {
        let (a, b) = (Point::new(179.0, 0.0), Point::new(-179.5, 1.0));
        let at = |us| interpolate(Space::Geographic, (0, a), (3, b), us).x;
        assert!((at(1) - 179.5).abs() < 1e-12);
        assert!((at(2).abs() - 180.0).abs() < 1e-12);
        let back = |us| interpolate(Space::Geographic, (0, b), (6, a), us).x;
        assert!((back(1) + 179.75).abs() < 1e-12);
        assert!((back(5) - 179.25).abs() < 1e-12);
        let same = interpolate(
            Space::Geographic,
            (0, Point::new(180.0, 1.0)),
            (2, Point::new(-180.0, 1.0)),
            1,
        );
        assert_eq!(same.x, 180.0);
        // In a Cartesian space 180 means nothing.
        assert_eq!(interpolate(Space::Cartesian, (0, a), (2, b), 1).x, -0.25);
    }

    #[test]
    fn extremes_of_time_and_place_stay_finite() {
        let (a, b) = (Point::new(-f64::MAX, f64::MAX), Point::new(f64::MAX, f64::MAX));
        let middle = interpolate(Space::Cartesian, (i64::MIN, a), (i64::MAX, b), 0);
        assert!(middle.x.is_finite());
        assert_eq!(middle.y, f64::MAX);
        let still = Point::new(0.1, 0.3);
        for us in 1..1000 {
            let at = interpolate(Space::Geographic, (0, still), (1000, still), us);
            assert_eq!(at, still);
        }
    }
}
