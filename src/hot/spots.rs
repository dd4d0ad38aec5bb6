//! Where the hot half cache line of every object is kept, so that its memory can be called before
//! its leaf is locked.
//!
//! Owns: blocks of eight spots, given to leaves and taken back. Does not own which object stands
//! where. Invariants: a spot is written only under the write lock of the leaf that has its block,
//! and means something only to one who holds that leaf's lock; a block keeps its address for ever.
//! The fields are atomics for one reason: a batch may load a spot without the lock, just to have
//! it near, and such a load must be of something that may change.

use std::sync::atomic::Ordering::Relaxed;

use super::chunks::Chunks;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicI64, AtomicU32, AtomicU64};

/// Spots of a block.
pub(crate) const SPOTS: usize = 8;
/// Blocks that a leaf names in itself: a full leaf's.
const NEAR: usize = 8;

/// What every object has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) time_us: i64,
    pub(crate) index: u32,
}

/// A spot in memory: half a cache line.
#[derive(Default)]
#[repr(C, align(32))]
pub(crate) struct Cell {
    x: AtomicU64,
    y: AtomicU64,
    time_us: AtomicI64,
    index: AtomicU32,
}

impl Cell {
    #[inline(always)]
    pub(crate) fn x(&self) -> f64 {
        f64::from_bits(self.x.load(Relaxed))
    }

    #[inline(always)]
    pub(crate) fn y(&self) -> f64 {
        f64::from_bits(self.y.load(Relaxed))
    }

    #[inline(always)]
    fn load(&self) -> Spot {
        Spot {
            x: self.x(),
            y: self.y(),
            time_us: self.time_us.load(Relaxed),
            index: self.index.load(Relaxed),
        }
    }

    #[inline(always)]
    fn store(&self, spot: Spot) {
        self.x.store(spot.x.to_bits(), Relaxed);
        self.y.store(spot.y.to_bits(), Relaxed);
        self.time_us.store(spot.time_us, Relaxed);
        self.index.store(spot.index, Relaxed);
    }
}

/// Eight spots.
#[derive(Default)]
#[repr(C, align(256))]
pub(crate) struct Block(pub(crate) [Cell; SPOTS]);

/// All blocks of an index.
pub(crate) struct Arena {
    blocks: Chunks<Block>,
    spare: Mutex<Spare>,
}

/// Blocks that no leaf has.
#[derive(Default)]
struct Spare {
    returned: Vec<u32>,
    fresh: u32,
}

impl Arena {
    pub(super) fn new() -> Self {
        Arena { blocks: Chunks::new(), spare: Mutex::new(Spare::default()) }
    }

    /// A block that is somebody's.
    #[inline]
    pub(crate) fn block(&self, block: u32) -> &Block {
        self.blocks.get(block as usize).expect("a block that was given out")
    }

    /// Loads one word of the spot with this number, to have it near.
    #[inline]
    pub(super) fn touch(&self, spot: u32) -> u64 {
        let block = self.blocks.get(spot as usize / SPOTS);
        block.map_or(0, |block| block.0[spot as usize % SPOTS].x.load(Relaxed))
    }

    fn take(&self) -> u32 {
        let mut spare = self.spare.lock();
        spare.returned.pop().unwrap_or_else(|| {
            let block = spare.fresh;
            self.blocks.grow(block as usize);
            spare.fresh += 1;
            block
        })
    }

    fn give_back(&self, block: u32) {
        self.spare.lock().returned.push(block);
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.blocks.heap_bytes() + self.spare.lock().returned.capacity() * size_of::<u32>()
    }
}

/// The spots of one leaf, row by row.
#[derive(Default)]
pub(crate) struct Spots {
    len: u32,
    near: [u32; NEAR],
    /// Of a leaf that holds more than it should, because its objects share one place.
    far: Vec<u32>,
    /// Blocks it has, of which the last may be empty.
    blocks: u32,
}

impl Spots {
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len as usize
    }

    #[inline]
    pub(crate) fn block_number(&self, at: usize) -> u32 {
        if at < NEAR { self.near[at] } else { self.far[at - NEAR] }
    }

    /// The number of a row's spot in the arena.
    #[inline]
    pub(super) fn number(&self, row: usize) -> u32 {
        self.block_number(row / SPOTS) * SPOTS as u32 + (row % SPOTS) as u32
    }

    #[inline]
    fn cell<'a>(&self, arena: &'a Arena, row: usize) -> &'a Cell {
        assert!(row < self.len(), "row {row} of {}", self.len);
        &arena.block(self.block_number(row / SPOTS)).0[row % SPOTS]
    }

    #[inline]
    pub(crate) fn get(&self, arena: &Arena, row: usize) -> Spot {
        self.cell(arena, row).load()
    }

    #[inline]
    pub(super) fn set(&self, arena: &Arena, row: usize, spot: Spot) {
        self.cell(arena, row).store(spot);
    }

    pub(super) fn push(&mut self, arena: &Arena, spot: Spot) {
        let row = self.len();
        if row == self.blocks as usize * SPOTS {
            let block = arena.take();
            match self.near.get_mut(self.blocks as usize) {
                Some(place) => *place = block,
                None => self.far.push(block),
            }
            self.blocks += 1;
        }
        self.len += 1;
        self.set(arena, row, spot);
    }

    pub(super) fn swap_remove(&mut self, arena: &Arena, row: usize) -> Spot {
        let taken = self.get(arena, row);
        let last = self.get(arena, self.len() - 1);
        self.set(arena, row, last);
        self.len -= 1;
        let needed = self.len().div_ceil(SPOTS);
        // One empty block is kept, so that a leaf at the edge of a block does not pass it to and
        // fro; an empty leaf keeps none.
        while self.blocks as usize > needed + usize::from(needed > 0) {
            self.blocks -= 1;
            let block = match self.far.pop() {
                Some(block) => block,
                None => self.near[self.blocks as usize],
            };
            arena.give_back(block);
        }
        taken
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.far.capacity() * size_of::<u32>()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn spot(index: u32) -> Spot {
        Spot { x: f64::from(index), y: -0.0, time_us: -5, index }
    }

    #[test]
    fn spots_follow_a_vector_and_blocks_come_back() {
        let arena = Arena::new();
        let (mut spots, mut model) = (Spots::default(), Vec::new());
        for index in 0..300 {
            spots.push(&arena, spot(index));
            model.push(index);
        }
        let taken = |spots: &mut Spots, row| spots.swap_remove(&arena, row).index;
        for step in 0..300 {
            let row = step * 7 % model.len();
            assert_eq!(taken(&mut spots, row), model.swap_remove(row));
            let held: Vec<u32> = (0..spots.len()).map(|row| spots.get(&arena, row).index).collect();
            assert_eq!(held, model);
        }
        let spare = arena.spare.lock();
        assert_eq!(spare.returned.len(), spare.fresh as usize, "an empty leaf holds no block");
    }

    #[test]
    fn a_spot_is_found_by_its_number_and_kept_to_the_bit() {
        let arena = Arena::new();
        let mut spots = Spots::default();
        (0..100).for_each(|index| spots.push(&arena, spot(index)));
        assert_eq!(arena.touch(spots.number(77)), 77f64.to_bits());
        assert!(spots.get(&arena, 77).y.is_sign_negative());
    }
}
