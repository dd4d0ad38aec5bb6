//! Rays: all hits, any, the closest, in order, and the closest of what is inside of the boxes.

use std::array;
use std::ops::ControlFlow;

use super::plain::Plain;
use super::{ask, brute, in_all_dimensions, items, sorted};
use crate::packed::boxes::BoxN;
use crate::packed::query::best_first::BestFirst;
use crate::packed::query::nearest::{Nearest, Neighbour};
use crate::packed::query::ray::{Hits, Ray, Refined};
use crate::packed::query::search::{Any, Collect, Search};
use crate::packed::query::workspace::Workspace;
use crate::prng::Prng;

/// A ray that has a chance to hit: whole numbers or not, along an axis or not, from inside or not.
fn ray<const D: usize>(items: &[BoxN<D>], prng: &mut Prng) -> Ray<D> {
    let target = match items {
        [] => [1.0; D],
        items => items[prng.index(items.len())].min.map(|x| x.clamp(-1e6, 1e6)),
    };
    let origin = match prng.below(3) {
        0 => target,
        1 => array::from_fn(|_| prng.below(12) as f64 - 6.0),
        _ => array::from_fn(|_| prng.between(-10.0, 110.0)),
    };
    let mut direction = array::from_fn(|k| target[k] - origin[k]);
    if prng.chance(1, 3) {
        direction = array::from_fn(|_| prng.below(3) as f64 - 1.0);
    }
    let max_t = [f64::INFINITY, 1.0, 20.0][prng.index(3)];
    Ray::new(origin, direction, max_t).unwrap()
}

fn hits_are_told<const D: usize>(seed: u64, count: usize) {
    let items = items::<D>(seed, count);
    let tree = Plain::new(&items, seed);
    let mut prng = Prng::for_part(seed, 6);
    for _ in 0..8 {
        let ray = ray(&items, &mut prng);
        let expected = brute(&items, |b| ray.enters(b).is_some());
        let mut ids = Vec::new();
        ask(&tree, Search { filter: ray, sink: Collect(&mut ids) });
        assert_eq!(sorted(ids), expected, "{ray:?}");
        assert_eq!(ask(&tree, Search { filter: ray, sink: Any::default() }), !expected.is_empty());
        let mut hits = Vec::new();
        ask(&tree, Hits { ray, hits: &mut hits });
        hits.sort_by(|a, b| a.t.total_cmp(&b.t).then(a.id.cmp(&b.id)));
        assert_eq!(hits.len(), expected.len());
        assert!(hits.iter().all(|hit| ray.enters(&items[hit.id as usize]) == Some(hit.t)));
        let mut told = Vec::new();
        let visitor = |neighbour: Neighbour| {
            told.push((neighbour.id, neighbour.distance));
            ControlFlow::Continue(())
        };
        ask(&tree, BestFirst { measure: ray, max_distance: ray.max_t(), visitor });
        assert_eq!(told, hits.iter().map(|hit| (hit.id, hit.t)).collect::<Vec<_>>());
        assert_eq!(closest(&tree, ray), told.first().copied());
    }
}

fn closest<const D: usize>(tree: &Plain<D>, ray: Ray<D>) -> Option<(u32, f64)> {
    let (mut found, workspace) = (Vec::new(), &mut Workspace::new());
    let max_distance = ray.max_t();
    ask(tree, Nearest { measure: ray, k: 1, max_distance, workspace, found: &mut found });
    found.first().map(|n| (n.id, n.distance))
}

in_all_dimensions! {
    hits_are_those_of_the_plain_walk => hits_are_told;
}

#[test]
fn a_ray_touches_borders_and_corners() {
    let square = BoxN::new([1.0, 3.0], [2.0, 6.0]);
    let enters =
        |origin, direction, max_t| Ray::new(origin, direction, max_t).unwrap().enters(&square);
    // Through one corner, over whole numbers.
    assert_eq!(enters([0.0, 0.0], [1.0, 3.0], 9.0), Some(1.0));
    assert_eq!(enters([3.0, 0.0], [-1.0, 3.0], 9.0), Some(1.0));
    assert_eq!(enters([0.0, 5.0], [1.0, 1.0], 9.0), Some(1.0));
    // Along a border, from inside, away from it, not far enough and just far enough.
    assert_eq!(enters([0.0, 3.0], [1.0, 0.0], 9.0), Some(1.0));
    assert_eq!(enters([1.5, 4.0], [0.0, 1.0], 9.0), Some(0.0));
    assert_eq!(enters([0.0, 4.0], [-1.0, 0.0], 9.0), None);
    assert_eq!(enters([0.0, 4.0], [1.0, 0.0], 0.5), None);
    assert_eq!(enters([0.0, 4.0], [1.0, 0.0], 1.0), Some(1.0));
    assert_eq!(enters([2.0, 6.0], [0.0, 0.0], 0.0), Some(0.0));
    assert!(Ray::new([f64::NAN, 0.0], [1.0, 0.0], 1.0).is_err());
    assert!(Ray::new([0.0, 0.0], [f64::INFINITY, 0.0], 1.0).is_err());
    assert!(Ray::new([0.0, 0.0], [1.0, 0.0], -1.0).is_err());
}

fn triangles<const D: usize>(prng: &mut Prng, count: usize) -> Vec<[[f64; D]; 3]> {
    let triangle = |prng: &mut Prng| {
        let at: [f64; D] = array::from_fn(|_| prng.between(0.0, 50.0));
        array::from_fn(|_| array::from_fn(|k| at[k] + prng.between(-4.0, 4.0)))
    };
    (0..count).map(|_| triangle(prng)).collect()
}

fn closest_triangle<const D: usize>(meets: impl Fn(&Ray<D>, [[f64; D]; 3]) -> Option<f64>) {
    let mut prng = Prng::new(D as u64);
    let triangles = triangles::<D>(&mut prng, 700);
    let bounds = |corners: &[[f64; D]; 3]| {
        corners.iter().fold(BoxN::EMPTY, |all, corner| all.union(&BoxN::point(*corner)))
    };
    let items: Vec<BoxN<D>> = triangles.iter().map(bounds).collect();
    let tree = Plain::new(&items, 2);
    let mut hits = 0;
    for _ in 0..200 {
        let ray = ray(&items, &mut prng);
        let times = (0u32..).zip(&triangles).map(|(id, corners)| (meets(&ray, *corners), id));
        let expected = times.filter_map(|(t, id)| t.map(|t| (t, id)));
        let expected = expected.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (mut found, workspace) = (Vec::new(), &mut Workspace::new());
        let measure = Refined::new(ray, |id: u32| meets(&ray, triangles[id as usize]));
        let max_distance = ray.max_t();
        ask(&tree, Nearest { measure, k: 1, max_distance, workspace, found: &mut found });
        assert_eq!(found.first().map(|n| (n.distance, n.id)), expected);
        hits += found.len();
    }
    assert!(hits > 50, "{hits}");
}

#[test]
fn the_closest_triangle_is_found_behind_closer_boxes() {
    closest_triangle::<2>(|ray, corners| ray.meets_triangle(corners));
    closest_triangle::<3>(|ray, corners| ray.meets_triangle(corners));
}

#[test]
fn a_triangle_is_filled_and_closed() {
    let corners = [[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]];
    let meets =
        |origin, direction| Ray::<2>::new(origin, direction, 9.0).unwrap().meets_triangle(corners);
    assert_eq!(meets([1.0, 1.0], [1.0, 0.0]), Some(0.0));
    assert_eq!(meets([-2.0, 0.0], [1.0, 0.0]), Some(2.0));
    assert_eq!(meets([-2.0, 4.0], [1.0, 0.0]), Some(2.0));
    assert_eq!(meets([5.0, 1.0], [-1.0, 0.0]), Some(2.0));
    assert_eq!(meets([5.0, 1.0], [1.0, 0.0]), None);
    assert_eq!(meets([5.0, 0.0], [0.0, 0.0]), None);
    let corners = [[0.0, 0.0, 1.0], [4.0, 0.0, 1.0], [0.0, 4.0, 1.0]];
    let meets =
        |origin, direction| Ray::<3>::new(origin, direction, 9.0).unwrap().meets_triangle(corners);
    assert_eq!(meets([1.0, 1.0, 0.0], [0.0, 0.0, 0.5]), Some(2.0));
    assert_eq!(meets([2.0, 2.0, 3.0], [0.0, 0.0, -1.0]), Some(2.0));
    assert_eq!(meets([3.0, 2.0, 3.0], [0.0, 0.0, -1.0]), None);
    assert_eq!(meets([1.0, 1.0, 1.0], [1.0, 0.0, 0.0]), None);
}
