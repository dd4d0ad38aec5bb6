//! Windows: ids, numbers, visitors, the iterator and the estimate.

use std::ops::ControlFlow;

use super::plain::Plain;
use super::{ask, brute, in_all_dimensions, items, sorted, window};
use crate::packed::boxes::BoxN;
use crate::packed::query::estimate::EstimateCount;
use crate::packed::query::range::Iter;
use crate::packed::query::search::{Any, Collect, Count, Search, Visit};
use crate::packed::simd::Portable;
use crate::packed::tree::Window;
use crate::prng::Prng;

fn every_form_agrees<const D: usize>(seed: u64, count: usize) {
    let items = items::<D>(seed, count);
    let tree = Plain::new(&items, seed);
    let mut prng = Prng::for_part(seed, 2);
    for _ in 0..8 {
        let bounds = window(&items, &mut prng);
        let expected = brute(&items, |b| b.intersects(&bounds));
        let filter = Window::new(bounds);
        let mut ids = Vec::new();
        ask(&tree, Search { filter, sink: Collect(&mut ids) });
        assert_eq!(sorted(ids), expected);
        assert_eq!(ask(&tree, Search { filter, sink: Count::default() }), expected.len());
        assert_eq!(ask(&tree, Search { filter, sink: Any::default() }), !expected.is_empty());
        assert_eq!(sorted(Iter::new(Portable, tree.clone(), filter).collect()), expected);
        visitors_break_off(&tree, filter, &expected);
    }
}

fn visitors_break_off<const D: usize>(tree: &Plain<D>, filter: Window<D>, expected: &[u32]) {
    for most in [1, 5, usize::MAX] {
        let mut ids = Vec::new();
        let sink = Visit::new(|id| {
            ids.push(id);
            if ids.len() == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let whole = ask(tree, Search { filter, sink });
        assert_eq!(whole, expected.len() < most);
        assert_eq!(ids.len(), expected.len().min(most));
        assert!(ids.iter().all(|id| expected.contains(id)));
    }
}

fn estimates_hold<const D: usize>(seed: u64, count: usize) {
    let items = items::<D>(seed, count);
    let tree = Plain::new(&items, seed);
    let mut prng = Prng::for_part(seed, 3);
    for _ in 0..8 {
        let bounds = window(&items, &mut prng);
        let exact = brute(&items, |b| b.intersects(&bounds)).len();
        let mut tested = usize::MAX;
        for stop_level in 0..6 {
            let window = Window::new(bounds);
            let found = ask(&tree, EstimateCount { window, stop_level });
            assert!(found.lower <= exact && exact <= found.upper, "{exact}: {found:?}");
            let (lower, upper) = (found.lower as f64, found.upper as f64);
            assert!(found.estimate >= lower - 1e-6 && found.estimate <= upper + 1e-6);
            assert!(found.nodes_tested <= tested);
            assert!(stop_level > 0 || (found.lower == exact && found.upper == exact));
            tested = found.nodes_tested;
        }
    }
}

in_all_dimensions! {
    windows_are_those_of_the_plain_walk => every_form_agrees;
    an_estimate_brackets_the_number => estimates_hold;
}

#[test]
fn a_window_takes_borders_and_both_zeros() {
    let items = [BoxN::point([-0.0, 0.0]), BoxN::point([0.0, -0.0]), BoxN::point([0.0, 1.0])];
    let tree = Plain::new(&items, 0);
    let mut ids = Vec::new();
    let filter = Window::new(BoxN::new([0.0, -1.0], [1.0, -0.0]));
    ask(&tree, Search { filter, sink: Collect(&mut ids) });
    assert_eq!(sorted(ids), [0, 1]);
}
