//! Great circles, across the antimeridian and around both poles, against the plain haversine.

use super::plain::Plain;
use super::{ask, sorted};
use crate::geom::{DistanceFrom, Point, Rect, Space, haversine_m};
use crate::packed::boxes::BoxN;
use crate::packed::query::measure::GreatCircle;
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
