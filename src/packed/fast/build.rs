//! Writing a chunk `fast`: boxes in their order in, bytes out.
//!
//! Owns: the boxes of the nodes, from below, and their grids, from above. Does not own the order.
//! Invariants: the same boxes in the same order give the same bytes, on however many threads.

use crate::packed::arranged::Arranged;
use crate::packed::bounds::Bounds;
use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::large::Large;
use crate::packed::order::in_parallel;
use crate::packed::simd::{Isa, Kernel, Work, run};
use crate::packed::tree::LANES;

use super::grid::Grid;
use super::head::{HEAD_BYTES, Head, UPPER_BLOCK, table_bytes};
use super::leaf::{BEYOND, LeafHead, column_bytes, pack};
use super::page::{self, BLOCK_BYTES, IDS_BYTES, LEAF_BYTES, LINE};
use super::shape::{PAGE_ITEMS, Shape};
use super::tree::page_sum;

/// 16 boxes as columns of integers. Lanes without a box repeat the first one.
#[derive(Clone, Copy)]
pub(super) struct Sixteen<const D: usize> {
    min: [[i64; LANES]; D],
    max: [[i64; LANES]; D],
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

    /// What the grid cuts off, packed; `head` learns how. The bytes that it took.
    #[inline(always)]
    fn write_low_bits(&self, grid: &Grid<D>, head: &mut LeafHead, room: &mut [u8]) -> usize {
        let mut used = 0;
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
            used += pack(&each(|k| min[k] >> zeros), width, &mut room[used..]);
            if !is_flat {
                used += pack(&each(|k| max[k] >> zeros), width, &mut room[used..]);
            }
        }
        used
    }
}

/// The boxes of one level's nodes.
type Level<const D: usize> = Vec<Bounds<D>>;

/// The boxes of the nodes, level by level.
pub(super) struct Gathered<const D: usize> {
    /// Of the groups, the nodes above them, and so on to the root.
    pub(super) levels: Vec<Level<D>>,
}

impl<const D: usize> Gathered<D> {
    /// The boxes of the nodes above these groups.
    pub(super) fn new(arranged: &Arranged<D>) -> Self {
        let mut gathered = Gathered { levels: vec![arranged.around().to_vec()] };
        gathered.climb();
        gathered
    }

    /// The boxes of pages alone, of which nobody asks what lies below.
    pub(super) fn of_pages(pages: Level<D>) -> Self {
        Gathered { levels: vec![Vec::new(), pages] }
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
    pub(super) arranged: &'a Arranged<D>,
    pub(super) gathered: &'a Gathered<D>,
    pub(super) shape: &'a Shape,
    /// The first page and the grids of all.
    pub(super) first: usize,
    pub(super) grids: &'a [Grid<D>],
    /// How many pages of the chunk stand before those that were arranged.
    pub(super) before: usize,
    /// Zeros, so many of them for each page as [`room_of_page`] says.
    pub(super) room: &'a mut [u8],
}

/// As much as the largest page takes, and what is written beyond its end for a moment.
pub(super) fn room_of_page<const D: usize>() -> usize {
    page::low_bits::<D>(LANES) + 2 * D * LANES * column_bytes(49) + BEYOND + LINE
}

impl<const D: usize> Work for Pages<'_, D> {
    /// Of each page its lines and its checksum.
    type Answer = Vec<(u32, u32)>;

    #[inline(always)]
    fn run<K: Kernel>(mut self, _kernel: K) -> Self::Answer {
        let room = std::mem::take(&mut self.room);
        let (mut start, mut table) = (0, Vec::with_capacity(self.grids.len()));
        for (at, grid) in self.grids.iter().enumerate() {
            let page = self.first + at;
            let bytes = self.write(page, grid, &mut room[start..]);
            let written = &room[start..start + bytes];
            table.push(((bytes / LINE) as u32, page_sum(self.before + page, written)));
            start += bytes;
        }
        table
    }
}

impl<const D: usize> Pages<'_, D> {
    /// Writes a page, and tells its bytes.
    #[inline(always)]
    fn write(&self, page: usize, grid: &Grid<D>, room: &mut [u8]) -> usize {
        let leaves = self.shape.leaves(page);
        let (here, low_bits) = room.split_at_mut(page::low_bits::<D>(leaves));
        let (children, _) = self.gathered.children(1, page);
        children.write_block(grid, &mut here[..BLOCK_BYTES * D]);
        let mut used = 0;
        for leaf in 0..leaves {
            let first = (page * LANES + leaf) * LANES;
            let count = (self.arranged.len() - first).min(LANES);
            let mut ids = [0; LANES];
            let sixteen = Sixteen::of(count, |lane| self.arranged.row(first + lane).bounds);
            let grid = children.child(grid, leaf);
            let at = page::block::<D>(leaf);
            sixteen.write_block(&grid, &mut here[at..at + BLOCK_BYTES * D]);
            for (lane, id) in ids.iter_mut().enumerate().take(count) {
                *id = self.arranged.row(first + lane).record as u32;
            }
            let at = page::ids::<D>(leaves, leaf);
            let places = here[at..at + IDS_BYTES].as_chunks_mut::<4>().0;
            places.iter_mut().zip(ids).for_each(|(place, id)| *place = id.to_le_bytes());
            let mut head = LeafHead::new(used as u16);
            used += sixteen.write_low_bits(&grid, &mut head, &mut low_bits[used..]);
            let at = page::leaf_head::<D>(leaves, leaf);
            here[at..at + LEAF_BYTES].copy_from_slice(&head.encode());
        }
        low_bits[used..used + BEYOND].fill(0);
        (here.len() + used + 8).next_multiple_of(LINE)
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

/// Writes the chunk of boxes in order. `lead` bytes stand before it in the file, so that its pages
/// can be aligned there.
pub(crate) fn build<const D: usize>(
    arranged: &Arranged<D>,
    lead: usize,
    isa: Isa,
    threads: usize,
) -> Large {
    let shape = Shape::new(arranged.len());
    if arranged.len() == 0 {
        return Large::of(empty::<D>(lead));
    }
    let gathered = Gathered::new(arranged);
    let (upper, grids) = upper(&gathered, &shape);
    let share = grids.len().div_ceil(threads.max(1));
    let start = pages_start(lead);
    let page_bytes = room_of_page::<D>();
    let most = start + grids.len() * page_bytes + upper.len() + table_bytes(&shape);
    let mut chunk = Large::zeroed(most);
    let rooms = chunk[start..].chunks_mut(share * page_bytes).zip(grids.chunks(share)).enumerate();
    let parts = rooms.map(|(part, (room, grids))| {
        let (arranged, gathered, shape) = (arranged, &gathered, &shape);
        Pages { arranged, gathered, shape, first: part * share, grids, before: 0, room }
    });
    let parts: Vec<_> = parts.collect();
    let tables = in_parallel(parts.into_iter(), |part| run(isa, part));
    let mut end = start;
    for (part, table) in tables.iter().enumerate() {
        let from = start + part * share * page_bytes;
        let bytes = table.iter().map(|(lines, _)| *lines as usize * LINE).sum::<usize>();
        chunk.copy_within(from..from + bytes, end);
        end += bytes;
    }
    let root = gathered.levels[shape.top as usize][0];
    let Frame { before, after } = frame(lead, &shape, &root, &upper, tables.iter().flatten());
    chunk[..start].copy_from_slice(&before);
    chunk[end..end + after.len()].copy_from_slice(&after);
    chunk.truncate(end + after.len());
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
        extent: root.to_box(),
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
