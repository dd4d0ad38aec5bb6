//! Shapes and measures: points, boxes, polygons, distances; pure arithmetic, no I/O, no unsafe.

mod point;

pub use point::{Point, Space};
