//! Parts of a chunk `fast`, for readers that have not got the whole of it.
//!
//! Owns: where the parts lie, whether one is what was written, and plans by which a
//! [`FastTree`](super::FastTree) reads one part alone. Does not own fetching. Invariants: a part
//! that was accepted is, byte for byte, what its checksum says; no part that is asked for is larger
//! than any writer makes it.

use std::ops::Range;

use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::tree::LANES;

use super::head::{ENTRY_BYTES, HEAD_BYTES, UPPER_BLOCK, refused, table_bytes};
use super::leaf::column_bytes;
use super::page::{self, BLOCK_BYTES, LINE};
use super::plan::Plan;
use super::tree::{Group, page_sum};

/// Bytes of a chunk's head.
pub(crate) const FAST_HEAD_BYTES: usize = HEAD_BYTES;

/// Bytes of a checksum.
const SUM_BYTES: usize = 4;

/// Where a page lies in the chunk, and its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PagePlace {
    pub(crate) start: usize,
    pub(crate) bytes: usize,
    pub(crate) sum: u32,
}

impl<const D: usize> Plan<D> {
    /// The box of all items.
    pub(crate) fn extent(&self) -> BoxN<D> {
        if self.head.items == 0 { BoxN::EMPTY } else { self.head.extent }
    }

    /// The topmost node; none if there is no item.
    pub(crate) fn root(&self) -> Option<Group<D>> {
        let root = Group { grid: self.grid, node: 0, page: 0, level: self.shape.top as u8 };
        (self.head.items > 0).then_some(root)
    }

    /// How many runs of upper nodes have a checksum of their own.
    pub(crate) fn blocks(&self) -> usize {
        self.shape.upper().div_ceil(UPPER_BLOCK)
    }

    /// Where some of these runs lie.
    pub(crate) fn block_range(&self, blocks: Range<usize>) -> Range<usize> {
        let place = |block: usize| {
            let node = (block * UPPER_BLOCK).min(self.shape.upper());
            self.head.upper + node * BLOCK_BYTES * D
        };
        place(blocks.start)..place(blocks.end)
    }

    /// The run that a group above the pages lies in.
    pub(crate) fn block_of(&self, group: &Group<D>) -> usize {
        let first = (self.levels[usize::from(group.level)] - self.head.upper) / (BLOCK_BYTES * D);
        (first + group.node as usize) / UPPER_BLOCK
    }

    /// Whether some runs, from `first` on, are what was written; `sums` are the checksums of all.
    pub(crate) fn check_blocks(&self, first: usize, bytes: &[u8], sums: &[u8]) -> Result<()> {
        let sums = sums.as_chunks::<SUM_BYTES>().0.iter().skip(first);
        let mut sums = sums.map(|sum| u32::from_le_bytes(*sum));
        for (at, block) in bytes.chunks(UPPER_BLOCK * BLOCK_BYTES * D).enumerate() {
            if sums.next() != Some(crc32fast::hash(block)) {
                let node = (first + at) * UPPER_BLOCK;
                let message = format!("the upper nodes from {node} on are not what was written");
                return Err(refused(message));
            }
        }
        Ok(())
    }

    /// Where the checksums of the upper nodes lie.
    pub(crate) fn sums_range(&self) -> Range<usize> {
        let end = self.head.table + table_bytes(&self.shape);
        end - SUM_BYTES * self.blocks()..end
    }

    /// The number of pages.
    pub(crate) fn pages(&self) -> usize {
        self.shape.pages()
    }

    /// The pages below a group right above them.
    pub(crate) fn pages_of(&self, group: &Group<D>) -> Range<usize> {
        let first = group.node as usize * LANES;
        first..(first + LANES).min(self.pages())
    }

    /// Where it stands in the table where some pages lie.
    pub(crate) fn entries_range(&self, pages: Range<usize>) -> Range<usize> {
        let place = |page: usize| self.head.table + page * ENTRY_BYTES;
        place(pages.start)..place(pages.end + 1)
    }

    /// Where a page lies, from the entries of the pages from `first` on.
    pub(crate) fn page(&self, first: usize, entries: &[u8], page: usize) -> Result<PagePlace> {
        let at = page.wrapping_sub(first).wrapping_mul(ENTRY_BYTES);
        let found =
            entries.get(at..).and_then(|entry| entry.first_chunk::<12>()).and_then(|entry| {
                let [begin, sum, end] = [0, 4, 8]
                    .map(|at| u32::from_le_bytes(std::array::from_fn(|byte| entry[at + byte])));
                let place = self.page_place(page, begin, end)?;
                let bytes = place.len();
                (bytes <= most::<D>()).then_some(PagePlace { start: place.start, bytes, sum })
            });
        found.ok_or_else(|| refused(format!("the table gives page {page} no place")))
    }

    /// Whether a page is what was written.
    pub(crate) fn check_page(&self, group: &Group<D>, bytes: &[u8], sum: u32) -> Result<()> {
        let page = group.node as usize;
        match page_sum(page, bytes) == sum {
            true => Ok(()),
            false => Err(refused(format!("page {page} is not what was written"))),
        }
    }

    /// The plan by which a page alone is read: the page begins at 0.
    pub(crate) fn of_page(&self) -> Self {
        let mut plan = *self;
        plan.head.pages = 0;
        plan
    }

    /// The plan by which `bytes` bytes of upper nodes alone are read, the first of them that of run
    /// `block`. Pages that it is asked for begin at 0, as [`Plan::of_page`] has them.
    pub(crate) fn of_blocks(&self, block: usize, bytes: usize) -> Self {
        let mut plan = *self;
        let start = self.block_range(block..block).start;
        plan.levels = self.levels.map(|level| level.wrapping_sub(start));
        plan.head.upper = plan.head.upper.wrapping_sub(start);
        // There is no table, so that no page has a line.
        plan.head.table = bytes;
        plan
    }
}

impl<const D: usize> Group<D> {
    /// The same in a page that is there alone.
    pub(crate) fn alone(self) -> Self {
        Group { page: 0, ..self }
    }

    /// Its level: 1 if it is the node of a page.
    pub(crate) fn level(&self) -> u8 {
        self.level
    }

    /// Which node it is among those of its level.
    pub(crate) fn node(&self) -> usize {
        self.node as usize
    }
}

/// The most bytes of any page.
fn most<const D: usize>() -> usize {
    let low_bits = LANES * 2 * D * column_bytes(49);
    (page::low_bits::<D>(LANES) + low_bits + 8).next_multiple_of(LINE)
}
