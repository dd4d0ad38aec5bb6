//! The view over the bytes of a chunk `fast`, as a tree that can be asked.
//!
//! Owns: finding nodes, pages and items in the bytes, and what becomes of damage. Invariants: the
//! place of every node follows from its number; a part whose checksum is wrong has no children.

use std::ops::{ControlFlow, Range};

use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::ordered::number;
use crate::packed::query::Bracketed;
use crate::packed::simd::Kernel;
use crate::packed::sink::Sink;
use crate::packed::tree::{LANES, Lanes, Mask, Tree, Window, bits};

use super::cells::Cells;
use super::check::Proof;
use super::grid::{Grid, entry};
use super::head::{ENTRY_BYTES, UPPER_BLOCK, refused};
use super::leaf::{LeafHead, column_bytes, read};
use super::leaves::Leaves;
use super::page::{self, BLOCK_BYTES, IDS_BYTES, LEAF_BYTES, LINE};
use super::plan::Plan;
use super::shape::PAGE_ITEMS;

/// A chunk that can be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FastTree<'a, const D: usize> {
    pub(super) bytes: &'a [u8],
    pub(super) plan: &'a Plan<D>,
    proof: &'a Proof,
}

/// A node, or a group of items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group<const D: usize> {
    pub(super) grid: Grid<D>,
    pub(super) node: u32,
    /// The line of the chunk at which its page begins, if it lies in one; [`NOWHERE`] if the page
    /// is damaged.
    pub(super) page: u32,
    pub(super) level: u8,
}

/// No line of any chunk that fits in memory.
const NOWHERE: u32 = u32::MAX;

impl<'a, const D: usize> FastTree<'a, D> {
    /// The tree of a whole chunk.
    pub(crate) fn new(bytes: &'a [u8], plan: &'a Plan<D>, proof: &'a Proof) -> Self {
        FastTree { bytes, plan, proof }
    }

    /// Looks through every part; the first that is damaged is an error.
    pub(crate) fn verify(&self) -> Result<()> {
        for page in 0..self.plan.shape.pages() {
            if self.plan.head.items > 0 && self.page(page) == NOWHERE {
                return Err(self.told(page));
            }
        }
        // Behind the last page there is an end and, where a checksum would be, nothing.
        let last = self.plan.shape.pages();
        if self.plan.head.items > 0 && self.table(ENTRY_BYTES * last + 4) != Some(0) {
            return Err(refused("the table of pages is not what was written".to_owned()));
        }
        for block in 0..self.plan.shape.upper().div_ceil(UPPER_BLOCK) {
            let part = self.plan.shape.pages() + block;
            if !self.proof.holds(part, || self.is_upper_sound(block)) {
                return Err(self.told(part));
            }
        }
        Ok(())
    }

    /// An error, if damage was met.
    pub(crate) fn check(&self) -> Result<()> {
        self.proof.damaged().map_or(Ok(()), |part| Err(self.told(part as usize)))
    }

    fn told(&self, part: usize) -> crate::error::Error {
        match part.checked_sub(self.plan.shape.pages()) {
            None => refused(format!("page {part} is not what was written")),
            Some(block) => {
                let first = block * UPPER_BLOCK;
                refused(format!("the upper nodes from {first} on are not what was written"))
            }
        }
    }

    fn table(&self, at: usize) -> Option<u32> {
        let at = self.plan.head.table + at;
        let bytes = self.bytes.get(at..)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*bytes))
    }

    /// The line at which a page begins, once it is known to be sound.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn page(&self, page: usize) -> u32 {
        let line = self.table(ENTRY_BYTES * page).unwrap_or(NOWHERE);
        if self.proof.holds(page, || self.is_page_sound(page)) { line } else { NOWHERE }
    }

    fn is_page_sound(&self, page: usize) -> bool {
        let entry = ENTRY_BYTES * page;
        let (Some(begin), Some(sum), Some(end)) =
            (self.table(entry), self.table(entry + 4), self.table(entry + ENTRY_BYTES))
        else {
            return false;
        };
        let bytes = self.plan.page_place(page, begin, end).and_then(|place| self.bytes.get(place));
        bytes.is_some_and(|bytes| page_sum(page, bytes) == sum)
    }

    fn is_upper_sound(&self, block: usize) -> bool {
        let shape = &self.plan.shape;
        let first = block * UPPER_BLOCK;
        let last = (first + UPPER_BLOCK).min(shape.upper());
        let place = |node: usize| self.plan.head.upper + node * BLOCK_BYTES * D;
        let sum = self.table((shape.pages() + 1) * ENTRY_BYTES + 4 * block);
        let bytes = self.bytes.get(place(first)..place(last));
        bytes.is_some_and(|bytes| sum == Some(crc32fast::hash(bytes)))
    }

    /// A part of the page that a group lies in.
    #[inline(always)]
    pub(super) fn in_page(&self, page: u32, offset: usize, len: usize) -> Option<&'a [u8]> {
        let line = (page as usize).saturating_mul(LINE);
        let at = self.plan.head.pages.saturating_add(line).saturating_add(offset);
        self.bytes.get(at..at.saturating_add(len))
    }

    /// The 16 boxes of a group.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn block(&self, group: &Group<D>) -> Option<&'a [u8]> {
        let node = group.node as usize;
        let len = BLOCK_BYTES * D;
        match group.level {
            0 => self.in_page(group.page, page::block::<D>(node % LANES), len),
            1 => self.in_page(group.page, 0, len),
            level => {
                // It wraps where only some nodes are there, and those begin at 0.
                let at = self.plan.levels[level as usize].wrapping_add(node * len);
                self.bytes.get(at..at.saturating_add(len))
            }
        }
    }

    /// Whether an upper node is sound.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn is_sound(&self, level: u8, node: u32) -> bool {
        let at = self.plan.levels[usize::from(level)].wrapping_sub(self.plan.head.upper);
        let block = (at / (BLOCK_BYTES * D) + node as usize) / UPPER_BLOCK;
        self.proof.holds(self.plan.shape.pages() + block, || self.is_upper_sound(block))
    }

    /// How many groups of items the page of a group has.
    #[inline(always)]
    fn leaves(&self, group: &Group<D>) -> usize {
        self.plan.leaves(group.node as usize / LANES)
    }

    /// The ids of a group of items.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn ids(&self, group: &Group<D>) -> Option<&'a [u8]> {
        let at = page::ids::<D>(self.leaves(group), group.node as usize % LANES);
        self.in_page(group.page, at, IDS_BYTES)
    }

    /// The exact coordinates of an item as integers: minima and maxima.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn exact(
        &self,
        group: &Group<D>,
        block: &[u8],
        lane: usize,
    ) -> ([i64; D], [i64; D]) {
        let leaves = self.leaves(group);
        let leaf = group.node as usize % LANES;
        let at = page::leaf_head::<D>(leaves, leaf);
        let head = self.in_page(group.page, at, LEAF_BYTES).and_then(|b| b.first_chunk());
        let head = LeafHead::decode(head.copied().unwrap_or_default());
        let start = page::low_bits::<D>(leaves) + usize::from(head.offset);
        let line = (group.page as usize).saturating_mul(LINE);
        let first = self.plan.head.pages.saturating_add(line).saturating_add(start);
        let mut rest = self.bytes.get(first..).unwrap_or_default();
        let (mut min, mut max) = ([0; D], [0; D]);
        for axis in 0..D {
            let width = head.width(axis, group.grid.shift[axis]);
            let mut whole = |at: usize| {
                let low = read(rest, width, lane) << head.zeros(axis);
                rest = rest.get(column_bytes(width)..).unwrap_or_default();
                group.grid.first(axis, entry(block, at, lane)).wrapping_add(low as i64)
            };
            min[axis] = whole(axis);
            max[axis] = if head.is_flat(axis) { min[axis] } else { whole(D + axis) };
        }
        (min, max)
    }
}

/// The checksum of a page, which is of use at no other place.
pub(super) fn page_sum(page: usize, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(page as u32);
    hasher.update(bytes);
    hasher.finalize()
}

impl<const D: usize> Tree<D> for FastTree<'_, D> {
    type Group = Group<D>;

    fn len(&self) -> usize {
        self.plan.head.items
    }

    fn extent(&self) -> BoxN<D> {
        if self.plan.head.items == 0 { BoxN::EMPTY } else { self.plan.head.extent }
    }

    #[inline(always)]
    fn root(&self) -> Option<Group<D>> {
        let Plan { head, shape, grid, .. } = self.plan;
        if head.items == 0 {
            return None;
        }
        let level = shape.top as u8;
        let page = if level > 1 { NOWHERE } else { self.page(0) };
        let is_sound = level == 1 || self.is_sound(level, 0);
        is_sound.then_some(Group { grid: *grid, node: 0, page, level })
    }

    #[inline(always)]
    fn level(&self, group: Group<D>) -> u32 {
        u32::from(group.level)
    }

    #[inline(always)]
    fn rest(&self, _group: Group<D>) -> Option<Group<D>> {
        None
    }

    #[inline(always)]
    fn present(&self, group: Group<D>) -> Mask {
        // A damaged part was noted where it was met, and has no children.
        if self.block(&group).is_none() {
            return 0;
        }
        self.plan.present(u32::from(group.level), group.node as usize)
    }

    #[inline(always)]
    fn lanes<K: Kernel>(&self, _kernel: K, group: Group<D>, lanes: &mut Lanes<D>) {
        let Some(block) = self.block(&group) else { return *lanes = Lanes::EMPTY };
        group.grid.lanes(block, lanes);
        let present = self.present(group);
        if present != Mask::MAX {
            for lane in bits(!present) {
                for axis in 0..D {
                    lanes.min[axis][lane] = f64::INFINITY;
                    lanes.max[axis][lane] = f64::NEG_INFINITY;
                }
            }
        }
    }

    #[inline(always)]
    fn inner_lanes<K: Kernel>(&self, _kernel: K, group: Group<D>, lanes: &mut Lanes<D>) {
        match self.block(&group) {
            Some(block) => group.grid.inner_lanes(block, lanes),
            None => *lanes = Lanes::EMPTY,
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn child(&self, group: Group<D>, lane: usize) -> Group<D> {
        let nowhere = Group { page: NOWHERE, level: 0, ..group };
        let Some(block) = self.block(&group) else { return nowhere };
        let grid = group.grid.child(
            each(|axis| entry(block, axis, lane)),
            each(|axis| entry(block, D + axis, lane)),
        );
        let node = group.node * LANES as u32 + lane as u32;
        let level = group.level - 1;
        match level {
            0 => Group { grid, node, page: group.page, level },
            1 => Group { grid, node, page: self.page(node as usize), level },
            _ if self.is_sound(level, node) => Group { grid, node, page: NOWHERE, level },
            _ => nowhere,
        }
    }

    #[inline(always)]
    fn ranks(&self, group: Group<D>, lane: usize) -> Range<usize> {
        let child = u64::from(group.node) * LANES as u64 + lane as u64;
        let width = 4 * u32::from(group.level);
        let end = ((child + 1) << width).min(self.plan.head.items as u64);
        (child << width).min(end) as usize..end as usize
    }

    #[inline(always)]
    fn item(&self, group: Group<D>, lane: usize) -> BoxN<D> {
        let Some(block) = self.block(&group) else { return BoxN::EMPTY };
        let (min, max) = self.exact(&group, block, lane);
        BoxN { min: each(|k| number(min[k])), max: each(|k| number(max[k])) }
    }

    #[inline(always)]
    fn nodes_in<K: Kernel>(&self, kernel: K, group: Group<D>, window: &Window<D>) -> (Mask, Mask) {
        let Some(block) = self.block(&group) else { return (0, 0) };
        let (maybe, inside) = kernel.nodes(block, &group.grid.window(window));
        let present = self.plan.present(u32::from(group.level), group.node as usize);
        (maybe & present, inside & present)
    }

    #[inline(always)]
    fn items_near<K: Kernel>(
        &self,
        kernel: K,
        group: Group<D>,
        window: &Window<D>,
    ) -> (Mask, Mask) {
        let Some(block) = self.block(&group) else { return (0, 0) };
        let (maybe, sure) = kernel.items(block, &group.grid.window(window));
        let present = self.plan.present(0, group.node as usize);
        (maybe & present, sure & present)
    }

    #[inline(always)]
    fn passed<K: Kernel>(
        &self,
        kernel: K,
        group: Group<D>,
        ray: (&[f64; D], &[f64; D], f64),
    ) -> Option<(Mask, Mask)> {
        let slab = group.grid.steps(group.grid.end())?.slab(ray)?;
        let Some(block) = self.block(&group) else { return Some((0, 0)) };
        let (maybe, sure) = kernel.slab(block, &slab);
        let present = self.plan.present(u32::from(group.level), group.node as usize);
        Some((maybe & present, maybe & sure & present))
    }

    #[inline(always)]
    fn bracket(&self, group: Group<D>, lane: usize) -> (BoxN<D>, BoxN<D>) {
        match self.block(&group) {
            Some(block) => group.grid.bracket(block, lane),
            None => (BoxN::EMPTY, BoxN::EMPTY),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn cells(&self, group: Group<D>) -> Option<Cells<'_, D>> {
        let block = self.block(&group)?;
        let present = self.plan.present(u32::from(group.level), group.node as usize);
        let ids = if group.level == 0 { self.ids(&group) } else { None };
        Some(Cells { grid: group.grid, block, present, ids: ids.unwrap_or_default() })
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn leaves(&self, group: Group<D>) -> Option<Leaves<'_, D>> {
        if group.level != 1 {
            return None;
        }
        let (plan, grid, page) = (self.plan, group.grid, group.node as usize);
        let leaves = plan.leaves(page);
        let here = self.in_page(group.page, 0, page::leaf_head::<D>(leaves, 0))?;
        let (block, rest) = here.split_at(page::block::<D>(0));
        let (blocks, ids) = rest.split_at(page::ids::<D>(leaves, 0) - block.len());
        Some(Leaves { plan, grid, page, block, blocks, ids: ids.as_chunks().0 })
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn items_in<K: Kernel>(&self, kernel: K, group: Group<D>, window: &Window<D>) -> Mask {
        let Some(block) = self.block(&group) else { return 0 };
        let (maybe, sure) = kernel.items(block, &group.grid.window(window));
        let present = self.plan.present(0, group.node as usize);
        let mut hits = sure & present;
        for lane in bits(maybe & present & !sure) {
            let (min, max) = self.exact(&group, block, lane);
            let mut meets = true;
            for k in 0..D {
                meets &= (min[k] <= window.upper[k]) & (max[k] >= window.lower[k]);
            }
            hits |= Mask::from(meets) << lane;
        }
        hits
    }

    #[inline(always)]
    fn id(&self, rank: usize) -> u32 {
        let (page, within) = (rank / PAGE_ITEMS, rank % PAGE_ITEMS);
        let at = page::ids::<D>(self.plan.leaves(page), 0) + 4 * within;
        let bytes = self.in_page(self.page(page), at, 4).and_then(|bytes| bytes.first_chunk());
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    #[inline(always)]
    fn item_id(&self, group: Group<D>, lane: usize) -> u32 {
        let id = self.ids(&group).and_then(|ids| ids.as_chunks::<4>().0.get(lane));
        id.map_or(0, |id| u32::from_le_bytes(*id))
    }

    #[inline(always)]
    fn push_ids<K: Kernel>(&self, kernel: K, group: Group<D>, mask: Mask, ids: &mut Vec<u32>) {
        if let Some(bytes) = self.ids(&group).and_then(|bytes| bytes.first_chunk()) {
            kernel.push_ids(bytes, mask, ids);
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn push_subtree<K: Kernel>(&self, kernel: K, group: Group<D>, lane: usize, ids: &mut Vec<u32>) {
        if group.level > 1 {
            return self.extend_ids(self.ranks(group, lane), ids);
        }
        let page = group.node as usize;
        let at = page::ids::<D>(self.plan.leaves(page), lane);
        let present = self.plan.present(0, page * LANES + lane);
        let bytes = self.in_page(group.page, at, IDS_BYTES).and_then(|b| b.first_chunk());
        if let Some(bytes) = bytes {
            kernel.push_ids(bytes, present, ids);
        }
    }

    fn extend_ids(&self, ranks: Range<usize>, ids: &mut Vec<u32>) {
        let mut rank = ranks.start;
        while rank < ranks.end {
            let (page, within) = (rank / PAGE_ITEMS, rank % PAGE_ITEMS);
            let end = ranks.end.min((page + 1) * PAGE_ITEMS);
            let at = page::ids::<D>(self.plan.leaves(page), 0) + 4 * within;
            if let Some(bytes) = self.in_page(self.page(page), at, 4 * (end - rank)) {
                ids.extend(bytes.as_chunks::<4>().0.iter().map(|&id| u32::from_le_bytes(id)));
            }
            rank = end;
        }
    }

    #[inline(always)]
    fn search_between<K: Kernel, F: Bracketed<D>, S: Sink>(
        &self,
        kernel: K,
        filter: &F,
        sink: &mut S,
    ) -> ControlFlow<()> {
        super::window::search(kernel, self, filter, sink)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn prefetch(&self, group: Group<D>, lane: usize) {
        let node = group.node as usize * LANES + lane;
        let fetch = |at: usize| {
            // Only an address is made here; what lies behind it is not read.
            let place = self.bytes.as_ptr().wrapping_add(at);
            branches::prefetch_read_data::<u8, 0>(place);
        };
        let page =
            |line: u32| self.plan.head.pages.wrapping_add((line as usize).wrapping_mul(LINE));
        match group.level {
            0 => {}
            1 => {
                let at = page(group.page);
                let block = at.wrapping_add(page::block::<D>(lane));
                (0..D).for_each(|line| fetch(block.wrapping_add(line * LINE)));
                fetch(at.wrapping_add(page::ids::<D>(self.plan.leaves(group.node as usize), lane)));
            }
            2 => {
                let at = page(self.table(ENTRY_BYTES * node).unwrap_or_default());
                (0..D).for_each(|line| fetch(at.wrapping_add(line * LINE)));
            }
            level => {
                let at = self.plan.levels[usize::from(level) - 1] + node * BLOCK_BYTES * D;
                (0..D).for_each(|line| fetch(at.wrapping_add(line * LINE)));
            }
        }
    }
}
