//! Spans of time and the order of reading them; times are microseconds since 1970-01-01 UTC.

mod interval;

pub use interval::{Interval, Order};
