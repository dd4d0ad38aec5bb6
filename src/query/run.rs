//! Answering a question, from the hot index or from a frozen file.
//!
//! Owns: finding the origin, choosing the collector, and giving an object-centred box its sides.
//! Does not own how a collector works. Invariants: nothing is written into the answer if the
//! question is refused.

use std::sync::Arc;

use crate::cancel::Cancel;
use crate::error::{Error, ErrorKind, Result};
use crate::geom::{DistanceFrom, Point, Rect, Space};

use super::area::Area;
use super::ask::{Origin, Query, Shape};
use super::gather::Gather;
use super::nearest::{Measure, Nearest, Search};
use super::rows::Rows;
use super::sift::Sift;
use super::source::Source;

/// The objects that a question is asked of.
pub(crate) struct Asked<'a, S> {
    pub(crate) source: &'a Arc<S>,
    /// The namespace's part of a handle.
    pub(crate) base: u64,
    pub(crate) now_us: i64,
    /// The public operation, for errors.
    pub(crate) operation: &'static str,
    /// Ends it early.
    pub(crate) cancel: Option<&'a Cancel>,
}

impl<S: Source> Asked<'_, S> {
    /// Answers `query` into `rows`, whose former content goes.
    pub(crate) fn run(&self, query: &Query, rows: &mut Rows) -> Result<()> {
        self.check_cancelled()?;
        query.validate(self.source.space(), self.operation)?;
        let origin = query.origin().map(|origin| self.find(origin)).transpose()?;
        rows.begin(self.source);
        let object = origin.and_then(|(_, index)| index);
        let excluded = object.filter(|_| query.exclude_origin);
        let sift = Sift::new(&**self.source, &query.filter, self.now_us, excluded, self.cancel);
        let answered = match origin {
            None => self.gather(query, sift, rows),
            Some((center, _)) => self.search(query, (center, object), sift, rows),
        };
        answered
            .and_then(|()| self.source.complete(rows))
            .map_err(|error| error.during(self.operation))
            .and_then(|()| self.check_cancelled())
            .inspect_err(|_| rows.clear())
    }

    fn check_cancelled(&self) -> Result<()> {
        self.cancel.map_or(Ok(()), |cancel| cancel.check(self.operation))
    }

    /// The position of an origin, and its index if it is an object.
    fn find(&self, origin: &Origin) -> Result<(Point, Option<u32>)> {
        let index = match origin {
            Origin::Point(point) => return Ok((*point, None)),
            Origin::Object(id) => self.source.find(id)?,
            Origin::Handle(handle) if handle & !u64::from(u32::MAX) == self.base => {
                Some(*handle as u32)
            }
            Origin::Handle(_) => None,
        };
        let live = index.map(|index| self.source.position(index, self.now_us)).transpose()?;
        match live.flatten() {
            Some(position) => Ok((position, index)),
            None => {
                let message = match origin {
                    Origin::Object(id) => format!("object {id:?} is not here"),
                    other => format!("{other:?} is not here"),
                };
                Err(Error::new(ErrorKind::NotFound, self.operation, message))
            }
        }
    }

    fn gather(&self, query: &Query, sift: Sift<'_, S>, rows: &mut Rows) -> Result<()> {
        let space = self.source.space();
        let (area, polygon) = match &query.shape {
            Shape::Rect(rect) => (Area::of(rect.split(space)), None),
            Shape::Box3(box3) => {
                (Area::of(box3.ground().split(space)).between(box3.min_z, box3.max_z), None)
            }
            Shape::Polygon(polygon) => (Area::of(polygon.bounds().into()), Some(polygon)),
            _ => (Area::everywhere(), None),
        };
        let area = filtered(area, query);
        let (limit, base) = (query.limit, self.base);
        self.source.gather(&mut Gather { area, polygon, sift, limit, base, rows })
    }

    fn search(
        &self,
        query: &Query,
        (center, origin): (Point, Option<u32>),
        sift: Sift<'_, S>,
        rows: &mut Rows,
    ) -> Result<()> {
        let space = self.source.space();
        let from = DistanceFrom::new(space, center);
        let circle = |radius| Area::circle(space, &from, radius);
        let (measure, radius, area) = match query.shape {
            Shape::Circle { radius, .. } => (Measure::Ground, radius, circle(radius)),
            Shape::Cylinder { radius, min_z, max_z, .. } => {
                (Measure::Ground, radius, circle(radius).between(min_z, max_z))
            }
            Shape::RectAround { width, height, .. } => {
                let ground = rect_around(space, center, width, height).split(space);
                (Measure::Ground, f64::INFINITY, Area::of(ground))
            }
            Shape::Box3Around { width, height, depth, .. } => {
                let ground = rect_around(space, center, width, height).split(space);
                let (min_z, max_z) = (center.z - depth / 2.0, center.z + depth / 2.0);
                (Measure::Solid, f64::INFINITY, Area::of(ground).between(min_z, max_z))
            }
            Shape::Sphere { radius, .. } | Shape::Nearest { within: radius, .. } => {
                (Measure::Solid, radius, Area::sphere(space, &from, radius))
            }
            // Shapes without an origin are gathered.
            Shape::Rect(_) | Shape::Box3(_) | Shape::Polygon(_) | Shape::Everywhere => {
                return Ok(());
            }
        };
        let mut best = std::mem::take(&mut rows.best);
        let search = Search {
            source: &**self.source,
            from,
            measure,
            area: filtered(area, query),
            sift,
            limit: query.limit,
            radius,
            is_box: matches!(query.shape, Shape::RectAround { .. } | Shape::Box3Around { .. }),
            origin,
        };
        let mut nearest = Nearest::new(search, &mut best);
        let searched = self.source.search(&mut nearest);
        nearest.finish(self.base, rows);
        rows.best = best;
        searched
    }
}

/// The area without the altitudes that the filter leaves out.
fn filtered(area: Area, query: &Query) -> Area {
    match query.filter.altitude {
        Some((min_z, max_z)) => area.between(min_z, max_z),
        None => area,
    }
}

/// The box of a width and height around a center; on the globe it wraps and ends at the poles.
fn rect_around(space: Space, center: Point, width: f64, height: f64) -> Rect {
    let (min_y, max_y) = (center.y - height / 2.0, center.y + height / 2.0);
    let (min_x, max_x) = (center.x - width / 2.0, center.x + width / 2.0);
    match space {
        Space::Cartesian => Rect::new(min_x, min_y, max_x, max_y),
        Space::Geographic if width >= 360.0 => {
            Rect::new(-180.0, min_y.max(-90.0), 180.0, max_y.min(90.0))
        }
        Space::Geographic => {
            let west = if min_x < -180.0 { min_x + 360.0 } else { min_x };
            let east = if max_x > 180.0 { max_x - 360.0 } else { max_x };
            Rect::new(west, min_y.max(-90.0), east, max_y.min(90.0))
        }
    }
}
