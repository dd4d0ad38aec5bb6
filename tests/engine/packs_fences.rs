//! Guards fences against brute force over all polygons: which contain a point, which share a point
//! with a box; random ones with holes and several parts on a small grid, where borders and corners
//! are met all the time, and the countries of the world and the counties of the United States.

use proptest::prelude::*;
use robust::{Coord, orient2d};
use spatio::{ErrorKind, Fence, Fences, FoundFence, Point, Polygon, Rect, Space};

type Xy = (f64, f64);

fn turn(a: Xy, b: Xy, c: Xy) -> f64 {
    let coord = |(x, y): Xy| Coord { x, y };
    orient2d(coord(a), coord(b), coord(c))
}

/// Whether two segments share a point, by the turns of their ends.
fn cross(a: Xy, b: Xy, c: Xy, d: Xy) -> bool {
    let on = |p: Xy| {
        turn(a, b, p) == 0.0
            && (a.0.min(b.0)..=a.0.max(b.0)).contains(&p.0)
            && (a.1.min(b.1)..=a.1.max(b.1)).contains(&p.1)
    };
    let on_other = |p: Xy| {
        turn(c, d, p) == 0.0
            && (c.0.min(d.0)..=c.0.max(d.0)).contains(&p.0)
            && (c.1.min(d.1)..=c.1.max(d.1)).contains(&p.1)
    };
    let parts = |p: f64, q: f64| (p > 0.0 && q < 0.0) || (p < 0.0 && q > 0.0);
    on(c)
        || on(d)
        || on_other(a)
        || on_other(b)
        || (parts(turn(a, b, c), turn(a, b, d)) && parts(turn(c, d, a), turn(c, d, b)))
}

/// Whether a polygon and a box share a point: a corner lies in the polygon, a vertex in the box, or
/// two sides cross.
fn meets(polygon: &Polygon, rect: &Rect) -> bool {
    if !polygon.bounds().intersects(rect) {
        return false;
    }
    let Rect { min_x, min_y, max_x, max_y } = *rect;
    let corners = [(min_x, min_y), (max_x, min_y), (max_x, max_y), (min_x, max_y), (min_x, min_y)];
    corners.iter().any(|&(x, y)| polygon.contains(x, y))
        || polygon.parts().any(|(exterior, holes)| {
            let rings = std::iter::once(exterior).chain(holes.iter().map(|hole| &hole[..]));
            rings.flat_map(|ring| ring.windows(2)).any(|edge| {
                rect.contains(edge[0].0, edge[0].1)
                    || corners.windows(2).any(|side| cross(edge[0], edge[1], side[0], side[1]))
            })
        })
}

fn ids(found: &[FoundFence<'_>]) -> Vec<usize> {
    found.iter().map(|fence| fence.id.parse().expect("ids are numbers")).collect()
}

/// Fences whose ids are the places of the polygons.
fn fences_of(space: Space, polygons: &[Polygon]) -> Fences {
    let names: Vec<String> = (0..polygons.len()).map(|n| format!("{n:05}")).collect();
    let named = names.iter().zip(polygons);
    let fences: Vec<Fence<'_>> =
        named.map(|(id, polygon)| Fence { id, polygon, payload: Some(id.as_bytes()) }).collect();
    let fences = Fences::build(space, &fences).unwrap();
    fences.verify().unwrap();
    fences
}

fn grid() -> impl Strategy<Value = Xy> {
    ((-6_i32..=6).prop_map(f64::from), (-6_i32..=6).prop_map(f64::from))
}

fn ring() -> impl Strategy<Value = Vec<Xy>> {
    prop_oneof![
        proptest::collection::vec(grid(), 3..8),
        // Long enough for many runs of edges.
        (grid(), 1_i32..7, 40_usize..200).prop_map(|((x, y), size, vertices)| {
            let at = |n: usize| std::f64::consts::TAU * n as f64 / vertices as f64;
            let reach = |n: usize| f64::from(size) * if n.is_multiple_of(3) { 0.5 } else { 1.0 };
            let vertex = |n| (x + reach(n) * at(n).cos(), y + reach(n) * at(n).sin());
            (0..vertices).map(vertex).collect()
        }),
    ]
}

fn polygon() -> impl Strategy<Value = Polygon> {
    let part = (ring(), proptest::collection::vec(ring(), 0..3));
    proptest::collection::vec(part, 1..4)
        .prop_filter_map("a ring has no area", |parts| Polygon::multi_unchecked(parts).ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_fences_answer_as_all_polygons_do(
        polygons in proptest::collection::vec(polygon(), 0..40),
        points in proptest::collection::vec((grid(), -1.0..1.0f64), 40),
        boxes in proptest::collection::vec((grid(), (0_i32..5, 0_i32..5)), 40),
        is_geographic in any::<bool>(),
    ) {
        let space = if is_geographic { Space::Geographic } else { Space::Cartesian };
        let fences = fences_of(space, &polygons);
        prop_assert_eq!(fences.count(), polygons.len());
        for ((x, y), off) in points {
            for (x, y) in [(x, y), (x + off, y), (x, y + off)] {
                let found = fences.containing(Point::new(x, y)).unwrap();
                let expected = (0..polygons.len()).filter(|&n| polygons[n].contains(x, y));
                prop_assert_eq!(ids(&found), expected.collect::<Vec<_>>(), "({}, {})", x, y);
                prop_assert!(found.iter().all(|fence| fence.payload == Some(fence.id.as_bytes())));
            }
        }
        for ((x, y), (width, height)) in boxes {
            let rect = Rect::new(x, y, x + f64::from(width), y + f64::from(height));
            let found = fences.intersecting(rect).unwrap();
            let expected = (0..polygons.len()).filter(|&n| meets(&polygons[n], &rect));
            prop_assert_eq!(ids(&found), expected.collect::<Vec<_>>(), "{:?}", rect);
        }
    }
}

#[test]
fn what_cannot_be_a_fence_is_refused_by_row() {
    let square = Polygon::new(vec![(0.0, 0.0), (200.0, 0.0), (0.0, 9.0)], vec![]).unwrap();
    let fence = |id| Fence { id, polygon: &square, payload: None };
    let built = |space, fences: &[Fence<'_>]| Fences::build(space, fences).map(|all| all.count());
    let kind = |space, fences: &[Fence<'_>]| built(space, fences).unwrap_err().kind();
    assert_eq!(built(Space::Cartesian, &[fence("b"), fence("a")]).unwrap(), 2);
    assert_eq!(kind(Space::Cartesian, &[fence("a"), fence("a")]), ErrorKind::InvalidArgument);
    assert_eq!(kind(Space::Cartesian, &[fence("")]), ErrorKind::InvalidArgument);
    let error = built(Space::Geographic, &[fence("b")]).unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::OutOfRange, Some(0)), "{error}");
    let fences = Fences::build(Space::Cartesian, &[fence("a")]).unwrap();
    assert!(fences.containing(Point::new(f64::NAN, 0.0)).is_err());
    assert!(fences.intersecting(Rect::new(2.0, 0.0, 1.0, 1.0)).is_err(), "inverted");
    assert_eq!(fences.get("a").unwrap().map(|found| (found.id, found.payload)), Some(("a", None)));
    assert!(fences.get("c").unwrap().is_none());
}

#[test]
fn a_box_over_the_antimeridian_meets_both_shores() {
    let square = |x: f64| {
        Polygon::new(vec![(x, 0.0), (x + 2.0, 0.0), (x + 2.0, 2.0), (x, 2.0)], vec![]).unwrap()
    };
    let fences = fences_of(Space::Geographic, &[square(177.0), square(-179.0), square(0.0)]);
    let met = |min_x, max_x| ids(&fences.intersecting(Rect::new(min_x, 1.0, max_x, 1.5)).unwrap());
    assert_eq!(met(178.0, -178.5), [0, 1]);
    assert_eq!(met(179.5, -179.5), [0_usize; 0]);
    assert_eq!(met(-180.0, 180.0), [0, 1, 2]);
}

/// The polygons of a file, held against fences at recorded and at random places.
fn assert_real(polygons: &str, points: &str) {
    let features = crate::data::open_polygons(polygons).into_iter();
    let polygons: Vec<Polygon> =
        features.map(|(_, _, parts)| Polygon::multi(parts).unwrap()).collect();
    let fences = fences_of(Space::Geographic, &polygons);
    let mut prng = spatio::prng::Prng::new(11);
    let recorded = crate::data::open_points(points).step_by(97).take(1_000);
    let mut places: Vec<Xy> = recorded.map(|(_, _, x, y, _)| (x, y)).collect();
    places.extend((0..1_000).map(|_| (prng.between(-180.0, 180.0), prng.between(-85.0, 85.0))));
    // Vertices lie on a border, often on that of two.
    let exteriors: Vec<&[Xy]> =
        polygons.iter().flat_map(|p| p.parts().map(|part| part.0)).collect();
    places.extend((0..500).map(|_| {
        let ring = exteriors[prng.index(exteriors.len())];
        ring[prng.index(ring.len())]
    }));
    let mut found_any = 0;
    for (x, y) in &places {
        let found = ids(&fences.containing(Point::new(*x, *y)).unwrap());
        let expected = (0..polygons.len()).filter(|&n| polygons[n].contains(*x, *y));
        assert_eq!(found, expected.collect::<Vec<_>>(), "({x}, {y})");
        found_any += usize::from(!found.is_empty());
    }
    assert!(found_any > 500, "{found_any}");
    for (x, y) in places.iter().step_by(25) {
        let (width, height) = (prng.between(0.0, 2.0), prng.between(0.0, 1.0));
        let rect = Rect::new(*x, *y, (x + width).min(180.0), (y + height).min(90.0));
        // A box that ends on the antimeridian lies on both of its sides.
        let halves = rect.split(Space::Geographic);
        let is_met = |polygon: &Polygon| halves.iter().any(|half| meets(polygon, half));
        let found = ids(&fences.intersecting(rect).unwrap());
        let expected = (0..polygons.len()).filter(|&n| is_met(&polygons[n]));
        assert_eq!(found, expected.collect::<Vec<_>>(), "{rect:?}");
    }
}

#[test]
fn countries_contain_what_brute_force_finds() {
    if crate::data::is_available() {
        assert_real("geofence_countries_10m", "stork_migration_de_africa");
    }
}

#[test]
fn counties_contain_what_brute_force_finds() {
    if crate::data::is_available() {
        assert_real("geofence_us_counties", "ais_us_coast_2022-01-03");
    }
}
