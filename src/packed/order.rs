//! In which order items lie in our own layout: along a Hilbert curve, finely enough everywhere.
//!
//! Owns: the keys, and making them finer where many items share one. Does not own the curve or the
//! sort. Invariants: the order depends on the boxes alone, not on threads or instructions; items
//! with one center keep the order they were given in. A far outlier makes the first grid useless
//! and nothing else: what it squeezed into one cell is sorted again on a grid of its own.

use super::boxes::BoxN;
use super::each::each;
use super::hilbert::{PLANE_DIGIT, SPACE_DIGIT, hilbert2_top, hilbert3_top};
use super::radix::sort_by_key;
use super::simd::{Isa, Kernel, Work, run};
use super::tree::LANES;

/// The items' numbers in the order of the curve.
pub(crate) fn along_curve<const D: usize>(boxes: &[BoxN<D>], isa: Isa) -> Vec<u32> {
    if boxes.len() <= LANES {
        return (0..boxes.len() as u32).collect();
    }
    let extent = run(isa, Extent { boxes }).centers;
    let mut records = run(isa, Keys { boxes, cells: &Cells::over([&extent], boxes.len()) });
    let mut scratch = Vec::new();
    sort_by_key(&mut records, &mut scratch);
    refine(&|at| center(&boxes[at as usize]), &mut records, &mut scratch);
    records.into_iter().map(|record| record as u32).collect()
}

/// Does each part on a thread of its own; in place if there is but one.
pub(super) fn in_parallel<P: Send, A: Send>(
    parts: impl ExactSizeIterator<Item = P>,
    work: impl Fn(P) -> A + Sync,
) -> Vec<A> {
    if parts.len() <= 1 {
        return parts.map(work).collect();
    }
    let work = &work;
    std::thread::scope(|scope| {
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.map(|answer| answer.unwrap_or_else(|p| std::panic::resume_unwind(p))).collect()
    })
}

/// The middle of a box; where it is no finite number, on the side that it is far out on.
#[inline(always)]
pub(super) fn center<const D: usize>(all: &BoxN<D>) -> [f64; D] {
    each(|k| 0.5 * all.min[k] + 0.5 * all.max[k])
}

/// The least and greatest centers, and whether all boxes are boxes.
pub(super) struct Extent<'a, const D: usize> {
    pub(super) boxes: &'a [BoxN<D>],
}

/// What a look at all boxes tells.
pub(super) struct Looked<const D: usize> {
    pub(super) centers: BoxN<D>,
    pub(super) is_valid: bool,
}

impl<const D: usize> Work for Extent<'_, D> {
    type Answer = Looked<D>;

    #[inline(always)]
    fn run<K: Kernel>(self, _kernel: K) -> Looked<D> {
        let (mut centers, mut is_valid) = (BoxN::EMPTY, true);
        for all in self.boxes {
            widen(&mut centers, &center(all));
            is_valid &= all.is_valid();
        }
        Looked { centers, is_valid }
    }
}

/// Makes a box hold a point; what is not finite has no place on a grid.
#[inline(always)]
pub(super) fn widen<const D: usize>(all: &mut BoxN<D>, point: &[f64; D]) {
    for (k, &value) in point.iter().enumerate() {
        let is_finite = value.abs() < f64::INFINITY;
        all.min[k] = if is_finite && value < all.min[k] { value } else { all.min[k] };
        all.max[k] = if is_finite && value > all.max[k] { value } else { all.max[k] };
    }
}

/// A grid of at most 65,536 cells an axis over centers, finer the more there are.
pub(super) struct Cells<const D: usize> {
    min: [f64; D],
    scale: [f64; D],
    /// How many digits of a place on the curve count, and how many bits of these do not.
    digits: usize,
    shift: u32,
}

/// A grid over so many centers has about so many times as many cells, as a power of two. Few
/// centers then share one, and each bit more would be a bit more to sort by.
const CELLS_LOG2: u32 = 5;

/// A place on the curve has no less bits.
const KEY_BITS_LEAST: u32 = 16;

/// How many bits a place on the curve has where there are so many items.
pub(super) fn key_bits(items: usize) -> u32 {
    (items.max(1).ilog2() + CELLS_LOG2).clamp(KEY_BITS_LEAST, 32)
}

impl<const D: usize> Cells<D> {
    /// The grid over so many centers, in these extents.
    pub(super) fn over<'a>(extents: impl IntoIterator<Item = &'a BoxN<D>>, count: usize) -> Self {
        let all = extents.into_iter().fold(BoxN::EMPTY, |all, part| all.union(part));
        let scale = each(|k| {
            let scale = 65535.0 / (all.max[k] - all.min[k]);
            if scale.is_finite() && scale > 0.0 { scale } else { 0.0 }
        });
        let bits = key_bits(count);
        let digit = [PLANE_DIGIT, SPACE_DIGIT, 32][D.clamp(2, 4) - 2];
        let digits = bits.div_ceil(digit);
        Cells { min: all.min, scale, digits: digits as usize, shift: digits * digit - bits }
    }

    /// Whether all centers lie in one cell, and would on any grid.
    pub(super) fn is_one(&self) -> bool {
        self.scale.iter().all(|&scale| scale == 0.0)
    }

    /// The place of a center on the curve.
    #[inline(always)]
    pub(super) fn key(&self, center: &[f64; D]) -> u32 {
        let cell: [u32; D] = each(|k| {
            let steps = (center[k] - self.min[k]) * self.scale[k];
            u32::from(steps as u16)
        });
        match cell[..] {
            [x, y] => hilbert2_top(x, y, self.digits) >> self.shift,
            [x, y, z] => (hilbert3_top(x, y, z, self.digits) >> self.shift) as u32,
            _ => hilbert_of_bytes(cell.map(|cell| cell >> 8)) >> self.shift,
        }
    }
}

/// The records of some items, each `key << 32 | id`.
struct Keys<'a, const D: usize> {
    boxes: &'a [BoxN<D>],
    cells: &'a Cells<D>,
}

impl<const D: usize> Work for Keys<'_, D> {
    type Answer = Vec<u64>;

    #[inline(always)]
    fn run<K: Kernel>(self, _kernel: K) -> Vec<u64> {
        let keys = self.boxes.iter().map(|all| u64::from(self.cells.key(&center(all))) << 32);
        keys.zip(0u32..).map(|(key, id)| key | u64::from(id)).collect()
    }
}

/// Sorts again, on grids of their own, runs of more than a node's items with one key. `place` is
/// the center of the item of a record.
pub(super) fn refine<const D: usize>(
    place: &impl Fn(u32) -> [f64; D],
    records: &mut [u64],
    scratch: &mut Vec<u64>,
) {
    // Mostly there is none, and looking at all of them at once tells so soonest.
    let far = records.get(LANES..).unwrap_or_default();
    let same = |(a, b): (&u64, &u64)| a >> 32 == b >> 32;
    if !records.iter().zip(far).fold(false, |any, pair| any | same(pair)) {
        return;
    }
    let mut first = 0;
    while first < records.len() {
        let key = records[first] >> 32;
        let end = match records.get(first + LANES) {
            Some(far) if far >> 32 == key => {
                first + records[first..].partition_point(|record| record >> 32 == key)
            }
            _ => {
                first += records[first..].iter().take_while(|r| *r >> 32 == key).count();
                continue;
            }
        };
        refine_run(place, &mut records[first..end], scratch);
        first = end;
    }
}

/// Sorts one run again; what still shares a cell afterwards, once more.
fn refine_run<const D: usize>(
    place: &impl Fn(u32) -> [f64; D],
    records: &mut [u64],
    scratch: &mut Vec<u64>,
) {
    let place_of = |record: &u64| place(*record as u32);
    let mut extent = BoxN::EMPTY;
    records.iter().for_each(|record| widen(&mut extent, &place_of(record)));
    let cells = Cells::over([&extent], records.len());
    if cells.is_one() {
        return;
    }
    let keyed = |record: &u64| u64::from(cells.key(&place_of(record))) << 32 | record & 0xffff_ffff;
    let mut run: Vec<u64> = records.iter().map(keyed).collect();
    sort_by_key(&mut run, scratch);
    refine(place, &mut run, scratch);
    records.copy_from_slice(&run);
}

/// The place of a cell of 256 an axis on a Hilbert curve, four axes.
///
/// After J. Skilling, "Programming the Hilbert curve", AIP Conference Proceedings 707 (2004).
#[inline(always)]
fn hilbert_of_bytes<const D: usize>(mut x: [u32; D]) -> u32 {
    const BITS: u32 = 8;
    let mut bit = 1 << (BITS - 1);
    while bit > 1 {
        let below = bit - 1;
        for k in 0..D {
            if x[k] & bit != 0 {
                x[0] ^= below;
            } else {
                let swap = (x[0] ^ x[k]) & below;
                x[0] ^= swap;
                x[k] ^= swap;
            }
        }
        bit >>= 1;
    }
    for k in 1..D {
        x[k] ^= x[k - 1];
    }
    let mut turn = 0;
    let mut bit = 1 << (BITS - 1);
    while bit > 1 {
        if x[D - 1] & bit != 0 {
            turn ^= bit - 1;
        }
        bit >>= 1;
    }
    let mut key = 0;
    for bit in (0..BITS).rev() {
        for axis in x {
            key = key << 1 | ((axis ^ turn) >> bit & 1);
        }
    }
    key
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_curve_of_four_axes_visits_every_cell_by_steps_of_one() {
        let mut cells: Vec<([u32; 4], u32)> = Vec::new();
        // The first 8^4 cells of the curve are those of one corner of its cube.
        for n in 0..4096u32 {
            let cell = [n & 7, n >> 3 & 7, n >> 6 & 7, n >> 9];
            cells.push((cell, hilbert_of_bytes(cell)));
        }
        cells.sort_unstable_by_key(|cell| cell.1);
        for pair in cells.windows(2) {
            assert_eq!(pair[0].1 + 1, pair[1].1, "no place is free");
            let steps = pair[0].0.iter().zip(pair[1].0).map(|(a, b)| a.abs_diff(b));
            assert_eq!(steps.sum::<u32>(), 1, "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn an_order_is_a_permutation(
            points in prop::collection::vec(
                prop_oneof![any::<[f64; 2]>(), Just([0.5, 0.5]), Just([1e9, 0.0])], 0..600,
            ),
            spread in 0u32..3,
        ) {
            let more = if spread == 0 { 40 } else { 1 };
            let points = points.iter().filter(|p| !p[0].is_nan() && !p[1].is_nan());
            let near = |at: usize, p: &[f64; 2]| [p[0] + at as f64 * 1e-7, p[1]];
            let boxes: Vec<BoxN<2>> = points
                .flat_map(|p| (0..more).map(move |at| BoxN::point(near(at, p))))
                .collect();
            let order = along_curve(&boxes, Isa::detect());
            prop_assert_eq!(&order, &along_curve(&boxes, Isa::Portable));
            let mut sorted = order;
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..boxes.len() as u32).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_outlier_does_not_undo_the_order() {
        let mut boxes: Vec<BoxN<2>> = (0..4096)
            .map(|n| BoxN::point([f64::from(n * 1103 % 4096) / 4096.0, f64::from(n / 64) / 64.0]))
            .collect();
        let steps = |boxes: &[BoxN<2>]| {
            let order = along_curve(boxes, Isa::detect());
            let at = |id: u32| boxes[id as usize];
            let steps = order.windows(2).map(|pair| at(pair[0]).distance_to_box(&at(pair[1])));
            steps.sum::<f64>()
        };
        let alone = steps(&boxes);
        boxes.push(BoxN::point([1e6, 1e6]));
        let far = 2f64.sqrt() * 1e6;
        assert!(steps(&boxes) - far < 1.5 * alone + 2.0, "the others lie as before");
    }
}
