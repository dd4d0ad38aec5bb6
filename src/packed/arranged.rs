//! Boxes in the order of the curve, with their numbers, one behind the other.
//!
//! Owns: how such a row lies in memory, and the boxes around each sixteen rows. Does not own the
//! order (`arrange`). Invariants: as many rows as items; rows are written by one thread each and
//! read when all are there.

use super::bounds::Bounds;
use super::large::Large;
use super::order::in_parallel;
use super::simd::{Isa, Kernel, Work, run};
use super::tree::LANES;

/// A number of a row, in the byte order of the machine.
pub(crate) type Word = [u8; 8];

/// The words of a row: the box's integers, and above its number what the sort needs.
pub(crate) const fn row_words<const D: usize>() -> usize {
    2 * D + 1
}

/// Boxes in order.
pub(crate) struct Arranged<const D: usize> {
    rows: Large,
    /// Around the boxes of each group of 16.
    around: Vec<Bounds<D>>,
}

/// A box and its record.
#[derive(Clone, Copy)]
pub(crate) struct Row<const D: usize> {
    pub(crate) bounds: Bounds<D>,
    pub(crate) record: u64,
}

impl<const D: usize> Row<D> {
    #[inline(always)]
    pub(crate) fn read(words: &[Word]) -> Self {
        let mut row = Row { bounds: Bounds::EMPTY, record: 0 };
        let words = &words[..row_words::<D>()];
        for axis in 0..D {
            row.bounds.min[axis] = i64::from_ne_bytes(words[axis]);
            row.bounds.max[axis] = i64::from_ne_bytes(words[D + axis]);
        }
        row.record = u64::from_ne_bytes(words[2 * D]);
        row
    }

    #[inline(always)]
    pub(crate) fn write(&self, words: &mut [Word]) {
        let words = &mut words[..row_words::<D>()];
        for axis in 0..D {
            words[axis] = self.bounds.min[axis].to_ne_bytes();
            words[D + axis] = self.bounds.max[axis].to_ne_bytes();
        }
        words[2 * D] = self.record.to_ne_bytes();
    }
}

/// Room for so many rows.
pub(crate) fn room<const D: usize>(items: usize) -> Large {
    Large::zeroed(items * size_of::<Word>() * row_words::<D>())
}

/// The boxes around whole groups of rows.
#[inline(always)]
pub(crate) fn groups<const D: usize>(rows: &[Word]) -> impl Iterator<Item = Bounds<D>> {
    rows.chunks(row_words::<D>() * LANES).map(|group| {
        let rows = group.chunks_exact(row_words::<D>());
        rows.fold(Bounds::EMPTY, |all, row| all.union(&Row::read(row).bounds))
    })
}

impl<const D: usize> Arranged<D> {
    /// Rows of which some runs know the boxes around the groups that lie in them: the first of
    /// these, and the boxes.
    pub(crate) fn new(rows: Large, runs: Vec<(usize, Vec<Bounds<D>>)>) -> Self {
        let mut all = Arranged { rows, around: Vec::new() };
        let count = all.len().div_ceil(LANES);
        all.around.reserve_exact(count);
        for (first, mut around) in runs {
            all.look(first);
            all.around.append(&mut around);
        }
        all.look(count);
        all
    }

    /// Boxes that are in order already, with their numbers.
    pub(crate) fn in_order(
        bounds: impl ExactSizeIterator<Item = Bounds<D>>,
        ids: impl Iterator<Item = u32>,
        isa: Isa,
        threads: usize,
    ) -> Self {
        let mut rows = room::<D>(bounds.len());
        let words = rows.as_chunks_mut::<8>().0;
        for (place, (bounds, id)) in words.chunks_exact_mut(row_words::<D>()).zip(bounds.zip(ids)) {
            Row { bounds, record: u64::from(id) }.write(place);
        }
        let share = words.len().div_ceil(threads.max(1)).max(1);
        let share = share.next_multiple_of(row_words::<D>() * LANES);
        let parts = in_parallel(words.chunks(share), |rows| run(isa, Around::<D> { rows }));
        Arranged { around: parts.concat(), rows }
    }

    /// Looks at groups until so many are known.
    fn look(&mut self, count: usize) {
        let group_words = row_words::<D>() * LANES;
        let words = self.rows.as_chunks::<8>().0;
        let place = |group: usize| (group * group_words).min(words.len());
        let unseen = place(self.around.len())..place(count);
        self.around.extend(groups::<D>(words.get(unseen).unwrap_or_default()));
    }

    /// How many boxes there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len() / (size_of::<Word>() * row_words::<D>())
    }

    /// A row.
    #[inline(always)]
    pub(crate) fn row(&self, at: usize) -> Row<D> {
        Row::read(&self.rows.as_chunks::<8>().0[at * row_words::<D>()..])
    }

    /// The numbers of the boxes, in order.
    pub(crate) fn ids(&self) -> Vec<u32> {
        (0..self.len()).map(|at| self.row(at).record as u32).collect()
    }

    /// Around each group.
    pub(crate) fn around(&self) -> &[Bounds<D>] {
        &self.around
    }
}

/// The boxes around groups.
struct Around<'a, const D: usize> {
    rows: &'a [Word],
}

impl<const D: usize> Work for Around<'_, D> {
    type Answer = Vec<Bounds<D>>;

    #[inline(always)]
    fn run<K: Kernel>(self, _kernel: K) -> Self::Answer {
        groups(self.rows).collect()
    }
}
