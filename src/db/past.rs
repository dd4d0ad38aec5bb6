//! Questions about then: an object's track, and where it was at an instant.
//!
//! Owns: the form of the answers and interpolation's choice of neighbours. Does not own how the
//! log finds them. Invariants: what is buffered and not yet in the file is part of every answer.

use crate::error::{Error, ErrorKind, Result};
use crate::geom::{Point, interpolate};
use crate::log::HistoryPoint;
use crate::time::{Interval, Order};

use super::namespace::Namespace;

/// A piece of an object's track, a column for each field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trajectory {
    /// Event times in microseconds since 1970-01-01 UTC.
    pub time_us: Vec<i64>,
    /// Longitudes in degrees, or x.
    pub x: Vec<f64>,
    /// Latitudes in degrees, or y.
    pub y: Vec<f64>,
    /// Altitudes in metres, or z.
    pub z: Vec<f64>,
}

impl Trajectory {
    /// Number of positions.
    pub fn len(&self) -> usize {
        self.time_us.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.time_us.is_empty()
    }

    /// The positions with their times, one after the other.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (i64, Point)> {
        (0..self.len())
            .map(|row| (self.time_us[row], Point::new_3d(self.x[row], self.y[row], self.z[row])))
    }

    fn from_points(points: &[HistoryPoint]) -> Self {
        Trajectory {
            time_us: points.iter().map(|point| point.time_us).collect(),
            x: points.iter().map(|point| point.position.x).collect(),
            y: points.iter().map(|point| point.position.y).collect(),
            z: points.iter().map(|point| point.position.z).collect(),
        }
    }
}

/// Where an object is taken to be between two known positions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolation {
    /// On the straight line between them, the short way over the antimeridian; after the last
    /// known position, there.
    #[default]
    Linear,
    /// At the last one known.
    Last,
}

pub(super) fn keeps_no_history(operation: &'static str, name: &str) -> Error {
    let message = format!("namespace {name:?} keeps no history");
    Error::new(ErrorKind::Unsupported, operation, message)
}

impl Namespace {
    /// Refuses a question about then of a closed database or of a namespace without histories.
    pub(crate) fn check_past(&self, operation: &'static str) -> Result<()> {
        self.core.check_open(operation)?;
        self.check_history(operation)
    }

    /// Refuses a question about then in a namespace that keeps no histories.
    pub(super) fn check_history(&self, operation: &'static str) -> Result<()> {
        if self.has_history() {
            return Ok(());
        }
        Err(keeps_no_history(operation, self.name()))
    }

    /// An object's positions within an interval, newest first; a limit keeps the newest.
    pub fn query_trajectory(
        &self,
        id: &str,
        interval: impl Into<Interval>,
        limit: usize,
    ) -> Result<Trajectory> {
        self.track("query_trajectory", id, interval.into(), Order::NewestFirst, limit)
    }

    /// The same in an order of choice; a limit keeps the first in that order.
    pub fn trajectory(
        &self,
        id: &str,
        interval: impl Into<Interval>,
        order: Order,
        limit: usize,
    ) -> Result<Trajectory> {
        self.track("trajectory", id, interval.into(), order, limit)
    }

    fn track(
        &self,
        operation: &'static str,
        id: &str,
        interval: Interval,
        order: Order,
        limit: usize,
    ) -> Result<Trajectory> {
        self.core.check_open(operation)?;
        interval.validate(operation)?;
        self.check_history(operation)?;
        let index = self.index_of(operation, id)?;
        self.track_of(index, interval, order, limit)
    }

    /// The same by handle.
    pub fn trajectory_by_handle(
        &self,
        handle: u64,
        interval: impl Into<Interval>,
        order: Order,
        limit: usize,
    ) -> Result<Trajectory> {
        const OPERATION: &str = "trajectory";
        let interval = interval.into();
        self.core.check_open(OPERATION)?;
        interval.validate(OPERATION)?;
        self.check_history(OPERATION)?;
        self.track_of(self.place.index(OPERATION, handle)?, interval, order, limit)
    }

    fn track_of(
        &self,
        index: u32,
        interval: Interval,
        order: Order,
        limit: usize,
    ) -> Result<Trajectory> {
        let handle = self.place.handle(index);
        let mut points = Vec::new();
        if let Some(log) = self.core.log() {
            log.trajectory(handle, interval, order, limit, &mut points)?;
        }
        Ok(Trajectory::from_points(&points))
    }

    /// Where an object was at an instant; `None` before its first known position.
    pub fn position_at(
        &self,
        id: &str,
        time_us: i64,
        interpolation: Interpolation,
    ) -> Result<Option<Point>> {
        const OPERATION: &str = "position_at";
        self.core.check_open(OPERATION)?;
        self.check_history(OPERATION)?;
        self.position_of_index(self.index_of(OPERATION, id)?, time_us, interpolation)
    }

    /// The same by handle.
    pub fn position_at_by_handle(
        &self,
        handle: u64,
        time_us: i64,
        interpolation: Interpolation,
    ) -> Result<Option<Point>> {
        const OPERATION: &str = "position_at";
        self.core.check_open(OPERATION)?;
        self.check_history(OPERATION)?;
        self.position_of_index(self.place.index(OPERATION, handle)?, time_us, interpolation)
    }

    fn position_of_index(
        &self,
        index: u32,
        time_us: i64,
        interpolation: Interpolation,
    ) -> Result<Option<Point>> {
        let handle = self.place.handle(index);
        let Some(log) = self.core.log() else { return Ok(None) };
        let (before, after) = log.neighbours(handle, time_us)?;
        Ok(match (before, after, interpolation) {
            (None, _, _) => None,
            (Some(a), Some(b), Interpolation::Linear) if a.time_us < time_us => {
                let ends = ((a.time_us, a.position), (b.time_us, b.position));
                Some(interpolate(self.space(), ends.0, ends.1, time_us))
            }
            (Some(a), _, _) => Some(a.position),
        })
    }
}
