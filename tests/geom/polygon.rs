//! Guards polygons: containment equals a plain walk over all edges, borders are inside to the last
//! bit, crossings are found as a test of all pairs finds them, bad rings are refused by name.

use proptest::prelude::*;
use robust::{Coord, orient2d};
use spatio::{ErrorKind, Polygon, Space, convex_hull};

type Xy = (f64, f64);
/// Exterior, holes, and words of the reason for which they are refused.
type Refused = (Vec<Xy>, Vec<Vec<Xy>>, &'static str);

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn turn(a: Xy, b: Xy, c: Xy) -> f64 {
    let coord = |(x, y)| Coord { x, y };
    orient2d(coord(a), coord(b), coord(c))
}

fn is_on(a: Xy, b: Xy, p: Xy) -> bool {
    let (x, y) = p;
    let in_box = x >= a.0.min(b.0) && x <= a.0.max(b.0) && y >= a.1.min(b.1) && y <= a.1.max(b.1);
    in_box && turn(a, b, p) == 0.0
}

/// The oracle: every edge of every part, by the winding number where rings are simple.
fn contains_by_walk(polygon: &Polygon, p: Xy) -> bool {
    polygon.parts().any(|(exterior, holes)| {
        let rings = || std::iter::once(exterior).chain(holes.iter().map(|hole| &hole[..]));
        let edges = || rings().flat_map(|ring| ring.windows(2).map(|edge| (edge[0], edge[1])));
        if edges().any(|(a, b)| is_on(a, b, p)) {
            return true;
        }
        let crossed = edges().filter(|&(a, b)| {
            let upwards = a.1 <= p.1 && b.1 > p.1 && turn(a, b, p) > 0.0;
            let downwards = a.1 > p.1 && b.1 <= p.1 && turn(a, b, p) < 0.0;
            upwards || downwards
        });
        crossed.count() % 2 == 1
    })
}

/// The oracle: whether two edges of the ring have more in common than the ring's path gives them,
/// by all pairs. It tells touching from crossing by moving nothing, so it is for rings whose
/// corners are all different and on no other edge.
fn crosses_by_pairs(ring: &[Xy]) -> bool {
    let count = ring.len();
    let edge = |i: usize| (ring[i % count], ring[(i + 1) % count]);
    (0..count).any(|i| {
        (i + 1..count).any(|j| {
            let ((a, b), (c, d)) = (edge(i), edge(j));
            let differ = |s: f64, t: f64| (s < 0.0 && t > 0.0) || (s > 0.0 && t < 0.0);
            differ(turn(a, b, c), turn(a, b, d)) && differ(turn(c, d, a), turn(c, d, b))
        })
    })
}

/// A simple ring round a middle, with spikes: one corner for each of many directions.
fn star(middle: Xy, radii: &[f64]) -> Vec<Xy> {
    let corner = |(index, radius): (usize, &f64)| {
        let angle = std::f64::consts::TAU * index as f64 / radii.len() as f64;
        (middle.0 + radius * angle.cos(), middle.1 + radius * angle.sin())
    };
    radii.iter().enumerate().map(corner).collect()
}

fn square(x: f64, y: f64, size: f64) -> Vec<Xy> {
    vec![(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
}

#[test]
fn borders_of_parts_and_holes_are_inside() {
    let polygon = Polygon::new(square(0.0, 0.0, 10.0), vec![square(4.0, 4.0, 2.0)]).unwrap();
    for (x, y, inside) in [
        (0.0, 0.0, true),
        (10.0, 10.0, true),
        (10.0, 3.3, true),
        (3.3, 0.0, true),
        (4.0, 5.0, true),
        (6.0, 6.0, true),
        (5.0, 4.0, true),
        (5.0, 5.0, false),
        (4.0f64.next_up(), 5.0, false),
        (4.0f64.next_down(), 5.0, true),
        (10.0f64.next_up(), 5.0, false),
        (-f64::MIN_POSITIVE, 5.0, false),
        (f64::NAN, 5.0, false),
        (5.0, f64::INFINITY, false),
    ] {
        assert_eq!(polygon.contains(x, y), inside, "{x} {y}");
    }
    assert_eq!(polygon.area(), 96.0);
    assert_eq!(polygon.vertex_count(), 8);
    let (exterior, holes) = polygon.parts().next().unwrap();
    assert_eq!((exterior.len(), exterior.first(), holes.len()), (5, exterior.last(), 1));
}

#[test]
fn a_point_in_any_part_is_inside_though_parts_overlap() {
    let parts = vec![(square(0.0, 0.0, 4.0), vec![]), (square(2.0, 2.0, 4.0), vec![])];
    for polygon in [Polygon::multi(parts.clone()), Polygon::multi_unchecked(parts)] {
        let polygon = polygon.unwrap();
        for (x, y, inside) in
            [(1.0, 1.0, true), (3.0, 3.0, true), (5.0, 5.0, true), (5.0, 1.0, false)]
        {
            assert_eq!(polygon.contains(x, y), inside);
        }
        assert_eq!(polygon.bounds(), spatio::Rect::new(0.0, 0.0, 6.0, 6.0));
    }
}

#[test]
fn what_is_no_region_is_refused_with_its_reason() {
    let big = || square(0.0, 0.0, 10.0);
    let bow = vec![(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)];
    let cases: Vec<Refused> = vec![
        (vec![(0.0, 0.0), (1.0, 1.0)], vec![], "one line"),
        (vec![(0.0, 0.0); 5], vec![], "1 distinct points"),
        (vec![(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)], vec![], "no area"),
        (bow.clone(), vec![], "crosses itself at (1.0, 1.0)"),
        (big(), vec![square(5.0, 5.0, 10.0)], "crosses itself"),
        (big(), vec![square(20.0, 5.0, 1.0)], "hole 0 of part 0 is outside"),
        (big(), vec![square(-5.0, -5.0, 50.0)], "hole 0 of part 0 is outside"),
        (big(), vec![square(1.0, 1.0, 8.0), square(2.0, 2.0, 1.0)], "hole 1 of part 0 is within"),
        (big(), vec![square(1.0, 1.0, 8.0), square(1.0, 1.0, 8.0)], "crosses itself"),
    ];
    for (exterior, holes, words) in cases {
        let error = Polygon::new(exterior, holes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.to_string().contains(words), "{error}");
    }
    let error = Polygon::new(vec![(0.0, 0.0), (1.0, f64::NAN), (1.0, 1.0)], vec![]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfRange);
    assert!(Polygon::multi(vec![]).is_err());

    // Unchecked, a bow tie is its two wings.
    let bow = Polygon::multi_unchecked(vec![(bow, vec![])]).unwrap();
    assert!(bow.contains(0.2, 1.0) && bow.contains(1.8, 1.0) && bow.contains(1.0, 1.0));
    assert!(!bow.contains(1.0, 0.2) && !bow.contains(1.0, 1.8));
}

#[test]
fn holes_may_touch_the_exterior_at_all_their_corners() {
    let diamond = vec![(5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0)];
    let polygon = Polygon::new(square(0.0, 0.0, 10.0), vec![diamond.clone()]).unwrap();
    assert!(
        polygon.contains(1.0, 1.0) && polygon.contains(5.0, 0.0) && !polygon.contains(5.0, 5.0)
    );
    assert!(Polygon::new(diamond, vec![square(0.0, 0.0, 10.0)]).is_err());
}

#[test]
fn a_polygon_has_to_fit_its_space() {
    let polygon = Polygon::new(square(175.0, 0.0, 10.0), vec![]).unwrap();
    assert!(polygon.validate(Space::Cartesian, "t").is_ok());
    assert!(polygon.validate(Space::Geographic, "t").unwrap_err().to_string().contains("185"));
}

#[test]
fn large_rings_of_every_shape_are_checked_in_n_log_n() {
    let count = 68_080;
    let wave = |i: usize| if i.is_multiple_of(2) { 1.0 } else { 100.0 };
    let spikes = star((0.0, 0.0), &(0..count).map(wave).collect::<Vec<_>>());
    let mut comb: Vec<Xy> = (0..count).map(|i| (i as f64, wave(i))).collect();
    comb.extend([(count as f64, 0.0), (0.0, 0.0)]);
    for ring in [spikes, comb] {
        let middle = ring.len() / 2;
        assert!(Polygon::new(ring.clone(), vec![]).is_ok());
        let mut crossed = ring;
        crossed.swap(middle, middle + 2);
        assert!(Polygon::new(crossed, vec![]).is_err());
    }
}

#[test]
fn a_hull_of_less_than_a_triangle_is_what_there_is() {
    let hull = |points: &[Xy]| convex_hull(points.iter().copied());
    assert_eq!(hull(&[]), []);
    assert_eq!(hull(&[(1.0, 2.0), (1.0, 2.0)]), [(1.0, 2.0)]);
    assert_eq!(hull(&[(2.0, 2.0), (1.0, 1.0), (3.0, 3.0)]), [(1.0, 1.0), (3.0, 3.0)]);
    assert_eq!(hull(&[(f64::NAN, 1.0)]), []);
    let got = hull(&[(1.0, 1.0), (0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (1.0, 0.0)]);
    assert_eq!(got, [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)]);
}

/// Whole numbers of a small range, where points fall on borders and corners meet.
fn lattice() -> impl Strategy<Value = Xy> {
    (0..8u32, 0..8u32).prop_map(|(x, y)| (f64::from(x), f64::from(y)))
}

fn radii() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0.1..1.0f64, 3..120)
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn containment_is_that_of_a_walk_over_all_edges(
        (radii, hole, scale) in (radii(), radii(), prop::sample::select(vec![1e-9, 1.0, 1e9])),
        points in prop::collection::vec((-1.1..1.1f64, -1.1..1.1f64), 30),
    ) {
        let scaled = |radii: &[f64], by: f64| radii.iter().map(|r| r * by).collect::<Vec<_>>();
        // The hole fits where spikes are never shorter than it.
        let outer: Vec<f64> = radii.iter().map(|r| (r + 2.0) * scale).collect();
        let exterior = star((0.0, 0.0), &outer);
        let hole = star((0.0, 0.0), &scaled(&hole, 0.9 * scale));
        let beside = star((4.0 * scale, 0.0), &scaled(&radii, 2.0 * scale));
        let parts = vec![(exterior, vec![hole]), (beside, vec![])];
        prop_assume!(Polygon::multi(parts.clone()).is_ok());
        let polygon = Polygon::multi(parts).unwrap();
        for (x, y) in points {
            let p = (6.0 * x * scale, 3.0 * y * scale);
            prop_assert_eq!(polygon.contains(p.0, p.1), contains_by_walk(&polygon, p));
        }
        for (exterior, holes) in polygon.parts() {
            for &(x, y) in exterior.iter().chain(holes.iter().flatten()) {
                prop_assert!(polygon.contains(x, y));
                let near = (x.next_up(), y.next_down());
                prop_assert_eq!(polygon.contains(near.0, near.1), contains_by_walk(&polygon, near));
            }
        }
    }

    #[test]
    fn rings_that_cross_are_even_and_odd(
        rings in prop::collection::vec(prop::collection::vec(lattice(), 3..12), 1..4),
    ) {
        let parts = rings.into_iter().map(|ring| (ring, vec![])).collect();
        if let Ok(polygon) = Polygon::multi_unchecked(parts) {
            for step in 0..324u32 {
                let p = (f64::from(step % 18) / 2.0 - 0.5, f64::from(step / 18) / 2.0 - 0.5);
                let walked = contains_by_walk(&polygon, p);
                prop_assert_eq!(polygon.contains(p.0, p.1), walked, "{:?}", p);
            }
        }
    }

    #[test]
    fn crossings_are_those_of_all_pairs(
        ring in prop::collection::vec((0.0..1.0f64, 0.0..1.0f64), 3..9),
        by in 0.0..0.3f64,
    ) {
        prop_assert_eq!(Polygon::new(ring.clone(), vec![]).is_err(), crosses_by_pairs(&ring));
        // A star that is mostly simple, with one corner moved.
        let mut bent = star((0.0, 0.0), &ring.iter().map(|xy| xy.0 + 0.5).collect::<Vec<_>>());
        bent[0].1 += by;
        bent[0].0 -= 4.0 * by;
        prop_assert_eq!(Polygon::new(bent.clone(), vec![]).is_err(), crosses_by_pairs(&bent));
    }

    /// On a lattice corners meet, lie on edges and edges overlap; whatever is accepted has to be
    /// free of crossings, and stay so when the ring is turned round, begun elsewhere or mirrored.
    #[test]
    fn touching_is_judged_alike_from_all_sides(ring in prop::collection::vec(lattice(), 3..9)) {
        let accepted = |ring: Vec<Xy>| Polygon::new(ring, vec![]).is_ok();
        let is_ok = accepted(ring.clone());
        prop_assert!(!(is_ok && crosses_by_pairs(&ring)));
        prop_assert_eq!(is_ok, accepted(ring.iter().rev().copied().collect()));
        prop_assert_eq!(is_ok, accepted(ring.iter().map(|&(x, y)| (y, x)).collect()));
        prop_assert_eq!(is_ok, accepted(ring.iter().map(|&(x, y)| (-x, y)).collect()));
        prop_assert_eq!(is_ok, accepted(ring.iter().map(|&(x, y)| (x + y, y - x)).collect()));
        let mut moved = ring.clone();
        moved.rotate_left(1);
        prop_assert_eq!(is_ok, accepted(moved));
    }

    #[test]
    fn a_hull_holds_all_points_and_turns_left_only(
        points in prop::collection::vec(prop_oneof![lattice(), (0.0..8.0f64, 0.0..8.0f64)], 0..40),
    ) {
        let hull = convex_hull(points.iter().copied());
        prop_assert!(hull.iter().all(|corner| points.contains(corner)));
        for edge in hull.windows(2) {
            let is_left = |&p: &(f64, f64)| turn(edge[0], edge[1], p) >= 0.0;
                prop_assert!(points.iter().all(is_left) || hull.len() == 2);
        }
        if hull.len() > 2 {
            prop_assert_eq!(hull.first(), hull.last());
            let corners = hull.len() - 1;
            for i in 0..corners {
                prop_assert!(turn(hull[i], hull[i + 1], hull[(i + 2) % corners]) > 0.0);
            }
        } else if let [a, b] = hull[..] {
            prop_assert!(points.iter().all(|&p| is_on(a, b, p)));
        }
    }
}
