//! Writing a chunk `fast` from items that come one by one, in their order, twice.
//!
//! Owns: the boxes of the pages from the first pass, and making pages batch by batch in the second.
//! Does not own where items or pages are kept meanwhile. Invariants: the same bytes as building it
//! at once; less than half a byte an item is kept.

use crate::packed::arranged::Arranged;
use crate::packed::bounds::Bounds;
use crate::packed::boxes::BoxN;
use crate::packed::large::Large;
use crate::packed::simd::{Isa, run};
use crate::packed::tree::LANES;

use super::build::{Frame, Gathered, Pages, empty, frame, room_of_page, upper};
use super::grid::Grid;
use super::page::LINE;
use super::shape::{PAGE_ITEMS, Shape};

/// The first pass: the boxes of the pages.
pub(crate) struct Outline<const D: usize> {
    pages: Vec<Bounds<D>>,
    here: Bounds<D>,
    items: usize,
}

impl<const D: usize> Outline<D> {
    pub(crate) fn new() -> Self {
        Outline { pages: Vec::new(), here: Bounds::EMPTY, items: 0 }
    }

    /// Takes the box of the next item.
    #[inline]
    pub(crate) fn push(&mut self, bounds: &BoxN<D>) {
        self.here = self.here.union(&Bounds::of(bounds));
        self.items += 1;
        if self.items.is_multiple_of(PAGE_ITEMS) {
            self.pages.push(std::mem::replace(&mut self.here, Bounds::EMPTY));
        }
    }

    /// What the second pass needs.
    pub(crate) fn finish(mut self) -> Batches<D> {
        if !self.items.is_multiple_of(PAGE_ITEMS) {
            self.pages.push(self.here);
        }
        let shape = Shape::new(self.items);
        if self.items == 0 {
            let (upper, grids, table) = (Vec::new(), Vec::new(), Vec::new());
            return Batches { shape, root: Bounds::EMPTY, upper, grids, table };
        }
        // The groups below the pages are nobody's business here.
        let mut gathered = Gathered::of_pages(self.pages);
        if gathered.levels[1].len() > 1 {
            gathered.climb();
        }
        let root = gathered.levels[shape.top as usize][0];
        let (upper, grids) = upper(&gathered, &shape);
        let table = Vec::with_capacity(grids.len());
        Batches { shape, root, upper, grids, table }
    }
}

/// The second pass: pages.
pub(crate) struct Batches<const D: usize> {
    shape: Shape,
    root: Bounds<D>,
    upper: Vec<u8>,
    grids: Vec<Grid<D>>,
    /// Of each page that was made its lines and its checksum.
    table: Vec<(u32, u32)>,
}

impl<const D: usize> Batches<D> {
    /// How many items a batch has, if all take about so much memory; the last has fewer.
    pub(crate) fn batch_items(memory: usize) -> usize {
        // A box and an id, the box as integers, a page.
        let item_bytes = 16 * D + 4 + 16 * D + 16 * D;
        (memory / item_bytes / PAGE_ITEMS).clamp(1, 1 << 12) * PAGE_ITEMS
    }

    /// The pages of the next items: a batch of whole pages, or the last.
    pub(crate) fn pages(&mut self, boxes: &[BoxN<D>], ids: &[u32], threads: usize) -> Large {
        let isa = Isa::detect();
        let bounds = boxes.iter().map(Bounds::of);
        let arranged = &Arranged::in_order(bounds, ids.iter().copied(), isa, threads);
        let gathered = &Gathered::new(arranged);
        let (before, shape) = (self.table.len(), &Shape::new(boxes.len()));
        let grids = &self.grids[before..before + shape.pages()];
        let mut bytes = Large::zeroed(grids.len() * room_of_page::<D>());
        let room = &mut bytes[..];
        let table = run(isa, Pages { arranged, gathered, shape, first: 0, grids, before, room });
        bytes.truncate(table.iter().map(|(lines, _)| *lines as usize * LINE).sum());
        self.table.extend(table);
        bytes
    }

    /// What stands around the pages, once all were made, in a chunk before which `lead` bytes
    /// stand.
    pub(crate) fn frame(&self, lead: usize) -> Frame {
        if self.shape.items == 0 {
            return Frame { before: empty::<D>(lead), after: Vec::new() };
        }
        frame(lead, &self.shape, &self.root, &self.upper, self.table.iter())
    }

    /// Bytes of all pages.
    pub(crate) fn paged_bytes(&self) -> u64 {
        self.table.iter().map(|(lines, _)| u64::from(*lines) * LINE as u64).sum()
    }
}

const _: () = assert!(PAGE_ITEMS == LANES * LANES);
