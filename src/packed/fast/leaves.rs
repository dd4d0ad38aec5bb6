//! The groups of items of a page, and the grid that two pages share.
//!
//! Owns: taking boxes to a coarser grid of which their own cells are parts. Does not own what is
//! asked of them. Invariants: on a shared grid a coordinate has the cell that it has by itself,
//! whichever page it comes from: nothing is rounded twice, so that cells that differ decide.

use crate::packed::each::each;
use crate::packed::simd::{GridWindow, Kernel};
use crate::packed::tree::{LANES, Mask};

use super::grid::{Grid, LAST, column, entry};
use super::page::{BLOCK_BYTES, IDS_BYTES, LINE};
use super::plan::Plan;

/// The groups of items of one page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leaves<'a, const D: usize> {
    pub(super) plan: &'a Plan<D>,
    pub(super) grid: Grid<D>,
    pub(super) page: usize,
    /// Their boxes, and those of the items of each.
    pub(super) block: &'a [u8],
    pub(super) blocks: &'a [u8],
    pub(super) ids: &'a [[u8; IDS_BYTES]],
}

/// A grid that holds all of two pages; none of their cells lies in two of its cells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SharedGrid<const D: usize>(Grid<D>);

/// Sixteen boxes on a shared grid, as a block; there is room for one of four axes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SharedBoxes<const D: usize>([u8; 4 * BLOCK_BYTES]);

/// Bytes of a column of a block.
const COLUMN_BYTES: usize = 2 * LANES;

/// Cells may be coarser by this many bits for the loops to be wide.
const NARROW: u32 = 15;

impl<const D: usize> Leaves<'_, D> {
    /// The grid that two pages share; none if they are not of trees that begin at the same place.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn shared_grid(&self, other: &Self) -> Option<SharedGrid<D>> {
        let root = self.plan.grid.base;
        if root != other.plan.grid.base {
            return None;
        }
        let (a, b) = (&self.grid, &other.grid);
        if self.page == other.page && a == b {
            return Some(SharedGrid(*a));
        }
        let mut grid = *a;
        let (a_end, b_end) = (a.end(), b.end());
        for (axis, root) in root.into_iter().enumerate() {
            if a_end[axis] < a.base[axis] || b_end[axis] < b.base[axis] {
                return None;
            }
            let (first, last) = (a.base[axis].min(b.base[axis]), a_end[axis].max(b_end[axis]));
            let size = 64 - (last.wrapping_sub(first) as u64).leading_zeros();
            let coarser = a.shift[axis].max(b.shift[axis]);
            let mut shift = (size.saturating_sub(16) as u8).max(coarser) & 63;
            loop {
                // It begins at a whole number of its cells from where the tree does, and so at
                // whole numbers of all smaller ones.
                let steps = first.wrapping_sub(root) >> shift;
                grid.base[axis] = root.wrapping_add(steps.wrapping_shl(shift.into()));
                let cells = last.wrapping_sub(grid.base[axis]) as u64 >> shift;
                if cells < LAST {
                    break;
                }
                if shift >= 48 {
                    return None;
                }
                shift += 1;
            }
            grid.shift[axis] = shift;
        }
        Some(SharedGrid(grid))
    }

    /// The boxes of all groups.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn take(&self, shared: &SharedGrid<D>, boxes: &mut SharedBoxes<D>) {
        shared.take(&self.grid, self.block, boxes);
    }

    /// The boxes of the items of one group.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(crate) fn take_items(
        &self,
        leaf: usize,
        shared: &SharedGrid<D>,
        boxes: &mut SharedBoxes<D>,
    ) {
        let grid = self.grid.child(
            each(|axis| entry(self.block, axis, leaf)),
            each(|axis| entry(self.block, D + axis, leaf)),
        );
        shared.take(&grid, &self.blocks[leaf * BLOCK_BYTES * D..][..BLOCK_BYTES * D], boxes);
    }

    /// Asks for the items of a group.
    #[inline(always)]
    pub(crate) fn ask_ahead(&self, leaf: usize) {
        for line in self.blocks[leaf * BLOCK_BYTES * D..][..BLOCK_BYTES * D].chunks(LINE) {
            branches::prefetch_read_data::<u8, 0>(line.as_ptr());
        }
        branches::prefetch_read_data::<_, 0>(&self.ids[leaf]);
    }

    /// The groups that are there.
    #[inline(always)]
    pub(crate) fn present(&self) -> Mask {
        self.plan.present(1, self.page)
    }

    /// The items of a group that are there.
    #[inline(always)]
    pub(crate) fn items(&self, leaf: usize) -> Mask {
        self.plan.present(0, self.page * LANES + leaf)
    }

    /// Where an item stands in the order of the tree, and its id.
    #[inline(always)]
    pub(crate) fn item(&self, leaf: usize, lane: usize) -> (usize, u32) {
        let id = u32::from_le_bytes(self.ids[leaf].as_chunks::<4>().0[lane]);
        ((self.page * LANES + leaf) * LANES + lane, id)
    }
}

impl<const D: usize> SharedGrid<D> {
    /// Boxes of a finer grid on this one.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn take(&self, grid: &Grid<D>, block: &[u8], boxes: &mut SharedBoxes<D>) {
        for axis in 0..D {
            let (coarse, fine) = (self.0.shift[axis], grid.shift[axis]);
            let apart = grid.base[axis].wrapping_sub(self.0.base[axis]) as u64;
            let bits = u32::from(coarse.saturating_sub(fine)) & 63;
            // Cell 1 is the first on both grids.
            let whole = ((apart >> coarse) as u32).wrapping_add(1);
            let rest = apart & ((1 << coarse) - 1);
            let rest = rest >> fine;
            for at in [axis, D + axis] {
                let cells = column(block, at);
                let taken = &mut boxes.0[COLUMN_BYTES * at..][..COLUMN_BYTES];
                let mut put = |lane: usize, cell: u32| {
                    let [low, high] = (whole.wrapping_add(cell) as u16).to_le_bytes();
                    (taken[2 * lane], taken[2 * lane + 1]) = (low, high);
                };
                if bits > NARROW {
                    for (lane, cell) in cells.into_iter().enumerate() {
                        let cell = u64::from(cell.wrapping_sub(1));
                        put(lane, (cell.wrapping_add(rest) >> bits) as u32);
                    }
                    continue;
                }
                let rest = rest as u32;
                for (lane, cell) in cells.into_iter().enumerate() {
                    let cell = u32::from(cell.wrapping_sub(1));
                    put(lane, cell.wrapping_add(rest) >> bits);
                }
            }
        }
    }
}

impl<const D: usize> SharedBoxes<D> {
    /// None.
    pub(crate) const EMPTY: Self = SharedBoxes([0; 4 * BLOCK_BYTES]);

    /// One of them as a window.
    #[inline(always)]
    pub(crate) fn window(&self, lane: usize) -> GridWindow<D> {
        let number = |at: usize| entry(&self.0, at, lane);
        GridWindow { lower: each(number), upper: each(|axis| number(D + axis)) }
    }

    /// Those that may share a point with a window, and those that surely do.
    #[inline(always)]
    pub(crate) fn touching<K: Kernel>(&self, kernel: K, window: &GridWindow<D>) -> (Mask, Mask) {
        kernel.items(&self.0[..BLOCK_BYTES * D], window)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::packed::arranged::Arranged;
    use crate::packed::bounds::Bounds;
    use crate::packed::boxes::BoxN;
    use crate::packed::fast::{FastTree, Proof, build};
    use crate::packed::ordered::ordered;
    use crate::packed::simd::Isa;
    use crate::packed::tree::{Tree, bits};
    use proptest::prelude::*;

    /// The cells of all items of a page are those of their coordinates.
    fn are_exact(
        tree: &FastTree<'_, 2>,
        page: <FastTree<'_, 2> as Tree<2>>::Group,
        shared: &SharedGrid<2>,
    ) {
        let leaves = tree.leaves(page).expect("it is sound");
        let mut boxes = SharedBoxes::EMPTY;
        for leaf in bits(leaves.present()) {
            leaves.take_items(leaf, shared, &mut boxes);
            let group = tree.child(page, leaf);
            for lane in bits(leaves.items(leaf)) {
                let (exact, window) = (tree.item(group, lane), boxes.window(lane));
                for axis in 0..2 {
                    let cell = |value: f64| shared.0.cell(axis, ordered(value));
                    assert_eq!(window.lower[axis], cell(exact.min[axis]));
                    assert_eq!(window.upper[axis], cell(exact.max[axis]));
                }
                assert_eq!(leaves.item(leaf, lane).1, tree.item_id(group, lane));
            }
        }
    }

    #[test]
    fn a_group_before_its_page_ends_well() {
        // A forger's box may take cell 0, which is none.
        let block = [0; 2 * BLOCK_BYTES];
        let shared = SharedGrid(Grid { base: [0, i64::MAX], shift: [16, 0] });
        let group = shared.0.child([0, 0], [0, 0]);
        let mut boxes = SharedBoxes::EMPTY;
        shared.take(&group, &block, &mut boxes);
        assert_eq!(boxes.window(0), boxes.window(LANES - 1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn cells_on_a_shared_grid_are_those_of_the_coordinates(
            places in prop::collection::vec((0..4u8, any::<[u16; 2]>(), any::<u16>()), 1..1_200),
            scale in prop_oneof![Just(1.0), Just(1e-9), Just(3e200)],
        ) {
            // Near each other, far away, on one spot, and of either sign.
            let mut all: Vec<BoxN<2>> = places.iter().map(|(kind, at, size)| {
                let by = [1.0, 1e6, 0.0, -1e-6][usize::from(*kind)] * scale;
                let min = at.map(|at| (f64::from(at) - 3e4) * by);
                BoxN::new(min, min.map(|min| min + f64::from(*size) * 1e-3 * by.abs()))
            }).collect();
            all.sort_by(|a, b| a.min[0].total_cmp(&b.min[0]));
            let bounds = all.iter().map(Bounds::of);
            let arranged = Arranged::in_order(bounds, 0..all.len() as u32, Isa::Portable, 1);
            let bytes = build(&arranged, 0, Isa::Portable, 1).to_vec();
            let plan = Plan::<2>::read(&bytes, bytes.len()).expect("it was just written");
            let proof = Proof::unknown(plan.parts());
            let tree = FastTree::new(&bytes, &plan, &proof);
            let (mut pages, mut stack) = (Vec::new(), vec![tree.root().expect("not empty")]);
            while let Some(group) = stack.pop() {
                if tree.level(group) == 1 {
                    pages.push(group);
                } else {
                    let present = bits(tree.present(group));
                    stack.extend(present.map(|lane| tree.child(group, lane)));
                }
            }
            for (at, a) in pages.iter().enumerate() {
                for b in &pages[at..] {
                    let both = (tree.leaves(*a).expect("sound"), tree.leaves(*b).expect("sound"));
                    let Some(shared) = both.0.shared_grid(&both.1) else { continue };
                    are_exact(&tree, *a, &shared);
                    are_exact(&tree, *b, &shared);
                }
            }
        }
    }
}
