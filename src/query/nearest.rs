//! Collecting rows by distance from an origin: circles, spheres, cylinders, boxes around an
//! origin, and the k nearest, which are all one search.
//!
//! Owns: the collector that keeps the best `limit` rows and shrinks the area as it learns. Does
//! not own the walk. Invariants: the order is by distance, then the origin's object before
//! others, then by id; the area always holds every row that could still be among the best.

use std::ops::ControlFlow;

use crate::geom::{DistanceFrom, Point, Space};
use crate::hot::{Cell, Collector, Columns, DIMS, HotIndex, Leaf, Payload, Row};

use super::area::{Area, BLOCK, bits_of};
use super::best::Best;
use super::rows::Rows;
use super::sift::Sift;
use super::source::Source;

/// How a row's distance is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Along the ground, whatever the altitude.
    Ground,
    /// With the altitude.
    Solid,
}

/// Keeps the `limit` nearest rows within `radius`.
pub(crate) struct Nearest<'a, S> {
    source: &'a S,
    from: DistanceFrom,
    measure: Measure,
    /// What the shape itself allows, before anything is learnt.
    whole: Area,
    area: Area,
    sift: Sift<'a, S>,
    limit: usize,
    radius: f64,
    /// A row further than this is surely not among the best.
    reach: f64,
    /// The key beyond which a row need not be measured.
    reach_key: f64,
    is_box: bool,
    /// The object the search is laid around.
    origin: Option<u32>,
    best: &'a mut Best,
}

/// What a search by distance is made of.
pub(super) struct Search<'a, S> {
    pub(super) source: &'a S,
    pub(super) from: DistanceFrom,
    pub(super) measure: Measure,
    pub(super) area: Area,
    pub(super) sift: Sift<'a, S>,
    pub(super) limit: usize,
    pub(super) radius: f64,
    /// Whether the shape is a box, whose sides are part of the test.
    pub(super) is_box: bool,
    pub(super) origin: Option<u32>,
}

impl<'a, S: Source> Nearest<'a, S> {
    pub(super) fn new(search: Search<'a, S>, best: &'a mut Best) -> Self {
        best.clear();
        let Search { source, from, measure, area, sift, limit, radius, is_box, origin } = search;
        let reach_key = from.key_of(radius);
        Nearest {
            source,
            from,
            measure,
            whole: area,
            area,
            sift,
            limit,
            radius,
            reach: radius,
            reach_key,
            is_box,
            origin,
            best,
        }
    }

    fn space(&self) -> Space {
        self.source.space()
    }

    /// Adds a row if it is within reach.
    #[inline]
    fn consider(&mut self, index: u32, position: Point, rest: impl FnOnce() -> (i64, Payload)) {
        let key = self.from.key(position.x, position.y);
        if key > self.reach_key {
            return;
        }
        let distance = match self.measure {
            Measure::Ground => self.from.distance_of(key),
            Measure::Solid => self.from.solid_of(key, position.z),
        };
        if distance <= self.reach {
            self.best.push(distance, index, position, rest());
        }
    }

    /// Drops all but the best, and learns from the worst of them how far it is worth to look.
    fn keep_best(&mut self) {
        let worst = self.best.keep(self.limit, self.source, self.origin);
        if worst < self.reach {
            self.reach = worst;
            self.reach_key = self.from.key_of(worst);
            if !self.is_box {
                self.area = self.area_within(worst);
            }
        }
    }

    /// The part of the shape within `distance` of the origin.
    fn area_within(&self, distance: f64) -> Area {
        let near = match self.measure {
            Measure::Ground => Area::circle(self.space(), &self.from, distance),
            Measure::Solid => Area::sphere(self.space(), &self.from, distance),
        };
        near.between(self.whole.min_z, self.whole.max_z)
    }

    #[inline]
    fn read_row(&mut self, columns: &Columns, row: usize) {
        if !self.sift.takes(columns, row) {
            return;
        }
        let spot = &columns.spots[row];
        self.consider(spot.index, columns.position(row), || (spot.time_us, columns.payload(row)));
    }

    /// Whether the distance alone says which rows count, and costs less than to look at the box
    /// first: so it is in the plane, on the ground.
    #[inline]
    fn measures_all(&self, columns: &Columns) -> bool {
        let is_flat = columns.z.is_empty() && self.area.holds_altitude(0.0);
        self.space() == Space::Cartesian && !self.is_box && is_flat
    }

    /// Which of the rows from `start` on, at most [`BLOCK`], are to be measured: bit `i` is row
    /// `start + i`.
    #[inline]
    fn rows_within_reach(&self, columns: &Columns, start: usize) -> u64 {
        let end = (start + BLOCK).min(columns.len());
        let (from, reach_key) = (self.from, self.reach_key);
        bits_of(&columns.spots[start..end], |spot| from.key(spot.x, spot.y) <= reach_key)
    }

    /// Reads the rows from `start` on whose bit is set.
    #[inline]
    fn read_block(&mut self, columns: &Columns, start: usize, mut bits: u64) {
        let is_plain = self.sift.takes_all(columns) && !columns.has_payload;
        self.best.reserve(bits.count_ones() as usize);
        while bits != 0 {
            let row = start + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            if is_plain {
                let spot = &columns.spots[row];
                self.consider(spot.index, columns.position(row), || (spot.time_us, None));
            } else {
                self.read_row(columns, row);
            }
        }
    }

    /// Whether no more rows are wanted: the caller cancelled, or wants none.
    #[inline]
    fn has_enough(&self) -> bool {
        self.sift.is_cancelled() || self.limit == 0
    }

    /// Reads some rows.
    #[inline]
    fn read_rows(&mut self, columns: &Columns) {
        for start in (0..columns.len()).step_by(BLOCK) {
            let bits = match self.measures_all(columns) {
                true => self.rows_within_reach(columns, start),
                false => self.area.rows(columns, start),
            };
            self.read_block(columns, start, bits);
        }
    }

    #[inline]
    fn learn(&mut self) {
        if self.best.len() >= self.limit {
            self.keep_best();
        }
    }

    /// Takes what it wants of some rows; `Break` if no more are wanted. The area may be smaller
    /// afterwards.
    pub(crate) fn read_columns(&mut self, columns: &Columns) -> ControlFlow<()> {
        if self.has_enough() {
            return ControlFlow::Break(());
        }
        self.read_rows(columns);
        self.learn();
        ControlFlow::Continue(())
    }

    /// Where rows may lie that could still be among the best.
    pub(crate) fn area(&self) -> &Area {
        &self.area
    }

    /// What distances are taken from.
    pub(crate) fn from(&self) -> &DistanceFrom {
        &self.from
    }

    /// How many rows are wanted at most.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Whether it looks at the times or the ids of rows.
    pub(crate) fn looks_closer(&self) -> bool {
        self.sift.looks_closer()
    }

    /// Whether anything is learnt from what is nearest; not if all there is may be among the best.
    pub(crate) fn learns(&self) -> bool {
        self.limit < self.source.len()
    }

    /// Writes what was found into the answer's columns.
    pub(super) fn finish(self, base: u64, rows: &mut Rows) {
        self.best.finish(self.limit, (self.source, self.origin), base, rows);
    }
}

impl Nearest<'_, HotIndex> {
    /// Reads rows that share one place, which has one distance: the first by id are the best.
    fn read_pile(&mut self, leaf: &Leaf) -> bool {
        let Some(order) = leaf.order() else { return false };
        let columns = leaf.columns();
        let [x, y, z] = columns.coordinates(0);
        if !self.whole.contains(x, y, z) {
            return true;
        }
        let (before, first) = (self.best.len(), self.best.added());
        // The leaf is locked, so the rows of its objects stay where they are.
        let hot = self.source;
        let row_here = |index| {
            let row = hot.row_in_locked_leaf(index)?;
            columns.spots.get(row).is_some_and(|spot| spot.index == index).then_some(row)
        };
        let origin = self.origin.filter(|&origin| row_here(origin).is_some());
        let is_here = |index| row_here(index).is_some();
        order.read(
            &columns.spots,
            is_here,
            |index| hot.ids.smol(index).cloned(),
            |sorted| {
                let others = sorted.filter(|&index| Some(index) != origin);
                for row in origin.into_iter().chain(others).filter_map(row_here) {
                    if self.best.len() - before >= self.limit {
                        break;
                    }
                    self.read_row(columns, row);
                }
            },
        );
        self.best.settle_from(first);
        true
    }
}

impl Collector for Nearest<'_, HotIndex> {
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
        if !self.learns() {
            return None;
        }
        let origin = self.from.origin();
        Some([origin.x, origin.y, origin.z])
    }

    fn read(&mut self, leaf: &Leaf) -> ControlFlow<()> {
        if self.has_enough() {
            return ControlFlow::Break(());
        }
        if !self.read_pile(leaf) {
            self.read_rows(leaf.columns());
        }
        self.learn();
        ControlFlow::Continue(())
    }

    fn read_moved(&mut self, row: &Row) {
        let Point { x, y, z } = row.position;
        let is_new = !self.best.holds(row);
        if self.limit > 0 && is_new && self.whole.contains(x, y, z) && self.sift.takes_row(row) {
            self.consider(row.index, row.position, || (row.time_us, row.payload.clone()));
            if self.best.len() >= self.limit {
                self.keep_best();
            }
        }
    }

    fn drop_repeated(&mut self) -> bool {
        let held = self.best.len();
        // A repeated row that took a place among the best has pushed another object out.
        self.best.drop_repeated() || held < self.limit
    }

    fn clear(&mut self) {
        self.best.clear();
        self.area = self.whole;
        self.reach = self.radius;
        self.reach_key = self.from.key_of(self.radius);
    }
}
