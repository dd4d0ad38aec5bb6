//! Guards the boxes round a circle: no point within the radius is outside of them, by a hair's
//! breadth, at the poles, across 180 degrees, for tiny circles and for more than half the globe;
//! and they are not much larger than they have to be.

use proptest::prelude::*;
use spatio::{EARTH_RADIUS_M, Point, Rect, Space, cover_circle, haversine_m};

const GLOBE: Space = Space::Geographic;

fn metres(degrees: f64) -> f64 {
    degrees.to_radians() * EARTH_RADIUS_M
}

#[test]
fn a_circle_away_from_all_edges_is_one_tight_box() {
    let rects = cover_circle(GLOBE, Point::new(10.0, 60.0), metres(1.0));
    assert_eq!(rects.len(), 1);
    let rect = rects[0];
    let half_width = (1f64.to_radians().sin() / 60f64.to_radians().cos()).asin().to_degrees();
    let expected = Rect::new(10.0 - half_width, 59.0, 10.0 + half_width, 61.0);
    for (got, side) in [
        (rect.min_x, expected.min_x),
        (rect.min_y, expected.min_y),
        (rect.max_x, expected.max_x),
        (rect.max_y, expected.max_y),
    ] {
        assert!((got - side).abs() < 1e-10, "{rect:?} {expected:?}");
    }
    assert!(rect.covers(&expected));
}

#[test]
fn a_circle_at_180_degrees_is_two_boxes() {
    for x in [180.0, -180.0, 179.9, -179.9] {
        let rects = cover_circle(GLOBE, Point::new(x, 0.0), metres(1.0));
        assert_eq!(rects.len(), 2, "{rects:?}");
        assert!(rects.contains(179.5, 0.0) && rects.contains(-179.5, 0.0));
        assert!(rects.contains(180.0, 0.0) && rects.contains(-180.0, 0.0));
        assert!(!rects.contains(178.0, 0.0) && !rects.contains(-178.0, 0.0));
        for rect in &rects {
            assert!(rect.validate(GLOBE, "t").is_ok() && rect.min_x <= rect.max_x);
        }
    }
    // Touching the meridian is enough, as it has two names.
    let rects = cover_circle(GLOBE, Point::new(179.0, 0.0), metres(1.0));
    assert!(rects.contains(-180.0, 0.0));
    assert!(cover_circle(GLOBE, Point::new(180.0, 5.0), 0.0).contains(-180.0, 5.0));
}

#[test]
fn a_circle_with_a_pole_is_a_band() {
    let north = cover_circle(GLOBE, Point::new(20.0, 89.5), metres(1.0));
    assert_eq!(north.len(), 1);
    assert_eq!((north[0].min_x, north[0].max_x, north[0].max_y), (-180.0, 180.0, 90.0));
    assert!((north[0].min_y - 88.5).abs() < 1e-9);
    let south = cover_circle(GLOBE, Point::new(20.0, -90.0), 0.0);
    assert!(south.contains(-33.0, -90.0) && !south.contains(-33.0, -89.999));
    // Both poles, and more than half of the globe.
    for radius in [metres(91.0), metres(179.5), metres(180.0), 1e9, f64::INFINITY] {
        let rects = cover_circle(GLOBE, Point::new(5.0, 0.0), radius);
        assert_eq!(rects.to_vec(), [Rect::GLOBE]);
    }
}

#[test]
fn a_radius_that_is_none_has_no_box() {
    for space in [GLOBE, Space::Cartesian] {
        for radius in [-1.0, -f64::MIN_POSITIVE, f64::NAN, f64::NEG_INFINITY] {
            assert!(cover_circle(space, Point::new(1.0, 2.0), radius).is_empty());
        }
        assert!(cover_circle(space, Point::new(1.0, 2.0), 0.0).contains(1.0, 2.0));
    }
    let all = cover_circle(Space::Cartesian, Point::new(1.0, 2.0), f64::INFINITY);
    assert_eq!(all.to_vec(), [Rect::EVERYWHERE]);
}

#[test]
fn a_split_box_holds_both_names_of_a_meridian() {
    let split = |min_x, max_x| Rect::new(min_x, 0.0, max_x, 1.0).split(GLOBE);
    let at = |min_x, max_x| Rect::new(min_x, 0.0, max_x, 1.0);
    assert_eq!(split(10.0, 20.0).to_vec(), [at(10.0, 20.0)]);
    assert_eq!(split(-180.0, 180.0).to_vec(), [at(-180.0, 180.0)]);
    assert_eq!(split(170.0, -170.0).to_vec(), [at(170.0, 180.0), at(-180.0, -170.0)]);
    assert_eq!(split(170.0, 180.0).to_vec(), [at(170.0, 180.0), at(-180.0, -180.0)]);
    assert_eq!(split(-180.0, -170.0).to_vec(), [at(-180.0, -170.0), at(180.0, 180.0)]);
    assert_eq!(split(180.0, -180.0).to_vec(), [at(180.0, 180.0), at(-180.0, -180.0)]);
    let plain = Rect::new(170.0, 0.0, 180.0, 1.0);
    assert_eq!(plain.split(Space::Cartesian).to_vec(), [plain]);
}

#[test]
fn a_box_is_refused_by_name() {
    let message = |rect: Rect, space| rect.validate(space, "t").unwrap_err().to_string();
    assert!(Rect::new(170.0, 0.0, -170.0, 1.0).validate(GLOBE, "t").is_ok());
    assert!(message(Rect::new(170.0, 0.0, -170.0, 1.0), Space::Cartesian).contains("min_x 170.0"));
    assert!(message(Rect::new(0.0, 2.0, 1.0, 1.0), GLOBE).contains("min_y 2.0"));
    assert!(message(Rect::new(0.0, 0.0, 181.0, 1.0), GLOBE).contains("max_x is 181.0"));
    assert!(message(Rect::new(f64::NAN, 0.0, 1.0, 1.0), GLOBE).contains("min_x is NaN"));
    assert!(message(Rect::EVERYWHERE, Space::Cartesian).contains("min_x is -inf"));
}

proptest! {
    #![proptest_config(crate::places::cases(10_000))]

    /// The circle goes exactly through the other point.
    #[test]
    fn no_point_at_the_very_radius_is_lost((a, b) in crate::places::two_places()) {
        let rects = cover_circle(GLOBE, a, haversine_m(a, b));
        prop_assert!(rects.contains(b.x, b.y), "{:?} {:?} {:?}", a, b, &*rects);
        for rect in &rects {
            prop_assert!(rect.validate(GLOBE, "t").is_ok() && rect.min_x <= rect.max_x);
        }
        let twice = rects.len() == 2 && rects[0].intersects(&rects[1]);
        prop_assert!(!twice, "boxes overlap: {:?}", &*rects);
    }

    /// The circle is widest not beside its center but a little towards the pole.
    #[test]
    fn no_point_on_the_widest_meridian_is_lost(a in crate::places::place(), share in 0.0..1.0f64) {
        let reach = (90.0 - a.y.abs()).min(89.0) * share;
        let (sin, cos) = (reach.to_radians().sin(), a.y.to_radians().cos());
        let lat = (a.y.to_radians().sin() / reach.to_radians().cos()).asin().to_degrees();
        let half_width = (sin / cos).asin().to_degrees();
        prop_assume!(half_width.is_finite() && lat.is_finite());
        for lon in [a.x - half_width, a.x + half_width] {
            let turn = if lon > 180.0 { -360.0 } else if lon < -180.0 { 360.0 } else { 0.0 };
            let lon = lon + turn;
            let radius = haversine_m(a, Point::new(lon, lat));
            let rects = cover_circle(GLOBE, a, radius);
            prop_assert!(rects.contains(lon, lat), "{:?} {} {} {:?}", a, lon, lat, &*rects);
        }
    }

    /// A box is no wider than twice what reaches its sides: sides shrunk by a thousandth of the
    /// radius would lose a point.
    #[test]
    fn boxes_are_tight(a in crate::places::place(), share in 0.01..0.95f64) {
        let a = Point::new(a.x, a.y * 0.9);
        let reach = (90.0 - a.y.abs()) * share;
        let rects = cover_circle(GLOBE, a, metres(reach));
        let north = rects.iter().map(|rect| rect.max_y).fold(f64::MIN, f64::max);
        let width: f64 = rects.iter().map(|rect| rect.max_x - rect.min_x).sum();
        let half_width = (reach.to_radians().sin() / a.y.to_radians().cos()).asin().to_degrees();
        prop_assert!((north - (a.y + reach)).abs() < 1e-9 * reach + 1e-12);
        prop_assert!((width - 2.0 * half_width).abs() < 1e-8 * width, "{} {}", width, half_width);
    }

    #[test]
    fn the_plane_has_no_edges(
        (x, y) in (crate::places::plane_number(), crate::places::plane_number()),
        (dx, dy) in (crate::places::plane_number(), crate::places::plane_number()),
    ) {
        let a = Point::new(x, y);
        for b in [Point::new(x + dx, y + dy), Point::new(x + dx, y), Point::new(x, y - dy)] {
            let radius = Space::Cartesian.distance_2d(a, b);
            let rects = cover_circle(Space::Cartesian, a, radius);
            prop_assert_eq!(rects.len(), 1);
            prop_assert!(rects.contains(b.x, b.y), "{:?} {:?} {:?}", a, b, &*rects);
            let size = radius + 1e-15 * (x.abs() + y.abs());
            prop_assert!(rects[0].max_x - rects[0].min_x <= 2.0 * size * (1.0 + 1e-9) + 1e-100);
        }
    }
}
