//! Every query held against the plain walk over all items.
//!
//! Owns: a plain tree, made-up items and windows. Does not own the real layouts, which have tests
//! of their own.

mod globe;
mod methods;
mod nearest;
mod pairs;
mod plain;
mod radius;
mod range;
mod ray;
mod region;
mod trace;
mod triangles;

use std::array;

use proptest::prelude::*;

use crate::packed::boxes::BoxN;
use crate::packed::simd::Portable;
use crate::packed::tree::Question;
use crate::prng::Prng;
use plain::Plain;

/// How many items there are in the sets that are tried: none, one, about a node, about two levels,
/// more.
const COUNTS: [usize; 9] = [0, 1, 2, 15, 16, 17, 257, 600, 3000];

/// A set of items of one of several kinds, by a seed.
fn items<const D: usize>(seed: u64, count: usize) -> Vec<BoxN<D>> {
    let mut prng = Prng::for_part(seed, 1);
    let kind = prng.below(7);
    (0..count).map(|_| item(kind, &mut prng)).collect()
}

/// A box of one kind: 0 small, 1 points, 2 on a coarse grid with many that are equal, 3 all equal,
/// 4 of any magnitude, 5 with sides at infinity, 6 clustered.
fn item<const D: usize>(kind: u64, prng: &mut Prng) -> BoxN<D> {
    let mut min = [0.0; D];
    let mut max = [0.0; D];
    let middle = 10.0 * prng.below(5) as f64;
    for axis in 0..D {
        let (low, size) = match kind {
            0 => (prng.between(0.0, 100.0), prng.between(0.0, 6.0)),
            1 => (prng.between(0.0, 100.0), 0.0),
            2 => (prng.below(12) as f64 - 6.0, prng.below(3) as f64),
            3 => (3.0, 1.0),
            4 => (magnitude(prng), magnitude(prng).abs()),
            5 => (prng.between(0.0, 100.0), prng.between(0.0, 6.0)),
            _ => (middle + prng.between(0.0, 1.0), prng.between(0.0, 0.1)),
        };
        (min[axis], max[axis]) = (low, low + size);
        if kind == 5 {
            if prng.chance(1, 20) {
                min[axis] = f64::NEG_INFINITY;
            }
            if prng.chance(1, 20) {
                max[axis] = f64::INFINITY;
            }
        }
        if kind == 2 && min[axis] == 0.0 && prng.chance(1, 2) {
            min[axis] = -0.0;
        }
    }
    BoxN::new(min, max)
}

/// A number of any size and either sign.
fn magnitude(prng: &mut Prng) -> f64 {
    let value = 10f64.powf(prng.between(-200.0, 300.0));
    if prng.chance(1, 2) { value } else { -value }
}

/// A window that fits to the items: around one, from one to another, borrowed borders, nowhere,
/// everywhere.
fn window<const D: usize>(items: &[BoxN<D>], prng: &mut Prng) -> BoxN<D> {
    let kind = prng.below(8);
    if items.is_empty() || kind == 0 {
        return BoxN::EVERYWHERE;
    }
    if kind == 1 {
        return BoxN::point([1e7; D]);
    }
    let (a, b) = (items[prng.index(items.len())], items[prng.index(items.len())]);
    match kind {
        2 => a,
        3 => BoxN::point(a.max),
        4 => BoxN::new(a.max, a.max.map(|x| x + 5.0)),
        5 => BoxN::new(a.min.map(|x| x - 10.0), a.min),
        _ => BoxN::new(
            array::from_fn(|k| a.min[k].min(b.min[k])),
            array::from_fn(|k| a.min[k].max(b.min[k])),
        ),
    }
}

fn ask<const D: usize, Q: Question<D>>(tree: &Plain<D>, question: Q) -> Q::Answer {
    question.ask(Portable, tree)
}

/// The numbers of the items that `test` holds for.
fn brute<const D: usize>(items: &[BoxN<D>], test: impl Fn(&BoxN<D>) -> bool) -> Vec<u32> {
    (0u32..).zip(items).filter(|(_, bounds)| test(bounds)).map(|(id, _)| id).collect()
}

fn sorted(mut ids: Vec<u32>) -> Vec<u32> {
    ids.sort_unstable();
    ids
}

/// A seed and a number of items.
fn cases() -> impl Strategy<Value = (u64, usize)> {
    (any::<u64>(), proptest::sample::select(&COUNTS[..]))
}

/// Runs a check of any number of axes for 2, 3 and 4, over many seeds.
macro_rules! in_all_dimensions {
    ($($(#[$meta:meta])* $name:ident => $check:ident;)*) => {$(
        #[test]
        fn $name() {
            let mut runner = proptest::test_runner::TestRunner::new(
                proptest::test_runner::Config::with_cases(48),
            );
            runner
                .run(&$crate::packed::query::tests::cases(), |(seed, count)| {
                    $check::<2>(seed, count);
                    $check::<3>(seed, count);
                    $check::<4>(seed, count);
                    Ok(())
                })
                .unwrap();
        }
    )*};
}
use in_all_dimensions;
