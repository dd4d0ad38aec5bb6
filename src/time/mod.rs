//! Spans of time and the order of what happened in them; pure arithmetic, no I/O, no unsafe.

mod interval;

pub use interval::{Interval, Order};
