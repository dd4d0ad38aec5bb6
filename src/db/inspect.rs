//! Looking at a database's files without opening it, and carrying over what is sound.
//!
//! Owns: the choice of the real files. Does not own what is looked at (`log`).

use std::path::Path;

use crate::error::Result;
use crate::log::{self, CheckReport, SalvageReport};
use crate::vfs::RealVfs;

/// Reads every frame of the database in directory `path` and says what is sound. Writes nothing.
pub fn check(path: impl AsRef<Path>) -> Result<CheckReport> {
    log::check(&RealVfs, path.as_ref())
}

/// Writes what can be read of the database in `source` into the new directory `target`. `source`
/// is not changed.
pub fn salvage(source: impl AsRef<Path>, target: impl AsRef<Path>) -> Result<SalvageReport> {
    log::salvage(&RealVfs, source.as_ref(), target.as_ref())
}
