//! The tree as the PSINDEX format has it, read where it stands and written byte for byte as the
//! crate `packed_spatial_index` writes it.
//!
//! Owns: the view over a chunk TREE, the order of the items, and the writing of whole files with
//! payloads, prefixes, metadata and aggregates. Does not own the container's bytes
//! (`format::psindex`), our own layout (`fast`) or queries other than that for aggregates.
//! Invariants: opening costs the same for any number of items; what a file says of places is
//! checked when it is followed, and what is wrong is absent from answers and remembered.

mod aggregate;
mod coordinate;
#[cfg(any(test, fuzzing))]
mod forge;
mod order;
mod part;
mod ranks;
mod sink;
mod streamed;
mod summarize;
mod triangle;
mod view;
mod write;
mod write_payload;
mod write_tree;

pub use aggregate::Aggregate;
pub(crate) use aggregate::AggregateIn;
pub(crate) use coordinate::Coordinate;
pub use coordinate::Precision;
#[cfg(any(test, fuzzing))]
pub use forge::{check_any, check_file};
pub(crate) use order::{CurveKeys, STABLE, curve_order};
pub(crate) use part::{OriginHead, OriginPart};
pub(crate) use ranks::RankTable;
pub use sink::Sink;
pub(crate) use streamed::{StreamedFile, StreamedItems};
pub use triangle::{Triangle, put_triangle};
pub(crate) use triangle::{triangle_at, triangle_coordinates};
pub(crate) use view::{Damage, OriginGroup, OriginPlan, OriginTree};

pub(crate) use write::fast_offset;
pub use write::{Form, Items, Parts, Payloads, write};

#[cfg(all(test, not(loom)))]
mod tests;
