//! The methods of an index: every one, against the plain walk, with every set of instructions.

use std::ops::ControlFlow;

use super::plain::Plain;
use super::{ask, brute, in_all_dimensions, items, sorted, window};
use crate::packed::Index;
use crate::packed::boxes::BoxN;
use crate::packed::query::best_first::BestFirst;
use crate::packed::query::measure::Euclidean;
use crate::packed::query::nearest::Neighbour;
use crate::packed::query::ray::Ray;
use crate::packed::query::region::{Ball, HalfSpace};
use crate::packed::simd::Isa;
use crate::prng::Prng;

fn answers_are_those_of_the_plain_tree<const D: usize>(seed: u64, count: usize) {
    let count = count.min(600);
    let items = items::<D>(seed, count);
    let plain = Plain::new(&items, seed);
    let others = items.iter().step_by(3).copied().collect::<Vec<_>>();
    let few = count <= 257;
    for isa in Isa::all() {
        let index = Index::build(&items).unwrap().with_isa(isa);
        let prng = &mut Prng::for_part(seed, 8);
        windows(&index, &items, prng);
        near(&index, &plain, &items, prng);
        rays(&index, &items, prng);
        if few {
            joins(&index, &items, &others);
        }
    }
}

fn windows<const D: usize>(index: &Index<D>, items: &[BoxN<D>], prng: &mut Prng) {
    let bounds = window(items, prng);
    let expected = brute(items, |b| b.intersects(&bounds));
    assert_eq!(sorted(index.search(&bounds).unwrap()), expected);
    assert_eq!(index.count(&bounds).unwrap(), expected.len());
    assert_eq!(index.any(&bounds).unwrap(), !expected.is_empty());
    assert_eq!(index.first(&bounds).unwrap().is_some(), !expected.is_empty());
    assert_eq!(index.estimate_count(&bounds, 0).unwrap().upper, expected.len());
    let mut ids = Vec::new();
    let all = index.visit(&bounds, |id| {
        ids.push(id);
        ControlFlow::Continue(())
    });
    assert!(all.unwrap());
    assert_eq!(sorted(ids), expected);
    let expected = brute(items, |b| b.distance_to_box(&bounds) <= 7.0);
    assert_eq!(sorted(index.search_within(&bounds, 7.0).unwrap()), expected);
    assert_eq!(index.count_within(&bounds, 7.0).unwrap(), expected.len());
    assert_eq!(index.search_within_any(&bounds, 7.0).unwrap(), !expected.is_empty());
    let touched = brute(items, |b| b.intersects(&bounds)).len();
    assert_eq!(index.count_within(&bounds, 0.0).unwrap(), touched);
    let ball = Ball::new([40.0; D], 30.0).unwrap();
    let centre = BoxN::point([40.0; D]);
    let expected = brute(items, |b| b.distance_to_box(&centre) <= 30.0);
    assert_eq!(sorted(index.search_region(&ball).unwrap()), expected);
    assert_eq!(index.count_region(&ball).unwrap(), expected.len());
    let half = HalfSpace::new([1.0; D], 90.0).unwrap();
    let expected = brute(items, |b| b.max.iter().sum::<f64>() >= 90.0);
    if expected.len() != index.count_region(&half).unwrap() {
        // Of huge coordinates the sum rounds, and of both infinities it is no number.
        assert!(items.iter().any(|b| b.max.iter().any(|x| x.abs() > 1e9)));
    }
}

fn near<const D: usize>(index: &Index<D>, tree: &Plain<D>, items: &[BoxN<D>], prng: &mut Prng) {
    let focus = window(items, prng);
    let mut expected = Vec::new();
    let visitor = |found: Neighbour| {
        expected.push(found);
        ControlFlow::Continue(())
    };
    ask(tree, BestFirst { measure: Euclidean(focus), max_distance: f64::INFINITY, visitor });
    assert_eq!(expected.len(), items.len());
    for k in [1, 10, 100] {
        let found = index.neighbors_of_box(&focus, k, f64::INFINITY).unwrap();
        assert_eq!(found, expected[..k.min(items.len())]);
        let metric = |b: &BoxN<D>| b.distance_squared_to_box(&focus);
        let found = index.neighbors_metric(metric, k, f64::INFINITY).unwrap();
        assert!(found.iter().zip(&expected).all(|(a, b)| a.id == b.id));
    }
    let mut told = Vec::new();
    let all = index.neighbors_of_box_each(&focus, f64::INFINITY, |found| {
        told.push(found);
        if told.len() == 20 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(all.unwrap(), items.len() < 20);
    assert_eq!(told, expected[..items.len().min(20)]);
}

fn rays<const D: usize>(index: &Index<D>, items: &[BoxN<D>], prng: &mut Prng) {
    let to = items.first().map_or([1.0; D], |b| b.min.map(|x| x.clamp(-1e6, 1e6)));
    let origin = [prng.between(-10.0, 60.0); D];
    let direction = std::array::from_fn(|k| to[k] - origin[k]);
    let ray = Ray::new(origin, direction, 3.0).unwrap();
    let expected = brute(items, |b| ray.enters(b).is_some());
    assert_eq!(sorted(index.raycast(&ray).unwrap()), expected);
    assert_eq!(index.raycast_any(&ray).unwrap(), !expected.is_empty());
    let hits = index.raycast_hits(&ray).unwrap();
    assert_eq!(hits.len(), expected.len());
    assert_eq!(index.raycast_closest(&ray).unwrap(), hits.first().copied());
    let mut told = Vec::new();
    let all = index.raycast_each(&ray, |hit| {
        told.push(hit);
        ControlFlow::Continue(())
    });
    assert!(all.unwrap());
    assert_eq!(told, hits);
}

fn joins<const D: usize>(index: &Index<D>, items: &[BoxN<D>], others: &[BoxN<D>]) {
    let other = Index::build(others).unwrap();
    let all = |a: &[BoxN<D>], b: &[BoxN<D>], most: f64| {
        let mut pairs = Vec::new();
        for (left, x) in (0u32..).zip(a) {
            for (right, y) in (0u32..).zip(b) {
                if if most == 0.0 { x.intersects(y) } else { x.distance_to_box(y) <= most } {
                    pairs.push((left, right));
                }
            }
        }
        pairs
    };
    let in_order = |mut pairs: Vec<(u32, u32)>| {
        pairs.sort_unstable();
        pairs
    };
    for most in [0.0, 4.0] {
        let mut expected = all(items, items, most);
        expected.retain(|(a, b)| a < b);
        assert_eq!(in_order(index.pairs_within(most).unwrap()), expected);
        let labels = index.pairs_within_components(most).unwrap();
        assert!(expected.iter().all(|(a, b)| labels[*a as usize] == labels[*b as usize]));
        let expected = all(items, others, most);
        assert_eq!(in_order(index.join_within(&other, most).unwrap()), expected);
        let met = |id: u32| expected.iter().any(|(left, _)| *left == id);
        let alone: Vec<u32> = (0..items.len() as u32).filter(|id| !met(*id)).collect();
        assert_eq!(sorted(index.anti_join_within(&other, most).unwrap()), alone);
    }
    assert_eq!(index.pairs().unwrap().len(), index.pairs_within(0.0).unwrap().len());
    assert_eq!(in_order(index.join(&other).unwrap()), all(items, others, 0.0));
    let least = |pairs: &mut dyn Iterator<Item = f64>| pairs.min_by(f64::total_cmp);
    let expected = least(
        &mut items
            .iter()
            .enumerate()
            .flat_map(|(at, a)| items[at + 1..].iter().map(move |b| a.distance_to_box(b))),
    );
    assert_eq!(index.closest_pair().unwrap().map(|pair| pair.distance), expected);
    let to = index.closest_pair_to(&other).unwrap().map(|pair| pair.distance);
    let expected =
        least(&mut items.iter().flat_map(|a| others.iter().map(|b| a.distance_to_box(b))));
    assert_eq!(to, expected);
}

/// What touches, of more items than lie in a few pages.
fn pairs_of_many<const D: usize>(seed: u64) {
    let items = items::<D>(seed, 1_500);
    let mut expected = Vec::new();
    for (at, a) in items.iter().enumerate() {
        let touching = (at + 1..items.len()).filter(|&other| a.intersects(&items[other]));
        expected.extend(touching.map(|other| (at as u32, other as u32)));
    }
    for isa in Isa::all() {
        let index = Index::build(&items).unwrap().with_isa(isa);
        let mut found = index.pairs().unwrap();
        found.sort_unstable();
        assert!(found == expected, "{} instead of {} pairs", found.len(), expected.len());
    }
}

#[test]
fn pairs_of_many_pages_come_once() {
    for seed in 0..40 {
        pairs_of_many::<2>(seed);
        pairs_of_many::<3>(seed);
        pairs_of_many::<4>(seed);
    }
}

in_all_dimensions! {
    every_method_answers_as_the_plain_tree => answers_are_those_of_the_plain_tree;
}

#[test]
fn what_is_no_number_is_refused() {
    let index = Index::build(&[BoxN::point([1.0, 2.0])]).unwrap();
    let bad = BoxN::new([0.0, f64::NAN], [1.0, 1.0]);
    let good = BoxN::point([1.0, 2.0]);
    assert!(index.search(&bad).is_err() && index.neighbors([f64::NAN, 0.0], 1).is_err());
    assert!(index.search_within(&good, f64::NAN).is_err());
    assert!(index.search_within(&good, -1.0).is_err() && index.pairs_within(-1.0).is_err());
    assert!(index.search_great_circle(181.0, 0.0, 1.0).is_err());
    assert_eq!(index.search_great_circle(1.0, 2.0, 0.0).unwrap(), [0]);
    assert_eq!(index.count_great_circle(-179.0, -2.0, 2.1e7).unwrap(), 1);
    assert_eq!(index.neighbors_great_circle(1.0, 2.0, 3, 5.0).unwrap()[0].distance, 0.0);
}
