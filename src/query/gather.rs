//! Collecting rows in no promised order: boxes, polygons, everywhere; and counting.
//!
//! Owns: the collector that pushes straight into the answer's columns. Does not own shapes with
//! an origin (`nearest.rs`). Invariants: at most `limit` rows are kept.

use std::ops::ControlFlow;

use crate::geom::Polygon;
use crate::hot::{Cell, Collector, Columns, DIMS, HotIndex, Leaf, Row};

use super::area::{Area, BLOCK};
use super::rows::Rows;
use super::sift::Sift;
use super::source::Source;

/// Pushes what lies in an area, and in a polygon if there is one, into `rows`.
pub(crate) struct Gather<'a, S> {
    pub(super) area: Area,
    pub(super) polygon: Option<&'a Polygon>,
    pub(super) sift: Sift<'a, S>,
    pub(super) limit: usize,
    /// The namespace's part of a handle.
    pub(super) base: u64,
    pub(super) rows: &'a mut Rows,
}

/// The lowest `count` of the bits.
#[inline]
fn first_bits(bits: u64, count: usize) -> u64 {
    if count >= BLOCK {
        return bits;
    }
    let mut rest = bits;
    for _ in 0..count {
        rest &= rest.wrapping_sub(1);
    }
    bits & !rest
}

impl<S: Source> Gather<'_, S> {
    /// Of the rows in the area, those that count.
    #[inline]
    fn sifted(&self, columns: &Columns, start: usize, bits: u64) -> u64 {
        if self.polygon.is_none() && self.sift.takes_all(columns) {
            return bits;
        }
        let (mut left, mut kept) = (bits, bits);
        while left != 0 {
            let lowest = left & left.wrapping_neg();
            let row = start + left.trailing_zeros() as usize;
            left ^= lowest;
            let spot = &columns.spots[row];
            if !self.sift.takes(columns, row) || !self.is_inside(spot.x, spot.y) {
                kept ^= lowest;
            }
        }
        kept
    }

    fn is_inside(&self, x: f64, y: f64) -> bool {
        self.polygon.is_none_or(|polygon| polygon.contains(x, y))
    }

    /// Where the rows lie that it wants.
    pub(crate) fn area(&self) -> &Area {
        &self.area
    }

    /// Whether it looks at the times or the ids of rows.
    pub(crate) fn looks_closer(&self) -> bool {
        self.sift.looks_closer()
    }

    /// Takes what it wants of some rows; `Break` once it has enough.
    #[inline]
    pub(crate) fn read_columns(&mut self, columns: &Columns) -> ControlFlow<()> {
        if self.sift.is_cancelled() {
            return ControlFlow::Break(());
        }
        for start in (0..columns.len()).step_by(BLOCK) {
            let bits = self.sifted(columns, start, self.area.rows(columns, start));
            let free = self.limit - self.rows.len();
            self.rows.extend(self.base, columns, start, first_bits(bits, free));
            if bits.count_ones() as usize > free {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}

impl Collector for Gather<'_, HotIndex> {
    #[inline]
    fn reaches(&self, cell: &Cell) -> bool {
        self.area.reaches(cell)
    }

    #[inline]
    fn is_one_box(&self) -> bool {
        self.area.is_one_box()
    }

    fn bounds(&self) -> ([f64; DIMS], [f64; DIMS]) {
        self.area.bounds()
    }

    fn focus(&self) -> Option<[f64; DIMS]> {
        None
    }

    fn read(&mut self, leaf: &Leaf) -> ControlFlow<()> {
        self.read_columns(leaf.columns())
    }

    fn read_moved(&mut self, row: &Row) {
        let handle = self.base | u64::from(row.index);
        let position = row.position;
        if self.rows.len() < self.limit
            && self.area.contains(position.x, position.y, position.z)
            && self.sift.takes_row(row)
            && self.is_inside(position.x, position.y)
            && !self.rows.handles.contains(&handle)
        {
            self.rows.push(handle, position, row.time_us, row.payload.clone());
        }
    }

    fn drop_repeated(&mut self) -> bool {
        let held = self.rows.len();
        self.rows.drop_repeated();
        self.rows.len() == held || held < self.limit
    }

    fn clear(&mut self) {
        self.rows.clear();
    }
}
