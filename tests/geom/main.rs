//! Guards shapes and measures: one behaviour a file, all in one program.

#[path = "../common/data.rs"]
mod data;

mod cover;
mod distance;
mod origin;
mod places;
mod polygon;
mod reference_counts;
