//! Questions about now: the one query, and its forms under the names that users know.
//!
//! Owns: one line for each name. Does not own what a query means (`query`). Invariants: every
//! method that takes a limit treats it as the query's own limit.

use crate::cancel::Cancel;
use crate::error::Result;
use crate::geom::{Box3, Metric, Point, Polygon, Rect, convex_hull};
use crate::query::{Asked, Origin, Query, Rows};

use super::limits::check_id;
use super::namespace::Namespace;

/// The smallest box around all objects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// West, south, lowest.
    pub min: Point,
    /// East, north, highest.
    pub max: Point,
}

impl Namespace {
    /// Asks a question of the present.
    pub fn query(&self, query: &Query) -> Result<Rows> {
        self.ask("query", query)
    }

    /// The same into rows that are used again, so that nothing is allocated once they have grown.
    pub fn query_into(&self, query: &Query, rows: &mut Rows) -> Result<()> {
        self.ask_into("query_into", query, rows, None)
    }

    /// The same, ended early with an error when `cancel` is fired meanwhile.
    pub fn query_unless(&self, cancel: &Cancel, query: &Query, rows: &mut Rows) -> Result<()> {
        self.ask_into("query_unless", query, rows, Some(cancel))
    }

    fn ask(&self, operation: &'static str, query: &Query) -> Result<Rows> {
        let mut rows = Rows::new();
        self.ask_into(operation, query, &mut rows, None)?;
        Ok(rows)
    }

    fn ask_into(
        &self,
        operation: &'static str,
        query: &Query,
        rows: &mut Rows,
        cancel: Option<&Cancel>,
    ) -> Result<()> {
        self.core.check_open(operation)?;
        if let Some(Origin::Object(id)) = query.origin() {
            check_id(operation, "id", id)?;
        }
        let now_us = match query.reads_clock() {
            true => self.core.clock.now_us(),
            false => self.now_us(),
        };
        let base = self.place.base();
        Asked { source: &self.place.hot, base, now_us, operation, cancel }.run(query, rows)
    }

    /// What is within `radius` (metres, or units) of `center`, altitude included, nearest first.
    pub fn query_radius(&self, center: Point, radius: f64, limit: usize) -> Result<Rows> {
        self.ask("query_radius", &Query::sphere(center, radius).limit(limit))
    }

    /// What is in a box; `min_x` above `max_x` crosses the antimeridian.
    pub fn query_bbox(&self, rect: Rect, limit: usize) -> Result<Rows> {
        self.ask("query_bbox", &Query::rect(rect).limit(limit))
    }

    /// What is in a polygon, its border included.
    pub fn query_polygon(&self, polygon: &Polygon, limit: usize) -> Result<Rows> {
        self.ask("query_polygon", &Query::polygon(polygon.clone()).limit(limit))
    }

    /// What is within `radius` along the ground and between two altitudes, nearest first.
    pub fn query_within_cylinder(
        &self,
        center: Point,
        min_z: f64,
        max_z: f64,
        radius: f64,
        limit: usize,
    ) -> Result<Rows> {
        let query = Query::cylinder(center, radius, min_z, max_z).limit(limit);
        self.ask("query_within_cylinder", &query)
    }

    /// What is in a box with altitudes.
    pub fn query_within_bbox_3d(&self, box3: Box3, limit: usize) -> Result<Rows> {
        self.ask("query_within_bbox_3d", &Query::box3(box3).limit(limit))
    }

    /// The `k` nearest to `center`, altitude included.
    pub fn knn(&self, center: Point, k: usize) -> Result<Rows> {
        self.ask("knn", &Query::nearest(k, center))
    }

    /// What is within `radius` of an object, the object itself first.
    pub fn query_near(&self, id: &str, radius: f64, limit: usize) -> Result<Rows> {
        self.ask("query_near", &Query::sphere(id, radius).limit(limit))
    }

    /// What is in a box of `width` and `height` (degrees, or units) around an object.
    pub fn query_bbox_near_object(
        &self,
        id: &str,
        width: f64,
        height: f64,
        limit: usize,
    ) -> Result<Rows> {
        let query = Query::rect_around(id, width, height).limit(limit);
        self.ask("query_bbox_near_object", &query)
    }

    /// What is within `radius` of an object along the ground, between two altitudes.
    pub fn query_cylinder_near_object(
        &self,
        id: &str,
        min_z: f64,
        max_z: f64,
        radius: f64,
        limit: usize,
    ) -> Result<Rows> {
        let query = Query::cylinder(id, radius, min_z, max_z).limit(limit);
        self.ask("query_cylinder_near_object", &query)
    }

    /// What is in a box of `width`, `height` (degrees, or units) and `depth` (metres, or units)
    /// around an object.
    pub fn query_bbox_3d_near_object(
        &self,
        id: &str,
        width: f64,
        height: f64,
        depth: f64,
        limit: usize,
    ) -> Result<Rows> {
        let query = Query::box3_around(id, width, height, depth).limit(limit);
        self.ask("query_bbox_3d_near_object", &query)
    }

    /// The `k` nearest to an object, the object itself first.
    pub fn knn_near_object(&self, id: &str, k: usize) -> Result<Rows> {
        self.ask("knn_near_object", &Query::nearest(k, id))
    }

    /// The distance between two objects; `None` if one is not here.
    pub fn distance_between(&self, a: &str, b: &str, metric: Metric) -> Result<Option<f64>> {
        const OPERATION: &str = "distance_between";
        let position_of = |id| self.position_of(OPERATION, id);
        let (Some(a), Some(b)) = (position_of(a)?, position_of(b)?) else { return Ok(None) };
        let distance = self.space().distance_by(metric, a, b);
        distance.map(Some).map_err(|error| error.during(OPERATION))
    }

    /// The distance from an object to a point; `None` if it is not here.
    pub fn distance_to(&self, id: &str, point: Point, metric: Metric) -> Result<Option<f64>> {
        const OPERATION: &str = "distance_to";
        self.space().validate(OPERATION, point)?;
        let Some(position) = self.position_of(OPERATION, id)? else { return Ok(None) };
        let distance = self.space().distance_by(metric, position, point);
        distance.map(Some).map_err(|error| error.during(OPERATION))
    }

    fn position_of(&self, operation: &'static str, id: &str) -> Result<Option<Point>> {
        let object = self.get(id).map_err(|error| error.during(operation))?;
        Ok(object.map(|object| object.position))
    }

    /// How many objects are here, those that expired left out.
    pub fn count(&self) -> Result<usize> {
        match self.now_us() {
            i64::MIN => self.core.check_open("count").map(|()| self.len()),
            _ => Ok(self.ask("count", &Query::everywhere())?.len()),
        }
    }

    /// The smallest box around all objects, in plain numbers (it does not wrap); `None` without
    /// objects.
    pub fn bounding_box(&self) -> Result<Option<Bounds>> {
        let rows = self.ask("bounding_box", &Query::everywhere())?;
        let span = |column: &[f64]| {
            column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), &value| {
                (min.min(value), max.max(value))
            })
        };
        let (x, y, z) = (span(rows.x()), span(rows.y()), span(rows.z()));
        Ok((!rows.is_empty()).then_some(Bounds {
            min: Point::new_3d(x.0, y.0, z.0),
            max: Point::new_3d(x.1, y.1, z.1),
        }))
    }

    /// The convex hull of all objects in the plane of x and y, as a closed ring against the clock;
    /// empty without objects.
    pub fn convex_hull(&self) -> Result<Vec<(f64, f64)>> {
        let rows = self.ask("convex_hull", &Query::everywhere())?;
        Ok(convex_hull(rows.x().iter().copied().zip(rows.y().iter().copied())))
    }
}
