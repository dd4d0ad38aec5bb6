//! Memory that queries use again.
//!
//! Owns: the buffers. Does not own what stands in them between two calls, which is nothing.
//! Invariants: a query that is given a workspace that has done such a query before does not
//! allocate but for its answer.

use super::best::Best;
use super::nearest::Neighbour;

/// Buffers for nearest neighbours and rays; one for each thread that asks, as often as it likes.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// What has been found so far.
    pub(super) best: Best,
    /// Room for the one item that a ray enters first.
    pub(super) closest: Vec<Neighbour>,
}

impl Workspace {
    /// An empty one.
    pub fn new() -> Self {
        Workspace::default()
    }
}
