//! The workloads: what is done to the engines, and what they have to reach.

pub mod data;
pub mod ffi;
pub mod hot;
pub mod languages;
pub mod log;
pub mod memory;
pub mod packed;
pub mod profile;
pub mod reopen;
pub mod replay;
pub mod skew;
pub mod stage;
pub mod threads;
pub mod track;
pub mod upstream_grid;
