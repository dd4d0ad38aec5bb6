//! The kernel in plain Rust: what the others are held against, and what any processor runs.

use super::{Bend, GridWindow, Kernel, Near, Slab};
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

/// The larger of two; the second if one is not a number.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The smaller of two; the second if one is not a number.
#[inline(always)]
fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// Where 16 boxes begin and end on an axis, in steps.
#[inline(always)]
fn steps<const D: usize>(
    block: &[u8],
    axis: usize,
    cells: &Bend<D>,
) -> ([f32; LANES], [f32; LANES]) {
    let mut min = column(block, axis).map(f32::from);
    let mut max = column(block, D + axis).map(f32::from);
    if cells.is_bent {
        let (after, bend) = (cells.after[axis], cells.bend[axis]);
        for lane in 0..LANES {
            min[lane] += larger(min[lane] - (after + 1.0), 0.0) * bend;
            max[lane] += larger(max[lane] - after, 0.0) * bend;
        }
    }
    (min, max)
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
    fn near<const D: usize>(self, block: &[u8], near: &Near<D>) -> (Mask, Mask) {
        let mut squares = [0.0_f32; LANES];
        for axis in 0..D {
            let (step, below, above) = (near.step[axis], near.below[axis], near.above[axis]);
            let (min, max) = steps(block, axis, &near.cells);
            for lane in 0..LANES {
                let (low, high) = (min[lane] * step + below, above - max[lane] * step);
                let gap = larger(larger(low, high), 0.0);
                squares[lane] += gap * gap;
            }
        }
        let (mut maybe, mut sure) = (0, 0);
        for (lane, &square) in squares.iter().enumerate() {
            maybe |= Mask::from(square <= near.outer) << lane;
            sure |= Mask::from(square <= near.inner) << lane;
        }
        (maybe, sure)
    }

    #[inline(always)]
    fn slab<const D: usize>(self, block: &[u8], slab: &Slab<D>) -> (Mask, Mask) {
        let (mut enters, mut leaves) = ([0.0; LANES], [slab.outer; LANES]);
        let (mut entered, mut inside) = ([0.0; LANES], [slab.inner; LANES]);
        for axis in 0..D {
            let (slope, margin) = (slab.slope[axis], slab.margin[axis]);
            let (min, max) = steps(block, axis, &slab.cells);
            let (first, last) = if slab.is_upward[axis] { (min, max) } else { (max, min) };
            for lane in 0..LANES {
                let early = first[lane] * slope + slab.early[axis];
                let late = last[lane] * slope + slab.late[axis];
                enters[lane] = larger(early, enters[lane]);
                leaves[lane] = smaller(late, leaves[lane]);
                entered[lane] = larger(early + margin, entered[lane]);
                inside[lane] = smaller(late - margin, inside[lane]);
            }
        }
        let (mut maybe, mut sure) = (0, 0);
        for lane in 0..LANES {
            maybe |= Mask::from(enters[lane] <= leaves[lane]) << lane;
            sure |= Mask::from(entered[lane] < inside[lane]) << lane;
        }
        (maybe, sure)
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
