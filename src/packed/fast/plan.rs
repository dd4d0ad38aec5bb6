//! What follows from the head of a chunk `fast` alone.
//!
//! Owns: where the nodes of each level lie, and which of them are there. Does not own their bytes.
//! Invariants: all of it is derived from the number of items and the extent, so that opening costs
//! the same for any number of items.

use std::ops::Range;

use crate::error::Result;
use crate::packed::each::each;
use crate::packed::ordered::ordered;
use crate::packed::tree::{LANES, Mask};

use super::grid::Grid;
use super::head::{Head, UPPER_BLOCK};
use super::page::{self, BLOCK_BYTES, LINE};
use super::shape::Shape;

/// What is known of a chunk before it is asked anything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<const D: usize> {
    pub(super) head: Head<D>,
    pub(super) shape: Shape,
    pub(super) grid: Grid<D>,
    /// Where the nodes of each level above the pages begin.
    pub(super) levels: [usize; 10],
    /// The last node of each level, and which lanes of it hold a child.
    last: [(u32, Mask); 10],
    /// The groups of items in the last page.
    last_leaves: usize,
}

impl<const D: usize> Plan<D> {
    /// Reads the head of a chunk of `len` bytes, of which `bytes` are the first.
    pub(crate) fn read(bytes: &[u8], len: usize) -> Result<Self> {
        Ok(Plan::new(Head::decode(bytes, len)?))
    }

    pub(super) fn new(head: Head<D>) -> Self {
        let shape = Shape::new(head.items);
        let mut levels = [head.upper; 10];
        for level in 2..=shape.top {
            levels[level as usize] += shape.above(level) * BLOCK_BYTES * D;
        }
        let mut last = [(0, Mask::MAX); 10];
        for level in 0..=shape.top {
            let node = shape.nodes(level).saturating_sub(1);
            last[level as usize] = (node as u32, shape.present(level, node));
        }
        let last_leaves = shape.leaves(shape.pages().saturating_sub(1));
        let Head { extent, .. } = head;
        let grid =
            Grid::between(each(|k| ordered(extent.min[k])), each(|k| ordered(extent.max[k])));
        Plan { head, shape, grid, levels, last, last_leaves }
    }

    /// The lanes of a node that hold a child.
    #[inline(always)]
    pub(super) fn present(&self, level: u32, node: usize) -> Mask {
        let (last, present) = self.last[level as usize];
        if node as u32 == last { present } else { Mask::MAX }
    }

    /// The groups of items in a page.
    #[inline(always)]
    pub(super) fn leaves(&self, page: usize) -> usize {
        if page as u32 == self.last[1].0 { self.last_leaves } else { LANES }
    }

    /// Where the page lies that the table gives these two lines, if there is room for it.
    pub(super) fn page_place(&self, page: usize, begin: u32, end: u32) -> Option<Range<usize>> {
        let place = |line: u32| self.head.pages + line as usize * LINE;
        let least = page::low_bits::<D>(self.leaves(page)) + 8;
        let range = place(begin)..place(end);
        (range.end <= self.head.upper && range.len() >= least).then_some(range)
    }

    /// The number of items.
    pub(crate) fn items(&self) -> usize {
        self.head.items
    }

    /// How many parts of the chunk have a checksum of their own.
    pub(crate) fn parts(&self) -> usize {
        self.shape.pages() + self.shape.upper().div_ceil(UPPER_BLOCK)
    }
}
