//! Great circles, across the antimeridian and around both poles, against the plain haversine.

use super::plain::Plain;
use super::{ask, sorted};
use crate::geom::{DistanceFrom, Point, Rect, Space, haversine_m};
use crate::packed::boxes::BoxN;
use crate::packed::query::measure::{GreatCircle, Measure};
use crate::packed::query::nearest::Nearest;
use crate::packed::query::radius::Cap;
use crate::packed::query::search::{Collect, Count, Search};
use crate::packed::query::workspace::Workspace;
use crate::prng::Prng;

/// Where questions are asked from: latitudes and longitudes from to.
const PLACES: [[f64; 4]; 6] = [
    [179.9, 180.0, -80.0, 80.0],
    [-180.0, -179.9, -80.0, 80.0],
    [-180.0, 180.0, 89.0, 90.0],
    [-180.0, 180.0, -90.0, -89.0],
    [-180.0, 180.0, -90.0, 90.0],
    [180.0, 180.0, 90.0, 90.0],
];

fn places(prng: &mut Prng, count: usize) -> Vec<Point> {
    let place = |prng: &mut Prng| {
        let [west, east, south, north] = PLACES[prng.index(5)];
        Point::new(prng.between(west, east), prng.between(south, north))
    };
    (0..count).map(|_| place(prng)).collect()
}

/// A third axis that plays no part.
fn item(at: Point) -> BoxN<3> {
    BoxN::point([at.x, at.y, 1e6 * (at.x + at.y)])
}

#[test]
fn the_nearest_on_the_globe_are_those_by_haversine() {
    let mut prng = Prng::new(7);
    let points = places(&mut prng, 3000);
    let items: Vec<_> = points.iter().copied().map(item).collect();
    let mut workspace = Workspace::new();
    for [west, east, south, north] in PLACES {
        let tree = Plain::new(&items, prng.next_u64());
        for _ in 0..500 {
            let from = Point::new(prng.between(west, east), prng.between(south, north));
            let mut distances: Vec<f64> = points.iter().map(|p| haversine_m(from, *p)).collect();
            let max_distance = [f64::INFINITY, 5e5, 2.1e7][prng.index(3)];
            let k = [1, 10, 40][prng.index(3)];
            let mut found = Vec::new();
            let question = Nearest {
                measure: GreatCircle::new(from.x, from.y),
                k,
                max_distance,
                workspace: &mut workspace,
                found: &mut found,
            };
            ask(&tree, question);
            for neighbour in &found {
                assert_eq!(neighbour.distance, distances[neighbour.id as usize]);
            }
            distances.retain(|distance| *distance <= max_distance);
            distances.sort_by(f64::total_cmp);
            distances.truncate(k);
            let mut told: Vec<f64> = found.iter().map(|n| n.distance).collect();
            // A key may order what the distance cannot tell apart.
            told.sort_by(f64::total_cmp);
            assert_eq!(told, distances, "from {from:?}");
        }
    }
}

#[test]
fn what_is_within_metres_is_so_by_haversine() {
    let mut prng = Prng::new(8);
    let points = places(&mut prng, 3000);
    let items: Vec<_> = points.iter().copied().map(item).collect();
    for [west, east, south, north] in PLACES {
        let tree = Plain::new(&items, prng.next_u64());
        for _ in 0..500 {
            let from = Point::new(prng.between(west, east), prng.between(south, north));
            let other = points[prng.index(points.len())];
            let radii = [0.0, 2e4, 1e6, 1e7, 1.9e7, 2.1e7, haversine_m(from, other)];
            let radius = radii[prng.index(radii.len())];
            let within = |p: &&Point| haversine_m(from, **p) <= radius;
            let expected = points.iter().filter(within).count();
            let filter = Cap::new(from.x, from.y, radius);
            let mut ids = Vec::new();
            ask(&tree, Search { filter, sink: Collect(&mut ids) });
            ids = sorted(ids);
            assert!(ids.iter().all(|id| within(&&points[*id as usize])));
            assert_eq!(ids.len(), expected, "{radius} from {from:?}");
            assert_eq!(ask(&tree, Search { filter, sink: Count::default() }), expected);
        }
    }
}

/// Anywhere, on the edges of the globe more often than not, and not seldom without end.
fn anywhere(prng: &mut Prng) -> BoxN<2> {
    const EDGES: [f64; 9] = [-540.0, -360.0, -180.0, -90.0, 0.0, 90.0, 180.0, 360.0, 540.0];
    let mut side = |reach: f64, sizes: &[f64]| {
        let low = match prng.index(3) {
            0 => EDGES[prng.index(9)],
            1 => EDGES[prng.index(9)] + prng.between(-1.0, 1.0) * 1e-9,
            _ => prng.between(-reach, reach),
        };
        (low, low + sizes[prng.index(sizes.len())] * prng.between(0.5, 1.5))
    };
    let longitudes = side(800.0, &[0.0, 0.0, 1e-9, 5.0, 90.0, 300.0, 400.0, f64::INFINITY]);
    let latitudes = side(180.0, &[0.0, 0.0, 1e-9, 5.0, 90.0, f64::INFINITY]);
    BoxN::new([longitudes.0, latitudes.0], [longitudes.1, latitudes.1])
}

#[test]
fn what_surrounds_is_never_further_off_the_globe_either() {
    let mut prng = Prng::new(10);
    for _ in 0..100_000 {
        let (item, other) = (anywhere(&mut prng), anywhere(&mut prng));
        let around = item.union(&other);
        let [west, east, south, north] = PLACES[prng.index(6)];
        let from = Point::new(prng.between(west, east), prng.between(south, north));
        let measure = GreatCircle::new(from.x, from.y);
        let (bound, key) = (measure.bound(&around), measure.exact(&item));
        assert!(bound <= key, "{around:?} is further than {item:?} from {from:?}");
    }
}

#[test]
fn longitudes_count_modulo_360_and_what_is_beyond_a_pole_is_at_it() {
    let mut prng = Prng::new(11);
    for _ in 0..20_000 {
        let from = Point::new(prng.between(-180.0, 180.0), prng.between(-90.0, 90.0));
        let measure = GreatCircle::new(from.x, from.y);
        let at = Point::new(prng.between(-180.0, 180.0), prng.between(-90.0, 90.0));
        let turn = [-720.0, -360.0, 360.0, 720.0][prng.index(4)];
        let metres = |bounds: &BoxN<2>| Measure::<2>::distance(&measure, measure.exact(bounds));
        let turned = metres(&BoxN::point([at.x + turn, at.y]));
        assert!((turned - haversine_m(from, at)).abs() < 1e-5);
        let beyond = metres(&BoxN::new([at.x, 90.0 + at.y.abs()], [at.x, 190.0]));
        assert_eq!(beyond, haversine_m(from, Point::new(at.x, 90.0)));
        // Across the antimeridian, as the two boxes that it is made of.
        let across = BoxN::new([170.0, -5.0], [190.0, 5.0]);
        let pieces = [[170.0, 180.0], [-180.0, -170.0]];
        let pieces = pieces.map(|[west, east]| metres(&BoxN::new([west, -5.0], [east, 5.0])));
        assert_eq!(metres(&across), pieces[0].min(pieces[1]));
    }
}

#[test]
fn boxes_on_the_globe_are_as_near_as_their_nearest_point() {
    let mut prng = Prng::new(9);
    let boxes: Vec<BoxN<2>> = places(&mut prng, 800)
        .iter()
        .map(|p| {
            let (width, height) = (prng.between(0.0, 9.0), prng.between(0.0, 5.0));
            BoxN::new([p.x, p.y], [(p.x + width).min(180.0), (p.y + height).min(90.0)])
        })
        .collect();
    let tree = Plain::new(&boxes, 2);
    let mut workspace = Workspace::new();
    for from in places(&mut prng, 300) {
        let measure = DistanceFrom::new(Space::Geographic, from);
        let distance = |b: &BoxN<2>| {
            measure.lower_bound_rect(&Rect::new(b.min[0], b.min[1], b.max[0], b.max[1]))
        };
        let mut distances: Vec<f64> = boxes.iter().map(distance).collect();
        distances.sort_by(f64::total_cmp);
        let mut found = Vec::new();
        let question = Nearest {
            measure: GreatCircle::new(from.x, from.y),
            k: 20,
            max_distance: f64::INFINITY,
            workspace: &mut workspace,
            found: &mut found,
        };
        ask(&tree, question);
        for (neighbour, distance) in found.iter().zip(&distances) {
            assert!((neighbour.distance - distance).abs() <= 1e-9 * distance + 1e-6);
        }
        let radius = distances[30];
        let expected = distances.iter().filter(|distance| **distance <= radius).count();
        let filter = Cap::new(from.x, from.y, radius);
        assert_eq!(ask(&tree, Search { filter, sink: Count::default() }), expected);
    }
}
