//! The properties that the fuzz targets hold: one module a target, each a function of bytes.
//!
//! A property never trusts its input and never fails on a refusal: it fails when the library
//! panics, takes what it should refuse, or gives back something other than what went in.

pub mod abi;
mod input;
pub mod open;
pub mod polygon;
pub mod queries;
