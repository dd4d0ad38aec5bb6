//! Building an index of more items than memory holds.
//!
//! Owns: taking items one by one, putting them aside, sorting them by runs, and streaming them into
//! a file. Does not own the bytes of the file (`fast`, `origin`), nor the keys of the orders.
//! Invariants: the same bytes as [`write_index`](super::write_index) writes for the same items;
//! temporary files are gone when it ends, however it ends.

mod build;
mod item;
mod order;
mod progress;
mod record;
mod room;
mod sink;
mod sort;
mod spill;
#[cfg(all(test, not(loom)))]
mod tests;
mod values;

pub use build::{ExternalOptions, ExternalPayloads, write_index_external};
pub use item::ExternalItem;
pub use progress::{Progress, Stage};
pub use sink::FileSink;

const OPERATION: &str = "build index";
