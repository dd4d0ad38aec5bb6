//! Questions to a streamed index about more than boxes: regions, radii, places on the globe.
//!
//! Owns: the questions, as machines. Does not own the walks (`sift`, `nearest`), the shapes or what
//! is near. Invariants: what is asked is checked before anything is wanted; answers are those that
//! an index in memory gives.

use super::index::StreamIndex;
use super::machine::StreamQuery;
use super::nearest::Nearby;
use super::sift::{Collect, Count, Found};
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::query::{Cap, GreatCircle, Inside, Region, check_on_globe, within};

impl<const D: usize> StreamIndex<D> {
    /// The items that overlap a region, in no order.
    pub fn search_region<R>(&self, region: R) -> Result<StreamQuery<Vec<Found>>>
    where
        R: Region<D> + Send + 'static,
    {
        self.sift(Inside::new(region), Collect::default())
    }

    /// How many items overlap a region. The limit of items is not for it.
    pub fn count_region<R>(&self, region: R) -> Result<StreamQuery<usize>>
    where
        R: Region<D> + Send + 'static,
    {
        self.sift(Inside::new(region), Count::default())
    }

    /// The items within a Euclidean distance of a box, in no order.
    pub fn search_within(
        &self,
        bounds: &BoxN<D>,
        max_distance: f64,
    ) -> Result<StreamQuery<Vec<Found>>> {
        self.sift(within(bounds, max_distance)?, Collect::default())
    }

    /// How many items are within a Euclidean distance of a box. The limit of items is not for it.
    pub fn count_within(&self, bounds: &BoxN<D>, max_distance: f64) -> Result<StreamQuery<usize>> {
        self.sift(within(bounds, max_distance)?, Count::default())
    }

    /// The `k` items nearest to a place on the globe, in metres along the great circle, none
    /// further than `max_distance`; see
    /// [`Index::neighbors_great_circle`](crate::packed::Index::neighbors_great_circle).
    pub fn neighbors_great_circle(
        &self,
        lon: f64,
        lat: f64,
        k: usize,
        max_distance: f64,
    ) -> Result<StreamQuery<Vec<Nearby>>> {
        check_on_globe(lon, lat, max_distance)?;
        self.nearest(GreatCircle::new(lon, lat), k, max_distance)
    }

    /// The items within a distance in metres along the great circle, in no order.
    pub fn search_great_circle(
        &self,
        lon: f64,
        lat: f64,
        max_distance: f64,
    ) -> Result<StreamQuery<Vec<Found>>> {
        check_on_globe(lon, lat, max_distance)?;
        self.sift(Cap::new(lon, lat, max_distance), Collect::default())
    }
}
