//! Our own layout: a tree of quantised boxes, exact all the same, the same bytes in memory, mapped
//! and streamed.
//!
//! Owns: the chunk `fast` of the container, its bytes (`docs/FORMAT.md`), the view over them and
//! the builder. Does not own the order of the items nor any query. Invariants: nodes have 16
//! children whose places follow from their numbers, so that nothing is followed that a file could
//! forge, and opening looks at nothing but the head; every coordinate is kept to the last bit.

mod batch;
mod build;
mod cells;
mod check;
#[cfg(any(test, fuzzing))]
mod forge;
mod grid;
mod head;
mod leaf;
mod leaves;
mod page;
mod part;
mod plan;
mod shape;
mod tree;
mod window;

pub(crate) use batch::{Batches, Outline};
pub(crate) use build::{Frame, build};
pub(crate) use cells::Cells;
pub(crate) use check::Proof;
#[cfg(any(test, fuzzing))]
pub(crate) use forge::reseal;
pub(crate) use grid::LaneWindows;
pub(crate) use head::axes;
pub(crate) use leaves::{Leaves, SharedBoxes, SharedGrid};
pub(crate) use part::FAST_HEAD_BYTES;
pub(crate) use plan::Plan;
pub(crate) use tree::{FastTree, Group};

#[cfg(all(test, not(loom)))]
mod tests;
