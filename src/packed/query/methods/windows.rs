//! Windows and radii.
//!
//! Owns: the methods. Does not own the walk. Invariants: borders belong to windows and radii.

use std::ops::ControlFlow;

use super::check_distance;
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::index::Index;
use crate::packed::query::estimate::{Estimate, EstimateCount};
use crate::packed::query::radius::Within;
use crate::packed::query::search::{Any, Collect, Count, Search, Visit};
use crate::packed::tree::Window;

pub(crate) fn within<const D: usize>(bounds: &BoxN<D>, max_distance: f64) -> Result<Within<D>> {
    bounds.validate("packed search within")?;
    check_distance("packed search within", max_distance)?;
    Ok(Within::new(*bounds, max_distance))
}

pub(crate) fn window<const D: usize>(bounds: &BoxN<D>) -> Result<Window<D>> {
    bounds.validate("packed search")?;
    Ok(Window::new(*bounds))
}

impl<const D: usize> Index<D> {
    /// The ids of the items that share a point with a box, in no order.
    pub fn search(&self, bounds: &BoxN<D>) -> Result<Vec<u32>> {
        let mut ids = Vec::new();
        self.search_into(bounds, &mut ids)?;
        Ok(ids)
    }

    /// As [`search`](Self::search), added to `ids`.
    pub fn search_into(&self, bounds: &BoxN<D>, ids: &mut Vec<u32>) -> Result<()> {
        self.ask(Search { filter: window(bounds)?, sink: Collect(ids) })
    }

    /// Tells `visitor` the ids until it breaks off, and whether it did not.
    pub fn visit(
        &self,
        bounds: &BoxN<D>,
        visitor: impl FnMut(u32) -> ControlFlow<()>,
    ) -> Result<bool> {
        self.ask(Search { filter: window(bounds)?, sink: Visit::new(visitor) })
    }

    /// Whether any item shares a point with a box.
    pub fn any(&self, bounds: &BoxN<D>) -> Result<bool> {
        self.ask(Search { filter: window(bounds)?, sink: Any::default() })
    }

    /// One item that shares a point with a box, if there is any.
    pub fn first(&self, bounds: &BoxN<D>) -> Result<Option<u32>> {
        let mut first = None;
        self.visit(bounds, |id| {
            first = Some(id);
            ControlFlow::Break(())
        })?;
        Ok(first)
    }

    /// How many items share a point with a box.
    pub fn count(&self, bounds: &BoxN<D>) -> Result<usize> {
        self.ask(Search { filter: window(bounds)?, sink: Count::default() })
    }

    /// About how many items share a point with a box, looking no lower than `stop_level`: at 0 it
    /// is exact, at 1 items are not looked at, at 2 not the lowest nodes either.
    pub fn estimate_count(&self, bounds: &BoxN<D>, stop_level: u32) -> Result<Estimate> {
        self.ask(EstimateCount { window: window(bounds)?, stop_level })
    }

    /// The ids of the items within a Euclidean distance of a box (of a point, if it has no size),
    /// in no order. At 0 they are those that touch it.
    pub fn search_within(&self, bounds: &BoxN<D>, max_distance: f64) -> Result<Vec<u32>> {
        let mut ids = Vec::new();
        self.search_within_into(bounds, max_distance, &mut ids)?;
        Ok(ids)
    }

    /// As [`search_within`](Self::search_within), added to `ids`.
    pub fn search_within_into(
        &self,
        bounds: &BoxN<D>,
        max_distance: f64,
        ids: &mut Vec<u32>,
    ) -> Result<()> {
        self.ask(Search { filter: within(bounds, max_distance)?, sink: Collect(ids) })
    }

    /// Tells `visitor` the ids until it breaks off, and whether it did not.
    pub fn search_within_each(
        &self,
        bounds: &BoxN<D>,
        max_distance: f64,
        visitor: impl FnMut(u32) -> ControlFlow<()>,
    ) -> Result<bool> {
        self.ask(Search { filter: within(bounds, max_distance)?, sink: Visit::new(visitor) })
    }

    /// Whether any item is within a Euclidean distance of a box.
    pub fn search_within_any(&self, bounds: &BoxN<D>, max_distance: f64) -> Result<bool> {
        self.ask(Search { filter: within(bounds, max_distance)?, sink: Any::default() })
    }

    /// How many items are within a Euclidean distance of a box.
    pub fn count_within(&self, bounds: &BoxN<D>, max_distance: f64) -> Result<usize> {
        self.ask(Search { filter: within(bounds, max_distance)?, sink: Count::default() })
    }
}
