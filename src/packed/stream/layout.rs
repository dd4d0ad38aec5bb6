//! What a walk over fetched parts may know of a layout.
//!
//! Owns: the trait, and the steps of a walk. Invariants: a step's node can be looked at once its
//! spans were fetched; what a step wants follows from its parent's parts.

use super::round::{Fetched, Span};
use crate::error::Result;
use crate::packed::boxes::BoxN;
use crate::packed::tree::Tree;

/// A node that is to be looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<G> {
    pub(super) group: G,
    /// What must be fetched; both are none if it is kept since the index was opened.
    pub(super) spans: [Span; 2],
    /// The checksum of the first span, where the layout has one for it alone.
    pub(super) sum: u32,
}

impl<G> Step<G> {
    pub(super) fn is_kept(&self) -> bool {
        self.bytes() == 0
    }

    pub(super) fn bytes(&self) -> u64 {
        self.spans[0].bytes.saturating_add(self.spans[1].bytes)
    }

    /// Says what is to be fetched.
    pub(super) fn want(&self, wants: &mut Vec<Span>) {
        wants.extend(self.spans.into_iter().filter(|span| span.bytes > 0));
    }
}

/// A child of a node.
pub(super) enum Child<G> {
    /// It is there with its parent.
    Here(G),
    /// It is a step of its own.
    Apart(Step<G>),
}

/// A layout whose parts are fetched.
pub(super) trait Layout<const D: usize>: Send + Sync + 'static {
    type Group: Copy + Send + Sync;
    type Tree<'a>: Tree<D, Group = Self::Group>;
    /// What a tree over parts needs beside them.
    type Bench: Default;

    /// The number of items.
    fn items(&self) -> usize;

    /// The box of all items; empty if there is none.
    fn extent(&self) -> BoxN<D>;

    /// The topmost node; none if there is no item.
    fn root(&self) -> Result<Option<Step<Self::Group>>>;

    /// The tree over the parts of a step, once they were fetched and found sound. It may be asked
    /// about the step's group, groups that follow it in its node, and children that are there.
    fn tree<'a>(
        &'a self,
        step: &Step<Self::Group>,
        fetched: &'a Fetched,
        bench: &'a mut Self::Bench,
    ) -> Result<Self::Tree<'a>>;

    /// A child, as a node, of a group of a step: `place` is the group and the lane.
    fn child(
        &self,
        tree: &Self::Tree<'_>,
        place: (Self::Group, usize),
        step: &Step<Self::Group>,
        fetched: &Fetched,
    ) -> Result<Child<Self::Group>>;

    /// An error, if the tree met damage.
    fn check(bench: &Self::Bench) -> Result<()>;
}
