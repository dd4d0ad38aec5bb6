//! Random places and boxes for property tests, dense where mistakes live: at the poles, beside
//! 180 degrees, beside each other, and at coordinates that are equal.

use proptest::prelude::*;
use spatio::{Point, Rect};

// Each test that includes this file uses some of it; these lines use the rest.
const _: fn() -> BoxedStrategy<Point> = || place().boxed();
const _: fn() -> BoxedStrategy<(Point, Point)> = || two_places().boxed();
const _: fn() -> BoxedStrategy<Rect> = || globe_rect().boxed();
const _: fn() -> BoxedStrategy<f64> = || plane_number().boxed();

/// How many cases a property is tried on; a failure is printed, not kept in a file.
pub(crate) fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// A step of any size from 1e-13 to 1e2, either way, or none.
pub(crate) fn step() -> impl Strategy<Value = f64> {
    prop_oneof![
        9 => (-13.0..2.0f64, any::<bool>())
            .prop_map(|(digits, up)| 10f64.powf(digits) * if up { 1.0 } else { -1.0 }),
        1 => Just(0.0),
    ]
}

fn lon() -> impl Strategy<Value = f64> {
    let special = prop::sample::select(vec![-180.0, -90.0, 0.0, 90.0, 180.0]);
    prop_oneof![
        3 => -180.0..=180.0f64,
        1 => special.clone(),
        2 => (special, step()).prop_map(|(at, by)| wrap(at + by)),
    ]
}

fn lat() -> impl Strategy<Value = f64> {
    let special = prop::sample::select(vec![-90.0, -45.0, 0.0, 60.0, 90.0]);
    prop_oneof![
        3 => -90.0..=90.0f64,
        1 => special.clone(),
        2 => (special, step()).prop_map(|(at, by): (f64, f64)| (at + by).clamp(-90.0, 90.0)),
    ]
}

fn wrap(lon: f64) -> f64 {
    if lon > 180.0 {
        lon - 360.0
    } else if lon < -180.0 {
        lon + 360.0
    } else {
        lon
    }
}

/// A place on the globe.
pub(crate) fn place() -> impl Strategy<Value = Point> {
    (lon(), lat()).prop_map(|(x, y)| Point::new(x, y))
}

/// Two places on the globe: anywhere, beside each other, or beside each other's antipode.
pub(crate) fn two_places() -> impl Strategy<Value = (Point, Point)> {
    let beside = (place(), step(), step())
        .prop_map(|(a, dx, dy)| (a, Point::new(wrap(a.x + dx), (a.y + dy).clamp(-90.0, 90.0))));
    let opposite = (place(), step(), step()).prop_map(|(a, dx, dy)| {
        let x = wrap(wrap(a.x + 180.0) + dx);
        (a, Point::new(x, (-a.y + dy).clamp(-90.0, 90.0)))
    });
    prop_oneof![3 => (place(), place()), 4 => beside, 1 => opposite]
}

/// A box on the globe that does not cross the antimeridian; some reach around it or to a pole,
/// some have no width or height.
pub(crate) fn globe_rect() -> impl Strategy<Value = Rect> {
    prop_oneof![
        3 => (place(), place()),
        3 => two_places(),
        1 => place().prop_map(|a| (a, a)),
        1 => lat().prop_map(|y| (Point::new(-180.0, y), Point::new(180.0, 90.0))),
    ]
    .prop_map(|(a, b)| Rect::new(a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)))
}

/// A coordinate of the plane, from 1e-9 to 1e9 in size.
pub(crate) fn plane_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (-9.0..9.0f64, any::<bool>())
            .prop_map(|(digits, up)| 10f64.powf(digits) * if up { 1.0 } else { -1.0 }),
        1 => Just(0.0),
        1 => prop::sample::select(vec![1e9, -1e9, 1.0, 1e-9]),
    ]
}
