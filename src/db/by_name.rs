//! The methods of a namespace on the database, with the namespace's name first.
//!
//! Owns nothing: each is one line. Invariants: a write makes a geographic namespace that is
//! missing; a read of one is an error.

use crate::error::Result;
use crate::geom::{Box3, Metric, Point, Polygon, Rect};
use crate::query::{Query, Rows};
use crate::time::{Interval, Order};

use super::asking::Bounds;
use super::batch::check_track;
use super::database::Database;
use super::namespace::Object;
use super::past::{Interpolation, Trajectory};
use super::write::{Upsert, Written, check_update};

/// Writes.
impl Database {
    /// [`Namespace::upsert`](crate::Namespace::upsert) in the namespace of that name.
    pub fn upsert(
        &self,
        namespace: &str,
        id: &str,
        position: Point,
        payload: Option<&[u8]>,
    ) -> Result<Written> {
        self.upsert_with(namespace, id, position, &Upsert { payload, ..Upsert::default() })
    }

    /// [`Namespace::upsert_with`](crate::Namespace::upsert_with) in the namespace of that name.
    pub fn upsert_with(
        &self,
        namespace: &str,
        id: &str,
        position: Point,
        with: &Upsert<'_>,
    ) -> Result<Written> {
        const OPERATION: &str = "upsert";
        // What is refused does not make the namespace either.
        let check = |space| check_update(OPERATION, space, id, position, with);
        self.space_for_writing(OPERATION, namespace, check)?.upsert_with(id, position, with)
    }

    /// [`Namespace::insert_trajectory`](crate::Namespace::insert_trajectory) in the namespace of
    /// that name.
    pub fn insert_trajectory(
        &self,
        namespace: &str,
        id: &str,
        points: &[(i64, Point)],
    ) -> Result<usize> {
        const OPERATION: &str = "insert_trajectory";
        let check = |space| {
            check_track(OPERATION, space, id, points)?;
            self.check_keeps_history(OPERATION, namespace)
        };
        self.space_for_writing(OPERATION, namespace, check)?.insert_trajectory(id, points)
    }

    /// Removes an object from the present; its track stays. False if it was not there.
    pub fn delete(&self, namespace: &str, id: &str) -> Result<bool> {
        self.space("delete", namespace)?.delete(id)
    }
}

/// Reads.
impl Database {
    /// The present state of an object. See [`Namespace::get`](crate::Namespace::get).
    pub fn get(&self, namespace: &str, id: &str) -> Result<Option<Object>> {
        self.space("get", namespace)?.get(id)
    }

    /// How many objects are here. See [`Namespace::count`](crate::Namespace::count).
    pub fn count(&self, namespace: &str) -> Result<usize> {
        self.space("count", namespace)?.count()
    }

    /// Asks a question of the present. See [`Namespace::query`](crate::Namespace::query).
    pub fn query(&self, namespace: &str, query: &Query) -> Result<Rows> {
        self.space("query", namespace)?.query(query)
    }

    /// What is within `radius` of `center`, nearest first.
    /// See [`Namespace::query_radius`](crate::Namespace::query_radius).
    pub fn query_radius(
        &self,
        namespace: &str,
        center: Point,
        radius: f64,
        limit: usize,
    ) -> Result<Rows> {
        self.space("query_radius", namespace)?.query_radius(center, radius, limit)
    }

    /// What is in a box. See [`Namespace::query_bbox`](crate::Namespace::query_bbox).
    pub fn query_bbox(&self, namespace: &str, rect: Rect, limit: usize) -> Result<Rows> {
        self.space("query_bbox", namespace)?.query_bbox(rect, limit)
    }

    /// What is in a polygon. See [`Namespace::query_polygon`](crate::Namespace::query_polygon).
    pub fn query_polygon(&self, namespace: &str, polygon: &Polygon, limit: usize) -> Result<Rows> {
        self.space("query_polygon", namespace)?.query_polygon(polygon, limit)
    }

    /// What is in a cylinder, nearest first.
    /// See [`Namespace::query_within_cylinder`](crate::Namespace::query_within_cylinder).
    pub fn query_within_cylinder(
        &self,
        namespace: &str,
        center: Point,
        min_z: f64,
        max_z: f64,
        radius: f64,
        limit: usize,
    ) -> Result<Rows> {
        self.space("query_within_cylinder", namespace)?
            .query_within_cylinder(center, min_z, max_z, radius, limit)
    }

    /// What is in a box with altitudes.
    /// See [`Namespace::query_within_bbox_3d`](crate::Namespace::query_within_bbox_3d).
    pub fn query_within_bbox_3d(&self, namespace: &str, box3: Box3, limit: usize) -> Result<Rows> {
        self.space("query_within_bbox_3d", namespace)?.query_within_bbox_3d(box3, limit)
    }

    /// The `k` nearest to `center`. See [`Namespace::knn`](crate::Namespace::knn).
    pub fn knn(&self, namespace: &str, center: Point, k: usize) -> Result<Rows> {
        self.space("knn", namespace)?.knn(center, k)
    }

    /// What is within `radius` of an object, the object first.
    /// See [`Namespace::query_near`](crate::Namespace::query_near).
    pub fn query_near(&self, namespace: &str, id: &str, radius: f64, limit: usize) -> Result<Rows> {
        self.space("query_near", namespace)?.query_near(id, radius, limit)
    }

    /// What is in a box around an object.
    /// See [`Namespace::query_bbox_near_object`](crate::Namespace::query_bbox_near_object).
    pub fn query_bbox_near_object(
        &self,
        namespace: &str,
        id: &str,
        width: f64,
        height: f64,
        limit: usize,
    ) -> Result<Rows> {
        self.space("query_bbox_near_object", namespace)?
            .query_bbox_near_object(id, width, height, limit)
    }

    /// What is in a cylinder around an object.
    /// See [`Namespace::query_cylinder_near_object`](crate::Namespace::query_cylinder_near_object).
    pub fn query_cylinder_near_object(
        &self,
        namespace: &str,
        id: &str,
        min_z: f64,
        max_z: f64,
        radius: f64,
        limit: usize,
    ) -> Result<Rows> {
        self.space("query_cylinder_near_object", namespace)?
            .query_cylinder_near_object(id, min_z, max_z, radius, limit)
    }

    /// What is in a box with altitudes around an object.
    /// See [`Namespace::query_bbox_3d_near_object`](crate::Namespace::query_bbox_3d_near_object).
    pub fn query_bbox_3d_near_object(
        &self,
        namespace: &str,
        id: &str,
        width: f64,
        height: f64,
        depth: f64,
        limit: usize,
    ) -> Result<Rows> {
        self.space("query_bbox_3d_near_object", namespace)?
            .query_bbox_3d_near_object(id, width, height, depth, limit)
    }

    /// The `k` nearest to an object, the object first.
    /// See [`Namespace::knn_near_object`](crate::Namespace::knn_near_object).
    pub fn knn_near_object(&self, namespace: &str, id: &str, k: usize) -> Result<Rows> {
        self.space("knn_near_object", namespace)?.knn_near_object(id, k)
    }

    /// The distance between two objects.
    /// See [`Namespace::distance_between`](crate::Namespace::distance_between).
    pub fn distance_between(
        &self,
        namespace: &str,
        a: &str,
        b: &str,
        metric: Metric,
    ) -> Result<Option<f64>> {
        self.space("distance_between", namespace)?.distance_between(a, b, metric)
    }

    /// The distance from an object to a point.
    /// See [`Namespace::distance_to`](crate::Namespace::distance_to).
    pub fn distance_to(
        &self,
        namespace: &str,
        id: &str,
        point: Point,
        metric: Metric,
    ) -> Result<Option<f64>> {
        self.space("distance_to", namespace)?.distance_to(id, point, metric)
    }

    /// The smallest box around all objects.
    /// See [`Namespace::bounding_box`](crate::Namespace::bounding_box).
    pub fn bounding_box(&self, namespace: &str) -> Result<Option<Bounds>> {
        self.space("bounding_box", namespace)?.bounding_box()
    }

    /// The convex hull of all objects.
    /// See [`Namespace::convex_hull`](crate::Namespace::convex_hull).
    pub fn convex_hull(&self, namespace: &str) -> Result<Vec<(f64, f64)>> {
        self.space("convex_hull", namespace)?.convex_hull()
    }

    /// An object's positions within an interval, newest first.
    /// See [`Namespace::query_trajectory`](crate::Namespace::query_trajectory).
    pub fn query_trajectory(
        &self,
        namespace: &str,
        id: &str,
        interval: impl Into<Interval>,
        limit: usize,
    ) -> Result<Trajectory> {
        self.space("query_trajectory", namespace)?.query_trajectory(id, interval, limit)
    }

    /// An object's positions within an interval, in an order of choice.
    /// See [`Namespace::trajectory`](crate::Namespace::trajectory).
    pub fn trajectory(
        &self,
        namespace: &str,
        id: &str,
        interval: impl Into<Interval>,
        order: Order,
        limit: usize,
    ) -> Result<Trajectory> {
        self.space("trajectory", namespace)?.trajectory(id, interval, order, limit)
    }

    /// Where an object was at an instant.
    /// See [`Namespace::position_at`](crate::Namespace::position_at).
    pub fn position_at(
        &self,
        namespace: &str,
        id: &str,
        time_us: i64,
        interpolation: Interpolation,
    ) -> Result<Option<Point>> {
        self.space("position_at", namespace)?.position_at(id, time_us, interpolation)
    }
}
