//! Bringing memory near before it is needed, so that the cache misses of many moves overlap.
//!
//! Owns: where a leaf's rows are, known without its lock, and the order in which the memory of one
//! move by id, and of a batch of moves, is fetched. Does not own any state that an answer depends
//! on. Invariants: what is fetched is a guess; a wrong one costs time and nothing else, because a
//! prefetch reads nothing.
//!
//! A move needs its object's place, then the leaf, then the row, each a cache miss whose address
//! the one before it tells, and a locked instruction lets no later load begin. So a batch looks
//! ahead: while one row is written, another's rows, a third one's leaves and a fourth one's place
//! are on their way.

use super::cell::coordinates;
use super::compass::Hint;
use super::index::HotIndex;
use super::leaf::Spot;
use super::tree::Slot;
use crate::geom::Point;

/// Moves of each stage that are under way together.
pub(crate) const AHEAD: usize = 8;

/// Rows that are fetched before a leaf is read.
const FIRST_ROWS: usize = 16;

/// Where in a leaf's slot it is noted who left.
const DEPARTURES: usize = 192;

/// Begins to load the cache line of `what`.
#[inline]
pub(super) fn fetch<T>(what: *const T) {
    branches::prefetch_read_data::<T, 0>(what);
}

/// Where the rows of a leaf are and how many: an address that is only ever fetched.
#[cfg(not(loom))]
#[derive(Default)]
pub(super) struct Whereabouts(std::sync::atomic::AtomicU64);

#[cfg(not(loom))]
impl Whereabouts {
    /// Bits of the number of rows; an address leaves as many free at the top on 64-bit machines.
    const COUNT_BITS: u32 = 16;

    #[inline]
    pub(super) fn note(&self, rows: &[Spot]) {
        let count = rows.len() as u64 & ((1 << Self::COUNT_BITS) - 1);
        let noted = (rows.as_ptr().addr() as u64) << Self::COUNT_BITS | count;
        self.0.store(noted, std::sync::atomic::Ordering::Relaxed);
    }

    #[inline]
    fn fetch(&self, row: impl FnOnce(usize) -> usize) {
        let noted = self.0.load(std::sync::atomic::Ordering::Relaxed);
        let count = noted as usize & ((1 << Self::COUNT_BITS) - 1);
        let address = (noted >> Self::COUNT_BITS) as usize + row(count) * size_of::<Spot>();
        fetch(std::ptr::without_provenance::<Spot>(address));
    }
}

/// In a model there is nothing to gain.
#[cfg(loom)]
#[derive(Default)]
pub(super) struct Whereabouts;

#[cfg(loom)]
impl Whereabouts {
    pub(super) fn note(&self, _rows: &[Spot]) {}
    fn fetch(&self, _row: impl FnOnce(usize) -> usize) {}
}

/// The leaves that one move will need, whose rows can be fetched once they have arrived.
#[derive(Clone, Copy, Default)]
pub(crate) struct Need<'a> {
    source: Option<(&'a Slot, usize)>,
    target: Option<&'a Slot>,
}

/// A batch of moves that looks ahead.
pub(crate) struct Scout<'a> {
    hot: &'a HotIndex,
    needs: [Need<'a>; AHEAD],
}

impl HotIndex {
    pub(crate) fn scout(&self) -> Scout<'_> {
        Scout { hot: self, needs: [Need::default(); AHEAD] }
    }

    /// Begins to bring the place of an object near.
    #[inline]
    pub(crate) fn fetch_place(&self, index: u32) {
        if let Some(place) = self.places.get(index as usize) {
            fetch(place);
        }
    }

    /// The index of an id, if it has one; its object's row comes near while the id is compared.
    #[inline]
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.ids.find_as(id, |index| {
            if let Some((leaf, row)) = self.place(index) {
                self.tree.slot(leaf).fetch_row(row);
            }
        })
    }

    /// Begins to bring the hint near for where an object goes.
    #[inline]
    pub(crate) fn fetch_hint(&self, to: Point) {
        if let Some(hint) = self.tree.compass.hint(&coordinates(to)) {
            hint.fetch();
        }
    }

    /// Begins to bring near the leaf that an object is in and the one it will be in.
    #[inline]
    pub(crate) fn fetch_leaves(&self, index: u32, to: Point) -> Need<'_> {
        let place = self.place(index);
        let hint = self.tree.compass.hint(&coordinates(to)).and_then(Hint::leaf);
        let other = hint.filter(|&leaf| place.is_none_or(|(from, _)| from != leaf));
        let source = place.map(|(leaf, row)| (self.tree.slot(leaf), row));
        let target = other.map(|leaf| self.tree.slot(leaf));
        if let Some((source, _)) = source {
            fetch_head(source);
            if target.is_some() {
                fetch(std::ptr::from_ref(source).wrapping_byte_add(DEPARTURES));
            }
        }
        target.into_iter().for_each(fetch_head);
        Need { source, target }
    }

    /// Begins to bring the first rows of a leaf near; the processor guesses the others by itself.
    #[inline]
    pub(super) fn fetch_first_rows(&self, leaf: u32) {
        let slot = self.tree.slot(leaf);
        (0..FIRST_ROWS).step_by(2).for_each(|row| slot.fetch_row(row));
    }

    /// Begins to bring a leaf near that will be read.
    #[inline]
    pub(super) fn fetch_leaf(&self, leaf: u32) {
        fetch_head(self.tree.slot(leaf));
    }
}

#[inline]
fn fetch_head(slot: &Slot) {
    fetch(slot);
    fetch(std::ptr::from_ref(slot).wrapping_byte_add(64));
}

impl Need<'_> {
    /// Begins to bring near the object's row, and where it goes the last row that takes its place
    /// and the end of the rows it joins.
    #[inline]
    pub(crate) fn fetch_rows(&self) {
        if let Some((source, row)) = self.source {
            source.fetch_row(row);
            if self.target.is_some() {
                source.rows.fetch(|count| count.saturating_sub(1));
            }
        }
        if let Some(target) = self.target {
            target.rows.fetch(|count| count);
        }
    }
}

impl Slot {
    /// Begins to bring a row near.
    #[inline]
    pub(super) fn fetch_row(&self, row: usize) {
        self.rows.fetch(|_| row);
    }
}

impl<'a> Scout<'a> {
    /// The first stage: the object's place, and the hint for where it goes.
    #[inline]
    pub(crate) fn fetch_place(&mut self, index: u32, to: Point) {
        self.hot.fetch_place(index);
        self.hot.fetch_hint(to);
    }

    /// The second stage, for move `at`: the leaves it needs.
    #[inline]
    pub(crate) fn fetch_leaves(&mut self, at: usize, index: u32, to: Point) {
        self.needs[at % AHEAD] = self.hot.fetch_leaves(index, to);
    }

    /// The third stage, for move `at`: the rows it needs.
    #[inline]
    pub(crate) fn fetch_rows(&mut self, at: usize) {
        self.needs[at % AHEAD].fetch_rows();
    }
}
