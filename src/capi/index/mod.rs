//! A packed index over boxes that do not change: built, opened, and asked by many threads at once.
//!
//! Owns: each call of it, a file to a kind. Does not own any rule of the index (`packed`).
//! Invariants: an index never changes, so nothing needs a lock and nothing that failed leaves a
//! mark.

pub mod build;
pub mod contents;
mod file;
pub mod handle;
pub mod hits;
pub mod joins;
pub mod nearest;
pub mod open;
pub mod options;
pub mod rays;
pub mod regions;
pub mod triangles;
pub mod windows;

use handle::{Boxes, Packed, Points, axes_of, each_or, on_index, points, spatio_index};
