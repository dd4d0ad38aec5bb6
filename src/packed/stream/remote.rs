//! A streamed index with its reader: questions that are called and answer.
//!
//! Owns: the pair of a [`StreamIndex`] and a [`RangeReader`]. Does not own any question.

use super::index::StreamIndex;
use super::nearest::Nearby;
use super::options::StreamOptions;
use super::reader::RangeReader;
use super::sift::Found;
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::origin::Aggregate;
use crate::packed::query::{Ray, Region};

/// An index that is read from elsewhere, part by part.
///
/// ```
/// use std::sync::Arc;
/// use spatio::packed::{
///     BoxN, Items, MemoryRanges, Payloads, Remote, StreamOptions, WriteOptions, write_index,
/// };
/// let boxes = [BoxN::point([13.4, 52.5]), BoxN::point([2.35, 48.86])];
/// let names: [&[u8]; 2] = [b"Berlin", b"Paris"];
/// let items = Items { payloads: Some(Payloads::Blobs(&names)), ..Items::new(&boxes) };
/// let mut file = Vec::new();
/// write_index(&items, WriteOptions::default(), &mut file)?;
///
/// let reader = MemoryRanges::new(Arc::new(file));
/// let index = Remote::<_, 2>::open(reader, StreamOptions::default())?;
/// let nearest = index.neighbors([3.0, 50.0], 1, f64::INFINITY)?;
/// assert_eq!(index.payloads(&[nearest[0].rank])?, [b"Paris"]);
/// # Ok::<(), spatio::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Remote<R, const D: usize> {
    reader: R,
    index: StreamIndex<D>,
}

impl<R: RangeReader, const D: usize> Remote<R, D> {
    /// Opens the index that a reader reads, by two or three calls of it; see
    /// [`StreamIndex::opening`].
    pub fn open(reader: R, options: StreamOptions) -> Result<Self> {
        let index = StreamIndex::opening(reader.total_bytes()?, options)?.run(&reader)?;
        Ok(Remote { reader, index })
    }

    /// The same without a read, with what was learned when these bytes were opened before.
    pub fn with_index(reader: R, index: StreamIndex<D>) -> Self {
        Remote { reader, index }
    }

    /// What was learned when it was opened.
    pub fn index(&self) -> &StreamIndex<D> {
        &self.index
    }

    /// The reader.
    pub fn reader(&self) -> &R {
        &self.reader
    }

    /// See [`StreamIndex::search`].
    pub fn search(&self, bounds: &BoxN<D>) -> Result<Vec<Found>> {
        self.index.search(bounds)?.run(&self.reader)
    }

    /// See [`StreamIndex::count`].
    pub fn count(&self, bounds: &BoxN<D>) -> Result<usize> {
        self.index.count(bounds)?.run(&self.reader)
    }

    /// See [`StreamIndex::aggregate`].
    pub fn aggregate(&self, bounds: &BoxN<D>) -> Result<Aggregate> {
        self.index.aggregate(bounds)?.run(&self.reader)
    }

    /// See [`StreamIndex::neighbors`].
    pub fn neighbors(&self, point: [f64; D], k: usize, max_distance: f64) -> Result<Vec<Nearby>> {
        self.index.neighbors(point, k, max_distance)?.run(&self.reader)
    }

    /// See [`StreamIndex::neighbors_of_box`].
    pub fn neighbors_of_box(
        &self,
        bounds: &BoxN<D>,
        k: usize,
        max_distance: f64,
    ) -> Result<Vec<Nearby>> {
        self.index.neighbors_of_box(bounds, k, max_distance)?.run(&self.reader)
    }

    /// See [`StreamIndex::neighbors_great_circle`].
    pub fn neighbors_great_circle(
        &self,
        lon: f64,
        lat: f64,
        k: usize,
        max_distance: f64,
    ) -> Result<Vec<Nearby>> {
        self.index.neighbors_great_circle(lon, lat, k, max_distance)?.run(&self.reader)
    }

    /// See [`StreamIndex::search_great_circle`].
    pub fn search_great_circle(&self, lon: f64, lat: f64, max_distance: f64) -> Result<Vec<Found>> {
        self.index.search_great_circle(lon, lat, max_distance)?.run(&self.reader)
    }

    /// See [`StreamIndex::search_within`].
    pub fn search_within(&self, bounds: &BoxN<D>, max_distance: f64) -> Result<Vec<Found>> {
        self.index.search_within(bounds, max_distance)?.run(&self.reader)
    }

    /// See [`StreamIndex::count_within`].
    pub fn count_within(&self, bounds: &BoxN<D>, max_distance: f64) -> Result<usize> {
        self.index.count_within(bounds, max_distance)?.run(&self.reader)
    }

    /// See [`StreamIndex::search_region`].
    pub fn search_region(&self, region: impl Region<D> + Send + 'static) -> Result<Vec<Found>> {
        self.index.search_region(region)?.run(&self.reader)
    }

    /// See [`StreamIndex::count_region`].
    pub fn count_region(&self, region: impl Region<D> + Send + 'static) -> Result<usize> {
        self.index.count_region(region)?.run(&self.reader)
    }

    /// See [`StreamIndex::raycast_closest`].
    pub fn raycast_closest(&self, ray: &Ray<D>) -> Result<Option<Nearby>> {
        Ok(self.index.raycast_closest(ray)?.run(&self.reader)?.first().copied())
    }

    /// See [`StreamIndex::payloads`].
    pub fn payloads(&self, ranks: &[u32]) -> Result<Vec<Vec<u8>>> {
        self.index.payloads(ranks)?.run(&self.reader)
    }

    /// See [`StreamIndex::prefixes`].
    pub fn prefixes(&self, ranks: &[u32]) -> Result<Vec<Vec<u8>>> {
        self.index.prefixes(ranks)?.run(&self.reader)
    }
}
