//! Where in the tree to begin: a coarse grid of the leaves last met there.
//!
//! Owns: the hints. Does not own truth: a hint is the number of a leaf that was once near, from
//! which the tree is climbed until a cell holds what is looked for; whoever arrives asks the leaf's
//! cell. So hints need no upkeep to be safe; whoever makes a leaf fills in its own, and each search
//! mends the one it used. Invariants: a grid, once made, keeps its bounds; a finer one is added
//! when the leaves have grown fourfold.

use std::sync::OnceLock;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::cell::{Cell, DIMS};
use super::near::fetch;
use crate::sync::atomic::{AtomicU32, AtomicUsize};

/// Leaves from which on there is a grid, and by how much they grow until the next.
const FIRST: usize = 64;
const GROWTH: usize = 4;
/// Grids, the last one for more leaves than there can be.
const GRIDS: usize = 14;
/// Cells of a grid for each leaf there was when it was made.
const CELLS_PER_LEAF: usize = 16;
/// Hints that are filled for one leaf; a larger one lies where there is next to nothing.
const MOST_FILLED: usize = 64 * CELLS_PER_LEAF;
/// No leaf was met here.
const NONE: u32 = u32::MAX;

/// One grid over the plane of x and y.
struct Grid {
    low: [f64; 2],
    /// Cells for each unit.
    scale: [f64; 2],
    sides: [usize; 2],
    hints: Box<[AtomicU32]>,
}

/// The grids, of which the last made is in use.
pub(super) struct Compass {
    grids: [OnceLock<Grid>; GRIDS],
    made: AtomicUsize,
}

impl Compass {
    pub(super) fn new() -> Self {
        Compass { grids: std::array::from_fn(|_| OnceLock::new()), made: AtomicUsize::new(0) }
    }

    /// Whether so many leaves deserve a finer grid.
    pub(super) fn is_too_coarse(&self, leaves: usize) -> bool {
        let made = self.made.load(Relaxed);
        made < GRIDS && leaves >= FIRST * GROWTH.pow(made as u32)
    }

    /// Adds a grid over what the `places`, one of each leaf, have in common: the outermost
    /// hundredth on each side is left out, so that an outlier does not make the grid coarse. Its
    /// lines are multiples of `units` halved over and over, as planes are, so that a leaf has
    /// cells of the grid for itself.
    pub(super) fn refine(&self, places: &[[f64; DIMS]], units: [f64; 2]) {
        let side = (places.len() * CELLS_PER_LEAF).isqrt().max(1);
        let (mut low, mut scale, mut sides) = ([0.0; 2], [0.0; 2], [1; 2]);
        for d in 0..2 {
            let mut along: Vec<f64> = places.iter().map(|place| place[d]).collect();
            along.sort_by(f64::total_cmp);
            let skip = along.len() / 100;
            let (min, max) = (along[skip], along[along.len() - 1 - skip]);
            let width = ((max - min) / side as f64).max(f64::MIN_POSITIVE);
            let width = units[d] * (width / units[d]).log2().floor().exp2();
            low[d] = (min / width).floor() * width;
            scale[d] = 1.0 / width;
            // A cast of what is not a number is 0, and of what is too large the largest.
            sides[d] = (((max - low[d]) * scale[d]) as usize).saturating_add(1).min(2 * side + 2);
        }
        let hints = (0..sides[0] * sides[1]).map(|_| AtomicU32::new(NONE)).collect();
        let made = self.made.load(Relaxed);
        self.grids[made].get_or_init(|| Grid { low, scale, sides, hints });
        self.made.store(made + 1, Release);
    }

    /// Hints at `leaf` wherever its cell holds the middle of one of the grid's.
    pub(super) fn fill(&self, cell: &Cell, leaf: u32) {
        let Some(grid) = self.grid() else { return };
        let along = |d: usize| {
            let at =
                |c: f64| (((c - grid.low[d]) * grid.scale[d] + 0.5) as usize).min(grid.sides[d]);
            at(cell.low[d])..at(cell.high[d])
        };
        let (columns, rows) = (along(0), along(1));
        if columns.len() * rows.len() > MOST_FILLED {
            return;
        }
        for row in rows {
            let hints = &grid.hints[row * grid.sides[0] + columns.start..][..columns.len()];
            hints.iter().for_each(|hint| hint.store(leaf, Relaxed));
        }
    }

    #[inline]
    fn grid(&self) -> Option<&Grid> {
        self.grids[self.made.load(Acquire).checked_sub(1)?].get()
    }

    /// The hint for a place.
    #[inline]
    pub(super) fn hint(&self, c: &[f64; DIMS]) -> Option<Hint<'_>> {
        let grid = self.grid()?;
        let along = |d: usize| {
            // A cast saturates, so a place outside has the hint of the border.
            (((c[d] - grid.low[d]) * grid.scale[d]) as usize).min(grid.sides[d] - 1)
        };
        grid.hints.get(along(1) * grid.sides[0] + along(0)).map(Hint)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let grids = self.grids.iter().filter_map(OnceLock::get);
        grids.map(|grid| grid.hints.len() * size_of::<AtomicU32>()).sum()
    }
}

/// One hint.
#[derive(Clone, Copy)]
pub(super) struct Hint<'a>(&'a AtomicU32);

impl Hint<'_> {
    /// The leaf last met here.
    #[inline]
    pub(super) fn leaf(self) -> Option<u32> {
        Some(self.0.load(Relaxed)).filter(|&leaf| leaf != NONE)
    }

    /// Begins to bring it near.
    #[inline]
    pub(super) fn fetch(self) {
        fetch(self.0);
    }

    /// Notes a leaf; it is written only if it is another one, as readers share the line.
    #[inline]
    pub(super) fn mend(self, leaf: u32) {
        if self.0.load(Relaxed) != leaf {
            self.0.store(leaf, Relaxed);
        }
    }

    /// Forgets the leaf.
    pub(super) fn forget(self) {
        self.0.store(NONE, Relaxed);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_hint_is_kept_for_its_part_of_the_plane() {
        let compass = Compass::new();
        assert!(compass.hint(&[0.0; 3]).is_none());
        assert!(!compass.is_too_coarse(63) && compass.is_too_coarse(64));
        let places: Vec<[f64; 3]> = (0..100).map(|n| [f64::from(n), f64::from(n), 0.0]).collect();
        compass.refine(&places, [1.0; 2]);
        assert!(!compass.is_too_coarse(255) && compass.is_too_coarse(256));
        let hint = |x, y| compass.hint(&[x, y, 0.0]).expect("a grid was made");
        assert_eq!(hint(50.0, 50.0).leaf(), None);
        hint(50.0, 50.0).mend(7);
        assert_eq!(hint(50.01, 50.01).leaf(), Some(7));
        assert_eq!(hint(90.0, 50.0).leaf(), None);
        hint(1e300, -1e300).mend(9);
        assert_eq!(hint(500.0, -5.0).leaf(), Some(9), "beyond the border is the border");
    }

    #[test]
    fn a_leaf_between_planes_has_all_hints_of_its_cell() {
        let compass = Compass::new();
        let places: Vec<[f64; 3]> = (0..64).map(|n| [f64::from(n), f64::from(n), 0.0]).collect();
        compass.refine(&places, [180.0, 90.0]);
        let mut cell = Cell::ALL;
        (cell.low[0], cell.high[0], cell.low[1], cell.high[1]) = (11.25, 22.5, 22.5, 45.0);
        compass.fill(&cell, 5);
        let leaf = |x, y| compass.hint(&[x, y, 0.0]).and_then(Hint::leaf);
        assert_eq!([leaf(11.25, 22.5), leaf(22.4, 44.9), leaf(16.0, 30.0)], [Some(5); 3]);
        assert_eq!([leaf(11.2, 30.0), leaf(22.5, 30.0), leaf(16.0, 45.0)], [None; 3]);
        compass.fill(&Cell::NONE, 6);
        assert_eq!(leaf(16.0, 30.0), Some(5));
    }

    #[test]
    fn all_leaves_on_one_line_still_make_a_grid() {
        let compass = Compass::new();
        compass.refine(&[[1.0, 2.0, 0.0]; 64], [1.0; 2]);
        compass.hint(&[1.0, 2.0, 0.0]).expect("a grid was made").mend(3);
        assert_eq!(compass.hint(&[1.0, 2.0, 9.0]).and_then(Hint::leaf), Some(3));
    }
}
