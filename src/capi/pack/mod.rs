//! Objects and fences that never change again: frozen into a file, opened, asked by many threads.
//!
//! Owns: each call of packs and of fences. Does not own any rule of them (`db::pack`). Invariants:
//! neither ever changes, so nothing needs a lock and nothing that failed leaves a mark.

pub mod asking;
pub mod fences;
pub mod finding;
pub mod freeze;
pub mod open;
