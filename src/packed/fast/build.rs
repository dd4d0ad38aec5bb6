//! Writing a chunk `fast`: boxes in their order in, bytes out.
//!
//! Owns: the boxes of the nodes, from below, and their grids, from above. Does not own the order.
//! Invariants: the same boxes in the same order give the same bytes, on however many threads.

use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::order::in_parallel;
use crate::packed::ordered::{number, ordered};
use crate::packed::simd::{Isa, Kernel, Work, run};
use crate::packed::tree::LANES;

use super::grid::Grid;
use super::head::{HEAD_BYTES, Head, UPPER_BLOCK, table_bytes};
use super::leaf::{LeafHead, column_bytes, pack};
use super::page::{self, BLOCK_BYTES, IDS_BYTES, LEAF_BYTES, LINE};
use super::shape::{PAGE_ITEMS, Shape};
use super::tree::page_sum;

/// The most bytes that the two ends of an axis take beside their cells, for each item.
const LOW_BYTES_MAX: usize = 12;

/// 16 boxes as columns of integers. Lanes without a box repeat the first one.
#[derive(Clone, Copy)]
pub(super) struct Sixteen<const D: usize> {
    min: [[i64; LANES]; D],
    max: [[i64; LANES]; D],
}

/// A box as integers.
#[derive(Clone, Copy)]
pub(super) struct Bounds<const D: usize> {
    min: [i64; D],
    max: [i64; D],
}

impl<const D: usize> Bounds<D> {
    pub(super) const EMPTY: Self = Bounds { min: [i64::MAX; D], max: [i64::MIN; D] };

    #[inline(always)]
    pub(super) fn of(all: &BoxN<D>) -> Self {
        Bounds { min: each(|k| ordered(all.min[k])), max: each(|k| ordered(all.max[k])) }
    }

    #[inline(always)]
    pub(super) fn union(&self, other: &Self) -> Self {
        Bounds {
            min: each(|k| self.min[k].min(other.min[k])),
            max: each(|k| self.max[k].max(other.max[k])),
        }
    }
}

impl<const D: usize> Sixteen<D> {
    #[inline(always)]
    fn of(count: usize, get: impl Fn(usize) -> Bounds<D>) -> Self {
        let mut all = Sixteen { min: [[0; LANES]; D], max: [[0; LANES]; D] };
        for lane in 0..LANES {
            let bounds = get(if lane < count { lane } else { 0 });
            for axis in 0..D {
                all.min[axis][lane] = bounds.min[axis];
                all.max[axis][lane] = bounds.max[axis];
            }
        }
        all
    }

    #[inline(always)]
    fn bounds(&self) -> Bounds<D> {
        Bounds {
            min: each(|k| self.min[k].iter().fold(i64::MAX, |a, &b| a.min(b))),
            max: each(|k| self.max[k].iter().fold(i64::MIN, |a, &b| a.max(b))),
        }
    }

    /// The cells on a grid as a block's bytes.
    #[inline(always)]
    fn write_block(&self, grid: &Grid<D>, block: &mut [u8]) {
        for axis in 0..D {
            for (at, column) in [(axis, &self.min[axis]), (D + axis, &self.max[axis])] {
                let cells: [u16; LANES] = each(|k| grid.cell(axis, column[k]));
                let bytes = &mut block[2 * LANES * at..][..2 * LANES];
                for (bytes, cell) in bytes.as_chunks_mut::<2>().0.iter_mut().zip(cells) {
                    *bytes = cell.to_le_bytes();
                }
            }
        }
    }

    /// The grid of the child in a lane.
    #[inline(always)]
    fn child(&self, grid: &Grid<D>, lane: usize) -> Grid<D> {
        grid.child(
            each(|k| grid.cell(k, self.min[k][lane])),
            each(|k| grid.cell(k, self.max[k][lane])),
        )
    }

    /// What the grid cuts off, packed; `head` learns how.
    #[inline(always)]
    fn write_low_bits(&self, grid: &Grid<D>, head: &mut LeafHead, out: &mut Vec<u8>) {
        for axis in 0..D {
            let shift = grid.shift[axis];
            let cut = |column: &[i64; LANES]| -> [u64; LANES] {
                let base = grid.base[axis];
                each(|k| column[k].wrapping_sub(base) as u64 & ((1 << shift) - 1))
            };
            let (min, max) = (cut(&self.min[axis]), cut(&self.max[axis]));
            let is_flat = self.min[axis] == self.max[axis];
            let any = min.iter().chain(&max).fold(0, |any, low| any | low);
            let zeros = any.trailing_zeros().min(u32::from(shift));
            head.set(axis, zeros, is_flat);
            let width = u32::from(shift) - zeros;
            pack(&each(|k| min[k] >> zeros), width, out);
            if !is_flat {
                pack(&each(|k| max[k] >> zeros), width, out);
            }
        }
    }
}

/// The boxes of one level's nodes.
type Level<const D: usize> = Vec<Bounds<D>>;

/// Boxes in the order of the tree, and the boxes of the nodes above them.
pub(super) struct Gathered<const D: usize> {
    groups: Vec<Vec<Sixteen<D>>>,
    /// How many of the groups a part has; the last may have fewer.
    share: usize,
    /// Of the groups, the nodes above them, and so on to the root.
    pub(super) levels: Vec<Level<D>>,
}

/// Collects the boxes of some groups.
struct Gather<'a, const D: usize> {
    boxes: &'a [BoxN<D>],
    order: &'a [u32],
}

/// Asks for the memory of a box, which mostly lies in two lines: both of its ends.
#[inline(always)]
fn ask_for<const D: usize>(all: &BoxN<D>) {
    branches::prefetch_read_data::<_, 0>(&raw const all.min[0]);
    branches::prefetch_read_data::<_, 0>(&raw const all.max[D - 1]);
}

impl<const D: usize> Work for Gather<'_, D> {
    type Answer = (Vec<Sixteen<D>>, Level<D>);

    #[inline(always)]
    fn run<K: Kernel>(self, _kernel: K) -> Self::Answer {
        let mut groups = Vec::with_capacity(self.order.len().div_ceil(LANES));
        let mut bounds = Vec::with_capacity(groups.capacity());
        for (at, ids) in self.order.chunks(LANES).enumerate() {
            // The boxes lie anywhere in memory, so those of a later group are asked for now.
            for &id in self.order[LANES * at..].iter().skip(2 * LANES).take(LANES) {
                ask_for(&self.boxes[id as usize]);
            }
            let sixteen =
                Sixteen::of(ids.len(), |lane| Bounds::of(&self.boxes[ids[lane] as usize]));
            bounds.push(sixteen.bounds());
            groups.push(sixteen);
        }
        (groups, bounds)
    }
}

impl<const D: usize> Gathered<D> {
    pub(super) fn new(boxes: &[BoxN<D>], order: &[u32], isa: Isa, threads: usize) -> Self {
        let share = (order.len() / LANES).div_ceil(threads.max(1)).max(1);
        let parts = order.chunks(share * LANES);
        let parts = in_parallel(parts, |part| run(isa, Gather { boxes, order: part }));
        let (groups, levels): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let mut gathered = Gathered { groups, share, levels: vec![levels.concat()] };
        gathered.climb();
        gathered
    }

    /// The boxes of pages alone, of which nobody asks what lies below.
    pub(super) fn of_pages(pages: Level<D>) -> Self {
        Gathered { groups: Vec::new(), share: 1, levels: vec![Vec::new(), pages] }
    }

    /// The boxes of a group.
    #[inline(always)]
    fn group(&self, at: usize) -> &Sixteen<D> {
        &self.groups[at / self.share][at % self.share]
    }

    /// Adds the levels above those that are there, to the root.
    pub(super) fn climb(&mut self) {
        loop {
            let below = &self.levels[self.levels.len() - 1];
            if below.len() <= 1 && self.levels.len() > 1 {
                return;
            }
            let nodes = below.chunks(LANES);
            let above = nodes.map(|node| Sixteen::of(node.len(), |lane| node[lane]).bounds());
            self.levels.push(above.collect());
        }
    }

    /// The boxes of the children of a node.
    fn children(&self, level: usize, node: usize) -> (Sixteen<D>, usize) {
        let below = &self.levels[level - 1][node * LANES..];
        let count = below.len().min(LANES);
        (Sixteen::of(count, |lane| below[lane]), count)
    }
}

/// Writes some pages.
pub(super) struct Pages<'a, const D: usize> {
    pub(super) gathered: &'a Gathered<D>,
    /// The ids of the items.
    pub(super) order: &'a [u32],
    pub(super) shape: &'a Shape,
    /// The first page and the grids of all.
    pub(super) first: usize,
    pub(super) grids: &'a [Grid<D>],
    /// How many pages of the chunk stand before those that were gathered.
    pub(super) before: usize,
    /// How many bytes to leave free before the first page.
    pub(super) lead: usize,
}

impl<const D: usize> Work for Pages<'_, D> {
    /// The bytes, and of each page its lines and its checksum.
    type Answer = (Vec<u8>, Vec<(u32, u32)>);

    #[inline(always)]
    fn run<K: Kernel>(self, _kernel: K) -> Self::Answer {
        // As much as the largest pages take; what is not written takes no memory.
        let page_bytes = page::low_bits::<D>(LANES) + PAGE_ITEMS * D * LOW_BYTES_MAX + LINE;
        let mut bytes = Vec::with_capacity(self.lead + self.grids.len() * page_bytes);
        bytes.resize(self.lead, 0);
        let mut table = Vec::with_capacity(self.grids.len());
        let mut low_bits = Vec::new();
        for (at, grid) in self.grids.iter().enumerate() {
            let page = self.first + at;
            let start = bytes.len();
            self.write(page, grid, &mut low_bits, &mut bytes);
            let written = &bytes[start..];
            table.push(((written.len() / LINE) as u32, page_sum(self.before + page, written)));
        }
        (bytes, table)
    }
}

impl<const D: usize> Pages<'_, D> {
    #[inline(always)]
    fn write(&self, page: usize, grid: &Grid<D>, low_bits: &mut Vec<u8>, bytes: &mut Vec<u8>) {
        let leaves = self.shape.leaves(page);
        let (start, fixed) = (bytes.len(), page::low_bits::<D>(leaves));
        bytes.resize(start + fixed, 0);
        let here = &mut bytes[start..];
        let (children, _) = self.gathered.children(1, page);
        children.write_block(grid, &mut here[..BLOCK_BYTES * D]);
        low_bits.clear();
        for leaf in 0..leaves {
            let group = page * LANES + leaf;
            let sixteen = self.gathered.group(group);
            let grid = children.child(grid, leaf);
            let at = page::block::<D>(leaf);
            sixteen.write_block(&grid, &mut here[at..at + BLOCK_BYTES * D]);
            let at = page::ids::<D>(leaves, leaf);
            let ids = &self.order[group * LANES..];
            let places = here[at..at + IDS_BYTES].as_chunks_mut::<4>().0;
            places.iter_mut().zip(ids).for_each(|(place, id)| *place = id.to_le_bytes());
            let mut head = LeafHead::new(low_bits.len() as u16);
            sixteen.write_low_bits(&grid, &mut head, low_bits);
            let at = page::leaf_head::<D>(leaves, leaf);
            here[at..at + LEAF_BYTES].copy_from_slice(&head.encode());
        }
        bytes.extend_from_slice(low_bits);
        let end = (bytes.len() - start + 8).next_multiple_of(LINE);
        bytes.resize(start + end, 0);
    }
}

/// The upper nodes, root first, and the grids of the pages.
pub(super) fn upper<const D: usize>(
    gathered: &Gathered<D>,
    shape: &Shape,
) -> (Vec<u8>, Vec<Grid<D>>) {
    let mut bytes = vec![0; shape.upper() * BLOCK_BYTES * D];
    let Bounds { min, max } = gathered.levels[shape.top as usize][0];
    let mut grids = vec![Grid::between(min, max)];
    let mut blocks = bytes.chunks_mut(BLOCK_BYTES * D);
    for level in (2..=shape.top as usize).rev() {
        let mut below = Vec::with_capacity(gathered.levels[level - 1].len());
        for (node, grid) in grids.iter().enumerate() {
            let (children, count) = gathered.children(level, node);
            if let Some(block) = blocks.next() {
                children.write_block(grid, block);
            }
            below.extend((0..count).map(|lane| children.child(grid, lane)));
        }
        grids = below;
    }
    (bytes, grids)
}

/// Writes the chunk of `boxes`, which lie in the tree in the order of `order`. `lead` bytes stand
/// before it in the file, so that its pages can be aligned there.
pub(crate) fn build<const D: usize>(
    boxes: &[BoxN<D>],
    order: &[u32],
    lead: usize,
    isa: Isa,
    threads: usize,
) -> Vec<u8> {
    let shape = Shape::new(order.len());
    if order.is_empty() {
        return empty::<D>(lead);
    }
    let gathered = Gathered::new(boxes, order, isa, threads);
    let (upper, grids) = upper(&gathered, &shape);
    let share = grids.len().div_ceil(threads.max(1));
    let start = pages_start(lead);
    let parts = in_parallel(grids.chunks(share).enumerate(), |(part, grids)| {
        let (first, lead) = (part * share, if part == 0 { start } else { 0 });
        let gathered = &gathered;
        run(isa, Pages { gathered, order, shape: &shape, first, grids, before: 0, lead })
    });
    let root = gathered.levels[shape.top as usize][0];
    drop(gathered);
    let pages = parts.iter().flat_map(|(_, pages)| pages);
    let Frame { before, after } = frame(lead, &shape, &root, &upper, pages);
    let mut parts = parts.into_iter().map(|(bytes, _)| bytes);
    let mut chunk = parts.next().unwrap_or_default();
    chunk[..start].copy_from_slice(&before);
    parts.for_each(|bytes| chunk.extend_from_slice(&bytes));
    chunk.extend_from_slice(&after);
    chunk.shrink_to_fit();
    chunk
}

/// The chunk of no items.
pub(super) fn empty<const D: usize>(lead: usize) -> Vec<u8> {
    let start = pages_start(lead);
    let extent = BoxN::EMPTY;
    Head::<D> { items: 0, extent, pages: start, upper: start, table: start }.encode().to_vec()
}

/// Where pages begin in a chunk before which `lead` bytes stand.
fn pages_start(lead: usize) -> usize {
    (lead + HEAD_BYTES).next_multiple_of(LINE) - lead
}

/// What stands in a chunk before its pages and behind them.
pub(crate) struct Frame {
    pub(crate) before: Vec<u8>,
    pub(crate) after: Vec<u8>,
}

/// The frame of pages with these numbers of lines and these checksums.
pub(super) fn frame<'p, const D: usize>(
    lead: usize,
    shape: &Shape,
    root: &Bounds<D>,
    upper: &[u8],
    pages: impl Iterator<Item = &'p (u32, u32)>,
) -> Frame {
    let mut line = 0u32;
    let mut table = Vec::with_capacity(table_bytes(shape));
    for (lines, sum) in pages {
        table.extend([line.to_le_bytes(), sum.to_le_bytes()].as_flattened());
        line += lines;
    }
    table.extend([line.to_le_bytes(), [0; 4]].as_flattened());
    let blocks = upper.chunks(UPPER_BLOCK * BLOCK_BYTES * D);
    table.extend(blocks.flat_map(|block| crc32fast::hash(block).to_le_bytes()));
    let start = pages_start(lead);
    let after_pages = start + line as usize * LINE;
    let head = Head::<D> {
        items: shape.items,
        extent: BoxN { min: each(|k| number(root.min[k])), max: each(|k| number(root.max[k])) },
        pages: start,
        upper: after_pages,
        table: after_pages + upper.len(),
    };
    let mut before = head.encode().to_vec();
    before.resize(start, 0);
    let mut after = upper.to_vec();
    after.extend_from_slice(&table);
    Frame { before, after }
}

const _: () = assert!(column_bytes(49) * 8 * LANES <= u16::MAX as usize);
