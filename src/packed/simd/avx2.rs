//! The kernel for AVX2: 16 children in one register, compared as unsigned by minimum and maximum.
//!
//! Owns: the operations and the door to code compiled for them. Invariants: an [`Avx2`]
//! exists only where the processor has the instructions.

#![expect(unsafe_code, reason = "vendor intrinsics: see the SAFETY comments")]

use std::arch::x86_64::*;

use super::{Bend, GridWindow, Kernel, Near, Slab, Work};
use crate::packed::tree::{LANES, Mask};

/// Proof that the processor has AVX2, BMI1, BMI2 and FMA.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2(());

impl Avx2 {
    #[inline]
    pub(super) fn new() -> Option<Self> {
        let has = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
            && is_x86_feature_detected!("fma");
        has.then_some(Avx2(()))
    }

    #[cfg_attr(debug_assertions, expect(dead_code, reason = "such a build does without"))]
    #[inline]
    pub(super) fn run<W: Work>(self, work: W) -> W::Answer {
        // SAFETY: that `self` exists proves that the processor has the features of `enter`.
        unsafe { enter(self, work) }
    }
}

/// Compiles the work with these instructions.
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt,fma")]
fn enter<W: Work>(kernel: Avx2, work: W) -> W::Answer {
    work.run(kernel)
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(column: &[u8; 2 * LANES]) -> __m256i {
    // SAFETY: the 32 bytes behind the reference may be read, at any alignment.
    unsafe { _mm256_loadu_si256(column.as_ptr().cast()) }
}

/// Lanes where `a <= b`, unsigned.
#[inline]
#[target_feature(enable = "avx2")]
fn at_most(a: __m256i, b: __m256i) -> __m256i {
    _mm256_cmpeq_epi16(_mm256_min_epu16(a, b), a)
}

/// One bit for each lane whose bits are all set.
#[inline]
#[target_feature(enable = "avx2")]
fn mask(lanes: __m256i) -> Mask {
    let low = _mm256_castsi256_si128(lanes);
    let high = _mm256_extracti128_si256::<1>(lanes);
    _mm_movemask_epi8(_mm_packs_epi16(low, high)) as Mask
}

/// Lanes for which on every axis `min <= upper` and `max >= lower`.
#[inline]
#[target_feature(enable = "avx2")]
fn maybe<const D: usize>(columns: &[[u8; 32]], window: &GridWindow<D>) -> __m256i {
    let mut all = _mm256_set1_epi16(-1);
    for axis in 0..D {
        let lower = _mm256_set1_epi16(window.lower[axis] as i16);
        let upper = _mm256_set1_epi16(window.upper[axis] as i16);
        let (min, max) = (load(&columns[axis]), load(&columns[D + axis]));
        all = _mm256_and_si256(all, _mm256_and_si256(at_most(min, upper), at_most(lower, max)));
    }
    all
}

#[inline]
#[target_feature(enable = "avx2")]
fn nodes<const D: usize>(columns: &[[u8; 32]], window: &GridWindow<D>) -> (Mask, Mask) {
    let maybe = maybe(columns, window);
    let mut beyond = _mm256_setzero_si256();
    for axis in 0..D {
        let lower = _mm256_set1_epi16(window.lower[axis] as i16);
        let upper = _mm256_set1_epi16(window.upper[axis] as i16);
        let (min, max) = (load(&columns[axis]), load(&columns[D + axis]));
        beyond = _mm256_or_si256(beyond, at_most(min, lower));
        beyond = _mm256_or_si256(beyond, at_most(upper, max));
    }
    (mask(maybe), !mask(beyond))
}

#[inline]
#[target_feature(enable = "avx2")]
fn items<const D: usize>(columns: &[[u8; 32]], window: &GridWindow<D>) -> (Mask, Mask) {
    let maybe = maybe(columns, window);
    let mut unsure = _mm256_setzero_si256();
    for axis in 0..D {
        let lower = _mm256_set1_epi16(window.lower[axis] as i16);
        let upper = _mm256_set1_epi16(window.upper[axis] as i16);
        let (min, max) = (load(&columns[axis]), load(&columns[D + axis]));
        unsure = _mm256_or_si256(unsure, at_most(upper, min));
        unsure = _mm256_or_si256(unsure, at_most(max, lower));
    }
    (mask(maybe), mask(_mm256_andnot_si256(unsure, maybe)))
}

/// Eight of the 16 numbers of a column, the lower or the upper half.
#[inline]
#[target_feature(enable = "avx2")]
fn numbers(column: &[u8; 2 * LANES], half: usize) -> __m256 {
    let half = &column.as_chunks::<16>().0[half];
    // SAFETY: the 16 bytes behind the reference may be read, at any alignment.
    let all = unsafe { _mm_loadu_si128(half.as_ptr().cast()) };
    _mm256_cvtepi32_ps(_mm256_cvtepu16_epi32(all))
}

/// Where eight boxes begin and end on an axis, in steps.
#[inline]
#[target_feature(enable = "avx2")]
fn steps<const D: usize, const BENT: bool>(
    columns: &[[u8; 32]],
    (axis, half): (usize, usize),
    cells: &Bend<D>,
) -> (__m256, __m256) {
    let (min, max) = (numbers(&columns[axis], half), numbers(&columns[D + axis], half));
    if !BENT {
        return (min, max);
    }
    let (bend, zero) = (_mm256_set1_ps(cells.bend[axis]), _mm256_setzero_ps());
    let bent = |at, after: f32| {
        let beyond = _mm256_max_ps(_mm256_sub_ps(at, _mm256_set1_ps(after)), zero);
        _mm256_add_ps(at, _mm256_mul_ps(beyond, bend))
    };
    (bent(min, cells.after[axis] + 1.0), bent(max, cells.after[axis]))
}

#[inline]
#[target_feature(enable = "avx2")]
fn near<const D: usize, const BENT: bool>(columns: &[[u8; 32]], near: &Near<D>) -> (Mask, Mask) {
    let (mut maybe, mut sure) = (0, 0);
    for half in 0..2 {
        let mut squares = _mm256_setzero_ps();
        for axis in 0..D {
            let (min, max) = steps::<D, BENT>(columns, (axis, half), &near.cells);
            let step = _mm256_set1_ps(near.step[axis]);
            let below = _mm256_set1_ps(near.below[axis]);
            let low = _mm256_add_ps(_mm256_mul_ps(min, step), below);
            let above = _mm256_set1_ps(near.above[axis]);
            let high = _mm256_sub_ps(above, _mm256_mul_ps(max, step));
            let gap = _mm256_max_ps(_mm256_max_ps(low, high), _mm256_setzero_ps());
            squares = _mm256_add_ps(squares, _mm256_mul_ps(gap, gap));
        }
        let holds = |limit| {
            let limit = _mm256_set1_ps(limit);
            _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LE_OQ>(squares, limit)) as Mask
        };
        maybe |= holds(near.outer) << (8 * half);
        sure |= holds(near.inner) << (8 * half);
    }
    (maybe, sure)
}

#[inline]
#[target_feature(enable = "avx2")]
fn slab<const D: usize, const BENT: bool>(columns: &[[u8; 32]], slab: &Slab<D>) -> (Mask, Mask) {
    let (mut maybe, mut sure) = (0, 0);
    for half in 0..2 {
        let (mut enters, mut leaves) = (_mm256_setzero_ps(), _mm256_set1_ps(slab.outer));
        let (mut entered, mut inside) = (_mm256_setzero_ps(), _mm256_set1_ps(slab.inner));
        for axis in 0..D {
            let (min, max) = steps::<D, BENT>(columns, (axis, half), &slab.cells);
            let (first, last) = if slab.is_upward[axis] { (min, max) } else { (max, min) };
            let slope = _mm256_set1_ps(slab.slope[axis]);
            let early = _mm256_set1_ps(slab.early[axis]);
            let early = _mm256_add_ps(_mm256_mul_ps(first, slope), early);
            let late = _mm256_set1_ps(slab.late[axis]);
            let late = _mm256_add_ps(_mm256_mul_ps(last, slope), late);
            let margin = _mm256_set1_ps(slab.margin[axis]);
            enters = _mm256_max_ps(early, enters);
            leaves = _mm256_min_ps(late, leaves);
            entered = _mm256_max_ps(_mm256_add_ps(early, margin), entered);
            inside = _mm256_min_ps(_mm256_sub_ps(late, margin), inside);
        }
        let may = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LE_OQ>(enters, leaves));
        let does = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LT_OQ>(entered, inside));
        maybe |= (may as Mask) << (8 * half);
        sure |= (does as Mask) << (8 * half);
    }
    (maybe, sure)
}

/// For each mask of eight lanes the numbers of those that are chosen, one a byte, the lowest first.
/// A table, because `pext` takes hundreds of cycles on processors that have it in microcode.
const CHOSEN: [u64; 256] = {
    let mut all = [0; 256];
    let mut mask = 0;
    while mask < 256 {
        let (mut lane, mut filled) = (0, 0);
        while lane < 8 {
            if mask >> lane & 1 == 1 {
                all[mask] |= lane << (8 * filled);
                filled += 1;
            }
            lane += 1;
        }
        mask += 1;
    }
    all
};

#[inline]
#[target_feature(enable = "avx2,popcnt")]
fn push_ids(ids: &[u8; 4 * LANES], mask: Mask, out: &mut Vec<u32>) {
    out.reserve(LANES);
    for half in 0..2 {
        let bits = (mask >> (8 * half)) as u8;
        let places = CHOSEN[usize::from(bits)];
        let len = out.len();
        // SAFETY: eight ids of four bytes from `8 * half` on lie behind the reference. Room for 16
        // more ids was reserved: both halves add at most eight each, and each writes eight behind
        // the length, which is at most eight above where it was when the room was made.
        unsafe {
            let all = _mm256_loadu_si256(ids.as_ptr().add(32 * half).cast());
            let places = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(places as i64));
            let chosen = _mm256_permutevar8x32_epi32(all, places);
            _mm256_storeu_si256(out.as_mut_ptr().add(len).cast(), chosen);
            out.set_len(len + bits.count_ones() as usize);
        }
    }
}

impl Kernel for Avx2 {
    #[inline(always)]
    fn nodes<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask) {
        let Some(columns) = block.as_chunks().0.get(..2 * D) else { return (0, 0) };
        // SAFETY: that `self` exists proves that the processor has the features.
        unsafe { nodes(columns, window) }
    }

    #[inline(always)]
    fn items<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask) {
        let Some(columns) = block.as_chunks().0.get(..2 * D) else { return (0, 0) };
        // SAFETY: that `self` exists proves that the processor has the features.
        unsafe { items(columns, window) }
    }

    #[inline(always)]
    fn near<const D: usize>(self, block: &[u8], by: &Near<D>) -> (Mask, Mask) {
        let Some(columns) = block.as_chunks().0.get(..2 * D) else { return (0, 0) };
        // SAFETY: that `self` exists proves that the processor has the features.
        unsafe {
            if by.cells.is_bent {
                near::<D, true>(columns, by)
            } else {
                near::<D, false>(columns, by)
            }
        }
    }

    #[inline(always)]
    fn slab<const D: usize>(self, block: &[u8], by: &Slab<D>) -> (Mask, Mask) {
        let Some(columns) = block.as_chunks().0.get(..2 * D) else { return (0, 0) };
        // SAFETY: that `self` exists proves that the processor has the features.
        unsafe {
            if by.cells.is_bent {
                slab::<D, true>(columns, by)
            } else {
                slab::<D, false>(columns, by)
            }
        }
    }

    #[inline(always)]
    fn push_ids(self, ids: &[u8; 4 * LANES], mask: Mask, out: &mut Vec<u32>) {
        // SAFETY: that `self` exists proves that the processor has the features.
        unsafe { push_ids(ids, mask, out) }
    }
}
