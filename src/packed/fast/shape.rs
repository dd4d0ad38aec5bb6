//! How many nodes a tree of so many items has on each level, and where the upper ones lie.
//!
//! Owns: this arithmetic. Invariants: level 0 are the groups of up to 16 items, level 1 the nodes
//! above them, one in each page; from level 2 on nodes lie one after the other, the root first.

use crate::packed::tree::{LANES, Mask};

/// The items of a full page.
pub(super) const PAGE_ITEMS: usize = LANES * LANES;

/// The shape of a tree of `items` items.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) items: usize,
    /// The level of the root; 1 if there is one page.
    pub(super) top: u32,
}

impl Shape {
    pub(super) fn new(items: usize) -> Self {
        let mut shape = Shape { items, top: 1 };
        while shape.nodes(shape.top) > 1 {
            shape.top += 1;
        }
        shape
    }

    /// The number of nodes on a level.
    #[inline(always)]
    pub(super) fn nodes(&self, level: u32) -> usize {
        let (items, width) = (self.items as u64, 4 * (level + 1));
        ((items >> width) + u64::from(items & ((1 << width) - 1) != 0)) as usize
    }

    pub(super) fn pages(&self) -> usize {
        self.nodes(1)
    }

    /// The groups of items in a page.
    #[inline(always)]
    pub(super) fn leaves(&self, page: usize) -> usize {
        (self.nodes(0) - page * LANES).min(LANES)
    }

    /// The number of nodes above level `level`, which lie before those of that level.
    pub(super) fn above(&self, level: u32) -> usize {
        (level + 1..=self.top).map(|level| self.nodes(level)).sum()
    }

    /// The nodes that lie outside of pages.
    pub(super) fn upper(&self) -> usize {
        self.above(1)
    }

    /// The lanes of a node that hold a child.
    #[inline(always)]
    pub(super) fn present(&self, level: u32, node: usize) -> Mask {
        let children = if level == 0 { self.items } else { self.nodes(level - 1) };
        let here = children - node * LANES;
        if here >= LANES { Mask::MAX } else { (1 << here) - 1 }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_counted() {
        for (items, top, upper) in
            [(1, 1, 0), (256, 1, 0), (257, 2, 1), (4096, 2, 1), (4097, 3, 3), (1_000_000, 4, 262)]
        {
            let shape = Shape::new(items);
            assert_eq!((shape.top, shape.upper()), (top, upper), "{items}");
        }
        let shape = Shape::new(4097);
        assert_eq!((shape.nodes(0), shape.pages(), shape.leaves(16)), (257, 17, 1));
        assert_eq!((shape.present(0, 256), shape.present(2, 1), shape.present(3, 0)), (1, 1, 3));
    }
}
