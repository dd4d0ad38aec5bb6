//! Counting, summing and uniting the items of a window, with the summaries of whole nodes.
//!
//! Owns: that query. Does not own how summaries are made. Invariants: written over [`Tree`], for
//! any tree whose nodes are those of the summaries: the same number of items, groups of the same
//! size, the same order. Count, extremes and mask are exact; the last bits of a sum depend on
//! which nodes lie inside.

use std::ops::ControlFlow;

use crate::format::psindex::{Aggregates, Columns, Shape, Summary};
use crate::packed::boxes::BoxN;
use crate::packed::query::Filter;
use crate::packed::simd::Kernel;
use crate::packed::sink::Sink;
use crate::packed::tree::{LANES, Mask, Question, Tree, Window, bits};

/// What the items of a window come to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Aggregate {
    /// How many there are.
    pub count: u64,
    /// The sum of their numbers; like the others, `None` without hits or without numbers.
    pub sum: Option<f64>,
    /// The least of their numbers, infinite if none of them is a number.
    pub min: Option<f64>,
    /// The greatest of their numbers, minus infinite if none of them is a number.
    pub max: Option<f64>,
    /// All their bits.
    pub mask: Option<u64>,
}

impl Aggregate {
    /// That of `count` items with this summary, as far as there are columns.
    pub(crate) fn of(columns: Columns, count: u64, all: &Summary) -> Self {
        let scalar = |value: f64| (columns.scalar && count > 0).then_some(value);
        Aggregate {
            count,
            sum: scalar(all.sum),
            min: scalar(all.min),
            max: scalar(all.max),
            mask: (columns.mask && count > 0).then_some(all.mask),
        }
    }
}

/// The question.
pub(crate) struct AggregateIn<'a, const D: usize> {
    pub(crate) aggregates: &'a Aggregates<'a>,
    /// The shape that the aggregates were opened with.
    pub(crate) shape: &'a Shape,
    pub(crate) window: BoxN<D>,
}

/// What was found so far.
struct Found<'a> {
    aggregates: &'a Aggregates<'a>,
    shape: &'a Shape,
    count: u64,
    summary: Summary,
}

impl Found<'_> {
    /// Takes in the entry at a position, which stands for `count` items.
    #[inline(always)]
    fn entry(&mut self, position: usize, count: usize) {
        if let Some(summary) = self.aggregates.summary(position) {
            self.summary.add(&summary);
        }
        self.count += count as u64;
    }

    /// Takes in the items of some ranks, of 16 that begin at `first`.
    #[inline(always)]
    fn some(&mut self, first: usize, mask: Mask) {
        self.aggregates.add_items(first, bits(mask), &mut self.summary);
        self.count += u64::from(mask.count_ones());
    }
}

impl Sink for Found<'_> {
    type Answer = Aggregate;

    #[inline(always)]
    fn subtree<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        _kernel: K,
        tree: &T,
        group: T::Group,
        lane: usize,
    ) -> ControlFlow<()> {
        let (level, ranks) = (tree.level(group) as usize, tree.ranks(group, lane));
        let position = self.shape.level(level).start + ranks.start / self.shape.items_below(level);
        self.entry(position, ranks.len());
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn items<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        _kernel: K,
        tree: &T,
        group: T::Group,
        mask: Mask,
    ) -> ControlFlow<()> {
        self.some(tree.ranks(group, 0).start, mask);
        ControlFlow::Continue(())
    }

    #[inline(always)]
    fn expect(&self, _ids: &[u8; 4 * LANES], first: usize, is_whole: bool) {
        if is_whole {
            self.aggregates.prefetch_summary(self.shape.items() + first / LANES);
        } else {
            self.aggregates.prefetch_items(first..first + LANES);
        }
    }

    /// Groups of 16 are those that there are summaries of.
    #[inline(always)]
    fn chosen<K: Kernel>(
        &mut self,
        _kernel: K,
        _ids: &[u8; 4 * LANES],
        first: usize,
        mask: Mask,
    ) -> ControlFlow<()> {
        let (count, present) = (mask.count_ones() as usize, self.shape.items() - first);
        if count == present.min(LANES) {
            self.entry(self.shape.items() + first / LANES, count);
        } else {
            self.some(first, mask);
        }
        ControlFlow::Continue(())
    }

    fn finish(self) -> Aggregate {
        Aggregate::of(self.aggregates.columns(), self.count, &self.summary)
    }
}

impl<const D: usize> Question<D> for AggregateIn<'_, D> {
    type Answer = Aggregate;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Aggregate {
        let AggregateIn { aggregates, shape, window } = self;
        let mut found = Found { aggregates, shape, count: 0, summary: Summary::EMPTY };
        if tree.len() > 0 && window.contains(&tree.extent()) {
            found.entry(shape.entries().saturating_sub(1), tree.len());
            return found.finish();
        }
        // It never breaks off.
        let _ = Window::new(window).search(kernel, tree, &mut found);
        found.finish()
    }
}
