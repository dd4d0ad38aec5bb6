//! The objects of a pack as a source that the one query is asked of.
//!
//! Owns: showing a collector the rows of its area, from the tree. Does not own any test of a row:
//! the collectors are those that the hot index is read with. Invariants: a row's position is its
//! box, exactly; its time is filled in before the collector looks at it, or at the end.

use std::ops::ControlFlow;
use std::sync::Arc;

use smallvec::SmallVec;

use crate::error::{Error, Result};
use crate::format::pack::ObjectRecord;
use crate::geom::{Point, Rect, Space};
use crate::hot::{Columns, Spot};
use crate::packed::{BoxN, Visitor, Window};
use crate::query::{Area, Gather, Names, Nearest, Rows, Source};

use super::items::{Items, corrupt};

/// Rows that are shown together, unless a search is better off with fewer.
const TOGETHER: usize = 256;

/// The objects of a pack.
pub(super) struct Objects<const D: usize>(pub(super) Items<D>);

/// The position that a box stands for.
pub(super) fn position_of<const D: usize>(bounds: &BoxN<D>) -> Result<Point> {
    // Compared by their bits, as a zero has two signs.
    if bounds.min.map(f64::to_bits) != bounds.max.map(f64::to_bits) {
        return Err(corrupt(format!("an object lies at {bounds:?}, which is no point")));
    }
    let at = |axis: usize| bounds.min.get(axis).copied().unwrap_or(0.0);
    Ok(Point::new_3d(at(0), at(1), at(2)))
}

impl<const D: usize> Names for Objects<D> {
    fn name(&self, index: u32) -> Option<&str> {
        // What is damaged was met when the row was shown or completed.
        self.0.id(index).ok()
    }
}

impl<const D: usize> Source for Objects<D> {
    fn space(&self) -> Space {
        self.0.head.space
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn find(&self, id: &str) -> Result<Option<u32>> {
        self.0.find(id)
    }

    fn position(&self, index: u32, _now_us: i64) -> Result<Option<Point>> {
        // Nothing that had expired was frozen, and the present stands still.
        if index >= self.0.head.items {
            return Ok(None);
        }
        position_of(&self.0.bounds(index)?).map(Some)
    }

    fn order(&self, a: u32, b: u32) -> std::cmp::Ordering {
        a.cmp(&b)
    }

    fn gather(&self, gather: &mut Gather<'_, Self>) -> Result<()> {
        self.show(gather)
    }

    fn search(&self, nearest: &mut Nearest<'_, Self>) -> Result<()> {
        self.show(nearest)
    }

    fn complete(&self, rows: &mut Rows) -> Result<()> {
        rows.complete(|index| {
            let object = ObjectRecord::decode(self.0.record(index)?)?;
            Ok((object.time_us, object.payload.map(Arc::from)))
        })
    }
}

impl<const D: usize> Objects<D> {
    fn show(&self, collector: &mut impl Collects) -> Result<()> {
        let together = collector.together();
        let windows = windows_of(collector.area());
        let looks_closer = collector.looks_closer();
        let columns = Columns::default();
        let mut showing = Showing {
            items: &self.0,
            collector,
            windows,
            columns,
            together,
            looks_closer,
            failed: None,
        };
        self.0.index.tour(&mut showing)?;
        match showing.failed.take() {
            Some(error) => Err(error),
            None => {
                let _ = showing.hand_over();
                Ok(())
            }
        }
    }
}

/// The windows in the tree that an area comes to.
fn windows_of<const D: usize>(area: &Area) -> SmallVec<[Window<D>; 3]> {
    let is_flat = D < 3;
    if area.min_z > area.max_z || is_flat && !area.holds_altitude(0.0) {
        return SmallVec::new();
    }
    let window = |rect: &Rect| {
        let (mut min, mut max) = ([area.min_z; D], [area.max_z; D]);
        min[..2].copy_from_slice(&[rect.min_x, rect.min_y]);
        max[..2].copy_from_slice(&[rect.max_x, rect.max_y]);
        Window::new(BoxN::new(min, max))
    };
    area.ground.iter().map(window).collect()
}

/// What both collectors have in common here.
trait Collects {
    fn area(&self) -> &Area;
    /// Whether times or ids of rows are looked at.
    fn looks_closer(&self) -> bool;
    /// A lower bound of the distances in a box, if near ones should come first.
    fn nearness(&self, ground: &Rect) -> Option<f64>;
    /// How many rows to show together.
    fn together(&self) -> usize;
    fn read_columns(&mut self, columns: &Columns) -> ControlFlow<()>;
    /// Whether the area may have become smaller.
    fn learns(&self) -> bool;
}

impl<S: Source> Collects for Gather<'_, S> {
    fn area(&self) -> &Area {
        Gather::area(self)
    }

    fn looks_closer(&self) -> bool {
        Gather::looks_closer(self)
    }

    fn nearness(&self, _ground: &Rect) -> Option<f64> {
        None
    }

    fn together(&self) -> usize {
        TOGETHER
    }

    fn read_columns(&mut self, columns: &Columns) -> ControlFlow<()> {
        Gather::read_columns(self, columns)
    }

    fn learns(&self) -> bool {
        false
    }
}

impl<S: Source> Collects for Nearest<'_, S> {
    fn area(&self) -> &Area {
        Nearest::area(self)
    }

    fn looks_closer(&self) -> bool {
        Nearest::looks_closer(self)
    }

    fn nearness(&self, ground: &Rect) -> Option<f64> {
        Nearest::learns(self).then(|| self.from().lower_bound_key(ground))
    }

    fn together(&self) -> usize {
        // What keeps the best looks at all of them each time, so many are kept at once.
        self.limit().clamp(1, 4 * TOGETHER)
    }

    fn read_columns(&mut self, columns: &Columns) -> ControlFlow<()> {
        Nearest::read_columns(self, columns)
    }

    fn learns(&self) -> bool {
        Nearest::learns(self)
    }
}

/// Shows a collector what the tree shows.
struct Showing<'a, const D: usize, C> {
    items: &'a Items<D>,
    collector: &'a mut C,
    windows: SmallVec<[Window<D>; 3]>,
    columns: Columns,
    together: usize,
    looks_closer: bool,
    failed: Option<Error>,
}

impl<const D: usize, C: Collects> Showing<'_, D, C> {
    fn hand_over(&mut self) -> ControlFlow<()> {
        let read = self.collector.read_columns(&self.columns);
        self.columns.spots.clear();
        self.columns.z.clear();
        if self.collector.learns() {
            self.windows = windows_of(self.collector.area());
        }
        read
    }

    fn add(&mut self, rank: usize, index: u32, bounds: &BoxN<D>) -> Result<()> {
        let Point { x, y, z } = position_of(bounds)?;
        let mut time_us = 0;
        if self.looks_closer {
            // Its name will be asked for by its number.
            self.items.confirm(rank, index)?;
            let record = self.items.record_at(rank, index, Some(bounds))?;
            time_us = ObjectRecord::decode(record)?.time_us;
        }
        self.columns.spots.push(Spot { x, y, time_us, index });
        if D == 3 {
            self.columns.z.push(z);
        }
        Ok(())
    }
}

impl<const D: usize, C: Collects> Visitor<D> for Showing<'_, D, C> {
    #[inline(always)]
    fn windows(&self) -> &[Window<D>] {
        &self.windows
    }

    fn nearness(&self, bounds: &BoxN<D>) -> Option<f64> {
        let (min, max) = (bounds.min, bounds.max);
        self.collector.nearness(&Rect::new(min[0], min[1], max[0], max[1]))
    }

    fn item(&mut self, rank: usize, id: u32, bounds: &BoxN<D>) -> ControlFlow<()> {
        match self.add(rank, id, bounds) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn pause(&mut self) -> ControlFlow<()> {
        match self.columns.len() < self.together {
            true => ControlFlow::Continue(()),
            false => self.hand_over(),
        }
    }
}
