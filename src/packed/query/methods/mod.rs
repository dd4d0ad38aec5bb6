//! The queries of an index, as its methods.
//!
//! Owns: checking what is passed in, and the forms of an answer: a fresh vector, `_into` yours,
//! `_each` a visitor that may break off, `_any` whether there is one. Does not own the questions.
//! Invariants: nothing that is not a number gets further than here.

mod globe;
mod iterate;
mod joins;
mod nearest;
mod rays;
mod regions;
mod trace;
mod triangles;
mod windows;

pub(crate) use globe::check as check_on_globe;
pub(crate) use windows::{window, within};

use crate::error::{Error, Result};

/// Refuses a distance that is negative or not a number.
pub(crate) fn check_distance(operation: &'static str, distance: f64) -> Result<()> {
    if distance >= 0.0 {
        return Ok(());
    }
    Err(Error::range(operation, "max_distance", distance, "0 or more"))
}
