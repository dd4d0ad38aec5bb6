//! Counting, summing and uniting the items of a window, with the summaries of whole nodes.
//!
//! Owns: that query. Does not own how summaries are made. Invariants: written over [`Tree`], for
//! any tree whose nodes are those of the summaries: the same number of items, groups of the same
//! size, the same order. Count, extremes and mask are exact; the last bits of a sum depend on
//! which nodes lie inside.

use crate::format::psindex::{Aggregates, Shape, Summary};
use crate::packed::boxes::BoxN;
use crate::packed::simd::Kernel;
use crate::packed::tree::{Question, Tree, Window, bits};

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

    #[inline(always)]
    fn item(&mut self, rank: usize) {
        if let Some(values) = self.aggregates.item(rank) {
            self.summary.add(&values);
        }
        self.count += 1;
    }

    fn answer(&self) -> Aggregate {
        let columns = self.aggregates.columns();
        let scalar = |value: f64| (columns.scalar && self.count > 0).then_some(value);
        Aggregate {
            count: self.count,
            sum: scalar(self.summary.sum),
            min: scalar(self.summary.min),
            max: scalar(self.summary.max),
            mask: (columns.mask && self.count > 0).then_some(self.summary.mask),
        }
    }
}

impl<const D: usize> Question<D> for AggregateIn<'_, D> {
    type Answer = Aggregate;

    #[inline(always)]
    fn ask<K: Kernel, T: Tree<D>>(self, kernel: K, tree: &T) -> Aggregate {
        let (shape, window) = (self.shape, Window::new(self.window));
        let mut found = Found { aggregates: self.aggregates, count: 0, summary: Summary::EMPTY };
        let Some(root) = tree.root() else { return found.answer() };
        if self.window.contains(&tree.extent()) {
            found.entry(shape.entries().saturating_sub(1), tree.len());
            return found.answer();
        }
        let mut stack = vec![root];
        while let Some(group) = stack.pop() {
            stack.extend(tree.rest(group));
            let level = tree.level(group) as usize;
            if level == 0 {
                for lane in bits(tree.items_in(kernel, group, &window)) {
                    found.item(tree.ranks(group, lane).start);
                }
                continue;
            }
            let (touched, inside) = tree.nodes_in(kernel, group, &window);
            for lane in bits(inside) {
                let ranks = tree.ranks(group, lane);
                let position = shape.level(level).start + ranks.start / shape.items_below(level);
                found.entry(position, ranks.len());
            }
            stack.extend(bits(touched & !inside).map(|lane| tree.child(group, lane)));
        }
        found.answer()
    }
}
