//! The kernel in plain Rust: what the others are held against, and what any processor runs.

use super::{GridWindow, Kernel};
use crate::packed::each::each;
use crate::packed::tree::{LANES, Mask};

/// Plain Rust.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable;

/// The 16 numbers of one column of a block.
#[inline(always)]
fn column(block: &[u8], at: usize) -> [u16; LANES] {
    let bytes = &block[2 * LANES * at..][..2 * LANES];
    each(|lane| u16::from_le_bytes([bytes[2 * lane], bytes[2 * lane + 1]]))
}

/// One bit for each lane where `test` holds.
#[inline(always)]
fn mask(column: &[u16; LANES], test: impl Fn(u16) -> bool) -> Mask {
    let mut bits = 0;
    for (lane, &value) in column.iter().enumerate() {
        bits |= Mask::from(test(value)) << lane;
    }
    bits
}

impl Kernel for Portable {
    #[inline(always)]
    fn nodes<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask) {
        let (mut maybe, mut inside) = (Mask::MAX, Mask::MAX);
        for axis in 0..D {
            let (lower, upper) = (window.lower[axis], window.upper[axis]);
            let (min, max) = (column(block, axis), column(block, D + axis));
            maybe &= mask(&min, |min| min <= upper) & mask(&max, |max| max >= lower);
            inside &= mask(&min, |min| min > lower) & mask(&max, |max| max < upper);
        }
        (maybe, inside)
    }

    #[inline(always)]
    fn items<const D: usize>(self, block: &[u8], window: &GridWindow<D>) -> (Mask, Mask) {
        let (mut maybe, mut sure) = (Mask::MAX, Mask::MAX);
        for axis in 0..D {
            let (lower, upper) = (window.lower[axis], window.upper[axis]);
            let (min, max) = (column(block, axis), column(block, D + axis));
            maybe &= mask(&min, |min| min <= upper) & mask(&max, |max| max >= lower);
            sure &= mask(&min, |min| min < upper) & mask(&max, |max| max > lower);
        }
        (maybe, maybe & sure)
    }

    #[inline(always)]
    fn push_ids(self, ids: &[u8; 4 * LANES], mut mask: Mask, out: &mut Vec<u32>) {
        let (ids, _) = ids.as_chunks::<4>();
        while mask != 0 {
            out.push(u32::from_le_bytes(ids[mask.trailing_zeros() as usize]));
            mask &= mask - 1;
        }
    }
}
