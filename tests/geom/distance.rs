//! Guards distances: known values, symmetry, zero, no NaN, and agreement with formulas of another
//! make (vectors in space instead of haversines).

use proptest::prelude::*;
use spatio::{
    DistanceFrom, EARTH_RADIUS_M, ErrorKind, Metric, Point, Space, euclidean, geodesic_m,
    haversine_m, rhumb_m,
};

const NEW_YORK: Point = Point::new(-74.006, 40.7128);
const LONDON: Point = Point::new(-0.1278, 51.5074);

fn assert_near(got: f64, expected: f64, tolerance: f64) {
    assert!((got - expected).abs() <= tolerance, "{got} is not {expected} within {tolerance}");
}

/// The angle between two unit vectors by atan2, which is accurate at every distance.
fn haversine_by_vectors(a: Point, b: Point) -> f64 {
    let vector = |p: Point| {
        let (lon, lat) = (p.x.to_radians(), p.y.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    };
    let (u, v) = (vector(a), vector(b));
    let length = |sign: f64| (0..3).map(|i| (u[i] + sign * v[i]).powi(2)).sum::<f64>().sqrt();
    2.0 * EARTH_RADIUS_M * length(-1.0).atan2(length(1.0))
}

#[test]
fn haversine_knows_the_globe() {
    let quarter = EARTH_RADIUS_M * std::f64::consts::FRAC_PI_2;
    let equator = |lon: f64| Point::new(lon, 0.0);
    assert_near(haversine_m(equator(0.0), equator(90.0)), quarter, 1e-8);
    assert_near(haversine_m(equator(0.0), equator(180.0)), 2.0 * quarter, 1e-8);
    assert_near(haversine_m(equator(77.0), Point::new(-3.0, 90.0)), quarter, 1e-8);
    assert_near(haversine_m(equator(179.5), equator(-179.5)), quarter / 90.0, 1e-8);
    // As given by the crate `geo`.
    assert_near(haversine_m(NEW_YORK, LONDON), 5_570_230.0, 0.5);
}

#[test]
fn one_place_has_many_names() {
    for y in [-90.0, -33.3, 0.0, 89.999, 90.0] {
        assert_eq!(haversine_m(Point::new(180.0, y), Point::new(-180.0, y)), 0.0);
        assert_eq!(rhumb_m(Point::new(180.0, y), Point::new(-180.0, y)), 0.0);
    }
    for y in [-90.0, 90.0] {
        assert_eq!(haversine_m(Point::new(-20.0, y), Point::new(133.0, y)), 0.0);
        assert_eq!(rhumb_m(Point::new(-20.0, y), Point::new(133.0, y)), 0.0);
    }
}

#[test]
fn geodesics_are_those_of_karney() {
    // GeographicLib's documentation (JFK to LHR), and Karney 2013, table of near-antipodal points.
    let (jfk, lhr) = (Point::new(-73.8, 40.6), Point::new(-0.5, 51.6));
    assert_near(geodesic_m(jfk, lhr), 5_551_759.400, 1e-3);
    assert_near(geodesic_m(Point::new(0.0, -30.0), Point::new(179.8, 29.9)), 19_989_832.828, 1e-3);
    assert_near(geodesic_m(Point::new(0.0, 0.0), Point::new(0.0, 90.0)), 10_001_965.729, 1e-3);
    assert_near(geodesic_m(Point::new(179.5, 0.0), Point::new(-179.5, 0.0)), 111_319.491, 1e-3);
    assert_near(geodesic_m(NEW_YORK, LONDON), 5_585_233.579, 1e-2);
}

#[test]
fn rhumb_lines_are_those_of_the_crate_geo_and_of_arithmetic() {
    assert_near(rhumb_m(NEW_YORK, LONDON), 5_794_129.0, 1.0);
    let degree = EARTH_RADIUS_M * std::f64::consts::PI / 180.0;
    // Along a parallel and along a meridian there is nothing to compute.
    let on_60 = |lon: f64| Point::new(lon, 60.0);
    assert_near(rhumb_m(on_60(10.0), on_60(50.0)), 20.0 * degree, 1e-6);
    assert_near(rhumb_m(on_60(175.0), on_60(-175.0)), 5.0 * degree, 1e-6);
    assert_near(rhumb_m(on_60(5.0), Point::new(5.0, -20.0)), 80.0 * degree, 1e-6);
    assert_near(rhumb_m(on_60(5.0), Point::new(140.0, 90.0)), 30.0 * degree, 1e-6);
    // A parallel, but for a hair: no digits may be lost to the small difference of latitude.
    assert_near(rhumb_m(on_60(10.0), Point::new(50.0, 60.0 + 1e-12)), 20.0 * degree, 1e-6);
    // A long way by 45 degrees: the textbook formula.
    let (a, b) = (Point::new(-10.0, -30.0), Point::new(60.0, 45.0));
    let stretched = |lat: f64| (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln();
    let (dlat, dlon) = (75f64.to_radians(), 70f64.to_radians());
    let q = dlat / (stretched(45.0) - stretched(-30.0));
    assert_near(rhumb_m(a, b), EARTH_RADIUS_M * dlat.hypot(q * dlon), 1e-6);
}

#[test]
fn euclidean_spans_the_scales() {
    let p = |x: f64, y: f64, z: f64| Point::new_3d(x, y, z);
    for scale in [1e-150, 1e-9, 1.0, 1e9, 1e150] {
        let d = euclidean(p(0.0, 0.0, 0.0), p(2.0 * scale, 3.0 * scale, 6.0 * scale));
        assert_near(d / scale, 7.0, 1e-14);
    }
    assert_eq!(euclidean(p(1e9, 1e-9, 0.0), p(1e9, 0.0, 0.0)), 1e-9);
    let (far, near) = (p(f64::MAX, f64::MAX, 1.0), p(-f64::MAX, f64::MAX, 1.0));
    assert_eq!(euclidean(far, near), f64::INFINITY);
}

#[test]
fn a_metric_fits_its_space() {
    let (a, b) = (Point::new_3d(1.0, 2.0, 30.0), Point::new_3d(4.0, 6.0, 42.0));
    for metric in [Metric::Haversine, Metric::Geodesic, Metric::Rhumb] {
        let error = Space::Cartesian.distance_by(metric, a, b).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
    assert_eq!(Space::Cartesian.distance_by(Metric::Euclidean, a, b).unwrap(), 13.0);
    assert_eq!(Space::Geographic.distance_by(Metric::Euclidean, a, b).unwrap(), 5.0);
    for (metric, ground) in [
        (Metric::Haversine, haversine_m(a, b)),
        (Metric::Geodesic, geodesic_m(a, b)),
        (Metric::Rhumb, rhumb_m(a, b)),
    ] {
        let got = Space::Geographic.distance_by(metric, a, b).unwrap();
        assert_near(got, ground.hypot(12.0), 1e-8);
    }
    let (low, high) = (Point::new_3d(1.0, 2.0, -5.0), Point::new_3d(1.0, 2.0, 7.0));
    assert_eq!(Space::Geographic.distance(low, high), 12.0);
}

proptest! {
    #![proptest_config(crate::places::cases(4000))]

    #[test]
    fn haversine_is_the_angle_between_vectors((a, b) in crate::places::two_places()) {
        let (got, expected) = (haversine_m(a, b), haversine_by_vectors(a, b));
        // Vectors lose digits up close, haversines beside the antipode.
        let tolerance = if got > 2e7 { 0.5 } else { 1e-12 * got + 1e-8 };
        prop_assert!((got - expected).abs() <= tolerance, "{} {}", got, expected);
        prop_assert_eq!(got.to_bits(), haversine_m(b, a).to_bits());
        prop_assert_eq!(haversine_m(a, a), 0.0);
    }

    #[test]
    fn up_close_a_degree_is_a_degree(a in crate::places::place(), digits in -12.0..-5.0f64) {
        let a = Point::new(a.x * 0.99, a.y * 0.9);
        let by = 10f64.powf(digits);
        let (east, north) = (Point::new(a.x + by, a.y), Point::new(a.x, a.y + by));
        // The coordinates are rounded; the distance is that of the rounded ones.
        let degree = EARTH_RADIUS_M.to_radians();
        let (dx, dy) = (east.x - a.x, north.y - a.y);
        let expected = dx * degree * a.y.to_radians().cos();
        prop_assert!((haversine_m(a, east) - expected).abs() <= 1e-12 * expected);
        prop_assert!((haversine_m(a, north) - dy * degree).abs() <= 1e-12 * dy * degree);
    }

    #[test]
    fn geodesic_and_rhumb_are_symmetric_and_not_shorter_than_they_may_be(
        (a, b) in crate::places::two_places(),
    ) {
        let (geodesic, rhumb, straight) = (geodesic_m(a, b), rhumb_m(a, b), haversine_m(a, b));
        prop_assert_eq!(geodesic.to_bits(), geodesic_m(b, a).to_bits());
        prop_assert_eq!(rhumb.to_bits(), rhumb_m(b, a).to_bits());
        // The ellipsoid is within 0.6 % of the sphere; a rhumb line is no short cut.
        prop_assert!((geodesic - straight).abs() <= 0.006 * straight + 1e-6);
        prop_assert!(rhumb >= straight * (1.0 - 1e-7) - 1e-6, "{} {}", rhumb, straight);
    }

    #[test]
    fn from_an_origin_the_bits_are_the_same(
        (a, b) in crate::places::two_places(),
        z in -1e4..1e4f64,
    ) {
        let b = Point::new_3d(b.x, b.y, z);
        for space in [Space::Geographic, Space::Cartesian] {
            let from = DistanceFrom::new(space, a);
            prop_assert_eq!(from.to_xy(b.x, b.y).to_bits(), space.distance_2d(a, b).to_bits());
            prop_assert_eq!(from.to_xy(b.x, b.y).to_bits(), space.distance_2d(b, a).to_bits());
            prop_assert_eq!(from.to(b.x, b.y, b.z).to_bits(), space.distance(a, b).to_bits());
            prop_assert!(from.to(b.x, b.y, b.z) >= from.to_xy(b.x, b.y));
            let distance = from.to_xy(b.x, b.y);
            prop_assert!(from.key(b.x, b.y) <= from.key_of(distance));
            prop_assert_eq!(from.distance_of(from.key(b.x, b.y)).to_bits(), distance.to_bits());
            // And not looser than a hair: what is a billionth further has a larger key.
            if distance > 1e-9 && distance < 1.9e7 {
                prop_assert!(from.key(b.x, b.y) > from.key_of(distance * (1.0 - 1e-9)));
            }
        }
    }
}
