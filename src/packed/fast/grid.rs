//! The grid of one node: 16 bits for where a coordinate lies between its least and its greatest.
//!
//! Owns: rounding down to the grid, the box of a grid cell, and the grid of a child. Invariants:
//! numbers are cut as [`ordered`](crate::packed::ordered) integers, so that the grid is exact, of
//! the same rule at any magnitude, and one far outlier coarsens only the nodes above it. A child's
//! grid is made from its box on the grid of its parent: nothing of it is stored.

use crate::packed::ordered::{INFINITY, number};
use crate::packed::simd::GridWindow;
use crate::packed::tree::{LANES, Lanes, Window};

/// The cells of a grid are 1 to `LAST`; 0 is below it and 65535 above.
const LAST: u64 = 65534;

/// Where a node's grid begins on each axis, and how many low bits a cell spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid<const D: usize> {
    pub(super) base: [i64; D],
    pub(super) shift: [u8; D],
}

impl<const D: usize> Grid<D> {
    /// The finest grid from `min` to `max`, both of them included.
    #[inline(always)]
    pub(super) fn between(min: [i64; D], max: [i64; D]) -> Self {
        let shift = std::array::from_fn(|k| {
            let range = max[k].wrapping_sub(min[k]) as u64;
            let shift = (64 - range.leading_zeros()).saturating_sub(16);
            (shift + u32::from(range >> shift >= LAST)) as u8
        });
        Grid { base: min, shift }
    }

    /// The cell of a coordinate that lies on the grid.
    #[inline(always)]
    pub(super) fn cell(&self, axis: usize, ordered: i64) -> u16 {
        ((ordered.wrapping_sub(self.base[axis]) as u64 >> self.shift[axis]) + 1) as u16
    }

    /// The cell of any coordinate; 0 below the grid, 65535 above.
    #[inline(always)]
    fn clamped(&self, axis: usize, ordered: i64) -> u16 {
        let from_base = ordered.wrapping_sub(self.base[axis]) as u64 >> self.shift[axis];
        if ordered < self.base[axis] { 0 } else { (from_base.min(LAST) + 1) as u16 }
    }

    /// A window on this grid.
    #[inline(always)]
    pub(super) fn window(&self, window: &Window<D>) -> GridWindow<D> {
        GridWindow {
            lower: std::array::from_fn(|k| self.clamped(k, window.lower[k])),
            upper: std::array::from_fn(|k| self.clamped(k, window.upper[k])),
        }
    }

    /// The least coordinate of a cell.
    #[inline(always)]
    pub(super) fn first(&self, axis: usize, cell: u16) -> i64 {
        let steps = i64::from(cell).wrapping_sub(1);
        self.base[axis].wrapping_add(steps.wrapping_shl(u32::from(self.shift[axis])))
    }

    /// The greatest coordinate of a cell.
    #[inline(always)]
    fn last(&self, axis: usize, cell: u16) -> i64 {
        let end = i64::from(cell).wrapping_shl(u32::from(self.shift[axis]));
        self.base[axis].wrapping_add(end).wrapping_sub(1)
    }

    /// The grid of a child whose box takes these cells.
    #[inline(always)]
    pub(super) fn child(&self, min: [u16; D], max: [u16; D]) -> Self {
        Grid::between(
            std::array::from_fn(|k| self.first(k, min[k])),
            std::array::from_fn(|k| self.last(k, max[k])),
        )
    }

    /// The boxes of a block, as large as their cells.
    #[inline(always)]
    pub(super) fn lanes(&self, block: &[u8], lanes: &mut Lanes<D>) {
        for axis in 0..D {
            let shift = u32::from(self.shift[axis]) & 63;
            let first = self.base[axis].wrapping_sub(1_i64 << shift);
            let last = self.base[axis].wrapping_sub(1);
            let (min, max) = (column(block, axis), column(block, D + axis));
            for lane in 0..LANES {
                let low = first.wrapping_add(i64::from(min[lane]) << shift);
                let high = last.wrapping_add(i64::from(max[lane]) << shift);
                lanes.min[axis][lane] = number(low);
                lanes.max[axis][lane] = number(high.min(INFINITY));
            }
        }
    }
}

/// The 16 numbers of one column of a block.
#[inline(always)]
pub(super) fn column(block: &[u8], at: usize) -> [u16; LANES] {
    let bytes = &block[2 * LANES * at..][..2 * LANES];
    std::array::from_fn(|lane| u16::from_le_bytes([bytes[2 * lane], bytes[2 * lane + 1]]))
}

/// One number of a block.
#[inline(always)]
pub(super) fn entry(block: &[u8], at: usize, lane: usize) -> u16 {
    let place = 2 * (LANES * at + lane);
    u16::from_le_bytes([block[place], block[place + 1]])
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::packed::ordered::ordered;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn cells_keep_the_order_and_hold_their_numbers(
            a in any::<f64>(), b in any::<f64>(), c in any::<f64>(),
        ) {
            prop_assume!(!a.is_nan() && !b.is_nan() && !c.is_nan());
            let mut all = [ordered(a), ordered(b), ordered(c)];
            all.sort_unstable();
            let [low, middle, high] = all;
            let grid = Grid::<1>::between([low], [high]);
            let cell = grid.cell(0, middle);
            prop_assert!(1 <= cell && u64::from(cell) <= LAST);
            prop_assert!(grid.first(0, cell) <= middle && middle <= grid.last(0, cell));
            prop_assert!(grid.cell(0, low) <= cell && cell <= grid.cell(0, high));
            prop_assert_eq!(grid.clamped(0, middle), cell);
            prop_assert_eq!(grid.clamped(0, low.saturating_sub(1)) == 0, low > i64::MIN);
            let child = grid.child([cell], [grid.cell(0, high)]);
            prop_assert!(child.base[0] <= middle);
            prop_assert!((child.cell(0, high), u16::MAX) < (u16::MAX, 0));
        }
    }
}
