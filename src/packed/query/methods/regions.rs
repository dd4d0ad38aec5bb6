//! Regions of any shape.
//!
//! Owns: the methods. Does not own the shapes.

use std::ops::ControlFlow;

use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::index::Index;
use crate::packed::query::best_first::BestFirst;
use crate::packed::query::nearest::{Nearest, Neighbour};
use crate::packed::query::region::{Inside, Ordered, Region};
use crate::packed::query::search::{Any, Collect, Count, Search, Visit};
use crate::packed::query::workspace::Workspace;

/// A region of a shape that is known when it is asked.
type AnyRegion<'a, const D: usize> = dyn Region<D> + Send + Sync + 'a;

impl<const D: usize> Index<D> {
    /// The ids of the items that overlap a region, in no order.
    pub fn search_region(&self, region: &impl Region<D>) -> Result<Vec<u32>> {
        let mut ids = Vec::new();
        self.search_region_into(region, &mut ids)?;
        Ok(ids)
    }

    /// As [`search_region`](Self::search_region), added to `ids`.
    pub fn search_region_into(&self, region: &impl Region<D>, ids: &mut Vec<u32>) -> Result<()> {
        self.ask(Search { filter: Inside::new(region), sink: Collect(ids) })
    }

    /// Tells `visitor` the ids until it breaks off, and whether it did not.
    pub fn search_region_each(
        &self,
        region: &impl Region<D>,
        visitor: impl FnMut(u32) -> ControlFlow<()>,
    ) -> Result<bool> {
        self.ask(Search { filter: Inside::new(region), sink: Visit::new(visitor) })
    }

    /// Whether any item overlaps a region.
    pub fn search_region_any(&self, region: &impl Region<D>) -> Result<bool> {
        self.ask(Search { filter: Inside::new(region), sink: Any::default() })
    }

    /// How many items overlap a region.
    pub fn count_region(&self, region: &impl Region<D>) -> Result<usize> {
        self.ask(Search { filter: Inside::new(region), sink: Count::default() })
    }

    /// As [`search_region_into`](Self::search_region_into), of a region whose shape is known when
    /// it is asked: compiled once for each tree, as wide instructions gain nothing there.
    pub(crate) fn search_any_region_into(
        &self,
        region: &AnyRegion<'_, D>,
        ids: &mut Vec<u32>,
    ) -> Result<()> {
        self.hand_over(Search { filter: Inside::new(region), sink: Collect(ids) })
    }

    /// As [`search_region_any`](Self::search_region_any), likewise.
    pub(crate) fn search_any_region_any(&self, region: &AnyRegion<'_, D>) -> Result<bool> {
        self.hand_over(Search { filter: Inside::new(region), sink: Any::default() })
    }

    /// As [`count_region`](Self::count_region), likewise.
    pub(crate) fn count_any_region(&self, region: &AnyRegion<'_, D>) -> Result<usize> {
        self.hand_over(Search { filter: Inside::new(region), sink: Count::default() })
    }

    /// The `max_results` items that overlap a region with the least keys, none above `max_key`, in
    /// the order of keys and then of ids; the key is told as the distance. `key` must say of no
    /// box more than of a box inside of it.
    pub fn search_ordered(
        &self,
        region: &impl Region<D>,
        key: impl FnMut(&BoxN<D>) -> f64,
        max_results: usize,
        max_key: f64,
    ) -> Result<Vec<Neighbour>> {
        let mut found = Vec::new();
        self.ask(Nearest {
            measure: Ordered::new(region, key),
            k: max_results,
            max_distance: max_key,
            workspace: &mut Workspace::new(),
            found: &mut found,
        })?;
        Ok(found)
    }

    /// As [`search_ordered`](Self::search_ordered), told one by one until `visitor` breaks off;
    /// the answer is whether it did not. It allocates a queue.
    pub fn search_ordered_each(
        &self,
        region: &impl Region<D>,
        key: impl FnMut(&BoxN<D>) -> f64,
        max_key: f64,
        visitor: impl FnMut(Neighbour) -> ControlFlow<()>,
    ) -> Result<bool> {
        self.ask(BestFirst { measure: Ordered::new(region, key), max_distance: max_key, visitor })
    }
}
