//! The kernel for AVX-512: 16 children in one register, a mask from each comparison.
//!
//! Owns: the three operations and the door to code compiled for them. Invariants: an [`Avx512`]
//! exists only where the processor has the instructions.

#![expect(unsafe_code, reason = "vendor intrinsics: see the SAFETY comments")]

use std::arch::x86_64::*;

use super::{GridWindow, Kernel, Work};
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
    fn push_ids(self, ids: &[u8; 4 * LANES], mask: Mask, out: &mut Vec<u32>) {
        // SAFETY: that `self` exists proves that the processor has the feature.
        unsafe { push_ids(ids, mask, out) }
    }
}
