//! What takes the items of an answer, between a search and what is made of it.
//!
//! Owns: the trait. Does not own any sink. Invariants: each item is handed over once.

use std::ops::ControlFlow;

use super::simd::Kernel;
use super::tree::{LANES, Mask, Tree};

/// What takes the items of an answer.
pub(crate) trait Sink {
    /// What comes of it.
    type Answer;

    /// Takes all items below a child.
    fn subtree<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        kernel: K,
        tree: &T,
        group: T::Group,
        lane: usize,
    ) -> ControlFlow<()>;

    /// Takes some items of a group.
    fn items<const D: usize, K: Kernel, T: Tree<D>>(
        &mut self,
        kernel: K,
        tree: &T,
        group: T::Group,
        mask: Mask,
    ) -> ControlFlow<()>;

    /// Takes some of 16 items, whose little-endian ids these are.
    fn chosen<K: Kernel>(
        &mut self,
        kernel: K,
        ids: &[u8; 4 * LANES],
        mask: Mask,
    ) -> ControlFlow<()>;

    /// The answer, when all is taken.
    fn finish(self) -> Self::Answer;
}
