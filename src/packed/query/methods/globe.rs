//! Nearest neighbours and radii on the globe.
//!
//! Owns: the methods. Does not own the distance, which is that of `haversine_m`. Invariants: axis
//! 0 is the longitude and axis 1 the latitude, in degrees; further axes (altitude, time) play no
//! part. Boxes run eastwards; their longitudes count modulo 360 and latitudes beyond a pole as the
//! pole. What lies on the other side of the antimeridian is near all the same.

use super::check_distance;
use crate::error::Result;
use crate::geom::{Point, Space};
use crate::packed::index::Index;
use crate::packed::query::measure::GreatCircle;
use crate::packed::query::nearest::{Nearest, Neighbour};
use crate::packed::query::radius::Cap;
use crate::packed::query::search::{Any, Collect, Count, Search};
use crate::packed::query::workspace::Workspace;

const OPERATION: &str = "packed great circle";

pub(crate) fn check(lon: f64, lat: f64, max_distance: f64) -> Result<()> {
    Space::Geographic.validate(OPERATION, Point::new(lon, lat))?;
    check_distance(OPERATION, max_distance)
}

impl<const D: usize> Index<D> {
    /// The `k` items nearest to a place on the globe, in metres along the great circle, none
    /// further than `max_distance`. Axes 0 and 1 are longitude and latitude in degrees, further
    /// axes play no part. Items may lie anywhere: their longitudes count modulo 360, so that a box
    /// from 170 to 190 crosses the antimeridian, and latitudes beyond a pole count as the pole.
    pub fn neighbors_great_circle(
        &self,
        lon: f64,
        lat: f64,
        k: usize,
        max_distance: f64,
    ) -> Result<Vec<Neighbour>> {
        let (mut found, workspace) = (Vec::new(), &mut Workspace::new());
        self.neighbors_great_circle_into((lon, lat), k, max_distance, workspace, &mut found)?;
        Ok(found)
    }

    /// As [`neighbors_great_circle`](Self::neighbors_great_circle), added to `found`.
    pub fn neighbors_great_circle_into(
        &self,
        (lon, lat): (f64, f64),
        k: usize,
        max_distance: f64,
        workspace: &mut Workspace,
        found: &mut Vec<Neighbour>,
    ) -> Result<()> {
        check(lon, lat, max_distance)?;
        let measure = GreatCircle::new(lon, lat);
        self.ask(Nearest { measure, k, max_distance, workspace, found })
    }

    /// The ids of the items within a distance in metres along the great circle, in no order.
    pub fn search_great_circle(&self, lon: f64, lat: f64, max_distance: f64) -> Result<Vec<u32>> {
        let mut ids = Vec::new();
        self.search_great_circle_into((lon, lat), max_distance, &mut ids)?;
        Ok(ids)
    }

    /// As [`search_great_circle`](Self::search_great_circle), added to `ids`.
    pub fn search_great_circle_into(
        &self,
        (lon, lat): (f64, f64),
        max_distance: f64,
        ids: &mut Vec<u32>,
    ) -> Result<()> {
        check(lon, lat, max_distance)?;
        self.ask(Search { filter: Cap::new(lon, lat, max_distance), sink: Collect(ids) })
    }

    /// How many items are within a distance in metres along the great circle.
    pub fn count_great_circle(&self, lon: f64, lat: f64, max_distance: f64) -> Result<usize> {
        check(lon, lat, max_distance)?;
        self.ask(Search { filter: Cap::new(lon, lat, max_distance), sink: Count::default() })
    }

    /// Whether any item is within a distance in metres along the great circle.
    pub fn any_great_circle(&self, lon: f64, lat: f64, max_distance: f64) -> Result<bool> {
        check(lon, lat, max_distance)?;
        self.ask(Search { filter: Cap::new(lon, lat, max_distance), sink: Any::default() })
    }
}
