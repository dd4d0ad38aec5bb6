//! How a pack is written, and what writing one comes to.
//!
//! Owns: the settings and their defaults.

use crate::packed::{Trees, WriteOptions};

/// How a pack is written.
///
/// ```
/// use spatio::{FreezeOptions, packed::Trees};
/// let readable_by_all = FreezeOptions::new().trees(Trees::Both).threads(4);
/// # let _ = readable_by_all;
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct FreezeOptions {
    trees: Trees,
    threads: usize,
}

impl FreezeOptions {
    /// The defaults: our own tree alone, built on one thread.
    pub fn new() -> Self {
        FreezeOptions::default()
    }

    /// Which trees the file has: with that of the format, every reader of PSINDEX finds boxes.
    #[must_use]
    pub fn trees(mut self, trees: Trees) -> Self {
        self.trees = trees;
        self
    }

    /// On how many threads the tree is built; the bytes do not depend on them.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    pub(super) fn writing(self) -> WriteOptions {
        WriteOptions { trees: self.trees, threads: self.threads, ..WriteOptions::default() }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frozen {
    /// Objects, or fences.
    pub items: usize,
    /// Bytes of the file.
    pub bytes: u64,
}
