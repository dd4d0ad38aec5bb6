//! The shape of a tree: how many entries each level has, from the number of items alone.
//!
//! Owns: that derivation. Invariants: level 0 has one entry for each item, every level above one
//! for each full or last group below, the last exactly one; all sums fit `usize`.

use std::ops::Range;

/// The levels of a tree with at most a given number of entries in a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    node_size: usize,
    /// Where each level begins, and at last where the topmost ends. One number if there are no
    /// items.
    bounds: Vec<usize>,
}

impl Shape {
    /// The shape over `items` items; `None` for a node size below 2, or numbers beyond this
    /// machine.
    pub(crate) fn new(items: u64, node_size: u16) -> Option<Self> {
        if node_size < 2 {
            return None;
        }
        let node_size = usize::from(node_size);
        let mut width = usize::try_from(items).ok()?;
        let mut bounds = vec![0];
        if width > 0 {
            bounds.push(width);
            let mut end = width;
            // Also a single item has a root above it.
            loop {
                width = width.div_ceil(node_size);
                end = end.checked_add(width)?;
                bounds.push(end);
                if width == 1 {
                    break;
                }
            }
        }
        Some(Shape { node_size, bounds })
    }

    /// How many entries a group has at most.
    pub(crate) fn node_size(&self) -> usize {
        self.node_size
    }

    /// The number of items.
    pub(crate) fn items(&self) -> usize {
        self.bounds.get(1).copied().unwrap_or(0)
    }

    /// The number of entries of all levels.
    pub(crate) fn entries(&self) -> usize {
        self.bounds.last().copied().unwrap_or(0)
    }

    /// The number of levels, that of the items included; none without items.
    pub(crate) fn levels(&self) -> usize {
        self.bounds.len() - 1
    }

    /// Where the entries of a level stand; nowhere above the topmost.
    #[inline]
    pub(crate) fn level(&self, level: usize) -> Range<usize> {
        match self.bounds.get(level..level + 2) {
            Some(&[start, end]) => start..end,
            _ => self.entries()..self.entries(),
        }
    }

    /// The number of entries of a level.
    #[inline]
    pub(crate) fn width(&self, level: usize) -> usize {
        self.level(level).len()
    }

    /// The items below an entry of a level.
    pub(crate) fn ranks(&self, level: usize, index: usize) -> Range<usize> {
        let below = self.items_below(level);
        let start = index.saturating_mul(below).min(self.items());
        start..start.saturating_add(below).min(self.items())
    }

    /// The entries, each a level and an index, that together have just some ranks below them: as
    /// few as there can be, in the order of the ranks.
    pub(crate) fn cover(&self, ranks: Range<usize>) -> impl Iterator<Item = (usize, usize)> {
        let (mut next, end) = (ranks.start, ranks.end.min(self.items()));
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let holds = |level: usize| {
                let below = self.ranks(level, next / self.items_below(level));
                (below.start == next && below.end <= end).then_some(below.end)
            };
            let (level, after) = (0..self.levels())
                .map_while(|level| Some((level, holds(level)?)))
                .last()
                .unwrap_or((0, next + 1));
            let index = next / self.items_below(level);
            next = after;
            Some((level, index))
        })
    }

    /// How many items an entry of a level has below it, if it is full.
    pub(crate) fn items_below(&self, level: usize) -> usize {
        u32::try_from(level).map_or(usize::MAX, |level| self.node_size.saturating_pow(level))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_trees_and_impossible_ones() {
        let shape = |items, node_size| Shape::new(items, node_size).map(|shape| shape.bounds);
        assert_eq!(shape(0, 16), Some(vec![0]));
        assert_eq!(shape(1, 4), Some(vec![0, 1, 2]));
        assert_eq!(shape(3, 2), Some(vec![0, 3, 5, 6]));
        assert_eq!(shape(17, 16), Some(vec![0, 17, 19, 20]));
        assert_eq!((shape(9, 0), shape(9, 1), shape(u64::MAX, 2)), (None, None, None));
        assert_eq!(Shape::new(0, 16).unwrap().levels(), 0);
    }

    proptest! {
        #[test]
        fn every_item_is_below_one_entry_of_each_level(items in 0u64..2000, node_size in 2u16..40) {
            let shape = Shape::new(items, node_size).unwrap();
            prop_assert_eq!(shape.items() as u64, items);
            for level in 0..shape.levels() {
                let mut next = 0;
                for index in 0..shape.width(level) {
                    let ranks = shape.ranks(level, index);
                    prop_assert_eq!(ranks.start, next);
                    prop_assert!(!ranks.is_empty());
                    next = ranks.end;
                }
                prop_assert_eq!(next as u64, items);
            }
            prop_assert_eq!(shape.width(shape.levels()), 0);
        }

        #[test]
        fn a_cover_has_just_these_ranks_and_no_entry_too_many(
            items in 1usize..2000, node_size in 2u16..20, from: u16, to: u16,
        ) {
            let shape = Shape::new(items as u64, node_size).unwrap();
            let ranks = usize::from(from) % items..usize::from(to) % (items + 1);
            let cover: Vec<_> = shape.cover(ranks.clone()).collect();
            let mut next = ranks.start;
            for &(level, index) in &cover {
                let below = shape.ranks(level, index);
                prop_assert_eq!(below.start, next);
                next = below.end;
                // The entry above has ranks that are not wanted, or it would stand here.
                let above = shape.ranks(level + 1, index / usize::from(node_size));
                let is_wanted = ranks.start <= above.start && above.end <= ranks.end;
                prop_assert!(level + 1 == shape.levels() || !is_wanted);
            }
            prop_assert!(next == ranks.end || cover.is_empty() && ranks.is_empty());
            prop_assert_eq!(shape.cover(0..items).count(), 1);
        }
    }
}
