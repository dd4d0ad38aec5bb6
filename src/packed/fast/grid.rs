//! The grid of one node: 16 bits for where a coordinate lies between its least and its greatest.
//!
//! Owns: rounding down to the grid, the box of a grid cell, and the grid of a child. Invariants:
//! numbers are cut as [`ordered`](crate::packed::ordered) integers, so that the grid is exact, of
//! the same rule at any magnitude, and one far outlier coarsens only the nodes above it. A child's
//! grid is made from its box on the grid of its parent: nothing of it is stored.

use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::ordered::{INFINITY, number};
use crate::packed::simd::{Bend, GridWindow};
use crate::packed::steps::Steps;
use crate::packed::tree::{LANES, Lanes, Window};

/// The cells of a grid are 1 to `LAST`; 0 is below it and 65535 above.
pub(super) const LAST: u64 = 65534;

/// By how many bits a child's cells are finer than its parent's, if its box takes one cell.
const FINER: u32 = 15;

/// Bits of the fraction of a number, and its exponent once these are shifted out.
const FRACTION: u32 = 52;
const EXPONENT: i64 = 0x7ff;

/// How many cells a box takes on an axis.
#[inline(always)]
fn width(min: u16, max: u16) -> u32 {
    // A forged box may end before it begins; no width is zero all the same.
    (u32::from(max).wrapping_sub(u32::from(min)) & 0xffff).wrapping_add(1)
}

/// A window for each of 16 lanes, on one grid or on one each.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LaneWindows<const D: usize> {
    pub(super) lower: [[u16; LANES]; D],
    pub(super) upper: [[u16; LANES]; D],
}

impl<const D: usize> LaneWindows<D> {
    /// That of one lane.
    #[inline(always)]
    pub(crate) fn get(&self, lane: usize) -> GridWindow<D> {
        GridWindow { lower: each(|k| self.lower[k][lane]), upper: each(|k| self.upper[k][lane]) }
    }
}

/// Where a node's grid begins on each axis, and how many low bits a cell spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grid<const D: usize> {
    pub(super) base: [i64; D],
    pub(super) shift: [u8; D],
}

impl<const D: usize> Grid<D> {
    /// The finest grid from `min` to `max`, both of them included.
    #[inline(always)]
    pub(super) fn between(min: [i64; D], max: [i64; D]) -> Self {
        let shift = each(|k| {
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
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn window(&self, window: &Window<D>) -> GridWindow<D> {
        GridWindow {
            lower: each(|k| self.clamped(k, window.lower[k])),
            upper: each(|k| self.clamped(k, window.upper[k])),
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
    pub(super) fn last(&self, axis: usize, cell: u16) -> i64 {
        self.first(axis, cell.wrapping_add(1)).wrapping_sub(1)
    }

    /// The grid of a child whose box takes these cells: its own cells are as much smaller as leaves
    /// at most 65,533 of them, by powers of two.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn child(&self, min: [u16; D], max: [u16; D]) -> Self {
        let shift = each(|k| {
            let log2 = width(min[k], max[k]).ilog2();
            (u32::from(self.shift[k]) + log2).saturating_sub(FINER) as u8
        });
        Grid { base: each(|k| self.first(k, min[k])), shift }
    }

    /// A window on the grids of all children of a node at once, as [`Grid::child`] and
    /// [`Grid::window`] make it one by one; the loops have no branch, so that they become wide.
    ///
    /// Coordinates are taken from the node's base and in units of the finest cells that a child can
    /// have: [`FINER`] bits below those of the node, so that they fit into 32 bits.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn child_windows(&self, block: &[u8], window: &Window<D>) -> LaneWindows<D> {
        let mut all = LaneWindows { lower: [[0; LANES]; D], upper: [[0; LANES]; D] };
        for axis in 0..D {
            let finer = u32::from(self.shift[axis]).min(FINER);
            let unit = u32::from(self.shift[axis]) - finer;
            let (min, max) = (column(block, axis), column(block, D + axis));
            let mut first = [0u32; LANES];
            let mut shift = [0u32; LANES];
            for lane in 0..LANES {
                first[lane] = u32::from(min[lane].wrapping_sub(1)) << finer;
                // The exponent of the number of cells; below 2^24 every number is exact.
                let log2 = (width(min[lane], max[lane]) as f32).to_bits() >> 23;
                shift[lane] = (log2 + finer).saturating_sub(127 + FINER) & 31;
            }
            for (coordinate, cells) in
                [(window.lower[axis], &mut all.lower), (window.upper[axis], &mut all.upper)]
            {
                let from_base = coordinate.wrapping_sub(self.base[axis]) as u64 >> unit;
                // One more than the place on the node's grid; 0 is below it.
                let place = from_base.min(u64::from(u32::MAX - 1)) as u32 + 1;
                let place = if coordinate < self.base[axis] { 0 } else { place };
                for lane in 0..LANES {
                    let steps = place.wrapping_sub(first[lane]).wrapping_sub(1) >> shift[lane];
                    let cell = steps.min(LAST as u32) + 1;
                    cells[axis][lane] = if place > first[lane] { cell as u16 } else { 0 };
                }
            }
        }
        all
    }

    /// The boxes of a block, as large as their cells.
    #[cfg_attr(not(debug_assertions), inline(always))]
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

    /// At least the greatest coordinates of all cells; less than the least if there are none so
    /// great.
    #[inline(always)]
    pub(super) fn end(&self) -> [i64; D] {
        each(|axis| {
            self.base[axis].wrapping_add((LAST as i64).wrapping_shl(self.shift[axis].into()))
        })
    }

    /// The cells as whole steps, if all numbers up to `last` are evenly spaced, or are so below a
    /// power of two and above it.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn steps(&self, last: [i64; D]) -> Option<Steps<D>> {
        let first: [f64; D] = each(|axis| number(self.base[axis]));
        let (mut exponent, mut even, mut finite) = ([0; D], true, true);
        for axis in 0..D {
            let shift = i64::from(self.shift[axis]);
            let scale = first[axis].to_bits() as i64 >> FRACTION & EXPONENT;
            exponent[axis] = scale + shift - i64::from(FRACTION);
            finite &= (exponent[axis] > 0) & (scale < EXPONENT - 1) & (shift < 47);
            even &= (self.base[axis] ^ last[axis]) >> FRACTION == 0;
        }
        let cells = match even {
            true => Bend { after: [0.0; D], bend: [0.0; D], is_bent: false },
            false => self.bend(last)?,
        };
        finite.then_some(Steps { first, exponent, cells })
    }

    /// Where the numbers up to `last` begin to lie twice or half as far apart, if they do so once.
    #[inline(never)]
    fn bend(&self, last: [i64; D]) -> Option<Bend<D>> {
        let mut cells = Bend { after: [0.0; D], bend: [0.0; D], is_bent: true };
        for (axis, last) in last.into_iter().enumerate() {
            let (base, shift) = (self.base[axis], self.shift[axis]);
            let octave = last >> FRACTION;
            let octaves = octave.wrapping_sub(base >> FRACTION);
            if octaves == 1 && (8..47).contains(&shift) && (base < 0) == (last < 0) {
                // Negative ones come nearer to 0.
                cells.bend[axis] = if base < 0 { -0.5 } else { 1.0 };
                let evenly = (octave << FRACTION).wrapping_sub(base);
                cells.after[axis] = evenly as f32 / (1_i64 << shift) as f32;
            } else if octaves != 0 {
                return None;
            }
        }
        Some(cells)
    }

    /// What the boxes of a block surely hold: from the end of the cell of the minimum to the
    /// beginning of that of the maximum.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn inner_lanes(&self, block: &[u8], lanes: &mut Lanes<D>) {
        for axis in 0..D {
            let shift = u32::from(self.shift[axis]) & 63;
            let last = self.base[axis].wrapping_sub(1);
            let first = self.base[axis].wrapping_sub(1_i64 << shift);
            let (min, max) = (column(block, axis), column(block, D + axis));
            for lane in 0..LANES {
                let low = last.wrapping_add(i64::from(min[lane]) << shift);
                let high = first.wrapping_add(i64::from(max[lane]) << shift);
                lanes.min[axis][lane] = number(low.min(INFINITY));
                lanes.max[axis][lane] = number(high);
            }
        }
    }

    /// At least the distance between two points of one cell; infinite or not a number where it is
    /// not known.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn diagonal(&self) -> f64 {
        let mut sum = 0.0;
        for axis in 0..D {
            let (base, shift) = (self.base[axis], u32::from(self.shift[axis]) & 63);
            let size = 1_i64 << shift;
            // Numbers lie the further apart the larger they are: the widest cell is one of the two
            // outermost, which together are wider than either.
            let Some(end) = base.checked_add((LAST as i64 + 1) << shift).filter(|_| shift < 47)
            else {
                return f64::INFINITY;
            };
            let low = number(base.wrapping_add(size)) - number(base);
            // All of these together are no less than the diagonal, and squares would underflow.
            sum += low + (number(end) - number(end.wrapping_sub(size)));
        }
        // More than all of this is rounded by.
        sum * (1.0 + 1e-12)
    }

    /// One box of a block, as large as its cells, and what it surely holds.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn bracket(&self, block: &[u8], lane: usize) -> (BoxN<D>, BoxN<D>) {
        let (mut outer, mut inner) = (BoxN::EMPTY, BoxN::EMPTY);
        for axis in 0..D {
            let size = 1_i64 << (u32::from(self.shift[axis]) & 63);
            let low = self.first(axis, entry(block, axis, lane));
            let high = self.first(axis, entry(block, D + axis, lane));
            let end = |first: i64| first.wrapping_add(size).wrapping_sub(1).min(INFINITY);
            (outer.min[axis], outer.max[axis]) = (number(low), number(end(high)));
            (inner.min[axis], inner.max[axis]) = (number(end(low)), number(high));
        }
        (outer, inner)
    }
}

/// The 16 numbers of one column of a block.
#[inline(always)]
pub(super) fn column(block: &[u8], at: usize) -> [u16; LANES] {
    let bytes = &block[2 * LANES * at..][..2 * LANES];
    each(|lane| u16::from_le_bytes([bytes[2 * lane], bytes[2 * lane + 1]]))
}

/// One number of a block.
#[inline(always)]
pub(super) fn entry(block: &[u8], at: usize, lane: usize) -> u16 {
    u16::from_le_bytes(block.as_chunks::<2>().0[LANES * at + lane])
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::packed::ordered::ordered;
    use crate::packed::simd::{Kernel, Portable};
    use crate::packed::tree::Mask;
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
            let after = grid.first(0, cell.wrapping_add(1));
            prop_assert!(grid.first(0, cell) <= middle && middle < after);
            prop_assert!(grid.cell(0, low) <= cell && cell <= grid.cell(0, high));
            prop_assert_eq!(grid.clamped(0, middle), cell);
            prop_assert_eq!(grid.clamped(0, low.saturating_sub(1)) == 0, low > i64::MIN);
            let child = grid.child([cell], [grid.cell(0, high)]);
            prop_assert!(child.base[0] <= middle);
            let above = (high.wrapping_sub(child.base[0])) as u64 >> child.shift[0];
            prop_assert!(above < LAST);
        }

        #[test]
        fn no_cell_is_wider_than_the_diagonal(
            a in any::<f64>(), b in any::<f64>(), near in any::<bool>(), cell in any::<u16>(),
        ) {
            prop_assume!(!a.is_nan() && !b.is_nan());
            let b = if near { a + a.abs() * 0.01 } else { b };
            let grid = Grid::<1>::between([ordered(a.min(b))], [ordered(a.max(b))]);
            let cell = cell.clamp(1, grid.cell(0, ordered(a.max(b))));
            let (outer, _) = grid.bracket(&[cell.to_le_bytes(); 32].concat(), 0);
            let width = outer.max[0] - outer.min[0];
            let diagonal = grid.diagonal();
            prop_assert!(diagonal >= width || !diagonal.is_finite(), "{} in {:?}", width, grid);
        }

        #[test]
        fn steps_tell_what_is_near_and_what_is_far(
            at in prop_oneof![-1e3..1e3f64, 1e-300..1e-290f64, Just(1.0), Just(-4.0)],
            size in -50..1i32, aspect in -30..1i32, apart in -3.0..3.0f64, reach in 0.0..3.0f64,
            low in any::<[u16; 2]>(), rest in any::<[u16; 2]>(), within in 0.0..1.0f64,
        ) {
            let extent = [at.abs() * 2f64.powi(size), at.abs() * 2f64.powi(size + aspect)];
            let from = extent.map(|_| ordered(at));
            let grid = Grid::<2>::between(from, each(|k| ordered(at + extent[k])));
            let end: [u16; 2] = each(|k| grid.cell(k, ordered(at + extent[k])));
            let min: [u16; 2] = each(|k| low[k].clamp(1, end[k]));
            let max: [u16; 2] = each(|k| min[k].saturating_add(rest[k]).min(end[k]));
            let Some(steps) = grid.steps(each(|k| ordered(at + extent[k]))) else { return Ok(()) };
            // Somewhere within the cells of its corners.
            let inside = |k: usize, cell| {
                let (first, last) = (grid.first(k, cell), grid.last(k, cell));
                number(first + ((last - first) as f64 * within) as i64)
            };
            let bounds: BoxN<2> =
                BoxN { min: each(|k| inside(k, min[k])), max: each(|k| inside(k, max[k])) };
            let point = BoxN::point(each(|k| at + extent[k] * apart));
            let reach = extent[0] * reach;
            let Some(near) = steps.near(&point, reach, reach) else { return Ok(()) };
            let cells = [min[0], min[1], max[0], max[1]];
            let block: Vec<u8> =
                cells.iter().flat_map(|cell| cell.to_le_bytes().repeat(LANES)).collect();
            let (maybe, sure) = Portable.near(&block, &near);
            let gap = |k: usize| (bounds.min[k] - point.min[k]).max(point.min[k] - bounds.max[k]);
            let distance = gap(0).max(0.0).hypot(gap(1).max(0.0));
            prop_assert!(maybe == Mask::MAX || distance > reach, "{} of {}", distance, reach);
            prop_assert!(sure == 0 || distance <= reach, "{} of {}", distance, reach);
        }

        #[test]
        fn windows_of_children_are_the_same_at_once_and_one_by_one(
            cells in any::<[(u16, u16); LANES]>(), base in any::<i64>(), bits in 0u32..64,
            at in prop_oneof![any::<i64>(), 0i64..1 << 40], end in any::<bool>(),
        ) {
            let high = base.saturating_add_unsigned(u64::MAX >> bits);
            let grid = Grid::<1>::between([base], [high]);
            let last = grid.cell(0, high);
            let boxes = cells.map(|(a, b)| (a.min(b).clamp(1, last), a.max(b).clamp(1, last)));
            let mut block = Vec::new();
            block.extend(boxes.iter().flat_map(|b| b.0.to_le_bytes()));
            block.extend(boxes.iter().flat_map(|b| b.1.to_le_bytes()));
            let at = if end { grid.base[0].saturating_add(at) } else { at };
            let mut window = Window::new(crate::packed::BoxN::point([0.0]));
            (window.lower, window.upper) = ([at], [at.saturating_add(1)]);
            let all = grid.child_windows(&block, &window);
            for (lane, &(min, max)) in boxes.iter().enumerate() {
                prop_assert_eq!(all.get(lane), grid.child([min], [max]).window(&window));
            }
        }
    }
}
