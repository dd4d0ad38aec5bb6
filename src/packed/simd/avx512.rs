//! The kernel for AVX-512: 16 children in one register, a mask from each comparison.
//!
//! Owns: the operations and the door to code compiled for them. Invariants: an [`Avx512`]
//! exists only where the processor has the instructions.

#![expect(unsafe_code, reason = "vendor intrinsics: see the SAFETY comments")]

use std::arch::x86_64::*;

use super::{Bend, GridWindow, Kernel, Near, Slab, Work};
use crate::packed::tree::{LANES, Mask};

/// Proof that the processor has AVX-512 F, BW, DQ and VL.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx512(());

impl Avx512 {
    #[inline]
    pub(super) fn new() -> Option<Self> {
        let has = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("fma");
        has.then_some(Avx512(()))
    }

    #[cfg_attr(debug_assertions, expect(dead_code, reason = "such a build does without"))]
    #[inline]
    pub(super) fn run<W: Work>(self, work: W) -> W::Answer {
        // SAFETY: that `self` exists proves that the processor has the features of `enter`.
        unsafe { enter(self, work) }
    }
}

/// Compiles the work with these instructions.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,bmi1,bmi2,lzcnt,popcnt,fma")]
fn enter<W: Work>(kernel: Avx512, work: W) -> W::Answer {
    work.run(kernel)
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn load(column: &[u8; 2 * LANES]) -> __m256i {
    // SAFETY: the 32 bytes behind the reference may be read, at any alignment.
    unsafe { _mm256_loadu_si256(column.as_ptr().cast()) }
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn nodes<const D: usize>(columns: &[[u8; 32]], window: &GridWindow<D>) -> (Mask, Mask) {
    let (mut maybe, mut inside) = (Mask::MAX, Mask::MAX);
    for axis in 0..D {
        let lower = _mm256_set1_epi16(window.lower[axis] as i16);
        let upper = _mm256_set1_epi16(window.upper[axis] as i16);
        let (min, max) = (load(&columns[axis]), load(&columns[D + axis]));
        maybe &= _mm256_cmple_epu16_mask(min, upper) & _mm256_cmpge_epu16_mask(max, lower);
        inside &= _mm256_cmpgt_epu16_mask(min, lower) & _mm256_cmplt_epu16_mask(max, upper);
    }
    (maybe, inside)
}

#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vl")]
fn items<const D: usize>(columns: &[[u8; 32]], window: &GridWindow<D>) -> (Mask, Mask) {
    let (mut maybe, mut sure) = (Mask::MAX, Mask::MAX);
    for axis in 0..D {
        let lower = _mm256_set1_epi16(window.lower[axis] as i16);
        let upper = _mm256_set1_epi16(window.upper[axis] as i16);
        let (min, max) = (load(&columns[axis]), load(&columns[D + axis]));
        maybe &= _mm256_cmple_epu16_mask(min, upper) & _mm256_cmpge_epu16_mask(max, lower);
        sure &= _mm256_cmplt_epu16_mask(min, upper) & _mm256_cmpgt_epu16_mask(max, lower);
    }
    (maybe, maybe & sure)
}

/// Where 16 boxes begin and end on an axis, in steps.
#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn steps<const D: usize>(columns: &[[u8; 32]], axis: usize, cells: &Bend<D>) -> (__m512, __m512) {
    let min = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(load(&columns[axis])));
    let max = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(load(&columns[D + axis])));
    if !cells.is_bent {
        return (min, max);
    }
    let (bend, zero) = (_mm512_set1_ps(cells.bend[axis]), _mm512_setzero_ps());
    let bent = |at, after: f32| {
        let beyond = _mm512_max_ps(_mm512_sub_ps(at, _mm512_set1_ps(after)), zero);
        _mm512_add_ps(at, _mm512_mul_ps(beyond, bend))
    };
    (bent(min, cells.after[axis] + 1.0), bent(max, cells.after[axis]))
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn near<const D: usize>(columns: &[[u8; 32]], near: &Near<D>) -> (Mask, Mask) {
    let mut squares = _mm512_setzero_ps();
    for axis in 0..D {
        let (min, max) = steps(columns, axis, &near.cells);
        let step = _mm512_set1_ps(near.step[axis]);
        let low = _mm512_add_ps(_mm512_mul_ps(min, step), _mm512_set1_ps(near.below[axis]));
        let high = _mm512_sub_ps(_mm512_set1_ps(near.above[axis]), _mm512_mul_ps(max, step));
        let gap = _mm512_max_ps(_mm512_max_ps(low, high), _mm512_setzero_ps());
        squares = _mm512_add_ps(squares, _mm512_mul_ps(gap, gap));
    }
    let holds = |limit| _mm512_cmp_ps_mask::<_CMP_LE_OQ>(squares, _mm512_set1_ps(limit));
    (holds(near.outer), holds(near.inner))
}

#[inline]
#[target_feature(enable = "avx512f,avx512vl")]
fn slab<const D: usize>(columns: &[[u8; 32]], slab: &Slab<D>) -> (Mask, Mask) {
    let (mut enters, mut leaves) = (_mm512_setzero_ps(), _mm512_set1_ps(slab.outer));
    let (mut entered, mut inside) = (_mm512_setzero_ps(), _mm512_set1_ps(slab.inner));
    for axis in 0..D {
        let (min, max) = steps(columns, axis, &slab.cells);
        let (first, last) = if slab.is_upward[axis] { (min, max) } else { (max, min) };
        let slope = _mm512_set1_ps(slab.slope[axis]);
        let early = _mm512_add_ps(_mm512_mul_ps(first, slope), _mm512_set1_ps(slab.early[axis]));
        let late = _mm512_add_ps(_mm512_mul_ps(last, slope), _mm512_set1_ps(slab.late[axis]));
        let margin = _mm512_set1_ps(slab.margin[axis]);
        enters = _mm512_max_ps(early, enters);
        leaves = _mm512_min_ps(late, leaves);
        entered = _mm512_max_ps(_mm512_add_ps(early, margin), entered);
        inside = _mm512_min_ps(_mm512_sub_ps(late, margin), inside);
    }
    let maybe = _mm512_cmp_ps_mask::<_CMP_LE_OQ>(enters, leaves);
    (maybe, _mm512_cmp_ps_mask::<_CMP_LT_OQ>(entered, inside))
}

#[inline]
#[target_feature(enable = "avx512f")]
fn push_ids(ids: &[u8; 4 * LANES], mask: Mask, out: &mut Vec<u32>) {
    out.reserve(LANES);
    let len = out.len();
    // SAFETY: the 64 bytes behind the reference may be read, at any alignment. Room for 16 more ids
    // was reserved, all of which are written; the length grows by as many as the mask has bits, at
    // most 16. The processor compresses in a register and stores it whole, which is the fast way.
    unsafe {
        let all = _mm512_loadu_si512(ids.as_ptr().cast());
        let chosen = _mm512_maskz_compress_epi32(mask, all);
        _mm512_storeu_si512(out.as_mut_ptr().add(len).cast(), chosen);
        out.set_len(len + mask.count_ones() as usize);
    }
}

impl Kernel for Avx512 {
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
        unsafe { near(columns, by) }
    }

    #[inline(always)]
    fn slab<const D: usize>(self, block: &[u8], by: &Slab<D>) -> (Mask, Mask) {
        let Some(columns) = block.as_chunks().0.get(..2 * D) else { return (0, 0) };
        // SAFETY: that `self` exists proves that the processor has the features.
        unsafe { slab(columns, by) }
    }

    #[inline(always)]
    fn push_ids(self, ids: &[u8; 4 * LANES], mask: Mask, out: &mut Vec<u32>) {
        // SAFETY: that `self` exists proves that the processor has the feature.
        unsafe { push_ids(ids, mask, out) }
    }
}
