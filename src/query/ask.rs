//! The one question: a region or the k nearest, around an origin, with a filter and a limit.
//!
//! Owns: the type, its builders and what they refuse. Does not own how a question is answered.
//! Invariants: a `Query` says nothing of where it runs; the same one is asked of now, of then, of
//! changes to come, and of a frozen file.

use std::time::Duration;

use smol_str::SmolStr;

use crate::error::{Error, Result};
use crate::geom::{Box3, Point, Polygon, Rect, Space};

/// What distances are taken from, and what a region is laid around.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A coordinate.
    Point(Point),
    /// An object, wherever it is when the query runs. It is part of the answer, first and at
    /// distance 0, unless [`Query::exclude_origin`] is asked for.
    Object(SmolStr),
    /// An object by its handle.
    Handle(u64),
}

impl From<Point> for Origin {
    fn from(point: Point) -> Self {
        Origin::Point(point)
    }
}

impl From<&str> for Origin {
    fn from(id: &str) -> Self {
        Origin::Object(SmolStr::new(id))
    }
}

/// The shape that is searched.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Circle { origin: Origin, radius: f64 },
    Sphere { origin: Origin, radius: f64 },
    Cylinder { origin: Origin, radius: f64, min_z: f64, max_z: f64 },
    Rect(Rect),
    Box3(Box3),
    RectAround { origin: Origin, width: f64, height: f64 },
    Box3Around { origin: Origin, width: f64, height: f64, depth: f64 },
    Polygon(Polygon),
    Everywhere,
    Nearest { origin: Origin, within: f64 },
}

/// Which objects of the shape count.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) id_prefix: Option<SmolStr>,
    pub(crate) since_us: i64,
    pub(crate) max_age: Option<Duration>,
    pub(crate) altitude: Option<(f64, f64)>,
}

/// A question about where things are.
///
/// ```
/// use spatio::{Point, Query};
/// let near_the_station = Query::circle(Point::new(13.3694, 52.5251), 500.0)
///     .id_prefix("bus:")
///     .limit(20);
/// let ten_around_a_bus = Query::nearest(10, "bus:100").exclude_origin();
/// # let _ = (near_the_station, ten_around_a_bus);
/// ```
#[derive(Clone, Debug)]
pub struct Query {
    pub(crate) shape: Shape,
    pub(crate) filter: Filter,
    pub(crate) limit: usize,
    pub(crate) exclude_origin: bool,
}

impl Query {
    fn new(shape: Shape) -> Self {
        let filter = Filter { id_prefix: None, since_us: i64::MIN, max_age: None, altitude: None };
        Query { shape, filter, limit: usize::MAX, exclude_origin: false }
    }

    /// Everything whose distance along the ground (or in the plane) from `origin` is at most
    /// `radius`, whatever its altitude; nearest first.
    pub fn circle(origin: impl Into<Origin>, radius: f64) -> Self {
        Query::new(Shape::Circle { origin: origin.into(), radius })
    }

    /// Everything whose distance, altitude included, from `origin` is at most `radius`; nearest
    /// first.
    pub fn sphere(origin: impl Into<Origin>, radius: f64) -> Self {
        Query::new(Shape::Sphere { origin: origin.into(), radius })
    }

    /// A circle of which only the altitudes from `min_z` to `max_z` count; nearest along the
    /// ground first.
    pub fn cylinder(origin: impl Into<Origin>, radius: f64, min_z: f64, max_z: f64) -> Self {
        Query::new(Shape::Cylinder { origin: origin.into(), radius, min_z, max_z })
    }

    /// Everything in a box, its border included; in no promised order.
    pub fn rect(rect: Rect) -> Self {
        Query::new(Shape::Rect(rect))
    }

    /// Everything in a box with altitudes, its border included; in no promised order.
    pub fn box3(box3: Box3) -> Self {
        Query::new(Shape::Box3(box3))
    }

    /// Everything in the box of `width` and `height` (degrees, or units) around `origin`; nearest
    /// to it along the ground first.
    pub fn rect_around(origin: impl Into<Origin>, width: f64, height: f64) -> Self {
        Query::new(Shape::RectAround { origin: origin.into(), width, height })
    }

    /// The same with a `depth` of altitudes (metres, or units); nearest, altitude included, first.
    pub fn box3_around(origin: impl Into<Origin>, width: f64, height: f64, depth: f64) -> Self {
        Query::new(Shape::Box3Around { origin: origin.into(), width, height, depth })
    }

    /// Everything in a polygon, its border included; in no promised order.
    pub fn polygon(polygon: Polygon) -> Self {
        Query::new(Shape::Polygon(polygon))
    }

    /// Everything there is; in no promised order.
    pub fn everywhere() -> Self {
        Query::new(Shape::Everywhere)
    }

    /// The `k` nearest to `origin`, altitude included; ties by id.
    pub fn nearest(k: usize, origin: impl Into<Origin>) -> Self {
        let within = f64::INFINITY;
        Query::new(Shape::Nearest { origin: origin.into(), within }).limit(k)
    }

    /// Of the nearest, only those within `distance` (metres, or units). Of use for
    /// [`Query::nearest`] alone; other shapes have their own size.
    #[must_use]
    pub fn within(mut self, distance: f64) -> Self {
        if let Shape::Nearest { within, .. } = &mut self.shape {
            *within = distance;
        }
        self
    }

    /// At most `limit` rows: the nearest where rows have a distance, else any.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Leaves the object out that the query is laid around.
    #[must_use]
    pub fn exclude_origin(mut self) -> Self {
        self.exclude_origin = true;
        self
    }

    /// Only objects whose id begins so.
    #[must_use]
    pub fn id_prefix(mut self, prefix: &str) -> Self {
        self.filter.id_prefix = Some(SmolStr::new(prefix));
        self
    }

    /// Only objects whose last update is of `time_us` or later, in event time.
    #[must_use]
    pub fn since(mut self, time_us: i64) -> Self {
        self.filter.since_us = time_us;
        self
    }

    /// Only objects whose last update is at most so long before the present of the database's
    /// clock.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.filter.max_age = Some(age);
        self
    }

    /// Only objects at these altitudes, both included.
    #[must_use]
    pub fn altitude(mut self, min_z: f64, max_z: f64) -> Self {
        self.filter.altitude = Some((min_z, max_z));
        self
    }

    /// Whether the answer depends on the present moment for another reason than expiry.
    pub(crate) fn reads_clock(&self) -> bool {
        self.filter.max_age.is_some()
    }

    /// What it is laid around, if anything.
    pub(crate) fn origin(&self) -> Option<&Origin> {
        match &self.shape {
            Shape::Circle { origin, .. }
            | Shape::Sphere { origin, .. }
            | Shape::Cylinder { origin, .. }
            | Shape::RectAround { origin, .. }
            | Shape::Box3Around { origin, .. }
            | Shape::Nearest { origin, .. } => Some(origin),
            Shape::Rect(_) | Shape::Box3(_) | Shape::Polygon(_) | Shape::Everywhere => None,
        }
    }

    /// Refuses what cannot be asked in `space`, naming the argument and its value.
    pub(crate) fn validate(&self, space: Space, operation: &'static str) -> Result<()> {
        if let Some(Origin::Point(point)) = self.origin() {
            space.validate(operation, *point)?;
        }
        if let Some((min, max)) = self.filter.altitude {
            check_span(operation, ("min_z", min), ("max_z", max))?;
        }
        match &self.shape {
            Shape::Circle { radius, .. } | Shape::Sphere { radius, .. } => {
                check_size(operation, "radius", *radius)
            }
            Shape::Cylinder { radius, min_z, max_z, .. } => {
                check_size(operation, "radius", *radius)?;
                check_span(operation, ("min_z", *min_z), ("max_z", *max_z))
            }
            Shape::RectAround { width, height, .. } => {
                check_size(operation, "width", *width)?;
                check_size(operation, "height", *height)
            }
            Shape::Box3Around { width, height, depth, .. } => {
                check_size(operation, "width", *width)?;
                check_size(operation, "height", *height)?;
                check_size(operation, "depth", *depth)
            }
            Shape::Rect(rect) => rect.validate(space, operation),
            Shape::Box3(box3) => box3.validate(space, operation),
            Shape::Polygon(polygon) => polygon.validate(space, operation),
            Shape::Nearest { within, .. } => match *within >= 0.0 {
                true => Ok(()),
                false => Err(Error::range(operation, "within", *within, "0 or more")),
            },
            Shape::Everywhere => Ok(()),
        }
    }
}

/// Refuses a size that is negative or not a number.
fn check_size(operation: &'static str, name: &str, value: f64) -> Result<()> {
    match value >= 0.0 && value.is_finite() {
        true => Ok(()),
        false => Err(Error::range(operation, name, value, "a finite number of 0 or more")),
    }
}

/// Refuses an inverted span or one that is not of numbers; its ends may be infinite.
fn check_span(operation: &'static str, min: (&str, f64), max: (&str, f64)) -> Result<()> {
    for (name, value) in [min, max] {
        if value.is_nan() {
            return Err(Error::range(operation, name, value, "a number"));
        }
    }
    match min.1 <= max.1 {
        true => Ok(()),
        false => {
            let message = format!("{} is {:?}, above {} {:?}", min.0, min.1, max.0, max.1);
            Err(Error::invalid(operation, message))
        }
    }
}
