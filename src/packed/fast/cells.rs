//! The boxes of a group on their grid, held against those of another group on its own.
//!
//! Owns: taking 16 boxes from one grid to another. Does not own what is asked of them. Invariants:
//! the answers are those of taking each box to the other grid by [`Grid::window`] (a test holds it
//! so); where two grids are too different for 32 bits there is no answer.

use crate::packed::each::each;
use crate::packed::simd::{GridWindow, Kernel};
use crate::packed::tree::{LANES, Mask, Window};

use super::grid::{Grid, LAST, LaneWindows, column};

/// The boxes of a group, and their grid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells<'a, const D: usize> {
    pub(super) grid: Grid<D>,
    pub(super) block: &'a [u8],
    /// The lanes that hold a box.
    pub(super) present: Mask,
    /// The ids of items.
    pub(super) ids: &'a [u8],
}

/// How far from each other two grids may begin, in the finer one's cells.
const APART: u64 = 1 << 29;
/// By how many bits cells may be coarser than those of the other grid, so that 2^16 of them fit.
const COARSER: u8 = 13;

impl<const D: usize> Cells<'_, D> {
    /// The boxes of `other` as windows on this grid: as large as their cells, or what they surely
    /// hold.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn windows_of(&self, other: &Self, is_held: bool) -> Option<LaneWindows<D>> {
        let mut all = LaneWindows { lower: [[0; LANES]; D], upper: [[0; LANES]; D] };
        for axis in 0..D {
            let (ours, theirs) = (self.grid.shift[axis], other.grid.shift[axis]);
            let unit = ours.min(theirs);
            let (ours, theirs) = (ours - unit, theirs - unit);
            let apart = other.grid.base[axis].checked_sub(self.grid.base[axis])?;
            let is_whole = apart & ((1 << unit) - 1) == 0;
            let apart = apart >> unit;
            if theirs > COARSER || apart.unsigned_abs() > APART {
                return None;
            }
            // A cell ends right before the next one begins.
            let (size, shift) = (1_i32 << theirs, i32::from(ours.min(31)));
            let (first, to_end) = (apart as i32 - size, size - i32::from(is_whole));
            let (to_lower, to_upper) = if is_held { (to_end, 0) } else { (0, to_end) };
            let place = |cell: u16, more: i32| {
                let steps = (first + more + (i32::from(cell) << theirs)) >> shift;
                (steps.clamp(-1, LAST as i32) + 1) as u16
            };
            let (min, max) = (column(other.block, axis), column(other.block, D + axis));
            all.lower[axis] = each(|lane| place(min[lane], to_lower));
            all.upper[axis] = each(|lane| place(max[lane], to_upper));
        }
        Some(all)
    }

    /// The lanes that hold a box.
    #[inline(always)]
    pub(crate) fn present(&self) -> Mask {
        self.present
    }

    /// The id of an item.
    #[inline(always)]
    pub(crate) fn id(&self, lane: usize) -> u32 {
        self.ids.as_chunks::<4>().0.get(lane).map_or(0, |id| u32::from_le_bytes(*id))
    }

    /// A window on this grid.
    #[inline(always)]
    pub(crate) fn window(&self, window: &Window<D>) -> GridWindow<D> {
        self.grid.window(window)
    }

    /// The lanes that may share a point with a window.
    #[inline(always)]
    pub(crate) fn touching<K: Kernel>(&self, kernel: K, window: &GridWindow<D>) -> Mask {
        kernel.items(self.block, window).0 & self.present
    }

    /// The lanes that surely share a point with a window.
    #[inline(always)]
    pub(crate) fn surely_touching<K: Kernel>(&self, kernel: K, window: &GridWindow<D>) -> Mask {
        kernel.items(self.block, window).1 & self.present
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A grid, and 16 boxes in its cells.
    fn group() -> impl Strategy<Value = (i64, u32, [(u16, u16); LANES])> {
        let base = prop_oneof![-(1_i64 << 62)..1 << 62, -(1_i64 << 40)..1 << 40, Just(0)];
        (base, 0_u32..48, any::<[(u16, u16); LANES]>())
    }

    fn block_of(grid: &Grid<1>, high: i64, cells: [(u16, u16); LANES]) -> Vec<u8> {
        let last = grid.cell(0, high);
        let boxes = cells.map(|(a, b)| (a.min(b).clamp(1, last), a.max(b).clamp(1, last)));
        let columns = boxes.iter().map(|b| b.0).chain(boxes.iter().map(|b| b.1));
        columns.flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn neighbours_of_about_one_size_are_taken_together() {
        let block = [1_u16.to_le_bytes(); 2 * LANES].concat();
        let at = |base: i64, size: i64| {
            let grid = Grid::<1>::between([base], [base + size]);
            Cells { grid, block: &block, present: Mask::MAX, ids: &[] }
        };
        let here = at(5, 1 << 30);
        for other in [here, at(1 << 30, 1 << 28), at(-(1 << 32), 1 << 33)] {
            for is_held in [false, true] {
                assert!(here.windows_of(&other, is_held).is_some(), "{:?}", other.grid);
            }
        }
    }

    proptest! {
        #[test]
        fn boxes_go_to_another_grid_together_as_one_by_one(a in group(), b in group()) {
            let at = |(base, bits, cells): (i64, u32, _)| {
                let high = base.saturating_add(1 << bits);
                let grid = Grid::<1>::between([base], [high]);
                (grid, block_of(&grid, high, cells))
            };
            let ((grid, block), (other_grid, other_block)) = (at(a), at(b));
            let on = |grid, block| Cells { grid, block, present: Mask::MAX, ids: &[] };
            let (cells, other) = (on(grid, &block[..]), on(other_grid, &other_block[..]));
            for is_held in [false, true] {
                let Some(all) = cells.windows_of(&other, is_held) else { continue };
                for lane in 0..LANES {
                    let (outer, inner) = other_grid.bracket(&other_block, lane);
                    let mut window = Window::new(if is_held { inner } else { outer });
                    let exact = if is_held { inner } else { outer };
                    window.lower = exact.min.map(crate::packed::ordered::ordered);
                    window.upper = exact.max.map(crate::packed::ordered::ordered);
                    prop_assert_eq!(all.get(lane), grid.window(&window), "lane {}", lane);
                }
            }
        }
    }
}
