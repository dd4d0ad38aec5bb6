//! Nearest neighbours.
//!
//! Owns: the methods. Does not own what near means. Invariants: nearest first, and of items that
//! are equally near the one with the smaller id first, so that k are the first of k + 1.

use std::ops::ControlFlow;

use super::check_distance;
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::index::Index;
use crate::packed::query::best_first::BestFirst;
use crate::packed::query::measure::{Custom, Euclidean};
use crate::packed::query::nearest::{Nearest, Neighbour};
use crate::packed::query::workspace::Workspace;

const OPERATION: &str = "packed neighbors";

impl<const D: usize> Index<D> {
    /// The `k` items nearest to a point, by Euclidean distance.
    pub fn neighbors(&self, point: [f64; D], k: usize) -> Result<Vec<Neighbour>> {
        self.neighbors_of_box(&BoxN::point(point), k, f64::INFINITY)
    }

    /// As [`neighbors`](Self::neighbors), none further than `max_distance`.
    pub fn neighbors_within(
        &self,
        point: [f64; D],
        k: usize,
        max_distance: f64,
    ) -> Result<Vec<Neighbour>> {
        self.neighbors_of_box(&BoxN::point(point), k, max_distance)
    }

    /// As [`neighbors_within`](Self::neighbors_within), added to `found`; with a workspace that
    /// was used before, nothing else is allocated.
    pub fn neighbors_into(
        &self,
        point: [f64; D],
        k: usize,
        max_distance: f64,
        workspace: &mut Workspace,
        found: &mut Vec<Neighbour>,
    ) -> Result<()> {
        self.neighbors_of_box_into(&BoxN::point(point), k, max_distance, workspace, found)
    }

    /// Tells `visitor` the items, nearest first, until it breaks off, and whether it did not. It
    /// allocates a queue; who knows how many are wanted is better served by
    /// [`neighbors`](Self::neighbors).
    pub fn neighbors_each(
        &self,
        point: [f64; D],
        max_distance: f64,
        visitor: impl FnMut(Neighbour) -> ControlFlow<()>,
    ) -> Result<bool> {
        self.neighbors_of_box_each(&BoxN::point(point), max_distance, visitor)
    }

    /// The `k` items nearest to a box, none further than `max_distance`.
    pub fn neighbors_of_box(
        &self,
        bounds: &BoxN<D>,
        k: usize,
        max_distance: f64,
    ) -> Result<Vec<Neighbour>> {
        let mut found = Vec::new();
        let workspace = &mut Workspace::new();
        self.neighbors_of_box_into(bounds, k, max_distance, workspace, &mut found)?;
        Ok(found)
    }

    /// As [`neighbors_of_box`](Self::neighbors_of_box), added to `found`.
    pub fn neighbors_of_box_into(
        &self,
        bounds: &BoxN<D>,
        k: usize,
        max_distance: f64,
        workspace: &mut Workspace,
        found: &mut Vec<Neighbour>,
    ) -> Result<()> {
        bounds.validate(OPERATION)?;
        check_distance(OPERATION, max_distance)?;
        self.ask(Nearest { measure: Euclidean(*bounds), k, max_distance, workspace, found })
    }

    /// As [`neighbors_each`](Self::neighbors_each), from a box.
    pub fn neighbors_of_box_each(
        &self,
        bounds: &BoxN<D>,
        max_distance: f64,
        visitor: impl FnMut(Neighbour) -> ControlFlow<()>,
    ) -> Result<bool> {
        bounds.validate(OPERATION)?;
        check_distance(OPERATION, max_distance)?;
        self.ask(BestFirst { measure: Euclidean(*bounds), max_distance, visitor })
    }

    /// The `k` items nearest by a measure of yours, none further than `max_distance`. Of an item's
    /// box `distance` gives the distance, of any larger box no more than that; NaN leaves out.
    pub fn neighbors_metric(
        &self,
        distance: impl FnMut(&BoxN<D>) -> f64,
        k: usize,
        max_distance: f64,
    ) -> Result<Vec<Neighbour>> {
        let (mut found, workspace) = (Vec::new(), &mut Workspace::new());
        self.neighbors_metric_into(distance, k, max_distance, workspace, &mut found)?;
        Ok(found)
    }

    /// As [`neighbors_metric`](Self::neighbors_metric), added to `found`.
    pub fn neighbors_metric_into(
        &self,
        distance: impl FnMut(&BoxN<D>) -> f64,
        k: usize,
        max_distance: f64,
        workspace: &mut Workspace,
        found: &mut Vec<Neighbour>,
    ) -> Result<()> {
        self.ask(Nearest { measure: Custom::new(distance), k, max_distance, workspace, found })
    }

    /// As [`neighbors_each`](Self::neighbors_each), by a measure of yours.
    pub fn neighbors_metric_each(
        &self,
        distance: impl FnMut(&BoxN<D>) -> f64,
        max_distance: f64,
        visitor: impl FnMut(Neighbour) -> ControlFlow<()>,
    ) -> Result<bool> {
        self.ask(BestFirst { measure: Custom::new(distance), max_distance, visitor })
    }
}
