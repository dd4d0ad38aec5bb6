//! Placeholder entry point, grown by the first commit of this crate.
fn main() {}
