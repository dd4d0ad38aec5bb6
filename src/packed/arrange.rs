//! Boxes put in the order of the curve, themselves and not their numbers alone.
//!
//! Owns: bringing boxes that lie near each other on the curve near each other in memory, so that
//! nothing afterwards waits for memory. Does not own the curve, its cells, or what is finer than a
//! cell (`order`). Invariants: the order is that of [`along_curve`](super::order::along_curve), on
//! however many threads; a box is moved twice, once to its bucket and once to its place.
//!
//! It is a radix sort that begins with the highest digit, as that brings a box so near its place
//! that the rest happens in the processor's cache.

use std::ops::Range;

use super::arranged::{Arranged, Row, Word, groups, room, row_words};
use super::bounds::Bounds;
use super::boxes::BoxN;
use super::order::{Cells, Extent, center, in_parallel, key_bits, refine};
use super::radix::sort_by_low_bits;
use super::simd::{Isa, Kernel, Work, run};
use super::tree::LANES;
use crate::error::Result;

/// More buckets than this at once would each wait for its memory.
const BUCKET_BITS_MOST: u32 = 11;

/// By so many bits a bucket is put in order, if that does not take more buckets.
const LOW_BITS: u32 = 16;

/// Fewer items than this are arranged on one thread.
const FEW: usize = 1 << 14;

/// Of so many boxes at once it is told which belong to a thread.
const BLOCK: usize = 1024;

/// Puts boxes in order. Refuses NaN and inverted boxes, with the row.
pub(crate) fn arrange<const D: usize>(
    boxes: &[BoxN<D>],
    isa: Isa,
    threads: usize,
) -> Result<Arranged<D>> {
    let threads = if boxes.len() < FEW { 1 } else { threads.max(1) };
    let share = boxes.len().div_ceil(threads).max(1);
    let looked = in_parallel(boxes.chunks(share), |part| run(isa, Extent { boxes: part }));
    if looked.iter().any(|part| !part.is_valid) {
        for (row, all) in boxes.iter().enumerate() {
            all.validate("packed build").map_err(|error| error.in_row(row))?;
        }
    }
    if boxes.len() <= LANES {
        return Ok(Arranged::in_order(boxes.iter().map(Bounds::of), 0.., isa, 1));
    }
    let cells = Cells::over(looked.iter().map(|part| &part.centers), boxes.len());
    let bits = key_bits(boxes.len());
    let low_bits = LOW_BITS.max(bits.saturating_sub(BUCKET_BITS_MOST));
    let buckets = 1 << bits.saturating_sub(low_bits);
    let keyed = in_parallel(boxes.chunks(share), |boxes| {
        run(isa, Keys { boxes, cells: &cells, low_bits, buckets })
    });
    let (keys, counts): (Vec<_>, Vec<_>) = keyed.into_iter().unzip();
    let mut totals = vec![0; buckets];
    for counts in counts {
        totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
    }
    let given = Given { boxes, share, keys: &keys, totals: &totals, low_bits };
    let mut rows = room::<D>(boxes.len());
    let (mut rest, mut before) = (rows.as_chunks_mut::<8>().0, 0);
    let mut parts = Vec::with_capacity(threads);
    for buckets in even_parts(&totals, threads) {
        let items: usize = totals[buckets.clone()].iter().sum();
        let rows;
        (rows, rest) = rest.split_at_mut(items * row_words::<D>());
        parts.push(Fill { given, buckets, before, rows });
        before += items;
    }
    let runs = in_parallel(parts.into_iter(), |part| run(isa, part));
    Ok(Arranged::new(rows, runs))
}

/// The keys of some items, and how many of them belong to which bucket.
struct Keys<'a, const D: usize> {
    boxes: &'a [BoxN<D>],
    cells: &'a Cells<D>,
    low_bits: u32,
    buckets: usize,
}

impl<const D: usize> Work for Keys<'_, D> {
    type Answer = (Vec<u32>, Vec<usize>);

    #[inline(always)]
    fn run<K: Kernel>(self, _kernel: K) -> Self::Answer {
        let keys: Vec<u32> = self.boxes.iter().map(|all| self.cells.key(&center(all))).collect();
        let mut counts = vec![0; self.buckets];
        keys.iter().for_each(|&key| counts[bucket(key, self.low_bits)] += 1);
        (keys, counts)
    }
}

/// The bucket of a key: its highest bits.
#[inline(always)]
fn bucket(key: u32, low_bits: u32) -> usize {
    (key >> low_bits) as usize
}

/// What is put in order.
#[derive(Clone, Copy)]
struct Given<'a, const D: usize> {
    boxes: &'a [BoxN<D>],
    /// How many keys stand in one vector; the last may have fewer.
    share: usize,
    keys: &'a [Vec<u32>],
    /// How many items each bucket has.
    totals: &'a [usize],
    low_bits: u32,
}

/// Cuts buckets into runs of about as many items.
fn even_parts(totals: &[usize], parts: usize) -> Vec<Range<usize>> {
    let total: usize = totals.iter().sum();
    let (mut runs, mut first, mut seen) = (Vec::with_capacity(parts), 0, 0);
    for (bucket, &count) in totals.iter().enumerate() {
        seen += count;
        if runs.len() + 1 < parts && seen / (runs.len() + 1) >= total / parts {
            runs.push(first..bucket + 1);
            first = bucket + 1;
        }
    }
    runs.push(first..totals.len());
    runs
}

/// Moves the boxes of some buckets to these, and then to their places.
struct Fill<'a, const D: usize> {
    given: Given<'a, D>,
    buckets: Range<usize>,
    /// How many rows stand before these.
    before: usize,
    /// Room for theirs.
    rows: &'a mut [Word],
}

impl<const D: usize> Work for Fill<'_, D> {
    /// The first group that lies here wholly, and the boxes around it and those behind it.
    type Answer = (usize, Vec<Bounds<D>>);

    #[inline(always)]
    fn run<K: Kernel>(mut self, _kernel: K) -> Self::Answer {
        self.fill();
        let words = row_words::<D>();
        let group_words = words * LANES;
        let first = self.before.div_ceil(LANES);
        let (mut seen, mut end) = ((first * LANES - self.before) * words, 0);
        let mut around = Vec::with_capacity(self.rows.len() / group_words);
        let mut bucket = Bucket::default();
        for &count in &self.given.totals[self.buckets.clone()] {
            let start = end;
            end += count * words;
            bucket.settle::<D>(&mut self.rows[start..end], self.given.low_bits);
            // What was just written is looked at while it is in the cache.
            let whole = end.saturating_sub(seen) / group_words * group_words;
            if whole > 0 {
                around.extend(groups::<D>(&self.rows[seen..seen + whole]));
                seen += whole;
            }
        }
        (first, around)
    }
}

impl<const D: usize> Fill<'_, D> {
    /// Moves what belongs here to its bucket, in the order in which it was given.
    #[inline(always)]
    fn fill(&mut self) {
        let Given { boxes, share, keys, totals, low_bits } = self.given;
        let mut place = 0;
        let begin = |&count: &usize| {
            let first = place;
            place += count * row_words::<D>();
            first
        };
        let mut places: Vec<usize> = totals[self.buckets.clone()].iter().map(begin).collect();
        let mut take = |number: usize, key: u32| {
            let place = &mut places[bucket(key, low_bits) - self.buckets.start];
            let record = u64::from(key) << 32 | number as u64;
            Row { bounds: Bounds::of(&boxes[number]), record }.write(&mut self.rows[*place..]);
            *place += row_words::<D>();
            // Where the bucket goes on has long left the cache when its next box comes.
            if let Some(ahead) = self.rows.get(*place + 2 * row_words::<D>()) {
                branches::prefetch_write_data::<_, 0>(&raw const *ahead);
            }
        };
        for (part, keys) in keys.iter().enumerate() {
            let first = part * share;
            if self.buckets.len() == totals.len() {
                keys.iter().zip(first..).for_each(|(&key, number)| take(number, key));
                continue;
            }
            let mut mine = [0; BLOCK];
            for (block, keys) in keys.chunks(BLOCK).enumerate() {
                let mut count = 0;
                // Whose a box is cannot be foretold, so that a branch would often go wrong.
                for (at, &key) in keys.iter().enumerate() {
                    mine[count] = at;
                    count += usize::from(self.buckets.contains(&bucket(key, low_bits)));
                }
                for &at in &mine[..count] {
                    take(first + block * BLOCK + at, keys[at]);
                }
            }
        }
    }
}

/// Room to put a bucket in order.
#[derive(Default)]
struct Bucket {
    order: Vec<u64>,
    scratch: Vec<u64>,
    former: Vec<Word>,
}

impl Bucket {
    /// Puts the rows of a bucket in order.
    #[inline(always)]
    fn settle<const D: usize>(&mut self, rows: &mut [Word], low_bits: u32) {
        let words = row_words::<D>();
        let Bucket { order, scratch, former } = self;
        former.clear();
        former.extend_from_slice(rows);
        let row = |at: u32| Row::<D>::read(&former[at as usize * words..]);
        order.clear();
        order.extend((0..(former.len() / words) as u32).map(|at| {
            let key = u64::from_ne_bytes(former[at as usize * words + 2 * D]) >> 32;
            key << 32 | u64::from(at)
        }));
        sort_by_low_bits(order, low_bits, scratch);
        refine(&|at| center(&row(at).bounds.to_box()), order, scratch);
        for (place, record) in rows.chunks_exact_mut(words).zip(order.iter()) {
            row(*record as u32).write(place);
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::packed::order::along_curve;
    use crate::prng::Prng;
    use proptest::prelude::*;

    /// Boxes all over, in a heap, in one place, and one far out.
    fn boxes<const D: usize>(count: usize, seed: u64) -> Vec<BoxN<D>> {
        let mut prng = Prng::new(seed);
        let kinds = 1 + seed % 4;
        let mut one = |at: usize| {
            let min: [f64; D] = std::array::from_fn(|_| match at as u64 % kinds {
                0 => prng.between(0.0, 1.0),
                1 => 0.25 + prng.between(0.0, 1.0) * 1e-6,
                2 => 0.5,
                _ => (prng.between(0.0, 1.0) * 4.0).floor(),
            });
            BoxN::new(min, min.map(|least| least + 0.001))
        };
        let mut all: Vec<_> = (0..count).map(&mut one).collect();
        if seed.is_multiple_of(3) && count > 0 {
            all[count / 2] = BoxN::point([-1e9; D]);
        }
        all
    }

    fn holds<const D: usize>(count: usize, seed: u64) {
        let all = boxes::<D>(count, seed);
        let expected = along_curve(&all, Isa::Portable);
        for (isa, threads) in [(Isa::detect(), 1), (Isa::Portable, 2), (Isa::detect(), 7)] {
            let arranged = arrange(&all, isa, threads).expect("they are boxes");
            assert_eq!(arranged.ids(), expected, "{count} of seed {seed} on {threads}");
            let kept = |at: usize| arranged.row(at).bounds.to_box() == all[expected[at] as usize];
            assert!((0..count).all(kept), "each stands beside its number");
            let around = expected.chunks(LANES).map(|group| {
                group.iter().fold(BoxN::EMPTY, |sum, id| sum.union(&all[*id as usize]))
            });
            let known = arranged.around().iter().map(|bounds| bounds.to_box());
            assert!(known.eq(around), "{count} of seed {seed} on {threads}: boxes of groups");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn boxes_lie_as_along_the_curve(count in 0usize..60, many in 0usize..40_000, seed: u64) {
            holds::<2>(count, seed);
            holds::<2>(many, seed);
            holds::<3>(many / 2, seed);
            holds::<4>(many / 4, seed);
        }
    }

    #[test]
    fn a_box_that_is_none_is_refused_with_its_row() {
        let mut all = boxes::<2>(20_000, 1);
        all[17_000].min[1] = f64::NAN;
        for threads in [1, 2] {
            let error = arrange(&all, Isa::detect(), threads).err().expect("it is none");
            assert_eq!(error.row(), Some(17_000), "{error}");
        }
    }

    #[test]
    fn parts_are_of_about_one_size() {
        assert_eq!(even_parts(&[4, 4, 4, 4], 2), [0..2, 2..4]);
        assert_eq!(even_parts(&[9, 0, 0, 0], 2), [0..1, 1..4]);
        assert_eq!(even_parts(&[0, 0, 0, 9], 2), [0..4, 4..4]);
    }
}
