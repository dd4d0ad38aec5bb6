//! The kernel for NEON: 16 children in two registers.
//!
//! Owns: the comparisons. Invariants: NEON is a part of every 64-bit ARM processor that Rust
//! compiles for, so nothing is asked at run time.

#![expect(unsafe_code, reason = "vendor intrinsics: see the SAFETY comments")]

use std::arch::aarch64::*;

use super::{GridWindow, Kernel, Near, Portable, Slab};
use crate::packed::tree::{LANES, Mask};

/// NEON, which is always there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neon;

/// Eight of the 16 numbers of a column, the lower or the upper half.
#[inline]
#[target_feature(enable = "neon")]
fn load(column: &[u8; 2 * LANES], half: usize) -> uint16x8_t {
    let half = &column.as_chunks::<16>().0[half];
    // SAFETY: the 16 bytes behind the reference may be read, at any alignment.
    vreinterpretq_u16_u8(unsafe { vld1q_u8(half.as_ptr()) })
}

/// One bit for each of eight lanes whose bits are all set.
#[inline]
#[target_feature(enable = "neon")]
fn mask(lanes: uint16x8_t) -> Mask {
    let powers: [u16; 8] = [1, 2, 4, 8, 16, 32, 64, 128];
    // SAFETY: eight numbers lie behind the pointer.
    let powers = unsafe { vld1q_u16(powers.as_ptr()) };
    vaddvq_u16(vandq_u16(lanes, powers))
}

#[inline]
#[target_feature(enable = "neon")]
fn compare<const D: usize>(
    columns: &[[u8; 32]],
    window: &GridWindow<D>,
    of_items: bool,
) -> (Mask, Mask) {
    let (mut maybe, mut sure) = (0, 0);
    for half in 0..2 {
        let (mut all, mut strict) = (vdupq_n_u16(u16::MAX), vdupq_n_u16(u16::MAX));
        for axis in 0..D {
            let lower = vdupq_n_u16(window.lower[axis]);
            let upper = vdupq_n_u16(window.upper[axis]);
            let (min, max) = (load(&columns[axis], half), load(&columns[D + axis], half));
            all = vandq_u16(all, vandq_u16(vcleq_u16(min, upper), vcgeq_u16(max, lower)));
            let here = if of_items {
                vandq_u16(vcltq_u16(min, upper), vcgtq_u16(max, lower))
            } else {
                vandq_u16(vcgtq_u16(min, lower), vcltq_u16(max, upper))
            };
            strict = vandq_u16(strict, here);
        }
        maybe |= mask(all) << (8 * half);
        sure |= mask(strict) << (8 * half);
    }
    (maybe, if of_items { maybe & sure } else { sure })
}

impl Kernel for Neon {
    #[inline(always)]
    fn nodes<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask) {
        let Some(columns) = block.as_chunks().0.get(..2 * D) else { return (0, 0) };
        // SAFETY: every 64-bit ARM processor that this is compiled for has NEON.
        unsafe { compare(columns, window, false) }
    }

    #[inline(always)]
    fn items<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask) {
        let Some(columns) = block.as_chunks().0.get(..2 * D) else { return (0, 0) };
        // SAFETY: every 64-bit ARM processor that this is compiled for has NEON.
        unsafe { compare(columns, window, true) }
    }

    #[inline(always)]
    fn near<const D: usize>(self, block: &[u8], near: &Near<D>) -> (Mask, Mask) {
        // Its loops become wide by themselves.
        Portable.near(block, near)
    }

    #[inline(always)]
    fn slab<const D: usize>(self, block: &[u8], slab: &Slab<D>) -> (Mask, Mask) {
        Portable.slab(block, slab)
    }

    #[inline(always)]
    fn push_ids(self, ids: &[u8; 4 * LANES], mask: Mask, out: &mut Vec<u32>) {
        Portable.push_ids(ids, mask, out);
    }
}
