//! How many items a window holds, without looking at all of them.
//!
//! Owns: the bracket and the estimate. Does not own the exact number, which is a search with
//! `Count`. Invariants: `lower <= exact <= upper`, and all three are the exact number at level 0.

use std::ops::ControlFlow;

use super::walk::{Walk, descend};
use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Lanes, Mask, Question, Tree, Window, bits};

/// How many items a window holds: a bracket, and a guess within it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// There are no fewer.
    pub lower: usize,
    /// There are no more.
    pub upper: usize,
    /// The guess, as if items were spread evenly in the boxes of nodes.
    pub estimate: f64,
    /// How many boxes were compared with the window.
    pub nodes_tested: usize,
}

/// The question for an estimate that does not look below `stop_level`: at 0 it counts items, at 1
/// it looks at the boxes of the lowest nodes but not at items, and so on.
#[derive(Debug)]
pub(crate) struct EstimateCount<const D: usize> {
    pub(crate) window: Window<D>,
    pub(crate) stop_level: u32,
}

impl<const D: usize> Question<D> for EstimateCount<D> {
    type Answer = Estimate;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Estimate {
        let found = Estimate::default();
        let mut walk = Estimating { kernel, tree, question: &self, found };
        if tree.root().is_some_and(|root| tree.level(root) < self.stop_level) {
            walk.found.nodes_tested = 1;
            if self.window.bounds.intersects(&tree.extent()) {
                walk.guess(&tree.extent(), tree.len());
            }
            return walk.found;
        }
        // It never breaks off.
        let _ = descend(tree, &mut walk);
        walk.found
    }
}

struct Estimating<'a, const D: usize, K, T> {
    kernel: K,
    tree: &'a T,
    question: &'a EstimateCount<D>,
    found: Estimate,
}

impl<const D: usize, K, T> Estimating<'_, D, K, T> {
    /// Adds what a node may hold that reaches into the window.
    fn guess(&mut self, bounds: &BoxN<D>, count: usize) {
        let window = &self.question.window.bounds;
        self.found.upper += count;
        if window.contains(bounds) {
            self.found.lower += count;
            self.found.estimate += count as f64;
        } else {
            self.found.estimate += count as f64 * share(bounds, window);
        }
    }

    fn add(&mut self, count: usize) {
        self.found.lower += count;
        self.found.upper += count;
        self.found.estimate += count as f64;
    }
}

impl<const D: usize, K: Kernel, T: Tree<D>> Walk<D, T> for Estimating<'_, D, K, T> {
    fn open(&mut self, group: T::Group) -> ControlFlow<(), Mask> {
        let (tree, window) = (self.tree, &self.question.window);
        self.found.nodes_tested += tree.present(group).count_ones() as usize;
        let level = tree.level(group);
        if level == 0 {
            self.add(tree.items_in(self.kernel, group, window).count_ones() as usize);
            return ControlFlow::Continue(0);
        }
        let (maybe, inside) = tree.nodes_in(self.kernel, group, window);
        for lane in bits(inside) {
            self.add(tree.ranks(group, lane).len());
        }
        let partly = maybe & !inside;
        if level > self.question.stop_level {
            return ControlFlow::Continue(partly);
        }
        let mut lanes = Lanes::EMPTY;
        tree.lanes(self.kernel, group, &mut lanes);
        for lane in bits(partly) {
            self.guess(&lanes.get(lane), tree.ranks(group, lane).len());
        }
        ControlFlow::Continue(0)
    }
}

/// Which share of a box lies in a window that it reaches into. An axis without length counts
/// whole, as does one whose length is infinite.
fn share<const D: usize>(bounds: &BoxN<D>, window: &BoxN<D>) -> f64 {
    (0..D).fold(1.0, |share, axis| {
        let length = bounds.max[axis] - bounds.min[axis];
        let common =
            bounds.max[axis].min(window.max[axis]) - bounds.min[axis].max(window.min[axis]);
        let part = common / length;
        if length > 0.0 && length.is_finite() { share * part.clamp(0.0, 1.0) } else { share }
    })
}
