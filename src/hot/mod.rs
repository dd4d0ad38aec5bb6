//! The hot index: the last known position of every live object of a namespace, in memory.
//!
//! Owns: names and their numbers, the tree of leaves, moving as one operation, and walks that miss
//! nothing. Does not own time rules, durability or what a query means; never does I/O. The design
//! and the reasons stand in `docs/ARCHITECTURE.md`, section "The hot index".

mod cell;
mod chunks;
mod compass;
mod ids;
mod index;
mod leaf;
mod near;
mod order;
mod reshape;
mod table;
mod tree;
mod walk;

#[cfg(all(test, loom))]
mod loom_tests;
#[cfg(all(test, not(loom)))]
mod tests;

pub(crate) use cell::{Cell, DIMS};
pub(crate) use index::{HotIndex, Placement};
pub(crate) use leaf::{Columns, Leaf, NEVER, Payload, Row, Spot};
pub(crate) use near::AHEAD;
pub(crate) use walk::Collector;
