//! Joins, anti-joins, components and closest pairs.

use std::ops::ControlFlow;

use super::plain::Plain;
use super::{ask, in_all_dimensions, items, sorted};
use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind};
use crate::packed::boxes::BoxN;
use crate::packed::index::Index;
use crate::packed::query::closest_pair::{ClosestBetween, ClosestWithin};
use crate::packed::query::pairs::{AntiJoin, Components, Join, Near, NoFurther, Pairs, Touching};
use crate::packed::query::stop::Stop;

type Ids = Vec<(u32, u32)>;

/// All pairs may be very many: of these kinds no more items are taken.
const MOST: usize = 300;

fn some_items<const D: usize>(seed: u64, count: usize) -> Vec<BoxN<D>> {
    items(seed, count.min(MOST))
}

fn pairs<const D: usize>(tree: &Plain<D>, near: impl Near<D>) -> Ids {
    let mut pairs = Vec::new();
    let visitor = |a, b| {
        pairs.push((a, b));
        ControlFlow::Continue(())
    };
    assert!(ask(tree, Pairs { near, visitor }));
    pairs.sort_unstable();
    pairs
}

fn join<const D: usize>(tree: &Plain<D>, other: &Plain<D>, near: impl Near<D>) -> Ids {
    let mut pairs = Vec::new();
    let visitor = |a, b| {
        pairs.push((a, b));
        ControlFlow::Continue(())
    };
    assert!(ask(tree, Join { other, near, visitor }));
    pairs.sort_unstable();
    pairs
}

/// The plain walk over all pairs.
fn all<const D: usize>(a: &[BoxN<D>], b: &[BoxN<D>], near: impl Near<D>) -> Ids {
    let of = |left: u32, bounds: &BoxN<D>| {
        let near = (0u32..).zip(b).filter(|(_, other)| near.boxes(bounds, other));
        near.map(|(right, _)| (left, right)).collect::<Ids>()
    };
    (0u32..).zip(a).flat_map(|(left, bounds)| of(left, bounds)).collect()
}

fn one_tree<const D: usize>(seed: u64, count: usize) {
    let items = some_items::<D>(seed, count);
    let tree = Plain::new(&items, seed);
    one_tree_by(&tree, &items, Touching);
    for distance in [-1.0, 0.5, 6.0] {
        one_tree_by(&tree, &items, NoFurther::than::<D>(distance));
    }
}

fn one_tree_by<const D: usize>(tree: &Plain<D>, items: &[BoxN<D>], near: impl Near<D>) {
    let mut expected = all(items, items, near);
    expected.retain(|(a, b)| a < b);
    assert_eq!(pairs(tree, near), expected);
    let mut labels: Vec<u32> = (0..items.len() as u32).collect();
    // As long as a label changes, the smaller one goes from one to the other.
    loop {
        let before = labels.clone();
        for &(a, b) in &expected {
            let least = labels[a as usize].min(labels[b as usize]);
            (labels[a as usize], labels[b as usize]) = (least, least);
        }
        if before == labels {
            break;
        }
    }
    let found = ask(tree, Components { near, stop: Stop::never() });
    assert_eq!(found.expect("not stopped"), labels);
    let mut told = 0;
    let visitor = |_, _| {
        told += 1;
        if told == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    assert_eq!(ask(tree, Pairs { near, visitor }), expected.len() < 2);
    assert_eq!(told, expected.len().min(2));
}

fn two_trees<const D: usize>(seed: u64, count: usize) {
    let items = some_items::<D>(seed, count);
    // Of the same kind or of another, more or fewer, and in a tree of another shape.
    let others = some_items::<D>(seed ^ (seed >> 7 & 1), [count, 40, 2, 0][(seed % 4) as usize]);
    let (tree, other) = (Plain::new(&items, seed), Plain::new(&others, seed / 5));
    two_trees_by((&tree, &items), (&other, &others), Touching);
    for distance in [-1.0, 0.5, 6.0] {
        two_trees_by((&tree, &items), (&other, &others), NoFurther::than::<D>(distance));
    }
}

fn two_trees_by<const D: usize>(
    (tree, items): (&Plain<D>, &[BoxN<D>]),
    (other, others): (&Plain<D>, &[BoxN<D>]),
    near: impl Near<D>,
) {
    let expected = all(items, others, near);
    assert_eq!(join(tree, other, near), expected);
    let turned: Ids = all(others, items, near);
    assert_eq!(join(other, tree, near), turned);
    let alone = ask(tree, AntiJoin { other, near, stop: Stop::never() });
    let is_alone = |id: &u32| expected.iter().all(|(left, _)| left != id);
    let expected: Vec<u32> = (0..items.len() as u32).filter(is_alone).collect();
    assert_eq!(sorted(alone.expect("not stopped")), expected);
}

fn closest<const D: usize>(seed: u64, count: usize) {
    let items = some_items::<D>(seed, count);
    let others = some_items::<D>(seed ^ 1, 40);
    let (tree, other) = (Plain::new(&items, seed), Plain::new(&others, seed / 5));
    let distance = |a: &BoxN<D>, b: &BoxN<D>| a.distance_to_box(b);
    let least = |a: Option<f64>, b: f64| Some(a.map_or(b, |a: f64| a.min(b)));
    let mut expected = None;
    for (at, a) in items.iter().enumerate() {
        expected = items[at + 1..].iter().map(|b| distance(a, b)).fold(expected, least);
    }
    let found = ask(&tree, ClosestWithin(Stop::never())).expect("not stopped");
    assert_eq!(found.map(|pair| pair.distance), expected);
    if let Some(pair) = found {
        assert!(pair.first < pair.second);
        let (a, b) = (&items[pair.first as usize], &items[pair.second as usize]);
        assert_eq!(distance(a, b), pair.distance);
    }
    let between = items.iter().flat_map(|a| others.iter().map(move |b| a.distance_to_box(b)));
    let found = ask(&tree, ClosestBetween { other: &other, stop: Stop::never() });
    let found = found.expect("not stopped");
    let expected = between.fold(None, least);
    assert_eq!(found.map(|pair| pair.distance), expected);
    if let Some(pair) = found {
        let (a, b) = (&items[pair.first as usize], &others[pair.second as usize]);
        assert_eq!(distance(a, b), pair.distance);
    }
}

/// Fired between its beginning and its first look, as by another thread.
#[test]
fn what_takes_long_is_stopped_on_its_way() {
    let items: Vec<BoxN<2>> = items(3, 20_000);
    let index = Index::build(&items).expect("sound");
    let cancel = Cancel::new();
    let stop = || Stop::when(Some(&cancel), "a test").expect("not fired yet");
    let [one, two, three, four, five] = std::array::from_fn(|_| stop());
    let alone = index.anti_join_until(stop(), &index, 1.0).expect("not fired");
    assert_eq!(sorted(alone), sorted(index.anti_join_within(&index, 1.0).expect("sound")));
    cancel.fire();
    let cancelled = |error: Error| assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
    cancelled(index.anti_join_until(one, &index, 1.0).unwrap_err());
    cancelled(index.components_until(two, 1.0).unwrap_err());
    // Items of another place, or the first pair that touches would end it.
    let points: Vec<BoxN<2>> = (0..20_000).map(|n| BoxN::point([f64::from(n), 0.0])).collect();
    let apart: Vec<BoxN<2>> = points.iter().map(|p| BoxN::point([p.min[0], 0.75])).collect();
    let (points, apart) = (Index::build(&points), Index::build(&apart));
    let (points, apart) = (points.expect("sound"), apart.expect("sound"));
    // Not a single pair is told.
    cancelled(points.components_until(five, 0.5).unwrap_err());
    cancelled(points.closest_pair_until(three).unwrap_err());
    cancelled(points.closest_pair_to_until(four, &apart).unwrap_err());
    cancelled(Stop::when(Some(&cancel), "a test").err().expect("fired before"));
    assert_eq!(points.closest_pair().expect("sound").expect("two").distance, 1.0);
}

in_all_dimensions! {
    pairs_within_one_tree_come_once => one_tree;
    pairs_of_two_trees_come_once => two_trees;
    the_closest_pair_is_found => closest;
}
