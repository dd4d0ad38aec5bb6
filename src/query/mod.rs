//! The one question and its answer, from the hot index.
//!
//! Owns: the [`Query`] type, its run over current positions, and [`Rows`]. Does not own positions
//! themselves, time or names. Invariants: what a query means is said once, here, for every tense.

mod area;
mod ask;
mod best;
mod gather;
mod nearest;
mod rows;
mod run;
mod sift;

pub use ask::{Origin, Query};
pub use rows::{FoundRow, Rows};
pub(crate) use run::Asked;
