//! Objects and fences that never change again, in one file: frozen, opened, asked.
//!
//! Owns: how a namespace becomes a file and a file answers the one query, and fences. Does not own
//! bytes (`format::pack`), the tree (`packed`) nor what a query means (`query`). Invariants: a file
//! is under its name whole or not at all; a pack answers as the namespace did at the moment in
//! which it was frozen; what is damaged makes an answer an error.

#[cfg(any(test, fuzzing))]
mod check;
mod fences;
mod file;
#[cfg(any(test, fuzzing))]
mod forge;
mod freeze;
mod items;
mod objects;
mod options;
mod refine;
mod view;

#[cfg(any(test, fuzzing))]
pub use check::check_packs;
pub use fences::{Fence, Fences, FoundFence};
pub use options::{FreezeOptions, Frozen};
pub use view::Pack;
