//! Nearest neighbours, Euclidean and by a function, all at once and one after the other.

use std::ops::ControlFlow;

use super::plain::Plain;
use super::{ask, in_all_dimensions, items, window};
use crate::packed::boxes::BoxN;
use crate::packed::query::best_first::BestFirst;
use crate::packed::query::measure::{Custom, Euclidean, Measure};
use crate::packed::query::nearest::{Nearest, Neighbour};
use crate::packed::query::workspace::Workspace;
use crate::prng::Prng;

/// All items within a distance, by key and id.
fn brute<const D: usize, M: Measure<D>>(items: &[BoxN<D>], measure: &M, most: f64) -> Vec<u32> {
    let keyed = (0u32..).zip(items).map(|(id, bounds)| (measure.key(id, bounds) + 0.0, id));
    let mut keyed: Vec<(f64, u32)> =
        keyed.filter(|(key, _)| measure.distance(*key) <= most).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    keyed.into_iter().map(|(_, id)| id).collect()
}

fn check<const D: usize, M: Measure<D>>(
    tree: &Plain<D>,
    items: &[BoxN<D>],
    measure: impl Fn() -> M,
    workspace: &mut Workspace,
) {
    for max_distance in [f64::INFINITY, 0.0, 10.0] {
        let expected = brute(items, &measure(), max_distance);
        for k in [0, 1, 2, 10, 60, usize::MAX] {
            let mut found = Vec::new();
            let (measure, found_to) = (measure(), &mut found);
            let workspace = &mut *workspace;
            ask(tree, Nearest { measure, k, max_distance, workspace, found: found_to });
            let ids: Vec<u32> = found.iter().map(|n| n.id).collect();
            assert_eq!(ids, expected[..k.min(expected.len())], "k = {k} within {max_distance}");
        }
        for most in [1, 7, usize::MAX] {
            let mut ids = Vec::new();
            let visitor = |neighbour: Neighbour| {
                ids.push(neighbour.id);
                if ids.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            let whole = ask(tree, BestFirst { measure: measure(), max_distance, visitor });
            assert_eq!(whole, expected.len() < most);
            assert_eq!(ids, expected[..most.min(expected.len())]);
        }
    }
}

fn the_nearest_are_found<const D: usize>(seed: u64, count: usize) {
    let items = items::<D>(seed, count);
    let tree = Plain::new(&items, seed);
    let mut prng = Prng::for_part(seed, 4);
    let mut workspace = Workspace::new();
    for _ in 0..2 {
        let focus = window(&items, &mut prng);
        check(&tree, &items, || Euclidean(focus), &mut workspace);
        let point = BoxN::point(focus.max.map(|x| x.clamp(-1e9, 1e9)));
        check(&tree, &items, || Euclidean(point), &mut workspace);
        // Of another shape, with keys below 0: the largest gap on any axis, less 5.
        let widest = move |bounds: &BoxN<D>| {
            let gap = |k: usize| (bounds.min[k] - point.max[k]).max(point.min[k] - bounds.max[k]);
            (0..D).fold(0.0, |most, k| gap(k).max(most)) - 5.0
        };
        check(&tree, &items, || Custom::new(widest), &mut workspace);
    }
}

in_all_dimensions! {
    the_nearest_are_those_of_the_plain_walk => the_nearest_are_found;
}

#[test]
fn distances_are_told_and_not_their_squares() {
    let items = [BoxN::point([3.0, 4.0]), BoxN::new([1.0, 0.0], [2.0, 0.0])];
    let tree = Plain::new(&items, 0);
    let mut found = Vec::new();
    let nearest = Nearest {
        measure: Euclidean(BoxN::point([0.0; 2])),
        k: 5,
        max_distance: 5.0,
        workspace: &mut Workspace::new(),
        found: &mut found,
    };
    ask(&tree, nearest);
    let expected = [Neighbour { id: 1, distance: 1.0 }, Neighbour { id: 0, distance: 5.0 }];
    assert_eq!(found, expected);
}
