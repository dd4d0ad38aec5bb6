//! The one question and its answer, from the hot index or from a frozen file.
//!
//! Owns: the [`Query`] type, its run over current or frozen positions, and [`Rows`]. Does not own
//! positions themselves, time or names. Invariants: what a query means is said once, here, for
//! every tense.

mod area;
mod ask;
mod best;
mod gather;
mod nearest;
mod rows;
mod run;
mod sift;
mod source;

pub use ask::{Origin, Query};
pub use rows::{FoundRow, Rows};
pub(crate) use run::Asked;
pub(crate) use source::{Names, Source};
pub(crate) use {area::Area, gather::Gather, nearest::Nearest};
