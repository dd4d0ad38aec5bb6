//! Exchange with other libraries by the Arrow C data interface, version 1
//! (<https://arrow.apache.org/docs/format/CDataInterface.html>).
//!
//! Owns: the two structs of the interface, which the header only names, and their filling and
//! reading. Does not own columns. Invariants: who gets an array releases it, once; an exported
//! array keeps its memory alive by itself; an imported one is read during the call only.

pub mod export;
pub mod import;
mod layout;

pub use layout::{ArrowArray, ArrowSchema};
