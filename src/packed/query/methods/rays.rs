//! Rays.
//!
//! Owns: the methods. Does not own the ray, which checks itself.

use std::ops::ControlFlow;

use crate::error::Result;
use crate::packed::index::Index;
use crate::packed::query::best_first::BestFirst;
use crate::packed::query::line_of_sight::LineOfSight;
use crate::packed::query::measure::Measure;
use crate::packed::query::nearest::{Nearest, Neighbour};
use crate::packed::query::ray::{Hit, Hits, Ray, Refined};
use crate::packed::query::search::{Collect, Search};
use crate::packed::query::workspace::Workspace;

impl<const D: usize> Index<D> {
    /// The ids of the items that a ray hits, in no order.
    pub fn raycast(&self, ray: &Ray<D>) -> Result<Vec<u32>> {
        let mut ids = Vec::new();
        self.raycast_into(ray, &mut ids)?;
        Ok(ids)
    }

    /// As [`raycast`](Self::raycast), added to `ids`.
    pub fn raycast_into(&self, ray: &Ray<D>, ids: &mut Vec<u32>) -> Result<()> {
        self.ask(Search { filter: *ray, sink: Collect(ids) })
    }

    /// The items that a ray hits and where it enters them, by that place and then by id.
    pub fn raycast_hits(&self, ray: &Ray<D>) -> Result<Vec<Hit>> {
        let mut hits = Vec::new();
        self.raycast_hits_into(ray, &mut hits)?;
        Ok(hits)
    }

    /// As [`raycast_hits`](Self::raycast_hits), added to `hits`.
    pub fn raycast_hits_into(&self, ray: &Ray<D>, hits: &mut Vec<Hit>) -> Result<()> {
        let before = hits.len();
        self.ask(Hits { ray: *ray, hits })?;
        hits[before..].sort_unstable_by(|a, b| a.t.total_cmp(&b.t).then(a.id.cmp(&b.id)));
        Ok(())
    }

    /// Whether a ray hits any item.
    pub fn raycast_any(&self, ray: &Ray<D>) -> Result<bool> {
        self.ask(LineOfSight(*ray))
    }

    /// Tells `visitor` the hits in the order in which the ray enters items, until it breaks off,
    /// and whether it did not. It allocates a queue.
    pub fn raycast_each(
        &self,
        ray: &Ray<D>,
        mut visitor: impl FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<bool> {
        self.ask(BestFirst {
            measure: *ray,
            max_distance: ray.max_t(),
            visitor: |found: Neighbour| visitor(Hit { id: found.id, t: found.distance }),
        })
    }

    /// The item that a ray enters first; of several the one with the smallest id.
    pub fn raycast_closest(&self, ray: &Ray<D>) -> Result<Option<Hit>> {
        self.closest_by(*ray, ray.max_t(), &mut Workspace::new())
    }

    /// As [`raycast_closest`](Self::raycast_closest), without allocating if the workspace was used
    /// before.
    pub fn raycast_closest_with(
        &self,
        ray: &Ray<D>,
        workspace: &mut Workspace,
    ) -> Result<Option<Hit>> {
        self.closest_by(*ray, ray.max_t(), workspace)
    }

    /// The item that a ray meets first, where `exact` says of an item whose box it hits where it
    /// meets what is inside, if at all: for triangles [`Ray::meets_triangle`].
    pub fn raycast_closest_exact(
        &self,
        ray: &Ray<D>,
        exact: impl FnMut(u32) -> Option<f64>,
    ) -> Result<Option<Hit>> {
        self.closest_by(Refined::new(*ray, exact), ray.max_t(), &mut Workspace::new())
    }

    pub(super) fn closest_by(
        &self,
        measure: impl Measure<D>,
        max_distance: f64,
        workspace: &mut Workspace,
    ) -> Result<Option<Hit>> {
        // Taken out, as the rest of the workspace is lent to the search.
        let mut found = std::mem::take(&mut workspace.closest);
        found.clear();
        let asked = self.ask(Nearest { measure, k: 1, max_distance, workspace, found: &mut found });
        let first = found.first().map(|found| Hit { id: found.id, t: found.distance });
        workspace.closest = found;
        asked.map(|()| first)
    }
}
