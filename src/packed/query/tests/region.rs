//! Regions: the walk over each shape, and each shape against points that are tried.

use std::array;
use std::ops::ControlFlow;

use super::plain::Plain;
use super::{ask, brute, in_all_dimensions, items, sorted};
use crate::geom::Polygon;
use crate::packed::boxes::BoxN;
use crate::packed::query::best_first::BestFirst;
use crate::packed::query::nearest::Neighbour;
use crate::packed::query::region::{
    Ball, Capsule, Cone, ConvexPolygon, Frustum, HalfSpace, Inside, Ordered, PolygonRegion, Region,
};
use crate::packed::query::search::{Any, Collect, Count, Search};
use crate::prng::Prng;

fn check<const D: usize>(tree: &Plain<D>, items: &[BoxN<D>], region: &impl Region<D>) {
    let expected = brute(items, |b| region.overlaps(b));
    let filter = Inside::new(region);
    let mut ids = Vec::new();
    ask(tree, Search { filter, sink: Collect(&mut ids) });
    assert_eq!(sorted(ids), expected);
    assert_eq!(ask(tree, Search { filter, sink: Count::default() }), expected.len());
    assert_eq!(ask(tree, Search { filter, sink: Any::default() }), !expected.is_empty());
    for bounds in items {
        assert!(!region.contains(bounds) || region.overlaps(bounds));
    }
    let key = |b: &BoxN<D>| (b.min[0] - 3.0).max(5.0 - b.max[0]);
    let mut order: Vec<(f64, u32)> =
        expected.iter().map(|id| (key(&items[*id as usize]) + 0.0, *id)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut told = Vec::new();
    let visitor = |found: Neighbour| {
        told.push((found.distance, found.id));
        ControlFlow::Continue(())
    };
    let measure = Ordered::new(region, key);
    ask(tree, BestFirst { measure, max_distance: f64::INFINITY, visitor });
    assert_eq!(told, order);
}

fn place<const D: usize>(prng: &mut Prng) -> [f64; D] {
    array::from_fn(|_| prng.between(-10.0, 100.0))
}

fn shapes_are_searched<const D: usize>(seed: u64, count: usize) {
    let items = items::<D>(seed, count.min(600));
    // Of any magnitude a larger box may round to a little further away.
    if items.iter().any(|b| b.min.iter().chain(&b.max).any(|x| x.is_finite() && x.abs() > 1e9)) {
        return;
    }
    let tree = Plain::new(&items, seed);
    let prng = &mut Prng::for_part(seed, 7);
    for size in [0.0, 5.0, 60.0] {
        check(&tree, &items, &Ball::new(place(prng), size).unwrap());
        check(&tree, &items, &Capsule::new(place(prng), place(prng), size).unwrap());
        check(&tree, &items, &Cone::new(place(prng), place(prng), 0.4, 2.0 * size).unwrap());
        let normal = array::from_fn(|_| prng.below(3) as f64 - 1.0);
        check(&tree, &items, &HalfSpace::new(normal, size).unwrap());
        let corners: Vec<_> = (0..6).map(|_| place::<2>(prng)).map(|[x, y]| (x, y)).collect();
        check(&tree, &items, &ConvexPolygon::new(&corners[..1 + prng.index(6)]).unwrap());
    }
    check(&tree, &items, &PolygonRegion::new(&ring_with_hole()));
}

/// A square with a notch and a hole, and a far triangle.
fn ring_with_hole() -> Polygon {
    let outer = vec![(0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (30.0, 20.0), (0.0, 60.0)];
    let hole = vec![(10.0, 5.0), (50.0, 5.0), (30.0, 15.0)];
    let far = vec![(70.0, 70.0), (90.0, 75.0), (72.0, 95.0)];
    Polygon::multi(vec![(outer, vec![hole]), (far, vec![])]).unwrap()
}

in_all_dimensions! {
    shapes_are_searched_as_the_plain_walk_does => shapes_are_searched;
}

/// Whether any of many points of a box is inside: never of a box that does not overlap. Of boxes
/// that are pushed together from both sides it is found by trying.
fn tries<const D: usize>(region: &impl Region<D>, holds: impl Fn([f64; D]) -> bool, seed: u64) {
    let prng = &mut Prng::new(seed);
    let (mut overlapping, mut found) = (0, 0);
    for _ in 0..3000 {
        let min = place::<D>(prng);
        let size = [0.0, 1.0, 10.0, 40.0][prng.index(4)];
        let bounds = BoxN::new(min, min.map(|x| x + prng.between(0.0, size)));
        let overlaps = region.overlaps(&bounds);
        let contains = region.contains(&bounds);
        let mut any = false;
        for _ in 0..60 {
            let share = |k: usize, prng: &mut Prng| {
                let at = prng.between(-0.2, 1.2).clamp(0.0, 1.0);
                bounds.min[k] + at * (bounds.max[k] - bounds.min[k])
            };
            let point = array::from_fn(|k| share(k, prng));
            let is_inside = holds(point);
            any |= is_inside;
            assert!(!is_inside || overlaps, "{bounds:?} at {point:?}");
            assert!(is_inside || !contains, "{bounds:?} at {point:?}");
            assert_eq!(region.overlaps(&BoxN::point(point)), is_inside, "{point:?}");
        }
        overlapping += usize::from(overlaps);
        found += usize::from(any);
    }
    // What overlaps without any of the points inside must be rare.
    assert!(overlapping > 20 && found * 10 >= overlapping * 8, "{found} of {overlapping}");
}

/// The distance of a point from a segment, less the radius there, the least of many places.
fn gap<const D: usize>(from: [f64; D], to: [f64; D], radii: (f64, f64), point: [f64; D]) -> f64 {
    (0..=2000).fold(f64::INFINITY, |least, step| {
        let place = f64::from(step) / 2000.0;
        let squared = (0..D).fold(0.0, |sum, k| {
            let apart = from[k] + place * (to[k] - from[k]) - point[k];
            sum + apart * apart
        });
        least.min(squared.sqrt() - radii.0 - place * (radii.1 - radii.0))
    })
}

#[test]
fn round_shapes_hold_the_points_that_are_near() {
    let ball = Ball::new([40.0, 50.0, 30.0], 30.0).unwrap();
    let centre = BoxN::point([40.0, 50.0, 30.0]);
    tries(&ball, |point| centre.distance_to_box(&BoxN::point(point)) <= 30.0, 1);
    // A point within a hair of the border is one that the many places may get wrong.
    let (from, to) = ([10.0, 20.0], [80.0, 60.0]);
    let capsule = Capsule::new(from, to, 15.0).unwrap();
    let cone = Cone::new(from, [7.0, 4.0], 0.5, 65f64.sqrt() * 10.0).unwrap();
    let prng = &mut Prng::new(3);
    for _ in 0..20_000 {
        let point = place::<2>(prng);
        let near = gap(from, to, (15.0, 15.0), point);
        if near.abs() > 0.01 {
            assert_eq!(capsule.overlaps(&BoxN::point(point)), near <= 0.0, "{point:?}");
        }
        let near = gap(from, to, (0.0, 65f64.sqrt() * 10.0 * 0.5f64.sin()), point);
        if near.abs() > 0.01 {
            assert_eq!(cone.overlaps(&BoxN::point(point)), near <= 0.0, "{point:?}");
        }
    }
    tries(&capsule, |point| capsule.overlaps(&BoxN::point(point)), 4);
    tries(&cone, |point| cone.overlaps(&BoxN::point(point)), 5);
}

#[test]
fn flat_shapes_hold_the_points_that_are_inside() {
    let corners = [(10.0, 10.0), (90.0, 20.0), (70.0, 80.0), (20.0, 60.0)];
    let convex = ConvexPolygon::new(&corners).unwrap();
    let polygon = Polygon::new(corners.to_vec(), vec![]).unwrap();
    tries::<2>(&convex, |[x, y]| polygon.contains(x, y), 6);
    let polygon = ring_with_hole();
    tries::<2>(&PolygonRegion::new(&polygon), |[x, y]| polygon.contains(x, y), 7);
    tries::<3>(&PolygonRegion::new(&polygon), |[x, y, _]| polygon.contains(x, y), 8);
    let half = HalfSpace::new([1.0, -2.0, 0.0], -30.0).unwrap();
    tries(&half, |[x, y, _]| x - 2.0 * y >= -30.0, 9);
    // A camera at the origin that looks along z, with a quarter turn of view: |x|, |y| <= z.
    let (near, far) = (1.0, 80.0);
    let depth = far / (far - near);
    let matrix = [
        [1.0, 0.0, 0.0, 0.0],
        [0.0, 1.0, 0.0, 0.0],
        [0.0, 0.0, depth, -near * depth],
        [0.0, 0.0, 1.0, 0.0],
    ];
    let frustum = Frustum::from_view_projection(&matrix, true).unwrap();
    let sees = |[x, y, z]: [f64; 3]| x.abs() <= z && y.abs() <= z && (near..=far).contains(&z);
    tries(&frustum, sees, 10);
}

#[test]
fn touching_is_exact() {
    let triangle = ConvexPolygon::triangle((0.1, 0.1), (0.7, 0.7), (0.1, 0.7)).unwrap();
    let at = |x: f64, y: f64| BoxN::new([x, y - 0.2], [x + 0.2, y]);
    // The long side runs through these points exactly.
    for t in [0.1, 0.2, 0.3, 0.55, 0.7] {
        assert!(triangle.overlaps(&at(t, t)), "{t}");
        assert!(!triangle.overlaps(&at(f64::next_up(t), t)), "{t}");
    }
    let hole = PolygonRegion::new(&ring_with_hole());
    assert!(!hole.overlaps(&BoxN::new([25.0, 6.0], [35.0, 12.0])));
    assert!(hole.overlaps(&BoxN::new([25.0, 5.0], [35.0, 12.0])));
    assert!(hole.overlaps(&BoxN::<2>::EVERYWHERE) && !hole.contains(&BoxN::<2>::EVERYWHERE));
    assert!(ConvexPolygon::new(&[]).is_err() && ConvexPolygon::new(&[(f64::NAN, 0.0)]).is_err());
    assert!(Cone::new([0.0; 3], [0.0; 3], 0.4, 1.0).is_err() && Ball::new([0.0], -1.0).is_err());
}
